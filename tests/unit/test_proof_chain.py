"""Verification notices every single edit, and names the first bad row."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playlists.proof import Record
from playlists.proof_chain import ChainCheck, verify
from playlists.proof_rows import Mark, genesis, mark_of, read_row
from tests.support.log_records import EPOCH, chain, end, one_of_each, play_id, plays, start

ROWS, HEAD = chain([*one_of_each(), *plays(5, first=20)])
NUMBERED = list(enumerate(ROWS, start=1))
positions = st.integers(0, len(ROWS) - 1)


def _problem(rows: list[tuple[int, bytes]]) -> str:
    finding = verify(genesis(EPOCH), rows, HEAD).finding
    assert finding is not None
    return f"{finding.sequence}: {finding.problem}"


def test_a_whole_chain_is_whole() -> None:
    report = verify(genesis(EPOCH), NUMBERED, HEAD)
    assert (report.finding, report.rows, report.reached, report.open_plays, report.doubled) == (None, 16, HEAD, (), ())


@settings(deadline=None)
@given(positions, st.data())
def test_any_changed_byte_is_noticed(position: int, data: st.DataObject) -> None:
    row = bytearray(ROWS[position])
    at = data.draw(st.integers(0, len(row) - 1))
    row[at] ^= data.draw(st.integers(1, 255))
    found = _problem([*NUMBERED[:position], (position + 1, bytes(row)), *NUMBERED[position + 1 :]])
    assert int(found.split(":")[0]) in {position + 1, position + 2}


@settings(deadline=None)
@given(positions, st.booleans())
def test_a_changed_row_in_canonical_form_is_noticed(position: int, keep_hash: bool) -> None:  # noqa: FBT001
    row = read_row(ROWS[position])
    changed = replace(row, extra={"more": 1}) if keep_hash else replace(row, previous="f" * 64)
    _problem([*NUMBERED[:position], (position + 1, changed.to_bytes()), *NUMBERED[position + 1 :]])


@settings(deadline=None)
@given(positions)
def test_a_dropped_row_is_noticed(position: int) -> None:
    assert _problem(NUMBERED[:position] + NUMBERED[position + 1 :]).startswith(f"{position + 1}: ")


@settings(deadline=None)
@given(positions, positions)
def test_a_row_put_in_twice_is_noticed(source: int, position: int) -> None:
    rows = [*ROWS[:position], ROWS[source], *ROWS[position:]]
    _problem(list(enumerate(rows, start=1)))
    _problem([*NUMBERED[:position], NUMBERED[source], *NUMBERED[position:]])


@settings(deadline=None)
@given(positions, positions)
def test_two_rows_changing_places_are_noticed(one: int, other: int) -> None:
    rows = list(ROWS)
    rows[one], rows[other] = rows[other], rows[one]
    if one != other:
        assert _problem(list(enumerate(rows, start=1))).startswith(f"{min(one, other) + 1}: ")


def test_problems_have_names() -> None:
    assert _problem(NUMBERED[:-1]) == "16: rows are missing at the end, the log went up to 16"
    assert _problem(NUMBERED[1:]) == "1: it is missing"
    assert _problem([NUMBERED[0], NUMBERED[0]]) == "1: it is out of order, row 2 should follow"
    assert _problem([(1, ROWS[1])]) == "1: it says it is row 2"
    foreign, _ = chain(one_of_each(), epoch="f" * 32)
    assert _problem([(1, foreign[0])]).startswith("1: it belongs to the epoch ffff")
    assert "changed" in _problem([NUMBERED[0], (2, replace(read_row(ROWS[1]), previous="0" * 64).to_bytes())])


def test_a_changed_last_row_and_rows_after_the_head_are_noticed() -> None:
    changed = replace(read_row(ROWS[-1]), extra={"more": 1}).to_bytes()
    assert _problem([*NUMBERED[:-1], (16, changed)]) == "16: the last row is not the one that was written"
    longer, _ = chain([*one_of_each(), *plays(5, first=20), start(77)])
    assert _problem(list(enumerate(longer, start=1))) == "17: rows were added after the head of the log, which is 16"


@pytest.mark.parametrize("pruned", [1, 7, 16])
def test_a_chain_is_verified_from_its_checkpoint(pruned: int) -> None:
    checkpoint = mark_of(read_row(ROWS[pruned - 1]), ROWS[pruned - 1])
    assert verify(checkpoint, NUMBERED[pruned:], HEAD).finding is None
    assert verify(replace(checkpoint, digest="0" * 64), NUMBERED[pruned:], HEAD).finding is not None


def test_pruning_under_a_reader_is_followed_forwards_only() -> None:
    check = ChainCheck(genesis(EPOCH))
    check.feed(1, ROWS[0])
    check.skip_to(genesis(EPOCH))
    assert check.mark.sequence == 1
    check.skip_to(mark_of(read_row(ROWS[9]), ROWS[9]))
    assert all(check.feed(sequence, data) for sequence, data in NUMBERED[10:])
    assert check.finish(HEAD).finding is None


def _report_of(records: list[Record]) -> tuple[list[int], tuple[tuple[int, str], ...]]:
    rows, head = chain(records)
    report = verify(genesis(EPOCH), enumerate(rows, start=1), head)
    assert report.finding is None
    return [sequence for sequence, _ in report.open_plays], report.doubled


def test_open_and_doubled_plays_are_reported() -> None:
    assert _report_of([start(1), start(2), end(1)]) == ([2], ())
    assert _report_of([start(1), end(1), end(1)]) == ([], ((3, play_id(1)),))
    assert _report_of([start(1), end(1), start(1)])[1] == ((3, play_id(1)),)


def test_an_empty_log_is_whole() -> None:
    assert verify(genesis(EPOCH), [], genesis(EPOCH)).finding is None
    assert verify(genesis(EPOCH), [], Mark(EPOCH, 1, "0" * 64)).finding is not None
