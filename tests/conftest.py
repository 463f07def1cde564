"""What tests of several folders share: a Qt without a screen, X servers, and a place to run the real player."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from tests.support.player_process import Stage, stage
from tests.support.xserver import XServer, x_server

if TYPE_CHECKING:
    from PySide6.QtGui import QGuiApplication


# Two tests run at a time, on machines that others use too: slowness proves nothing.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

_REALTIME = {"integration", "end2end", "damage"}
_COMPUTED = ("test_board", "test_demo_", "test_live_day", "test_live_plans", "test_live_year", "test_playlist_")
"""Of these folders what lives in simulated time, or in none."""


@pytest.hookimpl(tryfirst=True)  # before marks are selected by
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what plays in real time: it has the machine for itself. What computes or speaks over a wire need not."""
    here = Path(__file__).parent
    for item in items:
        parts = item.path.relative_to(here).parts
        if parts[0] in _REALTIME and "sync" not in parts and not parts[-1].startswith(_COMPUTED):
            item.add_marker(pytest.mark.realtime)


@pytest.fixture(scope="session")
def offscreen_qt() -> "QGuiApplication":
    """The one Qt application a process may have, drawing into memory; made once for all tests.

    Tests of the real window run the player's own processes on a real X server instead.
    """
    from PySide6.QtGui import QGuiApplication  # noqa: PLC0415 - most tests need no Qt

    running = QGuiApplication.instance()
    if isinstance(running, QGuiApplication):
        return running
    return QGuiApplication(["test", "-platform", "offscreen"])


@pytest.fixture(scope="session")
def shared_x_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[XServer]:
    with x_server(tmp_path_factory.mktemp("x")) as server:
        yield server


@pytest.fixture
def screen(shared_x_server: XServer) -> XServer:
    """A screen of 640 x 360 pixels; one for all tests, for they come one after another."""
    return shared_x_server


@pytest.fixture
def players(screen: XServer, tmp_path: Path) -> Iterator[Stage]:
    """Where to run the real player: on ``screen``; anything unexpected on its stderr fails the test."""
    with stage(screen.display, tmp_path / "home") as place:
        yield place
