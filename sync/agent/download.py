"""What is missing, fetched: two files at a time, resumed where they broke off, checked by the piece."""

import errno
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from sync.agent.gate import Gate, StoppedError
from sync.agent.media_store import MediaStore
from sync.agent.part_file import BadPieceError, Cut, PartFile, UnwrittenError
from sync.agent.ports import BusyError, NotThereError, Source, SourceError
from sync.durable import write_durably
from sync.feed import media_name, pieces_name
from sync.pieces import Pieces, read_pieces
from sync.publication import PieceList
from sync.refusals import RefusalError

AT_A_TIME: Final = 2
_TRIES_OF_A_PIECE: Final = 3
_FRUIT: Final = 64 * 1024
"""Bytes that make a try worth while; whoever gives less each time is not asked for ever."""
_FRUITLESS_TRIES: Final = 3
_FRUITLESS_SECONDS: Final = 10.0
_SILENCE: Final = 5.0
"""Seconds without a byte of any file after which no further file is begun."""
_FULL_DISK: Final = {errno.ENOSPC, errno.EDQUOT}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file that a signed release names: digest and length in bytes, its piece list, and what people call it."""

    sha256: str
    length: int
    pieces: PieceList | None = None
    source_name: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a ``fetch`` is, in bytes and files, of those that were missing when it began."""

    wanted: Wanted
    """The file that moved."""
    got: int
    """Of that file."""
    got_of_all: int
    length_of_all: int
    files_done: int
    files: int


@dataclass(frozen=True, slots=True)
class Persistence:
    """Whether to ask a source again that broke off: as long as each try brings something, or fails at once."""

    fruitless: int = 0
    waited: float = 0.0

    def after(self, gained: int, seconds: float) -> "Persistence | None":
        """After a try that gained so many bytes in so many seconds; None where it is no use now."""
        if gained >= _FRUIT:
            return Persistence()
        tried = Persistence(self.fruitless + 1, self.waited + seconds)
        return tried if tried.fruitless < _FRUITLESS_TRIES and tried.waited < _FRUITLESS_SECONDS else None

    @property
    def pause(self) -> float:
        """For how many seconds to leave the source alone before that."""
        return 0.5 * self.fruitless


def ignored(progress: Progress) -> None:
    """Tell nobody."""


def fetch(
    wanted: Sequence[Wanted],
    source: Source,
    store: MediaStore,
    gate: Gate | None = None,
    progress: Callable[[Progress], None] = ignored,
) -> None:
    """Bring every file of ``wanted`` that the store lacks, or as many as can be had.

    ``progress`` is called from the threads that fetch, one call at a time. Raises the first error in the order of
    ``wanted``: ``SourceError``, ``RefusalError`` (``no-space`` before the first byte, ``wrong-digest``, ``disk``),
    ``StoppedError``. What came is kept and is where the next ``fetch`` goes on.
    """
    missing = tuple({one.sha256: one for one in wanted if not store.has(one.sha256, one.length)}.values())
    if not missing:
        return
    store.reserve((one.sha256, one.length) for one in missing)
    with store.holding(one.sha256 for one in missing):
        _Fetching(missing, source, store, gate or Gate(), progress).run()


class _Fetching:
    """One ``fetch``."""

    def __init__(
        self,
        missing: tuple[Wanted, ...],
        source: Source,
        store: MediaStore,
        gate: Gate,
        progress: Callable[[Progress], None],
    ) -> None:
        self._missing = missing
        self._source = source
        self._store = store
        self._gate = gate
        self._tally = _Tally(missing, progress)
        self._begin_no_more = threading.Event()
        self._end_at_once = threading.Event()

    def run(self) -> None:
        """Bring what is missing; raise the first error when all that could come has come."""
        with ThreadPoolExecutor(AT_A_TIME, "download") as threads:
            brought = [threads.submit(self._bring_unless_hopeless, one) for one in self._missing]
            try:
                for one in brought:
                    one.exception()
            except BaseException:
                # Somebody interrupts who waits here: the threads end within a chunk, and what came is kept.
                self._end_at_once.set()
                raise
        for one in brought:
            one.result()

    def _bring_unless_hopeless(self, one: Wanted) -> None:
        if self._begin_no_more.is_set():
            return
        try:
            self._bring(one)
        except (BusyError, StoppedError):
            self._begin_no_more.set()
            raise
        except SourceError:
            # A file the source has wrong is no reason to leave the others; a source that says nothing is.
            if self._tally.silence() > _SILENCE:
                self._begin_no_more.set()
            raise
        except OSError as error:
            self._begin_no_more.set()
            raise self._disk_refusal(one, error) from error

    def _bring(self, one: Wanted) -> None:
        cut = Cut.of(one.sha256, one.length, self._piece_list(one))
        try:
            with PartFile(self._store.part(one.sha256), cut) as part:
                self._fill(one, part)
                part.sync()
                right = part.digest() == one.sha256
        except UnwrittenError as error:
            self._store.discard(one.sha256)
            raise _unwritten(one, error) from error
        if not right:
            self._store.discard(one.sha256)
            raise _wrong(_called(one))
        self._store.adopt(self._store.part(one.sha256), one.sha256)
        self._tally.note(one, one.length, done=True)

    def _fill(self, one: Wanted, part: PartFile) -> None:
        """Ask until nothing is missing."""
        persistence = Persistence()
        bad: Counter[int] = Counter()
        while (gap := part.gap) is not None:
            self._gate.enter()
            began, had = time.monotonic(), part.got
            try:
                self._fill_gap(one, part, *gap)
            except BadPieceError as error:
                bad[error.number] += 1
                if bad[error.number] >= _TRIES_OF_A_PIECE:
                    raise _wrong(_called(one)) from error
            except (NotThereError, BusyError):
                raise
            except SourceError:
                after = persistence.after(part.got - had, time.monotonic() - began)
                if after is None:
                    raise
                persistence = after
                self._gate.rest(persistence.pause)
            else:
                persistence = Persistence()

    def _fill_gap(self, one: Wanted, part: PartFile, begins: int, ends: int) -> None:
        """One request; it ends early where the gate closes."""
        with self._source.stream(media_name(one.sha256), begins, one.length) as chunks:
            left = ends - begins
            for chunk in chunks:
                part.write(chunk)
                left -= len(chunk)
                self._tally.note(one, part.got)
                self._gate.pass_through(len(chunk))
                if self._end_at_once.is_set():
                    message = "downloads were interrupted"
                    raise StoppedError(message)
                # To its end a body is read to its end: the connection can then be used again.
                if not self._gate.is_open or (left <= 0 and ends < one.length):
                    return

    def _piece_list(self, one: Wanted) -> Pieces | None:
        """The piece list of a file, kept beside it; None where there is none. Without one a file comes all the same."""
        if one.pieces is None:
            return None
        kept = self._store.pieces(one.sha256)
        content = kept.read_bytes() if kept.exists() else b""
        if sha256(content).hexdigest() != one.pieces.sha256:
            self._gate.enter()
            name = pieces_name(one.pieces.sha256)
            try:
                content = self._source.read(name, one.pieces.length)
            except NotThereError:
                return None
            self._gate.pass_through(len(content))
            if sha256(content).hexdigest() != one.pieces.sha256:
                raise _wrong(name)
            write_durably(kept, content)
        try:
            return read_pieces(content, one.length)
        except ValueError as error:
            refusal = RefusalError("malformed", name=pieces_name(one.pieces.sha256))
            raise refusal from error

    def _disk_refusal(self, one: Wanted, error: OSError) -> RefusalError:
        if error.errno in _FULL_DISK:
            return self._store.space().refusal(one.length)
        return _unwritten(one, error)


class _Tally:
    """Counts for the one who is told."""

    def __init__(self, missing: tuple[Wanted, ...], progress: Callable[[Progress], None]) -> None:
        self._lock = threading.Lock()
        self._progress = progress
        self._got = dict.fromkeys((one.sha256 for one in missing), 0)
        self._length = sum(one.length for one in missing)
        self._done = 0
        self._moved = time.monotonic()

    def silence(self) -> float:
        """For how many seconds nothing came."""
        return time.monotonic() - self._moved

    def note(self, one: Wanted, got: int, *, done: bool = False) -> None:
        """Tell how far a file is."""
        with self._lock:
            self._moved = time.monotonic()
            self._got[one.sha256] = got
            self._done += done
            self._progress(Progress(one, got, sum(self._got.values()), self._length, self._done, len(self._got)))


def _called(one: Wanted) -> str:
    return one.source_name or one.sha256


def _wrong(name: str) -> RefusalError:
    return RefusalError("wrong-digest", name=name)


def _unwritten(one: Wanted, error: Exception) -> RefusalError:
    return RefusalError("disk", name=_called(one), why=getattr(error, "strerror", None) or error)
