"""What the agent says of itself to the player on the same kiosk: ``agent/status.json``, format version 1.

The maintenance page reads it out. The agent is another process and may be of another version, or absent; whatever is
not there or not understood is simply not known.
"""

import json
from dataclasses import dataclass
from typing import Final

FORMAT_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class AgentReport:
    """``network`` is one line for the technician, times are UTC with an explicit offset; None is not known."""

    at: str | None = None
    network: str | None = None
    online: bool | None = None
    last_contact: str | None = None
    release: str | None = None


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
    texts = {name: found.get(name) for name in ("at", "network", "last_contact", "release")}
    online = found.get("online")
    return AgentReport(
        online=online if isinstance(online, bool) else None,
        **{name: text for name, text in texts.items() if isinstance(text, str)},
    )
