"""A page of a bulletin as numbers: every line, where it stands and how large its letters are. Pure values, pixels."""

from dataclasses import dataclass
from enum import StrEnum


class Ink(StrEnum):
    """What a line is drawn as."""

    TITLE = "title"
    TEXT = "text"
    SECOND_TITLE = "second-title"
    SECOND = "second"
    ISSUER = "issuer"
    DATE = "date"
    ALERT = "alert"
    ALERT_ISSUER = "alert-issuer"
    FACT = "fact"


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle from its upper left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The first column past it."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The first row past it."""
        return self.y + self.height

    def holds(self, other: "Area", slack: float = 0.5) -> bool:
        """Whether the other lies within, give or take ``slack`` pixels."""
        return (
            other.x >= self.x - slack
            and other.y >= self.y - slack
            and other.right <= self.right + slack
            and other.bottom <= self.bottom + slack
        )

    def meets(self, other: "Area") -> bool:
        """Whether they have a pixel in common."""
        return self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text: its first letter's origin, the height of its plain letter, and the room it takes."""

    text: str
    x: float
    baseline: float
    width: float
    above: float
    below: float
    letter: float
    """The drawn height in pixels of the plain letter: Latin ``x``, Lao ``ກ``, Khmer ``ក``."""
    bold: bool
    ink: Ink
    language: str | None = None
    """None for what no language of the bulletin says: issuer, date, the facts of an urgent one."""

    @property
    def area(self) -> Area:
        """The room it takes, its tallest signs included."""
        return Area(self.x, self.baseline - self.above, self.width, self.above + self.below)


@dataclass(frozen=True, slots=True)
class Page:
    """One page, painted in the order of its fields."""

    number: int
    of: int
    band: Area | None = None
    """The band of an urgent bulletin, as wide as the canvas."""
    sign: Area | None = None
    """The warning sign in the band."""
    panel: Area | None = None
    """What lies behind the facts of an urgent bulletin."""
    bar: Area | None = None
    """The accent beside or above a title."""
    rules: tuple[Area, ...] = ()
    """Between one language and the next."""
    picture: Area | None = None
    code: Area | None = None
    logo: Area | None = None
    dots: Area | None = None
    level: Area | None = None
    """Where the level of a sound bulletin moves."""
    lines: tuple[Line, ...] = ()

    def texts(self) -> tuple[tuple[str, str], ...]:
        """What there is to read, by language, in reading order."""
        found: dict[str, list[str]] = {}
        for line in self.lines:
            if line.language is not None:
                found.setdefault(line.language, []).append(line.text)
        return tuple((language, " ".join(lines)) for language, lines in found.items())
