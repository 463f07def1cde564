"""The parts of `tests.bench.living` without a screen: swaps in simulated time, bulletins laid out, plans."""

import gc
import statistics
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Final

from PySide6.QtGui import QGuiApplication, QImage

from player.bulletins.setting import Setter
from player.bulletins.wanted import Wanted
from player.clock import ManualClock
from player.fitting import Size
from player.rehearsal import Script
from playlists.bulletin import Bulletin
from playlists.loop import plan_day
from playlists.playlist import Item, Playlist, Sequence, Slot
from playlists.screen import Screen
from tests.bench import rota
from tests.bench.living_report import Row, spread
from tests.support.bulletins import bulletin
from tests.support.live_rehearsal import LiveRehearsal, plain_media

_LAID_OUT_MS: Final = 50
_DAY_MS: Final = 200
_ITEMS: Final = 2_000
_CLIP_MS: Final = 30_000


def rehearsed_swaps(folder: Path, swaps: int) -> Row:
    """A release a minute of simulated time, the real conductor and programme, decoders by script."""
    folder.mkdir(parents=True)
    screen = Screen("screen-1", "bo-y", "cluster-1")
    clock = ManualClock(wall=datetime(2026, 11, 24, 1, tzinfo=UTC))
    kiosk = LiveRehearsal(folder / "state", screen, clock, {name: [Script(length=_CLIP_MS)] for name in "abc"})
    media, items = plain_media(kiosk.agent, folder, dict.fromkeys("abc", _CLIP_MS))
    slots = [Slot(item.id, item) for item in items]
    kiosk.agent.publish(Playlist("p", "0", tuple(slots), planned=True), media, screen)
    kiosk.boot()
    for number in range(swaps):
        kiosk.play(58_000 + number % 7 * 1_700)
        order = slots[number % 3 :] + slots[: number % 3]
        kiosk.agent.publish(Playlist("p", str(number), tuple(order), planned=True), media, screen)
        kiosk.deliver()
    kiosk.play(70_000)
    kiosk.run.stop()
    shown = kiosk.shown()
    lost = sum(play.end.frames_lost or 0 for play in shown)
    begins = [play.end.start.monotonic for play in shown[1:] if play.end.start is not None]
    late = max(abs(after - before - _CLIP_MS * 1_000_000) for before, after in pairwise(begins)) / 1e6
    releases = len({play.start.release for play in shown})
    what = f"{swaps} swaps in simulated time, {releases} releases shown: frames lost; latest cut"
    return Row(what, "0", f"{lost}; {late:.0f} ms", "-", lost == 0 and releases >= swaps)


class DrawnBulletins:
    """Bulletins laid out and painted in this process, as the typesetter does."""

    def __init__(self, canvas: tuple[int, int]) -> None:
        self._application = QGuiApplication.instance() or QGuiApplication(["bench", "-platform", "offscreen"])
        self._canvas = Size(*canvas)
        self._setter = Setter()

    def picture(self, item: Item, path: Path) -> Path:
        """An item's first page as a file."""
        assert item.bulletin is not None
        image = self._image()
        self._setter.paint(self._setter.set(Wanted(item.bulletin, self._canvas)), 0, image)
        assert image.save(str(path))
        return path

    def rows(self, languages: tuple[str, ...], amount: int) -> Iterator[Row]:
        """Wall and processor time of so many bulletins in these languages, no two alike."""
        contents = [_numbered(bulletin(*languages), number) for number in range(amount + 5)]
        image, laid, used, painted = self._image(), [], [], []
        gc.collect()
        for number, content in enumerate(contents):
            wall, processor = time.perf_counter(), time.process_time()
            made = self._setter.set(Wanted(content, self._canvas))
            times = time.perf_counter() - wall, time.process_time() - processor
            processor = time.process_time()
            self._setter.paint(made, 0, image)
            if number >= len(contents) - amount:
                laid.append(times[0] * 1000)
                used.append(times[1] * 1000)
                painted.append((time.process_time() - processor) * 1000)
        name = " + ".join(languages)
        must = f"<= {_LAID_OUT_MS} ms"
        yield Row(f"{name}: laid out, wall, {amount} bulletins", must, spread(laid), "-", max(laid) <= _LAID_OUT_MS)
        yield Row(f"{name}: laid out, processor", must, spread(used), "-", max(used) <= _LAID_OUT_MS)
        yield Row(f"{name}: its first page painted, processor", "", spread(painted), "-", None)

    def _image(self) -> QImage:
        return QImage(self._canvas.width, self._canvas.height, QImage.Format.Format_RGB32)


def _numbered(content: Bulletin, number: int) -> Bulletin:
    """The same with a number in every text, so that it was never laid out before."""
    texts = (replace(text, title=f"{text.title} {number}", body=f"{text.body} {number}") for text in content.texts)
    return replace(content, texts=tuple(texts))


def plan_rows(runs: int, playlists: int) -> Iterator[Row]:
    """A day of 2,000 items in each order, and shares of languages; `tests.bench.rota` with fewer of each."""
    screen = Screen("screen-1", "bo-y", "cluster-1", shares={"lo": 30.0, "en": 10.0})
    for sequence in Sequence:
        playlist = rota.large_playlist(_ITEMS, sequence)

        def ours(playlist: Playlist = playlist) -> object:
            return plan_day(playlist, screen, date(2026, 11, 24))

        def peer(playlist: Playlist = playlist) -> object:
            return rota.round_robin(playlist)

        times, others = rota.measured(ours, runs), rota.measured(peer, runs)
        what = f"plan of a day, {_ITEMS} items, {sequence.value}, processor, {runs} times (peer: round robin, no rules)"
        held = statistics.median(times) <= _DAY_MS
        yield Row(what, f"<= {_DAY_MS} ms", spread(times), spread(others), held)
    missed = list(rota.share_misses(playlists))
    far = sum(not nearly for _, _, nearly in missed)
    what = f"language shares of an hour, {playlists} playlists: missed by more than the longest item / by less"
    yield Row(what, "0", f"{far} / {len(missed) - far}", "-", far == 0)
