"""Pictures in memory shared with a decoder, who may claim anything about them."""

import fcntl
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from player.fitting import Size
from player.performance import Picture
from player.ring import HEADER_BYTES, Ring, stride_of

PAGE = 4096


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 700), st.integers(1, 400), st.integers(1, 8))
def test_no_two_pictures_share_a_byte(width: int, height: int, slots: int) -> None:
    ring = Ring.create(width, height, slots)
    for slot in range(slots):
        ring.pixels(slot)[:] = bytes([slot + 1]) * (ring.stride * height)
    for slot in range(slots):
        pixels = ring.pixels(slot)
        assert len(pixels) == ring.stride * height
        assert pixels[0] == pixels[-1] == slot + 1
        assert ring.address(slot) - ring.address(0) == slot * (ring.address(1) - ring.address(0) if slots > 1 else 0)
    assert ring.take() == 0, "painting touched no flag"


@given(st.integers(1, 20_000))
def test_rows_are_aligned_and_wide_enough(width: int) -> None:
    assert stride_of(width) % 64 == 0
    assert 0 <= stride_of(width) - 4 * width < 64


def test_slots_are_lent_once_and_come_back() -> None:
    ring = Ring.create(16, 9, 3)
    assert [ring.take() for _ in range(4)] == [0, 1, 2, None]
    ring.free(1)
    assert [ring.take(), ring.take()] == [1, None]


def test_a_picture_gives_its_slot_back_once() -> None:
    ring = Ring.create(16, 9, 1)
    slot = ring.take()
    assert slot == 0
    picture = Picture(ring.pixels(slot), Size(16, 9), ring.stride, ring, slot)
    picture.release()
    assert ring.take() == 0
    picture.release()
    assert ring.take() is None, "the second release took nothing away from the new owner"


def test_both_sides_see_the_same_memory() -> None:
    painter = Ring.create(32, 18, 2)
    viewer = Ring.attach(os.dup(painter.fd), 32, 18, 2)
    slot = painter.take()
    assert slot is not None
    painter.pixels(slot)[:4] = b"gate"
    assert bytes(viewer.pixels(slot)[:4]) == b"gate"
    viewer.free(slot)
    assert painter.take() == slot


def test_an_attached_ring_cannot_be_shrunk_under_its_reader() -> None:
    painter = Ring.create(32, 18, 2)
    viewer = Ring.attach(os.dup(painter.fd), 32, 18, 2)
    with pytest.raises(PermissionError):
        os.ftruncate(painter.fd, 0)
    assert viewer.pixels(1)[0] == 0


def test_a_ring_smaller_than_it_is_said_to_be_is_refused() -> None:
    small = Ring.create(16, 9, 1)
    copy = os.dup(small.fd)
    with pytest.raises((OSError, ValueError)):
        Ring.attach(copy, 1920, 1080, 8)
    os.close(copy)


def test_a_file_that_cannot_be_sealed_is_refused() -> None:
    fd = os.memfd_create("plain", os.MFD_CLOEXEC)
    os.ftruncate(fd, HEADER_BYTES + PAGE)
    with pytest.raises(OSError, match="not permitted"):
        Ring.attach(fd, 16, 9, 1)
    os.close(fd)


def test_the_descriptor_goes_with_the_ring() -> None:
    ring = Ring.create(16, 9, 1)
    fd = ring.fd
    pixels = ring.pixels(0)
    del ring
    with pytest.raises(OSError, match="Bad file descriptor"):
        fcntl.fcntl(fd, fcntl.F_GETFD)
    pixels[0] = 7  # what is on the screen stays until it is let go
