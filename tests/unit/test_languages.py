"""Language tags: one way of writing them, names for operators, and which track is taken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playlists.languages import NAMES_VI, choose, name_vi, normal_tag, serves


@pytest.mark.parametrize(
    ("tag", "normal"),
    [
        ("vi", "vi"),
        ("VI", "vi"),
        ("vie", "vi"),
        ("lao", "lo"),
        ("khm", "km"),
        ("eng", "en"),
        ("chi", "zh"),
        (" vi ", "vi"),
        ("jra", "jra"),
        ("jra_latn", "jra-Latn"),
        ("JRA-KHMR-kh", "jra-Khmr-KH"),
        ("es-419", "es-419"),
        ("vi-x-Gate", "vi-x-gate"),
    ],
)
def test_a_tag_is_written_the_usual_way(tag: str, normal: str) -> None:
    assert normal_tag(tag) == normal


@pytest.mark.parametrize(
    "tag", ["", "und", "UND", "zxx", "mul", "mis", "v", "tiếng Việt", "vi lo", "vi-", "vietnamese"]
)
def test_what_names_no_language_is_none(tag: str) -> None:
    assert normal_tag(tag) is None


@given(st.from_regex(r"[A-Za-z]{2,3}([-_][A-Za-z]{4})?([-_][A-Za-z]{2})?", fullmatch=True))
def test_a_normal_tag_stays_as_it_is(tag: str) -> None:
    normal = normal_tag(tag)
    assert normal is None or normal_tag(normal) == normal


def test_operators_read_names() -> None:
    assert name_vi("lo") == "Tiếng Lào"
    assert name_vi("jra-Khmr") == "Tiếng Gia Rai (chữ Khmer)"
    assert name_vi("vi-VN") == "Tiếng Việt (VN)"
    assert name_vi("fr") == "fr"


def test_every_language_of_the_gates_has_a_name() -> None:
    assert set(NAMES_VI) == {"vi", "lo", "km", "en", "bdq", "ren", "sed", "jeh", "stg", "jra", "brb", "rmx"}


def test_a_narrower_tag_serves_a_wider_wish_only() -> None:
    assert serves("jra", "jra-Latn")
    assert serves("jra", "jra")
    assert not serves("jra-Latn", "jra")
    assert not serves("j", "jra")


@pytest.mark.parametrize(
    ("wanted", "offered", "place"),
    [
        (["vi", "lo"], ["lo", "vi"], 1),
        (["km", "lo"], ["lo", "vi"], 0),
        (["jra"], [None, "jra-Latn", "jra"], 1),
        (["en"], [None, "vi"], None),
        ([], ["vi"], None),
        (["vi"], [], None),
    ],
)
def test_the_first_wish_that_is_offered_wins(wanted: list[str], offered: list[str | None], place: int | None) -> None:
    assert choose(wanted, offered) == place
