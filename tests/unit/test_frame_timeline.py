"""Which frame a picture is: labels against the truth, on a simulation of what libVLC and the decoder tell."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from hypothesis import given, settings
from hypothesis import strategies as st

from player.frame_timeline import FrameTimeline
from playlists.timing import MonotonicNs

MS = 1_000_000
BASE = 10**12
REDISPLAY = 57 * MS
"""libVLC shows a picture again this long after it, when the next is not due by then."""
SUSPICIOUS = 45 * MS
"""After a longer pause than this the decoder compares a picture with the one before."""


@dataclass(frozen=True)
class Film:
    """A clip being played: how long each frame stands (ns), what it looks like, and what goes wrong."""

    steps: Sequence[int]
    offset: int = 0
    """How far the base the stage believes in lies from the true one, ns."""
    jitter: Sequence[int] = (0,)
    """How late each callback comes, ns, over and over."""
    missing: frozenset[int] = frozenset()
    """Frames that cannot be decoded."""
    stall: tuple[int, int] = (0, 0)
    """A frame at which the decoder gets no time, and for how long, ns."""
    redisplays: bool = True
    still: frozenset[int] = frozenset()
    """Frames that look like the one before."""
    pts: Sequence[int] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "pts", [0, *accumulate(self.steps)][:-1])

    def looks(self, frame: int) -> int:
        """What the frame shows."""
        while frame in self.still:
            frame -= 1
        return frame

    def displays(self) -> list[tuple[int, int]]:
        """When libVLC calls back for which frame, the first two excepted; a stalled decoder catches up at once."""
        begins, lasts = self.stall
        shown: list[tuple[int, int]] = []
        for frame in range(2, len(self.pts)):
            at = BASE + self.pts[frame] + self.jitter[frame % len(self.jitter)]
            if lasts and BASE + self.pts[begins] <= at:
                at = max(at, BASE + self.pts[begins] + lasts)
            if shown:
                at = max(at, shown[-1][0] + MS)
            if frame not in self.missing:
                shown.append((at, frame))
        return shown

    def callbacks(self) -> list[tuple[int, int, bool]]:
        """All callbacks: when, which frame, and whether for the first time."""
        calls = []
        shown = self.displays()
        for (at, frame), (until, _) in zip(shown, [*shown[1:], (0, 0)], strict=True):
            calls.append((at, frame, True))
            calls += [(again, frame, False) for again in range(at + REDISPLAY, until, REDISPLAY) if self.redisplays]
        return calls


def labels(film: Film) -> list[tuple[int, int | None, int]]:
    """Play a film as the decoder and the stage do: the true frame, its label, and when it came after the base."""
    timeline = FrameTimeline(film.pts, film.pts[-1] + film.steps[-1])
    found = [(frame, timeline.arrived(MonotonicNs(BASE - 100 * MS)), 0) for frame in range(min(2, len(film.pts)))]
    assert timeline.repeated(MonotonicNs(BASE)) is None
    timeline.resumed(MonotonicNs(BASE + film.offset))
    before, last_at = 1, 0
    for number, (at, frame, new) in enumerate(film.callbacks()):
        suspicious = number < 3 or at - last_at > SUSPICIOUS
        if suspicious and film.looks(frame) == film.looks(before):
            timeline.repeated(MonotonicNs(at))
            label: int | None = timeline.last
        else:
            label = timeline.arrived(MonotonicNs(at))
        found += [(frame, label, at - BASE)] if new else []
        before, last_at = frame, at
    return found


def wrong(film: Film) -> list[tuple[int, int | None, int]]:
    """The pictures whose label is of a frame that looks otherwise."""
    return [
        (frame, label, at)
        for frame, label, at in labels(film)
        if label is None or film.looks(frame) != film.looks(label)
    ]


RATES = st.sampled_from([10, 12, 12.5, 15, 50 / 3, 17, 18, 20, 23.976, 24, 25, 29.97, 30, 48, 50, 59.94, 60])
COUNTS = st.integers(3, 300)
OFFSETS = st.integers(-12 * MS, 12 * MS)
JITTERS = st.lists(st.integers(0, 4 * MS), min_size=1, max_size=7)
CONSTANT = st.builds(lambda rate, count: (round(1e9 / rate),) * count, RATES, COUNTS)
VARIABLE = st.lists(
    st.sampled_from([17 * MS, 20 * MS, 33 * MS, 40 * MS, 50 * MS, 100 * MS, 200 * MS]), min_size=3, max_size=120
)


@settings(deadline=None)
@given(CONSTANT | VARIABLE, OFFSETS, JITTERS)
def test_every_picture_of_a_healthy_clip_is_known(steps: Sequence[int], offset: int, jitter: list[int]) -> None:
    film = Film(steps, offset, jitter)
    assert [label for _, label, _ in labels(film)] == list(range(len(steps)))


@settings(deadline=None)
@given(CONSTANT, OFFSETS, JITTERS, st.integers(2, 200), st.integers(0, 400 * MS))
def test_pictures_that_come_late_in_a_burst_are_known(
    steps: Sequence[int], offset: int, jitter: list[int], frame: int, lasts: int
) -> None:
    film = Film(steps, offset, jitter, stall=(frame % len(steps), lasts), redisplays=False)
    assert wrong(film) == []


@settings(deadline=None)
@given(CONSTANT, OFFSETS, JITTERS, st.sets(st.integers(3, 290)))
def test_still_pictures_never_put_a_moving_one_in_the_wrong_place(
    steps: Sequence[int], offset: int, jitter: list[int], still: set[int]
) -> None:
    film = Film(steps, offset, jitter, still=frozenset(still))
    assert wrong(film) == []


@settings(deadline=None)
@given(st.sampled_from([10, 12, 15, 20, 24, 25, 30]), OFFSETS, JITTERS, st.integers(3, 100), st.integers(0, 400 * MS))
def test_a_decoder_that_stood_still_is_known_again_once_it_has_caught_up(
    rate: int, offset: int, jitter: list[int], frame: int, lasts: int
) -> None:
    """While it stood, the last picture came again and again, as over frames that cannot be decoded."""
    step = round(1e9 / rate)
    film = Film((step,) * 150, offset, jitter, stall=(frame, lasts))
    mistakes = wrong(film)
    assert all(label is not None and frame <= seen <= frame + 12 for seen, label, _ in mistakes)
    assert all(abs((label or 0) - seen) <= 1 + lasts // min(step, REDISPLAY) for seen, label, _ in mistakes)


@settings(deadline=None)
@given(CONSTANT.filter(lambda steps: len(steps) > 100), OFFSETS, JITTERS, st.integers(3, 30), st.integers(1, 12))
def test_frames_that_never_came_are_noticed_within_half_a_second(
    steps: Sequence[int], offset: int, jitter: list[int], first: int, many: int
) -> None:
    """Until then a label may lag, never lead; from then on it is right again to the frame at usual rates."""
    film = Film(steps, offset, jitter, frozenset(range(first, first + many)))
    settled = film.pts[first + many] + max(600 * MS, 15 * steps[0])
    slack = 0 if steps[0] > 30 * MS else 1
    for frame, label, at in labels(film):
        assert label is not None
        assert frame - many <= label <= frame
        if at > settled:
            assert frame - slack <= label


def test_a_picture_shown_again_before_the_next_is_due_is_no_frame() -> None:
    timeline = FrameTimeline([0, 100 * MS, 200 * MS], 300 * MS)
    assert timeline.arrived(MonotonicNs(0)) == 0
    timeline.resumed(MonotonicNs(0))
    assert timeline.repeated(MonotonicNs(57 * MS)) is None
    assert timeline.repeated(MonotonicNs(96 * MS)) == 1
    assert timeline.last == 1


def test_a_frame_taken_for_shown_again_too_early_is_taken_back() -> None:
    timeline = FrameTimeline([0, 60 * MS, 120 * MS, 180 * MS], 240 * MS)
    timeline.arrived(MonotonicNs(0))
    timeline.resumed(MonotonicNs(0))
    assert timeline.repeated(MonotonicNs(57 * MS)) == 1
    assert timeline.arrived(MonotonicNs(60 * MS)) == 1
    assert timeline.arrived(MonotonicNs(120 * MS)) == 2


def test_what_comes_past_the_end_is_no_frame() -> None:
    timeline = FrameTimeline([0, 40 * MS], 80 * MS)
    assert [timeline.arrived(MonotonicNs(at)) for at in (0, 1, 2)] == [0, 1, None]
    timeline.resumed(MonotonicNs(0))
    assert timeline.arrived(MonotonicNs(90 * MS)) is None
    assert timeline.repeated(MonotonicNs(200 * MS)) is None
    assert timeline.last == 1


def test_how_long_a_frame_stands() -> None:
    timeline = FrameTimeline([0, 40 * MS, 40 * MS, 90 * MS], 100 * MS)
    assert [timeline.step(index) for index in range(4)] == [40 * MS, 1, 50 * MS, 10 * MS]
    assert timeline.count == 4
