"""Who may sign: a plan read, written, and refused where one organisation, or nobody, could sign."""

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from securesystemslib.signer import CryptoSigner

from sync.hub.plan_drafts import with_key, with_person, without_person
from sync.hub.sentences import HubRefusalError
from sync.hub.trust_plan import (
    Person,
    TrustPlan,
    TrustPlanError,
    Unit,
    check_plan,
    read_plan,
    root_of,
    targets_of,
    write_plan,
)
from sync.trust import roles
from tests.support.small_hub import MADE, PEOPLE, plan_with

if TYPE_CHECKING:
    from collections.abc import Callable

KEYS = {name: CryptoSigner.generate_ed25519() for name in (*PEOPLE, "so-3")}
PLAN = plan_with({name: KEYS[name] for name in PEOPLE}, [Unit("bo-y", "Đồn Bờ Y", ("bo-y", "dak-blo"))])


def told() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(write_plan(PLAN))
    return document


def test_a_plan_reads_as_it_was_written() -> None:
    assert read_plan(write_plan(PLAN)) == PLAN


def test_thresholds_are_those_of_the_roles() -> None:
    assert {role: PLAN.threshold(role) for role in PLAN.offline} == {
        "root": 3,
        "targets": 3,
        "urgent": 2,
        "withdrawals": 1,
        "unit-bo-y": 3,
        "department": 3,
    }


def test_an_organisation_is_called_as_it_was_on_that_day() -> None:
    body = PLAN.organisations[0]
    assert body.name_on(date(2010, 1, 1)) == "Sở TT&TT"
    assert body.name_on(date(2025, 2, 28)) == "Sở TT&TT"
    assert body.name_on(date(2025, 3, 1)) == "Sở VHTTDL"


def test_root_and_delegations_say_what_the_plan_says() -> None:
    online = KEYS["so-3"].public_key
    root = root_of(PLAN, online, 1, MADE)
    assert root.consistent_snapshot
    assert root.roles[roles.TIMESTAMP].keyids == [online.keyid]
    assert len(root.roles[roles.ROOT].keyids) == 4
    delegations = targets_of(PLAN, 1, MADE).delegations
    assert delegations is not None
    assert delegations.roles is not None
    assert {name: role.paths for name, role in delegations.roles.items()} == {
        "urgent": ["urgent/*"],
        "withdrawals": ["withdrawals/*"],
        "unit-bo-y": ["releases/bo-y/*", "releases/dak-blo/*"],
        "department": ["releases/*/*"],
    }


def changed(**fields: object) -> bytes:
    return json.dumps({**told(), **fields}).encode()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (changed(organisations=told()["organisations"][:1]), "hai cơ quan"),
        (changed(thresholds={"department": 2}), "đã đủ 2 chữ ký"),
        (changed(thresholds={"root": 5}), "chỉ có 4 người"),
        (changed(thresholds={"nobody": 1}), "nobody"),
        (changed(signers={"urgent": ["so-1", "x"]}), "không có trong kế hoạch"),
        (changed(units=[{"id": "bo-y", "name": "A", "gates": ["Bờ Y"]}]), "cửa khẩu"),
        (changed(units=[{"id": "../x", "name": "A", "gates": ["bo-y"]}]), "chữ thường"),
        (changed(units=[told()["units"][0], told()["units"][0]]), "hai lần"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_in_a_sentence(content: bytes, says: str) -> None:
    with pytest.raises(HubRefusalError) as refused:
        read_plan(content)
    assert refused.value.code == "plan"
    assert says in refused.value.vi


def test_one_key_is_one_persons() -> None:
    document = told()
    first, second = document["organisations"][0]["people"]
    second["public_key"] = first["public_key"] | {"keyid": "another"}
    with pytest.raises(HubRefusalError, match="chung một khóa"):
        read_plan(json.dumps(document).encode())


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"format_version": 2}', changed(units=7)])
def test_what_is_no_plan_is_refused(content: bytes) -> None:
    with pytest.raises(TrustPlanError):
        read_plan(content)


def test_a_key_that_is_none_is_refused() -> None:
    document = told()
    document["organisations"][0]["people"][0]["public_key"]["keyval"]["public"] = "zz"
    with pytest.raises(HubRefusalError, match="khóa công khai"):
        read_plan(json.dumps(document).encode())


def people(plan: TrustPlan) -> list[str]:
    return [person.id for body in plan.organisations for person in body.people]


def test_people_come_change_and_go() -> None:
    new = KEYS["so-3"].public_key
    more = with_person(PLAN, "so", Person("so-3", "Người so-3", new))
    assert people(more) == ["so-1", "so-2", "so-3", "bp-1", "bp-2"]
    assert people(without_person(more, "so-1")) == ["so-2", "so-3", "bp-1", "bp-2"]
    assert with_key(PLAN, "so-2", new).organisations[0].people[1] == Person("so-2", "Người so-2", new)
    with pytest.raises(HubRefusalError, match="đủ 3 chữ ký"):
        check_plan(more)
    wrong: dict[str, Callable[[], object]] = {
        "no-organisation": lambda: with_person(PLAN, "x", Person("so-3", "", new)),
        "person-exists": lambda: with_person(PLAN, "so", Person("bp-1", "", new)),
        "no-person": lambda: with_key(PLAN, "x", new),
    }
    for code, change in wrong.items():
        with pytest.raises(HubRefusalError) as refused:
            change()
        assert refused.value.code == code
