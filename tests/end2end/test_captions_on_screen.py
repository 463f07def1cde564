"""Captions beside clips: drawn where they are asked for, and not a pixel of them where they are not."""

from pathlib import Path

import pytest

from tests.support.cards import make_card_clip
from tests.support.player_process import PlayerRun, Stage
from tests.support.screen import Box, Screenshot
from tests.support.xserver import XServer

LINES: Box = (0, 240, 640, 360)
"""The part of the screen where captions at the bottom stand."""
ABOVE: Box = (0, 0, 640, 180)
SRT = "1\n00:00:00,000 --> 00:00:30,000\n{text}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A standing clip of four seconds with captions in two languages beside it."""
    made = tmp_path / "content"
    made.mkdir()
    make_card_clip(made / "card.mp4", (640, 360), frames=100)
    (made / "card.vi.srt").write_text(SRT.format(text="Chào mừng đến Bờ Y"), encoding="utf-8")
    (made / "card.lo.srt").write_text(SRT.format(text="ຍິນດີຕ້ອນຮັບ"), encoding="utf-8")
    return made


def standing(run: PlayerRun, screen: XServer) -> Screenshot:
    """The picture once it has been the same for several looks, well into the clip."""
    looks: list[int] = []

    def steady() -> bool:
        looks.append(screen.look().fingerprint())
        return len(looks) > 8 and len(set(looks[-8:])) == 1 and run.playing("card.mp4")

    run.wait_until(steady)
    return screen.look()


def shot_with(players: Stage, screen: XServer, folder: Path, *words: str) -> tuple[Screenshot, PlayerRun]:
    run = players.start(folder, *words)
    run.wait_until(lambda: run.playing("card.mp4") and screen.look().bounds() is not None)
    shot = standing(run, screen)
    assert run.stop() == 0
    return shot, run


def languages(run: PlayerRun) -> list[str]:
    """What the log says was drawn over the first play."""
    end = run.log.plays[0].end
    assert end is not None
    return list(end["caption_languages"])


def test_captions_are_drawn_in_the_languages_asked_for_and_nothing_without(
    players: Stage, screen: XServer, folder: Path, tmp_path: Path
) -> None:
    bare = tmp_path / "bare"
    bare.mkdir()
    (bare / "card.mp4").symlink_to(folder / "card.mp4")
    nothing, _run = shot_with(players, screen, bare)
    unasked, run = shot_with(players, screen, folder)
    assert unasked.data == nothing.data
    assert languages(run) == []
    others, run = shot_with(players, screen, folder, "--captions", "km,en")
    assert others.data == nothing.data
    assert languages(run) == []
    both, run = shot_with(players, screen, folder, "--captions", "vi,lo")
    assert languages(run) == ["vi", "lo"]
    one, run = shot_with(players, screen, folder, "--captions", "lo")
    assert languages(run) == ["lo"]
    pictures = [shot.crop(LINES) for shot in (nothing, one, both)]
    assert len(set(pictures)) == 3
    assert both.crop(ABOVE) == one.crop(ABOVE) == nothing.crop(ABOVE)
    swapped, run = shot_with(players, screen, folder, "--captions", "lo,vi")
    assert sorted(languages(run)) == ["lo", "vi"]
    assert swapped.data == both.data, "Vietnamese stands above, whatever the order it was asked for in"


def test_captions_go_when_their_time_is_over_and_with_their_clip(players: Stage, screen: XServer, folder: Path) -> None:
    nothing, _run = shot_with(players, screen, folder)
    (folder / "card.vi.srt").write_text(
        "1\n00:00:00,500 --> 00:00:01,500\nBờ Y\n\n2\n00:00:02,500 --> 00:01:00,000\nHẹn gặp lại\n", encoding="utf-8"
    )
    run = players.start(folder, "--captions", "vi")
    seen: list[bytes] = []

    def all_seen() -> bool:
        crop = screen.look().crop(LINES)
        if screen.look().crop(LINES) == crop and seen[-1:] != [crop]:  # nothing painted half-way
            seen.append(crop)
        return len(run.log.items) > 1

    run.wait_until(all_seen)
    assert run.stop() == 0
    without = nothing.crop(LINES)
    begun = seen[seen.index(without) :]
    first, second = begun[1], begun[3]
    assert without != first != second != without
    # Bare, first caption, bare, second caption up to the end; and again from the beginning.
    assert begun[:5] == [without, first, without, second, without]


def test_broken_captions_are_a_fault_on_record_and_cost_no_picture(
    players: Stage, screen: XServer, folder: Path
) -> None:
    nothing, _run = shot_with(players, screen, folder)
    (folder / "card.vi.srt").write_bytes(b"\0\xff\xfe not captions at all")
    shot, run = shot_with(players, screen, folder, "--captions", "vi")
    assert shot.data == nothing.data
    faults = run.log.of("fault")
    assert [(fault["code"], fault["item"]) for fault in faults][:1] == [("captions", "card.mp4")]
