"""A stick, taken in through the same trust path as the network, and what is written back onto it.

``import_stick`` drives the kiosk's own cycle with the stick as its source. Whatever a stick holds, and whenever it is
pulled, the kiosk is left with what it had or with what is signed and whole; nothing is ever listed, so a stick with a
million files takes no longer than one with ten.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Protocol

from playlists.errors import SignageError
from sync import feed
from sync.agent.folder_source import FolderSource
from sync.agent.gate import StoppedError
from sync.agent.ports import Clock, NotThereError, Source, SourceError
from sync.agent.stick_facts import StickTrust, day, known_facts, read_facts
from sync.agent.stick_sentences import RETRIED, SENTENCES
from sync.agent.stick_source import StickSource
from sync.bundle import FEED, HAVE, OUTCOME, RETURNED, Have, return_folder, write_have
from sync.refusals import RefusalError
from sync.stick_files import StickFiles
from sync.trust import roles

TIMESTAMP_LIMIT: Final = 16_384
"""The longest timestamp that is looked at, in bytes."""
_NS: Final = 1_000_000_000
_MEGABYTE: Final = 1_000_000
_BY_CODE: Final = {"rolled-back": "older", "expired": "out-of-date", "no-space": "no-room", "disk": "machine-fault"}
_GARBLED: Final = frozenset({"malformed", "missing", "not-fetched", "wrong-digest", "wrong-version", "unlisted-role"})
_OF_THE_MACHINE: Final = frozenset({"no-room", "machine-fault"})
_OF_THE_STICK: Final = frozenset({"older", "out-of-date", "not-trusted", "unfinished"})
"""Refused as a whole; its files may help all the same."""


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest release that is trusted for this screen: what it lacks, as digests and lengths in bytes.

    ``waits`` where other screens show it first, ``on_probation`` where the one before it must prove good first.
    """

    sequence: int
    lacks: Mapping[str, int] = field(default_factory=dict)
    waits: bool = False
    on_probation: bool = False


class Kiosk(Protocol):
    """What a stick works on: the agent's cycle, which takes from any source in the same way."""

    @property
    def gate(self) -> str:
        """Which gate this screen stands at."""

    @property
    def screen(self) -> str:
        """Which screen of the gate it is."""

    def take(self, source: Source) -> Sequence[RefusalError]:
        """Refresh trust from a source, apply urgent bulletins and withdrawals, then ``complete``.

        What of single roles and targets was refused is returned, but for this screen's release not being there.
        Raises ``RefusalError`` where the source as a whole is not accepted, ``SourceError`` where it cannot be read,
        ``SiteError`` where the kiosk itself is in the way.
        """

    def complete(self, source: Source) -> None:
        """Fetch from a source what the newest trusted release lacks, and activate it when it is whole.

        What the source has not got is passed over, so that several sticks add up. Raises as ``take``.
        """

    def newest(self) -> Newest | None:
        """The newest trusted release for this screen; None where none is known."""

    def have(self) -> Have:
        """What to tell the hub of what is here."""

    def diagnostics(self) -> Mapping[str, bytes]:
        """Further files to write back, by their names in ``RETURNED``."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a stick: a code of ``stick_sentences``, and the sentence in Vietnamese and in English.

    No word in ``vi`` comes from an unsigned file: it may stand before passers-by. ``again`` says that the same stick is
    worth another try while it is in; ``fetched`` are the bytes it gave, ``reported`` whether it took the report home.
    """

    code: str
    vi: str
    en: str
    again: bool = False
    fetched: int = 0
    reported: bool = False


def import_stick(
    stick: Path, kiosk: Kiosk, trust: StickTrust, clock: Clock, tell: Callable[[str], None]
) -> Outcome | None:
    """Take in the stick mounted at ``stick``; None where it carries no bundle. Nothing a stick holds makes it raise.

    ``tell`` gets the Vietnamese sentence to show while it lasts. The report is written back whatever became of it.
    Raises ``StoppedError`` where the agent ends meanwhile.
    """
    files = StickFiles(stick)
    visit = _Visit(files, StickSource(FolderSource(stick), lambda: clock.now().boot_ns / _NS), kiosk, trust)
    outcome = visit.outcome(tell)
    return None if outcome is None else replace(outcome, reported=write_back(files, kiosk, outcome))


def write_back(files: StickFiles, kiosk: Kiosk, outcome: Outcome) -> bool:
    """Write the kiosk's report onto a stick; whether it is there. A full or write-protected stick is nobody's fault."""
    try:
        contents = {name: content for name, content in kiosk.diagnostics().items() if name in RETURNED}
        contents[OUTCOME] = _outcome_file(outcome)
        contents[HAVE] = write_have(kiosk.have())
        folder = return_folder(kiosk.gate, kiosk.screen)
        for name, content in contents.items():
            if len(content) <= RETURNED[name]:
                files.write(f"{folder}/{name}", content)
    except (OSError, SignageError):
        return False
    return True


@dataclass
class _Visit:
    """One import, from a look at the timestamp to the sentence about it."""

    files: StickFiles
    source: StickSource
    kiosk: Kiosk
    trust: StickTrust
    timestamp: bytes = b""
    lacked: int = 0
    """How many bytes the newest trusted release lacked before."""

    def outcome(self, tell: Callable[[str], None]) -> Outcome | None:
        """Do it; None where the stick carries no bundle."""
        try:
            self.timestamp = self.source.read(feed.TIMESTAMP, TIMESTAMP_LIMIT)
        except NotThereError as error:
            return self._said("unfinished", error) if self._has_feed() else None
        except SourceError as error:
            return self._said("interrupted", error)
        tell(SENTENCES["reading"][0].format(usb=read_facts(self.timestamp, self.trust).called))
        self.lacked = self._lack()
        before = self._state()
        try:
            refusals = self.kiosk.take(self.source)
        except StoppedError:
            raise
        except (SignageError, OSError) as error:
            return self._refused(error)
        return self._accepted(refusals, changed=self._state() != before)

    def _accepted(self, refusals: Sequence[RefusalError], *, changed: bool) -> Outcome:
        newest = self.kiosk.newest()
        if refusals:
            return self._said("partly", refusals[0])
        if newest is None:
            return self._said("not-for-here")
        if newest.on_probation:
            return self._said("on-probation")
        if newest.waits:
            return self._said("waits")
        if newest.lacks:
            return self._said("incomplete")
        return self._said("taken" if changed or self.lacked else "nothing-new")

    def _refused(self, error: SignageError | OSError) -> Outcome:
        """What the stick is as a whole; files that are missing are taken from it even so: digests vouch for them."""
        code = self._why_refused(error)
        if code not in _OF_THE_STICK:
            return self._said(code, error)
        try:
            self.kiosk.complete(self.source)
        except StoppedError:
            raise
        except (SignageError, OSError) as failure:
            found = self._why_refused(failure)
            if found in _OF_THE_MACHINE:
                return self._said(found, failure)
        left = self._lack()
        if left < self.lacked and code == "older":
            return self._said("older-helped", error)
        if left == 0 < self.lacked:
            return self._said("helped", error)
        return self._said(code, error)

    def _why_refused(self, error: SignageError | OSError) -> str:
        if isinstance(error, RefusalError):
            return self._refusal(error)
        if not isinstance(error, SourceError):
            return "machine-fault"
        if not self._is_in() or not self._lack():
            return "interrupted"
        return "incomplete" if isinstance(error, NotThereError) else "damaged"

    def _refusal(self, error: RefusalError) -> str:
        if error.code in _BY_CODE:
            return _BY_CODE[error.code]
        if error.code == "wrong-digest" and self.kiosk.newest() is not None and self._lack():
            return "damaged"
        if not self._is_in():
            return "interrupted"
        if error.code in _GARBLED:
            return "unfinished"
        offered, known = read_facts(self.timestamp, self.trust), known_facts(self.trust)
        if offered.made is not None and known.made is not None and offered.made < known.made:
            # Signed with keys that have been replaced since: those of its time.
            return "older"
        return "not-trusted"

    def _said(self, code: str, why: Exception | None = None) -> Outcome:
        facts, known = read_facts(self.timestamp, self.trust), known_facts(self.trust)
        newest = self.kiosk.newest()
        lacks = {} if newest is None else newest.lacks
        told = {
            "usb": facts.called,
            "stick": facts.called_in_english,
            "made": day(facts.made),
            "on": day(facts.expires),
            "known": day(known.made),
            "files": len(lacks),
            "size": _size(sum(lacks.values())),
            "why": "" if why is None else str(why),
        }
        vietnamese, english = SENTENCES[code]
        vi = vietnamese.format(**told)
        return Outcome(code, vi, english.format(**told), code in RETRIED, self.source.fetched)

    def _state(self) -> object:
        newest = self.kiosk.newest()
        return self.trust.read(roles.SNAPSHOT), None if newest is None else newest.sequence

    def _lack(self) -> int:
        newest = self.kiosk.newest()
        return 0 if newest is None else sum(newest.lacks.values())

    def _is_in(self) -> bool:
        """Whether the stick still shows what it showed first."""
        try:
            return self.source.read(feed.TIMESTAMP, TIMESTAMP_LIMIT) == self.timestamp
        except SourceError:
            return False

    def _has_feed(self) -> bool:
        try:
            return bool(self.files.listed(FEED, 1))
        except OSError:
            return False


def _size(length: int) -> str:
    return f"{length / _MEGABYTE:.1f} MB".replace(".", ",")


def _outcome_file(outcome: Outcome) -> bytes:
    told = {"format": 1, "code": outcome.code, "vi": outcome.vi, "en": outcome.en, "fetched": outcome.fetched}
    return f"{json.dumps(told, ensure_ascii=False, indent=2)}\n".encode()
