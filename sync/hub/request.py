"""Signing requests: the file that goes from person to person, each adding a signature, and comes back to the hub.

It holds all a signer needs on a laptop without network: the metadata to be signed, what it replaces, the small files it
names, who may sign and how many must. The format is described in ``deploy/docs/signing.md``.
"""

import base64
import binascii
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from securesystemslib.exceptions import UnverifiedSignatureError
from securesystemslib.signer import Key, Signature, SSlibKey
from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, Root, Signed, Targets

from sync.hub.sentences import HubRefusalError
from sync.publication import ROLE
from sync.trust import roles

KIND: Final = "signage-signing-request"
FORMAT_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who may sign: a name and an organisation for people to read, and the public key."""

    name: str
    organisation: str
    key: Key


@dataclass(frozen=True, slots=True)
class Quorum:
    """``threshold`` of these must sign. A root has two: the former root's and its own."""

    threshold: int
    holders: tuple[Holder, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of metadata to be signed, the signatures so far in it; ``replaces`` is what is published of it."""

    role: str
    metadata: Metadata[Any]
    replaces: Metadata[Any] | None
    quorums: tuple[Quorum, ...]

    @property
    def version(self) -> int:
        """The version to be."""
        return int(self.metadata.signed.version)

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes that are signed, which people can compare."""
        return sha256(self.metadata.signed_bytes).hexdigest()

    @property
    def holders(self) -> tuple[Holder, ...]:
        """All who may sign, each once."""
        return tuple({one.key.keyid: one for quorum in self.quorums for one in quorum.holders}.values())

    def signed_by(self, holder: Holder) -> bool:
        """Whether there is a valid signature of a holder."""
        signature = self.metadata.signatures.get(holder.key.keyid)
        return signature is not None and _valid(holder.key, signature, self.metadata.signed_bytes)

    def missing(self, quorum: Quorum) -> int:
        """How many signatures a quorum still lacks."""
        return max(0, quorum.threshold - sum(self.signed_by(holder) for holder in quorum.holders))

    @property
    def complete(self) -> bool:
        """Whether enough have signed."""
        return not any(self.missing(quorum) for quorum in self.quorums)

    def with_signatures(self, signatures: Iterable[Signature]) -> "Part":
        """The same with more signatures."""
        copied = Metadata.from_dict(self.metadata.to_dict())
        copied.signatures.update({signature.keyid: signature for signature in signatures})
        return replace(self, metadata=copied)


@dataclass(frozen=True, slots=True)
class Request:
    """All of a draft that is signed at once. ``targets`` gives the digests of small files named in it their bytes."""

    draft: str
    made: datetime
    summary: tuple[str, ...]
    parts: tuple[Part, ...]
    targets: Mapping[str, bytes]

    @property
    def complete(self) -> bool:
        """Whether enough have signed every part."""
        return all(part.complete for part in self.parts)

    def part(self, role: str) -> Part | None:
        """The part of a role."""
        return next((part for part in self.parts if part.role == role), None)


def write_request(request: Request) -> bytes:
    """The file; readable, and the same bytes for the same value."""
    told = {
        "format_version": FORMAT_VERSION,
        "kind": KIND,
        "draft": request.draft,
        "made": request.made.isoformat(),
        "summary": list(request.summary),
        "parts": [_told_part(part) for part in request.parts],
        "targets": {digest: base64.b64encode(content).decode() for digest, content in sorted(request.targets.items())},
    }
    return json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"


def read_request(content: bytes) -> Request:
    """Read the file. Raises ``HubRefusalError`` where it is none, or is damaged."""
    try:
        told = json.loads(content)
        if told["kind"] != KIND or told["format_version"] != FORMAT_VERSION:
            raise HubRefusalError(code="not-a-request")
        parts = tuple(_read_part(one) for one in told["parts"])
        made = datetime.fromisoformat(told["made"])
        targets = {digest: base64.b64decode(text, validate=True) for digest, text in told["targets"].items()}
        summary = tuple(str(line) for line in told["summary"])
        draft = str(told["draft"])
    except (ValueError, LookupError, TypeError, AttributeError, RepositoryError, binascii.Error):
        raise HubRefusalError(code="not-a-request") from None
    if any(sha256(content).hexdigest() != digest for digest, content in targets.items()):
        raise HubRefusalError(code="not-a-request")
    return Request(draft, made, summary, parts, targets)


def role_of(signed: Signed) -> str:
    """For which role something was signed."""
    return str(signed.unrecognized_fields.get(ROLE, "")) if isinstance(signed, Targets) else signed.type


def _told_part(part: Part) -> dict[str, object]:
    return {
        "role": part.role,
        "quorums": [
            {
                "threshold": quorum.threshold,
                "holders": [
                    {
                        "name": holder.name,
                        "organisation": holder.organisation,
                        "keyid": holder.key.keyid,
                        "key": holder.key.to_dict(),
                    }
                    for holder in quorum.holders
                ],
            }
            for quorum in part.quorums
        ],
        "replaces": None if part.replaces is None else part.replaces.to_dict(),
        "metadata": part.metadata.to_dict(),
    }


def _read_part(told: Mapping[str, Any]) -> Part:
    quorums = tuple(
        Quorum(int(one["threshold"]), tuple(_read_holder(holder) for holder in one["holders"]))
        for one in told["quorums"]
    )
    former = told["replaces"]
    role = str(told["role"])
    metadata = _metadata(told["metadata"], role)
    return Part(role, metadata, None if former is None else _metadata(former, role), quorums)


def _metadata(told: dict[str, Any], role: str) -> Metadata[Any]:
    metadata: Metadata[Any] = Metadata.from_dict(told)
    if not isinstance(metadata.signed, Root if role == roles.ROOT else Targets) or role_of(metadata.signed) != role:
        raise TypeError(role)
    return metadata


def _read_holder(told: Mapping[str, Any]) -> Holder:
    return Holder(str(told["name"]), str(told["organisation"]), SSlibKey.from_dict(str(told["keyid"]), told["key"]))


def _valid(key: Key, signature: Signature, signed: bytes) -> bool:
    try:
        key.verify_signature(signature, signed)
    except UnverifiedSignatureError:
        return False
    return True
