"""Which screens are plugged in, as the X server's RandR extension has it."""

import ctypes as c
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from player.stage.xcb import Connection, Cookie, Prototype, free, library

_CONNECTED, _DISCONNECTED = 0, 1


@dataclass(frozen=True, slots=True)
class Output:
    """A socket of the graphics card: its name, whether a screen is plugged in, whether a picture is sent there."""

    name: str
    plugged: bool | None
    driven: bool


class _Resources(c.Structure):
    _fields_ = (
        ("head", c.c_uint8 * 12),
        ("config_timestamp", c.c_uint32),
        ("crtcs", c.c_uint16),
        ("outputs", c.c_uint16),
    )


class _Info(c.Structure):
    _fields_ = (
        ("head", c.c_uint8 * 12),
        ("crtc", c.c_uint32),
        ("millimetres", c.c_uint32 * 2),
        ("connection", c.c_uint8),
    )


_POINTER, _U32, _INT = c.c_void_p, c.c_uint32, c.c_int
_PROTOTYPES: Final[Mapping[str, Prototype]] = {
    "xcb_randr_get_screen_resources_current": (Cookie, [_POINTER, _U32]),
    "xcb_randr_get_screen_resources_current_reply": (c.POINTER(_Resources), [_POINTER, Cookie, _POINTER]),
    "xcb_randr_get_screen_resources_current_outputs": (c.POINTER(_U32), [_POINTER]),
    "xcb_randr_get_screen_resources_current_outputs_length": (_INT, [_POINTER]),
    "xcb_randr_get_output_info": (Cookie, [_POINTER, _U32, _U32]),
    "xcb_randr_get_output_info_reply": (c.POINTER(_Info), [_POINTER, Cookie, _POINTER]),
    "xcb_randr_get_output_info_name": (c.POINTER(c.c_char), [_POINTER]),
    "xcb_randr_get_output_info_name_length": (_INT, [_POINTER]),
}


def outputs() -> tuple[Output, ...]:
    """All outputs; none where nobody can tell. May wait for the X server: not for the thread that paints."""
    try:
        randr = library("libxcb-randr.so.0", _PROTOTYPES)
        with Connection() as connection:
            return tuple(_outputs(randr, connection))
    except OSError:
        return ()


def plugged(found: tuple[Output, ...], name: str | None) -> bool | None:
    """Whether a screen is there: the one of that name, or any at all. None where nobody can tell.

    An output without a screen to which a picture is sent all the same is a site that knows better than its cable: LED
    senders often do not answer.
    """
    ours = [output for output in found if name in (None, output.name)]
    if not ours:
        return None if name is None or not found else False
    if any(output.plugged for output in ours):
        return True
    return None if any(output.plugged is None or output.driven for output in ours) else False


def _outputs(randr: c.CDLL, connection: Connection) -> list[Output]:
    handle = connection.handle
    asked = randr.xcb_randr_get_screen_resources_current(handle, connection.root)
    resources = randr.xcb_randr_get_screen_resources_current_reply(handle, asked, None)
    if not resources:
        return []
    count = randr.xcb_randr_get_screen_resources_current_outputs_length(resources)
    ids = randr.xcb_randr_get_screen_resources_current_outputs(resources)[:count]
    stamp = resources.contents.config_timestamp
    free(resources)
    found = []
    for number in ids:
        asked = randr.xcb_randr_get_output_info(handle, number, stamp)
        info = randr.xcb_randr_get_output_info_reply(handle, asked, None)
        if not info:
            continue
        length = randr.xcb_randr_get_output_info_name_length(info)
        name = randr.xcb_randr_get_output_info_name(info)[:length].decode("utf-8", "replace")
        state = {_CONNECTED: True, _DISCONNECTED: False}.get(info.contents.connection)
        found.append(Output(name, state, info.contents.crtc != 0))
        free(info)
    return found
