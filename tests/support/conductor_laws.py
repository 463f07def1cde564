"""What must be true of every run of the conductor, whatever its items do."""

from collections.abc import Iterator
from itertools import pairwise

from player.doubles import Showing
from player.rehearsal import Rehearsal
from playlists.proof import Outcome, PlayEnd, PlayStart


def broken_laws(run: Rehearsal) -> list[str]:
    """List what is wrong with a run that has been stopped or has left; nothing, if the conductor is right."""
    return [*_rows(run), *_plays(run), *_performances(run), *_pictures(run)]


def _rows(run: Rehearsal) -> Iterator[str]:
    """Every START has one END after it."""
    open_plays: set[str] = set()
    for record in run.log.records:
        if isinstance(record, PlayStart):
            if record.play in open_plays:
                yield f"{record.item}: two STARTs of one play"
            open_plays.add(record.play)
        elif isinstance(record, PlayEnd):
            if record.play not in open_plays:
                yield f"an END ({record.outcome}, {record.reason}) without an open START"
            open_plays.discard(record.play)
    if open_plays:
        yield f"{len(open_plays)} STARTs without an END"


def _plays(run: Rehearsal) -> Iterator[str]:
    """What an END says makes sense, and no two plays were on the screen at once."""
    until = 0
    for end in run.ends():
        on_screen = end.start is not None and end.end is not None
        if end.outcome in {Outcome.COMPLETED, Outcome.INTERRUPTED} and not (on_screen and end.frames_shown):
            yield f"{end.outcome} without having been on the screen: {end}"
        if end.outcome in {Outcome.NOT_SHOWN, Outcome.SKIPPED} and (end.start or end.actual or end.frames_shown):
            yield f"{end.outcome}, yet on the screen: {end}"
        if end.outcome is not Outcome.COMPLETED and not end.reason:
            yield f"{end.outcome} without a reason"
        if end.start is not None and end.end is not None:
            if not until <= end.start.monotonic <= end.end.monotonic:
                yield f"a play from {end.start.monotonic} to {end.end.monotonic}, the one before until {until}"
            if end.actual != round((end.end.monotonic - end.start.monotonic) / 1e6):
                yield f"actual is {end.actual} ms from {end.start.monotonic} to {end.end.monotonic}"
            until = end.end.monotonic


def _performances(run: Rehearsal) -> Iterator[str]:
    """Every performance has a START of its own, before its first picture, and an END after its last."""
    places = {record.play: place for place, record in enumerate(run.log.records) if isinstance(record, PlayEnd)}
    skipped = {end.play for end in run.ends() if end.outcome is Outcome.SKIPPED}
    starts = [(place, record) for place, record in enumerate(run.log.records) if isinstance(record, PlayStart)]
    starts = [(place, start) for place, start in starts if start.play not in skipped]
    performances = run.renderer.performances
    if len(starts) not in {len(performances), len(performances) - 1}:
        yield f"{len(starts)} STARTs for {len(performances)} performances"
    for performance, (place, start) in zip(performances, starts, strict=False):
        showings = [showing for showing in run.stage.shown if showing.performance == performance.number]
        if start.item != performance.order.item.id:
            yield f"the START of {start.item} stands where one of {performance.order.item.id} should"
        elif showings and showings[0].rows <= place:
            yield f"{start.item} was shown before its START"
        elif showings and showings[-1].rows > places.get(start.play, len(run.log.records)):
            yield f"{start.item} was shown after its END"
    for performance in performances[len(starts) :]:
        if performance.begun is not None:
            yield f"{performance.order.item.id} was begun without a START"


def _pictures(run: Rehearsal) -> Iterator[str]:
    """One performance has the screen at a time, its frames come in order, and every picture is given back."""
    pictures = [showing for showing in run.stage.shown if showing.performance]
    for before, after in pairwise(pictures):
        if (after.performance, after.frame) < (before.performance, before.frame):
            yield f"{_name(after)} was shown after {_name(before)}"
    late = [showing for showing in pictures if showing.due > showing.at + 1_000_000 and showing.frame]
    if late:
        yield f"{_name(late[0])} was shown before it was due"
    if len(run.renderer.lender.lent) > 1:
        yield f"{len(run.renderer.lender.lent)} pictures were never given back"


def _name(showing: Showing) -> str:
    return f"frame {showing.frame} of performance {showing.performance}"
