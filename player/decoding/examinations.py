"""Examinations asked for by the stage: one at a time, by a prisoner that lives while there is something to examine."""

import os
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from player.decoding.channel import ChannelClosedError, Message, integer, text
from player.decoding.examination import FileIdentity, contents_of, facts_of
from player.decoding.media_file import MediaFile, Openings
from player.decoding.prisoners import Prison, Prisoner
from player.fitting import Size
from player.performance import Picture
from player.reactor import Cancellable, Reactor
from player.ring import stride_of
from playlists.media import MediaFacts
from playlists.timing import MonotonicNs

_IDLE_NS: Final = 5_000_000_000
_PATIENCE_NS: Final = 10_000_000_000
_NS_PER_BYTE: Final = 50
"""The slowest disk that is waited for: 20 MB/s."""
_MEMORY: Final = 512


Proof = Callable[[str, FileIdentity], str | None]


@dataclass(slots=True)
class Examination:
    """One file being examined; ``on_change`` is called whenever more is known."""

    path: str
    still_for: Size | None
    """The canvas a still is wanted for; None for a clip."""
    cover: bool
    on_change: Callable[[], None]
    facts: MediaFacts | None = None
    still: Picture | None = None
    digest: str | None = None
    flaw: str | None = None
    started: MonotonicNs | None = None
    patience_ns: int = _PATIENCE_NS
    called_off: bool = False
    file: MediaFile | None = None
    """The file, as soon as it is open: for the examiner, and of a clip for the decoder too."""
    identity: FileIdentity | None = None
    """Which bytes the digest was taken of."""
    offset_ns: int | None = None
    """How long after its first picture libVLC's count of the clip begins, where that had to be learned."""
    known: "_Known | None" = None
    ground: int = 0
    """The colour behind a transparent still, 0xRRGGBB."""

    def learn_offset(self, offset_ns: int | None) -> None:
        """Keep what a decoder learned, for the next time."""
        self.offset_ns = offset_ns
        if self.known is not None:
            self.known.offset_ns = offset_ns

    def call_off(self) -> None:
        """Nobody wants to know any more."""
        self.called_off = True
        if self.file is not None:
            self.file.close()

    def contradicts(self, wanted: str | None) -> str | None:
        """Why this is not the file that ``wanted``, a digest, stands for; None where it is, or nobody cares."""
        if wanted is None or self.digest is None or self.digest == wanted:
            return None
        return "wrong-digest: the file is not the one the playlist names"

    @property
    def over(self) -> bool:
        """Nothing more will be known."""
        seen = self.facts is not None or self.still is not None
        return self.flaw is not None or (self.digest is not None and seen)


@dataclass(slots=True)
class _Known:
    identity: FileIdentity
    facts: MediaFacts
    digest: str
    offset_ns: int | None = None


@dataclass(slots=True)
class Examinations:
    """The queue, the prisoner that works it off, and what is known of unchanged files."""

    prison: Prison
    reactor: Reactor
    proven: Proof = field(default=lambda _path, _identity: None)
    """The digest of a file that was taken before, on this very file."""
    parameters: Message | None = None
    """How the examiner is to be, where it is not the usual one."""
    _queue: deque[Examination] = field(default_factory=deque)
    _current: Examination | None = None
    _examiner: Prisoner | None = None
    _known: dict[str, _Known] = field(default_factory=dict)
    _idle: Cancellable | None = None
    _watchman: Cancellable | None = None
    _ticket: int = 0
    _resident: bool = False
    _openings: Openings = field(init=False)

    def __post_init__(self) -> None:
        """Start what waits for disks."""
        self._openings = Openings(self.reactor)

    def warm_up(self) -> None:
        """Have a prisoner ready before the first file is known."""
        if self._examiner is None:
            self._examiner = self._hire()

    def keep_warm(self) -> None:
        """From now on have a prisoner at hand that has loaded all it may need, for what may not wait for that."""
        self._resident = True
        if self._examiner is None:
            self._examiner = self._hire()
        else:
            self._examiner.tell({"do": "warm"})

    def ask(self, examination: Examination) -> None:
        """Open a file and examine it; what is known of an unchanged clip is told as soon as it is open."""
        readers = 2 if examination.still_for is None else 1
        self._openings.ask(examination.path, readers, lambda result: self._admit(examination, result))

    def close(self) -> None:
        """Stop examining."""
        self._openings.close()
        self._queue.clear()
        if self._examiner is not None:
            self._examiner.kill()

    def _hire(self) -> Prisoner:
        examiner = self.prison.fork("examiner", self.parameters)
        examiner.listen(self.reactor, self._hear, self._died)
        if self._resident:
            examiner.tell({"do": "warm"})
        return examiner

    def _admit(self, examination: Examination, result: MediaFile | str) -> None:
        """Take in an opened file, or why it could not be opened."""
        if isinstance(result, str):
            examination.flaw = result
            if not examination.called_off:
                examination.on_change()
            return
        if examination.called_off:
            result.close()
            return
        examination.file = result
        known = self._known.get(examination.path)
        if examination.still_for is None and known is not None and known.identity == result.identity:
            examination.facts, examination.digest = known.facts, known.digest
            examination.known, examination.offset_ns = known, known.offset_ns
            examination.on_change()
            return
        examination.digest = self.proven(examination.path, result.identity)
        self._queue.append(examination)
        if self._current is not None and self._current.called_off:
            self._overdue()  # who is waited for comes before what nobody wants to know any more
        self._next()

    def _next(self) -> None:
        if self._current is not None:
            return
        while self._queue and self._queue[0].called_off:
            self._queue.popleft()
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None
        now = time.monotonic_ns()
        if not self._queue:
            self._idle = self.reactor.call_at(MonotonicNs(now + _IDLE_NS), self._dismiss)
            return
        if self._examiner is None:
            self._examiner = self._hire()
        self._current = current = self._queue.popleft()
        self._ticket += 1
        order: Message = {"do": "clip", "ticket": self._ticket, "digest": current.digest is None}
        if current.still_for is not None:
            canvas = current.still_for
            order |= {"do": "still", "box_width": canvas.width, "box_height": canvas.height, "cover": current.cover}
            order["ground"] = current.ground
        patience = _PATIENCE_NS + (current.file.identity.size * _NS_PER_BYTE if current.file is not None else 0)
        self._watchman = self.reactor.call_at(MonotonicNs(now + patience), self._overdue)
        files = [current.file.lend()] if current.file is not None else []
        self._examiner.tell(order, files)
        for file in files:
            os.close(file)

    def _dismiss(self) -> None:
        if self._examiner is not None and self._current is None and not self._resident:
            self._examiner.kill()
            self._examiner = None

    def _hear(self, message: Message, fds: list[int]) -> None:
        current = self._current
        try:
            if current is not None and message.get("ticket") == self._ticket:
                self._learn(current, message, fds)
        except (ChannelClosedError, ValueError, TypeError, OSError, IndexError) as error:
            if current is not None:
                current.flaw = f"examiner-lied: {error}"
        finally:
            for fd in fds:
                os.close(fd)
        if current is None:
            return
        if current.over:
            self._done()
        if not current.called_off:
            current.on_change()

    def _learn(self, current: Examination, message: Message, fds: list[int]) -> None:
        match message.get("is"):
            case "facts":
                current.facts = facts_of(message, contents_of(fds[0]))
                if current.digest is not None and current.file is not None:
                    self._keep(current, current.file.identity, current.facts, current.digest)
            case "still":
                current.still = _still(message, fds[0])
            case "digest":
                current.digest = text(message, "sha256")
                identity = message.get("identity")
                if current.facts is not None and isinstance(identity, list):
                    current.identity = FileIdentity(*identity)
                    self._keep(current, current.identity, current.facts, current.digest)
                elif isinstance(identity, list):
                    current.identity = FileIdentity(*identity)
            case "flawed":
                current.flaw = f"{text(message, 'why')}: {text(message, 'sentence')}"

    def _keep(self, current: Examination, identity: FileIdentity, facts: MediaFacts, digest: str) -> None:
        """Know a clip the next time it is asked for."""
        if len(self._known) >= _MEMORY:
            self._known.clear()
        current.known = self._known[current.path] = _Known(identity, facts, digest, current.offset_ns)

    def _done(self) -> None:
        self._current = None
        if self._watchman is not None:
            self._watchman.cancel()
            self._watchman = None
        self._next()

    def _died(self) -> None:
        self._examiner = None
        self._fail("examiner-died: the file broke the program that looks into it")
        if self._resident and self._examiner is None:
            self._examiner = self._hire()

    def _overdue(self) -> None:
        if self._examiner is not None:
            self._examiner.kill()
            self._examiner = None
        self._fail("examiner-hung: looking into the file took too long")

    def _fail(self, flaw: str) -> None:
        current = self._current
        if current is None:
            return
        if not current.over:
            current.flaw = flaw
        self._done()
        if not current.called_off:
            current.on_change()


def _still(message: Message, fd: int) -> Picture:
    size = Size(integer(message, "width"), integer(message, "height"))
    length = stride_of(size.width) * size.height
    if size.width < 1 or size.height < 1 or os.fstat(fd).st_size < length:
        msg = "a still without its pixels"
        raise ChannelClosedError(msg)
    # Copied, for what a prisoner may still shrink must not be mapped.
    return Picture(memoryview(os.pread(fd, length, 0)), size, stride_of(size.width))
