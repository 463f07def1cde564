"""The agent's settings file: what is read, what has a default, what is wrong with it."""

import json
from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from playlists.errors import ExitCode
from sync.agent.settings import Night, SettingsError, read_settings

LEAST = {"format_version": 1, "state": "/var/lib/signage"}


def read(**fields: object) -> object:
    return read_settings(json.dumps(LEAST | fields).encode())


def test_a_state_folder_is_enough() -> None:
    settings = read_settings(json.dumps(LEAST).encode())
    assert settings.state == Path("/var/lib/signage")
    assert (settings.poll_seconds, settings.wake, settings.floor_bytes) == (300, True, 500_000_000)
    assert settings.bytes_a_second is None


def test_everything_is_read_and_what_nobody_knows_is_kept() -> None:
    settings = read_settings(
        json.dumps(
            LEAST
            | {
                "hub": "https://hub.example:8443/cong/",
                "feed": "http://cdn.example/",
                "gate": "bo-y",
                "screen": "tuong-1",
                "ca_file": "/etc/ca.pem",
                "root_file": "/etc/root.json",
                "poll_seconds": 60,
                "night": {"begins": "22:00", "ends": "05:00"},
                "kilobits_a_second": 800,
                "floor_megabytes": 2000,
                "wake": False,
                "later": 1,
            }
        ).encode()
    )
    assert settings.hub == "https://hub.example:8443/cong"
    assert settings.night == Night(time(22), time(5))
    assert (settings.bytes_a_second, settings.floor_bytes, settings.wake) == (100_000, 2 * 10**9, False)
    assert settings.extra == {"later": 1}


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"format_version": 2}, "/format_version"),
        ({"state": ""}, "/state"),
        ({"hub": "ftp://hub.example"}, "/hub"),
        ({"hub": "https://user:word@hub.example"}, "/hub"),
        ({"hub": "https://hub.example:x"}, "/hub"),
        ({"feed": "hub"}, "/feed"),
        ({"poll_seconds": 0}, "/poll_seconds"),
        ({"poll_seconds": "soon"}, "/poll_seconds"),
        ({"night": {"begins": "25:00", "ends": "05:00"}}, "/night/begins"),
        ({"night": {"begins": "22:00", "ends": "05:00", "time_zone": "Mars"}}, "/night/time_zone"),
        ({"kilobits_a_second": 0}, "/kilobits_a_second"),
        ({"wake": "yes"}, "/wake"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(fields: dict[str, object], place: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read(**fields)
    assert caught.value.findings[0].place == place
    assert caught.value.exit_code is ExitCode.SITE
    assert caught.value.sentence_vi.startswith("tệp cài đặt")


@pytest.mark.parametrize(
    ("hour", "holds"), [(14, False), (14.99, False), (15, True), (21.99, True), (22, False), (4, False)]
)
def test_a_night_is_local_and_may_go_over_midnight(hour: float, holds: bool) -> None:  # noqa: FBT001 - a case
    at = datetime(2026, 11, 24, int(hour), round(hour % 1 * 60) % 60, tzinfo=UTC)
    assert Night(time(22), time(5)).holds(at) is holds


def test_a_window_within_a_day() -> None:
    window = Night(time(1), time(4), "UTC")
    assert [window.holds(datetime(2026, 11, 24, hour, tzinfo=UTC)) for hour in (0, 1, 3, 4)] == [
        False,
        True,
        True,
        False,
    ]
