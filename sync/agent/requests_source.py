"""The live feed, over requests. Nothing a server says of a file is believed; its bytes are, by digest alone.

Lengths and ranges that a server states can only make it be refused sooner. ETags are not looked at.
"""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from pathlib import Path
from typing import Final
from urllib.parse import quote, urljoin, urlsplit

import requests
from urllib3.exceptions import HTTPError

from playlists.errors import UsageError
from sync.agent.http_session import WATCHMAN, Flow, Patience, open_session
from sync.agent.ports import BusyError, NotThereError, SourceError

_CHUNK: Final = 128 * 1024
_DRAINED: Final = 16 * 1024
"""A body nobody wants is read to its end up to here: that is cheaper than a new TLS connection."""
_REDIRECTS: Final = 3
_REDIRECTED: Final = {301, 302, 303, 307, 308}
_ABSENT: Final = {404, 410}
_BUSY: Final = {429, 503}
_OK, _PARTIAL, _NOT_SATISFIABLE = 200, 206, 416
_LONGEST_RETRY: Final = 3600.0
"""Whoever asks for more is not believed: a kiosk would be gone for good."""
_SLOW_OPENING: Final = 5.0
"""Seconds after which no further redirect is followed."""
_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18}|\*)")
_FAILURES: Final = (requests.RequestException, HTTPError, HTTPException, OSError, ValueError)


class RequestsSource:
    """The feed under ``feed_url``; a ``Source``. ``authority_file`` is a private CA (PEM) that alone is believed.

    ``session`` is one to share, of the same authority: whoever talks to the same host keeps one connection alive.
    May be used by several threads. Raises ``UsageError`` where the address is none.
    """

    online = True

    def __init__(
        self,
        feed_url: str,
        *,
        authority_file: Path | None = None,
        patience: Patience | None = None,
        session: requests.Session | None = None,
    ) -> None:
        address = urlsplit(feed_url)
        if address.scheme not in {"http", "https"} or not address.hostname:
            message = f"{feed_url!r} is no address of a feed: it begins with https://"
            raise UsageError(message)
        self._base = feed_url.rstrip("/") + "/"
        self._patience = patience or Patience()
        self._session = session or open_session(authority_file)

    def read(self, name: str, limit: int) -> bytes:
        """A small file whole. Raises ``SourceError``, also where it is longer than ``limit`` bytes."""
        with self._opened(name, {}) as response:
            stated = _stated_length(response)
            if stated is None and not response.raw.chunked:
                # It might be cut off anywhere, even among its headers, and look whole.
                message = f"{name}: comes without its length"
                raise SourceError(message)
            if stated is not None and stated > limit:
                message = f"{name}: {stated} bytes announced, more than the {limit} it may have"
                raise SourceError(message)
            content = bytearray()
            for chunk in self._chunks(name, response, limit + 1):
                content += chunk
            if len(content) > limit:
                message = f"{name}: more than the {limit} bytes it may have"
                raise SourceError(message)
            if stated is not None and len(content) != stated:
                message = f"{name}: {len(content)} of {stated} bytes came"
                raise SourceError(message)
            return bytes(content)

    @contextmanager
    def stream(self, name: str, begins: int, length: int) -> Iterator[Iterator[bytes]]:
        """A file of ``length`` bytes from offset ``begins`` on, in chunks. Raises ``SourceError``.

        From a server that knows no ranges the whole file is read; while what lies before ``begins`` is passed over, the
        chunks are empty.
        """
        headers = {"Range": f"bytes={begins}-{length - 1}"} if begins else {}
        with self._opened(name, headers) as response:
            if response.status_code == _PARTIAL:
                ends = _end_of_range(name, response, begins, length)
                passed_over = 0
            else:
                ends, passed_over = length, begins
                stated = _stated_length(response)
                if stated is not None and stated != length:
                    message = f"{name}: {stated} bytes announced, {length} expected"
                    raise SourceError(message)
            yield self._body(name, response, passed_over, ends - begins)

    def close(self) -> None:
        """Let go of the connections."""
        self._session.close()

    def _body(self, name: str, response: requests.Response, passed_over: int, count: int) -> Iterator[bytes]:
        """``count`` bytes after ``passed_over`` others; an error where fewer come."""
        left = passed_over + count
        for chunk in self._chunks(name, response, left):
            left -= len(chunk)
            # Empty while it passes over: whoever reads can still end it.
            yield chunk[passed_over:]
            passed_over = max(0, passed_over - len(chunk))
        if left:
            message = f"{name}: ended {left} bytes before its end"
            raise SourceError(message)

    def _chunks(self, name: str, response: requests.Response, most: int) -> Iterator[bytes]:
        """The body as it comes, ``most`` bytes of it."""
        raw = response.raw
        flow = Flow(self._patience)
        while most:
            began = time.monotonic()
            with _speaking_of(name), WATCHMAN.limit(self._patience.window, raw.shutdown):
                chunk: bytes = raw.read1(min(_CHUNK, most), decode_content=False)
            if not chunk:
                return
            try:
                flow = flow.after(time.monotonic() - began, len(chunk))
            except SourceError as error:
                message = f"{name}: {error}"
                raise SourceError(message) from error
            most -= len(chunk)
            yield chunk

    @contextmanager
    def _opened(self, name: str, headers: dict[str, str]) -> Iterator[requests.Response]:
        """The answer, where it is one with a body of ours."""
        with _speaking_of(name):
            response = self._answer(name, headers)
        try:
            self._refuse_unless_ours(name, response, partial="Range" in headers)
            yield response
        finally:
            response.close()

    def _answer(self, name: str, headers: dict[str, str]) -> requests.Response:
        """The first answer that is no redirect."""
        address = urljoin(self._base, quote(name, safe="/%"))
        began = time.monotonic()
        for _ in range(_REDIRECTS + 1):
            response = self._get(address, headers)
            if response.status_code not in _REDIRECTED:
                return response
            location = response.headers.get("Location", "")
            self._let_go(response)
            address = redirected(name, address, location)
            if time.monotonic() - began > _SLOW_OPENING:
                break
        message = f"{name}: sent on and on to other addresses"
        raise SourceError(message)

    def _get(self, address: str, headers: dict[str, str]) -> requests.Response:
        began = time.monotonic()
        try:
            return self._ask(address, headers)
        except requests.ConnectionError:
            # Mostly a kept connection that the server closed just as it was asked.
            if time.monotonic() - began > 1:
                raise
            return self._ask(address, headers)

    def _ask(self, address: str, headers: dict[str, str]) -> requests.Response:
        return self._session.get(
            address, headers=headers, stream=True, allow_redirects=False, timeout=self._patience.timeout
        )

    def _refuse_unless_ours(self, name: str, response: requests.Response, *, partial: bool) -> None:
        status = response.status_code
        if status == _OK or (status == _PARTIAL and partial):
            if response.headers.get("Content-Encoding", "identity").lower() != "identity":
                message = f"{name}: comes compressed, which was not asked for"
                raise SourceError(message)
            if response.headers.get("Content-Type", "").lower().startswith("text/html"):
                message = f"{name}: a web page comes instead; the network may want somebody to log in"
                raise SourceError(message)
            return
        self._let_go(response)
        if status in _ABSENT:
            message = f"{name}: not in the feed ({status})"
            raise NotThereError(message)
        if status in _BUSY:
            message = f"{name}: the server is busy ({status})"
            raise BusyError(message, _retry_after(response))
        message = f"{name}: the server answers {status}"
        if status == _NOT_SATISFIABLE:
            message = f"{name}: the server's file is shorter than it should be (416)"
        raise SourceError(message)

    def _let_go(self, response: requests.Response) -> None:
        """Read a small body to its end, so that the connection can be used again; close others."""
        stated = _stated_length(response)
        if stated is not None and stated <= _DRAINED:
            for _ in self._chunks("an answer", response, stated + 1):
                pass
        response.close()


def redirected(name: str, address: str, location: str) -> str:
    """Where a redirect leads. Raises ``SourceError`` where that is less safe than where it came from.

    HTTPS may lead to HTTPS anywhere; plain HTTP to HTTPS, or to the same host.
    """
    there = urljoin(address, location)
    old, new = urlsplit(address), urlsplit(there)
    same_host = new.netloc == old.netloc and new.scheme == old.scheme
    if not location or "@" in new.netloc or not (new.scheme == "https" or same_host):
        message = f"{name}: the server sends to {new.scheme}://{new.netloc}, which is not followed"
        raise SourceError(message)
    return there


def retry_seconds(value: str, date: str) -> float | None:
    """How long a ``Retry-After`` asks to wait, an hour at most; a date in it is compared with the answer's own."""
    if re.fullmatch(r"\d{1,9}", value.strip()):
        return min(float(value), _LONGEST_RETRY)
    try:
        seconds = (parsedate_to_datetime(value) - parsedate_to_datetime(date)).total_seconds()
    except (TypeError, ValueError):
        return None
    return min(max(0.0, seconds), _LONGEST_RETRY)


def _retry_after(response: requests.Response) -> float | None:
    return retry_seconds(response.headers.get("Retry-After", ""), response.headers.get("Date", ""))


def _stated_length(response: requests.Response) -> int | None:
    stated = response.headers.get("Content-Length", "")
    return int(stated) if re.fullmatch(r"\d{1,18}", stated) else None


def _end_of_range(name: str, response: requests.Response, begins: int, length: int) -> int:
    """Where the bytes of a 206 end. Raises ``SourceError`` where they are not those asked for."""
    stated = response.headers.get("Content-Range", "")
    found = _RANGE.fullmatch(stated)
    if found is None or int(found[1]) != begins or not begins <= int(found[2]) < length:
        message = f"{name}: bytes {begins}-{length - 1} asked for, {stated or 'none'} given"
        raise SourceError(message)
    if found[3] not in {"*", str(length)}:
        message = f"{name}: {found[3]} bytes on the server, {length} expected"
        raise SourceError(message)
    return int(found[2]) + 1


@contextmanager
def _speaking_of(name: str) -> Iterator[None]:
    try:
        yield
    except SourceError:
        raise
    except _FAILURES as error:
        cause: BaseException = error
        while cause.__context__ is not None:
            cause = cause.__context__
        message = f"{name}: {str(cause) or type(cause).__name__}"
        raise SourceError(message) from error
