"""What must be true of every run of the conductor, whatever its items do."""

from collections import Counter
from collections.abc import Iterator

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
    """An item is on the screen only between a START and an END of its own; nothing begins without a START."""
    items = {performance.number: performance.order.item.id for performance in run.renderer.performances}
    opened: Counter[str] = Counter()
    plays: dict[str, str] = {}
    place = 0
    for showing in run.stage.shown:
        for record in run.log.records[place : showing.rows]:
            if isinstance(record, PlayStart):
                plays[record.play] = record.item
                opened[record.item] += 1
            elif isinstance(record, PlayEnd):
                opened[plays[record.play]] -= 1
        place = max(place, showing.rows)
        if showing.performance and not opened[items[showing.performance]]:
            yield f"{items[showing.performance]} was shown before its START or after its END"
    started = Counter(start.item for start in run.starts())
    begun = Counter(p.order.item.id for p in run.renderer.performances if p.begun is not None)
    for item, count in begun.items():
        if started[item] < count:
            yield f"{item} was begun without a START"


def _pictures(run: Rehearsal) -> Iterator[str]:
    """One performance has the screen at a time, its frames come in order, and every picture is given back."""
    pictures = [showing for showing in run.stage.shown if showing.performance]
    latest: dict[int, int] = {}
    for before, after in zip((None, *pictures), pictures, strict=False):
        if after.frame < latest.get(after.performance, 0):
            yield f"{_name(after)} was shown after frame {latest[after.performance]}"
        back = before is not None and before.performance != after.performance and after.performance in latest
        if back and not run.renderer.performance(after.performance).holds:
            yield f"{_name(after)} came back, and was never held"
        if after.performance in latest and after.due > after.at + 1_000_000 and not back:
            yield f"{_name(after)} was shown before it was due"
        latest[after.performance] = after.frame
    if len(run.renderer.lender.lent) > 1:
        yield f"{len(run.renderer.lender.lent)} pictures were never given back"


def _name(showing: Showing) -> str:
    return f"frame {showing.frame} of performance {showing.performance}"
