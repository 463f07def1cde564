"""``signage-player pin``: asks for a PIN twice and prints the line for the kiosk file."""

import getpass
import secrets
import sys
from typing import Final

from player.maintenance.pin import LEAST_DIGITS, MOST_DIGITS, hashed, pin_text, well_formed
from playlists.errors import ExitCode, UsageError

_SALT_BYTES: Final = 16


def main() -> int:
    """Ask, print, and leave.

    Raises:
        UsageError: it is no PIN, or the two differ.

    """
    pin = _asked("Mã PIN bảo trì / maintenance PIN: ")
    if not well_formed(pin):
        msg = f"Mã PIN gồm {LEAST_DIGITS} đến {MOST_DIGITS} chữ số / A PIN has {LEAST_DIGITS} to {MOST_DIGITS} digits."
        raise UsageError(msg)
    if pin != _asked("Nhập lại / again: "):
        msg = "Hai lần nhập không giống nhau / The two are not the same."
        raise UsageError(msg)
    sys.stdout.write(f'pin = "{pin_text(hashed(pin, secrets.token_bytes(_SALT_BYTES)))}"\n')
    return ExitCode.OK


def _asked(prompt: str) -> str:
    """Unseen where there is a terminal, a line of standard input where there is none."""
    if sys.stdin.isatty():
        return getpass.getpass(prompt)
    return sys.stdin.readline().rstrip("\n")
