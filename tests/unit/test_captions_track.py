"""Asking a track what stands when, and which files belong to a clip."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playlists.captions import Caption, CaptionTrack, caption_files_beside
from playlists.playlist import CaptionFile
from playlists.timing import DurationMs

SPANS = st.lists(st.tuples(st.integers(min_value=0, max_value=50), st.integers(min_value=1, max_value=20)), max_size=12)


def track(spans: list[tuple[int, int]]) -> CaptionTrack:
    captions = [Caption(DurationMs(start), DurationMs(start + length), "x") for start, length in spans]
    return CaptionTrack("vi", "a.srt", tuple(captions))


@given(SPANS)
def test_at_is_what_looking_through_all_finds(spans: list[tuple[int, int]]) -> None:
    made = track(spans)
    for moment in range(-1, 75):
        assert made.at(moment) == tuple(c for c in made.captions if c.start <= moment < c.end)


@given(SPANS)
def test_nothing_changes_before_the_next_change(spans: list[tuple[int, int]]) -> None:
    made = track(spans)
    for moment in range(-1, 75):
        change = made.next_change(moment)
        until = 80 if change is None else change
        assert change is None or change > moment
        assert all(made.at(later) == made.at(moment) for later in range(moment, until))


def test_the_next_change_of_an_empty_track_never_comes() -> None:
    assert track([]).next_change(0) is None
    assert track([(5, 1)]).next_change(0) == 5
    assert track([(5, 1)]).next_change(5) == 6
    assert track([(5, 1)]).next_change(6) is None


def test_tracks_are_equal_by_their_captions() -> None:
    assert track([(5, 1), (1, 2)]) == track([(1, 2), (5, 1)])
    assert track([(5, 1)]) != track([(5, 2)])


NAMES = [
    "gioi-thieu.mp4",
    "gioi-thieu.vi.srt",
    "gioi-thieu.VI.vtt",
    "gioi-thieu.lo.VTT",
    "gioi-thieu.jra-latn.ass",
    "gioi-thieu.km.txt",
    "gioi-thieu.srt",
    "gioi-thieu.eng.srt",
    "gioi-thieu.bannhap.srt",
    "gioi-thieu-2.km.srt",
    "khac.en.srt",
]


@pytest.mark.parametrize(
    ("languages", "expected"),
    [
        (["vi", "lo"], [("vi", "gioi-thieu.vi.srt"), ("lo", "gioi-thieu.lo.VTT")]),
        (["LO", "vi"], [("lo", "gioi-thieu.lo.VTT"), ("vi", "gioi-thieu.vi.srt")]),
        (["jra-Latn"], [("jra-Latn", "gioi-thieu.jra-latn.ass")]),
        (["jra"], [("jra-Latn", "gioi-thieu.jra-latn.ass")]),
        (["jra-Khmr"], []),
        (["jra", "jra-Latn"], [("jra-Latn", "gioi-thieu.jra-latn.ass")]),
        (["lo-LA"], [("lo", "gioi-thieu.lo.VTT")]),
        (["km", "bannhap"], []),
        (["en"], [("en", "gioi-thieu.eng.srt")]),
        ([], []),
    ],
)
def test_caption_files_are_known_by_their_names(languages: list[str], expected: list[tuple[str, str]]) -> None:
    found = caption_files_beside("gioi-thieu.mp4", NAMES, languages)
    assert found == tuple(CaptionFile(language, source) for language, source in expected)


def test_the_closest_tag_wins_over_the_better_suffix() -> None:
    names = ["a.jra-Latn.srt", "a.jra.ass", "a.jra-Latn-VN-x-gl.vtt"]
    assert caption_files_beside("a.mp4", names, ["jra"]) == (CaptionFile("jra", "a.jra.ass"),)
    assert caption_files_beside("a.mp4", names[2:], ["jra-latn"])[0].language == "jra-Latn-VN-x-gl"


def test_a_name_typed_on_a_mac_matches() -> None:
    """The stem in NFD on one side and NFC on the other; the answer has the name as it is on disk."""
    assert caption_files_beside("Bờ Y.mp4", ["Bo\u031b\u0300 Y.vi.srt"], ["vi"]) == (
        CaptionFile("vi", "Bo\u031b\u0300 Y.vi.srt"),
    )
