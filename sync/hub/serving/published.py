"""The published feed as the server looks at it: the hub's own files, read to tell what changed and never to trust."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from playlists.errors import SignageError
from playlists.release import Release, read_release
from sync import feed
from sync.hub.serving.news import ALL, FeedState, Targets
from sync.publication import CONFIRMED, ISSUED
from sync.trust import roles

_NOTHING: FeedState = FeedState(0)


@dataclass(frozen=True, slots=True)
class StandingTimestamp:
    """When the published timestamp was signed and until when it is valid."""

    issued: datetime
    expires: datetime


def read_state(folder: Path, before: FeedState = _NOTHING) -> FeedState:
    """Read what is published; roles whose version is that of ``before`` are taken from there.

    Raises ``OSError`` or ``ValueError`` where nothing is published, or no feed.
    """
    timestamp = _signed(folder, feed.TIMESTAMP)
    snapshot = _signed(folder, feed.metadata_name(roles.SNAPSHOT, timestamp["meta"]["snapshot.json"]["version"]))
    versions = {name.removesuffix(".json"): int(told["version"]) for name, told in snapshot["meta"].items()}
    targets = {
        role: before.targets[role] if before.versions.get(role) == version else _targets(folder, role, version)
        for role, version in versions.items()
    }
    confirmed = frozenset(int(one) for one in timestamp.get(CONFIRMED, []))
    return FeedState(int(timestamp["version"]), versions, targets, confirmed)


def read_standing(folder: Path) -> StandingTimestamp:
    """Read the life of the published timestamp. Raises ``OSError`` or ``ValueError``."""
    timestamp = _signed(folder, feed.TIMESTAMP)
    return StandingTimestamp(_time(timestamp[ISSUED]), _time(timestamp["expires"]))


def read_releases(folder: Path, state: FeedState) -> Iterator[tuple[str, Release]]:
    """The published releases with the screen each is for; what cannot be read is passed over."""
    for targets in state.targets.values():
        for path, (digest, _) in targets.items():
            if path.startswith("releases/"):
                try:
                    release = read_release((folder / feed.target_name(path, digest)).read_bytes())
                except (OSError, SignageError):
                    continue
                yield path.removeprefix("releases/").removesuffix(".json"), release


def _signed(folder: Path, name: str) -> Mapping[str, Any]:
    try:
        signed: Mapping[str, Any] = json.loads((folder / name).read_bytes())["signed"]
    except (LookupError, TypeError) as wrong:
        message = f"{name} is no metadata"
        raise ValueError(message) from wrong
    return signed


def _targets(folder: Path, role: str, version: int) -> Targets:
    signed = _signed(folder, feed.metadata_name(role, version))
    return {
        path: (told["hashes"]["sha256"], tuple(told.get("custom", {}).get("screens", [ALL])))
        for path, told in signed["targets"].items()
    }


def _time(told: str) -> datetime:
    return datetime.fromisoformat(told)
