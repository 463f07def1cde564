"""What the demo says: its clips, their titles, their speech and their captions.

The Lao and Khmer sentences were read by no native speaker; README.md beside the finished content says so.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from canvas import FRAMES_PER_SECOND
from gate import Gate
from lettering import Title, Words
from papers import Paper
from scenes import Dawn, Landmark, Scene
from village import Village


@dataclass(frozen=True, slots=True)
class Sentence:
    """Something said, from `start` seconds after the clip's start."""

    start: float
    text: str


@dataclass(frozen=True, slots=True)
class Narration:
    """One audio track: its language (BCP 47), the code MP4 knows it by (ISO 639-2), and what is said."""

    language: str
    mp4_language: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A title and the second at which it comes; it stays until the next one comes."""

    start: float
    title: Title


@dataclass(frozen=True, slots=True)
class Clip:
    """One clip. `frames` is a multiple of 8: then its sound fills whole AAC frames, and is as long as its picture."""

    name: str
    label: str
    languages: tuple[str, ...]
    frames: int
    scene: Callable[[], Scene]
    cards: tuple[Card, ...]
    narrations: tuple[Narration, ...]
    captions: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """For each language of captions its lines, one for each sentence of the first narration."""
    melody: tuple[int, ...] = (0, 2, 4, 3, 1, 2)
    """Steps of a pentatonic scale, played quietly under the speech."""

    @property
    def seconds(self) -> float:
        """How long the clip lasts."""
        return self.frames / FRAMES_PER_SECOND


def _vi(*lines: str) -> Words:
    return Words("vi", lines)


def _lo(*lines: str) -> Words:
    return Words("lo", lines)


def _above_captions(vietnamese: Words, second: Words) -> Title:
    """Set a title smaller and higher: captions of three lines come below it."""
    return Title(vietnamese, second, size=78, second_size=52, top=52)


_WELCOME_SPOKEN: Final = (
    Sentence(0.7, "Chào mừng quý khách đến cửa khẩu quốc tế Bờ Y."),
    Sentence(5.0, "Một con đường, nối liền hai đất nước."),
    Sentence(9.0, "Chúc quý khách thượng lộ bình an."),
)

CLIPS: Final = (
    Clip(
        name="01-chao-mung-vi-lo",
        label="Chào mừng đến cửa khẩu Bờ Y",
        languages=("vi", "lo"),
        frames=320,
        scene=Dawn,
        cards=(
            Card(0.1, _above_captions(_vi("Chào mừng đến", "cửa khẩu Bờ Y"), _lo("ຍິນດີຕ້ອນຮັບສູ່", "ດ່ານສາກົນ ເບີອີ"))),
            Card(4.6, _above_captions(_vi("Một con đường,", "hai đất nước"), _lo("ເສັ້ນທາງດຽວ", "ສອງປະເທດ"))),
            Card(8.7, _above_captions(_vi("Thượng lộ", "bình an"), _lo("ຂໍໃຫ້ທ່ານ", "ເດີນທາງປອດໄພ"))),
        ),
        narrations=(Narration("vi", "vie", _WELCOME_SPOKEN),),
        captions=(
            ("vi", tuple(sentence.text for sentence in _WELCOME_SPOKEN)),
            (
                "lo",
                (
                    "ຍິນດີຕ້ອນຮັບທ່ານສູ່ດ່ານສາກົນເບີອີ",
                    "ເສັ້ນທາງດຽວເຊື່ອມຕໍ່ສອງປະເທດ",
                    "ຂໍໃຫ້ທ່ານເດີນທາງປອດໄພ",
                ),
            ),
        ),
        melody=(0, 2, 4, 3, 2, 4, 5, 4),
    ),
    Clip(
        name="02-ba-bien-gioi-vi-km",
        label="Một cột mốc, ba đất nước",
        languages=("vi", "km"),
        frames=280,
        scene=Landmark,
        cards=(
            Card(0.1, Title(_vi("Một cột mốc,", "ba đất nước"), Words("km", ("បង្គោលព្រំដែនមួយ", "ប្រទេសបី")))),
            Card(5.5, Title(_vi("Hòa bình,", "hữu nghị"), Words("km", ("សន្តិភាព", "មិត្តភាព")))),
        ),
        narrations=(
            Narration(
                "vi",
                "vie",
                (
                    Sentence(0.7, "Một cột mốc, ba đất nước: Việt Nam, Lào và Cam-pu-chia."),
                    Sentence(6.0, "Cùng nhau giữ gìn biên giới hòa bình, hữu nghị."),
                ),
            ),
        ),
        melody=(4, 3, 1, 0, 2, 3),
    ),
    Clip(
        name="03-giay-to-vi-en",
        label="Giấy tờ khi qua cửa khẩu",
        languages=("vi", "en"),
        frames=344,
        scene=lambda: Gate(((3.5, Paper.PASSPORT), (6.9, Paper.DECLARATION), (10.3, Paper.TICKET))),
        cards=(
            Card(0.1, Title(_vi("Giấy tờ khi", "qua cửa khẩu"), Words("en", ("Documents at", "the border gate")))),
            Card(3.4, Title(_vi("Hộ chiếu hoặc", "giấy thông hành"), Words("en", ("Passport or", "border pass")))),
            Card(6.8, Title(_vi("Khai báo", "hàng hóa"), Words("en", ("Declare", "your goods")))),
            Card(10.2, Title(_vi("Xếp hàng theo", "hướng dẫn"), Words("en", ("Queue and follow", "the signs")))),
        ),
        narrations=(
            Narration(
                "vi",
                "vie",
                (
                    Sentence(0.5, "Xin chuẩn bị giấy tờ khi qua cửa khẩu."),
                    Sentence(3.8, "Hộ chiếu, hoặc giấy thông hành."),
                    Sentence(7.2, "Khai báo đầy đủ hàng hóa."),
                    Sentence(10.5, "Xếp hàng theo hướng dẫn. Xin cảm ơn."),
                ),
            ),
            Narration(
                "en",
                "eng",
                (
                    Sentence(0.5, "Have your documents ready at the gate."),
                    Sentence(3.8, "Your passport, or your border pass."),
                    Sentence(7.2, "Declare all your goods."),
                    Sentence(10.4, "Queue and follow the signs. Thank you."),
                ),
            ),
        ),
        melody=(0, 1, 2, 4, 2, 1, 3),
    ),
    Clip(
        name="04-giam-ngheo-vi",
        label="Giảm nghèo bền vững",
        languages=("vi",),
        frames=280,
        scene=Village,
        cards=(
            Card(0.1, Title(_vi("Giảm nghèo", "bền vững"), size=100)),
            Card(4.3, Title(_vi("Học nghề,", "vay vốn,", "có việc làm"), size=100)),
            Card(7.6, Title(_vi("Làng ấm no,", "biên giới", "bình yên"), size=100)),
        ),
        narrations=(
            Narration(
                "vi",
                "vie",
                (
                    Sentence(0.6, "Giảm nghèo bền vững, không ai bị bỏ lại phía sau."),
                    Sentence(4.6, "Học nghề, vay vốn, có việc làm."),
                    Sentence(7.9, "Làng ấm no, biên giới bình yên."),
                ),
            ),
        ),
        melody=(2, 4, 5, 4, 3, 0),
    ),
)
