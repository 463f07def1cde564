"""What became of a stick, in words: for the officer who put it in, for the hub's status and for logs.

``deploy/docs/huong-dan-usb.md`` tells what to do after each. ``{usb}`` is ``USB “NAME”``, or ``USB này`` where nobody
signed a name, ``{stick}`` the same in English; dates are the province's, as ``24/11/2026``.
"""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, tuple[str, str]]] = {
    "reading": (
        "Đang chép từ {usb}. Đừng rút USB.",
        "Copying from {stick}.",
    ),
    "taken": (
        "Đã nhận xong nội dung từ {usb}, làm ngày {made}. Có thể rút USB.",
        "All of {stick}, made on {made}, was taken in.",
    ),
    "nothing-new": (
        "{usb}, làm ngày {made}, không có gì mới; màn hình đã có đủ nội dung. Có thể rút USB.",
        "{stick}, made on {made}, holds nothing new.",
    ),
    "waits": (
        "Đã nhận {usb}, làm ngày {made}; nội dung mới chưa đến lượt chiếu ở màn hình này. Có thể rút USB.",
        "{stick}, made on {made}, was read; its release is not yet this screen's to show.",
    ),
    "on-probation": (
        "{usb}, làm ngày {made}: màn hình còn chiếu thử nội dung trước. Cứ để USB cắm, máy tự làm tiếp.",
        "{stick}, made on {made}, has to wait until the release before it has proven good.",
    ),
    "incomplete": (
        "{usb}, làm ngày {made}, còn thiếu {files} tệp ({size}); màn hình vẫn phát nội dung cũ. Cần thêm USB khác.",
        "{stick}, made on {made}, still leaves {files} files ({size}) to come.",
    ),
    "partly": (
        "Chỉ nhận được một phần {usb}, làm ngày {made}; phần còn lại hỏng hoặc không hợp lệ. Hãy báo về tỉnh.",
        "Only some of {stick}, made on {made}, was accepted ({why}).",
    ),
    "older": (
        "{usb}, làm ngày {made}, cũ hơn nội dung đang có (ngày {known}); không dùng. Có thể rút USB.",
        "{stick}, made on {made}, is older than what is here (of {known}); it is not used.",
    ),
    "older-helped": (
        "{usb}, làm ngày {made}, cũ hơn nội dung đang có (ngày {known}); chỉ lấy các tệp còn thiếu. Có thể rút USB.",
        "{stick}, made on {made}, is older than what is here (of {known}); only files that were missing were taken.",
    ),
    "helped": (
        "Đã lấy các tệp còn thiếu từ {usb}; màn hình đã có đủ nội dung. Có thể rút USB.",
        "Files that were missing were taken from {stick}, though it was not accepted itself ({why}).",
    ),
    "out-of-date": (
        "{usb}, làm ngày {made}, đã hết hạn ngày {on}; không dùng. Cần USB mới làm.",
        "{stick}, made on {made}, expired on {on}; it is not used.",
    ),
    "not-for-here": (
        "{usb}, làm ngày {made}, không có nội dung cho màn hình này. Hãy kiểm tra lại USB.",
        "{stick}, made on {made}, brings nothing for this screen.",
    ),
    "not-trusted": (
        "{usb} không có chữ ký hợp lệ; không dùng. Hãy rút USB, giữ lại và báo về tỉnh.",
        "{stick} is not validly signed; it is not used ({why}).",
    ),
    "unfinished": (
        "{usb} chưa được ghi xong hoặc bị hỏng; không dùng. Hãy mang về làm lại.",
        "{stick} was not written to its end, or is damaged ({why}).",
    ),
    "interrupted": (
        "{usb} bị rút hoặc không đọc được giữa chừng; màn hình vẫn phát nội dung cũ. Hãy cắm lại USB.",
        "{stick} was pulled or cannot be read ({why}).",
    ),
    "damaged": (
        "{usb}, làm ngày {made}, có tệp hỏng, thiếu {files} tệp ({size}); màn hình phát nội dung cũ. Cần làm lại USB.",
        "{stick}, made on {made}, holds damaged files; {files} files ({size}) are still to come ({why}).",
    ),
    "no-room": (
        "Máy phát không đủ chỗ cho nội dung của {usb}; màn hình vẫn phát nội dung cũ. Hãy báo về tỉnh.",
        "This machine has no room for {stick} ({why}).",
    ),
    "machine-fault": (
        "Máy phát gặp lỗi khi nhận {usb}; màn hình vẫn phát nội dung cũ. Hãy báo về tỉnh.",
        "This machine failed while {stick} was taken in ({why}).",
    ),
}
"""Vietnamese and English, by code."""

RETRIED: Final = frozenset({"interrupted", "machine-fault", "on-probation"})
"""After these the same stick is tried again while it is in."""
