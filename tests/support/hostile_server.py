"""Servers that are broken or mean harm, each a real one: what a kiosk meets behind a hotel's router or an attacker's.

Each behaviour gets the open request, with the name asked for and the bytes the feed has there, and answers as it likes.
"""

import gzip
import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Protocol

from tests.support.feed_server import FeedHandler, FeedServer, serving

_TRICKLE_S: Final = 0.1
_CHUNK: Final = 64 * 1024
_LONGEST_S: Final = 150.0
"""A server that never ends does so all the same: a test that failed is not to hang."""


class Writer(Protocol):
    """Where bytes go."""

    def write(self, content: bytes, /) -> int: ...


class HostileHandler(FeedHandler):
    server: "HostileServer"

    def do_GET(self) -> None:  # noqa: N802 - as http.server calls it
        self.name = self.path.lstrip("/")
        self.server.note_request(self.name)
        path = self.server.folder / self.name
        self.content = path.read_bytes() if path.is_file() else b""
        self.server.behaviour(self)

    def answer(self, status: int, body: bytes = b"", length: int | None = None, **headers: str) -> None:
        """A whole answer; ``length`` is what it says of its length, -1 for nothing."""
        self.send_response(status)
        for header, value in headers.items():
            self.send_header(header.replace("_", "-"), value)
        if length != -1:
            self.send_header("Content-Length", str(len(body) if length is None else length))
        else:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        self.give(body)

    def answer_range(self, begins: int, body: bytes, length: int | None = None, **headers: str) -> None:
        """As if ``body`` were the rest of the file from ``begins`` on."""
        if begins:
            headers["Content_Range"] = f"bytes {begins}-{len(self.content) - 1}/{len(self.content)}"
        self.answer(206 if begins else 200, body, length, **headers)

    def give(self, body: bytes) -> None:
        self.wfile.write(body)
        self.server.note_body(self.name, len(body))

    @property
    def range(self) -> tuple[int, int] | None:
        """The range asked for."""
        return self._range(1 << 40) if "Range" in self.headers else None


Behaviour = Callable[[HostileHandler], None]


class HostileServer(FeedServer):
    """Answers everything by ``behaviour``."""

    def __init__(self, folder: Path, behaviour: Behaviour) -> None:
        super().__init__(folder, handler=HostileHandler)
        self.behaviour = behaviour


def compressed(asked: HostileHandler) -> None:
    """Compresses what was asked for uncompressed."""
    asked.answer(200, gzip.compress(asked.content, 1), Content_Encoding="gzip")


def compressed_unsaid(asked: HostileHandler) -> None:
    """Compresses, and does not say so."""
    asked.answer(200, gzip.compress(asked.content, 1), length=-1)


def whole_for_a_range(asked: HostileHandler) -> None:
    """Knows no ranges."""
    asked.answer(200, asked.content)


def another_range(asked: HostileHandler) -> None:
    """Gives a range that was not asked for, and says so."""
    if (span := asked.range) is None:
        asked.answer(200, asked.content)
        return
    begins = max(0, span[0] - 1000)
    body = asked.content[begins:]
    asked.answer(206, body, Content_Range=f"bytes {begins}-{len(asked.content) - 1}/{len(asked.content)}")


def another_range_unsaid(asked: HostileHandler) -> None:
    """Says it gives the range asked for, and gives another."""
    if (span := asked.range) is None:
        asked.answer(200, asked.content[:-1] + b"?")
        return
    asked.answer_range(span[0], asked.content[: len(asked.content) - span[0]])


def not_satisfiable(asked: HostileHandler) -> None:
    """Holds that the range lies outside."""
    asked.answer(416, Content_Range=f"bytes */{len(asked.content)}")


def short_body(asked: HostileHandler) -> None:
    """Ends in the middle, without a length that would tell."""
    begins = asked.range[0] if asked.range else 0
    end = begins + (len(asked.content) - begins) // 2
    asked.answer_range(begins, asked.content[begins:end], length=-1)


def captive_portal(asked: HostileHandler) -> None:
    """A web page that wants somebody to log in, for whatever is asked."""
    asked.answer(200, b"<html>Xin moi dang nhap Wi-Fi</html>" * 40, length=-1, Content_Type="text/html")


def captive_portal_unsaid(asked: HostileHandler) -> None:
    """The same, of the very length that is wanted, and said to be media."""
    body = (b"<html>Xin moi dang nhap Wi-Fi</html>" * (len(asked.content) // 30 + 1))[: len(asked.content)]
    asked.answer(200, body, Content_Type="video/mp4")


def trickle(asked: HostileHandler) -> None:
    """A byte now and then: no read timeout ever fires."""
    asked.answer(200, b"", length=len(asked.content))
    asked.close_connection = True
    trickle_bytes(asked.wfile, asked.content)


def trickled_headers(asked: HostileHandler) -> None:
    """Headers that never end, a byte now and then."""
    asked.close_connection = True
    trickle_bytes(asked.wfile, b"HTTP/1.1 200 OK\r\n" + b"X-Wait: a\r\n" * 1000)


def trickled_chunks(asked: HostileHandler) -> None:
    """A chunk's size that never ends: not one byte of the body comes."""
    asked.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    asked.close_connection = True
    trickle_bytes(asked.wfile, b"0" * 4000)


def endless(asked: HostileHandler) -> None:
    """Gives the file, and then more and more."""
    asked.answer(200, asked.content, length=-1)
    _give_more(asked)


def endless_chunks(asked: HostileHandler) -> None:
    """Random bytes without end, chunk by chunk."""
    asked.close_connection = True
    asked.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    ends = time.monotonic() + _LONGEST_S
    while time.monotonic() < ends:
        asked.wfile.write(b"10000\r\n" + random.randbytes(_CHUNK) + b"\r\n")  # noqa: S311 - any bytes


def endless_from_the_start(asked: HostileHandler) -> None:
    """Random bytes without end."""
    asked.answer(200, b"", length=-1)
    _give_more(asked)


def redirect_loop(asked: HostileHandler) -> None:
    """Sends to itself for ever."""
    asked.answer(302, Location=f"/{asked.name}")


def redirect_away(asked: HostileHandler) -> None:
    """Sends to a host of its own choice."""
    asked.answer(302, Location="http://127.0.0.2:9/login")


def wrong_bytes(asked: HostileHandler) -> None:
    """Everything right but the bytes."""
    begins = asked.range[0] if asked.range else 0
    body = random.Random(asked.name).randbytes(len(asked.content))[begins:]  # noqa: S311 - wrong bytes, not secret ones
    asked.answer_range(begins, body)


def equal_etag(asked: HostileHandler) -> None:
    """Another file of the same size and time has the same ETag, as with nginx: the second half is that file's."""
    other = asked.content[: len(asked.content) // 2] + asked.content[::-1][len(asked.content) // 2 :]
    begins = asked.range[0] if asked.range else 0
    asked.answer_range(begins, other[begins:], ETag='"66f-1f4"')


def storm(asked: HostileHandler) -> None:
    """Is always busy."""
    asked.answer(503, Retry_After="120")


def silence(asked: HostileHandler) -> None:
    """Takes the request and says nothing."""
    asked.close_connection = True
    time.sleep(_LONGEST_S / 2)


def cut(asked: HostileHandler) -> None:
    """Lets go in the middle of the headers."""
    asked.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Le")
    asked.close_connection = True


def gibberish(asked: HostileHandler) -> None:
    """Speaks no HTTP."""
    asked.wfile.write(b"\xff\x00SSH-2.0-\r\n\r\n" * 50)
    asked.close_connection = True


BEHAVIOURS: Final[Mapping[str, tuple[Behaviour, ...]]] = {
    "gzip": (compressed, compressed_unsaid),
    "200 for Range": (whole_for_a_range,),
    "wrong 206": (another_range, another_range_unsaid),
    "416": (not_satisfiable,),
    "short body": (short_body,),
    "captive portal": (captive_portal, captive_portal_unsaid),
    "trickle": (trickle, trickled_headers, trickled_chunks),
    "endless": (endless, endless_from_the_start, endless_chunks),
    "redirect loop": (redirect_loop, redirect_away),
    "wrong digest": (wrong_bytes,),
    "equal ETag": (equal_etag,),
    "503 storm": (storm,),
    "no HTTP": (silence, cut, gibberish),
}


@contextmanager
def hostile_server(folder: Path, behaviour: Behaviour) -> Iterator[HostileServer]:
    """Serve a folder so."""
    with serving(HostileServer(folder, behaviour)) as server:
        yield server


def trickle_bytes(to: Writer, content: bytes) -> None:
    """A byte now and then."""
    ends = time.monotonic() + _LONGEST_S
    for byte in content:
        to.write(bytes([byte]))
        time.sleep(_TRICKLE_S)
        if time.monotonic() > ends:
            return


def _give_more(handler: HostileHandler) -> None:
    ends = time.monotonic() + _LONGEST_S
    while time.monotonic() < ends:
        handler.give(random.randbytes(_CHUNK))  # noqa: S311 - any bytes
