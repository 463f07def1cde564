"""What the agent says of itself to the player on the same kiosk: ``agent/status.json``, format version 1.

The maintenance page reads it out, and a banner stands on the screen for a while. The agent is another process and may
be of another version, or absent; whatever is not there or not understood is simply not known.
"""

import json
from dataclasses import asdict, dataclass
from typing import Final

FORMAT_VERSION: Final = 1
_TEXTS: Final = ("at", "network", "last_contact", "release", "trouble")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far something is: ``what`` in a few Vietnamese words, ``done`` of ``total`` bytes."""

    what: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Banner:
    """A short Vietnamese line for the screen, to be shown until a moment: UTC with an explicit offset."""

    text: str
    until: str


@dataclass(frozen=True, slots=True)
class AgentReport:
    """``network`` is one line for the technician, times are UTC with an explicit offset; None is not known.

    ``trouble`` is a Vietnamese sentence about what keeps new content from coming, and what to do about it.
    """

    at: str | None = None
    network: str | None = None
    online: bool | None = None
    last_contact: str | None = None
    release: str | None = None
    progress: Progress | None = None
    banner: Banner | None = None
    trouble: str | None = None


def write_agent_report(report: AgentReport) -> bytes:
    """Write the file: UTF-8, one field a line; what is not known is left out."""
    known = {name: value for name, value in asdict(report).items() if value is not None}
    return f"{json.dumps({'format': FORMAT_VERSION, **known}, ensure_ascii=False, indent=2)}\n".encode()


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
        **{name: text for name, text in texts.items() if isinstance(text, str)},
    )


def _progress(found: object) -> Progress | None:
    match found:
        case {"what": str(what), "done": int(done), "total": int(total)} if 0 <= done <= total:
            return Progress(what, done, total)
        case _:
            return None


def _banner(found: object) -> Banner | None:
    match found:
        case {"text": str(text), "until": str(until)}:
            return Banner(text, until)
        case _:
            return None
