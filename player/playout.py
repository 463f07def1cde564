"""What plays next: a pure function of a state, a moment and a playlist. It knows nothing of screens, files or clocks.

Interrupting slots come first, then what they held, then what had to make way before it came to the screen, then urgent
bulletins whose time has come again, then priority slots that are new, then the rota of the hour or the plain loop.

An item that failed is left out for a time that
doubles with every failure in a row; where every item is left out, one that failed only once is tried again at once and
otherwise nothing plays until the first may come back, so that a folder of broken files never makes a busy loop.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from player import following
from player.following import NO_PLAN, OUTSIDE, Mark, Plan
from playlists.eligibility import in_time
from playlists.lengths import planned_length, turn_length
from playlists.playlist import Playlist, Slot
from playlists.rota import Turn
from playlists.schedule import Precedence
from playlists.timing import DurationMs, MonotonicNs

FIRST_SETBACK_NS: Final = 30_000_000_000
LONGEST_SETBACK_NS: Final = 3_600_000_000_000
RETRY_NS: Final = 2_000_000_000
"""How soon an empty playlist is looked at again, and an item that failed, once the playlist has changed."""

AGAIN_NS: Final = 300_000_000_000
"""How long after an urgent bulletin was shown it comes again, until it expires; its slot's spacing may say else."""
_SHORTEST: Final = timedelta(seconds=1)
"""With less than this left before closing nothing new is begun."""
REMAINDER: Final = DurationMs(1000)
"""What is interrupted with less than this left is not resumed: it would be a flash of its end."""


@dataclass(frozen=True, slots=True)
class Agenda:
    """What there is to show beside a plain loop, at the moment the decision is for.

    ``wall`` is when the slot decided on will begin; ``trusted`` whether that clock is. ``plan`` are the rotas of
    the clock hours around it, of a planned playlist; while the clock is not trusted, plans without anything
    dated. ``urgents`` are all urgent slots there are.
    """

    wall: datetime | None = None
    trusted: bool = True
    plan: Plan = NO_PLAN
    urgents: tuple[Slot, ...] = ()


NO_AGENDA: Final = Agenda()


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
    """Show this slot; ``resumes`` is the held play it goes on with, ``at_once`` that it does not wait for a cut.

    It begins ``waits_ns`` after the cut: so long the last picture stands.
    """

    slot: Slot
    resumes: Held | None = None
    waits_ns: int = 0
    at_once: bool = field(default=False, compare=False)


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
    put_off: tuple[Slot, ...] = ()
    """Slots that were chosen and had to make way before they came to the screen."""
    urgent_at: Mapping[str, MonotonicNs] = field(default_factory=lambda: MappingProxyType({}))
    """When each urgent item was last chosen, by item id."""
    priorities: tuple[Slot, ...] = ()
    """Priority slots that have come into the playlist and were not shown yet."""
    mark: Mark = OUTSIDE
    """The turn of a rota that was chosen last."""


@dataclass(frozen=True, slots=True)
class Step:
    """A decision, the state after it, and what was passed over on the way."""

    decision: Decision
    state: PlayoutState
    skipped: tuple[Skip, ...] = ()


def decide(
    state: PlayoutState, now: MonotonicNs, playlist: Playlist, rounds: int | None = None, agenda: Agenda = NO_AGENDA
) -> Step:
    """Say what comes next; ``rounds`` is after how many rounds to leave, None for never."""
    state = _without_what_is_over(state, agenda)
    step = _ahead_of_the_loop(state, now, agenda)
    if step is not None:
        return step
    if playlist.planned and agenda.plan.rotas and agenda.wall is not None:
        return _next_of_plan(state, now, playlist, agenda.wall, agenda.plan)
    if playlist.planned or not playlist.slots:
        return Step(Wait(MonotonicNs(now + RETRY_NS)), state)
    return _next_of_loop(state, now, playlist, rounds)


def _without_what_is_over(state: PlayoutState, agenda: Agenda) -> PlayoutState:
    """Urgent slots that expired or were called off while they waited do not come any more."""
    known = {slot.id for slot in agenda.urgents}

    def over(slot: Slot) -> bool:
        return slot.precedence is Precedence.URGENT and not (slot.id in known and in_force(slot, agenda))

    return withdrawn(state, over)


def _ahead_of_the_loop(state: PlayoutState, now: MonotonicNs, agenda: Agenda) -> Step | None:
    if state.interrupts:
        slot, *rest = state.interrupts
        return Step(Play(slot, at_once=True), replace(_urgent_chosen(state, slot, now), interrupts=tuple(rest)))
    if state.held:
        held = state.held[-1]
        return Step(Play(held.slot, held), replace(state, held=state.held[:-1]))
    if state.put_off:
        return Step(Play(state.put_off[0]), replace(state, put_off=state.put_off[1:]))
    for slot in _by_issue(agenda.urgents):
        due = _again_at(state, slot) <= now
        if due and in_force(slot, agenda) and not _left_out(state, slot, now):
            return Step(Play(slot), _urgent_chosen(state, slot, now))
    return None


def arrivals(state: PlayoutState, agenda: Agenda) -> tuple[Slot, ...]:
    """Urgent slots that were never chosen and have not expired, in the order of their issue: they interrupt at once."""
    waiting = {slot.id for slot in state.interrupts}
    return tuple(
        slot
        for slot in _by_issue(agenda.urgents)
        if slot.item.id not in state.urgent_at
        and slot.item.id not in state.setbacks
        and slot.id not in waiting
        and in_force(slot, agenda)
    )


def in_force(urgent: Slot, agenda: Agenda) -> bool:
    """Whether an urgent slot has not expired, as far as a trusted clock can tell."""
    bulletin = urgent.item.bulletin
    urgency = None if bulletin is None else bulletin.urgency
    if urgency is None or agenda.wall is None or not agenda.trusted:
        return True
    return urgency.expires > agenda.wall


def _by_issue(urgents: tuple[Slot, ...]) -> list[Slot]:
    return sorted(urgents, key=_issued)


def _issued(slot: Slot) -> tuple[float, str]:
    urgency = None if slot.item.bulletin is None else slot.item.bulletin.urgency
    return (0.0 if urgency is None else urgency.issued.timestamp(), slot.id)


def _again_at(state: PlayoutState, urgent: Slot) -> MonotonicNs:
    """When an urgent slot comes again; at any time when it was never shown."""
    shown = state.urgent_at.get(urgent.item.id)
    if shown is None:
        return MonotonicNs(0)
    spacing = urgent.share.spacing
    return MonotonicNs(shown + (AGAIN_NS if spacing is None else spacing * 1_000_000))


def _urgent_chosen(state: PlayoutState, urgent: Slot, now: MonotonicNs) -> PlayoutState:
    return replace(state, urgent_at=MappingProxyType({**state.urgent_at, urgent.item.id: now}))


def _left_out(state: PlayoutState, slot: Slot, now: MonotonicNs) -> bool:
    setback = state.setbacks.get(slot.item.id)
    return setback is not None and setback.until > now


def _next_of_plan(state: PlayoutState, now: MonotonicNs, playlist: Playlist, wall: datetime, plan: Plan) -> Step:
    """The next turn whose item is not left out; new priority slots of this hour come ahead of it."""
    left = following.until_closing(wall, plan.rotas)
    if left is not None and left < _SHORTEST:
        return Step(Wait(MonotonicNs(now + RETRY_NS)), state)
    passed_over: dict[str, Slot] = {}

    def may(turn: Turn, at: datetime) -> bool:
        if _left_out(state, turn.slot, now):
            passed_over[turn.slot.item.id] = turn.slot
            return False
        return in_time(playlist, turn.slot, at.astimezone(wall.tzinfo))

    for slot in state.priorities:
        state = replace(state, priorities=tuple(other for other in state.priorities if other is not slot))
        planned = following.planned_in(slot, wall, plan)
        if planned is not None and may(planned, wall):
            return Step(Play(_shown_as(planned, left)), state)
    turned = following.next_turn(state.mark, wall, plan, may)
    state, skipped = _told(state, passed_over.values())
    if turned is None:
        return Step(Wait(MonotonicNs(now + RETRY_NS)), state, skipped)
    waits_ns = turned.waits // timedelta(microseconds=1) * 1000
    if turned.waits > following.HOLD:
        return Step(Wait(MonotonicNs(now + waits_ns)), state, skipped)
    return Step(Play(_shown_as(turned.turn, left), waits_ns=waits_ns), replace(state, mark=turned.mark), skipped)


def _told(state: PlayoutState, passed_over: Iterable[Slot]) -> tuple[PlayoutState, tuple[Skip, ...]]:
    """Report slots that were passed over, once after each failure."""
    skipped: list[Skip] = []
    for slot in passed_over:
        setback = state.setbacks[slot.item.id]
        if not setback.told:
            skipped.append(Skip(slot, setback.reason))
            state = _with_setback(state, slot.item.id, replace(setback, told=True))
    return state, tuple(skipped)


def _shown_as(turn: Turn, left: timedelta | None) -> Slot:
    """The slot of a turn; cut short where it was planned shorter than its item, or the screen closes before its end."""
    item = turn.slot.item
    whole = turn_length(turn.slot)
    open_for: int = turn.length
    left_ms = whole if left is None else left // timedelta(milliseconds=1)
    if open_for < whole and item.message is not None:
        open_for = min(open_for, left_ms)  # the versions of a set share what is left
    elif left is not None and left_ms < 2 * whole:
        open_for = left_ms  # the last turn before closing stands until then
    if open_for >= whole:
        return turn.slot
    fade = planned_length(item) - whole  # begun so much before
    return replace(turn.slot, item=replace(item, duration=DurationMs(open_for + fade)))


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
    """An item failed: leave it out for a time. An urgent one counts as not shown."""
    before = state.setbacks.get(item)
    failures = 1 if before is None else before.failures + 1
    pause = min(FIRST_SETBACK_NS << min(failures - 1, 20), LONGEST_SETBACK_NS)
    urgent_at = {key: at for key, at in state.urgent_at.items() if key != item}
    state = replace(state, urgent_at=MappingProxyType(urgent_at))
    return _with_setback(state, item, Setback(failures, now, MonotonicNs(now + pause), reason))


def succeeded(state: PlayoutState, item: str) -> PlayoutState:
    """An item was shown well: its failures are forgotten."""
    return _with_setback(state, item, None)


def interrupted(state: PlayoutState, urgent: Slot, held: Held | None) -> PlayoutState:
    """An urgent slot comes at once; what it cuts short, if anything, is held and resumed after it."""
    interrupts = (*state.interrupts, urgent)
    return replace(state, interrupts=interrupts, held=(*state.held, held) if held is not None else state.held)


def arrived(state: PlayoutState, urgents: tuple[Slot, ...]) -> PlayoutState:
    """Urgent slots have come: they are shown before anything else, in the order of their issue."""
    return replace(state, interrupts=tuple(_by_issue((*state.interrupts, *urgents))))


def hold(state: PlayoutState, held: Held) -> PlayoutState:
    """A play was cut short and is to be resumed."""
    return replace(state, held=(*state.held, held))


def put_off(state: PlayoutState, slot: Slot) -> PlayoutState:
    """A slot that was chosen has to make way; it comes after what it makes way for."""
    return replace(state, put_off=(slot, *state.put_off))


def remembered(state: PlayoutState, playlist: Playlist, held: Held) -> PlayoutState:
    """Where a player stands that was in this play when it died: it resumes it, and goes on after it.

    What is urgent may have come before the playlist was known; it is not shown again for that.
    """
    ids = [slot.id for slot in playlist.slots]
    index = (ids.index(held.slot.id) + 1) % len(ids) if held.slot.id in ids else 0
    return replace(state, next_index=index, held=(held, *state.held), mark=Mark(item=held.slot.item.id))


def withdrawn(state: PlayoutState, items: Callable[[Slot], bool]) -> PlayoutState:
    """What was withdrawn neither comes nor is resumed."""
    return replace(
        state,
        interrupts=tuple(slot for slot in state.interrupts if not items(slot)),
        held=tuple(held for held in state.held if not items(held.slot)),
        put_off=tuple(slot for slot in state.put_off if not items(slot)),
        priorities=tuple(slot for slot in state.priorities if not items(slot)),
    )


def content_changed(state: PlayoutState, before: Playlist, after: Playlist) -> PlayoutState:
    """The playlist is another one: stay at the same place in it and give every item a new chance.

    What has failed a moment ago waits for a moment nevertheless: a file that is being copied is another one at every
    look. Priority slots that were not there before come at the next boundary.
    """
    setbacks = {
        item: replace(setback, failures=2, until=min(setback.until, MonotonicNs(setback.at + RETRY_NS)))
        for item, setback in state.setbacks.items()
    }
    place, over = _same_place(state.next_index, before, after)
    rounds = state.rounds + over
    known = {slot.id for slot in before.slots}
    fresh = [slot for slot in after.slots if slot.precedence is Precedence.PRIORITY and slot.id not in known]
    here = {slot.id for slot in after.slots}
    priorities = (*(slot for slot in state.priorities if slot.id in here), *(fresh if known else ()))
    kept = tuple(slot for slot in state.put_off if slot.id in here or slot.precedence is Precedence.URGENT)
    held = tuple(held for held in state.held if held.slot.id in here or held.slot.precedence is Precedence.URGENT)
    return replace(
        state,
        next_index=place,
        rounds=rounds,
        setbacks=MappingProxyType(setbacks),
        priorities=priorities,
        put_off=kept,
        held=held if here else state.held,
    )


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
