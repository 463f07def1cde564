"""``signage-playlist new``: a playlist file of a folder of clips and pictures."""

import sys
import unicodedata
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from playlists.cli_check import report
from playlists.cli_files import digest, write
from playlists.cli_media import look_into, medium_of
from playlists.cli_parser import Commands, command
from playlists.errors import ContentError, ExitCode, UsageError
from playlists.findings import PlaylistFileError
from playlists.folder_items import folder_items, visible
from playlists.media import MediaError
from playlists.playlist import Item, Playlist, Slot
from playlists.playlist_file import FORMAT_VERSIONS, SUFFIX, read_playlist, write_playlist

_AS_WRITTEN: Final = 1


def add_command(commands: Commands) -> None:
    """Add ``new``."""
    new = command(commands, "new", _new, "tạo tệp danh sách phát từ một thư mục video và ảnh")
    new.operands.add_argument("folder", type=Path, metavar="THƯ_MỤC", help="thư mục chứa video và ảnh")
    new.choices.add_argument(
        "--output", type=Path, metavar="TỆP", help=f"tệp ghi ra (mặc định THƯ_MỤC/TÊN{SUFFIX}, TÊN là tên thư mục)"
    )
    new.choices.add_argument("--force", action="store_true", help="ghi đè nếu tệp đã có")
    new.choices.add_argument("--sha256", action="store_true", help="ghi mã sha256: máy phát chỉ nhận đúng nội dung đó")
    new.choices.add_argument(
        "--format",
        type=int,
        choices=FORMAT_VERSIONS,
        default=_AS_WRITTEN,
        help="1: phát lần lượt như đã ghi (mặc định); 2: phát theo kế hoạch từng giờ, luôn ghi mã sha256",
    )


def _new(options: Namespace) -> ExitCode:
    folder: Path = options.folder.resolve()
    output: Path = (options.output or folder / f"{folder.name}{SUFFIX}").absolute()
    if output.exists() and not options.force:
        message = f"tệp {visible(str(output))} đã có; thêm --force để ghi đè"
        raise UsageError(message)
    try:
        within = folder.relative_to(output.parent.resolve()).as_posix()
    except ValueError:
        message = "tệp ghi ra phải nằm trong thư mục video và ảnh, hoặc trong thư mục chứa nó"
        raise UsageError(message) from None
    prefix = "" if within == "." else f"{within}/"
    title = unicodedata.normalize("NFC", visible(folder.name)) or "playlist"
    planned = options.format != _AS_WRITTEN
    found = _looked_into(folder, planned=planned, digests=options.sha256 or planned)
    items = tuple(_moved(item, prefix) for item in found)
    if not items:
        message = f"không có video hay ảnh nào trong {visible(str(folder))}"
        raise ContentError(message)
    content = write_playlist(Playlist(title, title, tuple(Slot(item.id, item) for item in items), planned=planned))
    # Reading it back finds what a file name may hold and a playlist file may not.
    try:
        read_playlist(content)
    except PlaylistFileError as error:
        return report(error.findings)
    write(output, content)
    sys.stdout.write(f"Đã ghi {visible(str(output))}: {len(items)} mục.\n")
    return ExitCode.OK


def _looked_into(folder: Path, *, planned: bool, digests: bool) -> Iterator[Item]:
    """Yield the items that can be shown; the others are named on stderr and left out."""
    try:
        names = [entry.name for entry in folder.iterdir() if _may_be_item(entry)]
    except OSError as error:
        message = f"không đọc được thư mục {visible(str(folder))} ({error.strerror})"
        raise ContentError(message) from error
    for item in folder_items(names):
        if item.source != item.id:
            sys.stderr.write(f"Bỏ qua {item.id}: tên tệp không phải UTF-8.\n")
            continue
        try:
            known = _with_facts(item, folder, planned=planned)
        except MediaError as error:
            sys.stderr.write(f"Bỏ qua {item.id}: {error.vi}\n")
            continue
        yield replace(known, sha256=digest(folder / item.source)) if digests else known


def _may_be_item(path: Path) -> bool:
    """Tell whether it is a file, or a link that leads nowhere and ought to be named; a pipe would never end."""
    return path.is_file() or (path.is_symlink() and not path.exists())


def _with_facts(item: Item, folder: Path, *, planned: bool) -> Item:
    """Fill in what the file tells: in version 1 where to cut, in version 2 how long and how large it is."""
    facts = look_into(folder / item.source, medium_of(item))
    if planned:
        return replace(item, length=facts.length, picture=facts.picture, sound=facts.sound)
    return replace(item, duration=facts.length, sound=facts.sound)


def _moved(item: Item, prefix: str) -> Item:
    captions = tuple(replace(file, source=prefix + file.source) for file in item.captions)
    return replace(item, source=prefix + item.source, captions=captions)
