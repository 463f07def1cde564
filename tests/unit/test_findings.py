"""Findings: everything the models and their checks can find wrong has a case, a place and two sentences."""

import ast
import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from pydantic import BaseModel
from pydantic_core import ErrorDetails

from playlists import fields
from playlists.cli_media import wrong_with_files
from playlists.fields import CUSTOM_CODES
from playlists.findings import SENTENCES, FileError, Finding, Severity, pointer
from playlists.json_document import PYDANTIC_CODES, translated
from playlists.playlist_file import read_playlist
from playlists.playlist_model import PlaylistFields
from playlists.playlist_model_v2 import PlannedPlaylistFields
from playlists.playlist_warnings import playlist_warnings
from playlists.recurrence_rules import recurrence_flaw
from playlists.screen_file import read_screen
from playlists.screen_model import ScreenFields
from tests.support.media import Clip, Tone, make_clip, make_picture
from tests.support.wrong_documents import (
    CLIP,
    GOOD_RULES,
    IDLE_RULES,
    RIGHT_PLAYLISTS,
    RULE,
    WRONG_PLAYLISTS,
    WRONG_RULES,
    WRONG_SCREENS,
    Fields,
    bulletin,
    clip,
    planned,
    recurring,
    screen,
)
from tests.support.wrong_releases import wrong_releases

NO_DOCUMENTS = [
    (b"", "not-json"),
    (b"\xff\xfe", "not-utf-8"),
    (b"[1]", "not-object"),
    (b"[" * 200_000, "too-deep"),
    (b'{"id": "a", "id": "b"}', "duplicate-key"),
    (b'{"x": 1e999}', "not-json-value"),
]


def content_of(document: Fields) -> bytes:
    return json.dumps({name: value for name, value in document.items() if value is not ...}).encode()


def found(read: Callable[[bytes], object], content: bytes) -> list[Finding]:
    try:
        read(content)
    except FileError as error:
        assert error.findings  # noqa: PT017  # either answer is right
        return list(error.findings)
    return []


def places(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(one.place, one.code) for one in findings]


@pytest.mark.parametrize(("document", "place", "code"), WRONG_PLAYLISTS)
def test_a_playlist_that_is_wrong_in_one_way_has_one_finding(document: Fields, place: str, code: str) -> None:
    assert places(found(read_playlist, content_of(document))) == [(place, code)]


@pytest.mark.parametrize(("document", "place", "code"), WRONG_SCREENS)
def test_a_screen_that_is_wrong_in_one_way_has_one_finding(document: Fields, place: str, code: str) -> None:
    assert places(found(read_screen, content_of(document))) == [(place, code)]


@pytest.mark.parametrize("document", RIGHT_PLAYLISTS)
def test_what_is_right_has_no_finding(document: Fields) -> None:
    assert found(read_playlist, content_of(document)) == []


def test_what_the_wrong_screens_are_made_of_is_right() -> None:
    assert found(read_screen, content_of(screen())) == []


@pytest.mark.parametrize("rule", WRONG_RULES)
def test_a_rule_that_is_none_is_refused(rule: str) -> None:
    assert places(found(read_playlist, content_of(recurring(rule=rule)))) == [(RULE, "recurrence-rule")]


@pytest.mark.parametrize("rule", IDLE_RULES)
def test_a_rule_that_never_comes_to_pass_is_refused(rule: str) -> None:
    assert places(found(read_playlist, content_of(recurring(rule=rule)))) == [(RULE, "recurrence-never")]


@pytest.mark.parametrize("rule", GOOD_RULES)
def test_a_rule_for_days_is_taken(rule: str) -> None:
    assert found(read_playlist, content_of(recurring(rule=rule))) == []


def test_a_rule_at_the_end_of_time_is_looked_at_too() -> None:
    assert recurrence_flaw("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", date(9997, 1, 1)) == "recurrence-never"


# Everything that can be said is said by some input.


def of_files(folder: Path) -> Iterator[Finding]:
    """What looking into the files themselves finds."""
    make_clip(folder / "a.mp4", Clip(sound=(Tone(1.0, "vie"),)))
    make_picture(folder / "a.png", (64, 48))
    (folder / "b.png").write_bytes(b"no picture")
    recorded = {"sha256": "ab" * 32, "sound": ["vi", "lo"], "picture": {"width": 48, "height": 64}}
    for document in (clip(**recorded), clip(source="no.mp4"), bulletin(rendition="image", picture="b.png")):
        item = read_playlist(content_of(document)).slots[0].item
        yield from wrong_with_files(item, folder, ("items", 0))


def warnings() -> Iterator[Finding]:
    items = [CLIP | {"length_ms": None, "message": "m", "languages": ["vi"]}]
    parts = [{"id": "x", "title": "X", "begins": "06:00", "ends": "07:00"}]
    playlist = read_playlist(content_of(planned(items=items, dayparts=parts)))
    wanted = read_screen(content_of(screen(languages=["vi", "lo"], shares={"vi": 80, "lo": 30.5})))
    yield from playlist_warnings(playlist, wanted)


def all_findings(folder: Path) -> Iterator[Finding]:
    for content, _ in NO_DOCUMENTS:
        yield from found(read_playlist, content)
        yield from found(read_screen, content)
    for document, _, _ in WRONG_PLAYLISTS:
        yield from found(read_playlist, content_of(document))
    for document, _, _ in WRONG_SCREENS:
        yield from found(read_screen, content_of(document))
    for rule in (*WRONG_RULES, *IDLE_RULES):
        yield from found(read_playlist, content_of(recurring(rule=rule)))
    for read, content in wrong_releases():
        yield from found(read, content)
    yield from of_files(folder)
    yield from warnings()
    yield translated(ErrorDetails(type="of_a_pydantic_to_come", loc=("items", 0), msg="", input=None))


def test_every_sentence_is_said_of_something_and_nothing_is_left_unsaid(tmp_path: Path) -> None:
    findings = list(all_findings(tmp_path))
    assert {one.code for one in findings} == SENTENCES.keys()
    for one in findings:
        assert one.place == "" or one.place.startswith("/")
        for sentence in (one.vi, one.en):
            assert sentence.endswith((".", "…}.", "…].")), one
            assert "{" not in sentence.replace("{…}", ""), one
        assert one.vi != one.en


@pytest.mark.parametrize(("content", "code"), NO_DOCUMENTS)
def test_what_is_no_document_has_one_finding(content: bytes, code: str) -> None:
    assert places(found(read_screen, content)) == [("", code)]


def test_warnings_are_warnings() -> None:
    assert [(one.place, one.code, one.severity) for one in warnings()] == [
        ("/items/0", "unknown-length", Severity.WARNING),
        ("/items/0/message", "lonely-version", Severity.WARNING),
        ("/dayparts/0", "unused-daypart", Severity.WARNING),
        ("/shares", "shares-over-100", Severity.WARNING),
        ("", "share-without-item", Severity.WARNING),
    ]
    assert "30,5 %" in list(warnings())[-1].vi


# Everything the models can refuse is known. What pydantic finds is decided by the schema it makes of a model: the walk
# goes through every node of it and asks for the words of each kind of node.

REFUSALS: dict[str, dict[str, str]] = {
    "model": {"": "model_type"},
    "model-fields": {"": "missing"},
    "list": {"": "list_type", "min_length": "too_short", "max_length": "too_long"},
    "dict": {"": "dict_type", "min_length": "too_short", "max_length": "too_long"},
    "str": {
        "": "string_type",
        "min_length": "string_too_short",
        "max_length": "string_too_long",
        "pattern": "string_pattern_mismatch",
    },
    "int": {"": "int_type", "ge": "greater_than_equal", "gt": "greater_than", "le": "less_than_equal"},
    "float": {"": "float_type", "ge": "greater_than_equal", "gt": "greater_than", "le": "less_than_equal"},
    "bool": {"": "bool_type"},
    "literal": {"": "literal_error"},
    "nullable": {},
    "default": {},
    "definitions": {},
    "definition-ref": {},
    "model-field": {},
    # Ours; what they refuse with is in CUSTOM_CODES.
    "function-before": {},
    "function-after": {},
    "function-plain": {},
}
NO_LIMITS = {
    *("type", "ref", "metadata", "strict", "schema", "items_schema", "keys_schema", "values_schema", "function"),
    *("expected", "default", "fields", "definitions", "cls", "config", "model_name", "custom_init", "root_model"),
    *("default_factory", "default_factory_takes_data", "schema_ref", "computed_fields", "copy_default"),
    *("extra_behavior", "serialization", "json_schema_input_schema"),
}
"""What a node may hold beside limits."""


def nodes(schema: object) -> Iterator[dict[str, object]]:
    """Every node of a core schema, and of all schemas within it."""
    if isinstance(schema, dict):
        if isinstance(schema.get("type"), str):
            yield schema
        for name, value in schema.items():
            if name not in {"metadata", "serialization", "function", "json_schema_input_schema"}:
                yield from nodes(value)
    elif isinstance(schema, list | tuple):
        for one in schema:
            yield from nodes(one)


def words(model: type[BaseModel]) -> Iterator[str]:
    """Pydantic's words for everything it can find wrong with a document of this model."""
    model.model_rebuild(force=True)
    for node in nodes(model.__pydantic_core_schema__):
        refusals = REFUSALS[str(node["type"])]
        assert node.keys() - NO_LIMITS <= refusals.keys(), node
        yield from (word for limit, word in refusals.items() if limit == "" or limit in node)


def test_every_word_of_pydantic_has_one_of_ours() -> None:
    heard = {word for model in (PlaylistFields, PlannedPlaylistFields, ScreenFields) for word in words(model)}
    # A number with a fraction, where the type says whole ones, has a word of its own.
    assert heard | {"int_from_float"} == PYDANTIC_CODES.keys() - set(CUSTOM_CODES)
    assert set(PYDANTIC_CODES.values()) <= SENTENCES.keys()


def test_every_refusal_of_ours_is_known() -> None:
    tree = ast.parse(Path(fields.__file__).read_text(encoding="utf-8"))
    refusing = {"_refuse", "_suffix", "_matching", "_parsed"}
    said = {
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in refusing
        if isinstance(node.args[0], ast.Constant)
    }
    assert said == set(CUSTOM_CODES)


def test_an_empty_name_is_a_place_too() -> None:
    assert pointer(("items", 0, "a/b~c")) == "/items/0/a~1b~0c"
