"""The feed under ``/feed/``: the files of a folder, small ones out of memory, long ones with ranges.

Every name but the timestamp's is immutable and may be kept for ever by whoever is between. The first request of a poll
asks for the next root; there a crowd is asked to spread.
"""

import re
import stat
from collections import OrderedDict
from collections.abc import Callable
from math import ceil
from pathlib import Path
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import FileResponse, Response
from starlette.types import Receive, Scope, Send

from sync import feed
from sync.hub.register.rebuffs import RebuffError

_NAMES: Final = re.compile(r"(metadata|targets|media|pieces)(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+")
_NEXT_ROOT: Final = re.compile(r"metadata/([0-9]+)\.root\.json")
_IMMUTABLE: Final = "public, max-age=31536000, immutable"
_SMALL_BYTES: Final = 256 * 1024
_KEPT_BYTES: Final = 64 * 1024 * 1024

Admit = Callable[[], float | None]
"""None lets a poll in, else after how many seconds it is to come again."""


class FeedFiles:
    """An ASGI application for the files below a folder. ``admit`` is asked where a poll begins."""

    def __init__(self, folder: Path, admit: Admit) -> None:
        self._folder = folder
        self._admit = admit
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._kept_bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request below ``/feed/``."""
        await self._answer(scope)(scope, receive, send)

    def _answer(self, scope: Scope) -> Response:
        name = scope["path"].removeprefix("/feed/")
        if scope["method"] not in {"GET", "HEAD"}:
            return Response(status_code=405, headers={"Allow": "GET, HEAD"})
        if _NAMES.fullmatch(name) is None:
            return _missing()
        begins = _NEXT_ROOT.fullmatch(name)
        seconds = self._admit() if begins is not None and int(begins[1]) > 1 else None
        return self._file(name, scope) if seconds is None else _later(seconds)

    def _file(self, name: str, scope: Scope) -> Response:
        timestamp = name == feed.TIMESTAMP
        caching = "no-cache" if timestamp else _IMMUTABLE
        kind = "application/json" if name.endswith(".json") else "application/octet-stream"
        kept = self._kept.get(name)
        if kept is None:
            path = self._folder / name
            try:
                found = path.stat()
                if not stat.S_ISREG(found.st_mode):
                    return _missing()
                if found.st_size > _SMALL_BYTES or "range" in Headers(scope=scope):
                    return FileResponse(path, headers={"Cache-Control": caching}, media_type=kind, stat_result=found)
                # A short read of a local file: handing it to a thread would cost more than it takes.
                kept = path.read_bytes()
            except OSError:
                return _missing()
            if not timestamp:
                self._keep(name, kept)
        elif "range" in Headers(scope=scope):
            return FileResponse(self._folder / name, headers={"Cache-Control": caching}, media_type=kind)
        else:
            self._kept.move_to_end(name)
        return Response(kept, headers={"Cache-Control": caching}, media_type=kind)

    def _keep(self, name: str, content: bytes) -> None:
        self._kept[name] = content
        self._kept_bytes += len(content)
        while self._kept_bytes > _KEPT_BYTES:
            self._kept_bytes -= len(self._kept.popitem(last=False)[1])


def _missing() -> Response:
    # A root that is not there today may be tomorrow.
    return Response(status_code=404, headers={"Cache-Control": "no-store"})


def _later(seconds: float) -> Response:
    headers = {"Retry-After": str(ceil(seconds)), "Cache-Control": "no-store"}
    return Response(RebuffError(code="busy").body, 503, headers, "application/json")
