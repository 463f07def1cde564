"""The signature of a device's request: Ed25519 over method, path, time, counter and body.

The counter only ever rises; the hub compares it where a request changes something. The time is what the device
believes: a kiosk whose clock stands in 1970 is heard like any other.
"""

from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from sync.protocol import MessageError

DEVICE: Final = "Signage-Device"
TIME: Final = "Signage-Time"
COUNTER: Final = "Signage-Counter"
SIGNATURE: Final = "Signage-Signature"

_GREATEST_COUNTER: Final = 2**53
_SIGNATURE_BYTES: Final = 64


@dataclass(frozen=True, slots=True)
class Request:
    """What is signed of a request. ``target`` is path and query from ``/api/`` on, whatever a proxy puts before it."""

    method: str
    target: str
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class RequestSignature:
    """What the four headers say; nothing of it is proven before ``covers`` said so."""

    device: str
    time: str
    counter: int
    signature: bytes

    def covers(self, request: Request, public_key: bytes) -> bool:
        """Whether the holder of this key (32 bytes) signed this request."""
        try:
            key = Ed25519PublicKey.from_public_bytes(public_key)
            key.verify(self.signature, signed_text(request, self.time, self.counter))
        except (InvalidSignature, ValueError):
            return False
        return True


def signed_text(request: Request, time: str, counter: int) -> bytes:
    """What is signed: six lines, the last one the SHA-256 of the body as hexadecimal digits."""
    digest = sha256(request.body).hexdigest()
    return "\n".join(("signage-request-1", request.method, request.target, time, str(counter), digest)).encode()


def signed_headers(
    request: Request, device: str, sign: Callable[[bytes], bytes], time: str, counter: int
) -> dict[str, str]:
    """The headers of a request. ``sign`` gives the device's Ed25519 signature of bytes (64 bytes)."""
    signature = b64encode(sign(signed_text(request, time, counter))).decode()
    return {DEVICE: device, TIME: time, COUNTER: str(counter), SIGNATURE: signature}


def read_signature(headers: Mapping[str, str]) -> RequestSignature:
    """Read the four headers, named in small letters. Raises ``MessageError``."""
    try:
        device, time, counter, signature = (headers[name.lower()] for name in (DEVICE, TIME, COUNTER, SIGNATURE))
    except KeyError as missing:
        message = f"signature of a request: the header {missing} is missing"
        raise MessageError(message) from None
    try:
        signature_bytes = b64decode(signature, validate=True)
    except (Base64Error, ValueError):
        signature_bytes = b""
    if len(signature_bytes) != _SIGNATURE_BYTES:
        message = f"signature of a request: {SIGNATURE} is not base64 of {_SIGNATURE_BYTES} bytes"
        raise MessageError(message)
    if not (counter.isascii() and counter.isdigit() and len(counter) <= len(str(_GREATEST_COUNTER))):
        message = f"signature of a request: {COUNTER} is not a number"
        raise MessageError(message)
    return RequestSignature(device, time, int(counter), signature_bytes)
