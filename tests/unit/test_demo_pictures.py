"""Which pictures the demo takes and when, and the story it tells of its play log."""

import subprocess
import sys
from dataclasses import replace
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from playlists.proof import PlayStart, Rendition
from playlists.timing import DurationMs, Moment, MonotonicNs

_DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
_SECOND = 1_000_000_000


@pytest.fixture(scope="module")
def camera() -> ModuleType:
    spec = spec_from_file_location("take_screenshots", _DEPLOY / "take_screenshots.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def start(second: float, rendition: Rendition, *languages: str, continues: str | None = None) -> PlayStart:
    at = Moment(MonotonicNs(round(second * _SECOND)), "2026-11-24T00:00:00.000+00:00", "boot", synchronised=True)
    begun = PlayStart("p", at, at, DurationMs(10_000), "s", "i", "t", None, rendition)
    return replace(begun, picture_languages=languages, continues=continues)


def taken(camera: ModuleType, starts: list[PlayStart], until: int) -> list[tuple[float, str]]:
    """Look ten times a second, as the camera does; a START is on record when its play begins."""
    diary, pictures = camera.Diary(), []
    for tenth in range(until * 10):
        for one in starts:
            if one.planned_start.monotonic == tenth * _SECOND // 10:
                diary.note(one, tenth * _SECOND // 10)
        for sight in diary.due(tenth * _SECOND // 10):
            diary.keep(sight)
            pictures.append((tenth / 10, sight.name))
    return pictures


def test_each_sight_is_taken_once_while_it_is_on_the_screen(camera: ModuleType) -> None:
    starts = [
        start(1, Rendition.TEXT, "vi", "lo"),
        start(11, Rendition.TEXT, "vi", "lo"),
        start(21, Rendition.VIDEO, "vi", "km"),
        start(31, Rendition.TEXT, "vi", "km"),
    ]
    assert taken(camera, starts, 60) == [
        (4.5, "ban-tin-viet-lao"),
        (23.6, "video-song-ngu"),
        (34.5, "ban-tin-viet-khmer"),
    ]


def test_what_is_interrupted_before_its_moment_is_taken_another_time(camera: ModuleType) -> None:
    starts = [
        start(1, Rendition.TEXT, "vi", "lo"),
        replace(start(2, Rendition.TEXT, "vi"), item=camera.URGENT),
        start(17, Rendition.TEXT, "vi", "lo", continues="p"),
        start(27, Rendition.TEXT, "vi", "lo"),
    ]
    assert taken(camera, starts, 40) == [
        (5.5, "khan-cap"),
        (17.7, "phat-tiep-sau-tin-khan"),
        (30.5, "ban-tin-viet-lao"),
    ]


def test_a_camera_that_has_slept_takes_no_picture_of_what_is_over(camera: ModuleType) -> None:
    diary = camera.Diary()
    diary.note(start(1, Rendition.PAGE, "vi"), 1 * _SECOND)
    diary.note(start(8, Rendition.TEXT, "vi", "lo"), 9 * _SECOND)
    assert list(diary.due(9 * _SECOND)) == []
    assert [sight.name for sight in diary.due(12 * _SECOND)] == ["ban-tin-viet-lao"]


def test_without_a_log_there_is_nothing_new(camera: ModuleType, tmp_path: Path) -> None:
    assert list(camera.Log(tmp_path / "none.sqlite").news()) == []
    (tmp_path / "torn.sqlite").write_bytes(b"no database")
    assert list(camera.Log(tmp_path / "torn.sqlite").news()) == []


def test_the_story_needs_a_log(tmp_path: Path) -> None:
    command = [sys.executable, str(_DEPLOY / "demo_story.py"), str(tmp_path / "none.sqlite")]
    told = subprocess.run(command, check=False, capture_output=True, text=True)
    assert (told.returncode, told.stdout) == (3, "")
