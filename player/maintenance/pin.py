"""The maintenance PIN: kept as a scrypt hash in the kiosk file, and a wait that grows with every wrong try.

The salt comes from the caller. Tries are written down before they are checked and stay on the disk, so neither a
restart nor a pulled plug buys new ones.
"""

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Final

from playlists.timing import MonotonicNs

LEAST_DIGITS: Final = 6
MOST_DIGITS: Final = 12
FREE_TRIES: Final = 5
FIRST_WAIT_NS: Final = 30_000_000_000
LONGEST_WAIT_NS: Final = 3_600_000_000_000
_COST: Final = (16384, 8, 1)
"""scrypt's N, r and p: 16 MiB and some 50 ms on a small kiosk."""
_MOST_COST: Final = (1 << 17, 16, 4)
_MEMORY: Final = 512 * 1024 * 1024
_SALT_BYTES: Final = 16
_KEY_BYTES: Final = 32


class PinHashError(ValueError):
    """Not a line that ``signage-player pin`` printed."""


@dataclass(frozen=True, slots=True)
class PinHash:
    """What is kept of a PIN."""

    n: int
    r: int
    p: int
    salt: bytes
    key: bytes

    def __repr__(self) -> str:
        return "PinHash(...)"  # a hash of six digits is quickly guessed: no log may hold it


def well_formed(pin: str) -> bool:
    """Whether this may be a PIN: 6 to 12 digits."""
    return LEAST_DIGITS <= len(pin) <= MOST_DIGITS and pin.isascii() and pin.isdecimal()


def hashed(pin: str, salt: bytes) -> PinHash:
    """Hash a PIN with a salt of 16 random bytes."""
    n, r, p = _COST
    return PinHash(n, r, p, salt, _key(pin, n, r, p, salt))


def matches(pin: str, kept: PinHash) -> bool:
    """Whether this is the PIN; takes the same time for every wrong one."""
    return hmac.compare_digest(_key(pin, kept.n, kept.r, kept.p, kept.salt), kept.key)


def pin_text(kept: PinHash) -> str:
    """The hash as one word for the kiosk file."""
    salt, key = (base64.b64encode(part).decode("ascii") for part in (kept.salt, kept.key))
    return f"scrypt:{kept.n}:{kept.r}:{kept.p}:{salt}:{key}"


def parsed_pin(text: str) -> PinHash:
    """Read what :func:`pin_text` wrote.

    Raises:
        PinHashError: it did not write this.

    """
    try:
        kind, n, r, p, salt, key = text.split(":")
        kept = PinHash(int(n), int(r), int(p), base64.b64decode(salt, validate=True), base64.b64decode(key))
    except (ValueError, binascii.Error) as error:
        raise PinHashError from error
    cost, most = (kept.n, kept.r, kept.p), _MOST_COST
    sound = all(1 <= one <= limit for one, limit in zip(cost, most, strict=True))
    power = kept.n > 1 and kept.n & (kept.n - 1) == 0
    if kind != "scrypt" or not (sound and power) or len(kept.salt) < _SALT_BYTES or len(kept.key) != _KEY_BYTES:
        raise PinHashError
    return kept


def _key(pin: str, n: int, r: int, p: int, salt: bytes) -> bytes:
    return hashlib.scrypt(pin.encode(), salt=salt, n=n, r=r, p=p, maxmem=_MEMORY, dklen=_KEY_BYTES)


_BOOT: Final = MonotonicNs(0)


@dataclass(frozen=True, slots=True)
class Tries:
    """Wrong tries in a row, the last one at ``at`` of the boot ``boot_id``."""

    wrong: int = 0
    at: MonotonicNs = _BOOT
    boot_id: str = ""


def tried(tries: Tries, now: MonotonicNs, boot_id: str) -> Tries:
    """One more try; it counts as wrong until it turns out right, which forgets them all."""
    return Tries(tries.wrong + 1, now, boot_id)


def next_try_at(tries: Tries, boot_id: str) -> MonotonicNs:
    """When the next try is allowed: at once for the first five, then after a wait that doubles up to an hour.

    After a restart of the machine the whole wait begins again, as its monotonic clock does.
    """
    if tries.wrong < FREE_TRIES:
        return MonotonicNs(0)
    wait = min(FIRST_WAIT_NS << min(tries.wrong - FREE_TRIES, 20), LONGEST_WAIT_NS)
    since = tries.at if tries.boot_id == boot_id else 0
    return MonotonicNs(since + wait)


def written_tries(tries: Tries) -> bytes:
    """The tries as a small file."""
    return json.dumps({"format": 1, "wrong": tries.wrong, "at_ns": tries.at, "boot_id": tries.boot_id}).encode()


def read_tries(content: bytes | None) -> Tries:
    """Read them; a file that is missing holds none, one that is spoiled as many as were free."""
    if content is None:
        return Tries()
    try:
        found = json.loads(content)
        return Tries(max(0, int(found["wrong"])), MonotonicNs(int(found["at_ns"])), str(found["boot_id"]))
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return Tries(FREE_TRIES)
