"""Samples in memory that a decoder writes and the speaker reads at the same time."""

import os
import threading
import time
from array import array

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from player.decoding.pcm import FRAME_BYTES, RATE, PcmRing

KEPT = 4 * RATE


def numbered(first: int, count: int) -> bytes:
    """Frames that say their own number, counted from 1 so that silence is none of them."""
    return array("I", range(first + 1, first + 1 + count)).tobytes()


def numbers(data: bytes) -> list[int]:
    """What the frames say, less that 1; -1 is silence."""
    return [number - 1 for number in array("I", data)]


def filled(*counts: int) -> PcmRing:
    ring = PcmRing.create()
    for count in counts:
        ring.write(numbered(ring.written, count))
    return ring


def test_a_new_ring_is_silent() -> None:
    ring = PcmRing.create()
    assert ring.written == 0
    assert ring.read(0, 100) == bytes(100 * FRAME_BYTES)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from([1, 960, 1024, 1152, 47_999, KEPT - 1, KEPT, KEPT + 7]), max_size=7),
    st.lists(st.tuples(st.integers(-KEPT - 2000, KEPT), st.integers(0, 3000)), min_size=1, max_size=8),
)
def test_what_was_written_is_read_and_silence_all_round_it(counts: list[int], reads: list[tuple[int, int]]) -> None:
    ring = filled(*counts)
    written = sum(counts)
    assert ring.written == written
    for back, count in reads:
        first = written + back
        there = range(max(0, written - KEPT), written)
        expected = [number if number in there else -1 for number in range(first, first + count)]
        assert numbers(ring.read(first, count)) == expected


@pytest.mark.parametrize("place", [KEPT - 960, KEPT - 500, KEPT - 1, KEPT])
def test_a_chunk_over_the_end_of_the_memory_is_whole(place: int) -> None:
    ring = filled(KEPT - 300, 2000)
    assert numbers(ring.read(place, 960)) == list(range(place, place + 960))


def test_what_was_overwritten_is_silent_and_not_what_took_its_place() -> None:
    ring = filled(KEPT + 5000)
    assert set(numbers(ring.read(4000, 960))) == {-1}
    assert numbers(ring.read(4999, 2)) == [-1, 5000]


def test_half_a_frame_is_no_frame() -> None:
    ring = PcmRing.create()
    ring.write(numbered(0, 10) + b"\x7f\x7f")
    ring.write(numbered(10, 10))
    assert ring.written == 20
    assert numbers(ring.read(0, 20)) == list(range(20))


def test_the_speaker_reads_what_the_decoder_writes() -> None:
    decoder = PcmRing.create()
    speaker = PcmRing.attach(decoder.fd)
    decoder.write(numbered(0, 500))
    assert speaker.written == 500
    assert numbers(speaker.read(100, 5)) == [100, 101, 102, 103, 104]


def test_a_reader_beside_a_writer_hears_right_samples_or_none() -> None:
    """The reader follows two seconds behind, as a clip that libVLC decodes so far ahead is heard."""
    writer = PcmRing.create()
    reader = PcmRing.attach(writer.fd)
    enough = threading.Event()

    def write() -> None:
        while not enough.wait(0.0005):
            writer.write(numbered(writer.written, 1024))

    thread = threading.Thread(target=write)
    thread.start()
    wrong: list[int] = []
    while (written := reader.written) < 3 * KEPT:
        time.sleep(0.0002)  # or the writer, of the same interpreter, waits for its turn most of the time
        for first in (written - KEPT // 2, written - 960, written - 480):
            got = numbers(reader.read(first, 960))
            there = [number in (first + k, -1) if first + k >= written else number == first + k or first + k < 0
                     for k, number in enumerate(got)]  # fmt: skip
            if reader.written - first <= KEPT:  # else the writer was faster than anybody can be expected to read
                wrong += [first + k for k, right in enumerate(there) if not right]
    enough.set()
    thread.join()
    assert wrong == []


def test_an_attached_ring_cannot_be_shrunk_under_its_reader() -> None:
    ring = PcmRing.create()
    reader = PcmRing.attach(ring.fd)
    with pytest.raises(PermissionError):
        os.ftruncate(ring.fd, 0)
    assert reader.read(0, 1) == bytes(FRAME_BYTES)


def test_what_is_smaller_than_a_ring_is_refused() -> None:
    small = os.memfd_create("small", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    os.ftruncate(small, 4096)
    with pytest.raises(OSError, match="Invalid argument"):
        PcmRing.attach(small)
    os.close(small)


def test_what_cannot_be_sealed_is_refused() -> None:
    plain = os.memfd_create("plain", os.MFD_CLOEXEC)
    with pytest.raises(OSError, match="not permitted"):
        PcmRing.attach(plain)
    os.close(plain)


def test_a_count_of_no_sense_is_survived() -> None:
    """A broken decoder may write anything into the memory, also the count."""
    ring = filled(2000)
    for count in (2**64 - 1, 2**63, 1):
        os.pwrite(ring.fd, count.to_bytes(8, "little"), 0)
        for first in (-960, 0, 500, 2**40):
            assert len(ring.read(first, 960)) == 960 * FRAME_BYTES


def test_each_side_has_a_descriptor_of_its_own_that_goes_with_it() -> None:
    ring = PcmRing.create()
    reader = PcmRing.attach(ring.fd)
    fds = (ring.fd, reader.fd)
    assert fds[0] != fds[1]
    del ring, reader
    for fd in fds:
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.fstat(fd)
