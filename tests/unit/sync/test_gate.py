import threading
import time

import pytest

from sync.agent.gate import Gate, StoppedError, TokenBucket


def test_a_bucket_lets_its_rate_through() -> None:
    bucket = TokenBucket(1000, at=10.0)
    bucket, wait = bucket.taken(500, 10.0)
    assert wait == 0.5
    bucket, wait = bucket.taken(500, 10.5)
    assert wait == 0.5
    _, wait = bucket.taken(100, 11.5)
    assert wait == 0


def test_an_idle_second_may_be_used_afterwards_an_idle_hour_not() -> None:
    bucket, wait = TokenBucket(1000, at=0.0).taken(1000, 3600.0)
    assert wait == 0
    assert bucket.taken(1000, 3600.0)[1] == 1.0


def test_a_clock_that_stands_gives_nothing() -> None:
    bucket, _ = TokenBucket(1000, at=5.0).taken(1000, 5.0)
    assert bucket.taken(0, 4.0)[1] == 1.0


def test_a_gate_without_a_cap_holds_nobody_up() -> None:
    began = time.monotonic()
    Gate().pass_through(1 << 40)
    assert time.monotonic() - began < 1


def test_pauses_are_nested() -> None:
    gate = Gate()
    with gate.paused():
        with gate.paused():
            assert not gate.is_open
        assert not gate.is_open
    assert gate.is_open


def test_whoever_waits_at_a_gate_that_is_stopped_is_told() -> None:
    gate = Gate(1)
    threading.Timer(0.1, gate.stop).start()
    with pytest.raises(StoppedError):
        gate.pass_through(1_000_000)
    with pytest.raises(StoppedError):
        gate.enter()
    with pytest.raises(StoppedError):
        gate.rest(1000)
    assert gate.is_stopped
    assert not gate.is_open


def test_whoever_waits_for_the_cap_is_let_go_when_it_is_paused() -> None:
    gate = Gate(1)
    released = threading.Event()

    def download() -> None:
        gate.pass_through(1_000_000)
        released.set()

    thread = threading.Thread(target=download, daemon=True)
    thread.start()
    with gate.paused():
        assert released.wait(10)
    thread.join()


def test_the_rate_can_be_changed() -> None:
    gate = Gate(1)
    gate.set_rate(None)
    gate.pass_through(1_000_000)
