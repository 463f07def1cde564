import pytest

from playlists.release import MediaFile, Release
from sync import feed
from sync.bundle import FOLDER_FILES, Have
from sync.hub.export_plan import Published, Target, chosen_screens, plan_export, screens_of, special_targets
from sync.hub.stick_sentences import StickRefusalError
from sync.publication import PieceList, Rollout, with_pieces, with_signature_fields

KNOWN = ("bo-y/tuong-1", "bo-y/tuong-2", "dak-blo/tuong-1")


def digest(number: int) -> str:
    return f"{number:064x}"


def published(confirmed: frozenset[int] = frozenset()) -> Published:
    targets = {
        "releases/bo-y/tuong-1.json": Target(digest(101), 50),
        "releases/bo-y/tuong-2.json": Target(digest(102), 50),
        "releases/dak-blo/tuong-1.json": Target(digest(103), 50),
        "urgent/lu.json": Target(digest(104), 50, {"screens": ["dak-blo/*"]}),
        "withdrawals/w.json": Target(digest(105), 50, {"screens": ["bo-y/tuong-1"]}),
    }
    return Published({"metadata/1.root.json": 10, "metadata/4.snapshot.json": 20}, targets, confirmed)


def release(*media: int, sequence: int = 7) -> Release:
    files = tuple(MediaFile(f"clips/{number}.mp4", digest(number), 1000) for number in media)
    return Release(sequence, MediaFile("playlist.json", digest(90), 300), files)


@pytest.mark.parametrize(
    ("told", "chosen"),
    [
        ("all", KNOWN),
        ("*/*", KNOWN),
        ("bo-y/*", KNOWN[:2]),
        ("dak-blo/tuong-1, bo-y/tuong-1", (KNOWN[0], KNOWN[2])),
    ],
)
def test_screens_are_chosen_by_name(told: str, chosen: tuple[str, ...]) -> None:
    assert chosen_screens(told, screens_of(published())) == chosen


@pytest.mark.parametrize("told", ["", " , ", "bo-y", "bo-y/tuong-3", "bo-y/*,nowhere/*", "all,x"])
def test_a_screen_nobody_publishes_for_is_refused(told: str) -> None:
    with pytest.raises(StickRefusalError) as refused:
        chosen_screens(told, KNOWN)

    assert refused.value.code == "no-screen"
    assert "bo-y/tuong-1" in refused.value.vi


def test_only_what_concerns_the_screens_goes_along() -> None:
    assert special_targets(published(), ["bo-y/tuong-2"]) == []
    assert special_targets(published(), ["bo-y/tuong-1"]) == ["withdrawals/w.json"]
    assert special_targets(published(), ["dak-blo/tuong-1"]) == ["urgent/lu.json"]


def test_a_plan_names_everything_a_screen_needs_once() -> None:
    long = with_pieces(MediaFile("clips/long.mp4", digest(3), 5_000_000), PieceList(digest(4), 160))
    wanted = Release(7, MediaFile("playlist.json", digest(90), 300), (long, *release(1).media))
    plan = plan_export(published(), {"bo-y/tuong-1": wanted, "bo-y/tuong-2": wanted}, [], {})
    names = [file.name for file in plan.files]

    assert len(set(names)) == len(names)
    assert set(names) == {
        "metadata/1.root.json",
        "metadata/4.snapshot.json",
        feed.target_name("releases/bo-y/tuong-1.json", digest(101)),
        feed.target_name("releases/bo-y/tuong-2.json", digest(102)),
        feed.target_name("withdrawals/w.json", digest(105)),
        *(feed.media_name(digest(number)) for number in (90, 3, 1)),
        feed.pieces_name(digest(4)),
    }
    assert plan.bytes == sum(file.length for file in plan.files)


def test_media_come_before_metadata() -> None:
    names = [file.name for file in plan_export(published(), {"bo-y/tuong-1": release(1)}, [], {}).files]

    assert names.index(feed.media_name(digest(1))) < names.index("metadata/1.root.json")


def test_a_file_is_left_out_only_where_every_screen_holds_it() -> None:
    releases = {"bo-y/tuong-1": release(1, 2), "bo-y/tuong-2": release(1, 2)}
    both = frozenset({digest(1), digest(2), digest(90)})
    have = {
        "bo-y/tuong-1": Have("bo-y", "tuong-1", "", 6, both),
        "bo-y/tuong-2": Have("bo-y", "tuong-2", "", 6, both, frozenset({digest(2)})),
    }
    plan = plan_export(published(), releases, [], have)
    brought = {file.name for file in plan.files if file.name.startswith("media/")}

    assert brought == {feed.media_name(digest(2))}
    assert [len(share.held) for share in plan.shares] == [3, 2]


@pytest.mark.parametrize(
    ("screen", "confirmed", "waits"),
    [("bo-y/tuong-1", frozenset(), False), ("bo-y/tuong-2", frozenset(), True), ("bo-y/tuong-2", {7}, False)],
)
def test_a_release_that_is_not_confirmed_is_told(screen: str, confirmed: frozenset[int], waits: bool) -> None:  # noqa: FBT001
    canary = with_signature_fields(release(1), "department", "now", Rollout(("bo-y/tuong-1",), 60))
    (share,) = plan_export(published(frozenset(confirmed)), {screen: canary}, [], {}).shares

    assert share.waits == waits


def test_more_files_than_a_folder_of_fat_holds_are_refused() -> None:
    with pytest.raises(StickRefusalError) as refused:
        plan_export(published(), {"bo-y/tuong-1": release(*range(FOLDER_FILES + 1))}, [], {})

    assert refused.value.code == "too-many-files"
