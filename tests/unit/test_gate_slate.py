"""The gate's own slate stands where the built-in one would, as soon as it is painted, and only then."""

from pathlib import Path

import pytest

from player.clock import ManualClock
from player.doubles import Lender, ManualReactor, MemoryStage
from player.fitting import Size
from player.live.doubles import ScriptedLaboratory
from player.live.gate_slate import GateSlate
from player.performance import Picture
from playlists.timing import MonotonicNs


class PlainStage:
    """Remembers what it was given; a slate is of another kind of picture than it can read labels from."""

    canvas = Size(64, 36)

    def __init__(self) -> None:
        self.shown: list[str] = []

    def show_picture(self, picture: Picture) -> None:
        self.shown.append("slate picture" if len(picture.pixels) == 64 * 36 * 4 else "item")

    def show_mixed(self, below: Picture | None, above: Picture | None, share: float) -> None:
        self.shown.append(f"{share} of {above} over {below}")

    def heed(self, *, urgent: bool, bare: bool = False) -> None:
        self.shown.append(("urgent" if urgent else "not urgent") + (", bare" if bare else ""))

    def show_slate(self) -> None:
        self.shown.append("built-in")


@pytest.fixture
def reactor() -> ManualReactor:
    return ManualReactor(ManualClock())


def item() -> Picture:
    return Lender().lend(1, 0, MonotonicNs(0))


def test_the_built_in_slate_stands_until_the_gates_own_is_painted(reactor: ManualReactor, tmp_path: Path) -> None:
    stage = PlainStage()
    gate = GateSlate(stage, ScriptedLaboratory(reactor.clock, reactor))
    picture = tmp_path / "slate.png"
    picture.write_bytes(b"x")
    gate.show_slate()
    gate.use(picture)
    reactor.run_for(1000)
    gate.show_picture(item())
    gate.show_slate()
    assert stage.shown == ["built-in", "slate picture", "item", "slate picture"]
    gate.use(None)
    gate.show_slate()
    assert stage.shown[-1] == "built-in"


def test_a_slate_that_is_painted_while_an_item_runs_does_not_come_before_its_time(
    reactor: ManualReactor, tmp_path: Path
) -> None:
    stage = PlainStage()
    gate = GateSlate(stage, ScriptedLaboratory(reactor.clock, reactor))
    picture = tmp_path / "slate.png"
    picture.write_bytes(b"x")
    gate.use(picture)
    gate.show_picture(item())
    reactor.run_for(1000)
    assert stage.shown == ["item"]


def test_a_slate_that_is_no_picture_leaves_the_built_in_one(reactor: ManualReactor, tmp_path: Path) -> None:
    stage = PlainStage()
    gate = GateSlate(stage, ScriptedLaboratory(reactor.clock, reactor))
    gate.use(tmp_path / "missing.png")
    reactor.run_for(1000)
    gate.show_slate()
    assert stage.shown == ["built-in"]
    assert gate.canvas == MemoryStage(reactor.clock).canvas
