"""Whether the agent's half of a state folder is sound as it lies on the disk, before anything mends it.

Knows nothing of pytest, so that a machine that just lost its power can be asked too.
"""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path

from playlists.release import read_active, read_release, read_urgent, read_withdrawn
from sync.agent.trust_store import TrustStore


def active_in(agent: Path) -> int | None:
    """The sequence of the active release; None before the first."""
    path = agent / "active"
    return read_active(path.read_bytes()).sequence if path.exists() else None


def faults_of(agent: Path) -> Iterator[str]:
    """What is wrong. Whatever is there must be whole, and what the active release names must be there.

    Raises whatever the agent's own readers raise for a file that is torn.
    """
    if (agent / "active").exists():
        active = read_active((agent / "active").read_bytes())
        yield from _faults_of_release(agent, active.sequence, active.sha256)
    for digest in finished_media(agent):
        if sha256((agent / "media" / digest).read_bytes()).hexdigest() != digest:
            yield f"media/{digest} holds something else"
    for path in (agent / "urgent").glob("*.json"):
        read_urgent(path.read_bytes())
    if (agent / "withdrawn").exists():
        read_withdrawn((agent / "withdrawn").read_bytes())


def finished_media(agent: Path) -> list[str]:
    """The digests of the files that are there under their final names."""
    folder = agent / "media"
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def known_versions(agent: Path, first_root: bytes) -> tuple[int, int, int]:
    """The versions of root, timestamp and snapshot below which nothing is taken any more."""
    known = TrustStore.in_agent_folder(agent, first_root).load().heights
    return known.root, known.timestamp.version, known.snapshot.version


def faults_of_versions(now: Sequence[int], before: Sequence[int]) -> Iterator[str]:
    """What was known and is not any more."""
    for role, new, old in zip(("root", "timestamp", "snapshot"), now, before, strict=True):
        if new < old:
            yield f"{role} {old} was known, and {new} is"


def _faults_of_release(agent: Path, sequence: int, digest: str) -> Iterator[str]:
    home = agent / "releases" / str(sequence)
    content = (home / "release.json").read_bytes()
    if sha256(content).hexdigest() != digest:
        yield f"releases/{sequence}/release.json is not the one that is active"
        return
    release = read_release(content)
    for file in (release.playlist, *([] if release.screen is None else [release.screen])):
        if sha256((home / file.source).read_bytes()).hexdigest() != file.sha256:
            yield f"{file.source} is not that of release {sequence}"
    for file in release.media:
        path = agent / "media" / file.sha256
        if not path.is_file() or path.stat().st_size != file.length:
            yield f"{file.source} of release {sequence} is not there"
