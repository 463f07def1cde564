"""Build the demo content of the gate Bờ Y again: clips, captions, poster, leaflet and contact sheet.

Run with the project's Python: `.venv/bin/python deploy/demo-content/make_content.py`. Needs espeak-ng for the speech.
"""

import argparse
import os
import sys
import time
from pathlib import Path
from typing import Final

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from captions import subrip
from emblem import draw_emblem
from encoding import Track, decoded_peak, write_clip
from film import Film
from gate_files import write_gate
from lettering import load_fonts
from measuring import write_facts_of
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from sound import mix, narrate, tune
from spoken import write_spoken
from stills import LEAFLET, check_poster, draw_page, draw_poster
from storyboard import CLIPS, Clip

from playlists.errors import ContentError, ExitCode, SignageError

HERE: Final = Path(__file__).resolve().parent
_LOUDEST: Final = 10 ** (-3.0 / 20)


def build_clip(clip: Clip, folder: Path) -> None:
    """Write one clip and its captions into `folder`. Raises ContentError when its sound comes out too loud."""
    film = Film(clip)
    film.check()
    music = tune(clip)
    tracks = []
    spans: list[tuple[float, float]] = []
    for narration in clip.narrations:
        speech, spoken = narrate(clip, narration)
        spans = spans or spoken
        tracks.append(Track(narration.mp4_language, *mix(speech, music)))
    path = folder / f"{clip.name}.mp4"
    write_clip(path, clip.label, film.pictures(), tuple(tracks))
    if decoded_peak(path) > _LOUDEST:
        message = f"{path.name}: the sound is louder than -3 dBFS"
        raise ContentError(message)
    for language, lines in clip.captions:
        (folder / f"{clip.name}.{language}.srt").write_text(subrip(spans, lines), "utf-8")


def build_stills(folder: Path) -> None:
    """Write the leaflet's pages and the poster into `folder`."""
    check_poster()
    for page in LEAFLET:
        draw_page(page).save(str(folder / f"05-to-gap-qua-cua-khau-vi-en-{page.number}.png"))
    draw_poster().save(str(folder / "06-ap-phich-mang-den-vi-en.jpg"), quality=88)


def build_scenes(folder: Path) -> None:
    """Write pictures of the clips without their words, for bulletins to stand beside."""
    (folder / "hinh").mkdir(exist_ok=True)
    for name, clip, second in (("binh-minh", CLIPS[0], 3.6), ("cot-moc", CLIPS[1], 4.6)):
        Film(clip).picture(second, titles=False).save(str(folder / "hinh" / f"{name}.jpg"), quality=86)


def build_gate(folder: Path) -> None:
    """Write what makes a gate of the folder: its mark, the spoken bulletin, playlist, screen, and what was measured."""
    for name in ("bieu-trung", "am-thanh"):
        (folder / name).mkdir(exist_ok=True)
    draw_emblem().save(str(folder / "bieu-trung" / "cum-bo-y.png"))
    write_spoken(folder / "am-thanh" / "giay-to-vi.m4a")
    write_gate(folder)
    write_facts_of(folder)


def build_contact_sheet(path: Path) -> None:
    """Write three pictures of the clips side by side, as a glance at the content."""
    wide, high, gap = 400, 225, 6
    sheet = QImage(3 * wide + 2 * gap, high, QImage.Format.Format_RGB32)
    sheet.fill(Qt.GlobalColor.white)
    painter = QPainter(sheet)
    for place, (clip, second) in enumerate(zip((CLIPS[0], CLIPS[1], CLIPS[2]), (3.6, 4.6, 5.8), strict=True)):
        smooth = Qt.TransformationMode.SmoothTransformation
        small = Film(clip).picture(second).scaled(wide, high, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
        painter.drawImage(place * (wide + gap), 0, small)
    painter.end()
    sheet.convertToFormat(QImage.Format.Format_RGB888).save(str(path), quality=0)


def main() -> int:
    """Build everything, or what the options ask for; return an exit code."""
    parser = argparse.ArgumentParser(description="Build the demo content of the gate Bờ Y.")
    parser.add_argument("--into", type=Path, default=HERE / "bo-y", help="folder to write into")
    parser.add_argument("--only", metavar="TEXT", default="", help="build only what has TEXT in its name")
    parser.add_argument("--check", action="store_true", help="check letter sizes and contrast, write nothing")
    asked = parser.parse_args()
    QGuiApplication([])
    load_fonts()
    clips = [clip for clip in CLIPS if asked.only in clip.name]
    if asked.check:
        for clip in clips:
            Film(clip).check()
        check_poster()
        return ExitCode.OK
    asked.into.mkdir(parents=True, exist_ok=True)
    for clip in clips:
        began = time.monotonic()
        build_clip(clip, asked.into)
        sys.stdout.write(f"{clip.name}: {time.monotonic() - began:.0f} s\n")
    if not asked.only or asked.only == "stills":
        build_stills(asked.into)
        build_contact_sheet(asked.into.parent / "contact-sheet.png")
    if not asked.only or asked.only == "gate":
        build_scenes(asked.into)
        build_gate(asked.into)
    if asked.only == "files":
        write_gate(asked.into)
        write_facts_of(asked.into)
    return ExitCode.OK


if __name__ == "__main__":
    try:
        sys.exit(main())
    except SignageError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(error.exit_code)
