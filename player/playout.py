"""What plays next: a pure function of a state, a moment and a playlist. It knows nothing of screens, files or clocks.

Interrupting slots come first, then what they held, then the loop. An item that failed is left out for a time that
doubles with every failure in a row; where every item is left out, one that failed only once is tried again at once and
otherwise nothing plays until the first may come back, so that a folder of broken files never makes a busy loop.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from playlists.playlist import Playlist, Slot
from playlists.timing import DurationMs, MonotonicNs

FIRST_SETBACK_NS: Final = 30_000_000_000
LONGEST_SETBACK_NS: Final = 3_600_000_000_000
RETRY_NS: Final = 2_000_000_000
"""How soon an empty playlist is looked at again, and an item that failed, once the playlist has changed."""


@dataclass(frozen=True, slots=True)
class Held:
    """A play that was interrupted and is to be resumed."""

    slot: Slot
    play: str
    position: DurationMs


@dataclass(frozen=True, slots=True)
class Setback:
    """An item that failed ``failures`` times in a row, last at ``at``, and is left out until a moment."""

    failures: int
    at: MonotonicNs
    until: MonotonicNs
    reason: str
    told: bool = False
    """Whether a skip of it has been reported since."""


@dataclass(frozen=True, slots=True)
class Play:
    """Show this slot; ``resumes`` is the held play it goes on with."""

    slot: Slot
    resumes: Held | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing can play before a moment."""

    until: MonotonicNs


@dataclass(frozen=True, slots=True)
class Leave:
    """The rounds asked for are over."""


Decision = Play | Wait | Leave


@dataclass(frozen=True, slots=True)
class Skip:
    """A slot that is passed over because its item was left out."""

    slot: Slot
    reason: str


@dataclass(frozen=True, slots=True)
class PlayoutState:
    """Where the loop stands."""

    next_index: int = 0
    rounds: int = 0
    """Rounds begun and ended."""
    setbacks: Mapping[str, Setback] = field(default_factory=lambda: MappingProxyType({}))
    """By item id."""
    interrupts: tuple[Slot, ...] = ()
    held: tuple[Held, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """A decision, the state after it, and what was passed over on the way."""

    decision: Decision
    state: PlayoutState
    skipped: tuple[Skip, ...] = ()


def decide(state: PlayoutState, now: MonotonicNs, playlist: Playlist, rounds: int | None = None) -> Step:
    """Say what comes next; ``rounds`` is after how many rounds to leave, None for never."""
    if state.interrupts:
        return Step(Play(state.interrupts[0]), replace(state, interrupts=state.interrupts[1:]))
    if state.held:
        held = state.held[-1]
        return Step(Play(held.slot, held), replace(state, held=state.held[:-1]))
    if not playlist.slots:
        return Step(Wait(MonotonicNs(now + RETRY_NS)), state)
    return _next_of_loop(state, now, playlist, rounds)


def _next_of_loop(state: PlayoutState, now: MonotonicNs, playlist: Playlist, rounds: int | None) -> Step:
    skipped: list[Skip] = []
    for _ in playlist.slots:
        if rounds is not None and state.rounds >= rounds:
            return Step(Leave(), state, tuple(skipped))
        slot, state = _advance(state, playlist)
        setback = state.setbacks.get(slot.item.id)
        if setback is None or setback.until <= now:
            return Step(Play(slot), state, tuple(skipped))
        if not setback.told:
            skipped.append(Skip(slot, setback.reason))
            state = _with_setback(state, slot.item.id, replace(setback, told=True))
    if rounds is not None and state.rounds >= rounds:
        return Step(Leave(), state, tuple(skipped))
    return _least_bad(state, now, playlist, tuple(skipped))


def _least_bad(state: PlayoutState, now: MonotonicNs, playlist: Playlist, skipped: tuple[Skip, ...]) -> Step:
    """Every item is left out: try again one that failed once, or wait."""
    for slot in playlist.slots:
        if state.setbacks[slot.item.id].failures == 1:
            return Step(Play(slot), state, skipped)
    until = min(state.setbacks[slot.item.id].until for slot in playlist.slots)
    return Step(Wait(max(until, now)), state, skipped)


def _advance(state: PlayoutState, playlist: Playlist) -> tuple[Slot, PlayoutState]:
    index = state.next_index % len(playlist.slots)
    over = index + 1 == len(playlist.slots)
    return playlist.slots[index], replace(
        state, next_index=0 if over else index + 1, rounds=state.rounds + 1 if over else state.rounds
    )


def failed(state: PlayoutState, item: str, reason: str, now: MonotonicNs) -> PlayoutState:
    """An item failed: leave it out for a time."""
    before = state.setbacks.get(item)
    failures = 1 if before is None else before.failures + 1
    pause = min(FIRST_SETBACK_NS << min(failures - 1, 20), LONGEST_SETBACK_NS)
    return _with_setback(state, item, Setback(failures, now, MonotonicNs(now + pause), reason))


def succeeded(state: PlayoutState, item: str) -> PlayoutState:
    """An item was shown well: its failures are forgotten."""
    return _with_setback(state, item, None)


def interrupted(state: PlayoutState, urgent: Slot, held: Held | None) -> PlayoutState:
    """An urgent slot comes at once; what it cuts short, if anything, is held and resumed after it."""
    interrupts = (*state.interrupts, urgent)
    return replace(state, interrupts=interrupts, held=(*state.held, held) if held is not None else state.held)


def content_changed(state: PlayoutState, before: Playlist, after: Playlist) -> PlayoutState:
    """The playlist is another one: stay at the same place in it and give every item a new chance.

    What has failed a moment ago waits for a moment nevertheless: a file that is being copied is another one at every
    look.
    """
    setbacks = {
        item: replace(setback, failures=2, until=min(setback.until, MonotonicNs(setback.at + RETRY_NS)))
        for item, setback in state.setbacks.items()
    }
    place, over = _same_place(state.next_index, before, after)
    rounds = state.rounds + over
    return replace(state, next_index=place, rounds=rounds, setbacks=MappingProxyType(setbacks))


def _same_place(place: int, before: Playlist, after: Playlist) -> tuple[int, bool]:
    """Where to go on, after the latest slot chosen that is still there; and whether that ends the round."""
    if not place:
        return 0, False
    if not after.slots:
        return place, False
    ids = {slot.id: index for index, slot in enumerate(after.slots)}
    chosen = [ids[slot.id] for slot in before.slots[:place] if slot.id in ids]
    following = chosen[-1] + 1 if chosen else 0
    return following % len(ids), following == len(ids)


def _with_setback(state: PlayoutState, item: str, setback: Setback | None) -> PlayoutState:
    setbacks = {key: value for key, value in state.setbacks.items() if key != item}
    if setback is not None:
        setbacks[item] = setback
    return replace(state, setbacks=MappingProxyType(setbacks))
