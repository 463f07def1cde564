"""`python -m tests.bench.rota`: how fast a day is planned, and whether languages have their shares.

The peer is a weighted round robin without any rule: what a loop costs that knows nothing but lengths and weights.
"""

import argparse
import gc
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import cycle

from playlists.lengths import planned_length
from playlists.loop import plan_day, plan_hour
from playlists.loop_units import languages_present
from playlists.playlist import Item, ItemKind, Playlist, Sequence, Slot
from playlists.rota import Rota, Rule
from playlists.schedule import Daypart, Precedence, Recurrence, Share, Target, Timetable, ValidityWindow
from playlists.screen import Screen
from playlists.timing import DurationMs
from tests.support.valid_hours import valid_hour

_DAY = date(2026, 11, 24)
_DAY_MS = 86_400_000
_ITEMS = 2_000
_RUNS = 15
_PLAYLISTS = 10_000


def large_playlist(items: int, sequence: Sequence) -> Playlist:
    """A playlist with everything an operator can ask for, in the proportions of a province's."""
    slots = tuple(_slot(number) for number in range(items))
    dayparts = tuple(
        Daypart(
            name, name, datetime(2026, 1, 1, begins, tzinfo=UTC).time(), datetime(2026, 1, 1, ends, tzinfo=UTC).time()
        )
        for name, begins, ends in (("morning", 5, 11), ("evening", 17, 22), ("night", 22, 5))
    )
    return Playlist("large", "Large", slots, "ab" * 32, planned=True, sequence=sequence, dayparts=dayparts)


def _slot(number: int) -> Slot:
    languages = (("vi",), ("vi", "lo"), ("lo",), ("vi", "en"), ("vi",), ("vi", "km"))[number % 6]
    item = Item(
        f"item-{number}",
        f"{number}.mp4",
        ItemKind.CLIP,
        f"Item {number}",
        languages,
        length=DurationMs(10_000 + number * 7_919 % 50_000),
        message=f"message-{number // 2}" if number % 10 < 2 else None,
    )
    share = Share(
        weight=1 + number % 3,
        spacing=DurationMs(900_000) if number % 5 == 0 else None,
        most_per_hour=2 if number % 7 == 0 else None,
        percent=1.0 if number % 500 == 3 else None,
    )
    precedence = Precedence.PRIORITY if number % 400 == 9 else Precedence.ORDINARY
    target = Target(gates=("bo-y", "dak-blo")) if number % 4 == 0 else Target()
    return Slot(f"slot-{number}", item, {}, precedence, _timetable(number), target, share)


def _timetable(number: int) -> Timetable:
    kind = number % 20
    begins = datetime(2026, 1, 1) + timedelta(days=number)  # noqa: DTZ001 - local times of the screen
    match kind:
        case 3:
            return Timetable(recurrence=Recurrence("FREQ=WEEKLY;BYDAY=TU,TH", date(2020, 1, 1 + number % 28)))
        case 5:
            return Timetable(recurrence=Recurrence("FREQ=DAILY;INTERVAL=2", date(2019, 1, 1 + number % 28)))
        case 7 | 8:
            return Timetable(validity=ValidityWindow(datetime(2026, 1, 1), begins + timedelta(days=600)))  # noqa: DTZ001
        case 11 | 12:
            return Timetable(dayparts=(("morning", "evening", "night")[number % 3],))
        case 14:
            return Timetable(weekdays=frozenset({1, 2, 3, 4, 5}))
        case _:
            return Timetable()


def round_robin(playlist: Playlist) -> list[tuple[int, int, Slot]]:
    """The peer: each slot as often as its weight, one after the other, for a day."""
    turns: list[tuple[int, int, Slot]] = []
    at = 0
    rounds = [slot for slot in playlist.slots for _ in range(slot.share.weight)]
    for slot in cycle(rounds):
        if at >= _DAY_MS:
            return turns
        length = planned_length(slot.item)
        turns.append((at, length, slot))
        at += length
    return turns


def measured(run: Callable[[], object], runs: int) -> list[float]:
    """How long runs took, in ms of processor time: the machine may have other work."""
    run()
    gc.collect()
    times = []
    for _ in range(runs):
        begins = time.process_time()
        run()
        times.append((time.process_time() - begins) * 1000)
    return times


def share_misses(playlists: int) -> Iterator[tuple[int, str, bool]]:
    """Plan one hour of each playlist; yields seed, language, and whether it was exactly reached or nearly."""
    zone = timedelta(hours=7)
    for seed in range(playlists):
        valid = valid_hour(seed)
        hour = datetime(2026, 11, 24, seed % 24, tzinfo=UTC) - zone
        rota = plan_hour(valid.playlist, valid.screen, hour)
        told = {one.subject for one in rota.concessions if one.rule is Rule.LANGUAGE_SHARE}
        for language, wanted in valid.screen.shares.items():
            total = sum(turn.length for turn in rota.turns)
            if _spoken(rota, language) * 100 < wanted * total:
                yield seed, language, language not in told


def _spoken(rota: Rota, language: str) -> int:
    return sum(turn.length for turn in rota.turns if language in languages_present(turn.slot.item))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=_RUNS)
    parser.add_argument("--playlists", type=int, default=_PLAYLISTS)
    options = parser.parse_args()
    screen = Screen("screen-1", "bo-y", "cluster-1", shares={"lo": 30.0, "en": 10.0})
    for sequence in Sequence:
        playlist = large_playlist(_ITEMS, sequence)
        ours = measured(lambda playlist=playlist: plan_day(playlist, screen, _DAY), options.runs)  # type: ignore[misc]
        peer = measured(lambda playlist=playlist: round_robin(playlist), options.runs)  # type: ignore[misc]
        turns = sum(len(rota.turns) for rota in plan_day(playlist, screen, _DAY))
        ratio = statistics.median(ours) / statistics.median(peer)
        print(  # noqa: T201 - it speaks to whoever runs it
            f"a day of {_ITEMS} items, {sequence.value}, {turns} turns: median {statistics.median(ours):.0f} ms "
            f"(least {min(ours):.0f}, most {max(ours):.0f}; must: 200); round robin without rules "
            f"{statistics.median(peer):.1f} ms, ratio {ratio:.0f}"
        )
    missed = list(share_misses(options.playlists))
    within = sum(nearly for _, _, nearly in missed)
    print(  # noqa: T201 - as above
        f"language shares, one hour each of {options.playlists} playlists derived from valid hours: "
        f"{len(missed) - within} missed by more than the longest item, {within} by less"
    )


if __name__ == "__main__":
    main()
