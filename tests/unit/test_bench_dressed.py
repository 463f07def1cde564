"""The benchmark's dressed set: what is played, how it is called, what the table says of it."""

from pathlib import Path

from player.fitting import Size
from player.zoning import Box, floorplan
from playlists.captions import parse_captions
from tests.bench.blockcode import HEIGHT_OF_HEIGHT, WIDTH_OF_HEIGHT
from tests.bench.clips import BARE, DRESSED, HD_READY
from tests.bench.cuts import Inside
from tests.bench.plan import DRESSED_CUTS, QUICK
from tests.bench.players import Call, Player
from tests.bench.report import Results, markdown
from tests.bench.summary import Showing
from tests.support.dressed_player import layout_of


def test_the_dressed_picture_keeps_its_pixels_and_its_code_is_covered_by_nothing() -> None:
    assert DRESSED.dress is not None
    plan = floorplan(layout_of({"zones": DRESSED.dress.zones}), Size(*DRESSED.screen))
    assert plan.main.box == Box(0, 0, *BARE.screen) == Box(0, 0, *DRESSED.filled)
    assert plan.ground == ()
    width, height = DRESSED.filled
    long, tall = round(WIDTH_OF_HEIGHT * height), round(HEIGHT_OF_HEIGHT * height)
    code = Box((width - long) // 2, (height - tall) // 2, long, tall)
    assert all(zone.box.common(code).empty for zone in plan.beside)
    assert [clip.name for clip in DRESSED.clips] == [clip.name for clip in BARE.clips]


def test_its_captions_stand_nearly_all_the_time_on_two_lines() -> None:
    assert DRESSED.dress is not None
    track = parse_captions(DRESSED.dress.captions.encode(), "clip.vi.srt", "vi")
    assert track.findings == ()
    texts = [caption.text for at in range(100, 3900, 100) for caption in track.at(at)]
    assert len(texts) >= 36
    assert all(text.count("\n") == 1 for text in texts)


def test_dressed_alone_means_bare_too_and_only_ours() -> None:
    assert (QUICK.only([DRESSED.name]).cuts, QUICK.only([DRESSED.name]).dressed) == ({}, DRESSED_CUTS)
    assert (set(QUICK.only([HD_READY.name]).cuts), QUICK.only([HD_READY.name]).dressed) == ({HD_READY.name}, 0)
    assert QUICK.only([DRESSED.name]).seconds(3) == QUICK.only([DRESSED.name]).seconds(1)


def test_a_dressed_performance_is_called_by_its_dress() -> None:
    ours = Player("ours", Path("/v/bin/signage-player"))
    call = Call((), Path("/clips"), 0, Path("/home"), sound=False, dress=Path("/d.json"))
    assert ours.command(call)[:4] == ["/v/bin/python", "-m", "tests.support.dressed_player", "/d.json"]
    bare = Call((), Path("/clips"), 0, Path("/home"), sound=False)
    assert ours.command(bare)[0] == "/v/bin/signage-player"


def test_the_table_holds_dressed_against_bare_of_the_same_run() -> None:
    def results(dressed: float) -> Results:
        showings = [
            Showing("ours", name, inside=[Inside(100, 0, 0, 0)], processor=processor, watched=20.0)
            for name, processor in ((BARE.name, 0.1), (DRESSED.name, dressed))
        ]
        return Results("today", "here", "abc", {BARE.name: "", DRESSED.name: ""}, showings)

    assert "0.120 (1.20 x bare)" in line_of(results(0.12))
    assert line_of(results(0.12)).endswith("| yes |")
    assert "<= 1.3 x bare" in line_of(results(0.14))
    assert line_of(results(0.14)).endswith("| **no** |")


def line_of(results: Results) -> str:
    """The last line of the tables that is about processor time."""
    line = [line for line in markdown(results).splitlines() if line.startswith("| processor seconds")][-1]
    return " ".join(line.split())
