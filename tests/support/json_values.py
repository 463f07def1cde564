"""JSON of all sorts for property tests: values, unknown fields, and documents with one thing changed."""

import copy
from typing import Any

from hypothesis import strategies as st

JSON_VALUES: st.SearchStrategy[object] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc_", max_size=5), inner, max_size=3),
    max_leaves=5,
)
EXTRA: st.SearchStrategy[dict[str, object]] = st.dictionaries(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8).map("x-{}".format)
    | st.sampled_from(["model_config", "model_extra", "__class__", "copy", "json", ""]),
    JSON_VALUES,
    max_size=3,
)


@st.composite
def changed(draw: st.DrawFn, document: dict[str, Any]) -> dict[str, Any]:
    """The document with one value replaced, left out or added, at any depth."""
    whole = copy.deepcopy(document)
    holders = list(_holders(whole))
    for _ in range(draw(st.integers(1, 2))):
        holder = draw(st.sampled_from(holders))
        if isinstance(holder, dict):
            key: Any = draw(st.sampled_from([*sorted(holder), "new"]))
        else:
            key = draw(st.integers(0, len(holder) - 1))
        if key in holder and draw(st.booleans()) and isinstance(holder, dict):
            del holder[key]
        else:
            holder[key] = draw(JSON_VALUES | st.floats(allow_nan=False, allow_infinity=False) | _TEMPTING)
    return whole


_TEMPTING = st.sampled_from(
    [*("vi", "lo", "und", "2026-12-01", "06:00", "a.mp4", "a.png", "bulletin", "sound", "urgent", "main", "#ffffff")]
) | st.sampled_from([0, 1, 2, 50, 100, 101, -1, 0.5, 10**400, [], {}, [1], ["vi"]])


def _holders(value: object) -> list[Any]:
    """All objects and filled lists of a document."""
    inner: list[object] = []
    if isinstance(value, dict):
        inner = list(value.values())
    elif isinstance(value, list) and value:
        inner = value
    else:
        return []
    return [value, *(holder for one in inner for holder in _holders(one))]
