"""Where on a screen each zone goes: per cent of a canvas become whole pixels, and every pixel belongs to one owner.

Pure. Boxes are in pixels of the canvas as the viewer sees it; :func:`turned` leads to those of a turned window.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from player.fitting import Size
from playlists.screen import Layout, Zone, ZoneKind

_FULL: Final = 100
_WIDE: Final = 0.6
"""A zone over the main zone that takes so much of its width leaves captions no room beside it."""
_HAIR: Final = 1e-6
"""Edges that differ by less are one edge: sums of per cents are not exact."""


@dataclass(frozen=True, slots=True, order=True)
class Box:
    """A rectangle of whole pixels."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """The first column outside."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """The first row outside."""
        return self.y + self.height

    @property
    def empty(self) -> bool:
        """Whether there is not one pixel in it."""
        return self.width <= 0 or self.height <= 0

    @property
    def size(self) -> Size:
        """Width and height."""
        return Size(self.width, self.height)

    @property
    def edges(self) -> tuple[int, int, int, int]:
        """x, y, width and height."""
        return self.x, self.y, self.width, self.height

    def common(self, other: "Box") -> "Box":
        """What lies in both; empty where nothing does."""
        left, top = max(self.x, other.x), max(self.y, other.y)
        right, bottom = min(self.right, other.right), min(self.bottom, other.bottom)
        return Box(left, top, max(0, right - left), max(0, bottom - top))

    def without(self, other: "Box") -> tuple["Box", ...]:
        """What ``other`` leaves of it: up to four boxes that do not overlap."""
        hole = self.common(other)
        if hole.empty:
            return () if self.empty else (self,)
        parts = (
            Box(self.x, self.y, self.width, hole.y - self.y),
            Box(self.x, hole.bottom, self.width, self.bottom - hole.bottom),
            Box(self.x, hole.y, hole.x - self.x, hole.height),
            Box(hole.right, hole.y, self.right - hole.right, hole.height),
        )
        return tuple(part for part in parts if not part.empty)


def left_over(boxes: Iterable[Box], holes: Iterable[Box]) -> tuple[Box, ...]:
    """What all the ``holes`` together leave of ``boxes``."""
    rest = tuple(boxes)
    for hole in holes:
        rest = tuple(part for box in rest for part in box.without(hole))
    return rest


def turned(box: Box, canvas: Size, degrees: int) -> Box:
    """Where a box of a canvas lies in a window that shows the canvas turned clockwise by 0, 90, 180 or 270 degrees."""
    match degrees % 360:
        case 90:
            return Box(canvas.height - box.bottom, box.x, box.height, box.width)
        case 180:
            return Box(canvas.width - box.right, canvas.height - box.bottom, box.width, box.height)
        case 270:
            return Box(box.y, canvas.width - box.right, box.height, box.width)
    return box


@dataclass(frozen=True, slots=True)
class PlacedZone:
    """A zone's pixels, and those of them that no later zone covers."""

    kind: ZoneKind
    box: Box
    visible: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Floorplan:
    """Who owns which pixels of a canvas: the ``visible`` parts of the zones and the ``ground`` are the whole of it."""

    canvas: Size
    zones: tuple[PlacedZone, ...]
    """In the order they are painted; exactly one of them is the main zone."""
    ground: tuple[Box, ...]
    """What no zone covers."""

    @property
    def main(self) -> PlacedZone:
        """Where items are shown."""
        return next(zone for zone in self.zones if zone.kind is ZoneKind.MAIN)

    @property
    def clear(self) -> Box:
        """The main zone without what runs over its upper or lower edge from side to side: room for captions."""
        main = self.main.box
        place = self.zones.index(self.main)
        top, bottom = main.y, main.bottom
        for cover in (zone.box.common(main) for zone in self.zones[place + 1 :]):
            if cover.empty or cover.width < _WIDE * main.width:
                continue
            if cover.y <= top:
                top = max(top, cover.bottom)
            elif cover.bottom >= bottom:
                bottom = min(bottom, cover.y)
        return Box(main.x, top, main.width, bottom - top) if bottom > top else main

    def strip(self, height: int) -> Box | None:
        """The lower edge of :attr:`clear`, or the upper one where other zones leave more room, as a strip so high.

        None of another zone's pixels lie in it. None where two thirds of both edges are taken.
        """
        room = self.clear
        if not 0 < height <= room.height:
            return None
        lower, upper = (self._widest(Box(room.x, y, room.width, height)) for y in (room.bottom - height, room.y))
        best = lower if lower.width >= min(upper.width, _WIDE * room.width) else upper
        return best if best.width * 3 >= room.width else None

    def _widest(self, strip: Box) -> Box:
        """The widest part of a strip of the main zone that no other zone lies over."""
        covers = (zone.box.common(strip) for zone in self.zones[self.zones.index(self.main) + 1 :])
        columns = [Box(cover.x, strip.y, cover.width, strip.height) for cover in covers if not cover.empty]
        return max(left_over([strip], columns), key=lambda box: box.width, default=Box(strip.x, strip.y, 0, 0))

    def beneath(self, box: Box) -> "Floorplan":
        """The same plan while something else has these pixels of the main zone."""
        zones = tuple(
            replace(zone, visible=left_over(zone.visible, [box])) if zone is self.main else zone for zone in self.zones
        )
        return replace(self, zones=zones)

    @property
    def beside(self) -> tuple[PlacedZone, ...]:
        """All others of which something is to be seen."""
        return tuple(zone for zone in self.zones if zone.kind is not ZoneKind.MAIN and zone.visible)


def floorplan(layout: Layout, canvas: Size) -> Floorplan:
    """Lay a layout out on a canvas of at least one pixel.

    Zones that meet in per cent meet in pixels; what sticks out is cut off. A further main zone is left out. Where no
    main zone would show a pixel, the whole canvas is one, beneath the other zones, or alone if they would cover it: a
    kiosk never goes without.
    """
    whole = Box(0, 0, canvas.width, canvas.height)
    placed = [(zone.kind, _box(zone, canvas)) for zone in layout.zones]
    mains = [at for at, (kind, box) in enumerate(placed) if kind is ZoneKind.MAIN and not box.empty]
    kept = [(kind, box) for at, (kind, box) in enumerate(placed) if kind is not ZoneKind.MAIN or at in mains[:1]]
    others = [each for each in kept if each[0] is not ZoneKind.MAIN]
    tried = (kept, [(ZoneKind.MAIN, whole), *others], [(ZoneKind.MAIN, whole)])
    zones = next(zones for zones in map(_stacked, tried) if _shows_items(zones))
    return Floorplan(canvas, zones, left_over([whole], (zone.box for zone in zones)))


def _shows_items(zones: tuple[PlacedZone, ...]) -> bool:
    return any(zone.kind is ZoneKind.MAIN and zone.visible for zone in zones)


def _stacked(placed: list[tuple[ZoneKind, Box]]) -> tuple[PlacedZone, ...]:
    return tuple(
        PlacedZone(kind, box, left_over([box], (above for _kind, above in placed[at + 1 :])))
        for at, (kind, box) in enumerate(placed)
        if not box.empty
    )


def _box(zone: Zone, canvas: Size) -> Box:
    left, right = _edges(zone.x, zone.width, canvas.width)
    top, bottom = _edges(zone.y, zone.height, canvas.height)
    return Box(left, top, right - left, bottom - top)


def _edges(begin: float, length: float, pixels: int) -> tuple[int, int]:
    """Both ends of a stretch, each rounded by itself: so two that meet share an edge, whatever their lengths."""
    first, last = (round(max(0.0, min(_FULL, edge)) * pixels / _FULL + _HAIR) for edge in (begin, begin + length))
    return first, max(first, last)
