"""What the agent says of itself: at once where it is new, again and again as long as somebody stands by it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from player.agent_watch import FRESH_NS, first_look
from playlists.agent_report import AgentReport, Progress, read_agent_report
from playlists.timing import MonotonicNs
from sync.agent.machine_clock import SetClock
from sync.agent.report_file import LONGEST_STEP_NS, PROGRESS_NS, REPEAT_SECONDS, ReportFile

NOW = datetime(2027, 3, 1, tzinfo=UTC)


@pytest.fixture
def clock() -> SetClock:
    return SetClock(NOW)


@pytest.fixture
def file(tmp_path: Path, clock: SetClock) -> ReportFile:
    return ReportFile(tmp_path / "status.json", clock)


def test_what_is_repeated_is_believed_by_the_player_and_what_is_not_is_not(
    file: ReportFile, clock: SetClock, tmp_path: Path
) -> None:
    assert FRESH_NS > 2 * REPEAT_SECONDS * 1e9
    file.tell(AgentReport(trouble="x"))
    path = tmp_path / "status.json"
    news = first_look(path.read_bytes(), MonotonicNs(clock.now().boot_ns))
    for _ in range(20):
        clock.sleep(REPEAT_SECONDS)
        file.repeat(clock.now().wall)
        now = MonotonicNs(clock.now().boot_ns)
        news = news.looked(path.read_bytes(), now)
        assert not news.silent(now)
        assert news.report is not None
        assert news.report.trouble == "x"


def test_nobody_stands_by_what_a_hanging_agent_said(file: ReportFile, clock: SetClock, tmp_path: Path) -> None:
    file.tell(AgentReport(trouble="x"))
    clock.sleep(LONGEST_STEP_NS / 1e9 + 1)
    before = (tmp_path / "status.json").read_bytes()
    file.repeat(clock.now().wall)
    assert (tmp_path / "status.json").read_bytes() == before
    file.tell(AgentReport(trouble="x"))
    file.repeat(clock.now().wall)
    assert (tmp_path / "status.json").read_bytes() != before


def test_progress_is_written_now_and_then_and_the_rest_at_once(
    file: ReportFile, clock: SetClock, tmp_path: Path
) -> None:
    def told(done: int, trouble: str = "x") -> AgentReport | None:
        file.tell(AgentReport(trouble=trouble, progress=Progress("p", done, 9)))
        return read_agent_report((tmp_path / "status.json").read_bytes())

    assert told(1) == told(2)
    clock.sleep(PROGRESS_NS / 1e9)
    assert told(3) == AgentReport(trouble="x", progress=Progress("p", 3, 9))
    assert told(4, "y") == AgentReport(trouble="y", progress=Progress("p", 4, 9))


def test_without_anything_said_nothing_is_repeated(file: ReportFile, tmp_path: Path) -> None:
    file.repeat(NOW)
    assert not (tmp_path / "status.json").exists()
