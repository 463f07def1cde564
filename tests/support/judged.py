"""Items before the rules: the shortest way to a case and to what a rule says of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

from playlists.bulletin import Bulletin, BulletinText, Urgency
from playlists.content_digest import item_digest
from playlists.facts import NOTHING_MEASURED, Facts
from playlists.papers import Approval, Papers
from playlists.playlist import Item, ItemKind, Slot
from playlists.rules import RULES
from playlists.rules_case import Case
from playlists.screen import Layout, Screen, VolumeStep, Zone, ZoneKind
from playlists.thresholds import Threshold, in_force
from playlists.verdicts import RuleId, Verdict

ON = date(2026, 11, 24)
DIGEST = "a" * 64
OTHER = "b" * 64
HANOI = timezone(timedelta(hours=7))
ISSUER = "Ban Chỉ huy Phòng thủ dân sự"
ISSUERS = Threshold("issuers", date(2026, 1, 1), (ISSUER,), "thử", "test")
SCREEN = Screen("s", "bo-y", "cum-1", layout=Layout((Zone(ZoneKind.MAIN, 0, 0, 100, 100),)))
OUTDOOR = replace(SCREEN, outdoor=True)
NIGHT_CURVE = (VolumeStep(time(6), 80), VolumeStep(time(21), 20))


def clip(papers: Papers = Papers(), **fields: Any) -> Item:  # noqa: ANN401, B008 - handed on; a value, never changed
    return replace(Item("c", "c.mp4", ItemKind.CLIP, "C", sha256=DIGEST, papers=papers), **fields)


def picture(papers: Papers = Papers(), **fields: Any) -> Item:  # noqa: ANN401, B008 - handed on; a value, never changed
    return replace(Item("i", "i.png", ItemKind.IMAGE, "I", sha256=DIGEST, papers=papers), **fields)


def bulletin(*languages: str, papers: Papers = Papers(), **fields: Any) -> Item:  # noqa: ANN401, B008 - handed on; a value, never changed
    """A bulletin whose texts are the names of their languages."""
    texts = tuple(BulletinText(language, f"tin {language}", "nội dung") for language in languages)
    whole = replace(Bulletin(texts), **fields)
    return Item("b", "", ItemKind.BULLETIN, "B", papers=papers, bulletin=whole)


def approved(item: Item, *names: str, on: date = ON) -> Item:
    """The same item, approved as it is by these."""
    approvals = tuple(Approval(name, on, item_digest(item)) for name in names)
    return replace(item, papers=replace(item.papers, approvals=approvals))


def urgency(**fields: Any) -> Urgency:  # noqa: ANN401 - handed on
    issued = datetime(2026, 11, 24, 8, tzinfo=HANOI)
    return replace(Urgency(ISSUER, "xã Bờ Y", issued, issued + timedelta(hours=6)), **fields)


def case(
    item: Item,
    facts: Facts = NOTHING_MEASURED,
    *,
    screen: Screen | None = None,
    slots: Sequence[Slot] = (),
    rows: Sequence[Threshold] = (),
) -> Case:
    return Case(item, facts, in_force(ON, rows), ON, ("items", 0), tuple(slots), screen)


def judged(rule: RuleId, given: Case) -> list[Verdict]:
    return list(RULES[rule](given))


def codes(rule: RuleId, given: Case) -> list[str]:
    return [one.code for one in judged(rule, given)]
