"""What ``signage-playlist check`` asks of a playlist once it can be read: one list, to which every judge is added."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Final

from playlists.findings import Finding
from playlists.playlist import Playlist
from playlists.playlist_warnings import playlist_warnings
from playlists.screen import Screen

Check = Callable[[Playlist, Screen | None, date], Iterable[Finding]]
"""A pure function of the playlist, the screen it is checked for (None: any), and the day from which it is to play.

Items have their places in the order of their first slots; the command turns them into places of the file.
"""

CHECKS: Final[tuple[Check, ...]] = (lambda playlist, screen, _day: playlist_warnings(playlist, screen),)
