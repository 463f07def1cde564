"""Who sent a request: the signature is checked against the key the register has."""

from collections.abc import Iterable, Mapping

from sync.hub.register.devices import KnownDevice
from sync.hub.register.rebuffs import RebuffError
from sync.protocol import MessageError, State
from sync.request_signature import Request, RequestSignature, read_signature

_API = "/api/"


def signature_of(headers: Iterable[tuple[bytes, bytes]]) -> RequestSignature:
    """The signature that a request's headers tell. Raises ``RebuffError``."""
    try:
        return read_signature({name.decode("latin-1").lower(): value.decode("latin-1") for name, value in headers})
    except MessageError as error:
        raise RebuffError(code="bad-signature", reason=str(error)) from error


def target_of(raw_path: bytes, query: bytes) -> str:
    """Path and query as they are signed: from ``/api/`` on."""
    path = raw_path.decode("latin-1")
    path = path[max(0, path.find(_API)) :]
    return f"{path}?{query.decode('latin-1')}" if query else path


def sender_of(request: Request, signature: RequestSignature, devices: Mapping[str, KnownDevice]) -> KnownDevice:
    """The device that signed a request, whatever its state. Raises ``RebuffError``."""
    device = devices.get(signature.device)
    if device is None:
        raise RebuffError(code="unknown-device")
    if not signature.covers(request, device.public_key):
        raise RebuffError(code="bad-signature")
    return device


def confirmed(device: KnownDevice) -> KnownDevice:
    """The device, if a human confirmed it. Raises ``RebuffError`` with its state and the reason."""
    if device.state is not State.CONFIRMED:
        raise RebuffError(code=device.state.value, reason=device.reason)
    return device
