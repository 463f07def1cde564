"""Screen files on the disk of a kiosk."""

from dataclasses import replace
from pathlib import Path

from playlists.errors import SiteError
from playlists.screen import Screen


def read_screen_file(path: Path) -> Screen:
    """The screen of a screen file, its logo, which lies beside the file, named from where the player runs.

    Raises:
        SiteError: the file cannot be opened.
        ContentError: it is no screen file.

    """
    from playlists.screen_file import read_screen  # pydantic is loaded only where there is such a file

    try:
        screen = read_screen(path.read_bytes())
    except OSError as error:
        msg = f"The screen file {path} cannot be read: {error.strerror}."
        raise SiteError(msg) from error
    if screen.layout.logo is None:
        return screen
    return replace(screen, layout=replace(screen.layout, logo=str(path.parent / screen.layout.logo)))
