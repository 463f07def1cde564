"""Opening the file an item names, for prisoners, who may open nothing themselves.

The file is opened once, so what was examined and hashed is what is played, whatever happens to its name meanwhile.
Each reader gets an open file description of its own: libVLC moves the offset of the one it is given.
"""

import errno
import os
import stat
import time
from collections.abc import Callable
from typing import Final

from player.decoding.examination import FileIdentity
from player.errands import Errands
from player.reactor import Reactor
from playlists.media import Flaw
from playlists.timing import MonotonicNs

_PATIENCE_NS: Final = 10_000_000_000
_FLAGS: Final = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY
"""A named pipe under a clip's name may not hold up whoever opens it."""


class MediaFile:
    """One regular file, open for as many readers as it was opened for."""

    def __init__(self, path: str, readers: int) -> None:
        """Open ``path``; may take as long as the disk does.

        Raises:
            OSError: it cannot be opened, or is no regular file.

        """
        self._descriptors = [os.open(path, _FLAGS)]
        try:
            status = os.fstat(self._descriptors[0])
            if not stat.S_ISREG(status.st_mode):
                raise OSError(errno.EINVAL, "not a regular file")  # noqa: TRY301 - what is open is closed below
            self.identity = FileIdentity.of(status)
            again = f"/proc/self/fd/{self._descriptors[0]}"
            self._descriptors += [os.open(again, _FLAGS) for _ in range(readers - 1)]
        except OSError:
            self.close()
            raise

    def lend(self) -> int:
        """A descriptor for one more reader, who closes it.

        Raises:
            IndexError: it was opened for fewer.

        """
        return self._descriptors.pop()

    def close(self) -> None:
        """Close what nobody was lent."""
        while self._descriptors:
            os.close(self._descriptors.pop())


class Openings:
    """Opens files off the thread that paints, for a disk may take its time, or for ever."""

    def __init__(self, reactor: Reactor) -> None:
        self._reactor = reactor
        self._errands = Errands(reactor)

    def ask(self, path: str, readers: int, then: Callable[[MediaFile | str], None]) -> None:
        """Open ``path`` and call ``then`` once, later, with the file, now the callee's, or with what is wrong."""
        waiting = True

        def settle(result: MediaFile | str) -> None:
            nonlocal waiting
            if waiting:
                waiting = False
                watchman.cancel()
                then(result)
            elif isinstance(result, MediaFile):
                result.close()

        patience = MonotonicNs(time.monotonic_ns() + _PATIENCE_NS)
        watchman = self._reactor.call_at(patience, lambda: settle(f"{Flaw.UNREADABLE}: the disk does not answer"))
        self._errands.run(lambda: _opened(path, readers), settle)

    def close(self) -> None:
        """Open nothing any more."""
        self._errands.close()


def _opened(path: str, readers: int) -> MediaFile | str:
    try:
        return MediaFile(path, readers)
    except FileNotFoundError as error:
        return f"missing: {error.strerror}"
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the name
        return f"{Flaw.UNREADABLE}: {getattr(error, 'strerror', None) or error}"
