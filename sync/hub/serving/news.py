"""Whom a publication concerns: two states of the feed in, patterns of screens out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from sync.trust import roles

Targets = Mapping[str, tuple[str, tuple[str, ...]]]
"""By path: the digest, and for which screens by the signed ``custom`` (``*/*`` where it does not say)."""

ALL: Final = "*/*"


@dataclass(frozen=True, slots=True)
class FeedState:
    """A published state: versions, and by role its targets. ``confirmed`` are sequences that all screens may take."""

    timestamp: int
    versions: Mapping[str, int] = field(default_factory=dict, hash=False)
    targets: Mapping[str, Targets] = field(default_factory=dict, hash=False)
    confirmed: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class News:
    """Up to the timestamp of version ``version``: screens with something urgent, and with anything else.

    A pattern is ``GATE/SCREEN``, ``GATE/*`` or ``*/*``.
    """

    version: int
    urgent: frozenset[str]
    other: frozenset[str]


def news(before: FeedState, after: FeedState, freed: frozenset[str]) -> News:
    """What came between two states. ``freed`` are the screens whose release came to be confirmed."""
    urgent: set[str] = set()
    other: set[str] = set(freed)
    for role in after.targets.keys() | before.targets.keys():
        found = urgent if role in {roles.URGENT, roles.WITHDRAWALS} else other
        found.update(_changed(before.targets.get(role, {}), after.targets.get(role, {})))
    return News(after.timestamp, frozenset(urgent), frozenset(other))


def patterns_of(gate: str, screen: str) -> tuple[str, str, str]:
    """The patterns that a screen answers to."""
    return f"{gate}/{screen}", f"{gate}/*", ALL


def _changed(before: Targets, after: Targets) -> Iterator[str]:
    """The screens of every target that is there on one side only, or differs."""
    for path in before.keys() | after.keys():
        if before.get(path) != after.get(path):
            for entry in (before.get(path), after.get(path)):
                yield from () if entry is None else screens_of(path, entry[1])


def screens_of(path: str, told: tuple[str, ...]) -> tuple[str, ...]:
    """The screens a target is for: a release's by its path, others' as their ``custom`` says."""
    kind, _, rest = path.partition("/")
    return (rest.removesuffix(".json"),) if kind == "releases" else told
