"""A stick for posts without network: planned, its timestamp signed, written, read back.

The timestamp is signed after the stick was found large enough and before the copying, so that nothing is copied in vain
for want of a password; it is written last. The live feed's own timestamp is signed anew meanwhile, with a higher
version: a stick never freezes a screen that has network.
"""

from dataclasses import dataclass
from datetime import datetime

from securesystemslib.signer import Signer

from sync.bundle import STICK, STICK_NAME_LETTERS, Bundle, printable
from sync.hub.export_feed import PublishedFeed
from sync.hub.export_plan import ExportPlan, chosen_screens, plan_export, screens_of
from sync.hub.export_stick import Progress, Room, StickWriter
from sync.hub.folder import HubFolder
from sync.hub.publishing import issue_stick_timestamp
from sync.hub.stick_returns import collect_returns, known_haves
from sync.hub.stick_sentences import StickRefusalError
from sync.stick_files import StickFiles


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for: the stick's mount point, for which screens (as typed), all media or what they lack.

    ``name`` is what kiosks call the stick, of ``STICK_NAME_LETTERS`` letters at most; ``by`` is who makes it.
    """

    stick: StickFiles
    screens: str
    full: bool = False
    name: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A stick that could be written: its plan, its room, and the screens whose reports it brought back."""

    plan: ExportPlan
    room: Room
    returned: tuple[str, ...]


def prepare(hub: HubFolder, order: Order, now: datetime) -> Prepared:
    """Plan a stick and keep what it brought back. Writes nothing onto it.

    Raises ``StickRefusalError``: nothing published, no such screen, too small, write-protected, unreadable.
    """
    if not order.stick.root.is_dir():
        raise StickRefusalError(code="no-folder", folder=order.stick.root)
    plan, returned = _plan(hub, order, PublishedFeed(hub).timestamp(), now)
    return Prepared(plan, StickWriter(hub, plan, order.stick).check_room(), returned)


def export_usb(hub: HubFolder, order: Order, online: Signer, now: datetime, progress: Progress) -> Prepared:
    """Make a stick. Raises ``StickRefusalError``, ``HubRefusalError``; run again it goes on where it was."""
    returned = prepare(hub, order, now).returned
    name = printable(order.name)[:STICK_NAME_LETTERS]
    timestamp = issue_stick_timestamp(hub, online, now, extra={STICK: name} if name else {})
    # Somebody may have published since: what is written fits the timestamp that goes with it.
    plan, _ = _plan(hub, order, timestamp, now)
    writer = StickWriter(hub, plan, order.stick)
    room = writer.check_room()
    screens = tuple(share.screen for share in plan.shares)
    writer.write(timestamp, Bundle(name, now.isoformat(), order.by, hub.root.resolve().name, screens), progress)
    return Prepared(plan, room, returned)


def _plan(hub: HubFolder, order: Order, timestamp: bytes, now: datetime) -> tuple[ExportPlan, tuple[str, ...]]:
    feed = PublishedFeed(hub)
    published = feed.published(timestamp)
    screens = chosen_screens(order.screens, screens_of(published))
    returned = collect_returns(hub, order.stick, screens, now)
    have = {} if order.full else known_haves(hub, screens)
    releases = feed.releases(published, screens)
    return plan_export(published, releases, feed.urgent(published, screens), have), tuple(returned)
