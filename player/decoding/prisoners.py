"""The player's side of the prison: starting the warden, asking it for prisoners, ending them."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import Final

from player.decoding.channel import Channel, ChannelClosedError, Message, integer, text
from player.reactor import Cancellable, Reactor


class Prisoner:
    """One prisoner: messages to and from it, and its end."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._watch: Cancellable | None = None
        self._pid: int | None = None
        self._doomed = False
        self.closed = False

    def listen(
        self, reactor: Reactor, on_message: Callable[[Message, list[int]], None], on_death: Callable[[], None]
    ) -> None:
        """Hand every message to ``on_message`` (which owns its descriptors), and tell ``on_death`` once of its end."""

        def readable() -> None:
            try:
                while not self.closed and (got := self._channel.receive()) is not None:
                    on_message(*got)
            except ChannelClosedError:
                self.kill()
                on_death()

        self._watch = reactor.watch(self._channel, readable)

    def tell(self, order: Message, fds: Sequence[int] = ()) -> None:
        """Send an order with copies of ``fds``; a prisoner that is gone is noticed by the watch, not here."""
        if not self.closed:
            with contextlib.suppress(ChannelClosedError):
                self._channel.send(order, fds)

    def known_as(self, pid: int) -> None:
        """The warden says which process it is."""
        self._pid = pid
        if self._doomed:
            self.kill()

    def kill(self) -> None:
        """End it at once, whatever it hangs in; harmless when it is dead."""
        self._doomed = True
        if not self.closed:
            self.closed = True
            if self._watch is not None:
                self._watch.cancel()
            self._channel.close()
        if self._pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)
            self._pid = None


FIRST_DECODERS: Final = 1
"""Before the first picture; the others come when it is there, for they would only be in its way."""


def decoder_parameters(*, hardware: bool) -> Message:
    """What a decoder is told when it is forked."""
    return {"hardware": hardware}


def opened_prison(*, hardware: bool) -> "Prison":
    """A warden with the first prisoners on their way: to be had before anything else is loaded."""
    prison = Prison()
    prison.keep_ready("examiner")
    for _ in range(FIRST_DECODERS):
        prison.keep_ready("decoder", decoder_parameters(hardware=hardware))
    return prison


class Prison:
    """The warden process and everybody it has forked."""

    def __init__(self, reactor: Reactor | None = None) -> None:
        self._prisoners: dict[int, Prisoner] = {}
        self._tickets = 0
        self._reactor: Reactor | None = reactor
        self._spare: list[tuple[str, Message | None, Prisoner]] = []
        self._watch: Cancellable | None = None
        self.missing: str | None = None
        """What the machine lacks so that nothing can be decoded; None while all is well."""
        self._start()

    def _start(self) -> None:
        ours, theirs = Channel.pair()
        command = [sys.executable, "-I", "-m", "player.decoding.warden", str(theirs.fileno())]
        # No shell, no outside text: our own interpreter on our own module.
        self._process = subprocess.Popen(  # noqa: S603
            command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, start_new_session=True
        )
        theirs.close()
        ours.set_blocking(blocking=False)
        self._channel = ours

    def attend(self, reactor: Reactor, on_trouble: Callable[[], None]) -> None:
        """Listen to the warden from here on; a dead one is replaced, and its prisoners' channels tell of their end."""
        self._reactor = reactor

        def readable() -> None:
            try:
                while (got := self._channel.receive()) is not None:
                    self._hear(got[0], on_trouble)
            except ChannelClosedError:
                watch.cancel()
                self._channel.close()
                self._process.wait()
                if self.missing is None:
                    self._start()
                    self.attend(reactor, on_trouble)

        self._watch = watch = reactor.watch(self._channel, readable)

    @property
    def forking(self) -> bool:
        """Whether a prisoner that was asked for is still to come."""
        return bool(self._prisoners)

    def keep_ready(self, kind: str, parameters: Message | None = None) -> None:
        """Fork a prisoner ahead of the first :meth:`fork` of its kind, while there are other things to load."""
        self._spare.append((kind, parameters, self.fork(kind, parameters)))

    def fork(self, kind: str, parameters: Message | None = None) -> Prisoner:
        """A new prisoner of ``kind``; it can be told things at once."""
        for spare in self._spare:
            if spare[:2] == (kind, parameters):
                self._spare.remove(spare)
                return spare[2]
        ours, theirs = Channel.pair()
        ours.set_blocking(blocking=False)
        self._tickets += 1
        prisoner = Prisoner(ours)
        self._prisoners[self._tickets] = prisoner
        request: Message = {"do": kind, "ticket": self._tickets} | (parameters or {})
        with contextlib.suppress(ChannelClosedError):
            self._channel.send(request, [theirs.fileno()])
        theirs.close()
        return prisoner

    def hear_out(self) -> str | None:
        """What the machine lacks, with what the warden said last: prisoners' ends may have been heard of first."""
        with contextlib.suppress(ChannelClosedError):
            while (got := self._channel.receive()) is not None:
                self._hear(got[0], lambda: None)
        return self.missing

    def close(self) -> None:
        """End everybody."""
        for _kind, _parameters, spare in self._spare:
            spare.kill()
        self.missing = self.missing or "closed"
        if self._watch is not None:
            self._watch.cancel()
        self._channel.close()
        self._process.kill()
        self._process.wait()

    def _hear(self, message: Message, on_trouble: Callable[[], None]) -> None:
        if message.get("is") == "forked":
            prisoner = self._prisoners.pop(integer(message, "ticket"), None)
            if prisoner is not None:
                prisoner.known_as(integer(message, "pid"))
        elif message.get("is") == "missing":
            self.missing = text(message, "what")
            on_trouble()
