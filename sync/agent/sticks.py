"""A stick, taken in through the same trust path as the network, and what is written back onto it.

``import_stick`` drives the kiosk's own cycle with a stick as its source; ``StickWatch`` tells of sticks that appear.
Whatever a stick holds, the kiosk is left with what it had or with what is signed and whole.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sync.agent.ports import Clock, Source
from sync.bundle import Have


class Kiosk(Protocol):
    """What a stick works on: the agent's cycle, which takes from any source in the same way."""

    gate: str
    screen: str

    def take(self, source: Source) -> None:
        """Refresh trust from a source, apply urgent bulletins and withdrawals, then ``complete``.

        Raises ``RefusalError`` where the source as a whole is not accepted, ``SourceError`` where it cannot be read,
        ``SiteError`` where the kiosk has no room.
        """

    def complete(self, source: Source) -> None:
        """Fetch from a source what the newest trusted release lacks, and activate it when it is whole.

        Files that the source has not got are passed over, so that several sticks add up. Raises as ``take``.
        """

    def lacking(self) -> Mapping[str, int] | None:
        """Digests and lengths of what the newest trusted release lacks; None where no release is known."""

    def have(self) -> Have:
        """What to tell the hub of what is here."""

    def diagnostics(self) -> Mapping[str, bytes]:
        """Files to write back, by their names: the status, the state of trust, the journal's end."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a stick: a code of ``stick_sentences``, and the sentence in Vietnamese and in English.

    ``shown`` is what may stand before passers-by: no word of it comes from an unsigned file. ``again`` says that the
    same stick is worth another try while it is in; ``fetched`` counts the bytes that were taken from it.
    """

    code: str
    vi: str
    en: str
    shown: str
    again: bool = False
    fetched: int = 0


def import_stick(stick: Path, kiosk: Kiosk, agent: Path, clock: Clock, tell: Callable[[str], None]) -> Outcome | None:
    """Take in the stick mounted at ``stick``; None where it carries no bundle. Never raises for what a stick holds.

    ``agent`` is the folder with the trusted metadata, ``tell`` gets the sentence for the banner as it changes.
    """
    raise NotImplementedError


class StickWatch:
    """Looks for sticks in the sub-folders of a mount root, every ``seconds`` and when the kernel tells of a change."""

    def __init__(self, root: Path, appeared: Callable[[], None], seconds: float = 2.0) -> None:
        raise NotImplementedError

    def start(self) -> None:
        """Begin to look; ``appeared`` is called on a thread of the watch's own."""
        raise NotImplementedError

    def stop(self) -> None:
        """Look no more."""
        raise NotImplementedError

    def waiting(self) -> list[Path]:
        """The sticks that are in and want to be imported, the longest waiting first."""
        raise NotImplementedError

    def done(self, stick: Path, outcome: Outcome | None) -> None:
        """The stick was imported; it waits again when it changes, is put in anew, or when its outcome says so."""
        raise NotImplementedError
