"""Commands of ``signage-hub`` as processes of their own that need not import the world first.

They are forked from a server process that has the libraries loaded and nothing set up; a command then takes a tenth of
its time. What is run is the command line's own ``main``.
"""

import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

_LOADED = ("django.db.models", "django.urls", "psycopg", "requests", "sync.protocol", "sync.hub.cli")
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(list(_LOADED))


def run_quickly(words: Sequence[str], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, within a minute."""
    with tempfile.TemporaryDirectory() as folder:
        out, err = Path(folder) / "out", Path(folder) / "err"
        process = _CONTEXT.Process(target=_run, args=(list(words), dict(environment), str(out), str(err)))
        process.start()
        process.join(60)
        code = process.exitcode
        if code is None:
            process.kill()
            process.join()
        assert code is not None, f"not over within a minute: {words}"
        return subprocess.CompletedProcess(
            words, code, out.read_text(encoding="utf-8"), err.read_text(encoding="utf-8")
        )


def _run(words: list[str], environment: dict[str, str], out: str, err: str) -> None:
    os.environ.clear()
    os.environ.update(environment)
    for number, path in ((1, out), (2, err)):
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(file, number)
        os.close(file)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8")
    sys.stderr = os.fdopen(2, "w", encoding="utf-8")
    from sync.hub.cli import main  # noqa: PLC0415  -- loaded before the fork

    sys.exit(main(words))
