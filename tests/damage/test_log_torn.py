"""Logs torn and rotten: opening one never raises, and damage is put aside or found by ``verify``, never overlooked."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from player.clock import ManualClock
from player.proof_log.ledger import SqliteLedger
from player.proof_log.reading import open_log, verify_log
from playlists.errors import SignageError
from playlists.proof import Fault, PlayEnd, Record
from playlists.proof_rows import read_record, read_row
from tests.support.log_records import end, heartbeat, play_id, plays, start, write_log

PAGE = 4096
Tear = Callable[[bytearray, random.Random], None]


def _truncate(data: bytearray, chance: random.Random) -> None:
    del data[chance.randrange(len(data)) :]


def _flip_one(data: bytearray, chance: random.Random) -> None:
    data[chance.randrange(len(data))] ^= chance.randrange(1, 256)


def _flip_in_the_header(data: bytearray, chance: random.Random) -> None:
    data[chance.randrange(100)] ^= chance.randrange(1, 256)


def _tear_a_page(data: bytearray, chance: random.Random) -> None:
    """Half of a page never reached the disk."""
    page = chance.randrange(len(data) // PAGE) * PAGE
    data[page + PAGE // 2 : page + PAGE] = bytes(PAGE // 2)


def _mix_pages(data: bytearray, chance: random.Random) -> None:
    one, other = (chance.randrange(len(data) // PAGE) * PAGE for _ in range(2))
    data[one : one + PAGE] = data[other : other + PAGE]


TEARS: tuple[Tear, ...] = (_truncate, _flip_one, _flip_in_the_header, _tear_a_page, _mix_pages)


def _records(path: Path) -> list[Record | None]:
    with open_log(path) as log:
        assert verify_log(log).finding is None
        return [read_record(read_row(data)) for _, data in log.rows()]


def _tear_and_go_on(folder: Path, seed: int) -> None:
    path, chance = folder / "play.log", random.Random(seed)  # noqa: S311 - a fixed seed
    whole: list[Record] = [*plays(chance.randrange(1, 100)), start(500), heartbeat(play_id(500))]
    write_log(path, whole)
    data = bytearray(path.read_bytes())
    TEARS[seed % len(TEARS)](data, chance)
    path.write_bytes(data)
    ledger = SqliteLedger(path, ManualClock())
    ledger.claim()
    ledger.append([start(501), end(501)])
    ledger.close()
    records = _records(path)
    asides = list(folder.glob("play.log.damaged-*Z"))
    assert records[-2:] == [start(501), end(501)]
    if asides:
        (fault, *rest), (aside,) = records, asides
        assert isinstance(fault, Fault)
        assert (fault.code, rest) == ("log-set-aside", [start(501), end(501)])
        assert aside.name in fault.detail
        assert aside.stat().st_size == len(data)
    elif len(records) > 2:  # the damage hit bytes that say nothing: every row is still there
        closing = records[-3]
        assert isinstance(closing, PlayEnd)
        assert (closing.play, records[:-3]) == (play_id(500), whole)
    else:
        assert len(data) == 0, "only nothing at all is taken for a new log"


@pytest.mark.parametrize("seed", range(20))
def test_a_torn_log_never_stops_the_next_one(tmp_path: Path, seed: int) -> None:
    _tear_and_go_on(tmp_path, seed)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(20, 1020))
def test_a_thousand_torn_logs_never_stop_the_next_one(tmp_path: Path, seed: int) -> None:
    _tear_and_go_on(tmp_path, seed)


@pytest.mark.parametrize("seed", range(20))
def test_readers_of_a_torn_log_read_it_all_or_say_so(tmp_path: Path, seed: int) -> None:
    path, chance = tmp_path / "play.log", random.Random(seed)  # noqa: S311 - a fixed seed
    write_log(path, plays(200))
    data = bytearray(path.read_bytes())
    TEARS[seed % len(TEARS)](data, chance)
    path.write_bytes(data)
    assert _read_or_told(path) in (plays(200), "told")


def _read_or_told(path: Path) -> list[Record | None] | str:
    try:
        with open_log(path) as log:
            if verify_log(log).finding is not None:
                return "told"
            return [read_record(read_row(row)) for _, row in log.rows()]
    except SignageError:
        return "told"
