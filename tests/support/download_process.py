"""A kiosk's download as a process of its own: ``python -m tests.support.download_process URL AGENT_FOLDER WANTED``.

It loads what the agent loads, and tells at the end how long the download took and how much memory it had. ``WANTED`` is
a JSON list of ``Wanted``.
"""

import json
import sys
import time
from pathlib import Path

import tuf.api.metadata  # noqa: F401 - the agent's memory is measured with what the agent loads

from playlists.release import Release  # noqa: F401 - likewise
from sync.agent.download import Wanted, fetch
from sync.agent.media_store import MediaStore
from sync.agent.progress_bar import progress_bar
from sync.agent.requests_source import RequestsSource
from sync.publication import PieceList


def main(url: str, agent_folder: Path, wanted: list[Wanted]) -> None:
    """Download, and tell."""
    store, source = MediaStore(agent_folder, floor=0), RequestsSource(url)
    idle = _memory("VmRSS")
    began = time.monotonic()
    with progress_bar() as progress:
        fetch(wanted, source, store, progress=progress)
    seconds = time.monotonic() - began
    json.dump({"seconds": seconds, "idle_mb": idle, "peak_mb": _memory("VmHWM")}, sys.stdout)


def read_wanted(content: str) -> list[Wanted]:
    """``WANTED`` as written by ``dataclasses.asdict``."""
    return [
        Wanted(one["sha256"], one["length"], PieceList(**one["pieces"]) if one["pieces"] else None, one["source_name"])
        for one in json.loads(content)
    ]


def _memory(field: str) -> float:
    """Megabytes, as the kernel counts this process's resident pages."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1000 for line in lines if line.startswith(f"{field}:"))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), read_wanted(sys.argv[3]))
