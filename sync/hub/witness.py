"""What others have seen of a hub that lost its memory: metadata lying in a mirror, on a kiosk, on a stick."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, Root, Snapshot, Timestamp

from sync.hub.feed_state import newest_root
from sync.hub.folder import HubFolder
from sync.hub.publishing import put_metadata
from sync.hub.sentences import HubRefusalError
from sync.trust import roles

if TYPE_CHECKING:
    from collections.abc import Iterator

_PLACES: Final = ("*.json", "metadata/*.json", "roots/*.json", "metadata/roots/*.json")


def adopt_roots(hub: HubFolder, folder: Path) -> int:
    """Take the roots that follow ours, each signed as it must be; how many. The caller holds the lock.

    Raises ``HubRefusalError`` where the folder holds no metadata of this hub.
    """
    found = {one.signed.version: one for one in _metadata(folder) if isinstance(one.signed, Root)}
    newest = newest_root(hub)
    taken = 0
    while newest is not None and (coming := found.get(newest.signed.version + 1)) is not None:
        signed, signatures = coming.signed_bytes, coming.signatures
        if not coming.signed.get_root_verification_result(newest.signed, signed, signatures).verified:
            raise HubRefusalError(code="seen-foreign", folder=folder)
        put_metadata(hub, roles.ROOT, coming)
        newest, taken = coming, taken + 1
    if newest is None or not seen_versions(folder, newest.signed):
        raise HubRefusalError(code="seen-foreign", folder=folder)
    return taken


def seen_versions(folder: Path, root: Root) -> dict[str, int]:
    """The versions that timestamps and snapshots in a folder show, as far as a root vouches for them."""
    seen: dict[str, int] = {}
    for metadata in _metadata(folder):
        signed = metadata.signed
        if isinstance(signed, Timestamp | Snapshot) and _vouched(root, metadata):
            told = {signed.type: signed.version}
            if isinstance(signed, Timestamp):
                told[roles.SNAPSHOT] = signed.snapshot_meta.version
            else:
                told |= {name.removesuffix(".json"): one.version for name, one in signed.meta.items()}
            seen |= {role: max(version, seen.get(role, 0)) for role, version in told.items()}
    return seen


def _vouched(root: Root, metadata: "Metadata[Any]") -> bool:
    return bool(root.get_verification_result(metadata.signed.type, metadata.signed_bytes, metadata.signatures))


def _metadata(folder: Path) -> "Iterator[Metadata[Any]]":
    """Whatever reads as metadata in a folder, in its folder ``metadata`` or among the roots a kiosk keeps."""
    for path in sorted(path for places in _PLACES for path in folder.glob(places)):
        try:
            yield Metadata.from_bytes(path.read_bytes())
        except (OSError, RepositoryError):
            continue
