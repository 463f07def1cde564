"""A bulletin being performed: page after page, each for its time, with its recording where it has one."""

import os
import time
from bisect import bisect_right
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from itertools import accumulate
from typing import Final

from player.bulletins.wanted import Wanted
from player.decoding.announcements import Announcement
from player.decoding.level_meter import LevelMeter
from player.decoding.typesettings import Typesetting, Typesettings
from player.performance import Audience, Order, Phase, Picture, Tally
from playlists.bulletin import Bulletin
from playlists.content_digest import item_digest
from playlists.proof import Rendition
from playlists.timing import DurationMs, MonotonicNs

_NS_PER_MS: Final = 1_000_000
_HANG_NS: Final = 2_000_000_000
"""How late a page may come."""
_LEAD_NS: Final = 5_000_000
_HEARD_LEAD_NS: Final = 450_000_000
"""The speaker wakes its stream so long before the first sample."""
_LEVEL_NS: Final = 80_000_000
"""How often the level moves."""
_RING_OUT_NS: Final = 25_000_000

Announce = Callable[[str, Callable[[], None], int], Announcement]
"""Opens a recording to be heard from some nanoseconds on."""


class BulletinPerformance:
    """One bulletin.

    ``announce`` is None where nobody could hear a recording; the bulletin is shown all the same.
    """

    def __init__(
        self,
        order: Order,
        bulletin: Bulletin,
        typesettings: Typesettings,
        audience: Audience,
        announce: Announce | None = None,
    ) -> None:
        self.order = order
        self.phase = Phase.PREPARING
        self.reason = ""
        self.tally = Tally()
        self.languages_heard: tuple[str, ...] = ()
        self.lead_ns = _LEAD_NS
        self._bulletin, self._typesettings, self._audience, self._announce = bulletin, typesettings, audience, announce
        self._position = order.start_at * _NS_PER_MS
        self._placed = False
        """Whether it is known at which page it begins."""
        self._begin: MonotonicNs | None = None
        self._taken = -1
        """The page that is on the screen."""
        self._next_level: MonotonicNs | None = None
        self._faces: list[Picture] = []
        """The two copies of a page that a level moves on, the one on the screen last."""
        self._meter: LevelMeter | None = None
        self._digest = item_digest(order.item)
        self._announcement = self._announced()
        self._setting = self._set()

    @property
    def digest(self) -> str | None:
        """SHA-256 of the bulletin's canonical bytes."""
        return self._digest

    @property
    def length(self) -> int | None:
        """How long it stands from its position on, in nanoseconds; None until it is set."""
        total = self._total()
        return None if total is None else max(0, total - self._position)

    @property
    def position(self) -> int:
        """How much of its time is over already, in nanoseconds."""
        return self._position

    def begin(self, at: MonotonicNs) -> None:
        """Show its first page at ``at``, and have its recording heard from then on."""
        self._begin = at
        self.phase = Phase.RUNNING
        if self._announcement is not None:
            self._announcement.begin(at, MonotonicNs(at + (self.length or 0) + _RING_OUT_NS))
        if self._meter is not None:
            self._next_level = at

    def first_picture(self) -> Picture | None:
        """The waiting first page, to be looked at ahead of its time; not to be released."""
        return self._setting.pages[0][1] if self._setting.pages else None

    def take_due(self, now: MonotonicNs) -> Picture | None:
        """The page that should stand at ``now``, or the same with another level, if that is a new picture."""
        picture = self._take_page(now)
        if self._meter is not None:
            return self._take_level(now, picture)
        if picture is not None:
            self.tally.shown += 1
        return picture

    def next_due(self) -> MonotonicNs | None:
        """When the next page that has arrived is due, or the level moves."""
        if self._begin is None:
            return None
        times = [self._due(number) for number, _ in list(self._setting.pages)[:1]]
        if self._next_level is not None:
            times.append(self._next_level)
        return min(times, default=None)

    def overdue(self, now: MonotonicNs) -> str | None:
        """A watchman's word when a page is late; setting it has a watchman of its own."""
        expected = self._taken + 1
        times = self._setting.times
        if self._begin is None or times is None or expected >= len(times) or self._setting.pages:
            return None
        if now - self._due(expected) > _HANG_NS:
            return f"hang: page {expected + 1} of {len(times)} never came"
        return None

    def hold(self, now: MonotonicNs) -> bool:
        """Stand still, to go on at the same place of the same page, and of the recording."""
        if self.phase is not Phase.RUNNING or self._begin is None:
            return False
        self._position += max(0, now - self._begin)
        self._begin, self._next_level, self.tally = None, None, Tally()
        self.phase = Phase.PREPARING
        self._drop_pages()
        if self._announcement is not None:
            self._announcement.end(now)
            self._announcement = self._announced()
        self._taken = self._page_at(self._position) - 1
        self._ask_for(self._taken + 1)
        return True

    def kill(self, reason: str) -> None:
        """End it as failed."""
        self._fail(reason)

    def finish(self) -> None:
        """End it, sound included."""
        self._let_go()
        if self.phase is not Phase.FAILED:
            self.phase = Phase.FINISHED

    def missed(self, shown_for: int) -> int:
        """Pages due within ``shown_for`` nanoseconds that were never shown; moves of the level are no frames."""
        first = self._page_at(self._position)
        due = self._page_at(self._position + max(0, shown_for - 1)) - first + 1
        return max(0, due - self.tally.shown)

    def shortfall(self) -> str | None:
        """Why it was no complete play: a page of it was never seen."""
        pages = len(self._setting.times or ()) - self._page_at(self._position)
        if self.tally.shown < pages:
            return f"cut-short: {self.tally.shown} of {pages} pages could be shown"
        return None

    # Pages and their times.

    def _total(self) -> int | None:
        """What the item says, else its recording's length, else what the pages add up to."""
        if self.order.item.duration is not None:
            return self.order.item.duration * _NS_PER_MS
        if self._announcement is not None and self._announcement.length_ns is not None:
            return self._announcement.length_ns
        times = self._setting.times
        return None if times is None else sum(times) * _NS_PER_MS

    def _starts(self) -> list[int]:
        """When each page comes, in nanoseconds of the bulletin; a recording's length is shared as the times are."""
        times, total = self._setting.times or (DurationMs(1),), self._total() or 0
        whole = sum(times) or 1
        return [before * total // whole for before in accumulate(times[:-1], initial=0)]

    def _due(self, number: int) -> MonotonicNs:
        begin = self._begin or MonotonicNs(0)
        return MonotonicNs(begin + max(0, self._starts()[number] - self._position))

    def _page_at(self, position: int) -> int:
        return max(0, bisect_right(self._starts(), position) - 1)

    def _take_page(self, now: MonotonicNs) -> Picture | None:
        """The last of the pages that are due; the one after it is asked for."""
        found: Picture | None = None
        pages = self._setting.pages
        copies = 2 if self._meter is not None else 1
        while len(pages) >= copies and self._begin is not None and self._due(pages[0][0]) <= now:
            if found is not None:
                found.release()
                self.tally.lost += 1
            number, found = pages.popleft()
            if copies > 1:
                self._turn(found, pages.popleft()[1])
            self._taken = number
        if found is not None:
            self._ask_for(self._taken + 1)
        return found

    def _turn(self, one: Picture, other: Picture) -> None:
        """Another page for the level to move on; what is on the screen is freed when that has been replaced."""
        for old in self._faces:
            old.release()
        self._faces = [one, other]
        self.tally.shown += 1

    def _take_level(self, now: MonotonicNs, page: Picture | None) -> Picture | None:
        due = self._next_level is not None and now >= self._next_level
        if not self._faces or self._meter is None or self._begin is None or not (due or page is not None):
            return None
        self._next_level = MonotonicNs(now + _LEVEL_NS)
        ring = self._announcement.ring if self._announcement is not None else None
        if ring is not None:
            self._meter.follow(ring, now - self._begin)
        face = self._faces.pop(0)
        self._faces.append(face)
        self._meter.draw(face.pixels, face.stride)
        return Picture(face.pixels, face.size, face.stride)

    def _ask_for(self, number: int) -> None:
        if self._setting.times is not None and number < len(self._setting.times):
            for _ in range(2 if self._meter is not None else 1):
                self._typesettings.page(self._setting, number)

    def _drop_pages(self) -> None:
        while self._setting.pages:
            self._setting.pages.popleft()[1].release()

    # What the typesetter and the voice say.

    def _set(self) -> Typesetting:
        dress, bulletin = self._typesettings.dress, self._bulletin
        wanted = Wanted(bulletin, self.order.canvas, dress.look, dress.colours, dress.zone, self.order.item.duration)
        picture = None if bulletin.picture is None else _place(self.order, bulletin.picture)
        setting = Typesetting(wanted, picture, dress.logo, self._came)
        self._typesettings.ask(setting)
        return setting

    def _announced(self) -> Announcement | None:
        bulletin = self._bulletin
        heard = bulletin.rendition is Rendition.SOUND and bulletin.sound is not None and not self.order.sound.muted
        if self._announce is None or not heard or bulletin.sound is None:
            return None
        announcement = self._announce(_place(self.order, bulletin.sound), self._came, self._position)
        announcement.wanted = bulletin.sound_sha256
        self.languages_heard = self.order.item.sound[:1]
        self.lead_ns = _HEARD_LEAD_NS
        return announcement

    def _came(self) -> None:
        if self._setting.flaw is not None and self._is_urgent_with_picture:
            self._do_without_picture()
            return
        flaw = self._setting.flaw or (self._announcement.flaw if self._announcement is not None else None)
        if flaw is not None:
            self._fail(flaw)
            return
        if not self._placed and self._setting.times is not None:
            self._placed = True
            first = self._page_at(self._position)
            if first:
                self._taken = first - 1
                self._ask_for(first)
        if self._meter is None and self._setting.level is not None and self._announcement is not None:
            self._meter = LevelMeter(self._setting.level)
            self._typesettings.page(self._setting, self._taken + 1)  # its second copy
        self._sort()
        if self.phase is Phase.PREPARING and self._stands_ready():
            self.phase = Phase.READY
        self._audience.changed(self)

    @property
    def _is_urgent_with_picture(self) -> bool:
        bulletin, preparing = self._bulletin, self.phase is Phase.PREPARING and self._begin is None
        return preparing and bulletin.urgency is not None and bulletin.picture is not None

    def _do_without_picture(self) -> None:
        """A picture that is missing or broken keeps nobody from a warning: its text is shown."""
        self._typesettings.forget(self._setting)
        self._bulletin = replace(self._bulletin, picture=None, picture_sha256=None)
        self._setting = self._set()

    def _stands_ready(self) -> bool:
        copies = 2 if self._meter is not None else 1
        here = sum(number == self._taken + 1 for number, _ in self._setting.pages)
        return here >= copies and (self._announcement is None or self._announcement.ready)

    def _sort(self) -> None:
        """Pages in their order, each as often as it is wanted: after a hold some come that were asked for before it."""
        copies = 2 if self._meter is not None else 1
        kept: list[tuple[int, Picture]] = []
        for number, picture in sorted(self._setting.pages, key=lambda page: page[0]):
            if number <= self._taken or sum(other == number for other, _ in kept) >= copies:
                picture.release()
            else:
                kept.append((number, picture))
        self._setting.pages = deque(kept)

    def _let_go(self) -> None:
        self._drop_pages()
        for face in self._faces:
            face.release()
        self._faces = []
        self._typesettings.forget(self._setting)
        if self._announcement is not None:
            self._announcement.end(MonotonicNs(time.monotonic_ns()))

    def _fail(self, reason: str) -> None:
        if self.phase not in (Phase.FINISHED, Phase.FAILED):
            self.phase, self.reason = Phase.FAILED, reason
            self._let_go()
            self._audience.changed(self)


def _place(order: Order, source: str) -> str:
    """Where a file lies that a bulletin names: where the programme says, else in the folder of its playlist."""
    if order.locate is not None:
        return order.locate(source)
    own = order.item.source
    folder = order.path.removesuffix(own) if own else order.path
    return os.path.join(folder or ".", source)  # noqa: PTH118 - a path is text here
