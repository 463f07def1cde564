"""What ``check`` tells of the loop: which rules give way on a screen within a week, and why."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from playlists.concession_sentences import fix_for, sentence_en, sentence_vi
from playlists.findings import Finding, Severity, pointer
from playlists.loop import plan_day
from playlists.playlist import Playlist
from playlists.rota import Concession, Rota, Rule
from playlists.screen import Screen

_WEEK: tuple[timedelta, ...] = tuple(timedelta(days=day) for day in range(7))
_NOTES = frozenset({Rule.SHARE_OF_VOICE, Rule.WEIGHT})
"""What gives way to stronger rules as a matter of course; the others deserve a warning."""


@dataclass(slots=True)
class _Case:
    """One rule giving way for one subject: the worst of it, and the hours it happens in."""

    worst: Concession
    hours: list[datetime] = field(default_factory=list)


def loop_findings(playlist: Playlist, screen: Screen | None, day: date) -> Iterator[Finding]:
    """Plan a week from ``day`` on and tell what gives way, the strongest rule first; each subject once.

    A playlist that follows no rota, or is checked for no screen, has nothing to tell.
    """
    if screen is None or not playlist.planned:
        return
    cases: dict[tuple[Rule, str, Rule], _Case] = {}
    for later in _WEEK:
        for rota in plan_day(playlist, screen, day + later):
            _gather(rota, cases)
    order = list(Rule)
    for case in sorted(cases.values(), key=lambda case: order.index(case.worst.rule)):
        yield _finding(playlist, case)


def _gather(rota: Rota, cases: dict[tuple[Rule, str, Rule], _Case]) -> None:
    for concession in rota.concessions:
        case = cases.setdefault((concession.rule, concession.subject, concession.yielded_to), _Case(concession))
        case.hours.append(rota.hour)
        if _lack(concession) > _lack(case.worst):
            case.worst = concession


def _lack(concession: Concession) -> float:
    return abs(concession.wanted - concession.got)


def _finding(playlist: Playlist, case: _Case) -> Finding:
    worst, first, count = case.worst, case.hours[0], len(case.hours)
    place, title = _place_of(playlist, worst)
    vi, en = sentence_vi(worst, title), sentence_en(worst, title)
    fix_vi, fix_en = fix_for(worst.rule) or (None, None)
    return Finding(
        pointer(place),
        f"loop-{worst.rule}",
        f"{vi} ({count} giờ trong tuần, lần đầu lúc {first:%H:%M} ngày {first:%d/%m/%Y})",
        f"{en} ({count} hours of the week, first at {first:%Y-%m-%dT%H:%M})",
        Severity.NOTE if worst.rule in _NOTES else Severity.WARNING,
        fix_vi,
        fix_en,
    )


def _place_of(playlist: Playlist, concession: Concession) -> tuple[tuple[str | int, ...], str | None]:
    """Find the subject in the playlist: a message by its first item, a slot by itself; others are the screen's."""
    if concession.rule in {Rule.LANGUAGE_SHARE, Rule.FILLED}:
        return (), None
    items = list({slot.item.id: slot.item for slot in playlist.slots}.values())
    for number, item in enumerate(items):
        if item.message == concession.subject:
            return ("items", number), item.title
    number = [slot.id for slot in playlist.slots].index(concession.subject)
    return ("slots", number), playlist.slots[number].item.title
