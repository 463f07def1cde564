"""What every form of a plan shows of an hour: times of the clock, languages, their shares."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, timedelta

from playlists.languages import name_vi, serves
from playlists.loop_units import languages_present
from playlists.rota import Rota
from playlists.screen import Screen


def clock_text(rota: Rota, offset: int) -> str:
    """What the screen's clock shows ``offset`` ms after the hour began: hours, minutes, seconds."""
    at = rota.hour.astimezone(UTC) + timedelta(milliseconds=offset)
    return f"{at.astimezone(rota.hour.tzinfo):%H:%M:%S}"


def spoken_in(languages: Sequence[str]) -> str:
    """Name languages in Vietnamese, without the word for language before each."""
    return ", ".join(name_vi(tag).removeprefix("Tiếng ") for tag in languages)


def shares_of(screen: Screen, rota: Rota) -> tuple[tuple[str, float, float | None], ...]:
    """List the per cent of an hour's airtime in which each language is present, and what the screen asks of it.

    A turn belongs to the hour of its start. The languages the screen asks for come first, then the others by tag.
    """
    total = sum(turn.length for turn in rota.turns)
    if not total:
        return ()
    spoken: Counter[str] = Counter()
    for turn in rota.turns:
        present = languages_present(turn.slot.item)
        asked = [want for want in screen.shares if any(serves(want, tag) for tag in present)]
        spoken.update(dict.fromkeys((*asked, *present), turn.length))
    others = sorted(tag for tag in spoken if tag not in screen.shares)
    return tuple((tag, spoken[tag] * 100 / total, screen.shares.get(tag)) for tag in (*screen.shares, *others))
