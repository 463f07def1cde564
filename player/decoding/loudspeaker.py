"""The stage's side of the speaker: cues for clips, and a new speaker when one dies."""

import os
from dataclasses import dataclass

from player.decoding.channel import Message
from player.decoding.pcm import PcmRing
from player.decoding.prisoners import Prison, Prisoner
from player.reactor import Reactor
from playlists.timing import MonotonicNs


@dataclass(slots=True)
class Loudspeaker:
    """Tells the speaker what is heard when; nothing here ever waits for sound."""

    prison: Prison
    reactor: Reactor
    _speaker: Prisoner | None = None
    _tickets: int = 0
    _permille: int = 1000

    def set_share(self, share: float) -> None:
        """Play at this share of every clip's volume, 0 to 1, from now on; what is heard now included."""
        self._permille = round(1000 * share)
        if self._speaker is not None:
            self._speaker.tell({"do": "volume", "permille": self._permille})

    def cue(self, ring: PcmRing, begin: MonotonicNs, since: MonotonicNs, until: MonotonicNs) -> int:
        """Have sample 0 of ``ring`` heard at ``begin``, but nothing before ``since`` or after ``until``; a ticket."""
        self._tickets += 1
        times = {"begin": begin, "since": since, "until": until}
        self._hired().tell({"do": "cue", "ticket": self._tickets, **times}, [ring.fd])
        return self._tickets

    def end(self, ticket: int, at: MonotonicNs) -> None:
        """Have a clip's sound end at ``at`` at the latest."""
        if self._speaker is not None:
            self._speaker.tell({"do": "end", "ticket": ticket, "at": at})

    def close(self) -> None:
        """Be quiet."""
        if self._speaker is not None:
            self._speaker.kill()

    def _hired(self) -> Prisoner:
        if self._speaker is None:
            self._speaker = self.prison.fork("speaker")
            self._speaker.listen(self.reactor, _hear_nothing, self._died)
            self._speaker.tell({"do": "volume", "permille": self._permille})
        return self._speaker

    def _died(self) -> None:
        self._speaker = None


def _hear_nothing(_message: Message, fds: list[int]) -> None:
    for fd in fds:
        os.close(fd)
