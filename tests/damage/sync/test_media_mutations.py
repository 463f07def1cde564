"""Media that are not what was signed, in every way a file can be wrong: never one of them in the store."""

import contextlib
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from sync.agent.download import Wanted, fetch
from sync.agent.folder_source import FolderSource
from sync.agent.media_store import MediaStore
from sync.agent.ports import SourceError
from sync.feed import media_name, pieces_name
from sync.pieces import PIECE_BYTES
from sync.refusals import RefusalError
from tests.support import mutations
from tests.support.small_feed import add_file, some_bytes, wrong_files

WAYS: Final = (
    mutations.bit_flips,
    mutations.early_bit_flips,
    mutations.zeroed_run,
    mutations.truncated,
    mutations.spliced,
    mutations.swapped_blocks,
    mutations.random_bytes,
    mutations.noise_behind_the_head,
    mutations.some_text,
    mutations.emptied,
)
PICTURE: Final = some_bytes("picture", 6000)
CLIP: Final = some_bytes("clip", PIECE_BYTES + 200_000)


@pytest.fixture
def in_memory() -> Iterator[Path]:
    """A folder on a disk whose fsync costs nothing: this is about content."""
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        yield Path(folder)


@pytest.mark.parametrize("count", [150, pytest.param(10_000, marks=pytest.mark.long)])
def test_files_of_one_piece(in_memory: Path, count: int) -> None:
    _try_mutations(in_memory, PICTURE, count, [])


@pytest.mark.parametrize("count", [10, pytest.param(1000, marks=pytest.mark.long)])
def test_files_with_a_piece_list(in_memory: Path, count: int) -> None:
    _try_mutations(in_memory, CLIP, count, [])


@pytest.mark.parametrize("count", [10, pytest.param(1000, marks=pytest.mark.long)])
def test_piece_lists(in_memory: Path, count: int) -> None:
    clip = add_file(in_memory / "feed", CLIP, "clip.mp4")
    assert clip.pieces is not None
    _try_mutations(in_memory, CLIP, count, [pieces_name(clip.pieces.sha256)])


def _try_mutations(in_memory: Path, content: bytes, count: int, names: list[str]) -> None:
    feed = in_memory / "feed"
    wanted = add_file(feed, content, "file")
    names = names or [media_name(wanted.sha256)]
    good = {name: (feed / name).read_bytes() for name in names}
    store = MediaStore(in_memory / "agent", floor=0)
    for number in range(count):
        chance = random.Random(number)  # noqa: S311 - the same mutations every time
        for name in names:
            way = chance.choice(WAYS)
            (feed / name).write_bytes(mutations.damaged(good[name], way, f"{number}"))
        if chance.random() < 0.5:
            store.part(wanted.sha256).write_bytes(content[: chance.randrange(len(content))])
        _take_nothing_wrong(wanted, feed, store)
    for name in names:
        (feed / name).write_bytes(good[name])
    fetch([wanted], FolderSource(feed), store)
    assert store.path(wanted.sha256).read_bytes() == content


def _take_nothing_wrong(wanted: Wanted, feed: Path, store: MediaStore) -> None:
    """A wrong file is refused, unless what is wrong of it was there already, rightly."""
    with contextlib.suppress(RefusalError, SourceError):
        fetch([wanted], FolderSource(feed), store)
    assert not wrong_files(store)
    store.collect([])
