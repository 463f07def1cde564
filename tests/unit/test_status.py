"""The status file and the agent's: bytes, versions, and all that may be wrong with them."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playlists.agent_report import (
    AgentReport,
    Banner,
    Progress,
    read_agent_report,
    seconds_left,
    write_agent_report,
)
from playlists.errors import DamageError
from playlists.proof import Display
from playlists.status import FaultNote, Playing, Showing, Status, read_status, status_schema, write_status
from tests.support.log_schema import problems

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden" / "status" / "status.json"
SCHEMA = ROOT / "playlists" / "status-file.schema.json"
AT = "2026-11-24T01:15:00.000+00:00"
STATUS = Status(
    at=AT,
    screen="bo-y-1",
    software="0.1.0",
    started="2026-11-23T22:00:03.120+00:00",
    showing=Showing.ITEM,
    since="2026-11-24T01:14:52.480+00:00",
    playing=Playing("0f" * 16, "clip-12", "Chào mừng", "2026-11-24T01:14:52.480+00:00", "slot-3", "tuan-48"),
    plays=212,
    frames_shown=123_456,
    frames_lost=2,
    release="41",
    display=Display.ON,
    plugged=True,
    clock_trusted=True,
    volume=40,
    faults=(FaultNote(AT, "play-failed", "cut-short: 3 of 100 frames could be shown", "clip-9"),),
    extra={"from_the_future": {"kept": True}},
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


def test_the_golden_file_reads_and_is_written_again_byte_for_byte() -> None:
    assert read_status(GOLDEN.read_bytes()) == STATUS
    assert write_status(STATUS) == GOLDEN.read_bytes()


def test_the_published_schema_is_ours_and_the_golden_file_keeps_it() -> None:
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == status_schema()
    assert problems(json.loads(GOLDEN.read_bytes()), status_schema(), status_schema()) == []


@given(
    TEXTS,
    st.sampled_from(Showing),
    st.none() | st.builds(Playing, TEXTS, TEXTS, TEXTS, TEXTS),
    st.lists(st.builds(FaultNote, TEXTS, TEXTS, TEXTS, st.none() | TEXTS), max_size=3).map(tuple),
    st.tuples(st.sampled_from([None, True, False])),
)
def test_every_status_reads_as_it_was_written(
    text: str, showing: Showing, playing: Playing | None, faults: tuple[FaultNote, ...], truths: tuple[bool | None]
) -> None:
    status = Status(text, text, text, text, showing, text, playing, faults=faults, clock_trusted=truths[0])
    assert read_status(write_status(status)) == status
    assert problems(json.loads(write_status(status)), status_schema(), status_schema()) == []


def test_what_is_not_there_takes_its_default() -> None:
    fields = {"format": 1, "at": AT, "screen": "s", "software": "1", "started": AT, "showing": "slate", "since": AT}
    assert read_status(json.dumps(fields).encode()) == Status(AT, "s", "1", AT, Showing.SLATE, AT)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"format": 2}, "only 1 is known"),
        ({"format": None}, "only 1 is known"),
        ({"screen": 5}, "screen is 5"),
        ({"plays": True}, "plays is True"),
        ({"plugged": "yes"}, "plugged is 'yes'"),
        ({"showing": "dancing"}, "showing is 'dancing'"),
        ({"display": 1}, "display is 1"),
        ({"playing": []}, "playing is no object"),
        ({"playing": {}}, "play is missing"),
        ({"faults": {}}, "faults is no list"),
        ({"faults": [3]}, "faultnote is no object"),
    ],
)
def test_a_spoiled_file_is_named_by_its_first_wrong_field(changes: dict[str, Any], said: str) -> None:
    fields = json.loads(GOLDEN.read_bytes()) | changes
    with pytest.raises(DamageError, match=said):
        read_status(json.dumps(fields).encode())


@pytest.mark.parametrize(
    ("content", "said"), [(b"", "not JSON"), (b"[]", "no object"), (b"\xff", "not JSON"), (b"[" * 100_000, "not JSON")]
)
def test_what_is_no_status_file_at_all(content: bytes, said: str) -> None:
    with pytest.raises(DamageError, match=said):
        read_status(content)


def test_a_missing_field_is_named() -> None:
    fields = json.loads(write_status(replace(STATUS, extra={})))
    del fields["since"]
    with pytest.raises(DamageError, match="since is missing"):
        read_status(json.dumps(fields).encode())


@pytest.mark.parametrize(
    ("content", "report"),
    [
        (None, None),
        (b"", None),
        (b"3", None),
        (b"[" * 100_000, None),
        (b'{"format": 2}', None),
        (b'{"format": 1}', AgentReport()),
        (b'{"format": 1, "online": 1, "network": 4, "at": "x"}', AgentReport(at="x")),
        (
            b'{"format": 1, "online": true, "network": "4G", "last_contact": "l", "release": "41", "at": "a"}',
            AgentReport("a", "4G", online=True, last_contact="l", release="41"),
        ),
        (b'{"format": 1, "progress": {"what": "a", "done": true, "total": 3}, "trouble": 3}', AgentReport()),
        (b'{"format": 1, "progress": {"what": "a", "done": -1, "total": 3}, "banner": "x"}', AgentReport()),
        (b'{"format": 1, "progress": [], "banner": {"text": " ", "until": "u"}}', AgentReport()),
        (b'{"format": 1, "banner": {"text": "x"}, "b": [1]}', AgentReport(extra={"b": [1]})),
        (
            b'{"format": 1, "progress": {"what": "a", "done": 1, "total": 0}, "banner": {"text": "b", "until": "u"}}',
            AgentReport(progress=Progress("a", 1, 0), banner=Banner("b", "u")),
        ),
    ],
)
def test_what_the_agent_says_is_taken_as_far_as_it_is_understood(
    content: bytes | None, report: AgentReport | None
) -> None:
    assert read_agent_report(content) == report


_COUNT = st.integers(0, 1 << 63)
_PROGRESS = st.none() | st.builds(Progress, st.text(), _COUNT, _COUNT)
_BANNER = st.none() | st.builds(Banner, st.text().filter(str.strip), st.text())


@given(
    st.builds(
        AgentReport,
        at=st.none() | st.text(),
        online=st.none() | st.booleans(),
        progress=_PROGRESS,
        banner=_BANNER,
        trouble=st.none() | st.text(),
    )
)
def test_every_report_of_the_agent_reads_as_it_was_written(report: AgentReport) -> None:
    assert read_agent_report(write_agent_report(report)) == report


def test_what_another_version_says_is_kept() -> None:
    report = AgentReport(AT, extra={"sticks": 2})
    assert read_agent_report(write_agent_report(report)) == report


@pytest.mark.parametrize(
    ("at", "until", "seconds"),
    [
        ("2026-03-01T08:00:00+00:00", "2026-03-01T15:00:20+07:00", 20.0),
        ("2026-03-01T08:00:00", "2026-03-01T08:00:05Z", 5.0),
        ("1970-01-01T00:00:10+00:00", "1970-01-01T00:00:00+00:00", -10.0),
        ("yesterday", "2026-03-01T08:00:05+00:00", None),
        (None, "2026-03-01T08:00:05+00:00", None),
    ],
)
def test_how_long_a_banner_is_to_stand_is_told_by_the_agents_own_clock(
    at: str | None, until: str, seconds: float | None
) -> None:
    assert seconds_left(AgentReport(at, banner=Banner("Đang chép", until))) == seconds


def test_no_banner_is_to_stand_for_no_time() -> None:
    assert seconds_left(AgentReport(AT)) is None
