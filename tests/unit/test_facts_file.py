"""Facts files: golden bytes, everything wrong at once, what was not measured stays so."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import playlists
from playlists.errors import ExitCode
from playlists.facts import NOTHING_MEASURED, Contrast, Facts, FlagPicture, Letters, Loudness, Measurements
from playlists.facts_file import FactsFileError, read_facts, schema_text, write_facts

GOLDEN = Path(__file__).parent.parent / "golden" / "facts" / "bo-y.facts.json"
TAGS = st.sampled_from(["vi", "lo", "km", "jra-Latn"])
FIGURES = st.floats(1, 20)
FACTS = st.builds(
    Facts,
    of=st.none() | st.just("a" * 64),
    measured_by=st.dictionaries(st.sampled_from(["letters", "flag"]), st.just("máy đo")),
    letters=st.none() | st.lists(st.builds(Letters, TAGS, FIGURES, st.none() | FIGURES, st.just("title"))).map(tuple),
    missing_glyphs=st.none() | st.dictionaries(TAGS, st.lists(st.sampled_from(["a", "\u031b", "😀"])).map(tuple)),
    normal_text=st.none() | st.booleans(),
    contrasts=st.none() | st.lists(st.builds(Contrast, FIGURES, st.booleans())).map(tuple),
    flash_hz=st.none() | st.floats(0, 20),
    loudness=st.none() | st.builds(Loudness, st.floats(-60, 0), st.floats(-60, 3)),
    siren=st.none() | st.floats(0, 1),
    spoken=st.none() | st.lists(TAGS).map(tuple),
    sounding=st.none() | st.booleans(),
    captions=st.none() | st.booleans(),
    flag=st.none()
    | st.builds(FlagPicture, st.none() | FIGURES, cropped=st.none() | st.booleans(), covered=st.none() | st.booleans()),
    extra=st.just({}) | st.just({"later": [1, None]}),
)
MEASUREMENTS = st.builds(
    Measurements,
    st.dictionaries(st.sampled_from(["a.mp4", "ticker/0", "bản tin"]), FACTS),
    screen=st.none() | st.just("bo-y-led"),
    extra=st.just({}) | st.just({"at": "2026-11-24"}),
)


def document(**facts: object) -> bytes:
    return json.dumps({"format_version": 1, "items": {"a": facts}}).encode()


def found(content: bytes) -> list[tuple[str, str]]:
    with pytest.raises(FactsFileError) as caught:
        read_facts(content)
    assert str(caught.value).startswith("Facts file, ")
    assert caught.value.exit_code is ExitCode.CONTENT
    assert all(one.vi and one.en for one in caught.value.findings)
    return [(one.place, one.code) for one in caught.value.findings]


def test_the_golden_file_is_read_and_written_back_byte_for_byte() -> None:
    content = GOLDEN.read_bytes()
    assert write_facts(read_facts(content)) == content


def test_the_golden_file_means_what_it_says() -> None:
    measurements = read_facts(GOLDEN.read_bytes())
    assert (measurements.screen, measurements.extra) == ("bo-y-led-1", {"measured_on": "2026-11-24"})
    bulletin, film, nothing = measurements.by_item.values()
    assert bulletin.letters == (Letters("vi", 41.5, 56, "title"), Letters("lo", 30, 40, "title", {"font": "Noto"}))
    assert bulletin.missing_glyphs == {"lo": (), "vi": ("ơ̆",)}
    assert bulletin.measured_by == {"letters": "signage-player render"}
    assert (film.loudness, film.spoken, film.sounding) == (Loudness(-20.5, -3), ("vi", "lo"), True)
    assert film.flag == FlagPicture(1.5, cropped=False, extra={"angle": 0})
    assert nothing == NOTHING_MEASURED


def test_the_published_schema_is_the_code_s_own() -> None:
    published = Path(playlists.__file__).with_name("facts-file.schema.json")
    assert published.read_text(encoding="utf-8") == schema_text()


@settings(max_examples=50)
@given(MEASUREMENTS)
def test_what_is_written_is_read_again(measurements: Measurements) -> None:
    content = write_facts(measurements)
    assert read_facts(content) == measurements
    assert write_facts(read_facts(content)) == content


def test_null_and_nothing_both_say_not_measured() -> None:
    nothing = read_facts(document())
    assert read_facts(document(letters=None, siren=None, flag=None, missing_glyphs=None)) == nothing
    assert nothing.by_item["a"] == NOTHING_MEASURED
    # Nothing found is something measured.
    assert read_facts(document(contrasts=[], spoken=[], letters=[])).by_item["a"] == Facts(
        contrasts=(), spoken=(), letters=()
    )


def test_everything_wrong_is_told_at_once() -> None:
    assert found(
        document(
            of="A",
            letters=[{"language": "x", "drawn_px": 0}, {"drawn_px": "3"}],
            missing_glyphs={"vi": [""], "VI": []},
            contrasts=[{"ratio": 22, "large": 1}],
            siren=1.5,
            sounding="yes",
            flash_hz=-1,
            loudness={"lufs": -20},
            spoken="vi",
            flag={"aspect": 0},
        )
    ) == [
        ("/items/a/of", "digest"),
        ("/items/a/letters/0/language", "language"),
        ("/items/a/letters/0/drawn_px", "not-more-than"),
        ("/items/a/letters/1/language", "missing"),
        ("/items/a/letters/1/drawn_px", "number"),
        ("/items/a/missing_glyphs", "repeated-language"),
        ("/items/a/contrasts/0/ratio", "too-great"),
        ("/items/a/contrasts/0/large", "truth"),
        ("/items/a/flash_hz", "too-small"),
        ("/items/a/loudness/peak_dbfs", "missing"),
        ("/items/a/siren", "too-great"),
        ("/items/a/spoken", "list"),
        ("/items/a/sounding", "truth"),
        ("/items/a/flag/aspect", "not-more-than"),
    ]


@pytest.mark.parametrize(
    ("content", "place", "code"),
    [
        (b"[]", "", "not-object"),
        (b"{", "", "not-json"),
        (b'{"format_version": 2}', "/format_version", "format-version"),
        (b'{"format_version": 1}', "/items", "missing"),
        (b'{"format_version": 1, "items": {"a": 3}}', "/items/a", "not-object"),
        (b'{"format_version": 1, "items": {"a": {"siren": NaN}}}', "", "not-json-value"),
        (b'{"format_version": 1, "items": {"a": {}, "a": {}}}', "", "duplicate-key"),
    ],
)
def test_what_is_no_facts_file_is_refused(content: bytes, place: str, code: str) -> None:
    assert (place, code) in found(content)
