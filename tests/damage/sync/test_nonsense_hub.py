"""A hub that answers nonsense: every answer ends as an error the agent knows, soon, and nothing of it is kept."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from playlists.errors import SiteError
from sync.agent.http_session import open_session
from sync.agent.hub_link import HubLink
from sync.agent.identity import Identity
from sync.protocol import EnrolRequest, Machine, StatusReport

pytestmark = pytest.mark.long
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def body(content: bytes, head: bytes = OK) -> bytes:
    return head + b"Content-Length: %d\r\n\r\n" % len(content) + content


NONSENSE = {
    "nothing": b"",
    "no HTTP": b"SSH-2.0-OpenSSH_9.2\r\n",
    "empty": body(b""),
    "no JSON": body(b"<html>log in</html>"),
    "a list": body(b"[]"),
    "deep": body(b"[" * 60_000),
    "a great number": body(b'{"format":1,"poll":' + b"9" * 60_000 + b"}"),
    "other types": body(b'{"format":1,"poll":"yes","received":"7","state":9,"device":[],"gate":{},"screen":null}'),
    "no length": OK + b"Content-Length: x\r\n\r\n{}",
    "below zero": OK + b"Content-Length: -5\r\n\r\n{}",
    "two lengths": OK + b"Content-Length: 2, 3\r\n\r\n{}",
    "cut": OK + b"Content-Length: 500\r\n\r\n{}",
    "bad chunks": OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n",
    "no gzip": body(b"{}", OK + b"Content-Encoding: gzip\r\n"),
    "long line": b"HTTP/1.1 200 " + b"x" * 70_000 + b"\r\n\r\n",
    "many headers": OK + b"X: y\r\n" * 300 + b"\r\n",
    "no status": b"HTTP/1.1 abc OK\r\n\r\n",
    "999": b"HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n",
    "redirect": b"HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n",
    "busy for ever": b"HTTP/1.1 503 Busy\r\nRetry-After: " + b"9" * 400 + b"\r\nContent-Length: 0\r\n\r\n",
    "odd rebuff": body(b'{"format":1,"code":"counter-used","counter":-1}', b"HTTP/1.1 409 Conflict\r\n"),
    "odd letters": body(b'{"format":1,"code":"\\ud800","vi":"\xff"}', b"HTTP/1.1 403 No\r\n"),
}


@contextmanager
def answering(answer: bytes, more: bytes = b"") -> Iterator[str]:
    """A server that gives this answer to everybody, and then ``more`` without end."""
    over = threading.Event()

    def serve(server: socket.socket) -> None:
        while not over.is_set():
            with contextlib.suppress(OSError), server.accept()[0] as asked:
                asked.recv(65536)
                asked.sendall(answer)
                while more and not over.is_set():
                    asked.sendall(more)
                    time.sleep(0.001)

    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        thread = threading.Thread(target=serve, args=(server,))
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        over.set()
        thread.join()


def refused_everywhere(hub: str, folder: Path) -> None:
    identity = Identity(folder / "identity")
    link = HubLink(hub, identity, identity.make_key(), open_session())
    report = StatusReport(at="x", boot="b", up_seconds=1, synchronised=True, machine="m", software="s")
    enrol = EnrolRequest(code="x", public_key="0" * 64, machine=Machine(id="m"), boot="b", software="s")
    for ask in (lambda: link.wake(0), lambda: link.report(report), link.standing, lambda: link.enrol(enrol)):
        with pytest.raises(SiteError):
            ask()
    link.close()


@pytest.mark.parametrize("name", NONSENSE)
def test_nonsense_is_an_error_the_agent_knows(name: str, tmp_path: Path) -> None:
    with answering(NONSENSE[name]) as hub:
        refused_everywhere(hub, tmp_path)


def test_an_answer_without_end_ends(tmp_path: Path) -> None:
    with answering(OK + b"\r\n", b"x" * 4096) as hub:
        begun = time.monotonic()
        refused_everywhere(hub, tmp_path)
    assert time.monotonic() - begun < 10
