"""The fields of the files in the agent's half of a kiosk's state folder, format version 1."""

from typing import Annotated, Final, Literal

from pydantic import Field

from playlists.fields import Digest, Fields, PicturePath, SourcePath, Text

FORMAT_VERSION: Final = 1
MAX_MEDIA: Final = 100_000
MAX_SEQUENCE: Final = 2**53

Sequence = Annotated[int, Field(ge=1, le=MAX_SEQUENCE, description="of the release; never used twice")]
Length = Annotated[int, Field(ge=0, le=MAX_SEQUENCE, description="in bytes")]
Name = Annotated[str, Field(pattern="^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$")]


class MediaFields(Fields):
    """One file under the digest of its content: what the playlist calls ``source`` lies in ``media/<sha256>``."""

    source: SourcePath
    sha256: Digest
    length: Length


class DocumentFields(Fields):
    """A file beside ``release.json``."""

    file: Name
    sha256: Digest
    length: Length


class ReleaseFields(Fields):
    """One signed publication: what one screen shows until the next."""

    format_version: Literal[1]
    sequence: Sequence
    playlist: DocumentFields
    screen: DocumentFields | None = None
    slate: PicturePath | None = None
    media: Annotated[list[MediaFields], Field(max_length=MAX_MEDIA)] = []


class ActiveFields(Fields):
    """Which release is to be shown."""

    format_version: Literal[1]
    sequence: Sequence
    sha256: Annotated[Digest, Field(description="of release.json")]


class UrgentFields(Fields):
    """One urgent bulletin: a playlist of one slot, written out, and its media."""

    format_version: Literal[1]
    id: Name
    playlist: dict[str, object]
    media: Annotated[list[MediaFields], Field(max_length=MAX_MEDIA)] = []


class WithdrawalFields(Fields):
    """Something that must not be shown any more, by an item's id or by a file's digest."""

    item: Text | None = None
    sha256: Digest | None = None


class WithdrawnFields(Fields):
    """Everything that is withdrawn; an empty list is nothing."""

    format_version: Literal[1]
    items: Annotated[list[WithdrawalFields], Field(max_length=MAX_MEDIA)]


class AcknowledgedFields(Fields):
    """Up to which row the centre has the play log."""

    format_version: Literal[1]
    epoch: Annotated[str, Field(pattern="^[0-9a-f]{32}$")]
    sequence: Annotated[int, Field(ge=0)]
