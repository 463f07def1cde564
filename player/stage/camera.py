"""A picture of what is really on the X screen where our window is, whoever painted it."""

import ctypes as c
from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QImage, QImageWriter

from player.stage.xcb import Connection, Cookie, Prototype, free, library

WIDEST: Final = 640
"""Pixels of a picture's longer side: a few ten kilobytes over a slow line."""
_Z_PIXMAP: Final = 2
_ALL_PLANES: Final = 0xFFFFFFFF
_BITS: Final = 32


class _Geometry(c.Structure):
    _fields_ = (
        ("head", c.c_uint8 * 12),
        ("x", c.c_int16),
        ("y", c.c_int16),
        ("width", c.c_uint16),
        ("height", c.c_uint16),
    )


_POINTER, _U32, _U16, _I16 = c.c_void_p, c.c_uint32, c.c_uint16, c.c_int16
_PROTOTYPES: Final[Mapping[str, Prototype]] = {
    "xcb_get_geometry": (Cookie, [_POINTER, _U32]),
    "xcb_get_geometry_reply": (c.POINTER(_Geometry), [_POINTER, Cookie, _POINTER]),
    "xcb_get_image": (Cookie, [_POINTER, c.c_uint8, _U32, _I16, _I16, _U16, _U16, _U32]),
    "xcb_get_image_reply": (_POINTER, [_POINTER, Cookie, _POINTER]),
    "xcb_get_image_data": (_POINTER, [_POINTER]),
    "xcb_get_image_data_length": (c.c_int, [_POINTER]),
}


def picture_of(window: int) -> bytes | None:
    """The part of the screen under a top window, as PNG; None when there is none or it is not of 32 bits a pixel.

    On a connection of its own and with a wait for the X server: not for the thread that paints.
    """
    try:
        xcb = library("libxcb.so.1", _PROTOTYPES)
        with Connection() as connection:
            image = _image(xcb, connection, window)
    except OSError:
        return None
    return None if image is None else _png(image)


def _image(xcb: c.CDLL, connection: Connection, window: int) -> QImage | None:
    handle = connection.handle
    whole, ours = (_geometry(xcb, handle, drawable) for drawable in (connection.root, window))
    if whole is None or ours is None:
        return None
    left, top = max(0, ours[0]), max(0, ours[1])
    width, height = min(whole[2], ours[0] + ours[2]) - left, min(whole[3], ours[1] + ours[3]) - top
    if width <= 0 or height <= 0:
        return None
    asked = xcb.xcb_get_image(handle, _Z_PIXMAP, connection.root, left, top, width, height, _ALL_PLANES)
    reply = xcb.xcb_get_image_reply(handle, asked, None)
    if not reply:
        return None
    try:
        length = xcb.xcb_get_image_data_length(reply)
        if length != width * height * _BITS // 8:
            return None
        data = c.string_at(xcb.xcb_get_image_data(reply), length)
    finally:
        free(reply)
    return QImage(data, width, height, width * 4, QImage.Format.Format_RGB32).copy()


def _geometry(xcb: c.CDLL, handle: int, drawable: int) -> tuple[int, int, int, int] | None:
    """x, y, width and height."""
    reply = xcb.xcb_get_geometry_reply(handle, xcb.xcb_get_geometry(handle, drawable), None)
    if not reply:
        return None
    found = reply.contents
    geometry = (found.x, found.y, found.width, found.height)
    free(reply)
    return geometry


def _png(image: QImage) -> bytes | None:
    if max(image.width(), image.height()) > WIDEST:
        ratio, mode = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        image = image.scaled(WIDEST, WIDEST, ratio, mode)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not QImageWriter(buffer, QByteArray(b"png")).write(image):
        return None
    return bytes(buffer.data().data())
