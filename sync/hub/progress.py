"""Progress on a terminal; where nobody looks, nothing is written."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tqdm import tqdm

from sync.hub.media_intake import Progress


@contextmanager
def byte_bar(total: int, what: str) -> Iterator[Progress]:
    """A bar of ``total`` bytes under a few words."""
    with tqdm(total=total, desc=what, unit="B", unit_scale=True, disable=not sys.stderr.isatty(), leave=False) as bar:

        def advance(count: int) -> None:
            bar.update(count)

        yield advance


def step_line(name: str) -> None:
    """Say which file is looked into."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\033[KĐang xem {name}\r")
        sys.stderr.flush()
