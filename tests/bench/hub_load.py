"""``python -m tests.bench.hub_load``: the hub on one core, ten thousand kiosks on another.

Real time, nothing compressed: all kiosks come after a power return, then a steady state, then the power is cut and
comes back for all at once, at last something urgent wakes them all. 12 minutes a run; quote the median of several.
"""

import argparse
import asyncio
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Final

import uvloop
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync.hub.database import open_database
from tests.bench.hub_kiosks import MACHINE, Fleet, Kiosk, probe
from tests.support.hub_register import register
from tests.support.hub_server import PROGRAM, make_hub
from tests.support.signed_feed import SignedFeed

WINDOW: Final = 10
"""Seconds over which rates are taken: 33 polls a second at random vary by a sixth from one second to the next."""
_POLL_SECONDS: Final = 300
_SPARE_FILES: Final = 400
_HUB_CORE, _OWN_CORE = 0, 1


def main() -> None:
    """Run, print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--screens", type=int, default=10_000)
    parser.add_argument("--steady", type=int, default=180, help="seconds of steady state that are measured")
    parser.add_argument("--back", type=int, default=330, help="seconds measured from the power return on")
    parser.add_argument("--first", type=int, default=330, help="seconds from the first start on")
    options = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    os.sched_setaffinity(0, {_OWN_CORE})
    with tempfile.TemporaryDirectory() as folder:
        hub = Path(folder) / "hub"
        feed = make_hub(hub)
        keys = [Ed25519PrivateKey.generate() for _ in range(options.screens)]
        _register(hub, keys)
        serve = (*PROGRAM, "serve", "--hub", str(hub), "--listen", "127.0.0.1:0")
        with (
            _on_hub_core(serve, r"http://127\.0\.0\.1:(\d+)") as (process, port),
            _on_hub_core((sys.executable, "-m", "tests.bench.bare_server"), r"(\d+)") as (_, bare),
            asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
        ):
            runner.run(_measure(options, feed, keys, (port, bare), process))


@contextmanager
def _on_hub_core(program: Sequence[str], address: str) -> Iterator[tuple[int, int]]:
    """Run a program on the hub's core; its process and the port it tells."""
    command = ["taskset", "-c", str(_HUB_CORE), *program]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        found = next(match for line in process.stdout if (match := re.search(address, line)))
        yield process.pid, int(found[1])
    finally:
        process.terminate()
        process.wait()


def _register(hub: Path, keys: list[Ed25519PrivateKey]) -> None:
    open_database(hub)
    public = (key.public_key().public_bytes_raw().hex() for key in keys)
    register({f"gate-{number // 100}/screen-{number}": key for number, key in enumerate(public)}, MACHINE)


async def _measure(
    options: argparse.Namespace, feed: SignedFeed, keys: list[Ed25519PrivateKey], ports: tuple[int, int], hub: int
) -> None:
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    kept = max(0, min(len(keys), files - len(keys) - _SPARE_FILES))
    fleet = Fleet("127.0.0.1", ports[0], kept=kept, timestamp=feed.timestamp.version)
    probing = asyncio.create_task(probe(fleet.ledger, ports[1]))
    kiosks = [Kiosk(number, key, fleet) for number, key in enumerate(keys)]
    _say(f"{len(kiosks)} screens, {kept} of them keep their connection from poll to poll (limit of {files} files)")
    await asyncio.sleep(2)
    _switch_on(kiosks)
    await _phase("first", fleet, hub, options.first, len(keys))
    await _phase("steady", fleet, hub, options.steady, len(keys))
    for kiosk in kiosks:
        kiosk.cut_power()
    await asyncio.sleep(3)
    fleet.held = 0
    _switch_on(kiosks)
    await _phase("power return", fleet, hub, options.back, len(keys))
    await _urgent(feed, fleet, hub, len(keys))
    probing.cancel()


def _switch_on(kiosks: list[Kiosk]) -> None:
    for kiosk in kiosks:
        kiosk.switch_on()


async def _phase(name: str, fleet: Fleet, hub: int, seconds: float, screens: int) -> None:
    fleet.ledger.clear()
    begun, spent = monotonic(), _cpu_seconds(hub)
    await asyncio.sleep(seconds)
    ledger = fleet.ledger
    steady = screens / _POLL_SECONDS
    times, bare = sorted(ledger.seconds), sorted(ledger.bare)
    whole = monotonic() - begun
    _say(
        f"{name}: {sum(ledger.polls.values())} polls, {ledger.requests} requests, {ledger.wakes} wake-ups answered in"
        f" {whole:.0f} s; {sum(ledger.errors.values())} errors {dict(ledger.errors.most_common(3))},"
        f" {ledger.put_off} put off; p50 {_ms(times, 0.5)} p99 {_ms(times, 0.99)} most {_ms(times, 1)},"
        f" of reports p50 {_ms(sorted(ledger.reports), 0.5)} p99 {_ms(sorted(ledger.reports), 0.99)},"
        f" a bare server on that core p50 {_ms(bare, 0.5)} p99 {_ms(bare, 0.99)} most {_ms(bare, 1)};"
        f" peak {_peak(ledger.polls, WINDOW) / steady:.2f} x steady of {steady:.1f}/s in {WINDOW} s"
        f" ({_peak(ledger.polls, 1) / steady:.2f} in 1 s, asked {_peak(ledger.asked, WINDOW) / steady:.2f});"
        f" {fleet.held} held; hub {_memory(hub)} MB (most {_memory(hub, 'VmHWM')}),"
        f" {(_cpu_seconds(hub) - spent) / whole * 100:.0f} % of a core"
    )


async def _urgent(feed: SignedFeed, fleet: Fleet, hub: int, screens: int) -> None:
    fleet.ledger.clear()
    feed.add_urgent("lu-quet", b"{}")
    begun = monotonic()
    feed.publish()
    await asyncio.sleep(60)
    woken = sorted(at - begun for at in fleet.ledger.woken)
    polls = fleet.ledger.polls
    _say(
        f"urgent for all: {len(woken)} of {screens} woken, the first after {woken[0] * 1000:.0f} ms, half after"
        f" {statistics.median(woken) * 1000:.0f} ms, the last after {woken[-1]:.1f} s; {sum(polls.values())} polls,"
        f" {_peak(polls, 1)} a second at most; {sum(fleet.ledger.errors.values())} errors; p99"
        f" {_ms(sorted(fleet.ledger.seconds), 0.99)}; hub {_memory(hub)} MB"
    )


def _peak(counts: Counter[int], window: int) -> float:
    """The greatest rate in any window of so many seconds."""
    if not counts:
        return 0.0
    first, last = min(counts), max(counts)
    return max(sum(counts[at + step] for step in range(window)) for at in range(first, last + 1)) / window


def _ms(times: list[float], share: float) -> str:
    return "-" if not times else f"{times[min(len(times) - 1, int(share * len(times)))] * 1000:.0f} ms"


def _memory(process: int, what: str = "VmRSS") -> int:
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return int(status.partition(f"{what}:")[2].split()[0]) // 1024


def _cpu_seconds(process: int) -> float:
    told = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
