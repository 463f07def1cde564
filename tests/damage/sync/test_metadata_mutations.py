"""Thousands of altered feeds: nothing that was not signed is believed, no mixture is, and the agent gets over each.

What counts as *accepted*: the agent believes something of the altered feed that the honest feed, in one of its two
states, does not say. A file whose signed part still says the same (another signature broken than the three that are
needed, a field beside the signed part, spaces) is no alteration of what was signed: it is harmless, and not counted.
The timestamp that the agent has, played back, holds it where it is; nothing can be done about that but its short life.
"""

import os
import random
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import TargetFile

from playlists.release import Withdrawn
from sync.agent.ports import SourceError
from sync.agent.refresh import Policy, read_target, refresh
from sync.agent.trust_store import TrustStore
from sync.refusals import RefusalError
from tests.support.feed_in_memory import FeedInMemory
from tests.support.metadata_mutations import MUTATIONS, Files, Loot, attacked
from tests.support.signed_feed import MADE, SignedFeed

SCREEN = ("bo-y", "tuong-1")
POLICY = Policy((SCREEN,), synchronised=True)
FAST, WHOLE = 200, 10_000
SEED = int(os.environ.get("MUTATION_SEED", "20261124"))
ABSENT = "absent"

Said = dict[str, object]


@dataclass(frozen=True)
class Attack:
    """A kiosk that trusts the first of two states of a feed and is about to hear the second: what it will ask for."""

    place: Path
    root: bytes
    honest: Files
    loot: Loot
    before: Said
    after: Said

    def hear(self, files: Files, agent: str = "agent") -> Said:
        """What an agent believes of a feed, each thing by name; nothing where it refuses the whole."""
        source = FeedInMemory()
        # A mirror has everything that was ever published, too.
        source.files.update({name: content for name, content in self.loot.earlier.items() if name not in self.honest})
        source.files.update(files)
        return heard(source, TrustStore.in_agent_folder(self.place / agent, self.root)) or {}

    def renew(self, agent: str = "agent") -> None:
        """Bring the agent back to where it trusts the first state."""
        shutil.rmtree(self.place / agent, ignore_errors=True)
        shutil.copytree(self.place / "kiosk", self.place / agent)

    def allows(self, found: Said) -> bool:
        """Whether all that is believed was said at one time."""
        return any(all(found[name] in (at[name], ABSENT) for name in found) for at in (self.before, self.after))


def heard(source: FeedInMemory, store: TrustStore) -> Said | None:
    try:
        trusted = refresh(source, store, MADE + timedelta(hours=2), POLICY)
    except (RefusalError, SourceError):
        return None
    releases = {role: content(source, target) for role, _, target in trusted.release(*SCREEN)}
    found: Said = {
        "confirmed": trusted.confirmed,
        "issued": trusted.issued,
        "urgent": whole(source, trusted.urgent),
        "withdrawals": whole(source, trusted.withdrawals),
    }
    return found | {role: releases.get(role, ABSENT) for role in ("department", "unit-bp-1", "targets")}


def whole(source: FeedInMemory, targets: Mapping[str, TargetFile] | None) -> object:
    if targets is None:
        return ABSENT
    read = {path: (content(source, target), str(target.custom)) for path, target in targets.items()}
    return ABSENT if any(one is ABSENT for one, _ in read.values()) else read


def content(source: FeedInMemory, target: TargetFile) -> object:
    try:
        return read_target(source, target)
    except (RefusalError, SourceError):
        return ABSENT


def publish(made: SignedFeed, sequence: int, urgent: bytes) -> None:
    made.add_release(*SCREEN, sequence, b"{}")
    made.add_release(*SCREEN, sequence + 1, b"{}", role="unit-bp-1")
    made.add_urgent("flood", urgent, ["bo-y/*"])
    made.withdraw("w", Withdrawn(frozenset({f"item-{sequence}"})))
    made.confirmed = [sequence]
    made.publish()


def held(source: FeedInMemory) -> Files:
    return {name: content for name, content in source.files.items() if isinstance(content, bytes)}


@pytest.fixture(scope="module")
def attack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attack]:
    # In memory where there is some: no disk is asked anything here, and ten thousand kiosks are written.
    memory = Path("/dev/shm")  # noqa: S108 - a place of its own in it
    with TemporaryDirectory(dir=memory if memory.is_dir() else tmp_path_factory.getbasetemp()) as folder:
        place = Path(folder)
        made = SignedFeed(place / "feed", unit_gates={"bp-1": ("bo-y",)})
        publish(made, 1, b"the water rises")
        first = FeedInMemory(made.folder)
        before = heard(first, TrustStore.in_agent_folder(place / "kiosk", made.first_root))
        made.now = MADE + timedelta(hours=1)
        made.rotate_root({"dept-2": "dept-3"})
        made.publish_targets()
        publish(made, 3, b"the water falls")
        second = FeedInMemory(made.folder)
        shutil.copytree(place / "kiosk", place / "probe")
        after = heard(second, TrustStore.in_agent_folder(place / "probe", made.first_root))
        assert before is not None
        assert after is not None
        assert [name for name in before if before[name] == after[name]] == ["targets"]  # which names no release itself
        asked = {name: held(second)[name] for name in second.asked if name in second.files}
        loot = Loot(held(first), CryptoSigner.generate_ed25519(), made.keys["guard-1"], frozenset({"withdrawals"}))
        yield Attack(place, made.first_root, asked, loot, before, after)


def tried(attack: Attack, count: int) -> Counter[str]:
    """Attack until so many attacks were more than harmless; how each ended, and what it was."""
    chance = random.Random(SEED)  # noqa: S311 - repeatable damage, no secret
    ends: Counter[str] = Counter()
    number = 0
    while number - ends["harmless"] < count:
        files, mutation = attacked(attack.honest, chance, attack.loot)
        attack.renew()
        found = attack.hear(files)
        assert attack.allows(found), f"attack {number} of seed {SEED} ({mutation}): {found}"
        if found == attack.after:
            ends["harmless"] += 1
        elif not found:
            ends["refused whole"] += 1
        else:
            ends["held at the state before" if found == attack.before else "refused in part"] += 1
        ends[mutation] += 1
        number += 1
        assert attack.hear(attack.honest) == attack.after, f"after attack {number} of seed {SEED} ({mutation})"
    return ends


def test_some_hundred_altered_feeds(attack: Attack) -> None:
    assert len(tried(attack, FAST)) > len(MUTATIONS)  # every mutation was tried


@pytest.mark.long
def test_ten_thousand_altered_feeds(attack: Attack) -> None:
    ends = tried(attack, WHOLE)
    print(f"\n{WHOLE} altered feeds, 0 accepted: {dict(ends.most_common())}")  # noqa: T201 - for the record


def test_the_timestamp_it_has_played_back_holds_it_where_it_is(attack: Attack) -> None:
    attack.renew()
    old = attack.loot.earlier["metadata/timestamp.json"]
    assert attack.hear(attack.honest | {"metadata/timestamp.json": old}) == attack.before
    assert attack.hear(attack.honest) == attack.after
