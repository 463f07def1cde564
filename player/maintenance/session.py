"""One visit to the maintenance page: what is on it, and what a key, a touch or the passing of time does. Pure."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from player.maintenance.pin import MOST_DIGITS
from playlists.timing import MonotonicNs


class View(StrEnum):
    """Which page stands."""

    LOCKED = "locked"
    """The PIN is asked for."""
    OVERVIEW = "overview"
    FAULTS = "faults"
    RESTART = "restart"
    """Whether to restart is asked once more."""
    PICTURE = "picture"
    """The test picture, with the test tone."""


class Act(StrEnum):
    """What the player has to do for the technician."""

    CHECK = "check"
    """Check the PIN that was entered."""
    LEAVE = "leave"
    RESTART = "restart"
    SOUND = "sound"
    """Play the test tone."""


class Button(StrEnum):
    """What can be pressed, by a finger or by the keyboard's focus; digits are buttons ``0`` to ``9``."""

    ERASE = "erase"
    OPEN = "open"
    LEAVE = "leave"
    BACK = "back"
    FAULTS = "faults"
    PICTURE = "picture"
    RESTART = "restart"
    REALLY = "really"


DIGITS: Final = ("1", "2", "3", "4", "5", "6", "7", "8", "9")
BUTTONS: Final[dict[View, tuple[str, ...]]] = {
    View.LOCKED: (*DIGITS, Button.ERASE, "0", Button.OPEN, Button.LEAVE),
    View.OVERVIEW: (Button.FAULTS, Button.PICTURE, Button.RESTART, Button.LEAVE),
    View.FAULTS: (Button.BACK, Button.LEAVE),
    View.RESTART: (Button.BACK, Button.REALLY),
    View.PICTURE: (),
}
"""Every view's buttons, in the order the keyboard walks through them."""

_OPEN_AT: Final = BUTTONS[View.LOCKED].index(Button.OPEN)
_WALK: Final = {"Tab": 1, "Right": 1, "Down": 1, "Backtab": -1, "Left": -1, "Up": -1}
_PRESS: Final = frozenset({"Return", "Enter", "Space"})


@dataclass(frozen=True, slots=True)
class Session:
    """How far the visit has come; ``wrong`` tells of the last PIN, ``blocked_until`` when the next may be tried."""

    touched: MonotonicNs
    view: View = View.LOCKED
    entry: str = ""
    focus: int = _OPEN_AT
    checking: bool = False
    wrong: bool = False
    blocked_until: MonotonicNs | None = None
    mute: bool = False
    """Whether the test tone could not be played."""


Step = tuple[Session, Act | None]


def key(session: Session, name: str, now: MonotonicNs) -> Step:
    """A key went down: a digit, ``Backspace``, ``Return``, ``Escape``, an arrow, ``Tab`` or ``Backtab``."""
    session = replace(session, touched=now)
    buttons = BUTTONS[session.view]
    if session.view is View.PICTURE:
        return replace(session, view=View.OVERVIEW, focus=1), None
    if name == "Escape":
        back = session.view in (View.FAULTS, View.RESTART)
        return _press(session, Button.BACK if back else Button.LEAVE, now)
    if name in _WALK:
        return replace(session, focus=(session.focus + _WALK[name]) % len(buttons)), None
    if name in _PRESS:
        return _press(session, buttons[session.focus], now)
    if session.view is View.LOCKED:
        return _typed(session, name, now)
    return session, None


def press(session: Session, button: str | None, now: MonotonicNs) -> Step:
    """A finger or the mouse pressed a button, or, with None, a place where there is none."""
    session = replace(session, touched=now)
    if session.view is View.PICTURE:
        return replace(session, view=View.OVERVIEW, focus=1), None
    if button is None or button not in BUTTONS[session.view]:
        return session, None
    return _press(replace(session, focus=BUTTONS[session.view].index(button)), button, now)


def answered(session: Session, now: MonotonicNs, *, right: bool, next_try: MonotonicNs) -> Session:
    """The PIN was checked."""
    session = replace(session, touched=now, entry="", checking=False, wrong=not right)
    if right:
        return replace(session, view=View.OVERVIEW, focus=0, blocked_until=None)
    return replace(session, blocked_until=next_try if next_try > now else None)


def unheard(session: Session, *, mute: bool) -> Session:
    """The test tone was asked for, and could be played or not."""
    return replace(session, mute=mute)


def is_over(session: Session, now: MonotonicNs, patience_ns: int) -> bool:
    """Whether nobody has touched anything for so long that the screen goes back to its work."""
    return now - session.touched >= patience_ns


def blocked_for(session: Session, now: MonotonicNs) -> int:
    """Nanoseconds until a PIN may be tried again."""
    return 0 if session.blocked_until is None else max(0, session.blocked_until - now)


def _typed(session: Session, name: str, now: MonotonicNs) -> Step:
    if name == "Backspace":
        return _press(session, Button.ERASE, now)
    if name in (*DIGITS, "0"):
        return _press(session, name, now)
    return session, None


def _press(session: Session, button: str, now: MonotonicNs) -> Step:
    match button:
        case Button.LEAVE:
            return session, Act.LEAVE
        case Button.REALLY:
            return session, Act.RESTART
        case Button.BACK:
            return replace(session, view=View.OVERVIEW, focus=0), None
        case Button.PICTURE:
            return replace(session, view=View.PICTURE, mute=False), Act.SOUND
        case Button.FAULTS | Button.RESTART:
            return replace(session, view=View(button), focus=0), None
        case _:
            return _at_the_lock(session, button, now)


def _at_the_lock(session: Session, button: str, now: MonotonicNs) -> Step:
    if session.checking or blocked_for(session, now):
        return session, None
    match button:
        case Button.ERASE:
            return replace(session, entry=session.entry[:-1]), None
        case Button.OPEN if session.entry:
            return replace(session, checking=True, wrong=False), Act.CHECK
        case Button.OPEN:
            return session, None
        case _:
            entry = (session.entry + button)[:MOST_DIGITS]
            return replace(session, entry=entry, wrong=False, focus=_OPEN_AT), None
