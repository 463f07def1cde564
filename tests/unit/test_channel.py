"""Messages between the player and its prisoners, who are not trusted to keep to any form."""

import os
import socket

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from player.decoding.channel import MAX_MESSAGE, Channel, ChannelClosedError, integer, text

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20), lambda inner: st.lists(inner, max_size=3)
)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.dictionaries(st.text(max_size=8), JSON, max_size=4), max_size=5))
def test_messages_arrive_whole_and_in_order(messages: list[dict[str, object]]) -> None:
    ours, theirs = Channel.pair()
    for message in messages:
        ours.send(message)
    received = [theirs.receive() for _ in messages]
    ours.close()
    theirs.close()
    assert received == [(message, []) for message in messages]


def test_descriptors_travel_with_their_message_and_are_not_inherited() -> None:
    ours, theirs = Channel.pair()
    read, write = os.pipe()
    ours.send({"is": "opened"}, [write])
    got = theirs.receive()
    assert got is not None
    (copy,) = got[1]
    assert copy != write
    assert not os.get_inheritable(copy)
    os.write(copy, b"x")
    assert os.read(read, 1) == b"x"
    for fd in (read, write, copy):
        os.close(fd)
    ours.close()
    theirs.close()


def test_nothing_waits_on_a_channel_that_does_not_block() -> None:
    ours, theirs = Channel.pair()
    theirs.set_blocking(blocking=False)
    assert theirs.receive() is None
    ours.close()
    with pytest.raises(ChannelClosedError):
        theirs.receive()
    with pytest.raises(ChannelClosedError):
        theirs.send({"do": "stop"})
    theirs.close()


def test_a_reader_that_does_not_read_is_given_up_not_waited_for() -> None:
    ours, theirs = Channel.pair()
    ours.set_blocking(blocking=False)

    def flood() -> None:
        for _ in range(100_000):
            ours.send({"is": "frame"})

    with pytest.raises(ChannelClosedError):
        flood()
    ours.close()
    theirs.close()


@pytest.mark.parametrize(
    "data",
    [
        b"not JSON",
        b"\xff\xfe",
        b"[1, 2]",
        b"17",
        b"null",
        b'{"is": "frame"',
        b"[" * 60_000,
        b'{"n": ' + b"9" * 5_000 + b"}",
        b'{"is":"' + b"x" * (MAX_MESSAGE + 10) + b'"}',
    ],
    ids=range(9),
)
def test_what_is_no_message_closes_the_channel_and_leaks_no_descriptor(data: bytes) -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    channel = Channel(theirs)
    read, write = os.pipe()
    socket.send_fds(ours, [data], [write])
    os.close(write)
    with pytest.raises(ChannelClosedError):
        channel.receive()
    assert os.read(read, 1) == b"", "the copy that came along was closed"
    os.close(read)
    ours.close()
    channel.close()


@settings(max_examples=200)
@given(st.dictionaries(st.just("n"), JSON | st.floats()))
def test_a_number_is_a_number_or_nothing(message: dict[str, object]) -> None:
    value = message.get("n")
    if isinstance(value, int) and not isinstance(value, bool):
        assert integer(message, "n") == value
    else:
        with pytest.raises(ChannelClosedError):
            integer(message, "n")


def test_a_text_is_short_or_empty() -> None:
    assert text({"why": "x" * 1000}, "why") == "x" * 300
    assert text({"why": 5}, "why") == text({}, "why") == ""
