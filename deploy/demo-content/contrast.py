"""Whether a title can be read where it stands: inside the safe area, and bright enough against what is behind it."""

from typing import Final

from canvas import HEIGHT, WIDTH
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage

from playlists.errors import ContentError

LEAST: Final = 4.5
"""The contrast every letter keeps, by the formula of WCAG 2."""
_MARGIN: Final = 0.05
_STEP: Final = 6
_LINEAR_BELOW: Final = 0.04045
"""Where the curve of sRGB begins."""


def luminance(colour: QColor) -> float:
    """Return the relative luminance of an sRGB colour, 0 to 1."""
    channels = (colour.redF(), colour.greenF(), colour.blueF())
    linear = [value / 12.92 if value <= _LINEAR_BELOW else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ratio(letters: float, ground: float) -> float:
    """Return the contrast of two luminances, 1 to 21."""
    return (max(letters, ground) + 0.05) / (min(letters, ground) + 0.05)


def brightest(picture: QImage, area: QRectF) -> float:
    """Return the highest luminance of `picture` inside `area`, leaving out the brightest hundredth as stray points."""
    found = sorted(
        luminance(picture.pixelColor(x, y))
        for y in range(max(0, int(area.top())), min(HEIGHT, int(area.bottom())), _STEP)
        for x in range(max(0, int(area.left())), min(WIDTH, int(area.right())), _STEP)
    )
    return found[int(len(found) * 0.99)]


def require_contrast(picture: QImage, lines: list[tuple[QRectF, str]], name: str) -> None:
    """Raise ContentError when a line leaves the safe area or does not stand out from `picture`, drawn without it.

    A line is the rectangle of its letters in pixels and its colour `#rrggbb`; `name` says whose it is.
    """
    safe = QRectF(WIDTH * _MARGIN, HEIGHT * _MARGIN, WIDTH * (1 - 2 * _MARGIN), HEIGHT * (1 - 2 * _MARGIN))
    for area, code in lines:
        if not safe.contains(area):
            message = f"{name}: a title line leaves the safe area: {area.getRect()}"
            raise ContentError(message)
        contrast = ratio(luminance(QColor(code)), brightest(picture, area))
        if contrast < LEAST:
            message = f"{name}: a title line has a contrast of {contrast:.1f}, needs {LEAST}"
            raise ContentError(message)
