"""Thresholds files, format version 1: a configuration's own rows of the dated table. They are read, never written.

``playlists/thresholds-file.schema.json`` is the published schema; a test keeps it equal to :func:`file_schema`. Fields
that are not known say nothing.
"""

from typing import Final

from playlists.findings import FileError
from playlists.json_document import read_fields, read_object, read_version, written
from playlists.screen import VolumeStep
from playlists.thresholds import Threshold, Value
from playlists.thresholds_model import FORMAT_VERSION, RowFields, ThresholdsFields

SUFFIX: Final = ".thresholds.json"


class ThresholdsFileError(FileError):
    """A thresholds file that cannot be used."""

    what = "Thresholds file"


def read_thresholds(content: bytes) -> tuple[Threshold, ...]:
    """Read a thresholds file.

    :param content: the whole file; a byte order mark before it is tolerated.
    :returns: rows that :func:`playlists.thresholds.in_force` takes.
    :raises ThresholdsFileError: with all that is wrong, not only the first thing.
    """
    document = read_object(content, ThresholdsFileError)
    read_version(document, (FORMAT_VERSION,), ThresholdsFileError)
    fields = read_fields(ThresholdsFields, document, ThresholdsFileError)
    rows = [_row(row.name, row, row.value) for row in fields.figures]
    rows += [_row("issuers", row, tuple(row.names)) for row in fields.issuers]
    for row in fields.volume_limits:
        rows.append(_row("volume_limits", row, tuple(VolumeStep(step.begins, step.percent) for step in row.steps)))
    return tuple(rows)


def file_schema() -> dict[str, object]:
    """Describe a thresholds file as JSON Schema (2020-12)."""
    schema = ThresholdsFields.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "Thresholds file, version 1"}


def schema_text() -> str:
    """Write the JSON Schema as it is published."""
    return written(file_schema()).decode()


def _row(name: str, row: RowFields, value: Value) -> Threshold:
    return Threshold(name, row.begins, value, row.source_vi, row.source_en)
