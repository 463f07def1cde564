"""The trust store torn, garbled, robbed of files: nothing older than what still verifies is taken, and it heals."""

from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import pytest

from sync.agent.ports import Instant
from sync.agent.refresh import Policy, Trusted, refresh
from sync.agent.trust_store import TrustStore
from sync.refusals import RefusalError
from tests.support.feed_in_memory import FeedInMemory
from tests.support.signed_feed import MADE, ONLINE, SignedFeed

SCREEN = ("bo-y", "tuong-1")
FILES = ("root.json", "roots/2.json", "roots/3.json", "timestamp.json", "snapshot.json", "targets.json", "urgent.json")
MEMORY = "../trust.json"

Damage = Callable[[Path], None]


def robbed(path: Path) -> None:
    path.unlink()


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def torn(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def zeroed(path: Path) -> None:
    path.write_bytes(bytes(len(path.read_bytes())))


def garbled(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content.reverse()
    path.write_bytes(bytes(content))


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGES = (robbed, emptied, torn, zeroed, garbled)


class Kiosk:
    """A store that went through two changes of keys, and every state of the feed it has seen."""

    def __init__(self, folder: Path) -> None:
        made = SignedFeed(folder / "feed")
        self.agent = folder / "agent"
        self.root = made.first_root
        self.made = made
        made.add_urgent("u", b"{}")
        made.publish()
        self.states = [FeedInMemory(made.folder)]
        self.trust(self.states[0])
        for retiring in ({"dept-1": "dept-3"}, {ONLINE: "online-2"}):
            made.rotate_root(retiring)
            made.publish_targets()
            for role in made.delegated:
                made.publish_role(role)
            made.publish()
            self.states.append(FeedInMemory(made.folder))
            self.trust(self.states[-1])
        made.publish()
        self.states.append(FeedInMemory(made.folder))
        self.trust(self.states[-1])

    def trust(self, source: FeedInMemory) -> Trusted:
        store = TrustStore.in_agent_folder(self.agent, self.root)
        store.attest(Instant(MADE, "boot", 0, synchronised=True))
        return refresh(source, store, MADE, Policy((SCREEN,)))

    def damage(self, name: str, damage: Damage) -> None:
        damage(self.agent / "metadata" / name)


@pytest.fixture
def kiosk(tmp_path: Path) -> Kiosk:
    return Kiosk(tmp_path)


@pytest.mark.parametrize("damage", [*DAMAGES, a_folder])
@pytest.mark.parametrize("name", [*FILES, MEMORY])
def test_one_lost_file_lets_nothing_older_in_and_is_made_good(kiosk: Kiosk, name: str, damage: Damage) -> None:
    kiosk.damage(name, damage)
    for old in kiosk.states[:-1]:
        with pytest.raises(RefusalError):
            kiosk.trust(old)
    kiosk.made.publish_timestamp()
    newest = FeedInMemory(kiosk.made.folder)
    if damage is a_folder:
        return  # no file can be put there again; that it lets nothing older in is all that is asked
    trusted = kiosk.trust(newest)
    assert trusted.failures == ()
    assert trusted.urgent is not None
    newest.asked.clear()
    kiosk.trust(newest)
    assert newest.asked == ["metadata/4.root.json", "metadata/timestamp.json"]


@pytest.mark.parametrize("damage", [robbed, torn], ids=lambda damage: damage.__name__)
def test_any_two_lost_files_let_nothing_older_in(kiosk: Kiosk, damage: Damage) -> None:
    kept = {name: (kiosk.agent / "metadata" / name).read_bytes() for name in (*FILES, MEMORY)}
    for pair in combinations((*FILES, MEMORY), 2):
        for name, content in kept.items():
            (kiosk.agent / "metadata" / name).write_bytes(content)
        for name in pair:
            kiosk.damage(name, damage)
        old = kiosk.states[-2]
        if set(pair) == {"timestamp.json", MEMORY}:
            continue  # nobody is left who knows the version; the roots still bar what other keys signed
        with pytest.raises(RefusalError):
            kiosk.trust(old)
        assert kiosk.trust(kiosk.states[-1]).failures == ()


def test_all_lost_is_a_new_kiosk(kiosk: Kiosk) -> None:
    for name in (*FILES, MEMORY):
        kiosk.damage(name, emptied)
    assert kiosk.trust(kiosk.states[-1]).failures == ()


def test_a_gap_in_the_roots_is_filled_before_anything_is_believed(kiosk: Kiosk) -> None:
    """Without it the first online key, long gone, would still count."""
    kiosk.damage("roots/2.json", robbed)
    withheld = FeedInMemory(kiosk.made.folder)
    del withheld.files["metadata/2.root.json"]
    with pytest.raises(RefusalError) as refused:
        kiosk.trust(withheld)
    assert refused.value.code == "rolled-back"
    assert refused.value.fields["role"] == "root"


def test_a_rotten_bit_in_the_memory_bars_nobody(kiosk: Kiosk) -> None:
    path = kiosk.agent / "trust.json"
    right = path.read_bytes()
    for place in range(0, len(right), 4):
        rotten = bytearray(right)
        rotten[place] ^= 1 << place % 7
        path.write_bytes(bytes(rotten))
        store = TrustStore.in_agent_folder(kiosk.agent, kiosk.root)
        assert store.known_time <= MADE
        assert store.load().heights.root == 3


def test_an_installed_root_that_is_none_is_told(kiosk: Kiosk) -> None:
    kiosk.root = b""
    with pytest.raises(RefusalError) as refused:
        kiosk.trust(kiosk.states[-1])
    assert refused.value.code == "malformed"


def test_a_newer_installed_root_needs_none_of_the_older(kiosk: Kiosk) -> None:
    kiosk.root = (kiosk.made.folder / "metadata" / "3.root.json").read_bytes()
    for name in ("roots/2.json", "roots/3.json", "root.json"):
        kiosk.damage(name, robbed)
    assert kiosk.trust(kiosk.states[-1]).failures == ()


def test_a_disk_that_takes_nothing_is_told(kiosk: Kiosk) -> None:
    kiosk.made.publish_timestamp()
    (kiosk.agent / "metadata" / "timestamp.json.part").mkdir()
    with pytest.raises(RefusalError) as refused:
        kiosk.trust(FeedInMemory(kiosk.made.folder))
    assert refused.value.code == "disk"
