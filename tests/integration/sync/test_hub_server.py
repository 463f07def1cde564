"""The hub's server as a process, over real HTTP, on SQLite and on PostgreSQL."""

import json
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests

from playlists.errors import ExitCode
from sync import protocol
from sync.protocol import EnrolState, Rebuff, Refused, State, WakeAnswer
from tests.support.hub_server import HubServer, TestDevice, code_for, confirmed_devices, hub_command, make_hub, serving
from tests.support.postgres import postgres
from tests.support.signed_feed import SignedFeed

SCREEN = "bo-y/tuong-1"
SCREENS = (
    SCREEN,
    "dak-blo/tuong-5",
    "dak-koi/tuong-1",
    "dak-long/tuong-1",
    "dak-long/tuong-2",
    "ho-le/tuong-9",
)


@dataclass
class Hub:
    server: HubServer
    feed: SignedFeed
    devices: dict[str, TestDevice] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return self.server.url

    @property
    def folder(self) -> Path:
        return self.server.hub


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def hub(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    folder = tmp_path_factory.mktemp(request.param) / "hub"
    if request.param == "postgresql":
        with postgres() as address:
            feed = make_hub(folder, database=address)
            with serving(folder) as server:
                yield furnished(server, feed)
        assert not (folder / "hub.sqlite3").exists()
        return
    feed = make_hub(folder)
    with serving(folder) as server:
        yield furnished(server, feed)
    with closing(sqlite3.connect(folder / "hub.sqlite3")) as database:
        assert database.execute("PRAGMA journal_mode").fetchone() == ("delete",)


def furnished(server: HubServer, feed: SignedFeed) -> Hub:
    devices = dict(zip(SCREENS, confirmed_devices(server, SCREENS), strict=True))
    until_known(devices[SCREENS[-1]])
    return Hub(server, feed, devices)


@pytest.fixture
def device(hub: Hub) -> TestDevice:
    return hub.devices[SCREEN]


def until_known(device: TestDevice) -> None:
    """The server looks once a second whether a command changed something."""
    ends = time.monotonic() + 30
    while device.report().status_code != 200:
        assert time.monotonic() < ends
        time.sleep(0.1)


def rebuff(response: requests.Response) -> tuple[int, str]:
    told = Rebuff.read(response.content)
    assert told.vi
    assert told.en
    return response.status_code, told.code


# Enrolment.


def test_a_device_waits_for_a_human_and_is_heard_after(hub: Hub) -> None:
    hub.server.command("screens", "add", "dak-blo/tuong-1", "--title", "Tường Đắk Blô")
    assert "Tường Đắk Blô" in hub.server.command("screens", "list")
    device = TestDevice(hub.url)
    code = code_for(hub.server, "dak-blo/tuong-1")
    answer = EnrolState.read(device.enrol(f" {code[:4].lower()}-{code[4:]} ").content)
    assert (answer.device, answer.state, answer.gate, answer.screen) == (
        device.name,
        State.PENDING,
        "dak-blo",
        "tuong-1",
    )
    assert rebuff(device.report()) == (403, "pending")
    assert rebuff(device.wake(0)) == (403, "pending")
    assert EnrolState.read(device.enrol(code).content).state is State.PENDING, "asked again, the same answer"

    shown = protocol.fingerprint(device.public_key)
    assert shown in hub.server.command("devices", "list")
    wrong = hub_command(hub.folder, "devices", "confirm", device.name, "--fingerprint", "12345 " * 6)
    assert wrong.returncode == ExitCode.USAGE
    assert "không khớp" in wrong.stderr
    hub.server.command("devices", "confirm", device.name, "--fingerprint", shown)
    target = protocol.enrol_path(device.name)
    assert EnrolState.read(device.send("GET", target).content).state is State.CONFIRMED
    until_known(device)


def test_the_ticket_says_all_a_kiosk_must_know(hub: Hub, tmp_path: Path) -> None:
    hub.server.command("screens", "add", "ho-le/tuong-1")
    ticket = tmp_path / "ticket.json"
    shown = hub.server.command("enrol-code", "ho-le/tuong-1", "--address", "https://hub.vn/x/", "--ticket", str(ticket))
    told = protocol.Ticket.read(ticket.read_bytes())
    assert (told.hub, told.gate, told.screen, told.ca) == ("https://hub.vn/x", "ho-le", "tuong-1", None)
    assert protocol.printed_code(told.code) in shown
    assert datetime.fromisoformat(told.expires) - datetime.now(UTC) > timedelta(hours=71)
    assert ticket.stat().st_mode & 0o077 == 0
    found = requests.get(hub.url + "/feed/metadata/1.root.json", timeout=30).content
    assert found == hub.feed.first_root


def test_a_code_is_good_once_and_for_its_time(hub: Hub) -> None:
    hub.server.command("screens", "add", "bo-y/tuong-2")
    code = code_for(hub.server, "bo-y/tuong-2")
    first, second = TestDevice(hub.url), TestDevice(hub.url)
    assert rebuff(second.enrol("0000-0000-0000")) == (403, "code-wrong")
    assert first.enrol(code).status_code == 202
    assert rebuff(second.enrol(code)) == (403, "code-used")
    expired = code_for(hub.server, "bo-y/tuong-2")
    _expire_codes(hub)
    assert rebuff(second.enrol(expired)) == (403, "code-expired")
    hub.server.command("devices", "refuse", first.name, "--reason", "sai máy")
    answer = EnrolState.read(first.send("GET", protocol.enrol_path(first.name)).content)
    assert (answer.state, answer.reason) == (State.REFUSED, "sai máy")


def _expire_codes(hub: Hub) -> None:
    """What a day or two would do."""
    change = "UPDATE register_enrolmentcode SET expires = '2026-01-01 00:00:00'"
    address = json.loads((hub.folder / "hub.json").read_text(encoding="utf-8")).get("database")
    if address is None:
        with closing(sqlite3.connect(hub.folder / "hub.sqlite3", timeout=30)) as database, database:
            database.execute(change)
    else:
        import psycopg  # noqa: PLC0415  -- one of the two only

        with psycopg.connect(address) as connection:
            connection.execute(change)


def test_a_second_device_of_a_screen_replaces_the_first_on_order_only(hub: Hub) -> None:
    old = hub.devices["dak-koi/tuong-1"]
    new = TestDevice(hub.url)
    assert new.enrol(code_for(hub.server, "dak-koi/tuong-1")).status_code == 202
    words = ("devices", "confirm", new.name, "--fingerprint", protocol.fingerprint(new.public_key))
    refused = hub_command(hub.folder, *words)
    assert refused.returncode == ExitCode.USAGE
    assert "--replace" in refused.stderr
    hub.server.command(*words, "--replace")
    until_known(new)
    assert rebuff(old.report()) == (403, "revoked")


def test_a_screen_in_use_is_not_removed(hub: Hub, device: TestDevice) -> None:
    refused = hub_command(hub.folder, "screens", "remove", SCREEN)
    assert refused.returncode == ExitCode.USAGE
    assert device.report().status_code == 200
    hub.server.command("screens", "add", "bo-y/thua")
    hub.server.command("screens", "remove", "bo-y/thua")
    assert "bo-y/thua" not in hub.server.command("screens", "list")


# Signatures.


def test_forged_and_altered_requests_are_not_heard(hub: Hub, device: TestDevice) -> None:
    body = device.message()
    good = device.headers("POST", protocol.STATUS, body)
    stranger = TestDevice(hub.url)
    assert rebuff(stranger.report()) == (401, "unknown-device")
    forged = stranger.headers("POST", protocol.STATUS, body) | {"Signage-Device": device.name}
    for headers in (forged, good | {"Signage-Counter": "999999"}, good | {"Signage-Time": "1970-01-01T00:00:00+00:00"}):
        assert rebuff(device.send_again("POST", protocol.STATUS, body, headers)) == (401, "bad-signature")
    assert rebuff(device.send_again("POST", protocol.STATUS, body + b" ", good)) == (401, "bad-signature")
    assert rebuff(device.send_again("POST", protocol.STATUS, body, {})) == (401, "bad-signature")
    target = protocol.enrol_path(device.name)
    other = stranger.headers("GET", target)
    assert rebuff(device.send_again("GET", target, b"", other)) == (401, "bad-signature")
    wake = device.headers("GET", protocol.wake_path(1))
    assert rebuff(device.send_again("GET", protocol.wake_path(0), b"", wake)) == (401, "bad-signature")
    assert device.send_again("POST", protocol.STATUS, body, good).status_code == 200


def test_a_stranger_cannot_enrol_a_key_that_is_not_its_own(hub: Hub) -> None:
    hub.server.command("screens", "add", "bo-y/tuong-3")
    code = code_for(hub.server, "bo-y/tuong-3")
    victim, thief = TestDevice(hub.url), TestDevice(hub.url)
    message = protocol.EnrolRequest(
        code=code, public_key=victim.public_key.hex(), machine=protocol.Machine(id="m"), boot="b", software="1"
    ).write()
    assert rebuff(thief.send("POST", protocol.ENROL, message)) == (401, "bad-signature")
    forged = {"Signage-Device": victim.name}
    assert rebuff(thief.send("POST", protocol.ENROL, message, **forged)) == (401, "bad-signature")


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"format": 2}', b'{"format": 1}', b"\xff"])
def test_what_is_no_message_is_refused_with_a_word(device: TestDevice, body: bytes) -> None:
    assert rebuff(device.send("POST", protocol.STATUS, body)) == (400, "malformed")


def test_a_long_message_is_not_read(device: TestDevice) -> None:
    answer = device.send("POST", protocol.STATUS, b"x" * (protocol.LONGEST_MESSAGE + 1))
    assert rebuff(answer) == (413, "too-long")


# Reports, and what makes a device suspect.


def test_a_replay_is_refused_and_told_where_to_go_on(hub: Hub) -> None:
    device = hub.devices["dak-long/tuong-1"]
    body = device.message(sequence=3)
    headers = device.headers("POST", protocol.STATUS, body)
    assert device.send_again("POST", protocol.STATUS, body, headers).status_code == 200
    again = device.send_again("POST", protocol.STATUS, body, headers)
    assert rebuff(again) == (409, "counter-used")
    assert Rebuff.read(again.content).counter == device.counter
    assert "số đếm" in hub.server.command("devices", "list")


def test_two_machines_with_one_key_are_noticed_and_a_human_may_clear_it(hub: Hub) -> None:
    device = hub.devices["dak-long/tuong-2"]
    copy = TestDevice(hub.url, device.key, "machine-2", "boot-2", device.counter)
    for one in (copy, device, copy):
        one.counter = max(device.counter, copy.counter)
        assert one.report().status_code == 200
    listed = hub.server.command("devices", "list")
    about = listed[listed.index(device.name[:8]) :].split("\n")[1:3]
    assert [line.startswith("  !") for line in about] == [True, True]
    assert "ổ đĩa bị sao chép" in "".join(about)
    assert "machine-2" in "".join(about)
    shown = protocol.fingerprint(device.public_key)
    hub.server.command("devices", "confirm", device.name, "--fingerprint", shown)
    after = hub.server.command("devices", "list")
    assert "!" not in after[after.index(device.name[:8]) :].split("\n")[1]
    copy.boot = "boot-3"
    assert copy.report().status_code == 200
    after = hub.server.command("devices", "list")
    assert "!" not in after[after.index(device.name[:8]) :].split("\n")[1], "it stands on its new machine"


def test_a_revoked_device_is_told_why_at_its_next_request(hub: Hub) -> None:
    device = hub.devices["ho-le/tuong-9"]
    hub.server.command("devices", "revoke", "ho-le/tuong-9", "--reason", "mất máy")
    ends = time.monotonic() + 30
    while (answer := device.report()).status_code == 200:
        assert time.monotonic() < ends
    assert rebuff(answer) == (403, "revoked")
    assert Rebuff.read(answer.content).reason == "mất máy"
    assert rebuff(device.wake(0)) == (403, "revoked")


def test_refusals_of_a_kiosk_are_shown_in_vietnamese(hub: Hub, device: TestDevice) -> None:
    refusal = Refused(code="missing", fields={"name": "media/1"})
    assert device.report(sequence=4, refusals=(refusal, Refused(code="new-one"))).status_code == 200
    told = json.loads(hub.server.command("status", "--screens"))
    found = next(one for one in told["screens"] if f"{one['gate']}/{one['screen']}" == SCREEN)
    (shown,) = found["devices"]
    assert [one["vi"] for one in shown["refusals"]] == ["Nguồn thiếu tệp “media/1”.", "new-one"]
    assert shown["running"]["sequence"] == 4


# The feed.


def test_the_feed_is_served_with_ranges_and_told_how_long_to_be_kept(hub: Hub) -> None:
    content = bytes(range(256)) * 5000
    file = hub.feed.add_media(content, "a.mp4")
    url = f"{hub.url}/feed/media/{file.sha256}"
    whole = requests.get(url, timeout=30)
    assert (whole.content, whole.status_code) == (content, 200)
    assert "immutable" in whole.headers["Cache-Control"]
    part = requests.get(url, headers={"Range": "bytes=1000-1999"}, timeout=30)
    assert (part.status_code, part.content) == (206, content[1000:2000])
    assert part.headers["Content-Range"] == f"bytes 1000-1999/{len(content)}"
    assert requests.get(url, headers={"Range": f"bytes={len(content)}-"}, timeout=30).status_code == 416
    timestamp = requests.get(f"{hub.url}/feed/metadata/timestamp.json", timeout=30)
    assert timestamp.headers["Cache-Control"] == "no-cache"
    missing = requests.get(f"{hub.url}/feed/metadata/2.root.json", timeout=30)
    assert (missing.status_code, missing.headers["Cache-Control"]) == (404, "no-store")
    assert requests.head(url, timeout=30).headers["Content-Length"] == str(len(content))
    assert requests.post(url, timeout=30).status_code == 405


@pytest.mark.parametrize(
    "name",
    ["../hub.json", "media/../../hub.json", "media/%2e%2e/%2e%2e/hub.json", "hub.json", "media/", "media//x", ""],
)
def test_nothing_but_the_feed_is_served(hub: Hub, name: str) -> None:
    session = requests.Session()
    prepared = requests.Request("GET", f"{hub.url}/feed/x").prepare()
    prepared.url = f"{hub.url}/feed/{name}"
    assert session.send(prepared, timeout=30).status_code == 404


def test_a_new_timestamp_is_seen_at_once(hub: Hub) -> None:
    for _ in range(2):
        hub.feed.publish()
        told = requests.get(f"{hub.url}/feed/metadata/timestamp.json", timeout=30).json()
        assert told["signed"]["version"] == hub.feed.timestamp.version


# Wake-ups.


def waking(device: TestDevice, since: int) -> tuple[threading.Thread, list[tuple[bool, float]]]:
    answers: list[tuple[bool, float]] = []

    def wait() -> None:
        answer = device.wake(since, timeout=60)
        answers.append((WakeAnswer.read(answer.content).poll, time.monotonic()))

    thread = threading.Thread(target=wait)
    thread.start()
    return thread, answers


def until_held(hub: Hub, count: int) -> None:
    ends = time.monotonic() + 30
    while requests.get(f"{hub.url}/health", timeout=30).json()["waiting"] != count:
        assert time.monotonic() < ends
        time.sleep(0.05)


def test_an_urgent_bulletin_wakes_the_screens_it_is_for_and_no_other(hub: Hub, device: TestDevice) -> None:
    other = hub.devices["dak-blo/tuong-5"]
    since = hub.feed.timestamp.version
    time.sleep(0.3)
    waits, woken = waking(device, since)
    stays, silent = waking(other, since)
    until_held(hub, 2)
    hub.feed.add_urgent("lu-quet", b"{}", ["bo-y/*"])
    hub.feed.publish()
    published = time.monotonic()
    waits.join(30)
    ((poll, at),) = woken
    assert poll
    assert at - published < 3.0, "of the three seconds to pixels"
    assert silent == []
    hub.feed.add_release("dak-blo", "tuong-5", 20, b"{}")
    hub.feed.publish()
    stays.join(30)
    assert [poll for poll, _ in silent] == [True]


def test_a_device_that_missed_an_urgent_bulletin_is_told_at_once(hub: Hub, device: TestDevice) -> None:
    since = hub.feed.timestamp.version
    time.sleep(0.3)
    hub.feed.add_urgent("sat-lo", b"{}")
    hub.feed.publish()
    time.sleep(0.5)
    begun = time.monotonic()
    assert WakeAnswer.read(device.wake(since).content).poll
    assert time.monotonic() - begun < 10, "not when the hub would have let go of it"


def test_a_daily_timestamp_wakes_nobody(hub: Hub, device: TestDevice) -> None:
    thread, answers = waking(device, hub.feed.timestamp.version)
    until_held(hub, 1)
    hub.feed.publish_timestamp()
    time.sleep(0.6)
    assert answers == []
    hub.feed.add_urgent("het", b"{}")
    hub.feed.publish()
    thread.join(30)
    assert answers


def test_a_release_whose_roll_out_is_confirmed_wakes_its_screens(hub: Hub, device: TestDevice) -> None:
    hub.feed.add_release("bo-y", "tuong-1", 77, b"{}")
    hub.feed.publish()
    time.sleep(0.3)
    thread, answers = waking(device, hub.feed.timestamp.version)
    until_held(hub, 1)
    hub.feed.confirmed.append(77)
    hub.feed.publish_timestamp()
    thread.join(30)
    assert [poll for poll, _ in answers] == [True]


def test_who_hangs_up_is_forgotten(hub: Hub, device: TestDevice) -> None:
    target = protocol.wake_path(hub.feed.timestamp.version)
    with pytest.raises(requests.ReadTimeout):
        device.session.get(hub.url + target, headers=device.headers("GET", target), timeout=0.5)
    until_held(hub, 0)
