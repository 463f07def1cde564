"""What no linter knows of this house: sizes, names, who may touch the network, clocks and files, locks, licences."""

import ast
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("player", "sync", "playlists", "deploy", "tests")
LOCKS = ROOT / "deploy" / "locks"

LINES_OF_A_MODULE = 500
LINES_OF_A_FUNCTION = 60
DRAWER = re.compile(r"(util|utils|helper|helpers|manager|managers|common|misc)$", re.IGNORECASE)

Rule = Callable[[PurePosixPath, ast.Module], Iterator[str]]


def called_names(tree: ast.Module) -> Iterator[str]:
    """The last name of everything called, imported or taken from an object: `now` of `datetime.now`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            if ast.unparse(node) != "av.open":  # opens the stream it is given, never a name
                yield node.attr
        elif isinstance(node, ast.ImportFrom):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id


def imported_modules(tree: ast.Module) -> Iterator[str]:
    """Every module imported anywhere in the file, `package.name` for `from package import name`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def no_long_function(path: PurePosixPath, tree: ast.Module) -> Iterator[str]:
    del path
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > LINES_OF_A_FUNCTION:
                yield f"{node.name} has {lines} lines"


def no_drawer(path: PurePosixPath, tree: ast.Module) -> Iterator[str]:
    yield from (f"the name {part}" for part in path.with_suffix("").parts if DRAWER.fullmatch(part))
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and re.search(r"(Utils?|Helpers?|Manager)$", node.name):
            yield f"the name {node.name}"


def no_network_in_the_player(path: PurePosixPath, tree: ast.Module) -> Iterator[str]:
    """AF_UNIX only. import-linter forbids the modules; this forbids what it cannot see."""
    if path.parts[0] not in {"player", "playlists"}:
        return
    forbidden = {"AF_INET", "AF_INET6", "create_connection", "create_server", "open_connection", "start_server"}
    yield from (name for name in called_names(tree) if name in forbidden)
    yield from (name for name in imported_modules(tree) if re.match(r"PySide6\.Qt(Network|WebSockets|WebEngine)", name))


def no_clock_or_disk_in_the_language(path: PurePosixPath, tree: ast.Module) -> Iterator[str]:
    if path.parts[0] != "playlists" or re.fullmatch(r"cli(_\w+)?\.py", path.name):
        return
    clocks = {
        "now",
        "utcnow",
        "today",
        "monotonic",
        "monotonic_ns",
        "time_ns",
        "perf_counter",
        "clock_gettime",
        "sleep",
    }
    disk = {"open", "read_text", "read_bytes", "write_text", "write_bytes", "iterdir", "glob", "rglob", "exists"}
    yield from (name for name in called_names(tree) if name in clocks | disk)
    yield from (name for name in imported_modules(tree) if name in {"time", "os", "tempfile", "shutil", "random"})


def no_mocks(path: PurePosixPath, tree: ast.Module) -> Iterator[str]:
    del path
    yield from (name for name in imported_modules(tree) if name.startswith(("unittest.mock", "mock", "pytest_mock")))
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr == "setattr":
            yield "monkeypatch.setattr"


RULES: tuple[Rule, ...] = (
    no_long_function,
    no_drawer,
    no_network_in_the_player,
    no_clock_or_disk_in_the_language,
    no_mocks,
)


def touches_libvlc(tree: ast.Module) -> bool:
    """Whether a module imports the binding or loads the library by its name."""
    names = {"libvlc.so", "libvlc.so.5", "libvlccore.so.9", "libvlc"}
    strings = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    return "vlc" in imported_modules(tree) or bool(names & strings)


def modules() -> list[PurePosixPath]:
    paths = (path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
    return sorted(PurePosixPath(path.relative_to(ROOT)) for path in paths)


def parsed(path: PurePosixPath) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_module_keeps_the_rule(rule: Rule) -> None:
    broken = [f"{path}: {finding}" for path in modules() for finding in rule(path, parsed(path))]
    assert broken == []


@pytest.mark.parametrize(
    ("rule", "path", "source"),
    [
        (no_long_function, "player/stage.py", "def f():\n" + "    x = 1\n" * LINES_OF_A_FUNCTION),
        (no_drawer, "player/utils.py", ""),
        (no_drawer, "sync/common/clock.py", ""),
        (no_drawer, "player/stage.py", "class WindowManager: ..."),
        (no_network_in_the_player, "player/x.py", "import socket\nsocket.socket(socket.AF_INET)"),
        (no_network_in_the_player, "player/x.py", "from socket import create_connection"),
        (no_network_in_the_player, "player/x.py", "from PySide6 import QtNetwork"),
        (no_network_in_the_player, "player/x.py", "import PySide6.QtNetwork"),
        (no_clock_or_disk_in_the_language, "playlists/x.py", "from datetime import datetime\ndatetime.now()"),
        (no_clock_or_disk_in_the_language, "playlists/x.py", "import time"),
        (no_clock_or_disk_in_the_language, "playlists/x.py", "open('a')"),
        (no_clock_or_disk_in_the_language, "playlists/x.py", "def f(path):\n    return path.read_bytes()"),
        (no_mocks, "tests/unit/x.py", "from unittest.mock import Mock"),
        (no_mocks, "tests/unit/x.py", "def test(monkeypatch):\n    monkeypatch.setattr('a', 1)"),
    ],
)
def test_a_rule_sees_what_it_forbids(rule: Rule, path: str, source: str) -> None:
    assert list(rule(PurePosixPath(path), ast.parse(source)))


def test_no_module_is_longer_than_a_reader_can_hold() -> None:
    lengths = {path: (ROOT / path).read_text(encoding="utf-8").count("\n") for path in modules()}
    assert {path: lines for path, lines in lengths.items() if lines >= LINES_OF_A_MODULE} == {}
    assert lengths, "no modules found: this test looks in the wrong place"


def test_libvlc_stands_behind_one_module() -> None:
    assert touches_libvlc(ast.parse("import vlc"))
    assert touches_libvlc(ast.parse("import ctypes\nctypes.CDLL('libvlc.so.5')"))
    assert (
        len([path for path in modules() if path.parts[0] in {"player", "sync"} and touches_libvlc(parsed(path))]) <= 1
    )


def test_fonts_have_their_licence_beside_them() -> None:
    shipped = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.suffix in {".ttf", ".otf"}]
    assert shipped
    unlicensed = {
        path.parent for path in shipped if not any(path.parent.glob("OFL*")) and not any(path.parent.glob("LICEN*"))
    }
    assert unlicensed == set()


def pins(lock: str) -> dict[str, set[str]]:
    """Package names to their pinned versions (more than one where the Python's version decides)."""
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([a-z0-9._-]+)==([^ ;\\]+)", lock, re.MULTILINE):
        found.setdefault(name, set()).add(version)
    return found


@pytest.mark.parametrize("name", ["kiosk", "build", "dev"])
def test_a_lock_has_hashes_and_no_addresses(name: str) -> None:
    lock = (LOCKS / f"{name}.txt").read_text(encoding="utf-8")
    assert not re.search(r"://|^-|@ |file:", lock, re.MULTILINE)
    entries = re.split(r"^(?=[a-z0-9])", lock, flags=re.MULTILINE)[1:]
    assert entries
    assert [entry for entry in entries if "==" not in entry or "--hash=sha256:" not in entry] == []


def test_what_is_tested_is_what_plays() -> None:
    developers = pins((LOCKS / "dev.txt").read_text(encoding="utf-8"))
    for name in ("kiosk", "build"):
        narrower = pins((LOCKS / f"{name}.txt").read_text(encoding="utf-8"))
        assert {
            package: versions for package, versions in narrower.items() if developers.get(package) != versions
        } == {}


def test_the_locks_hold_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for name, asked in (
        ("kiosk", project["dependencies"]),
        ("dev", project["dependencies"] + project["optional-dependencies"]["dev"]),
    ):
        wanted = {re.split(r"[\[<>=!~ ;]", requirement, maxsplit=1)[0] for requirement in asked}
        assert wanted <= pins((LOCKS / f"{name}.txt").read_text(encoding="utf-8")).keys()


def test_every_system_package_is_found_by_something_of_its_own() -> None:
    table = (ROOT / "deploy" / "system-packages.txt").read_text(encoding="utf-8")
    rows = [line.split() for line in table.splitlines() if line and not line.startswith("#")]
    assert [
        row for row in rows if len(row) != 3 or row[0] not in {"any", "kiosk", "screenless", "test", "long", "bench"}
    ] == []
    assert [row for row in rows if not row[1].startswith(("so:", "file:", "cmd:", "py:"))] == []
    assert len({row[1] for row in rows}) == len(rows)
