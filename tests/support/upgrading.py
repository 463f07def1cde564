"""A kiosk between two releases, for tests that stop it anywhere: what it holds, and whether a state of it is sound.

Release 2 plays, release 1 is the one before it, and release 3 waits in the feed with two small files and one of two
pieces, an urgent bulletin with a picture, and a withdrawal.
"""

import random
from dataclasses import dataclass, field
from pathlib import Path

from playlists.release import Release, Withdrawn, read_withdrawn
from sync import feed
from sync.agent.requests_source import RequestsSource
from sync.agent.standing import confirmed, read_standing, write_standing
from sync.durable import write_durably
from sync.pieces import PIECE_BYTES
from tests.support.agent_kiosk import GATE, SCREEN, AgentKiosk, playlist_of, urgent_bulletin
from tests.support.counting_source import CountingSource
from tests.support.crash_states import Tree, tree_of, write_tree
from tests.support.feed_server import FeedServer
from tests.support.signed_feed import SignedFeed
from tests.support.state_inspection import active_in, faults_of, faults_of_versions, finished_media, known_versions

OLD, NEW = 2, 3
BULLETIN = "lu-quet"
_LARGE = PIECE_BYTES + 200_000
_CHUNK = 128 * 1024
"""As much may have been read beyond a bad piece before that showed."""


def _bytes(seed: int, length: int) -> bytes:
    return random.Random(seed).randbytes(length)  # noqa: S311 - any bytes


@dataclass
class Upgrading:
    """``feed`` and ``server`` stand still; the kiosk's state folder is laid out anew for each trial."""

    folder: Path
    feed: SignedFeed
    server: FeedServer
    kiosk: AgentKiosk = field(init=False)
    before: Tree = field(init=False)
    known: tuple[int, int, int] = field(init=False)
    """The versions of root, timestamp and snapshot that must never be forgotten."""
    _number: int = 0

    def __post_init__(self) -> None:
        """Bring the kiosk to release 2, then publish release 3."""
        self.kiosk = AgentKiosk(self.folder, self.feed.first_root, self.server.url)
        shared = self.feed.add_media(_bytes(0, 3_000), "chung.mp4")
        for sequence in (1, OLD):
            own = self.feed.add_media(_bytes(sequence, 5_000), f"{sequence}.mp4")
            self.feed.add_release(GATE, SCREEN, sequence, playlist_of(shared, own), [shared, own])
            self.feed.publish()
            self.kiosk.open().once()
            place = self.kiosk.agent / "probation.json"
            write_durably(place, write_standing(confirmed(read_standing(place.read_bytes()))))
        large = self.feed.add_media(_bytes(3, _LARGE), "dai.mp4")
        small = self.feed.add_media(_bytes(4, 7_000), "ngan.mp4")
        picture = self.feed.add_media(_bytes(5, 2_000), "anh.png")
        release = self.feed.add_release(GATE, SCREEN, NEW, playlist_of(shared, large, small), [shared, large, small])
        self.feed.add_urgent(BULLETIN, urgent_bulletin(BULLETIN, self.feed.now, picture))
        self.feed.withdraw("rut", Withdrawn(frozenset({"cu"})))
        self.feed.publish()
        self.new: Release = release
        self.before = tree_of(self.kiosk.state)
        self.known = self._versions(self.kiosk.agent)

    def _versions(self, agent: Path) -> tuple[int, int, int]:
        return known_versions(agent, self.feed.first_root)

    def lay_out(self, tree: Tree, place: Path) -> None:
        """Put the kiosk's state folder into a state, at a new place."""
        self._number += 1
        folder = place / str(self._number)
        write_tree(tree, folder / "state")
        self.kiosk.folder = folder
        (folder / "root.json").write_bytes(self.feed.first_root)
        self.kiosk.write_settings()

    def faults(self) -> list[str]:
        """What is wrong with the state as it lies there, before anything mends it."""
        agent = self.kiosk.agent
        found = [*faults_of(agent), *faults_of_versions(self._versions(agent), self.known)]
        sequence = active_in(agent)
        return found if sequence in (OLD, NEW) else [*found, f"active is {sequence}"]

    def finish(self) -> list[str]:
        """Let the agent go on to its end; what is wrong with that. Finished files must not be fetched again."""
        agent = self.kiosk.agent
        finished = finished_media(agent)
        had = self._pieces_there(agent)
        source = CountingSource(RequestsSource(self.server.url))
        self.kiosk.open(source).once()
        fetched = source.body_bytes
        wrong = [f"media/{digest} was fetched again" for digest in finished if fetched[feed.media_name(digest)]]
        large = next(file for file in self.new.media if file.source == "dai.mp4")
        lacking = _LARGE - had * PIECE_BYTES
        # What came of the piece at the cut may be torn, which shows when it is full: that one piece comes twice.
        if fetched[feed.media_name(large.sha256)] > lacking + min(PIECE_BYTES, lacking) + _CHUNK:
            wrong.append("more than one piece was fetched again")
        if self.kiosk.sequence != NEW:
            wrong.append(f"it ends with release {self.kiosk.sequence}")
        if not (agent / "urgent" / f"{BULLETIN}.json").exists():
            wrong.append("the urgent bulletin is not there")
        if read_withdrawn((agent / "withdrawn").read_bytes()).items != {"cu"}:
            wrong.append("the withdrawal is not in force")
        return [*wrong, *self.faults()]

    def _pieces_there(self, agent: Path) -> int:
        """How many whole, right pieces of the large file have come."""
        right = _bytes(3, _LARGE)
        large = next(file for file in self.new.media if file.source == "dai.mp4")
        for path in (agent / "downloads").glob(f"{large.sha256}*"):
            there = path.read_bytes()
            return int(there[:PIECE_BYTES] == right[:PIECE_BYTES])
        return 0
