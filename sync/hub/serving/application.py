"""The hub as one ASGI application: feed, wake-ups and reports by light handlers, everything else by Django.

Feed and wake-ups need no database: they go on when it is locked or gone.
"""

import asyncio
import random
from collections.abc import Coroutine
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Final, cast
from urllib.parse import parse_qs

from django.core.asgi import get_asgi_application
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sync.hub.register.devices import KnownDevice
from sync.hub.register.rebuffs import RebuffError
from sync.hub.register.reports import Reported
from sync.hub.serving.desk import SCOPE_KEY, Desk
from sync.hub.serving.feed_files import FeedFiles
from sync.hub.serving.senders import confirmed, sender_of, signature_of, target_of
from sync.protocol import (
    FEED,
    LONGEST_HOLD,
    LONGEST_MESSAGE,
    STATUS,
    WAKE,
    MessageError,
    StatusAnswer,
    StatusReport,
    WakeAnswer,
)
from sync.request_signature import Request, RequestSignature

_SHORTEST_HOLD: Final = 0.8 * LONGEST_HOLD
_TIDY_HOLD: Final = LONGEST_HOLD - 10


class Application:
    """Every request of the server."""

    def __init__(self, desk: Desk, feed: Path) -> None:
        self._desk = desk
        self._feed = FeedFiles(feed, lambda: desk.admission.admit(monotonic()))
        self._django = cast("ASGIApp", get_asgi_application())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, by whoever knows its path."""
        path: str = scope["path"]
        if path.startswith(FEED):
            await self._feed(scope, receive, send)
        elif path in {WAKE, STATUS}:
            answer = self._wake if path == WAKE else self._report
            try:
                response = await answer(scope, receive)
            except RebuffError as rebuff:
                response = _rebuff(rebuff)
            if response is not None:
                await response(scope, receive, send)
        else:
            await self._page(scope, receive, send)

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body = await _whole(receive)
        except RebuffError as rebuff:
            await _rebuff(rebuff)(scope, receive, send)
            return
        message: Message = {"type": "http.request", "body": body, "more_body": False}
        messages = [message]

        async def received() -> Message:
            return messages.pop() if messages else await receive()

        await self._django({**scope, SCOPE_KEY: self._desk}, received, send)

    async def _report(self, scope: Scope, receive: Receive) -> Response:
        """What a kiosk says of itself, answered once it is durable. Raises ``RebuffError``."""
        if scope["method"] != "POST":
            return Response(status_code=405, headers={"Allow": "POST"})
        body = await _whole(receive)
        signature, _ = self._sender(scope, body)
        try:
            report = StatusReport.read(body)
        except MessageError as error:
            raise RebuffError(code="malformed", reason=str(error)) from error
        reported = Reported(signature.device, signature.counter, report, datetime.now(UTC))
        known = await self._desk.intake.report(reported)
        if known is not None:
            raise RebuffError(code="counter-used", counter=known)
        return Response(StatusAnswer(received=signature.counter).write(), media_type="application/json")

    async def _wake(self, scope: Scope, receive: Receive) -> Response | None:
        """Hold the request; None where the device went away meanwhile. Raises ``RebuffError``."""
        if scope["method"] != "GET":
            return Response(status_code=405, headers={"Allow": "GET"})
        signature, device = self._sender(scope)
        since = _since(scope["query_string"])
        # Held for unequal times: those who came together do not come again together.
        seconds = random.uniform(_SHORTEST_HOLD, _TIDY_HOLD)  # noqa: S311  -- nothing secret
        held = self._desk.line.wait(signature.device, device.gate, device.screen, since, seconds)
        poll = await _unless_gone(held, receive)
        if poll is None:
            return None
        return Response(WakeAnswer(poll=poll).write(), 200, {"Cache-Control": "no-store"}, "application/json")

    def _sender(self, scope: Scope, body: bytes = b"") -> tuple[RequestSignature, KnownDevice]:
        """Who signed a request, if a human confirmed it. Raises ``RebuffError``."""
        signature = signature_of(scope["headers"])
        request = Request(scope["method"], target_of(scope["raw_path"], scope["query_string"]), body)
        return signature, confirmed(sender_of(request, signature, self._desk.intake.devices))


async def _unless_gone(held: Coroutine[object, object, bool], receive: Receive) -> bool | None:
    """What is waited for, or None once the other side hung up."""
    waiting = asyncio.ensure_future(held)
    gone = asyncio.ensure_future(_hung_up(receive))
    try:
        await asyncio.wait((waiting, gone), return_when=asyncio.FIRST_COMPLETED)
        return waiting.result() if waiting.done() else None
    finally:
        gone.cancel()
        waiting.cancel()


async def _hung_up(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _whole(receive: Receive) -> bytes:
    """A request's body. Raises ``RebuffError`` as soon as it is too long."""
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > LONGEST_MESSAGE:
            raise RebuffError(code="too-long")
        if not message.get("more_body", False):
            return bytes(body)


def _since(query: bytes) -> int:
    told = parse_qs(query.decode("latin-1")).get("since", [""])[0]
    if not (told.isascii() and told.isdigit() and len(told) <= len(str(2**53))):
        raise RebuffError(code="malformed", reason="since is not a number")
    return int(told)


def _rebuff(rebuff: RebuffError) -> Response:
    return Response(rebuff.body, rebuff.status, rebuff.headers, "application/json")
