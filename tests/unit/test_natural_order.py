"""The order people expect of file names."""

import unicodedata
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playlists.natural_order import natural_key


@pytest.mark.parametrize(
    "ordered",
    [
        ["1.mp4", "2.mp4", "10.mp4"],
        ["clip 9.mp4", "clip 10.mp4", "clip 010b.mp4"],
        ["clip.mp4", "clip 2.mp4", "clip 10.mp4"],
        ["1 x.mp4", "a.mp4", "Ă.mp4", "â.mp4", "B.mp4"],
        ["Bờ Y.mp4", "Dak.mp4", "Đắk Blô.mp4", "Đắk Kôi.mp4", "Đắk Long.mp4", "e.mp4", "Hồ Le.mp4"],
        ["o.mp4", "ô.mp4", "ơ.mp4", "u.mp4", "ư.mp4", "v.mp4"],
        ["ma.mp4", "mà.mp4", "mả.mp4", "mã.mp4", "má.mp4", "mạ.mp4", "mb.mp4"],
        ["hoa b.mp4", "hòa c.mp4"],
        ["a.mp4", "a.png"],
        ["2.mp4", "໑໐.mp4"],
        ["\u0302x.mp4", "\u0306x.mp4"],
    ],
)
def test_names_stand_as_people_expect(ordered: list[str]) -> None:
    assert all(natural_key(one) < natural_key(other) for one, other in pairwise(ordered))


def test_the_place_of_a_tone_mark_makes_no_difference_to_the_order() -> None:
    old, new = natural_key("hòa 2.mp4"), natural_key("hoà 2.mp4")
    assert old[:3] == new[:3]
    assert natural_key("hòa 1.mp4") < new < natural_key("hoà 3.mp4")


def test_composed_and_decomposed_names_stand_together() -> None:
    name = "Đắk Blô 2.mp4"
    assert natural_key(unicodedata.normalize("NFD", name))[:4] == natural_key(name)[:4]


NAMES = st.text(st.sampled_from("aAăâdđeêoôơuư019໑ .-_\u0301\u0323\udcff"), max_size=12)


@given(st.lists(NAMES, unique=True), st.randoms(use_true_random=False))
def test_the_order_does_not_depend_on_how_the_names_came(names: list[str], random: Random) -> None:
    shuffled = list(names)
    random.shuffle(shuffled)
    assert sorted(shuffled, key=natural_key) == sorted(names, key=natural_key)


@given(NAMES, NAMES)
def test_only_equal_names_have_equal_keys(one: str, other: str) -> None:
    assert (natural_key(one) == natural_key(other)) == (one == other)
