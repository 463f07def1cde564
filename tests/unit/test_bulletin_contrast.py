"""Contrast, looks and a gate's own colours."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from player.bulletins.contrast import LEAST, channels, contrast, least_contrast, mixed, readable
from player.bulletins.looks import LOOKS, Adjustment, LookName, pairs, urgent_look, with_colours

COLOURS = st.integers(0, 0xFFFFFF).map(lambda value: f"#{value:06x}")
ALL_LOOKS = [*LOOKS.values(), *dict.fromkeys(urgent_look(look) for look in LOOKS.values())]


def test_contrast_is_what_wcag_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#777777", "#777777") == 1
    assert least_contrast("#ffffff", "#000000", "#777777") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("wrong", ["red", "#fff", "ffffff0", "#gggggg", ""])
def test_what_is_no_colour_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        channels(wrong)


def test_colours_are_mixed_by_share() -> None:
    assert mixed("#000000", "#ffffff", 0) == "#000000"
    assert mixed("#102030", "#ffffff", 1) == "#ffffff"
    assert mixed("#000000", "#ffffff", 0.5) == "#808080"


@settings(deadline=None)
@given(COLOURS, COLOURS)
def test_a_colour_is_moved_until_it_is_readable_and_not_further(colour: str, ground: str) -> None:
    """Black or white is readable on any one colour, so there is always a way."""
    taken = readable(colour, ground)
    assert contrast(taken, ground) >= LEAST
    assert taken == colour or contrast(colour, ground) < LEAST


def test_between_two_grounds_that_leave_no_way_the_better_end_is_taken() -> None:
    assert readable("#808080", "#000000", "#ffffff", "#777777") in {"#000000", "#ffffff"}


@pytest.mark.parametrize("look", ALL_LOOKS, ids=lambda look: f"{look.name}{'-urgent' * look.urgent}")
def test_every_look_is_readable(look: object) -> None:
    found = dict(pairs(look))  # type: ignore[arg-type]  # parametrised
    assert {use for use, ratio in found.items() if ratio < LEAST and use != "accent"} == set()
    assert min(found.values()) >= 3.0


def test_ceremony_is_not_the_flag() -> None:
    """The flag is #da251d and #ffff00; neither is near what we take."""
    look = LOOKS[LookName.CEREMONY]
    for colour in (look.background, look.below):
        assert channels(colour)[0] < 0x90
    assert channels(look.accent)[2] > 0x30


def test_a_gates_colours_lie_over_the_look() -> None:
    look, moved = with_colours(LOOKS[LookName.DAY], {"background": "#FFFFFF", "text": "#003300", "logo": "#ff0000"})
    assert (look.background, look.text, look.title, look.second) == ("#ffffff", "#003300", "#003300", "#003300")
    assert moved == ()
    assert with_colours(LOOKS[LookName.NIGHT], {}) == (LOOKS[LookName.NIGHT], ())


def test_an_unreadable_colour_is_moved_and_reported() -> None:
    look, moved = with_colours(LOOKS[LookName.DAY], {"text": "#ffff99"})
    assert Adjustment("text", "#ffff99", look.text) in moved
    assert least_contrast(look.text, look.background, look.below) >= LEAST


@settings(deadline=None)
@given(COLOURS, COLOURS, COLOURS, st.sampled_from(list(LookName)))
def test_any_three_colours_end_readable(background: str, text: str, accent: str, name: LookName) -> None:
    look, _ = with_colours(LOOKS[name], {"background": background, "text": text, "accent": accent})
    assert all(ratio >= LEAST - 0.3 for _, ratio in pairs(look))


def test_urgent_bulletins_look_the_same_everywhere() -> None:
    assert {urgent_look(look).band for look in LOOKS.values()} == {"#b4310a"}
    assert urgent_look(LOOKS[LookName.NIGHT]) != urgent_look(LOOKS[LookName.CEREMONY])
