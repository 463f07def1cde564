"""A kept-alive HTTP session of which every request ends: what a read timeout does not see, a watchman cuts off.

A read timeout begins anew with each byte, so a server that gives one byte of a header now and then holds a client up
for ever.
"""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from typing import Final

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPResponse, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from sync.agent.ports import SourceError

_LOOK_EVERY: Final = 0.5
# A mobile network forgets a silent connection; the kernel then says so before a request is lost on it.
_KEEP_ALIVE: Final = (
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
    (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 60),
    (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 15),
    (socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 3),
)


@dataclass(frozen=True, slots=True)
class Patience:
    """For how long a server is waited for, in seconds; together less than a minute without progress."""

    connect: float = 10.0
    silence: float = 15.0
    """Between two reads; headers may take twice as long in all."""
    window: float = 25.0
    """Of waiting, in which ``floor`` bytes a second must have come."""
    floor: int = 512

    @property
    def timeout(self) -> tuple[float, float]:
        """As requests takes it: for the connection, for each read."""
        return self.connect, self.silence


@dataclass(frozen=True, slots=True)
class Flow:
    """What came of a body in the present window: ``waited`` seconds, ``came`` bytes."""

    patience: Patience
    waited: float = 0.0
    came: int = 0

    def after(self, waited: float, count: int) -> "Flow":
        """The flow after another wait that brought ``count`` bytes. Raises ``SourceError`` where it has dried up."""
        flow = Flow(self.patience, self.waited + waited, self.came + count)
        if flow.waited < self.patience.window:
            return flow
        if flow.came < self.patience.floor * flow.waited:
            message = f"only {flow.came} bytes came in {flow.waited:.0f} s"
            raise SourceError(message)
        return Flow(self.patience)


class Watchman:
    """Cuts off, from a thread of its own, what is not over in time."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._limits: dict[object, tuple[float, Callable[[], object]]] = {}
        self._thread: threading.Thread | None = None

    @contextmanager
    def limit(self, seconds: float, cut: Callable[[], object]) -> Iterator[None]:
        """Call ``cut`` if what is inside is not over after ``seconds``."""
        mark = object()
        with self._changed:
            self._limits[mark] = (time.monotonic() + seconds, cut)
            if self._thread is None:
                self._thread = threading.Thread(target=self._watch, name="watchman", daemon=True)
                self._thread.start()
            elif len(self._limits) == 1:
                self._changed.notify()
        try:
            yield
        finally:
            with self._changed:
                self._limits.pop(mark, None)

    def _watch(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: bool(self._limits))
                now = time.monotonic()
                late = [mark for mark, (ends, _) in self._limits.items() if ends <= now]
                for cut in [self._limits.pop(mark)[1] for mark in late]:
                    # It may have ended by itself between the look and the cut.
                    with contextlib.suppress(OSError, ValueError, RuntimeError):
                        cut()
            time.sleep(_LOOK_EVERY)


WATCHMAN: Final = Watchman()


class _PunctualConnection(HTTPConnection):
    def getresponse(self) -> HTTPResponse:  # type: ignore[override] # as urllib3 has it
        with _limited_headers(self):
            return super().getresponse()


class _PunctualTLSConnection(HTTPSConnection):
    def getresponse(self) -> HTTPResponse:  # type: ignore[override] # as urllib3 has it
        with _limited_headers(self):
            return super().getresponse()


class _PunctualPool(HTTPConnectionPool):
    ConnectionCls = _PunctualConnection


class _PunctualTLSPool(HTTPSConnectionPool):
    ConnectionCls = _PunctualTLSConnection


class _PunctualAdapter(HTTPAdapter):
    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **options: object) -> None:  # noqa: FBT001, FBT002 - requests' signature
        super().init_poolmanager(
            connections,
            maxsize,
            block=block,
            socket_options=[*HTTPConnection.default_socket_options, *_KEEP_ALIVE],
            **options,
        )
        self.poolmanager.pool_classes_by_scheme = {"http": _PunctualPool, "https": _PunctualTLSPool}


def open_session(authority_file: Path | None = None) -> requests.Session:
    """A session that verifies TLS, by ``authority_file`` (PEM) alone where one is given, and heeds no environment.

    No proxy, no netrc, no cookies: a kiosk has no password to give away. It follows no redirect unless asked.
    """
    session = requests.Session()
    session.trust_env = False
    session.verify = True if authority_file is None else str(authority_file)
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.headers.clear()
    session.headers.update({"User-Agent": "signage-agent", "Accept-Encoding": "identity"})
    adapter = _PunctualAdapter(pool_connections=4, pool_maxsize=4)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


@contextmanager
def _limited_headers(connection: HTTPConnection) -> Iterator[None]:
    opened = connection.sock
    timeout = opened.gettimeout() if opened is not None else None
    if opened is None or timeout is None:
        yield
        return
    with WATCHMAN.limit(2 * timeout, lambda: opened.shutdown(socket.SHUT_RDWR)):
        yield
