"""A hub's server that is killed, stopped, started twice, or left without its database."""

import sqlite3
import subprocess
import threading
import time
from contextlib import closing
from pathlib import Path

import requests

from playlists.errors import ExitCode
from sync import protocol
from sync.protocol import Rebuff, WakeAnswer
from tests.support.hub_server import TestDevice, confirmed_devices, hub_command, make_hub, serving

SCREEN = "bo-y/tuong-1"


def reported(device: TestDevice, *, seconds: float = 30) -> int:
    """The counter of a report that was taken."""
    ends = time.monotonic() + seconds
    while (answer := device.report(sequence=1)).status_code != 200:
        assert time.monotonic() < ends, answer.text
        time.sleep(0.1)
    return protocol.StatusAnswer.read(answer.content).received


def test_what_was_answered_survives_a_kill(tmp_path: Path) -> None:
    hub = tmp_path / "hub"
    make_hub(hub)
    with serving(hub) as server:
        (device,) = confirmed_devices(server, [SCREEN])
        body = device.message(sequence=1)
        reported(device)
        headers = device.headers("POST", protocol.STATUS, body)
        assert device.send_again("POST", protocol.STATUS, body, headers).status_code == 200
        server.kill()
    with serving(hub) as server:
        after = TestDevice(server.url, device.key)
        ends = time.monotonic() + 30
        while (again := after.send_again("POST", protocol.STATUS, body, headers)).status_code == 401:
            assert time.monotonic() < ends
            time.sleep(0.1)
        assert again.status_code == 409, "a request that was answered before the kill is a replay after it"
        assert Rebuff.read(again.content).counter == device.counter


def test_killed_while_reports_pour_in_it_has_every_answered_one(tmp_path: Path) -> None:
    hub = tmp_path / "hub"
    make_hub(hub)
    with serving(hub) as server:
        devices = confirmed_devices(server, [f"bo-y/man-{number}" for number in range(4)])
        reported(devices[0])
        answered: dict[str, int] = {}

        def pour(device: TestDevice) -> None:
            try:
                while device.report(sequence=device.counter).status_code == 200:
                    answered[device.name] = device.counter
            except requests.RequestException:
                return

        threads = [threading.Thread(target=pour, args=(device,)) for device in devices]
        for thread in threads:
            thread.start()
        ends = time.monotonic() + 30
        while len(answered) < len(devices):
            assert time.monotonic() < ends
            time.sleep(0.1)
        server.kill()
        for thread in threads:
            thread.join()
    assert hub_command(hub, "devices", "list").returncode == ExitCode.OK
    with closing(sqlite3.connect(hub / "hub.sqlite3")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        kept = dict(database.execute("SELECT id, counter FROM register_device"))
    assert {name: kept[name] >= counter for name, counter in answered.items()} == dict.fromkeys(answered, True)


def test_a_signal_lets_go_of_who_waits_and_ends_well(tmp_path: Path) -> None:
    hub = tmp_path / "hub"
    feed = make_hub(hub)
    with serving(hub) as server:
        (device,) = confirmed_devices(server, [SCREEN])
        reported(device)
        answers: list[bool] = []

        def wait() -> None:
            answers.append(WakeAnswer.read(device.wake(feed.timestamp.version).content).poll)

        thread = threading.Thread(target=wait)
        thread.start()
        while requests.get(f"{server.url}/health", timeout=30).json()["waiting"] != 1:
            time.sleep(0.05)
        assert server.stop() == ExitCode.OK
        thread.join(30)
        assert answers == [False]
        assert server.process.stdout is not None
        assert "đã dừng" in server.process.stdout.read()


def test_a_hub_has_one_server(tmp_path: Path) -> None:
    hub = tmp_path / "hub"
    make_hub(hub)
    with serving(hub):
        second = hub_command(hub, "serve", "--listen", "127.0.0.1:0")
    assert second.returncode == ExitCode.SITE
    assert "một signage-hub serve khác" in second.stderr


def test_a_port_in_use_is_said_in_a_sentence(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    make_hub(first)
    make_hub(second)
    with serving(first) as server:
        taken = hub_command(second, "serve", "--listen", server.url.removeprefix("http://"))
    assert taken.returncode == ExitCode.SITE
    assert "không mở được cổng" in taken.stderr


def test_feed_and_wake_ups_go_on_while_the_database_is_locked(tmp_path: Path) -> None:
    hub = tmp_path / "hub"
    feed = make_hub(hub)
    with serving(hub) as server:
        (device,) = confirmed_devices(server, [SCREEN])
        reported(device)
        with closing(sqlite3.connect(hub / "hub.sqlite3", isolation_level=None)) as holder:
            holder.execute("BEGIN EXCLUSIVE")
            busy: list[int] = []
            report = threading.Thread(target=lambda: busy.append(device.report().status_code))
            report.start()
            other = TestDevice(server.url, device.key)
            woken: list[bool] = []
            line = threading.Thread(
                target=lambda: woken.append(WakeAnswer.read(other.wake(feed.timestamp.version).content).poll)
            )
            line.start()
            while requests.get(f"{server.url}/health", timeout=30).json()["waiting"] != 1:
                time.sleep(0.05)
            feed.add_urgent("lu-quet", b"{}")
            feed.publish()
            line.join(30)
            assert woken == [True]
            assert requests.get(f"{server.url}/feed/metadata/timestamp.json", timeout=30).ok
            report.join(30)
            assert busy == [503]
        reported(device)


def test_the_feed_is_served_though_no_database_can_be_reached(tmp_path: Path) -> None:
    hub = tmp_path / "hub"
    make_hub(hub, database=f"postgresql:///none?host={tmp_path}")
    with serving(hub) as server:
        assert requests.get(f"{server.url}/feed/metadata/timestamp.json", timeout=30).ok
        answer = TestDevice(server.url).enrol("0000-0000-0000")
        assert (answer.status_code, Rebuff.read(answer.content).code) == (503, "busy")
        assert "Retry-After" in answer.headers
    command = hub_command(hub, "screens", "list")
    assert command.returncode == ExitCode.SITE
    assert "không mở được cơ sở dữ liệu" in command.stderr


def test_tls_is_spoken_with_a_certificate(tmp_path: Path) -> None:
    hub = tmp_path / "hub"
    make_hub(hub)
    names = ("-subj", "/CN=hub", "-addext", "subjectAltName=IP:127.0.0.1")
    files = ("-keyout", str(tmp_path / "key.pem"), "-out", str(tmp_path / "cert.pem"))
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", *names, *files],
        check=True,
        capture_output=True,
    )
    options = ("--certificate", str(tmp_path / "cert.pem"), "--key", str(tmp_path / "key.pem"))
    with serving(hub, *options) as server:
        assert server.url.startswith("https://")
        found = requests.get(
            f"{server.url}/feed/metadata/timestamp.json", verify=str(tmp_path / "cert.pem"), timeout=30
        )
        assert found.ok
