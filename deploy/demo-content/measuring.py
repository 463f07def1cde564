"""What the content rules want measured of the gate's items, measured: letters, contrast, flashing, loudness, glyphs.

Bulletins are measured by ``signage-player render``, which draws them; of clips and pictures we know the sizes that we
set, and look at the finished files for the rest. What is spoken is what we had espeak-ng speak.
"""

import json
import subprocess
import sys
import unicodedata
from array import array
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import av
from canvas import HEIGHT
from film import Film
from gate_files import SCREEN
from lettering import font, letter_height
from PySide6.QtGui import QFontMetricsF
from stills import page_contrast, page_letters, poster_contrast, poster_letters
from storyboard import CLIPS, Clip

from player.fonts import script_runs
from playlists.checks import ticker_items
from playlists.content_digest import item_digest
from playlists.facts import Contrast, Facts, Letters, Loudness, Measurements
from playlists.facts_file import read_facts, write_facts
from playlists.measure_flashes import Light, flashes_hz, linear
from playlists.measure_loudness import RATE_HZ, loudness
from playlists.measure_siren import siren
from playlists.playlist import Item, ItemKind, Playlist
from playlists.playlist_file import SUFFIX, read_playlist
from playlists.screen import ZoneKind

_BY: Final = "deploy/demo-content/measuring.py"
_GRID: Final = (8, 4)
"""A picture is looked at in so many parts, across and down, for flashes."""
_FULL: Final = 255


def write_facts_of(folder: Path) -> None:
    """Write ``bo-y.facts.json``, and that of the urgent bulletin beside it."""
    for file in (folder / "bo-y.playlist.json", folder / "khan-cap" / "dien-tap.playlist.json"):
        name = file.name.removesuffix(SUFFIX)
        playlist = read_playlist(file.read_bytes())
        facts = {item.id: _measured(item, file, folder) for item in _items(playlist)}
        measured = Measurements(facts, SCREEN.id)
        (file.parent / f"{name}.facts.json").write_bytes(write_facts(measured))


def _items(playlist: Playlist) -> Iterable[Item]:
    return (*(slot.item for slot in playlist.slots), *ticker_items(playlist))


def _measured(item: Item, file: Path, folder: Path) -> Facts:
    if item.id.startswith("ticker/"):
        missing = {language: _missing(item.title) for language in _written(item)}
        return Facts(of=item_digest(item), measured_by={"missing_glyphs": _BY}, missing_glyphs=missing)
    if item.kind is ItemKind.BULLETIN:
        return _of_bulletin(item, file, folder)
    if item.kind is ItemKind.CLIP:
        return _of_clip(item, folder)
    letters, contrast = (
        (poster_letters(), poster_contrast()) if item.kind is ItemKind.IMAGE else (page_letters(), page_contrast())
    )
    return Facts(
        of=item_digest(item),
        measured_by={"letters": _BY, "contrasts": _BY},
        letters=tuple(_letters(language, size, part) for part, size, language in letters),
        contrasts=(Contrast(round(contrast, 2)),),
        sounding=False,
    )


def _written(item: Item) -> tuple[str, ...]:
    return () if item.bulletin is None else tuple(text.language for text in item.bulletin.texts)


def _of_bulletin(item: Item, file: Path, folder: Path) -> Facts:
    """Draw it as the screen does; its recording is listened to."""
    player = Path(sys.executable).with_name("signage-player")
    screen = folder / "bo-y.screen.json"
    with TemporaryDirectory() as place:
        output = f"{place}/page.png"
        command = [str(player), "render", str(file), item.id, "--screen", str(screen), "--output", output]
        report = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    facts = read_facts(json.dumps(report["facts"]).encode()).by_item[item.id]
    if item.bulletin is None or item.bulletin.sound is None:
        return facts
    return _with_sound(facts, folder / item.bulletin.sound, item.sound)


def _of_clip(item: Item, folder: Path) -> Facts:
    (clip,) = (one for one in CLIPS if item.source == f"{one.name}.mp4")
    files = [folder / captions.source for captions in item.captions]
    texts = {captions.language: file.read_text("utf-8") for captions, file in zip(item.captions, files, strict=True)}
    facts = Facts(
        of=item_digest(item),
        measured_by={"letters": _BY, "contrasts": _BY, "flash_hz": "playlists/measure_flashes.py"},
        letters=tuple(_letters_of(clip)),
        contrasts=(Contrast(round(Film(clip).least_contrast(), 2)),),
        flash_hz=_flashes(folder / item.source),
        missing_glyphs={language: _missing(text) for language, text in texts.items()} if texts else None,
        normal_text=all(unicodedata.is_normalized("NFC", text) for text in texts.values()) if texts else None,
        captions=None if texts else False,
    )
    return _with_sound(facts, folder / item.source, tuple(narration.language for narration in clip.narrations))


def _letters_of(clip: Clip) -> Iterable[Letters]:
    """Of each language the worst there is for the rule: the smallest Vietnamese title, the largest other one."""
    yield _letters("vi", min(card.title.size for card in clip.cards), "title")
    others = [
        (card.title.second.language, card.title.second_size) for card in clip.cards if card.title.second is not None
    ]
    if others:
        yield _letters(others[0][0], max(size for _, size in others), "title")


def _letters(language: str, size: int, part: str) -> Letters:
    """Letters set at ``size`` pixels of a picture 720 high, as they stand in the screen's main zone."""
    (main,) = (zone for zone in SCREEN.layout.zones if zone.kind is ZoneKind.MAIN)
    scale = 1.0 if SCREEN.canvas is None else SCREEN.canvas.height * main.height / 100 / HEIGHT
    return Letters(language, round(letter_height(language, size) * scale, 1), round(size * scale, 1), part)


def _with_sound(facts: Facts, path: Path, spoken: tuple[str, ...]) -> Facts:
    """Listen to every track: the loudest counts."""
    heard = [(loudness(pcm, 2), siren(pcm, 2)) for pcm in _tracks(path)]
    levels = [level for level, _ in heard if level is not None]
    loudest = Loudness(round(max(one.lufs for one in levels), 1), round(max(one.peak_dbfs for one in levels), 1))
    by = {"loudness": "playlists/measure_loudness.py", "siren": "playlists/measure_siren.py"}
    return replace(
        facts,
        measured_by={**facts.measured_by, **by},
        loudness=loudest,
        siren=round(max(share for _, share in heard), 3),
        spoken=spoken,
        sounding=True,
    )


def _tracks(path: Path) -> Iterable["array[int]"]:
    with av.open(str(path), "r") as container:
        count = len(container.streams.audio)
    for number in range(count):
        pcm = array("h")
        resampler = av.AudioResampler(format="s16", layout="stereo", rate=RATE_HZ)
        with av.open(str(path), "r") as container:
            for decoded in (*container.decode(audio=number), None):
                for frame in resampler.resample(decoded):
                    pcm.frombytes(bytes(frame.planes[0])[: frame.samples * 4])
        yield pcm


def _flashes(path: Path) -> float:
    """The most flashes a second of any part of the picture."""
    across, down = _GRID
    parts: list[list[Light]] = [[] for _ in range(across * down)]
    with av.open(str(path), "r") as container:
        for frame in container.decode(video=0):
            small = frame.reformat(width=across, height=down, format="rgb24", interpolation="AREA").planes[0]
            held, stride = bytes(small), small.line_size
            for place, lights in enumerate(parts):
                at = place // across * stride + place % across * 3
                lights.append(Light(float(frame.time or 0), *(linear(code / _FULL) for code in held[at : at + 3])))
    return max(flashes_hz(lights) for lights in parts)


def _missing(text: str) -> tuple[str, ...]:
    """The characters that the shipped font of their script cannot draw."""
    found = {
        sign: None
        for script, run in script_runs(text)
        for sign in run
        if not sign.isspace() and not QFontMetricsF(font(script, 20, bold=False)).inFontUcs4(ord(sign))
    }
    return tuple(found)
