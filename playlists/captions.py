"""Reading a caption file: SubRip, WebVTT or ASS, told apart by what is in it and never by its name.

A bad caption costs itself and leaves a finding; only a file in which nothing can be read is refused.
"""

import codecs
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from playlists.captions_ass import parse_ass
from playlists.captions_beside import caption_files_beside
from playlists.captions_srt import parse_srt
from playlists.captions_track import (
    MAX_TOGETHER,
    Caption,
    CaptionFinding,
    CaptionTrack,
    FoundCaption,
    Position,
    at_most_together,
)
from playlists.captions_vtt import parse_vtt
from playlists.errors import ContentError

__all__ = [
    "MAX_BYTES",
    "MAX_CAPTIONS",
    "MAX_FINDINGS",
    "MAX_TEXT",
    "MAX_TOGETHER",
    "Caption",
    "CaptionFinding",
    "CaptionTrack",
    "Position",
    "caption_files_beside",
    "parse_captions",
]

MAX_BYTES = 2 * 1024 * 1024
"""A file of an hour has about 100 kB."""
MAX_CAPTIONS = 20_000
MAX_FINDINGS = 100
MAX_TEXT = 1_000
"""Characters of one caption; two lines hold about 80."""

TOO_LARGE = "tệp phụ đề quá lớn / caption file too large"
TOO_MANY = "quá nhiều phụ đề / too many captions"
UNKNOWN_FORMAT = "không phải phụ đề SRT, VTT hay ASS / no SRT, VTT or ASS captions"
NOTHING_READ = "không có phụ đề nào / no caption in it"
BROKEN_CHARACTERS = "có ký tự hỏng, hãy lưu tệp dạng UTF-8 / broken characters, save the file as UTF-8"
TOO_LONG = "phụ đề quá dài / caption too long"
CROWDED = "quá nhiều phụ đề cùng lúc / too many captions at the same time"

_Reader = Callable[[Sequence[str]], Iterator[FoundCaption | CaptionFinding]]

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_SNIFFED_BYTES = 512
_ASS_SECTION = re.compile(r"^\s*\[(?:Script Info|V4\+? Styles|Events)\]", re.IGNORECASE | re.MULTILINE)


def parse_captions(data: bytes, source: str, language: str) -> CaptionTrack:
    """Read the bytes of a caption file; ``source`` is its name for messages, ``language`` its BCP 47 tag.

    UTF-8 and UTF-16, with or without a byte order mark. Raises ContentError, one line with file and line, where nothing
    in it can be read or it exceeds a bound of this module.
    """
    if len(data) > MAX_BYTES:
        raise _refusal(source, 1, TOO_LARGE)
    text = _decoded(data)
    read = _reader(text)
    if read is None:
        raise _refusal(source, 1, UNKNOWN_FORMAT)
    captions: list[FoundCaption] = []
    findings: list[CaptionFinding] = []
    for found in map(_cleaned, read(_lines(text))):
        if isinstance(found, CaptionFinding):
            findings.append(found)
        elif len(captions) == MAX_CAPTIONS:
            raise _refusal(source, found.line, TOO_MANY)
        elif found.caption.text:
            captions.append(found)
    if not captions:
        first = findings[0] if findings else CaptionFinding(1, NOTHING_READ)
        raise _refusal(source, first.line, first.message)
    kept, crowded = at_most_together(captions)
    findings += [CaptionFinding(found.line, CROWDED) for found in crowded]
    return CaptionTrack(language, source, tuple(found.caption for found in kept), _bounded(findings))


def _refusal(source: str, line: int, message: str) -> ContentError:
    return ContentError(f"{source}:{line}: {message}")


def _decoded(data: bytes) -> str:
    """Decode without ever failing; what is no text becomes U+FFFD and costs the caption it stands in."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(encoding, errors="replace")
    start = data[:_SNIFFED_BYTES]
    quarter = len(start) // 4
    # Times, numbers and tags are ASCII in every language, so UTF-16 shows by its zero bytes.
    if start[1::2].count(0) > quarter:
        return data.decode("utf-16-le", errors="replace")
    if start[0::2].count(0) > quarter:
        return data.decode("utf-16-be", errors="replace")
    return data.decode("utf-8", errors="replace")


def _reader(text: str) -> _Reader | None:
    if text.lstrip("\ufeff \t\r\n").startswith("WEBVTT"):
        return parse_vtt
    arrow = text.find("-->")
    section = _ASS_SECTION.search(text, 0, len(text) if arrow < 0 else arrow)
    if section:
        return parse_ass
    return parse_srt if arrow >= 0 else None


def _lines(text: str) -> list[str]:
    """Cut at line ends as editors count them; str.splitlines knows too many others."""
    return text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _cleaned(found: FoundCaption | CaptionFinding) -> FoundCaption | CaptionFinding:
    if isinstance(found, CaptionFinding):
        return found
    text = _clean_text(found.caption.text)
    if len(text) > MAX_TEXT:
        return CaptionFinding(found.line, TOO_LONG)
    if "\ufffd" in text:
        return CaptionFinding(found.line, BROKEN_CHARACTERS)
    return replace(found, caption=replace(found.caption, text=text))


def _clean_text(text: str) -> str:
    """Return NFC without control characters, blank lines and spaces at the ends of lines."""
    characters = (
        " " if character == "\t" else character
        for character in unicodedata.normalize("NFC", text)
        if character in "\n\t" or (character != "\ufeff" and unicodedata.category(character) not in {"Cc", "Cs"})
    )
    lines = (line.strip() for line in "".join(characters).split("\n"))
    return "\n".join(line for line in lines if line)


def _bounded(findings: list[CaptionFinding]) -> tuple[CaptionFinding, ...]:
    ordered = sorted(findings, key=lambda finding: finding.line)
    if len(ordered) <= MAX_FINDINGS:
        return tuple(ordered)
    shown, rest = ordered[: MAX_FINDINGS - 1], ordered[MAX_FINDINGS - 1 :]
    return (*shown, CaptionFinding(rest[0].line, f"còn {len(rest)} lỗi nữa / {len(rest)} more findings"))
