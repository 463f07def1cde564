"""A clip being performed: examined, opened on a deck, its pictures taken in and given out at their times."""

import time
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from player.decoding.examinations import Examination
from player.decoding.loudspeaker import Loudspeaker
from player.decoding.pace import LEAD_NS, QUEUE_NS, RESUME_NS
from player.decoding.pcm import PcmRing
from player.fitting import Fit, Size, display_size, fitted
from player.frame_timeline import FrameTimeline
from player.performance import Audience, Order, Phase, Picture, Tally
from playlists.containers import Container
from playlists.languages import choose
from playlists.media import AudioTrack, MediaFacts, VideoFacts
from playlists.timing import MonotonicNs

if TYPE_CHECKING:
    from player.decoding.deck import Deck

_OPEN_NS: Final = 4_000_000_000
_HANG_NS: Final = 1_300_000_000
_RING_OUT_NS: Final = 25_000_000
"""Sound may outlast its picture by so much, the length of an audio frame, where the next clip's has not begun."""
_MOST_SLOTS: Final = 12
_REHEARSED: Final = 3
"""So many pictures a decoder watches to learn how a file's time begins."""
_ENTERED: Final = (Container.MP4, Container.MATROSKA)
"""Containers that libVLC can enter at a frame; others have no index, or none that can be trusted."""
_COMPLETE: Final = 0.9
"""A play is complete when it lasted this share of its planned length, as the department counts."""
_VISIBLE: Final = 0.5
"""Of its frames so many must have been shown for a play to have been one at all."""
_GRACE_NS: Final = 500_000_000
"""A file that ends this much before its last frame was due is held to its planned end."""


class ClipPerformance:
    """One clip, from its preparation to its last picture."""

    def __init__(
        self,
        order: Order,
        fit: Fit,
        loudspeaker: Loudspeaker | None,
        audience: Audience,
        on_examined: Callable[[], None],
    ) -> None:
        self.order = order
        self.phase = Phase.PREPARING
        self.reason = ""
        self.tally = Tally()
        self.lead_ns = LEAD_NS
        self.languages_heard: tuple[str, ...] = ()
        self.examination = Examination(order.path, None, cover=False, on_change=self._examined)
        self._fit, self._loudspeaker, self._audience, self._on_examined = fit, loudspeaker, audience, on_examined
        self._deck: Deck | None = None
        self._opened_at: MonotonicNs | None = None
        self._facts: MediaFacts | None = None
        self._sound: PcmRing | None = None
        self._sound_after: int | None = None
        self._ticket: int | None = None
        self._track_start: int | None = None
        self._timeline = FrameTimeline((), 0)
        self._queue: deque[tuple[int, Picture]] = deque()
        self._cut: MonotonicNs | None = None
        self._first = 0
        """The frame this play begins with; all times here count from it."""
        self._opened_with = 0
        """The frame the file was opened at."""
        self._held_at: MonotonicNs | None = None
        self._holding = False
        self._ended = False
        self._stands_ready = False

    @property
    def digest(self) -> str | None:
        """SHA-256 of the file, as soon as it is known."""
        return self.examination.digest

    @property
    def examined(self) -> bool:
        """Whether it can be opened now."""
        return self._facts is not None and self.wants_deck

    @property
    def wants_deck(self) -> bool:
        """Whether it still waits to be opened."""
        return self._deck is None and self.phase is Phase.PREPARING

    @property
    def length(self) -> int | None:
        """Planned length in nanoseconds: what the item says, else the picture's own; from where it begins."""
        own = self._timeline.end_ns
        if self.order.item.duration is not None:
            wanted = self.order.item.duration * 1_000_000
            return max(0, (min(wanted, own) if own else wanted) - self.position)
        if self._ended and self._cut is not None and own - self._arrived_until() > _GRACE_NS:
            return max(0, self._arrived_until() - self.position)
        return own - self.position if own else None

    @property
    def position(self) -> int:
        """Where in the clip its first picture lies, in nanoseconds."""
        return self._timeline.pts_ns[self._first] if self._timeline.count else 0

    def _arrived_until(self) -> int:
        """How far into the clip the pictures that came reach, in nanoseconds."""
        last = self._timeline.last
        return 0 if last < 0 else self._timeline.pts_ns[last] + self._timeline.step(last)

    def open_on(self, deck: "Deck", now: MonotonicNs) -> None:
        """Open the examined file on an idle deck."""
        video = self._facts.video if self._facts is not None else None
        file = self.examination.file
        if self._facts is None or video is None or file is None:
            return
        self._deck, self._opened_at = deck, now
        self._begin_within(video)
        stored = Size(video.width, video.height)
        out = fitted(display_size(stored, (video.sar_num, video.sar_den), video.rotation), self.order.canvas, self._fit)
        upright = stored.turned(video.rotation)
        track = self._wanted_track(self._facts.audio)
        self.languages_heard = (track.language,) if track is not None and track.language else ()
        if track is not None and self._facts.container in (Container.MPEGTS, Container.MPEGPS):
            # Of streams libVLC hands over no sound before the pause, and what it says of its time after it is wrong.
            self._track_start = track.start_ns
        deck.open(
            self,
            {
                "demux": self._facts.container.vlc_demux,
                "width": upright.width,
                "height": upright.height,
                "frames": video.frame_count - self._first,
                "start": self._start_ns(video),
                "slots": slots_for(video),
                "offset": self.examination.offset_ns,
                "rehearse": self._has_to_rehearse(),
                "third_ns": video.pts_ns[_REHEARSED - 1] if video.frame_count >= _REHEARSED else None,
                "out_width": out.width,
                "out_height": out.height,
                "audio_track": None if track is None else track.index,
                "volume": self.order.sound.volume,
            },
            file.lend(),
        )

    def _has_to_rehearse(self) -> bool:
        """Whether libVLC's count of this file begins at another time than its first picture, and nobody knows when."""
        known = self.examination.offset_ns is not None
        prompt = self._facts is None or self._facts.container in (Container.MP4, Container.MATROSKA)
        return not (known or prompt) and self._timeline.count >= _REHEARSED

    def _begin_within(self, video: VideoFacts) -> None:
        """Begin at the key frame before the wanted place, in containers that can be entered at a frame."""
        if self.order.start_at and self._facts is not None and self._facts.container in _ENTERED:
            self._first = self._opened_with = video.key_before(self.order.start_at * 1_000_000)
            self._timeline.last = self._first - 1

    def _start_ns(self, video: VideoFacts) -> int:
        """Where libVLC begins: half a frame ahead, for it leaves out what lies before, to the microsecond."""
        if not self._first:
            return 0
        return video.pts_ns[self._first] - (video.pts_ns[self._first] - video.pts_ns[self._first - 1]) // 2

    def begin(self, at: MonotonicNs) -> None:
        """Have the decoder run so that its first frame falls on ``at``."""
        self._cut = at
        self.phase = Phase.RUNNING
        if self._deck is None:
            return
        base = at - QUEUE_NS - self.position
        if self._held_at is not None and self._timeline.base is not None:
            # What it holds due after the pause it will hold due as long after this moment.
            resume = self._held_at + base - self._timeline.base
            self._deck.tell({"do": "resume", "at": resume, "again": True})
            self._held_at = None
        else:
            self._deck.tell({"do": "resume", "at": at - QUEUE_NS})
        self._timeline.resumed(MonotonicNs(base))
        self._cue_sound()

    def hold(self, now: MonotonicNs) -> bool:
        """Have the decoder stand still; what it was ahead waits here. False where nothing waits to go on with."""
        del now  # the decoder's own word counts
        if self.phase is not Phase.RUNNING or self._deck is None or not self._queue:
            return False
        self._first = self._queue[0][0]
        self._cut, self._held_at, self.tally, self.lead_ns = None, None, Tally(), LEAD_NS
        self.phase, self._holding = Phase.PREPARING, True
        self._end_sound()
        self._ticket = None
        self._deck.tell({"do": "hold"})
        return True

    def held(self, at: MonotonicNs) -> None:
        """The decoder stands still."""
        if self._holding:
            self._held_at, self._holding = at, False
            self.phase = Phase.READY
            self._audience.changed(self)

    def first_picture(self) -> Picture | None:
        """The waiting first picture, to be looked at ahead of its time; not to be released."""
        return self._queue[0][1] if self._queue else None

    def take_due(self, now: MonotonicNs) -> Picture | None:
        """The latest picture due by ``now``; earlier ones that were never shown are lost."""
        found: Picture | None = None
        while self._queue and (due := self.next_due()) is not None and due <= now:
            if found is not None:
                found.release()
                self.tally.lost += 1
                self.tally.shown -= 1
            found = self._queue.popleft()[1]
            self.tally.shown += 1
        return found

    def next_due(self) -> MonotonicNs | None:
        """When the first waiting picture is due."""
        if self._cut is None or not self._queue:
            return None
        return MonotonicNs(self._cut + self._timeline.pts_ns[self._queue[0][0]] - self.position)

    def overdue(self, now: MonotonicNs) -> str | None:
        """The start watchman while it opens, the end watchman while it runs."""
        if self.phase is Phase.PREPARING:
            if self._opened_at is not None and not self._stands_ready and now - self._opened_at > _OPEN_NS:
                return "start-timeout: no picture came"
            return None
        if self._cut is None or self._ended or self.phase is not Phase.RUNNING:
            return None
        index = self._timeline.last + 1
        if index >= self._timeline.count:
            return None
        if now - self._cut - self._timeline.pts_ns[index] + self.position > _HANG_NS:
            return f"hang: frame {index} of {self._timeline.count} never came"
        return None

    def kill(self, reason: str) -> None:
        """A watchman ends it: the decoder is killed, the performance has failed."""
        deck, self._deck = self._deck, None
        if deck is not None:
            deck.replace()
        self.failed(reason)

    def finish(self) -> None:
        """End it; what was not shown of a clip that was cut short counts as lost only up to now."""
        self.examination.call_off()
        self._end_sound()
        if self.phase is not Phase.FAILED:
            self.phase = Phase.FINISHED
        while self._queue:
            self._queue.popleft()[1].release()
        deck, self._deck = self._deck, None
        if deck is not None:
            deck.finish()

    def missed(self, shown_for: int) -> int:
        """Frames that were due within ``shown_for`` nanoseconds of the first and never shown."""
        due = sum(1 for pts in self._timeline.pts_ns if 0 <= pts - self.position < shown_for)
        return max(0, due - self.tally.shown)

    def shortfall(self) -> str | None:
        """Why a clip that has come to its end was not a complete play; None when it was."""
        wanted = self._timeline.end_ns
        if self.order.item.duration is not None:
            wanted = min(wanted, self.order.item.duration * 1_000_000)
        count = sum(1 for pts in self._timeline.pts_ns if self.position <= pts < wanted)
        if (self.length or 0) < _COMPLETE * (wanted - self.position) or self.tally.shown < _VISIBLE * count:
            return f"cut-short: {self.tally.shown} of {count} frames could be shown"
        return None

    def _wanted_track(self, tracks: tuple[AudioTrack, ...]) -> AudioTrack | None:
        """The track to be heard; None where nobody could hear one."""
        if self._loudspeaker is None or self.order.sound.muted:
            return None
        index = choose(self.order.sound.languages, [track.language for track in tracks])
        if index is None:
            return tracks[0] if tracks else None
        return tracks[index]

    def _cue_sound(self) -> None:
        """Tell the speaker, as soon as all is known: sound begins and ends with the picture."""
        known = self._sound is not None and self._sound_after is not None
        if not known or self._cut is None or self._loudspeaker is None or self._ticket is not None:
            return
        opened = self._timeline.pts_ns[self._opened_with]
        begin = MonotonicNs(self._cut + (self._sound_after or 0) + opened - self.position)
        until = MonotonicNs(self._cut + (self.length or 0) + _RING_OUT_NS)
        if self._sound is not None:
            self._ticket = self._loudspeaker.cue(self._sound, begin, self._cut, until)

    def _end_sound(self) -> None:
        if self._ticket is not None and self._loudspeaker is not None:
            self._loudspeaker.end(self._ticket, MonotonicNs(time.monotonic_ns()))

    # What the examination and the deck say.

    def _examined(self) -> None:
        if self.examination.flaw is not None and self._facts is None:
            self.failed(self.examination.flaw)
        elif (lie := self.examination.contradicts(self.order.item.sha256)) is not None:
            self.failed(lie)
        elif self._facts is None and self.examination.facts is not None:
            self._facts = self.examination.facts
            video = self._facts.video
            if video is not None:
                self._timeline = FrameTimeline(video.pts_ns, video.end_ns)
            self._on_examined()
        else:
            self._be_ready()
            self._audience.changed(self)

    def sounds(self, ring: PcmRing) -> None:
        """There is sound; a repeated opening brings another ring."""
        self._sound, self._sound_after = ring, None

    def sound_placed(self, after_ns: int) -> None:
        """Where the ring's first sample belongs."""
        self._sound_after = after_ns if self._track_start is None else self._track_start
        self._cue_sound()

    def opened(self) -> None:
        """Nothing has come yet."""
        while self._queue:
            self._queue.popleft()[1].release()
        self._timeline = FrameTimeline(self._timeline.pts_ns, self._timeline.end_ns, self._first - 1)

    def ready(self, hold_ns: int = RESUME_NS, offset_ns: int | None = None) -> None:
        """The first pictures are here and the decoder stands still."""
        self.lead_ns = LEAD_NS - RESUME_NS + hold_ns
        self.examination.learn_offset(offset_ns)
        self._stands_ready = True
        self._be_ready()

    def _be_ready(self) -> None:
        """Ready, unless the playlist names a digest and nobody knows the file's yet."""
        proven = self.order.item.sha256 is None or self.digest is not None
        if self._stands_ready and proven and self.phase is Phase.PREPARING and not self._holding:
            self.phase = Phase.READY
            self._audience.changed(self)

    def picture(self, picture: Picture | None, at: MonotonicNs) -> None:
        """Take in a picture."""
        index = self._timeline.arrived(at)
        if picture is None:
            return
        if index is None or self.phase in (Phase.FINISHED, Phase.FAILED):
            picture.release()
            return
        self._queue.append((index, picture))
        if self._cut is not None and len(self._queue) == 1:
            self._audience.changed(self)

    def repeated(self, at: MonotonicNs) -> None:
        """A frame that looks like the one before was due."""
        if self._timeline.repeated(at) is not None:
            self.tally.shown += 1

    def ended(self) -> None:
        """LibVLC is at the end of the file: nothing further will come."""
        self._ended = True
        if self._timeline.last < self._opened_with:
            self.failed("no-picture: libVLC came to the end without one")
        elif self.phase is Phase.PREPARING:
            self.ready()
        else:
            self._audience.changed(self)

    def failed(self, reason: str) -> None:
        """Nothing more will come of it."""
        if self.phase in (Phase.FINISHED, Phase.FAILED):
            return
        self.phase, self.reason = Phase.FAILED, reason
        self.examination.call_off()
        self._end_sound()
        deck, self._deck = self._deck, None
        if deck is not None and not deck.idle:
            deck.finish()
        self._audience.changed(self)


def slots_for(video: VideoFacts) -> int:
    """How many pictures a clip's ring holds: what waits in the queue, and four that are painted, shown or late.

    Every picture more is memory that a hurried decoder will touch; where frames come in bursts there is no telling.
    """
    if not video.constant_rate:
        return _MOST_SLOTS
    return min(_MOST_SLOTS, 4 - (-QUEUE_NS * video.frame_count // video.end_ns))
