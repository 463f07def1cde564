"""A clip's moving picture, and whether its titles can be read on it."""

import math
from collections.abc import Iterator
from typing import Final

from brocade import BAND, paint_band
from canvas import FRAMES_PER_SECOND, HEIGHT, WIDTH, grain
from contrast import brightest, luminance, ratio, require_contrast
from lettering import TitleBlock
from PySide6.QtGui import QBrush, QColor, QImage, QPainter
from storyboard import Clip

from playlists.errors import ContentError

_LEFT: Final = BAND + 68
_CAPTIONS_FROM: Final = 0.59
"""Captions of three lines at the bottom cover the picture from this share of its height on."""


class Film:
    """A clip's moving picture: its scene, the brocade band, and its titles in turn."""

    def __init__(self, clip: Clip) -> None:
        self._clip = clip
        self._scene = clip.scene()
        self._blocks = [(card.start, TitleBlock(card.title, _LEFT)) for card in clip.cards]
        self._grain = QBrush(grain())

    def picture(self, second: float, *, titles: bool = True) -> QImage:
        """Return the picture at `second`, 1280x720, Format_RGB32; without its titles where asked."""
        image = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._scene.paint(painter, second)
        paint_band(painter)
        if titles:
            self._paint_titles(painter, second)
        painter.fillRect(image.rect(), self._grain)
        painter.end()
        return image

    def _paint_titles(self, painter: QPainter, second: float) -> None:
        ends = [start for start, _ in self._blocks[1:]] + [math.inf]
        for (start, block), end in zip(self._blocks, ends, strict=True):
            if start <= second < end:
                block.paint(painter, second - start, None if math.isinf(end) else end - second)

    def pictures(self) -> Iterator[QImage]:
        """Yield every picture of the clip in turn."""
        for number in range(self._clip.frames):
            yield self.picture(number / FRAMES_PER_SECOND)

    def least_contrast(self) -> float:
        """Return the least contrast of any title line to what is behind it, half-way through its time."""
        ends = [start for start, _ in self._blocks[1:]] + [self._clip.seconds]
        return min(
            ratio(luminance(QColor(code)), brightest(self.picture((start + end) / 2, titles=False), area))
            for (start, block), end in zip(self._blocks, ends, strict=True)
            for area, code in block.lines()
        )

    def check(self) -> None:
        """Raise ContentError when a title leaves the safe area, stands on too bright a picture or under captions."""
        ends = [start for start, _ in self._blocks[1:]] + [self._clip.seconds]
        for (start, block), end in zip(self._blocks, ends, strict=True):
            lowest = max(area.bottom() for area, _ in block.lines())
            if self._clip.captions and lowest > HEIGHT * _CAPTIONS_FROM:
                message = f"{self._clip.name}: captions cover a title, which reaches down to {lowest:.0f}"
                raise ContentError(message)
            for second in (start + 0.4, (start + end) / 2, end - 0.1):
                require_contrast(self.picture(second, titles=False), block.lines(), self._clip.name)
