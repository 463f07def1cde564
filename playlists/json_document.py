"""JSON as our files have it: bytes in and an object out, or what is wrong with it; and the bytes of an object."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from playlists.fields import CUSTOM_CODES
from playlists.findings import FileError, Finding, finding

PYDANTIC_CODES: Final[Mapping[str, str]] = {
    "missing": "missing",
    "string_type": "string",
    "int_type": "integer",
    "int_from_float": "integer",
    "float_type": "number",
    "bool_type": "truth",
    "list_type": "list",
    "dict_type": "not-object",
    "model_type": "not-object",
    "literal_error": "choice",
    "greater_than": "not-more-than",
    "greater_than_equal": "too-small",
    "less_than_equal": "too-great",
    "string_pattern_mismatch": "digest",
    "too_short": "too-short",
    "string_too_short": "too-short",
    "too_long": "too-long",
    "string_too_long": "too-long",
    **{code: code for code in CUSTOM_CODES},
}
"""What we say for each of pydantic's words."""

_LIMITS: Final = ("gt", "ge", "le", "max_length")
_VALUES: Final = ("tag", "entry", "zone")
_KEY: Final = "[key]"

_M = TypeVar("_M", bound=BaseModel)


class _DuplicateKeyError(ValueError):
    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def read_object(content: bytes, error: type[FileError]) -> dict[str, object]:
    """Read a file that is one JSON object.

    :param content: the whole file; a byte order mark before it is tolerated.
    :param error: what to raise with the finding.
    """
    try:
        text = content.decode("utf-8-sig")
        parsed: object = json.loads(text, object_pairs_hook=_unique_keys, parse_constant=_no_constant)
        # What could not be written again is refused at once: 1e999, half a surrogate pair.
        json.dumps(parsed, ensure_ascii=False, allow_nan=False).encode()
    except UnicodeDecodeError:
        raise error([finding((), "not-utf-8")]) from None
    except json.JSONDecodeError as wrong:
        raise error([finding((), "not-json", line=wrong.lineno, column=wrong.colno)]) from None
    except RecursionError:
        raise error([finding((), "too-deep")]) from None
    except _DuplicateKeyError as wrong:
        raise error([finding((), "duplicate-key", key=wrong.key)]) from None
    except ValueError:
        # NaN, Infinity, or a number of thousands of digits.
        raise error([finding((), "not-json-value")]) from None
    if not isinstance(parsed, dict):
        raise error([finding((), "not-object")])
    return parsed


def read_version(document: Mapping[str, object], known: Sequence[int], error: type[FileError]) -> int:
    """Read ``format_version``; nothing else can be said of a format that is not known."""
    version = document.get("format_version")
    if not isinstance(version, int) or isinstance(version, bool) or version not in known:
        raise error([finding(("format_version",), "format-version", known=_listed(known))])
    return version


def read_fields(model: type[_M], document: Mapping[str, object], error: type[FileError]) -> _M:
    """Read the fields of a document, or raise everything that is wrong with them."""
    try:
        return model.model_validate(document)
    except ValidationError as wrong:
        details = wrong.errors(include_url=False, include_input=False)
        raise error([translated(detail) for detail in details]) from wrong


def translated(detail: ErrorDetails) -> Finding:
    """Say in our words what pydantic found; a word of a pydantic to come is said in general terms."""
    context: Mapping[str, object] = detail.get("ctx", {})
    values = {name: context.get(name, "") for name in _VALUES}
    limit = next((context[name] for name in _LIMITS if name in context), "")
    expected = str(context.get("expected", ""))
    place = [step for step in detail["loc"] if step != _KEY]
    choices = {"choices_vi": expected.replace(" or ", " hoặc "), "choices_en": expected}
    return finding(place, PYDANTIC_CODES.get(detail["type"], "other"), limit=limit, **values, **choices)


def repeated(ids: Sequence[str], table: str) -> Iterator[Finding]:
    """Find ids that are used twice in one list of objects."""
    seen: set[str] = set()
    for place, name in enumerate(ids):
        if name in seen:
            yield finding((table, place, "id"), "repeated-id", id=name)
        seen.add(name)


def unknown(fields: BaseModel) -> dict[str, object]:
    """Give the fields that the model does not know, to be kept."""
    return dict(fields.model_extra or {})


def told(known: Mapping[str, object], extra: Mapping[str, object]) -> dict[str, object]:
    """Join known fields and unknown ones; what is empty or unknown is not written.

    A field of the format always stands for itself: one of its name among the unknown is left out.
    """
    fields = {name: value for name, value in known.items() if value not in ([], {}, None)}
    return fields | {name: value for name, value in extra.items() if name not in known}


def number(value: float) -> float:
    """Write a whole number without a point, so that one value has one form."""
    return int(value) if value == int(value) else value


def written(document: Mapping[str, object]) -> bytes:
    """Write an object as a file: UTF-8, one field a line, a line feed at the end."""
    return f"{json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2)}\n".encode()


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers))


def _unique_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
    unique: dict[str, object] = {}
    for key, value in pairs:
        if key in unique:
            raise _DuplicateKeyError(key)
        unique[key] = value
    return unique


def _no_constant(name: str) -> object:
    raise ValueError(name)
