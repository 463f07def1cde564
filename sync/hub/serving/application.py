"""The hub as one ASGI application: the feed and the wake-ups by light handlers, everything else by Django.

Feed and wake-ups need no database: they go on when it is locked or gone.
"""

import asyncio
import random
from collections.abc import Coroutine
from pathlib import Path
from time import monotonic
from typing import Final, cast
from urllib.parse import parse_qs

from django.core.asgi import get_asgi_application
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sync.hub.register.rebuffs import RebuffError
from sync.hub.serving.desk import SCOPE_KEY, Desk
from sync.hub.serving.feed_files import FeedFiles
from sync.hub.serving.senders import confirmed, sender_of, signature_of, target_of
from sync.protocol import FEED, LONGEST_HOLD, LONGEST_MESSAGE, WAKE, WakeAnswer
from sync.request_signature import Request

_SHORTEST_HOLD: Final = 0.8 * LONGEST_HOLD
_TIDY_HOLD: Final = LONGEST_HOLD - 10


class TooLongError(Exception):
    """A body of more than ``LONGEST_MESSAGE`` bytes."""


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
        elif path == WAKE:
            response = await self._wake(scope, receive)
            if response is not None:
                await response(scope, receive, send)
        else:
            await self._page(scope, receive, send)

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body = await _whole(receive)
        except TooLongError:
            await _rebuff(RebuffError(code="too-long"))(scope, receive, send)
            return
        message: Message = {"type": "http.request", "body": body, "more_body": False}
        messages = [message]

        async def received() -> Message:
            return messages.pop() if messages else await receive()

        await self._django({**scope, SCOPE_KEY: self._desk}, received, send)

    async def _wake(self, scope: Scope, receive: Receive) -> Response | None:
        """Hold the request; None where the device went away meanwhile."""
        query = scope["query_string"]
        try:
            if scope["method"] != "GET":
                return Response(status_code=405, headers={"Allow": "GET"})
            signature = signature_of(scope["headers"])
            request = Request("GET", target_of(scope["raw_path"], query))
            device = confirmed(sender_of(request, signature, self._desk.intake.devices))
            since = _since(query)
        except RebuffError as rebuff:
            return _rebuff(rebuff)
        # Held for unequal times: those who came together do not come again together.
        seconds = random.uniform(_SHORTEST_HOLD, _TIDY_HOLD)  # noqa: S311  -- nothing secret
        held = self._desk.line.wait(signature.device, device.gate, device.screen, since, seconds)
        poll = await _unless_gone(held, receive)
        if poll is None:
            return None
        return Response(WakeAnswer(poll=poll).write(), 200, {"Cache-Control": "no-store"}, "application/json")


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
    """A request's body. Raises ``TooLongError`` as soon as it is."""
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > LONGEST_MESSAGE:
            raise TooLongError
        if not message.get("more_body", False):
            return bytes(body)


def _since(query: bytes) -> int:
    told = parse_qs(query.decode("latin-1")).get("since", [""])[0]
    if not (told.isascii() and told.isdigit() and len(told) <= len(str(2**53))):
        raise RebuffError(code="malformed", reason="since is not a number")
    return int(told)


def _rebuff(rebuff: RebuffError) -> Response:
    return Response(rebuff.body, rebuff.status, {"Cache-Control": "no-store"}, "application/json")
