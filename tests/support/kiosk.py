"""Kiosk files and technicians for tests."""

import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from player.maintenance.layout import Box, layout
from player.maintenance.page import Key, Line, Page
from player.maintenance.pin import hashed, pin_text
from player.maintenance.session import BUTTONS, View
from tests.support.screen import near
from tests.support.xserver import XServer

PIN = "246810"
CHORD = (37, 64, 50, 58)
"""Ctrl, Alt, Shift and M, as keycodes."""
KEY_ESCAPE, KEY_BACKSPACE, KEY_TAB, KEY_RETURN, KEY_SPACE = 9, 22, 23, 36, 65
HOLD_S = 0.5
GROUND, KEY = (13, 24, 38), (38, 62, 92)
"""The page's background, and its buttons'."""


def digits(pin: str) -> list[int]:
    """The keycodes of a PIN."""
    return [9 + (int(digit) or 10) for digit in pin]


def kiosk_file(folder: Path, *screens: Mapping[str, object], maintenance: str = "", pin: bool = True) -> Path:
    """Write a kiosk file with these screens and a PIN."""
    lines = ["format = 1", "[maintenance]", f"hold_seconds = {HOLD_S}"]
    if pin:
        lines.append(f'pin = "{pin_text(hashed(PIN, bytes(16)))}"')
    lines.append(maintenance)
    for screen in screens:
        lines += ["[[screen]]", *(f"{key} = {json.dumps(value)}" for key, value in screen.items())]
    path = folder / "kiosk.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def status_of(state: Path) -> dict[str, Any]:
    """A state folder's status file; empty as long as there is none."""
    try:
        found = json.loads((state / "player" / "status.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    assert isinstance(found, dict)
    return found


def eventually(condition: Callable[[], object], patience_s: float = 30.0) -> None:
    """Wait for something that must come true."""
    until = time.monotonic() + patience_s
    while not condition():
        assert time.monotonic() < until, "this never came true"
        time.sleep(0.05)


def places(view: View, size: tuple[int, int] = (640, 360)) -> dict[str, Box]:
    """Where the buttons of a view lie on a canvas."""
    lines = (Line("", ""),) if view is not View.OVERVIEW else (Line("x", "x"),) * 12
    keys = tuple(Key(button, button, focused=False) for button in BUTTONS[view])
    return dict(zip(BUTTONS[view], layout(Page(view, "", lines, keys), *size).keys, strict=True))


def stands(screen: XServer, view: View) -> bool:
    """Whether a view of the maintenance page is what the screen shows, by the ground and where its buttons are."""
    shot = screen.look()
    boxes = places(view, (shot.width, shot.height)).values()
    inside = [shot.pixel(box.x + box.width // 2, box.y + box.height // 10 + 3) for box in boxes]
    ground = [shot.pixel(x, y) for x, y in ((3, 3), (shot.width - 4, shot.height - 4))]
    return all(near(one, KEY, 12) for one in inside) and all(near(one, GROUND, 4) for one in ground)
