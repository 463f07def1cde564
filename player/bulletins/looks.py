"""The looks of bulletins: day, night and ceremony, and what an urgent bulletin has of its own. Pure.

A gate's own colours are laid over a look. What would then fall below a contrast of 4.5:1 is moved towards black or
white until it does not, and reported: a gate keeps its colour as nearly as its readers can bear, and nothing is refused
at two in the morning. Urgent bulletins take no colours of a gate: they have to look the same everywhere.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from player.bulletins.contrast import contrast, least_contrast, mixed, readable


class LookName(StrEnum):
    """The looks there are."""

    DAY = "day"
    NIGHT = "night"
    CEREMONY = "ceremony"


@dataclass(frozen=True, slots=True)
class Look:
    """Colours (``#rrggbb``) and manner of a page.

    The background runs from ``background`` at the top to ``below`` at the bottom. ``title`` and ``text`` are of the
    first language, ``second`` of further ones; ``accent`` is of bars, rules and dots, ``band`` of the urgent band with
    ``on_band`` upon it; ``panel`` lies behind the facts of an urgent bulletin.
    """

    name: LookName
    background: str
    below: str
    title: str
    text: str
    second: str
    accent: str
    centred: bool = False
    framed: bool = False
    urgent: bool = False
    band: str = "#b4310a"
    on_band: str = "#ffffff"
    panel: str = "#fde8d7"
    on_panel: str = "#2a1206"


LOOKS: Final[Mapping[LookName, Look]] = {
    LookName.DAY: Look(
        name=LookName.DAY,
        background="#fbf8f0",
        below="#f1ecdf",
        title="#0b3b4f",
        text="#1b2430",
        second="#3f3a2e",
        accent="#0e6e73",
    ),
    LookName.NIGHT: Look(
        name=LookName.NIGHT,
        background="#0b1524",
        below="#101f33",
        title="#ffd98a",
        text="#f2efe6",
        second="#b9d3dc",
        accent="#e8a93a",
    ),
    LookName.CEREMONY: Look(
        name=LookName.CEREMONY,
        background="#6d0f1a",
        below="#4c0a14",
        title="#f8dc94",
        text="#fdf3dc",
        second="#f0d9b0",
        accent="#d9ab4e",
        centred=True,
        framed=True,
    ),
}
"""Ceremony is wine red and old gold in a double frame: dignity without the flag's red, yellow or star."""

_URGENT_DAY: Final = Look(
    name=LookName.DAY,
    background="#ffffff",
    below="#ffffff",
    title="#8a2305",
    text="#16120f",
    second="#3b332c",
    accent="#b4310a",
    urgent=True,
)
_URGENT_NIGHT: Final = Look(
    name=LookName.NIGHT,
    background="#120c08",
    below="#120c08",
    title="#ffb787",
    text="#fbf4ee",
    second="#dccabb",
    accent="#e0561f",
    urgent=True,
    panel="#3a1c0d",
    on_panel="#fdeadd",
)

OWN_COLOURS: Final = ("background", "text", "accent")
"""What of a look a gate's own colours may replace."""


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A colour that was moved to be readable: what it is for, what was asked, what was taken."""

    use: str
    wanted: str
    taken: str


def urgent_look(look: Look) -> Look:
    """The look an urgent bulletin has in a house of this one: of an evening dark, else light."""
    return _URGENT_NIGHT if look.name is LookName.NIGHT else _URGENT_DAY


def with_colours(look: Look, colours: Mapping[str, str]) -> tuple[Look, tuple[Adjustment, ...]]:
    """Lay a gate's own colours over a look; also what had to be moved.

    Raises:
        ValueError: a colour is not written ``#rrggbb``.

    """
    wanted = {use: colour.lower() for use, colour in colours.items() if use in OWN_COLOURS}
    if not wanted:
        return look, ()
    background = wanted.get("background", look.background)
    below = mixed(background, "#000000", 0.06) if "background" in wanted else look.below
    text = wanted.get("text", look.text)
    accent = wanted.get("accent", look.accent)
    second = text if "text" in wanted else look.second
    title = text if "text" in wanted else look.title
    asked = {"text": text, "title": title, "second": second, "accent": accent}
    taken = {use: readable(colour, background, below) for use, colour in asked.items()}
    moved = tuple(Adjustment(use, asked[use], taken[use]) for use in asked if asked[use] != taken[use])
    own = replace(look, background=background, below=below, text=taken["text"], title=taken["title"])
    return replace(own, second=taken["second"], accent=taken["accent"]), moved


def pairs(look: Look) -> Iterator[tuple[str, float]]:
    """Every pair of colours that letters are drawn with, by use, with its contrast."""
    for use in ("title", "text", "second", "accent"):
        yield use, least_contrast(getattr(look, use), look.background, look.below)
    if look.urgent:
        yield "band", contrast(look.on_band, look.band)
        yield "panel", contrast(look.on_panel, look.panel)
