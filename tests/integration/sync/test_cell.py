"""What a process that reads a stranger's file can do, and what not."""

import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from sync.hub.cell import Bounds, CellError, ask
from tests.integration.sync.test_pdf_pages import pdf, words
from tests.support.media import make_picture

INMATE = "tests.support.cell_inmate"
BOUNDS = Bounds(seconds=20, answer_bytes=1 << 20)


def open_descriptors() -> set[str]:
    return {path.name for path in Path("/proc/self/fd").iterdir()}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "Tệp lạ.bin"
    path.write_text("nội dung", encoding="utf-8")
    return path


def test_it_reads_the_file_it_is_given_and_nothing_of_our_environment(file: Path) -> None:
    assert ask(INMATE, file, BOUNDS, "read").decode() == "nội dung"


def test_it_has_no_network(file: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        told = ask(INMATE, file, BOUNDS, "network", str(server.getsockname()[1]))
    assert told.endswith(b"Error")


def test_it_writes_nothing(file: Path, tmp_path: Path) -> None:
    escaped = tmp_path / "escaped"
    tmp_path.chmod(0o777)
    try:
        told = ask(INMATE, file, BOUNDS, "write", str(escaped))
    except CellError:
        told = b"dead"
    assert told != b"done"
    assert not escaped.exists() or escaped.stat().st_size == 0


def test_it_starts_no_program(file: Path) -> None:
    assert ask(INMATE, file, BOUNDS, "program") != b"done"


def test_it_has_bounded_memory(file: Path) -> None:
    assert ask(INMATE, file, BOUNDS, "memory") == b"MemoryError"


@pytest.mark.parametrize("attempt", ["sleep", "spin"])
def test_it_has_bounded_time(file: Path, attempt: str) -> None:
    began = time.monotonic()
    with pytest.raises(CellError) as ended:
        ask(INMATE, file, Bounds(seconds=1.5, answer_bytes=100), attempt)
    assert ended.value.late
    assert time.monotonic() - began < 15


@pytest.mark.parametrize("attempt", ["flood", "crash"])
def test_it_says_only_so_much_and_may_die(file: Path, attempt: str) -> None:
    with pytest.raises(CellError) as ended:
        ask(INMATE, file, BOUNDS, attempt)
    assert not ended.value.late


@pytest.mark.parametrize(
    ("look", "suffixes"),
    [
        (
            "from sync.hub import examiner as m; look = lambda f: m.examined(f, m.Medium('clip'))",
            (".mkv", ".ts", ".mp4"),
        ),
        (
            "from sync.hub import examiner as m; look = lambda f: m.examined(f, m.Medium('still'))",
            (".png", ".jpg", ".webp"),
        ),
        ("from sync.hub import listener as m; look = lambda f: m.measured(f, with_siren=True)", (".mkv", ".mp4")),
        (
            "from sync.hub import pdf_drawer as m; m.answer = lambda told: None; look = lambda f: m.draw(f, 640, 360)",
            (".pdf",),
        ),
    ],
)
def test_all_is_loaded_before_the_cell_is_closed(look: str, suffixes: tuple[str, ...], tmp_path: Path) -> None:
    """Where root runs it from a folder of its own, the inmate could not read our code any more."""
    script = (
        f"import sys\n{look}\nloaded = set(sys.modules)\n"
        "for name in sys.argv[1:]:\n    with open(name, 'rb') as file: look(file)\n"
        "print(sorted(set(sys.modules) - loaded))"
    )
    files = [str(made(tmp_path / f"a{suffix}")) for suffix in suffixes]
    told = subprocess.run([sys.executable, "-c", script, *files], check=True, capture_output=True, text=True).stdout
    assert told == "[]\n"


def made(path: Path) -> Path:
    """A file of the kind its suffix says; of clips one with sound, subtitles and, in Matroska, an attachment."""
    if path.suffix == ".pdf":
        path.write_bytes(pdf([words(b"x")]))
    elif path.suffix in {".png", ".jpg", ".webp"}:
        make_picture(path)
    else:
        titles = path.with_name("a.srt")
        titles.write_text("1\n00:00:00,000 --> 00:00:00,500\nx\n", encoding="utf-8")
        streams = ("-f", "lavfi", "-i", "testsrc2=size=64x36:d=1", "-f", "lavfi", "-i", "sine=d=1", "-i", str(titles))
        coded = ("-pix_fmt", "yuv420p", "-map", "0", "-map", "1", "-map", "2")
        kinds = {
            ".mp4": ("-c:s", "mov_text"),
            ".ts": ("-map", "-2"),
            ".mkv": ("-attach", str(titles), "-metadata:s:t", "mimetype=text/plain"),
        }
        subprocess.run(["ffmpeg", "-v", "error", *streams, *coded, *kinds[path.suffix], str(path)], check=True)
    return path


def children() -> set[str]:
    """The processes that this thread started and that were not waited for."""
    return set(Path(f"/proc/self/task/{threading.get_native_id()}/children").read_text().split())


def test_nothing_is_left_of_it(file: Path) -> None:
    before = open_descriptors(), children()
    for attempt in ("read", "crash", "flood"):
        try:
            ask(INMATE, file, BOUNDS, attempt)
        except CellError:
            continue
    assert (open_descriptors(), children()) == before
