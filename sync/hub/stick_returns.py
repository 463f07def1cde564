"""What kiosks wrote back onto sticks, kept at the hub: ``HUB/returned/GATE/SCREEN/``, the newest of each screen.

Nothing of it is signed. It decides what is left off the next stick, which ``--full`` overrules, and people read it.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from sync.bundle import HAVE, RETURNED, Have, read_have, return_folder, stick_name
from sync.durable import write_durably
from sync.hub.folder import HubFolder
from sync.stick_files import StickFiles

_AHEAD: Final = timedelta(days=1)
"""A report from later than this is not believed: it would stand over all that come after it."""


def collect_returns(hub: HubFolder, stick: StickFiles, screens: Iterable[str], now: datetime) -> list[str]:
    """Take home what screens wrote onto a stick, where it is newer than what is known; the screens it was taken of.

    A stick that cannot be read gives nothing. Raises ``OSError`` where the hub's own disk fails.
    """
    return [screen for screen in screens if _collect(hub, stick, screen, now)]


def known_haves(hub: HubFolder, screens: Iterable[str]) -> dict[str, Have]:
    """What each screen was last said to hold."""
    found = {screen: _known(hub, screen) for screen in screens}
    return {screen: have for screen, have in found.items() if have is not None}


def _collect(hub: HubFolder, stick: StickFiles, screen: str, now: datetime) -> bool:
    folder = return_folder(*screen.split("/", 1))
    contents = {name: _read(stick, f"{folder}/{name}", limit) for name, limit in RETURNED.items()}
    told = contents[HAVE]
    have = None if told is None else read_have(told)
    made = None if have is None or f"{have.gate}/{have.screen}" != screen else _time(have.at)
    known = _known(hub, screen)
    before = None if known is None else _time(known.at)
    if made is None or made > now + _AHEAD or (before is not None and made <= before):
        return False
    for name, content in reversed(contents.items()):
        if content is not None:
            write_durably(_kept(hub, screen) / name, content)
    return True


def _known(hub: HubFolder, screen: str) -> Have | None:
    try:
        return read_have((_kept(hub, screen) / HAVE).read_bytes())
    except OSError:
        return None


def _kept(hub: HubFolder, screen: str) -> Path:
    return hub.returned / stick_name(screen)


def _read(stick: StickFiles, name: str, limit: int) -> bytes | None:
    try:
        return stick.read(name, limit)
    except OSError:
        return None


def _time(told: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(told)
    except ValueError:
        return None
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)
