"""One round of the agent's work, for any source: trust, what is urgent, which release, and the swap.

``poll`` brings trust up to date, applies urgent bulletins and withdrawals before anything else, and says which release
is to be fetched; ``take_over`` makes a fetched one active. Whoever drives it (``Agent``, ``once``, a stick) holds
``agent/lock`` and calls it from one thread; only ``sync.agent.download.fetch`` runs beside it.
"""

import contextlib
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, ParamSpec, TypeVar

from tuf.api.metadata import TargetFile

from playlists.errors import ContentError, DamageError, SignageError
from playlists.release import Active, Withdrawn, digest_of, read_release
from sync.agent.activation import RELEASE_FILE, Releases, files_of
from sync.agent.agent_folder import AgentFolder
from sync.agent.download import Wanted, fetch
from sync.agent.gate import Gate
from sync.agent.media_store import MediaStore
from sync.agent.notices import Bulletin, Notices, merged, read_bulletin, read_withdrawal
from sync.agent.offers import Offers
from sync.agent.ports import Clock, Source, SourceError
from sync.agent.refresh import Policy, Trusted, read_target, refresh
from sync.agent.release_choice import Choice, Offer, Place, Stay, choose
from sync.agent.standing import Standing, mended, read_standing, write_standing
from sync.agent.trust_store import TrustStore
from sync.durable import write_durably
from sync.publication import concerns
from sync.refusals import RefusalError

_P = ParamSpec("_P")
_T = TypeVar("_T")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
URGENT_PATIENCE: Final = 5.0
"""Seconds an urgent bulletin waits for its picture; then it is shown without, until the picture is there."""


@dataclass(frozen=True, slots=True)
class Order:
    """A release that is to be brought here: its ``release.json`` as it was signed, and the files it needs."""

    sequence: int
    content: bytes
    files: tuple[Wanted, ...]

    @property
    def active(self) -> Active:
        """How ``active`` names it."""
        return Active(self.sequence, digest_of(self.content))


@dataclass(frozen=True, slots=True)
class Polled:
    """What a poll came to. ``version`` is that of the trusted timestamp; ``at`` the time all was judged by."""

    version: int
    at: datetime
    clock_believed: bool
    choice: Choice
    order: Order | None = None
    refusals: tuple[RefusalError, ...] = ()


@dataclass(slots=True)
class Cycle:
    """See the module. ``mend`` comes first."""

    folder: AgentFolder
    place: Place
    trust: TrustStore
    store: MediaStore
    clock: Clock
    releases: Releases = field(init=False)
    notices: Notices = field(init=False)
    standing: Standing = field(init=False, default_factory=Standing)
    _offers: Offers = field(init=False)
    _issuing: threading.Lock = field(init=False, default_factory=threading.Lock)

    def __post_init__(self) -> None:
        """Nothing is read yet."""
        self.releases = Releases(self.folder, self.store)
        self.notices = Notices(self.folder)
        self._offers = Offers(self.folder.offers)

    # After a start.

    def mend(self) -> None:
        """Bring what a cut left into one state: old or new. Raises ``OSError``."""
        try:
            standing = read_standing(self.folder.standing.read_bytes())
        except (FileNotFoundError, DamageError):
            standing = Standing()
        active = self.releases.active
        whole = active is not None and self.releases.mend(active)
        self.standing, wanted = mended(standing, active)
        if not whole and standing.good is not None and self.releases.mend(standing.good):
            # The disk forgot some of it: what was good before is shown until it has come again.
            self.standing, wanted = mended(standing, None)
        if self.standing != standing:
            self.keep_standing(self.standing)
        if wanted is not None and wanted != active and self.releases.is_whole(wanted):
            self.releases.activate(wanted)
        self.notices.clear_parts()

    def keep_standing(self, standing: Standing) -> None:
        """Write down how the releases stand. Raises ``OSError``."""
        write_durably(self.folder.standing, write_standing(standing))
        self.standing = standing

    # A poll.

    def poll(self, source: Source, gate: Gate | None = None, *, take_new: bool = True) -> Polled:
        """Ask a source. ``gate`` is before a download that runs, and paused while something urgent comes.

        With ``take_new`` false only what takes away is taken: withdrawals, and bulletins that are called off.
        Raises ``RefusalError`` or ``SourceError`` where nothing could be trusted, ``OSError`` where the disk fails.
        """
        attested = self.trust.attest(self.clock.now())
        self.notices.remove_expired(attested.at)
        refusals: list[RefusalError] = []
        policy = Policy(screens=((self.place.gate, self.place.screen),), synchronised=attested.synchronised)
        pressing = _Pressing(self, source, gate, refusals, take_new=take_new)
        trusted = refresh(source, self.trust, attested.at, policy, pressing.apply)
        refusals[:0] = trusted.failures
        choice = Choice(stay=Stay.NOTHING_NEWER)
        order = None
        if take_new:
            offers = list(self._offered(trusted, source, refusals))
            choice = choose(
                [offer for offer, _ in offers], self.releases.active, self.standing, trusted.confirmed, self.place
            )
            order = self._order(choice, dict(offers), refusals)
            if not offers and not refusals and self.releases.active is None:
                refusals.append(RefusalError("no-release", screen=self.place.name))
        if not refusals:
            self._offers.keep_only(_digests(trusted, self.place))
        version = 0 if trusted.top.timestamp is None else trusted.top.timestamp.version
        return Polled(version, trusted.at, attested.clock_believed, choice, order, tuple(refusals))

    def read_small(self, source: Source, target: TargetFile) -> bytes:
        """A small target, from the disk where it is known. Raises ``RefusalError`` or ``SourceError``."""
        digest = _digest(target)
        if digest is None:
            raise RefusalError("malformed", name=target.path)
        return self._offers.read(digest, lambda: read_target(source, target))

    def _offered(self, trusted: Trusted, source: Source, refusals: list[RefusalError]) -> Iterator[tuple[Offer, bytes]]:
        for role, path, target in trusted.release(self.place.gate, self.place.screen):
            try:
                content = self.read_small(source, target)
                yield Offer(role, digest_of(content), read_release(content)), content
            except RefusalError as refusal:
                refusals.append(refusal)
            except SourceError as error:
                refusals.append(RefusalError("not-fetched", name=path, why=error))
            except ContentError:
                refusals.append(RefusalError("malformed", name=path))

    def _order(self, choice: Choice, contents: Mapping[Offer, bytes], refusals: list[RefusalError]) -> Order | None:
        if choice.stay is Stay.CONTRADICTED:
            refusals.append(RefusalError("contradicted", sequence=choice.waiting))
        if choice.stay is Stay.UNREADABLE_ROLLOUT:
            refusals.append(RefusalError("malformed", name="release.json"))
        if choice.take is None:
            return None
        try:
            files = files_of(choice.take.release)
        except ContentError:
            refusals.append(RefusalError("malformed", name="release.json"))
            return None
        return Order(choice.take.release.sequence, contents[choice.take], files)

    # Urgent bulletins.

    def bring_bulletin(self, bulletin: Bulletin, source: Source, gate: Gate | None) -> None:
        """Put a bulletin before the player, with its media where they come in time.

        Raises ``RefusalError`` or ``SourceError`` where a file of it could not be had; it then stands without.
        """
        if all(self.store.has(file.sha256, file.length) for file in bulletin.wanted):
            self._issue(bulletin)
            return
        patience = threading.Timer(URGENT_PATIENCE, self._issue_without, (bulletin,))
        patience.daemon = True
        patience.start()
        paused: AbstractContextManager[None] = nullcontext() if gate is None else gate.paused()
        try:
            with paused:
                fetch(bulletin.wanted, source, self.store)
        except SignageError:
            self._issue(bulletin)
            raise
        finally:
            patience.cancel()
        self._issue(bulletin, anew=True)

    def _issue_without(self, bulletin: Bulletin) -> None:
        with contextlib.suppress(OSError):  # the disk's trouble is told by who waits for the media
            self._issue(bulletin)

    def _issue(self, bulletin: Bulletin, *, anew: bool = False) -> None:
        with self._issuing:
            self.notices.issue(bulletin, anew=anew)

    # What is kept.

    def repair(self) -> Order | None:
        """The active release with the files of it that are gone: rotten, or removed by hand. Raises ``OSError``."""
        active = self.releases.active
        release = None if active is None else self.releases.read(active)
        if active is None or release is None:
            return None
        try:
            lacking = tuple(file for file in files_of(release) if not self.store.has(file.sha256, file.length))
            content = (self.folder.release(active.sequence) / RELEASE_FILE).read_bytes()
        except ContentError:
            return None
        return Order(active.sequence, content, lacking) if lacking else None

    def kept(self, order: Order | None = None, *, previous: bool = True) -> tuple[Active, ...]:
        """The releases that stay: the active one, the good one, the one before it, and the one that comes."""
        standing = self.standing
        found = [self.releases.active, standing.good, standing.previous if previous else None]
        return tuple(dict.fromkeys(one for one in (*found, None if order is None else order.active) if one is not None))

    def collect(self, order: Order | None = None, *, previous: bool = True) -> None:
        """Remove what no release that is kept, no urgent bulletin and no order needs. Raises ``OSError``."""
        kept = self.kept(order, previous=previous)
        self.releases.keep_only(kept)
        wanted = {file.sha256 for file in (() if order is None else order.files)}
        urgent = {file.sha256 for bulletin in self.notices.in_force().values() for file in bulletin.media}
        self.store.collect(self.releases.digests(kept) | wanted | urgent)

    def make_room(self, order: Order) -> None:
        """See that a release fits before its first byte comes; the release before the good one gives way to it.

        Raises ``RefusalError`` (``no-space``), with numbers.
        """
        sizes = [(file.sha256, file.length) for file in order.files]
        self.collect(order)
        try:
            self.store.reserve(sizes)
        except RefusalError:
            self.collect(order, previous=False)
            self.store.reserve(sizes)


@dataclass(frozen=True, slots=True)
class _Pressing:
    """What does not wait for a release: applied as soon as it is trusted."""

    cycle: Cycle
    source: Source
    gate: Gate | None
    refusals: list[RefusalError]
    take_new: bool

    def apply(self, trusted: Trusted) -> None:
        """Withdraw, call off, issue; what cannot be had is noted, and bars nothing else."""
        place = self.cycle.place
        if trusted.withdrawals is not None:
            self._withdraw({path: target for path, target in trusted.withdrawals.items() if _concerned(target, place)})
        if trusted.urgent is not None:
            self._issue(
                {path: target for path, target in trusted.urgent.items() if _concerned(target, place)}, trusted.at
            )

    def _withdraw(self, targets: Mapping[str, TargetFile]) -> None:
        found: list[Withdrawn] = []
        for path, target in targets.items():
            if (content := self._content(path, target)) is not None:
                found.extend(self._noting(read_withdrawal, path, content))
        notices = self.cycle.notices
        if len(found) < len(targets):
            found.append(notices.withdrawn)
        notices.withdraw(merged(found))

    def _issue(self, targets: Mapping[str, TargetFile], at: datetime) -> None:
        found: list[Bulletin] = []
        named = {path.rpartition("/")[2].removesuffix(".json") for path in targets}
        notices = self.cycle.notices
        notices.call_off(named)
        for path, target in targets.items():
            if (content := self._content(path, target)) is not None:
                found.extend(self._noting(read_bulletin, path, content))
        over = {bulletin.id for bulletin in found if bulletin.is_over(at)}
        notices.call_off(named - over)
        # Those that need nothing more are not held up by those that do.
        for bulletin in sorted(found, key=lambda one: len(one.wanted)):
            if bulletin.id not in over and (self.take_new or bulletin.id in notices.in_force()):
                self._noting(self.cycle.bring_bulletin, bulletin, self.source, self.gate)

    def _content(self, path: str, target: TargetFile) -> bytes | None:
        try:
            return self.cycle.read_small(self.source, target)
        except RefusalError as refusal:
            self.refusals.append(refusal)
        except SourceError as error:
            self.refusals.append(RefusalError("not-fetched", name=path, why=error))
        return None

    def _noting(self, step: Callable[_P, _T], *given: _P.args, **named: _P.kwargs) -> list[_T]:
        """What a step gives, or nothing: its refusal is noted."""
        try:
            return [step(*given, **named)]
        except RefusalError as refusal:
            self.refusals.append(refusal)
        except SourceError as error:
            self.refusals.append(RefusalError("not-fetched", name="media", why=error))
        return []


def _concerned(target: TargetFile, place: Place) -> bool:
    return concerns(target.custom, place.gate, place.screen)


def _digest(target: TargetFile) -> str | None:
    """What a target lies under; None where whoever signed it gave something else, such as a way out of the folder."""
    found = target.hashes.get("sha256", "")
    return found if _DIGEST.fullmatch(found) else None


def _digests(trusted: Trusted, place: Place) -> set[str]:
    pressing = [*(trusted.urgent or {}).values(), *(trusted.withdrawals or {}).values()]
    releases = [target for _, _, target in trusted.release(place.gate, place.screen)]
    return {digest for target in (*pressing, *releases) if (digest := _digest(target)) is not None}
