"""Rotas as a table for the terminal, in Vietnamese."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from playlists.concession_sentences import sentence_vi, title_of
from playlists.languages import name_vi
from playlists.loop_units import languages_present
from playlists.plan_figures import clock_text, shares_of, spoken_in
from playlists.playlist import Playlist
from playlists.rota import Rota
from playlists.screen import Screen

_HEADS: Final = ("Bắt đầu", "Giây", "Ngôn ngữ", "Mục")
_NARROW: Final = 3


def table_text(playlist: Playlist, screen: Screen, rotas: Sequence[Rota]) -> str:
    """Write the plan, with a line feed at the end."""
    name = screen.title or screen.id
    lines = [f"Kế hoạch phát: {playlist.title}, màn hình {name} ({screen.time_zone})"]
    for rota in rotas:
        lines += ["", *_hour(playlist, screen, rota)]
    return "\n".join(lines) + "\n"


def _hour(playlist: Playlist, screen: Screen, rota: Rota) -> Iterator[str]:
    yield f"{rota.hour:%H:%M} ngày {rota.hour:%d/%m/%Y}: {len(rota.turns)} lượt"
    rows = [*_turns(rota), *_closings(rota)]
    yield from _aligned([_HEADS, *(row for _, row in sorted(rows))])
    shares = ", ".join(
        f"{name_vi(tag)} {_percent(got)}" + (f" (cần {_percent(wanted)})" if wanted is not None else "")
        for tag, got, wanted in shares_of(screen, rota)
    )
    if shares:
        yield f"  Ngôn ngữ: {shares}"
    for concession in rota.concessions:
        yield f"  Lưu ý: {sentence_vi(concession, title_of(playlist, concession))}"


def _turns(rota: Rota) -> Iterator[tuple[int, tuple[str, ...]]]:
    for turn in rota.turns:
        item = turn.slot.item
        seconds = f"{turn.length / 1000:.1f}".replace(".", ",")
        yield turn.offset, (clock_text(rota, turn.offset), seconds, spoken_in(languages_present(item)), item.title)


def _closings(rota: Rota) -> Iterator[tuple[int, tuple[str, ...]]]:
    for closing in rota.closings:
        seconds = f"{closing.length / 1000:.1f}".replace(".", ",")
        yield closing.offset, (clock_text(rota, closing.offset), seconds, "", "(ngoài giờ mở cửa, tắt màn hình)")


def _aligned(rows: Sequence[tuple[str, ...]]) -> Iterable[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(_NARROW)]
    for row in rows:
        start, seconds, languages = (
            cell.rjust(width) if column == 1 else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=False))
        )
        yield f"  {start}  {seconds}  {languages}  {row[_NARROW]}".rstrip()


def _percent(value: float) -> str:
    return f"{value:.1f} %".replace(".", ",")
