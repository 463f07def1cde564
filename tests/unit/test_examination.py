"""The facts of a clip on their way out of a prisoner: equal on both sides, or refused."""

import os
from array import array
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from player.decoding.channel import ChannelClosedError, Message
from player.decoding.examination import FileIdentity, contents_of, facts_message, facts_of, memory_file
from playlists.containers import Container
from playlists.media import AudioTrack, MediaFacts, VideoFacts

TIMES = st.lists(st.integers(0, 10**13), min_size=1, max_size=50).map(lambda times: array("q", sorted(times)))
VIDEOS = st.builds(
    VideoFacts,
    codec=st.sampled_from(["h264", "hevc", "vp9"]),
    width=st.integers(1, 8192),
    height=st.integers(1, 8192),
    sar_num=st.integers(1, 255),
    sar_den=st.integers(1, 255),
    rotation=st.sampled_from([0, 90, 180, 270]),
    pts_ns=TIMES,
    end_ns=st.integers(1, 10**13),
    constant_rate=st.booleans(),
)
TRACKS = st.builds(
    AudioTrack,
    index=st.integers(0, 9),
    id=st.integers(0, 2**31),
    codec=st.just("aac"),
    language=st.sampled_from([None, "vi", "lo", "km"]),
    channels=st.integers(1, 8),
    start_ns=st.integers(-(10**9), 10**9),
    end_ns=st.integers(0, 10**13),
)
FACTS = st.builds(
    MediaFacts,
    container=st.sampled_from(Container),
    video=VIDEOS,
    audio=st.lists(TRACKS, max_size=3).map(tuple),
    complete=st.booleans(),
)
VIDEO = VideoFacts("h264", 1280, 720, 1, 1, 0, array("q", [0, 40]), 80, constant_rate=True)
PLAIN = MediaFacts(next(iter(Container)), VIDEO, (AudioTrack(0, 1, "aac", "vi", 2, 0, 80),))


@settings(max_examples=100)
@given(FACTS)
def test_facts_arrive_as_they_left(facts: MediaFacts) -> None:
    message, times = facts_message(facts)
    assert facts_of(message, times) == facts


def test_a_clip_without_a_picture_is_not_told() -> None:
    with pytest.raises(ValueError, match=r"^$"):
        facts_message(replace(PLAIN, video=None))


@pytest.mark.parametrize(
    "lie",
    [
        {"width": 0},
        {"width": -5},
        {"height": 100_000},
        {"width": "1280"},
        {"width": None},
        {"height": True},
        {"end_ns": 0},
        {"sar_num": 0},
        {"sar_den": -1},
        {"rotation": 1.5},
        {"container": "m3u"},
        {"container": 7},
        {"audio": [[1, 2]]},
        {"audio": [5]},
        {"audio": [["a", None, "aac", 5, "x", None, "end"]]},
        {"rotation": 45},
    ],
    ids=str,
)
def test_facts_that_make_no_sense_are_refused(lie: Message) -> None:
    message, times = facts_message(PLAIN)
    with pytest.raises((ChannelClosedError, ValueError, TypeError)):
        facts_of(message | lie, times)


@pytest.mark.parametrize("length", [0, 1, 7])
def test_a_clip_without_a_frame_time_is_refused(length: int) -> None:
    message, _times = facts_message(PLAIN)
    with pytest.raises(ChannelClosedError):
        facts_of(message, b"\0" * length)


@pytest.mark.parametrize("data", [b"", b"x", bytes(100_000)])
def test_a_memory_file_holds_what_it_was_given(data: bytes) -> None:
    fd = memory_file(data, "test")
    assert contents_of(fd) == data
    assert not os.get_inheritable(fd)
    os.close(fd)


def test_a_memory_file_of_a_terabyte_is_not_read() -> None:
    fd = os.memfd_create("test", os.MFD_CLOEXEC)
    os.ftruncate(fd, 1 << 40)
    with pytest.raises(ChannelClosedError):
        contents_of(fd)
    os.close(fd)


def test_a_changed_file_is_another_one() -> None:
    fd = memory_file(b"clip", "test")
    before = FileIdentity.of(os.fstat(fd))
    assert FileIdentity.of(os.fstat(fd)) == before
    os.pwrite(fd, b"longer than before", 0)
    assert FileIdentity.of(os.fstat(fd)) != before
    os.close(fd)
