"""A hub whose signers are all at hand: founded, signed and published through the hub's own library."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from securesystemslib.signer import CryptoSigner, Signer

from sync.durable import write_durably
from sync.hub.drafts import Draft
from sync.hub.folder import HubFolder
from sync.hub.founding import found
from sync.hub.keys import open_signer
from sync.hub.publishing import publish
from sync.hub.request import write_request
from sync.hub.signing import add_signature
from sync.hub.trust_plan import Organisation, Person, TrustPlan, Unit

PASSWORD = "for a test"  # noqa: S105  # of keys that live as long as a test
PEOPLE = ("so-1", "so-2", "bp-1", "bp-2")


@dataclass
class PeopledHub:
    """A hub in ``path`` with one unit, ``unit-bo-y``, for the gate ``bo-y``."""

    path: Path
    signers: dict[str, CryptoSigner] = field(default_factory=dict)
    hub: HubFolder = field(init=False)
    online: Signer = field(init=False)

    def __post_init__(self) -> None:
        """Found it and publish its first metadata."""
        for name in PEOPLE:
            self.signers[name] = CryptoSigner.generate_ed25519()
        bodies = tuple(
            Organisation(body, ((date(2025, 1, 1), body),), tuple(self._person(f"{body}-{n}") for n in (1, 2)))
            for body in ("so", "bp")
        )
        plan = TrustPlan(bodies, (Unit("bo-y", "Đồn Bờ Y", ("bo-y",)),))
        self.hub, draft = found(self.path, plan, PASSWORD, datetime.now(UTC))
        (key,) = self.hub.keys.glob("*.pem")
        self.online = open_signer(key, lambda _prompt: PASSWORD)
        self.publish(draft)

    def publish(self, draft: Draft) -> None:
        """Have everybody sign a draft, and publish it."""
        request = draft.read()
        for name in PEOPLE:
            request, _ = add_signature(request, self.signers[name])
        write_durably(draft.request, write_request(request))
        publish(self.hub, draft, self.online, datetime.now(UTC))

    def _person(self, name: str) -> Person:
        return Person(name, name, self.signers[name].public_key)
