"""``signage-hub restore``: a hub from a backup, and what must be signed anew before it publishes again."""

import sys
from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from playlists.cli_parser import Commands, command
from playlists.errors import ExitCode, UsageError
from sync.hub.cli_options import add_dry_run, progress_bar

if TYPE_CHECKING:
    from sync.hub.folder import HubFolder


def add_command(commands: Commands) -> None:
    """Add ``restore``."""
    parser = command(commands, "restore", _restore, "khôi phục trung tâm từ bản sao lưu")
    parser.operands.add_argument("file", type=Path, metavar="TỆP", help="bản sao lưu (.tar)")
    parser.operands.add_argument("folder", type=Path, metavar="THƯ_MỤC", help="thư mục sẽ tạo (chưa có, hoặc trống)")
    one = parser.choices.add_mutually_exclusive_group()
    one.add_argument(
        "--seen",
        type=Path,
        nargs="+",
        default=[],
        metavar="THƯ_MỤC",
        help="nơi có thông tin ký số mới hơn: bản chép nguồn phát hành, metadata của màn hình, hoặc USB",
    )
    one.add_argument(
        "--nothing-newer",
        action="store_true",
        help="chắc chắn chưa phát hành gì sau bản sao lưu: không phải ký lại",
    )
    add_dry_run(parser)


def _restore(options: Namespace) -> ExitCode:
    from sync.hub.backup import check_backup, jump_ahead, restore  # noqa: PLC0415  # python-tuf is heavy for a help
    from sync.hub.drafts import find_draft  # noqa: PLC0415
    from sync.hub.signing import still_to_sign  # noqa: PLC0415

    try:
        size = options.file.stat().st_size
    except OSError:
        message = f"không đọc được “{options.file}”"
        raise UsageError(message) from None
    with progress_bar("Khôi phục", size) as progress:
        if options.dry_run:
            backup = check_backup(options.file, progress)
        else:
            drafts: list[str] = []

            def recover(hub: "HubFolder") -> None:
                draft = jump_ahead(hub, options.seen, datetime.now(UTC))
                drafts.extend([] if draft is None else [draft.name])

            wanted = None if options.nothing_newer else recover
            hub, backup = restore(options.file, options.folder, progress, wanted)
    made = backup.made.astimezone().isoformat(timespec="minutes")
    sys.stdout.write(f"Bản sao lưu lúc {made}, {len(backup.files)} tệp, đúng nguyên vẹn.\n")
    if options.dry_run:
        return ExitCode.OK
    if not backup.media:
        sys.stdout.write("Bản sao lưu không kèm phim, ảnh: lệnh status sẽ nói còn thiếu tệp nào.\n")
    for name in drafts:
        draft = find_draft(hub, name)
        sys.stdout.write(f"Trước khi phát hành tiếp phải ký lại: bản nháp {draft.name}, tệp {draft.request}\n")
        sys.stdout.writelines(f"{line}\n" for line in still_to_sign(draft.read()))
    return ExitCode.OK
