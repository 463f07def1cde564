"""A disk that is full or fails: a clear sentence, nothing wrong in the store, and afterwards it goes on."""

import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Final

import pytest

from sync.agent.download import Wanted, fetch
from sync.agent.folder_source import FolderSource
from sync.agent.media_store import MediaStore, Space
from sync.agent.requests_source import RequestsSource
from sync.pieces import PIECE_BYTES
from sync.refusals import RefusalError
from tests.support.feed_server import feed_server
from tests.support.small_feed import add_file, some_bytes, wrong_files

CLIP: Final = some_bytes("clip", 5 * PIECE_BYTES + 100_000)


class TrustingStore(MediaStore):
    """Takes every disk for a large one, as when somebody else fills it meanwhile."""

    def space(self) -> Space:
        return Space(1 << 50, 1 << 50, 0)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of four megabytes."""
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(disk)], check=True)
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_disk_that_is_filled_meanwhile(tmp_path: Path, small_disk: Path) -> None:
    clip = add_file(tmp_path / "feed", CLIP, "clip.mp4")
    picture = add_file(tmp_path / "feed", some_bytes("picture", 3000), "picture.png")
    store = TrustingStore(small_disk)
    with pytest.raises(RefusalError) as refused:
        fetch([clip, picture], FolderSource(tmp_path / "feed"), store)
    assert refused.value.code == "no-space"
    assert store.part(clip.sha256).stat().st_size >= 3 * PIECE_BYTES
    subprocess.run(["mount", "-o", "remount,size=16m", str(small_disk)], check=True)
    with feed_server(tmp_path / "feed") as server:
        source = RequestsSource(server.url)
        fetch([clip, picture], source, store)
        source.close()
        assert server.body_bytes.total() <= len(CLIP) - 3 * PIECE_BYTES + 4000
    assert not wrong_files(store)


def test_a_full_disk_is_refused_with_its_numbers(tmp_path: Path, small_disk: Path) -> None:
    clip = add_file(tmp_path / "feed", CLIP, "clip.mp4")
    with pytest.raises(RefusalError, match=r"5 MB more needed, 4 MB of 4 MB free, 0 MB of these stay free"):
        fetch([clip], FolderSource(tmp_path / "feed"), MediaStore(small_disk, floor=100_000))


@pytest.mark.parametrize(("call", "when"), [("fsync", 7), ("pwrite64", 4)])
def test_a_disk_that_fails(tmp_path: Path, call: str, when: int) -> None:
    clip = add_file(tmp_path / "feed", CLIP, "clip.mp4")
    store = MediaStore(tmp_path / "agent", floor=0)
    with feed_server(tmp_path / "feed") as server:
        fault = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"inject={call}:error=EIO:when={when}+"]
        failed = _download(server.url, tmp_path / "agent", clip, fault)
        assert failed.returncode
        assert "RefusalError: “clip.mp4” cannot be written to the disk: Input/output error." in failed.stderr
        assert not store.has(clip.sha256, clip.length)
        # What a failed fsync left is not relied upon.
        assert call == "pwrite64" or not store.part(clip.sha256).exists()
        assert not _download(server.url, tmp_path / "agent", clip, []).returncode
    assert store.has(clip.sha256, clip.length)
    assert not wrong_files(store)


def test_a_file_larger_than_files_may_be(tmp_path: Path) -> None:
    clip = add_file(tmp_path / "feed", CLIP, "clip.mp4")
    store = MediaStore(tmp_path / "agent", floor=0)
    with _files_no_larger_than(2 * PIECE_BYTES + 5), pytest.raises(RefusalError, match="cannot be written"):
        fetch([clip], FolderSource(tmp_path / "feed"), store)
    fetch([clip], FolderSource(tmp_path / "feed"), store)
    assert not wrong_files(store)


@contextmanager
def _files_no_larger_than(length: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (length, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def _download(url: str, kiosk: Path, clip: Wanted, prefix: list[str]) -> "subprocess.CompletedProcess[str]":
    module = [sys.executable, "-m", "tests.support.download_process"]
    command = [*prefix, *module, url, str(kiosk), json.dumps([asdict(clip)])]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
