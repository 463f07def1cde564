"""What the agent says of itself: to the hub, to the maintenance page, to a technician."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from playlists.agent_report import Progress, read_agent_report, write_agent_report
from playlists.errors import SiteError
from playlists.release import Active
from sync.agent.account import (
    Account,
    printed,
    report_to_hub,
    report_to_player,
    sentence,
    substance,
    waiting_sentence,
)
from sync.agent.download import Progress as DownloadProgress
from sync.agent.download import Wanted
from sync.agent.ports import BusyError, Instant, SourceError
from sync.agent.probation import Trial
from sync.agent.release_choice import Choice, Place, Stay
from sync.agent.standing import BadRelease, Standing
from sync.protocol import StatusReport
from sync.refusals import RefusalError

NOW = Instant(datetime(2026, 11, 24, 3, tzinfo=UTC), "boot", 90 * 10**9, synchronised=True)
ACTIVE = Active(7, "a" * 64)
ACCOUNT = Account(NOW, Place("bo-y", "tuong-1"), "0.1", "machine", Standing(good=ACTIVE), active=ACTIVE, timestamp=3)
HALF = DownloadProgress(Wanted("b" * 64, 10), 5, 5, 10, 0, 1)


def test_the_hub_is_told_what_runs_and_what_was_refused() -> None:
    standing = Standing(
        ACTIVE, None, (BadRelease(8, "died", ""),), Active(5, ""), Trial(ACTIVE, "boot", quiet_ns=10**11)
    )
    account = replace(
        ACCOUNT, standing=standing, refusals=(RefusalError("revoked"),), fetching=(8, HALF), urgent=("u",)
    )
    report = StatusReport.read(report_to_hub(account).write())
    assert report.running is not None
    assert (report.running.sequence, report.running.confirmed, report.running.good_seconds) == (7, True, 100)
    assert (report.previous, report.rolled_back, report.timestamp, report.urgent) == (5, 8, 3, ("u",))
    assert report.fetching is not None
    assert (report.fetching.sequence, report.fetching.done, report.fetching.total) == (8, 5, 10)
    assert [one.code for one in report.refusals] == ["revoked"]
    newer = replace(account, active=Active(9, "b" * 64))
    assert report_to_hub(newer).rolled_back is None, "that is over"


def test_a_kiosk_with_nothing_has_something_to_say_too() -> None:
    account = replace(ACCOUNT, active=None, standing=Standing(), machine="")
    assert StatusReport.read(report_to_hub(account).write()).running is None


def test_clocks_are_no_news_and_releases_are() -> None:
    def told(account: Account) -> object:
        return substance(report_to_hub(account))

    later = replace(ACCOUNT, now=replace(NOW, boot_ns=10**12), free_bytes=5)
    assert told(later) == told(ACCOUNT)
    for news in (
        replace(ACCOUNT, active=Active(8, "a" * 64)),
        replace(ACCOUNT, refusals=(RefusalError("revoked"),)),
        replace(ACCOUNT, urgent=("u",)),
        replace(ACCOUNT, fetching=(8, None)),
        replace(ACCOUNT, standing=Standing(trial=Trial(ACTIVE, "boot"))),
    ):
        assert told(news) != told(ACCOUNT)


def test_the_maintenance_page_reads_what_is_written() -> None:
    account = replace(
        ACCOUNT, online=False, error=SourceError("no route"), contact=NOW.wall, fetching=(8, HALF), free_bytes=1
    )
    report = report_to_player(account)
    assert read_agent_report(write_agent_report(report)) == report
    assert report.progress == Progress("Đang tải bản phát hành 8", 5, 10)
    assert (report.online, report.release, report.last_contact) == (False, "7", "2026-11-24T03:00:00+00:00")
    assert report.trouble == report.network
    assert "no route" in (report.trouble or "")


def test_what_stands_in_the_way_is_said_the_most_important_first() -> None:
    refusal, error = RefusalError("revoked"), SourceError("no route")
    assert report_to_player(replace(ACCOUNT, refusals=(refusal,))).trouble == refusal.vi
    assert report_to_player(replace(ACCOUNT, refusals=(refusal,), error=error)).trouble == sentence(error)
    account = replace(ACCOUNT, error=error, standing_with_hub="chờ")
    assert report_to_player(account).trouble == "chờ"
    assert report_to_player(ACCOUNT).trouble is None


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (RefusalError("missing", name="x"), "Nguồn thiếu"),
        (BusyError("busy"), "đang bận"),
        (SourceError("no route"), "dây mạng"),
        (SiteError("Hỏng."), "Hỏng."),
        (OSError(28, "No space left on device"), "Đĩa của máy có lỗi"),
        (ZeroDivisionError("x"), "Lỗi phần mềm"),
    ],
)
def test_every_error_has_a_sentence(error: BaseException, said: str) -> None:
    assert said in sentence(error)


def test_what_waits_is_said() -> None:
    assert "chạy ổn định" in (waiting_sentence(Choice(stay=Stay.ON_PROBATION, waiting=8)) or "")
    assert "thử trước" in (waiting_sentence(Choice(stay=Stay.AWAITS_CANARIES, waiting=8)) or "")
    assert waiting_sentence(Choice(stay=Stay.NOTHING_NEWER)) is None


def test_rows_are_aligned() -> None:
    assert printed([("Mạng", "tốt"), ("Đĩa còn", "1 MB")]) == "Mạng     tốt\nĐĩa còn  1 MB\n"
