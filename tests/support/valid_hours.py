"""Playlists that can be kept: a valid hour is built first, and a playlist with its limits is derived from it.

The hour is a circle: a rota that shows it again and again keeps every limit, so every hour of a day can be kept.
"""

import random
from collections import Counter
from dataclasses import dataclass, replace
from typing import Final

from playlists.lengths import planned_length
from playlists.loop_units import languages_present
from playlists.playlist import Item, ItemKind, Playlist, Sequence, Slot
from playlists.schedule import Share
from playlists.screen import Screen
from playlists.timing import DurationMs

HOUR_MS: Final = 3_600_000
_SECOND: Final = ("lo", "km", "en")


@dataclass(frozen=True, slots=True)
class ValidHour:
    """A valid hour: whole messages (sets or single items) one after the other, and what was derived from it."""

    order: tuple[tuple[Item, ...], ...]
    playlist: Playlist
    screen: Screen


def valid_hour(seed: int) -> ValidHour:
    """Build one; the same seed builds the same everywhere."""
    dice = random.Random(seed)  # noqa: S311 - dice for tests
    messages = [_message(dice, number) for number in range(dice.randint(2, 14))]
    order = _order(dice, messages)
    total = sum(_length(message) for message in order)
    counts = Counter(message[0].id for message in order)
    limits = {message[0].id: _limits(dice, message, order, total, counts[message[0].id]) for message in messages}
    slots = tuple(
        Slot(f"slot-{item.id}", item, share=_of_item(limits[message[0].id], item, message))
        for message in messages
        if counts[message[0].id]
        for item in message
    )
    sequence = dice.choice(list(Sequence))
    playlist = Playlist("derived", "Derived", slots, f"{seed:064x}", planned=True, sequence=sequence)
    return ValidHour(
        tuple(order), playlist, Screen("screen-1", "bo-y", "cluster-1", shares=_shares(dice, order, total))
    )


def _message(dice: random.Random, number: int) -> tuple[Item, ...]:
    versions = dice.choice((1, 1, 1, 2, 2, 3))
    languages: list[tuple[str, ...]] = [("vi",), *((tag,) for tag in dice.sample(_SECOND, 2))]
    if versions == 1:
        languages = [dice.choice((("vi",), ("vi",), ("lo",), ("vi", "lo"), ("vi", "km"), ("vi", "en"), ("km",)))]
    message = f"message-{number}" if versions > 1 else None
    return tuple(
        Item(
            f"{number}-{tags[-1]}",
            f"{number}-{tags[-1]}.mp4",
            ItemKind.CLIP,
            f"Item {number}",
            tags,
            length=DurationMs(dice.randint(5, 120) * 1000 + dice.randint(0, 999)),
            message=message,
        )
        for tags in languages[:versions]
    )


def _order(dice: random.Random, messages: list[tuple[Item, ...]]) -> list[tuple[Item, ...]]:
    """Turn the messages round by round, some more often than others, some in disorder, until an hour is full."""
    often = [dice.choice((1, 1, 1, 2, 3)) for _ in messages]
    disorder = dice.random() < 0.5
    due = [dice.random() / times for times in often]
    order: list[tuple[Item, ...]] = []
    total = 0
    while total < HOUR_MS:
        able = [place for place, message in enumerate(messages) if not order or message is not order[-1]]
        place = dice.choice(able) if disorder and dice.random() < 0.3 else min(able, key=due.__getitem__)
        due[place] += 1 / often[place]
        order.append(messages[place])
        total += _length(messages[place])
    return order


def _length(message: tuple[Item, ...]) -> int:
    return sum(map(planned_length, message))


def _limits(
    dice: random.Random, message: tuple[Item, ...], order: list[tuple[Item, ...]], total: int, count: int
) -> Share:
    """Draw limits that this message keeps in its hour."""
    share = Share(weight=max(1, count))
    if dice.random() < 0.4:
        share = replace(share, spacing=DurationMs(int(_least_gap(message, order, total) * dice.uniform(0.5, 1.0))))
    if dice.random() < 0.4:
        share = replace(share, most_per_hour=count + 1 + dice.randint(0, 1))
    if dice.random() < 0.2:
        share = replace(share, percent=count * _length(message) * 100 / total)
    return share


def _of_item(share: Share, item: Item, message: tuple[Item, ...]) -> Share:
    if share.percent is None:
        return share
    return replace(share, percent=share.percent * planned_length(item) / _length(message))


def _least_gap(message: tuple[Item, ...], order: list[tuple[Item, ...]], total: int) -> int:
    """The least time from one start to the next, around the circle; the whole hour where there is but one."""
    starts = []
    at = 0
    for other in order:
        if other is message:
            starts.append(at)
        at += _length(other)
    gaps = [later - earlier for earlier, later in zip(starts, [*starts[1:], (starts or [0])[0] + total], strict=False)]
    return min([*gaps, HOUR_MS])


def _shares(dice: random.Random, order: list[tuple[Item, ...]], total: int) -> dict[str, float]:
    """Ask for some of the languages, in whole per cent, at most what the hour has."""
    spoken: Counter[str] = Counter()
    for message in order:
        for item in message:
            spoken.update(dict.fromkeys(languages_present(item), planned_length(item)))
    asked = dice.sample(sorted(spoken), min(len(spoken), dice.randint(1, 2)))
    return {tag: float(int(spoken[tag] * 100 / total * dice.choice((0.7, 0.9, 1.0)))) for tag in asked}
