"""`python -m tests.bench.living`: what a kiosk with a state folder does in time: urgent, withdrawn, swapped, planned.

Everything but the 500 swaps in simulated time is the real program on a virtual screen; prints a section of RESULTS.md.
"""

import argparse
import datetime as dt
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from itertools import count, pairwise
from operator import itemgetter
from pathlib import Path
from typing import Final

from playlists.playlist import Item, ItemKind, Slot
from playlists.release import MediaFile, UrgentBulletin, Withdrawn, write_urgent, write_withdrawn
from playlists.schedule import Precedence
from playlists.timing import DurationMs
from tests.bench import clips, machine
from tests.bench.blockcode import Mark, block_centres, read_blocks
from tests.bench.costs import ControlGroup, look
from tests.bench.living_report import Row, section, spread
from tests.bench.living_studies import DrawnBulletins, plan_rows, rehearsed_swaps
from tests.bench.mpv_peer import told_mpv
from tests.bench.studio import build
from tests.bench.xscreen import Screen
from tests.support.agent import Agent, clips_of
from tests.support.bulletins import bulletin, urgent
from tests.support.player_process import PlayerRun, Stage, stage
from tests.support.xserver import x_server

_ROOT: Final = Path(__file__).resolve().parents[2]
_CANVAS: Final = (1280, 720)
_BAND: Final = (0x0A, 0x31, 0xB4)
"""Blue, green, red of the urgent band."""
_NEAR: Final = 14
_LOOK_S: Final = 0.002
_PATIENCE_S: Final = 15.0
_PROMISED_MS: Final = 300
_FLAT: Final = 1.02
"""The last third against the second; the first is that of a player that has just started."""
_LANGUAGES: Final = (("vi",), ("vi", "lo"), ("vi", "km"), ("vi", "en"), ("vi", "lo", "en"))


class NeverSeenError(Exception):
    """What was waited for did not come to the screen."""


@dataclass
class Eyes:
    """Looks at the upper left corner, where an urgent band is, and at the clips' code."""

    screen: Screen
    gaps: list[float] = field(default_factory=list)
    """Seconds between one look and the next while something was timed."""

    def __post_init__(self) -> None:
        centres = block_centres(*_CANVAS)
        self._code = self.screen.strip(centres[0], _CANVAS[1] // 2, centres[-1] - centres[0] + 1, 1)
        self._places = itemgetter(*((x - centres[0]) * 4 + 1 for x in centres))
        self._corner = self.screen.strip(2, 3, 24, 1)

    def urgent(self) -> bool:
        """Whether the corner is all of the urgent band's colour."""
        self._corner.look()
        return is_band(bytes(self._corner.pixels))

    def mark(self) -> Mark | None:
        """The clip and frame on the screen, None where there is none."""
        self._code.look()
        return read_blocks(self._places(self._code.pixels))

    def a_clip(self) -> bool:
        """Whether any clip is on the screen."""
        return self.mark() is not None

    def wait(self, condition: Callable[[], bool], since: float | None = None) -> float:
        """Seconds from `since` (now) to the first look at which the condition holds. Raises NeverSeenError."""
        begun = last = time.monotonic()
        since = begun if since is None else since
        with _wide_awake():
            while not condition():
                now = time.monotonic()
                if now - begun > _PATIENCE_S:
                    raise NeverSeenError
                self.gaps.append(now - last)
                last = now
                time.sleep(_LOOK_S)
        return time.monotonic() - since


@dataclass
class Vanishing:
    """Asks until another clip is seen than `clip`; `gone` is then since when `clip` was not seen, monotonic."""

    clip: int
    see: Callable[[], Mark | None]
    now: Callable[[], float] = time.monotonic
    gone: float | None = None

    def __call__(self) -> bool:
        """Look once more."""
        mark = self.see()
        if mark is not None and mark.clip == self.clip:
            self.gone = None
            return False
        self.gone = self.now() if self.gone is None else self.gone
        return mark is not None


@contextmanager
def _wide_awake() -> Iterator[None]:
    """Eyes that wait their turn are blind ones; only for a while, for whom this starts would inherit it."""
    with suppress(PermissionError):
        os.setpriority(os.PRIO_PROCESS, 0, -10)
    try:
        yield
    finally:
        with suppress(PermissionError):
            os.setpriority(os.PRIO_PROCESS, 0, 0)


def is_band(pixels: bytes) -> bool:
    """Whether all pixels (four bytes each, blue first) are of the urgent band's colour."""
    return all(
        abs(pixels[at + channel] - _BAND[channel]) <= _NEAR for at in range(0, len(pixels), 4) for channel in range(3)
    )


def renamed(path: Path, content: bytes) -> float:
    """Write a file as the agent does; the monotonic moment just before its rename."""
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(content)
    moment = time.monotonic()
    part.replace(path)
    return moment


def urgent_slot(name: str, milliseconds: int) -> Slot:
    """An urgent bulletin of text, Vietnamese and Lao, in force from now on for an hour."""
    content = urgent("lo")
    assert content.urgency is not None
    since = dt.datetime.now(dt.UTC).replace(microsecond=0)
    urgency = replace(content.urgency, issued=since, expires=since + dt.timedelta(hours=1))
    content = replace(content, issued=since, urgency=urgency)
    item = Item(name, "", ItemKind.BULLETIN, name, ("vi", "lo"), duration=DurationMs(milliseconds), bulletin=content)
    return Slot(name, item, precedence=Precedence.URGENT)


@dataclass
class Kiosk:
    """A player on a state folder of its own."""

    agent: Agent
    place: Stage
    eyes: Eyes
    media: list[MediaFile]
    run: PlayerRun
    group: ControlGroup | None

    def lost(self, kind: str = "", outcome: str | None = None) -> tuple[int, int]:
        """Frames shown and lost of the items whose name ends so, from the log."""
        plays = [play for play in self.run.log.shown if play.item.endswith(kind)]
        plays = [play for play in plays if outcome is None or play.outcome == outcome]
        return sum(play.frames[0] for play in plays), sum(play.frames[1] for play in plays)


@contextmanager
def kiosk(place: Stage, eyes: Eyes, path: Path, files: list[Path], news: list[Slot] | None = None) -> Iterator[Kiosk]:
    """A player that shows these clips, each followed by one of the bulletins where there are some."""
    agent = Agent(path)
    media = [agent.bring(file) for file in files]
    playlist = clips_of(media)
    if news:
        pairs = zip(playlist.slots, news, strict=True)
        playlist = replace(playlist, slots=tuple(slot for pair in pairs for slot in pair))
    agent.publish(playlist, media)
    run = place.start("--state", agent.path, "--trust-clock", log=agent.folder.log)
    try:
        group: ControlGroup | None = ControlGroup(f"living-{run.process.pid}")
        assert group is not None
        group.door.write_text(str(run.process.pid))
    except OSError:
        group = None
    try:
        eyes.wait(eyes.a_clip)
        time.sleep(3)
        yield Kiosk(agent, place, eyes, media, run, group)
    finally:
        if run.process.poll() is None:
            run.stop()
        sys.stderr.write(run.stderr)
        if group is not None:
            group.close()


def urged(one: Kiosk, times: int) -> list[float]:
    """Milliseconds from the rename of an urgent bulletin to its pixels."""
    eyes, came = one.eyes, []
    for number in range(times):
        eyes.wait(eyes.a_clip)
        time.sleep(0.7 + number % 7 * 0.083)
        slot = urgent_slot(f"lu-{number}", 800)
        file = one.agent.folder.urgent / f"{slot.item.id}.json"
        if eyes.urgent():
            msg = "a clip looks like the urgent band"
            raise NeverSeenError(msg)
        moment = renamed(file, write_urgent(UrgentBulletin(slot.item.id, slot), slot.item.id))
        came.append(eyes.wait(eyes.urgent, moment) * 1000)
        eyes.wait(eyes.a_clip)
        file.unlink()
    return came


def withdrawn(one: Kiosk, times: int) -> tuple[list[float], list[float]]:
    """Milliseconds from the rename to the moment the clip is gone, and to the first pixels of the next."""
    eyes, gone, followed = one.eyes, [], []
    for number in range(times):
        mark = None
        while mark is None or not 5 + number <= mark.frame <= 60:
            mark = eyes.mark()
            time.sleep(_LOOK_S)
        moment = withdrawn_at(one, one.media[mark.clip].source)
        vanishing = Vanishing(mark.clip, eyes.mark)
        followed.append(eyes.wait(vanishing, moment) * 1000)
        assert vanishing.gone is not None
        gone.append((vanishing.gone - moment) * 1000)
        _say(f"withdrawn at frame {mark.frame}: gone {gone[-1]:.0f} ms, the next after {followed[-1]:.0f} ms")
        one.agent.withdraw()
        time.sleep(0.4)
    return gone, followed


def withdrawn_at(one: Kiosk, source: str) -> float:
    """Withdraw an item; the monotonic moment just before the rename."""
    return renamed(one.agent.folder.withdrawn, write_withdrawn(Withdrawn(frozenset({source}))))


def swaps(one: Kiosk, seconds: float, every: float) -> tuple[int, list[float]]:
    """Publish the same clips in another order again and again; how often, and memory in MB once in each turn."""
    until = time.monotonic() + seconds
    pss: list[float] = []
    slots = clips_of(one.media).slots
    for number in count(1):
        pss.append(look(one.run.process.pid, one.group).pss / 1e6)
        if time.monotonic() > until:
            return number - 1, pss
        turn = number % len(slots)
        one.agent.publish(replace(clips_of(one.media), slots=slots[turn:] + slots[:turn]), one.media)
        time.sleep(every)
    raise AssertionError


def news(amount: int) -> list[Slot]:
    """Bulletins of a second each, of one set of languages after the other."""
    slots = []
    for number in range(amount):
        languages = _LANGUAGES[number % len(_LANGUAGES)]
        name = f"tin-{number}.bulletin"
        item = Item(
            name, "", ItemKind.BULLETIN, name, languages, duration=DurationMs(1000), bulletin=bulletin(*languages)
        )
        slots.append(Slot(name, item))
    return slots


def measured(options: argparse.Namespace, folder: Path) -> Iterator[Row]:
    """One row after another, as they are measured."""
    drawn = DrawnBulletins(_CANVAS)
    card = drawn.picture(urgent_slot("card", 1000).item, folder / "card.png")
    with ExitStack() as stack:
        server = stack.enter_context(x_server(folder / "x", *_CANVAS))
        screen = stack.enter_context(Screen(server.display))
        screen.park_pointer()
        place = stack.enter_context(stage(server.display, folder / "home"))
        eyes = Eyes(screen)
        long = [clip.path for clip in build(clips.HD_READY, options.clips, _say).clips]
        short = [clip.path for clip in build(clips.SHORT, options.clips, _say).clips]
        _say("mpv, told to show a picture drawn before")
        peer = told_mpv(server.display, folder, long, card, options.times // 2, eyes)
        yield from _at_once(options, place, eyes, folder, long, peer)
        yield from _swapped(options, place, eyes, folder, short)
        _say("clips and bulletins in turn")
        with kiosk(place, eyes, folder / "news", short, news(len(short))) as one:
            time.sleep(options.news)
            one.run.stop()
            shown, lost = one.lost(".mp4")
            pages = len([play for play in one.run.log.shown if play.item.endswith(".bulletin")])
        yield Row(
            f"frames lost of 720p25 clips of 1 s while {pages} bulletins were prepared",
            "0", f"{lost} of {shown + lost}", "-", lost == 0,
        )  # fmt: skip
    _say("bulletins laid out")
    for languages in _LANGUAGES:
        yield from drawn.rows(languages, options.bulletins)
    _say("plans")
    yield from plan_rows(options.plans, options.playlists)


def _at_once(
    options: argparse.Namespace, place: Stage, eyes: Eyes, folder: Path, files: list[Path], peer: list[float]
) -> Iterator[Row]:
    _say("urgent and withdrawn")
    eyes.gaps.clear()
    with kiosk(place, eyes, folder / "urgent", files) as one:
        came = urged(one, options.times)
        gone, followed = withdrawn(one, options.times)
        one.run.stop()
        shown, lost = one.lost(".mp4")
        cut = one.lost(".mp4", "interrupted")[1]
    told = f"{spread(peer)} (n={len(peer)})" if peer else "-"
    must = f"<= {_PROMISED_MS} ms"
    yield Row(f"urgent file to pixels, {len(came)} times", must, spread(came), told, max(came) <= _PROMISED_MS)
    yield Row(f"withdrawal to gone, {len(gone)} times", must, spread(gone), "-", max(gone) <= _PROMISED_MS)
    yield Row("withdrawal to the next clip's pixels", "", spread(followed), "-", None)
    yield Row(
        "frames lost of the clips meanwhile",
        "0",
        f"{lost} of {shown + lost} ({cut} in plays cut short)",
        "-",
        lost == 0,
    )
    yield Row("time between two looks at the screen", "<= 4 ms", spread([gap * 1000 for gap in eyes.gaps]), "-", None)


def _swapped(options: argparse.Namespace, place: Stage, eyes: Eyes, folder: Path, files: list[Path]) -> Iterator[Row]:
    _say("swaps in simulated time")
    yield rehearsed_swaps(folder / "rehearsed", options.rehearsed)
    _say("the same clips without swaps")
    with kiosk(place, eyes, folder / "bare", files[:6]) as one:
        time.sleep(options.bare)
        one.run.stop()
        shown, lost = one.lost()
    bare = f"{lost} of {shown + lost}"
    _say("swaps of the real player")
    with kiosk(place, eyes, folder / "swaps", files[:6]) as one:
        number, pss = swaps(one, options.swaps, 3.0)
        one.run.stop()
        shown, lost = one.lost()
        plays = one.run.log.shown
    releases = len({play.start["release"] for play in plays})
    new = sum(after.frames[1] for before, after in pairwise(plays) if after.start["release"] != before.start["release"])
    what = f"{number} swaps of the real player in {options.swaps:.0f} s, {releases} releases shown: frames lost"
    ours = f"{lost} of {shown + lost} ({new} in first plays of a release)"
    yield Row(f"{what} (peer: itself without swaps)", "0", ours, bare, lost == 0)
    third = max(1, len(pss) // 3)
    thirds = [statistics.median(part) for part in (pss[:third], pss[third : 2 * third], pss[2 * third :])]
    told = " / ".join(f"{value:.0f}" for value in thirds)
    held = thirds[-1] <= thirds[1] * _FLAT
    yield Row("memory (PSS) in the first, second, last third of it, medians", "flat", f"{told} MB", "-", held)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.living", description=__doc__)
    parser.add_argument("--times", type=int, default=20, help="urgent bulletins, and withdrawals")
    parser.add_argument("--swaps", type=float, default=100, help="seconds of swaps of the real player")
    parser.add_argument("--bare", type=float, default=30, help="seconds of the same clips without swaps")
    parser.add_argument("--rehearsed", type=int, default=500, help="swaps in simulated time")
    parser.add_argument("--news", type=float, default=36, help="seconds of clips and bulletins in turn")
    parser.add_argument("--bulletins", type=int, default=80, help="bulletins laid out in each set of languages")
    parser.add_argument("--plans", type=int, default=5, help="days planned")
    parser.add_argument("--playlists", type=int, default=10_000, help="playlists whose language shares are judged")
    parser.add_argument("--clips", type=Path, default=Path("bench-out/clips"), help="where the test clips are kept")
    options = parser.parse_args()
    began, now = time.monotonic(), dt.datetime.now(dt.UTC)
    rows, commit = [], machine.commit(_ROOT)
    with tempfile.TemporaryDirectory() as folder:
        for row in measured(options, Path(folder)):
            _say(" | ".join(row.cells()))
            rows.append(row)
    title = f"{now:%Y-%m-%d %H:%M} UTC, commit {commit}"
    minutes = (time.monotonic() - began) / 60
    sys.stdout.write(section(title, machine.description(["mpv"]), minutes, rows))
    return 0


def _say(text: str) -> None:
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {text}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
