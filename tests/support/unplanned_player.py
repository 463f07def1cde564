"""The real player with a planned playlist taken as it is written: ``python unplanned_player.py WORDS OF THE PLAYER``.

Bulletins come in planned playlists only, and a plan goes by the clock; a test wants one after the other.
"""

import sys
from dataclasses import replace
from pathlib import Path

from player import cli, shelf
from playlists.playlist import Playlist

_READ = shelf.read_path


def as_written(path: Path) -> Playlist:
    """The playlist of a path, its rota left aside."""
    return replace(_READ(path), planned=False)


if __name__ == "__main__":
    shelf.read_path = as_written
    sys.exit(cli.main())
