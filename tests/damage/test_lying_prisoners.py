"""What a prisoner that a file has taken over may send: nonsense, floods, memory that shrinks. None is believed."""

import mmap
import os
import random
import resource
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from player.decoding.channel import MAX_MESSAGE, Channel, ChannelClosedError, integer, text
from player.ring import Ring

HOSTILE = (
    b"\xff\xfe\x00",
    b"[]",
    b"17",
    b'"idle"',
    b"{",
    b"[" * 60_000,
    b'{"is":"frame","slot":1e999}' + b" " * 60_000,
    b"null",
)


@pytest.mark.parametrize("packet", HOSTILE)
def test_what_is_no_message_ends_the_channel_or_means_nothing(packet: bytes) -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        theirs.send(packet)
        channel = Channel(ours)
        try:
            got = channel.receive()
        except ChannelClosedError:
            got = None
        if got is not None:
            with pytest.raises(ChannelClosedError):
                integer(got[0], "slot")
        channel.close()


def test_random_packets_never_raise_anything_else() -> None:
    chance = random.Random(7)  # noqa: S311 - a fixed seed
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    channel = Channel(ours)
    alphabet = b'{}[]":,0123456789.-+eE\\utrfnaslI \xff\x00'
    with theirs:
        for _ in range(3000):
            theirs.send(bytes(chance.choices(alphabet, k=chance.randint(1, 60))))
            try:
                got = channel.receive()
            except ChannelClosedError:
                continue
            assert got is not None
            assert isinstance(text(got[0], "is"), str)
    channel.close()


def test_a_packet_too_large_is_no_message() -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 * MAX_MESSAGE)
    channel = Channel(ours)
    with theirs:
        theirs.send(b'{"is":"' + b"x" * (2 * MAX_MESSAGE) + b'"}')
        with pytest.raises(ChannelClosedError):
            channel.receive()
    channel.close()


def test_descriptors_beyond_what_is_taken_are_closed() -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    channel = Channel(ours)
    before = len(list(Path("/proc/self/fd").iterdir()))
    with Path("/dev/null").open("rb") as null, theirs:
        socket.send_fds(theirs, [b"{}"], [null.fileno()] * 100)
        socket.send_fds(theirs, [b"no message"], [null.fileno()] * 3)
        got = channel.receive()
        assert got is not None
        assert len(got[1]) <= 8
        for fd in got[1]:
            os.close(fd)
        with pytest.raises(ChannelClosedError):
            channel.receive()
    channel.close()
    assert len(list(Path("/proc/self/fd").iterdir())) <= before


@pytest.mark.parametrize(("width", "height", "slots"), [(4000, 4000, 8), (2**31, 1, 1), (1, 2**40, 1)])
def test_a_ring_smaller_than_it_is_said_to_be_is_refused(width: int, height: int, slots: int) -> None:
    fd = os.memfd_create("small", os.MFD_ALLOW_SEALING)
    os.ftruncate(fd, 1 << 20)
    with pytest.raises((OSError, ValueError, OverflowError)):
        Ring.attach(fd, width, height, slots)
    os.close(fd)


def test_a_ring_cannot_shrink_under_its_reader() -> None:
    theirs = Ring.create(64, 48, 2)
    ring = Ring.attach(os.dup(theirs.fd), 64, 48, 2)
    with pytest.raises(PermissionError):
        os.ftruncate(theirs.fd, mmap.PAGESIZE)
    assert len(ring.pixels(1)) == ring.stride * 48


GREEDY = """
import sys
from player.decoding import prison
prison.lock_up("greedy")
kept = []
try:
    while True:
        kept.append(bytearray(64 << 20))
except MemoryError:
    sys.exit(7)
"""


def test_a_greedy_prisoner_hits_its_own_ceiling() -> None:
    ended = subprocess.run([sys.executable, "-c", GREEDY], check=False, timeout=60)
    assert ended.returncode == 7
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 4 << 20, "kilobytes"


FLOODING = """
import os, sys
from player.decoding import prison
prison.lock_up("flooding")
for _ in range(10_000):
    os.write(2, b"[h264 @ 0x1] error while decoding MB\\n" * 100)
    os.write(1, b"x" * 1000)
"""


def test_a_flooding_prisoner_is_not_heard() -> None:
    ended = subprocess.run([sys.executable, "-c", FLOODING], check=False, timeout=60, capture_output=True)
    assert (ended.stdout, ended.stderr) == (b"", b"")
