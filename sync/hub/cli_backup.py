"""``signage-hub backup``: the whole hub in one file, with the digest of everything in it."""

import sys
from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path

from playlists.cli_parser import Commands, command
from playlists.errors import ExitCode
from sync.hub.cli_options import add_dry_run, add_hub, hub_of, progress_bar


def add_command(commands: Commands) -> None:
    """Add ``backup``."""
    parser = command(commands, "backup", _backup, "sao lưu toàn bộ trung tâm vào một tệp")
    parser.operands.add_argument("file", type=Path, metavar="TỆP", help="tệp sao lưu sẽ tạo (.tar)")
    parser.choices.add_argument("--without-media", action="store_true", help="không kèm phim, ảnh đã phát hành")
    add_hub(parser)
    add_dry_run(parser)


def _backup(options: Namespace) -> ExitCode:
    from sync.hub.backup import backup_files, write_backup  # noqa: PLC0415  # python-tuf is heavy for a line of help

    hub, media = hub_of(options), not options.without_media
    sizes = [path.stat().st_size for _, path in backup_files(hub, media=media)]
    if options.dry_run:
        sys.stdout.write(f"Sẽ sao lưu {len(sizes)} tệp, {sum(sizes)} byte.\n")
        return ExitCode.OK
    with progress_bar("Sao lưu", sum(sizes)) as progress:
        backup = write_backup(hub, options.file, datetime.now(UTC), media=media, progress=progress)
    sys.stdout.write(f"Đã sao lưu {len(backup.files)} tệp vào {options.file}; hãy cất ở nơi khác, có khóa.\n")
    return ExitCode.OK
