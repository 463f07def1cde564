"""An urgent bulletin as it is to be signed: judged, dated, for whom; and its calling off.

The urgent role names what is in force; whatever has expired goes out with the next change of it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from playlists.cli_check import places_in_file
from playlists.cli_files import read
from playlists.content_digest import item_digest
from playlists.errors import SignageError, UsageError
from playlists.facts import Facts, Measurements
from playlists.facts_file import SUFFIX as FACTS_SUFFIX
from playlists.facts_file import read_facts
from playlists.findings import FileError, Finding, Severity, finding, pointer
from playlists.playlist import Item, Playlist, Slot
from playlists.playlist_file import SUFFIX, read_playlist
from playlists.release import UrgentBulletin, read_urgent, sources_of, write_urgent
from playlists.schedule import Precedence
from playlists.thresholds import Threshold, ThresholdError
from sync.hub.drafts import Change
from sync.hub.feed_state import FeedState, target_place
from sync.hub.folder import HubFolder
from sync.hub.hearing import with_hearing
from sync.hub.media_intake import Progress, pieces_by_digest, take
from sync.hub.release_checks import Examinations, Judged, Step, by_rules, named, of_files
from sync.hub.release_folder import FindingsError, elsewhere
from sync.hub.screen_names import is_name, told
from sync.trust import roles

LONGEST_HOURS: Final = 72
_TARGET: Final = "urgent/"


@dataclass(frozen=True, slots=True)
class UrgentPlan:
    """An urgent bulletin that has been judged; with an error among ``findings`` nothing is built."""

    file: Path
    slot: Slot
    title: str
    findings: tuple[Finding, ...]

    @property
    def publishable(self) -> bool:
        """Whether nothing bars publication."""
        return all(one.severity is not Severity.ERROR for one in self.findings)


def plan_urgent(
    file: Path, rows: Sequence[Threshold], now: datetime, hours: int | None = None, step: Step | None = None
) -> UrgentPlan:
    """Read and judge the playlist file of one urgent bulletin, whose facts lie beside it.

    :param now: aware; with ``hours`` the bulletin is issued then and expires so many hours later, else the file says.
    :raises FindingsError: files that cannot be read, or hold anything but one urgent bulletin.
    """
    content = read(file)
    try:
        playlist = read_playlist(content)
    except FileError as error:
        raise FindingsError(list(elsewhere(file, error.findings))) from error
    slot = _only_slot(file, playlist)
    facts = _facts_beside(file)
    if hours is not None:
        slot, facts = _dated(slot, facts, now, timedelta(hours=hours))
    look = Examinations(file.parent, step)
    facts = dict(with_hearing(facts, [slot.item], look))
    judged = Judged(None, replace(playlist, slots=(slot,)), facts, places_in_file(content))
    try:
        found = [
            *_of_bulletin(slot, now),
            *of_files([slot.item], judged.places, look),
            *by_rules(judged, rows, now.date()),
        ]
    except ThresholdError as error:
        raise FindingsError([Finding("thresholds", "thresholds", str(error), str(error))]) from error
    return UrgentPlan(file, slot, playlist.title, tuple(named(found, file.name, {0: slot.item.id})))


def build_urgent(plan: UrgentPlan, screens: Sequence[str], stale: frozenset[str], progress: Progress | None) -> Change:
    """The change that issues a bulletin; ``screens`` as :func:`sync.hub.screen_names.patterns` gives them.

    :param stale: targets to take out with it, as :func:`expired` gives them.
    :raises ContentError: a file cannot be read.
    """
    item = plan.slot.item
    taken = [take(plan.file.parent / source, source, progress) for source in sources_of(item)]
    content = write_urgent(UrgentBulletin(item.id, plan.slot, tuple(one.file for one in taken)), plan.title)
    read_urgent(content)
    path = roles.urgent_path(item.id)
    return Change(
        role=roles.URGENT,
        summary=tuple(_summary(item, screens)),
        set={path: (content, {"screens": list(screens)})},
        remove=stale - {path},
        media={one.file.sha256: one.path for one in taken},
        pieces=pieces_by_digest(taken),
    )


def call_off(name: str, state: FeedState, stale: frozenset[str]) -> Change:
    """The change that calls a bulletin off. Raises ``UsageError`` where none of that name is published."""
    path, published = roles.urgent_path(name), state.delegated[roles.URGENT].signed.targets
    if path not in published:
        names = ", ".join(one.removeprefix(_TARGET).removesuffix(".json") for one in published) or "không có tin nào"
        message = f"không có tin khẩn nào mang mã “{name}” đang phát hành; đang có: {names}"
        raise UsageError(message)
    return Change(roles.URGENT, (f"Thu hồi tin khẩn “{name}” trước hạn",), remove=stale | {path})


def expired(hub: HubFolder, state: FeedState, now: datetime) -> frozenset[str]:
    """The published urgent targets that are over; those that cannot be read are left alone."""
    over: set[str] = set()
    for path, target in state.delegated[roles.URGENT].signed.targets.items():
        try:
            bulletin = read_urgent(target_place(hub, target).read_bytes()).slot.item.bulletin
        except (OSError, SignageError):
            continue
        if bulletin is not None and bulletin.urgency is not None and bulletin.urgency.expires <= now:
            over.add(path)
    return frozenset(over)


def _only_slot(file: Path, playlist: Playlist) -> Slot:
    if len(playlist.slots) != 1 or playlist.slots[0].precedence is not Precedence.URGENT:
        raise FindingsError(list(elsewhere(file, [finding(("slots",), "not-one-urgent")])))
    bulletin = playlist.slots[0].item.bulletin
    if bulletin is None or bulletin.urgency is None:
        raise FindingsError(list(elsewhere(file, [finding(("items", 0), "no-urgency")])))
    return playlist.slots[0]


def _facts_beside(file: Path) -> dict[str, Facts]:
    path = file.with_name(file.name.removesuffix(SUFFIX) + FACTS_SUFFIX)
    measured = Measurements()
    try:
        measured = read_facts(path.read_bytes()) if path.is_file() else measured
    except FileError as error:
        raise FindingsError(list(elsewhere(path, error.findings))) from error
    return measured.on_screen(None)


def _dated(slot: Slot, facts: Mapping[str, Facts], now: datetime, life: timedelta) -> tuple[Slot, dict[str, Facts]]:
    """The bulletin as issued now; what was approved and measured of it counts on, for only its hours are others.

    The two who sign the urgent role sign these hours; an approval keeps the digest it was given for.
    """
    bulletin = slot.item.bulletin
    if bulletin is None or bulletin.urgency is None:
        raise TypeError(slot.id)
    issued = now.astimezone(bulletin.urgency.issued.tzinfo).replace(microsecond=0)
    urgency = replace(bulletin.urgency, issued=issued, expires=issued + life)
    former = item_digest(slot.item)
    item = replace(slot.item, bulletin=replace(bulletin, issued=issued, urgency=urgency))
    digest = item_digest(item)
    approvals = tuple(
        replace(one, digest=digest, extra={**one.extra, "approved_digest": former}) if one.digest == former else one
        for one in item.papers.approvals
    )
    item = replace(item, papers=replace(item.papers, approvals=approvals))
    known = {name: replace(one, of=digest) if one.of == former else one for name, one in facts.items()}
    return replace(slot, item=item), known


def _of_bulletin(slot: Slot, now: datetime) -> Iterator[Finding]:
    bulletin = slot.item.bulletin
    if not is_name(slot.item.id):
        vi = f"Mã “{slot.item.id}” chỉ được gồm chữ thường không dấu, chữ số, dấu gạch nối, gạch dưới, dấu chấm."
        en = f"The id “{slot.item.id}” may hold lower-case ASCII letters, digits, hyphens, underscores and dots only."
        yield Finding("/items/0/id", "urgent-id", vi, en)
    if bulletin is None or bulletin.urgency is None:
        return
    expires, place = bulletin.urgency.expires, pointer(("items", 0, "bulletin", "urgency", "expires"))
    if expires <= now:
        vi = f"Tin khẩn đã hết hiệu lực lúc {expires:%H:%M ngày %d/%m/%Y}; dùng --hours để đặt lại."
        yield Finding(place, "urgent-over", vi, f"The bulletin expired at {expires.isoformat()}; use --hours.")
    elif expires > now + timedelta(hours=LONGEST_HOURS):
        vi = f"Tin khẩn có hiệu lực nhiều nhất {LONGEST_HOURS} giờ; hãy đặt hạn sớm hơn hoặc dùng --hours."
        yield Finding(place, "urgent-long", vi, f"An urgent bulletin holds {LONGEST_HOURS} hours at most; use --hours.")


def _summary(item: Item, screens: Sequence[str]) -> Iterator[str]:
    bulletin = item.bulletin
    if bulletin is None or bulletin.urgency is None:
        raise TypeError(item.id)
    urgency = bulletin.urgency
    yield f"TIN KHẨN “{item.title}” (mã {item.id})"
    yield f"Cơ quan ban hành: {urgency.issuer}; địa bàn: {urgency.area}"
    yield f"Hiệu lực: {urgency.issued:%H:%M %d/%m/%Y} đến {urgency.expires:%H:%M %d/%m/%Y}"
    yield f"Cho: {', '.join(map(told, screens))}"
    yield from (f"  [{text.language}] {text.title}{': ' + text.body if text.body else ''}" for text in bulletin.texts)
