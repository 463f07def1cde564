"""The published schema is the code's, and tells rows from what only looks like one."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

import playlists
from player.proof_log.cli import schema_text
from playlists.proof_schema import row_schema
from tests.support.log_records import chain, one_of_each
from tests.support.log_schema import problems

SCHEMA = json.loads(schema_text())


def test_the_published_schema_is_that_of_the_code() -> None:
    published = Path(playlists.__file__).with_name("proof-row.schema.json")
    assert published.read_text(encoding="utf-8") == schema_text()
    assert json.loads(schema_text()) == row_schema()


@pytest.mark.parametrize("index", range(len(one_of_each())))
def test_every_kind_of_row_is_valid(index: int) -> None:
    row = json.loads(chain(one_of_each())[0][index])
    assert problems(row, SCHEMA, SCHEMA) == []


def test_golden_rows_of_a_later_version_are_valid() -> None:
    golden = Path(__file__).parents[1] / "golden" / "proof" / "later.jsonl"
    assert [problems(json.loads(line), SCHEMA, SCHEMA) for line in golden.read_bytes().splitlines()] == [[], []]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("sequence",), 0),
        (("epoch",), "short"),
        (("format",), 2),
        (("payload", "planned_ms"), "15000"),
        (("payload", "rendition"), "hologram"),
        (("payload", "at", "monotonic_ns"), None),
        (("payload", "picture_languages"), [1]),
    ],
)
def test_what_is_no_row_is_found(path: tuple[str, ...], value: object) -> None:
    row: dict[str, Any] = copy.deepcopy(json.loads(chain(one_of_each())[0][0]))
    inner: Any = row
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    assert problems(row, SCHEMA, SCHEMA)


def test_a_missing_field_is_found() -> None:
    row = json.loads(chain(one_of_each())[0][0])
    del row["payload"]["title"]
    assert problems(row, SCHEMA, SCHEMA)
