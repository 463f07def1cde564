"""What is said to the journal, as values and bytes; bounded.

Of one kind of message so many a minute are said, and then one line that says how many were left out. Pure.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum
from types import MappingProxyType
from typing import Final

from playlists.timing import MonotonicNs

IDENTIFIER: Final = "signage-player"
A_MINUTE_NS: Final = 60_000_000_000
OF_A_KIND: Final = 10
"""Messages of one kind in a minute."""
_LONGEST_VALUE: Final = 2000


class Level(IntEnum):
    """syslog's levels, as far as we use them."""

    ERROR = 3
    WARNING = 4
    INFO = 6
    DEBUG = 7


@dataclass(frozen=True, slots=True)
class Message:
    """One thing to say: a stable word for its kind, a sentence, and fields by name."""

    level: Level
    kind: str
    text: str
    fields: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), hash=False)


@dataclass(frozen=True, slots=True)
class Quota:
    """How many messages of each kind were said since when, and how many left out."""

    counts: Mapping[str, tuple[MonotonicNs, int, int]] = field(default_factory=lambda: MappingProxyType({}), hash=False)


def admitted(quota: Quota, message: Message, now: MonotonicNs) -> tuple[Quota, tuple[Message, ...]]:
    """What is said of ``message`` at ``now``: nothing, itself, or itself after a word on those left out."""
    since, said, left_out = quota.counts.get(message.kind, (now, 0, 0))
    words: tuple[Message, ...] = (message,)
    if now - since >= A_MINUTE_NS:
        if left_out:
            missing = Message(Level.WARNING, message.kind, f"{left_out} more messages of this kind were left out")
            words = (missing, message)
        since, said, left_out = now, 0, 0
    if said >= OF_A_KIND:
        return replace(quota, counts={**quota.counts, message.kind: (since, said, left_out + 1)}), ()
    return replace(quota, counts={**quota.counts, message.kind: (since, said + 1, 0)}), words


def datagram(message: Message, screen: str) -> bytes:
    """A message in the journal's native protocol."""
    fields = {
        "MESSAGE": message.text,
        "PRIORITY": str(int(message.level)),
        "SYSLOG_IDENTIFIER": IDENTIFIER,
        "SIGNAGE_KIND": message.kind,
        "SIGNAGE_SCREEN": screen,
        **{f"SIGNAGE_{name.upper()}": value for name, value in message.fields.items()},
    }
    return b"".join(_field(name, value[:_LONGEST_VALUE]) for name, value in fields.items())


def line(message: Message) -> str:
    """A message as a line for stderr; systemd reads the level off its beginning."""
    rest = "".join(f" {name}={value}" for name, value in message.fields.items())
    text = " ".join(f"{message.text}{rest}".split())
    return f"<{int(message.level)}>{IDENTIFIER}: {message.kind}: {text}\n"


def _field(name: str, value: str) -> bytes:
    data = value.encode("utf-8", "replace")
    if b"\n" in data:
        return name.encode() + b"\n" + struct.pack("<Q", len(data)) + data + b"\n"
    return name.encode() + b"=" + data + b"\n"
