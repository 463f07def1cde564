"""Proves the camera: it films a painter whose timing is known, and both are judged by the same functions."""

import os
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench import painter
from tests.bench.cuts import cuts_in, inside_of, percentile, plays_in
from tests.bench.film import Run, runs_in
from tests.bench.venue import Venue, camera, screen


@dataclass(frozen=True, slots=True)
class Proof:
    """How the camera's film compares with the painter's own. Times in seconds."""

    painted: int
    seen: int
    late_median: float
    late_99: float
    extra_error: float
    black_error: float
    same_losses: bool
    rate: float
    processor: float
    blind: int

    @property
    def good(self) -> bool:
        """Whether the camera saw all and lost count of nothing, its blind spots apart."""
        return self.blind > 0 or (self.seen == self.painted and self.same_losses)


def prove_camera(venue: Venue, raw: Path) -> Proof:
    """Film the painter and compare. Raises VenueError when there is no X server to film."""
    film, truth = raw / "selftest.film", raw / "selftest.truth"
    with screen(venue, (1280, 720)) as display, camera(display, film):
        subprocess.run(
            [sys.executable, "-m", "tests.bench.painter", display, str(truth)], env=dict(os.environ), check=True
        )
    lines = film.read_text(encoding="ascii").splitlines(keepends=True)
    numbers = [float(word) for word in lines[-1].split() if word[0].isdigit()]
    samples, seconds, processor = numbers
    return compare(
        list(runs_in(lines)),
        list(runs_in(truth.read_text(encoding="ascii").splitlines(keepends=True))),
        samples / seconds,
        processor / seconds,
    )


def compare(filmed: Sequence[Run], painted: Sequence[Run], rate: float, processor: float) -> Proof:
    """Judge both films and compare them. Pure."""
    lengths = {clip: [painter.FRAME] * painter.CLIP_FRAMES for clip in range(painter.CLIPS)}
    seen = [run for run in filmed if run.mark]
    done = [run for run in painted if run.mark]
    late = [
        abs(eye.first - hand.first)
        for hand in done
        for eye in seen
        if eye.mark == hand.mark and abs(eye.first - hand.first) < painter.FRAME
    ]
    by_camera, by_painter = cuts_in(filmed, lengths), cuts_in(painted, lengths)
    pairs = list(zip(by_camera, by_painter, strict=False))
    inside = inside_of(plays_in(filmed), lengths), inside_of(plays_in(painted), lengths)
    return Proof(
        painted=len(done),
        seen=len(late),
        late_median=statistics.median(late) if late else 0.0,
        late_99=percentile(late, 0.99) if late else 0.0,
        extra_error=max((abs(one.extra - other.extra) for one, other in pairs), default=0.0),
        black_error=max((abs(one.black - other.black) for one, other in pairs), default=0.0),
        same_losses=[(cut.tail, cut.head) for cut in by_camera] == [(cut.tail, cut.head) for cut in by_painter]
        and inside[0].dropped == inside[1].dropped,
        rate=rate,
        processor=processor,
        blind=sum(cut.blind for cut in by_camera) + inside[0].unknown,
    )
