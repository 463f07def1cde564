"""Refusals: what the agent or the hub does not accept, each a stable code and a sentence an operator understands.

The code goes into the status that the hub shows; the Vietnamese sentence stands before people, the English one in logs.
"""

from collections.abc import Mapping
from typing import ClassVar, Final

from playlists.errors import ExitCode, SignageError

SENTENCES: Final[Mapping[str, tuple[str, str]]] = {
    # Trust
    "expired": (
        "Thông tin ký số đã hết hạn từ {on}; màn hình tiếp tục phát nội dung đang có.",
        "The signed information expired on {on}; what is there plays on.",
    ),
    "too-few-signatures": (
        "Không đủ chữ ký hợp lệ cho phần “{role}”; không nhận nội dung này.",
        "“{role}” lacks valid signatures; it is not taken.",
    ),
    "rolled-back": (
        "Nguồn đưa bản cũ hơn bản đã có (“{role}” {offered} < {known}); không nhận.",
        "The source offers an older state than the one known (“{role}” {offered} < {known}); it is not taken.",
    ),
    "too-far-ahead": (
        "Dấu thời gian có hạn quá xa ({on}); có thể là bản dành cho USB bị dùng sai chỗ. Không nhận qua mạng.",
        "The timestamp lives too long ({on}), as one made for a stick does; it is not taken online.",
    ),
    "malformed": (
        "Tệp “{name}” không đọc được; không nhận.",
        "“{name}” cannot be read as what it should be; it is not taken.",
    ),
    "wrong-digest": (
        "Tệp “{name}” không đúng nội dung đã ký; không nhận.",
        "“{name}” is not what was signed; it is not taken.",
    ),
    "missing": (
        "Nguồn thiếu tệp “{name}”.",
        "The source lacks “{name}”.",
    ),
}
"""Vietnamese and English, by code. Fields in braces are filled in."""


class RefusalError(SignageError):
    """Something is not accepted. ``code`` is a key of ``SENTENCES``; the text of the error is the English sentence."""

    exit_code: ClassVar[ExitCode] = ExitCode.SITE
    sentences: ClassVar[Mapping[str, tuple[str, str]]] = SENTENCES

    def __init__(self, code: str, **fields: object) -> None:
        self.code = code
        self.fields = {name: str(value) for name, value in fields.items()}
        vietnamese, english = self.sentences[code]
        self.vi = vietnamese.format(**self.fields)
        self.en = english.format(**self.fields)
        super().__init__(self.en)
