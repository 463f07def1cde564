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
    "dropped-role": (
        "Nguồn bỏ mất phần “{role}” đã biết; không nhận.",
        "The source dropped “{role}”, which is known; it is not taken.",
    ),
    "unlisted-role": (
        "Phần “{role}” không có trong danh sách đã ký; không nhận.",
        "“{role}” is not on the signed list of what there is; it is not taken.",
    ),
    "wrong-version": (
        "Tệp “{name}” mang số phiên bản {found}, đúng ra là {wanted}; không nhận.",
        "“{name}” is version {found}, {wanted} was to come; it is not taken.",
    ),
    "wrong-role": (
        "Tệp được đưa ra cho phần “{role}” nhưng đã ký cho phần “{found}”; không nhận.",
        "What is offered for “{role}” was signed for “{found}”; it is not taken.",
    ),
    "urgent-too-long": (
        "Tin khẩn được ký với thời hạn quá dài (đến {on}); không nhận.",
        "The urgent role was signed for too long (to {on}); it is not taken.",
    ),
    "not-fetched": (
        "Chưa tải được tệp “{name}” từ nguồn: {why}",
        "“{name}” could not be fetched: {why}",
    ),
    # Downloads and store; sizes in MB
    "no-space": (
        "Đĩa không đủ chỗ: cần thêm {needed} MB, còn trống {free} MB trong {total} MB, trong đó giữ lại {floor} MB.",
        "The disk is too small: {needed} MB more needed, {free} MB of {total} MB free, {floor} MB of these stay free.",
    ),
    "disk": (
        "Đĩa của máy không ghi được tệp “{name}”: {why}.",
        "“{name}” cannot be written to the disk: {why}.",
    ),
    # Releases on the kiosk
    "unusable": (
        "Bản phát hành {sequence} không đọc được ({why}); màn hình tiếp tục phát bản đang có.",
        "Release {sequence} cannot be read ({why}); what is there plays on.",
    ),
    "taken-back": (
        "Bản phát hành {sequence} không phát tốt trên màn hình này ({why}); đã quay về bản {previous}.",
        "Release {sequence} did not play well on this screen ({why}); release {previous} is back.",
    ),
    "contradicted": (
        "Hai nơi ký hai bản phát hành khác nhau cùng số {sequence}; không nhận bản nào.",
        "Two authorities signed different releases numbered {sequence}; neither is taken.",
    ),
    "no-release": (
        "Chưa có bản phát hành nào cho màn hình “{screen}”.",
        "Nothing is released for the screen “{screen}”.",
    ),
    "revoked": (
        "Thiết bị này đã bị trung tâm thu hồi; màn hình tiếp tục phát bản đang có và không nhận gì mới.",
        "The hub has revoked this device; what is there plays on, and nothing newer is taken.",
    ),
}
"""Vietnamese and English, by code. Fields in braces are filled in."""
LONGEST_FIELD: Final = 300
"""Letters of a field: names may be a stranger's, and go to terminals, logs, the screen and the hub."""


class RefusalError(SignageError):
    """Something is not accepted. ``code`` is a key of ``SENTENCES``; the text of the error is the English sentence."""

    exit_code: ClassVar[ExitCode] = ExitCode.SITE
    sentences: ClassVar[Mapping[str, tuple[str, str]]] = SENTENCES

    def __init__(self, code: str, **fields: object) -> None:
        self.code = code
        self.fields = {name: _told(str(value)) for name, value in fields.items()}
        vietnamese, english = self.sentences[code]
        self.vi = vietnamese.format(**self.fields)
        self.en = english.format(**self.fields)
        super().__init__(self.en)


def _told(text: str) -> str:
    """A text on one line, with nothing invisible in it, of bounded length."""
    shown = "".join(letter if letter.isprintable() else " " for letter in text[: LONGEST_FIELD + 1])
    return shown if len(text) <= LONGEST_FIELD else f"{shown[:LONGEST_FIELD]}…"
