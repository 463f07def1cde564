"""``signage-hub`` as processes: from four laptops to a feed, without network and without Django."""

import json
import os
import pty
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sync.hub.cli import command_names, main
from sync.hub.cli_init import EXAMPLE
from sync.hub.drafts import find_draft, list_drafts
from sync.hub.folder import HubFolder
from sync.hub.keys import new_key_file
from sync.hub.request import read_request
from tests.support.small_hub import ENOUGH, PASSWORD, PEOPLE, Kiosk

HUB = Path(sys.executable).with_name("signage-hub")
NO_NETWORK = ["unshare", "--user", "--map-root-user", "--net"]


def run(*arguments: object, expect: int = 0) -> str:
    """Run a command in a network namespace that holds nothing; what it says."""
    done = subprocess.run(
        [*NO_NETWORK, HUB, *map(str, arguments)],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "SIGNAGE_HUB_PASSWORD": PASSWORD, "PYTHONIOENCODING": "utf-8"},
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == expect, done.stderr + done.stdout
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


def plan_in(folder: Path) -> Path:
    for name in PEOPLE:
        new_key_file(folder / f"{name}.pem", f"Người {name}", PASSWORD)
    path = folder / "plan.json"
    path.write_text(json.dumps(EXAMPLE), encoding="utf-8")
    return path


def test_from_four_laptops_to_a_feed(tmp_path: Path) -> None:
    plan, hub = plan_in(tmp_path), tmp_path / "hub"
    assert "3 trong 4 người" in run("init", hub, "--plan", plan, "--dry-run")
    assert not hub.exists()
    assert "Còn thiếu 3 chữ ký" in run("init", hub, "--plan", plan)
    request = tmp_path / "request.json"
    request.write_bytes((hub / "drafts" / "0001-trust" / "request.json").read_bytes())
    assert "Mã kiểm tra" in run("sign", request, "--dry-run")
    assert "người ký đồng ý" in run("sign", request, "--key", tmp_path / "so-1.pem", expect=2)
    assert "Chưa đủ chữ ký" in run("publish", "--hub", hub, expect=3)
    for name in ENOUGH:
        run("sign", request, "--key", tmp_path / f"{name}.pem", "--yes", "--output", tmp_path / f"{name}.json")
    assert "chưa phát hành lần nào" in run("sign", "--hub", hub, "--drop", "0001-trust", expect=3)
    brought = [tmp_path / f"{name}.json" for name in ENOUGH]
    assert "Đã đủ chữ ký" in run("sign", "--hub", hub, "--collect", *brought)
    assert "đã đủ chữ ký; hãy phát hành" in run("status", "--hub", hub)
    assert "Đã phát hành" in run("publish", "--hub", hub)
    assert "Dấu thời gian số 2" in run("publish", "--hub", hub, "--timestamp")
    assert "còn 7.0 ngày" in run("status", "--hub", hub)
    run("backup", tmp_path / "hub.tar", "--hub", hub)
    told = run("restore", tmp_path / "hub.tar", tmp_path / "again")
    assert "Trước khi phát hành tiếp phải ký lại" in told
    assert "ký lại và phát hành" in run("publish", "--hub", tmp_path / "again", "--timestamp", expect=3)
    root = (hub / "feed" / "metadata" / "1.root.json").read_bytes()
    assert Kiosk(tmp_path / "kiosk", root).release(hub / "feed", datetime.now(UTC)) is None


@pytest.fixture
def founded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A published hub, made by the commands in this process; ``SIGNAGE_HUB`` names it."""
    monkeypatch.setenv("SIGNAGE_HUB_PASSWORD", PASSWORD)
    hub = tmp_path / "hub"
    monkeypatch.setenv("SIGNAGE_HUB", str(hub))
    assert main(["init", str(hub), "--plan", str(plan_in(tmp_path))]) == 0
    sign_and_publish(tmp_path, *ENOUGH)
    return hub


def sign_and_publish(folder: Path, *names: str) -> None:
    hub = HubFolder(folder / "hub")
    request = list_drafts(hub)[-1].request
    copy = folder / "request.json"
    copy.write_bytes(request.read_bytes())
    for name in names:
        assert main(["sign", str(copy), "--key", str(folder / f"{name}.pem"), "--yes"]) == 0
    assert main(["sign", "--collect", str(copy)]) == 0
    assert main(["publish", list_drafts(hub)[-1].name]) == 0


def test_keys_change_by_commands(founded: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hub = HubFolder(founded)
    assert main(["key", "new", str(tmp_path / "so-3.pem"), "--name", "Người so-3"]) == 0
    assert main(["key", "replace", "so-2", str(tmp_path / "so-3.pub.json"), "--dry-run"]) == 0
    assert list_drafts(hub) == []
    assert main(["key", "replace", "so-2", str(tmp_path / "so-3.pub.json")]) == 0
    sign_and_publish(tmp_path, "so-1", "bp-1", "bp-2")
    assert main(["key", "revoke", "bp-2"]) == 0
    sign_and_publish(tmp_path, "so-1", "so-3", "bp-1")
    assert main(["key", "new", str(tmp_path / "bp-3.pem"), "--name", "Người bp-3"]) == 0
    assert main(["key", "add", "bien-phong", "bp-3", str(tmp_path / "bp-3.pub.json")]) == 0
    sign_and_publish(tmp_path, "so-1", "so-3", "bp-1", "bp-3")
    assert main(["key", "replace", "online"]) == 0
    sign_and_publish(tmp_path, "so-1", "so-3", "bp-3")
    assert main(["publish", "--timestamp"]) == 0
    assert len(list(hub.keys.iterdir())) == 2
    assert main(["sign", "--renew", "all"]) == 0
    sign_and_publish(tmp_path, "so-1", "so-3", "bp-3")
    root = hub.published("metadata/1.root.json").read_bytes()
    kiosk = Kiosk(tmp_path / "kiosk", root)
    assert kiosk.release(hub.feed, datetime.now(UTC)) is None
    capsys.readouterr()
    assert main(["status"]) == 0
    assert "gốc tin cậy (root): bản 6" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["publish"], 3, "chưa có bản nháp nào"),
        (["publish", "0099-department"], 3, "Không có bản nháp"),
        (["key", "revoke", "nobody"], 3, "Không có người nào"),
        (["key", "replace", "so-1"], 2, "khóa công khai mới"),
        (["key", "replace", "so-1", "plan.json"], 3, "không phải tệp khóa công khai"),
        (["key", "plan", "plan.json"], 3, "đang có hiệu lực"),
        (["sign"], 2, "yêu cầu ký số"),
        (["sign", "plan.json", "--key", "so-1.pem", "--yes"], 3, "không phải yêu cầu ký số"),
        (["sign", "none.json"], 2, "không đọc được"),
        (["sign", "--renew", "nobody"], 3, "Không có phần ký nào"),
        (["sign", "--again", "0099-x"], 3, "Không có bản nháp"),
        (["sign", "--drop", "0099-x"], 3, "Không có bản nháp"),
        (["status", "--hub", "nowhere"], 3, "không phải thư mục của trung tâm"),
        (["backup"], 2, "còn thiếu"),
        (["restore", "plan.json", "new"], 3, "không phải bản sao lưu"),
        (["restore", "none.tar", "new"], 2, "không đọc được"),
        (["nothing"], 2, "không có"),
        (["init", "new"], 2, "--plan"),
        (["init", "new", "--plan", "none.json"], 2, "không đọc được"),
    ],
)
def test_each_mistake_is_a_sentence_and_a_code(
    founded: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    code: int,
    says: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    before = {path: path.read_bytes() for path in founded.rglob("*") if path.is_file() and path.name != "lock"}
    capsys.readouterr()
    assert main(arguments) == code
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert says in told
    assert before == {path: path.read_bytes() for path in founded.rglob("*") if path.is_file() and path.name != "lock"}


def test_an_organisation_that_is_called_otherwise_needs_no_signature(
    founded: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = HubFolder(founded).plan
    document = json.loads(plan.read_bytes())
    document["organisations"][1]["names"].append({"since": "2026-01-01", "name": "Ban Chỉ huy Bộ đội Biên phòng tỉnh"})
    changed = tmp_path / "changed.json"
    changed.write_text(json.dumps(document), encoding="utf-8")
    assert main(["key", "plan", str(changed)]) == 0
    assert list_drafts(HubFolder(founded)) == []
    assert main(["sign", "--renew", "department"]) == 0
    assert "Ban Chỉ huy" in capsys.readouterr().out


@pytest.mark.parametrize(("answer", "code", "signatures"), [("ky", 0, 1), ("không", 3, 0)])
def test_a_signer_is_asked_and_may_say_no(
    founded: Path, tmp_path: Path, answer: str, code: int, signatures: int
) -> None:
    assert main(["sign", "--renew", "department"]) == 0
    request = list_drafts(HubFolder(founded))[-1].request
    terminal, keyboard = pty.openpty()
    os.write(terminal, f"{answer}\n".encode())
    command = [str(HUB), "sign", str(request), "--key", str(tmp_path / "bp-1.pem")]
    done = subprocess.run(command, check=False, stdin=keyboard, capture_output=True, text=True)
    os.close(terminal)
    os.close(keyboard)
    assert done.returncode == code, done.stderr
    assert done.stdout.index("Mã kiểm tra sha256") < done.stdout.index("Đồng ý ký")
    assert len(read_request(request.read_bytes()).parts[0].metadata.signatures) == signatures


def test_a_wrong_password_publishes_nothing(
    founded: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIGNAGE_HUB_PASSWORD", "mật khẩu sai")
    before = (founded / "feed" / "metadata" / "timestamp.json").read_bytes()
    assert main(["publish", "--timestamp"]) == 3
    assert "Sai mật khẩu" in capsys.readouterr().err
    assert (founded / "feed" / "metadata" / "timestamp.json").read_bytes() == before


def test_a_draft_is_dropped_or_made_anew(founded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hub = HubFolder(founded)
    assert main(["sign", "--renew", "department"]) == 0
    draft = list_drafts(hub)[-1]
    assert main(["sign", "--again", draft.name, "--dry-run"]) == 0
    assert main(["sign", "--again", draft.name]) == 0
    fresh = list_drafts(hub)[-1]
    assert fresh.name != draft.name
    assert main(["sign", "--drop", fresh.name, "--dry-run"]) == 0
    assert find_draft(hub, fresh.name) == fresh
    assert main(["sign", "--drop", fresh.name]) == 0
    assert list_drafts(hub) == []
    assert "Đã bỏ" in capsys.readouterr().out


def test_commands_of_signing_load_no_django() -> None:
    for name in ("init", "key", "sign", "publish", "status", "backup", "restore"):
        assert name in set(command_names())
    code = (
        "import sys; from sync.hub import backup, founding, plan_drafts, publishing, signing, status, tokens;"
        "from sync.hub.cli import main; main(['status', '--hub', '/nowhere']);"
        "sys.exit(any(name.split('.')[0] in {'django', 'requests'} for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, capture_output=True).returncode == 0
