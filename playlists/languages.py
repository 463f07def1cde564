"""Languages by their BCP 47 tags: the form they are written in, their names, and which of several to take."""

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Final

NAMES_VI: Final = {
    "vi": "Tiếng Việt",
    "lo": "Tiếng Lào",
    "km": "Tiếng Khmer",
    "en": "Tiếng Anh",
    "bdq": "Tiếng Ba Na",
    "ren": "Tiếng Rơ Ngao",
    "sed": "Tiếng Xơ Đăng",
    "jeh": "Tiếng Giẻ",
    "stg": "Tiếng Triêng",
    "jra": "Tiếng Gia Rai",
    "brb": "Tiếng B'râu",
    "rmx": "Tiếng Rơ Măm",
}
"""The languages of the gates, by their primary subtag."""

MINORITY: Final = frozenset({"bdq", "ren", "sed", "jeh", "stg", "jra", "brb", "rmx"})
"""Languages of Vietnam beside Vietnamese, by their primary subtag: never foreign, in whatever script."""


class LanguageClass(StrEnum):
    """How the rules and the reports sort a language."""

    VIETNAMESE = "vietnamese"
    MINORITY = "minority"
    FOREIGN = "foreign"


_SCRIPT_NAMES_VI: Final = {"Latn": "chữ La-tinh", "Khmr": "chữ Khmer"}

# Containers write ISO 639-2; BCP 47 wants the shorter code wherever there is one. Those of the region and its visitors.
_SHORT: Final = {
    "vie": "vi",
    "lao": "lo",
    "khm": "km",
    "eng": "en",
    "tha": "th",
    "zho": "zh",
    "chi": "zh",
    "fra": "fr",
    "fre": "fr",
    "kor": "ko",
    "jpn": "ja",
    "deu": "de",
    "ger": "de",
    "rus": "ru",
    "mya": "my",
    "bur": "my",
}
# Undetermined, no linguistic content, several, uncoded.
_SAYS_NOTHING: Final = frozenset({"und", "zxx", "mul", "mis"})

_TAG: Final = re.compile(
    r"(?P<primary>[a-z]{2,3})(?:-(?P<script>[a-z]{4}))?(?:-(?P<region>[a-z]{2}|[0-9]{3}))?(?P<rest>(?:-[a-z0-9]{1,8})*)",
    re.IGNORECASE,
)


def normal_tag(tag: str) -> str | None:
    """Write a tag the usual way: ``VI`` and ``vie`` as ``vi``, ``jra_latn`` as ``jra-Latn``.

    :returns: None for what is no tag, or says no language (``und``, ``zxx``, ``mul``, ``mis``).
    """
    match = _TAG.fullmatch(tag.strip().replace("_", "-"))
    if match is None:
        return None
    primary = match["primary"].lower()
    if primary in _SAYS_NOTHING:
        return None
    parts = [_SHORT.get(primary, primary)]
    if match["script"]:
        parts.append(match["script"].title())
    if match["region"]:
        parts.append(match["region"].upper())
    return "-".join(parts) + match["rest"].lower()


def language_class(tag: str) -> LanguageClass:
    """Sort a language: Vietnamese, a minority language of Vietnam, or foreign."""
    primary = tag.partition("-")[0]
    if primary == "vi":
        return LanguageClass.VIETNAMESE
    return LanguageClass.MINORITY if primary in MINORITY else LanguageClass.FOREIGN


def name_vi(tag: str) -> str:
    """Name a language in Vietnamese, for operators; a tag nobody named stands for itself."""
    primary, _, rest = tag.partition("-")
    name = NAMES_VI.get(primary)
    if name is None:
        return tag
    if not rest:
        return name
    return f"{name} ({_SCRIPT_NAMES_VI.get(rest, rest)})"


def serves(wanted: str, tag: str) -> bool:
    """Tell whether ``tag`` serves who asked for ``wanted``: it is the same, or narrower (``jra-Latn`` for ``jra``)."""
    return tag == wanted or tag.startswith(f"{wanted}-")


def choose(wanted: Sequence[str], offered: Sequence[str | None]) -> int | None:
    """Choose the first of ``wanted`` that is offered, and of several that serve it the first.

    :param offered: the languages on offer, such as those of the audio tracks; None where unknown.
    :returns: the place in ``offered``, or None where nothing serves.
    """
    for language in wanted:
        for place, tag in enumerate(offered):
            if tag is not None and serves(language, tag):
                return place
    return None
