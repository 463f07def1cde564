"""Short names for what tests of the loop build, and what they read from a rota."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, time

from playlists.playlist import Item, ItemKind, Playlist, Sequence, Slot
from playlists.rota import Concession, Rota, Rule
from playlists.schedule import Daypart, Precedence, Share, Target, Timetable
from playlists.screen import OpeningHours, Screen
from playlists.timing import DurationMs

DAY = date(2026, 11, 24)
SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
MORNING = Daypart("morning", "Sáng", time(7), time(7, 30))


def hour(text: str) -> datetime:
    """An hour of the day of these tests, at the gate: ``07:00``."""
    return datetime.fromisoformat(f"2026-11-24T{text}+07:00")


def item(
    name: str, *languages: str, seconds: float = 30, message: str | None = None, kind: ItemKind = ItemKind.CLIP
) -> Item:
    """An item of a length."""
    length = DurationMs(int(seconds * SECOND))
    if kind is ItemKind.IMAGE:
        return Item(name, f"{name}.png", kind, name.title(), languages, duration=length, message=message)
    return Item(name, f"{name}.mp4", kind, name.title(), languages or ("vi",), length=length, message=message)


def slot(
    content: Item | str,
    share: Share | None = None,
    timetable: Timetable | None = None,
    precedence: Precedence = Precedence.ORDINARY,
    target: Target | None = None,
) -> Slot:
    """A slot that is named like its item."""
    shown = item(content) if isinstance(content, str) else content
    return Slot(shown.id, shown, {}, precedence, timetable or Timetable(), target or Target(), share or Share())


def playlist(*slots: Slot, sequence: Sequence = Sequence.AS_WRITTEN, digest: str | None = "ab" * 32) -> Playlist:
    """A planned playlist with a morning of half an hour."""
    return Playlist("p", "P", slots, digest, planned=True, sequence=sequence, dayparts=(MORNING,))


def screen(opens: str | None = None, closes: str = "17:00", **shares: float) -> Screen:
    """A screen that is always open, or from one time of the day to another."""
    hours = () if opens is None else (OpeningHours(time.fromisoformat(opens), time.fromisoformat(closes)),)
    return Screen("screen-1", "bo-y", "cluster-1", shares=shares, hours=hours)


def shown(rota: Rota) -> list[str]:
    """The slots of a rota in order."""
    return [turn.slot.id for turn in rota.turns]


def starts(rotas: Iterable[Rota]) -> dict[str, list[int]]:
    """The starts of each item, in ms since 1970, over several rotas."""
    found: dict[str, list[int]] = {}
    for rota in rotas:
        begins = round(rota.hour.timestamp() * 1000)
        for turn in rota.turns:
            found.setdefault(turn.slot.item.id, []).append(begins + turn.offset)
    return found


def airtime(rota: Rota) -> Counter[str]:
    """Airtime by item, ms."""
    counted: Counter[str] = Counter()
    for turn in rota.turns:
        counted[turn.slot.item.id] += turn.length
    return counted


def conceded(rota: Rota, rule: Rule) -> list[Concession]:
    """The concessions of one rule."""
    return [one for one in rota.concessions if one.rule is rule]
