"""The wake-up line: what is followed, at which pace, and what is not."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from playlists.errors import SiteError
from sync.agent.machine_clock import MachineClock
from sync.agent.poll_plan import WAKES_AT_ONCE
from sync.agent.ports import SourceError
from sync.agent.wake import WakeLine


@dataclass
class ScriptedCaller:
    """Answers as the script says, then holds the line until it is hung up."""

    script: list[bool | SiteError | OSError]
    asked: list[int] = field(default_factory=list)
    hung_up: threading.Event = field(default_factory=threading.Event)

    def wake(self, since: int) -> bool:
        self.asked.append(since)
        if not self.script:
            self.hung_up.wait(10)
            message = "hung up"
            raise SourceError(message)
        answer = self.script.pop(0)
        if isinstance(answer, SiteError | OSError):
            raise answer
        return answer

    def close(self) -> None:
        self.hung_up.set()


Listen = Callable[[ScriptedCaller], list[float]]


@pytest.fixture
def listen() -> Iterator[Listen]:
    lines: list[WakeLine] = []

    def begin(caller: ScriptedCaller) -> list[float]:
        """Start a line; the moments at which it rang. Every ring is followed by a poll at once."""
        rung: list[float] = []

        def ring() -> None:
            rung.append(time.monotonic())
            lines[-1].polled(10 + len(rung))

        lines.append(WakeLine(caller, ring, MachineClock(), chance=lambda: 0.0))
        lines[-1].start(10)
        return rung

    yield begin
    for line in lines:
        line.close()


def until(true: Callable[[], bool]) -> None:
    ends = time.monotonic() + 10
    while not true():
        assert time.monotonic() < ends
        time.sleep(0.01)


def test_each_wake_up_rings_and_the_next_question_is_about_what_is_newer(listen: Listen) -> None:
    caller = ScriptedCaller([True, True])
    rung = listen(caller)
    until(lambda: len(caller.asked) == 3)
    assert len(rung) == 2
    assert caller.asked == [10, 11, 12]


def test_whoever_cries_wolf_is_followed_a_few_times_only(listen: Listen) -> None:
    caller = ScriptedCaller([True] * 1000)
    rung = listen(caller)
    until(lambda: len(rung) >= WAKES_AT_ONCE)
    time.sleep(0.5)
    assert len(rung) == WAKES_AT_ONCE
    assert len(caller.asked) == WAKES_AT_ONCE + 1


@pytest.mark.parametrize("answer", [False, SourceError("no route"), OSError(28, "disk full")])
def test_a_line_that_is_no_use_is_not_asked_without_end(listen: Listen, answer: bool | SiteError | OSError) -> None:  # noqa: FBT001 - a case
    caller = ScriptedCaller([answer] * 1000)
    rung = listen(caller)
    until(lambda: bool(caller.asked))
    time.sleep(0.5)
    assert (len(caller.asked), rung) == (1, [])
    assert any(thread.name == "wake" for thread in threading.enumerate()), "it goes on, later"
