"""A hub for tests whose authority is ``SignedFeed``: it makes real sticks with the hub's own code."""

import json
from datetime import datetime
from pathlib import Path

from sync import feed
from sync.hub.export_usb import Order, Prepared, export_usb
from sync.hub.folder import FORMAT_VERSION, Counters, HubFolder, write_counters
from sync.stick_files import StickFiles
from tests.support.signed_feed import MADE, ONLINE, SignedFeed, told


class StickHub:
    """A hub's folder below ``root`` with a signed feed in it."""

    def __init__(self, root: Path, now: datetime = MADE) -> None:
        self.hub = HubFolder(root)
        root.mkdir(parents=True, exist_ok=True)
        self.hub.settings.write_text(json.dumps({"format_version": FORMAT_VERSION}))
        write_counters(self.hub, Counters())
        self.feed = SignedFeed(self.hub.feed, now)

    def order(self, stick: Path, screens: str = "all", *, full: bool = False, name: str = "") -> Order:
        return Order(StickFiles(stick), screens, full, name, "an")

    def export(self, stick: Path, screens: str = "all", *, full: bool = False, name: str = "") -> Prepared:
        """Make a stick as of the feed's ``now``."""
        online = self.feed.keys[ONLINE]
        try:
            order = self.order(stick, screens, full=full, name=name)
            return export_usb(self.hub, order, online, self.feed.now, lambda _: None)
        finally:
            self.catch_up()

    def catch_up(self) -> None:
        """Let the feed go on above the timestamps that sticks and their making took."""
        version = told(self.hub.published(feed.TIMESTAMP).read_bytes())["version"]
        if not isinstance(version, int):
            raise TypeError
        self.feed.timestamp.version = max(version, self.feed.timestamp.version)
