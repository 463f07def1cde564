import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playlists.errors import ContentError
from sync import feed
from sync.bundle import (
    FAT_LIMIT,
    NAME_LETTERS,
    PART_BYTES,
    Bundle,
    Have,
    parts,
    printable,
    read_bundle,
    read_have,
    return_folder,
    stick_name,
    write_bundle,
    write_have,
)
from sync.trust import roles

DIGEST = "a" * 64
ODD = st.text(st.characters(exclude_characters="/"), min_size=1, max_size=30).filter(
    lambda part: part not in {".", ".."}
)


def test_ordinary_names_stay_as_they_are() -> None:
    names = [
        feed.TIMESTAMP,
        feed.metadata_name("root", 12),
        feed.metadata_name(roles.unit_role("don-bo-y"), 3),
        feed.target_name(roles.release_path("bo-y", "tuong-1"), DIGEST),
        feed.media_name(DIGEST),
        feed.pieces_name(DIGEST),
    ]

    assert [stick_name(name) for name in names] == names


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        ("metadata/1.unit-A.json", "metadata/1.unit-%41.json"),
        ("a:b*c", "a%3ab%2ac"),
        ("Bờ Y", "%42%e1%bb%9d%20%59"),
        ("targets/con/x", "targets/%63on/x"),
        ("nul.json", "%6eul.json"),
        ("ends.", "ends%2e"),
        ("100%", "100%25"),
        ("con.", "%63on%2e"),
    ],
)
def test_what_fat_cannot_hold_is_spelled_out(name: str, spelled: str) -> None:
    assert stick_name(name) == spelled


@pytest.mark.parametrize("name", ["", "a//b", "../x", "a/./b", "a/..", "/a", "x" * (NAME_LETTERS + 1), "é" * 42])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(ContentError):
        stick_name(name)


@given(ODD, ODD)
def test_names_that_differ_differ_where_case_does_not_count(one: str, other: str) -> None:
    first, second = stick_name(one), stick_name(other)

    assert (first.casefold() == second.casefold()) == (one == other)
    assert not set(first) & set('<>:"/\\|?*') and first.isascii() and first[-1] not in ". "  # noqa: PT018


@pytest.mark.parametrize("length", [0, 1, FAT_LIMIT - 1, FAT_LIMIT])
def test_a_file_that_fits_is_one_file(length: int) -> None:
    (only,) = parts(feed.media_name(DIGEST), length)

    assert (only.name, only.begins, only.length) == (f"media/{DIGEST}", 0, length)


@pytest.mark.parametrize("length", [FAT_LIMIT + 1, 2 * PART_BYTES + 1, 3 * PART_BYTES])
def test_a_longer_file_lies_in_parts_that_make_it_up(length: int) -> None:
    found = list(parts(feed.media_name(DIGEST), length))

    assert [part.name for part in found] == [f"media/{DIGEST}.{number:03}" for number in range(len(found))]
    assert sum(part.length for part in found) == length
    assert all(before.begins + before.length == after.begins for before, after in pairwise(found))
    assert all(0 < part.length <= PART_BYTES for part in found)


def test_screens_with_hyphens_never_share_a_folder() -> None:
    assert return_folder("a-b", "c") != return_folder("a", "b-c")


def test_what_is_written_reads_back() -> None:
    bundle = Bundle("Quý 4", "2026-11-24T00:00:00+00:00", "an", "hub", ("bo-y/tuong-1",))
    have = Have("bo-y", "tuong-1", "2026-11-24T00:00:00+00:00", 7, frozenset({DIGEST}), frozenset({"b" * 64}))

    assert read_bundle(write_bundle(bundle)) == bundle
    assert read_have(write_have(have)) == have


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff", b'{"format": 2}', b"[" * 100_000])
def test_what_is_no_file_of_ours_is_nothing(content: bytes) -> None:
    assert read_bundle(content) is None
    assert read_have(content) is None


def test_odd_values_are_passed_over() -> None:
    odd = json.dumps(
        {"format": 1, "name": 5, "made": "x\x00\u202ey", "screens": [1, "a"], "media": [None, "b"]}
    ).encode()
    told = json.dumps({"format": 1, "gate": "g", "screen": "s", "at": "t", "sequence": True, "media": 1}).encode()

    assert read_bundle(odd) == Bundle("", "x y", screens=("a",))
    assert read_have(told) == Have("g", "s", "t")


def test_a_text_of_a_stick_is_one_short_line() -> None:
    assert printable("a\nb\u202ec\x1b[31m" + "d" * 100) == "a b c [31m" + "d" * 50
