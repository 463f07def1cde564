"""Two pictures as one, mixed in memory the X server reads."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QPainter

from player.fitting import Size
from player.performance import Picture
from player.ring import Ring
from player.zoning import Box

_SLOTS: Final = 3
"""One stands, one is being mixed, and one more for the server that has not let go yet."""


@dataclass(slots=True)
class Layered:
    """A picture, its pixels, and where on the canvas it is."""

    picture: Picture | None
    image: QImage
    area: QRect

    def release(self) -> None:
        """Give its memory back."""
        if self.picture is not None:
            self.picture.release()
            self.picture = None


class Mixer:
    """Makes pictures of one size out of two of any."""

    def __init__(self, main: QRect) -> None:
        self._ring = Ring.create(main.width(), main.height(), _SLOTS)
        self.main = main
        """Where on the canvas the mixed pictures go."""

    def mixed(self, below: Layered, above: Layered | None, share: float) -> Picture | None:
        """Give a picture of the whole zone; None when the stage still holds all there may be."""
        slot = self._ring.take()
        if slot is None:
            return None
        size, stride = Size(self._ring.width, self._ring.height), self._ring.stride
        pixels = self._ring.pixels(slot)
        image = QImage(pixels, size.width, size.height, stride, QImage.Format.Format_RGB32)
        painter = QPainter(image)
        painter.translate(-self.main.topLeft())
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        _lay(painter, self.main, below)
        if above is not None:
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
            painter.setOpacity(share)
            _lay(painter, self.main, above)
        painter.end()
        return Picture(pixels, size, stride, self._ring, slot)


def box_of(area: QRect) -> Box:
    """The same rectangle as a value."""
    return Box(area.x(), area.y(), area.width(), area.height())


def _lay(painter: QPainter, main: QRect, layer: Layered) -> None:
    """Paint a picture and the black beside it, no pixel of it twice."""
    for bar in box_of(main).without(box_of(layer.area)):
        painter.fillRect(QRect(*bar.edges), Qt.GlobalColor.black)
    if layer.area.size() == layer.image.size():
        painter.drawImage(layer.area.topLeft(), layer.image)
    else:
        painter.drawImage(layer.area, layer.image)
