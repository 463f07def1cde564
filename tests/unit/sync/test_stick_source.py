from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from sync.agent.ports import SourceError
from sync.agent.stick_source import FLOOR_BYTES, PATIENCE_S, StickSource
from sync.bundle import FEED


@dataclass
class SlowStick:
    """A stick that takes ``wait`` seconds of a clock of its own for each read and chunk: a double."""

    wait: float
    chunk: int = 65_536
    at: float = 0.0
    asked: list[str] = field(default_factory=list)
    online: bool = False

    def seconds(self) -> float:
        return self.at

    def read(self, name: str, limit: int) -> bytes:
        self.asked.append(name)
        self.at += self.wait
        return bytes(min(self.chunk, limit))

    @contextmanager
    def stream(self, name: str, begins: int, length: int) -> Iterator[Iterator[bytes]]:
        self.asked.append(name)
        yield self.chunks(length - begins)

    def chunks(self, left: int) -> Iterator[bytes]:
        while left > 0:
            self.at += self.wait
            yield bytes(min(self.chunk, left))
            left -= self.chunk


def source_of(stick: SlowStick) -> StickSource:
    return StickSource(stick, stick.seconds)


def drained(source: StickSource, length: int) -> int:
    with source.stream("media/x", 0, length) as chunks:
        return sum(len(chunk) for chunk in chunks)


def test_names_are_spelled_as_a_stick_spells_them() -> None:
    stick = SlowStick(0)
    source = source_of(stick)
    source.read("targets/releases/Bo/X.json", 10)
    drained(source, 10)

    assert stick.asked == [f"{FEED}/targets/releases/%42o/%58.json", f"{FEED}/media/x"]
    assert not source.online


def test_a_name_no_stick_can_hold_is_not_there() -> None:
    with pytest.raises(SourceError):
        source_of(SlowStick(0)).read("a/../b", 10)


def test_a_slow_stick_is_waited_for_as_long_as_it_gives_something() -> None:
    stick = SlowStick(PATIENCE_S / (FLOOR_BYTES / 65_536) * 0.9)
    source = source_of(stick)

    assert drained(source, 20 * FLOOR_BYTES) == source.fetched == 20 * FLOOR_BYTES


def test_one_that_gives_too_little_is_given_up() -> None:
    stick = SlowStick(1.0, chunk=1)
    with pytest.raises(SourceError):
        drained(source_of(stick), FLOOR_BYTES)

    assert stick.at <= PATIENCE_S + 2


def test_waiting_adds_up_over_small_files() -> None:
    stick = SlowStick(PATIENCE_S / 3, chunk=10)
    source = source_of(stick)
    for number in range(3):
        source.read(f"metadata/{number}.root.json", 100)
    with pytest.raises(SourceError):
        source.read("metadata/4.root.json", 100)


def test_what_the_reader_does_between_two_chunks_is_not_the_sticks_fault() -> None:
    stick = SlowStick(0.0)
    with source_of(stick).stream("media/x", 0, 10 * 65_536) as chunks:
        for _ in chunks:
            stick.at += PATIENCE_S
