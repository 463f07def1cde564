"""Whether a screen is plugged in, by what the X server says of its sockets."""

import pytest

from player.stage.outputs import Output, outputs, plugged
from tests.support.xserver import XServer

ON, OFF = Output("HDMI-1", plugged=True, driven=True), Output("HDMI-2", plugged=False, driven=False)
BLIND = Output("DP-1", plugged=False, driven=True)
UNSURE = Output("DP-2", plugged=None, driven=False)


@pytest.mark.parametrize(
    ("found", "name", "there"),
    [
        ((), None, None),
        ((), "HDMI-1", None),
        ((ON, OFF), None, True),
        ((ON, OFF), "HDMI-1", True),
        ((ON, OFF), "HDMI-2", False),
        ((ON, OFF), "DP-9", False),
        ((OFF,), None, False),
        ((OFF, BLIND), None, None),
        ((BLIND,), "DP-1", None),
        ((UNSURE,), None, None),
    ],
)
def test_a_screen_is_there_or_not_or_nobody_knows(
    found: tuple[Output, ...],
    name: str | None,
    there: bool | None,  # noqa: FBT001
) -> None:
    assert plugged(found, name) is there


def test_a_real_server_tells(screen: XServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", screen.display)
    assert outputs() == (Output("screen", plugged=True, driven=True),)


def test_without_a_server_nobody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":59999")
    assert outputs() == ()
