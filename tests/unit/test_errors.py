"""The exit codes every command shares."""

import pytest

from playlists.errors import (
    ContentError,
    DamageError,
    ExitCode,
    SignageError,
    SiteError,
    UsageError,
    exit_code_table,
    in_vietnamese,
)


@pytest.mark.parametrize(
    ("error", "code"),
    [(SignageError, 1), (UsageError, 2), (ContentError, 3), (SiteError, 4), (DamageError, 5)],
)
def test_each_error_has_its_exit_code(error: type[SignageError], code: int) -> None:
    assert error("one clear line").exit_code == code
    assert str(error("one clear line")) == "one clear line"


def test_the_table_has_a_line_for_every_code() -> None:
    lines = exit_code_table().splitlines()
    assert lines[:2] == ["| exit code | meaning | who can act |", "|---|---|---|"]
    assert [line.split("|")[1].strip() for line in lines[2:]] == [str(int(code)) for code in ExitCode]


def test_every_code_is_told_in_vietnamese() -> None:
    assert in_vietnamese(ExitCode.CONTENT) == "lỗi nội dung"
    assert len({in_vietnamese(code) for code in ExitCode}) == len(ExitCode)
