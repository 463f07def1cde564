"""What was measured of a bulletin, in the form the content rules take it (:mod:`playlists.facts`). Pure."""

from collections.abc import Mapping
from typing import Any

from playlists.facts import Contrast, Facts, Letters
from playlists.fields import UNKNOWN_LANGUAGE

MEASURED_BY = "signage-player render"


def for_rules(measured: Mapping[str, Any], digest: str | None) -> Facts:
    """Turn the JSON form of :class:`player.bulletins.facts.BulletinFacts` into facts of the content ``digest``.

    Of letters that are drawn in several sizes a Vietnamese reader's smallest counts, and of every other language the
    largest, so that the rule about foreign text sees the worst there is.

    Raises:
        KeyError: it is not what was measured.

    """
    letters = tuple(
        Letters(language, heights["smallest" if language.split("-", maxsplit=1)[0] == "vi" else "largest"], part=part)
        for language, parts in measured["letters"].items()
        for part, heights in parts.items()
    )
    missing = {language: tuple(measured["missing"].get(language, "")) for language in measured["letters"]}
    missing |= {language or UNKNOWN_LANGUAGE: tuple(found) for language, found in measured["missing"].items()}
    # Issuer and area were looked at like the rest: that nothing is said of them means that nothing is missing.
    missing.setdefault(UNKNOWN_LANGUAGE, ())
    contrasts = tuple(Contrast(ratio, part=use) for use, ratio in measured["contrast"].items())
    return Facts(
        of=digest,
        measured_by={"letters": MEASURED_BY, "missing_glyphs": MEASURED_BY, "contrasts": MEASURED_BY},
        letters=letters,
        missing_glyphs=missing,
        contrasts=contrasts,
    )
