"""A screen as a value: where it stands, what it speaks, when it is open, how it is laid out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from playlists.playlist import PictureSize

DEFAULT_TIME_ZONE: Final = "Asia/Ho_Chi_Minh"


class ZoneKind(StrEnum):
    """What a part of the canvas shows."""

    MAIN = "main"
    TICKER = "ticker"
    CLOCK = "clock"
    LOGO = "logo"


@dataclass(frozen=True, slots=True)
class Zone:
    """A rectangle in per cent of the canvas as the viewer sees it, from its upper left corner."""

    kind: ZoneKind
    x: float
    y: float
    width: float
    height: float
    extra: dict[str, object] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Layout:
    """The zones of a screen, painted in this order; ``logo`` is a picture file beside the screen's own file."""

    zones: tuple[Zone, ...] = (Zone(ZoneKind.MAIN, 0, 0, 100, 100),)
    logo: str | None = None
    colours: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    """A gate's own colours over those of the look: ``background``, ``text``, ``accent`` as ``#rrggbb``."""
    extra: dict[str, object] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """One span of a day's opening, local time; ISO weekdays (1 is Monday), none means every day.

    It runs past midnight where ``ends`` is not after ``begins``, and belongs to the day it begins on.
    """

    begins: time
    ends: time
    weekdays: frozenset[int] = frozenset()
    extra: dict[str, object] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class VolumeStep:
    """From this local time on, until the next step, sound has at most this volume, 0 to 100."""

    begins: time
    percent: int
    extra: dict[str, object] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen of a cluster at a gate.

    ``canvas`` is in pixels as the viewer sees it, after ``rotation`` (degrees clockwise). ``shares`` gives, by
    language, the least per cent of an hour's airtime in which that language is present. No ``hours`` means always
    open; no ``volume`` means the house's quiet hours, 21:00 to 06:00, silent.
    """

    id: str
    gate: str
    cluster: str
    tags: tuple[str, ...] = ()
    title: str = ""
    canvas: PictureSize | None = None
    rotation: int = 0
    languages: tuple[str, ...] = ("vi",)
    shares: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    hours: tuple[OpeningHours, ...] = ()
    volume: tuple[VolumeStep, ...] = ()
    outdoor: bool = False
    armed_forces: bool = False
    time_zone: str = DEFAULT_TIME_ZONE
    layout: Layout = field(default_factory=Layout)
    look: str | None = None
    extra: dict[str, object] = field(default_factory=dict, hash=False)
