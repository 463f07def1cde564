"""Sticks prepared to do harm: the kiosk keeps what it had, in bounded time and space, and reads nothing else."""

import os
import shutil
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from _pytest.mark.structures import ParameterSet

from sync import feed
from sync.bundle import FEED, RETURN, return_folder
from tests.support.agent_kiosk import playlist_of
from tests.support.stick_hub import StickHub
from tests.support.stick_post import Post

CLIP = os.urandom(2_500_000)
PROMPT = 20.0
"""Seconds a hostile stick may keep the agent busy here; most take a tenth of one."""


@dataclass
class Made:
    """A hub, a post that shows release 1, and a good stick with release 2, as they lie in ``folder``."""

    folder: Path
    hub: StickHub


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("made")
    hub = StickHub(folder / "hub")
    for name in ("first", "stick"):
        (folder / name).mkdir()
    publish(hub, 1, b"first")
    hub.export(folder / "first")
    assert Post(folder / "post", hub.feed.first_root).put_in(folder / "first") is not None
    hub.feed.now += timedelta(days=1)
    publish(hub, 2, CLIP)
    hub.export(folder / "stick")
    return Made(folder, hub)


@pytest.fixture
def hub(made: Made) -> StickHub:
    return made.hub


@pytest.fixture
def post(made: Made, tmp_path: Path) -> Post:
    shutil.copytree(made.folder / "post", tmp_path / "post")
    found = Post(tmp_path / "post", made.hub.feed.first_root)
    assert found.sequence == 1
    return found


@pytest.fixture
def stick(made: Made, tmp_path: Path) -> Path:
    """To be spoiled."""
    shutil.copytree(made.folder / "stick", tmp_path / "stick")
    return tmp_path / "stick"


def publish(hub: StickHub, sequence: int, *clips: bytes) -> None:
    media = [hub.feed.add_media(clip, f"clips/{number}.mp4") for number, clip in enumerate(clips)]
    hub.feed.add_release("bo-y", "tuong-1", sequence, playlist_of(*media), media)
    hub.feed.publish()


def replaced_by_link(path: Path, elsewhere: Path) -> None:
    """The same content, but elsewhere."""
    elsewhere.write_bytes(path.read_bytes())
    path.unlink()
    path.symlink_to(elsewhere)


def replaced_by_fifo(path: Path, _: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def replaced_by_socket(path: Path, _: Path) -> None:
    path.unlink()
    here = Path.cwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as bound:
            bound.bind(path.name)
    finally:
        os.chdir(here)


def replaced_by_folder(path: Path, _: Path) -> None:
    path.unlink()
    path.mkdir()


def replaced_by_zero(path: Path, _: Path) -> None:
    """An endless file, where the file system allows device files."""
    path.unlink()
    os.mknod(path, 0o600 | 0o020000, os.makedev(1, 5))


def replaced_by_loop(path: Path, _: Path) -> None:
    path.unlink()
    path.symlink_to(path)


def made_sparse(path: Path, _: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(1 << 42)


def emptied(path: Path, _: Path) -> None:
    path.write_bytes(b"")


def cut(path: Path, _: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def lengthened(path: Path, _: Path) -> None:
    path.write_bytes(path.read_bytes() + b"x")


def made_unreadable(path: Path, _: Path) -> None:
    path.chmod(0)


def flipped(path: Path, _: Path) -> None:
    content = bytearray(path.read_bytes())
    # One of four signatures may be wrong; what is signed may not.
    content[max(content.find(b'"expires"') + 15, 0) if content.startswith(b"{") else len(content) // 2] ^= 1
    path.write_bytes(content)


SPOILED = [
    replaced_by_link,
    replaced_by_fifo,
    replaced_by_socket,
    replaced_by_folder,
    replaced_by_zero,
    replaced_by_loop,
    made_sparse,
    emptied,
    cut,
    lengthened,
    flipped,
]


KINDS = ("timestamp", "snapshot", "department", "media")


def each(rows: Sequence[object], columns: Sequence[object]) -> list[ParameterSet]:
    """All pairs; each row with one column in the fast tests, the rest in the long ones."""
    return [
        pytest.param(row, column, marks=() if place == number % len(columns) else pytest.mark.long)
        for number, row in enumerate(rows)
        for place, column in enumerate(columns)
    ]


def a_name_of(kind: str, hub: StickHub) -> str:
    snapshot = hub.feed.snapshot.version
    names = {
        "timestamp": feed.TIMESTAMP,
        "snapshot": feed.metadata_name("snapshot", snapshot),
        "department": feed.metadata_name("department", hub.feed.delegated["department"].version),
        "media": feed.media_name(sha256(CLIP).hexdigest()),
    }
    return names[kind]


@pytest.mark.parametrize(("spoil", "kind"), each(SPOILED, KINDS))
def test_a_spoiled_file_changes_nothing(
    hub: StickHub, post: Post, stick: Path, tmp_path: Path, spoil: Callable[[Path, Path], None], kind: str
) -> None:
    path = stick / FEED / a_name_of(kind, hub)
    good = path.read_bytes()
    spoil(path, tmp_path / "elsewhere")
    begun = time.monotonic()
    outcome = post.put_in(stick)

    assert time.monotonic() - begun < PROMPT
    assert outcome is not None
    assert outcome.code not in {"taken", "nothing-new"}
    assert post.sequence == 1
    assert sum(path.stat().st_blocks * 512 for path in post.state.rglob("*") if path.is_file()) < 5_000_000
    if path.is_dir():
        path.rmdir()
    path.unlink(missing_ok=True)
    path.write_bytes(good)
    mended = post.put_in(stick)
    assert mended is not None
    assert (mended.code, post.sequence) == ("taken", 2)


@pytest.mark.parametrize(
    ("kind", "place"),
    each(["link", "loop", "file", "fifo"], ["signage", "signage/feed", "signage/feed/metadata", "signage/feed/media"]),
)
def test_a_spoiled_folder_changes_nothing(post: Post, stick: Path, tmp_path: Path, place: str, kind: str) -> None:
    folder = stick / place
    folder.rename(tmp_path / "moved")
    if kind == "link":
        folder.symlink_to(tmp_path / "moved")
    elif kind == "loop":
        folder.symlink_to(folder)
    elif kind == "file":
        folder.write_bytes(b"")
    else:
        os.mkfifo(folder)
    outcome = post.put_in(stick)

    assert outcome is None or outcome.code not in {"taken", "nothing-new"}
    assert post.sequence == 1


@pytest.mark.parametrize("place", [RETURN, return_folder("bo-y", "tuong-1"), f"{RETURN}/bo-y"])
def test_a_report_is_never_written_through_a_link(post: Post, stick: Path, tmp_path: Path, place: str) -> None:
    theirs = tmp_path / "theirs"
    (theirs / "tuong-1").mkdir(parents=True)
    (stick / place).parent.mkdir(parents=True, exist_ok=True)
    (stick / place).symlink_to(theirs)
    outcome = post.put_in(stick)

    assert outcome is not None
    assert (outcome.code, outcome.reported, post.sequence) == ("taken", False, 2)
    assert [path for path in theirs.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("spoil", "name"),
    each(
        [replaced_by_link, replaced_by_fifo, replaced_by_loop, replaced_by_zero],
        ["have.json", "have.json.part", "outcome.json.part"],
    ),
)
def test_a_report_never_goes_into_what_lies_there(
    post: Post, stick: Path, tmp_path: Path, name: str, spoil: Callable[[Path, Path], None]
) -> None:
    place = stick / return_folder("bo-y", "tuong-1") / name
    place.parent.mkdir(parents=True)
    place.write_bytes(b"theirs")
    spoil(place, tmp_path / "theirs")
    outcome = post.put_in(stick)

    assert outcome is not None
    assert (outcome.code, outcome.reported, post.sequence) == ("taken", True, 2)
    assert not (tmp_path / "theirs").exists() or (tmp_path / "theirs").read_bytes() == b"theirs"
    assert (stick / return_folder("bo-y", "tuong-1") / "have.json").is_file()


def test_a_name_that_stays_in_the_sentence_is_a_signed_one(hub: StickHub, post: Post, stick: Path) -> None:
    (stick / "signage" / "bundle.json").write_text('{"format": 1, "name": "Lời lẽ xấu", "made": "x"}')
    outcome = post.put_in(stick)

    assert outcome is not None
    assert "Lời lẽ xấu" not in outcome.vi + "".join(post.told)
    assert hub.feed.now


@pytest.mark.parametrize(
    "name", [b"\xff\xfe", "\u202egnp.exe".encode(), b"a\nb", b"con", b"'; rm -rf ~", b"x" * 255, "ờ".encode() * 80]
)
def test_odd_names_beside_ours_do_no_harm(post: Post, stick: Path, name: bytes) -> None:
    for folder in (stick, stick / FEED, stick / FEED / "media"):
        (Path(os.fsdecode(os.fsencode(folder) + b"/" + name))).write_bytes(b"x")
    outcome = post.put_in(stick)

    assert outcome is not None
    assert (outcome.code, post.sequence) == ("taken", 2)


def test_a_stick_mounted_under_an_odd_name_is_taken(post: Post, stick: Path) -> None:
    odd = Path(os.fsdecode(os.fsencode(stick.parent) + b"/\xff\xfe \n x"))
    stick.rename(odd)
    outcome = post.put_in(odd)

    assert outcome is not None
    assert (outcome.code, post.sequence) == ("taken", 2)


def test_thousands_of_files_cost_nothing(post: Post, stick: Path) -> None:
    for folder in ("media", "metadata"):
        for number in range(1_000):
            (stick / FEED / folder / f"{number}.x").touch()
    begun = time.monotonic()
    outcome = post.put_in(stick)

    assert outcome is not None
    assert (outcome.code, post.sequence) == ("taken", 2)
    assert time.monotonic() - begun < PROMPT


def test_a_row_of_roots_without_end_comes_to_one(hub: StickHub, post: Post, stick: Path) -> None:
    root = (stick / FEED / feed.metadata_name("root", 1)).read_bytes()
    for version in range(hub.feed.root.version + 1, hub.feed.root.version + 500):
        (stick / FEED / feed.metadata_name("root", version)).write_bytes(root)
    outcome = post.put_in(stick)

    assert outcome is not None
    assert (outcome.code, post.sequence) == ("unfinished", 1)
