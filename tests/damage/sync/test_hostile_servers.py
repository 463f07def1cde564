"""No wrong file and no hang from any of the broken or hostile servers, and the good one afterwards mends everything."""

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Final

import pytest

from playlists.errors import SignageError
from sync.agent.download import fetch
from sync.agent.http_session import Patience
from sync.agent.media_store import MediaStore
from sync.agent.ports import BusyError, SourceError
from sync.agent.requests_source import RequestsSource
from sync.pieces import PIECE_BYTES
from sync.refusals import RefusalError
from tests.support import hostile_server as hostile
from tests.support.feed_server import feed_server
from tests.support.small_feed import add_file, leave_part, some_bytes, wrong_files

CLIP: Final = some_bytes("clip", 3 * PIECE_BYTES + PIECE_BYTES // 2)
PICTURE: Final = some_bytes("picture", 70_000)
BEGUN: Final = PIECE_BYTES + 5000
HURRIED: Final = Patience(connect=1.0, silence=0.6, window=0.9, floor=512)
LONGEST_S: Final = 60.0
BEHAVIOURS: Final = [behaviour for some in hostile.BEHAVIOURS.values() for behaviour in some]
CASES: Final = [
    pytest.param(one, id=f"{kind}, {one.__name__}") for kind, some in hostile.BEHAVIOURS.items() for one in some
]
AT_A_TIME: Final = 8
"""They mostly wait."""
COMPLETE: Final = {hostile.whole_for_a_range, hostile.another_range, hostile.endless}
"""Those from whom a file can be had all the same; of ``another_range`` only what was not begun."""

# They share what is found out at once.
pytestmark = pytest.mark.xdist_group("hostile servers")


def test_there_are_the_twelve_of_the_promise() -> None:
    assert len(hostile.BEHAVIOURS) >= 12


@pytest.fixture(scope="module")
def half_way(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Future[None]]]:
    """Every hostile server met by a kiosk that has half of the files."""
    with ThreadPoolExecutor(AT_A_TIME) as threads:
        yield {
            one.__name__: threads.submit(_meet, tmp_path_factory.mktemp("kiosk"), one, HURRIED, begun=True)
            for one in BEHAVIOURS
        }


@pytest.mark.parametrize("behaviour", CASES)
def test_a_hostile_server_half_way(half_way: dict[str, Future[None]], behaviour: hostile.Behaviour) -> None:
    half_way[behaviour.__name__].result()


@pytest.mark.long
@pytest.mark.parametrize("behaviour", CASES)
def test_a_hostile_server_from_the_start(tmp_path: Path, behaviour: hostile.Behaviour) -> None:
    _meet(tmp_path, behaviour, HURRIED, begun=False)


@pytest.mark.long
@pytest.mark.parametrize(
    "behaviour",
    [hostile.trickle, hostile.trickled_headers, hostile.trickled_chunks, hostile.silence, hostile.endless],
    ids=lambda behaviour: str(behaviour.__name__),
)
def test_nobody_holds_up_a_kiosk_for_a_minute(tmp_path: Path, behaviour: hostile.Behaviour) -> None:
    _meet(tmp_path, behaviour, Patience(), begun=True)


def _meet(tmp_path: Path, behaviour: hostile.Behaviour, patience: Patience, *, begun: bool) -> None:
    feed = tmp_path / "feed"
    wanted = [add_file(feed, CLIP, "clip.mp4"), add_file(feed, PICTURE, "picture.png")]
    store = MediaStore(tmp_path / "agent", floor=0)
    if begun:
        leave_part(store, wanted[0], CLIP[:BEGUN])
        leave_part(store, wanted[1], PICTURE[:5000])
    with hostile.hostile_server(feed, behaviour) as server:
        source = RequestsSource(server.url, patience=patience)
        began = time.monotonic()
        failed: SignageError | None = None
        try:
            fetch(wanted, source, store)
        except SignageError as error:
            failed = error
        assert time.monotonic() - began < LONGEST_S
        source.close()
        asked = len(server.requests)

    assert not wrong_files(store)
    complete = behaviour in COMPLETE and not (begun and behaviour is hostile.another_range)
    assert (failed is None) == complete, failed
    assert failed is None or isinstance(failed, SourceError | RefusalError)
    assert isinstance(failed, BusyError) == (behaviour is hostile.storm)
    assert asked <= 40

    with feed_server(feed) as server:
        source = RequestsSource(server.url)
        fetch(wanted, source, store)
        source.close()
        assert server.body_bytes.total() <= len(CLIP) + len(PICTURE) + 200
    assert sorted(store.digests()) == sorted(one.sha256 for one in wanted)
    assert not wrong_files(store)
