"""Run the public TUF client conformance suite: ``python -m tests.support.run_conformance SUITE [PYTEST OPTION ...]``.

``SUITE`` is a checkout of it, kept outside the repository. It wants the program ``faketime`` and pytest; of the network
it uses the loopback alone.
"""

import subprocess
import sys
from pathlib import Path

CLIENT = Path(__file__).with_name("conformance_client.py")


def run_suite(folder: Path, arguments: list[str]) -> "subprocess.CompletedProcess[str]":
    """Run the suite in its own folder, so that neither project's settings meet the other's."""
    entrypoint = f"{sys.executable} {CLIENT}"
    command = [sys.executable, "-m", "pytest", "tuf_conformance", "--entrypoint", entrypoint, "-p", "no:cacheprovider"]
    return subprocess.run([*command, *arguments], cwd=folder, text=True, check=False, stdout=subprocess.PIPE)


if __name__ == "__main__":
    ended = run_suite(Path(sys.argv[1]), sys.argv[2:])
    sys.stdout.write(ended.stdout)
    sys.exit(ended.returncode)
