"""One server process: the application under uvicorn, and beside it what the hub does by itself."""

import asyncio
import fcntl
import gc
import logging
import resource
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Final

import uvicorn

from playlists.errors import SignageError, SiteError
from sync import feed
from sync.hub.folder import HubFolder
from sync.hub.register.overview import newest_reports
from sync.hub.register.rebuffs import RebuffError
from sync.hub.serving.application import Application
from sync.hub.serving.desk import Desk
from sync.hub.serving.housekeeping import OpenKey, confirm_rollouts, freed_screens, keep_fresh, waiting_rollouts
from sync.hub.serving.intake import Intake
from sync.hub.serving.news import FeedState, news
from sync.hub.serving.pacing import wake_rate
from sync.hub.serving.published import read_state
from sync.hub.serving.rollouts import Heard
from sync.publication import Rollout

_LOOK_SECONDS: Final = 0.1
"""How often the published timestamp is looked at: of the three seconds from publishing to pixels the least part."""
_REVISION_SECONDS: Final = 0.5
"""How soon a command's change is known: of screens and devices."""
_PACE_SECONDS: Final = 0.2
_HOUSE_SECONDS: Final = 2.0
_URGENT_SECONDS: Final = 60.0
"""For how long after something urgent every poll is let in."""
_KEEP_ALIVE_SECONDS: Final = 420
"""A kiosk keeps its connection from poll to poll, six minutes at most; a new one costs it a TLS handshake."""
_BACKLOG: Final = 8192
_GRACE_SECONDS: Final = 10
_COLLECT_AFTER: Final = 50_000

_log: Final = logging.getLogger("signage-hub")


@dataclass(frozen=True, slots=True)
class Place:
    """Where to listen; ``certificate`` and ``key`` are PEM files, None for plain HTTP behind a proxy."""

    host: str
    port: int
    certificate: Path | None = None
    key: Path | None = None


@dataclass
class Service:
    """A hub that is served."""

    hub: HubFolder
    open_key: OpenKey
    desk: Desk
    _state: FeedState | None = None
    _seen: tuple[int, int, int] | None = None
    _credit: float = 0.0
    _rollouts: dict[int, dict[int, Rollout]] = field(default_factory=dict)

    async def run(self, place: Place, started: Callable[[str], None]) -> None:
        """Serve until a signal ends it; ``started`` is told the address. Raises ``SiteError``."""
        server = _Server(_configuration(Application(self.desk, self.hub.feed), place), started, self.desk.line.close)
        steps = (
            (self._look, _LOOK_SECONDS),
            (self._know, _REVISION_SECONDS),
            (self._wake, _PACE_SECONDS),
            (self._keep_house, _HOUSE_SECONDS),
        )
        tasks = [asyncio.create_task(_every(step, seconds)) for step, seconds in steps]
        try:
            await server.serve()
        except SystemExit as left:  # how uvicorn says that it cannot listen there
            message = f"không mở được cổng {place.host}:{place.port}"
            raise SiteError(message) from left
        finally:
            for task in tasks:
                task.cancel()
            self.desk.intake.close()

    async def _look(self) -> None:
        """Tell those concerned when something was published, by whichever process."""
        try:
            found = (self.hub.feed / feed.TIMESTAMP).stat()
        except FileNotFoundError:
            return
        seen = (found.st_mtime_ns, found.st_ino, found.st_size)
        if seen == self._seen:
            return
        before = self._state or FeedState(0)
        after = await asyncio.to_thread(read_state, self.hub.feed, before)
        if self._state is None:
            self.desk.line.known_from = after.timestamp
        else:
            freed = await asyncio.to_thread(freed_screens, self.hub, before, after)
            self._publish(before, after, freed)
        self._state, self._seen, self.desk.timestamp = after, seen, after.timestamp

    def _publish(self, before: FeedState, after: FeedState, freed: frozenset[str]) -> None:
        found = news(before, after, freed)
        if found.urgent:
            self.desk.admission.open(monotonic() + _URGENT_SECONDS)
        self.desk.line.publish(found)

    async def _know(self) -> None:
        """Keep the devices known as the register has them."""
        await self.desk.intake.refresh()
        self.desk.admission.expect(self._screens())

    async def _wake(self) -> None:
        """Wake those whose news can wait, at their pace."""
        self._credit = min(self._credit + wake_rate(self._screens()) * _PACE_SECONDS, wake_rate(self._screens()))
        while self._credit >= 1 and self.desk.line.wake_next():
            self._credit -= 1

    async def _keep_house(self) -> None:
        """Sign the timestamp anew, confirm roll-outs."""
        now = datetime.now(UTC)
        if await asyncio.to_thread(keep_fresh, self.hub, self.open_key, now):
            _log.info("the timestamp was signed anew")
        state = self._state
        if state is None:
            return
        if state.timestamp not in self._rollouts:
            self._rollouts = {state.timestamp: dict(await asyncio.to_thread(waiting_rollouts, self.hub, state))}
        rollouts = self._rollouts[state.timestamp]
        if rollouts:
            canaries = {screen for rollout in rollouts.values() for screen in rollout.canary}
            reports = await self.desk.intake.call(newest_reports, canaries)
            heard = {screen: Heard(report, at) for screen, at, report in reports.values()}
            good = await asyncio.to_thread(confirm_rollouts, self.hub, rollouts, heard, self.open_key, now)
            for sequence in good:
                _log.info("release %d is confirmed: all screens may take it", sequence)

    def _screens(self) -> int:
        return self.desk.intake.confirmed


class _Server(uvicorn.Server):
    """Uvicorn's, that tells its address, lets go of who waits before it stops, and ends well on a signal."""

    def __init__(self, config: uvicorn.Config, begun: Callable[[str], None], ends: Callable[[], None]) -> None:
        super().__init__(config)
        self._begun = begun
        self._ends = ends

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen."""
        await super().startup(sockets=sockets)
        if self.started:
            host, port = self.servers[0].sockets[0].getsockname()[:2]
            self._begun(f"{'https' if self.config.is_ssl else 'http'}://{host}:{port}")

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Answer everybody, and stop."""
        self._ends()
        await super().shutdown(sockets=sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """A signal is an order to stop; uvicorn would die of it once more after that."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        yield


def serve(hub: HubFolder, place: Place, open_key: OpenKey, started: Callable[[str], None]) -> None:
    """Serve a hub until a signal ends it. Django must have been set up. Raises ``SiteError``."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with _alone(hub):
        service = Service(hub, open_key, Desk(Intake(hub.root)))
        # Ten thousand connections are a million objects that stay: looking through them all takes a tenth of a second.
        gc.freeze()
        gc.set_threshold(_COLLECT_AFTER, 20, 50)
        with asyncio.Runner(loop_factory=_loop) as runner:
            runner.run(service.run(place, started))


def _loop() -> asyncio.AbstractEventLoop:
    import uvloop  # noqa: PLC0415  -- not there on every platform a developer has

    return uvloop.new_event_loop()


async def _every(step: Callable[[], Awaitable[None]], seconds: float) -> None:
    """Do a step again and again; what fails is told once until something else fails, and tried again."""
    told = ""
    while True:
        try:
            await step()
            told = ""
        except (SignageError, RebuffError, OSError, ValueError, LookupError) as error:
            if repr(error) != told:
                _log.warning("%s: %s", step.__name__.strip("_"), error)
            told = repr(error)
        except Exception:  # noqa: BLE001  -- a bug in one of them must not end feed and wake-ups
            _log.exception("%s failed", step.__name__)
        await asyncio.sleep(seconds)


def _configuration(application: Application, place: Place) -> uvicorn.Config:
    return uvicorn.Config(
        application,
        host=place.host,
        port=place.port,
        loop="none",
        http="httptools",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        backlog=_BACKLOG,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        ssl_certfile=place.certificate,
        ssl_keyfile=place.key,
    )


@contextmanager
def _alone(hub: HubFolder) -> Iterator[None]:
    """One server of a hub at a time. Raises ``SiteError``."""
    with (hub.root / "serve.lock").open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            message = "một signage-hub serve khác đang phục vụ thư mục này"
            raise SiteError(message) from error
        yield
