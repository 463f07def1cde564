"""The agent's cycle as a stick sees it: taken in like the live feed, and asked what it still lacks."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC

from playlists.errors import SignageError
from sync import feed
from sync.agent.cycle import Cycle, Polled
from sync.agent.ports import NotThereError, Source
from sync.agent.release_choice import Stay
from sync.agent.sticks import Newest
from sync.agent.trust_store import TrustStore
from sync.bundle import Have
from sync.refusals import RefusalError
from sync.trust import roles

Bring = Callable[[Source], Polled]
"""Asks a source once, fetches what it names and makes it active (``Agent.bring``). Raises as ``Kiosk.take``."""


class NoSource:
    """A source that has nothing."""

    online = False

    def read(self, name: str, limit: int) -> bytes:  # noqa: ARG002  # a source's
        """Raise ``NotThereError``."""
        raise NotThereError(name)

    @contextmanager
    def stream(self, name: str, begins: int, length: int) -> Iterator[Iterator[bytes]]:  # noqa: ARG002  # a source's
        """Raise ``NotThereError``."""
        raise NotThereError(name)
        yield iter(())


class TrustedSource:
    """What is trusted already, with files from another source: of that one no metadata is asked for."""

    online = False

    def __init__(self, trust: TrustStore, files: Source) -> None:
        self._trust = trust
        self._files = files

    def read(self, name: str, limit: int) -> bytes:
        """A small file whole. Raises ``SourceError``."""
        if name != feed.TIMESTAMP and name.startswith(feed.METADATA):
            raise NotThereError(name)
        known = self._trust.read(roles.TIMESTAMP) if name == feed.TIMESTAMP else self._files.read(name, limit)
        if known is None:
            raise NotThereError(name)
        return known

    def stream(self, name: str, begins: int, length: int) -> AbstractContextManager[Iterator[bytes]]:
        """A file of ``length`` bytes from offset ``begins`` on. Raises ``SourceError``."""
        return self._files.stream(name, begins, length)


class CycleKiosk:
    """A ``Kiosk`` over the agent's own cycle, for one stick; whoever makes one holds ``agent/lock``."""

    def __init__(self, cycle: Cycle, bring: Bring) -> None:
        self._cycle = cycle
        self._bring = bring
        self._looked: list[Polled | None] = []
        """What was known at the last look, as long as nothing was taken since."""

    @property
    def gate(self) -> str:
        """Which gate this screen stands at."""
        return self._cycle.place.gate

    @property
    def screen(self) -> str:
        """Which screen of the gate it is."""
        return self._cycle.place.screen

    def take(self, source: Source) -> Sequence[RefusalError]:
        """Take a source in; what of it was refused. Raises ``SignageError`` or ``OSError``; what came is kept."""
        self._looked.clear()
        return [refusal for refusal in self._bring(source).refusals if not self._is_absence(refusal)]

    def complete(self, source: Source) -> None:
        """Fetch from a source what the newest trusted release lacks. Raises as ``take``."""
        self._looked.clear()
        self._bring(TrustedSource(self._cycle.trust, source))

    def newest(self) -> Newest | None:
        """The newest trusted release for this screen; None where none is known here."""
        polled = self._known()
        if polled is None:
            return None
        order, choice, active = polled.order, polled.choice, self._cycle.releases.active
        if order is not None:
            store = self._cycle.store
            lacks = {one.sha256: one.length for one in order.files if not store.has(one.sha256, one.length)}
            return Newest(order.sequence, lacks)
        if choice.waiting is not None:
            on_probation = choice.stay is Stay.ON_PROBATION
            return Newest(choice.waiting, waits=not on_probation, on_probation=on_probation)
        if active is None or any(self._is_absence(refusal) for refusal in polled.refusals):
            return None
        return Newest(active.sequence)

    def have(self) -> Have:
        """What is here and stays: media of the releases that are kept, and what came of the one that is to come."""
        cycle, polled = self._cycle, self._known()
        kept = cycle.releases.digests(cycle.kept(previous=False)) & set(cycle.store.digests())
        coming = () if polled is None or polled.order is None else polled.order.files
        come = {one.sha256 for one in coming if cycle.store.has(one.sha256, one.length)}
        active = cycle.releases.active
        return Have(
            self.gate,
            self.screen,
            cycle.trust.attest(cycle.clock.now()).at.astimezone(UTC).isoformat(timespec="seconds"),
            None if active is None else active.sequence,
            frozenset(kept | come),
            frozenset({one.sha256 for one in coming} - come),
        )

    def diagnostics(self) -> Mapping[str, bytes]:
        """What the agent last said of itself, and what ``diagnose`` last found."""
        folder = self._cycle.folder
        found = {"status.json": folder.report, "diagnosis.json": folder.diagnosis}
        return {name: path.read_bytes() for name, path in found.items() if path.is_file()}

    def _is_absence(self, refusal: RefusalError) -> bool:
        """Whether it says that this screen's release is nowhere to be had: the stick is for others."""
        if refusal.code == "no-release":
            return True
        name = refusal.fields.get("name", "")
        ours = name.removeprefix("targets/").startswith(f"releases/{self.gate}/") and name.endswith(
            f"{self.screen}.json"
        )
        return ours and refusal.code in {"missing", "not-fetched"}

    def _known(self) -> Polled | None:
        """What is known without any source; None where nothing is trusted, or no longer."""
        if not self._looked:
            self._looked.append(self._look())
        return self._looked[0]

    def _look(self) -> Polled | None:
        try:
            return self._cycle.poll(TrustedSource(self._cycle.trust, NoSource()))
        except (SignageError, OSError):
            return None
