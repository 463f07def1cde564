"""Zones on a real X screen, judged by their pixels: no gaps, no flicker, an even ticker, a clock that knows minutes."""

import json
import mmap
import sys
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from player.fitting import Size
from player.ticker import pace_of
from player.zoning import Box, floorplan, turned
from playlists.screen import ZoneKind
from tests.bench.xscreen import Screen, Strip
from tests.support.acting import Acting, Looked, acting
from tests.support.cards import make_card_still, make_plain_clip
from tests.support.dressed_player import layout_of
from tests.support.player_process import Stage
from tests.support.screen import Colour, Screenshot, near
from tests.support.xserver import XServer

GROUND: Colour = (0x10, 0x2A, 0x4E)
RED, BLUE = (255, 0, 0), (0, 0, 255)
TICKER = [["vi", "Cửa khẩu quốc tế Bờ Y mở cửa từ 7 giờ đến 19 giờ hằng ngày"], ["lo", "ຍິນດີຕ້ອນຮັບ"]]
ZONES = [["main", 0, 0, 75, 85], ["ticker", 0, 90, 100, 10], ["clock", 75, 0, 25, 30], ["clock", 5, 5, 20, 12]]
"""A ticker below, a clock beside and one over the picture, and ground between."""
DRESS: dict[str, Any] = {"zones": ZONES, "ticker": TICKER, "local": "2026-11-24T13:59:57"}


def boxes(kind: ZoneKind, rotate: int = 0) -> list[Box]:
    """The visible parts of the zones of a kind, in pixels of the window."""
    canvas = Size(640, 360).turned(rotate)
    plan = floorplan(layout_of(DRESS), canvas)
    return [turned(box, canvas, rotate) for zone in plan.zones if zone.kind is kind for box in zone.visible]


def colours_in(shot: Screenshot, box: Box) -> set[Colour]:
    crop = shot.crop((box.x, box.y, box.right, box.bottom))
    return {(red, green, blue) for blue, green, red in zip(crop[::3], crop[1::3], crop[2::3], strict=True)}


def filled(shot: Screenshot, colour: Colour, rotate: int = 0) -> bool:
    return all(colours_in(shot, box) == {colour} for box in boxes(ZoneKind.MAIN, rotate))


@pytest.fixture
def actor(screen: XServer, tmp_path: Path) -> Iterator[Acting]:
    with acting(screen, tmp_path, DRESS) as stage:
        yield stage


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_every_pixel_is_painted_by_its_own_zone_and_none_is_black(screen: XServer, tmp_path: Path, rotate: int) -> None:
    with acting(screen, tmp_path, DRESS | {"rotate": rotate}) as stage:
        for name, colour in (("#ff0000", RED), ("#0000ff", BLUE)):
            stage.tell(picture=name)
            shot = stage.settled(lambda shot, colour=colour: filled(shot, colour, rotate))  # type: ignore[misc]
            for kind in (ZoneKind.CLOCK, ZoneKind.TICKER):
                for box in boxes(kind, rotate):
                    found = colours_in(shot, box)
                    assert GROUND in found
                    assert not {RED, BLUE} & found
            assert (0, 0, 0) not in colours_in(shot, Box(0, 0, 640, 360))


def test_the_clock_is_painted_anew_at_the_minute_and_not_before(actor: Acting) -> None:
    beside = boxes(ZoneKind.CLOCK)[0]
    looks: list[bytes] = []
    actor.settled(lambda shot: (255, 255, 255) in colours_in(shot, beside))
    until = time.monotonic() + 30
    while len(looks) < 2 and time.monotonic() < until:
        crop = actor.screen.look().crop((beside.x, beside.y, beside.right, beside.bottom))
        if actor.screen.look().crop((beside.x, beside.y, beside.right, beside.bottom)) == crop and looks[-1:] != [crop]:
            looks.append(crop)
        time.sleep(0.1)
    assert len(looks) == 2, "14:00 never came"
    time.sleep(1.5)
    assert actor.screen.look().crop((beside.x, beside.y, beside.right, beside.bottom)) == looks[1]


def test_a_clock_nobody_trusts_shows_no_time(screen: XServer, tmp_path: Path) -> None:
    beside = boxes(ZoneKind.CLOCK)[0]
    crops = []
    for local in ({}, {"local": "2026-11-24T13:59:00"}):
        dress = {key: value for key, value in DRESS.items() if key != "local"} | local
        with acting(screen, tmp_path, dress) as stage:
            shot = stage.settled(lambda shot: len(colours_in(shot, beside)) > 2)
            crops.append(shot.crop((beside.x, beside.y, beside.right, beside.bottom)))
    lit = [sum(crop[at] > 200 for at in range(0, len(crop), 3)) for crop in crops]
    assert 0 < lit[0] < lit[1] / 2, "two dashes, a colon, two dashes, and no date"


def samples_of(strip: Strip, seconds: float) -> list[tuple[float, bytes]]:
    """The strip whenever it has changed, with when it was first seen so."""
    found: list[tuple[float, bytes]] = []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        strip.look()
        row = bytes(strip.pixels[1::4])
        if not found or found[-1][1] != row:
            found.append((time.monotonic(), row))
        time.sleep(0.002)
    return found


def shift_between(before: bytes, after: bytes, most: int) -> int | None:
    """By how many pixels a row has moved to the left."""
    for shift in range(most + 1):
        if before[shift:] == after[: len(after) - shift]:
            return shift
    return None


def test_the_ticker_moves_evenly_by_the_clock_and_pauses_when_it_is_told(actor: Acting) -> None:
    (box,) = boxes(ZoneKind.TICKER)
    actor.tell(film=["#ff0000", "#0000ff"])
    actor.settled(lambda shot: len(colours_in(shot, Box(box.x, box.y, 300, box.height))) > 2)
    with Screen(actor.screen.display) as eye:
        # A sweep over the middle of the letters: every row of theirs tells the movement.
        strip = eye.strip(box.x, box.y + box.height // 2, box.width, 1)
        seen = samples_of(strip, 3.0)
        shifts = [shift_between(seen[0][1], row, 600) for _at, row in seen]
        assert None not in shifts, "what is seen later is what was seen before, moved"
        moved = [shift for shift in shifts if shift is not None]
        assert moved == sorted(moved)
        step = min(after - before for before, after in pairwise(moved))
        assert all(shift % step == 0 for shift in moved), "every step is as long as the others"
        speed = pace_of(step * 60.0, 60.0).speed
        late = [speed * (at - seen[0][0]) - shift for (at, _row), shift in zip(seen, moved, strict=True)]
        # Never ahead of the clock by more than a step; a busy machine may see a step late, never lose one.
        assert min(late) >= -2 * step
        assert sorted(late)[len(late) // 2] <= 3 * step
        actor.say("pause")
        time.sleep(0.1)
        assert len(samples_of(strip, 0.5)) == 1
        actor.say("resume")
        assert len(samples_of(strip, 0.5)) > 3


def pixel_seen(screen: Looked, x: int, y: int, seconds: float) -> Iterator[Colour]:
    """What a pixel is, in the memory the server paints in: as often as can be looked, for even a moment is too long."""
    assert isinstance(screen, XServer)
    shot = screen.look()
    begin = screen.framebuffer.stat().st_size - shot.stride * shot.height + y * shot.stride + 4 * x
    with screen.framebuffer.open("rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as memory:
        until, last = time.monotonic() + seconds, b""
        while time.monotonic() < until:
            for _ in range(200):
                now = memory[begin : begin + 3]
                if now != last:
                    last = now
                    yield now[2], now[1], now[0]


def test_no_picture_is_ever_seen_bare_where_a_caption_stands(actor: Acting) -> None:
    through_red, through_blue = (65, 0, 0), (0, 0, 65)
    actor.tell(picture="#ff0000")
    actor.tell(captions=[["vi", "Chào mừng quý khách"]])
    shot = actor.settled(lambda shot: through_red in colours_in(shot, Box(240, 200, 1, 106)))
    top = next(y for y in range(200, 306) if shot.pixel(240, y) == through_red)
    assert shot.pixel(300, top + 1) == through_red, "the rim of the box, above its letters"
    actor.tell(film=["#ff0000", "#0000ff"])
    seen = set(pixel_seen(actor.screen, 240, top + 1, 3.0))
    assert seen == {through_red, through_blue}
    actor.tell(captions=[])
    actor.tell(picture="#0000ff")
    actor.settled(lambda shot: filled(shot, BLUE))


def test_the_player_shows_its_items_in_the_main_zone_with_a_ticker_and_a_logo(
    players: Stage, screen: XServer, tmp_path: Path
) -> None:
    content = tmp_path / "content"
    content.mkdir()
    make_plain_clip(content / "red.mp4", (200, 30, 30), frames=100)
    logo = make_card_still(tmp_path / "logo.png", (64, 64))
    dress = tmp_path / "dress.json"
    zones = [["main", 0, 0, 75, 90], ["ticker", 0, 90, 100, 10], ["logo", 75, 0, 25, 45]]
    dress.write_text(json.dumps({"zones": zones, "ticker": TICKER, "logo": str(logo)}), encoding="utf-8")
    log = tmp_path / "log.sqlite"
    run = players.run_program(
        [sys.executable, "-m", "tests.support.dressed_player", str(dress), str(content), str(log)], log
    )
    # 160:90 in 480 x 324; the logo as a square in the middle of its zone; letters in the ticker.
    run.wait_until(lambda: near(screen.look().pixel(240, 100), (200, 30, 30)))
    run.wait_until(lambda: near(screen.look().pixel(489, 10), (255, 0, 0), 80))
    run.wait_until(lambda: len(colours_in(screen.look(), Box(300, 330, 340, 24))) > 10)
    shot = screen.look()
    assert shot.pixel(560, 250) == GROUND
    assert shot.pixel(240, 10) == (0, 0, 0), "a bar above a wide picture"
    assert run.stop() == 0
    assert [play.item for play in run.log.shown][:1] == ["red.mp4"]
