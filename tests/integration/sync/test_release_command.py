"""``signage-hub release``: a folder becomes a draft, is signed, published, read back as agent and player do."""

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from playlists.bulletin import Bulletin, BulletinText
from playlists.content_digest import content_digest
from playlists.errors import ExitCode
from playlists.playlist import Item
from playlists.release import Release, read_release, read_released_playlist
from playlists.screen_file import read_screen
from sync import feed
from sync.hub import cli
from sync.hub.drafts import list_drafts
from sync.hub.feed_state import published_feed
from sync.hub.folder import read_counters
from sync.pieces import PIECE_BYTES, read_pieces
from sync.publication import Rollout, pieces_of, rollout_of
from tests.integration.sync.test_pdf_pages import pdf, words
from tests.support.media import Clip, make_clip
from tests.support.peopled_hub import PeopledHub

DEMO = Path(__file__).resolve().parents[3] / "deploy" / "demo-content" / "bo-y"
BOARD = "bo-y/bo-y-trong-nha"

Captured = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> PeopledHub:
    return PeopledHub(tmp_path_factory.mktemp("hub") / "hub")


@pytest.fixture
def hub(founded: PeopledHub, monkeypatch: pytest.MonkeyPatch) -> Iterator[PeopledHub]:
    """A hub with no drafts; what is published stays from test to test."""
    monkeypatch.setenv("SIGNAGE_HUB", str(founded.path))
    yield founded
    shutil.rmtree(founded.hub.drafts, ignore_errors=True)


def run(*arguments: str | Path) -> int:
    return cli.main([str(one) for one in arguments])


def approved(item: dict[str, Any], digest: str) -> dict[str, Any]:
    approval = {"by": "Người duyệt", "on": "2026-11-01", "digest": digest}
    return {**item, "papers": {"theme": "border", "approvals": [approval]}}


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A folder with one picture, one screen, nothing wrong with it."""
    folder = tmp_path / "Nội dung"
    folder.mkdir()
    Image.new("RGB", (64, 36), "navy").save(folder / "áp phích.png")
    digest = sha256((folder / "áp phích.png").read_bytes()).hexdigest()
    item = {"id": "ap-phich", "kind": "image", "source": "áp phích.png", "title": "Áp phích", "languages": ["vi"]}
    write(folder / "a.playlist.json", playlist([approved(item | {"sha256": digest, "duration_ms": 120_000}, digest)]))
    write(folder / "a.screen.json", screen("bo-y", "tuong-1"))
    return folder


def write(path: Path, document: dict[str, Any]) -> None:
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")


def playlist(items: list[dict[str, Any]]) -> dict[str, Any]:
    return {"format_version": 2, "id": "p", "title": "Thử", "items": items}


def screen(gate: str, name: str, **more: object) -> dict[str, Any]:
    """Open for an hour a day, for a plan of a week takes a second otherwise."""
    hours = [{"begins": "08:00", "ends": "09:00"}]
    return {"format_version": 1, "id": name, "gate": gate, "cluster": gate, "hours": hours, **more}


def changed(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    document = json.loads(path.read_bytes())
    change(document)
    write(path, document)


def published(hub: PeopledHub, role: str, path: str) -> Release:
    """A release as it stands in the feed, its files looked at as an agent does."""
    target = published_feed(hub.hub).delegated[role].signed.targets[path]
    content = hub.hub.published(feed.target_name(path, target.hashes["sha256"])).read_bytes()
    release = read_release(content)
    for file in (release.playlist, *release.media, *(() if release.screen is None else (release.screen,))):
        held = hub.hub.published(feed.media_name(file.sha256)).read_bytes()
        assert (sha256(held).hexdigest(), len(held)) == (file.sha256, file.length)
        pieces = pieces_of(file)
        assert (pieces is not None) == (len(held) > PIECE_BYTES)
        if pieces is not None:
            told = hub.hub.published(feed.pieces_name(pieces.sha256)).read_bytes()
            assert (sha256(told).hexdigest(), len(told)) == (pieces.sha256, pieces.length)
            cut = read_pieces(told, len(held))
            assert all(cut.fits(n, held[slice(*cut.bounds(n))]) for n in range(len(cut.digests)))
    return release


def items_of(hub: PeopledHub, release: Release) -> list[Item]:
    content = hub.hub.published(feed.media_name(release.playlist.sha256)).read_bytes()
    return [slot.item for slot in read_released_playlist(content, release).slots]


def test_the_demo_folder_is_released_and_read_back(hub: PeopledHub, capsys: Captured) -> None:
    before = read_counters(hub.hub).sequence
    arguments = ("release", DEMO, "--screens", BOARD, "bo-y/tuong-2", "--authority", "unit-bo-y")
    assert run(*arguments, "--canary", "bo-y/tuong-2", "--hold", "1.5") == ExitCode.OK
    told = capsys.readouterr().out
    (draft,) = list_drafts(hub.hub)
    assert f"{draft.name}, chờ ký: {draft.request}" in told
    assert draft.read().summary[1] == f"Cho 2 màn hình: {BOARD}, bo-y/tuong-2"
    hub.publish(draft)
    first = published(hub, "unit-bo-y", f"releases/{BOARD}.json")
    second = published(hub, "unit-bo-y", "releases/bo-y/tuong-2.json")
    assert first.sequence == second.sequence == before + 1
    assert rollout_of(first) == rollout_of(second) == Rollout(("bo-y/tuong-2",), 90)
    assert first.extra["authority"] == "unit-bo-y"
    assert str(first.extra["published"])[-6] in "+-"
    assert first.playlist.source == "playlist.json"
    held = hub.hub.published(feed.media_name(first.playlist.sha256)).read_bytes()
    assert held == (DEMO / "bo-y.playlist.json").read_bytes()
    assert first.media == second.media
    sources = {file.source for file in first.media}
    assert {"01-chao-mung-vi-lo.vi.srt", "01-chao-mung-vi-lo.lo.srt", "bieu-trung/cum-bo-y.png"} <= sources
    assert first.screen is not None
    assert second.screen is not None
    own = hub.hub.published(feed.media_name(first.screen.sha256)).read_bytes()
    assert own == (DEMO / "bo-y.screen.json").read_bytes()
    lent = read_screen(hub.hub.published(feed.media_name(second.screen.sha256)).read_bytes())
    assert (lent.id, lent.gate, lent.layout) == ("tuong-2", "bo-y", read_screen(own).layout)
    assert len(items_of(hub, first)) == 13


def test_a_dry_run_shows_the_very_bytes_and_writes_nothing(hub: PeopledHub, small: Path, capsys: Captured) -> None:
    counters = hub.hub.counters.read_bytes()
    assert run("release", small, "--screens", "bo-y/tuong-1", "--authority", "department", "--dry-run") == ExitCode.OK
    told = capsys.readouterr().out
    assert hub.hub.counters.read_bytes() == counters
    assert list_drafts(hub.hub) == []
    assert run("release", small, "--screens", "bo-y/tuong-1", "--authority", "department") == ExitCode.OK
    (draft,) = list_drafts(hub.hub)
    ((digest, content),) = draft.read().targets.items()
    lines = told.split("\n")
    begun = next(n for n, line in enumerate(lines) if line.startswith("+ releases/bo-y/tuong-1.json"))
    shown = "\n".join(line[2:] for line in lines[begun + 1 : lines.index("  }", begun) + 1]) + "\n"
    same = {**json.loads(shown), "published": ""} == {**json.loads(content), "published": ""}
    assert same
    assert sha256(content).hexdigest() == digest
    assert f"sha256 {sha256(shown.encode()).hexdigest()}  {len(shown.encode())} byte" in lines[begun]


def test_a_slate_and_captions_come_with_the_media(hub: PeopledHub, small: Path) -> None:
    Image.new("RGB", (32, 18), "red").save(small / "slate.png")
    assert run("release", small, "--screens", "bo-y/tuong-1", "--authority", "department") == ExitCode.OK
    hub.publish(list_drafts(hub.hub)[0])
    release = published(hub, "department", "releases/bo-y/tuong-1.json")
    assert release.slate == "slate.png"
    assert release.screen is not None
    held = hub.hub.published(feed.media_name(release.screen.sha256)).read_bytes()
    assert held == (small / "a.screen.json").read_bytes()
    assert [file.source for file in release.media] == ["áp phích.png", "slate.png"]


@pytest.mark.usefixtures("hub")
def test_each_screen_gets_its_own_file_and_a_star_names_them(small: Path, capsys: Captured) -> None:
    write(small / "b.screen.json", screen("bo-y", "tuong-7", canvas={"width": 720, "height": 1280}))
    write(small / "c.screen.json", screen("ho-le", "tuong-1"))
    assert run("release", small, "--screens", "bo-y/*", "--authority", "department") == ExitCode.OK
    assert "Cho 2 màn hình: bo-y/tuong-1, bo-y/tuong-7" in capsys.readouterr().out
    assert run("release", small, "--screens", "all", "--authority", "department") == ExitCode.OK
    assert "Cho 3 màn hình: bo-y/tuong-1, bo-y/tuong-7, ho-le/tuong-1" in capsys.readouterr().out
    assert run("release", small, "--screens", "all", "--authority", "unit-bo-y") == ExitCode.OK
    assert "Cho 2 màn hình: bo-y/tuong-1, bo-y/tuong-7" in capsys.readouterr().out
    assert run("release", small, "--screens", "bo-y/tuong-9", "--authority", "department") == ExitCode.CONTENT
    assert "không có tệp màn hình nào cho bo-y/tuong-9" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--screens", "ho-le/a", "--authority", "unit-bo-y"), "“unit-bo-y” không được ký cho: ho-le/a"),
        (("--screens", "bo-y/tuong-1", "--authority", "urgent"), "không có nơi phát hành nào tên “urgent”"),
        (("--screens", "bo-y/tuong-1", "--authority", "unit-x"), "department"),
        (("--screens", "dak-blo/*", "--authority", "department"), "không có màn hình nào khớp với “dak-blo/*”"),
        (("--screens", "Bờ Y", "--authority", "department"), "viết dạng bo-y/tuong-1"),
        (("--screens", "bo-y/a", "--authority", "department", "--canary", "bo-y/a"), "--canary và --hold đi cùng nhau"),
        (("--screens", "bo-y/a", "--authority", "department", "--hold", "2"), "--canary và --hold đi cùng nhau"),
        (
            ("--screens", "bo-y/a", "--authority", "department", "--canary", "bo-y/b", "--hold", "2"),
            "không nằm trong bản phát hành: bo-y/b",
        ),
        (("--authority", "department"), "--screens"),
    ],
)
def test_wrong_use_is_told(
    hub: PeopledHub, small: Path, arguments: tuple[str, ...], told: str, capsys: Captured
) -> None:
    assert run("release", small, *arguments) == ExitCode.USAGE
    assert told in capsys.readouterr().err
    assert list_drafts(hub.hub) == []


def refused(folder: Path, capsys: Captured) -> str:
    """What is told of a folder that must not be published."""
    assert run("release", folder, "--screens", "bo-y/tuong-1", "--authority", "department") == ExitCode.CONTENT
    told = capsys.readouterr()
    return told.out + told.err


def test_what_the_rules_forbid_is_refused_with_the_file_and_the_item(
    hub: PeopledHub, small: Path, capsys: Captured
) -> None:
    file = small / "a.playlist.json"
    changed(file, lambda told: told["items"][0]["papers"].update(approvals=[]))
    told = refused(small, capsys)
    assert "a.playlist.json#/items/0/papers (mục “ap-phich”): V15" in told
    assert "1 lỗi." in told
    assert list_drafts(hub.hub) == []


def test_what_nobody_measured_bars_publication_where_the_rule_does(
    hub: PeopledHub, small: Path, capsys: Captured
) -> None:
    texts = Bulletin((BulletinText("vi", "Chào"),))
    item = {
        "id": "tin",
        "kind": "bulletin",
        "title": "Tin",
        "bulletin": {"texts": [{"language": "vi", "title": "Chào"}]},
    }
    write(small / "a.playlist.json", playlist([approved(item, content_digest(texts))]))
    assert "V17" in refused(small, capsys)
    facts = {"of": content_digest(texts), "missing_glyphs": {"vi": []}, "normal_text": True}
    write(small / "a.facts.json", {"format_version": 1, "items": {"tin": facts}})
    assert run("release", small, "--screens", "bo-y/tuong-1", "--authority", "department") == ExitCode.OK
    assert len(list_drafts(hub.hub)) == 1


def test_rules_that_depend_on_the_screen_name_it(hub: PeopledHub, small: Path, capsys: Captured) -> None:
    write(small / "b.screen.json", screen("ho-le", "tuong-1", armed_forces=True))
    changed(small / "a.playlist.json", lambda told: told["items"][0]["papers"].update(commercial=True))
    assert run("release", small, "--screens", "all", "--authority", "department") == ExitCode.CONTENT
    told = capsys.readouterr().out
    assert "V6" in told
    assert "[ho-le/tuong-1]" in next(line for line in told.split("\n") if ": V6" in line)
    assert list_drafts(hub.hub) == []


@pytest.mark.usefixtures("hub")
def test_a_clip_no_kiosk_plays_is_refused_with_a_command(small: Path, capsys: Captured) -> None:
    clip = make_clip(small / "phim 1.mp4", Clip(frames=60, rate=Fraction(120), size=(64, 48)))
    digest = sha256(clip.read_bytes()).hexdigest()
    item = {"id": "phim", "kind": "clip", "source": clip.name, "title": "Phim", "languages": ["vi"], "sha256": digest}
    write(small / "a.playlist.json", playlist([approved(item, digest)]))
    told = refused(small, capsys)
    assert "a.playlist.json#/items/0/source (mục “phim”): 120 hình mỗi giây" in told
    (command,) = (line.strip() for line in told.split("\n") if line.strip().startswith("ffmpeg "))
    assert f"'{clip}'" in command
    assert f"'{clip.with_name('phim 1.kiosk.mp4')}'" in command


def test_captions_are_read_and_go_out_with_the_clip(hub: PeopledHub, small: Path, capsys: Captured) -> None:
    clip, captions = make_clip(small / "phim.mp4", Clip(frames=50)), small / "phim.vi.srt"
    digest = sha256(clip.read_bytes()).hexdigest()
    item = {"id": "phim", "kind": "clip", "source": clip.name, "title": "Phim", "languages": ["vi"], "sha256": digest}
    captioned = {**item, "captions": [{"language": "vi", "source": captions.name}]}
    write(small / "a.playlist.json", playlist([approved(captioned, digest)]))
    facts = {"of": digest, "missing_glyphs": {"vi": []}, "normal_text": True}
    write(small / "a.facts.json", {"format_version": 1, "items": {"phim": facts}})
    assert "Không tìm thấy tệp “phim.vi.srt”" in refused(small, capsys)
    captions.write_text("không phải phụ đề", encoding="utf-8")
    assert "a.playlist.json#/items/0/captions/0/source (mục “phim”): Tệp phụ đề không dùng được" in refused(
        small, capsys
    )
    captions.write_text("1\n00:00:00,100 --> 00:00:01,000\nChào\n\n2\nlạ --> lùng\nHỏng\n", encoding="utf-8")
    assert run("release", small, "--screens", "bo-y/tuong-1", "--authority", "department") == ExitCode.OK
    assert "Lưu ý: Dòng" in capsys.readouterr().out
    hub.publish(list_drafts(hub.hub)[0])
    release = published(hub, "department", "releases/bo-y/tuong-1.json")
    assert [file.source for file in release.media] == ["phim.mp4", "phim.vi.srt"]


def test_a_sound_nobody_measured_is_measured(hub: PeopledHub, small: Path, capsys: Captured) -> None:
    """A sine of a quarter of full scale is -15 LUFS or so, one of -30 dB lets everything out."""
    for name, gain, told in (("to.mp4", "0dB", "V9"), ("nhỏ.mp4", "-20dB", "Đã tạo bản nháp")):
        clip = small / name
        tone = ("-f", "lavfi", "-i", f"sine=frequency=1000:duration=2,volume={gain},volume=12dB")
        picture = ("-f", "lavfi", "-i", "testsrc2=size=64x36:rate=10:duration=2")
        subprocess.run(
            ["ffmpeg", "-v", "error", *picture, *tone, "-c:v", "libx264", "-pix_fmt", "yuv420p", str(clip)], check=True
        )
        digest = sha256(clip.read_bytes()).hexdigest()
        item = {"id": "phim", "kind": "clip", "source": name, "title": "Phim", "sound": ["vi"], "sha256": digest}
        write(small / "a.playlist.json", playlist([approved({**item, "length_ms": 2000, "languages": ["vi"]}, digest)]))
        run("release", small, "--screens", "bo-y/tuong-1", "--authority", "department")
        assert told in capsys.readouterr().out
    assert len(list_drafts(hub.hub)) == 1


@pytest.mark.usefixtures("hub")
def test_files_that_are_not_as_they_should_be(small: Path, capsys: Captured) -> None:
    file, picture = small / "a.playlist.json", small / "áp phích.png"
    original = file.read_bytes()
    Image.new("RGB", (64, 36), "white").save(picture)
    assert "Nội dung tệp không khớp với mã sha256 đã ghi" in refused(small, capsys)
    picture.unlink()
    assert "Không tìm thấy tệp “áp phích.png”" in refused(small, capsys)
    (small.parent / "secret.png").write_bytes(b"x")
    picture.symlink_to(small.parent / "secret.png")
    assert "nằm ngoài thư mục phát hành" in refused(small, capsys)
    file.write_bytes(original[:-20])
    assert "a.playlist.json#" in refused(small, capsys)
    write(
        file,
        {
            "format_version": 1,
            "id": "p",
            "title": "P",
            "items": [{"id": "a", "kind": "image", "source": "a.png", "title": "A"}],
        },
    )
    assert "phiên bản 1 không có chỗ ghi phê duyệt" in refused(small, capsys)
    write(file, playlist([{"id": "a", "kind": "clip", "source": "a.wmv", "title": "A"}]))
    (small / "a.wmv").write_bytes(b"x")
    assert "a.kiosk.mp4" in refused(small, capsys)
    write(small / "b.playlist.json", {})
    assert "phải có đúng một tệp *.playlist.json" in refused(small, capsys)
    assert "không có thư mục" in refused(small / "nowhere", capsys)


@pytest.mark.usefixtures("hub")
def test_a_slot_for_one_screen_leaves_the_other_without_programme(small: Path, capsys: Captured) -> None:
    write(small / "b.screen.json", screen("bo-y", "tuong-2"))
    slots = [{"id": "s", "item": "ap-phich", "target": {"screens": ["tuong-1"]}}]
    changed(small / "a.playlist.json", lambda told: told.update(slots=slots))
    run("release", small, "--screens", "all", "--authority", "department", "--dry-run")
    told = capsys.readouterr().out
    assert "[bo-y/tuong-2]" in told
    assert "[bo-y/tuong-1]" not in told


@pytest.mark.usefixtures("hub")
def test_a_broken_screen_or_facts_file_is_named(small: Path, capsys: Captured) -> None:
    write(small / "a.facts.json", {"format_version": 1, "items": 7})
    changed(small / "a.screen.json", lambda told: told.update(rotation=45))
    told = refused(small, capsys)
    assert "a.facts.json#/items" in told
    assert "a.screen.json#/rotation" in told


@pytest.mark.usefixtures("hub")
def test_a_logo_or_slate_that_cannot_be_shown_is_refused(small: Path, capsys: Captured) -> None:
    layout = {"zones": [{"kind": "main", "x": 0, "y": 0, "width": 100, "height": 100}], "logo": "logo.png"}
    changed(small / "a.screen.json", lambda told: told.update(layout=layout))
    (small / "slate.png").write_bytes(b"no picture")
    told = refused(small, capsys)
    assert "a.screen.json#/layout/logo: Không tìm thấy tệp “logo.png”" in told
    assert "slate.png: " in told


def test_a_pdf_becomes_pages_for_each_canvas(hub: PeopledHub, small: Path, capsys: Captured) -> None:
    leaflet = small / "tờ gấp.pdf"
    leaflet.write_bytes(pdf([words(b"Passport and border pass"), words(b"Customs")]))
    digest = sha256(leaflet.read_bytes()).hexdigest()
    item = {"id": "to-gap", "kind": "page", "source": leaflet.name, "title": "Tờ gấp", "languages": ["vi", "en"]}
    write(small / "a.playlist.json", playlist([approved(item, digest)]))
    write(small / "b.screen.json", screen("bo-y", "tuong-7", canvas={"width": 720, "height": 1280}))
    assert run("release", small, "--screens", "bo-y/*", "--authority", "department") == ExitCode.OK
    assert "to-gap-2: Tờ gấp (2/2) (trang, vi, en" in capsys.readouterr().out
    hub.publish(list_drafts(hub.hub)[0])
    wide = published(hub, "department", "releases/bo-y/tuong-1.json")
    tall = published(hub, "department", "releases/bo-y/tuong-7.json")
    assert [file.source for file in wide.media] == ["tờ gấp.pdf-1.png", "tờ gấp.pdf-2.png"]
    assert wide.media[0].sha256 != tall.media[0].sha256
    for release, size in ((wide, (1529, 1080)), (tall, (720, 509))):
        first, second = items_of(hub, release)
        assert (first.id, second.id) == ("to-gap-1", "to-gap-2")
        assert first.languages == ("vi", "en")
        assert first.papers.approvals[0].digest == first.sha256
        assert first.papers.approvals[0].extra == {"document_sha256": digest}
        with Image.open(hub.hub.published(feed.media_name(release.media[1].sha256))) as picture:
            assert picture.size == size
    changed(small / "a.playlist.json", lambda told: told["items"][0].update(sha256="0" * 64))
    assert "không khớp với mã sha256" in refused(small, capsys)
    leaflet.write_bytes(b"%PDF-1.7 torn")
    assert "a.playlist.json#/items/0/source (mục “to-gap”): Tệp PDF hỏng" in refused(small, capsys)
