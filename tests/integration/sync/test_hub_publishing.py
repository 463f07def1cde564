"""The feed a client sees: old or new at every moment, its versions never used twice."""

import json
import shutil
from contextlib import suppress
from datetime import timedelta
from functools import partial
from hashlib import sha256
from itertools import count
from multiprocessing import get_context
from pathlib import Path

import pytest

from sync import feed
from sync.hub.drafts import Change, Draft, find_draft, list_drafts, next_sequence, stage, stage_over
from sync.hub.feed_state import published_feed
from sync.hub.folder import HubFolder, locked, read_counters
from sync.hub.founding import found
from sync.hub.publishing import confirm, issue_stick_timestamp, publish, publish_timestamp
from sync.hub.sentences import HubRefusalError
from sync.hub.status import read_status
from sync.trust import roles
from tests.support.killed import killed_at
from tests.support.small_hub import ENOUGH, RELEASE, Kiosk, SmallHub, release


@pytest.fixture
def small(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> SmallHub:
    return SmallHub.founded(tmp_path / "hub", tmp_path_factory.getbasetemp() / "founded")


def kiosk_of(small: SmallHub, folder: Path) -> Kiosk:
    return Kiosk(folder, small.first_root)


def with_media(small: SmallHub, folder: Path) -> Draft:
    clip = folder / "clip.mp4"
    clip.write_bytes(b"a clip" * 1000)
    media = {sha256(clip.read_bytes()).hexdigest(): clip}
    pieces = {sha256(b"pieces").hexdigest(): b"pieces"}
    change = Change(
        roles.DEPARTMENT, ("Thử",), {RELEASE: (release(2), {"note": "ghi chú"})}, media=media, pieces=pieces
    )
    return stage(small.hub, change, small.now)


def test_a_kiosk_takes_what_was_published(small: SmallHub, tmp_path: Path) -> None:
    kiosk = kiosk_of(small, tmp_path / "kiosk")
    assert kiosk.release(small.hub.feed, small.now) is None
    small.release(1)
    assert kiosk.release(small.hub.feed, small.now) == release(1)
    assert list_drafts(small.hub) == []
    small.release(2)
    assert kiosk.release(small.hub.feed, small.now) == release(2)


@pytest.mark.parametrize("names", [(), ("so-1",), ("so-1", "so-2"), ("bp-1", "bp-2")])
def test_too_few_signatures_publish_nothing(small: SmallHub, names: tuple[str, ...]) -> None:
    before = feed_bytes(small.hub)
    with pytest.raises(HubRefusalError) as refused:
        small.publish(small.stage(release(1)), *names)
    assert refused.value.code == "unsigned"
    assert feed_bytes(small.hub) == before


def test_media_pieces_and_targets_come_into_the_feed(small: SmallHub, tmp_path: Path) -> None:
    draft = with_media(small, tmp_path)
    brought = {path.relative_to(draft.files).as_posix() for path in draft.files.rglob("*") if path.is_file()}
    small.publish(draft, *ENOUGH)
    assert {name.split("/")[0] for name in brought} == {"media", "pieces", "targets"}
    assert all(small.hub.published(name).is_file() for name in brought)
    again = with_media(small, tmp_path)
    assert not (again.files / "media").exists()


def test_a_file_that_is_not_what_its_digest_says_leaves_no_draft(small: SmallHub, tmp_path: Path) -> None:
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"another clip")
    for media, code in (({"0" * 64: clip}, "media-changed"), ({"0" * 64: tmp_path / "none"}, "no-media")):
        change = Change(roles.DEPARTMENT, (), {RELEASE: (release(1), None)}, media=media)
        with pytest.raises(HubRefusalError) as refused:
            stage(small.hub, change, small.now)
        assert refused.value.code == code
    assert list(small.hub.drafts.iterdir()) == []


def test_a_draft_that_rotted_is_not_published(small: SmallHub, tmp_path: Path) -> None:
    draft = small.sign(with_media(small, tmp_path), *ENOUGH)
    before = feed_bytes(small.hub)
    for path in sorted(path for path in draft.files.rglob("*") if path.is_file()):
        whole = path.read_bytes()
        path.write_bytes(whole[:-1] + b"#")
        with pytest.raises(HubRefusalError) as refused:
            small.publish(draft)
        assert refused.value.code == "media-changed"
        path.write_bytes(whole)
    assert feed_bytes(small.hub) == before
    small.publish(draft)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (Change("nobody", ()), "no-role"),
        (Change(roles.URGENT, (), {RELEASE: (b"", None)}), "path-not-allowed"),
        (Change("unit-bo-y", (), {"releases/dak-blo/tuong-1.json": (b"", None)}), "path-not-allowed"),
        (Change(roles.DEPARTMENT, (), remove=frozenset({"releases/bo-y/none.json"})), "no-target"),
    ],
)
def test_what_a_role_may_not_do_is_refused(small: SmallHub, change: Change, code: str) -> None:
    with pytest.raises(HubRefusalError) as refused:
        stage(small.hub, change, small.now)
    assert refused.value.code == code


def test_drafts_of_several_roles_lie_side_by_side(small: SmallHub, tmp_path: Path) -> None:
    urgent = small.stage(b"{}", roles.URGENT, roles.urgent_path("lu-quet"))
    planned = small.stage(release(1))
    small.publish(urgent, "so-1", "bp-2")
    small.publish(planned, *ENOUGH)
    trusted = kiosk_of(small, tmp_path / "kiosk").look(small.hub.feed, small.now)
    assert list(trusted.urgent or ()) == ["urgent/lu-quet.json"]


def test_a_draft_that_another_overtook_is_refused_and_made_anew(small: SmallHub, tmp_path: Path) -> None:
    late = small.sign(with_media(small, tmp_path), *ENOUGH)
    other = "releases/bo-y/tuong-2.json"
    small.publish(small.stage(b'{"sequence": 7}', path=other), *ENOUGH)
    with pytest.raises(HubRefusalError) as refused:
        publish(small.hub, late, small.online(), small.now)
    assert refused.value.code == "outdated"
    assert read_status(small.hub, small.now).drafts[0].outdated
    fresh = stage_over(small.hub, late, small.now)
    assert [draft.name for draft in list_drafts(small.hub)] == [fresh.name]
    assert not fresh.read().complete
    small.publish(fresh, *ENOUGH)
    targets = published_feed(small.hub).delegated[roles.DEPARTMENT].signed.targets
    assert targets.keys() == {RELEASE, other}
    assert targets[RELEASE].custom == {"note": "ghi chú"}


def test_an_expired_draft_is_refused(small: SmallHub) -> None:
    draft = small.sign(small.stage(b"{}", roles.URGENT, roles.urgent_path("lu-quet")), "so-1", "bp-1")
    small.pass_time(hours=73)
    with pytest.raises(HubRefusalError) as refused:
        small.publish(draft)
    assert refused.value.code == "draft-expired"


@pytest.mark.parametrize("seen_before", [pytest.param(False, marks=pytest.mark.long), True])
def test_killed_at_any_call_the_feed_is_old_or_new_and_doing_it_again_ends_it(
    small: SmallHub, tmp_path: Path, *, seen_before: bool
) -> None:
    small.release(1)
    draft = small.sign(with_media(small, tmp_path), *ENOUGH)
    online, first_root = small.online(), small.first_root
    outcomes = []
    for number in count():
        hub, kiosk = HubFolder(tmp_path / f"hub-{number}"), Kiosk(tmp_path / f"kiosk-{number}", first_root)
        shutil.copytree(small.folder, hub.root)
        if seen_before:
            assert kiosk.release(hub.feed, small.now) == release(1)
        publishing = partial(publish, hub, find_draft(hub, draft.name), online, small.now)
        killed = killed_at(number, hub.root, publishing)
        outcomes.append(kiosk.release(hub.feed, small.now))
        if not killed:
            break
        left = [one for one in list_drafts(hub) if one.name == draft.name]
        if left:
            publish(hub, left[0], online, small.now)
        assert kiosk.release(hub.feed, small.now) == release(2)
        assert list_drafts(hub) == []
    assert set(outcomes) == {release(1), release(2)}
    assert outcomes == sorted(outcomes, key=lambda one: one == release(2)), "once new, never old again"
    assert len(outcomes) > 15


def test_after_a_publication_was_cut_off_another_of_the_role_waits_for_it(small: SmallHub, tmp_path: Path) -> None:
    first, second = (small.sign(small.stage(release(number)), *ENOUGH) for number in (1, 2))
    online = small.online()
    place = small.hub.published(feed.metadata_name(roles.DEPARTMENT, 2))
    for number in count():
        assert killed_at(number, small.folder, lambda: publish(small.hub, first, online, small.now))
        if place.exists():
            break
    before = feed_bytes(small.hub)
    with pytest.raises(HubRefusalError) as refused:
        publish(small.hub, second, online, small.now)
    assert refused.value.code == "taken"
    assert feed_bytes(small.hub) == before
    publish(small.hub, first, online, small.now)
    assert kiosk_of(small, tmp_path / "kiosk").release(small.hub.feed, small.now) == release(1)


def test_the_daily_timestamp_keeps_the_feed_alive_for_a_year(small: SmallHub, tmp_path: Path) -> None:
    kiosk = kiosk_of(small, tmp_path / "kiosk")
    small.release(1)
    for _ in range(50):
        small.pass_time(days=7)
        publish_timestamp(small.hub, small.online(), small.now - timedelta(hours=1))
        trusted = kiosk.look(small.hub.feed, small.now)
        assert trusted.release("bo-y", "tuong-1")
    small.pass_time(days=200)
    publish_timestamp(small.hub, small.online(), small.now)
    assert published_feed(small.hub).snapshot.signed.expires > small.now


def test_a_confirmed_sequence_stands_in_the_timestamp_while_a_release_has_it(small: SmallHub, tmp_path: Path) -> None:
    small.release(4)
    kiosk = kiosk_of(small, tmp_path / "kiosk")
    version = confirm(small.hub, [4, 99], small.online(), small.now)
    assert kiosk.look(small.hub.feed, small.now).confirmed == (4,)
    assert confirm(small.hub, [4], small.online(), small.now) == version
    publish_timestamp(small.hub, small.online(), small.now)
    assert kiosk.look(small.hub.feed, small.now).confirmed == (4,)
    small.release(5)
    assert kiosk.look(small.hub.feed, small.now).confirmed == ()


def test_a_stick_lives_longer_and_the_feed_is_past_it_at_once(small: SmallHub, tmp_path: Path) -> None:
    small.release(1)
    before = published_feed(small.hub).timestamp.signed.version
    stick = tmp_path / "stick"
    on_stick = issue_stick_timestamp(small.hub, small.online(), small.now)
    shutil.copytree(small.hub.feed, stick)
    (stick / feed.TIMESTAMP).write_bytes(on_stick)
    live = published_feed(small.hub).timestamp.signed
    assert json.loads(on_stick)["signed"]["version"] == before + 1
    assert live.version == before + 2
    assert live.expires == small.now + roles.TIMESTAMP_LIFE
    kiosk = kiosk_of(small, tmp_path / "kiosk")
    late = small.now + timedelta(days=90)
    assert kiosk.look(stick, late).release("bo-y", "tuong-1")
    assert kiosk.look(small.hub.feed, small.now + timedelta(days=1)).release("bo-y", "tuong-1")


def test_a_clock_gone_astray_is_not_signed(small: SmallHub) -> None:
    for astray in (timedelta(days=-2), timedelta(days=365 * 60)):
        with pytest.raises(HubRefusalError) as refused:
            publish_timestamp(small.hub, small.online(), small.now + astray)
        assert refused.value.code == "clock"


def test_people_may_take_longer_to_sign_the_first_draft_than_urgent_metadata_live(tmp_path: Path) -> None:
    slow = SmallHub(tmp_path / "slow")
    found(slow.folder, slow.plan, slow.password, slow.now)
    slow.pass_time(days=20)
    slow.publish(list_drafts(slow.hub)[0], *ENOUGH)
    slow.release(1)
    trusted = kiosk_of(slow, tmp_path / "kiosk").look(slow.hub.feed, slow.now)
    assert trusted.release("bo-y", "tuong-1")
    slow.publish(slow.stage(b"{}", roles.URGENT, roles.urgent_path("lu-quet")), "so-1", "bp-2")
    trusted = kiosk_of(slow, tmp_path / "kiosk").look(slow.hub.feed, slow.now)
    assert list(trusted.urgent or ()) == ["urgent/lu-quet.json"]


def test_the_wrong_online_key_signs_nothing(small: SmallHub) -> None:
    with pytest.raises(HubRefusalError) as refused:
        publish_timestamp(small.hub, small.people["so-1"], small.now)
    assert refused.value.code == "wrong-online-key"


def take_sequences(folder: Path, number: int) -> list[int]:
    taken: list[int] = []
    while len(taken) < number:
        with suppress(HubRefusalError):
            taken.append(next_sequence(HubFolder(folder)))
    return taken


def test_no_sequence_is_given_twice_to_processes_at_once(small: SmallHub) -> None:
    with get_context("fork").Pool(2) as pool:
        rows = pool.starmap(take_sequences, [(small.folder, 40)] * 2)
    assert sorted(rows[0] + rows[1]) == list(range(1, 81))
    assert read_counters(small.hub).sequence == 80


def test_whoever_works_on_the_hub_has_it_alone(small: SmallHub) -> None:
    with locked(small.hub), pytest.raises(HubRefusalError) as refused:
        next_sequence(small.hub)
    assert refused.value.code == "busy"


def feed_bytes(hub: HubFolder) -> dict[str, bytes]:
    return {path.relative_to(hub.feed).as_posix(): path.read_bytes() for path in hub.feed.rglob("*") if path.is_file()}
