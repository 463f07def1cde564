"""The renderer that real kiosks use: libVLC in decoder processes, stills by an examiner."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from player.bulletins.dress import Dress
from player.decoding.announcements import Announcement, Announcements
from player.decoding.bulletin_show import BulletinPerformance
from player.decoding.clip import ClipPerformance
from player.decoding.deck import LATER_DECKS, Deck
from player.decoding.examinations import Examination, Examinations, Proof
from player.decoding.loudspeaker import Loudspeaker
from player.decoding.media_file import Openings
from player.decoding.pcm import FRAME_BYTES, RATE, PcmRing
from player.decoding.prisoners import FIRST_DECODERS, Prison, decoder_parameters
from player.decoding.sound_server import server_socket
from player.decoding.still import StillPerformance
from player.decoding.typesettings import Typesettings
from player.fitting import Fit, Size
from player.performance import Audience, Order, Performance, Picture
from player.reactor import Reactor
from player.trials import Finding
from playlists.bulletin import Bulletin
from playlists.playlist import ItemKind
from playlists.timing import MonotonicNs

_TRIAL_BOX: Final = Size(160, 90)
_IDLY: Final = 19
_LATER_NS: Final = 250_000_000
"""After the first clip was opened; by then it is on the screen."""
_TONE_LEAD_NS: Final = 800_000_000
"""For the speaker to open its stream."""


@dataclass(slots=True)
class VlcRenderer:
    """Prepares clips and stills in prisoners of ``prison``."""

    prison: Prison
    reactor: Reactor
    fit: Fit
    hardware: bool = False
    _decks: list[Deck] = field(default_factory=list)
    _waiting: deque[ClipPerformance] = field(default_factory=deque)
    _trouble: bool = False
    _tone: PcmRing | None = None
    """Kept for as long as it may be heard."""
    proven: Proof = field(default=lambda _path, _identity: None)
    """Which digests are known without reading the file."""
    _examinations: Examinations = field(init=False)
    _trials: Examinations = field(init=False)
    _loudspeaker: Loudspeaker = field(init=False)
    _openings: Openings = field(init=False)
    _announcements: Announcements = field(init=False)
    typesettings: Typesettings = field(init=False)

    def __post_init__(self) -> None:
        """Hire the prisoners at once: the first clip is waiting."""
        self._loudspeaker = Loudspeaker(self.prison, self.reactor)
        self.typesettings = Typesettings(self.prison, self.reactor)
        self._openings = Openings(self.reactor)
        self._announcements = Announcements(self.prison, self.reactor, self._openings)
        self._examinations = Examinations(self.prison, self.reactor, self.proven)
        self._trials = Examinations(self.prison, self.reactor, parameters={"niceness": _IDLY})
        self._examinations.warm_up()
        self._hire(FIRST_DECODERS)

    def prepare(self, order: Order, audience: Audience) -> Performance:
        """Open an item and get its first picture ready."""
        if order.item.kind is ItemKind.BULLETIN and order.item.bulletin is not None:
            return self._bulletin(order, order.item.bulletin, audience)
        if order.item.kind is not ItemKind.CLIP:
            still = StillPerformance(order, order.canvas, audience, cover=self.fit is Fit.COVER)
            self._examinations.ask(still.examination)
            return still
        # Without a server to hear it through, sound is not even decoded.
        loudspeaker = self._loudspeaker if server_socket() is not None else None
        clip = ClipPerformance(order, self.fit, loudspeaker, audience, self._match)
        self._waiting.append(clip)
        self._examinations.ask(clip.examination)
        return clip

    def _bulletin(self, order: Order, bulletin: Bulletin, audience: Audience) -> Performance:
        def announce(path: str, on_change: Callable[[], None], start_ns: int) -> Announcement:
            return self._announcements.open(
                path, on_change, self._loudspeaker, volume=order.sound.volume, start_ns=start_ns
            )

        audible = server_socket() is not None
        return BulletinPerformance(order, bulletin, self.typesettings, audience, announce if audible else None)

    def set_dress(self, dress: Dress) -> None:
        """Dress bulletins like this from the next one on."""
        self.typesettings.dress = dress

    def keep_warm(self) -> None:
        """Be ready for what may not wait, such as an urgent bulletin: its fonts are loaded."""
        self._examinations.keep_warm()
        self.typesettings.warm_up()

    def set_share(self, share: float) -> None:
        """Have everything heard at this share of its volume, 0 to 1."""
        self._loudspeaker.set_share(share)

    def sound(self, samples: bytes) -> bool:
        """Play samples of 16-bit stereo at 48 kHz now, whatever else plays; False where nobody could hear it."""
        if server_socket() is None:
            return False
        self._tone = ring = PcmRing.create()
        ring.write(samples)
        begin = MonotonicNs(time.monotonic_ns() + _TONE_LEAD_NS)
        length = len(samples) // FRAME_BYTES * 1_000_000_000 // RATE
        self._loudspeaker.cue(ring, begin, begin, MonotonicNs(begin + length))
        return True

    def try_out(self, path: str, *, moving: bool, then: Callable[[Finding], None]) -> None:
        """Open a file that may be played later, in a prison that gets only what time is left; its finding, once."""
        waiting = True

        def changed() -> None:
            nonlocal waiting
            if waiting and examination.over:
                waiting = False
                identity = examination.identity
                stamp = None if identity is None else (identity.size, identity.modified_ns, identity.inode)
                examination.call_off()
                then(Finding(examination.flaw, examination.digest, stamp))

        box = None if moving else _TRIAL_BOX
        examination = Examination(path, box, cover=False, on_change=changed)
        self._trials.ask(examination)

    def paint(self, path: str, canvas: Size, then: Callable[[Picture | None], None]) -> None:
        """Make pixels of a still picture for later use; None where it is none."""
        waiting = True

        def changed() -> None:
            nonlocal waiting
            if waiting and (examination.still is not None or examination.flaw is not None):
                waiting = False
                examination.call_off()
                then(examination.still)

        examination = Examination(path, canvas, cover=self.fit is Fit.COVER, on_change=changed)
        self._trials.ask(examination)

    def trouble(self) -> str | None:
        """What the machine lacks."""
        return self.prison.missing

    def close(self) -> None:
        """End every prisoner."""
        self._examinations.close()
        self.typesettings.close()
        self._openings.close()
        self._trials.close()
        self._loudspeaker.close()
        for deck in self._decks:
            deck.close()
        self.prison.close()

    def _hire(self, decks: int) -> None:
        for _ in range(max(0, min(decks, FIRST_DECODERS + LATER_DECKS - len(self._decks)))):
            self._decks.append(Deck(self.prison, self.reactor, decoder_parameters(hardware=self.hardware), self._match))
        self._match()

    def _match(self) -> None:
        """Bring clips that are examined and decks that are idle together."""
        self._waiting = deque(clip for clip in self._waiting if clip.wants_deck)
        for clip in list(self._waiting):
            deck = next((deck for deck in self._decks if deck.idle), None)
            if deck is None:
                return
            if clip.examined:
                self._waiting.remove(clip)
                now = time.monotonic_ns()
                clip.open_on(deck, MonotonicNs(now))
                if len(self._decks) == FIRST_DECODERS:
                    self.reactor.call_at(MonotonicNs(now + _LATER_NS), lambda: self._hire(LATER_DECKS))
