"""Devices as the server keeps them in memory, to know a request's sender without asking the database."""

from collections.abc import Mapping
from dataclasses import dataclass

from sync.hub.register.models import Device, Revision
from sync.protocol import State


@dataclass(frozen=True, slots=True)
class KnownDevice:
    """What is needed to answer a device."""

    public_key: bytes
    gate: str
    screen: str
    state: State
    reason: str


def revision() -> int:
    """A number that changes with screens and devices."""
    found = Revision.objects.filter(pk=1).values_list("number", flat=True).first()
    return found or 0


def known_devices() -> Mapping[str, KnownDevice]:
    """Every device, by its name."""
    names: dict[str, str] = {}
    rows = Device.objects.values_list("pk", "public_key", "screen__gate", "screen__name", "state", "reason")
    return {
        device: KnownDevice(bytes(key), names.setdefault(gate, gate), names.setdefault(name, name), State(state), why)
        for device, key, gate, name, state, why in rows.iterator()
    }
