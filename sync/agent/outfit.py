"""What one agent works with, from its settings and its enrolment: where the feed is, who it is, whom it trusts."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from playlists.errors import SiteError
from sync.agent.agent_folder import AgentFolder
from sync.agent.identity import DeviceKey, Enrolment, Identity
from sync.agent.release_choice import Place
from sync.agent.settings import Settings
from sync.protocol import FEED

NOT_ENROLLED: Final = "Máy này chưa được đăng ký với trung tâm; hãy chạy: signage-agent enrol PHIẾU"


@dataclass(frozen=True, slots=True)
class Outfit:
    """``hub`` is None where there is none to talk to: a plain feed, or sticks only. ``root`` is where trust begins."""

    settings: Settings
    folder: AgentFolder
    identity: Identity
    place: Place
    root: bytes
    hub: str | None = None
    feed: str | None = None
    authority_file: Path | None = None
    key: DeviceKey | None = None
    enrolment: Enrolment | None = None


def fitted_out(settings: Settings) -> Outfit:
    """Put together what ``settings`` and the enrolment say. Raises ``SiteError`` where something is missing."""
    folder = AgentFolder(settings.state)
    if not settings.state.is_dir():
        message = f"Không có thư mục trạng thái {settings.state}."
        raise SiteError(message)
    identity = Identity(folder.identity)
    enrolment = identity.enrolment()
    gate = enrolment.gate if enrolment is not None else settings.gate
    screen = enrolment.screen if enrolment is not None else settings.screen
    if gate is None or screen is None:
        raise SiteError(NOT_ENROLLED)
    hub = enrolment.hub if enrolment is not None else None
    feed = settings.feed or (None if hub is None else hub.rstrip("/") + FEED)
    ca = identity.ca if enrolment is not None and enrolment.ca else settings.ca_file
    return Outfit(
        settings,
        folder,
        identity,
        Place(gate, screen),
        _root(identity, settings),
        hub=hub,
        feed=feed,
        authority_file=ca,
        key=None if enrolment is None else identity.key(),
        enrolment=enrolment,
    )


def _root(identity: Identity, settings: Settings) -> bytes:
    for path in (identity.root, settings.root_file):
        if path is not None and path.is_file():
            return path.read_bytes()
    raise SiteError(NOT_ENROLLED)
