"""What the server decides on values: the pace, the news, doubts about devices, roll-outs, who is woken."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from playlists.release import MediaFile, Release
from sync.agent.poll_plan import first_wait
from sync.hub.register.doubts import CLONED, MOVED, Sighting, boots_after, doubts
from sync.hub.serving.news import FeedState, News, news
from sync.hub.serving.pacing import Admission, steady_rate, wake_rate
from sync.hub.serving.rollouts import FRESH, Heard, is_good, pending
from sync.hub.serving.wake_line import WakeLine
from sync.protocol import Running, StatusReport
from sync.publication import Rollout, with_signature_fields

NOW = datetime(2026, 11, 24, tzinfo=UTC)

# The pace.


def crowd(arrivals: list[float], screens: int) -> tuple[Counter[int], int]:
    """Polls let in by second, and how many were put off; those come again when they are told."""
    admission = Admission()
    admission.expect(screens)
    let_in: Counter[int] = Counter()
    put_off = 0
    waiting = sorted(arrivals)
    while waiting:
        at = waiting.pop(0)
        again = admission.admit(at)
        if again is None:
            let_in[int(at)] += 1
        else:
            put_off += 1
            waiting.append(at + again)
            waiting.sort()
    return let_in, put_off


def greatest(counts: Counter[int], window: int = 10) -> float:
    return max(sum(counts[at + step] for step in range(window)) for at in range(max(counts) + 1)) / window


def test_a_fleet_that_spreads_itself_is_hardly_held_up() -> None:
    chance = Random(1)  # noqa: S311  -- drawn, nothing secret
    let_in, put_off = crowd([first_wait(chance.random()) for _ in range(10_000)], 10_000)
    assert let_in.total() == 10_000
    assert greatest(let_in) <= 1.5 * steady_rate(10_000)
    assert put_off < 500


def test_a_crowd_that_comes_at_once_is_spread() -> None:
    chance = Random(2)  # noqa: S311  -- likewise
    let_in, put_off = crowd([10 + chance.random() for _ in range(3_000)], 3_000)
    assert let_in.total() == 3_000
    assert greatest(let_in) <= 1.5 * steady_rate(3_000) + 2
    assert put_off < 3 * 3_000
    assert max(let_in) < 10 + 300


def test_a_few_screens_are_never_held_up() -> None:
    assert crowd([0.0] * 20, 20)[1] == 0


def test_urgent_opens_the_gate() -> None:
    admission = Admission()
    admission.open(60)
    assert [admission.admit(1.0) for _ in range(1000)] == [None] * 1000
    assert any(admission.admit(60.5) is not None for _ in range(1000))


def test_wake_ups_and_polls_together_keep_the_peak() -> None:
    assert wake_rate(10_000) + steady_rate(10_000) <= 1.5 * steady_rate(10_000)


# News.

BEFORE = FeedState(
    3,
    targets={
        "department": {"releases/bo-y/tuong-1.json": ("a", ("*/*",)), "releases/bo-y/tuong-2.json": ("b", ("*/*",))},
        "urgent": {"urgent/lu.json": ("c", ("bo-y/*",))},
    },
)


def with_targets(role: str, targets: Mapping[str, tuple[str, tuple[str, ...]]]) -> FeedState:
    return FeedState(4, targets={**BEFORE.targets, role: targets})


def test_a_changed_release_concerns_its_screen() -> None:
    after = with_targets(
        "department",
        {**BEFORE.targets["department"], "releases/bo-y/tuong-1.json": ("x", ("*/*",))},
    )
    assert news(BEFORE, after, frozenset()) == News(4, frozenset(), frozenset({"bo-y/tuong-1"}))


def test_urgent_that_comes_or_goes_concerns_whom_it_is_for() -> None:
    two = with_targets("urgent", {**BEFORE.targets["urgent"], "urgent/sat.json": ("d", ("ho-le/tuong-1",))})
    assert news(BEFORE, two, frozenset()).urgent == {"ho-le/tuong-1"}
    assert news(BEFORE, with_targets("urgent", {}), frozenset()).urgent == {"bo-y/*"}
    moved = with_targets("urgent", {"urgent/lu.json": ("c", ("*/*",))})
    assert news(BEFORE, moved, frozenset()).urgent == {"bo-y/*", "*/*"}
    withdrawn = with_targets("withdrawals", {"withdrawals/x.json": ("e", ("*/*",))})
    assert news(BEFORE, withdrawn, frozenset()).urgent == {"*/*"}


def test_nothing_changed_concerns_nobody_but_those_whose_release_is_confirmed() -> None:
    after = FeedState(4, targets=BEFORE.targets)
    assert news(BEFORE, after, frozenset({"a/b"})) == News(4, frozenset(), frozenset({"a/b"}))


# Doubts.

KNOWN = Sighting(10, ["b1", "b2"], "m")


@pytest.mark.parametrize(
    ("told", "kinds"),
    [
        (Sighting(11, ["b2"], "m"), []),
        (Sighting(11, ["b3"], "m"), []),
        (Sighting(11, ["b1"], "m"), [CLONED]),
        (Sighting(10, ["b2"], "m"), [CLONED]),
        (Sighting(3, ["b3"], "m"), [CLONED]),
        (Sighting(11, ["b3"], "n"), [MOVED]),
        (Sighting(3, ["b3"], "n"), [CLONED, MOVED]),
    ],
)
def test_what_makes_a_device_suspect(told: Sighting, kinds: list[str]) -> None:
    assert [doubt.kind for doubt in doubts(KNOWN, told)] == kinds


def test_boots_are_remembered_in_the_order_they_were_last_heard_of() -> None:
    assert boots_after(["a", "b"], "a") == ["b", "a"]
    assert len(boots_after([str(number) for number in range(20)], "x")) == 8


# Roll-outs.

ROLLOUT = Rollout(("bo-y/tuong-1", "bo-y/tuong-2"), 10)


def heard(
    sequence: int | None = 7, seconds: float = 600, *, ago: timedelta = timedelta(), rolled_back: int | None = None
) -> Heard:
    running = None if sequence is None else Running(sequence=sequence, confirmed=True, good_seconds=seconds)
    report = StatusReport(
        at="",
        boot="b",
        up_seconds=1,
        synchronised=True,
        machine="m",
        software="1",
        running=running,
        rolled_back=rolled_back,
    )
    return Heard(report, NOW - ago)


@pytest.mark.parametrize(
    ("second", "good"),
    [
        (heard(), True),
        (heard(seconds=599), False),
        (heard(6), False),
        (heard(None), False),
        (heard(ago=FRESH + timedelta(seconds=1)), False),
        (heard(rolled_back=7), False),
        (None, False),
    ],
)
def test_a_roll_out_is_good_when_every_canary_is(second: Heard | None, good: bool) -> None:  # noqa: FBT001  -- a case
    known = {"bo-y/tuong-1": heard()} | ({} if second is None else {"bo-y/tuong-2": second})
    assert is_good(7, ROLLOUT, known, NOW) is good


def test_a_roll_out_without_a_canary_is_left_to_people() -> None:
    assert not is_good(7, Rollout((), 0), {}, NOW)


def test_roll_outs_wait_until_they_are_confirmed() -> None:
    playlist = MediaFile("playlist.json", "0" * 64, 2)
    plain = Release(5, playlist)
    staged = with_signature_fields(Release(7, playlist), "department", "", ROLLOUT)
    broken = Release(8, playlist, extra={"rollout": 3})
    releases = [("a/b", plain), ("a/c", staged), ("a/d", staged), ("a/e", broken)]
    assert dict(pending(releases, frozenset())) == {7: ROLLOUT}
    assert dict(pending(releases, frozenset({7}))) == {}


# Who is woken.


def test_who_waits_is_woken_by_what_concerns_it() -> None:
    async def run() -> None:
        line = WakeLine(known_from=5)
        waits = {
            f"{gate}/{screen}": asyncio.create_task(line.wait(f"{gate}/{screen}", gate, screen, 5, 60))
            for gate, screen in (("bo-y", "tuong-1"), ("bo-y", "tuong-2"), ("ho-le", "tuong-1"))
        }
        await asyncio.sleep(0)
        line.publish(News(6, frozenset({"bo-y/tuong-1"}), frozenset({"bo-y/*"})))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert [task.done() for task in waits.values()] == [True, False, False]
        assert line.wake_next()
        assert not line.wake_next()
        assert await waits["bo-y/tuong-2"] is True
        line.close()
        assert await waits["ho-le/tuong-1"] is False
        assert await line.wait("x", "a", "b", 1, 60) is False

    asyncio.run(run())


def test_who_was_told_and_comes_again_with_the_old_version_is_held() -> None:
    async def run() -> None:
        line = WakeLine(known_from=5)
        line.publish(News(6, frozenset({"*/*"}), frozenset()))
        assert await line.wait("d", "a", "b", 5, 60) is True
        assert await line.wait("d", "a", "b", 5, 0.01) is False
        assert await line.wait("d", "a", "b", 6, 0.01) is False
        line.publish(News(7, frozenset({"*/*"}), frozenset()))
        assert await line.wait("d", "a", "b", 5, 60) is True

    asyncio.run(run())


def test_who_missed_what_came_before_the_server_is_woken_in_its_turn() -> None:
    async def run() -> None:
        line = WakeLine(known_from=5)
        late = asyncio.create_task(line.wait("d", "a", "b", 4, 60))
        fresh = asyncio.create_task(line.wait("e", "a", "b", 0, 0.05))
        await asyncio.sleep(0)
        assert line.wake_next()
        assert not line.wake_next()
        assert await late is True
        assert await fresh is False

    asyncio.run(run())


def test_a_second_request_of_a_device_ends_the_first() -> None:
    async def run() -> None:
        line = WakeLine()
        first = asyncio.create_task(line.wait("d", "a", "b", 1, 60))
        await asyncio.sleep(0)
        second = asyncio.create_task(line.wait("d", "a", "b", 1, 60))
        assert await first is False
        assert len(line) == 1
        second.cancel()
        with pytest.raises(asyncio.CancelledError):
            await second
        assert len(line) == 0

    asyncio.run(run())
