"""The agent's trusted metadata on disk: written and fsynced before anything is built on it.

==================== ==========================================================================
``metadata/X.json``  the newest trusted metadata of role X, byte for byte as it came
``metadata/roots/``  every root trusted since the one installed with the program, ``N.json``
``trust.json``       the highest versions trusted and the latest time known, with a digest of its own
==================== ==========================================================================

Any of these may be torn, garbled or gone: what does not verify is as good as not there. Then the installed root is
where trust begins again, and whatever still verifies says below what nothing is taken. Whoever uses the store holds
``agent/lock``.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final
from urllib.parse import quote

from tuf.api.metadata import Root

from sync.agent.ports import Instant
from sync.durable import write_durably
from sync.refusals import RefusalError
from sync.trust import roles
from sync.trust.attested_time import (
    AttestedTime,
    KnownTime,
    attested,
    learned_from_clock,
    learned_from_signature,
)
from sync.trust.signatures import self_signed_root
from sync.trust.trusted_set import Height, Heights, TrustedSet, trust_from

_FORMAT: Final = 1
_MOST_BYTES: Final = 8 << 20
"""No metadata is longer; a longer file is none of ours."""


@dataclass(frozen=True, slots=True)
class _Memory:
    """What ``trust.json`` holds."""

    heights: Heights
    time: KnownTime


class TrustStore:
    """Metadata under ``metadata``, ``trust.json`` at ``memory``, and the root that was installed with the program."""

    def __init__(self, metadata: Path, memory: Path, installed_root: bytes) -> None:
        self._metadata = metadata
        self._memory_file = memory
        self._installed_root = installed_root
        self._memory = _read_memory(memory)
        self._seen: Instant | None = None

    @classmethod
    def in_agent_folder(cls, folder: Path, installed_root: bytes) -> "TrustStore":
        """The store in the agent's folder of a state folder."""
        return cls(folder / "metadata", folder / "trust.json", installed_root)

    # Metadata.

    def load(self) -> TrustedSet:
        """The newest root that the installed one leads to, and the heights of all that is known.

        Raises ``RefusalError`` where the installed root cannot be used.
        """
        trusted = trust_from(self._installed_root, self._memory.heights)
        while (following := self._following_root(trusted)) is not None:
            trusted = following
        known = max([trusted.heights.root, *(self._root_versions())])
        return replace(trusted, heights=replace(trusted.heights, root=known))

    def roots(self) -> list[Root]:
        """Every root that was trusted, the newest first, as far as they are still here. Raises ``RefusalError``."""
        trusted = trust_from(self._installed_root)
        found = [trusted.root]
        while (following := self._following_root(trusted)) is not None:
            trusted = following
            found.append(trusted.root)
        return found[::-1]

    def read(self, role: str) -> bytes | None:
        """The metadata of a role as it was kept; None where there is none that can be read."""
        return _read(self._metadata / _file_name(role))

    def keep(self, role: str, content: bytes) -> None:
        """Keep trusted metadata; when this returns, it outlives a power cut. Raises ``RefusalError`` (``disk``)."""
        self._write(self._metadata / _file_name(role), content)

    def keep_root(self, version: int, content: bytes) -> None:
        """Keep a trusted root, as one of all and as the newest. Raises ``RefusalError`` (``disk``)."""
        self._write(self._roots / f"{version}.json", content)
        self.keep(roles.ROOT, content)

    # What else is remembered.

    def attest(self, now: Instant) -> AttestedTime:
        """The time to judge by. A synchronised clock becomes known. Raises ``RefusalError`` (``disk``)."""
        self._seen = now
        found = attested(now, self._memory.time)
        self._remember(replace(self._memory, time=learned_from_clock(self._memory.time, now)))
        return found

    @property
    def known_time(self) -> datetime:
        """The latest time that is known, UTC."""
        return self._memory.time.at

    def remember(self, heights: Heights, signed: datetime | None) -> None:
        """Remember what was trusted, and a time that was signed. Raises ``RefusalError`` (``disk``)."""
        time = self._memory.time
        if signed is not None:
            time = learned_from_signature(time, signed, self._seen)
        self._remember(_Memory(heights, time))

    # In small.

    @property
    def _roots(self) -> Path:
        return self._metadata / "roots"

    def _following_root(self, trusted: TrustedSet) -> TrustedSet | None:
        """The next root, from among all or, where that file is gone, the newest."""
        for path in (self._roots / f"{trusted.root.version + 1}.json", self._metadata / "root.json"):
            content = _read(path)
            if content is not None:
                try:
                    return trusted.with_root(content)
                except RefusalError:
                    continue
        return None

    def _root_versions(self) -> Iterator[int]:
        """The versions of all roots kept that are whole: their own signatures say so."""
        for path in (self._metadata / "root.json", *sorted(self._roots.glob("*.json"))):
            content = _read(path)
            if content is not None:
                try:
                    yield self_signed_root(content).version
                except RefusalError:
                    continue

    def _remember(self, memory: _Memory) -> None:
        if memory != self._memory:
            self._write(self._memory_file, _written_memory(memory))
            self._memory = memory

    def _write(self, path: Path, content: bytes) -> None:
        try:
            write_durably(path, content)
        except OSError as error:
            raise RefusalError(code="disk", name=path.name, why=error.strerror) from error


def _file_name(role: str) -> str:
    return f"{quote(role, safe='')}.json"


def _read(path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
    except OSError:
        return None
    return content if len(content) <= _MOST_BYTES else None


def _read_memory(path: Path) -> _Memory:
    """What was remembered; nothing where the file is gone or its own digest does not fit: a rotten bit bars nobody."""
    content = _read(path)
    try:
        document = json.loads(content or b"")
        told = document["told"]
        if document["format_version"] != _FORMAT or document["sha256"] != _digest(told):
            return _Memory(Heights(), KnownTime())
        heights = Heights(told["root"], Height(*told["timestamp"]), Height(*told["snapshot"]))
        time = KnownTime(datetime.fromisoformat(told["time"]), told["boot"], told["boot_ns"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return _Memory(Heights(), KnownTime())
    return _Memory(heights, time)


def _written_memory(memory: _Memory) -> bytes:
    heights, time = memory.heights, memory.time
    told = {
        "root": heights.root,
        "timestamp": [heights.timestamp.version, heights.timestamp.keys],
        "snapshot": [heights.snapshot.version, heights.snapshot.keys],
        "time": time.at.isoformat(),
        "boot": time.boot,
        "boot_ns": time.boot_ns,
    }
    return json.dumps({"format_version": _FORMAT, "told": told, "sha256": _digest(told)}, indent=1).encode()


def _digest(told: object) -> str:
    return sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
