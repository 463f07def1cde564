"""What waits for the disk: bounded, heartbeats dropped first, plays never cut in half."""

from threading import Condition

from hypothesis import given, settings
from hypothesis import strategies as st

from player.proof_log.backlog import Backlog
from player.proof_log.port import Receipt
from playlists.proof import Closed, Fault, Heartbeat, PlayEnd, PlayStart, Record
from tests.support.log_records import MOMENT, end, heartbeat, start

RECEIPT = Receipt(Condition())
FAULT = Fault(MOMENT, "decoder-died", "")


def _filled(records: list[Record], rows: int = 4, play_rows: int = 6) -> Backlog:
    backlog = Backlog(rows, play_rows)
    for record in records:
        backlog.put(record, RECEIPT)
    return backlog


def _kept(backlog: Backlog) -> list[Record]:
    return [record for record, _ in backlog.take(1000)]


def test_rows_leave_in_their_order_and_in_batches() -> None:
    backlog = _filled([start(1), FAULT, end(1)])
    assert [record for record, _ in backlog.take(2)] == [start(1), FAULT]
    assert _kept(backlog) == [end(1)]
    assert (len(backlog), backlog.dropped) == (0, {})


def test_heartbeats_make_room_for_plays() -> None:
    backlog = _filled([heartbeat(), start(1), heartbeat(), end(1), start(2), end(2)])
    assert _kept(backlog) == [start(1), end(1), start(2), end(2)]
    assert backlog.dropped == {"heartbeat": 2}


def test_a_full_backlog_takes_plays_only() -> None:
    backlog = _filled([start(1), end(1), start(2), end(2), heartbeat(), FAULT, Closed(MOMENT, "stop"), start(3)])
    assert _kept(backlog) == [start(1), end(1), start(2), end(2), start(3)]
    assert backlog.dropped == {"heartbeat": 1, "fault": 1, "closed": 1}


def test_beyond_the_last_bound_new_plays_are_refused_whole() -> None:
    first = [record for number in range(3) for record in (start(number), end(number))]
    backlog = _filled([*first, start(8)])
    assert _kept(backlog) == first
    backlog.put(end(8), RECEIPT)
    backlog.put(start(9), RECEIPT)
    assert _kept(backlog) == [start(9)]
    assert backlog.dropped == {"play_start": 1, "play_end": 1}


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from("shfte"), st.integers(0, 5))))
def test_no_play_is_cut_in_half_and_the_bound_holds(steps: list[tuple[str, int]]) -> None:
    backlog, kept = Backlog(4, 6), list[Record]()
    running: list[int] = []
    for number, (step, amount) in enumerate(steps):
        if step == "s" and len(running) < 2:
            running.append(number)
            backlog.put(start(number), RECEIPT)
        elif step == "e" and running:
            backlog.put(end(running.pop(0)), RECEIPT)
        elif step == "h":
            backlog.put(heartbeat(), RECEIPT)
        elif step == "f":
            backlog.put(FAULT, RECEIPT)
        elif step == "t":
            kept += [record for record, _ in backlog.take(amount)]
        assert len(backlog) <= 6 + 2
    kept += _kept(backlog)
    for number in running:
        backlog.put(end(number), RECEIPT)
    kept += _kept(backlog)
    starts = [record.play for record in kept if isinstance(record, PlayStart)]
    assert starts == [record.play for record in kept if isinstance(record, PlayEnd)]
    counted = sum(isinstance(record, Heartbeat) for record in kept) + backlog.dropped["heartbeat"]
    assert counted == sum(step == "h" for step, _ in steps)
