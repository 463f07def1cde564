"""A bar for whoever watches a download on a terminal."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from tqdm import tqdm

from sync.agent.download import Progress, ignored


@contextmanager
def progress_bar(stream: TextIO = sys.stderr) -> Iterator[Callable[[Progress], None]]:
    """What to give ``fetch`` as ``progress``: bytes and files on one line of a terminal, nothing anywhere else."""
    if not stream.isatty():
        yield ignored
        return
    with tqdm(unit="B", unit_scale=True, dynamic_ncols=True, file=stream, leave=True) as bar:

        def show(progress: Progress) -> None:
            bar.total = progress.length_of_all
            bar.set_description(f"{progress.files_done}/{progress.files}", refresh=False)
            bar.update(progress.got_of_all - bar.n)

        yield show
