"""Zones in pixels: every pixel has one owner, whatever the layout, the canvas and the rotation."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from player.fitting import Size
from player.zoning import Box, Floorplan, floorplan, left_over, turned
from playlists.screen import Layout, Zone, ZoneKind

percents = st.floats(min_value=0, max_value=100, allow_nan=False)
zones = st.builds(Zone, st.sampled_from(ZoneKind), percents, percents, percents, percents)
layouts = st.builds(Layout, st.lists(zones, max_size=6).map(tuple))
canvases = st.builds(Size, st.integers(1, 4000), st.integers(1, 4000))
boxes = st.builds(Box, st.integers(-50, 50), st.integers(-50, 50), st.integers(0, 60), st.integers(0, 60))


def owners(plan: Floorplan) -> list[Box]:
    return [*plan.ground, *(box for zone in plan.zones for box in zone.visible)]


def points(box: Box) -> set[tuple[int, int]]:
    return {(x, y) for x in range(box.x, box.right) for y in range(box.y, box.bottom)}


@given(layouts, canvases)
def test_every_pixel_of_the_canvas_has_exactly_one_owner(layout: Layout, canvas: Size) -> None:
    plan = floorplan(layout, canvas)
    whole = Box(0, 0, canvas.width, canvas.height)
    owned = owners(plan)
    assert sum(box.size.pixels for box in owned) == canvas.pixels
    assert all(one.common(other).empty for one, other in combinations(owned, 2))
    assert all(box.common(whole) == box and not box.empty for box in owned)
    assert plan.main.visible, "there is always somewhere to show items"
    assert [zone.kind for zone in plan.zones].count(ZoneKind.MAIN) == 1


@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=7), st.integers(1, 4000), st.booleans())
def test_zones_that_meet_leave_no_gap_and_no_overlap(widths: list[float], pixels: int, upright: bool) -> None:  # noqa: FBT001 - hypothesis gives it
    total = sum(widths)
    edges = [100 * sum(widths[:count]) / total for count in range(len(widths) + 1)]
    kinds = [ZoneKind.MAIN, *([ZoneKind.TICKER] * (len(widths) - 1))]
    row = [
        Zone(kind, left, 0, right - left, 100) if upright else Zone(kind, 0, left, 100, right - left)
        for kind, left, right in zip(kinds, edges, edges[1:], strict=False)
    ]
    plan = floorplan(Layout(tuple(row)), Size(pixels, 9) if upright else Size(9, pixels))
    assert plan.ground == ()
    assert sum(zone.box.size.pixels for zone in plan.zones if zone.visible == (zone.box,)) == pixels * 9 or pixels < 99


@given(boxes, boxes)
def test_what_a_box_leaves_of_another_is_what_is_in_one_and_not_in_the_other(one: Box, other: Box) -> None:
    parts = one.without(other)
    assert set().union(*map(points, parts)) == points(one) - points(other)
    assert sum(part.size.pixels for part in parts) == len(points(one) - points(other))
    assert points(one.common(other)) == points(one) & points(other)


def test_nothing_is_left_of_what_is_wholly_covered() -> None:
    assert left_over([Box(2, 2, 4, 4)], [Box(0, 0, 4, 9), Box(4, 0, 4, 9)]) == ()
    assert left_over([Box(0, 0, 0, 4)], [Box(9, 9, 1, 1)]) == ()


@given(layouts, canvases, st.sampled_from([0, 90, 180, 270]))
def test_a_turned_window_is_covered_as_the_canvas_is(layout: Layout, canvas: Size, degrees: int) -> None:
    plan = floorplan(layout, canvas)
    window = canvas.turned(degrees)
    owned = [turned(box, canvas, degrees) for box in owners(plan)]
    assert all(box.common(Box(0, 0, window.width, window.height)) == box for box in owned)
    assert sum(box.size.pixels for box in owned) == window.pixels
    assert all(one.common(other).empty for one, other in combinations(owned, 2))


@given(boxes, st.sampled_from([0, 90, 180, 270]))
def test_turning_on_to_a_full_circle_leads_back(box: Box, degrees: int) -> None:
    canvas = Size(200, 100)
    assert turned(turned(box, canvas, degrees), canvas.turned(degrees), 360 - degrees) == box


@pytest.mark.parametrize(
    ("degrees", "corner"),
    [(0, Box(0, 0, 3, 2)), (90, Box(8, 0, 2, 3)), (180, Box(17, 8, 3, 2)), (270, Box(0, 17, 2, 3))],
)
def test_the_upper_left_corner_goes_where_a_clockwise_turn_takes_it(degrees: int, corner: Box) -> None:
    assert turned(Box(0, 0, 3, 2), Size(20, 10), degrees) == corner


def test_the_default_layout_is_one_main_zone_over_everything() -> None:
    plan = floorplan(Layout(), Size(1280, 720))
    assert plan.main.visible == (plan.main.box,) == (Box(0, 0, 1280, 720),)
    assert (plan.ground, plan.beside) == ((), ())


def test_a_later_zone_covers_an_earlier_one() -> None:
    main, clock = Zone(ZoneKind.MAIN, 0, 0, 100, 100), Zone(ZoneKind.CLOCK, 75, 0, 25, 50)
    over = floorplan(Layout((main, clock)), Size(8, 4))
    assert over.main.visible == (Box(0, 2, 8, 2), Box(0, 0, 6, 2))
    under = floorplan(Layout((clock, main)), Size(8, 4))
    assert under.main.visible == (Box(0, 0, 8, 4),)
    assert under.beside == ()


def test_a_layout_without_a_visible_main_zone_gets_one_beneath() -> None:
    ticker = Zone(ZoneKind.TICKER, 0, 90, 100, 10)
    whole = Box(0, 0, 100, 100)
    for layout in (
        Layout((ticker,)),
        Layout((Zone(ZoneKind.MAIN, 0, 0, 0, 0), ticker)),
        Layout((Zone(ZoneKind.MAIN, 0, 90, 100, 10), ticker)),
        Layout(()),
    ):
        assert floorplan(layout, Size(100, 100)).main.box == whole
    smothered = Layout((Zone(ZoneKind.MAIN, 0, 0, 50, 50), Zone(ZoneKind.CLOCK, 0, 0, 100, 100)))
    assert floorplan(smothered, Size(100, 100)).zones == floorplan(Layout(), Size(100, 100)).zones
    twice = Layout((Zone(ZoneKind.MAIN, 0, 0, 50, 100), Zone(ZoneKind.MAIN, 50, 0, 50, 100)))
    plan = floorplan(twice, Size(100, 100))
    assert (plan.main.box, plan.ground) == (Box(0, 0, 50, 100), (Box(50, 0, 50, 100),))


@given(layouts, canvases)
def test_captions_have_a_part_of_the_main_zone_that_is_as_wide(layout: Layout, canvas: Size) -> None:
    plan = floorplan(layout, canvas)
    assert not plan.clear.empty
    assert plan.clear.common(plan.main.box) == plan.clear
    assert (plan.clear.x, plan.clear.width) == (plan.main.box.x, plan.main.box.width)


def test_captions_keep_clear_of_what_runs_through_the_main_zone_and_not_of_what_stands_in_a_corner() -> None:
    main = Zone(ZoneKind.MAIN, 0, 0, 100, 100)
    ticker, head = Zone(ZoneKind.TICKER, 0, 90, 100, 10), Zone(ZoneKind.CLOCK, 10, 0, 80, 5)
    corner = Zone(ZoneKind.LOGO, 80, 80, 20, 20)
    canvas = Size(1000, 100)
    assert floorplan(Layout((main, ticker, head, corner)), canvas).clear == Box(0, 5, 1000, 85)
    assert floorplan(Layout((ticker, main)), canvas).clear == Box(0, 0, 1000, 100)
    assert floorplan(Layout((main, Zone(ZoneKind.TICKER, 0, 0, 100, 100))), canvas).clear == Box(0, 0, 1000, 100)


@given(layouts, canvases, st.floats(0.01, 1))
def test_a_strip_lies_in_the_main_zone_and_over_no_other(layout: Layout, canvas: Size, share: float) -> None:
    plan = floorplan(layout, canvas)
    strip = plan.strip(round(plan.main.box.height * share))
    if strip is None:
        return
    shown = [strip.common(box) for box in plan.main.visible]
    assert sum(box.size.pixels for box in shown if not box.empty) == strip.size.pixels > 0
    beneath = plan.beneath(strip)
    owned = [*owners(beneath), strip]
    assert sum(box.size.pixels for box in owned) == canvas.pixels
    assert all(one.common(other).empty for one, other in combinations(owned, 2))
    assert (beneath.main.box, beneath.clear, beneath.beside) == (plan.main.box, plan.clear, plan.beside)


MAIN = Zone(ZoneKind.MAIN, 0, 0, 100, 100)


@pytest.mark.parametrize(
    ("others", "strip"),
    [
        ((), Box(0, 90, 100, 10)),
        ((Zone(ZoneKind.TICKER, 0, 92, 100, 8),), Box(0, 82, 100, 10)),
        ((Zone(ZoneKind.LOGO, 0, 70, 20, 25),), Box(20, 90, 80, 10)),
        ((Zone(ZoneKind.LOGO, 30, 70, 25, 30),), Box(0, 0, 100, 10)),
        ((Zone(ZoneKind.LOGO, 30, 70, 25, 30), Zone(ZoneKind.CLOCK, 40, 0, 20, 20)), Box(55, 90, 45, 10)),
        (tuple(Zone(ZoneKind.LOGO, left, 0, 30, 95) for left in (0, 35, 70)), None),
    ],
    ids=["alone", "above a ticker", "beside a logo", "at the top", "in the widest gap", "nowhere"],
)
def test_where_a_strip_goes(others: tuple[Zone, ...], strip: Box | None) -> None:
    plan = floorplan(Layout((MAIN, *others)), Size(100, 100))
    if strip is None:
        assert plan.strip(96) is None or plan.strip(96) == Box(0, 4, 100, 96)
        return
    assert plan.strip(10) == strip


def test_there_is_no_strip_of_no_height_or_more_than_there_is() -> None:
    plan = floorplan(Layout(), Size(100, 100))
    assert (plan.strip(0), plan.strip(101)) == (None, None)
