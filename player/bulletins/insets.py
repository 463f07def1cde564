"""What stands in a page beside its text: pictures of strangers, decoded where a crash is survived, and QR codes."""

from io import BytesIO

import segno
from PySide6.QtCore import QBuffer, QByteArray, QSize, Qt
from PySide6.QtGui import QImage, QImageIOHandler, QImageReader

from playlists.errors import ContentError
from playlists.media import Flaw, MediaError
from playlists.probe import probe_picture


class Inset:
    """A still picture: its shape at once, its pixels when their size is known.

    Its format is told from its first bytes and forced. Raises MediaError where it is no picture that is shown.
    """

    def __init__(self, data: bytes) -> None:
        self._data = QByteArray(data)
        self._format = QByteArray(probe_picture(BytesIO(data)).picture.value.encode())
        _, reader = self._reader()
        size = reader.size()
        if not size.isValid() or size.isEmpty():
            raise MediaError(Flaw.DAMAGED)
        self._turned = bool(reader.transformation().value & QImageIOHandler.Transformation.TransformationRotate90.value)
        upright = size.transposed() if self._turned else size
        self.ratio = upright.width() / upright.height()

    def image(self, width: int, height: int) -> QImage:
        """The picture upright in this size, in pixels.

        Raises:
            MediaError: it cannot be decoded.

        """
        _source, reader = self._reader()
        target = QSize(max(1, width), max(1, height))
        reader.setScaledSize(target.transposed() if self._turned else target)
        decoded = reader.read()
        if decoded.isNull():
            raise MediaError(Flaw.DAMAGED)
        if decoded.size() == target:
            return decoded
        return decoded.scaled(target, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)

    def _reader(self) -> tuple[QBuffer, QImageReader]:
        source = QBuffer()
        source.setData(self._data)
        reader = QImageReader(source, self._format)
        reader.setAutoTransform(True)
        return source, reader


Modules = tuple[tuple[bool, ...], ...]
"""Rows of a QR code, dark where true, without its margin."""


def code_of(link: str) -> Modules:
    """The QR code of a link.

    Raises:
        ContentError: it is too long for one.

    """
    try:
        code = segno.make_qr(link, error="m", boost_error=False)
    except segno.DataOverflowError as error:
        message = f"the link of {len(link)} characters is too long for a QR code"
        raise ContentError(message) from error
    return tuple(tuple(bool(module) for module in row) for row in code.matrix)
