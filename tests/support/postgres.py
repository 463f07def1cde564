"""A PostgreSQL of a test's own: an ordinary user's process, a unix socket, no network."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ORDINARY = "nobody"
DATABASE = "postgres"
_QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=16MB", "listen_addresses=")


def programs() -> Path:
    """Where the newest PostgreSQL's programs lie."""
    return max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))


@contextmanager
def postgres() -> Iterator[str]:
    """Run a server; gives the address of an empty database."""
    user = ORDINARY if os.geteuid() == 0 else None
    name = user or pwd.getpwuid(os.geteuid()).pw_name
    folder = Path(tempfile.mkdtemp(prefix="hub-postgres-"))
    if user is not None:
        shutil.chown(folder, user)
    data = folder / "data"
    initdb = (programs() / "initdb", "-D", data, "-A", "trust", "-U", name, "-E", "UTF8", "--locale=C.UTF-8", "-N")
    process = None
    try:
        subprocess.run(initdb, user=user, cwd=folder, check=True, capture_output=True)
        settings = [word for setting in _QUICK for word in ("-c", setting)]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [programs() / "postgres", "-D", data, "-k", folder, *settings], user=user, cwd=folder, stderr=log
            )
        _wait(folder, process)
        yield f"postgresql:///{DATABASE}?host={folder}&user={name}"
    finally:
        if process is not None:
            process.terminate()
            process.wait(timeout=20)
        shutil.rmtree(folder, ignore_errors=True)


def _wait(folder: Path, process: subprocess.Popen[bytes]) -> None:
    asked = (programs() / "pg_isready", "-q", "-h", folder, "-d", DATABASE)
    for _ in range(200):
        if process.poll() is not None:
            break
        if subprocess.run(asked, check=False).returncode == 0:
            return
        time.sleep(0.05)
    raise AssertionError((folder / "log").read_text(encoding="utf-8"))
