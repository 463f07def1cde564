"""The two places a feed is read from: a server, with all that TLS and HTTP allow, and a stick, with its folders."""

import http.server
import os
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from playlists.errors import UsageError
from sync.agent.folder_source import FolderSource
from sync.agent.http_session import Patience
from sync.agent.ports import BusyError, NotThereError, SourceError
from sync.agent.requests_source import RequestsSource
from tests.support import hostile_server as hostile
from tests.support.feed_server import FeedServer, feed_server, serving
from tests.support.small_feed import some_bytes

CONTENT: Final = some_bytes("content", 300_000)


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    folder = tmp_path / "feed"
    (folder / "media").mkdir(parents=True)
    (folder / "media/a").write_bytes(CONTENT)
    (folder / "metadata").mkdir()
    (folder / "metadata/timestamp.json").write_bytes(b"{}")
    return folder


def _streamed(source: RequestsSource | FolderSource, name: str, begins: int, length: int) -> bytes:
    with source.stream(name, begins, length) as chunks:
        return b"".join(chunks)


# The server.


def test_a_server_is_read_over_one_connection_even_when_files_are_missing(feed: Path) -> None:
    with feed_server(feed) as server:
        source = RequestsSource(server.url)
        for _ in range(5):
            assert source.read("metadata/timestamp.json", 2) == b"{}"
            with pytest.raises(NotThereError):
                source.read("metadata/2.root.json", 1000)
            assert _streamed(source, "media/a", 0, len(CONTENT)) == CONTENT
            assert _streamed(source, "media/a", 299_999, len(CONTENT)) == CONTENT[-1:]
        assert server.connections == 1
        source.close()


def test_a_connection_that_the_server_closed_meanwhile_costs_nothing(feed: Path) -> None:
    with feed_server(feed) as server:
        server.cut_after = 2
        source = RequestsSource(server.url)
        for _ in range(3):
            assert source.read("metadata/timestamp.json", 2) == b"{}"
            time.sleep(0.05)
        source.close()


def test_more_than_it_may_have_is_not_read(feed: Path) -> None:
    with feed_server(feed) as server:
        source = RequestsSource(server.url)
        with pytest.raises(SourceError, match="300000 bytes announced, more than the 1000"):
            source.read("media/a", 1000)
        source.close()
    with hostile.hostile_server(feed, hostile.endless_chunks) as server:
        source = RequestsSource(server.url)
        with pytest.raises(SourceError, match="more than the 1000"):
            source.read("media/a", 1000)
        source.close()


def test_whoever_waits_for_a_server_without_ranges_can_end_it(feed: Path) -> None:
    with hostile.hostile_server(feed, hostile.whole_for_a_range) as server:
        source = RequestsSource(server.url)
        with source.stream("media/a", 290_000, len(CONTENT)) as chunks:
            came = list(chunks)
        assert came[0] == b""
        assert b"".join(came) == CONTENT[290_000:]
        source.close()


def test_a_range_that_was_not_asked_for_is_not_read(feed: Path) -> None:
    with hostile.hostile_server(feed, hostile.another_range) as server:
        source = RequestsSource(server.url)
        with pytest.raises(SourceError, match="bytes 5000-299999 asked for, bytes 4000-299999/300000 given"):
            _streamed(source, "media/a", 5000, len(CONTENT))
        source.close()
    with feed_server(feed) as server:
        source = RequestsSource(server.url)
        with pytest.raises(SourceError, match="300000 bytes on the server, 300005 expected"):
            _streamed(source, "media/a", 5000, len(CONTENT) + 5)
        source.close()


@pytest.mark.parametrize("behaviour", [hostile.short_body, hostile.cut])
def test_a_small_file_that_may_be_cut_off_is_not_taken(feed: Path, behaviour: hostile.Behaviour) -> None:
    with hostile.hostile_server(feed, behaviour) as server:
        source = RequestsSource(server.url)
        with pytest.raises(SourceError, match="without its length"):
            source.read("metadata/timestamp.json", 1000)
        source.close()


@pytest.mark.parametrize("name", ["media/a", "metadata/timestamp.json"])
def test_a_captive_portal_is_told_from_a_file(feed: Path, name: str) -> None:
    with hostile.hostile_server(feed, hostile.captive_portal) as server:
        source = RequestsSource(server.url)
        with pytest.raises(SourceError, match="log in"):
            source.read(name, 1_000_000)
        source.close()


def test_a_busy_server_says_for_how_long(feed: Path) -> None:
    with hostile.hostile_server(feed, hostile.storm) as server:
        source = RequestsSource(server.url)
        with pytest.raises(BusyError) as busy:
            source.read("media/a", 1)
        assert busy.value.retry_after == 120
        source.close()


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    source = RequestsSource(f"http://127.0.0.1:{port}")
    with pytest.raises(SourceError, match="refused"):
        source.read("media/a", 1)
    with pytest.raises(SourceError):
        _streamed(RequestsSource("http://no-such-host.invalid/"), "media/a", 0, 1)


def test_a_trickle_of_headers_ends_in_time(feed: Path) -> None:
    with hostile.hostile_server(feed, hostile.trickled_headers) as server:
        source = RequestsSource(server.url, patience=Patience(silence=0.5))
        began = time.monotonic()
        with pytest.raises(SourceError):
            source.read("media/a", 1)
        assert time.monotonic() - began < 5
        source.close()


@pytest.mark.parametrize("address", ["hub.example.vn/feed", "ftp://hub/feed", "https://", ""])
def test_what_is_no_address_of_a_feed(address: str) -> None:
    with pytest.raises(UsageError, match="https://"):
        RequestsSource(address)


class _TLSServer(FeedServer):
    """The same with a certificate."""

    def __init__(self, folder: Path, certificate: Path) -> None:
        super().__init__(folder)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self.socket = context.wrap_socket(self.socket, server_side=True)

    @property
    def url(self) -> str:
        return super().url.replace("http:", "https:")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tls") / "hub.pem"
    name = ["-subj", "/CN=hub", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2"]
    new = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    subprocess.run([*new, *name, "-keyout", str(path), "-out", f"{path}.crt"], check=True, capture_output=True)
    with path.open("ab") as file:
        file.write(Path(f"{path}.crt").read_bytes())
    return path


def test_a_private_authority_is_believed_and_no_other(feed: Path, certificate: Path) -> None:
    with serving(_TLSServer(feed, certificate)) as server:
        source = RequestsSource(server.url, authority_file=Path(f"{certificate}.crt"))
        assert _streamed(source, "media/a", 100_000, len(CONTENT)) == CONTENT[100_000:]
        assert source.read("metadata/timestamp.json", 2) == b"{}"
        assert server.connections == 1
        source.close()
        with pytest.raises(SourceError, match="CERTIFICATE_VERIFY_FAILED"):
            RequestsSource(server.url).read("metadata/timestamp.json", 2)


def test_a_certificate_for_another_name_is_not_believed(feed: Path, certificate: Path) -> None:
    with serving(_TLSServer(feed, certificate)) as server:
        url = server.url.replace("127.0.0.1", "localhost")
        with pytest.raises(SourceError, match="CERTIFICATE_VERIFY_FAILED"):
            RequestsSource(url, authority_file=Path(f"{certificate}.crt")).read("metadata/timestamp.json", 2)


def test_a_trickle_over_tls_ends_in_time(certificate: Path) -> None:
    class Trickling(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            hostile.trickle_bytes(self.wfile, b"HTTP/1.1 200 OK\r\n" + b"X-Wait: a\r\n" * 1000)

    class Quiet(http.server.ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """A client that has enough is what is tested."""

    server = Quiet(("127.0.0.1", 0), Trickling)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"https://127.0.0.1:{server.server_port}"
    source = RequestsSource(url, authority_file=Path(f"{certificate}.crt"), patience=Patience(silence=0.5))
    began = time.monotonic()
    with pytest.raises(SourceError):
        source.read("media/a", 1)
    assert time.monotonic() - began < 5
    server.shutdown()
    server.server_close()


# The stick.


def test_a_stick_is_read(feed: Path) -> None:
    stick = FolderSource(feed)
    assert not stick.online
    assert stick.read("metadata/timestamp.json", 2) == b"{}"
    assert _streamed(stick, "media/a", 0, len(CONTENT)) == CONTENT
    assert _streamed(stick, "media/a", 299_990, len(CONTENT)) == CONTENT[-10:]
    assert _streamed(stick, "media/a", len(CONTENT), len(CONTENT)) == b""


def test_parts_are_read_as_one(feed: Path) -> None:
    for number in range(3):
        (feed / f"media/large.00{number}").write_bytes(CONTENT[number * 100_000 : (number + 1) * 100_000])
    stick = FolderSource(feed)
    for begins in (0, 99_999, 100_000, 250_000):
        assert _streamed(stick, "media/large", begins, len(CONTENT)) == CONTENT[begins:]
    with pytest.raises(SourceError, match="300000 bytes on the stick, 250000 expected"):
        _streamed(stick, "media/large", 0, 250_000)
    (feed / "media/large.001").unlink()
    with pytest.raises(NotThereError):
        _streamed(stick, "media/large", 0, len(CONTENT))
    (feed / "media/large.001").write_bytes(b"")
    with pytest.raises(SourceError, match="100000 bytes on the stick"):
        _streamed(stick, "media/large", 0, len(CONTENT))


def test_a_file_longer_than_it_may_be(feed: Path) -> None:
    stick = FolderSource(feed)
    with pytest.raises(SourceError, match="more than the 10"):
        stick.read("media/a", 10)
    with pytest.raises(SourceError, match="300000 bytes on the stick, 10 expected"):
        _streamed(stick, "media/a", 0, 10)
    (feed / "media/giant").touch()
    os.truncate(feed / "media/giant", 1 << 40)
    with pytest.raises(SourceError, match="1099511627776 bytes on the stick"):
        stick.read("media/giant", 1000)


@pytest.mark.parametrize(
    "name",
    ["../secret", "media/../../secret", "/etc/hostname", "media//a", "", ".", "media/a\0b", "media/\ud800", "a" * 300],
)
def test_path_tricks(feed: Path, name: str) -> None:
    (feed.parent / "secret").write_bytes(b"secret")
    stick = FolderSource(feed)
    with pytest.raises(SourceError):
        stick.read(name, 1000)
    with pytest.raises(SourceError):
        _streamed(stick, name, 0, 6)


@pytest.fixture
def trap(feed: Path) -> Iterator[Path]:
    """What a hostile stick may hold under a name of ours."""
    (feed.parent / "outside").mkdir()
    (feed.parent / "outside/secret").write_bytes(b"secret")
    (feed / "media/link").symlink_to(feed.parent / "outside/secret")
    (feed / "outside").symlink_to(feed.parent / "outside")
    os.mkfifo(feed / "media/fifo")
    (feed / "media/folder").mkdir()
    os.mknod(feed / "media/zero", 0o020666, os.makedev(1, 5))
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(feed / "media/socket"))
        yield feed


@pytest.mark.parametrize(
    "name",
    ["media/link", "outside/secret", "media/fifo", "media/folder", "media/zero", "media/socket", "media/a/b", "media"],
)
def test_nothing_but_regular_files_below_the_folder(trap: Path, name: str) -> None:
    stick = FolderSource(trap)
    with pytest.raises(SourceError):
        stick.read(name, 1000)
    with pytest.raises(SourceError):
        _streamed(stick, name, 0, 6)
