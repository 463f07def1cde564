"""What is said about V6 and V9."""

from typing import Final

from playlists.rules_wording import FAILED, MEASURE, NAME_SCREEN, NONE, PASSED, UNMEASURED, Table
from playlists.verdicts import RuleId

TABLE: Final[Table] = {
    RuleId.V6: {
        "v6-not-commercial": ("premises", NONE, "Không phải nội dung quảng cáo.", "The item is not commercial."),
        "v6-elsewhere": (
            "premises",
            NONE,
            "Nội dung quảng cáo này không phát trên màn hình đang kiểm tra.",
            "This commercial item is not for the screen that is checked.",
        ),
        "v6-no-screen": (
            "premises",
            UNMEASURED,
            "Nội dung quảng cáo: chưa biết sẽ phát trên màn hình nào.",
            "The item is commercial, and for which screen is unknown.",
            *NAME_SCREEN,
        ),
        "v6-premises": (
            "premises",
            PASSED,
            "Cụm không thuộc cơ sở của lực lượng vũ trang.",
            "The cluster is not on premises of the armed forces.",
        ),
        "v6-armed-forces": (
            "premises",
            FAILED,
            "Không được phát quảng cáo tại cụm thuộc cơ sở của lực lượng vũ trang.",
            "A commercial item is refused on premises of the armed forces.",
            "Bỏ mục này khỏi màn hình, hoặc chọn màn hình ở cụm khác.",
            "Take the item off this screen, or aim it at another cluster.",
        ),
        "v6-indoors": ("silence", NONE, "Màn hình đặt trong nhà.", "The screen stands indoors."),
        "v6-silent": (
            "silence",
            PASSED,
            "Quảng cáo ngoài trời không có tiếng.",
            "The commercial item is silent outdoors.",
        ),
        "v6-sounding": (
            "silence",
            FAILED,
            "Quảng cáo ngoài trời không được có tiếng.",
            "A commercial item must be silent outdoors.",
            "Dùng bản không có tiếng cho màn hình ngoài trời.",
            "Use a version without sound for the outdoor screen.",
        ),
        "v6-unmeasured": (
            "silence",
            UNMEASURED,
            "Quảng cáo ngoài trời: chưa biết có tiếng hay không.",
            "The item is commercial and outdoors, and whether it has sound is not measured.",
            *MEASURE,
        ),
    },
    RuleId.V9: {
        "v9-no-screen": (
            "curve",
            UNMEASURED,
            "Chưa biết đường âm lượng của màn hình.",
            "The screen's volume curve is unknown.",
            *NAME_SCREEN,
        ),
        "v9-no-curve": (
            "curve",
            PASSED,
            "Màn hình không có đường âm lượng riêng: theo giới hạn chung, im lặng trong giờ yên tĩnh.",
            "The screen has no volume curve of its own: it keeps the limits and is silent in the quiet hours.",
        ),
        "v9-curve": (
            "curve",
            PASSED,
            "Đường âm lượng nằm trong giới hạn từng giờ.",
            "The volume curve keeps within the limit of every hour.",
        ),
        "v9-curve-high": (
            "curve",
            FAILED,
            "Từ {begins} đường âm lượng cho {percent} %, giới hạn là {limit} %; máy chỉ phát {limit} %.",
            "From {begins} on the curve asks for {percent} %, the limit is {limit} %; the player gives {limit} %.",
            "Đặt âm lượng từ {begins} không quá {limit} %.",
            "Set the volume from {begins} on to {limit} % at most.",
        ),
        "v9-silent": ("loudness", NONE, "Mục không có tiếng.", "The item is silent."),
        "v9-unmeasured": (
            "loudness",
            UNMEASURED,
            "Chưa đo độ to của âm thanh.",
            "The loudness of the sound is not measured.",
            *MEASURE,
        ),
        "v9-level": (
            "loudness",
            PASSED,
            "Độ to {lufs} LUFS (nhiều nhất {most}).",
            "The loudness is {lufs} LUFS (at most {most}).",
        ),
        "v9-loud": (
            "loudness",
            FAILED,
            "Âm thanh quá to: {lufs} LUFS, nhiều nhất chỉ được {most}.",
            "The sound is too loud: {lufs} LUFS, {most} is the most.",
            "Giảm âm lượng của tệp xuống mức cho phép.",
            "Lower the level of the file to what is allowed.",
        ),
        "v9-peak": (
            "peak",
            PASSED,
            "Đỉnh âm thanh {peak} dBFS (nhiều nhất {most}).",
            "The peak is {peak} dBFS (at most {most}).",
        ),
        "v9-peak-high": (
            "peak",
            FAILED,
            "Đỉnh âm thanh quá cao: {peak} dBFS, nhiều nhất chỉ được {most}.",
            "The peak is too high: {peak} dBFS, {most} is the most.",
            "Giảm âm lượng của tệp, hoặc dùng bộ hạn đỉnh.",
            "Lower the level of the file, or limit its peaks.",
        ),
    },
}
