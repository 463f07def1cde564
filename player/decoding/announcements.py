"""Recordings on their way to be heard: one voice for each, and what it has said of itself."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from player.decoding.channel import ChannelClosedError, Message, integer, text
from player.decoding.loudspeaker import Loudspeaker
from player.decoding.media_file import MediaFile, Openings
from player.decoding.pcm import PcmRing
from player.decoding.prisoners import Prison, Prisoner
from player.reactor import Reactor
from playlists.timing import MonotonicNs

_LONGEST_NS: Final = 24 * 3_600_000_000_000


class Announcement:
    """One recording; ``on_change`` is called whenever more is known."""

    def __init__(self, on_change: Callable[[], None], loudspeaker: Loudspeaker) -> None:
        self._on_change, self._loudspeaker = on_change, loudspeaker
        self._voice: Prisoner | None = None
        self._ticket: int | None = None
        self._over = False
        self.wanted: str | None = None
        """The digest the recording must have."""
        self.ring: PcmRing | None = None
        self.length_ns: int | None = None
        """How long it says it is, then how long it was."""
        self.ready = False
        self.flaw: str | None = None

    def begin(self, at: MonotonicNs, until: MonotonicNs) -> None:
        """Have its first sample heard at ``at``, and nothing after ``until``."""
        if self._voice is not None and self.ring is not None:
            self._voice.tell({"do": "begin", "at": at})
            self._ticket = self._loudspeaker.cue(self.ring, at, at, until)

    def end(self, at: MonotonicNs) -> None:
        """Be quiet from ``at`` on; harmless at any time."""
        self._over = True
        if self._ticket is not None:
            self._loudspeaker.end(self._ticket, at)
            self._ticket = None
        if self._voice is not None:
            self._voice.kill()
            self._voice = None

    def _opened(self, result: MediaFile | str, announcements: "Announcements", order: Message) -> None:
        if isinstance(result, str):
            self._fail(result)
            return
        if not self._over:
            self._voice = announcements.prison.fork("voice")
            self._voice.listen(announcements.reactor, self._hear, self._died)
            file = result.lend()
            self._voice.tell(order, [file])
            os.close(file)
        result.close()

    def _hear(self, message: Message, fds: list[int]) -> None:
        try:
            self._learn(message, fds)
        except (ChannelClosedError, OSError, IndexError) as error:
            self.flaw = f"voice-lied: {error}"
        finally:
            for fd in fds:
                os.close(fd)
        if not self._over:
            self._on_change()

    def _learn(self, message: Message, fds: list[int]) -> None:
        match message.get("is"):
            case "voice":
                self.ring = PcmRing.attach(fds[0])
                self.length_ns = _length(message) or None
                if self.wanted is not None and text(message, "sha256") != self.wanted:
                    self.flaw = "wrong-digest: the file is not the one the playlist names"
            case "ready":
                self.ready = True
            case "spoken":
                self.length_ns = self.length_ns or _length(message)
            case "flawed":
                self.flaw = f"{text(message, 'why')}: {text(message, 'sentence')}"

    def _died(self) -> None:
        self._voice = None
        self._fail("voice-died: the recording broke the program that decodes it, or something killed it")

    def _fail(self, flaw: str) -> None:
        self.flaw = flaw
        if not self._over:
            self._on_change()


@dataclass(slots=True)
class Announcements:
    """Opens recordings."""

    prison: Prison
    reactor: Reactor
    openings: Openings

    def open(
        self, path: str, on_change: Callable[[], None], loudspeaker: Loudspeaker, *, volume: int, start_ns: int
    ) -> Announcement:
        """Open a recording from ``start_ns`` on, at a volume of 0 to 100."""
        announcement = Announcement(on_change, loudspeaker)
        order: Message = {"do": "open", "volume": volume, "from": start_ns}
        self.openings.ask(path, 1, lambda result: announcement._opened(result, self, order))  # noqa: SLF001 - one room
        return announcement


def _length(message: Message) -> int:
    length = integer(message, "length")
    if not 0 <= length <= _LONGEST_NS:
        msg = "a recording of no length"
        raise ChannelClosedError(msg)
    return length
