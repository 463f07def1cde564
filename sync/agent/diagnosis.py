"""What may be wrong with a kiosk, as findings with a sentence and what to do. Pure: facts in, findings out.

A finding names who can act by an exit code of ``playlists/errors.py``: the technician (``SITE``) or the people at the
centre (``CONTENT``); None where all is well.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Final

from playlists.errors import ExitCode

FORMAT_VERSION: Final = 1
_SOON: Final = timedelta(days=14)
_TIMESTAMP_SOON: Final = timedelta(days=2)
_MEGABYTE: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: ``what`` and ``told`` in Vietnamese, ``act`` what to do where it is not well."""

    code: str
    what: str
    told: str
    act: str = ""
    who: ExitCode = ExitCode.OK

    @property
    def well(self) -> bool:
        """Whether nobody has to do anything."""
        return self.who is ExitCode.OK


def clock(wall: datetime, known: datetime, *, synchronised: bool, believed: bool) -> Finding:
    """The clock: ``known`` is the latest time anybody signed or a time source gave."""
    shown = wall.strftime("%d/%m/%Y %H:%M UTC")
    if synchronised and believed:
        return Finding("clock", "Đồng hồ", f"{shown}, đã đồng bộ")
    if believed:
        return Finding("clock", "Đồng hồ", f"{shown}, chưa đồng bộ với nguồn giờ nhưng hợp lý")
    told = f"{shown} là sai: trung tâm đã ký lúc {known:%d/%m/%Y}"
    return Finding("clock", "Đồng hồ", told, "Chỉnh giờ máy, kiểm tra pin CMOS và nguồn giờ (NTP).", ExitCode.SITE)


def disk(free: int, total: int, floor: int, fault: str | None) -> Finding:
    """The disk; sizes in bytes, ``fault`` is why it cannot be written."""
    sizes = f"còn {free // _MEGABYTE} MB trong {total // _MEGABYTE} MB"
    if fault is not None:
        return Finding("disk", "Đĩa", f"không ghi được: {fault}", "Kiểm tra hoặc thay ổ đĩa.", ExitCode.SITE)
    if free < floor:
        act = "Dọn các tệp không thuộc hệ thống, hoặc thay đĩa lớn hơn."
        return Finding("disk", "Đĩa", f"sắp đầy: {sizes}", act, ExitCode.SITE)
    return Finding("disk", "Đĩa", sizes)


@dataclass(frozen=True, slots=True)
class Reached:
    """How far towards the hub one came: the first step that failed, and why; ``certificate`` is when that ends."""

    host: str
    failed: str | None = None
    why: str = ""
    certificate: datetime | None = None


_STEPS: Final = {
    "dns": ("không tìm được địa chỉ của {host}", "Kiểm tra dây mạng, modem 4G, SIM và máy chủ tên miền (DNS)."),
    "tcp": ("không nối được tới {host}", "Kiểm tra mạng và tường lửa; hỏi trung tâm xem máy chủ có chạy không."),
    "tls": (
        "chứng chỉ của {host} không được chấp nhận",
        "Kiểm tra đồng hồ và tệp chứng thực (CA); nếu cả hai đúng thì báo trung tâm: có thể có kẻ xen giữa.",
    ),
    "http": ("{host} không trả lời đúng", "Có thể là trang đăng nhập của mạng Wi-Fi; nếu không, báo trung tâm."),
}


def hub(reached: Reached, now: datetime) -> Finding:
    """The way to the hub."""
    if reached.failed is not None:
        told, act = _STEPS[reached.failed]
        why = f" ({reached.why})" if reached.why else ""
        return Finding(f"hub-{reached.failed}", "Trung tâm", told.format(host=reached.host) + why, act, ExitCode.SITE)
    if reached.certificate is not None and reached.certificate - now < _SOON:
        told = f"chứng chỉ của {reached.host} hết hạn ngày {reached.certificate:%d/%m/%Y}"
        return Finding("hub-certificate", "Trung tâm", told, "Báo trung tâm thay chứng chỉ.", ExitCode.CONTENT)
    return Finding("hub", "Trung tâm", f"nối được tới {reached.host}")


def expiry(role: str, expires: datetime | None, now: datetime) -> Finding:
    """Until when a role's metadata holds."""
    soon = _TIMESTAMP_SOON if role == "timestamp" else _SOON
    if expires is None:
        told, act = "chưa nhận được", "Chờ lần hỏi đầu tiên, hoặc dùng USB của trung tâm."
        return Finding(f"expiry-{role}", f"Chữ ký “{role}”", told, act, ExitCode.SITE)
    if expires <= now:
        told = f"hết hạn từ {expires:%d/%m/%Y}; màn hình vẫn phát nội dung đang có"
        act = "Nối mạng hoặc cắm USB mới của trung tâm; nếu mạng vẫn tốt thì báo trung tâm ký lại."
        return Finding(f"expiry-{role}", f"Chữ ký “{role}”", told, act, ExitCode.CONTENT)
    if expires - now < soon:
        told = f"sắp hết hạn ({expires:%d/%m/%Y})"
        return Finding(f"expiry-{role}", f"Chữ ký “{role}”", told, "Báo trung tâm ký lại.", ExitCode.CONTENT)
    return Finding(f"expiry-{role}", f"Chữ ký “{role}”", f"có hạn đến {expires:%d/%m/%Y}")


def enrolment(state: str | None, reason: str | None, key_fault: str | None) -> Finding:
    """Where the device stands with the hub; ``state`` is None where it is not enrolled."""
    if key_fault is not None:
        return Finding("key", "Khóa của máy", key_fault, "Đăng ký lại máy với trung tâm.", ExitCode.SITE)
    match state:
        case None:
            act = "Chạy: signage-agent enrol PHIẾU"
            return Finding("not-enrolled", "Đăng ký", "máy chưa đăng ký với trung tâm", act, ExitCode.SITE)
        case "confirmed":
            return Finding("enrolment", "Đăng ký", "trung tâm đã xác nhận máy này")
        case "pending":
            act = "Đọc dấu vân tay của máy cho người ở trung tâm để xác nhận."
            return Finding("pending", "Đăng ký", "đang chờ trung tâm xác nhận", act, ExitCode.CONTENT)
        case _:
            told = "trung tâm đã thu hồi hoặc từ chối máy này" + (f" ({reason})" if reason else "")
            return Finding("revoked", "Đăng ký", told, "Liên hệ trung tâm.", ExitCode.CONTENT)


def player(showing: str | None, at: str | None, *, alive: bool) -> Finding:
    """The player on this kiosk; ``at`` is when it last said anything."""
    if alive:
        bad = showing == "slate"
        told = "chạy nhưng không có nội dung phát được" if bad else "đang chạy"
        act = "Xem lịch phát và nội dung của bản phát hành." if bad else ""
        return Finding("player", "Chương trình phát", told, act, ExitCode.CONTENT if bad else ExitCode.OK)
    told = "chưa chạy lần nào" if at is None else f"không chạy; lần cuối lúc {at}"
    act = "Khởi động lại máy; nếu vẫn vậy, xem nhật ký: journalctl -u signage-player"
    return Finding("player", "Chương trình phát", told, act, ExitCode.SITE)


def release(sequence: int | None, *, whole: bool, trouble: str | None) -> Finding:
    """The active release; ``trouble`` is what the running agent says is in the way."""
    if sequence is None:
        act = "Báo trung tâm phát hành cho màn hình này, rồi nối mạng hoặc cắm USB."
        return Finding("release", "Bản phát hành", "chưa có bản nào", act, ExitCode.CONTENT)
    if not whole:
        act = "Để máy nối mạng: tệp hỏng được tải lại; không có mạng thì cắm USB của trung tâm."
        return Finding("release", "Bản phát hành", f"bản {sequence} thiếu tệp", act, ExitCode.SITE)
    if trouble is not None:
        act = "Xem câu trên; nếu nói về nội dung hoặc chữ ký thì báo trung tâm."
        return Finding("release", "Bản phát hành", f"bản {sequence}; {trouble}", act, ExitCode.CONTENT)
    return Finding("release", "Bản phát hành", f"bản {sequence} đầy đủ")


def exit_code(findings: Sequence[Finding]) -> ExitCode:
    """Who has to act first: the technician, who stands there, before the people at the centre."""
    found = {finding.who for finding in findings}
    return next((code for code in (ExitCode.SITE, ExitCode.CONTENT) if code in found), ExitCode.OK)


def written(findings: Sequence[Finding], at: str) -> bytes:
    """The file for a stick."""
    told = [{**asdict(finding), "who": int(finding.who)} for finding in findings]
    return (
        f"{json.dumps({'format': FORMAT_VERSION, 'at': at, 'findings': told}, ensure_ascii=False, indent=2)}\n".encode()
    )


def printed(findings: Sequence[Finding]) -> str:
    """The findings as a technician reads them."""
    lines = []
    for finding in findings:
        lines.append(f"{'tốt' if finding.well else 'LỖI'}  {finding.what}: {finding.told}")
        if finding.act:
            lines.append(f"     -> {finding.act}")
    return "\n".join((*lines, ""))
