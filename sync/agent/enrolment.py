"""Enrolment: a one-time code and the fingerprint of the root from a ticket, a key made here, a human at the hub.

Trust does not come from the hub: the root that the feed gives must have the digest that stands on the ticket, or is
handed over as a file.
"""

import shutil
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Final

from playlists.errors import SiteError
from sync import feed
from sync.agent import VERSION
from sync.agent.agent_folder import AgentFolder
from sync.agent.http_session import open_session
from sync.agent.hub_link import HubLink
from sync.agent.identity import Enrolment, Identity, machine_facts, machine_id
from sync.agent.ports import Instant
from sync.agent.requests_source import RequestsSource
from sync.durable import remove_durably, sync_folder, write_durably
from sync.protocol import FEED, EnrolRequest, EnrolState, Machine, State, Ticket
from sync.refusals import RefusalError
from sync.trust.trusted_set import trust_from

_MOST_ROOT_BYTES: Final = 512_000
_ASK_SECONDS: Final = 5.0


def enrol(folder: AgentFolder, ticket: Ticket, now: Instant, root: bytes | None = None) -> EnrolState:
    """Hand the hub the code of a ticket and this kiosk's key, and write down what was agreed.

    A kiosk that comes to another screen, or to another authority, forgets which release it had: sequences are counted
    anew there. ``root`` is the feed's first root where it was brought as a file.

    Raises ``SourceError``, ``RebuffError``, and ``SiteError`` where the root is not the one of the ticket; nothing is
    then changed of an earlier enrolment.
    """
    identity = Identity(folder.identity)
    key = identity.make_key()
    authority = None if ticket.ca is None else identity.offered_ca
    if ticket.ca is not None:
        write_durably(identity.offered_ca, ticket.ca.encode())
    root = _checked_root(ticket, root if root is not None else _fetched_root(ticket, authority))
    link = HubLink(ticket.hub, identity, key, open_session(authority))
    try:
        request = EnrolRequest(
            code=ticket.code,
            public_key=key.public.hex(),
            machine=Machine(id=machine_id() or "unknown", facts=machine_facts()),
            boot=now.boot,
            software=VERSION,
        )
        told = link.enrol(request)
    finally:
        link.close()
    _forget_former(folder, identity, told, root)
    if ticket.ca is not None:
        identity.offered_ca.replace(identity.ca)
        sync_folder(identity.ca.parent)
    write_durably(identity.root, root)
    identity.keep(
        Enrolment(
            ticket.hub, key.device, told.gate, told.screen, told.state, ca=ticket.ca is not None, reason=told.reason
        )
    )
    return told


def await_confirmation(identity: Identity, seconds: float, sleep: Callable[[float], None] = time.sleep) -> State:
    """Ask the hub until a human has decided, for ``seconds`` at most; where the device stands then.

    Raises ``SourceError`` where the hub cannot be asked, ``SiteError`` where nothing was enrolled.
    """
    enrolment, key = identity.enrolment(), identity.key()
    if enrolment is None or key is None:
        message = "Máy này chưa được đăng ký."
        raise SiteError(message)
    link = HubLink(enrolment.hub, identity, key, open_session(identity.ca if enrolment.ca else None))
    ends = time.monotonic() + seconds
    try:
        while True:
            told = link.standing()
            identity.stand(told.state, told.reason)
            if told.state is not State.PENDING or time.monotonic() >= ends:
                return told.state
            sleep(min(_ASK_SECONDS, max(0.0, ends - time.monotonic())))
    finally:
        link.close()


def _forget_former(folder: AgentFolder, identity: Identity, told: EnrolState, root: bytes) -> None:
    """Let nothing that was trusted or counted elsewhere stand in the way of what is trusted here."""
    known = identity.enrolment()
    former_root = identity.root.read_bytes() if identity.root.is_file() else root
    if known is not None and ((known.gate, known.screen) != (told.gate, told.screen) or former_root != root):
        for path in (folder.active, folder.standing):
            remove_durably(path)
    if former_root != root:
        remove_durably(folder.path / "trust.json")
        shutil.rmtree(folder.path / "metadata", ignore_errors=True)
        sync_folder(folder.path)


def _fetched_root(ticket: Ticket, authority: Path | None) -> bytes:
    source = RequestsSource(ticket.hub.rstrip("/") + FEED, authority_file=authority)
    try:
        return source.read(feed.metadata_name("root", 1), _MOST_ROOT_BYTES)
    finally:
        source.close()


def _checked_root(ticket: Ticket, root: bytes) -> bytes:
    if sha256(root).hexdigest() != ticket.root_sha256:
        message = "Gốc tin cậy của trung tâm không khớp với phiếu đăng ký; đừng dùng phiếu hoặc trung tâm này."
        raise SiteError(message)
    try:
        trust_from(root)
    except RefusalError as refusal:
        raise SiteError(refusal.vi) from refusal
    return root
