"""How plays that a crash left open are closed."""

from dataclasses import replace

from player.clock import ManualClock
from player.proof_log.recovery import recovered_ends
from playlists.proof import Outcome
from tests.support.log_records import heartbeat, play_id, start


def test_the_same_boot_blames_the_player_and_another_the_power() -> None:
    clock = ManualClock()
    begun = start(1, clock.moment())
    clock.advance(1_000)
    (same,) = recovered_ends([begun], [], clock.moment())
    clock.reboot("another")
    (other,) = recovered_ends([begun], [], clock.moment())
    assert [same.reason, other.reason] == ["player_fault", "power"]
    assert same.outcome is other.outcome is Outcome.INTERRUPTED
    assert (same.start, same.end, same.actual, same.frames_shown, same.frames_lost) == (None,) * 5
    assert (same.play, same.at.monotonic, same.planned) == (play_id(1), 61_000_000_000, begun.planned)


def test_the_last_heartbeat_naming_the_play_bounds_its_end() -> None:
    clock = ManualClock()
    begun, beats = start(1, clock.moment()), []
    for playing in (play_id(1), play_id(1), None, play_id(2)):
        clock.advance(60_000)
        beats.append(replace(heartbeat(playing), at=clock.moment()))
    first, second, third = recovered_ends([begun, start(2), start(3)], beats, clock.moment())
    assert (first.end, second.end, third.end) == (beats[1].at, beats[3].at, None)
