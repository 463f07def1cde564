"""The pure parts of the benchmark of living alone."""

from datetime import UTC, datetime
from pathlib import Path

from playlists.schedule import Precedence
from tests.bench.blockcode import Mark
from tests.bench.living import Vanishing, is_band, news, renamed, urgent_slot
from tests.bench.living_report import Row, section, spread

BAND = bytes((0x0A, 0x31, 0xB4, 0xFF))


def test_the_band_is_seen_only_where_all_of_it_is_there() -> None:
    assert is_band(BAND * 24)
    assert is_band(bytes((0x0E, 0x2C, 0xBA, 0)) * 24), "what a codec does to it"
    assert not is_band(BAND * 23 + bytes((0, 0, 0, 0xFF)))
    assert not is_band(bytes((0xB4, 0x31, 0x0A, 0xFF)) * 24)


def test_a_spread_is_median_and_maximum() -> None:
    assert spread([1.0, 3.04, 250.4]) == "3.0 / 250 ms"
    assert spread([7.0, 8.0], "MB") == "7.5 / 8.0 MB"
    assert spread([]) == "nothing"


def test_a_section_says_what_did_not_hold() -> None:
    rows = [Row("a", "0", "1", "-", held=False), Row("b", "", "2", "3", held=None), Row("c", "0", "0", "-", held=True)]
    text = section("2026-11-24", "a machine", 5.6, rows)
    assert text.startswith("## 2026-11-24\n\na machine. 6 minutes. ")
    assert text.endswith("| a | 0 | 1 | - | **no** |\n| b |  | 2 | 3 | - |\n| c | 0 | 0 | - | yes |\n\n")


def test_an_urgent_bulletin_is_in_force_and_of_text() -> None:
    slot = urgent_slot("lu", 800)
    assert slot.precedence is Precedence.URGENT
    assert slot.item.bulletin is not None
    assert slot.item.bulletin.urgency is not None
    assert slot.item.bulletin.urgency.issued <= datetime.now(UTC) < slot.item.bulletin.urgency.expires
    assert [text.language for text in slot.item.bulletin.texts] == ["vi", "lo"]


def test_bulletins_take_turns_with_their_languages() -> None:
    assert [slot.item.languages for slot in news(6)] == [
        ("vi",), ("vi", "lo"), ("vi", "km"), ("vi", "en"), ("vi", "lo", "en"), ("vi",),
    ]  # fmt: skip


def test_a_file_is_written_whole(tmp_path: Path) -> None:
    renamed(tmp_path / "a", b"abc")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a", b"abc")]


def test_a_clip_is_gone_since_it_was_not_seen_without_a_break() -> None:
    seen = iter([Mark(1, 7), None, Mark(1, 8), None, None, Mark(2, 0)])
    moments = iter([10.0, 20.0, 30.0, 40.0])
    vanishing = Vanishing(1, lambda: next(seen), lambda: next(moments))
    assert [vanishing() for _ in range(6)] == [False, False, False, False, False, True]
    assert vanishing.gone == 20.0
