"""The agent as a process that stays: the composition root, and the loop that polls, fetches, swaps and watches.

One thread decides and writes; beside it run the download of a release, the wake-up line and the weekly scrub, which
touch nothing but the media store and what they hand over.
"""

import random
import shutil
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from requests import Session

from playlists.errors import SignageError, SiteError
from sync.agent import VERSION
from sync.agent.account import Account, report_to_hub, report_to_player, sentence, substance, told_of_player
from sync.agent.cycle import Cycle, Order, Polled
from sync.agent.delivery import Delivery
from sync.agent.download import Progress, fetch, ignored
from sync.agent.gate import Gate, StoppedError
from sync.agent.http_session import open_session
from sync.agent.hub_link import HubLink, RebuffError
from sync.agent.identity import machine_id
from sync.agent.media_store import MediaStore
from sync.agent.outfit import Outfit
from sync.agent.player_watch import PlayerWatch, read_of_player
from sync.agent.poll_plan import first_wait, next_wait
from sync.agent.ports import BusyError, Clock, Source
from sync.agent.probation import Verdict
from sync.agent.release_choice import Stay
from sync.agent.report_file import ReportFile
from sync.agent.requests_source import RequestsSource
from sync.agent.stick_reception import StickReception
from sync.agent.sticks import Outcome
from sync.agent.succession import Succession
from sync.agent.trust_store import TrustStore
from sync.agent.upkeep import Upkeep
from sync.agent.wake import WakeLine
from sync.protocol import State
from sync.refusals import RefusalError

if TYPE_CHECKING:
    from datetime import datetime

_TRIAL_TICK: Final = 1.0
_TICK: Final = 5.0
_STANDINGS: Final = {
    State.PENDING: "Máy đã đăng ký, đang chờ người ở trung tâm xác nhận.",
    State.REFUSED: "Trung tâm đã từ chối đăng ký của máy này; hãy liên hệ trung tâm.",
    State.REVOKED: RefusalError("revoked").vi,
}


class Agent:
    """See the module. Whoever makes one holds ``agent/lock``."""

    def __init__(
        self,
        outfit: Outfit,
        clock: Clock,
        *,
        source: Source | None = None,
        log: Callable[[str], None] = lambda _line: None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._outfit, self._clock, self._log, self._chance = outfit, clock, log, chance
        folder, settings = outfit.folder, outfit.settings
        self._bell = threading.Event()
        self.store = MediaStore(folder.path, settings.floor_bytes)
        trust = TrustStore.in_agent_folder(folder.path, outfit.root)
        self.cycle = Cycle(folder, outfit.place, trust, self.store, clock)
        self.succession = Succession(self.cycle, PlayerWatch(folder))
        self._upkeep = Upkeep(self.store, folder.scrubbed)
        self._source = source
        session = open_session(outfit.authority_file)
        if source is None and outfit.feed is not None:
            self._source = RequestsSource(outfit.feed, session=session)
        self.sticks = StickReception(self.cycle, clock, self.bring, lambda: self._guarded(self._say))
        self._link = self._open_link(session)
        self._line: WakeLine | None = None
        self._woken = threading.Event()
        self._over = threading.Event()
        self._delivery: Delivery | None = None
        self._polled: Polled | None = None
        self._error: SignageError | OSError | None = None
        self._refused: RefusalError | None = None
        """Why the last release that was fetched was not taken."""
        self._failures = 0
        self._contact: datetime | None = None
        self._told: object = None
        self._unheard = False
        """Whether the hub did not answer the last time."""
        self._report_file = ReportFile(folder.report, clock)

    # What a process does with it.

    def run(self) -> None:
        """Work until ``end``. Raises ``OSError`` where the disk cannot be written at the start."""
        self.cycle.mend()
        fresh = self.cycle.releases.active is None
        due = self._now_ns() + self._ns(first_wait(self._chance(), self._outfit.settings.poll_seconds, fresh=fresh))
        self._guarded(self._say)
        self._report_file.start()
        self.sticks.open()
        while not self._over.is_set():
            tick = _TRIAL_TICK if self.cycle.standing.trial is not None else _TICK
            self._bell.wait(max(0.0, min(tick, (due - self._now_ns()) / 1e9)))
            self._bell.clear()
            if self._over.is_set():
                break
            woken = self._woken.is_set()
            self._woken.clear()
            if woken or self._now_ns() >= due:
                due = self._now_ns() + self._ns(self.poll(woken=woken))
            self._guarded(self._see_to_sticks)
            self._guarded(self._see_to_delivery)
            if self._guarded(self.succession.look) is Verdict.GOOD and self._waits_for_probation():
                due = self._now_ns()
            self._guarded(self._say)
        self._close()

    def watch_sticks(self, root: Path) -> None:
        """Let ``run`` take in the sticks that appear in the sub-folders of a mount root."""
        self.sticks.watch(root, self._bell.set)

    def end(self) -> None:
        """Leave soon; may be called from a signal's handler."""
        self._over.set()
        self.sticks.interrupt()
        self._bell.set()

    def wake(self) -> None:
        """Poll now; may be called from any thread."""
        self._woken.set()
        self.sticks.interrupt()
        self._bell.set()

    def once(self, progress: Callable[[Progress], None] = ignored) -> Polled:
        """One whole round with the feed; raises as ``bring``, and ``SiteError`` where there is no feed or no leave."""
        self.cycle.mend()
        self._report()
        if self._source is None:
            message = "Chưa có địa chỉ trung tâm: thêm “hub” hoặc “feed” vào tệp cài đặt, hoặc đăng ký máy."
            raise SiteError(message)
        if not self._may_ask():
            raise SiteError(_STANDINGS[self._state() or State.PENDING])
        rate = self._outfit.settings.bytes_a_second
        try:
            return self.bring(self._source, Gate(None if rate is None else round(rate)), progress)
        except (SignageError, OSError) as error:
            self._failed(error)
            raise
        finally:
            self._guarded(self._say)
            self._report_news()
            self._close()

    def import_usb(self, stick: Path, progress: Callable[[Progress], None] = ignored) -> Outcome | None:
        """Take in one stick; None where it is none of ours. Raises ``OSError`` where this disk cannot be written."""
        self.cycle.mend()
        try:
            return self.sticks.receive(stick, progress)
        finally:
            self._guarded(self._say)
            self._close()

    def bring(self, source: Source, gate: Gate | None = None, progress: Callable[[Progress], None] = ignored) -> Polled:
        """Ask a source once, fetch what it names and make it active, all on this thread: for ``once`` and for sticks.

        Raises ``SignageError`` or ``OSError``: what came so far is kept, and what was active is active.
        """
        if self._delivery is not None:
            # What it fetched so far may be what this source completes.
            self._delivery.stop()
            self._delivery = None
        # Whoever was confirmed and cut off before it heard of it is served by sticks: what they bring is signed.
        take_new = self._may_take_new() or (not source.online and self._state() is State.PENDING)
        self._polled = polled = self._asked(source, None, take_new=take_new)
        self._contact = self._clock.now().wall if source.online else self._contact
        if polled.order is not None:
            self.cycle.make_room(polled.order)
            fetch(polled.order.files, source, self.store, gate, progress)
            self._complete(polled.order)
            self._polled = replace(polled, order=None)
        return polled

    def _see_to_sticks(self) -> None:
        for outcome in self.sticks.see_to():
            self._log(outcome.vi)

    # One poll.

    def poll(self, *, woken: bool = False) -> float:
        """Ask the feed once and begin to fetch what it names; seconds to wait until the next poll."""
        retry_after = None
        if not woken:
            self._report()
        try:
            if self._source is not None and self._may_ask():
                gate = None if self._delivery is None else self._delivery.gate
                self._polled = self._asked(self._source, gate, take_new=self._may_take_new())
                self._contact = self._clock.now().wall
                self._see_to_upkeep(self._polled)
            self._error, self._failures = None, 0
        except BusyError as error:
            retry_after = error.retry_after
            self._failed(error)
        except (SignageError, OSError) as error:
            self._failed(error)
        self._guarded(self._see_to_delivery)
        if self._line is not None:
            self._line.polled(self._version())
        elif not woken:
            self._start_line()
        self._report_news()
        return next_wait(
            self._chance(), self._outfit.settings.poll_seconds, failures=self._failures, retry_after=retry_after
        )

    def _asked(self, source: Source, gate: Gate | None, *, take_new: bool) -> Polled:
        """What a source says; where it has nothing newer, what of the active release is gone is fetched from it."""
        polled = self.cycle.poll(source, gate, take_new=take_new)
        return polled if polled.order is not None else replace(polled, order=self.cycle.repair())

    def _see_to_upkeep(self, polled: Polled) -> None:
        rotten = self._upkeep.see_to(polled.at)
        if rotten:
            self._log(f"Đĩa làm hỏng {len(rotten)} tệp; máy sẽ tải lại.")

    def _failed(self, error: SignageError | OSError) -> None:
        self._error = error
        self._failures += 1
        self._log(sentence(error))

    # Releases on their way.

    def _see_to_delivery(self) -> None:
        """Take over what has come, stop what is no longer wanted, begin with what is."""
        order = None if self._polled is None else self._polled.order
        delivery = self._delivery
        if delivery is not None and delivery.is_over:
            self._delivery = None
            self._finish(delivery)
            return
        if delivery is not None and (order is None or delivery.order.active != order.active or not self._permitted()):
            delivery.stop()
            self._delivery = delivery = None
        if delivery is None and order is not None and self._source is not None and self._permitted():
            try:
                self.cycle.make_room(order)
            except RefusalError as refusal:
                self._refuse(refusal)
                return
            rate = self._outfit.settings.bytes_a_second
            gate = Gate(None if rate is None else round(rate))
            self._log(f"Bắt đầu tải bản phát hành {order.sequence}.")
            self._delivery = Delivery(order, self._source, self.store, gate, self._bell)

    def _finish(self, delivery: Delivery) -> None:
        """A download ended; the order is asked for again at the next poll where it ended badly."""
        if self._polled is not None and self._polled.order == delivery.order:
            self._polled = replace(self._polled, order=None)
        if delivery.bug is not None:
            raise delivery.bug
        if isinstance(delivery.error, StoppedError):
            return
        try:
            if delivery.error is not None:
                raise delivery.error
            self._complete(delivery.order)
        except RefusalError as refusal:
            self._refuse(refusal)
        except (SignageError, OSError) as error:
            self._failed(error)
        self._report_news()

    def _complete(self, order: Order) -> None:
        """All files of an order are here: the release takes over, or is whole again."""
        if self.cycle.releases.active == order.active:
            self.cycle.releases.mend(order.active)
        else:
            self.succession.take_over(order)
        self._refused = None
        self._log(f"Bản phát hành {order.sequence} đã đủ tệp.")

    def _refuse(self, refusal: RefusalError) -> None:
        self._refused = refusal
        if self._polled is not None:
            self._polled = replace(self._polled, order=None)
        self._log(refusal.vi)

    def _permitted(self) -> bool:
        """Whether releases may be fetched at this hour; a kiosk with nothing to show, or no time, does not wait."""
        night, polled = self._outfit.settings.night, self._polled
        if night is None or polled is None or not polled.clock_believed or self.cycle.releases.active is None:
            return True
        return night.holds(self._clock.now().wall)

    def _waits_for_probation(self) -> bool:
        return self._polled is not None and self._polled.choice.stay is Stay.ON_PROBATION

    # The hub.

    def _open_link(self, session: Session) -> HubLink | None:
        outfit = self._outfit
        if outfit.hub is None or outfit.key is None:
            return None
        now = lambda: self._clock.now().wall  # noqa: E731 - a clock is a function here
        return HubLink(outfit.hub, outfit.identity, outfit.key, session, now=now)

    def _start_line(self) -> None:
        """Listen for wake-ups, from the first poll on: a fleet that comes back at once is not all woken at once."""
        if not self._outfit.settings.wake:
            return
        # A session of its own: it is closed under a request that the hub holds.
        link = self._open_link(open_session(self._outfit.authority_file))
        if link is not None:
            self._line = WakeLine(
                link, self.wake, self._clock, chance=self._chance, poll_seconds=self._outfit.settings.poll_seconds
            )
            self._line.start(self._version())

    def _state(self) -> State | None:
        enrolment = self._outfit.enrolment
        return None if enrolment is None else enrolment.state

    def _may_ask(self) -> bool:
        return self._state() in {None, State.CONFIRMED, State.REVOKED}

    def _may_take_new(self) -> bool:
        return self._state() in {None, State.CONFIRMED}

    def _report(self) -> None:
        """Tell the hub how this kiosk is; its answer tells how the hub stands to it."""
        if self._link is None:
            return
        self._unheard = False
        try:
            if self._state() in {State.PENDING, State.REFUSED}:
                told = self._link.standing()
                self._stand(told.state, told.reason)
            if self._state() not in {State.PENDING, State.REFUSED}:
                report = report_to_hub(self.account())
                self._link.report(report)
                self._told = substance(report)
                self._stand(State.CONFIRMED)
        except RebuffError as rebuff:
            if rebuff.code in set(State):
                self._stand(State(rebuff.code), rebuff.reason)
            else:
                self._log(f"Trung tâm không nhận báo cáo: {rebuff}")
        except (SignageError, OSError) as error:
            self._unheard = True
            self._log(sentence(error))

    def _report_news(self) -> None:
        """Tell the hub at once what it would otherwise hear at the next poll."""
        if self._link is None or self._unheard or not self._may_ask():
            return
        if substance(report_to_hub(self.account())) != self._told:
            self._report()

    def _stand(self, state: State, reason: str | None = None) -> None:
        enrolment = self._outfit.enrolment
        if enrolment is not None and (enrolment.state, enrolment.reason) != (state, reason):
            self._outfit.identity.stand(state, reason)
            self._outfit = replace(self._outfit, enrolment=replace(enrolment, state=state, reason=reason))
            self._log(_STANDINGS.get(state, "Trung tâm đã xác nhận máy này."))

    # What it says of itself.

    def account(self) -> Account:
        """What is known now. Raises ``OSError``."""
        outfit, polled = self._outfit, self._polled
        refusals = () if polled is None else polled.refusals
        taken_back = self.succession.taken_back
        own = (self._refused, taken_back, self._error if isinstance(self._error, RefusalError) else None)
        status, alive = self.succession.watch.status(self._clock.now())
        return Account(
            now=self._clock.now(),
            place=outfit.place,
            software=VERSION,
            machine=machine_id(),
            standing=self.cycle.standing,
            active=self.cycle.releases.active,
            timestamp=self._version(),
            choice=None if polled is None else polled.choice,
            fetching=self._fetching(),
            refusals=(*(one for one in own if one is not None), *refusals),
            error=self._error,
            contact=self._contact,
            online=None if self._source is None or (polled is None and self._error is None) else self._error is None,
            urgent=tuple(self.cycle.notices.in_force()),
            free_bytes=shutil.disk_usage(outfit.folder.path).free,
            player=told_of_player(read_of_player(outfit.folder.player_status)) if status and alive else None,
            banner=self.sticks.banner,
            standing_with_hub=_STANDINGS.get(self._state() or State.CONFIRMED),
        )

    def _fetching(self) -> tuple[int, Progress | None] | None:
        polled, delivery = self._polled, self._delivery
        if self.sticks.progress is not None and polled is not None and polled.order is not None:
            return polled.order.sequence, self.sticks.progress
        return None if delivery is None else (delivery.order.sequence, delivery.progress)

    def _say(self) -> None:
        """Write ``agent/status.json`` where there is something new in it."""
        self._report_file.tell(report_to_player(self.account()))

    # In small.

    def _version(self) -> int:
        return 0 if self._polled is None else self._polled.version

    def _now_ns(self) -> int:
        return self._clock.now().boot_ns

    @staticmethod
    def _ns(seconds: float) -> int:
        return round(seconds * 1e9)

    def _guarded(self, step: Callable[[], object]) -> object:
        """Take a step; what the disk refuses now may go well the next time, and must not end the agent."""
        try:
            return step()
        except (SignageError, OSError) as error:
            self._failed(error)
            return None

    def _close(self) -> None:
        self._report_file.close()
        self.sticks.close()
        if self._delivery is not None:
            self._delivery.stop()
        self._upkeep.close()
        for closed in (self._line, self._link, self._source):
            if isinstance(closed, WakeLine | HubLink | RequestsSource):
                closed.close()
