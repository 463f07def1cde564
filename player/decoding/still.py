"""A still being performed: one picture that stands for its time."""

from player.decoding.examinations import Examination
from player.fitting import Size
from player.performance import Audience, Order, Phase, Picture, Tally
from playlists.timing import MonotonicNs


class StillPerformance:
    """One image or page."""

    languages_heard: tuple[str, ...] = ()
    lead_ns = 5_000_000
    """It is there; the stage only has to be told."""

    def __init__(self, order: Order, canvas: Size, audience: Audience, *, cover: bool) -> None:
        self.order = order
        self.phase = Phase.PREPARING
        self.reason = ""
        self.tally = Tally()
        self.examination = Examination(order.path, canvas, cover, self._examined, ground=order.ground)
        self._audience = audience
        self._picture: Picture | None = None
        self._still: Picture | None = None
        self._position = order.start_at * 1_000_000
        self._begin: MonotonicNs | None = None

    @property
    def digest(self) -> str | None:
        """SHA-256 of the file, as soon as it is known."""
        return self.examination.digest

    @property
    def length(self) -> int | None:
        """How long it stands, in nanoseconds."""
        return max(0, (self.order.item.duration or self.order.still_for) * 1_000_000 - self._position)

    @property
    def position(self) -> int:
        """How much of its time is over already."""
        return self._position

    def hold(self, now: MonotonicNs) -> bool:
        """Keep the picture for the rest of its time."""
        if self.phase is not Phase.RUNNING or self._begin is None or self._still is None:
            return False
        self._position += max(0, now - self._begin)
        self._begin, self._picture, self.tally = None, self._still, Tally()
        self.phase = Phase.READY
        return True

    def begin(self, at: MonotonicNs) -> None:
        """Show it at ``at``."""
        self._begin = at
        self.phase = Phase.RUNNING

    def first_picture(self) -> Picture | None:
        """The picture, to be looked at ahead of its time."""
        return self._picture

    def take_due(self, now: MonotonicNs) -> Picture | None:
        """The picture, once."""
        due = self.next_due()
        if due is None or now < due:
            return None
        picture, self._picture = self._picture, None
        self.tally.shown = 1
        return picture

    def next_due(self) -> MonotonicNs | None:
        """When the picture is due."""
        return self._begin if self._picture is not None else None

    def overdue(self, _now: MonotonicNs) -> str | None:
        """The examination has a watchman of its own, and a picture that stands cannot hang."""
        return None

    def kill(self, reason: str) -> None:
        """End it as failed."""
        self._fail(reason)

    def finish(self) -> None:
        """End it."""
        self.examination.call_off()
        self._picture = self._still = None
        if self.phase is not Phase.FAILED:
            self.phase = Phase.FINISHED

    def missed(self, _shown_for: int) -> int:
        """A still has one frame."""
        return 1 - self.tally.shown

    def shortfall(self) -> str | None:
        """A still that stood for its time was shown whole."""
        return None if self.tally.shown else "no-picture: the still was never shown"

    def _examined(self) -> None:
        if self.examination.flaw is not None and self.phase is Phase.PREPARING:
            self._fail(self.examination.flaw)
        elif (lie := self.examination.contradicts(self.order.item.sha256)) is not None:
            self._fail(lie)
        elif self.examination.still is not None and self.phase is Phase.PREPARING:
            if self.order.item.sha256 is not None and self.digest is None:
                return
            self._picture = self._still = self.examination.still
            self.phase = Phase.READY
            self._audience.changed(self)
        else:
            self._audience.changed(self)

    def _fail(self, reason: str) -> None:
        if self.phase not in (Phase.FINISHED, Phase.FAILED):
            self.phase, self.reason = Phase.FAILED, reason
            self.examination.call_off()
            self._audience.changed(self)
