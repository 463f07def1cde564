"""Bulletins for tests, out of the demo content's sentences.

The Lao and Khmer sentences are those of ``deploy/demo-content``: no native has read them.
"""

from datetime import datetime, timedelta, timezone

from playlists.bulletin import Bulletin, BulletinText, Urgency

HANOI = timezone(timedelta(hours=7))
MORNING = datetime(2026, 11, 24, 8, 15, tzinfo=HANOI)
ISSUER = "Đồn Biên phòng cửa khẩu quốc tế Bờ Y"
LINK = "https://example.org/bo-y"
URGENCY = Urgency(ISSUER, "Quốc lộ 40, đoạn Bờ Y", MORNING, MORNING + timedelta(hours=9))

TEXTS = {
    "vi": BulletinText(
        "vi",
        "Chào mừng đến cửa khẩu Bờ Y",
        "Chào mừng quý khách đến cửa khẩu quốc tế Bờ Y. Một con đường, nối liền hai đất nước.\n"
        "Xin chuẩn bị giấy tờ khi qua cửa khẩu. Khai báo đầy đủ hàng hóa. Xếp hàng theo hướng dẫn. Xin cảm ơn.",
    ),
    "lo": BulletinText(
        "lo",
        "ຍິນດີຕ້ອນຮັບສູ່ດ່ານສາກົນ ເບີອີ",
        "ຍິນດີຕ້ອນຮັບທ່ານສູ່ດ່ານສາກົນເບີອີ\nເສັ້ນທາງດຽວເຊື່ອມຕໍ່ສອງປະເທດ\nຂໍໃຫ້ທ່ານເດີນທາງປອດໄພ",
    ),
    "km": BulletinText("km", "បង្គោលព្រំដែនមួយ ប្រទេសបី", "បង្គោលព្រំដែនមួយ ប្រទេសបី\nសន្តិភាព មិត្តភាព"),
    "en": BulletinText(
        "en",
        "Documents at the border gate",
        "Have your documents ready at the gate. Your passport, or your border pass. Declare all your goods. "
        "Queue and follow the signs. Thank you.",
    ),
}
WARNING = BulletinText("vi", "Sạt lở trên quốc lộ 40", "Tạm dừng xe tải. Xếp hàng theo hướng dẫn.")


def bulletin(*languages: str, link: str | None = None) -> Bulletin:
    """A welcome in these languages."""
    return Bulletin(tuple(TEXTS[language] for language in languages), issuer=ISSUER, issued=MORNING, link=link)


def urgent(*languages: str) -> Bulletin:
    """A road that is closed; what the other languages say is the welcome, for want of sentences."""
    return Bulletin((WARNING, *(TEXTS[language] for language in languages)), issued=MORNING, urgency=URGENCY)
