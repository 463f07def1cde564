"""What is said about V1, V2, V3, V5 and V18."""

from typing import Final

from playlists.rules_wording import FAILED, MEASURE, NAME_LANGUAGES, NONE, PASSED, UNMEASURED, Table
from playlists.verdicts import RuleId

TABLE: Final[Table] = {
    RuleId.V1: {
        "v1-present": ("vietnamese", PASSED, "Có tiếng Việt.", "Vietnamese is present."),
        "v1-reason": (
            "vietnamese",
            PASSED,
            "Không có tiếng Việt; lý do đã ghi: “{reason}”.",
            "There is no Vietnamese; the reason on record is “{reason}”.",
        ),
        "v1-absent": (
            "vietnamese",
            FAILED,
            "Chỉ có {vi_names}, không có tiếng Việt và chưa ghi lý do.",
            "It has only {en_names}, no Vietnamese, and no reason is on record.",
            "Thêm tiếng Việt, hoặc ghi lý do vì sao chỉ dùng ngôn ngữ khác.",
            "Add Vietnamese, or write down why only other languages are used.",
        ),
        "v1-unknown": (
            "vietnamese",
            UNMEASURED,
            "Chưa ghi đủ ngôn ngữ nên chưa biết có tiếng Việt hay không.",
            "The languages are not all on record, so whether Vietnamese is present is unknown.",
            *NAME_LANGUAGES,
        ),
    },
    RuleId.V2: {
        "v2-none": (
            "order",
            NONE,
            "Không có chữ nước ngoài đi cùng chữ Việt.",
            "No foreign text stands with Vietnamese text.",
        ),
        "v2-unknown": (
            "order",
            UNMEASURED,
            "Chưa ghi ngôn ngữ của chữ trên hình.",
            "The languages of the text in the picture are not on record.",
            *NAME_LANGUAGES,
        ),
        "v2-below": (
            "order",
            PASSED,
            "Chữ {vi_names} đứng dưới chữ Việt.",
            "The text in {en_names} stands below the Vietnamese.",
        ),
        "v2-above": (
            "order",
            FAILED,
            "Chữ {vi_names} đứng trên chữ Việt.",
            "The text in {en_names} stands above the Vietnamese.",
            "Đặt chữ Việt lên trước, chữ nước ngoài ở dưới.",
            "Put the Vietnamese first and the foreign text below it.",
        ),
        "v2-size-unmeasured": (
            "size",
            UNMEASURED,
            "Chưa đo chiều cao chữ {vi_names} và chữ Việt.",
            "The letter heights of {en_names} and of the Vietnamese are not measured.",
            *MEASURE,
        ),
        "v2-size-small": (
            "size",
            PASSED,
            "Chữ {vi_names} cao bằng {percent} % chữ Việt (nhiều nhất {most} %).",
            "The letters of {en_names} are {percent} % of the Vietnamese in height (at most {most} %).",
        ),
        "v2-size-drawn": (
            "size",
            FAILED,
            "Chữ {vi_names} vẽ ra cao bằng {percent} % chữ Việt, nhiều nhất chỉ được {most} %.",
            "The letters of {en_names} are drawn at {percent} % of the Vietnamese in height; {most} % is the most.",
            "Thu nhỏ chữ nước ngoài hoặc phóng to chữ Việt.",
            "Make the foreign letters smaller or the Vietnamese larger.",
        ),
        "v2-size-nominal": (
            "size",
            FAILED,
            "Cỡ chữ {vi_names} bằng {percent} % cỡ chữ Việt, nhiều nhất chỉ được {most} %.",
            "The font size of {en_names} is {percent} % of the Vietnamese; {most} % is the most.",
            "Giảm cỡ chữ nước ngoài hoặc tăng cỡ chữ Việt.",
            "Reduce the foreign font size or raise the Vietnamese.",
        ),
    },
    RuleId.V3: {
        "v3-silent": ("speech", NONE, "Mục không có tiếng.", "The item is silent."),
        "v3-no-foreign": ("speech", NONE, "Không có tiếng nước ngoài.", "No foreign language is spoken."),
        "v3-foreign-only": (
            "speech",
            NONE,
            "Chỉ có tiếng nước ngoài, thuộc quy tắc V1.",
            "Only foreign languages are spoken, which is for rule V1.",
        ),
        "v3-first": (
            "speech",
            PASSED,
            "Tiếng Việt được đọc trước tiếng nước ngoài.",
            "Vietnamese is spoken before the foreign language.",
        ),
        "v3-late": (
            "speech",
            FAILED,
            "Tiếng nước ngoài được đọc trước tiếng Việt.",
            "The foreign language is spoken before the Vietnamese.",
            "Dựng lại âm thanh: tiếng Việt trước, tiếng nước ngoài sau.",
            "Edit the sound: Vietnamese first, the foreign language after it.",
        ),
        "v3-unspoken": (
            "speech",
            FAILED,
            "Có đọc tiếng nước ngoài nhưng không đọc tiếng Việt.",
            "A foreign language is spoken and Vietnamese is not.",
            "Thêm lời tiếng Việt trước lời nước ngoài, hoặc ghi lý do vì sao không có.",
            "Add Vietnamese speech before the foreign one, or write down why there is none.",
        ),
        "v3-unmeasured": (
            "speech",
            UNMEASURED,
            "Chưa ghi thứ tự các ngôn ngữ được đọc.",
            "The order of the spoken languages is not measured.",
            "Nghe và ghi thứ tự ngôn ngữ vào tệp số đo (--facts).",
            "Listen, and write the order of the languages into the facts file (--facts).",
        ),
    },
    RuleId.V5: {
        "v5-equal": (
            "minority",
            PASSED,
            "Ngôn ngữ dân tộc thiểu số ({vi_names}) không phải tiếng nước ngoài, được đứng ngang hàng chữ Việt.",
            "Minority languages ({en_names}) are not foreign: they stand as equals of the Vietnamese.",
        ),
        "v5-none": (
            "minority",
            NONE,
            "Không có ngôn ngữ dân tộc thiểu số.",
            "There is no minority language.",
        ),
    },
    RuleId.V18: {
        "v18-none": (
            "reader",
            NONE,
            "Không có chữ Lào, Khmer hay chữ dân tộc thiểu số.",
            "There is no Lao, Khmer or minority text.",
        ),
        "v18-unknown": (
            "reader",
            UNMEASURED,
            "Chưa ghi ngôn ngữ của chữ trên hình nên chưa biết cần ai đọc soát.",
            "The languages of the text in the picture are not on record, so who must read it is unknown.",
            *NAME_LANGUAGES,
        ),
        "v18-read": (
            "reader",
            PASSED,
            "Chữ {vi_names} đã được {reader} đọc soát.",
            "The text in {en_names} was read by {reader}.",
        ),
        "v18-unread": (
            "reader",
            FAILED,
            "Chữ {vi_names} chưa có người đọc soát được ghi tên.",
            "The text in {en_names} has no named reader.",
            "Nhờ người đọc được ngôn ngữ này soát lại, rồi ghi tên người đó.",
            "Have somebody who reads the language check it, and write down who.",
        ),
    },
}
