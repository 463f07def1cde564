"""The database behind one thread: the event loop never waits for it, and writes are few and together.

Reports that come while one transaction runs go into the next one; each is answered once it is durable.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, ParamSpec, TypeVar

from django.db import Error as DatabaseError
from django.db import connection

from sync.hub.database import migrate
from sync.hub.register.devices import KnownDevice, known_devices, revision
from sync.hub.register.rebuffs import RebuffError
from sync.hub.register.reports import Reported, record_reports
from sync.protocol import State

_AT_MOST: Final = 200
_MOST_WAITING: Final = 10_000

_P = ParamSpec("_P")
_T = TypeVar("_T")
_log: Final = logging.getLogger(__name__)


class Intake:
    """All that the server asks of the register.

    ``devices`` is what it last knew of them, ``confirmed`` how many may report.
    """

    def __init__(self, hub: Path) -> None:
        self._hub = hub
        self._thread = ThreadPoolExecutor(1, "register")
        self._reports: list[tuple[Reported, asyncio.Future[int | None]]] = []
        self._writing: asyncio.Task[None] | None = None
        self._revision: int | None = None
        self._migrated = False
        self.devices: Mapping[str, KnownDevice] = {}
        self.confirmed = 0
        self.reachable = False

    async def call(self, task: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """Run something on the database's thread. Raises ``RebuffError`` "busy" where the database fails."""
        loop = asyncio.get_running_loop()
        try:
            answer = await loop.run_in_executor(self._thread, lambda: _run(task, *args, **kwargs))
        except DatabaseError as error:
            self.reachable = False
            _log.warning("the database does not answer: %s", str(error).strip())
            raise RebuffError(code="busy") from error
        self.reachable = True
        return answer

    async def refresh(self) -> None:
        """Bring tables and the known devices up to date. Raises ``RebuffError`` as ``call`` does."""
        if not self._migrated:
            await self.call(migrate, self._hub)
            self._migrated = True
        number = await self.call(revision)
        if number != self._revision:
            self.devices = await self.call(known_devices)
            self.confirmed = sum(one.state is State.CONFIRMED for one in self.devices.values())
            self._revision = number

    async def report(self, reported: Reported) -> int | None:
        """Keep a report; None, or the counter known where it is a replay. Raises ``RebuffError``."""
        if len(self._reports) >= _MOST_WAITING:
            raise RebuffError(code="busy")
        kept: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()
        self._reports.append((reported, kept))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())
        return await kept

    def close(self) -> None:
        """Finish what runs and close the database."""
        self._thread.submit(connection.close)
        self._thread.shutdown()

    async def _write(self) -> None:
        while self._reports:
            batch, self._reports = self._reports[:_AT_MOST], self._reports[_AT_MOST:]
            try:
                outcomes = await self.call(record_reports, [reported for reported, _ in batch])
            except RebuffError as rebuff:
                _settle(batch, rebuff)
            except Exception:  # noqa: BLE001  -- logged; those who wait must be answered
                _log.exception("reports could not be kept")
                _settle(batch, RebuffError(code="busy"))
            else:
                for (_, kept), outcome in zip(batch, outcomes, strict=True):
                    if not kept.done():
                        kept.set_result(outcome)
        self._writing = None


def _settle(batch: list[tuple[Reported, asyncio.Future[int | None]]], rebuff: RebuffError) -> None:
    for _, kept in batch:
        if not kept.done():
            kept.set_exception(rebuff)


def _run(task: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
    try:
        return task(*args, **kwargs)
    except DatabaseError:
        connection.close()  # the next call begins with a fresh one
        raise
