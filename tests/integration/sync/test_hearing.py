"""Sound measured in a cell: how loud, on which track, and whether it wails."""

import subprocess
from pathlib import Path

import pytest

from playlists.bulletin import Bulletin, BulletinText
from playlists.content_digest import item_digest
from playlists.facts import Facts, Loudness
from playlists.playlist import Item, ItemKind
from playlists.proof import Rendition
from sync.hub.hearing import with_hearing
from sync.hub.release_checks import Examinations
from tests.support.bulletins import URGENCY

PICTURE = ("-f", "lavfi", "-i", "testsrc2=size=64x36:rate=10:duration=1.5")
WAIL = "aevalsrc='0.3*sin(2*PI*900*t+300*sin(2*PI*t))':s=48000:d=4"


def encode(path: Path, *arguments: str) -> Path:
    subprocess.run(["ffmpeg", "-v", "error", "-nostdin", *arguments, str(path)], check=True)
    return path


def clip(source: str, sha256: str | None = None) -> Item:
    return Item("phim", source, ItemKind.CLIP, "Phim", ("vi",), sha256=sha256)


def heard(folder: Path, item: Item, known: Facts | None = None) -> Facts | None:
    facts = {} if known is None else {item.id: known}
    return dict(with_hearing(facts, [item], Examinations(folder))).get(item.id)


def test_the_loudest_of_the_tracks_counts(tmp_path: Path) -> None:
    tones = [("-f", "lavfi", "-i", f"sine=frequency=1000:duration=1.5,volume={gain}dB") for gain in (-20, -5)]
    maps = ("-map", "0:v", "-map", "1:a", "-map", "2:a")
    encode(tmp_path / "a.mp4", *PICTURE, *tones[0], *tones[1], *maps, "-pix_fmt", "yuv420p")
    facts = heard(tmp_path, clip("a.mp4", "0" * 64))
    assert facts is not None
    assert facts.of == "0" * 64
    assert facts.sounding is True
    assert facts.siren is None
    assert facts.measured_by == {"loudness": "signage-hub"}
    assert facts.loudness is not None
    # ffmpeg's sine has an eighth of full scale; its own meter (ebur128) tells -26.1 LUFS of the second track.
    assert facts.loudness.peak_dbfs == pytest.approx(-23, abs=1)
    assert facts.loudness.lufs == pytest.approx(-26.1, abs=0.3)


def test_what_makes_no_sound_is_known_to(tmp_path: Path) -> None:
    encode(tmp_path / "a.mp4", *PICTURE, "-pix_fmt", "yuv420p")
    facts = heard(tmp_path, clip("a.mp4"))
    assert facts is not None
    assert (facts.sounding, facts.loudness) == (False, None)
    silence = ("-f", "lavfi", "-i", "anullsrc=d=1.5")
    encode(tmp_path / "b.mp4", *PICTURE, *silence, "-shortest", "-pix_fmt", "yuv420p")
    quiet = heard(tmp_path, clip("b.mp4"))
    assert quiet is not None
    assert (quiet.sounding, quiet.loudness) == (True, Loudness(-70.0, -70.0))


def test_what_is_on_record_of_this_content_counts_first(tmp_path: Path) -> None:
    encode(tmp_path / "a.mp4", *PICTURE, *("-f", "lavfi", "-i", "sine=duration=1.5"), "-pix_fmt", "yuv420p")
    known = Facts(of="0" * 64, loudness=Loudness(-30, -20), flash_hz=1)
    assert heard(tmp_path, clip("a.mp4", "0" * 64), known) == known
    other = heard(tmp_path, clip("a.mp4", "1" * 64), known)
    assert other is not None
    assert other.loudness != known.loudness
    assert other.flash_hz is None


def test_a_wail_in_an_urgent_bulletin_is_heard(tmp_path: Path) -> None:
    encode(tmp_path / "hu.m4a", "-f", "lavfi", "-i", WAIL)
    bulletin = Bulletin((BulletinText("vi", "Lũ"),), Rendition.SOUND, sound="hu.m4a", urgency=URGENCY)
    item = Item("lu", "", ItemKind.BULLETIN, "Lũ", ("vi",), bulletin=bulletin)
    facts = heard(tmp_path, item)
    assert facts is not None
    assert facts.of == item_digest(item)
    assert facts.siren is not None
    assert facts.siren > 0.5


def test_what_cannot_be_heard_stays_unmeasured(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"no clip")
    (tmp_path / "out.mp4").symlink_to("/etc/hostname")
    assert heard(tmp_path, clip("a.mp4")) is None
    assert heard(tmp_path, clip("out.mp4")) is None
    assert heard(tmp_path, clip("missing.mp4")) is None
