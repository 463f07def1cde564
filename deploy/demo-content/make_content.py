"""Build the demo content of the gate Bờ Y again: clips, captions, poster, leaflet and contact sheet.

Run with the project's Python: `.venv/bin/python deploy/demo-content/make_content.py`. Needs espeak-ng for the speech.
"""

import argparse
import math
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from brocade import BAND, paint_band
from canvas import FRAMES_PER_SECOND, HEIGHT, WIDTH, grain
from captions import subrip
from contrast import require_contrast
from emblem import draw_emblem
from encoding import Track, decoded_peak, write_clip
from gate_files import write_gate
from lettering import TitleBlock, load_fonts
from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QGuiApplication, QImage, QPainter
from sound import mix, narrate, tune
from spoken import write_spoken
from stills import LEAFLET, check_poster, draw_page, draw_poster
from storyboard import CLIPS, Clip

from playlists.errors import ContentError, ExitCode, SignageError

HERE: Final = Path(__file__).resolve().parent
_LEFT: Final = BAND + 68
_CAPTIONS_FROM: Final = 0.59
"""Captions of three lines at the bottom cover the picture from this share of its height on."""
_LOUDEST: Final = 10 ** (-3.0 / 20)


class Film:
    """A clip's moving picture: its scene, the brocade band, and its titles in turn."""

    def __init__(self, clip: Clip) -> None:
        self._clip = clip
        self._scene = clip.scene()
        self._blocks = [(card.start, TitleBlock(card.title, _LEFT)) for card in clip.cards]
        self._grain = QBrush(grain())

    def picture(self, second: float, *, titles: bool = True) -> QImage:
        """Return the picture at `second`, 1280x720, Format_RGB32; without its titles where asked."""
        image = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._scene.paint(painter, second)
        paint_band(painter)
        if titles:
            self._paint_titles(painter, second)
        painter.fillRect(image.rect(), self._grain)
        painter.end()
        return image

    def _paint_titles(self, painter: QPainter, second: float) -> None:
        ends = [start for start, _ in self._blocks[1:]] + [math.inf]
        for (start, block), end in zip(self._blocks, ends, strict=True):
            if start <= second < end:
                block.paint(painter, second - start, None if math.isinf(end) else end - second)

    def pictures(self) -> Iterator[QImage]:
        """Yield every picture of the clip in turn."""
        for number in range(self._clip.frames):
            yield self.picture(number / FRAMES_PER_SECOND)

    def check(self) -> None:
        """Raise ContentError when a title leaves the safe area, stands on too bright a picture or under captions."""
        ends = [start for start, _ in self._blocks[1:]] + [self._clip.seconds]
        for (start, block), end in zip(self._blocks, ends, strict=True):
            lowest = max(area.bottom() for area, _ in block.lines())
            if self._clip.captions and lowest > HEIGHT * _CAPTIONS_FROM:
                message = f"{self._clip.name}: captions cover a title, which reaches down to {lowest:.0f}"
                raise ContentError(message)
            for second in (start + 0.4, (start + end) / 2, end - 0.1):
                require_contrast(self.picture(second, titles=False), block.lines(), self._clip.name)


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
    return ExitCode.OK


if __name__ == "__main__":
    try:
        sys.exit(main())
    except SignageError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(error.exit_code)
