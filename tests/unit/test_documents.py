"""The documents are true: what they show can be typed, what they name is there, what they count is so."""

import importlib
import json
import re
import shlex
import tomllib
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, replace
from pathlib import Path

import pytest
from pydantic import BaseModel

from player.cli import default_log
from player.cli import main as player_main
from player.kiosk_file import Kiosk, KioskScreen, Maintenance, read_kiosk
from player.live.state_folder import StateFolder
from player.maintenance.page import FAULT_WORDS
from player.maintenance.pin import hashed, pin_text
from player.telling.state_places import StatePlaces
from playlists import cli as playlist_cli
from playlists.errors import ExitCode, exit_code_table, in_vietnamese
from playlists.folder_items import CAPTION_SUFFIXES, CLIP_SUFFIXES, IMAGE_SUFFIXES
from playlists.languages import NAMES_VI
from playlists.media import Flaw
from playlists.playlist_file import SUFFIX, read_playlist
from playlists.playlist_model import PlaylistFields
from playlists.playlist_model_v2 import PlannedPlaylistFields
from playlists.proof import Interruption, Outcome, Rendition, RowKind
from playlists.proof_fields import RECORDS, field_shapes
from playlists.release import read_release
from playlists.release_model import AcknowledgedFields, ActiveFields, ReleaseFields, UrgentFields, WithdrawnFields
from playlists.screen_file import SUFFIX as SCREEN_SUFFIX
from playlists.screen_file import read_screen
from playlists.screen_model import ScreenFields
from playlists.status import status_schema
from playlists.timing import Moment
from sync.agent import cli as agent_cli
from sync.hub import cli as hub_cli

ROOT = Path(__file__).resolve().parents[2]
README, ARCHITECTURE = ROOT / "README.md", ROOT / "ARCHITECTURE.md"
GUIDE = ROOT / "deploy" / "docs" / "huong-dan-van-hanh.md"
LOG_FORMAT = ROOT / "deploy" / "docs" / "play-log-format.md"
PLAYLIST_FORMAT = ROOT / "deploy" / "docs" / "playlist-format.md"
CONTENT_RULES = ROOT / "deploy" / "docs" / "content-rules.md"
SCREEN_FORMAT = ROOT / "deploy" / "docs" / "screen-format.md"
STATE_FOLDER = ROOT / "deploy" / "docs" / "state-folder.md"
STATUS_FORMAT = ROOT / "deploy" / "docs" / "status-format.md"
KIOSK_FILE = ROOT / "deploy" / "docs" / "kiosk.md"
SECURITY = ROOT / "SECURITY.md"
ROOT_DOCUMENTS = (README, ARCHITECTURE, ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", SECURITY)
FORMATS = (LOG_FORMAT, PLAYLIST_FORMAT, SCREEN_FORMAT, CONTENT_RULES, STATE_FOLDER, STATUS_FORMAT)
OF_THE_WIRE = tuple(
    ROOT / "deploy" / "docs" / f"{name}.md"
    for name in (
        *("agent-settings", "trust", "signing", "protocol", "release-folder", "stick-format"),
        *("so-tay-khoa", "phuc-vu-man-hinh", "huong-dan-usb"),
    )
)
OWN = (*ROOT_DOCUMENTS, GUIDE, KIOSK_FILE, *FORMATS, *OF_THE_WIRE, ROOT / "tests" / "bench" / "README.md")

Main = Callable[[Sequence[str]], int]
PROGRAMS: dict[str, Main] = {
    "signage-player": player_main,
    "signage-playlist": playlist_cli.main,
    "signage-agent": agent_cli.main,
    "signage-hub": hub_cli.main,
}
COMMANDS = (
    ("signage-player",),
    ("signage-player", "render"),
    ("signage-player", "kiosk"),
    ("signage-player", "pin"),
    *(("signage-player", "log", name) for name in ("summary", "export", "verify", "schema")),
    *(("signage-playlist", name) for name in ("new", "check", "show", "plan", "schema")),
    *(("signage-agent", name) for name in agent_cli.command_names()),
    *(("signage-hub", name) for name in hub_cli.command_names() if name not in {"key", "screens", "devices"}),
    *(("signage-hub", "key", name) for name in ("new", "show", "add", "replace", "revoke", "plan")),
    *(("signage-hub", "screens", name) for name in ("add", "list", "remove")),
    *(("signage-hub", "devices", name) for name in ("list", "confirm", "refuse", "revoke")),
)
WHERE_OPTIONS_ARE = {"signage-agent": OWN, "signage-hub": OWN}
"""The README holds the options of the others."""
FOR_SCRIPTS = {"--help", "--yes", "--output", "--confirm", "--fingerprint"}
"""No officer types them; whoever writes a script asks for help."""
ENDS_BY_ITSELF = {"--version", "--help"}
"""Options that leave before the rest of a line is looked at."""


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def all_documents() -> list[Path]:
    folders = ("deploy", "player", "playlists", "sync", "tests")
    return [*ROOT_DOCUMENTS, *(path for folder in folders for path in sorted((ROOT / folder).rglob("*.md")))]


def fenced(text: str, language: str) -> Iterator[str]:
    """The fenced blocks of one language."""
    yield from re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def shown_lines(path: Path) -> Iterator[list[str]]:
    """The command lines of a document's shell blocks, as words; comments and folders of programs left out."""
    for block in fenced(text_of(path), "sh"):
        for line in block.splitlines():
            words = shlex.split(line, comments=True)
            if words:
                yield [words[0].rpartition("/")[2], *words[1:]]


def cells(text: str, *, columns: int) -> Iterator[list[str]]:
    """The rows of all tables with so many columns, heads and rules left out."""
    for line in text.splitlines():
        parts = [part.strip().replace("\\|", "|") for part in re.split(r"(?<!\\)\|", line)[1:-1]]
        if line.startswith("|") and len(parts) == columns and not all(re.fullmatch(":?-+:?", part) for part in parts):
            yield parts


def coded(text: str) -> list[str]:
    """Everything set as code within a line; shown blocks left out."""
    return re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL))


def section(text: str, heading: str) -> str:
    """What stands under a heading, up to the next of the same rank or above."""
    rank = len(heading) - len(heading.lstrip("#"))
    return re.split(rf"^#{{1,{rank}}} ", text.split(f"\n{heading}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]


def help_of(command: Sequence[str], capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as left:
        PROGRAMS[command[0]]([*command[1:], "--help"])
    assert left.value.code in {0, None}
    return capsys.readouterr().out


def options_in(text: str) -> set[str]:
    return set(re.findall(r"(?<![\w-])--[a-z][a-z0-9-]*", text))


# What can be typed.


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.name)
def test_every_command_line_that_is_shown_is_understood(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, *words in shown_lines(path):
        if name not in PROGRAMS:
            continue
        command = max(one for one in ((name,), *COMMANDS) if (name, *words)[: len(one)] == one)
        given = {word.partition("=")[0] for word in words if word.startswith("--")}
        known = options_in(help_of(command, capsys))
        assert given - ENDS_BY_ITSELF <= known, words
        if not given & ENDS_BY_ITSELF:
            # Help comes last: everything before it was read, its values checked.
            help_of((name, *words), capsys)


def test_command_lines_are_shown_at_all() -> None:
    shown = [line for path in OWN for line in shown_lines(path)]
    assert len([line for line in shown if line[0] in PROGRAMS]) > 15
    assert {"log", "new", "check", "show", "plan"} <= {line[1] for line in shown if line[0] in PROGRAMS}


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_is_shown_somewhere(command: tuple[str, ...]) -> None:
    assert command in {tuple(line[: len(command)]) for path in OWN for line in shown_lines(path)}


def test_a_wrong_command_line_would_be_noticed(capsys: pytest.CaptureFixture[str]) -> None:
    assert player_main(["--rotate", "45", "--help"]) == ExitCode.USAGE
    assert "--fullscreen" not in options_in(help_of(("signage-player",), capsys))


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_option_is_documented(command: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    told = "\n".join(map(text_of, WHERE_OPTIONS_ARE.get(command[0], (README,))))
    known = FOR_SCRIPTS if command[0] in WHERE_OPTIONS_ARE else {"--help"}
    assert options_in(help_of(command, capsys)) - known <= options_in(told)


def test_every_make_target_that_is_named_is_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", text_of(ROOT / "Makefile"), re.MULTILINE))
    named = {name for path in all_documents() for name in re.findall(r"`?make ([a-z-]+)\b(?=`|\s+#|$)", text_of(path))}
    assert {"demo", "test", "bench", "test-long"} <= named
    assert named <= targets


def test_the_exit_codes_are_the_code_s_own() -> None:
    assert exit_code_table() in text_of(README)
    told = {row[0]: row[1] for row in cells(section(text_of(GUIDE), "## 8. Khi có vấn đề"), columns=3)}
    for code in ExitCode:
        assert told[str(int(code))].startswith(in_vietnamese(code))


def test_the_suffixes_are_the_code_s_own() -> None:
    for path, suffixes in ((README, CLIP_SUFFIXES | IMAGE_SUFFIXES), (GUIDE, CLIP_SUFFIXES | IMAGE_SUFFIXES)):
        assert suffixes <= set(re.findall(r"\.\w+", text_of(path)))
    table = [suffix for row in cells(text_of(GUIDE), columns=2) for suffix in re.findall(r"`(\.\w+)`", row[1])]
    assert set(table) == CLIP_SUFFIXES | IMAGE_SUFFIXES | CAPTION_SUFFIXES


def test_the_guide_names_the_languages_of_the_gates() -> None:
    assert NAMES_VI.keys() <= set(coded(section(text_of(GUIDE), "## 3. Phụ đề")))


def test_the_log_lies_where_it_is_said_to() -> None:
    place = "/".join(default_log().parts[-2:])
    assert f"$XDG_STATE_HOME/{place}" in text_of(README)
    assert f"~/.local/state/{place}" in text_of(README)
    assert f"~/.local/state/{place}" in text_of(GUIDE)


# What is named.


def test_no_link_is_dead() -> None:
    dead = [
        f"{path.relative_to(ROOT)}: {target}"
        for path in all_documents()
        for target in re.findall(r"\]\(([^)\s]+)\)", text_of(path))
        if not target.startswith(("https://", "http://", "#")) and not (path.parent / target.partition("#")[0]).exists()
    ]
    assert dead == []


def test_every_document_can_be_found_from_the_top() -> None:
    found, looked_at = {README.resolve()}, set[Path]()
    while rest := found - looked_at:
        looked_at |= rest
        targets = ((path, target) for path in rest for target in re.findall(r"\]\(([^)\s]+)\)", text_of(path)))
        found |= {(path.parent / target.partition("#")[0]).resolve() for path, target in targets if ".md" in target}
    assert {path.relative_to(ROOT) for path in all_documents() if path.resolve() not in found} == set()


def is_there(name: str, beside: Path) -> bool:
    """Whether a path in a document leads somewhere, from the root or from the document."""
    return (ROOT / name).exists() or (beside / name).exists()


def in_a_state_folder(name: str) -> bool:
    """Whether a path in a document is one of the player's half of a state folder, as the code has it."""
    folder, told = StateFolder(Path()), StatePlaces(Path())
    known = {folder.log, folder.bookmark, folder.verified, told.status, told.faults, told.tries}
    return Path(name) in known or Path(name).parent == told.screenshots


PATH_IN_REPOSITORY = re.compile(r"(?:player|playlists|sync|deploy|tests)/[\w./-]*")
MODULE = re.compile(r"(?:player|playlists|sync|tests)(?:\.\w+)+")


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.name)
def test_every_file_and_module_that_is_named_is_there(path: Path) -> None:
    for word in coded(text_of(path)):
        if PATH_IN_REPOSITORY.fullmatch(word):
            assert is_there(word, path.parent) or in_a_state_folder(word), word
        elif MODULE.fullmatch(word):
            assert named_thing(word) is not None, word


def named_thing(name: str) -> object:
    """A module, or what a module holds, by its dotted name."""
    holder, _, last = name.rpartition(".")
    if (ROOT / name.replace(".", "/")).is_dir() or (ROOT / f"{name.replace('.', '/')}.py").is_file():
        return name
    return getattr(importlib.import_module(holder), last)


def test_a_name_that_is_not_there_would_be_noticed() -> None:
    assert not is_there("player/decoding/wardens.py", ROOT)
    assert not in_a_state_folder("player/state.json")
    with pytest.raises(AttributeError):
        named_thing("player.decoding.clip.NO_SUCH_NUMBER")


def test_every_number_that_decides_is_the_code_s_own() -> None:
    rows = list(cells(section(text_of(ARCHITECTURE), "## Numbers that decide"), columns=3))[1:]
    assert len(rows) > 10
    for what, value, place in rows:
        name = place.strip("`")
        number, unit = (*value.split(), "")[:2]
        scale = {"": 1, "ms": 1_000_000, "MiB": 1 << 20, "s": 1}[unit]
        endings = {"ms": ("_NS",), "MiB": ("_BYTES",), "s": ("_S", "_SECONDS", "SECONDS_A_WAKE"), "": (name,)}[unit]
        assert name.endswith(endings), what
        assert named_thing(name) == float(number) * scale, what


def test_every_dependency_has_its_reason_and_every_reason_its_dependency() -> None:
    project = tomllib.loads(text_of(ROOT / "pyproject.toml"))["project"]
    kiosk, developers = (
        {re.split(r"[\[<>=!~ ;]", wanted, maxsplit=1)[0] for wanted in asked}
        for asked in (project["dependencies"], project["optional-dependencies"]["dev"])
    )
    reasons = section(text_of(ARCHITECTURE), "## Dependencies")
    table = {name.strip("`"): reason for name, reason in list(cells(reasons, columns=2))[1:]}
    assert table.keys() == kiosk
    assert all(table.values())
    assert {f"`{name}`" for name in developers} <= {f"`{word}`" for word in coded(reasons)}


def test_every_contract_is_explained() -> None:
    settings = tomllib.loads(text_of(ROOT / "pyproject.toml"))["tool"]["importlinter"]
    told = {row[0].strip("`") for row in cells(section(text_of(ARCHITECTURE), "## Wings"), columns=2)}
    assert {contract["id"] for contract in settings["contracts"]} == told - {"contract"}


def test_every_promise_of_security_has_its_test() -> None:
    promises = [
        row for row in cells(section(text_of(SECURITY), "## Threats and promises"), columns=3) if row[0] != "threat"
    ]
    assert len(promises) > 30
    for threat, promise, tests in promises:
        named = coded(tests)
        assert named, (threat, promise)
        assert all(re.search(r"^(?:async )?def test_", text_of(ROOT / name), re.MULTILINE) for name in named), threat


def test_every_extra_of_the_hub_has_its_reason() -> None:
    extras = tomllib.loads(text_of(ROOT / "pyproject.toml"))["project"]["optional-dependencies"]["hub"]
    names = {re.split(r"[\[<>=!~ ;]", wanted, maxsplit=1)[0] for wanted in extras}
    assert names <= set(coded(section(text_of(ARCHITECTURE), "## Dependencies")))


# Formats.


def test_the_log_format_names_every_kind_field_and_word() -> None:
    text = text_of(LOG_FORMAT)
    moments = coded(section(text, "## Moments"))
    assert {field.key for field in field_shapes(Moment)} <= set(moments)
    for kind in RowKind:
        words = set(coded(section(text, f"### `{kind}`")))
        assert {field.key for field in field_shapes(RECORDS[kind])} <= words, kind
    assert {*Outcome, *Interruption, *Rendition} <= set(coded(text))


def test_the_log_format_names_every_flaw_and_no_reason_that_is_none() -> None:
    head = "| reason of `failed` begins with | means |"
    table = text_of(LOG_FORMAT).split(head)[1].split("\n\n")[0]
    reasons = {word for row in cells(table, columns=2) for word in coded(row[0])}
    assert set(Flaw) <= reasons
    code = "\n".join(text_of(path) for path in (ROOT / "player").rglob("*.py"))
    said = ('"{}: ', '"why": "{}"')
    assert {word for word in reasons - set(Flaw) if not any(form.format(word) in code for form in said)} == set()
    assert set(re.findall(r'"([a-z]+-[a-z]+): ', code)) - PROGRAMS.keys() <= reasons


def test_the_log_format_names_every_fault() -> None:
    faults = re.findall(
        r'(?:\.fault\(|\bFault\((?!\))[^"]*?)"([a-z-]+)"', "\n".join(map(text_of, (ROOT / "player").rglob("*.py")))
    )
    assert set(faults) == set(coded(section(text_of(LOG_FORMAT), "### `fault`"))) - {"at", "code", "detail", "item"}
    assert set(faults) <= set(FAULT_WORDS), "the maintenance page has no Vietnamese for it"


def words_of(schema: object) -> Iterator[str]:
    """Every field a JSON Schema names, and every value it lists."""
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        yield from (str(value) for value in schema.get("enum", []) if isinstance(value, str))
        for inner in schema.values():
            yield from words_of(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from words_of(inner)


@pytest.mark.parametrize(
    ("path", "models", "suffix"),
    [
        (PLAYLIST_FORMAT, (PlaylistFields, PlannedPlaylistFields), SUFFIX),
        (SCREEN_FORMAT, (ScreenFields,), SCREEN_SUFFIX),
    ],
    ids=["playlist", "screen"],
)
def test_a_format_names_every_field_and_every_word(
    path: Path, models: tuple[type[BaseModel], ...], suffix: str
) -> None:
    words = set(coded(text_of(path)))
    for model in models:
        assert set(words_of(model.model_json_schema())) <= words
    assert f"NAME{suffix}" in words


def test_the_playlists_that_are_shown_are_playlists() -> None:
    content = ROOT / "deploy" / "demo-content" / "bo-y"
    for version, example in enumerate(fenced(text_of(PLAYLIST_FORMAT), "json"), start=1):
        playlist = read_playlist(example.encode())
        assert len(playlist.slots) > 1
        assert playlist.extra == {}
        assert json.loads(example)["format_version"] == version
        sources = {slot.item.source for slot in playlist.slots if slot.item.source}
        captions = {file.source for slot in playlist.slots for file in slot.item.captions}
        assert {source for source in sources | captions if not (content / source).exists()} == set()


def test_the_state_folder_s_files_are_told_whole() -> None:
    text = text_of(STATE_FOLDER)
    words = set(re.findall(r'[`"]([a-z0-9_]+)["`]', text))
    for model in (ReleaseFields, ActiveFields, UrgentFields, WithdrawnFields, AcknowledgedFields):
        assert set(words_of(model.model_json_schema())) <= words
    (example,) = fenced(text, "json")
    assert len(read_release(example.replace("…", "0" * 64).encode()).media) > 1


def test_the_status_file_is_told_whole() -> None:
    assert set(words_of(status_schema())) <= set(coded(text_of(STATUS_FORMAT)))


def test_the_kiosk_file_that_is_shown_is_one_and_every_field_is_told() -> None:
    text = text_of(KIOSK_FILE)
    (example,) = fenced(text, "toml")
    kiosk = read_kiosk(example.replace("scrypt:16384:8:1:…", pin_text(hashed("246810", bytes(16)))).encode())
    assert len(kiosk.screens) > 1
    plain = tuple(replace(screen, extra={}) for screen in kiosk.screens)
    assert kiosk == Kiosk(plain, Maintenance(pin=kiosk.maintenance.pin)), "it shows what is so unless told"
    told = {field.name for kind in (KioskScreen, Maintenance) for field in fields(kind)} - {"extra"}
    assert told <= set(re.findall(r"[a-z_]+", text))


def test_the_screen_that_is_shown_is_one() -> None:
    (example,) = fenced(text_of(SCREEN_FORMAT), "json")
    screen = read_screen(example.encode())
    assert len(screen.layout.zones) == 4
    assert (screen.extra, screen.layout.extra) == ({}, {})


# How they are written.


def test_only_the_usual_files_lie_at_the_top() -> None:
    usual = {"README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "LICENSE", "NOTICE"}
    usual |= {"pyproject.toml", "Makefile"}
    assert {path.name for path in ROOT.iterdir() if path.is_file() and not path.name.startswith(".")} <= usual
    assert {path.name for path in ROOT_DOCUMENTS} <= {path.name for path in ROOT.iterdir()}


@pytest.mark.parametrize(("path", "lines"), [(README, 250), (ARCHITECTURE, 680), (SECURITY, 150)])
def test_a_document_can_be_read_in_one_go(path: Path, lines: int) -> None:
    assert text_of(path).count("\n") <= lines


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.name)
def test_a_document_says_what_is_and_is_normal_text(path: Path) -> None:
    text = text_of(path)
    assert unicodedata.is_normalized("NFC", text)
    assert not re.search(r"\b(TODO|FIXME|TBD|coming soon|roadmap|in the future|will be added)\b", text, re.IGNORECASE)
    assert text.endswith("\n")
    assert re.search(r"[ \t]$", text, re.MULTILINE) is None


def test_the_picture_of_the_screen_is_a_small_picture() -> None:
    picture = (ROOT / "deploy" / "docs" / "screen.png").read_bytes()
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert len(picture) <= 400_000
