"""The files that make a gate of the folder: playlist, screen, the list of issuers and the urgent bulletin."""

import json
from pathlib import Path
from typing import Final

from programme import GATE, playlist, urgent_playlist

from playlists.playlist import PictureSize
from playlists.playlist_file import write_playlist
from playlists.screen import Layout, Screen, Zone, ZoneKind
from playlists.screen_file import write_screen

SCREEN: Final = Screen(
    id="bo-y-trong-nha",
    gate="bo-y",
    cluster="bo-y",
    title="Cửa khẩu Bờ Y, màn hình trong nhà (trình diễn)",
    canvas=PictureSize(1920, 1080),
    languages=("vi", "lo", "km", "en"),
    shares={"lo": 25, "km": 20, "en": 25},
    layout=Layout(
        zones=(
            Zone(ZoneKind.MAIN, 0, 0, 88, 88),
            Zone(ZoneKind.LOGO, 89, 2, 10, 20),
            Zone(ZoneKind.CLOCK, 88, 24, 12, 64),
            Zone(ZoneKind.TICKER, 0, 88, 100, 12),
        ),
        logo="bieu-trung/cum-bo-y.png",
    ),
)
_THRESHOLDS: Final = {
    "format_version": 1,
    "issuers": [
        {
            "begins": "2026-11-01",
            "names": [GATE],
            "source_vi": "ví dụ cho bản trình diễn",
            "source_en": "an example for the demo",
        }
    ],
}


def write_gate(folder: Path) -> None:
    """Write the four files into ``folder``, where the media lie already."""
    (folder / "bo-y.playlist.json").write_bytes(write_playlist(playlist(folder)))
    (folder / "bo-y.screen.json").write_bytes(write_screen(SCREEN))
    (folder / "khan-cap").mkdir(exist_ok=True)
    (folder / "khan-cap" / "dien-tap.playlist.json").write_bytes(write_playlist(urgent_playlist()))
    text = json.dumps(_THRESHOLDS, ensure_ascii=False, indent=2)
    (folder / "bo-y.thresholds.json").write_text(f"{text}\n", "utf-8")
