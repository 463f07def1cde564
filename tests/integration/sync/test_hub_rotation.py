"""Keys lost and stolen: who may sign changes, and a post that was offline through several changes follows."""

import shutil
from datetime import timedelta
from functools import partial
from itertools import count
from pathlib import Path

import pytest
from securesystemslib.signer import CryptoSigner

from sync.hub.drafts import Draft, find_draft, plan_of
from sync.hub.feed_state import published_feed
from sync.hub.folder import HubFolder
from sync.hub.keys import new_online_key
from sync.hub.plan_drafts import Coming, online_key_of, stage_again, stage_plan, with_key, without_person
from sync.hub.publishing import publish
from sync.hub.sentences import HubRefusalError
from sync.trust import roles
from tests.support.killed import killed_at
from tests.support.small_hub import ENOUGH, Kiosk, SmallHub, release


@pytest.fixture
def small(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> SmallHub:
    return SmallHub.founded(tmp_path / "hub", tmp_path_factory.getbasetemp() / "founded")


def draft_new_key(small: SmallHub, name: str) -> Draft:
    """Somebody gets another key; the former is gone."""
    small.people[name] = CryptoSigner.generate_ed25519()
    plan = with_key(plan_of(small.hub), name, small.people[name].public_key)
    online = online_key_of(published_feed(small.hub))
    return stage_plan(small.hub, Coming(plan, online, (f"Thay khóa của {name}",)), small.now)


def others(name: str) -> tuple[str, ...]:
    return tuple(one for one in ("so-1", "so-2", "bp-1", "bp-2") if one != name)


def draft_new_online_key(small: SmallHub) -> Draft:
    key = new_online_key(small.hub.online_key, small.password)
    return stage_plan(small.hub, Coming(plan_of(small.hub), key, ("Thay khóa trực tuyến",)), small.now)


def test_a_post_offline_through_many_rotations_follows(small: SmallHub, tmp_path: Path) -> None:
    early, fresh = Kiosk(tmp_path / "early", small.first_root), Kiosk(tmp_path / "fresh", small.first_root)
    small.release(1)
    assert early.release(small.hub.feed, small.now) == release(1)
    for lost in ("so-1", "bp-2", "so-2", "bp-1"):
        small.pass_time(days=30)
        small.publish(draft_new_key(small, lost), *others(lost))
    former = small.online()
    draft = draft_new_online_key(small)
    coming = small.sign(draft, *ENOUGH).read().parts[0].metadata.signed.roles[roles.TIMESTAMP].keyids[0]
    publish(small.hub, draft, small.online(coming), small.now, former)
    small.release(2)
    assert published_feed(small.hub).root.signed.version == 6
    for kiosk in (early, fresh):
        assert kiosk.release(small.hub.feed, small.now) == release(2)


def test_a_lost_key_is_replaced_by_the_other_three_and_signs_nothing_more(small: SmallHub) -> None:
    lost = small.people["so-2"]
    draft = draft_new_key(small, "so-2")
    assert {part.role for part in draft.read().parts} == {
        "root",
        "targets",
        "urgent",
        "withdrawals",
        "unit-bo-y",
        "department",
    }
    with pytest.raises(HubRefusalError) as refused:
        small.publish(draft, "so-1", "bp-1")
    assert refused.value.code == "unsigned"
    small.publish(draft, "bp-2")
    small.people["so-2"], new = lost, small.people["so-2"]
    with pytest.raises(HubRefusalError) as refused:
        small.sign(small.stage(release(1)), "so-2")
    assert refused.value.code == "foreign-key"
    small.people["so-2"] = new
    small.release(1, "so-2", "bp-1", "bp-2")


def test_a_new_root_wants_the_former_holders_too(small: SmallHub) -> None:
    draft = draft_new_key(small, "so-2")
    small.sign(draft, "so-1", "so-2", "bp-1")
    request = draft.read()
    root = request.part("root")
    assert root is not None
    assert [root.missing(quorum) for quorum in root.quorums] == [1, 0]
    with pytest.raises(HubRefusalError) as refused:
        small.publish(draft)
    assert refused.value.code == "unsigned"


def test_somebody_who_leaves_signs_nothing_more(small: SmallHub) -> None:
    plan = without_person(plan_of(small.hub), "bp-2")
    online = online_key_of(published_feed(small.hub))
    draft = stage_plan(small.hub, Coming(plan, online, ("Bỏ bp-2",)), small.now)
    small.publish(draft, *ENOUGH)
    assert plan_of(small.hub) == plan
    small.release(1, *ENOUGH)
    with pytest.raises(HubRefusalError) as refused:
        stage_plan(small.hub, Coming(plan, online, ()), small.now)
    assert refused.value.code == "plan-in-force"


def test_roles_are_signed_anew_for_another_year(small: SmallHub, tmp_path: Path) -> None:
    small.release(1)
    small.pass_time(days=360)
    draft = stage_again(small.hub, plan_of(small.hub).offline, small.now)
    small.publish(draft, *ENOUGH)
    assert published_feed(small.hub).root.signed.version == 2
    kiosk = Kiosk(tmp_path / "kiosk", small.first_root)
    assert kiosk.release(small.hub.feed, small.now + timedelta(days=2)) == release(1)


@pytest.mark.parametrize(
    ("which", "seen_before"),
    [
        ("person", True),
        ("online", False),
        pytest.param("person", False, marks=pytest.mark.long),
        pytest.param("online", True, marks=pytest.mark.long),
    ],
)
def test_killed_amid_a_rotation_every_kiosk_is_served_at_every_moment(
    small: SmallHub, tmp_path: Path, which: str, *, seen_before: bool
) -> None:
    small.release(1)
    before = small.online()
    draft = draft_new_key(small, "so-2") if which == "person" else draft_new_online_key(small)
    small.sign(draft, *others("so-2"))
    root = draft.read().part(roles.ROOT)
    assert root is not None
    coming = root.metadata.signed.roles[roles.TIMESTAMP].keyids[0]
    online, former = small.online(coming), before if which == "online" else None
    for number in count():
        hub, kiosk = HubFolder(tmp_path / f"hub-{number}"), Kiosk(tmp_path / f"kiosk-{number}", small.first_root)
        shutil.copytree(small.folder, hub.root)
        if seen_before:
            assert kiosk.release(hub.feed, small.now) == release(1)
        publishing = partial(publish, hub, find_draft(hub, draft.name), online, small.now, former)
        killed = killed_at(number, hub.root, publishing)
        assert kiosk.release(hub.feed, small.now) == release(1)
        if not killed:
            break
        if (hub.drafts / draft.name).exists():
            publish(hub, find_draft(hub, draft.name), online, small.now, former)
        assert published_feed(hub).root.signed.version == 2
        assert kiosk.release(hub.feed, small.now) == release(1)
    assert number > 15
