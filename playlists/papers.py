"""What the department keeps of an item: where it comes from, who approved it, who read it, what it is about."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType


class Theme(StrEnum):
    """What an item is about; the themes of the provincial plan."""

    BORDER = "border"
    HUMAN_RIGHTS = "human-rights"
    IDEOLOGY = "ideology"
    """Protecting the ideological foundation."""
    POVERTY = "poverty"
    ETHNIC = "ethnic"
    """Ethnic minority and mountain areas."""
    TOURISM = "tourism"
    """Tourism, trade, investment."""


@dataclass(frozen=True, slots=True)
class Document:
    """The paper an item was supplied with."""

    number: str
    date: date
    extra: dict[str, object] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Approval:
    """One approval: by whom, when, and of exactly which content.

    ``digest`` is the sha256 of the file, or of a bulletin's canonical bytes, that was approved; an approval of other
    content is none.
    """

    by: str
    on: date
    digest: str | None = None
    number: str | None = None
    extra: dict[str, object] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Papers:
    """Everything of an item that is not on the screen.

    ``readers`` names, by language, who read the text that the approver cannot read. ``foreign_only_reason`` says why an
    item has no Vietnamese. ``classified`` is what may never be published.
    """

    theme: Theme | None = None
    supplier: str | None = None
    document: Document | None = None
    funding: str | None = None
    approvals: tuple[Approval, ...] = ()
    readers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    commercial: bool = False
    national_flag: bool = False
    classified: bool = False
    foreign_only_reason: str | None = None
    extra: dict[str, object] = field(default_factory=dict, hash=False)
