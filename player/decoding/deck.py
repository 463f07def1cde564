"""A deck: one decoder process as the stage sees it, playing one clip after another."""

import os
import time
from collections.abc import Callable
from typing import Final, Protocol

from player.decoding.channel import ChannelClosedError, Message, integer, text
from player.decoding.pcm import PcmRing
from player.decoding.prisoners import Prison
from player.fitting import Size
from player.performance import Picture
from player.reactor import Cancellable, Reactor
from player.ring import Ring
from playlists.timing import MonotonicNs

LATER_DECKS: Final = 2
"""While one plays one opens the next clip; the third steps in where one is still letting go of its clip, or died."""
RETIRE_BYTES: Final = 48 << 20
"""A decoder whose anonymous memory is past this between two clips is replaced by a fresh one."""
LET_GO_NS: Final = 1_500_000_000
"""How long a decoder may take to let go of a clip: libVLC needs up to 0.95 s to stop, and may never come back."""
_MAX_SLOTS: Final = 32


class Guest(Protocol):
    """The clip a deck is playing."""

    def opened(self) -> None:
        """The file is open; perhaps anew, and then nothing that came before counts."""

    def ready(self, hold_ns: int, offset_ns: int | None) -> None:
        """The first pictures have come and the decoder stands still.

        Once resumed, it will hold frame 0 due ``hold_ns`` later; ``offset_ns`` is what it learned of the file for that.
        """

    def held(self, at: MonotonicNs) -> None:
        """The decoder stands still since ``at``."""

    def picture(self, picture: Picture | None, at: MonotonicNs) -> None:
        """A new picture that libVLC held due at ``at``; None when there was no room for it."""

    def repeated(self, at: MonotonicNs) -> None:
        """The same picture was shown again."""

    def sounds(self, ring: PcmRing) -> None:
        """The clip has sound, which comes in this ring."""

    def sound_placed(self, after_ns: int) -> None:
        """The ring's first sample is heard so long after frame 0; negative where it begins before."""

    def ended(self) -> None:
        """LibVLC has come to the end of the file."""

    def failed(self, reason: str) -> None:
        """Nothing more will come."""


class Deck:
    """One decoder process; ``on_idle`` is called when it can take the next clip."""

    def __init__(self, prison: Prison, reactor: Reactor, parameters: Message, on_idle: Callable[[], None]) -> None:
        self._prison, self._reactor, self._parameters, self._on_idle = prison, reactor, parameters, on_idle
        self._guest: Guest | None = None
        self._ring: Ring | None = None
        self._wanted = (0, 0)
        self._stopping = False
        self._watchman: Cancellable | None = None
        self._hire()

    @property
    def idle(self) -> bool:
        """Whether it can take a clip."""
        return self._guest is None and not self._stopping

    def open(self, guest: Guest, order: Message, file: int) -> None:
        """Play the open ``file`` for ``guest``; the descriptor is the deck's from here on."""
        self._guest = guest
        self._wanted = (integer(order, "out_width"), integer(order, "out_height"))
        self._prisoner.tell(order | {"do": "open"}, [file])
        os.close(file)

    def tell(self, order: Message) -> None:
        """Send an order about the clip that is open."""
        self._prisoner.tell(order)

    def finish(self) -> None:
        """End the clip; idle again when the decoder has let go of it."""
        self._guest, self._ring = None, None
        self._stopping = True
        self._prisoner.tell({"do": "finish"})
        self._dismiss_watchman()
        by = MonotonicNs(time.monotonic_ns() + LET_GO_NS)
        self._watchman = self._reactor.call_at(by, self.replace)

    def replace(self) -> None:
        """Kill the decoder, whatever it does, and start another."""
        self._prisoner.kill()
        self._reset()
        self._on_idle()

    def close(self) -> None:
        """End the decoder for good."""
        self._dismiss_watchman()
        self._prisoner.kill()

    def _hire(self) -> None:
        self._prisoner = self._prison.fork("decoder", self._parameters)
        self._prisoner.listen(self._reactor, self._hear, self._died)

    def _dismiss_watchman(self) -> None:
        if self._watchman is not None:
            self._watchman.cancel()
            self._watchman = None

    def _reset(self) -> None:
        self._dismiss_watchman()
        self._guest, self._ring, self._stopping = None, None, False
        self._hire()

    def _died(self) -> None:
        guest = self._guest
        self._reset()
        if guest is not None:
            guest.failed("decoder-died: the file broke its decoder, or something killed it")
        self._on_idle()

    def _hear(self, message: Message, fds: list[int]) -> None:
        try:
            self._take_in(message, fds)
        except (ChannelClosedError, OSError, ValueError, IndexError) as error:
            guest = self._guest
            self.replace()
            if guest is not None:
                guest.failed(f"decoder-lied: {error}")
        finally:
            for fd in fds:
                os.close(fd)

    def _take_in(self, message: Message, fds: list[int]) -> None:
        word = message.get("is")
        if word == "idle":
            self._stopping = False
            self._dismiss_watchman()
            if integer(message, "memory") > RETIRE_BYTES:
                self._prisoner.kill()
                self._hire()
            self._on_idle()
        elif word == "opened" and self._guest is not None:
            slots = integer(message, "slots")
            size = (integer(message, "width"), integer(message, "height"))
            if not 0 < slots <= _MAX_SLOTS or size != self._wanted:
                msg = "a ring of no sense"
                raise ChannelClosedError(msg)
            self._ring = Ring.attach(fds[0], *size, slots)
            self._guest.opened()
            if len(fds) > 1:
                self._guest.sounds(PcmRing.attach(fds[1]))
        elif self._guest is not None:
            self._pass_on(self._guest, message)

    def _pass_on(self, guest: Guest, message: Message) -> None:
        match message.get("is"):
            case "frame":
                guest.picture(self._picture(integer(message, "slot")), MonotonicNs(integer(message, "at")))
            case "same":
                guest.repeated(MonotonicNs(integer(message, "at")))
            case "dropped":
                guest.picture(None, MonotonicNs(integer(message, "at")))
            case "held":
                guest.held(MonotonicNs(integer(message, "at")))
            case "sound":
                guest.sound_placed(integer(message, "after"))
            case "ready":
                offset = message.get("offset")
                guest.ready(integer(message, "hold"), offset if isinstance(offset, int) else None)
            case "ended":
                guest.ended()
            case "failed":
                guest.failed(f"not-playable: {text(message, 'why')}")

    def _picture(self, slot: int) -> Picture:
        ring = self._ring
        if ring is None or not 0 <= slot < ring.slots:
            msg = "a picture in no ring"
            raise ChannelClosedError(msg)
        return Picture(ring.pixels(slot), Size(ring.width, ring.height), ring.stride, ring, slot)
