"""Captions in WebVTT form."""

import html
import re
from collections.abc import Iterator, Sequence

from playlists.captions_srt import timed_blocks
from playlists.captions_track import Caption, CaptionFinding, FoundCaption, Position

_NOTE = re.compile(r"(?:WEBVTT|NOTE|STYLE|REGION)(?:\s|$)")
_TAG = re.compile(r"<[^<>]*>")
_ENTITY = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]{1,31}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});")
_LINE_SETTING = re.compile(r"(?:^|\s)line:([0-9]{1,4}(?:\.[0-9]{1,6})?)(%?)(?:,\S*)?(?=\s|$)")
_MIDDLE_PERCENT = 50
_MIDDLE_LINE = 8
"""A picture has some sixteen caption lines, numbered from the top; negative numbers count from the bottom."""


def parse_vtt(lines: Sequence[str]) -> Iterator[FoundCaption | CaptionFinding]:
    """Read WebVTT: tags are taken off, entities resolved, ``line:`` in the upper half puts a caption at the top."""
    for block in timed_blocks(lines, is_note=lambda line: _NOTE.match(line) is not None):
        if isinstance(block, CaptionFinding):
            yield block
        else:
            text = _ENTITY.sub(lambda entity: html.unescape(entity.group()), _TAG.sub("", block.text))
            yield FoundCaption(block.line, Caption(block.start, block.end, text, _position(block.settings)))


def _position(settings: str) -> Position:
    setting = _LINE_SETTING.search(settings)
    if setting is None:
        return Position.BOTTOM
    middle = _MIDDLE_PERCENT if setting.group(2) else _MIDDLE_LINE
    return Position.TOP if float(setting.group(1)) < middle else Position.BOTTOM
