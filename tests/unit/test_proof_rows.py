"""The canonical bytes of a row, against golden files and by their properties."""

import json
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playlists.errors import DamageError
from playlists.proof import RowKind
from playlists.proof_fields import RECORDS, Json, decode_record, encode_record, kind_of
from playlists.proof_rows import (
    FORMAT,
    GENESIS,
    Row,
    canonical,
    digest,
    genesis,
    mark_of,
    next_row,
    read_record,
    read_row,
)
from tests.support.log_records import EPOCH, chain, one_of_each, start

GOLDEN = Path(__file__).parents[1] / "golden" / "proof"

whole = st.integers(-(2**63), 2**63 - 1)
values: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | whole | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(max_codepoint=255)), inner),
    max_leaves=10,
)
rows = st.builds(
    Row,
    epoch=st.text(),
    sequence=whole,
    kind=st.text(),
    previous=st.text(),
    payload=st.dictionaries(st.text(st.characters(max_codepoint=127)), values),
    extra=st.dictionaries(st.sampled_from(["signed_by", "zone"]), values),
)


def test_golden_rows_are_what_the_code_writes() -> None:
    written, head = chain(one_of_each())
    assert b"".join(row + b"\n" for row in written) == (GOLDEN / "rows.jsonl").read_bytes()
    assert head.digest == (GOLDEN / "rows.head").read_text().strip()


def test_golden_rows_hold_one_of_every_kind_and_read_back() -> None:
    lines = (GOLDEN / "rows.jsonl").read_bytes().splitlines()
    read = tuple(read_record(read_row(line)) for line in lines)
    assert read == one_of_each()
    assert {kind_of(record) for record in one_of_each()} == set(RowKind) == set(RECORDS)


def test_what_a_later_version_adds_survives() -> None:
    lines = (GOLDEN / "later.jsonl").read_bytes().splitlines()
    read = [read_row(line) for line in lines]
    assert [row.to_bytes() for row in read] == lines
    assert read[0].payload["brightness"] == 80
    assert read[0].extra["signed_by"] == "bờ-y"
    assert read_record(read[0]) == start(1)
    assert read[1].kind == "weather"
    assert read_record(read[1]) is None


def test_an_older_row_without_an_optional_field_takes_its_default() -> None:
    payload = encode_record(start(1))
    del payload["volume"]
    assert decode_record(RowKind.PLAY_START, payload) == start(1)


def test_the_first_row_follows_the_genesis() -> None:
    row = next_row(genesis(EPOCH), start(1))
    assert (row.sequence, row.previous, row.format) == (1, GENESIS, FORMAT)
    second = next_row(mark_of(row, row.to_bytes()), start(2))
    assert (second.sequence, second.previous) == (2, digest(row.to_bytes()))


@settings(deadline=None)
@given(values)
def test_canonical_bytes_are_json_and_a_fixed_point(value: Json) -> None:
    data = canonical(value)
    assert canonical(json.loads(data)) == data
    assert unicodedata.is_normalized("NFC", data.decode())


@settings(deadline=None)
@given(rows)
def test_rows_come_back_as_they_were(row: Row) -> None:
    data = row.to_bytes()
    assert read_row(data).to_bytes() == data


@settings(deadline=None)
@given(st.text(), st.text())
def test_texts_have_the_same_bytes_only_when_they_are_the_same_in_nfc(one: str, other: str) -> None:
    same = unicodedata.normalize("NFC", one) == unicodedata.normalize("NFC", other)
    assert (canonical(one) == canonical(other)) == same


def test_half_a_surrogate_pair_is_spelled_out() -> None:
    name = b"b\xff.mp4".decode("utf-8", "surrogateescape")
    assert json.loads(canonical(name)) == r"b\udcff.mp4"


@pytest.mark.parametrize("value", [2**63, -(2**63) - 1, {"é": 1, "e\u0301": 2}])
def test_what_has_two_meanings_is_refused(value: Json) -> None:
    with pytest.raises(ValueError, match=r"fit into 64 bits|same in NFC"):
        canonical(value)


@pytest.mark.parametrize("value", [0.5, b"bytes", {1, 2}])
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical({"value": value})  # type: ignore[dict-item]


def _golden_row() -> bytes:
    return (GOLDEN / "rows.jsonl").read_bytes().splitlines()[4]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (b'"format":1', b'"format": 1', "canonical"),
        (b'"format":1', b'"format":1,"format":1', "canonical"),
        (b'"format":1', b'"format":2', "of format 2"),
        (b'"format":1', b'"format":1.0', "not JSON"),
        (b'"format":1', b'"format":NaN', "not JSON"),
        (b'"format":1', b'"format":99999999999999999999', "not JSON"),
        (b'"format":1,', b"", "lacks a field"),
        (b'"sequence":5', b'"sequence":"5"', "not of its type"),
        (b'"sequence":5', b'"sequence":true', "not of its type"),
        (b'"kind":"heartbeat"', b'"kind":null', "not of its type"),
        (b"{", b"[", "not JSON"),
        (b"heartbeat", b"h\xffartbeat", "not JSON"),
        (b"heartbeat", b"hea\\u0072tbeat", "canonical"),
    ],
)
def test_bytes_that_are_no_row_are_damage(old: bytes, new: bytes, problem: str) -> None:
    with pytest.raises(DamageError, match=problem):
        read_row(_golden_row().replace(old, new, 1))


def test_a_row_is_an_object() -> None:
    with pytest.raises(DamageError, match="lacks a field"):
        read_row(b"[]")
    with pytest.raises(DamageError, match="not JSON"):
        read_row(b"[" * 100_000)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("plays", "4"),
        ("plays", True),
        ("plays", None),
        ("playing", 4),
        ("display", "dim"),
        ("at", None),
        ("at", {"wall": "2026"}),
    ],
)
def test_a_field_of_the_wrong_type_is_named(key: str, value: Json) -> None:
    row = read_row(_golden_row())
    with pytest.raises(DamageError, match=f"heartbeat: the field '{key}'"):
        read_record(replace(row, payload={**row.payload, key: value}))


def test_a_missing_field_is_named() -> None:
    with pytest.raises(DamageError, match="closed: the field 'reason' is missing"):
        decode_record(RowKind.CLOSED, {"at": encode_record(start(1))["at"]})


@pytest.mark.parametrize("languages", ["vi", ["vi", 1]])
def test_a_list_of_languages_holds_texts(languages: Json) -> None:
    payload = {**encode_record(start(1)), "picture_languages": languages}
    with pytest.raises(DamageError, match="picture_languages"):
        decode_record(RowKind.PLAY_START, payload)
