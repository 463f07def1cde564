"""Thresholds files: what they mean, and everything wrong at once."""

import json
from datetime import date, time
from pathlib import Path
from typing import get_args

import pytest

import playlists
from playlists.screen import VolumeStep
from playlists.thresholds import Threshold, in_force, threshold_names
from playlists.thresholds_file import ThresholdsFileError, read_thresholds, schema_text
from playlists.thresholds_model import FigureName

GOLDEN = Path(__file__).parent.parent / "golden" / "facts" / "bo-y.thresholds.json"


def found(**fields: object) -> list[tuple[str, str]]:
    with pytest.raises(ThresholdsFileError) as caught:
        read_thresholds(json.dumps({"format_version": 1, **fields}).encode())
    assert all(one.vi and one.en for one in caught.value.findings)
    return [(one.place, one.code) for one in caught.value.findings]


def test_the_golden_file_means_what_it_says() -> None:
    rows = read_thresholds(GOLDEN.read_bytes())
    issuers = ("Ban Chỉ huy Phòng thủ dân sự xã Bờ Y", "Đồn Biên phòng")
    assert rows == (
        Threshold("contrast", date(2027, 1, 1), 7, "thử", "test"),
        Threshold("issuers", date(2026, 7, 1), issuers, "cấu hình", "configuration"),
        Threshold(
            "volume_limits",
            date(2026, 7, 1),
            (VolumeStep(time(5, 30), 40), VolumeStep(time(7), 90), VolumeStep(time(20), 0)),
            "cấu hình",
            "configuration",
        ),
    )
    before, after = (in_force(day, rows) for day in (date(2026, 6, 30), date(2026, 7, 1)))
    assert (before.issuers, after.issuers) == ((), issuers)
    assert after.contrast == 4.5


def test_every_threshold_can_be_configured() -> None:
    assert set(get_args(FigureName)) | {"issuers", "volume_limits"} == set(threshold_names())
    for name in get_args(FigureName):
        row = {"name": name, "begins": "2026-01-01", "value": 2}
        rows = read_thresholds(json.dumps({"format_version": 1, "figures": [row]}).encode())
        assert getattr(in_force(date(2026, 1, 1), rows), name) == 2


def test_everything_wrong_is_told_at_once() -> None:
    assert found(
        figures=[{"name": "contrasts", "begins": "1.1.2026", "value": "7"}, {"name": "siren"}],
        issuers=[{"begins": "2026-01-01", "names": []}],
        volume_limits=[{"begins": "2026-01-01", "steps": [{"begins": "24:00", "percent": 101}]}],
    ) == [
        ("/figures/0/begins", "day"),
        ("/figures/0/name", "choice"),
        ("/figures/0/value", "number"),
        ("/figures/1/begins", "missing"),
        ("/figures/1/value", "missing"),
        ("/issuers/0/names", "too-short"),
        ("/volume_limits/0/steps/0/begins", "clock-time"),
        ("/volume_limits/0/steps/0/percent", "too-great"),
    ]
    assert found(format_version=2) == [("/format_version", "format-version")]


def test_the_published_schema_is_the_code_s_own() -> None:
    published = Path(playlists.__file__).with_name("thresholds-file.schema.json")
    assert published.read_text(encoding="utf-8") == schema_text()
