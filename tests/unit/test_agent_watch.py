"""What is believed of the agent's file: by the boot clock, and only while the agent goes on writing it."""

import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from player.agent_watch import FRESH_NS, LONGEST_NS, AgentNews, AgentWatch, first_look
from player.clock import ManualClock
from player.doubles import ManualReactor
from player.errands import Errands
from playlists.agent_report import AgentReport, Banner, Progress, write_agent_report
from playlists.timing import MonotonicNs

NOW = MonotonicNs(60_000_000_000)
AT = "2026-11-24T01:15:00+00:00"
READING = Progress("Nhập từ USB", 1, 2)


def at(seconds: float) -> MonotonicNs:
    return MonotonicNs(NOW + round(seconds * 1e9))


def utc(seconds: int) -> str:
    return f"2026-11-24T01:{15 + seconds // 60:02d}:{seconds % 60:02d}+00:00"


def written(seconds: int = 0, text: str | None = "Đang nhập", until: int = 20, **fields: object) -> bytes:
    banner = None if text is None else Banner(text, utc(until))
    return write_agent_report(AgentReport(utc(seconds), banner=banner, progress=READING, extra=fields))


def began(content: bytes | None = None) -> AgentNews:
    return first_look(content, NOW)


def test_a_banner_stands_for_as_long_as_the_agent_says_by_the_boot_clock() -> None:
    news = began().looked(written(), at(1))
    assert news.banner(at(1)) == news.banner(at(20.9)) == "Đang nhập"
    assert news.banner(at(21)) is None


def test_a_banner_told_again_does_not_stand_longer_and_one_told_with_a_later_end_does() -> None:
    news = began().looked(written(), at(1))
    for seconds in range(2, 20):
        news = news.looked(written(seconds), at(seconds))
    assert news.banner(at(20.9)) is not None
    assert news.banner(at(21)) is None
    assert news.looked(written(20, until=40), at(21)).banner(at(40)) == "Đang nhập"


@pytest.mark.parametrize("until", ["2036-01-01T00:00:00+00:00", "whenever"])
def test_no_clock_keeps_a_banner_up_for_more_than_a_minute(until: str) -> None:
    news = began()
    for seconds in range(0, 70, 10):
        report = AgentReport(utc(seconds), banner=Banner("Đang nhập", until))
        news = news.looked(write_agent_report(report), at(seconds))
    assert (LONGEST_NS, news.since) == (60_000_000_000, at(60))
    assert news.banner(at(59)) == "Đang nhập"
    assert news.banner(at(60)) is None


def test_a_clock_set_back_takes_a_banner_down_and_breaks_nothing() -> None:
    report = AgentReport(AT, banner=Banner("Đang nhập", "1970-01-01T00:00:00+00:00"))
    assert began().looked(write_agent_report(report), at(1)).banner(at(1)) is None


def test_an_agent_that_falls_silent_is_not_believed_any_more() -> None:
    news = began().looked(written(until=59), at(1))
    assert (news.banner(at(30.9)), news.silent(at(30.9))) == ("Đang nhập", False)
    assert (news.banner(at(31)), news.silent(at(31))) == (None, True)
    told = news.told(at(31))
    assert told is not None
    assert told.progress is None
    assert told.banner == Banner("Đang nhập", utc(59))
    again = news.looked(written(1, until=59, more=1), at(32))
    assert not again.silent(at(32))


def test_what_lay_there_at_the_first_look_may_be_of_last_week() -> None:
    news = began(written())
    assert news.banner(NOW) is None
    told = news.told(NOW)
    assert told is not None
    assert (told.at, told.progress) == (utc(0), None)
    assert not news.silent(at(29))
    assert news.silent(MonotonicNs(NOW + FRESH_NS))
    fresh = news.looked(written(1), at(1))
    assert fresh.banner(at(1)) == "Đang nhập"
    assert fresh.told(at(1)) == fresh.report


@pytest.mark.parametrize("content", [None, b"", b"{", b'{"format": 2}'])
def test_a_file_that_is_gone_or_says_nothing_says_nothing(content: bytes | None) -> None:
    news = began().looked(written(), at(1)).looked(content, at(2))
    assert (news.banner(at(2)), news.told(at(2)), news.silent(at(99))) == (None, None, False)


@given(st.lists(st.tuples(st.floats(0, 40), st.integers(0, 200), st.integers(0, 300)), max_size=12), st.floats(0, 200))
def test_no_banner_outlives_the_last_word_of_the_agent_by_half_a_minute(
    words: list[tuple[float, int, int]], after: float
) -> None:
    news, now = began(), NOW
    for pause, seconds, until in words:
        now = MonotonicNs(now + round(pause * 1e9))
        news = news.looked(written(seconds, until=until), now)
    if after >= 30:
        assert news.banner(MonotonicNs(now + round(after * 1e9))) is None


def test_the_watch_reads_the_file_off_the_thread_and_says_what_is_to_be_shown(tmp_path: Path) -> None:
    clock, path, shown = ManualClock(), tmp_path / "status.json", list[str | None]()
    reactor = ManualReactor(clock)
    errands = Errands(reactor)
    watch = AgentWatch(path, clock, errands, shown.append)
    assert (watch.report, watch.silent) == (None, False)

    def looked(content: bytes | None) -> str | None:
        if content is not None:
            path.write_bytes(content)
        seen = len(shown) + 2
        watch.look()
        patience = time.monotonic() + 10
        while len(shown) < seen and time.monotonic() < patience:
            reactor.listen(0.01)
        return shown[-1]

    assert looked(None) is None
    assert looked(written()) == "Đang nhập"
    assert watch.report is not None
    assert watch.report.progress == READING
    clock.advance(21_000)
    assert looked(None) is None
    clock.advance(21_000)
    assert watch.silent
    errands.close()


def test_a_disk_that_hangs_keeps_no_banner_up_and_gets_one_job_at_a_time(tmp_path: Path) -> None:
    clock, path, shown = ManualClock(), tmp_path / "status.json", list[str | None]()
    reactor = ManualReactor(clock)
    errands = Errands(reactor)
    watch = AgentWatch(path, clock, errands, shown.append)
    for content in (b"", written()):
        path.write_bytes(content)
        watch.look()
        patience = time.monotonic() + 10
        while len(shown) % 2 and time.monotonic() < patience:
            reactor.listen(0.01)
    assert shown[-1] == "Đang nhập"
    path.unlink()
    os.mkfifo(path)  # whoever opens it waits for a writer
    for _ in range(40):
        watch.look()
        clock.advance(1_000)
    assert shown[-1] is None
    path.open("wb").close()
    errands.finish(5.0)
