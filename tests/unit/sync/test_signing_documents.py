"""The runbook and the page of formats: what they show can be typed, what can be typed is shown."""

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.hub.cli import main
from sync.hub.request import KIND, write_request
from sync.hub.trust_plan import write_plan
from tests.unit.sync.test_signing import PLAN, request

DOCS = Path(__file__).resolve().parents[3] / "deploy" / "docs"
RUNBOOK, FORMATS = DOCS / "so-tay-khoa.md", DOCS / "signing.md"
KEY_COMMANDS = tuple(("key", name) for name in ("new", "show", "add", "replace", "revoke", "plan"))
COMMANDS = (("init",), *KEY_COMMANDS, ("sign",), ("publish",), ("status",), ("backup",), ("restore",))
KNOWN_ELSEWHERE = {"--help", "--yes", "--output", "--confirm"}
"""For scripts and for roll-outs by the server; no officer types them."""


def shown() -> Iterator[list[str]]:
    for block in re.findall(r"^```sh\n(.*?)^```$", RUNBOOK.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL):
        yield from (shlex.split(line)[1:] for line in block.splitlines())


def help_of(words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as left:
        main([*words, "--help"])
    assert left.value.code == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("words", list(shown()), ids=" ".join)
def test_every_line_of_the_runbook_is_understood(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    help_of(words, capsys)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_and_option_is_in_the_runbook(
    command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [line for line in shown() if tuple(line[: len(command)]) == command]
    assert lines
    options = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", help_of(list(command), capsys)))
    assert options - KNOWN_ELSEWHERE <= set(re.findall(r"--[a-z][a-z-]*", RUNBOOK.read_text(encoding="utf-8")))


def test_every_field_is_described() -> None:
    words = set(re.findall(r"`([^`]+)`", FORMATS.read_text(encoding="utf-8")))
    told = json.loads(write_request(request()))
    part = told["parts"][0]
    assert {*told, *part, *part["quorums"][0], *part["quorums"][0]["holders"][0], KIND} <= words
    assert set(json.loads(write_plan(PLAN))) <= words
