"""A real hub for tests: a folder, its server as a process, and devices that talk to it over HTTP."""

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync import protocol
from sync.protocol import EnrolRequest, Machine, Running, StatusReport
from sync.request_signature import Request, signed_headers
from tests.support.quick_commands import run_quickly
from tests.support.signed_feed import SignedFeed

PROGRAM = (sys.executable, "-c", "import sys; from sync.hub.cli import main; sys.exit(main())")
PASSWORD = "mat khau thu"  # noqa: S105  -- of a key made for a test


def make_hub(folder: Path, **settings: str) -> SignedFeed:
    """A hub's folder with a signed feed, its online key not among its files."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "hub.json").write_text(json.dumps({"format_version": 1, **settings}), encoding="utf-8")
    return SignedFeed(folder / "feed", now=datetime.now(UTC))


def hub_command(hub: Path, *words: str, database: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run one command of ``signage-hub`` to its end."""
    return run_quickly(words, _environment(hub, database))


def _environment(hub: Path, database: str | None) -> dict[str, str]:
    told = {**os.environ, "SIGNAGE_HUB": str(hub)}
    return told if database is None else {**told, "SIGNAGE_HUB_DATABASE": database}


@dataclass
class HubServer:
    """A running ``signage-hub serve``."""

    hub: Path
    process: subprocess.Popen[str]
    url: str
    database: str | None

    def kill(self) -> None:
        """SIGKILL."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=60)

    def command(self, *words: str) -> str:
        """Run a command beside the server; what it printed."""
        done = hub_command(self.hub, *words, database=self.database)
        assert done.returncode == 0, done.stderr
        return done.stdout


@contextmanager
def serving(hub: Path, *options: str, database: str | None = None) -> Iterator[HubServer]:
    """Serve a hub on a free port; what it wrote to its log is in ``HUB/serve.log``."""
    with (hub / "serve.log").open("ab") as log:
        process = subprocess.Popen(
            [*PROGRAM, "serve", "--listen", "127.0.0.1:0", *options],
            env=_environment(hub, database),
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    try:
        yield HubServer(hub, process, _address(process, hub), database)
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def _address(process: subprocess.Popen[str], hub: Path) -> str:
    for line in _lines(process.stdout):
        if "http" in line:
            return line.split()[-1]
    raise AssertionError((hub / "serve.log").read_text(encoding="utf-8"))


def _lines(stream: IO[str] | None, seconds: float = 60) -> Iterator[str]:
    assert stream is not None
    while select.select([stream], [], [], seconds)[0]:
        line = stream.readline()
        if not line:
            return
        yield line


@dataclass
class TestDevice:
    """A kiosk's key, and the requests it makes."""

    __test__ = False
    url: str
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    machine: str = "machine-1"
    boot: str = "boot-1"
    counter: int = 0
    session: requests.Session = field(default_factory=requests.Session)

    @property
    def public_key(self) -> bytes:
        """Its 32 bytes."""
        return self.key.public_key().public_bytes_raw()

    @property
    def name(self) -> str:
        """As the hub calls it."""
        return protocol.device_id(self.public_key)

    def send(self, method: str, target: str, body: bytes = b"", **changed: str) -> requests.Response:
        """A signed request; ``changed`` are headers that are sent instead."""
        return self.send_again(method, target, body, {**self.headers(method, target, body), **changed})

    def send_again(self, method: str, target: str, body: bytes, headers: Mapping[str, str]) -> requests.Response:
        """A request with headers as they are."""
        return self.session.request(method, self.url + target, data=body, headers=headers, timeout=30)

    def headers(self, method: str, target: str, body: bytes = b"") -> dict[str, str]:
        """The headers of the next request."""
        self.counter += 1
        time = datetime.now(UTC).isoformat()
        return signed_headers(Request(method, target, body), self.name, self.key.sign, time, self.counter)

    def enrol(self, code: str) -> requests.Response:
        """Send an enrolment."""
        machine = Machine(id=self.machine, facts={"model": "thử"})
        message = EnrolRequest(
            code=code, public_key=self.public_key.hex(), machine=machine, boot=self.boot, software="0.1"
        )
        return self.send("POST", protocol.ENROL, message.write())

    def report(self, **told: Any) -> requests.Response:  # noqa: ANN401  -- fields of a report
        """Send a status report."""
        return self.send("POST", protocol.STATUS, self.message(**told))

    def message(self, *, sequence: int | None = None, good_seconds: float = 0, **told: Any) -> bytes:  # noqa: ANN401  -- likewise
        """A status report."""
        running = None if sequence is None else Running(sequence=sequence, confirmed=True, good_seconds=good_seconds)
        return StatusReport(
            at=datetime.now(UTC).isoformat(),
            boot=self.boot,
            up_seconds=60.0,
            synchronised=True,
            machine=self.machine,
            software="0.1",
            running=running,
            **told,
        ).write()

    def wake(self, since: int, timeout: float = 30) -> requests.Response:
        """Wait to be woken."""
        target = protocol.wake_path(since)
        return self.session.get(self.url + target, headers=self.headers("GET", target), timeout=timeout)


def confirmed_devices(server: HubServer, screens: Iterable[str]) -> list[TestDevice]:
    """A device of each screen, confirmed."""
    devices = {screen: TestDevice(server.url) for screen in screens}
    words = [f"{screen}={device.public_key.hex()}" for screen, device in devices.items()]
    program = [sys.executable, "-m", "tests.support.hub_register", *words]
    subprocess.run(program, env=_environment(server.hub, server.database), check=True, timeout=60)
    return list(devices.values())


def code_for(server: HubServer, screen: str) -> str:
    """A new enrolment code."""
    ticket = server.hub / f"ticket-{screen.replace('/', '-')}.json"
    server.command("enrol-code", screen, "--address", server.url, "--ticket", str(ticket))
    return protocol.Ticket.read(ticket.read_bytes()).code
