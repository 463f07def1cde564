"""Every subset of those who may sign, for every kind of role, through the agent's whole way to trust."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Metadata, Root

from sync import feed
from sync.agent.refresh import Policy, Trusted, refresh
from sync.agent.trust_store import TrustStore
from sync.refusals import RefusalError
from sync.trust.signatures import self_signed_root
from tests.support.feed_in_memory import FeedInMemory
from tests.support.signed_feed import MADE, ONLINE, PEOPLE, SignedFeed

SCREEN = ("bo-y", "tuong-1")
LEAST = {"root": 3, "targets": 3, "department": 3, "unit-bp-1": 3, "urgent": 2, "withdrawals": 1}
SUBSETS = [names for count in range(len(PEOPLE) + 1) for names in combinations(PEOPLE, count)]
STRANGER = CryptoSigner.generate_ed25519()


@dataclass(frozen=True)
class Published:
    """A feed with something in every role, a second root among it."""

    feed: SignedFeed
    source: FeedInMemory

    def name(self, role: str) -> str:
        metadata = {"root": self.feed.root, "targets": self.feed.targets} | self.feed.delegated
        return feed.metadata_name(role, metadata[role].version)

    def sign(self, role: str, *signers: CryptoSigner) -> None:
        """Sign what is published of a role by these alone."""
        name = self.name(role)
        metadata: Metadata[Root] = Metadata.from_bytes((self.feed.folder / name).read_bytes())
        metadata.signatures.clear()
        for signer in signers:
            metadata.sign(signer, append=True)
        self.source.files[name] = metadata.to_bytes()

    def document(self, role: str) -> dict[str, Any]:
        content = self.source.files[self.name(role)]
        assert isinstance(content, bytes)
        return dict(json.loads(content))

    def put(self, role: str, document: dict[str, Any]) -> None:
        self.source.files[self.name(role)] = json.dumps(document).encode()

    def trusted(self, agent: Path) -> Trusted:
        store = TrustStore.in_agent_folder(agent, self.feed.first_root)
        return refresh(self.source, store, MADE, Policy((SCREEN,)))


@pytest.fixture
def published(tmp_path: Path) -> Published:
    made = SignedFeed(tmp_path / "feed", unit_gates={"bp-1": ("bo-y",)})
    made.add_release(*SCREEN, 1, b"{}")
    made.add_release(*SCREEN, 2, b"{}", role="unit-bp-1")
    made.add_urgent("u", b"{}")
    made.rotate_root()
    made.publish()
    return Published(made, FeedInMemory(made.folder))


def refusal(published: Published, agent: Path, role: str) -> str | None:
    """Why a role's metadata is not believed, None where it is; no other may suffer from one below ``targets``."""
    try:
        trusted = published.trusted(agent)
    except RefusalError as refused:
        assert role in {"root", "targets"}
        return refused.code
    taken = {
        "department": bool(trusted.targets("department")),
        "unit-bp-1": bool(trusted.targets("unit-bp-1")),
        "urgent": trusted.urgent is not None,
        "withdrawals": trusted.withdrawals is not None,
    }
    assert all(found for name, found in taken.items() if name != role)
    assert taken.get(role, True) == (not trusted.failures)
    return trusted.failures[0].code if trusted.failures else None


@pytest.mark.parametrize("role", LEAST)
def test_every_subset_of_the_four(published: Published, tmp_path: Path, role: str) -> None:
    for number, names in enumerate(SUBSETS):
        published.sign(role, *(published.feed.keys[name] for name in names))
        expected = None if len(names) >= LEAST[role] else "too-few-signatures"
        assert refusal(published, tmp_path / f"agent-{number}", role) == expected, names
        if len(names) >= 3:
            assert {name.split("-")[0] for name in names} == {"dept", "guard"}


@pytest.mark.parametrize("role", LEAST)
def test_a_stranger_and_the_online_key_count_nothing(published: Published, tmp_path: Path, role: str) -> None:
    keys = published.feed.keys
    few = [keys[name] for name in PEOPLE[: LEAST[role] - 1]]
    published.sign(role, *few, STRANGER, keys[ONLINE])
    assert refusal(published, tmp_path / "agent", role) == "too-few-signatures"
    published.sign(role, *few, STRANGER, keys["guard-2"])
    assert refusal(published, tmp_path / "another-agent", role) is None


@pytest.mark.parametrize("role", LEAST)
def test_a_wrong_signature_under_the_right_name_counts_nothing(published: Published, tmp_path: Path, role: str) -> None:
    keys = published.feed.keys
    published.sign(role, *(keys[name] for name in PEOPLE[: LEAST[role]]))
    document = published.document(role)
    signature = document["signatures"][0]
    elsewhere = json.loads((published.feed.folder / feed.metadata_name("urgent", 1)).read_bytes())["signatures"]
    of_another_file = next(other["sig"] for other in elsewhere if other["keyid"] == signature["keyid"])
    for number, wrong in enumerate((of_another_file, "", "zz", "00" * 64)):
        signature["sig"] = wrong
        published.put(role, document)
        assert refusal(published, tmp_path / f"agent-{number}", role) == "too-few-signatures"


@pytest.mark.parametrize("role", LEAST)
def test_a_signature_given_twice_spoils_the_file(published: Published, tmp_path: Path, role: str) -> None:
    for number, names in enumerate((PEOPLE[:1], PEOPLE)):
        published.sign(role, *(published.feed.keys[name] for name in names))
        document = published.document(role)
        document["signatures"] += document["signatures"]
        published.put(role, document)
        assert refusal(published, tmp_path / f"agent-{number}", role) == "malformed"


def root_with_twins(person: CryptoSigner, spelling: Callable[[str], str]) -> bytes:
    """A root for two people that lists one person's key under two IDs, and signed under both."""
    twin = STRANGER.public_key.keyid
    root = Root(expires=MADE)
    for role in root.roles:
        root.add_key(person.public_key, role)
    document = Metadata(root).to_dict()
    keys, roles = document["signed"]["keys"], document["signed"]["roles"]
    keys[twin] = json.loads(json.dumps(keys[person.public_key.keyid]))
    keys[twin]["keyval"]["public"] = spelling(keys[twin]["keyval"]["public"])
    roles["root"] = {"keyids": [person.public_key.keyid, twin], "threshold": 2}
    twice: Metadata[Root] = Metadata.from_dict(document)
    signature = twice.sign(person)
    written = twice.to_dict()
    written["signatures"].append({"keyid": twin, "sig": signature.signature})
    return json.dumps(written).encode()


@pytest.mark.parametrize(
    ("person", "spelling"),
    [
        (CryptoSigner.generate_ed25519(), str),
        (CryptoSigner.generate_ed25519(), str.upper),
        (CryptoSigner.generate_ecdsa(), lambda public: public.replace("\n", "\r\n")),
    ],
    ids=["same", "upper-case", "other-line-ends"],
)
def test_one_key_under_two_names_is_one_person(person: CryptoSigner, spelling: Callable[[str], str]) -> None:
    with pytest.raises(RefusalError) as refused:
        self_signed_root(root_with_twins(person, spelling))
    assert refused.value.code == "too-few-signatures"
