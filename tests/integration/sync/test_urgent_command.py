"""``signage-hub urgent`` and ``withdraw``: what comes to be signed, and what is refused."""

import json
import shutil
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from playlists.content_digest import item_digest
from playlists.errors import ExitCode
from playlists.playlist_file import read_playlist
from playlists.release import read_urgent, read_withdrawn
from sync import feed
from sync.hub import cli
from sync.hub.drafts import Draft, list_drafts
from sync.hub.feed_state import published_feed
from sync.hub.urgent_build import build_urgent, call_off, expired, plan_urgent
from sync.publication import concerns
from sync.trust import roles
from tests.integration.sync.test_pdf_pages import pdf, words
from tests.integration.sync.test_release_command import approved, playlist, screen, write
from tests.support.media import make_picture
from tests.support.peopled_hub import PeopledHub

DEMO = Path(__file__).resolve().parents[3] / "deploy" / "demo-content" / "bo-y"
ID = "khan-cap-dien-tap"

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PeopledHub:
    """A hub that knows who may issue urgent bulletins."""
    hub = PeopledHub(tmp_path / "hub")
    shutil.copy(DEMO / "bo-y.thresholds.json", hub.path / "hub.thresholds.json")
    monkeypatch.setenv("SIGNAGE_HUB", str(hub.path))
    return hub


@pytest.fixture
def drill(tmp_path: Path) -> Path:
    """The demo's urgent bulletin, in a folder of its own."""
    for path in (DEMO / "khan-cap").iterdir():
        shutil.copy(path, tmp_path / path.name)
    return tmp_path / "dien-tap.playlist.json"


def run(*arguments: str | Path) -> int:
    return cli.main([str(one) for one in arguments])


def only_draft(hub: PeopledHub) -> Draft:
    (draft,) = list_drafts(hub.hub)
    return draft


def urgent_targets(hub: PeopledHub) -> dict[str, tuple[bytes, object]]:
    """What the urgent role names, with its bytes and its custom."""
    return targets(hub, roles.URGENT)


def targets(hub: PeopledHub, role: str) -> dict[str, tuple[bytes, object]]:
    return {
        path: (
            hub.hub.published(feed.target_name(path, target.hashes["sha256"])).read_bytes(),
            target.unrecognized_fields.get("custom"),
        )
        for path, target in published_feed(hub.hub).delegated[role].signed.targets.items()
    }


def test_an_urgent_bulletin_is_issued_and_called_off(hub: PeopledHub, drill: Path, capsys: Captured) -> None:
    began = datetime.now(UTC).replace(microsecond=0)
    assert run("urgent", drill, "--screens", "bo-y/*", "--hours", "3") == ExitCode.OK
    assert "Cho: mọi màn hình của cửa khẩu bo-y" in capsys.readouterr().out
    hub.publish(only_draft(hub))
    ((path, (content, custom)),) = urgent_targets(hub).items()
    assert path == f"urgent/{ID}.json"
    assert custom == {"screens": ["bo-y/*"]}
    assert concerns(custom, "bo-y", "x")
    assert not concerns(custom, "ho-le", "x")
    urgent = read_urgent(content)
    assert urgent.id == urgent.slot.item.id == ID
    bulletin = urgent.slot.item.bulletin
    assert bulletin is not None
    assert bulletin.urgency is not None
    assert began <= bulletin.urgency.issued <= datetime.now(UTC)
    assert bulletin.urgency.expires - bulletin.urgency.issued == timedelta(hours=3)
    assert bulletin.urgency.issued.utcoffset() == timedelta(hours=7)
    former = json.loads(drill.read_bytes())["items"][0]["papers"]["approvals"][0]["digest"]
    assert {one.extra["approved_digest"] for one in urgent.slot.item.papers.approvals} == {former}
    assert run("urgent", "--call-off", ID) == ExitCode.OK
    hub.publish(only_draft(hub))
    assert urgent_targets(hub) == {}


def test_a_dry_run_of_an_urgent_bulletin_shows_its_bytes(hub: PeopledHub, drill: Path, capsys: Captured) -> None:
    assert run("urgent", drill, "--screens", "all", "--hours", "72", "--dry-run") == ExitCode.OK
    told = capsys.readouterr().out
    assert list_drafts(hub.hub) == []
    assert '  custom {"screens": ["*/*"]}' in told
    head, _, rest = told.partition('  {\n    "format_version"')
    content = (
        "\n".join(line[2:] for line in f'  {{\n    "format_version"{rest}'.split("\n  }\n")[0].split("\n")) + "\n}\n"
    )
    assert f"sha256 {sha256(content.encode()).hexdigest()}" in head
    assert read_urgent(content.encode()).id == ID


def test_expired_bulletins_go_out_with_the_next(hub: PeopledHub, drill: Path) -> None:
    assert run("urgent", drill, "--screens", "all", "--hours", "1") == ExitCode.OK
    hub.publish(only_draft(hub))
    state = published_feed(hub.hub)
    now = datetime.now(UTC)
    assert expired(hub.hub, state, now) == frozenset()
    stale = expired(hub.hub, state, now + timedelta(hours=2))
    assert stale == {f"urgent/{ID}.json"}
    assert call_off(ID, state, stale).remove == stale
    plan = plan_urgent(drill, (), now, hours=1)
    change = build_urgent(plan, ("*/*",), stale | {"urgent/old.json"}, None)
    assert change.remove == {"urgent/old.json"}
    assert set(change.set) == stale


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        ((), ExitCode.CONTENT, "Tin khẩn đã hết hiệu lực"),
        (("--hours", "73"), ExitCode.USAGE, "--hours phải từ 1 đến 72"),
        (("--hours", "0"), ExitCode.USAGE, "--hours phải từ 1 đến 72"),
    ],
)
def test_an_urgent_bulletin_holds_three_days_at_most(
    hub: PeopledHub, drill: Path, arguments: tuple[str, ...], code: int, told: str, capsys: Captured
) -> None:
    assert run("urgent", drill, "--screens", "all", *arguments) == code
    output = capsys.readouterr()
    assert told in output.out + output.err
    assert list_drafts(hub.hub) == []


def test_an_expiry_written_too_late_is_refused(hub: PeopledHub, drill: Path, capsys: Captured) -> None:
    document = json.loads(drill.read_bytes())
    late = (datetime.now(UTC) + timedelta(hours=80)).replace(microsecond=0).isoformat()
    document["items"][0]["bulletin"]["urgency"]["expires"] = late
    write(drill, document)
    assert run("urgent", drill, "--screens", "all") == ExitCode.CONTENT
    told = capsys.readouterr().out
    assert "/items/0/bulletin/urgency/expires" in told
    assert "nhiều nhất 72 giờ" in told
    assert "V10" in told  # approvals of other hours are none
    assert list_drafts(hub.hub) == []


def test_rule_v10_bars(hub: PeopledHub, drill: Path, capsys: Captured) -> None:
    document = json.loads(drill.read_bytes())
    one = document["items"][0]["papers"]["approvals"].pop()
    write(drill, document)
    assert run("urgent", drill, "--screens", "all", "--hours", "2") == ExitCode.CONTENT
    assert "V10" in capsys.readouterr().out
    document["items"][0]["papers"]["approvals"].append(one)
    write(drill, document)
    (hub.path / "hub.thresholds.json").unlink()
    assert run("urgent", drill, "--screens", "all", "--hours", "2") == ExitCode.CONTENT
    assert "V10" in capsys.readouterr().out
    thresholds = DEMO / "bo-y.thresholds.json"
    assert run("urgent", drill, "--screens", "all", "--hours", "2", "--thresholds", thresholds) == ExitCode.OK


def test_what_is_no_urgent_bulletin_is_refused(hub: PeopledHub, drill: Path, capsys: Captured) -> None:
    assert run("urgent", DEMO / "bo-y.playlist.json", "--screens", "all") == ExitCode.CONTENT
    assert "bo-y.playlist.json#/slots" in capsys.readouterr().out
    document = json.loads(drill.read_bytes())
    document["items"][0]["id"] = document["slots"][0]["item"] = "Khẩn cấp/1"
    write(drill, document)
    assert run("urgent", drill, "--screens", "all", "--hours", "2") == ExitCode.CONTENT
    assert "dien-tap.playlist.json#/items/0/id" in capsys.readouterr().out
    assert run("urgent", drill.with_name("nowhere.playlist.json"), "--screens", "all") == ExitCode.CONTENT
    for arguments in ((), (drill, "--call-off", ID), (drill,)):
        assert run("urgent", *arguments) == ExitCode.USAGE
    assert run("urgent", "--call-off", "khac") == ExitCode.USAGE
    assert "không có tin khẩn nào mang mã “khac”" in capsys.readouterr().err
    assert list_drafts(hub.hub) == []


def test_an_urgent_bulletin_brings_its_picture(hub: PeopledHub, drill: Path) -> None:
    picture = make_picture(drill.with_name("nước lũ.png"))
    digest = sha256(picture.read_bytes()).hexdigest()
    document = json.loads(drill.read_bytes())
    bulletin = document["items"][0]["bulletin"]
    bulletin |= {"picture": picture.name, "picture_sha256": digest}
    write(drill, document)
    assert run("urgent", drill, "--screens", "all", "--hours", "2") == ExitCode.CONTENT  # approved without it
    changed = item_digest(read_playlist(drill.read_bytes()).slots[0].item)
    for approval in document["items"][0]["papers"]["approvals"]:
        approval["digest"] = changed
    write(drill, document)
    facts = drill.with_name("dien-tap.facts.json")
    measured = json.loads(facts.read_bytes())
    measured["items"][ID]["of"] = changed
    write(facts, measured)
    assert run("urgent", drill, "--screens", "all", "--hours", "2") == ExitCode.OK
    hub.publish(only_draft(hub))
    ((content, _),) = urgent_targets(hub).values()
    (file,) = read_urgent(content).media
    assert hub.hub.published(feed.media_name(file.sha256)).read_bytes() == picture.read_bytes()


@pytest.fixture
def released(hub: PeopledHub, tmp_path: Path) -> PeopledHub:
    """A hub that has published a picture and a leaflet of two pages for bo-y/tuong-1."""
    folder = tmp_path / "content"
    folder.mkdir()
    picture = make_picture(folder / "a.png")
    leaflet = folder / "to-gap.pdf"
    leaflet.write_bytes(pdf([words(b"One"), words(b"Two")]))
    items = []
    for name, kind, path in (("ap-phich", "image", picture), ("to-gap", "page", leaflet)):
        digest = sha256(path.read_bytes()).hexdigest()
        item = {
            "id": name,
            "kind": kind,
            "source": path.name,
            "title": name,
            "languages": ["vi"],
            "duration_ms": 60_000,
        }
        items.append(approved(item | {"sha256": digest}, digest))
    write(folder / "a.playlist.json", playlist(items))
    write(folder / "a.screen.json", screen("bo-y", "tuong-1"))
    assert run("release", folder, "--screens", "bo-y/tuong-1", "--authority", "department") == ExitCode.OK
    hub.publish(only_draft(hub))
    return hub


def test_an_item_is_withdrawn_and_the_withdrawal_lifted(released: PeopledHub, capsys: Captured) -> None:
    assert run("withdraw", "ap-phich", "--screens", "bo-y/*", "--reason", "Sai số điện thoại") == ExitCode.OK
    told = capsys.readouterr().out
    assert "ap-phich: ap-phich (sha256" in told
    assert "đang có tại bo-y/tuong-1" in told
    assert "withdraw --lift ap-phich" in told
    released.publish(only_draft(released))
    ((path, (content, custom)),) = targets(released, roles.WITHDRAWALS).items()
    assert path == "withdrawals/ap-phich.json"
    assert custom == {"screens": ["bo-y/*"], "reason": "Sai số điện thoại"}
    assert read_withdrawn(content).items == {"ap-phich"}
    assert run("withdraw", "ap-phich", "--screens", "all", "--reason", "Lần hai") == ExitCode.OK
    assert "withdraw --lift ap-phich-2" in capsys.readouterr().out
    released.publish(only_draft(released))
    assert run("withdraw", "--lift", "ap-phich") == ExitCode.OK
    released.publish(only_draft(released))
    assert set(targets(released, roles.WITHDRAWALS)) == {"withdrawals/ap-phich-2.json"}


def test_a_file_or_a_digest_is_withdrawn(released: PeopledHub, tmp_path: Path, capsys: Captured) -> None:
    picture = tmp_path / "content" / "a.png"
    digest = sha256(picture.read_bytes()).hexdigest()
    assert run("withdraw", picture, "--screens", "all", "--reason", "r", "--dry-run") == ExitCode.OK
    by_file = capsys.readouterr().out
    assert run("withdraw", digest, "--screens", "all", "--reason", "r", "--dry-run") == ExitCode.OK
    by_digest = capsys.readouterr().out
    assert by_file == by_digest
    assert f'"sha256": "{digest}"' in by_file
    assert "đang có tại bo-y/tuong-1" in by_file
    assert list_drafts(released.hub) == []


def test_of_a_pdf_its_pages_are_withdrawn(released: PeopledHub, tmp_path: Path) -> None:
    for what in ("to-gap", str(tmp_path / "content" / "to-gap.pdf")):
        assert run("withdraw", what, "--screens", "all", "--reason", "r") == ExitCode.OK
        released.publish(only_draft(released))
        newest = list(targets(released, roles.WITHDRAWALS).values())[-1]
        assert {"to-gap-1", "to-gap-2"} <= read_withdrawn(newest[0]).items


def test_a_withdrawal_that_is_none(released: PeopledHub, capsys: Captured) -> None:
    for arguments, told in (
        (("ap-phich", "--screens", "all"), "--reason"),
        (("ap-phich", "--reason", "r"), "--screens"),
        (("ap-phich", "--screens", "bo-i/*", "--reason", "r"), "không có màn hình nào khớp"),
        (("--lift", "khong-co"), "không có lệnh thu hồi nào tên"),
        ((), "hãy chỉ ra nội dung"),
    ):
        assert run("withdraw", *arguments) == ExitCode.USAGE
        assert told in capsys.readouterr().err
    assert run("withdraw", "./nowhere.png", "--screens", "all", "--reason", "r") == ExitCode.CONTENT
    assert run("withdraw", "Mục lạ", "--screens", "all", "--reason", "r") == ExitCode.OK
    assert "chưa có bản phát hành nào chứa nội dung này" in capsys.readouterr().out
    assert len(list_drafts(released.hub)) == 1
