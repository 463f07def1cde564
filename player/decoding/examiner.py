"""An examiner: the prisoner that reads files before they are shown.

It tells what a clip is like and when each frame is due, takes the digest, and turns still pictures into pixels of the
size the screen wants. It lives while there is something to examine.
"""

import hashlib
import importlib
import os
from io import FileIO
from typing import Final

from player.decoding import prison
from player.decoding.channel import Channel, ChannelClosedError, Message, integer
from player.decoding.examination import FileIdentity, facts_message, memory_file
from player.ring import stride_of
from playlists.errors import ContentError
from playlists.media import Flaw, MediaError
from playlists.probe import probe, probe_picture

NAME: Final = "signage-examine"
_NICENESS: Final = 5


class Examiner:
    """Answers one order after another: first what the file is, then its digest."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def serve(self) -> None:
        """Answer until the stage hangs up."""
        while True:
            got = self._channel.receive()
            if got is not None and got[0].get("do") == "warm":
                importlib.import_module("PySide6.QtGui")
            elif got is not None:
                self._answer(*got)

    def _answer(self, order: Message, fds: list[int]) -> None:
        ticket = integer(order, "ticket")
        try:
            with FileIO(fds[0]) as file:
                if order.get("do") == "clip":
                    self._examine_clip(file, ticket)
                else:
                    self._paint_still(file, ticket, order)
                if order.get("digest") is not False:
                    self._digest(file, ticket)
        except MediaError as error:
            self._channel.send({"is": "flawed", "ticket": ticket, "why": error.flaw.value, "sentence": str(error)})
        except ContentError as error:
            self._channel.send({"is": "flawed", "ticket": ticket, "why": "content", "sentence": str(error)})
        except OSError as error:
            why = Flaw.UNREADABLE.value
            self._channel.send({"is": "flawed", "ticket": ticket, "why": why, "sentence": error.strerror or ""})
        except MemoryError:
            self._channel.send({"is": "flawed", "ticket": ticket, "why": Flaw.TOO_LARGE.value, "sentence": "memory"})

    def _examine_clip(self, file: FileIO, ticket: int) -> None:
        facts = probe(file)
        if facts.video is None or not facts.video.frame_count:
            raise MediaError(Flaw.NO_PICTURE)
        message, times = facts_message(facts)
        fd = memory_file(times, "signage-times")
        self._channel.send(message | {"ticket": ticket}, [fd])
        os.close(fd)

    def _paint_still(self, file: FileIO, ticket: int, order: Message) -> None:
        facts = probe_picture(file)
        box = (integer(order, "box_width"), integer(order, "box_height"))
        file.seek(0)
        cover, ground = order.get("cover") is True, integer(order, "ground")
        pixels, width, height = painted(file.read(), facts.picture.value, box, cover=cover, ground=ground)
        fd = memory_file(pixels, "signage-still")
        self._channel.send({"is": "still", "ticket": ticket, "width": width, "height": height}, [fd])
        os.close(fd)

    def _digest(self, file: FileIO, ticket: int) -> None:
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        status = FileIdentity.of(os.fstat(file.fileno()))
        identity = [status.device, status.inode, status.size, status.modified_ns, status.changed_ns]
        self._channel.send({"is": "digest", "ticket": ticket, "sha256": digest, "identity": identity})


def painted(
    data: bytes, picture_format: str, box: tuple[int, int], *, cover: bool, ground: int = 0
) -> tuple[bytes, int, int]:
    """A still picture scaled to fit ``box`` (or to cover it), upright, as rows of 32-bit pixels; width and height.

    ``ground`` is the colour, 0xRRGGBB, where it is transparent.

    Raises:
        MediaError: it cannot be decoded.

    """
    # Qt is loaded here, in the prisoner, and only where stills are shown.
    from PySide6.QtCore import QBuffer, QByteArray, QSize, Qt
    from PySide6.QtGui import QColor, QImage, QImageIOHandler, QImageReader, QPainter

    source = QBuffer()
    source.setData(QByteArray(data))
    reader = QImageReader(source, QByteArray(picture_format.encode()))
    reader.setAutoTransform(True)
    mode = Qt.AspectRatioMode.KeepAspectRatioByExpanding if cover else Qt.AspectRatioMode.KeepAspectRatio
    turned = bool(reader.transformation().value & QImageIOHandler.Transformation.TransformationRotate90.value)
    target = QSize(*box)
    size = reader.size()
    if size.isValid():
        upright = size.transposed() if turned else size
        target = upright.scaled(target, mode).expandedTo(QSize(1, 1))
        reader.setScaledSize(target.transposed() if turned else target)
    decoded = reader.read()
    if decoded.isNull():
        raise MediaError(Flaw.DAMAGED)
    width, height = target.width(), target.height()
    pixels = bytearray(stride_of(width) * height)
    image = QImage(pixels, width, height, stride_of(width), QImage.Format.Format_RGB32)
    image.fill(QColor(ground))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(image.rect(), decoded)
    painter.end()
    return bytes(pixels), width, height


def main(channel: Channel, request: Message) -> None:
    """Run one examiner over ``channel``; never returns before the stage hangs up."""
    prison.lock_up(NAME)
    niceness = request.get("niceness")
    os.nice(niceness if isinstance(niceness, int) and niceness > 0 else _NICENESS)
    importlib.import_module("av")  # before the first order, not within it
    try:
        Examiner(channel).serve()
    except ChannelClosedError:
        return
