"""A board: memory that Qt paints and the X server reads."""

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage, QPainter

from player.fitting import Size
from player.ring import Ring


class Board:
    """An image in shared memory, of a window's own pixels; black at first."""

    def __init__(self, size: Size) -> None:
        self.size = size
        self.ring = Ring.create(size.width, size.height, 1)
        stride = self.ring.stride
        self.image = QImage(self.ring.pixels(0), size.width, size.height, stride, QImage.Format.Format_RGB32)
        """Its pixels; painting here is painting on what the server will show next."""


class Glass:
    """A board on which a picture's part is seen through a box that lies over it."""

    def __init__(self, size: Size) -> None:
        self.board = Board(size)

    def takes(self, size: Size) -> bool:
        """Whether a box of this size has room."""
        return size.width <= self.board.size.width and size.height <= self.board.size.height

    def mix(self, picture: QImage, corner: QPoint, box: QImage) -> None:
        """Lay ``box`` over the part of ``picture`` that begins at ``corner``; black where there is no picture."""
        painter = QPainter(self.board.image)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        part = QRect(corner, box.size())
        if not picture.rect().contains(part):
            painter.fillRect(box.rect(), Qt.GlobalColor.black)
        painter.setClipRect(box.rect())
        painter.drawImage(QPoint(0, 0), picture, part)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        painter.drawImage(QPoint(0, 0), box)
        painter.end()
