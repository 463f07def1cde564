"""What a served hub does by itself with its online key: a daily timestamp, roll-outs confirmed."""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests

from playlists.release import MediaFile, Release, write_release
from sync.publication import CONFIRMED, Rollout, with_signature_fields
from sync.trust import roles
from tests.support.hub_server import confirmed_devices, hub_command, serving
from tests.support.small_hub import ENOUGH, Kiosk, SmallHub

CANARY, OTHER = "bo-y/tuong-1", "dak-blo/tuong-1"


def signed_timestamp(url: str) -> dict[str, object]:
    told = requests.get(f"{url}/feed/metadata/timestamp.json", timeout=30).json()["signed"]
    assert isinstance(told, dict)
    return told


def until(holds: Callable[[], bool], seconds: float = 60) -> None:
    ends = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < ends
        time.sleep(0.1)


@pytest.fixture
def old_hub(tmp_path: Path) -> SmallHub:
    """One that was published three days ago, with its server's password in a file."""
    small = SmallHub(tmp_path / "hub", now=datetime.now(UTC) - timedelta(days=3)).found()
    (small.folder / "password").write_text(f"{small.password}\n", encoding="utf-8")
    settings = json.loads(small.hub.settings.read_bytes())
    small.hub.settings.write_text(json.dumps(settings | {"online_key_password_file": "password"}), encoding="utf-8")
    return small


def test_a_timestamp_of_yesterday_is_signed_anew_and_trusted(old_hub: SmallHub, tmp_path: Path) -> None:
    before = json.loads(old_hub.hub.published("metadata/timestamp.json").read_bytes())["signed"]["version"]
    with serving(old_hub.folder) as server:
        until(lambda: signed_timestamp(server.url)["version"] == before + 1)
        told = json.loads(server.command("status", "--screens"))
        assert told["warnings"] == []
        time.sleep(2.5)
        assert signed_timestamp(server.url)["version"] == before + 1, "once a day, not at every look"
    trusted = Kiosk(tmp_path / "kiosk", old_hub.first_root).look(old_hub.hub.feed, datetime.now(UTC))
    assert trusted.issued is not None
    assert datetime.now(UTC) - trusted.issued < timedelta(minutes=1)


@pytest.mark.parametrize("password", [None, "sai mật khẩu"])
def test_without_the_password_it_says_so_and_serves_on(old_hub: SmallHub, password: str | None) -> None:
    settings = json.loads(old_hub.hub.settings.read_bytes())
    if password is None:
        del settings["online_key_password_file"]
        old_hub.hub.settings.write_text(json.dumps(settings), encoding="utf-8")
    else:
        (old_hub.folder / "password").write_text(password, encoding="utf-8")
    with serving(old_hub.folder) as server:
        before = signed_timestamp(server.url)
        log = old_hub.folder / "serve.log"
        wanted = "nobody gave the password" if password is None else "keep_house"
        until(lambda: wanted in log.read_text(encoding="utf-8"))
        assert signed_timestamp(server.url) == before
    told = json.loads(hub_command(old_hub.folder, "status", "--screens").stdout)
    assert any("chưa được ký lại" in warning for warning in told["warnings"])
    assert any("mật khẩu" in warning for warning in told["warnings"]) == (password is None)


def test_a_roll_out_is_confirmed_once_its_canary_has_played_it_long_enough(old_hub: SmallHub) -> None:
    old_hub.now = datetime.now(UTC)
    release = with_signature_fields(
        Release(9, MediaFile("playlist.json", "0" * 64, 2)),
        roles.DEPARTMENT,
        old_hub.now.isoformat(),
        Rollout((CANARY,), hold_minutes=10),
    )
    old_hub.publish(old_hub.stage(write_release(release), path=roles.release_path("dak-blo", "tuong-1")), *ENOUGH)
    with serving(old_hub.folder) as server:
        canary, other = confirmed_devices(server, [CANARY, OTHER])
        until(lambda: canary.report(sequence=9, good_seconds=599).status_code == 200)
        assert other.report(sequence=9, good_seconds=3600).status_code == 200
        time.sleep(2.5)
        assert signed_timestamp(server.url)[CONFIRMED] == []
        assert canary.report(sequence=9, good_seconds=601).status_code == 200
        until(lambda: signed_timestamp(server.url)[CONFIRMED] == [9])
