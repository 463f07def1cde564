"""What is wrong with a playlist or screen file: where, and one sentence each in Vietnamese and in English."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Final

from playlists.errors import ContentError

SENTENCES: Final[Mapping[str, tuple[str, str]]] = {
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
        "Phiên bản định dạng phải là một trong các số: {known}; phần mềm này không đọc được phiên bản khác.",
        "The format version must be one of these numbers: {known}; this software reads no other.",
    ),
    "missing": ("Thiếu trường này.", "This field is missing."),
    "string": ("Phải là chuỗi ký tự.", "It must be a string."),
    "integer": ("Phải là số nguyên.", "It must be a whole number."),
    "number": ("Phải là một số.", "It must be a number."),
    "truth": ("Phải là true hoặc false.", "It must be true or false."),
    "list": ("Phải là một danh sách […].", "It must be a list […]."),
    "choice": ("Phải là một trong các giá trị: {choices_vi}.", "It must be one of: {choices_en}."),
    "not-more-than": ("Giá trị phải lớn hơn {limit}.", "The value must be greater than {limit}."),
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
    "body": (
        "Không được chứa ký tự điều khiển, trừ dấu xuống dòng.",
        "It must hold no control character but line feeds.",
    ),
    "day": (
        "Ngày phải viết dạng NĂM-THÁNG-NGÀY, ví dụ 2026-11-30.",
        "A day is written YEAR-MONTH-DAY, such as 2026-11-30.",
    ),
    "clock-time": (
        "Giờ phải viết dạng GIỜ:PHÚT từ 00:00 đến 23:59, ví dụ 06:30; nửa đêm là 00:00.",
        "A time of day is written HOUR:MINUTE from 00:00 to 23:59, such as 06:30; midnight is 00:00.",
    ),
    "local-moment": (
        "Thời điểm phải viết theo giờ tại màn hình, không kèm múi giờ, ví dụ 2026-11-30T06:30.",
        "The moment is a local time of the screen without an offset, such as 2026-11-30T06:30.",
    ),
    "moment": (
        "Thời điểm phải viết kèm múi giờ, ví dụ 2026-11-30T06:30+07:00.",
        "The moment is written with its offset, such as 2026-11-30T06:30+07:00.",
    ),
    "time-zone": (
        "Không có múi giờ nào tên “{zone}”; ở Việt Nam là Asia/Ho_Chi_Minh.",
        "There is no time zone “{zone}”; Vietnam's is Asia/Ho_Chi_Minh.",
    ),
    "colour": ("Màu phải viết dạng #rrggbb, ví dụ #0b3d91.", "A colour is written #rrggbb, such as #0b3d91."),
    "rotation": ("Góc xoay phải là 0, 90, 180 hoặc 270 độ.", "A rotation is 0, 90, 180 or 270 degrees."),
    "link": (
        "Liên kết phải bắt đầu bằng https://, http:// hoặc tel: và không có dấu cách.",
        "A link begins with https://, http:// or tel: and holds no blank.",
    ),
    "repeated-entry": ("“{entry}” được ghi hai lần.", "“{entry}” is written twice."),
    "language": ("“{tag}” không phải mã ngôn ngữ BCP 47.", "“{tag}” is not a BCP 47 language tag."),
    "repeated-language": ("Ngôn ngữ “{tag}” được ghi hai lần.", "The language “{tag}” is named twice."),
    "path": (
        "Đường dẫn phải nằm trong thư mục của tệp danh sách phát, không bắt đầu bằng “/”, không có “..” hay “\\”.",
        "The path must lie within the playlist file's folder: no leading “/”, no “..”, no “\\”.",
    ),
    "caption-kind": ("Tệp phụ đề phải là .srt, .vtt hoặc .ass.", "A caption file must be .srt, .vtt or .ass."),
    "picture-kind": (
        "Tệp hình phải là .png, .jpg, .webp, .bmp hoặc .gif.",
        "A picture file must be .png, .jpg, .webp, .bmp or .gif.",
    ),
    "sound-kind": (
        "Tệp âm thanh phải là .m4a, .ogg, .opus, .mka hoặc một loại video phát được; .mp3 và .wav thì không.",
        "A sound file must be .m4a, .ogg, .opus, .mka or a kind of video that is played; .mp3 and .wav are not.",
    ),
    "kind-mismatch": (
        "Đuôi tệp không hợp với loại “{kind}”.",
        "The file's suffix does not go with the kind “{kind}”.",
    ),
    "repeated-id": ("Mã “{id}” đã được dùng ở trên.", "The id “{id}” is already used above."),
    "unknown-item": ("Không có mục nào mang mã “{id}”.", "There is no item with the id “{id}”."),
    # What the fields of a playlist cannot show one by one.
    "no-source": (
        "Thiếu tệp: mọi loại trừ bulletin đều cần source.",
        "A source is missing: all but bulletins need one.",
    ),
    "bulletin-source": (
        "Bản tin ghi tệp ở bulletin.picture hoặc bulletin.sound, không ghi ở đây.",
        "A bulletin names its files in bulletin.picture or bulletin.sound, not here.",
    ),
    "no-bulletin": ("Mục loại bulletin phải có trường bulletin.", "An item of kind bulletin needs the field bulletin."),
    "not-a-bulletin": ("Chỉ mục loại bulletin mới có trường bulletin.", "Only items of kind bulletin have this field."),
    "bulletin-without-text": ("Bản tin chưa có nội dung chữ.", "The bulletin has no text."),
    "bulletin-without-picture": (
        "Bản tin dạng “{rendition}” phải có hình (picture).",
        "A bulletin shown as {rendition} needs a picture.",
    ),
    "bulletin-without-sound": (
        "Bản tin dạng âm thanh phải có tệp tiếng (sound).",
        "A sound bulletin needs a sound file.",
    ),
    "silent-bulletin": (
        "Chỉ bản tin dạng âm thanh mới có tệp tiếng; hãy đổi rendition thành sound.",
        "Only a sound bulletin has a sound file; make its rendition sound.",
    ),
    "bulletin-languages": (
        "Danh sách ngôn ngữ không khớp với các nội dung chữ của bản tin.",
        "The languages are not those of the bulletin's texts.",
    ),
    "digest-without-file": ("Có mã sha256 nhưng không có tệp.", "There is a sha256 and no file for it."),
    "expires-before-issued": ("Hết hiệu lực trước khi ban hành.", "It expires before it is issued."),
    "still-with-length": (
        "Chỉ video và bản tin âm thanh mới có length_ms; thời gian đứng hình ghi ở duration_ms.",
        "Only clips and sound bulletins have a length_ms; how long a picture stands is its duration_ms.",
    ),
    "still-with-sound": ("Ảnh và trang không có tiếng, không có phụ đề.", "A picture has neither sound nor captions."),
    "cut-after-end": (
        "duration_ms dài hơn length_ms: video đã hết trước đó.",
        "The duration_ms is longer than the length_ms: the recording has ended by then.",
    ),
    "two-digests": (
        "Tệp “{source}” đã được ghi với một mã sha256 khác ở trên.",
        "The file “{source}” has another sha256 above.",
    ),
    "message-language": (
        "Thông điệp “{message}” đã có một phiên bản bằng đúng các ngôn ngữ này ở trên.",
        "The message “{message}” already has a version in these languages above.",
    ),
    "message-without-language": (
        "Mục thuộc thông điệp “{message}” phải ghi ngôn ngữ (languages hoặc sound).",
        "A version of the message “{message}” has to say its language (languages or sound).",
    ),
    "message-apart": (
        "Các phiên bản của thông điệp “{message}” phải có cùng mức ưu tiên và cùng thời gian phát.",
        "The versions of the message “{message}” must have the same precedence and timetable.",
    ),
    "unused-item": ("Không vị trí nào phát mục này.", "No slot shows this item."),
    "unknown-daypart": ("Không có khung giờ nào mang mã “{id}”.", "There is no daypart with the id “{id}”."),
    "ends-before-begins": (
        "Thời hạn kết thúc trước hoặc đúng lúc bắt đầu, nên không bao giờ phát.",
        "The validity ends before or as it begins, so it is never shown.",
    ),
    "recurrence-rule": (
        "Quy tắc lặp không đúng RFC 5545 hoặc lặp theo giờ; ví dụ đúng: FREQ=MONTHLY;BYMONTHDAY=1.",
        "The rule is not one of RFC 5545 for days; a right one is FREQ=MONTHLY;BYMONTHDAY=1.",
    ),
    "recurrence-never": (
        "Quy tắc lặp không rơi vào ngày nào trong 12 năm tới.",
        "The rule gives no day within twelve years.",
    ),
    "added-and-excepted": ("Ngày {day} vừa được thêm vừa bị trừ ra.", "The day {day} is both added and excepted."),
    "crossfade-too-long": (
        "Thời gian chuyển cảnh phải ngắn hơn thời lượng của mục.",
        "The crossfade must be shorter than the item.",
    ),
    "percent-over-100": (
        "Tính đến đây, các vị trí phát cùng lúc cộng lại quá 100 % thời lượng.",
        "Up to here the slots that share the same time add up to more than 100 %.",
    ),
    # What the fields of a screen cannot show one by one.
    "not-one-main": ("Phải có đúng một vùng main.", "There must be exactly one main zone."),
    "second-zone": ("Đã có một vùng {kind} ở trên.", "There is already a {kind} zone above."),
    "zone-outside": ("Vùng vượt ra ngoài màn hình (quá 100 %).", "The zone reaches beyond the canvas (over 100 %)."),
    "zones-overlap": ("Vùng này đè lên vùng {kind} ở trên.", "The zone overlaps the {kind} zone above."),
    "zone-under-main": (
        "Vùng main được vẽ sau nên che vùng này; hãy đặt vùng main lên trước.",
        "The main zone is painted later and hides this one; put the main zone first.",
    ),
    "zone-over-main": ("Vùng này che quá nửa vùng main.", "The zone hides more than half of the main zone."),
    "no-logo": ("Có vùng logo nhưng chưa ghi tệp logo.", "There is a logo zone and no logo file."),
    "unspoken-share": (
        "Ngôn ngữ “{tag}” không có trong danh sách ngôn ngữ của màn hình.",
        "The language “{tag}” is not among those of the screen.",
    ),
    "hours-overlap": ("Khoảng giờ mở cửa này trùng với một khoảng khác.", "These opening hours overlap others."),
    "volume-order": (
        "Các mốc âm lượng phải theo thứ tự giờ, không mốc nào trùng nhau.",
        "The steps of the volume must be in order of time, each at a time of its own.",
    ),
    # What can be shown, and is perhaps not meant so.
    "unknown-length": (
        "Chưa ghi độ dài (length_ms), nên kế hoạch phát chỉ là ước lượng.",
        "The length (length_ms) is not on record, so that the plan is a guess.",
    ),
    "unused-daypart": ("Không vị trí nào dùng khung giờ này.", "No slot uses this daypart."),
    "lonely-version": (
        "Thông điệp “{message}” chỉ có một phiên bản; hãy xem lại tên nếu còn bản bằng tiếng khác.",
        "The message “{message}” has one version only; look at its name if there are others.",
    ),
    "share-without-item": (
        "Màn hình đòi {percent} % thời lượng cho {language}, nhưng không mục nào có ngôn ngữ này.",
        "The screen wants {percent} % for “{tag}”, and no item has this language.",
    ),
    "shares-over-100": (
        "Các tỷ lệ ngôn ngữ cộng lại quá 100 %: chỉ đạt được bằng mục có nhiều ngôn ngữ.",
        "The languages' shares add up to more than 100 %: only items in several languages can keep that.",
    ),
    # What the files show that are named.
    "no-file": ("Không tìm thấy tệp “{source}”.", "There is no file “{source}”."),
    "wrong-digest": (
        "Nội dung tệp không khớp với mã sha256 đã ghi.",
        "The file's content does not match the sha256 on record.",
    ),
    "media": ("{vi}", "{en}"),
    "wrong-length": (
        "Tệp dài {found} ms, khác với length_ms đã ghi.",
        "The file is {found} ms long, which is not the length_ms on record.",
    ),
    "wrong-size": (
        "Hình trong tệp là {found} điểm ảnh, khác với kích thước đã ghi.",
        "The picture in the file has {found} pixels, which is not the size on record.",
    ),
    "wrong-tracks": (
        "Số đường tiếng trong tệp là {found}, khác với danh sách đã ghi.",
        "The file has {found} sound tracks, which is not what is listed.",
    ),
    # Releases, urgent bulletins, withdrawals.
    "not-one-urgent": (
        "Tin khẩn phải có đúng một vị trí phát, hạng khẩn cấp.",
        "An urgent bulletin has exactly one slot, of the class urgent.",
    ),
    "no-urgency": (
        "Tin khẩn phải ghi cơ quan ban hành, địa bàn, thời điểm ban hành và hết hiệu lực.",
        "An urgent bulletin names its issuer, area, time of issue and expiry.",
    ),
    "unlisted-media": (
        "Tệp “{source}” không có trong danh sách media.",
        "The file “{source}” is not in the list of media.",
    ),
    "nothing-withdrawn": ("Phải ghi mã mục hoặc mã sha256.", "It must name an item or a sha256."),
    "other": ("Giá trị không hợp lệ.", "The value is not valid."),
}


class Severity(StrEnum):
    """How much a finding weighs."""

    ERROR = "error"
    """It cannot be used or published as it is."""
    WARNING = "warning"
    """It can, and somebody ought to look at it."""
    NOTE = "note"
    """Nothing is wrong; it is said for whoever wonders: what was not measured, which wish gave way."""


_SEVERITIES: Final[Mapping[str, Severity]] = dict.fromkeys(
    ("unknown-length", "unused-daypart", "lonely-version", "share-without-item", "shares-over-100"), Severity.WARNING
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong.

    ``place`` is a JSON pointer (RFC 6901) such as ``/items/3/sound/0``, empty for the file as a whole; ``code`` a
    stable word; ``vi`` and ``en`` the sentence in both languages, ``fix_vi`` and ``fix_en`` what to do where the
    sentence does not say it.
    """

    place: str
    code: str
    vi: str
    en: str
    severity: Severity = Severity.ERROR
    fix_vi: str | None = None
    fix_en: str | None = None


class FileError(ContentError):
    """A file of ours that cannot be used; ``findings`` tells everything that is wrong, at least one thing."""

    what: ClassVar[str] = "File"
    what_vi: ClassVar[str] = "tệp"

    def __init__(self, findings: Sequence[Finding]) -> None:
        first = findings[0]
        more = f" (and {len(findings) - 1} more; see signage-playlist check)" if len(findings) > 1 else ""
        super().__init__(f"{self.what}, {first.place or 'as a whole'}: {first.en}{more}")
        self.findings = tuple(findings)

    @property
    def sentence_vi(self) -> str:
        """The same line for an operator."""
        first, others = self.findings[0], len(self.findings) - 1
        more = f" (và {others} lỗi nữa; xem bằng signage-playlist check)" if others else ""
        return f"{self.what_vi}, {first.place or 'cả tệp'}: {first.vi}{more}"


class PlaylistFileError(FileError):
    """A playlist file that cannot be used."""

    what = "Playlist file"
    what_vi = "tệp danh sách phát"


class ReleaseFileError(FileError):
    """A file of the agent's half of the state folder that cannot be used."""

    what = "Release file"
    what_vi = "tệp bản phát hành"


class ScreenFileError(FileError):
    """A screen file that cannot be used."""

    what = "Screen file"
    what_vi = "tệp màn hình"


def finding(place: Sequence[str | int], code: str, **values: object) -> Finding:
    """Make a finding of a code, its sentences filled in with ``values``."""
    vi, en = SENTENCES[code]
    severity = _SEVERITIES.get(code, Severity.ERROR)
    return Finding(pointer(place), code, vi.format(**values), en.format(**values), severity)


def pointer(place: Sequence[str | int]) -> str:
    """Write a place as a JSON pointer."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in place)
