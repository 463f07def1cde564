"""The summary as a table: columns line up whatever the script, and nothing in a title commands the terminal."""

from dataclasses import replace
from datetime import UTC

from player.proof_log.summary import duration_text, local_text, summary_text
from playlists.proof import Display
from playlists.tally import tally
from tests.support.log_records import end, start


def test_columns_line_up_under_any_script() -> None:
    titles = ["Bờ Y", "ສະບາຍດີ", "សួស្តី", "口岸", "A title that is much longer than a column can be", "\x1b[2Jclear"]
    begun = [replace(start(number), item=title, title=title) for number, title in enumerate(titles)]
    text = summary_text(tally([*begun, *(end(number) for number in range(len(titles)))]), UTC)
    lines = text.splitlines()
    assert lines[6].startswith("A title that is much longer than a …  ")
    assert lines[7].startswith("�[2Jclear ")
    assert lines[5].index("0:00:15") == lines[2].index("0:00:15") - 2, "two letters as wide as four"
    assert lines[3].index("0:00:15") > lines[2].index("0:00:15"), "marks that take no column"


def test_what_nobody_could_ask_the_display_is_said() -> None:
    text = summary_text(tally([start(1), replace(end(1), display=Display.UNKNOWN)]), UTC)
    assert "airtime with the display neither known on nor off: 0:00:15" in text


def test_an_empty_log_is_an_empty_table() -> None:
    assert "total of 0" in summary_text(tally([]), UTC)


def test_lengths_are_hours_minutes_and_seconds() -> None:
    assert [duration_text(ms) for ms in (0, 999, 61_000, 360_000_000)] == ["0:00:00", "0:00:00", "0:01:01", "100:00:00"]


def test_a_local_time_keeps_its_milliseconds() -> None:
    assert local_text("2026-11-23T03:44:58.120+07:00", UTC) == "2026-11-22 20:44:58.120"
