"""What somebody measured of an item, as values. What nobody measured is None, and never taken for granted.

Measuring needs fonts, decoders and time, so it is done elsewhere; rules only compare. Facts of letters hold for the
canvas they were drawn on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, slots=True)
class Letters:
    """How tall the letters of one language stand, in pixels of the canvas.

    ``drawn_px`` is the height of the letters as drawn, ``nominal_px`` the font size asked for. ``part`` names what was
    measured, such as title or body: like is compared with like.
    """

    language: str
    drawn_px: float
    nominal_px: float | None = None
    part: str = "body"
    extra: dict[str, object] = field(default_factory=dict, hash=False)
    """Fields this version does not know, kept as they were; likewise below."""


@dataclass(frozen=True, slots=True)
class Contrast:
    """A contrast ratio of text to its ground as WCAG defines it, 1 to 21; ``large`` text needs less."""

    ratio: float
    large: bool = False
    part: str = "body"
    extra: dict[str, object] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Loudness:
    """Of a whole sound track: gated loudness in LUFS (ITU-R BS.1770) and the highest peak in dB of full scale."""

    lufs: float
    peak_dbfs: float
    extra: dict[str, object] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class FlagPicture:
    """How a national flag was drawn: width over height of the flag itself, whether cut off, whether covered."""

    aspect: float | None = None
    cropped: bool | None = None
    covered: bool | None = None
    extra: dict[str, object] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Facts:
    """All measured facts of one item.

    ``of`` is the digest of the content that was measured: facts of other content are none. ``measured_by`` names the
    tool, by the field it filled. ``missing_glyphs`` lists, by language, the characters that no shipped font can draw;
    an empty list says that all were found. ``normal_text`` tells whether the text of caption files is NFC.
    ``flash_hz`` is the most flashes within any second, ``siren`` how much of the sound is a sweeping tone, 0 to 1.
    ``spoken`` are the languages heard, in their order; empty where nobody speaks. ``sounding`` tells whether there is
    any sound at all; ``captions`` whether speech can be read in the picture.
    """

    of: str | None = None
    measured_by: Mapping[str, str] = field(default_factory=dict, hash=False)
    letters: tuple[Letters, ...] | None = None
    missing_glyphs: Mapping[str, tuple[str, ...]] | None = field(default=None, hash=False)
    normal_text: bool | None = None
    contrasts: tuple[Contrast, ...] | None = None
    flash_hz: float | None = None
    loudness: Loudness | None = None
    siren: float | None = None
    spoken: tuple[str, ...] | None = None
    sounding: bool | None = None
    captions: bool | None = None
    flag: FlagPicture | None = None
    extra: dict[str, object] = field(default_factory=dict, hash=False)


NOTHING_MEASURED: Final = Facts()


@dataclass(frozen=True, slots=True)
class Measurements:
    """The facts of many items, by their ids; ``screen`` is the id of the screen whose canvas they were drawn for."""

    by_item: Mapping[str, Facts] = field(default_factory=dict, hash=False)
    screen: str | None = None
    extra: dict[str, object] = field(default_factory=dict, hash=False)
