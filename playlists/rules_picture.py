"""V11, V13 and V17: the flag, what strains the eyes, and whether every letter can be drawn."""

import unicodedata
from collections.abc import Iterator, Sequence

from playlists.facts import Contrast, FlagPicture
from playlists.playlist import Item, ItemKind
from playlists.rules_case import Case, names_en, names_vi, sound_languages, sounds
from playlists.screen import Screen, Zone, ZoneKind
from playlists.verdicts import Verdict

_MOST_NAMED = 8
"""So many characters a sentence names; the rest is counted."""


def flag_honoured(case: Case) -> Iterator[Verdict]:
    """V11: the national flag is 2:3, whole, and nothing covers it."""
    if not case.item.papers.national_flag:
        yield case.say("v11-no-flag")
        return
    flag = case.facts.flag or FlagPicture()
    yield _shape(case, flag.aspect)
    yield case.say({None: "v11-whole-unmeasured", False: "v11-whole", True: "v11-cropped"}[flag.cropped])
    yield _covering(case, flag.covered)


def _shape(case: Case, aspect: float | None) -> Verdict:
    if aspect is None:
        return case.say("v11-shape-unmeasured")
    wanted = case.thresholds.flag_aspect
    right = abs(aspect - wanted) <= case.thresholds.flag_tolerance * wanted
    return case.say("v11-shape" if right else "v11-misshapen", aspect=f"{aspect:.3f}", wanted=f"{wanted:.3f}")


def _covering(case: Case, covered: bool | None) -> Verdict:  # noqa: FBT001 - a fact, not a switch
    if case.item.captions:
        return case.say("v11-captions", "captions")
    zone = None if case.screen is None else _zone_over_main(case.screen)
    if zone is not None:
        return case.say("v11-zone", zone=zone.kind.value)
    if covered:
        return case.say("v11-covered")
    if covered is None or case.screen is None:
        return case.say("v11-cover-unmeasured")
    return case.say("v11-uncovered")


def _zone_over_main(screen: Screen) -> Zone | None:
    """The first zone painted later than the picture and across it."""
    zones = screen.layout.zones
    mains = [number for number, zone in enumerate(zones) if zone.kind is ZoneKind.MAIN]
    for main in mains:
        for later in zones[main + 1 :]:
            if later.kind is not ZoneKind.MAIN and _overlap(zones[main], later):
                return later
    return None


def _overlap(one: Zone, other: Zone) -> bool:
    across = one.x < other.x + other.width and other.x < one.x + one.width
    return across and one.y < other.y + other.height and other.y < one.y + one.height


def easy_on_the_eyes(case: Case) -> Iterator[Verdict]:
    """V13: contrast, no flashing, captions for speech."""
    yield _contrast(case, case.facts.contrasts)
    yield _flashing(case)
    yield _captions(case)


def _contrast(case: Case, contrasts: Sequence[Contrast] | None) -> Verdict:
    if contrasts is None:
        return case.say("v13-contrast-unmeasured")
    if not contrasts:
        return case.say("v13-no-text")

    def wanted(one: Contrast) -> float:
        return case.thresholds.contrast_large if one.large else case.thresholds.contrast

    worst = min(contrasts, key=lambda one: one.ratio / wanted(one))
    code = "v13-contrast" if worst.ratio >= wanted(worst) else "v13-faint"
    return case.say(code, ratio=f"{worst.ratio:.2f}", wanted=f"{wanted(worst):g}")


def _flashing(case: Case) -> Verdict:
    flashes, most = case.facts.flash_hz, case.thresholds.flashes_hz
    if case.item.kind is not ItemKind.CLIP and flashes is None:
        return case.say("v13-still")
    if flashes is None:
        return case.say("v13-flash-unmeasured")
    return case.say("v13-flashing" if flashes > most else "v13-steady", flashes=f"{flashes:g}", most=f"{most:g}")


def _captions(case: Case) -> Verdict:
    item, spoken, readable = case.item, case.facts.spoken, case.facts.captions
    if sounds(case) is False:
        return case.say("v13-silent")
    if item.captions or readable or (item.bulletin is not None and item.bulletin.texts):
        return case.say("v13-captions")
    if spoken == ():
        return case.say("v13-no-speech")
    if readable is False and (spoken or sound_languages(item)):
        return case.say("v13-no-captions", "captions")
    return case.say("v13-captions-unmeasured", "captions")


def drawable(case: Case) -> Iterator[Verdict]:
    """V17: every character that we draw has a glyph in the shipped fonts, and the text is NFC."""
    languages = _drawn_languages(case.item)
    if not languages:
        yield case.say("v17-no-text")
        return
    for language, place in languages.items():
        yield _glyphs(case, language, place)
    yield _normal(case)


def _drawn_languages(item: Item) -> dict[str, tuple[str | int, ...]]:
    """The languages of text that the player draws itself, each with its first place."""
    texts = () if item.bulletin is None else item.bulletin.texts
    drawn: dict[str, tuple[str | int, ...]] = {}
    for number, text in enumerate(texts):
        drawn.setdefault(text.language, ("bulletin", "texts", number))
    for number, file in enumerate(item.captions):
        drawn.setdefault(file.language, ("captions", number))
    return drawn


def _glyphs(case: Case, language: str, place: tuple[str | int, ...]) -> Verdict:
    missing = (case.facts.missing_glyphs or {}).get(language)
    names = {"vi_names": names_vi([language]), "en_names": names_en([language])}
    if missing is None:
        return case.say("v17-unmeasured", *place, **names)
    if missing:
        return case.say("v17-missing", *place, characters=_listed(missing), **names)
    return case.say("v17-glyphs", *place, **names)


def _normal(case: Case) -> Verdict:
    odd = [
        word for text in _own_texts(case.item) for word in text.split() if not unicodedata.is_normalized("NFC", word)
    ]
    if odd:
        return case.say("v17-not-normal", "bulletin", words=_listed(odd))
    if case.item.captions and case.facts.normal_text is False:
        return case.say("v17-captions-not-normal", "captions")
    if case.item.captions and case.facts.normal_text is None:
        return case.say("v17-normal-unmeasured", "captions")
    return case.say("v17-normal")


def _own_texts(item: Item) -> Iterator[str]:
    """Every string of a bulletin that is drawn."""
    bulletin = item.bulletin
    if bulletin is None:
        return
    for text in bulletin.texts:
        yield from (text.title, text.body)
    yield bulletin.issuer or ""
    if bulletin.urgency is not None:
        yield from (bulletin.urgency.issuer, bulletin.urgency.area)


def _listed(parts: Sequence[str]) -> str:
    """Characters or words with their code points, so that they can be found even where they cannot be seen."""
    unique = list(dict.fromkeys(parts))
    named = [f"“{part}” ({' '.join(f'U+{ord(letter):04X}' for letter in part)})" for part in unique[:_MOST_NAMED]]
    return ", ".join(named) + (f" … (+{len(unique) - _MOST_NAMED})" if len(unique) > _MOST_NAMED else "")
