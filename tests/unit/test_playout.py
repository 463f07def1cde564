"""What plays next: every slot in its turn, failures left out, interruptions first, and never a busy loop."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from player.playout import (
    FIRST_SETBACK_NS,
    LONGEST_SETBACK_NS,
    RETRY_NS,
    Held,
    Leave,
    Play,
    PlayoutState,
    Setback,
    Skip,
    Wait,
    content_changed,
    decide,
    failed,
    interrupted,
    succeeded,
)
from player.rehearsal import playlist_of
from playlists.playlist import Item, ItemKind, Playlist, Slot
from playlists.timing import DurationMs, MonotonicNs

SECOND = 1_000_000_000
NOW = MonotonicNs(1000 * SECOND)
NAMES = st.lists(st.sampled_from("abcdefgh"), unique=True)
FRESH = PlayoutState()


def played(state: PlayoutState, playlist: Playlist, times: int, now: int = NOW) -> tuple[list[str], PlayoutState]:
    """The ids of the slots of so many decisions to play, and the state after them."""
    ids = []
    for _ in range(times):
        step = decide(state, MonotonicNs(now), playlist)
        assert isinstance(step.decision, Play)
        ids.append(step.decision.slot.id)
        state = step.state
    return ids, state


def urgent(name: str) -> Slot:
    return Slot(name, Item(name, name, ItemKind.IMAGE, name))


def all_broken(playlist: Playlist, failures: int, now: MonotonicNs) -> PlayoutState:
    state = FRESH
    for slot in playlist.slots:
        for _ in range(failures):
            state = failed(state, slot.item.id, "damaged", now)
    return state


@given(NAMES.filter(bool), st.integers(1, 4))
def test_every_slot_of_a_round_plays_once_and_in_order(names: list[str], rounds: int) -> None:
    ids, state = played(FRESH, playlist_of(*names), rounds * len(names))
    assert ids == names * rounds
    assert (state.rounds, state.next_index) == (rounds, 0)


@given(NAMES.filter(bool), st.integers(1, 4))
def test_it_leaves_after_the_rounds_asked_for_and_not_before(names: list[str], rounds: int) -> None:
    state, playlist = FRESH, playlist_of(*names)
    for name in names * rounds:
        step = decide(state, NOW, playlist, rounds)
        assert step.decision == Play(next(slot for slot in playlist.slots if slot.id == name))
        state = step.state
    assert decide(state, NOW, playlist, rounds).decision == Leave()


def test_an_item_in_two_slots_plays_in_both() -> None:
    item = Item("x", "x", ItemKind.CLIP, "x")
    playlist = Playlist("p", "", (Slot("1", item), Slot("2", item), Slot("3", replace(item, id="y"))))
    assert played(FRESH, playlist, 6)[0] == ["1", "2", "3", "1", "2", "3"]
    ids, _state = played(failed(FRESH, "x", "damaged", NOW), playlist, 2)
    assert ids == ["3", "3"], "an item that failed is left out wherever it stands"


def test_an_empty_playlist_is_looked_at_again_soon() -> None:
    assert decide(FRESH, NOW, playlist_of()).decision == Wait(MonotonicNs(NOW + RETRY_NS))


def test_each_failure_in_a_row_doubles_the_time_up_to_an_hour() -> None:
    state, pauses = FRESH, []
    for _ in range(12):
        state = failed(state, "a", "damaged", NOW)
        pauses.append(state.setbacks["a"].until - NOW)
    assert pauses[0] == FIRST_SETBACK_NS
    assert all(after == min(2 * before, LONGEST_SETBACK_NS) for before, after in pairwise(pauses))
    assert pauses[-1] == LONGEST_SETBACK_NS


def test_a_thousand_failures_are_no_more_than_an_hour() -> None:
    state = FRESH
    for _ in range(1000):
        state = failed(state, "a", "damaged", NOW)
    assert state.setbacks["a"].until - NOW == LONGEST_SETBACK_NS


def test_success_forgets_failures() -> None:
    state = failed(failed(FRESH, "a", "damaged", NOW), "a", "damaged", NOW)
    assert succeeded(state, "a") == FRESH
    assert succeeded(FRESH, "never failed") == FRESH


def test_an_item_left_out_is_told_once_for_each_failure() -> None:
    playlist, state = playlist_of("a", "b"), failed(FRESH, "a", "damaged", NOW)
    first = decide(state, NOW, playlist)
    assert first.skipped == (Skip(playlist.slots[0], "damaged"),)
    second = decide(first.state, NOW, playlist)
    assert (second.decision, second.skipped) == (Play(playlist.slots[1]), ())
    again = failed(second.state, "a", "hang", NOW)
    assert decide(again, NOW, playlist).skipped == (Skip(playlist.slots[0], "hang"),)


def test_an_item_comes_back_exactly_when_its_time_is_over() -> None:
    playlist, state = playlist_of("a", "b"), failed(FRESH, "a", "damaged", NOW)
    over = NOW + FIRST_SETBACK_NS
    assert played(state, playlist, 1, over - 1)[0] == ["b"]
    assert played(state, playlist, 1, over)[0] == ["a"]


def test_where_all_failed_once_one_is_tried_at_once_and_where_all_failed_twice_nothing_plays() -> None:
    playlist = playlist_of("a", "b")
    once = failed(all_broken(playlist, 2, NOW), "c", "damaged", NOW)
    assert decide(once, NOW, playlist).decision == Wait(MonotonicNs(NOW + 2 * FIRST_SETBACK_NS))
    mixed = failed(failed(failed(FRESH, "a", "x", NOW), "a", "x", NOW), "b", "x", NOW)
    assert decide(mixed, NOW, playlist).decision == Play(playlist.slots[1])


def test_it_never_waits_for_a_moment_that_has_passed() -> None:
    playlist = playlist_of("a")
    state = replace(FRESH, setbacks={"a": Setback(3, NOW, MonotonicNs(NOW + 1), "damaged")})
    step = decide(state, NOW, playlist)
    assert isinstance(step.decision, Wait)
    assert step.decision.until > NOW


@settings(max_examples=30, deadline=None)
@given(NAMES.filter(bool), st.integers(0, 50_000_000), st.booleans())
def test_a_broken_folder_is_never_a_busy_loop(names: list[str], takes_ns: int, restless: bool) -> None:  # noqa: FBT001
    """An hour in which every item fails after ``takes_ns``; ten minutes where the folder changes at every look."""
    playlist, state, now, plays, looks = playlist_of(*names), FRESH, int(NOW), 0, 0
    lasts = (600 if restless else 3600) * SECOND
    end = now + lasts
    while now < end:
        looks += 1
        assert looks < 5_000
        state = content_changed(state, playlist, playlist) if restless else state
        step = decide(state, MonotonicNs(now), playlist)
        state = step.state
        match step.decision:
            case Play(slot):
                plays += 1
                now += takes_ns
                state = failed(state, slot.item.id, "damaged", MonotonicNs(now))
            case Wait(until):
                assert until > now
                now = until
            case Leave():
                raise AssertionError
    per_item = lasts // RETRY_NS + 2 if restless else 9
    assert plays <= per_item * len(names)


@given(NAMES.filter(bool), st.sets(st.sampled_from("abcdefgh")), st.integers(1, 3))
def test_rounds_are_counted_whatever_fails(names: list[str], broken: set[str], rounds: int) -> None:
    """It leaves, and no item that can play plays more or less than once a round."""
    playlist, state, counts = playlist_of(*names), FRESH, dict.fromkeys(names, 0)
    for _ in range(200):
        step = decide(state, NOW, playlist, rounds)
        state = step.state
        if isinstance(step.decision, Leave):
            break
        if isinstance(step.decision, Play):
            name = step.decision.slot.id
            counts[name] += 1
            state = failed(state, name, "damaged", NOW) if name in broken else succeeded(state, name)
    else:
        raise AssertionError
    assert {counts[name] for name in names if name not in broken} <= {rounds}


def test_interrupts_come_before_what_was_held_and_that_before_the_loop() -> None:
    playlist = playlist_of("a", "b", "c")
    ids, state = played(FRESH, playlist, 1)
    state = interrupted(state, urgent("u1"), Held(playlist.slots[0], "play-a", DurationMs(1500)))
    more, state = played(state, playlist, 1)
    state = interrupted(state, urgent("u2"), Held(urgent("u1"), "play-u1", DurationMs(700)))
    state = interrupted(state, urgent("u3"), None)
    order = []
    for _ in range(6):
        step = decide(state, NOW, playlist)
        assert isinstance(step.decision, Play)
        held = step.decision.resumes
        order.append((step.decision.slot.id, None if held is None else (held.play, held.position)))
        state = step.state
    assert ids + more == ["a", "u1"]
    assert order == [
        ("u2", None),
        ("u3", None),
        ("u1", ("play-u1", 700)),
        ("a", ("play-a", 1500)),
        ("b", None),
        ("c", None),
    ]
    assert not state.held
    assert not state.interrupts


@given(st.lists(st.sampled_from(["urgent", "urgent-held", "next"]), max_size=30))
def test_what_was_held_is_resumed_once_and_the_latest_first(events: Sequence[str]) -> None:
    playlist, state = playlist_of("a", "b"), FRESH
    holds: list[str] = []
    resumed: list[str] = []
    for number, event in enumerate(events):
        if event == "next":
            step = decide(state, NOW, playlist)
            state = step.state
            assert isinstance(step.decision, Play)
            if step.decision.resumes is not None:
                assert step.decision.resumes.play == holds.pop()
                resumed.append(step.decision.resumes.play)
        else:
            held = Held(playlist.slots[0], str(number), DurationMs(1)) if event == "urgent-held" else None
            holds += [held.play] if held is not None else []
            state = interrupted(state, urgent(f"u{number}"), held)
    assert [held.play for held in state.held] == holds
    assert len(set(resumed)) == len(resumed)


def test_interrupts_play_even_where_there_is_no_playlist_and_the_rounds_are_over() -> None:
    state = interrupted(replace(FRESH, rounds=5), urgent("u"), None)
    assert decide(state, NOW, playlist_of(), 1).decision == Play(urgent("u"))


@pytest.mark.parametrize(
    ("before", "chosen", "after", "following"),
    [
        ("abcd", 2, "abcd", "c"),
        ("abcd", 2, "abxcd", "x"),
        ("abcd", 2, "xabcd", "c"),
        ("abcd", 2, "acd", "c"),  # the latest is gone: on after the one before it
        ("abcd", 2, "cd", "c"),
        ("abcd", 2, "dcba", "a"),
        ("abcd", 2, "xyz", "x"),
        ("abcd", 4, "abcdx", "a"),
        ("abcd", 3, "abc", "a"),
        ("abcd", 0, "xabcd", "x"),
        ("", 0, "ab", "a"),
    ],
)
def test_another_playlist_goes_on_where_the_one_before_stood(
    before: str, chosen: int, after: str, following: str
) -> None:
    _ids, state = played(FRESH, playlist_of(*before), chosen)
    state = content_changed(state, playlist_of(*before), playlist_of(*after))
    assert played(state, playlist_of(*after), 1)[0] == [following]


@given(NAMES.filter(bool), st.integers(0, 8), NAMES.filter(bool))
def test_a_change_costs_no_item_its_turn(before: list[str], chosen: int, after: list[str]) -> None:
    """What was not chosen yet and kept its order is still played before the round is over; no round is lost."""
    chosen %= len(before) + 1
    ids, state = played(FRESH, playlist_of(*before), chosen)
    after = sorted(after, key=lambda name: before.index(name) if name in before else 100)
    changed = content_changed(state, playlist_of(*before), playlist_of(*after))
    rest, _ = played(changed, playlist_of(*after), len(after))
    this_round = rest[: len(after) - changed.next_index] if changed.next_index else rest
    outstanding = [name for name in before if name not in ids and name in after]
    assert [name for name in this_round if name in outstanding] == outstanding
    assert changed.rounds - state.rounds in {0, 1}
    assert changed.next_index or changed.rounds or not ids or not set(ids) & set(after)


def test_a_round_that_ends_by_a_change_counts() -> None:
    before, after = playlist_of("a", "b", "c"), playlist_of("a", "b")
    _ids, state = played(FRESH, before, 2)
    state = content_changed(state, before, after)
    assert (state.next_index, state.rounds) == (0, 1)
    assert decide(state, NOW, after, 1).decision == Leave()


def test_a_playlist_that_is_gone_for_a_while_keeps_its_place_when_it_comes_back() -> None:
    full, empty = playlist_of("a", "b", "c"), playlist_of()
    _ids, state = played(FRESH, full, 2)
    state = content_changed(state, full, empty)
    state = content_changed(state, empty, full)
    assert 0 <= state.next_index < 3


def test_a_change_gives_every_item_a_new_chance_but_what_just_failed_a_moment() -> None:
    playlist = playlist_of("a")
    state = all_broken(playlist, 5, NOW)
    changed = content_changed(state, playlist, playlist)
    assert decide(changed, MonotonicNs(NOW + RETRY_NS), playlist).decision == Play(playlist.slots[0])
    assert decide(changed, NOW, playlist).decision == Wait(MonotonicNs(NOW + RETRY_NS))
