"""Screen files, format version 1: one screen, where it stands and how it is laid out; JSON bytes in and out.

``playlists/screen-file.schema.json`` is the published schema; a test keeps it equal to :func:`file_schema`. Fields that
are not known are kept in ``extra`` at every level and written again.
"""

from types import MappingProxyType
from typing import Final

from playlists.findings import ScreenFileError
from playlists.json_document import number, read_fields, read_object, read_version, told, unknown, written
from playlists.playlist_file_v2 import picture_size
from playlists.playlist_file_v2_writing import clock_time, in_order, size
from playlists.screen import DEFAULT_TIME_ZONE, Layout, OpeningHours, Screen, VolumeStep, Zone, ZoneKind
from playlists.screen_file_contradictions import contradictions
from playlists.screen_model import FORMAT_VERSION, LayoutFields, ScreenFields

SUFFIX: Final = ".screen.json"


def read_screen(content: bytes) -> Screen:
    """Read a screen file.

    :param content: the whole file; a byte order mark before it is tolerated.
    :raises ScreenFileError: with all that is wrong, not only the first thing.
    """
    document = read_object(content, ScreenFileError)
    read_version(document, (FORMAT_VERSION,), ScreenFileError)
    fields = read_fields(ScreenFields, document, ScreenFileError)
    findings = list(contradictions(fields))
    if findings:
        raise ScreenFileError(findings)
    return _value(fields)


def write_screen(screen: Screen) -> bytes:
    """Write a screen as a file: UTF-8, one field a line, always the same bytes for the same value."""
    layout = {} if screen.layout == Layout() else _layout(screen.layout)
    known = {
        "format_version": FORMAT_VERSION,
        "id": screen.id,
        "gate": screen.gate,
        "cluster": screen.cluster,
        "title": screen.title or None,
        "tags": list(screen.tags),
        "canvas": size(screen.canvas),
        "rotation": screen.rotation or None,
        "languages": list(screen.languages),
        "shares": in_order({tag: number(share) for tag, share in screen.shares.items()}),
        "hours": [_hours(span) for span in screen.hours],
        "volume": [
            told({"begins": clock_time(step.begins), "percent": step.percent}, step.extra) for step in screen.volume
        ],
        "outdoor": screen.outdoor or None,
        "armed_forces": screen.armed_forces or None,
        "time_zone": None if screen.time_zone == DEFAULT_TIME_ZONE else screen.time_zone,
        "look": screen.look,
        "layout": layout,
    }
    return written(told(known, screen.extra))


def file_schema() -> dict[str, object]:
    """Describe a screen file as JSON Schema (2020-12)."""
    schema = ScreenFields.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "Screen file, version 1"}


def _value(fields: ScreenFields) -> Screen:
    return Screen(
        id=fields.id,
        gate=fields.gate,
        cluster=fields.cluster,
        tags=tuple(fields.tags),
        title=fields.title or "",
        canvas=picture_size(fields.canvas),
        rotation=fields.rotation,
        languages=tuple(fields.languages),
        shares=MappingProxyType(dict(fields.shares)),
        hours=tuple(
            OpeningHours(span.begins, span.ends, frozenset(span.weekdays), unknown(span)) for span in fields.hours
        ),
        volume=tuple(VolumeStep(step.begins, step.percent, unknown(step)) for step in fields.volume),
        outdoor=fields.outdoor,
        armed_forces=fields.armed_forces,
        time_zone=fields.time_zone,
        layout=_layout_value(fields.layout),
        look=fields.look,
        extra=unknown(fields),
    )


def _layout_value(fields: LayoutFields) -> Layout:
    zones = (Zone(ZoneKind(one.kind), one.x, one.y, one.width, one.height, unknown(one)) for one in fields.zones)
    return Layout(tuple(zones), fields.logo, MappingProxyType(dict(fields.colours)), unknown(fields))


def _layout(layout: Layout) -> dict[str, object]:
    known = {
        "zones": [_zone(zone) for zone in layout.zones],
        "logo": layout.logo,
        "colours": in_order(layout.colours),
    }
    return told(known, layout.extra)


def _zone(zone: Zone) -> dict[str, object]:
    known = {
        "kind": zone.kind.value,
        "x": number(zone.x),
        "y": number(zone.y),
        "width": number(zone.width),
        "height": number(zone.height),
    }
    return told(known, zone.extra)


def _hours(span: OpeningHours) -> dict[str, object]:
    known = {
        "begins": clock_time(span.begins),
        "ends": clock_time(span.ends),
        "weekdays": sorted(span.weekdays),
    }
    return told(known, span.extra)
