"""Captions in Advanced SubStation Alpha form, and its elder SSA."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from playlists.captions_srt import BAD_TIMES, TOP_ALIGNMENTS
from playlists.captions_track import Caption, CaptionFinding, FoundCaption, Position
from playlists.timing import DurationMs

BAD_LINE = "dòng Dialogue thiếu cột / Dialogue line with columns missing"

_SECTION = re.compile(r"\s*\[([^\]]*)\]\s*$")
_TIME = re.compile(r"\s*([0-9]{1,3}):([0-9]{1,2}):([0-9]{1,2})(?:[.:,]([0-9]{1,3}))?\s*$")
_OVERRIDE = re.compile(r"(\{[^{}]*\})")
_ALIGNED = re.compile(r"\\(an|a)([0-9]{1,2})")
_DRAWING = re.compile(r"\\p([0-9]{1,4})")
_SEXAGESIMAL = 60

_EVENT_COLUMNS = ("layer", "start", "end", "style", "name", "marginl", "marginr", "marginv", "effect", "text")
_STYLE_COLUMNS = ("name",)
_ELDER_TOP_ALIGNMENTS = frozenset({"5", "6", "7"})
"""SSA numbers the bottom 1-3, the top 5-7 and the middle 9-11."""


@dataclass(slots=True)
class _Reading:
    """What the lines read so far have declared."""

    section: str = ""
    columns: tuple[str, ...] = ()
    top_styles: set[str] = field(default_factory=set)


def parse_ass(lines: Sequence[str]) -> Iterator[FoundCaption | CaptionFinding]:
    r"""Read the Dialogue lines: overrides and drawings are taken off, ``\N`` ends a line, alignment gives the end."""
    reading = _Reading()
    for number, line in enumerate(lines, start=1):
        section = _SECTION.match(line)
        if section:
            reading.section = section.group(1).strip().casefold()
            reading.columns = _EVENT_COLUMNS if reading.section == "events" else _STYLE_COLUMNS
            continue
        key, _, value = line.partition(":")
        key = key.strip().casefold()
        if key == "format":
            reading.columns = tuple(column.strip().casefold() for column in value.split(","))
        elif key == "style":
            _note_style(reading, value)
        elif key == "dialogue":
            yield _dialogue(reading, number, value)


def _note_style(reading: _Reading, value: str) -> None:
    style = dict(zip(reading.columns, (part.strip() for part in value.split(",")), strict=False))
    elder = "+" not in reading.section
    if style.get("alignment") in (_ELDER_TOP_ALIGNMENTS if elder else TOP_ALIGNMENTS):
        reading.top_styles.add(_style_name(style.get("name", "")))


def _style_name(name: str) -> str:
    return name.strip().lstrip("*").casefold()


def _dialogue(reading: _Reading, number: int, value: str) -> FoundCaption | CaptionFinding:
    parts = value.split(",", len(reading.columns) - 1)
    event = dict(zip(reading.columns, parts, strict=False))
    if not {"start", "end", "text"} <= event.keys():
        return CaptionFinding(number, BAD_LINE)
    start, end = _milliseconds(event["start"]), _milliseconds(event["end"])
    if start is None or end is None or end <= start:
        return CaptionFinding(number, BAD_TIMES)
    return FoundCaption(number, Caption(start, end, _plain(event["text"]), _position(reading, event)))


def _position(reading: _Reading, event: Mapping[str, str]) -> Position:
    """Let the first alignment in the text win over the style's, as the renderers do."""
    aligned = _ALIGNED.search("".join(_OVERRIDE.findall(event["text"])))
    if aligned is None:
        top = _style_name(event.get("style", "")) in reading.top_styles
    else:
        top = aligned.group(2) in (TOP_ALIGNMENTS if aligned.group(1) == "an" else _ELDER_TOP_ALIGNMENTS)
    return Position.TOP if top else Position.BOTTOM


def _plain(text: str) -> str:
    r"""Drop overrides and vector drawings (``{\p1}m 0 0 l …{\p0}``), and turn escapes into what they stand for."""
    shown = []
    drawing = False
    for index, part in enumerate(_OVERRIDE.split(text)):
        if index % 2:
            scales = _DRAWING.findall(part)
            drawing = int(scales[-1]) > 0 if scales else drawing
        elif not drawing:
            shown.append(part)
    return "".join(shown).replace("\\N", "\n").replace("\\n", " ").replace("\\h", "\u00a0")


def _milliseconds(time: str) -> DurationMs | None:
    match = _TIME.match(time)
    if match is None:
        return None
    hours, minutes, seconds = (int(part) for part in match.group(1, 2, 3))
    if minutes >= _SEXAGESIMAL or seconds >= _SEXAGESIMAL:
        return None
    fraction = int((match.group(4) or "").ljust(3, "0"))
    return DurationMs(((hours * _SEXAGESIMAL + minutes) * _SEXAGESIMAL + seconds) * 1000 + fraction)
