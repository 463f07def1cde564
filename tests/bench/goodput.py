"""Our download against ``curl`` over the same shaped link, and the memory it takes. Root: it makes network namespaces.

Seven interleaved pairs a link: ours is ``fetch`` of a file with its piece list into a store, every piece hashed and
fsynced, from the call to the return; curl's is its own ``time_total``, into a file. Same server, same file.

Run with ``python -m tests.bench.goodput``; ``--pairs N``, ``--only fast|slow|memory``.
"""

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from sync.agent.download import Wanted
from sync.feed import media_name, pieces_name
from sync.pieces import write_pieces
from sync.publication import PieceList
from tests.bench.shaped_link import FEED, FEED_ADDRESS, KIOSK, Link, inside, shaped_link
from tests.support.small_feed import add_file, some_bytes

_PORT: Final = 8077
_READY_S: Final = 10.0
_GIGABYTE: Final = 1 << 30


@dataclass(frozen=True, slots=True)
class Race:
    """A link and the size of the file that is raced over it."""

    name: str
    link: Link
    size: int


RACES: Final = {
    "fast": Race("100 Mbit/s", Link(100e6, 0.005, 0.0), 50_000_000),
    "slow": Race("4 Mbit/s, 2 % lost", Link(4e6, 0.02, 0.02), 4_000_000),
}
WANTED_RATIO: Final = 0.95
MEMORY_LIMIT_MB: Final = 80


def main() -> int:
    """Run the races and say how they went."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.goodput", description=__doc__)
    parser.add_argument("--pairs", type=int, default=7)
    parser.add_argument("--only", choices=[*RACES, "memory"])
    options = parser.parse_args()
    print("| what | ours | curl | ratio, median (least-most) | wanted |\n|---|---|---|---|---|")  # noqa: T201 - its output
    with tempfile.TemporaryDirectory(prefix="goodput-") as folder:
        for name, race in RACES.items():
            if options.only in {None, name}:
                print(_race(race, Path(folder), options.pairs), flush=True)  # noqa: T201
        if options.only in {None, "memory"}:
            print(_memory(Path(folder)), flush=True)  # noqa: T201
    return 0


def _race(race: Race, folder: Path, pairs: int) -> str:
    feed = folder / "feed"
    wanted = add_file(feed, some_bytes(race.name, race.size), "clip.mp4")
    ours: list[float] = []
    curls: list[float] = []
    with shaped_link(race.link), _server(feed, inside(FEED), FEED_ADDRESS) as url:
        for number in range(pairs):
            # Who goes first changes, so that what else the machine does meets both alike.
            turns = [(ours, _ours), (curls, _curl)]
            for times, run in turns if number % 2 else reversed(turns):
                times.append(run(url, wanted, folder / "kiosk"))
    ratios = [theirs / mine for mine, theirs in zip(ours, curls, strict=True)]
    rates = [f"{8e-6 * race.size / statistics.median(times):.2f} Mbit/s" for times in (ours, curls)]
    ratio = f"{statistics.median(ratios):.3f} ({min(ratios):.3f}-{max(ratios):.3f})"
    return f"| goodput at {race.name}, {pairs} pairs | {rates[0]} | {rates[1]} | {ratio} | >= {WANTED_RATIO} |"


def _memory(folder: Path) -> str:
    """The peak of a process with everything the agent loads, over loopback as fast as it goes."""
    feed = folder / "large"
    wanted = _large_file(feed, 2 * _GIGABYTE)
    with _server(feed, [], "127.0.0.1") as url:
        told = _fetched([], url, wanted, folder / "kiosk")
    return (
        f"| memory with a 2 GiB clip ({told['seconds']:.0f} s) | {told['peak_mb']:.0f} MB, "
        f"{told['idle_mb']:.0f} MB before it | | | <= {MEMORY_LIMIT_MB} MB |"
    )


def _ours(url: str, wanted: Wanted, kiosk: Path) -> float:
    return _fetched(inside(KIOSK), url, wanted, kiosk)["seconds"]


def _fetched(prefix: list[str], url: str, wanted: Wanted, kiosk: Path) -> dict[str, float]:
    shutil.rmtree(kiosk, ignore_errors=True)
    kiosk.mkdir()
    command = [
        *prefix,
        sys.executable,
        "-m",
        "tests.support.download_process",
        url,
        str(kiosk),
        json.dumps([asdict(wanted)]),
    ]
    told: dict[str, float] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return told


def _curl(url: str, wanted: Wanted, kiosk: Path) -> float:
    shutil.rmtree(kiosk, ignore_errors=True)
    kiosk.mkdir()
    asked = ["-sS", "--fail", "-o", str(kiosk / "clip"), "-w", "%{time_total}", url + media_name(wanted.sha256)]
    command = inside(KIOSK, "curl", *asked)
    return float(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def _large_file(feed: Path, length: int) -> Wanted:
    """A file that costs the server no disk: zeros."""
    zeros = bytes(1 << 20)
    whole = sha256()
    for _ in range(length // len(zeros)):
        whole.update(zeros)
    pieces = write_pieces(zeros for _ in range(length // len(zeros)))
    listed = PieceList(sha256(pieces).hexdigest(), len(pieces))
    wanted = Wanted(whole.hexdigest(), length, listed, "large.mp4")
    for name in (media_name(wanted.sha256), pieces_name(listed.sha256)):
        (feed / name).parent.mkdir(parents=True)
    (feed / pieces_name(listed.sha256)).write_bytes(pieces)
    with (feed / media_name(wanted.sha256)).open("wb") as file:
        file.truncate(length)
    return wanted


@contextmanager
def _server(feed: Path, prefix: list[str], address: str) -> Iterator[str]:
    """The same server for both; its address."""
    command = [*prefix, sys.executable, "-m", "tests.support.feed_server", str(feed), address, str(_PORT)]
    with subprocess.Popen(command) as server:
        try:
            url = f"http://{address}:{_PORT}/"
            probe = [*prefix, "curl", "-s", "-m", "2", "-o", "/dev/null", url]
            ends = time.monotonic() + _READY_S
            while subprocess.run(probe, check=False).returncode:
                if time.monotonic() > ends:
                    message = "the server did not come up"
                    raise RuntimeError(message)
                time.sleep(0.1)
            yield url
        finally:
            server.terminate()


if __name__ == "__main__":
    sys.exit(main())
