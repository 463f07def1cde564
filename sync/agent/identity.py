"""Who this kiosk is: its Ed25519 key, which is made here and never leaves, and what the hub knows it as.

In ``agent/identity/``: ``key.pem`` (0600), ``enrolment.json``, ``root.json`` (from which trust begins), ``ca.pem``
where the hub's certificate has an authority of its own, and ``counter``: up to which number requests were given out.
"""

import json
import os
import stat
import threading
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from playlists.errors import SiteError
from sync.durable import PART, make_folder, sync_folder, write_durably
from sync.protocol import State, device_id, fingerprint

FORMAT_VERSION: Final = 1
COUNTERS_AT_ONCE: Final = 32
"""Numbers are given out from blocks: one fsync a block, and a cut skips the rest of one."""
_OTHERS: Final = 0o077
_MACHINE_ID: Final = Path("/etc/machine-id")


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What the hub knows this device as. ``ca`` says whether the hub's certificate has an authority of its own."""

    hub: str
    device: str
    gate: str
    screen: str
    state: State = State.PENDING
    ca: bool = False
    reason: str | None = None


class DeviceKey:
    """The private key: signs, and is written down once."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key

    @property
    def public(self) -> bytes:
        """The public half, 32 bytes."""
        return self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    @property
    def device(self) -> str:
        """The name that follows from it."""
        return device_id(self.public)

    @property
    def fingerprint(self) -> str:
        """What a human compares on the kiosk and at the hub."""
        return fingerprint(self.public)

    def sign(self, content: bytes) -> bytes:
        """The signature of some bytes, 64 bytes."""
        return self._key.sign(content)


class Identity:
    """The folder ``agent/identity``. Methods raise ``OSError``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._counting = threading.Lock()
        self._counter = self._reserved = 0

    @property
    def root(self) -> Path:
        """The root metadata from which trust begins."""
        return self._folder / "root.json"

    @property
    def offered_ca(self) -> Path:
        """The authority that a ticket names, until the ticket has proven good."""
        return self._folder / "ca-offered.pem"

    @property
    def ca(self) -> Path:
        """The authority of the hub's certificate, where it is a private one."""
        return self._folder / "ca.pem"

    def key(self) -> DeviceKey | None:
        """The key, None where none was made yet. Raises ``SiteError`` where it cannot be read."""
        path = self._folder / "key.pem"
        try:
            if stat.S_IMODE(path.stat().st_mode) & _OTHERS:
                path.chmod(0o600)  # a copy or a restored backup; nobody else has anything to read here
            key = load_pem_private_key(path.read_bytes(), password=None)
        except FileNotFoundError:
            return None
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            message = f"The device's key {path} is spoiled; remove it and enrol anew."
            raise SiteError(message) from error
        if not isinstance(key, Ed25519PrivateKey):
            message = f"The device's key {path} is no Ed25519 key; remove it and enrol anew."
            raise SiteError(message)
        return DeviceKey(key)

    def make_key(self) -> DeviceKey:
        """The key that is there, or one made here and now."""
        known = self.key()
        if known is not None:
            return known
        key = Ed25519PrivateKey.generate()
        content = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        make_folder(self._folder)
        self._folder.chmod(0o700)
        path = self._folder / "key.pem"
        part = path.with_name(path.name + PART)
        part.unlink(missing_ok=True)
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        sync_folder(self._folder)
        return DeviceKey(key)

    def enrolment(self) -> Enrolment | None:
        """What was agreed with the hub, None where nothing was. Raises ``SiteError``."""
        path = self._folder / "enrolment.json"
        try:
            found = json.loads(path.read_bytes())
            names = ("hub", "device", "gate", "screen", "ca", "reason")
            enrolment = Enrolment(**{name: found[name] for name in names}, state=State(found["state"]))
            version = found["format_version"]
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            message = f"{path} cannot be read ({error}); enrol anew."
            raise SiteError(message) from error
        if version != FORMAT_VERSION:
            message = f"{path} is of format {version}, which this program does not read."
            raise SiteError(message)
        return enrolment

    def keep(self, enrolment: Enrolment) -> None:
        """Write down what was agreed."""
        told = {"format_version": FORMAT_VERSION, **asdict(enrolment)}
        write_durably(self._folder / "enrolment.json", f"{json.dumps(told, ensure_ascii=False, indent=2)}\n".encode())

    def stand(self, state: State, reason: str | None = None) -> None:
        """Note where the device stands with the hub, where that is news."""
        known = self.enrolment()
        if known is not None and (known.state, known.reason) != (state, reason):
            self.keep(replace(known, state=state, reason=reason))

    def next_counter(self, above: int = 0) -> int:
        """A number that no request of this device had, durably; ``above`` is the latest that the hub knows."""
        with self._counting:
            if self._counter == self._reserved or above >= self._counter:
                self._counter = max(self._counter, self._written(), above)
                self._reserved = self._counter + COUNTERS_AT_ONCE
                write_durably(self._folder / "counter", f"{self._reserved}\n".encode())
            self._counter += 1
            return self._counter

    def _written(self) -> int:
        try:
            return int((self._folder / "counter").read_text(encoding="ascii"))
        except (FileNotFoundError, ValueError):
            return 0


def machine_id() -> str:
    """The machine's own id, by which the hub notices a copied disk; empty where there is none."""
    try:
        return _MACHINE_ID.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def machine_facts() -> dict[str, str]:
    """What tells people one kiosk from another: model, board, network cards, as far as they may be read."""
    dmi = Path("/sys/class/dmi/id")
    files = {"vendor": dmi / "sys_vendor", "model": dmi / "product_name", "board": dmi / "board_name"}
    cards = sorted(Path("/sys/class/net").glob("e*/address"))
    files |= {f"network {path.parent.name}": path for path in cards[:4]}
    found = {}
    for name, path in files.items():
        try:
            found[name] = path.read_text(encoding="utf-8").strip()[:200]
        except (OSError, UnicodeDecodeError):
            continue
    return {name: text for name, text in found.items() if text}
