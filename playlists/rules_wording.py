"""The form of a sentence about a rule, and the words that several of them share."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from playlists.verdicts import RuleId, State


@dataclass(frozen=True, slots=True)
class Sentence:
    """A verdict in words; ``{names}`` in braces are filled in. Every failure has a fix."""

    rule: RuleId
    aspect: str
    state: State
    vi: str
    en: str
    fix_vi: str | None = None
    fix_en: str | None = None


Row = tuple[str, State, str, str] | tuple[str, State, str, str, str, str]
"""Aspect, state, sentences in Vietnamese and English, and what to do about it in both."""
Table = Mapping[RuleId, Mapping[str, Row]]
"""Rows by rule and code."""

PASSED: Final = State.PASSED
FAILED: Final = State.FAILED
UNMEASURED: Final = State.NOT_MEASURED
NONE: Final = State.NOT_APPLICABLE

NAME_LANGUAGES: Final = (
    "Ghi đủ ngôn ngữ của chữ, tiếng và phụ đề vào danh sách phát.",
    "Write down the languages of text, sound and captions in the playlist.",
)
NAME_SCREEN: Final = (
    "Kiểm tra lại kèm tệp màn hình (--screen).",
    "Check again with the screen file (--screen).",
)
MEASURE: Final = (
    "Đo rồi kiểm tra lại kèm tệp số đo (--facts).",
    "Measure it and check again with the facts file (--facts).",
)
