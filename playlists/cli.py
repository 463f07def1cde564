"""``signage-playlist``: write, check and show playlist files. It speaks Vietnamese, findings English as well.

The only module of the shared language that touches files.
"""

import json
import os
import sys
import unicodedata
from argparse import Action, ArgumentParser, HelpFormatter, Namespace
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from hashlib import file_digest
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, NoReturn

from playlists.errors import ContentError, ExitCode, SignageError, SiteError, UsageError, in_vietnamese
from playlists.fields import UNKNOWN_LANGUAGE
from playlists.findings import Finding, PlaylistFileError, finding
from playlists.folder_items import folder_items, visible
from playlists.languages import name_vi
from playlists.media import Flaw, MediaError
from playlists.playlist import Item, ItemKind, Playlist, Slot
from playlists.playlist_file import SUFFIX, file_schema, read_playlist, write_playlist
from playlists.probe import probe, probe_picture
from playlists.timing import DurationMs

_PROGRAM: Final = "signage-playlist"
_KINDS_VI: Final = {ItemKind.CLIP: "video", ItemKind.IMAGE: "ảnh", ItemKind.PAGE: "trang"}
_NS_PER_MS: Final = 1_000_000


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code of the shared table."""
    try:
        options = _parser().parse_args(argv)
        code: ExitCode = options.run(options)
        sys.stdout.flush()
    except SignageError as error:
        sys.stderr.write(f"{_PROGRAM}: {in_vietnamese(error.exit_code)}: {error}\n")
        return error.exit_code
    except BrokenPipeError:  # whoever read us has read enough; what is still buffered must not complain at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.OK
    return code


def schema_text() -> str:
    """Write the JSON Schema as it is published in ``playlists/playlist-file.schema.json``."""
    return json.dumps(file_schema(), ensure_ascii=False, indent=2) + "\n"


class _Formatter(HelpFormatter):
    def add_usage(
        self, usage: str | None, actions: Iterable[Action], groups: Iterable[Any], prefix: str | None = None
    ) -> None:
        super().add_usage(usage, actions, groups, "Cách dùng: " if prefix is None else prefix)


class _Parser(ArgumentParser):
    """Says in Vietnamese what argparse says in English."""

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401  # argparse's own, handed on
        super().__init__(**settings, formatter_class=_Formatter, allow_abbrev=False, add_help=False)
        self.operands = self.add_argument_group("Đối số")
        self.choices = self.add_argument_group("Tùy chọn")
        self.choices.add_argument("-h", "--help", action="help", help="hiện hướng dẫn này rồi thoát")

    def error(self, message: str) -> NoReturn:
        line = f"{message} (xem {self.prog} --help)"
        raise UsageError(line)


def _parser() -> ArgumentParser:
    parser = _Parser(prog=_PROGRAM, description="Tạo, kiểm tra và xem tệp danh sách phát.")
    shown = f"{_PROGRAM} {version('border-gate-signage')}"
    parser.choices.add_argument("--version", action="version", version=shown, help="hiện phiên bản rồi thoát")
    commands = parser.add_subparsers(title="Lệnh", metavar="LỆNH", required=True, prog=_PROGRAM)

    def command(name: str, run: Callable[[Namespace], ExitCode], what: str) -> _Parser:
        added = commands.add_parser(name, help=what, description=f"{what[0].upper()}{what[1:]}.")
        added.set_defaults(run=run)
        return added

    new = command("new", _new, "tạo tệp danh sách phát từ một thư mục video và ảnh")
    new.operands.add_argument("folder", type=Path, metavar="THƯ_MỤC", help="thư mục chứa video và ảnh")
    new.choices.add_argument(
        "--output", type=Path, metavar="TỆP", help=f"tệp ghi ra (mặc định THƯ_MỤC/TÊN{SUFFIX}, TÊN là tên thư mục)"
    )
    new.choices.add_argument("--force", action="store_true", help="ghi đè nếu tệp đã có")
    new.choices.add_argument("--sha256", action="store_true", help="ghi mã sha256: máy phát chỉ nhận đúng nội dung đó")
    for name, run, what in (
        ("check", _check, "kiểm tra tệp danh sách phát và mọi tệp nó nhắc đến"),
        ("show", _show, "xem nội dung tệp danh sách phát"),
    ):
        command(name, run, what).operands.add_argument("file", type=Path, metavar="TỆP", help="tệp danh sách phát")
    command("schema", _schema, "in lược đồ JSON Schema của tệp danh sách phát")
    return parser


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
    items = tuple(_moved(item, prefix) for item in _looked_into(folder, digests=options.sha256))
    if not items:
        message = f"không có video hay ảnh nào trong {visible(str(folder))}"
        raise ContentError(message)
    content = write_playlist(Playlist(title, title, tuple(Slot(item.id, item) for item in items)))
    # Reading it back finds what a file name may hold and a playlist file may not.
    try:
        read_playlist(content)
    except PlaylistFileError as error:
        return _report(error.findings)
    _write(output, content)
    sys.stdout.write(f"Đã ghi {visible(str(output))}: {len(items)} mục.\n")
    return ExitCode.OK


def _looked_into(folder: Path, *, digests: bool) -> Iterator[Item]:
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
            known = _with_facts(item, folder)
        except MediaError as error:
            sys.stderr.write(f"Bỏ qua {item.id}: {error.vi}\n")
            continue
        yield replace(known, sha256=_digest(folder / item.source)) if digests else known


def _may_be_item(path: Path) -> bool:
    """Tell whether it is a file, or a link that leads nowhere and ought to be named; a pipe would never end."""
    return path.is_file() or (path.is_symlink() and not path.exists())


def _with_facts(item: Item, folder: Path) -> Item:
    """Fill in a clip's length and its sound tracks' languages; see that a picture is one."""
    try:
        file = (folder / item.source).open("rb")
    except OSError as error:
        raise MediaError(Flaw.UNREADABLE) from error
    with file:
        if item.kind is not ItemKind.CLIP:
            probe_picture(file)
            return item
        facts = probe(file)
    if facts.video is None:
        raise MediaError(Flaw.NO_PICTURE)
    # Rounded up: the length says where to cut, and that must not be before the end.
    length = DurationMs(-(-facts.video.end_ns // _NS_PER_MS))
    return replace(item, duration=length, sound=tuple(track.language or UNKNOWN_LANGUAGE for track in facts.audio))


def _moved(item: Item, prefix: str) -> Item:
    captions = tuple(replace(file, source=prefix + file.source) for file in item.captions)
    return replace(item, source=prefix + item.source, captions=captions)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _write(path: Path, content: bytes) -> None:
    """Put a whole file in place or none."""
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        message = f"không ghi được {visible(str(path))} ({error.strerror})"
        raise SiteError(message) from error


def _check(options: Namespace) -> ExitCode:
    try:
        playlist = _read(options.file)
    except PlaylistFileError as error:
        return _report(error.findings)
    findings = list(_missing_or_bad(playlist, options.file.parent))
    if findings:
        return _report(findings)
    sys.stdout.write("Không có lỗi. / Nothing is wrong.\n")
    return ExitCode.OK


def _report(findings: Sequence[Finding]) -> ExitCode:
    for one in findings:
        sys.stdout.write(f"{one.place or '/'}: {one.vi}\n    {one.en}\n")
    sys.stdout.write(f"{len(findings)} lỗi. / {len(findings)} found wrong.\n")
    return ExitCode.CONTENT


def _missing_or_bad(playlist: Playlist, folder: Path) -> Iterator[Finding]:
    """Find what is wrong with the files a playlist names; items are numbered in the order of the file."""
    items = {slot.item.id: slot.item for slot in playlist.slots}
    for number, item in enumerate(items.values()):
        yield from _wrong_with_file(item, folder, ("items", number))
        for place, caption in enumerate(item.captions):
            if not (folder / caption.source).is_file():
                yield finding(("items", number, "captions", place, "source"), "no-file", source=caption.source)


def _wrong_with_file(item: Item, folder: Path, place: tuple[str, int]) -> Iterator[Finding]:
    path = folder / item.source
    if not path.is_file():
        yield finding((*place, "source"), "no-file", source=item.source)
        return
    try:
        _with_facts(item, folder)
    except MediaError as error:
        yield finding((*place, "source"), "media", vi=error.vi, en=error.en)
        return
    if item.sha256 is not None and _digest(path) != item.sha256:
        yield finding((*place, "sha256"), "wrong-digest")


def _show(options: Namespace) -> ExitCode:
    playlist = _read(options.file)
    sys.stdout.write(f"{playlist.title} ({playlist.id}): {len(playlist.slots)} mục\n")
    for number, slot in enumerate(playlist.slots, start=1):
        sys.stdout.write(f"{number:3}. {slot.item.title}\n")
        for label, value in _described(slot.item):
            sys.stdout.write(f"     {label}: {value}\n")
    return ExitCode.OK


def _described(item: Item) -> Iterator[tuple[str, str]]:
    yield "tệp", f"{item.source} ({_KINDS_VI[item.kind]})"
    if item.duration is not None:
        yield "thời lượng", f"{item.duration / 1000:.1f} giây".replace(".", ",")
    if item.languages:
        yield "ngôn ngữ", ", ".join(map(name_vi, item.languages))
    if item.sound:
        yield "âm thanh", ", ".join("không rõ" if tag == UNKNOWN_LANGUAGE else name_vi(tag) for tag in item.sound)
    if item.captions:
        yield "phụ đề", ", ".join(name_vi(file.language) for file in item.captions)


def _schema(_: Namespace) -> ExitCode:
    sys.stdout.write(schema_text())
    return ExitCode.OK


def _read(path: Path) -> Playlist:
    try:
        content = path.read_bytes()
    except OSError as error:
        message = f"không đọc được {visible(str(path))} ({error.strerror})"
        raise ContentError(message) from error
    return read_playlist(content)
