"""Signing keys: PKCS#8 files with a password, or tokens behind PKCS#11; both become securesystemslib signers.

A key is a pair of files: ``NAME.pem``, or ``NAME.token.json`` that says where on which token it is, and
``NAME.pub.json`` to be handed to the hub. Secret files have mode 0600 and are never written over. Tokens sign with
ECDSA on P-256 or P-384 (securesystemslib's ``HSMSigner``), files with Ed25519.
"""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from securesystemslib.signer import CryptoSigner, Signer, SSlibKey

from sync.durable import sync_folder
from sync.hub.sentences import HubRefusalError
from sync.hub.trust_plan import read_key

SHORTEST_PASSWORD: Final = 8
PUBLIC: Final = ".pub.json"
TOKEN: Final = ".token.json"  # noqa: S105  # the end of a name
_FORMAT_VERSION: Final = 1
_SECRET_MODE: Final = 0o600
_OPEN_MODE: Final = 0o644

Secret = Callable[[str], str]
"""Given a question in Vietnamese, the password or PIN."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """What a public key file says: whose it is, and the key."""

    name: str
    key: SSlibKey


def new_key_file(path: Path, name: str, password: str) -> PublicKey:
    """Make a key: ``path`` holds it under a password, ``NAME.pub.json`` beside it is for the hub.

    Raises ``HubRefusalError`` where a file is there already or the password is short.
    """
    public_path = public_path_of(path)
    _refuse_existing(path, public_path)
    private = Ed25519PrivateKey.generate()
    key = SSlibKey.from_crypto(private.public_key())
    _write_new(path, _encrypted(private, password), _SECRET_MODE)
    public = PublicKey(name, key)
    _write_new(public_path, write_public_key(public), _OPEN_MODE)
    return public


def new_online_key(place: Callable[[str], Path], password: str) -> SSlibKey:
    """Make a key for the hub itself, where ``place`` says for its key id. Raises ``HubRefusalError``."""
    private = Ed25519PrivateKey.generate()
    key = SSlibKey.from_crypto(private.public_key())
    _write_new(place(key.keyid), _encrypted(private, password), _SECRET_MODE)
    return key


def public_path_of(path: Path) -> Path:
    """Where the public half of a key lies: beside it."""
    return path.with_name(path.name.removesuffix(TOKEN).removesuffix(path.suffix) + PUBLIC)


def write_public_key(public: PublicKey) -> bytes:
    """The file of a public key."""
    told = {
        "format_version": _FORMAT_VERSION,
        "kind": "signage-public-key",
        "name": public.name,
        "keyid": public.key.keyid,
        **public.key.to_dict(),
    }
    return json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"


def read_public_key(path: Path) -> PublicKey:
    """Read it. Raises ``HubRefusalError``."""
    try:
        told = json.loads(path.read_bytes())
        if told["kind"] != "signage-public-key":
            raise HubRefusalError(code="not-a-public-key", name=path)
        return PublicKey(str(told["name"]), read_key(told))
    except (OSError, ValueError, LookupError, TypeError):
        raise HubRefusalError(code="not-a-public-key", name=path) from None


def open_signer(path: Path, secret: Secret) -> Signer:
    """The signer of a key file or a token file.

    Raises ``HubRefusalError``: no such file, no key, a wrong password, a token that is not plugged in.
    """
    try:
        content = path.read_bytes()
    except OSError:
        raise HubRefusalError(code="no-key-file", name=path) from None
    if path.name.endswith(TOKEN):
        from sync.hub.tokens import open_token  # noqa: PLC0415  # only who has a token needs its library

        return open_token(path, content, secret)
    return _open_file(path, content, secret)


def _open_file(path: Path, content: bytes, secret: Secret) -> Signer:
    if b"BEGIN ENCRYPTED PRIVATE KEY" not in content:
        raise HubRefusalError(code="no-key-file" if b"PRIVATE KEY" not in content else "bare-key", name=path)
    password = secret(f"Mật khẩu của khóa “{path.name}”")
    try:
        private = load_pem_private_key(content, password.encode())
    except (ValueError, TypeError):
        raise HubRefusalError(code="wrong-password", name=path.name) from None
    if not isinstance(private, Ed25519PrivateKey):
        raise HubRefusalError(code="no-key-file", name=path)
    return CryptoSigner(private)


def _encrypted(private: Ed25519PrivateKey, password: str) -> bytes:
    if len(password) < SHORTEST_PASSWORD:
        raise HubRefusalError(code="short-password", least=SHORTEST_PASSWORD)
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(password.encode()))


def write_token_file(path: Path, told: dict[str, object], public: PublicKey) -> None:
    """Write what says where a token's key is, and its public half. Raises ``HubRefusalError`` where one is there."""
    public_path = public_path_of(path)
    _refuse_existing(path, public_path)
    _write_new(path, json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n", _SECRET_MODE)
    _write_new(public_path, write_public_key(public), _OPEN_MODE)


def _refuse_existing(*paths: Path) -> None:
    for path in paths:
        if path.exists():
            raise HubRefusalError(code="key-exists", name=path)


def _write_new(path: Path, content: bytes, mode: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    except FileExistsError:
        raise HubRefusalError(code="key-exists", name=path) from None
    with open(descriptor, "wb") as file:  # noqa: PTH123  # a descriptor, opened so that only its owner reads it
        file.write(content)
        file.flush()
        os.fsync(descriptor)
    sync_folder(path.parent)
