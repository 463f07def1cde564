import pytest

from playlists.errors import UsageError
from sync.hub.screen_names import (
    ScreenName,
    is_name,
    matching,
    patterns,
    read_screen_name,
    refuse_unknown,
    released_screen,
    told,
)

KNOWN = (ScreenName("bo-y", "tuong-1"), ScreenName("bo-y", "tuong-2"), ScreenName("ho-le", "tuong-1"))


def test_names_and_their_targets() -> None:
    name = read_screen_name("bo-y/tuong-1")
    assert name == KNOWN[0]
    assert name.path == "releases/bo-y/tuong-1.json"
    assert released_screen(name.path) == name
    assert released_screen("urgent/a.json") is None


@pytest.mark.parametrize(
    "text", ["", "bo-y", "bo-y/", "/a", "bo-y/a/b", "Bo-Y/a", "bờ-y/a", "bo-y/..", "bo-y/a b", "a/-b", "a/b\n"]
)
def test_no_names(text: str) -> None:
    with pytest.raises(UsageError):
        read_screen_name(text)


def test_a_name_is_safe_in_a_path() -> None:
    assert not any(map(is_name, ("..", ".", "a/b", "a\\b", "a*", "a?", "", "a" * 65, ".a")))
    assert all(map(is_name, ("a", "bo-y", "khan-cap.1", "a_b", "a" * 64)))


def test_patterns_as_they_are_signed() -> None:
    assert patterns(["all"]) == ("*/*",)
    assert patterns(["bo-y/*", "ho-le/tuong-1", "bo-y/*"]) == ("bo-y/*", "ho-le/tuong-1")
    for wrong in ("*", "*/a", "bo-*/a", "bo-y/t*"):
        with pytest.raises(UsageError):
            patterns([wrong])


def test_what_a_pattern_names() -> None:
    assert matching(("bo-y/*",), KNOWN) == KNOWN[:2]
    assert matching(("*/*",), KNOWN) == KNOWN
    assert matching(("dak-blo/a",), KNOWN) == (ScreenName("dak-blo", "a"),)
    with pytest.raises(UsageError, match="dak-blo"):
        matching(("dak-blo/*",), KNOWN)


def test_a_slip_of_the_keyboard_is_refused_where_screens_are_known() -> None:
    refuse_unknown(("bo-y/*", "ho-le/tuong-1", "*/*"), KNOWN)
    refuse_unknown(("boy/*",), ())
    for wrong in ("boy/*", "bo-y/tuong-3"):
        with pytest.raises(UsageError, match="bo-y/tuong-1"):
            refuse_unknown((wrong,), KNOWN)


def test_patterns_in_words() -> None:
    assert told("*/*") == "mọi màn hình"
    assert told("bo-y/*") == "mọi màn hình của cửa khẩu bo-y"
    assert told("bo-y/tuong-1") == "bo-y/tuong-1"
