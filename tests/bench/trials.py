"""The trials: what is played by whom for how long, and the raw numbers that come of it."""

import json
import random
import shutil
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from tests.bench import costs
from tests.bench.cuts import cuts_in, first_picture, inside_of, plays_in, standstill_after
from tests.bench.film import Run, runs_in
from tests.bench.follow import Follower
from tests.bench.hearing import beeps_in, due_frames, offsets_of, silence_at, track_of
from tests.bench.players import LOG_NAME, WORKER_WORD, Call, Player
from tests.bench.studio import CAPTIONS_SUFFIX, BuiltSet
from tests.bench.summary import Showing
from tests.bench.venue import Performance, Venue, camera, microphone, perform, screen
from tests.bench.xscreen import Screen

Say = Callable[[str], None]
_SETTLED = 3.0
"""Seconds after the first picture from which processor time counts."""


@dataclass(frozen=True, slots=True)
class Studio:
    """What every trial needs: the venue, where raw films go, whom to tell of progress."""

    venue: Venue
    raw: Path
    say: Say


def show(studio: Studio, player: Player, built: BuiltSet, cuts: int) -> Showing:
    """Let a player loop over a set until the camera has seen `cuts` cuts, or half as many again should have come."""
    length = sum(sum(clip.durations) for clip in built.clips) / len(built.clips)
    limit = 20 + cuts * (length + 0.6) * (1 if length > 1 else 1.3)
    studio.say(f"{player.name}: {cuts} cuts of {built.spec.name}")
    return _watch(studio, player, built, lambda follower, _played: follower.cuts >= cuts, limit)


def play_for(studio: Studio, player: Player, built: BuiltSet, seconds: float) -> Showing:
    """Let a player play a set for a time counted from its first picture."""
    studio.say(f"{player.name}: {seconds:.0f} s of {built.spec.name}")
    return _watch(studio, player, built, lambda _follower, played: played >= seconds, seconds + 20)


def start_times(studio: Studio, players: list[Player], built: BuiltSet, times: int) -> dict[str, list[float]]:
    """Seconds from a process' start to its first picture, players in turn; the first start of each does not count."""
    found: dict[str, list[float]] = {player.name: [] for player in players}
    with _stage(studio, built, "starts") as (display, film, _track), Follower(film) as eye:
        for turn in range(times + 1):
            for player in players:
                command = player.command(_call(studio, player, built))
                with perform(studio.venue, display, command, ordinary=player.ordinary) as performance:
                    first = _first(eye, performance)
                if first is not None and turn:
                    found[player.name].append(first - performance.started)
                time.sleep(0.5)
    studio.say(f"starts: {found}")
    return found


def recoveries(studio: Studio, ours: Player, built: BuiltSet, times: int, seed: int = 1) -> list[float | None]:
    """Seconds from `kill -9` of the playing decoder in mid-clip to a moving picture, None when it did not come back."""
    moments, blows = random.Random(seed), list[float]()  # noqa: S311  # moments, not secrets
    studio.say(f"ours: {times} decoders killed")
    command = ours.command(_call(studio, ours, built))
    with _stage(studio, built, "kill") as (display, film, _track), Follower(film) as eye:
        with perform(studio.venue, display, command, ordinary=ours.ordinary) as performance:
            _first(eye, performance)
            for _ in range(times):
                time.sleep(3 + moments.random())
                if not performance.running() or not _wait_for_mid_clip(eye, built, moments.uniform(0.05, 0.25)):
                    break
                blows.append(_strike(performance))
            time.sleep(6)
        eye.catch_up()
        frame = built.clips[0].durations[0]
        found: list[float | None] = [standstill_after(eye.runs, blow, frame) for blow in blows if blow]
    return found + [None] * (times - len(found))


def within_reach(venue: Venue, built: BuiltSet) -> BuiltSet:
    """The set itself, or a copy where the players' user cannot read it: below /root, for one."""
    if venue.can_read(built.clips[0].path):
        return built
    folder = venue.workspace / "clips" / built.spec.name
    folder.mkdir(parents=True)
    clips = tuple(replace(clip, path=Path(shutil.copy(clip.path, folder))) for clip in built.clips)
    for captions in built.folder.glob(f"*{CAPTIONS_SUFFIX}"):
        shutil.copy(captions, folder)
    return replace(built, folder=folder, clips=clips)


def _strike(performance: Performance) -> float:
    """Kill the decoder that works hardest; the moment of the blow, 0.0 when there was none to hit."""
    workers = costs.named(_members(performance), WORKER_WORD)
    if not workers:
        return 0.0
    before = {worker: costs.thread_time(worker) for worker in workers}
    time.sleep(0.3)
    hardest = max(workers, key=lambda worker: costs.thread_time(worker) - before[worker])
    return costs.kill(hardest)


def _wait_for_mid_clip(eye: Follower, built: BuiltSet, share: float) -> bool:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        eye.catch_up()
        mark = eye.runs[-1].mark if eye.runs else None
        frames = built.clips[mark.clip].frames if mark else 1
        if mark and share <= mark.frame / frames <= share + 0.1:
            return True
        time.sleep(0.02)
    return False


def _watch(
    studio: Studio, player: Player, built: BuiltSet, enough: Callable[[Follower, float], bool], limit: float
) -> Showing:
    showing = Showing(player.name, built.spec.name)
    with _stage(studio, built, f"{built.spec.name}-{player.name}") as (display, film, track), Screen(display) as canvas:
        window = 0 if built.spec.one_to_one or player.name != "cvlc" else canvas.open_canvas()
        command = player.command(_call(studio, player, built, window))
        with Follower(film) as eye, perform(studio.venue, display, command, ordinary=player.ordinary) as performance:
            first = _first(eye, performance)
            samples, loads = _accompany(eye, performance, enough, limit)
            left = time.monotonic()
            showing.complaint = "" if performance.running() else "left early"
            if first is None:
                showing.complaint = "showed no picture"
            complaint = performance.complaint()
        showing.first = first - performance.started if first else None
    _keep_papers(studio, player, film.stem, complaint)
    with film.open(encoding="ascii") as lines:
        runs = [run for run in runs_in(lines) if run.first < left]
    _read_film(showing, runs, built)
    if track.exists():
        _read_track(showing, runs, built, track)
    if len(samples) > 1:
        showing.watched = samples[-1].moment - samples[0].moment
        showing.processor = (samples[-1].processor - samples[0].processor) / showing.watched
    showing.memory = [(sample.moment - performance.started, sample.pss) for sample in samples]
    showing.load = statistics.fmean(loads) if loads else 0.0
    return showing


def _keep_papers(studio: Studio, player: Player, stem: str, complaint: str) -> None:
    """Put what a player said and its play log beside the film: what went wrong can be read there."""
    if complaint:
        (studio.raw / f"{stem}.stderr").write_text(complaint + "\n")
    log = studio.venue.home(ordinary=player.ordinary) / LOG_NAME
    if log.exists():
        shutil.move(log, studio.raw / f"{stem}.sqlite")


def _accompany(
    eye: Follower, performance: Performance, enough: Callable[[Follower, float], bool], limit: float
) -> tuple[list[costs.Cost], list[float]]:
    """Note a performance's costs and the machine's load once a second until it is enough."""
    samples, loads, began = [], [], time.monotonic()
    while performance.running() and time.monotonic() < began + limit:
        time.sleep(1.0)
        eye.catch_up()
        played = time.monotonic() - began
        if played > _SETTLED - 1:
            samples.append(costs.look(performance.process.pid, performance.group))
            loads.append(float(Path("/proc/loadavg").read_text().split()[0]))
        if enough(eye, played):
            break
    return samples, loads


def _read_film(showing: Showing, runs: list[Run], built: BuiltSet) -> None:
    durations = {clip.number: clip.durations for clip in built.clips}
    showing.cuts = cuts_in(runs, durations)
    by_clip = {clip.number: [play for play in plays_in(runs) if play.clip == clip.number] for clip in built.clips}
    showing.inside = [inside_of(plays, durations) for plays in by_clip.values()]


def _read_track(showing: Showing, runs: list[Run], built: BuiltSet, path: Path) -> None:
    track = track_of(path.read_bytes())
    due = {clip.number: due_frames(clip.starts, clip.beeps) for clip in built.clips}
    showing.offsets = offsets_of(runs, beeps_in(track), due)
    silent = {clip.number for clip in built.clips if not clip.beeps}
    heard = [cut for cut in showing.cuts if not {cut.leaving, cut.coming} & silent]
    showing.silences = [silence_at(track, cut) for cut in heard]


@contextmanager
def _stage(studio: Studio, built: BuiltSet, title: str) -> Iterator[tuple[str, Path, Path]]:
    """A fresh screen with a camera and a microphone; yields the display and where film and track are written."""
    stem = f"{time.time_ns() // 1_000_000}-{title}"
    film, track = studio.raw / f"{stem}.film", studio.raw / f"{stem}.track"
    with (
        screen(studio.venue, built.spec.screen) as display,
        microphone(studio.venue, track),
        camera(display, film, built.spec.filled),
    ):
        yield display, film, track


def _call(studio: Studio, player: Player, built: BuiltSet, window: int = 0) -> Call:
    return Call(
        clips=tuple(clip.path.resolve() for clip in built.clips),
        folder=built.folder.resolve(),
        rounds=0,
        workspace=studio.venue.home(ordinary=player.ordinary),
        sound=studio.venue.sound,
        window=window,
        dress=_written(studio, built),
    )


def _written(studio: Studio, built: BuiltSet) -> Path | None:
    """The file that says what ours shows around the clips of a set; None where nothing is."""
    dress = built.spec.dress
    if dress is None:
        return None
    path = studio.venue.workspace / f"{built.spec.name}.json"
    said = {"zones": dress.zones, "ticker": dress.ticker, "captions": ["vi"], "muted": not studio.venue.sound}
    path.write_text(json.dumps(said), encoding="utf-8")
    path.chmod(0o644)
    return path


def _first(eye: Follower, performance: Performance, patience: float = 15.0) -> float | None:
    until = time.monotonic() + patience
    while performance.running() and time.monotonic() < until:
        eye.catch_up()
        first = first_picture(run for run in eye.runs if run.first > performance.started)
        if first is not None:
            return first
        time.sleep(0.05)
    return None


def _members(performance: Performance) -> list[int]:
    return performance.group.members() if performance.group else costs.tree_of(performance.process.pid)
