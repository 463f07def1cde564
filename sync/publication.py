"""What a feed's release, urgent bulletin and withdrawal say beyond what the player reads of them.

The target that a screen's release is in the feed is, byte for byte, the ``release.json`` of the kiosk's state folder
(``playlists/release.py``): the player passes over the fields below, the agent reads them here.

=============== ================================================================================================
``authority``   the role that signed it
``published``   when, as ISO 8601 with its offset
``rollout``     ``{"canary": ["GATE/SCREEN", ...], "hold_minutes": N}``; the other screens wait until the signed
                timestamp names the sequence in ``x-confirmed``
``pieces``      beside each file longer than one piece: ``{"sha256": ..., "length": ...}`` of its piece list
=============== ================================================================================================

An urgent target is the ``urgent/ID.json`` of the state folder, a withdrawal target its ``withdrawn``. For whom they are
stands in the signed ``custom`` of the target: ``{"screens": ["bo-y/*", "dak-blo/tuong-1"]}``; ``*`` stands for all of a
gate's screens, ``*/*`` for all.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from playlists.errors import ContentError
from playlists.release import MediaFile, Release
from sync.pieces import list_length

CONFIRMED: Final = "x-confirmed"
"""In the signed timestamp: the sequences that screens which are no canaries may take, as a list."""
ROLE: Final = "x-role"
"""In the signed metadata of ``targets`` and every role below: its role. Whoever may sign for several roles signs files
that look alike; this keeps one from being passed off as another of the same version."""
ISSUED: Final = "x-issued"
"""In the signed timestamp: when it was signed, ISO 8601 UTC; its life is told without any clock of the kiosk's."""
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class PieceList:
    """Digest and length, in bytes, of a file's piece list."""

    sha256: str
    length: int


@dataclass(frozen=True, slots=True)
class Rollout:
    """Which screens go first, as ``GATE/SCREEN``, and for how many minutes they must have played it without fault."""

    canary: tuple[str, ...]
    hold_minutes: int


def pieces_of(file: MediaFile) -> PieceList | None:
    """The piece list of a file of a release; None where the file has none. Raises ``ContentError``."""
    told = file.extra.get("pieces")
    if told is None:
        return None
    if isinstance(told, Mapping):
        digest, length = told.get("sha256"), told.get("length")
        if (
            isinstance(digest, str)
            and isinstance(length, int)
            and _DIGEST.fullmatch(digest)
            and length == list_length(file.length)
        ):
            return PieceList(digest, length)
    message = f"{file.source}: its piece list is not described as it should be"
    raise ContentError(message)


def with_pieces(file: MediaFile, pieces: PieceList) -> MediaFile:
    """The file with its piece list named."""
    return replace(file, extra={**file.extra, "pieces": {"sha256": pieces.sha256, "length": pieces.length}})


def rollout_of(release: Release) -> Rollout | None:
    """Which screens go first; None where all may go. Raises ``ContentError``."""
    told = release.extra.get("rollout")
    if told is None:
        return None
    if isinstance(told, Mapping):
        canary, hold = told.get("canary"), told.get("hold_minutes")
        if isinstance(canary, list) and all(isinstance(one, str) for one in canary) and isinstance(hold, int):
            return Rollout(tuple(canary), hold)
    message = "the roll-out is not described as it should be"
    raise ContentError(message)


def with_signature_fields(release: Release, authority: str, published: str, rollout: Rollout | None = None) -> Release:
    """The release with what its authority says of it."""
    told: dict[str, object] = {"authority": authority, "published": published}
    if rollout is not None:
        told["rollout"] = {"canary": list(rollout.canary), "hold_minutes": rollout.hold_minutes}
    return replace(release, extra={**release.extra, **told})


def concerns(custom: object, gate: str, screen: str) -> bool:
    """Whether an urgent bulletin or a withdrawal with this ``custom`` is for a screen; without one it is for all."""
    if not isinstance(custom, Mapping) or not isinstance(custom.get("screens"), Sequence):
        return True
    return bool({f"{gate}/{screen}", f"{gate}/*", "*/*"} & {one for one in custom["screens"] if isinstance(one, str)})
