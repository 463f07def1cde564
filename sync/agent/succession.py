"""One release after another: the swap, the watch over the one on trial, and the way back to the one before it."""

from dataclasses import dataclass, field, replace
from typing import Final

from playlists.errors import ContentError
from playlists.release import Active
from sync.agent.cycle import Cycle, Order
from sync.agent.player_watch import OnTrial, PlayerWatch
from sync.agent.ports import Instant
from sync.agent.probation import Trial, Verdict, begun, observed, verdict
from sync.agent.standing import confirmed, mended, put_on_trial, taken_back
from sync.refusals import RefusalError

_LONGEST_STEP_NS: Final = 10 * 10**9
"""Between two looks; what was not seen for longer is not counted."""
_KEEP_NS: Final = 15 * 10**9
_KEEP_TENURE_NS: Final = 600 * 10**9
_WHY: Final = {
    Verdict.DIED: "chương trình phát bị dừng đột ngột 3 lần",
    Verdict.EMPTY: "2 phút không phát được mục nào",
    Verdict.REFUSED: "chương trình phát từ chối",
}


@dataclass(slots=True)
class Succession:
    """Changes ``active``; every step is written down before it is taken. Methods raise ``OSError``."""

    cycle: Cycle
    watch: PlayerWatch
    _last: Instant | None = None
    _on_trial: OnTrial | None = None
    _kept: Trial | None = None
    _known: bool = field(default=False)
    _back_to: Active | None = None
    """The good release, as long as the disk keeps it from being named."""

    def take_over(self, order: Order) -> None:
        """Make a release active that was fetched. Raises ``RefusalError`` where it cannot be used."""
        cycle = self.cycle
        with cycle.store.holding(file.sha256 for file in order.files):
            active = cycle.releases.place(order.content)
            self._last, self._on_trial = cycle.clock.now(), None
            cycle.keep_standing(put_on_trial(cycle.standing, begun(active, self.watch.sighting(self._last, None))))
            try:
                cycle.releases.activate(active)
            except OSError:
                # As after a cut at this place: what is not active is not on trial.
                cycle.standing, _ = mended(cycle.standing, cycle.releases.active)
                raise
        self._kept = cycle.standing.trial
        cycle.collect()

    def look(self) -> Verdict:
        """Look at the player once; what the release on trial, if there is one, has come to by that."""
        if self._back_to is not None:
            self.cycle.releases.activate(self._back_to)
            self._back_to = None
        standing, now = self.cycle.standing, self.cycle.clock.now()
        watched = standing.trial or standing.tenure
        if watched is None:
            return Verdict.OPEN
        seen = observed(watched, self.watch.sighting(now, self._read(watched)), self._passed(now))
        self._last = now
        if standing.trial is None:
            self.cycle.standing = replace(standing, tenure=seen)
            self._keep_now_and_then(seen, _KEEP_TENURE_NS)
            return Verdict.OPEN
        self.cycle.standing = replace(standing, trial=seen)
        found = verdict(seen)
        match found:
            case Verdict.OPEN:
                self._keep_now_and_then(seen, _KEEP_NS)
            case Verdict.GOOD:
                self.cycle.keep_standing(confirmed(self.cycle.standing))
                self.cycle.collect()
            case _:
                self._go_back(found, now)
        return found

    @property
    def taken_back(self) -> RefusalError | None:
        """What to say of the last release that proved bad, as long as no newer one has taken over."""
        standing, active = self.cycle.standing, self.cycle.releases.active
        if not standing.bad or (active is not None and active.sequence > standing.bad[-1].sequence):
            return None
        bad = standing.bad[-1]
        why = _WHY.get(Verdict(bad.reason), bad.reason)
        told = f"{why}: {bad.detail}" if bad.detail else why
        back = "-" if active is None else active.sequence
        return RefusalError("taken-back", sequence=bad.sequence, why=told, previous=back)

    def _go_back(self, found: Verdict, now: Instant) -> None:
        """The good release again; where there never was one, the bad one stays, for there is nothing else to show."""
        good = self.cycle.standing.good
        self.cycle.keep_standing(taken_back(self.cycle.standing, found, now.wall.isoformat()))
        if good is not None:
            self._back_to = good
            self.cycle.releases.activate(good)
            self._back_to = None

    def _read(self, watched: Trial) -> OnTrial | None:
        if not self._known or self._on_trial is None or self._on_trial.active != watched.active:
            release = self.cycle.releases.read(watched.active)
            try:
                self._on_trial = None if release is None else OnTrial.read(self.cycle.folder, watched.active, release)
            except (OSError, ContentError):
                self._on_trial = None
            self._known = True
        return self._on_trial

    def _passed(self, now: Instant) -> int:
        last = self._last
        if last is None or last.boot != now.boot:
            return 0
        return max(0, min(now.boot_ns - last.boot_ns, _LONGEST_STEP_NS))

    def _keep_now_and_then(self, seen: Trial, every_ns: int) -> None:
        """Write down what must not be lost at once, and times now and then."""
        kept = self._kept
        if (
            kept is None
            or _events(kept) != _events(seen)
            or abs(seen.quiet_ns - kept.quiet_ns) + abs(seen.empty_ns - kept.empty_ns) >= every_ns
            or seen.unjudged_ns - kept.unjudged_ns >= _KEEP_TENURE_NS
        ):
            self.cycle.keep_standing(self.cycle.standing)
            self._kept = seen


def _events(trial: Trial) -> tuple[object, ...]:
    return trial.active, trial.boot, trial.run, trial.left, trial.deaths, trial.taken_over, trial.shown, trial.refusal
