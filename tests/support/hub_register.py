"""``python -m tests.support.hub_register GATE/SCREEN=KEY ...``: confirmed devices, without a human for each.

The hub is that of ``SIGNAGE_HUB``; a key is a public one in hexadecimal digits.
"""

import sys
from argparse import Namespace
from collections.abc import Iterable
from datetime import UTC, datetime
from os import environ
from pathlib import Path

from sync.hub.register_access import open_register
from sync.protocol import State, device_id


def main(words: Iterable[str]) -> None:
    open_register(Namespace(hub=Path(environ["SIGNAGE_HUB"])))
    register(dict(word.split("=") for word in words))


def register(keys: dict[str, str], machine: str = "machine-1") -> None:
    """Enter screens and their devices; the database must be open."""
    from sync.hub.register.enrolment import note_change  # noqa: PLC0415  -- once Django is set up
    from sync.hub.register.models import Device, Screen  # noqa: PLC0415

    now = datetime.now(UTC)
    names = [screen.split("/") for screen in keys]
    screens = Screen.objects.bulk_create([Screen(gate=gate, name=name) for gate, name in names])
    devices = []
    for screen, key in zip(screens, keys.values(), strict=True):
        public = bytes.fromhex(key)
        state = State.CONFIRMED.value
        device = Device(id=device_id(public), public_key=public, screen=screen, state=state, machine=machine)
        device.enrolled = now
        devices.append(device)
    Device.objects.bulk_create(devices)
    note_change()


if __name__ == "__main__":
    main(sys.argv[1:])
