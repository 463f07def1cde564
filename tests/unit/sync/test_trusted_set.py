import json
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from tuf.api.metadata import Metadata, MetaFile, Root, Signed, Snapshot, Targets, Timestamp

from sync import feed
from sync.refusals import RefusalError
from sync.trust.trusted_set import Height, Heights, TrustedSet, refuse_expired, trust_from
from tests.support.signed_feed import MADE, ONLINE, PEOPLE, SignedFeed

DAY = timedelta(days=1)


@pytest.fixture
def made(tmp_path: Path) -> SignedFeed:
    return SignedFeed(tmp_path)


def content(made: SignedFeed, role: str, version: int = 1) -> bytes:
    return (made.folder / feed.metadata_name(role, version)).read_bytes()


def signed(made: SignedFeed, value: Root | Timestamp | Snapshot | Targets, *names: str) -> bytes:
    metadata: Metadata[Root] = Metadata(value)  # type: ignore[arg-type] # any kind; only its bytes are wanted
    for name in names:
        metadata.sign(made.keys[name], append=True)
    return metadata.to_bytes()


def with_timestamp(made: SignedFeed) -> TrustedSet:
    begun = trust_from(made.first_root)
    return begun.with_timestamp(begun.offered_timestamp(content(made, "timestamp")), MADE)


def refusal(code: str) -> pytest.RaisesExc[RefusalError]:
    return pytest.RaisesExc(RefusalError, check=lambda error: error.code == code)


def test_the_way_from_root_to_a_delegated_role(made: SignedFeed) -> None:
    trusted = with_timestamp(made).with_snapshot(content(made, "snapshot"), MADE)
    top = trusted.role(trusted.root, "targets", content(made, "targets"))
    assert trusted.role(top, "urgent", content(made, "urgent")).version == 1
    assert trusted.reached().root == 1


@pytest.mark.parametrize("nonsense", [b"", b"{}", b"[]", b"null", b"\xff", b"[" * 5000, b'{"signed": 1}'])
def test_what_is_no_metadata_is_malformed(made: SignedFeed, nonsense: bytes) -> None:
    with refusal("malformed"):
        trust_from(nonsense)
    with refusal("malformed"):
        trust_from(made.first_root).offered_timestamp(nonsense)


def test_metadata_of_another_kind_is_malformed(made: SignedFeed) -> None:
    with refusal("malformed"):
        trust_from(made.first_root).offered_timestamp(content(made, "snapshot"))


def test_a_number_that_cannot_be_signed_is_malformed(made: SignedFeed) -> None:
    document = json.loads(content(made, "timestamp"))
    document["signed"]["version"] = 1.5
    with refusal("malformed"):
        trust_from(made.first_root).offered_timestamp(json.dumps(document).encode())


# Root.


def test_a_next_root_wants_the_old_and_the_new_people(made: SignedFeed) -> None:
    begun = trust_from(made.first_root)
    old = {name: made.keys[name] for name in PEOPLE}
    made.rotate_root({"dept-1": "dept-3", "guard-1": "guard-3"})
    root = made.root
    assert begun.with_root(content(made, "root", 2)).root.version == 2
    made.keys |= old
    for names in (("dept-1", "dept-2", "guard-1"), ("dept-2", "dept-3", "guard-2"), ("dept-2", "guard-2")):
        with refusal("too-few-signatures"):
            begun.with_root(signed(made, root, *names))
    assert begun.with_root(signed(made, root, "dept-1", "dept-2", "guard-2", "dept-3")).root.version == 2


@pytest.mark.parametrize("version", [1, 3])
def test_a_root_that_is_not_the_next_is_refused(made: SignedFeed, version: int) -> None:
    made.root.version = version
    with refusal("wrong-version"):
        trust_from(made.first_root).with_root(signed(made, made.root, *PEOPLE))


def test_a_root_on_the_way_may_have_expired_and_the_last_may_not(made: SignedFeed) -> None:
    late = MADE + timedelta(days=400)
    made.rotate_root()
    made.now = late
    made.rotate_root()
    trusted = trust_from(made.first_root)
    with refusal("expired"):
        trusted.check_root(late)
    trusted = trusted.with_root(content(made, "root", 2)).with_root(content(made, "root", 3))
    trusted.check_root(late)


def test_a_root_below_the_highest_ever_trusted_is_refused(made: SignedFeed) -> None:
    with refusal("rolled-back"):
        trust_from(made.first_root, Heights(root=2)).check_root(MADE)


# Timestamp.


def test_a_timestamp_never_goes_back(made: SignedFeed) -> None:
    old = content(made, "timestamp")
    made.publish()
    trusted = with_timestamp(made)
    with refusal("rolled-back"):
        trusted.with_timestamp(trusted.offered_timestamp(old), MADE)


def test_one_of_the_same_version_is_passed_over(made: SignedFeed) -> None:
    trusted = with_timestamp(made)
    made.timestamp.snapshot_meta = MetaFile(version=99)
    other = trusted.offered_timestamp(signed(made, made.timestamp, ONLINE))
    assert trusted.with_timestamp(other, MADE) is trusted


def test_one_of_the_same_version_does_not_revive_what_has_expired(made: SignedFeed) -> None:
    trusted = with_timestamp(made)
    made.timestamp.expires = MADE + 30 * DAY
    other = trusted.offered_timestamp(signed(made, made.timestamp, ONLINE))
    with refusal("expired"):
        trusted.with_timestamp(other, MADE + 8 * DAY)


def test_a_timestamp_names_no_older_snapshot(made: SignedFeed) -> None:
    made.publish()
    trusted = with_timestamp(made)
    made.timestamp.version += 1
    made.timestamp.snapshot_meta = MetaFile(version=1)
    with refusal("rolled-back"):
        trusted.with_timestamp(trusted.offered_timestamp(signed(made, made.timestamp, ONLINE)), MADE)


def test_a_known_timestamp_is_loaded_though_expired_and_sees_a_rollback(made: SignedFeed) -> None:
    old = content(made, "timestamp")
    made.publish(life=DAY)
    trusted = trust_from(made.first_root).knowing_timestamp(content(made, "timestamp"))
    with refusal("rolled-back"):
        trusted.with_timestamp(trusted.offered_timestamp(old), MADE + 2 * DAY)


def test_a_known_timestamp_of_keys_that_have_gone_is_not_loaded(made: SignedFeed) -> None:
    old = content(made, "timestamp")
    made.rotate_root({ONLINE: "online-2"})
    with refusal("too-few-signatures"):
        trust_from(made.first_root).with_root(content(made, "root", 2)).knowing_timestamp(old)


@pytest.mark.parametrize("later", [timedelta(0), 100 * DAY])
def test_a_timestamp_holds_up_to_its_end(made: SignedFeed, later: timedelta) -> None:
    trusted = trust_from(made.first_root)
    offered = trusted.offered_timestamp(content(made, "timestamp"))
    trusted.with_timestamp(offered, offered.expires - timedelta(seconds=1))
    with refusal("expired"):
        trusted.with_timestamp(offered, offered.expires + later)


def test_heights_stand_in_for_a_timestamp_that_was_lost(made: SignedFeed) -> None:
    old = content(made, "timestamp")
    made.publish()
    heights = with_timestamp(made).reached()
    trusted = trust_from(made.first_root, heights)
    with refusal("rolled-back"):
        trusted.with_timestamp(trusted.offered_timestamp(old), MADE)
    made.timestamp.version += 1
    made.timestamp.snapshot_meta = MetaFile(version=1)
    with refusal("rolled-back"):
        trusted.with_timestamp(trusted.offered_timestamp(signed(made, made.timestamp, ONLINE)), MADE)


def test_heights_of_keys_that_have_gone_bar_nothing(made: SignedFeed) -> None:
    heights = Heights(1, Height(99, "of other keys"), Height(99, "of other keys"))
    trusted = trust_from(made.first_root, heights)
    trusted.with_timestamp(trusted.offered_timestamp(content(made, "timestamp")), MADE)


# Snapshot.


def test_a_snapshot_is_the_one_the_timestamp_names(made: SignedFeed) -> None:
    trusted = with_timestamp(made)
    made.publish()
    with refusal("wrong-version"):
        trusted.with_snapshot(content(made, "snapshot", 2), MADE)


def test_a_snapshot_matches_length_and_digest_where_the_timestamp_has_them(made: SignedFeed) -> None:
    right = content(made, "snapshot")
    made.timestamp.version = 2
    made.timestamp.snapshot_meta = MetaFile(1, len(right), {"sha256": sha256(right).hexdigest()})
    trusted = with_timestamp(made)
    trusted = trusted.with_timestamp(trusted.offered_timestamp(signed(made, made.timestamp, ONLINE)), MADE)
    assert trusted.with_snapshot(right, MADE).has_snapshot
    with refusal("wrong-digest"):
        trusted.with_snapshot(right + b" ", MADE)


def test_an_expired_snapshot_is_refused(made: SignedFeed) -> None:
    with refusal("expired"):
        with_timestamp(made).with_snapshot(content(made, "snapshot"), MADE + timedelta(days=365))


@pytest.mark.parametrize(("known", "code"), [({"urgent.json": 9}, "rolled-back"), ({"gone.json": 1}, "dropped-role")])
def test_a_snapshot_drops_no_role_and_leads_none_back(made: SignedFeed, known: dict[str, int], code: str) -> None:
    before = Snapshot(meta={name: MetaFile(version) for name, version in known.items()}, expires=MADE)
    trusted = with_timestamp(made).knowing_snapshot(signed(made, before, ONLINE))
    with refusal(code):
        trusted.with_snapshot(content(made, "snapshot"), MADE)


# Targets and below.


def whole(made: SignedFeed) -> tuple[TrustedSet, Targets]:
    trusted = with_timestamp(made).with_snapshot(content(made, "snapshot"), MADE)
    return trusted, trusted.role(trusted.root, "targets", content(made, "targets"))


def test_a_role_the_snapshot_does_not_list_is_refused(made: SignedFeed) -> None:
    trusted, top = whole(made)
    with refusal("unlisted-role"):
        trusted.role(top, "unit-x", content(made, "urgent"))


def test_a_role_is_the_version_the_snapshot_lists(made: SignedFeed) -> None:
    trusted, top = whole(made)
    made.publish_role("urgent")
    with refusal("wrong-version"):
        trusted.role(top, "urgent", content(made, "urgent", 2))


def test_a_role_nobody_delegates_to_has_no_signer(made: SignedFeed) -> None:
    trusted, top = whole(made)
    assert top.delegations is not None
    assert top.delegations.roles is not None
    del top.delegations.roles["urgent"]
    with refusal("too-few-signatures"):
        trusted.role(top, "urgent", content(made, "urgent"))


def test_what_was_signed_for_one_role_is_none_of_another(made: SignedFeed) -> None:
    trusted, top = whole(made)
    with refusal("wrong-role"):
        trusted.role(top, "withdrawals", content(made, "department"))


def test_expiry_names_role_and_day() -> None:
    value: Signed = Targets(expires=MADE)
    with pytest.raises(RefusalError) as refused:
        refuse_expired("department", value, MADE)
    assert refused.value.fields == {"role": "department", "on": "2026-11-01"}
    assert "2026-11-01" in refused.value.vi
