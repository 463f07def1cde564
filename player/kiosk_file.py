"""The kiosk file, ``kiosk.toml``, format version 1: which screens a machine has and who may look after it.

Bytes in and a value out, or everything that is wrong with them. Fields that are not known are kept in ``extra`` and
otherwise passed over, so that an older player reads a newer file. Fields and an example: ``deploy/docs/kiosk.md``.
"""

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Final, TypeVar

from player.maintenance.chord import DEFAULT_CHORD, Chord, ChordError, parsed_chord
from player.maintenance.pin import PinHash, PinHashError, parsed_pin
from playlists.errors import SiteError
from playlists.findings import Finding

FORMAT_VERSION: Final = 1
ROTATIONS: Final = (0, 90, 180, 270)
LEVELS: Final = ("debug", "info", "warning", "error")
Geometry = tuple[int, int, int, int]
"""x, y, width, height in pixels."""

_GEOMETRY: Final = re.compile(r"([1-9]\d{0,4})x([1-9]\d{0,4})([+-]\d{1,5})([+-]\d{1,5})")
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Maintenance:
    """Who gets to the maintenance page: keys held for so long, or the upper left corner, then the PIN.

    Without a PIN nobody does. ``corner_seconds`` is how long a finger has to rest in the corner; 0 is never.
    """

    pin: PinHash | None = None
    chord: Chord = DEFAULT_CHORD
    hold_seconds: float = 2.0
    corner_seconds: float = 0.0
    leave_after_seconds: float = 120.0


@dataclass(frozen=True, slots=True)
class KioskScreen:
    """One screen: where on which X server, which way up, and the state folder it lives in.

    ``name`` is the X server's name for it; ``geometry`` a part of the X screen instead. ``content`` is a folder or
    playlist file to play in place of releases.
    """

    state: str
    name: str | None = None
    geometry: Geometry | None = None
    display: str | None = None
    rotation: int = 0
    file: str | None = None
    content: str | None = None
    languages: str | None = None
    captions: str | None = None
    volume: int = 100
    extra: dict[str, object] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Kiosk:
    """The whole file."""

    screens: tuple[KioskScreen, ...]
    maintenance: Maintenance = field(default_factory=Maintenance)
    log_level: str = "info"
    watchdog_seconds: float = 10.0
    extra: dict[str, object] = field(default_factory=dict, hash=False)


class KioskFileError(SiteError):
    """A kiosk file that cannot be used; ``findings`` tells everything that is wrong, at least one thing."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        lines = [f"  {found.place or 'kiosk.toml'}: {found.vi} / {found.en}" for found in findings]
        super().__init__("\n".join(["The kiosk file cannot be used:", *lines]))
        self.findings = tuple(findings)


def read_kiosk(content: bytes) -> Kiosk:
    """Read a kiosk file.

    Raises:
        KioskFileError: with all that is wrong, not only the first thing.

    """
    try:
        fields = tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise KioskFileError([_finding(f"line {line}", "utf-8", line=line)]) from error
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
        end = content.decode("utf-8-sig").count("\n") + 1, 1  # what is never closed is found at the end
        row, column = (int(found[1]), int(found[2])) if found else end
        raise KioskFileError([_finding(f"line {row}", "syntax", line=row, column=column)]) from error
    reader = _Reader()
    kiosk = reader.kiosk(fields)
    if reader.findings or kiosk is None:
        raise KioskFileError(reader.findings)
    return kiosk


def parsed_geometry(text: str) -> Geometry:
    """``1280x720+0+0`` as x, y, width and height.

    Raises:
        ValueError: it is none.

    """
    match = _GEOMETRY.fullmatch(text)
    if match is None:
        raise ValueError(text)
    width, height, x, y = (int(group) for group in match.groups())
    return x, y, width, height


def geometry_text(geometry: Geometry) -> str:
    """A geometry as the command line takes it."""
    x, y, width, height = geometry
    return f"{width}x{height}{x:+d}{y:+d}"


_SENTENCES: Final[Mapping[str, tuple[str, str]]] = {
    "utf-8": ("Dòng {line} không phải văn bản UTF-8.", "Line {line} is not UTF-8 text."),
    "syntax": (
        "Sai cú pháp TOML ở dòng {line}, cột {column}.",
        "Not valid TOML at line {line}, column {column}.",
    ),
    "format": ("Phải ghi format = 1.", "It must say format = 1."),
    "table": ("Phải là một bảng.", "It must be a table."),
    "screens": (
        "Phải có ít nhất một mục [[screen]].",
        "There must be at least one [[screen]].",
    ),
    "text": ("Phải là chuỗi ký tự, không để trống.", "It must be a string that is not empty."),
    "number": ("Phải là số từ {least} đến {most}.", "It must be a number from {least} to {most}."),
    "choice": ("Phải là một trong: {choices}.", "It must be one of: {choices}."),
    "geometry": (
        "Phải ghi RỘNGxCAO+X+Y, ví dụ 1920x1080+0+0.",
        "It must be WIDTHxHEIGHT+X+Y, such as 1920x1080+0+0.",
    ),
    "place": (
        "Ghi “name” hoặc “geometry”, không ghi cả hai.",
        "Say “name” or “geometry”, not both.",
    ),
    "state": (
        "Thiếu thư mục trạng thái “state” (đường dẫn tuyệt đối).",
        "The state folder “state” (an absolute path) is missing.",
    ),
    "absolute": ("Phải là đường dẫn tuyệt đối.", "It must be an absolute path."),
    "repeated-state": (
        "Thư mục trạng thái này đã dùng cho màn hình khác.",
        "This state folder is another screen's already.",
    ),
    "repeated-place": (
        "Vị trí này đã dùng cho màn hình khác.",
        "This place is another screen's already.",
    ),
    "chord": (
        "Phải là phím bổ trợ và một phím, ví dụ Ctrl+Alt+Shift+M.",
        "It must be modifiers and one key, such as Ctrl+Alt+Shift+M.",
    ),
    "pin": (
        "Không phải dòng do lệnh “signage-player pin” in ra; hãy chạy lại lệnh đó.",
        "This is not what “signage-player pin” prints; run it again.",
    ),
}


def _finding(place: str, code: str, **values: object) -> Finding:
    vi, en = _SENTENCES[code]
    return Finding(place, code, vi.format(**values), en.format(**values))


@dataclass(slots=True)
class _Reader:
    """Reads field by field and goes on after each thing that is wrong."""

    findings: list[Finding] = field(default_factory=list)

    def wrong(self, place: str, code: str, **values: object) -> None:
        self.findings.append(_finding(place, code, **values))

    def kiosk(self, fields: Mapping[str, object]) -> Kiosk | None:
        if type(fields.get("format")) is not int or fields["format"] != FORMAT_VERSION:
            self.wrong("format", "format")
        log, watchdog = self._table(fields, "log"), self._table(fields, "watchdog")
        level = self._choice(log, "log.level", LEVELS, "info")
        seconds = self._number(watchdog, "watchdog.seconds", (2, 120), 10.0)
        maintenance = self._maintenance(self._table(fields, "maintenance"))
        screens = self._screens(fields.get("screen"))
        known = {"format", "maintenance", "log", "watchdog", "screen"}
        extra = {key: value for key, value in fields.items() if key not in known}
        return None if self.findings else Kiosk(screens, maintenance, level, seconds, extra)

    def _maintenance(self, fields: Mapping[str, object]) -> Maintenance:
        place = "maintenance"
        return Maintenance(
            pin=self._parsed(fields, f"{place}.pin", parsed_pin, PinHashError, None),
            chord=self._parsed(fields, f"{place}.chord", parsed_chord, ChordError, None) or DEFAULT_CHORD,
            hold_seconds=self._number(fields, f"{place}.hold_seconds", (0, 10), 2.0),
            corner_seconds=self._number(fields, f"{place}.corner_seconds", (0, 30), 0.0),
            leave_after_seconds=self._number(fields, f"{place}.leave_after_seconds", (5, 600), 120.0),
        )

    def _screens(self, found: object) -> tuple[KioskScreen, ...]:
        if not isinstance(found, list) or not found:
            self.wrong("screen", "screens")
            return ()
        screens = []
        for number, fields in enumerate(found, 1):
            if isinstance(fields, dict):
                screens.append(self._screen(fields, f"screen[{number}]"))
            else:
                self.wrong(f"screen[{number}]", "table")
        for number, screen in enumerate(screens, 1):
            before = screens[: number - 1]
            if screen.state and screen.state in {other.state for other in before}:
                self.wrong(f"screen[{number}].state", "repeated-state")
            places = {(other.display, other.name, other.geometry) for other in before}
            if (screen.display, screen.name, screen.geometry) in places:
                self.wrong(f"screen[{number}]", "repeated-place")
        return tuple(screens)

    def _screen(self, fields: Mapping[str, object], place: str) -> KioskScreen:
        texts = {key: self._text(fields, f"{place}.{key}") for key in _TEXTS}
        state = texts.pop("state") or ""
        if "state" not in fields:
            self.wrong(place, "state")
        for key, path in (("state", state), ("file", texts["file"]), ("content", texts["content"])):
            if path and not PurePosixPath(path).is_absolute():
                self.wrong(f"{place}.{key}", "absolute")
        geometry = self._parsed(fields, f"{place}.geometry", parsed_geometry, ValueError, None)
        if "name" in fields and "geometry" in fields:
            self.wrong(place, "place")
        rotation = self._choice(fields, f"{place}.rotation", ROTATIONS, 0)
        volume = int(self._number(fields, f"{place}.volume", (0, 100), 100.0))
        extra = {key: value for key, value in fields.items() if key not in _SCREEN_FIELDS}
        return KioskScreen(state, geometry=geometry, rotation=rotation, volume=volume, extra=extra, **texts)

    def _table(self, fields: Mapping[str, object], name: str) -> Mapping[str, object]:
        found = fields.get(name, {})
        if isinstance(found, dict):
            return found
        self.wrong(name, "table")
        return {}

    def _text(self, fields: Mapping[str, object], place: str) -> str | None:
        key = place.rsplit(".", 1)[-1]
        if key not in fields:
            return None
        value = fields[key]
        if isinstance(value, str) and value.strip():
            return value
        self.wrong(place, "text")
        return None

    def _number(self, fields: Mapping[str, object], place: str, limits: tuple[int, int], default: float) -> float:
        key = place.rsplit(".", 1)[-1]
        value = fields.get(key, default)
        least, most = limits
        if isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most:
            return float(value)
        self.wrong(place, "number", least=least, most=most)
        return default

    def _choice(self, fields: Mapping[str, object], place: str, choices: Sequence[_T], default: _T) -> _T:
        value = fields.get(place.rsplit(".", 1)[-1], default)
        for choice in choices:
            if value == choice and type(value) is type(choice):
                return choice
        self.wrong(place, "choice", choices=", ".join(map(str, choices)))
        return default

    def _parsed(
        self,
        fields: Mapping[str, object],
        place: str,
        parse: Callable[[str], _T],
        error: type[Exception],
        default: _T | None,
    ) -> _T | None:
        key = place.rsplit(".", 1)[-1]
        if key not in fields:
            return default
        value = fields[key]
        try:
            return parse(value) if isinstance(value, str) else parse("")
        except error:
            self.wrong(place, key)
            return default


_TEXTS: Final = ("state", "name", "display", "file", "content", "languages", "captions")
_SCREEN_FIELDS: Final = {*_TEXTS, "geometry", "rotation", "volume"}
