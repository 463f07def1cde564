"""What the agent says of itself to the player on the same kiosk: ``agent/status.json``, format version 1.

The maintenance page reads it out, and passers-by see its banner. The agent is another process and may be of another
version, or absent; whatever is not there or not understood is simply not known.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

FORMAT_VERSION: Final = 1
FILE_NAME: Final = "status.json"
_TEXTS: Final = ("at", "network", "last_contact", "release", "trouble")
_KNOWN: Final = {"format", "online", "progress", "banner", *_TEXTS}


@dataclass(frozen=True, slots=True)
class Progress:
    """Something that takes its time: ``what`` is Vietnamese, ``done`` of ``total`` are bytes; total 0 is not known."""

    what: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Banner:
    """A short Vietnamese sentence for whoever stands before the screen, ``until`` then: UTC with an explicit offset.

    The player takes the time from the report's ``at`` to ``until`` by its own boot clock, a minute at most; a banner
    that is to stand longer is told again with a later ``until``.
    """

    text: str
    until: str


@dataclass(frozen=True, slots=True)
class AgentReport:
    """``network`` is one line for the technician, times are UTC with an explicit offset; None is not known.

    ``trouble`` is a Vietnamese sentence: what keeps the agent from its work, and who has to do what.
    """

    at: str | None = None
    network: str | None = None
    online: bool | None = None
    last_contact: str | None = None
    release: str | None = None
    progress: Progress | None = None
    banner: Banner | None = None
    trouble: str | None = None
    extra: Mapping[str, object] = field(default_factory=dict, hash=False)
    """Fields this version does not know, as they were."""


def read_agent_report(content: bytes | None) -> AgentReport | None:
    """Read the file; None where there is none, or none of a version known here."""
    if content is None:
        return None
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or found.get("format") != FORMAT_VERSION:
        return None
    texts = {name: found.get(name) for name in _TEXTS}
    online = found.get("online")
    return AgentReport(
        online=online if isinstance(online, bool) else None,
        progress=_progress(found.get("progress")),
        banner=_banner(found.get("banner")),
        extra={name: value for name, value in found.items() if name not in _KNOWN},
        **{name: text for name, text in texts.items() if isinstance(text, str)},
    )


def write_agent_report(report: AgentReport) -> bytes:
    """Write the file: UTF-8, one field a line, always the same bytes for the same value; None is written as null."""
    progress, banner = report.progress, report.banner
    written: dict[str, object] = {
        "format": FORMAT_VERSION,
        "at": report.at,
        "network": report.network,
        "online": report.online,
        "last_contact": report.last_contact,
        "release": report.release,
        "progress": progress and {"what": progress.what, "done": progress.done, "total": progress.total},
        "banner": banner and {"text": banner.text, "until": banner.until},
        "trouble": report.trouble,
    }
    return f"{json.dumps(written | dict(report.extra), ensure_ascii=False, indent=2)}\n".encode()


def seconds_left(report: AgentReport) -> float | None:
    """How long the banner was to stand when the report was written, in seconds; None where the times do not tell."""
    if report.banner is None or report.at is None:
        return None
    try:
        written, until = datetime.fromisoformat(report.at), datetime.fromisoformat(report.banner.until)
    except ValueError:
        return None
    return (_aware(until) - _aware(written)).total_seconds()


def _aware(time: datetime) -> datetime:
    return time if time.tzinfo is not None else time.replace(tzinfo=UTC)


def _progress(found: object) -> Progress | None:
    match found:
        case {"what": str(what), "done": int(done), "total": int(total)}:
            counts = not isinstance(done, bool) and not isinstance(total, bool) and min(done, total) >= 0
            return Progress(what, done, total) if counts else None
    return None


def _banner(found: object) -> Banner | None:
    match found:
        case {"text": str(text), "until": str(until)} if text.strip():
            return Banner(text, until)
    return None
