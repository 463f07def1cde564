"""Laws of the loop: on playlists that can be kept, and on any."""

import subprocess
import sys
from datetime import timedelta
from hashlib import sha256
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playlists.clock_hours import instant_ms
from playlists.loop import plan_day, plan_hour
from playlists.playlist import ItemKind, Playlist, Sequence, Slot
from playlists.rota import Rota, Rule
from playlists.schedule import Precedence, Share, Timetable
from playlists.screen import Screen
from playlists.timing import DurationMs
from tests.support.loops import DAY, HOUR, MINUTE, conceded, hour, item, playlist, screen, shown, slot, starts
from tests.support.valid_hours import valid_hour

seeds = st.integers(0, 10**9)


@settings(deadline=None, max_examples=25, derandomize=True)
@given(seeds, st.integers(0, 22))
def test_what_can_be_kept_is_kept(seed: int, number: int) -> None:
    """Not the last hour of the day: it makes room for the day after."""
    valid = valid_hour(seed)
    rota = plan_hour(valid.playlist, valid.screen, hour(f"{number:02}:00"))
    broken = {one.rule for one in rota.concessions}
    assert broken <= {Rule.SHARE_OF_VOICE, Rule.WEIGHT}, rota.concessions
    longest = max(turn.length for turn in rota.turns)
    total = sum(turn.length for turn in rota.turns)
    for language, percent in valid.screen.shares.items():
        spoken = sum(turn.length for turn in rota.turns if language in turn.slot.item.languages)
        assert spoken + longest >= percent / 100 * total


def test_derived_playlists_are_worth_the_name() -> None:
    """The hour they were derived from holds each of their limits, and their limits are many."""
    limits = 0
    for seed in range(40):
        valid = valid_hour(seed)
        total = sum(item.length or 0 for message in valid.order for item in message)
        for one in valid.playlist.slots:
            begins = []
            at = 0
            for message in valid.order:
                for shown_item in message:
                    begins += [at] if shown_item == one.item else []
                    at += shown_item.length or 0
            gaps = [later - earlier for earlier, later in pairwise([*begins, begins[0] + total])]
            assert min(gaps) >= (one.share.spacing or 0)
            assert len(begins) <= (one.share.most_per_hour or len(begins))
            limits += (one.share.spacing or one.share.most_per_hour or one.share.percent) is not None
        spoken = dict.fromkeys(valid.screen.shares, 0)
        for message in valid.order:
            for shown_item in message:
                for tag in spoken.keys() & set(shown_item.languages):
                    spoken[tag] += shown_item.length or 0
        assert all(spoken[tag] * 100 >= percent * total for tag, percent in valid.screen.shares.items())
    assert limits > 100


@st.composite
def playlists(draw: st.DrawFn) -> Playlist:
    slots: list[Slot] = []
    for number in range(draw(st.integers(1, 8))):
        message = draw(st.sampled_from((None, None, "m", "n")))
        languages = draw(st.sampled_from((("vi",), ("lo",), ("vi", "lo"), ("km",))))
        seconds = draw(st.sampled_from((1, 7, 30, 30, 95, 400, 5_000)))
        kind = draw(st.sampled_from((ItemKind.CLIP, ItemKind.IMAGE)))
        shown_item = item(f"i{number}", *languages, seconds=seconds, message=message, kind=kind)
        if slots and draw(st.integers(0, 5)) == 0:
            shown_item = draw(st.sampled_from(slots)).item
        share = Share(
            draw(st.integers(1, 5)),
            draw(st.sampled_from((None, None, 5.0, 40.0, 100.0))),
            draw(st.sampled_from((None, None, DurationMs(MINUTE), DurationMs(20 * MINUTE), DurationMs(90 * MINUTE)))),
            draw(st.sampled_from((None, None, 1, 4, 30))),
        )
        timetable = draw(st.sampled_from((Timetable(), Timetable(), Timetable(dayparts=("morning",)))))
        precedence = draw(st.sampled_from((Precedence.ORDINARY, Precedence.ORDINARY, *Precedence)))
        slots.append(Slot(f"s{number}", shown_item, {}, precedence, timetable, share=share))
    return playlist(*slots, sequence=draw(st.sampled_from(list(Sequence))))


screens = st.builds(
    lambda opens, shares: screen(opens, "07:45", **shares),
    st.sampled_from((None, "06:10", "07:00")),
    st.sampled_from(({}, {"lo": 30.0}, {"lo": 50.0, "km": 50.0})),
)


@settings(deadline=None, max_examples=30, derandomize=True)
@given(playlists(), screens)
def test_laws_hold_for_any_playlist(made: Playlist, on: Screen) -> None:
    rotas = plan_day(made, on, DAY)
    sets_are_whole(made, rotas)
    nothing_overlaps(rotas)
    limits_hold(made, rotas)
    for rota in rotas[5:8]:
        assert plan_hour(made, on, rota.hour) == rota


def sets_are_whole(made: Playlist, rotas: tuple[Rota, ...]) -> None:
    versions: dict[str, list[str]] = {}
    for one in made.slots:
        if one.item.message and one.precedence is not Precedence.URGENT:
            names = versions.setdefault(one.item.message, [])
            names += [] if one.item.id in names else [one.item.id]
    for rota in rotas:
        for message, names in versions.items():
            in_order = [turn.slot.item.id for turn in rota.turns if turn.slot.item.message == message]
            assert in_order == names * (len(in_order) // len(names))
        turns = [turn.slot.item for turn in rota.turns]
        for earlier, later in pairwise(turns):
            names = versions.get(earlier.message or "", [earlier.id])
            if earlier.id != names[-1]:
                assert later.id == names[names.index(earlier.id) + 1]


def nothing_overlaps(rotas: tuple[Rota, ...]) -> None:
    free = 0
    for rota in rotas:
        begins = instant_ms(rota.hour)
        for turn in rota.turns:
            assert begins + turn.offset >= free
            assert turn.length > 0
            free = begins + turn.offset + turn.length
        for closing in rota.closings:
            at = begins + closing.offset
            for turn in rota.turns:
                start = begins + turn.offset
                assert start + turn.length <= at or start >= at + closing.length
    assert free <= instant_ms(rotas[-1].hour) + HOUR


def limits_hold(made: Playlist, rotas: tuple[Rota, ...]) -> None:
    for one in made.slots:
        most = one.share.most_per_hour
        for rota in rotas:
            if most is not None and one.id in shown(rota):
                assert sum(turn.slot.item.id == one.item.id for turn in rota.turns) <= most
    subjects = {one.subject for rota in rotas for one in conceded(rota, Rule.SPACING)}
    for name, begins in starts(rotas).items():
        slots = [one for one in made.slots if one.item.id == name]
        message = slots[0].item.message
        if subjects & {message, *(one.id for one in slots)}:
            continue
        least = min(one.share.spacing or 0 for one in slots)
        assert all(later - earlier >= least for earlier, later in pairwise(begins))


@settings(deadline=None, max_examples=8, derandomize=True)
@given(playlists(), screens)
def test_midnight_is_kept_too(made: Playlist, on: Screen) -> None:
    rotas = (*plan_day(made, on, DAY), *plan_day(made, on, DAY + timedelta(days=1)))
    nothing_overlaps(rotas)
    limits_hold(made, rotas)


def digest_of_plans() -> str:
    """What a process of its own makes of some playlists."""
    plans = [plan_day(valid_hour(seed).playlist, valid_hour(seed).screen, DAY) for seed in range(4)]
    told = [
        (rota.hour.isoformat(), [(turn.offset, turn.length, turn.slot.id) for turn in rota.turns], rota.concessions)
        for plan in plans
        for rota in plan
    ]
    return sha256(repr(told).encode()).hexdigest()


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_another_process_plans_the_same(hash_seed: str) -> None:
    code = "from tests.unit.test_loop_properties import digest_of_plans; print(digest_of_plans())"
    told = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONHASHSEED": hash_seed}, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == digest_of_plans()


def test_spacing_that_two_items_can_keep_is_kept() -> None:
    made = playlist(slot("a", Share(spacing=DurationMs(MINUTE))), slot("b", Share(spacing=DurationMs(MINUTE))))
    assert not any(rota.concessions for rota in plan_day(made, screen(), DAY))
