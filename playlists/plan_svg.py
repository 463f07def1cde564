"""Rotas as a picture an officer understands: a row an hour, coloured by language, with a legend."""

from collections.abc import Iterator, Sequence
from datetime import UTC, timedelta
from itertools import accumulate
from typing import Final
from xml.sax.saxutils import escape

from playlists.concession_sentences import NOTES, gathered, sentence_vi, title_of
from playlists.languages import name_vi
from playlists.loop_units import languages_present
from playlists.plan_figures import clock_text, shares_of, spoken_in
from playlists.playlist import Playlist
from playlists.rota import Rota, Turn
from playlists.screen import Screen

_WIDTH: Final = 1600
_LEFT: Final = 90
_HOUR_WIDTH: Final = 1260
_ROW: Final = 40
_BAR: Final = 30
_TOP: Final = 132
_HOUR_MS: Final = 3_600_000
_LETTER: Final = 6.6
_LEAST_LETTERS: Final = 4
_MINUTES: Final = 10
_TOLD: Final = 12
"""How many concessions are written out below the rows."""
_OPENING: Final = """\
<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" \
font-family="Noto Sans, sans-serif">
<defs><pattern id="closed" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">\
<rect width="8" height="8" fill="#f0f0f0"/><rect width="3" height="8" fill="#dcdcdc"/></pattern></defs>
<rect width="{width}" height="{height}" fill="#ffffff"/>"""
# Told apart by lightness as well as by hue, for eyes that do not see all of them.
_COLOURS: Final = {"vi": "#c8372d", "lo": "#2459a8", "km": "#e6b422", "en": "#5f9e5a"}
_MINORITY: Final = "#8a5aa6"
_FOREIGN: Final = "#6b7d8c"
_SILENT: Final = "#c9c9c9"
_MINORITY_TAGS: Final = ("bdq", "ren", "sed", "jeh", "stg", "jra", "brb", "rmx")


def svg_text(playlist: Playlist, screen: Screen, rotas: Sequence[Rota]) -> str:
    """Draw the plan."""
    told = _told(playlist, rotas)
    height = _TOP + len(rotas) * _ROW + 24 + 20 * len(told) + 16
    parts = [
        _OPENING.format(width=_WIDTH, height=height),
        *_head(playlist, screen, rotas),
        *_scale(len(rotas)),
    ]
    for number, rota in enumerate(rotas):
        parts += _row(screen, rota, _TOP + number * _ROW)
        if number:
            parts += _rest(rotas[number - 1], rota, _TOP + number * _ROW)
    for number, line in enumerate(told):
        parts.append(_text(_LEFT, _TOP + len(rotas) * _ROW + 30 + 20 * number, line, fill="#8a4b00"))
    return "\n".join([*parts, "</svg>"]) + "\n"


def _head(playlist: Playlist, screen: Screen, rotas: Sequence[Rota]) -> Iterator[str]:
    days = list(dict.fromkeys(f"{rota.hour:%d/%m/%Y}" for rota in rotas))
    yield _text(20, 36, f"Kế hoạch phát: {playlist.title}", size=22, weight="bold")
    where = (
        f"Màn hình {screen.title or screen.id} · {' đến '.join((days[0], days[-1])[: len(days)])} · {screen.time_zone}"
    )
    yield _text(20, 60, where, size=14, fill="#555555")
    at = 20.0
    for colour, label in _legend(rotas):
        yield f'<rect x="{at:.1f}" y="74" width="16" height="16" fill="{colour}" stroke="#00000033"/>'
        yield _text(at + 22, 87, label)
        at += 22 + len(label) * 7.4 + 20


def _legend(rotas: Sequence[Rota]) -> Iterator[tuple[str, str]]:
    present = dict.fromkeys(tag for rota in rotas for turn in rota.turns for tag in _languages(turn))
    order = sorted(present, key=lambda tag: (list(_COLOURS).index(tag) if tag in _COLOURS else len(_COLOURS), tag))
    by_colour: dict[str, list[str]] = {}
    for tag in order:
        by_colour.setdefault(_colour(tag), []).append(name_vi(tag) if tag else "không lời, không chữ")
    for colour, names in by_colour.items():
        yield colour, ", ".join(names)
    if any(rota.closings for rota in rotas):
        yield "url(#closed)", "ngoài giờ mở cửa"


def _scale(rows: int) -> Iterator[str]:
    yield _text(20, _TOP - 10, "Giờ", fill="#555555")
    for minute in range(0, 60 + _MINUTES, _MINUTES):
        x = _LEFT + _HOUR_WIDTH * minute / 60
        yield f'<line x1="{x:.1f}" y1="{_TOP - 6}" x2="{x:.1f}" y2="{_TOP + rows * _ROW}" stroke="#dddddd"/>'
        yield _text(x, _TOP - 10, f":{minute:02}", fill="#555555", anchor="middle")
    yield _text(_LEFT + _HOUR_WIDTH + 24, _TOP - 10, "Tỷ lệ ngôn ngữ (cần)", fill="#555555")


def _row(screen: Screen, rota: Rota, top: float) -> Iterator[str]:
    yield _text(20, top + 21, f"{rota.hour:%H:%M}", size=15, weight="bold")
    for closing in rota.closings:
        yield (
            f'<rect x="{_x(closing.offset):.1f}" y="{top:.1f}" width="{_wide(closing.length):.1f}" height="{_BAR}" '
            'fill="url(#closed)"/>'
        )
    for turn in rota.turns:
        yield from _turn(rota, turn, turn.offset, top)
    yield _text(_LEFT + _HOUR_WIDTH + 24, top + 20, _shares(screen, rota), fill="#333333", size=12)
    if any(concession.rule not in NOTES for concession in rota.concessions):
        yield _text(_LEFT - 18, top + 21, "!", size=16, weight="bold", fill="#d06a00")


def _rest(before: Rota, rota: Rota, top: float) -> Iterator[str]:
    """Draw what runs over from the hour before."""
    passed = (rota.hour.astimezone(UTC) - before.hour.astimezone(UTC)) // timedelta(milliseconds=1)
    for turn in before.turns:
        if turn.offset + turn.length > passed:
            yield from _turn(before, turn, turn.offset - passed, top)


def _turn(rota: Rota, turn: Turn, offset: int, top: float) -> Iterator[str]:
    """Draw a turn of a rota in a row in which it begins at ``offset``; what lies outside the row is left out."""
    item = turn.slot.item
    languages = _languages(turn)
    begins = min(max(offset, 0), _HOUR_MS)
    wide = _wide(min(offset + turn.length, _HOUR_MS) - begins)
    heights = [_BAR / len(languages)] * len(languages)
    told = f"{clock_text(rota, turn.offset)} · {turn.length / 1000:.1f} giây · {item.title} · {spoken_in(languages)}"
    yield f"<g><title>{escape(told)}</title>"
    for tag, y, height in zip(languages, accumulate(heights, initial=top), heights, strict=False):
        yield (
            f'<rect x="{_x(begins):.1f}" y="{y:.1f}" width="{wide:.1f}" height="{height:.1f}" '
            f'fill="{_colour(tag)}" stroke="#ffffff" stroke-width="0.6"/>'
        )
    letters = int(wide / _LETTER) - 1
    if letters >= _LEAST_LETTERS:
        label = item.title if len(item.title) <= letters else f"{item.title[: letters - 1].rstrip()}…"
        yield (
            f'<text x="{_x(begins) + wide / 2:.1f}" y="{top + 19:.1f}" font-size="11" fill="#ffffff" '
            'text-anchor="middle" paint-order="stroke" stroke="#00000099" stroke-width="2.4">'
            f"{escape(label)}</text>"
        )
    yield "</g>"


def _shares(screen: Screen, rota: Rota) -> str:
    shares = [share for share in shares_of(screen, rota) if share[2] is not None] or shares_of(screen, rota)[:2]
    return " · ".join(
        f"{name_vi(tag).removeprefix('Tiếng ')} {got:.0f} %" + (f" ({wanted:g} %)" if wanted is not None else "")
        for tag, got, wanted in shares
    ).replace(".", ",")


def _told(playlist: Playlist, rotas: Sequence[Rota]) -> list[str]:
    lines: list[str] = []
    for worst, hours in gathered(rotas).items():
        mark = "·" if worst.rule in NOTES else "!"
        lines.append(f"{mark} {sentence_vi(worst, title_of(playlist, worst))} ({_span(hours)})")
    more = len(lines) - _TOLD
    return [*lines[:_TOLD], f"… và {more} lưu ý nữa"] if more > 0 else lines


def _span(rotas: Sequence[Rota]) -> str:
    """Name the hours something happens in: one, or how many from when on."""
    first = f"{rotas[0].hour:%H:%M}"
    return f"lúc {first}" if len(rotas) == 1 else f"{len(rotas)} giờ, từ {first}"


def _languages(turn: Turn) -> tuple[str, ...]:
    return languages_present(turn.slot.item) or ("",)


def _colour(tag: str) -> str:
    primary = tag.partition("-")[0]
    if primary in _MINORITY_TAGS:
        return _MINORITY
    return _COLOURS.get(primary, _FOREIGN if tag else _SILENT)


def _x(offset: float) -> float:
    return _LEFT + _wide(offset)


def _wide(length: float) -> float:
    return _HOUR_WIDTH * length / _HOUR_MS


def _text(  # noqa: PLR0913 - what SVG lets one say of a text
    x: float,
    y: float,
    text: str,
    *,
    size: int = 13,
    weight: str = "normal",
    fill: str = "#111111",
    anchor: str = "start",
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" font-weight="{weight}" fill="{fill}" '
        f'text-anchor="{anchor}">{escape(text)}</text>'
    )
