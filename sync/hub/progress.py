"""Progress on a terminal; where nobody looks, nothing is written."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm

from playlists.folder_items import visible
from sync.hub.media_intake import Progress


@contextmanager
def byte_bar(total: int, what: str) -> Iterator[Progress]:
    """A bar of ``total`` bytes under a few words."""
    with tqdm(total=total, desc=what, unit="B", unit_scale=True, disable=not sys.stderr.isatty(), leave=False) as bar:

        def advance(count: int) -> None:
            bar.update(count)

        yield advance


@contextmanager
def step_line(what: str) -> Iterator[Callable[[str], None]]:
    """A line that says, after a few words, which file is looked into; it is gone at the end."""

    def say(text: str) -> None:
        if sys.stderr.isatty():
            sys.stderr.write(f"\r\033[K{text}")
            sys.stderr.flush()

    try:
        yield lambda name: say(f"{what} {visible(name)}")
    finally:
        say("")
