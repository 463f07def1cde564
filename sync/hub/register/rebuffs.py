"""What the hub answers when it does not do what a device asks: the code's HTTP status and its sentences."""

import random
from typing import Final

from sync.protocol import Rebuff

REBUFFS: Final = {
    "malformed": (400, "Yêu cầu không đúng định dạng.", "The request is not one of this protocol."),
    "bad-signature": (401, "Chữ ký của yêu cầu không đúng.", "The signature is not of this request by this device."),
    "unknown-device": (401, "Trung tâm không biết thiết bị này.", "No such device is known here."),
    "code-wrong": (403, "Mã đăng ký không đúng.", "There is no such enrolment code."),
    "code-used": (403, "Mã đăng ký đã được dùng.", "The enrolment code was used before."),
    "code-expired": (403, "Mã đăng ký đã hết hạn.", "The enrolment code has expired."),
    "pending": (403, "Thiết bị đang chờ trung tâm xác nhận.", "The device is not yet confirmed."),
    "refused": (403, "Trung tâm đã từ chối thiết bị.", "The device was refused."),
    "revoked": (403, "Thiết bị đã bị thu hồi.", "The device was revoked."),
    "not-found": (404, "Không có địa chỉ này.", "There is nothing of that name."),
    "counter-used": (409, "Yêu cầu bị gửi lặp lại.", "The request's counter was used before."),
    "too-long": (413, "Yêu cầu quá dài.", "The request is too long."),
    "busy": (503, "Trung tâm đang bận; hãy thử lại sau.", "The hub is busy; come back later."),
}
"""HTTP status, Vietnamese, English, by code."""
_BUSY: Final = 503
_COME_AGAIN_SECONDS: Final = (30, 90)


class RebuffError(Exception):
    """A request is not granted. ``code`` is a key of ``REBUFFS``."""

    def __init__(self, code: str, *, reason: str | None = None, counter: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.reason = reason
        self.counter = counter

    @property
    def status(self) -> int:
        """The HTTP status."""
        return REBUFFS[self.code][0]

    @property
    def headers(self) -> dict[str, str]:
        """What goes with it: when to come again, not everybody at once."""
        told = {"Cache-Control": "no-store"}
        if self.status == _BUSY:
            told["Retry-After"] = str(random.randint(*_COME_AGAIN_SECONDS))  # noqa: S311  -- nothing secret
        return told

    @property
    def body(self) -> bytes:
        """The message that is sent."""
        _, vi, en = REBUFFS[self.code]
        return Rebuff(code=self.code, vi=vi, en=en, reason=self.reason or None, counter=self.counter).write()
