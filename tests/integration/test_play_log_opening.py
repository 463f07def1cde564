"""Opening a log: new, well kept, left by a crash, damaged, somebody else's."""

import sqlite3
import time
from pathlib import Path

import pytest

from player.clock import ManualClock
from player.proof_log.ledger import SqliteLedger
from player.proof_log.port import Unwritable
from player.proof_log.reading import open_log, verify_log
from playlists.errors import DamageError
from playlists.proof import Fault, PlayEnd, Record
from playlists.proof_rows import read_record, read_row
from tests.support.log_records import end, heartbeat, play_id, plays, read_bytes, start, write_log


def _records(path: Path) -> list[Record | None]:
    with open_log(path) as log:
        assert verify_log(log).finding is None
        return [read_record(read_row(data)) for _, data in log.rows()]


def _spoil(path: Path, statement: str) -> None:
    """Edit a log by hand, past its triggers."""
    connection = sqlite3.connect(path)
    connection.executescript(
        f"drop trigger rows_are_never_changed; drop trigger rows_are_pruned_only; drop trigger rows_have_no_gap;"
        f"{statement}; vacuum"
    )
    connection.close()


def test_settings_of_the_file_are_those_of_the_house(tmp_path: Path) -> None:
    path = tmp_path / "play.log"
    ledger = SqliteLedger(path, ManualClock())
    ledger.open()
    connection = ledger._store._connection  # type: ignore[union-attr]  # noqa: SLF001 - settings of that connection only
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    assert connection.execute("PRAGMA synchronous").fetchone() == (3,)
    ledger.close()


def test_a_log_grows_over_its_sessions_in_one_epoch(tmp_path: Path) -> None:
    path = tmp_path / "play.log"
    write_log(path, plays(2))
    write_log(path, [start(7), end(7)])
    assert _records(path) == [*plays(2), start(7), end(7)]
    assert len({read_row(data).epoch for data in read_bytes(path)}) == 1
    write_log(tmp_path / "other.log", plays(1))
    assert read_row(read_bytes(path)[0]).epoch != read_row(read_bytes(tmp_path / "other.log")[0]).epoch


@pytest.mark.parametrize(
    "statement", ["update rows set row = ''", "delete from rows", "delete from rows where rowid=2"]
)
def test_the_file_itself_refuses_changes(tmp_path: Path, statement: str) -> None:
    write_log(tmp_path / "play.log", plays(2))
    connection = sqlite3.connect(tmp_path / "play.log")
    with pytest.raises(sqlite3.IntegrityError, match="a play log is"):
        connection.execute(statement)
    with pytest.raises(sqlite3.IntegrityError, match="has no gap"):
        connection.execute("insert or replace into rows values (2, '')")
    connection.close()


@pytest.mark.parametrize(("boot", "reason"), [(None, "player_fault"), ("another", "power")])
def test_open_plays_are_closed_at_the_next_start(tmp_path: Path, boot: str | None, reason: str) -> None:
    path, clock = tmp_path / "play.log", ManualClock()
    write_log(path, [start(1), end(1), start(2), start(3), heartbeat(play_id(2))], clock)
    if boot:
        clock.reboot(boot)
    write_log(path, [start(4)], clock)
    *_, first, second, last = _records(path)
    assert isinstance(first, PlayEnd)
    assert isinstance(second, PlayEnd)
    assert [first.play, second.play, first.reason, second.reason] == [play_id(2), play_id(3), reason, reason]
    assert (first.end, second.end) == (heartbeat().at, None)
    assert last == start(4)
    write_log(path, [], clock)
    assert len(_records(path)) == 9, "only what is open is closed, and only once"


def test_a_log_full_of_rows_since_an_open_start_still_closes_it(tmp_path: Path) -> None:
    path = tmp_path / "play.log"
    write_log(path, [start(9999), *[heartbeat()] * 1000])
    write_log(path, [])
    *_, last = _records(path)
    assert isinstance(last, PlayEnd)
    assert last.play == play_id(9999)


def _aside(path: Path) -> list[Path]:
    return sorted(path.parent.glob(f"{path.name}.damaged-*[0-9Z]"))


def _make_foreign(path: Path) -> None:
    path.unlink()
    connection = sqlite3.connect(path)
    connection.execute("create table contacts (name)")
    connection.close()


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(b"no database at all"),
        lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
        lambda path: path.write_bytes(b"\0" * 8192),
        _make_foreign,
        lambda path: _spoil(path, "update rows set row = replace(row, '15000', '25000') where sequence = 6"),
        lambda path: _spoil(path, "delete from rows where sequence = 10"),
        lambda path: _spoil(path, "delete from rows where sequence = 5"),
        lambda path: _spoil(path, "delete from marks"),
        lambda path: _spoil(path, "drop table open_plays"),
        lambda path: _spoil(path, "pragma user_version = 2"),
        lambda path: _spoil(path, "insert into open_plays values ('nobody', 3)"),
    ],
)
def test_a_damaged_log_is_put_aside_and_named(tmp_path: Path, damage: object) -> None:
    path = tmp_path / "play.log"
    write_log(path, plays(5))
    assert callable(damage)
    damage(path)
    before = path.read_bytes()
    write_log(path, [start(1)])
    (aside,) = _aside(path)
    assert aside.name == "play.log.damaged-20261123T034458Z"
    assert aside.read_bytes() == before
    first, second = _records(path)
    assert isinstance(first, Fault)
    assert first.code == "log-set-aside"
    assert aside.name in first.detail
    assert second == start(1)


def test_an_empty_file_is_a_new_log(tmp_path: Path) -> None:
    path = tmp_path / "play.log"
    path.touch()
    write_log(path, [start(1)])
    assert (_records(path), _aside(path)) == ([start(1)], [])


def test_logs_damaged_again_get_names_of_their_own_but_not_at_once(tmp_path: Path) -> None:
    path = tmp_path / "play.log"
    for _ in range(3):
        path.write_bytes(b"no database")
        write_log(path, [start(1)])
    assert [aside.name[-3:] for aside in _aside(path)] == ["58Z", "Z-2", "Z-3"]
    clock = ManualClock()
    ledger = SqliteLedger(path, clock)
    ledger.append([start(2), end(2)])
    ledger._drop()  # noqa: SLF001 - as after any error of the disk
    path.write_bytes(b"no database")
    ledger.append([start(3)])
    ledger._drop()  # noqa: SLF001
    path.write_bytes(b"no database")
    with pytest.raises(Unwritable, match="damaged again"):
        ledger.append([end(3)])
    clock.advance(600_000)
    ledger.append([end(3)])
    ledger.close()
    assert len(_aside(path)) == 5


def test_damage_that_shows_while_writing_puts_the_log_aside(tmp_path: Path) -> None:
    path = tmp_path / "play.log"
    write_log(path, plays(500))
    pruner = SqliteLedger(path, ManualClock())
    pruner.prune(900)
    pruner.close()
    ledger = SqliteLedger(path, ManualClock())
    ledger.open()
    with path.open("r+b") as file:
        file.seek(32)  # the header names the first page of the list of free pages
        free = int.from_bytes(file.read(4), "big")
        file.seek((free - 1) * 4096)
        file.write(b"\xff" * 4096)
    ledger.append(plays(100, first=1000))
    ledger.append([start(77)])
    ledger.close()
    fault, *rest = _records(path)
    assert isinstance(fault, Fault)
    assert "malformed" in fault.detail
    assert rest == [*plays(100, first=1000), start(77)]
    assert len(_aside(path)) == 1


def test_a_commit_that_only_seemed_to_fail_is_not_written_twice(tmp_path: Path) -> None:
    path = tmp_path / "play.log"
    ledger = SqliteLedger(path, ManualClock())
    ledger.append(plays(2))
    ledger._in_doubt = (plays(2), 0)  # noqa: SLF001 - the state after an error that came once the rows were written
    ledger._drop()  # noqa: SLF001
    ledger.append(plays(2))
    ledger.append([start(5)])
    ledger.close()
    assert _records(path) == [*plays(2), start(5)]


def test_a_file_opened_again_in_mid_session_leaves_the_running_play_alone(tmp_path: Path) -> None:
    path = tmp_path / "play.log"
    ledger = SqliteLedger(path, ManualClock())
    ledger.append([start(1)])
    ledger._drop()  # noqa: SLF001 - as after any error of the disk
    ledger.append([end(1)])
    ledger.close()
    assert _records(path) == [start(1), end(1)]


def test_a_folder_under_the_name_of_the_log_is_trouble_not_a_crash(tmp_path: Path) -> None:
    (tmp_path / "play.log").mkdir()
    ledger = SqliteLedger(tmp_path / "play.log", ManualClock())
    ledger.claim()
    with pytest.raises(Unwritable, match="unable to open"):
        ledger.open()
    blocked = SqliteLedger(tmp_path / "file" / "play.log", ManualClock())
    (tmp_path / "file").touch()
    blocked.claim()
    with pytest.raises(Unwritable):
        blocked.append([start(1)])


def test_pruning_keeps_what_is_open_and_verifies_from_its_checkpoint(tmp_path: Path) -> None:
    path = tmp_path / "play.log"
    ledger = SqliteLedger(path, ManualClock())
    ledger.append([*plays(3), start(50), *plays(3)])
    ledger.prune(4)
    assert len(_records(path)) == 9
    ledger.prune(1000)
    assert _records(path)[0] == start(50)
    ledger.append([end(50)])
    ledger.prune(1000)
    assert _records(path) == []
    ledger.append([start(60)])
    assert [read_row(data).sequence for data in read_bytes(path)] == [15]
    ledger.close()
    write_log(path, [])
    assert len(_records(path)) == 2


def test_opening_reads_the_end_of_a_long_log_only(tmp_path: Path) -> None:
    path = tmp_path / "play.log"
    write_log(path, plays(10_000))
    ledger = SqliteLedger(path, ManualClock())
    before = time.thread_time()
    ledger.open()
    assert time.thread_time() - before < 0.25, "reading all of it takes a second and more"
    ledger.close()


def test_a_log_without_its_head_says_so(tmp_path: Path) -> None:
    path = tmp_path / "play.log"
    write_log(path, plays(1))
    _spoil(path, "delete from marks where place = 'head'")
    with open_log(path) as log, pytest.raises(DamageError, match="lost its head"):
        log.marks()
