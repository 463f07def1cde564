"""The order people expect of names: numbers by their value, letters as the Vietnamese alphabet has them."""

import re
import unicodedata
from pathlib import PurePosixPath
from typing import Final

_NUMBER: Final = re.compile(r"(\d+)")

# a < ă < â, e < ê, o < ô < ơ, u < ư: letters of their own.
_SHAPES: Final = {"\u0306": "1", "\u0302": "2", "\u031b": "3"}
# ngang < huyền < hỏi < ngã < sắc < nặng: told apart only where everything else is equal.
_TONES: Final = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
# đ stands between d and e, but is no d with a mark in Unicode.
_D_WITH_STROKE: Final = "đ"

Part = tuple[int, int, str]
"""A number (0, how many digits, the digits) or a letter (1, its base letter, its shape)."""
NaturalKey = tuple[tuple[Part, ...], tuple[Part, ...], tuple[tuple[int, int], ...], str, str]


def natural_key(name: str) -> NaturalKey:
    """Make the key to sort file names by: ``2.mp4`` before ``10.mp4``, ``Bờ Y`` before ``Đắk Blô``.

    Case and tone marks decide only between names that are otherwise the same, where a tone mark stands (hòa, hoà) not
    even then. The suffix comes last, so that ``clip.mp4`` goes before ``clip 2.mp4``. Different names never get equal
    keys.
    """
    path = PurePosixPath(name)
    stem, tones = _parts(path.stem)
    suffix, _ = _parts(path.suffix)
    return stem, suffix, tones, unicodedata.normalize("NFC", name), name


def _parts(text: str) -> tuple[tuple[Part, ...], tuple[tuple[int, int], ...]]:
    """Split into numbers and letters, and note which tone stands in which word."""
    parts: list[Part] = []
    tones: list[tuple[int, int]] = []
    word = 0
    for place, piece in enumerate(_NUMBER.split(unicodedata.normalize("NFD", text.casefold()))):
        if place % 2:
            digits = "".join(str(unicodedata.decimal(digit)) for digit in piece).lstrip("0")
            parts.append((0, len(digits), digits))
            continue
        for letter in piece:
            word += not letter.isalpha() and not unicodedata.combining(letter)
            if letter in _TONES:
                tones.append((word, _TONES[letter]))
            elif letter in _SHAPES and parts:
                kind, base, shape = parts[-1]
                parts[-1] = (kind, base, shape + _SHAPES[letter])
            elif letter == _D_WITH_STROKE:
                parts.append((1, ord("d"), "1"))
            else:
                parts.append((1, ord(letter), ""))
    return tuple(parts), tuple(tones)
