"""Looks into a media file in a cell: what the file is like, and how it is coded."""

import json
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from playlists.cli_media import FileFacts, Medium
from playlists.containers import Container
from playlists.media import Flaw, MediaError
from playlists.playlist import PictureSize
from playlists.timing import DurationMs
from sync.hub.cell import Bounds, CellError, ask
from sync.hub.kiosk_profile import Coding, SoundCoding, VideoCoding

_BOUNDS: Final = Bounds(seconds=120, answer_bytes=1 << 16)


@dataclass(frozen=True, slots=True)
class Examined:
    """What a file tells; ``coding`` is None for a still picture."""

    facts: FileFacts
    coding: Coding | None = None


def examine(path: Path, medium: Medium) -> Examined:
    """Look into a file. Raises ``MediaError``: it cannot be played as such; a file that breaks its reader is damaged.

    Raises ``SiteError`` where no process can be started.
    """
    try:
        told = json.loads(ask("sync.hub.examiner", path, _BOUNDS, medium.value))
        if "flaw" in told:
            raise MediaError(Flaw(told["flaw"]))
        return _read(told)
    except OSError as error:
        raise MediaError(Flaw.UNREADABLE) from error
    except CellError as error:
        raise MediaError(Flaw.TOO_LONG if error.late else Flaw.DAMAGED) from error
    except (ValueError, LookupError, TypeError, ZeroDivisionError) as error:
        # What an inmate says is believed only as far as it makes sense.
        raise MediaError(Flaw.DAMAGED) from error


def _read(told: dict[str, Any]) -> Examined:
    facts, coding = told["facts"], told.get("coding")
    sides = facts["picture"]
    picture = None if sides is None else PictureSize(int(sides[0]), int(sides[1]))
    length = None if facts["length"] is None else DurationMs(int(facts["length"]))
    known = FileFacts(length, picture, tuple(map(str, facts["sound"])))
    return Examined(known, None if coding is None else _coding(coding))


def _coding(told: dict[str, Any]) -> Coding:
    return Coding(
        container=Container(told["container"]),
        length_ms=int(told["length_ms"]),
        byte_count=int(told["byte_count"]),
        video=None if told["video"] is None else _video(told["video"]),
        sounds=tuple(
            SoundCoding(str(one["codec"]), int(one["channels"]), int(one["sample_rate"])) for one in told["sounds"]
        ),
        complete=bool(told["complete"]),
    )


def _video(told: dict[str, Any]) -> VideoCoding:
    return VideoCoding(
        codec=str(told["codec"]),
        pixel_format=str(told["pixel_format"]),
        width=int(told["width"]),
        height=int(told["height"]),
        rate=Fraction(*map(int, told["rate"])),
        aspect=Fraction(*map(int, told["aspect"])),
        rotation=int(told["rotation"]),
        interlaced=bool(told["interlaced"]),
        transfer=str(told["transfer"]),
    )
