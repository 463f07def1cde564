"""Screen files: golden files, nothing lost, and what a layout may be."""

import json
from dataclasses import replace
from datetime import time
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import playlists
from playlists.cli_schema import schema_text
from playlists.findings import ScreenFileError
from playlists.playlist import PictureSize
from playlists.screen import Layout, OpeningHours, Screen, VolumeStep, Zone, ZoneKind
from playlists.screen_file import read_screen, write_screen
from tests.support.json_values import EXTRA, changed
from tests.support.planned_playlists import CLOCK_TIMES, NAMES, SIZES, TEXTS
from tests.support.wrong_documents import screen, zones

GOLDEN = Path(__file__).parent.parent / "golden" / "screen"
LED = GOLDEN / "bo-y-led.screen.json"


def content_of(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode()


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.json")), ids=lambda path: path.name)
def test_golden_files_are_read_and_written_back_byte_for_byte(path: Path) -> None:
    assert write_screen(read_screen(path.read_bytes())) == path.read_bytes()


def test_the_led_column_means_what_it_says() -> None:
    led = read_screen(LED.read_bytes())
    assert (led.id, led.gate, led.cluster, led.title) == ("bo-y-led", "bo-y", "bo-y-cổng", "Cột LED trước cổng")
    assert (led.tags, led.canvas, led.rotation) == (
        ("led", "ngoài trời"),
        PictureSize(384, 1024, {"pitch_mm": 5}),
        90,
    )
    assert (led.languages, led.shares) == (("vi", "lo", "km", "en"), {"km": 10.0, "lo": 30.5})
    assert led.hours == (
        OpeningHours(time(5, 30), time(22), frozenset(range(1, 7)), {"season": "dry"}),
        OpeningHours(time(18), time(2), frozenset({7})),
    )
    assert led.volume == (
        VolumeStep(time(6), 70),
        VolumeStep(time(18), 40, {"why": "khu dân cư"}),
        VolumeStep(time(21), 0),
    )
    assert (led.outdoor, led.armed_forces, led.time_zone, led.look) == (True, True, "Asia/Ho_Chi_Minh", "night")
    assert [zone.kind for zone in led.layout.zones] == ["main", "clock", "logo", "ticker"]
    assert led.layout.zones[3] == Zone(ZoneKind.TICKER, 0, 87.5, 100, 12.5, {"speed": 2})
    assert (led.layout.logo, led.layout.extra) == ("biểu trưng.png", {"grid": 12})
    assert led.layout.colours == {"accent": "#c8102e", "background": "#0b1f3a", "text": "#ffffff"}
    assert led.extra == {"owner": "Bộ đội Biên phòng"}


def test_a_plain_screen_is_as_by_default() -> None:
    plain = read_screen((GOLDEN / "bo-y-1080p.screen.json").read_bytes())
    assert plain == Screen(
        "bo-y-nhà-ga-1", "bo-y", "bo-y-nhà ga", canvas=PictureSize(1920, 1080), languages=("vi", "en")
    )


def test_the_published_schema_is_that_of_the_code() -> None:
    published = Path(playlists.__file__).with_name("screen-file.schema.json")
    assert published.read_text(encoding="utf-8") == schema_text("screen")


def test_a_screen_that_is_wrong_names_its_file() -> None:
    with pytest.raises(ScreenFileError, match=r"^Screen file, /id: This field is missing"):
        read_screen(content_of({"format_version": 1}))


@pytest.mark.parametrize(
    "layout",
    [
        zones(("main", 0, 0, 100, 100), ("clock", 80, 0, 20, 10), ("ticker", 0, 90, 100, 10)),
        zones(("ticker", 0, 90, 100, 10), ("main", 0, 0, 100, 90)),
        # Thirds do not add up to the last bit.
        zones(("main", 0, 0, 33.4, 100), ("clock", 33.4, 0, 66.60000000000001, 50), ("ticker", 33.4, 50, 66.6, 50)),
        zones(("main", 0, 0, 90, 100), ("logo", 90, 0, 10, 100), logo="a.png"),
    ],
)
def test_layouts_over_and_beside_the_picture_are_taken(layout: dict[str, Any]) -> None:
    assert len(read_screen(content_of(layout)).layout.zones) > 1


@pytest.mark.parametrize(
    "hours",
    [
        [{"begins": "06:00", "ends": "12:00"}, {"begins": "12:00", "ends": "06:00"}],
        [{"begins": "00:00", "ends": "00:00"}],
        [{"begins": "20:00", "ends": "02:00", "weekdays": [7]}, {"begins": "02:00", "ends": "03:00", "weekdays": [1]}],
    ],
)
def test_hours_may_touch_and_run_past_midnight(hours: list[dict[str, Any]]) -> None:
    assert len(read_screen(content_of(screen(hours=hours))).hours) == len(hours)


def test_a_narrower_tag_of_a_language_of_the_screen_may_have_a_share() -> None:
    document = screen(languages=["vi", "jra-Latn"], shares={"jra": 10})
    assert read_screen(content_of(document)).shares == {"jra": 10}


def test_colours_have_one_form() -> None:
    document = screen(layout={"colours": {"text": "#FFFFFF", "ticker": "#0B1F3A"}})
    assert read_screen(content_of(document)).layout.colours == {"text": "#ffffff", "ticker": "#0b1f3a"}


PER_CENT = st.integers(1, 40) | st.floats(0.5, 40)


@st.composite
def layouts(draw: st.DrawFn) -> Layout:
    main = Zone(ZoneKind.MAIN, draw(PER_CENT), draw(PER_CENT), 60, 60, draw(EXTRA))
    clock = Zone(ZoneKind.CLOCK, 0, 0, draw(PER_CENT) / 2, 100, draw(EXTRA))
    logo = Zone(ZoneKind.LOGO, 20, 0, draw(PER_CENT), draw(PER_CENT), draw(EXTRA))
    with_logo = draw(st.booleans())
    return Layout(
        zones=(main, clock, logo) if with_logo else (main, clock)[: draw(st.integers(1, 2))],
        logo="biểu trưng.png" if with_logo else None,
        colours=draw(st.dictionaries(st.sampled_from(["text", "accent"]), st.just("#0b1f3a")).map(MappingProxyType)),
        extra=draw(EXTRA),
    )


@st.composite
def screens(draw: st.DrawFn) -> Screen:
    languages = draw(st.lists(st.sampled_from(["vi", "lo", "km", "en"]), unique=True, min_size=1))
    steps = sorted(draw(st.sets(CLOCK_TIMES, max_size=3)))
    hours = [OpeningHours(time(6), draw(st.sampled_from([time(5), time(6), time(22)])), frozenset({1, 5}), draw(EXTRA))]
    return Screen(
        id=draw(TEXTS),
        gate=draw(TEXTS),
        cluster=draw(TEXTS),
        tags=draw(NAMES),
        title=draw(TEXTS | st.just("")),
        canvas=draw(st.none() | SIZES),
        rotation=draw(st.sampled_from([0, 90, 180, 270])),
        languages=tuple(languages),
        shares=MappingProxyType({tag: draw(PER_CENT) for tag in languages if draw(st.booleans())}),
        hours=tuple(hours[: draw(st.integers(0, 1))]),
        volume=tuple(VolumeStep(begins, draw(st.integers(0, 100)), draw(EXTRA)) for begins in steps),
        outdoor=draw(st.booleans()),
        armed_forces=draw(st.booleans()),
        time_zone=draw(st.sampled_from(["Asia/Ho_Chi_Minh", "Asia/Vientiane", "UTC", "Etc/GMT-7"])),
        layout=draw(layouts()),
        look=draw(st.sampled_from([None, "day", "night", "ceremony"])),
        extra=draw(EXTRA),
    )


@settings(deadline=None)
@given(screens())
def test_what_is_written_is_read_back_the_same(one: Screen) -> None:
    content = write_screen(one)
    assert read_screen(content) == one
    assert write_screen(read_screen(content)) == content


@settings(deadline=None)
@given(changed(json.loads(LED.read_bytes())))
def test_a_document_with_anything_anywhere_gets_findings_or_is_read(document: dict[str, Any]) -> None:
    try:
        one = read_screen(content_of(document))
    except ScreenFileError as error:
        assert all(finding.code != "other" for finding in error.findings)  # noqa: PT017  # either answer is right
    else:
        assert read_screen(write_screen(one)) == one


def test_a_field_of_the_format_is_never_taken_from_the_unknown_ones() -> None:
    one = replace(read_screen(LED.read_bytes()), extra={"gate": "forged", "kept": 1})
    written = json.loads(write_screen(one))
    assert (written["gate"], written["kept"]) == ("bo-y", 1)
