"""What the officer's page says is what the screen says."""

import re
import string
from pathlib import Path

import pytest

from sync.agent.stick_sentences import RETRIED, SENTENCES
from sync.agent.stick_source import FLOOR_BYTES, PATIENCE_S
from sync.agent.stick_watch import FIRST_RETRY_S, LAST_RETRY_S, MOST_STICKS
from sync.bundle import FOLDER_FILES, NAME_LETTERS, PART_BYTES, RETURNED
from sync.hub.stick_sentences import STICK_SENTENCES
from sync.trust import roles

DOCS = Path(__file__).parents[3] / "deploy" / "docs"
PAGE = (DOCS / "huong-dan-usb.md").read_text(encoding="utf-8")
FORMAT = " ".join((DOCS / "stick-format.md").read_text(encoding="utf-8").split())


def blanks(sentence: str) -> dict[str, str]:
    names = {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
    return {name: "USB “…”" if name == "usb" else "…" for name in names}


@pytest.mark.parametrize("code", SENTENCES)
def test_each_sentence_stands_on_the_officers_page(code: str) -> None:
    vietnamese, _ = SENTENCES[code]

    assert f"| {vietnamese.format(**blanks(vietnamese))} |" in PAGE


def test_the_page_knows_no_other_sentences() -> None:
    table = PAGE.split("## Màn hình báo gì")[1].split("Khi không rõ tên USB")[0]
    rows = [line.split("|")[1].strip() for line in table.splitlines() if line.startswith("| ")][1:]

    assert len(rows) == len(SENTENCES)


@pytest.mark.parametrize("sentences", [SENTENCES, STICK_SENTENCES])
def test_both_languages_are_filled_in_from_the_same_facts(sentences: dict[str, tuple[str, str]]) -> None:
    for vietnamese, english in sentences.values():
        assert vietnamese[-1] == english[-1] == "."
        assert set(blanks(english)) <= {*blanks(vietnamese), "stick", "why"}


@pytest.mark.parametrize("code", sorted(RETRIED))
def test_after_what_is_tried_again_nobody_is_told_to_pull_the_stick(code: str) -> None:
    assert "Có thể rút" not in SENTENCES[code][0]


def test_numbers_in_the_format_are_the_codes() -> None:
    for told in (
        f"{roles.STICK_LIFE.days} days",
        f"at most {NAME_LETTERS} letters",
        f"at most {FOLDER_FILES:,} files",
        f"parts of {PART_BYTES >> 30} GiB",
        f"less than {FLOOR_BYTES >> 20} MiB in {'two' if PATIENCE_S == 120 else PATIENCE_S} minutes",
        f"after {FIRST_RETRY_S:.0f} s, doubling to {LAST_RETRY_S / 60:.0f} min",
        f"looked at | {MOST_STICKS} |",
    ):
        assert told in FORMAT
    assert all(name in FORMAT for name in RETURNED)
    assert re.search(rf"quá {roles.STICK_LIFE.days} ngày", PAGE)
