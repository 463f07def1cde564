"""What a stick carries between hub and kiosks: names that FAT and exFAT can hold, and the way back.

============================================ =========================================================================
``signage/feed/...``                         a feed (``sync/feed.py``), every name as ``stick_name`` writes it
``signage/feed/media/SHA256.000``, ``.001``  a file longer than FAT can hold, in parts of ``PART_BYTES``
``signage/bundle.json``                      who made it, when, for which screens: unsigned, told and never believed
``signage/return/GATE/SCREEN/...``           written by a kiosk: the files of ``RETURNED``
============================================ =========================================================================

A stick's timestamp is signed for it alone: it lives longer and carries ``x-stick``, the stick's name. Only a signed
name may stand on a screen that passers-by see.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from playlists.errors import ContentError
from sync.durable import PART

FOLDER: Final = "signage"
FEED: Final = f"{FOLDER}/feed"
INFORMATION: Final = f"{FOLDER}/bundle.json"
RETURN: Final = f"{FOLDER}/return"
HAVE: Final = "have.json"
OUTCOME: Final = "outcome.json"
RETURNED: Final[Mapping[str, int]] = {
    HAVE: 1 << 20,
    OUTCOME: 1 << 16,
    "status.json": 1 << 16,
    "diagnosis.json": 1 << 22,
}
"""What a kiosk writes back, by name, and how many bytes of it are read at most."""
STICK: Final = "x-stick"
"""In the signed timestamp of a stick: the stick's name, for sentences."""

FAT_LIMIT: Final = (1 << 32) - 1
"""The longest file on FAT, in bytes."""
PART_BYTES: Final = 1 << 31
"""What is longer than FAT can hold lies in parts of this many bytes."""
NAME_LETTERS: Final = 255 - len(PART)
"""The longest name of ours: FAT and exFAT hold 255 UTF-16 units, and a file is written under a longer name first."""
FOLDER_FILES: Final = 9_000
"""What one folder of a FAT stick holds of names as long as ours, rounded down."""
STICK_NAME_LETTERS: Final = 60
INFORMATION_LIMIT: Final = 64 * 1024
_FORMAT: Final = 1
_PLAIN: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.-_")
_RESERVED: Final = frozenset(
    ["con", "prn", "aux", "nul", *(f"com{number}" for number in range(10)), *(f"lpt{number}" for number in range(10))]
)


def stick_name(name: str) -> str:
    """A feed's name as a stick spells it: two names that differ stay different where case does not count.

    Anything but small letters, digits, ``.``, ``-`` and ``_`` becomes ``%xx`` for each of its UTF-8 bytes, as do a dot
    at the end and the first letter of what Windows reserves. Raises ``ContentError`` for an empty part, ``.``, ``..``
    and for what is longer than ``NAME_LETTERS``.
    """
    return "/".join(_part(part) for part in name.split("/"))


def _part(part: str) -> str:
    if part in {"", ".", ".."}:
        message = f"“{part}” cannot be the name of a file on a stick"
        raise ContentError(message)
    spelled = "".join(letter if letter in _PLAIN else _escaped(letter) for letter in part)
    if part.partition(".")[0] in _RESERVED:
        spelled = _escaped(part[0]) + spelled[1:]
    if spelled.endswith("."):
        spelled = spelled[:-1] + _escaped(".")
    if len(spelled) > NAME_LETTERS:
        message = f"a name of {len(spelled)} letters is too long for a stick: {part[:40]}…"
        raise ContentError(message)
    return spelled


def _escaped(letter: str) -> str:
    return "".join(f"%{byte:02x}" for byte in letter.encode("utf-8", "surrogatepass"))


@dataclass(frozen=True, slots=True)
class Part:
    """One file on a stick: its name, and which bytes of the feed's file it holds."""

    name: str
    begins: int
    length: int


def parts(name: str, length: int) -> Iterator[Part]:
    """The files a feed's file of ``length`` bytes is kept in: one, or several where FAT could not hold it."""
    spelled = stick_name(name)
    if length <= FAT_LIMIT:
        yield Part(spelled, 0, length)
        return
    for number, begins in enumerate(range(0, length, PART_BYTES)):
        yield Part(f"{spelled}.{number:03}", begins, min(PART_BYTES, length - begins))


def return_folder(gate: str, screen: str) -> str:
    """Where a screen writes back. Raises ``ContentError`` where the names are none."""
    return f"{RETURN}/{stick_name(gate)}/{stick_name(screen)}"


@dataclass(frozen=True, slots=True)
class Bundle:
    """What ``bundle.json`` says; ``made`` is ISO 8601 with its offset. Nothing of it is signed."""

    name: str
    made: str
    by: str = ""
    hub: str = ""
    screens: tuple[str, ...] = ()


def read_bundle(content: bytes) -> Bundle | None:
    """Read ``bundle.json``; None where it is none."""
    found = _object(content)
    if found is None:
        return None
    texts = {name: found.get(name) for name in ("name", "made", "by", "hub")}
    screens = found.get("screens")
    return Bundle(
        **{name: printable(text) if isinstance(text, str) else "" for name, text in texts.items()},
        screens=tuple(printable(one) for one in screens if isinstance(one, str)) if isinstance(screens, list) else (),
    )


def write_bundle(bundle: Bundle) -> bytes:
    """Write ``bundle.json``."""
    return _written(
        {
            "name": bundle.name,
            "made": bundle.made,
            "by": bundle.by,
            "hub": bundle.hub,
            "screens": list(bundle.screens),
        }
    )


@dataclass(frozen=True, slots=True)
class Have:
    """What a kiosk wrote back it holds: the digests of its media, and the sequence of the release it shows.

    ``at`` is ISO 8601 with its offset, by the kiosk's attested time; ``lacks`` are digests it still waits for.
    """

    gate: str
    screen: str
    at: str
    sequence: int | None = None
    media: frozenset[str] = frozenset()
    lacks: frozenset[str] = frozenset()


def read_have(content: bytes) -> Have | None:
    """Read ``have.json``; None where it is none. It only ever decides what is left off a stick."""
    found = _object(content)
    if found is None:
        return None
    gate, screen, told_at, sequence = (found.get(name) for name in ("gate", "screen", "at", "sequence"))
    if not (isinstance(gate, str) and isinstance(screen, str) and isinstance(told_at, str)):
        return None
    return Have(
        gate,
        screen,
        printable(told_at),
        sequence if isinstance(sequence, int) and not isinstance(sequence, bool) else None,
        _texts(found.get("media")),
        _texts(found.get("lacks")),
    )


def write_have(have: Have) -> bytes:
    """Write ``have.json``."""
    return _written(
        {
            "gate": have.gate,
            "screen": have.screen,
            "at": have.at,
            "sequence": have.sequence,
            "media": sorted(have.media),
            "lacks": sorted(have.lacks),
        }
    )


def printable(text: str) -> str:
    """A text as it may stand in a sentence: one line, nothing invisible, ``STICK_NAME_LETTERS`` at most."""
    shown = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(shown.split())[:STICK_NAME_LETTERS]


def _texts(found: object) -> frozenset[str]:
    return frozenset(one for one in found if isinstance(one, str)) if isinstance(found, list) else frozenset()


def _object(content: bytes) -> Mapping[str, object] | None:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and found.get("format") == _FORMAT else None


def _written(fields: Mapping[str, object]) -> bytes:
    return f"{json.dumps({'format': _FORMAT, **fields}, ensure_ascii=False, indent=2)}\n".encode()
