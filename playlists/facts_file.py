"""Facts files, format version 1: what was measured of the items of a playlist; JSON bytes in and out.

``playlists/facts-file.schema.json`` is the published schema; a test keeps it equal to :func:`file_schema`. Fields that
are not known are kept in ``extra`` at every level and written again.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from playlists.facts import Contrast, Facts, FlagPicture, Letters, Loudness, Measurements
from playlists.facts_model import (
    FORMAT_VERSION,
    ContrastFields,
    FactsFields,
    FlagFields,
    LettersFields,
    LoudnessFields,
    MeasurementsFields,
)
from playlists.findings import FileError
from playlists.json_document import number, read_fields, read_object, read_version, unknown, written

SUFFIX: Final = ".facts.json"


class FactsFileError(FileError):
    """A facts file that cannot be used."""

    what = "Facts file"


def read_facts(content: bytes) -> Measurements:
    """Read a facts file.

    :param content: the whole file; a byte order mark before it is tolerated.
    :raises FactsFileError: with all that is wrong, not only the first thing.
    """
    document = read_object(content, FactsFileError)
    read_version(document, (FORMAT_VERSION,), FactsFileError)
    fields = read_fields(MeasurementsFields, document, FactsFileError)
    by_item = {name: _facts(facts) for name, facts in fields.items.items()}
    return Measurements(MappingProxyType(by_item), fields.screen, unknown(fields))


def write_facts(measurements: Measurements) -> bytes:
    """Write a facts file: UTF-8, one field a line, always the same bytes for the same value.

    What was not measured is left out; an empty list or mapping says that nothing was found, and stays.
    """
    items = {name: _facts_document(facts) for name, facts in measurements.by_item.items()}
    known = {"format_version": FORMAT_VERSION, "screen": measurements.screen, "items": items}
    return written(_measured(known, measurements.extra))


def file_schema() -> dict[str, object]:
    """Describe a facts file as JSON Schema (2020-12)."""
    schema = MeasurementsFields.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "Facts file, version 1"}


def _facts(fields: FactsFields) -> Facts:
    missing = fields.missing_glyphs
    return Facts(
        of=fields.of,
        measured_by=MappingProxyType(dict(fields.measured_by)),
        letters=None if fields.letters is None else tuple(map(_letters, fields.letters)),
        missing_glyphs=None if missing is None else MappingProxyType({tag: tuple(of) for tag, of in missing.items()}),
        normal_text=fields.normal_text,
        contrasts=None if fields.contrasts is None else tuple(map(_contrast, fields.contrasts)),
        flash_hz=fields.flash_hz,
        loudness=None if fields.loudness is None else _loudness(fields.loudness),
        siren=fields.siren,
        spoken=None if fields.spoken is None else tuple(fields.spoken),
        sounding=fields.sounding,
        captions=fields.captions,
        flag=None if fields.flag is None else _flag(fields.flag),
        extra=unknown(fields),
    )


def _letters(fields: LettersFields) -> Letters:
    return Letters(fields.language, fields.drawn_px, fields.nominal_px, fields.part, unknown(fields))


def _contrast(fields: ContrastFields) -> Contrast:
    return Contrast(fields.ratio, fields.large, fields.part, unknown(fields))


def _loudness(fields: LoudnessFields) -> Loudness:
    return Loudness(fields.lufs, fields.peak_dbfs, unknown(fields))


def _flag(fields: FlagFields) -> FlagPicture:
    return FlagPicture(fields.aspect, fields.cropped, fields.covered, unknown(fields))


def _facts_document(facts: Facts) -> dict[str, object]:
    missing = facts.missing_glyphs
    known = {
        "of": facts.of,
        "measured_by": dict(sorted(facts.measured_by.items())) or None,
        "letters": None if facts.letters is None else [_letters_document(one) for one in facts.letters],
        "missing_glyphs": None if missing is None else {tag: list(of) for tag, of in sorted(missing.items())},
        "normal_text": facts.normal_text,
        "contrasts": None if facts.contrasts is None else [_contrast_document(one) for one in facts.contrasts],
        "flash_hz": _figure(facts.flash_hz),
        "loudness": None if facts.loudness is None else _loudness_document(facts.loudness),
        "siren": _figure(facts.siren),
        "spoken": None if facts.spoken is None else list(facts.spoken),
        "sounding": facts.sounding,
        "captions": facts.captions,
        "flag": None if facts.flag is None else _flag_document(facts.flag),
    }
    return _measured(known, facts.extra)


def _letters_document(letters: Letters) -> dict[str, object]:
    known = {
        "language": letters.language,
        "drawn_px": _figure(letters.drawn_px),
        "nominal_px": _figure(letters.nominal_px),
        "part": letters.part,
    }
    return _measured(known, letters.extra)


def _contrast_document(contrast: Contrast) -> dict[str, object]:
    known = {"ratio": _figure(contrast.ratio), "large": contrast.large, "part": contrast.part}
    return _measured(known, contrast.extra)


def _loudness_document(loudness: Loudness) -> dict[str, object]:
    return _measured({"lufs": _figure(loudness.lufs), "peak_dbfs": _figure(loudness.peak_dbfs)}, loudness.extra)


def _flag_document(flag: FlagPicture) -> dict[str, object]:
    return _measured({"aspect": _figure(flag.aspect), "cropped": flag.cropped, "covered": flag.covered}, flag.extra)


def _figure(value: float | None) -> float | None:
    return None if value is None else number(value)


def _measured(known: Mapping[str, object], extra: Mapping[str, object]) -> dict[str, object]:
    """Join known fields and unknown ones; only what was not measured is left out."""
    fields = {name: value for name, value in known.items() if value is not None}
    return fields | {name: value for name, value in extra.items() if name not in known}
