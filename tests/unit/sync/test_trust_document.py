"""What `deploy/docs/trust.md` says of roles, times and refusals is so."""

import ast
import re
from pathlib import Path

import pytest

from sync.refusals import SENTENCES
from sync.trust import roles

ROOT = Path(__file__).resolve().parents[3]
TEXT = (ROOT / "deploy" / "docs" / "trust.md").read_text(encoding="utf-8")
DECIDING = [
    *sorted((ROOT / "sync" / "trust").glob("*.py")),
    *(ROOT / "sync/agent" / name for name in ("refresh.py", "trust_store.py")),
]


def rows(heading: str) -> list[list[str]]:
    section = TEXT.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def codes_refused() -> set[str]:
    """Every code that a refusal is made with."""
    calls = (node for path in DECIDING for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))
    made = (call for call in calls if ast.unparse(call.func) == "RefusalError")
    return {str(ast.literal_eval(word.value)) for call in made for word in call.keywords if word.arg == "code"}


def test_every_refusal_stands_in_the_document_and_has_its_sentences() -> None:
    told = {row[0].strip("`") for row in rows("What is refused")}
    assert told == codes_refused()
    assert told <= set(SENTENCES)


@pytest.mark.parametrize(
    ("role", "signers"),
    [
        ("root", roles.BOTH_ORGANISATIONS),
        ("targets", roles.BOTH_ORGANISATIONS),
        ("department", roles.BOTH_ORGANISATIONS),
        ("unit-NAME", roles.BOTH_ORGANISATIONS),
        ("urgent", roles.URGENT_SIGNERS),
        ("withdrawals", roles.WITHDRAWAL_SIGNERS),
    ],
)
def test_thresholds_are_those_of_the_plan(role: str, signers: int) -> None:
    [row] = [row for row in rows("Roles") if row[0] == f"`{role}`"]
    assert row[1] == f"{signers} of the 4"


def test_lives_are_those_of_the_plan() -> None:
    lives = {row[0].strip("`"): row[3] for row in rows("Roles")}
    assert lives["timestamp"].startswith(f"{roles.TIMESTAMP_LIFE.days} days")
    assert lives["urgent"] == f"{roles.URGENT_LIFE.total_seconds() / 3600:.0f} hours"
    assert f"lives for {roles.STICK_LIFE.days} days" in TEXT
    assert f"more than {roles.ONLINE_HORIZON.days} days" in TEXT
    assert roles.LONG_LIFE.days == 365


def test_the_tests_that_it_names_are_there() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)`", TEXT)
    assert len(named) == 5
    assert all((ROOT / name).is_file() for name in named)
