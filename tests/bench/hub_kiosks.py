"""Ten thousand kiosks in one process: each makes, over connections of its own, the requests of the agent's cycle.

A cycle where nothing is new is three requests on one kept-alive connection: the next root (not there), the timestamp,
a signed status report. On a second connection the kiosk waits to be woken. When is the agent's own plan
(``sync/agent/poll_plan.py``). What is left out is what costs the hub nothing: trust, downloads, the disk.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic
from typing import Final, cast

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync.agent.poll_plan import first_wait, next_wait, reconnection_wait
from sync.protocol import STATUS, Running, StatusReport, device_id, wake_path
from sync.request_signature import Request, signed_headers

MACHINE: Final = "machine-1"
PATIENCE: Final = 30.0
_WAKE_PATIENCE: Final = 330.0
_OK: Final = 200
_NOT_THERE: Final = 404
_BUSY: Final = 503


class Lost(Exception):  # noqa: N818  -- a word of its own
    """The connection ended before the answer."""


class Connection(asyncio.Protocol):
    """One HTTP/1.1 connection, one request at a time; answers have a Content-Length, as the hub's do."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._came = bytearray()
        self._answer: asyncio.Future[tuple[int, bytes, bytes]] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(Lost(str(exc)))

    def data_received(self, data: bytes) -> None:
        self._came += data
        head, found, rest = bytes(self._came).partition(b"\r\n\r\n")
        if not found or self._answer is None:
            return
        fields = head.lower()
        length = int(fields.partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
        if len(rest) >= length and not self._answer.done():
            self._came.clear()
            self._answer.set_result((int(head[9:12]), fields, rest))

    @property
    def open(self) -> bool:
        return self._transport is not None

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    async def ask(self, request: bytes, patience: float) -> tuple[int, bytes, bytes]:
        if self._transport is None:
            raise Lost
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        async with asyncio.timeout(patience):
            return await self._answer


@dataclass
class Ledger:
    """What happened, since ``clear``: latencies in seconds, polls begun by second, what went wrong."""

    seconds: list[float] = field(default_factory=list)
    reports: list[float] = field(default_factory=list)
    """Of ``seconds``, those of status reports: answered once they are on the hub's disk."""
    polls: Counter[int] = field(default_factory=Counter)
    asked: Counter[int] = field(default_factory=Counter)
    requests: int = 0
    put_off: int = 0
    wakes: int = 0
    bare: list[float] = field(default_factory=list)
    """Latencies of a server that does nothing, on the hub's core: the machine's own part."""
    woken: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)

    def clear(self) -> None:
        self.__init__()  # type: ignore[misc]  # begins anew, whoever holds it


@dataclass
class Fleet:
    """Where the hub is, and what all kiosks share. ``kept`` keep their connection from poll to poll."""

    host: str
    port: int
    kept: int
    timestamp: int
    ledger: Ledger = field(default_factory=Ledger)
    held: int = 0
    opened: int = 0

    async def connect(self) -> Connection:
        self.opened += 1
        # Several addresses of the loopback: one has ports for 28,000 connections only.
        source = (f"127.0.0.{2 + self.opened % 5}", 0)
        loop = asyncio.get_running_loop()
        _, connection = await loop.create_connection(Connection, self.host, self.port, local_addr=source)
        return connection


async def probe(ledger: Ledger, port: int) -> None:
    """Ask a server that does nothing, ten times a second, for ever."""
    _, connection = await asyncio.get_running_loop().create_connection(Connection, "127.0.0.1", port)
    while True:
        begun = monotonic()
        await connection.ask(_request(b"GET", "/", b"", ""), PATIENCE)
        ledger.bare.append(monotonic() - begun)
        await asyncio.sleep(0.1)


class Kiosk:
    """One screen's agent."""

    def __init__(self, number: int, key: Ed25519PrivateKey, fleet: Fleet) -> None:
        self._number, self._key, self._fleet = number, key, fleet
        self._device = device_id(key.public_key().public_bytes_raw())
        self._counter = 0
        self._boots = 0
        self._since = fleet.timestamp
        self._poll: Connection | None = None
        self._line: Connection | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._rung = asyncio.Event()

    def switch_on(self, first: Callable[[], float] = lambda: first_wait(random.random())) -> None:  # noqa: S311
        """Begin: the first poll after ``first()`` seconds; then the wake-up line."""
        self._boots += 1
        self._tasks = [asyncio.create_task(self._run(first()))]

    def cut_power(self) -> None:
        """Everything ends at once, nothing is said."""
        for task in self._tasks:
            task.cancel()
        for connection in (self._poll, self._line):
            if connection is not None:
                connection.close()
        self._poll = self._line = None

    async def _run(self, wait: float) -> None:
        failures = 0
        await asyncio.sleep(wait)
        while True:
            self._rung.clear()
            retry: float | None = None
            try:
                retry = await self._cycle()
                failures = 0 if retry is None else failures + 1
            except (Lost, OSError, TimeoutError) as error:
                self._fleet.ledger.errors[f"poll: {type(error).__name__} {error}"] += 1
                failures += 1
                self._drop()
            if retry is None and len(self._tasks) == 1:
                self._tasks.append(asyncio.create_task(self._listen()))
            wait = next_wait(random.random(), failures=failures, retry_after=retry)  # noqa: S311
            try:
                async with asyncio.timeout(wait):
                    await self._rung.wait()
            except TimeoutError:
                pass

    async def _cycle(self) -> float | None:
        """One poll; after how many seconds to come again where the hub is busy."""
        ledger = self._fleet.ledger
        ledger.asked[int(monotonic())] += 1
        status, head, _ = await self._ask(b"GET", "/feed/metadata/2.root.json")
        if status == _BUSY:
            ledger.put_off += 1
            return float(head.partition(b"retry-after: ")[2].partition(b"\r\n")[0])
        ledger.polls[int(monotonic())] += 1
        self._expect(status, _NOT_THERE)
        status, _, body = await self._ask(b"GET", "/feed/metadata/timestamp.json")
        self._expect(status, _OK)
        self._since = int(body.partition(b'"version":')[2].lstrip().partition(b"}")[0].partition(b",")[0] or 0)
        self._since = max(self._since, self._fleet.timestamp)
        body = self._report()
        status, _, _ = await self._ask(b"POST", STATUS, body, self._headers("POST", STATUS, body))
        self._expect(status, _OK)
        if self._number >= self._fleet.kept:
            self._drop()
        return None

    async def _ask(self, method: bytes, target: str, body: bytes = b"", headers: str = "") -> tuple[int, bytes, bytes]:
        begun = monotonic()
        if self._poll is None or not self._poll.open:
            self._poll = await self._fleet.connect()
        answer = await self._poll.ask(_request(method, target, body, headers), PATIENCE)
        self._fleet.ledger.seconds.append(monotonic() - begun)
        if body:
            self._fleet.ledger.reports.append(monotonic() - begun)
        self._fleet.ledger.requests += 1
        return answer

    def _expect(self, status: int, expected: int) -> None:
        if status != expected:
            self._fleet.ledger.errors[f"answered {status} for {expected}"] += 1

    async def _listen(self) -> None:
        fleet, failures = self._fleet, 0
        while True:
            try:
                if self._line is None or not self._line.open:
                    self._line = await fleet.connect()
                target = wake_path(self._since)
                request = _request(b"GET", target, b"", self._headers("GET", target))
                fleet.held += 1
                try:
                    status, _, body = await self._line.ask(request, _WAKE_PATIENCE)
                finally:
                    fleet.held -= 1
                fleet.ledger.wakes += 1
                self._expect(status, _OK)
                failures = 0
                if b"true" in body:
                    fleet.ledger.woken.append(monotonic())
                    self._rung.set()
                    await asyncio.sleep(1)
            except (Lost, OSError, TimeoutError) as error:
                fleet.ledger.errors[f"wake: {type(error).__name__} {error}"] += 1
                failures += 1
                await asyncio.sleep(reconnection_wait(random.random(), failures))  # noqa: S311

    def _headers(self, method: str, target: str, body: bytes = b"") -> str:
        self._counter += 1
        time = datetime.now(UTC).isoformat()
        told = signed_headers(Request(method, target, body), self._device, self._key.sign, time, self._counter)
        return "".join(f"{name}: {value}\r\n" for name, value in told.items())

    def _report(self) -> bytes:
        return StatusReport(
            at=datetime.now(UTC).isoformat(),
            boot=f"boot-{self._number}-{self._boots}",
            up_seconds=monotonic(),
            synchronised=True,
            machine=MACHINE,
            software="0.1.0",
            timestamp=self._since,
            running=Running(sequence=7, sha256="0" * 64, confirmed=True, good_seconds=3600),
            free_bytes=20_000_000_000,
            player={"format": 1, "showing": "item", "playing": {"item": "clip", "title": "Cửa khẩu Bờ Y"}},
        ).write()

    def _drop(self) -> None:
        if self._poll is not None:
            self._poll.close()
            self._poll = None


def _request(method: bytes, target: str, body: bytes, headers: str) -> bytes:
    shown = "Host: hub\r\nUser-Agent: signage-agent\r\nAccept-Encoding: identity\r\n"
    if body:
        shown += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return method + f" {target} HTTP/1.1\r\n{shown}{headers}\r\n".encode() + body
