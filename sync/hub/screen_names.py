"""Screens as operators name them: ``GATE/SCREEN``, ``GATE/*`` for all of a gate, ``all`` for all there are."""

import re
from collections.abc import Collection, Iterable, Sequence
from fnmatch import fnmatchcase
from typing import Final, NamedTuple

from playlists.errors import UsageError
from sync.trust.roles import release_path

EVERYWHERE: Final = "*/*"
"""As ``all`` stands in what is signed."""
_ALL: Final = "all"
_PART: Final = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?")
_RELEASE: Final = re.compile(r"releases/([^/]+)/([^/]+)\.json")


class ScreenName(NamedTuple):
    """One screen, by its gate and its own name there."""

    gate: str
    screen: str

    def __str__(self) -> str:
        return f"{self.gate}/{self.screen}"

    @property
    def path(self) -> str:
        """The target that is its release."""
        return release_path(self.gate, self.screen)


def read_screen_name(text: str) -> ScreenName:
    """Read ``GATE/SCREEN``. Raises ``UsageError``."""
    gate, _, screen = text.partition("/")
    if not (is_name(gate) and is_name(screen)):
        message = f"“{text}” không phải tên màn hình; viết dạng bo-y/tuong-1 (chữ thường không dấu, số, gạch nối)"
        raise UsageError(message)
    return ScreenName(gate, screen)


def is_name(text: str) -> bool:
    """Whether a text may name a gate, a screen, an urgent bulletin: safe in a path and in an address."""
    return _PART.fullmatch(text) is not None


def released_screen(path: str) -> ScreenName | None:
    """The screen whose release a target is; None for other targets."""
    match = _RELEASE.fullmatch(path)
    return None if match is None else ScreenName(match[1], match[2])


def patterns(texts: Iterable[str]) -> tuple[str, ...]:
    """What operators named as it stands in what is signed, in order and once each. Raises ``UsageError``."""
    return tuple(dict.fromkeys(map(_pattern, texts)))


def matching(wanted: Sequence[str], known: Collection[ScreenName]) -> tuple[ScreenName, ...]:
    """The screens that patterns name, in alphabetical order; those named in full need not be known.

    Raises ``UsageError`` where a pattern with a star names none.
    """
    found: set[ScreenName] = set()
    for one in wanted:
        if "*" not in one:
            found.add(read_screen_name(one))
            continue
        named = {screen for screen in known if fnmatchcase(str(screen), one)}
        if not named:
            raise UsageError(_none_called(one, known))
        found |= named
    return tuple(sorted(found))


def refuse_unknown(wanted: Sequence[str], known: Collection[ScreenName]) -> None:
    """Refuse a pattern that names no known screen, where any is known: it is a slip of the keyboard.

    Raises ``UsageError``.
    """
    for one in wanted:
        if known and not any(fnmatchcase(str(screen), one) for screen in known):
            raise UsageError(_none_called(one, known))


def told(pattern: str) -> str:
    """A pattern in Vietnamese."""
    if pattern == EVERYWHERE:
        return "mọi màn hình"
    gate, _, screen = pattern.partition("/")
    return f"mọi màn hình của cửa khẩu {gate}" if screen == "*" else pattern


def _pattern(text: str) -> str:
    if text in {_ALL, EVERYWHERE}:
        return EVERYWHERE
    gate, _, screen = text.partition("/")
    if screen == "*" and is_name(gate):
        return text
    return str(read_screen_name(text))


def _none_called(pattern: str, known: Collection[ScreenName]) -> str:
    listed = ", ".join(map(str, sorted(known))) or "chưa có màn hình nào"
    return f"không có màn hình nào khớp với “{pattern}”; các màn hình đã biết: {listed}"
