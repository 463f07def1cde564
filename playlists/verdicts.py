"""What a rule finds: a verdict, with its sentence in Vietnamese and in English."""

from dataclasses import dataclass
from enum import StrEnum


class RuleId(StrEnum):
    """The rules of the domain sheet. The numbers left out do not exist."""

    V1 = "V1"
    """Vietnamese is present in a bilingual item; an item without it has a reason."""
    V2 = "V2"
    """Foreign text stands below the Vietnamese, at most 3/4 of its size."""
    V3 = "V3"
    """Vietnamese is spoken before the foreign language."""
    V5 = "V5"
    """Minority languages are not foreign."""
    V6 = "V6"
    """A commercial item is silent outdoors, and refused on premises of the armed forces."""
    V9 = "V9"
    """Volume by the hour, quiet at night."""
    V10 = "V10"
    """An urgent item has issuer, time, area, expiry, two approvals, and no siren."""
    V11 = "V11"
    """The national flag is 2:3, whole, and nothing covers it."""
    V13 = "V13"
    """Contrast, flashing, captions."""
    V15 = "V15"
    """No approval, no publication; nothing classified."""
    V17 = "V17"
    """Every character has a glyph; text is NFC."""
    V18 = "V18"
    """Lao, Khmer and minority text has a named reader."""


class Severity(StrEnum):
    """What a failed rule does to publication."""

    ERROR = "error"
    WARNING = "warning"
    NONE = "none"
    """The rule only says what does not apply; it cannot fail."""


class State(StrEnum):
    """How a rule came out."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_MEASURED = "not-measured"
    """A fact is missing. It never counts as passed."""
    NOT_APPLICABLE = "not-applicable"


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one aspect of a rule came out for one item.

    ``item`` is the item's id, empty for what belongs to the screen; ``place`` a JSON pointer (RFC 6901) into the
    playlist file, or into the screen file where ``item`` is empty. ``code`` is a stable word for the sentence. ``vi``
    and ``en`` say what is so; ``fix_vi`` and ``fix_en`` what to do, None where there is nothing to do.
    """

    rule: RuleId
    aspect: str
    severity: Severity
    state: State
    item: str
    place: str
    code: str
    vi: str
    en: str
    fix_vi: str | None = None
    fix_en: str | None = None

    @property
    def bars(self) -> bool:
        """Whether the item must not be published as it is: an error that failed or could not be measured."""
        return self.severity is Severity.ERROR and self.state in {State.FAILED, State.NOT_MEASURED}
