"""What ``check`` tells of the loop: which rules give way on a screen within a week, and why."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from playlists.concession_sentences import NOTES, OF_THE_SCREEN, fix_for, gathered, sentence_en, sentence_vi, title_of
from playlists.findings import Finding, Severity, pointer
from playlists.languages import serves
from playlists.loop import plan_day
from playlists.loop_units import languages_present
from playlists.playlist import Playlist
from playlists.rota import Concession, Rota, Rule
from playlists.screen import Screen

_WEEK: Final = tuple(timedelta(days=day) for day in range(7))


def loop_findings(playlist: Playlist, screen: Screen | None, day: date) -> Iterator[Finding]:
    """Plan a week from ``day`` on and tell what gives way, the strongest rule first; each subject once.

    A playlist that follows no rota, or is checked for no screen, has nothing to tell.
    """
    if screen is None or not playlist.planned:
        return
    week = [rota for later in _WEEK for rota in plan_day(playlist, screen, day + later)]
    for worst, rotas in gathered(week).items():
        if not (worst.rule is Rule.LANGUAGE_SHARE and _speaks_nowhere(playlist, worst.subject)):
            yield _finding(playlist, worst, rotas)


def _speaks_nowhere(playlist: Playlist, language: str) -> bool:
    """Tell whether no item has a language at all: that is told without a plan."""
    return not any(serves(language, tag) for slot in playlist.slots for tag in languages_present(slot.item))


def _finding(playlist: Playlist, worst: Concession, rotas: Sequence[Rota]) -> Finding:
    title = title_of(playlist, worst)
    first, count = rotas[0].hour, len(rotas)
    fix_vi, fix_en = fix_for(worst.rule) or (None, None)
    return Finding(
        pointer(_place_of(playlist, worst)),
        f"loop-{worst.rule}",
        f"{sentence_vi(worst, title)} ({count} giờ trong tuần, lần đầu lúc {first:%H:%M} ngày {first:%d/%m/%Y})",
        f"{sentence_en(worst, title)} ({count} hours of the week, first at {first:%Y-%m-%dT%H:%M})",
        Severity.NOTE if worst.rule in NOTES else Severity.WARNING,
        fix_vi,
        fix_en,
    )


def _place_of(playlist: Playlist, concession: Concession) -> tuple[str | int, ...]:
    """Find the subject in the playlist: a message by its first item, a slot by itself; others are the screen's."""
    if concession.rule in OF_THE_SCREEN:
        return ()
    items = list({slot.item.id: slot.item for slot in playlist.slots}.values())
    for number, item in enumerate(items):
        if item.message == concession.subject:
            return ("items", number)
    return ("slots", [slot.id for slot in playlist.slots].index(concession.subject))
