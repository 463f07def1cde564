"""What is measured of a set bulletin: the facts that content rules ask for, and whether a reader is served."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final

from player.bulletins.lettering import Lettering
from player.bulletins.looks import Adjustment, Look, pairs
from player.bulletins.page import Ink, Page
from player.bulletins.plan import Plan
from player.fitting import Size
from playlists.bulletin import Bulletin
from playlists.line_breaks import ZERO_WIDTH_SPACE, Script, script_runs
from playlists.timing import DurationMs

_PLACES: Final = 3


@dataclass(frozen=True, slots=True)
class LetterHeights:
    """Drawn heights in pixels of a language's plain letter, the smallest and the largest on any page."""

    smallest: float
    largest: float


@dataclass(frozen=True, slots=True)
class BulletinFacts:
    """What was measured.

    ``letters`` are drawn heights by language and part, title or body. ``missing`` holds, by language, the characters
    no shipped font draws (``""`` stands for issuer and area). ``not_nfc`` names the languages whose text was not NFC
    when it came. ``contrast`` is that of every pair of colours letters are drawn with. ``smallest`` is the smallest
    letter wanted on this canvas, ``letter`` what the first language got. ``lonely`` counts paragraphs that end in a
    single word.
    """

    canvas: tuple[int, int]
    look: str
    pages: int
    times_ms: tuple[int, ...]
    letters: Mapping[str, Mapping[str, LetterHeights]]
    letter: float
    smallest: float
    missing: Mapping[str, str]
    not_nfc: tuple[str, ...]
    contrast: Mapping[str, float]
    adjusted: tuple[Adjustment, ...]
    lonely: int

    @property
    def least_contrast(self) -> float:
        """The contrast of the worst pair."""
        return min(self.contrast.values())

    def ratio(self, first: str, second: str) -> float:
        """The letters of ``second`` by those of ``first``, part by part, at the worst: its largest by their smallest.

        Raises:
            KeyError: a language is not drawn.

        """
        above, below = self.letters[first], self.letters[second]
        smallest = min(heights.smallest for heights in above.values())
        return max(
            heights.largest / (above[part].smallest if part in above else smallest) for part, heights in below.items()
        )

    def as_json(self) -> dict[str, object]:
        """For machines: numbers rounded to thousandths."""
        told = asdict(self)
        told["least_contrast"] = self.least_contrast
        return {key: _rounded(value) for key, value in told.items()}


def facts_of(
    bulletin: Bulletin,
    plan: Plan,
    lettering: Lettering,
    ground: tuple[Size, Look, Sequence[Adjustment]],
    times: Sequence[DurationMs],
) -> BulletinFacts:
    """Measure a planned bulletin; ``ground`` is its canvas, its look and what was adjusted of that."""
    canvas, look, adjusted = ground
    return BulletinFacts(
        canvas=(canvas.width, canvas.height),
        look="urgent" if look.urgent else look.name.value,
        pages=len(plan.pages),
        times_ms=tuple(times),
        letters=_heights(plan.pages, lettering),
        letter=plan.letter,
        smallest=plan.floor,
        missing=_missing(bulletin, lettering),
        not_nfc=_not_nfc(bulletin),
        contrast=dict(pairs(look)),
        adjusted=tuple(adjusted),
        lonely=plan.lonely,
    )


def _heights(pages: Sequence[Page], lettering: Lettering) -> dict[str, dict[str, LetterHeights]]:
    """Read off what is drawn: the sizes fonts are really asked for, on their grid."""
    drawn: dict[str, dict[str, list[float]]] = {}
    for line in (line for page in pages for line in page.lines):
        if line.language is None:
            continue
        sizes = lettering.sizes(line.letter, bold=line.bold)
        script = _main_script(line.text)
        part = "title" if line.ink in (Ink.TITLE, Ink.SECOND_TITLE) else "body"
        heights = drawn.setdefault(line.language, {}).setdefault(part, [])
        heights.append(lettering.letter(script, sizes[script], bold=line.bold))
    return {
        language: {part: LetterHeights(min(heights), max(heights)) for part, heights in parts.items()}
        for language, parts in drawn.items()
    }


def _main_script(text: str) -> Script:
    lengths: dict[Script, int] = {}
    for run in script_runs(text):
        lengths[run.script] = lengths.get(run.script, 0) + len(run.text.strip())
    return max(lengths, key=lambda script: lengths[script], default=Script.LATIN)


def _said(bulletin: Bulletin) -> list[tuple[str, str]]:
    """Everything that is drawn, by language; without one where nobody says which."""
    said = [(text.language, f"{text.title} {text.body}") for text in bulletin.texts]
    said.append(("", bulletin.issuer or ""))
    if bulletin.urgency is not None:
        said.append(("", f"{bulletin.urgency.issuer} {bulletin.urgency.area}"))
    return said


def _missing(bulletin: Bulletin, lettering: Lettering) -> dict[str, str]:
    found: dict[str, str] = {}
    for language, text in _said(bulletin):
        plain = unicodedata.normalize("NFC", text).replace("\n", " ").replace(ZERO_WIDTH_SPACE, "")
        missing = lettering.missing(plain)
        if missing:
            found[language] = found.get(language, "") + missing
    return found


def _not_nfc(bulletin: Bulletin) -> tuple[str, ...]:
    told = (language for language, text in _said(bulletin) if not unicodedata.is_normalized("NFC", text))
    return tuple(dict.fromkeys(told))


def _rounded(value: object) -> object:
    if isinstance(value, float):
        return round(value, _PLACES)
    if isinstance(value, Mapping):
        return {key: _rounded(part) for key, part in value.items()}
    if isinstance(value, tuple | list):
        return [_rounded(part) for part in value]
    return value
