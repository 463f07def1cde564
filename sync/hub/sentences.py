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
    "hub-exists": (
        "“{folder}” đã có sẵn và không trống; hãy chọn thư mục khác.",
        "“{folder}” is there already and not empty.",
    ),
    # The trust plan
    "plan": (
        "Kế hoạch tin cậy chưa dùng được: {why}.",
        "The trust plan cannot be: {why}.",
    ),
    "plan-in-force": (
        "Kế hoạch này đang có hiệu lực; không có gì phải ký lại.",
        "The plan is in force as it is.",
    ),
    "no-organisation": (
        "Không có cơ quan nào mang mã “{name}” trong kế hoạch tin cậy.",
        "The trust plan has no organisation “{name}”.",
    ),
    "no-person": (
        "Không có người nào mang mã “{name}” trong kế hoạch tin cậy.",
        "The trust plan has no person “{name}”.",
    ),
    "person-exists": (
        "Đã có người mang mã “{name}”; để đổi khóa hãy dùng lệnh key replace.",
        "The trust plan has a person “{name}” already.",
    ),
    # Keys
    "key-exists": (
        "Tệp “{name}” đã có; khóa không bao giờ bị ghi đè, hãy chọn tên khác.",
        "“{name}” is there already; a key is never written over.",
    ),
    "short-password": (
        "Mật khẩu quá ngắn: ít nhất {least} ký tự.",
        "The password is too short: {least} characters at least.",
    ),
    "wrong-password": (
        "Sai mật khẩu của khóa “{name}”.",
        "That is not the password of “{name}”.",
    ),
    "no-key-file": (
        "“{name}” không phải tệp khóa, hoặc không có tệp đó.",
        "“{name}” is no key file, or not there.",
    ),
    "bare-key": (
        "Khóa “{name}” không có mật khẩu bảo vệ; không dùng khóa như vậy.",
        "The key “{name}” has no password; it is not used.",
    ),
    "not-a-public-key": (
        "“{name}” không phải tệp khóa công khai (.pub.json).",
        "“{name}” is no public key file.",
    ),
    "no-token": (
        "Không tìm thấy thiết bị khóa “{name}” hoặc khóa trên đó; hãy cắm thiết bị rồi thử lại.",
        "The token “{name}”, or the key on it, is not there.",
    ),
    "wrong-pin": (
        "Sai mã PIN của thiết bị khóa “{name}”; sai nhiều lần thiết bị sẽ tự khóa.",
        "That is not the PIN of “{name}”.",
    ),
    "pin-locked": (
        "Thiết bị khóa “{name}” đã tự khóa vì sai mã PIN nhiều lần.",
        "The token “{name}” is locked after wrong PINs.",
    ),
    "wrong-online-key": (
        "Đây không phải khóa trực tuyến mà gốc tin cậy công nhận.",
        "That is not the online key the root names.",
    ),
    # Signing
    "not-a-request": (
        "Tệp này không phải yêu cầu ký số, hoặc đã bị hỏng trên đường chuyển.",
        "That is no signing request, or it is damaged.",
    ),
    "foreign-key": (
        "Khóa {key} không có quyền ký yêu cầu này.",
        "The key {key} may sign nothing of this request.",
    ),
    "signed-already": (
        "Khóa {key} đã ký yêu cầu này rồi.",
        "The key {key} has signed this request already.",
    ),
    "other-draft": (
        "Tệp mang về là của bản nháp “{draft}”, không phải bản nháp này; không nhận.",
        "What was brought back is of the draft “{draft}”; it is not taken.",
    ),
    "other-bytes": (
        "Chữ ký mang về được ký trên nội dung khác của phần {role}; không nhận.",
        "What was signed of {role} is not what the draft says; it is not taken.",
    ),
    "foreign-signature": (
        "Có chữ ký của khóa lạ {key} ở phần {role}; không nhận.",
        "There is a signature of a foreign key {key} for {role}; it is not taken.",
    ),
    "bad-signature": (
        "Chữ ký của {name} ở phần {role} không đúng; không nhận.",
        "The signature of {name} for {role} is not valid; it is not taken.",
    ),
    "not-confirmed": (
        "Chưa ký: người ký không đồng ý.",
        "Not signed: the signer did not agree.",
    ),
    # Drafts
    "nothing-published": (
        "Trung tâm chưa phát hành lần nào; hãy ký và phát hành bản nháp khởi tạo trước.",
        "Nothing has been published yet.",
    ),
    "no-draft": (
        "Không có bản nháp “{draft}”; có thể đã phát hành hoặc đã bỏ.",
        "There is no draft “{draft}”.",
    ),
    "not-again": (
        "Bản nháp “{draft}” thay đổi quyền ký hoặc gia hạn nhiều phần; hãy bỏ nó và lập lại bằng lệnh đã tạo ra nó.",
        "The draft “{draft}” is no change to one role; it is made anew by the command it came from.",
    ),
    "which-draft": (
        "Hãy nói rõ bản nháp nào: {drafts}.",
        "Which draft? {drafts}.",
    ),
    "no-role": (
        "Không có phần ký nào tên “{role}”.",
        "There is no role “{role}”.",
    ),
    "no-target": (
        "Không có “{path}” để bỏ.",
        "There is no target “{path}” to remove.",
    ),
    "path-not-allowed": (
        "Phần “{role}” không có quyền phát hành “{path}”.",
        "The role “{role}” may not name “{path}”.",
    ),
    "no-media": (
        "Không có tệp “{name}”.",
        "There is no file “{name}”.",
    ),
    "media-changed": (
        "Tệp “{name}” đã thay đổi trong lúc chuẩn bị; hãy lập lại bản nháp.",
        "The file “{name}” is not what its digest says.",
    ),
    # Publishing
    "outdated": (
        "Bản nháp “{draft}” đã cũ: phần {role} đã được phát hành bản khác. Hãy lập lại bản nháp và ký lại.",
        "The draft “{draft}” is outdated: another version of {role} was published.",
    ),
    "draft-expired": (
        "Bản nháp “{draft}”: phần {role} đã hết hạn trước khi phát hành. Hãy lập lại và ký lại.",
        "The draft “{draft}” has expired: {role}.",
    ),
    "unsigned": (
        "Chưa đủ chữ ký cho phần {role}.",
        "{role} lacks signatures.",
    ),
    "clock": (
        "Đồng hồ máy này chỉ {now}, trong khi lần ký trước là {before}; hãy chỉnh giờ cho đúng rồi thử lại.",
        "The clock says {now}, and the last timestamp was signed on {before}.",
    ),
    "taken": (
        "“{name}” đã mang nội dung khác; nếu có lần phát hành bị ngắt giữa chừng, hãy phát hành tiếp bản đó trước.",
        "“{name}” has other content already.",
    ),
    "draft-file": (
        "Bản nháp thiếu tệp “{name}”.",
        "The draft lacks “{name}”.",
    ),
    "restored": (
        "Trung tâm vừa khôi phục từ bản sao lưu: phải ký lại và phát hành phần “{roles}” (bản nháp “again”) trước đã.",
        "The hub was brought back from a backup; “{roles}” must be signed anew first.",
    ),
    # Backup
    "backup-exists": (
        "Tệp “{name}” đã có; bản sao lưu không ghi đè lên tệp cũ.",
        "“{name}” is there already; a backup is never written over.",
    ),
    "backup-damaged": (
        "Bản sao lưu “{name}” bị hỏng hoặc không trọn vẹn ({what}); không khôi phục gì.",
        "The backup “{name}” is damaged ({what}); nothing was restored.",
    ),
    "not-a-backup": (
        "“{name}” không phải bản sao lưu của trung tâm.",
        "“{name}” is no backup of a hub.",
    ),
    "seen-foreign": (
        "Thông tin ký số trong “{folder}” không thuộc trung tâm này; không dùng.",
        "The metadata in “{folder}” are not of this hub; they are not used.",
    ),
}
"""Vietnamese and English, by code. Fields in braces are filled in."""


class HubRefusalError(RefusalError):
    """The hub does not do it. ``code`` is a key of ``HUB_SENTENCES``; nothing has been changed."""

    exit_code: ClassVar[ExitCode] = ExitCode.CONTENT
    sentences: ClassVar[Mapping[str, tuple[str, str]]] = HUB_SENTENCES
