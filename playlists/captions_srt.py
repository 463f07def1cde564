"""Captions in SubRip form, and the reading of ``start --> end`` blocks that WebVTT shares with it."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from playlists.captions_track import Caption, CaptionFinding, FoundCaption, Position
from playlists.timing import DurationMs

BAD_TIMES = "giờ của phụ đề sai / bad caption times"
STRAY_TEXT = "chữ nằm ngoài phụ đề / text outside any caption"

_TIME = r"(?:([0-9]{1,3}):)?([0-9]{1,2}):([0-9]{1,2})(?:[,.]([0-9]{1,3}))?"
_TIMING = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}(?:\s+(.*))?$")
_LIKE_TIMING = re.compile(r"\s*[0-9][0-9:.,\s]*-->")
_NUMBER = re.compile(r"\s*[0-9]{1,9}\s*$")
_SEXAGESIMAL = 60

_TAG = re.compile(r"</?(?:b|i|u|s|em|strong|font|c|v|ruby|rt|lang)(?:[\s.=][^<>]*)?/?>", re.IGNORECASE)
_OVERRIDE = re.compile(r"\{\s*\\[^{}]*\}")
_ALIGNED = re.compile(r"\\an([1-9])")
_BRACED_TAG = re.compile(r"\{/?[biu]\}", re.IGNORECASE)
TOP_ALIGNMENTS = frozenset("789")
"""The numeric pad's upper row."""


@dataclass(frozen=True, slots=True)
class Block:
    """A timing line and the text under it, before any markup is understood."""

    line: int
    start: DurationMs
    end: DurationMs
    settings: str
    text: str


def parse_srt(lines: Sequence[str]) -> Iterator[FoundCaption | CaptionFinding]:
    r"""Read SubRip: tags are taken off, ``{\an7}`` to ``{\an9}`` put a caption at the top."""
    for block in timed_blocks(lines, is_note=lambda _line: False):
        if isinstance(block, CaptionFinding):
            yield block
            continue
        aligned = _ALIGNED.search(block.text)
        top = aligned is not None and aligned.group(1) in TOP_ALIGNMENTS
        text = _TAG.sub("", _BRACED_TAG.sub("", _OVERRIDE.sub("", block.text)))
        yield FoundCaption(block.line, Caption(block.start, block.end, text, Position.TOP if top else Position.BOTTOM))


def timed_blocks(lines: Sequence[str], is_note: Callable[[str], bool]) -> Iterator[Block | CaptionFinding]:
    """Give every block with a timing line, and a finding for each one that is bad and for text belonging to none.

    A block ends at a blank line, or at the next timing line where the blank one was forgotten. ``is_note`` tells the
    first line of a block to pass over in silence.
    """
    index = 0
    while index < len(lines):
        line = lines[index]
        if _LIKE_TIMING.match(line) or "-->" in line:
            end = _text_end(lines, index + 1)
            yield _block(index, line, "\n".join(lines[index + 1 : end]))
        elif not line.strip() or _introduces_timing(lines, index):
            end = index + 1
        else:
            end = _text_end(lines, index + 1)
            if not is_note(line):
                yield CaptionFinding(index + 1, STRAY_TEXT)
        index = end


def _introduces_timing(lines: Sequence[str], index: int) -> bool:
    """Tell a caption's number or name from stray text."""
    return index + 1 < len(lines) and "-->" in lines[index + 1]


def _text_end(lines: Sequence[str], index: int) -> int:
    """Return the index after the last line of the text that begins at ``index``."""
    while index < len(lines) and lines[index].strip():
        if _LIKE_TIMING.match(lines[index]):
            return index
        if _NUMBER.match(lines[index]) and index + 1 < len(lines) and _LIKE_TIMING.match(lines[index + 1]):
            return index
        index += 1
    return index


def _block(index: int, line: str, text: str) -> Block | CaptionFinding:
    match = _TIMING.match(line)
    start = _milliseconds(*match.group(1, 2, 3, 4)) if match else None
    end = _milliseconds(*match.group(5, 6, 7, 8)) if match else None
    if match is None or start is None or end is None or end <= start:
        return CaptionFinding(index + 1, BAD_TIMES)
    return Block(index + 1, start, end, match.group(9) or "", text)


def _milliseconds(hours: str | None, minutes: str, seconds: str, fraction: str | None) -> DurationMs | None:
    if int(minutes) >= _SEXAGESIMAL or int(seconds) >= _SEXAGESIMAL:
        return None
    whole = (int(hours or 0) * _SEXAGESIMAL + int(minutes)) * _SEXAGESIMAL + int(seconds)
    return DurationMs(whole * 1000 + int((fraction or "").ljust(3, "0")))
