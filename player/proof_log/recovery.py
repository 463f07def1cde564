"""What a crash left behind: STARTs without an END, and how they are closed at the next start."""

from collections.abc import Sequence

from playlists.proof import Heartbeat, Interruption, Outcome, PlayEnd, PlayStart, Record
from playlists.timing import Moment


def recovered_ends(open_starts: Sequence[PlayStart], tail: Sequence[Record], now: Moment) -> list[PlayEnd]:
    """Close plays that have no END: *power* when the machine has booted since, else *player fault*.

    Nobody knows when the first and last picture were, so ``start``, ``actual`` and the frames are None. ``end`` is the
    last moment the play is known to have been on the screen: that of the last heartbeat in ``tail`` naming it, else
    None. A play that was only prepared looks the same from here as one just begun, and is closed the same way.
    """
    seen = {record.playing: record.at for record in tail if isinstance(record, Heartbeat)}
    return [_recovered_end(start, seen.get(start.play), now) for start in open_starts]


def _recovered_end(start: PlayStart, last_seen: Moment | None, now: Moment) -> PlayEnd:
    same_boot = start.at.boot_id == now.boot_id
    return PlayEnd(
        play=start.play,
        at=now,
        outcome=Outcome.INTERRUPTED,
        reason=Interruption.PLAYER_FAULT if same_boot else Interruption.POWER,
        start=None,
        end=last_seen,
        planned=start.planned,
        actual=None,
        frames_shown=None,
        frames_lost=None,
        sha256=start.sha256,
        sound_languages=start.sound_languages,
        caption_languages=start.caption_languages,
        volume=start.volume,
    )
