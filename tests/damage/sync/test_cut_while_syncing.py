"""An agent killed, or cut from power, anywhere in refresh, download, import, activation, collection: old or new."""

import os
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.support.crash_states import Disk, Tree, tree_of
from tests.support.feed_server import FeedServer, feed_server
from tests.support.recorded_calls import Call, killed_at, record
from tests.support.stick_hub import StickHub
from tests.support.upgrading import NEW, Upgrading

_ENVIRONMENT = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0"}
_EVERY, _EVERY_KILL = 12, 48
"""Of the states and calls that `make test-long` takes all of, `make test` takes every so many."""


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """In memory where there is such a place: what lasts is decided by the model, not by this machine's disk."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of our own in it
    with TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def hub(place: Path) -> StickHub:
    return StickHub(place / "hub", datetime.now(UTC).replace(microsecond=0))


@pytest.fixture(scope="module")
def server(hub: StickHub) -> Iterator[FeedServer]:
    with feed_server(hub.feed.folder) as served:
        yield served


@pytest.fixture(scope="module")
def upgrading(place: Path, hub: StickHub, server: FeedServer) -> Upgrading:
    (place / "kiosk").mkdir()
    return Upgrading(place / "kiosk", hub.feed, server)


@pytest.fixture(scope="module", params=["network", "stick"])
def way(request: pytest.FixtureRequest, place: Path, hub: StickHub, upgrading: Upgrading) -> list[str]:
    """The command by which release 3 comes. It goes on by the network in either case."""
    if request.param == "network":
        return ["once"]
    (place / "stick").mkdir()
    hub.export(place / "stick")
    assert upgrading.new.sequence == NEW
    return ["import-usb", str(place / "stick")]


@pytest.fixture(scope="module")
def calls(place: Path, upgrading: Upgrading, way: list[str]) -> list[Call]:
    """What the real agent does to its files from release 2 to release 3, recorded once."""
    upgrading.lay_out(upgrading.before, place / "recorded")
    kiosk = upgrading.kiosk
    found = record(kiosk.command(*way), place / "trace", kiosk.state, env=_ENVIRONMENT, capture_output=True)
    assert kiosk.sequence == NEW
    disk = Disk(upgrading.before)
    for call in found:
        disk.apply(call)
    assert disk.tree() == tree_of(kiosk.state), "the model does not do what the agent did"
    assert {call.kind for call in found} >= {"open", "write", "sync", "rename", "unlink", "mkdir"}
    return found


def states(before: Tree, calls: list[Call], *, syncing: bool = True) -> list[Tree]:
    """Every state a cut can leave, each once, in the order in which they become possible."""
    disk, chance = Disk(before), random.Random(4711)  # noqa: S311 - a sample
    found: dict[tuple[tuple[str, bytes | None], ...], Tree] = {}
    for call in [*calls, None]:
        for tree in disk.states(chance):
            found.setdefault(tuple(sorted(tree.items())), tree)
        if call is not None:
            disk.apply(call, syncing=syncing)
    return list(found.values())


def wrong_with(upgrading: Upgrading, tree: Tree, place: Path) -> list[str]:
    upgrading.lay_out(tree, place)
    try:
        return [*upgrading.faults(), *upgrading.finish()]
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what we look for
        return [f"{type(error).__name__}: {error}"]


def every(things: list[Tree] | list[Call], count: int) -> list[int]:
    """Places of a sample that has the last in it, and that the number of things does not fall in step with."""
    return sorted({*range(0, len(things), count), len(things) - 1})


def test_a_sample_of_what_a_power_cut_can_leave(upgrading: Upgrading, calls: list[Call], place: Path) -> None:
    found = states(upgrading.before, calls)
    wrong = {number: wrong_with(upgrading, found[number], place / "cut") for number in every(found, _EVERY)}
    assert {number: told for number, told in wrong.items() if told} == {}


@pytest.mark.long
def test_all_that_a_power_cut_can_leave(upgrading: Upgrading, calls: list[Call], place: Path) -> None:
    found = states(upgrading.before, calls)
    print(f"\n{len(calls)} calls, {len(found)} states")  # noqa: T201 - a figure for the record
    wrong = {number: wrong_with(upgrading, tree, place / "all") for number, tree in enumerate(found)}
    assert {number: told for number, told in wrong.items() if told} == {}


def test_without_its_fsyncs_the_agent_would_fail_this(upgrading: Upgrading, calls: list[Call], place: Path) -> None:
    found = states(upgrading.before, calls, syncing=False)
    random.Random(1).shuffle(found)  # noqa: S311 - the sooner one is met that fails, the better
    wrong = (wrong_with(upgrading, tree, place / "unsynced") for tree in found)
    assert any(wrong)


@pytest.mark.parametrize("every_so_many", [_EVERY_KILL, pytest.param(1, marks=pytest.mark.long)])
def test_killed_before_and_after_every_call(
    upgrading: Upgrading, way: list[str], calls: list[Call], place: Path, every_so_many: int
) -> None:
    wrong: dict[str, list[str]] = {}
    missed: list[Call] = []
    for number in every(calls, every_so_many):
        call = calls[number]
        upgrading.lay_out(upgrading.before, place / "killed")
        kiosk = upgrading.kiosk
        if not killed_at(call, kiosk.command(*way), kiosk.state, env=_ENVIRONMENT, capture_output=True):
            missed.append(call)
        told = wrong_with(upgrading, tree_of(kiosk.state), place / "after")
        if told:
            wrong[f"{number} {call.name} {call.path}"] = told
    assert wrong == {}
    # How many writes a body comes in is the network's affair: a later one may not come again.
    assert [call for call in missed if call.kind != "write"] == []
    assert len(missed) * 10 < len(calls)
