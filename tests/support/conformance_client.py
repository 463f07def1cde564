"""The command line the public TUF client conformance suite asks for, round the agent's own client and downloader.

Only what the specification asks: no horizon for timestamps, no urgent role. ``init`` keeps the root beside the
metadata, as a package would bring it.
"""

import sys
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from tuf.api.exceptions import LengthOrHashMismatchError
from tuf.api.metadata import TargetFile

from playlists.errors import SignageError
from sync.agent.refresh import Policy, find_target, read_target, refresh
from sync.agent.requests_source import RequestsSource
from sync.agent.trust_store import TrustStore
from sync.durable import write_durably

PLAIN = Policy(horizon=None, urgent_life=None)


def initialise(told: Namespace) -> None:
    content = told.trusted_root.read_bytes()
    write_durably(told.metadata_dir / "installed", content)
    write_durably(told.metadata_dir / "root.json", content)


def bring_up_to_date(told: Namespace) -> None:
    """Refresh and, where targets are named, fetch those that are not there yet."""
    folder: Path = told.metadata_dir
    store = TrustStore(folder, folder / "memory", (folder / "installed").read_bytes())
    # One feed holds both in the suite, as in ours.
    source = RequestsSource(told.metadata_url.rstrip("/").removesuffix("/metadata"))
    trusted = refresh(source, store, datetime.now(UTC), PLAIN)
    for path in told.target_name:
        target = find_target(source, store, trusted, path)
        if target is None:
            sys.exit(f"{path}: no role has it")
        place = told.target_dir / quote(path, safe="")
        if not _is_target(target, place):
            write_durably(place, read_target(source, target))


def _is_target(target: TargetFile, place: Path) -> bool:
    try:
        target.verify_length_and_hashes(place.read_bytes())
    except (OSError, LengthOrHashMismatchError):
        return False
    return True


def main() -> None:
    parser = ArgumentParser()
    parser.add_argument("--metadata-url")
    parser.add_argument("--metadata-dir", type=Path, required=True)
    parser.add_argument("--target-name", action="append", default=[])
    parser.add_argument("--target-dir", type=Path)
    parser.add_argument("--target-base-url")
    commands = parser.add_subparsers(required=True)
    begin = commands.add_parser("init")
    begin.add_argument("trusted_root", type=Path)
    begin.set_defaults(run=initialise)
    for name in ("refresh", "download"):
        commands.add_parser(name).set_defaults(run=bring_up_to_date)
    told = parser.parse_args()
    try:
        told.run(told)
    except SignageError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
