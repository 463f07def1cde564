"""The agent's settings file: JSON, format version 1. What is not written has its default.

Bytes in and a value out, or everything that is wrong with them. ``deploy/docs/agent-settings.md`` describes it.
"""

from dataclasses import dataclass, field
from datetime import datetime, time
from pathlib import Path
from typing import Annotated, ClassVar, Final, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field

from playlists.errors import ExitCode
from playlists.fields import ClockTime, Fields, Text, TimeZone
from playlists.findings import FileError, finding
from playlists.json_document import read_fields, read_object, read_version, unknown

FORMAT_VERSION: Final = 1
DEFAULT_PATH: Final = Path("/etc/border-gate-signage/agent.json")
TIME_ZONE: Final = "Asia/Ho_Chi_Minh"
MEGABYTE: Final = 1_000_000

_Url = Annotated[str, Field(min_length=1, max_length=500)]


class SettingsError(FileError):
    """A settings file that cannot be used; the technician has to look at it."""

    exit_code: ClassVar[ExitCode] = ExitCode.SITE
    what = "Settings file"
    what_vi = "tệp cài đặt"


class _NightFields(Fields):
    begins: ClockTime
    ends: ClockTime
    time_zone: TimeZone = TIME_ZONE


class _SettingsFields(Fields):
    format_version: Literal[1]
    state: Text
    hub: _Url | None = None
    feed: _Url | None = None
    gate: Text | None = None
    screen: Text | None = None
    ca_file: Text | None = None
    root_file: Text | None = None
    poll_seconds: Annotated[float, Field(ge=1, le=86_400, strict=False)] = 300.0
    night: _NightFields | None = None
    kilobits_a_second: Annotated[int, Field(ge=16)] | None = None
    floor_megabytes: Annotated[int, Field(ge=0)] = 500
    wake: bool = True


@dataclass(frozen=True, slots=True)
class Night:
    """When releases may be downloaded; from ``begins`` up to ``ends`` by the clocks of a time zone."""

    begins: time
    ends: time
    time_zone: str = TIME_ZONE

    def holds(self, at: datetime) -> bool:
        """Whether a moment, with its offset, lies in the night."""
        local = at.astimezone(ZoneInfo(self.time_zone)).time()
        if self.begins <= self.ends:
            return self.begins <= local < self.ends
        return local >= self.begins or local < self.ends


@dataclass(frozen=True, slots=True)
class Settings:
    """How one screen's agent works. Without ``hub`` and ``feed`` only sticks bring anything.

    ``gate`` and ``screen`` may be left to the enrolment. ``kilobits_a_second`` caps downloads of releases, and
    ``floor_bytes`` of the disk stay free whatever is published.
    """

    state: Path
    hub: str | None = None
    feed: str | None = None
    gate: str | None = None
    screen: str | None = None
    ca_file: Path | None = None
    root_file: Path | None = None
    poll_seconds: float = 300.0
    night: Night | None = None
    kilobits_a_second: int | None = None
    floor_bytes: int = 500 * MEGABYTE
    wake: bool = True
    extra: dict[str, object] = field(default_factory=dict, hash=False)

    @property
    def bytes_a_second(self) -> float | None:
        """The cap of downloads in bytes a second, None for none."""
        return None if self.kilobits_a_second is None else self.kilobits_a_second * 1000 / 8


def read_settings(content: bytes) -> Settings:
    """Read a settings file. Raises ``SettingsError`` with all that is wrong."""
    document = read_object(content, SettingsError)
    read_version(document, (FORMAT_VERSION,), SettingsError)
    fields = read_fields(_SettingsFields, document, SettingsError)
    wrong = [
        finding((name,), "link")
        for name, address in (("hub", fields.hub), ("feed", fields.feed))
        if address is not None and not _is_web_address(address)
    ]
    if wrong:
        raise SettingsError(wrong)
    night = fields.night
    return Settings(
        Path(fields.state),
        hub=_without_slash(fields.hub),
        feed=_without_slash(fields.feed),
        gate=fields.gate,
        screen=fields.screen,
        ca_file=None if fields.ca_file is None else Path(fields.ca_file),
        root_file=None if fields.root_file is None else Path(fields.root_file),
        poll_seconds=fields.poll_seconds,
        night=None if night is None else Night(night.begins, night.ends, night.time_zone),
        kilobits_a_second=fields.kilobits_a_second,
        floor_bytes=fields.floor_megabytes * MEGABYTE,
        wake=fields.wake,
        extra=unknown(fields),
    )


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018  # raises where the port is no number
    except ValueError:
        return False
    return parts.scheme in {"https", "http"} and bool(parts.hostname) and parts.username is None and not parts.query


def _without_slash(address: str | None) -> str | None:
    return None if address is None else address.rstrip("/")
