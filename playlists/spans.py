"""Stretches of time as pairs of instants, end exclusive, and what can be done with lists of them."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from playlists.clock_hours import InstantMs


class Span(NamedTuple):
    """From ``begins`` to ``ends`` (exclusive)."""

    begins: InstantMs
    ends: InstantMs


def union(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Join spans that overlap or meet; empty ones vanish. The result is in order."""
    joined: list[Span] = []
    for span in sorted(span for span in spans if span.begins < span.ends):
        if joined and span.begins <= joined[-1].ends:
            joined[-1] = Span(joined[-1].begins, max(joined[-1].ends, span.ends))
        else:
            joined.append(span)
    return tuple(joined)


def common(one: Sequence[Span], other: Sequence[Span]) -> tuple[Span, ...]:
    """Keep what lies in both; each is in order and without overlaps, and so is the result."""
    return union(Span(max(mine.begins, its.begins), min(mine.ends, its.ends)) for mine in one for its in other)


def gaps(spans: Sequence[Span], within: Span) -> tuple[Span, ...]:
    """Take what a list of spans, in order and without overlaps, leaves free of another span."""
    edges = [within.begins]
    for span in common(spans, (within,)):
        edges += span
    edges.append(within.ends)
    return union(Span(begins, ends) for begins, ends in zip(edges[::2], edges[1::2], strict=True))
