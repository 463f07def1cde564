"""What the hub refuses, and says so: a stable code, a Vietnamese sentence for people, an English one for logs."""

from collections.abc import Mapping
from typing import ClassVar, Final

from playlists.errors import ExitCode
from sync.refusals import RefusalError

HUB_SENTENCES: Final[Mapping[str, tuple[str, str]]] = {
    # The folder
    "no-hub": (
        "“{folder}” không phải thư mục của trung tâm; hãy chỉ đúng thư mục bằng --hub, hoặc tạo mới bằng lệnh init.",
        "“{folder}” is not a hub's folder.",
    ),
    "hub-format": (
        "Thư mục “{folder}” thuộc phiên bản khác của phần mềm; phần mềm này không đọc được.",
        "“{folder}” is a hub's folder of another format.",
    ),
    "busy": (
        "Một lệnh khác đang làm việc với thư mục này; hãy chờ lệnh đó xong rồi thử lại.",
        "Another command holds the hub's lock.",
    ),
    "unreadable": (
        "Tệp “{name}” không đọc được hoặc bị hỏng.",
        "“{name}” cannot be read.",
    ),
}
"""Vietnamese and English, by code. Fields in braces are filled in."""


class HubRefusalError(RefusalError):
    """The hub does not do it. ``code`` is a key of ``HUB_SENTENCES``; nothing has been changed."""

    exit_code: ClassVar[ExitCode] = ExitCode.CONTENT
    sentences: ClassVar[Mapping[str, tuple[str, str]]] = HUB_SENTENCES
