"""What a screen with nothing to do costs in a day: polls, reports, the wake-up line, keep-alives, TLS, every header.

A real hub over TLS and the real agent as a process, in two network namespaces, with a pair of virtual network cards
between them that counts each byte of each frame. The agent keeps its own hours (a poll every 300 s); some intervals
are counted and a day is made of them. Needs root and ``ip``: ``python -m tests.bench.idle_traffic [INTERVALS]``.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from sync.agent.app import Agent
from sync.agent.identity import Identity
from sync.agent.machine_clock import MachineClock
from sync.agent.outfit import fitted_out
from sync.agent.settings import read_settings
from tests.support.agent_kiosk import GATE, SCREEN, AgentKiosk, playlist_of
from tests.support.hub_server import PROGRAM, hub_command, make_hub
from tests.support.pretended_player import PretendedPlayer

DAY: Final = 86_400
POLL_SECONDS: Final = 300
CHANCE: Final = 0.5
"""Every wait of the agent is the middle of its range, so that intervals are all alike."""
MOST_A_DAY: Final = 2_000_000
_SETTLED: Final = 20.0
_PORT: Final = 8443
FEED, KIOSK = f"idle-feed-{os.getpid()}", f"idle-kiosk-{os.getpid()}"
FEED_ADDRESS: Final = "10.98.0.1"


@contextmanager
def counted_link() -> Iterator[None]:
    """Two namespaces with a link between them, while it lasts."""
    for name in (FEED, KIOSK):
        _ip("netns", "add", name)
    try:
        _ip("-n", FEED, "link", "add", "card", "type", "veth", "peer", "name", "card", "netns", KIOSK)
        for number, name in enumerate((FEED, KIOSK), 1):
            _ip("-n", name, "addr", "add", f"10.98.0.{number}/24", "dev", "card")
            for card in ("lo", "card"):
                _ip("-n", name, "link", "set", card, "up")
        yield
    finally:
        for name in (FEED, KIOSK):
            _ip("netns", "delete", name)


def inside(namespace: str, *command: str) -> list[str]:
    """A command to be run in one of the namespaces."""
    return ["ip", "netns", "exec", namespace, *command]


def _ip(*words: str) -> bytes:
    return subprocess.run(["ip", *words], check=True, capture_output=True).stdout


def bytes_a_day(folder: Path, intervals: int) -> float:
    """Run hub and agent, count what crosses the link in so many intervals of 300 s, and make a day of it."""
    _prepare_hub(folder)
    with counted_link():
        words = ("serve", "--listen", f"{FEED_ADDRESS}:{_PORT}", "--certificate", "hub.pem", "--key", "hub.key")
        environment = {**os.environ, "SIGNAGE_HUB": str(folder / "hub"), "PYTHONPATH": str(Path.cwd())}
        hub = subprocess.Popen(inside(FEED, *PROGRAM, *words), env=environment, cwd=folder, stdout=subprocess.DEVNULL)
        try:
            time.sleep(5)
            return _counted(_enrolled_kiosk(folder), intervals)
        finally:
            hub.terminate()
            hub.wait()


def _counted(kiosk: AgentKiosk, intervals: int) -> float:
    player = PretendedPlayer(kiosk.state, kiosk.clock)
    player.take_over()
    player.play("clip.mp4")
    module = [sys.executable, "-m", "tests.bench.idle_traffic", "--kiosk", str(kiosk.settings)]
    agent = subprocess.Popen(inside(KIOSK, *module))
    try:
        _rest(player, POLL_SECONDS * CHANCE + _SETTLED)
        begun = crossed()
        _rest(player, POLL_SECONDS * intervals)
        return (crossed() - begun) * DAY / (POLL_SECONDS * intervals)
    finally:
        agent.terminate()
        agent.wait()


def _rest(player: PretendedPlayer, seconds: float) -> None:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        player.tell()
        time.sleep(5)


def crossed() -> int:
    """Bytes of frames that crossed the kiosk's end of the link, both ways."""
    count = json.loads(_ip("-n", KIOSK, "-j", "-s", "link", "show", "card"))[0]["stats64"]
    return int(count["rx"]["bytes"]) + int(count["tx"]["bytes"])


def _prepare_hub(folder: Path) -> None:
    feed = make_hub(folder / "hub", ca=str(folder / "ca.pem"))
    _issue_certificate(folder)
    clip = feed.add_media(b"clip", "clip.mp4")
    feed.add_release(GATE, SCREEN, 1, playlist_of(clip), [clip])
    feed.publish()


def _enrolled_kiosk(folder: Path) -> AgentKiosk:
    kiosk = AgentKiosk(folder / "kiosk", b"", more={"gate": None, "screen": None, "root_file": None})
    name, ticket = f"{GATE}/{SCREEN}", str(folder / "ticket.json")
    _well(hub_command(folder / "hub", "screens", "add", name))
    address = f"https://{FEED_ADDRESS}:{_PORT}"
    _well(hub_command(folder / "hub", "enrol-code", name, "--address", address, "--ticket", ticket))
    _well(_in_kiosk(kiosk, "enrol", ticket, "--wait", "0"))
    key = Identity(kiosk.agent / "identity").key()
    if key is None:
        raise AssertionError
    _well(hub_command(folder / "hub", "devices", "confirm", key.device, "--fingerprint", key.fingerprint))
    _well(_in_kiosk(kiosk, "once"))
    (kiosk.agent / "probation.json").unlink()
    return kiosk


def _in_kiosk(kiosk: AgentKiosk, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(inside(KIOSK, *kiosk.command(*words)), capture_output=True, text=True, check=False)


def _well(done: "subprocess.CompletedProcess[str]") -> None:
    if done.returncode:
        raise RuntimeError(done.stderr + done.stdout)


def _issue_certificate(folder: Path) -> None:
    """A private authority, and a certificate of its for the hub's address."""
    authority, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "CA")])
    now = datetime.now(UTC)

    def named(subject: x509.Name, public: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        made = x509.CertificateBuilder(issuer, subject, public, x509.random_serial_number())
        made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=30))
        identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public_key())
        return made.add_extension(identifier, critical=False)

    constraints = x509.BasicConstraints(ca=True, path_length=0)
    root = named(issuer, authority.public_key()).add_extension(constraints, critical=True)
    root = root.add_extension(x509.SubjectKeyIdentifier.from_public_key(authority.public_key()), critical=False)
    (folder / "ca.pem").write_bytes(root.sign(authority, hashes.SHA256()).public_bytes(Encoding.PEM))
    place = x509.SubjectAlternativeName([x509.IPAddress(ip_address(FEED_ADDRESS))])
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, FEED_ADDRESS)])
    leaf = named(subject, key.public_key()).add_extension(place, critical=False).sign(authority, hashes.SHA256())
    (folder / "hub.pem").write_bytes(leaf.public_bytes(Encoding.PEM))
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "hub.key").write_bytes(private)


def run_kiosk(settings: Path) -> None:
    """The agent as it is, its waits all in the middle of their ranges; ended by a signal."""
    outfit = fitted_out(read_settings(settings.read_bytes()))
    Agent(outfit, MachineClock(), log=lambda line: print(line, file=sys.stderr), chance=lambda: CHANCE).run()  # noqa: T201


def main() -> None:
    """Measure, or be the kiosk that is measured."""
    if sys.argv[1:2] == ["--kiosk"]:
        run_kiosk(Path(sys.argv[2]))
        return
    intervals = int(sys.argv[1]) if sys.argv[1:] else 3
    with tempfile.TemporaryDirectory() as folder:
        found = bytes_a_day(Path(folder), intervals)
    sys.stdout.write(f"idle traffic: {found / 1e6:.2f} MB a day, {found / MOST_A_DAY:.2f} of what is allowed\n")


if __name__ == "__main__":
    main()
