"""The chord that calls the maintenance page: keys held together for a time. Pure; the window tells what is pressed."""

from dataclasses import dataclass
from typing import Final

from playlists.timing import MonotonicNs

MODIFIERS: Final = ("Ctrl", "Alt", "Shift", "Meta")
_KEYS: Final = frozenset(
    [*"ABCDEFGHIJKLMNOPQRSTUVWXYZ", *(f"F{number}" for number in range(1, 13)), "Home", "End", "Insert"]
)


class ChordError(ValueError):
    """Not modifiers and one key."""


@dataclass(frozen=True, slots=True)
class Chord:
    """At least one modifier and one key; the names are those on an English keyboard."""

    modifiers: frozenset[str]
    key: str


DEFAULT_CHORD: Final = Chord(frozenset({"Ctrl", "Alt", "Shift"}), "M")


def parsed_chord(text: str) -> Chord:
    """Read ``Ctrl+Alt+Shift+M``; capitals do not matter.

    Raises:
        ChordError: it is no chord.

    """
    *before, last = (word.strip().capitalize() for word in text.split("+"))
    if last not in _KEYS or not before or not set(before) <= set(MODIFIERS):
        raise ChordError(text)
    return Chord(frozenset(before), last)


@dataclass(frozen=True, slots=True)
class Held:
    """What is pressed now, and since when it has been the chord."""

    modifiers: frozenset[str] = frozenset()
    keys: frozenset[str] = frozenset()
    since: MonotonicNs | None = None


def pressed(held: Held, chord: Chord, modifiers: frozenset[str], key: str, now: MonotonicNs) -> Held:
    """A key went down, with these modifiers held; a repeat by the keyboard is no new press."""
    return _looked_at(held, chord, modifiers, held.keys | {key}, now)


def released(held: Held, chord: Chord, modifiers: frozenset[str], key: str, now: MonotonicNs) -> Held:
    """A key went up; ``modifiers`` are those still held."""
    return _looked_at(held, chord, modifiers, held.keys - {key}, now)


def complete_at(held: Held, hold_ns: int) -> MonotonicNs | None:
    """When the chord will have been held for long enough; None while it is not held."""
    return None if held.since is None else MonotonicNs(held.since + hold_ns)


def _looked_at(held: Held, chord: Chord, modifiers: frozenset[str], keys: frozenset[str], now: MonotonicNs) -> Held:
    # Other keys at the same time are a hand on the keyboard, not the chord.
    if modifiers == chord.modifiers and keys - set(MODIFIERS) == {chord.key}:
        return Held(modifiers, keys, held.since if held.since is not None else now)
    return Held(modifiers, keys, None)
