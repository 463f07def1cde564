"""Signing in steps: what comes back counts only if it is ours, whole, and by whom it should be."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC
from hashlib import sha256
from itertools import combinations
from random import Random

import pytest
from securesystemslib.signer import CryptoSigner, Signature
from tuf.api.metadata import Metadata, TargetFile, Targets

from sync.hub.request import Part, Request, read_request, write_request
from sync.hub.sentences import HubRefusalError
from sync.hub.signing import add_signature, collect, description, still_to_sign
from sync.publication import ROLE
from sync.trust import roles
from tests.support.small_hub import MADE, PEOPLE, RELEASE, plan_with

KEYS = {name: CryptoSigner.generate_ed25519() for name in PEOPLE}
STRANGER = CryptoSigner.generate_ed25519()
PLAN = plan_with(KEYS)
CONTENT = b'{"sequence": 3}'


def targets(role: str, version: int = 2, note: str = "") -> Metadata[Targets]:
    signed = Targets(version=version, expires=MADE)
    signed.targets = {RELEASE: TargetFile.from_data(RELEASE, CONTENT, ["sha256"])}
    signed.unrecognized_fields |= {ROLE: role, "note": note}
    return Metadata(signed)


def request(*asked: str, note: str = "", draft: str = "0002-department") -> Request:
    parts = tuple(
        Part(role, targets(role, note=note), targets(role, 1), (PLAN.quorum(role, MADE.date()),))
        for role in asked or (roles.DEPARTMENT,)
    )
    return Request(draft, MADE, ("Phát hành cho Bờ Y",), parts, {sha256(CONTENT).hexdigest(): CONTENT})


def signed_by(*names: str) -> Request:
    asked = request()
    for name in names:
        asked, _ = add_signature(asked, KEYS[name])
    return asked


def carried(asked: Request) -> Request:
    """Through a file and back."""
    return read_request(write_request(asked))


def test_a_request_survives_its_file() -> None:
    asked = signed_by("so-1", "bp-2")
    assert write_request(carried(asked)) == write_request(asked)
    assert [part.digest for part in carried(asked).parts] == [part.digest for part in asked.parts]


def test_three_of_both_are_enough_whatever_the_way_the_file_took() -> None:
    one_after_another = carried(signed_by("bp-1", "so-1", "so-2"))
    merged, came = collect(request(), one_after_another)
    assert merged.complete
    assert set(came) == {"Người bp-1", "Người so-1", "Người so-2"}
    side_by_side = request()
    for name in ("so-2", "bp-2", "bp-1"):
        side_by_side, came = collect(side_by_side, carried(signed_by(name)))
        assert came == (f"Người {name}",)
    assert side_by_side.complete
    assert collect(side_by_side, carried(signed_by("bp-1")))[1] == ()


@pytest.mark.parametrize("names", [some for size in range(5) for some in combinations(PEOPLE, size)])
def test_of_every_set_of_signers_only_three_are_enough(names: tuple[str, ...]) -> None:
    assert signed_by(*names).complete == (len(names) >= 3)


def test_a_key_signs_all_it_may_at_once_and_once() -> None:
    asked, names = add_signature(request(roles.DEPARTMENT, roles.URGENT), KEYS["so-1"])
    assert names == (roles.DEPARTMENT, roles.URGENT)
    with pytest.raises(HubRefusalError) as refused:
        add_signature(asked, KEYS["so-1"])
    assert refused.value.code == "signed-already"
    with pytest.raises(HubRefusalError) as refused:
        add_signature(asked, STRANGER)
    assert refused.value.code == "foreign-key"


def test_the_key_decides_and_not_the_id_it_claims() -> None:
    claimed = CryptoSigner.generate_ed25519(keyid=KEYS["so-1"].public_key.keyid)
    with pytest.raises(HubRefusalError) as refused:
        add_signature(request(), claimed)
    assert refused.value.code == "foreign-key"


def with_signature(asked: Request, signature: Signature) -> Request:
    return replace(asked, parts=(asked.parts[0].with_signatures([signature]),))


def brought_back() -> Iterator[tuple[str, Request]]:
    ours = request()
    key_id = KEYS["so-1"].public_key.keyid
    signed = ours.parts[0].metadata.signed_bytes
    yield "other-draft", request(draft="0001-department")
    yield "other-draft", request(roles.DEPARTMENT, roles.URGENT)
    yield "other-bytes", add_signature(request(note="Khác"), KEYS["so-1"])[0]
    yield "foreign-signature", with_signature(ours, STRANGER.sign(signed))
    yield "bad-signature", with_signature(ours, Signature(key_id, KEYS["so-1"].sign(b"other").signature))
    yield "bad-signature", with_signature(ours, Signature(key_id, KEYS["bp-1"].sign(signed).signature))
    yield "bad-signature", with_signature(ours, Signature(key_id, "nonsense"))


@pytest.mark.parametrize(("code", "brought"), list(brought_back()))
def test_what_comes_back_wrong_is_refused_whole(code: str, brought: Request) -> None:
    with pytest.raises(HubRefusalError) as refused:
        collect(request(), carried(brought))
    assert refused.value.code == code


def test_who_still_has_to_sign_is_told_by_name() -> None:
    lines = list(still_to_sign(signed_by("so-1")))
    assert len(lines) == 1
    assert "2 chữ ký" in lines[0]
    assert "Người so-2 (Sở VHTTDL)" in lines[0]
    assert "Người so-1" not in lines[0]
    assert list(still_to_sign(signed_by("so-1", "so-2", "bp-1"))) == ["Đã đủ chữ ký."]


def test_a_signer_is_shown_what_the_very_bytes_say() -> None:
    asked = replace(request(), summary=("Không có gì quan trọng",))
    empty = targets(roles.DEPARTMENT, 1)
    empty.signed.targets = {}
    added = replace(asked, parts=(replace(asked.parts[0], replaces=empty),))
    shown = "\n".join(description(added, UTC))
    assert asked.parts[0].digest in shown
    assert sha256(CONTENT).hexdigest() in shown
    assert "bản 2 (thay bản 1)" in shown
    changed = targets(roles.DEPARTMENT)
    del changed.signed.targets[RELEASE]
    gone = replace(asked, parts=(replace(asked.parts[0], metadata=changed),))
    assert f"bỏ {RELEASE}" in "\n".join(description(gone, UTC))


def test_a_signature_for_one_role_serves_no_other() -> None:
    document = json.loads(write_request(request()))
    document["parts"][0]["role"] = roles.URGENT
    with pytest.raises(HubRefusalError) as refused:
        read_request(json.dumps(document).encode())
    assert refused.value.code == "not-a-request"


def test_a_small_file_that_is_another_is_refused() -> None:
    document = json.loads(write_request(request()))
    document["targets"] = {sha256(CONTENT).hexdigest(): "AAAA"}
    with pytest.raises(HubRefusalError):
        read_request(json.dumps(document).encode())


def test_no_damage_to_a_request_becomes_a_signature_or_a_crash() -> None:
    whole = write_request(signed_by("so-1", "bp-1"))
    chance = Random(4)  # noqa: S311  # damage by a fixed seed
    ours = request()
    accepted = 0
    for _ in range(400):
        damaged = bytearray(whole)
        for _ in range(chance.choice((1, 1, 3))):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        try:
            merged, _ = collect(ours, read_request(bytes(damaged)))
        except HubRefusalError:
            continue
        accepted += 1
        assert not merged.complete
        assert all(part.metadata.signed_bytes == ours.parts[0].metadata.signed_bytes for part in merged.parts)
    assert accepted < 200
