"""A real HTTP server for a feed's folder: threads, HTTP/1.1 kept alive, ranges; it counts and notes what it gives.

Started in the test's own process, on a loopback port the kernel picks, or as ``python -m tests.support.feed_server``.
"""

import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import unquote

_CHUNK: Final = 64 * 1024
_Server = TypeVar("_Server", bound="FeedServer")


class FeedServer(ThreadingHTTPServer):
    """Serves ``folder``. ``requests`` are the names asked for, ``body_bytes`` those sent of each name."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(
        self,
        folder: Path,
        address: tuple[str, int] = ("127.0.0.1", 0),
        *,
        handler: "type[FeedHandler] | None" = None,
    ) -> None:
        super().__init__(address, handler or FeedHandler)
        self.folder = folder
        self.requests: list[str] = []
        self.connections = 0
        self.body_bytes: Counter[str] = Counter()
        self.cut_after: int | None = None
        """Close a connection after so many bytes of a body; None: never."""
        self.pace: int | None = None
        """Bytes a second for one body, with little on its way between here and who reads; None: as fast as it goes."""
        self.spoiled: list[int] = []
        """Offsets of bytes to be given wrongly, each once."""
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        """The address of the feed."""
        host, port = self.server_address[:2]
        return f"http://{host!s}:{port}/"

    def note_request(self, name: str) -> None:
        with self._lock:
            self.requests.append(name)

    def note_body(self, name: str, count: int) -> None:
        with self._lock:
            self.body_bytes[name] += count

    def process_request(self, request: object, client_address: object) -> None:
        self.connections += 1
        super().process_request(request, client_address)  # type: ignore[arg-type] # as socketserver hands it over

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is none of ours."""


class FeedHandler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    # Headers and body are two writes: each answer would wait 40 ms for an acknowledgement.
    disable_nagle_algorithm = True
    server: FeedServer

    def setup(self) -> None:
        super().setup()
        if self.server.pace is not None:
            # What is on its way when a client dies is lost to it: little, so that what is counted is what it read.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _CHUNK)

    def do_GET(self) -> None:
        name = unquote(self.path).lstrip("/")
        self.server.note_request(name)
        path = self.server.folder / name
        if ".." in name.split("/") or not path.is_file():
            self.send_response(404)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        size = path.stat().st_size
        begins, ends = self._range(size)
        if begins >= size > 0:
            self.send_response(416)
            self.send_header("Content-Range", f"bytes */{size}")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(206 if "Range" in self.headers else 200)
        if "Range" in self.headers:
            self.send_header("Content-Range", f"bytes {begins}-{ends - 1}/{size}")
        self.send_header("Content-Type", "application/octet-stream")
        self.send_header("Content-Length", str(ends - begins))
        self.end_headers()
        self._send(name, path, begins, ends)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the base class names it so
        """Say nothing; ``requests`` tells."""

    def _range(self, size: int) -> tuple[int, int]:
        unit, _, span = self.headers.get("Range", "").partition("=")
        if unit != "bytes":
            return 0, size
        begins, _, last = span.partition("-")
        return int(begins), min(size, int(last) + 1 if last else size)

    def _send(self, name: str, path: Path, begins: int, ends: int) -> None:
        left = self.server.cut_after
        with path.open("rb") as file:
            file.seek(begins)
            while begins < ends:
                count = min(_CHUNK, ends - begins, _CHUNK if left is None else left)
                if not count:
                    self.close_connection = True
                    return
                chunk = self._spoiled(file.read(count), begins)
                if self.server.pace is not None:
                    time.sleep(len(chunk) / self.server.pace)
                self.wfile.write(chunk)
                self.server.note_body(name, len(chunk))
                begins += len(chunk)
                left = None if left is None else left - len(chunk)

    def _spoiled(self, chunk: bytes, begins: int) -> bytes:
        for offset in {offset for offset in self.server.spoiled if begins <= offset < begins + len(chunk)}:
            self.server.spoiled.remove(offset)
            at = offset - begins
            chunk = chunk[:at] + bytes([chunk[at] ^ 1]) + chunk[at + 1 :]
        return chunk


@contextmanager
def serving(server: _Server) -> Iterator[_Server]:
    """Serve until left."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def feed_server(folder: Path) -> Iterator[FeedServer]:
    """Serve a folder."""
    with serving(FeedServer(folder)) as server:
        yield server


if __name__ == "__main__":
    with FeedServer(Path(sys.argv[1]), (sys.argv[2], int(sys.argv[3]))) as started:
        started.serve_forever()
