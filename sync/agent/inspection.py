"""Looks at a kiosk for ``diagnose``: clock, disk, the way to the hub, signatures, key, player. Changes nothing."""

import os
import shutil
import socket
import ssl
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from tuf.api.metadata import Metadata

from playlists.agent_report import read_agent_report
from playlists.errors import SignageError, SiteError
from sync import feed
from sync.agent import diagnosis
from sync.agent.activation import Releases
from sync.agent.diagnosis import Finding, Reached
from sync.agent.media_store import MediaStore
from sync.agent.outfit import Outfit
from sync.agent.player_watch import PlayerWatch
from sync.agent.ports import Clock
from sync.agent.requests_source import RequestsSource
from sync.agent.trust_store import TrustStore
from sync.trust import roles
from sync.trust.attested_time import KnownTime, attested

_SECONDS: Final = 8.0
_MOST_BYTES: Final = 16_384
_ROLES: Final = (roles.ROOT, roles.TIMESTAMP, roles.SNAPSHOT, roles.TARGETS)


def inspected(outfit: Outfit, clock: Clock) -> Iterator[Finding]:
    """Everything that is looked at, one after the other; some of it takes seconds."""
    now = clock.now()
    trust = TrustStore.in_agent_folder(outfit.folder.path, outfit.root)
    time = attested(now, KnownTime(trust.known_time))
    yield diagnosis.clock(now.wall, trust.known_time, synchronised=now.synchronised, believed=time.clock_believed)
    usage = shutil.disk_usage(outfit.folder.path)
    yield diagnosis.disk(usage.free, usage.total, outfit.settings.floor_bytes, _write_fault(outfit.folder.path))
    if outfit.feed is not None:
        yield diagnosis.hub(_reached(outfit.feed, outfit.authority_file), time.at)
    if outfit.hub is not None or outfit.settings.hub is not None:
        yield _enrolment(outfit)
    for role in _ROLES:
        yield diagnosis.expiry(
            role, _expires(trust.read(role) or (outfit.root if role == roles.ROOT else None)), time.at
        )
    store = MediaStore(outfit.folder.path, outfit.settings.floor_bytes)
    releases = Releases(outfit.folder, store)
    active = releases.active
    report = read_agent_report(outfit.folder.report.read_bytes() if outfit.folder.report.is_file() else None)
    yield diagnosis.release(
        None if active is None else active.sequence,
        whole=active is not None and releases.is_whole(active),
        trouble=None if report is None else report.trouble,
    )
    status, alive = PlayerWatch(outfit.folder).status(now)
    yield diagnosis.player(
        None if status is None else status.showing.value, None if status is None else status.at, alive=alive
    )


def _write_fault(folder: Path) -> str | None:
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"\0" * 4096)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        return error.strerror or str(error)
    return None


def _reached(address: str, authority_file: Path | None) -> Reached:
    """Go towards the feed step by step: name, connection, certificate, answer."""
    parts = urlsplit(address)
    host, secure = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    try:
        socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        return Reached(host, "dns", error.strerror or "")
    try:
        connection = socket.create_connection((host, port), _SECONDS)
    except OSError as error:
        return Reached(host, "tcp", error.strerror or str(error))
    certificate = None
    with connection:
        if secure:
            try:
                certificate = _certificate_ends(connection, host, authority_file)
            except OSError as error:
                return Reached(host, "tls", getattr(error, "verify_message", "") or error.strerror or str(error))
    source = RequestsSource(address, authority_file=authority_file)
    try:
        Metadata.from_bytes(source.read(feed.TIMESTAMP, _MOST_BYTES))
    except SignageError as error:
        return Reached(host, "http", str(error))
    except Exception as error:  # noqa: BLE001 - python-tuf raises what a hostile file makes it raise
        return Reached(host, "http", type(error).__name__)
    finally:
        source.close()
    return Reached(host, certificate=certificate)


def _certificate_ends(connection: socket.socket, host: str, authority_file: Path | None) -> datetime | None:
    context = ssl.create_default_context(cafile=None if authority_file is None else str(authority_file))
    with context.wrap_socket(connection, server_hostname=host) as wrapped:
        told = (wrapped.getpeercert() or {}).get("notAfter")
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(told), UTC) if isinstance(told, str) else None


def _enrolment(outfit: Outfit) -> Finding:
    fault = None
    try:
        key = outfit.identity.key()
        if key is None and outfit.enrolment is not None:
            fault = "mất khóa của máy"
    except (SiteError, OSError) as error:
        fault = str(error)
    known = outfit.enrolment
    return diagnosis.enrolment(
        None if known is None else known.state.value, None if known is None else known.reason, fault
    )


def _expires(content: bytes | None) -> datetime | None:
    if content is None:
        return None
    try:
        return Metadata.from_bytes(content).signed.expires
    except Exception:  # noqa: BLE001 - python-tuf raises what a spoiled file makes it raise
        return None
