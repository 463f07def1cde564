"""What is wrong with a playlist file: where, and one sentence each in Vietnamese and in English."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from playlists.errors import ContentError

_SENTENCES: Final[Mapping[str, tuple[str, str]]] = {
    "not-utf-8": ("Tệp không phải văn bản UTF-8.", "The file is not UTF-8 text."),
    "not-json": (
        "Tệp không đúng cú pháp JSON, dòng {line}, cột {column}.",
        "The file is not valid JSON, line {line}, column {column}.",
    ),
    "not-json-value": ("Tệp có giá trị mà JSON không cho phép.", "The file holds a value JSON does not allow."),
    "too-deep": ("Tệp có quá nhiều tầng lồng nhau.", "The file is nested too deeply."),
    "duplicate-key": ("Trường “{key}” được ghi hai lần.", "The field “{key}” is written twice."),
    "not-object": ("Phải là một đối tượng JSON {{…}}.", "It must be a JSON object {{…}}."),
    "format-version": (
        "Phiên bản định dạng phải là số 1; phần mềm này không đọc được phiên bản khác.",
        "The format version must be the number 1; this software reads no other.",
    ),
    "missing": ("Thiếu trường này.", "This field is missing."),
    "string": ("Phải là chuỗi ký tự.", "It must be a string."),
    "integer": ("Phải là số nguyên.", "It must be a whole number."),
    "list": ("Phải là một danh sách […].", "It must be a list […]."),
    "kind": ("Loại phải là clip, image hoặc page.", "The kind must be clip, image or page."),
    "too-small": ("Giá trị nhỏ nhất là {limit}.", "The least allowed value is {limit}."),
    "too-great": ("Giá trị lớn nhất là {limit}.", "The greatest allowed value is {limit}."),
    "too-short": ("Không được để trống.", "It must not be empty."),
    "too-long": ("Quá dài: nhiều nhất là {limit}.", "Too long: {limit} at most."),
    "digest": (
        "Mã sha256 phải gồm 64 chữ số thập lục phân viết thường.",
        "The sha256 must be 64 lower-case hexadecimal digits.",
    ),
    "text": (
        "Không được để trống hoặc chứa ký tự điều khiển.",
        "It must not be blank or hold control characters.",
    ),
    "language": ("“{tag}” không phải mã ngôn ngữ BCP 47.", "“{tag}” is not a BCP 47 language tag."),
    "repeated-language": ("Ngôn ngữ “{tag}” được ghi hai lần.", "The language “{tag}” is named twice."),
    "path": (
        "Đường dẫn phải nằm trong thư mục của tệp danh sách phát, không bắt đầu bằng “/”, không có “..” hay “\\”.",
        "The path must lie within the playlist file's folder: no leading “/”, no “..”, no “\\”.",
    ),
    "caption-kind": ("Tệp phụ đề phải là .srt, .vtt hoặc .ass.", "A caption file must be .srt, .vtt or .ass."),
    "kind-mismatch": (
        "Đuôi tệp không hợp với loại “{kind}”.",
        "The file's suffix does not go with the kind “{kind}”.",
    ),
    "repeated-id": ("Mã “{id}” đã được dùng ở trên.", "The id “{id}” is already used above."),
    "unknown-item": ("Không có mục nào mang mã “{id}”.", "There is no item with the id “{id}”."),
    "no-file": ("Không tìm thấy tệp “{source}”.", "There is no file “{source}”."),
    "wrong-digest": (
        "Nội dung tệp không khớp với mã sha256 đã ghi.",
        "The file's content does not match the sha256 on record.",
    ),
    "media": ("{vi}", "{en}"),
    "other": ("Giá trị không hợp lệ.", "The value is not valid."),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong.

    ``place`` is a JSON pointer (RFC 6901) such as ``/items/3/sound/0``, empty for the file as a whole; ``code`` a
    stable word; ``vi`` and ``en`` the sentence in both languages.
    """

    place: str
    code: str
    vi: str
    en: str


class PlaylistFileError(ContentError):
    """A playlist file that cannot be used; ``findings`` tells everything that is wrong, at least one thing."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        first = findings[0]
        more = f" (and {len(findings) - 1} more; see signage-playlist check)" if len(findings) > 1 else ""
        super().__init__(f"Playlist file, {first.place or 'as a whole'}: {first.en}{more}")
        self.findings = tuple(findings)


def finding(place: Sequence[str | int], code: str, **values: object) -> Finding:
    """Make a finding of a code, its sentences filled in with ``values``."""
    vi, en = _SENTENCES[code]
    return Finding(pointer(place), code, vi.format(**values), en.format(**values))


def pointer(place: Sequence[str | int]) -> str:
    """Write a place as a JSON pointer."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in place)
