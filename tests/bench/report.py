"""The table: what was measured, what must be, and whether it is. Pure: values in, text out."""

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from tests.bench.clips import BARE, DRESSED
from tests.bench.hearing import drift_of
from tests.bench.players import OURS
from tests.bench.selftest import Proof
from tests.bench.summary import Showing, Summary, growth_of, summary_of

PEERS = ("mpv", "cvlc")
ONE_SAMPLE = 0.004
MEGA = 1_000_000
_MOST_OF_BARE = 1.3
_NOTHING_LOST = ("720p25", "1s", BARE.name, DRESSED.name)
_BLANK = "-"


@dataclass(slots=True)
class Results:
    """Everything one run of the benchmark measured. `titles` names the sets, in the order they were played."""

    date: str
    machine: str
    commit: str
    titles: Mapping[str, str] = field(default_factory=dict)
    showings: list[Showing] = field(default_factory=list)
    starts: dict[str, list[float]] = field(default_factory=dict)
    recoveries: list[float | None] = field(default_factory=list)
    drift: Showing | None = None
    growth: Showing | None = None
    proof: Proof | None = None
    minutes: float = 0.0


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; `held` is None where there is nothing to judge."""

    what: str
    must: str
    ours: str
    mpv: str
    cvlc: str
    held: bool | None = None

    def cells(self) -> tuple[str, ...]:
        """The line's texts."""
        verdict = {True: "yes", False: "**no**", None: _BLANK}[self.held]
        return (self.what, self.must, self.ours, self.mpv, self.cvlc, verdict)


def markdown(results: Results) -> str:
    """A dated section: the machine, the camera's own proof, a table a set and a table of the rest."""
    parts = [f"## {results.date}, commit {results.commit}", "", f"{results.machine}. {results.minutes:.0f} minutes."]
    if results.proof:
        parts += ["", _camera(results.proof)]
    for name, title in results.titles.items():
        rows = set_rows(results, name)
        if rows:
            parts += ["", f"**{name}**: {title}", "", _table(rows)]
    rest = other_rows(results)
    if rest:
        parts += ["", "**The rest**", "", _table(rest)]
    complaints = [f"- {each.player} on {each.set_name} {each.complaint}" for each in results.showings if each.complaint]
    return "\n".join([*parts, *([""] if complaints else []), *complaints]) + "\n"


def set_rows(results: Results, name: str) -> list[Row]:
    """The lines of one set; empty when nobody played it."""
    found = {
        player: summary_of([each for each in results.showings if (each.player, each.set_name) == (player, name)])
        for player in (OURS, *PEERS)
    }
    if not any(each.due for each in found.values()):
        return []
    ours, mpv = found[OURS], found["mpv"]
    if name in (BARE.name, DRESSED.name):
        return _rows_of_ours_alone(results, name, found)
    return [
        _row("cuts seen (beside a blind spot, left out)", "", found, lambda s: f"{s.cuts} ({s.left_out})", None),
        _row("extra time at a cut, median", "<= 4 ms", found, lambda s: _ms(s.extra_median),
             _at_most(ours.extra_median, ONE_SAMPLE)),
        _row("extra time at a cut, 99th percentile / max", "<= 1 frame", found,
             lambda s: f"{_ms(s.extra_99)} / {_ms(s.extra_max)}", _at_most(ours.extra_99_frames, 1.0)),
        _row("longest standing picture at a cut", "", found, lambda s: _ms(s.hold_max), None),
        _row("black, median / max", "0", found, lambda s: f"{_ms(s.black_median)} / {_ms(s.black_max)}",
             _at_most(ours.black_max, 0.0)),
        _row("frames lost at the edges, tail / head", "0 / 0", found, lambda s: f"{s.tail} / {s.head}",
             _zero(ours.tail + ours.head, ours.cuts)),
        _row("clips passed over", "0", found, lambda s: str(s.out_of_order), _zero(ours.out_of_order, ours.cuts)),
        _inside_row(name, found),
        _row("frames half a frame too early or late", "", found, lambda s: f"{s.unsteady} of {s.due}", None),
        _row("processor seconds a second, all processes", "<= mpv" if name != "mixed" else "", found,
             lambda s: _ratio(s.processor, mpv.processor),
             _at_most(ours.processor, mpv.processor) if name != "mixed" else None),
        _memory_row(name, found),
        _row("sound later than picture, median (against mpv's)", "within 40 ms", found,
             lambda s: f"{_ms(s.offset)} ({_ms(_minus(s.offset, mpv.offset))})",
             _at_most(_absolute(_minus(ours.offset, mpv.offset)), 0.040)),
        _row("silence at a cut, median / max", "<= mpv", found,
             lambda s: f"{_ms(s.silence_median)} / {_ms(s.silence_max)}",
             _at_most(ours.silence_median, mpv.silence_median)),
        _row("load of the machine meanwhile", "", found, lambda s: f"{s.load:.1f}", None),
    ]  # fmt: skip


def _rows_of_ours_alone(results: Results, name: str, found: Mapping[str, Summary]) -> list[Row]:
    """Cuts and costs of a set that only ours can play; dressed is held against bare of the same run."""
    ours = found[OURS]
    bare = summary_of([each for each in results.showings if (each.player, each.set_name) == (OURS, BARE.name)])
    share = ours.processor / bare.processor if ours.processor and bare.processor else None
    return [
        _row("cuts seen (beside a blind spot, left out)", "", found, lambda s: f"{s.cuts} ({s.left_out})", None),
        _row("extra time at a cut, median", "<= 4 ms", found, lambda s: _ms(s.extra_median),
             _at_most(ours.extra_median, ONE_SAMPLE)),
        _row("extra time at a cut, 99th percentile / max", "<= 1 frame", found,
             lambda s: f"{_ms(s.extra_99)} / {_ms(s.extra_max)}", _at_most(ours.extra_99_frames, 1.0)),
        _row("black, median / max", "0", found, lambda s: f"{_ms(s.black_median)} / {_ms(s.black_max)}",
             _at_most(ours.black_max, 0.0)),
        _row("frames lost at the edges, tail / head", "0 / 0", found, lambda s: f"{s.tail} / {s.head}",
             _zero(ours.tail + ours.head, ours.cuts)),
        _inside_row(name, found),
        _row("processor seconds a second, all processes", "<= 1.3 x bare" if name == DRESSED.name else "", found,
             lambda s: _ratio(s.processor, bare.processor, "bare"),
             _at_most(share, _MOST_OF_BARE) if name == DRESSED.name else None),
        _memory_row(name, found),
        _row("load of the machine meanwhile", "", found, lambda s: f"{s.load:.1f}", None),
    ]  # fmt: skip


def other_rows(results: Results) -> list[Row]:
    """Starts, recoveries, drift and growth."""
    rows = []
    if results.starts:
        texts = {
            name: f"{_ms(statistics.median(times))} / {_ms(max(times))} of {len(times)}" if times else _BLANK
            for name, times in results.starts.items()
        }
        ours = results.starts.get(OURS)
        held = statistics.median(ours) <= 0.6 if ours else None  # the issue's own number
        rows.append(_line("process start to first picture, warm, median / max", "<= 600 ms", texts, held))
    if results.recoveries:
        # No standstill: the decoder hit was not the one on the screen, which proves nothing.
        back = [each for each in results.recoveries if each]
        unseen = sum(each == 0 for each in results.recoveries)
        text = f"{_ms(statistics.median(back))} / {_ms(max(back))} of {len(back)}" if back else _BLANK
        gone = sum(each is None for each in results.recoveries)
        held = gone == 0 and bool(back) and max(back) <= 0.5
        text += (f", {gone} never" if gone else "") + (f", {unseen} not noticed" if unseen else "")
        texts = {OURS: text, "mpv": "dies", "cvlc": "dies"}
        rows.append(_line("kill -9 of the decoder to a moving picture, median / max", "<= 500 ms", texts, held))
    if results.drift:
        drift = drift_of(results.drift.offsets)
        minutes = results.drift.watched / 60
        text = f"{_ms(drift)} over {len(results.drift.offsets)} beeps in {minutes:.1f} min"
        held = _at_most(_absolute(drift), 0.020)
        rows.append(_line("drift of sound against picture in 10 minutes", "<= 20 ms", {OURS: text}, held))
    if results.growth:
        growth = growth_of(results.growth.memory)
        text = f"{growth:+.1%} over {len(results.growth.cuts)} cuts" if growth is not None else _BLANK
        rows.append(_line("growth of memory over cuts of 1 s clips", "<= 2 %", {OURS: text}, _at_most(growth, 0.02)))
    return rows


def _inside_row(name: str, found: Mapping[str, Summary]) -> Row:
    ours, mpv = found[OURS], found["mpv"]
    held = None
    if ours.due:
        small = name in _NOTHING_LOST
        allowed = 0.0 if small or not mpv.due else mpv.dropped / mpv.due
        held = ours.dropped / ours.due <= allowed if small or mpv.due else None
    must = "0" if name in _NOTHING_LOST else "<= mpv"
    return _row("frames dropped inside clips (camera blind)", must, found,
                lambda s: f"{s.dropped} ({s.unknown}) of {s.due}", held)  # fmt: skip


def _memory_row(name: str, found: Mapping[str, Summary]) -> Row:
    limits = {"720p25": (250, 330), "1080p30": (400, 500)}.get(name)
    ours, held = found[OURS], None
    if limits and ours.memory_median is not None and ours.memory_peak is not None:
        held = ours.memory_median <= limits[0] * MEGA and ours.memory_peak <= limits[1] * MEGA
    must = f"<= {limits[0]} / {limits[1]} MB" if limits else ""
    return _row("memory (PSS), median / peak", must, found,
                lambda s: f"{_mb(s.memory_median)} / {_mb(s.memory_peak)}", held)  # fmt: skip


def _camera(proof: Proof) -> str:
    return (
        f"The camera: {proof.rate:.0f} samples a second for {proof.processor:.3f} s of processor a second; of a "
        f"painter's {proof.painted} pictures with known timing it saw {proof.seen}, off by {_ms(proof.late_median)} in "
        f"the median and {_ms(proof.late_99)} at the 99th percentile; largest error of a cut "
        f"{_ms(proof.extra_error)}, of black "
        f"{_ms(proof.black_error)}; lost frames {'all' if proof.same_losses else 'NOT'} counted right."
    )


def _row(
    what: str,
    must: str,
    found: Mapping[str, Summary],
    text: Callable[[Summary], str],
    held: bool | None,  # noqa: FBT001  # three values
) -> Row:
    texts = {player: text(each) if each.due else _BLANK for player, each in found.items()}
    return _line(what, must, texts, held)


def _line(what: str, must: str, texts: Mapping[str, str], held: bool | None) -> Row:  # noqa: FBT001  # three values
    ours, mpv, cvlc = (texts.get(player, _BLANK) for player in (OURS, *PEERS))
    return Row(what, must, ours, mpv, cvlc, held)


def _table(rows: Sequence[Row]) -> str:
    head = ("", "must", "ours", "mpv", "cvlc", "held")
    lines = [head, *(row.cells() for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(head))]
    drawn = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in lines
    ]
    return "\n".join([drawn[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *drawn[1:]])


def _ms(seconds: float | None) -> str:
    if seconds is None:
        return _BLANK
    return f"{seconds * 1000:.0f} ms" if abs(seconds) >= 0.01 else f"{round(seconds * 1000, 1) + 0:.1f} ms"


def _mb(size: float | None) -> str:
    return _BLANK if size is None else f"{size / MEGA:.0f} MB"


def _ratio(value: float | None, base: float | None, whose: str = "mpv") -> str:
    if value is None:
        return _BLANK
    return f"{value:.3f}" + (f" ({value / base:.2f} x {whose})" if base else "")


def _zero(count: int, of: int) -> bool | None:
    return count == 0 if of else None


def _at_most(value: float | None, limit: float | None) -> bool | None:
    return None if value is None or limit is None else value <= limit


def _minus(value: float | None, other: float | None) -> float | None:
    return None if value is None or other is None else value - other


def _absolute(value: float | None) -> float | None:
    return None if value is None else abs(value)
