"""The kiosk file: what it says, everything that is wrong with it at once, and its PIN, chord and restarts."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from player.kiosk import arguments_of
from player.kiosk_file import (
    Kiosk,
    KioskFileError,
    KioskScreen,
    Maintenance,
    geometry_text,
    parsed_geometry,
    read_kiosk,
)
from player.kiosk_restarts import STEADY_NS, Life, ended, started
from player.maintenance.chord import Chord
from player.maintenance.pin import hashed, pin_text
from playlists.timing import MonotonicNs

GOLDEN = Path(__file__).parents[1] / "golden" / "kiosk" / "kiosk.toml"
LEAST = 'format = 1\n[[screen]]\nstate = "/var/lib/x"\n'


def test_the_golden_file_says_what_it_says() -> None:
    kiosk = read_kiosk(GOLDEN.read_bytes())
    assert kiosk == Kiosk(
        screens=(
            KioskScreen(
                "/var/lib/border-gate-signage/ngoai-troi",
                name="HDMI-1",
                rotation=90,
                file="/etc/border-gate-signage/ngoai-troi.screen.json",
                languages="vi,lo",
                volume=80,
                extra={"paint": "blue"},
            ),
            KioskScreen(
                "/var/lib/border-gate-signage/trong-nha",
                geometry=(1920, 0, 1280, 720),
                display=":0",
                content="/srv/trong-nha",
                captions="vi,en",
            ),
        ),
        maintenance=Maintenance(hashed("246810", bytes(16)), Chord(frozenset({"Ctrl", "Alt"}), "F12"), 3.0, 5.0, 60.0),
        log_level="debug",
        watchdog_seconds=15.0,
        extra={"future": {"kept": True}},
    )


def test_a_file_may_say_next_to_nothing() -> None:
    assert read_kiosk(LEAST.encode()) == Kiosk((KioskScreen("/var/lib/x"),))
    assert read_kiosk(b"\xef\xbb\xbf" + LEAST.encode()) == Kiosk((KioskScreen("/var/lib/x"),))


def wrong(text: str | bytes) -> dict[str, str]:
    """Every finding: place to code; each has a sentence in both languages."""
    with pytest.raises(KioskFileError) as caught:
        read_kiosk(text if isinstance(text, bytes) else text.encode())
    assert all(finding.vi and finding.en and finding.vi != finding.en for finding in caught.value.findings)
    assert all(finding.en in str(caught.value) for finding in caught.value.findings)
    return {finding.place: finding.code for finding in caught.value.findings}


@pytest.mark.parametrize(
    ("text", "findings"),
    [
        ("format = 1\nscreen = [", {"line 2": "syntax"}),
        ("format = 1\nx = = 2\n", {"line 2": "syntax"}),
        (b"format = 1\n# \xff\n", {"line 2": "utf-8"}),
        ("", {"format": "format", "screen": "screens"}),
        ("format = true\nscreen = [3]\n", {"format": "format", "screen[1]": "table"}),
        ("format = 1\nscreen = []\n", {"screen": "screens"}),
        ("format = 1\nlog = 3\n[[screen]]\n", {"log": "table", "screen[1]": "state"}),
        (
            LEAST + '[log]\nlevel = "loud"\n[watchdog]\nseconds = 1\n',
            {"log.level": "choice", "watchdog.seconds": "number"},
        ),
        (
            LEAST + '[maintenance]\npin = "1234"\nchord = "M"\nhold_seconds = "x"\ncorner_seconds = true\n',
            {
                "maintenance.pin": "pin",
                "maintenance.chord": "chord",
                "maintenance.hold_seconds": "number",
                "maintenance.corner_seconds": "number",
            },
        ),
        (
            LEAST + "[maintenance]\npin = 1234\nleave_after_seconds = 1\n",
            {"maintenance.pin": "pin"} | {"maintenance.leave_after_seconds": "number"},
        ),
        (
            LEAST + 'name = "HDMI-1"\ngeometry = "9x9"\nrotation = 45\nvolume = 101\nfile = "x.json"\ncontent = 4\n',
            {
                "screen[1]": "place",
                "screen[1].geometry": "geometry",
                "screen[1].rotation": "choice",
                "screen[1].volume": "number",
                "screen[1].file": "absolute",
                "screen[1].content": "text",
            },
        ),
        (LEAST + '[[screen]]\nstate = "/var/lib/x"\nname = "A"\n', {"screen[2].state": "repeated-state"}),
        (LEAST + '[[screen]]\nstate = "/var/lib/y"\n', {"screen[2]": "repeated-place"}),
        ('format = 1\n[[screen]]\nstate = "x"\n', {"screen[1].state": "absolute"}),
        ('format = 1\n[[screen]]\nstate = " "\n', {"screen[1].state": "text"}),
    ],
)
def test_everything_that_is_wrong_is_told_at_once(text: str | bytes, findings: dict[str, str]) -> None:
    assert wrong(text) == findings


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with contextlib.suppress(KioskFileError):
        assert read_kiosk(content).screens


@given(st.integers(-9999, 9999), st.integers(-9999, 9999), st.integers(1, 9999), st.integers(1, 9999))
def test_a_geometry_reads_as_it_was_written(x: int, y: int, width: int, height: int) -> None:
    assert parsed_geometry(geometry_text((x, y, width, height))) == (x, y, width, height)


def test_a_screens_player_is_told_all_of_it() -> None:
    outdoor, indoor = read_kiosk(GOLDEN.read_bytes()).screens
    file = Path("/etc/kiosk.toml")
    assert arguments_of(outdoor, file, 1) == [
        *("--state", "/var/lib/border-gate-signage/ngoai-troi", "--kiosk-file", "/etc/kiosk.toml"),
        *("--kiosk-screen", "1", "--screen", "HDMI-1", "--rotate", "90", "--languages", "vi,lo", "--volume", "80"),
    ]
    assert arguments_of(indoor, file, 2) == [
        *("/srv/trong-nha", "--kiosk-file", "/etc/kiosk.toml", "--kiosk-screen", "2"),
        *("--geometry", "1280x720+1920+0", "--captions", "vi,en"),
    ]


def test_a_player_that_dies_comes_back_at_once_and_one_that_keeps_dying_more_slowly() -> None:
    life, now = Life(MonotonicNs(0)), MonotonicNs(1_000_000_000)
    pauses = []
    for _ in range(8):
        life, at = ended(life, now)
        pauses.append((at - now) // 1_000_000_000)
        life, now = started(life, at), MonotonicNs(at + 1_000_000_000)
    assert pauses == [0, 1, 2, 4, 8, 16, 30, 30]
    life, at = ended(life, MonotonicNs(life.started + STEADY_NS))
    assert at == life.started + STEADY_NS


def test_the_hash_of_the_golden_file_is_what_the_pin_command_prints() -> None:
    assert pin_text(hashed("246810", bytes(16))) in GOLDEN.read_text(encoding="utf-8")
