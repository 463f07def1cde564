"""The files of a feed that its metadata lead to: targets, and what releases and urgent bulletins name by digest."""

import json
from collections.abc import Iterator

from sync import feed
from sync.hub.feed_state import FeedState, target_place
from sync.hub.folder import HubFolder


def feed_files(hub: HubFolder, state: FeedState) -> Iterator[str]:
    """The names, some more than once; what a target that is not there names cannot be told."""
    for metadata in state.delegated.values():
        for path, target in metadata.signed.targets.items():
            yield feed.target_name(path, target.hashes["sha256"])
            place = target_place(hub, target)
            if place.exists():
                yield from _named(json.loads(place.read_bytes()))


def _named(told: object) -> Iterator[str]:
    """The files a release or an urgent bulletin names: its playlist, its screen, its media and their piece lists."""
    if not isinstance(told, dict):
        return
    listed = told.get("media")
    files = [told.get("playlist"), told.get("screen"), *(listed if isinstance(listed, list) else ())]
    for file in files:
        if not isinstance(file, dict):
            continue
        if isinstance(file.get("sha256"), str):
            yield feed.media_name(file["sha256"])
        pieces = file.get("pieces")
        if isinstance(pieces, dict) and isinstance(pieces.get("sha256"), str):
            yield feed.pieces_name(pieces["sha256"])
