"""A hub of four people with keys in memory, and a client that looks at its feed as a kiosk does."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from securesystemslib.signer import CryptoSigner, Signer

from sync import feed
from sync.agent.folder_source import FolderSource
from sync.agent.refresh import Policy, Trusted, refresh
from sync.agent.trust_store import TrustStore
from sync.durable import write_durably
from sync.hub.drafts import Change, Draft, stage
from sync.hub.feed_state import online_key_id
from sync.hub.folder import HubFolder
from sync.hub.founding import found
from sync.hub.keys import open_signer
from sync.hub.publishing import Published, publish
from sync.hub.request import read_request, write_request
from sync.hub.signing import add_signature, collect
from sync.hub.trust_plan import Organisation, Person, TrustPlan, Unit
from sync.trust import roles

PEOPLE = ("so-1", "so-2", "bp-1", "bp-2")
PASSWORD = "mật khẩu dài"  # noqa: S105  # of keys that live as long as a test
MADE = datetime(2026, 11, 1, tzinfo=UTC)
RELEASE = roles.release_path("bo-y", "tuong-1")
SCREENS = (("bo-y", "tuong-1"),)
ENOUGH = ("so-1", "so-2", "bp-1")


_PEOPLE: dict[Path, dict[str, Signer]] = {}
"""The keys of founded templates."""


def person(name: str, signer: Signer) -> Person:
    return Person(name, f"Người {name}", signer.public_key)


def plan_with(people: Mapping[str, Signer], units: Sequence[Unit] = ()) -> TrustPlan:
    so, bp = (tuple(person(name, people[name]) for name in people if name.startswith(side)) for side in ("so", "bp"))
    return TrustPlan(
        (
            Organisation("so", ((date(2016, 1, 1), "Sở TT&TT"), (date(2025, 3, 1), "Sở VHTTDL")), so),
            Organisation("bien-phong", ((date(2016, 1, 1), "Bộ đội Biên phòng"),), bp),
        ),
        tuple(units),
    )


@dataclass
class SmallHub:
    """A hub in a folder; ``now`` is the time of whatever is done next."""

    folder: Path
    now: datetime = MADE
    people: dict[str, Signer] = field(
        default_factory=lambda: {name: CryptoSigner.generate_ed25519() for name in PEOPLE}
    )
    password: str = PASSWORD
    opened: dict[str, Signer] = field(default_factory=dict)

    @classmethod
    def founded(cls, folder: Path, template: Path) -> "SmallHub":
        """A hub that is founded already: a copy of the one in ``template``, which the first to ask founds."""
        people = _PEOPLE.get(template)
        if people is None:
            people = _PEOPLE[template] = cls(template).found().people
        shutil.copytree(template, folder)
        return cls(folder, people=dict(people))

    def found(self) -> "SmallHub":
        """Make it, sign the first draft, publish."""
        _, draft = found(self.folder, self.plan, self.password, self.now)
        self.publish(draft, *ENOUGH)
        return self

    @property
    def plan(self) -> TrustPlan:
        return plan_with(self.people, (Unit("bo-y", "Đồn Bờ Y", ("bo-y",)),))

    @property
    def hub(self) -> HubFolder:
        return HubFolder(self.folder)

    @property
    def first_root(self) -> bytes:
        return self.hub.published(feed.metadata_name(roles.ROOT, 1)).read_bytes()

    def online(self, key_id: str | None = None) -> Signer:
        """The online key the newest root names, or another one."""
        named = key_id or online_key_id(self.hub)
        if named not in self.opened:
            self.opened[named] = open_signer(self.hub.online_key(named), lambda _: self.password)
        return self.opened[named]

    def stage(self, content: bytes, role: str = roles.DEPARTMENT, path: str = RELEASE) -> Draft:
        return stage(self.hub, Change(role, ("Thử",), {path: (content, None)}), self.now)

    def sign(self, draft: Draft, *names: str) -> Draft:
        """Each person signs a copy of the request, in another place, and brings it back."""
        for name in names:
            signed, _ = add_signature(read_request(draft.request.read_bytes()), self.people[name])
            merged, _ = collect(draft.read(), read_request(write_request(signed)))
            write_durably(draft.request, write_request(merged))
        return draft

    def publish(self, draft: Draft, *names: str) -> Published:
        self.sign(draft, *names)
        root = draft.read().part(roles.ROOT)
        coming = root.metadata.signed.roles[roles.TIMESTAMP].keyids[0] if root is not None else None
        return publish(self.hub, draft, self.online(coming), self.now)

    def release(self, sequence: int, *names: str) -> Published:
        """A release with a sequence and nothing else, published."""
        return self.publish(self.stage(release(sequence)), *(names or ENOUGH))

    def pass_time(self, **span: float) -> None:
        self.now += timedelta(**span)


def release(sequence: int) -> bytes:
    """What stands for a release where only its sequence matters."""
    return b'{"sequence": %d}\n' % sequence


@dataclass
class Kiosk:
    """A client with metadata of its own in a folder."""

    folder: Path
    root: bytes

    def look(self, feed_folder: Path, at: datetime) -> Trusted:
        """Refresh from a feed, as of a time."""
        store = TrustStore.in_agent_folder(self.folder, self.root)
        return refresh(FolderSource(feed_folder), store, at, Policy(screens=SCREENS))

    def release(self, feed_folder: Path, at: datetime) -> bytes | None:
        """The release it would take from the department, all roles being trusted."""
        trusted = self.look(feed_folder, at)
        assert trusted.failures == ()
        assert trusted.urgent is not None
        assert trusted.withdrawals is not None
        found = trusted.release(*SCREENS[0])
        if not found:
            return None
        target = found[-1][2]
        return (feed_folder / feed.target_name(target.path, target.hashes["sha256"])).read_bytes()
