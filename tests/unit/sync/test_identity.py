"""The device's key and what it is enrolled as, in a real folder."""

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from playlists.errors import SiteError
from sync.agent.agent_folder import AgentFolder
from sync.agent.enrolment import enrol
from sync.agent.identity import Identity
from sync.agent.machine_clock import SetClock
from sync.protocol import Ticket

NOW = datetime(2027, 3, 1, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> AgentFolder:
    return AgentFolder(tmp_path)


def test_a_wrong_ticket_changes_nothing_of_an_earlier_enrolment(folder: AgentFolder) -> None:
    identity = Identity(folder.identity)
    identity.make_key()
    identity.ca.write_bytes(b"good")
    ticket = Ticket(
        hub="https://h", ca="evil", root_sha256="0" * 64, gate="g", screen="s", code="c", expires=NOW.isoformat()
    )
    with pytest.raises(SiteError):
        enrol(folder, ticket, SetClock(NOW).now(), root=b"{}")
    assert identity.ca.read_bytes() == b"good"


@pytest.mark.parametrize("mode", [0o644, 0o660, 0o604])
def test_a_key_that_others_could_read_is_closed_to_them(folder: AgentFolder, mode: int) -> None:
    key = Identity(folder.identity).make_key()
    path = folder.identity / "key.pem"
    path.chmod(mode)
    again = Identity(folder.identity).key()
    assert again is not None
    assert again.device == key.device
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
