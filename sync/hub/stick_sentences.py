"""What ``export-usb`` refuses: a stable code, a Vietnamese sentence for people, an English one for logs."""

from collections.abc import Mapping
from typing import ClassVar, Final

from playlists.errors import ExitCode
from sync.refusals import RefusalError

STICK_SENTENCES: Final[Mapping[str, tuple[str, str]]] = {
    "no-screen": (
        "Không có màn hình “{screen}” trong nội dung đã phát hành. Các màn hình đang có: {known}.",
        "No published release is for “{screen}”; there are: {known}.",
    ),
    "nothing-published": (
        "Trung tâm chưa phát hành nội dung nào; hãy phát hành trước rồi mới làm USB.",
        "Nothing is published yet.",
    ),
    "stick-too-small": (
        "USB không đủ chỗ: cần {needed} MB, dùng được {room} MB; chưa ghi gì. Hãy dùng USB lớn hơn hoặc bớt màn hình.",
        "The stick is too small: {needed} MB needed, {room} MB of room; nothing was written.",
    ),
    "too-many-files": (
        "Quá nhiều tệp cho một USB (hơn {most} tệp trong “{folder}”); hãy chọn ít màn hình hơn bằng --screens.",
        "More than {most} files in “{folder}”, which FAT cannot hold.",
    ),
    "no-folder": (
        "Không thấy USB ở “{folder}”; hãy cắm USB và chỉ đúng thư mục của nó.",
        "“{folder}” is no folder.",
    ),
    "write-protected": (
        "USB đang bị khoá ghi; hãy gạt nút khoá trên USB hoặc dùng USB khác.",
        "The stick is write-protected.",
    ),
    "stick-failed": (
        "USB bị rút hoặc bị lỗi khi đang ghi (“{name}”: {why}). Hãy cắm lại và chạy lại lệnh; phần đã ghi không mất.",
        "The stick failed while “{name}” was written: {why}. Run the command again.",
    ),
    "strange-stick": (
        "Trên USB, “{name}” không phải là tệp hay thư mục bình thường. Hãy định dạng lại USB rồi làm lại.",
        "“{name}” on the stick is neither a plain file nor a folder.",
    ),
    "bad-copy": (
        "Đọc lại từ USB, tệp “{name}” không đúng. USB hỏng hoặc dung lượng giả; hãy dùng USB khác.",
        "Read back from the stick, “{name}” is not what was written.",
    ),
    "bad-feed": (
        "Tệp “{name}” ở trung tâm bị thiếu hoặc hỏng; hãy khôi phục từ bản sao lưu rồi làm lại USB.",
        "“{name}” is missing or damaged in the hub's feed.",
    ),
}
"""Vietnamese and English, by code. Fields in braces are filled in."""


class StickRefusalError(RefusalError):
    """The stick is not made. ``code`` is a key of ``STICK_SENTENCES``."""

    exit_code: ClassVar[ExitCode] = ExitCode.SITE
    sentences: ClassVar[Mapping[str, tuple[str, str]]] = STICK_SENTENCES
