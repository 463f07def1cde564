"""The fonts the player ships, and which of them draws which script.

Never the system's fonts: a kiosk may have none, and Noto Sans Lao and Noto Sans Khmer hold no Latin letters, so a text
is cut into runs of one script each and every run names its family. This module knows paths and names only; loading
them into Qt is the caller's affair.
"""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

_FOLDER: Final = Path(__file__).parent


class Script(StrEnum):
    """A script that has a font of its own; the values are the codes of ISO 15924."""

    LATIN = "Latn"
    """Vietnamese, English, the minority languages of Vietnam, and digits in every language."""
    LAO = "Laoo"
    KHMER = "Khmr"


@dataclass(frozen=True, slots=True)
class Face:
    """One font file: the family name Qt knows it by after loading, whether it is the bold one, and where it lies."""

    script: Script
    family: str
    bold: bool
    path: Path


FACES: Final[tuple[Face, ...]] = (
    Face(Script.LATIN, "Noto Sans", bold=False, path=_FOLDER / "NotoSans-Regular.ttf"),
    Face(Script.LATIN, "Noto Sans", bold=True, path=_FOLDER / "NotoSans-Bold.ttf"),
    Face(Script.LAO, "Noto Sans Lao", bold=False, path=_FOLDER / "NotoSansLao-Regular.ttf"),
    Face(Script.LAO, "Noto Sans Lao", bold=True, path=_FOLDER / "NotoSansLao-Bold.ttf"),
    Face(Script.KHMER, "Noto Sans Khmer", bold=False, path=_FOLDER / "NotoSansKhmer-Regular.ttf"),
    Face(Script.KHMER, "Noto Sans Khmer", bold=True, path=_FOLDER / "NotoSansKhmer-Bold.ttf"),
)
"""Every face the player ships: a regular and a bold one for each script."""

_FAMILIES: Final = {face.script: face.family for face in FACES}
_BLOCKS: Final = (
    (0x0E80, 0x0EFF, Script.LAO),
    (0x1780, 0x17FF, Script.KHMER),
    (0x19E0, 0x19FF, Script.KHMER),
)
_SCRIPT_OF_LANGUAGE: Final = {"lo": Script.LAO, "km": Script.KHMER}
_CODES: Final = {script.lower(): script for script in Script}
_JOINING: Final = {"Cf", "Mn", "Mc", "Me", "Zs"}
"""Categories that belong to the letters around them: marks, joiners, U+200B, spaces. All three fonts hold the last."""


def family_of(script: Script) -> str:
    """Return the family name, as Qt knows it, of the font that draws `script`."""
    return _FAMILIES[script]


def script_of_language(tag: str) -> Script:
    """Return the script of a BCP 47 language tag: its script subtag when it has one we ship, else its usual script."""
    language, *subtags = tag.lower().split("-")
    for subtag in subtags:
        if subtag in _CODES:
            return _CODES[subtag]
    return _SCRIPT_OF_LANGUAGE.get(language, Script.LATIN)


def script_runs(text: str) -> tuple[tuple[Script, str], ...]:
    """Cut `text` into runs that one font each can draw; joined again they are `text`.

    Spaces, joiners and combining marks stay with the run before them, so that no cluster is torn; Latin punctuation and
    digits go to Noto Sans, because Noto Sans Lao holds neither.
    """
    runs: list[tuple[Script, str]] = []
    for character in text:
        script = _script_of(character)
        if script is None:
            script = runs[-1][0] if runs else _first_script(text)
        if runs and runs[-1][0] is script:
            runs[-1] = (script, runs[-1][1] + character)
        else:
            runs.append((script, character))
    return tuple(runs)


def _script_of(character: str) -> Script | None:
    code = ord(character)
    for first, last, script in _BLOCKS:
        if first <= code <= last:
            return script
    return None if unicodedata.category(character) in _JOINING else Script.LATIN


def _first_script(text: str) -> Script:
    scripts = (_script_of(character) for character in text)
    return next((script for script in scripts if script is not None), Script.LATIN)
