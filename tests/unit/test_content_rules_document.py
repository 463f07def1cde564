"""The document of the content rules says what the code does."""

from dataclasses import fields, replace

import pytest

from playlists.facts import Facts
from playlists.facts_file import read_facts
from playlists.findings import Severity
from playlists.languages import MINORITY
from playlists.papers import Papers
from playlists.rules_case import severity
from playlists.screen import VolumeStep
from playlists.thresholds import BUILT_IN, Value
from playlists.verdicts import RuleId, State
from tests.support.judged import clip
from tests.unit.test_documents import ROOT, cells, coded, fenced, section, text_of

TEXT = text_of(ROOT / "deploy" / "docs" / "content-rules.md")
BY_SEVERITY = {
    (Severity.WARNING, Severity.ERROR): "error if commercial, else warning",
    (Severity.ERROR, Severity.ERROR): "error",
    (Severity.WARNING, Severity.WARNING): "warning",
    (Severity.NOTE, Severity.NOTE): "cannot fail",
}


def table(heading: str, columns: int) -> list[list[str]]:
    return list(cells(section(TEXT, heading), columns=columns))[1:]


def told(value: Value) -> str:
    if not isinstance(value, tuple):
        return f"{value:g}"
    parts = (f"{one.begins:%H:%M} {one.percent} %" if isinstance(one, VolumeStep) else one for one in value)
    return ", ".join(parts) or "none"


def test_the_rules_and_their_severities_are_the_code_s_own() -> None:
    plain, advert = clip(), replace(clip(), papers=Papers(commercial=True))
    expected = [(rule.value, BY_SEVERITY[severity(rule, plain), severity(rule, advert)]) for rule in RuleId]
    assert [(row[0], row[2]) for row in table("## The twelve rules", 4)] == expected


def test_the_facts_a_rule_needs_are_fields() -> None:
    names = {one.name for one in fields(Facts)}
    assert {word for row in table("## The twelve rules", 4) for word in coded(row[3])} <= names
    assert [row[0].strip("`") for row in table("## Facts", 3)] == [name for name in _in_order() if name != "extra"]


def _in_order() -> list[str]:
    return [one.name for one in fields(Facts)]


def test_the_states_are_the_code_s_own() -> None:
    assert [row[0].strip("`") for row in table("## The twelve rules", 2)] == [state.value for state in State]


def test_the_thresholds_are_the_code_s_own() -> None:
    expected = [[f"`{row.name}`", row.begins.isoformat(), told(row.value), row.source_en] for row in BUILT_IN]
    assert table("## Thresholds", 4) == expected


def test_the_minority_languages_are_the_code_s_own() -> None:
    (line,) = [line for line in TEXT.splitlines() if line.startswith("- **V5**")]
    assert set(coded(line)) == MINORITY


def test_the_facts_file_that_is_shown_is_one() -> None:
    (example,) = fenced(TEXT, "json")
    measurements = read_facts(example.encode())
    (facts,) = measurements.by_item.values()
    assert (measurements.extra, facts.extra) == ({}, {})
    assert facts.letters is not None
    assert [one.extra for one in facts.letters] == [{}, {}]


@pytest.mark.parametrize("rule", RuleId)
def test_every_rule_is_named_in_the_sheet_s_words(rule: RuleId) -> None:
    assert f"| {rule} |" in TEXT
