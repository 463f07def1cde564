"""Signatures: what a threshold of different keys has signed, and what only looks as if it had.

Bytes in, signed metadata or a ``RefusalError`` out. A key counts once, under however many key IDs it is listed.
"""

from typing import Final, TypeVar

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from securesystemslib.signer import Key
from tuf.api.metadata import Metadata, Root, Snapshot, Targets, Timestamp
from tuf.api.serialization import DeserializationError, SerializationError

from sync.refusals import RefusalError

Delegator = Root | Targets
_ED25519: Final = "ed25519"
_S = TypeVar("_S", Root, Timestamp, Snapshot, Targets)


def signed_by(delegator: Delegator, role: str, kind: type[_S], content: bytes) -> _S:
    """Read a role's metadata that its delegator's keys have signed. ``kind`` is its class.

    Raises ``RefusalError``: ``malformed``, ``too-few-signatures``.
    """
    metadata = _read(role, kind, content)
    _verify(delegator, role, metadata)
    return metadata.signed


def self_signed_root(content: bytes) -> Root:
    """Read a root that its own keys have signed. Raises ``RefusalError`` as ``signed_by`` does."""
    metadata = _read(Root.type, Root, content)
    _verify(metadata.signed, Root.type, metadata)
    return metadata.signed


def _read(role: str, kind: type[_S], content: bytes) -> "Metadata[_S]":
    try:
        metadata: Metadata[_S] = Metadata.from_bytes(content)
    except DeserializationError as error:
        raise RefusalError(code="malformed", name=f"{role}.json") from error
    if not isinstance(metadata.signed, kind):
        raise RefusalError(code="malformed", name=f"{role}.json")
    return metadata


def _verify(delegator: Delegator, role: str, metadata: "Metadata[_S]") -> None:
    try:
        payload = metadata.signed_bytes
    except SerializationError as error:
        raise RefusalError(code="malformed", name=f"{role}.json") from error
    try:
        result = delegator.get_verification_result(role, payload, metadata.signatures)
    except ValueError as error:  # nobody is named who may sign it
        raise RefusalError(code="too-few-signatures", role=role) from error
    if len({_identity(key) for key in result.signed.values()}) < result.threshold:
        raise RefusalError(code="too-few-signatures", role=role)


def _identity(key: Key) -> bytes:
    """The key itself, whatever its ID, scheme or spelling."""
    public = str(key.keyval.get("public", ""))
    if key.keytype != _ED25519:
        try:
            loaded = load_pem_public_key(public.encode())
            return loaded.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        except (ValueError, UnsupportedAlgorithm):
            pass
    return public.strip().lower().encode()
