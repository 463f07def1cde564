"""Which test clips there are: the sets of the table and a long one for the drift, as values. Pure: no I/O."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

BEEP_SECONDS: Final = 0.1
"""Length of a beep; under it a quiet tone of the same pitch runs through the whole clip."""


@dataclass(frozen=True, slots=True)
class ClipSpec:
    """One test clip to build.

    `rate` is frames a second; `steps_ms` gives a variable rate instead: durations of frames, repeated. `aspect` is
    the sample aspect ratio. `beeps` are seconds from the clip's start, empty for a clip without an audio track.
    """

    number: int
    codec: str = "libx264"
    suffix: str = "mp4"
    width: int = 1280
    height: int = 720
    rate: int = 25
    frames: int = 100
    bits_per_second: int = 4_000_000
    aspect: Fraction = Fraction(1)
    beeps: tuple[float, ...] = (1.0, 2.0, 3.0)
    steps_ms: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        """File name; in natural order these follow the clips' numbers."""
        return f"{self.number + 1:02d}-{self.codec.removeprefix('lib')}-{self.height}.{self.suffix}"

    @property
    def seconds(self) -> Fraction:
        """Length of the picture."""
        if not self.steps_ms:
            return Fraction(self.frames, self.rate)
        rounds, rest = divmod(self.frames, len(self.steps_ms))
        return Fraction(rounds * sum(self.steps_ms) + sum(self.steps_ms[:rest]), 1000)


@dataclass(frozen=True, slots=True)
class Dress:
    """What ours shows beside and over the clips: zones in per cent, texts of the ticker, captions over every clip.

    The form of `zones` and `ticker` is that of `tests.support.dressed_player`.
    """

    zones: tuple[tuple[str, float, float, float, float], ...]
    ticker: tuple[tuple[str, str], ...]
    captions: str
    """A SubRip file in Vietnamese."""


@dataclass(frozen=True, slots=True)
class ClipSet:
    """Clips played in a loop on a screen of `screen` pixels; `one_to_one` when nothing is scaled there.

    `picture` is the part of the screen, from its upper left corner, that clips fill; None is all of it.
    """

    name: str
    title: str
    screen: tuple[int, int]
    one_to_one: bool
    clips: tuple[ClipSpec, ...]
    picture: tuple[int, int] | None = None
    dress: Dress | None = None

    @property
    def filled(self) -> tuple[int, int]:
        """The pixels that clips fill."""
        return self.picture or self.screen


def _hd(number: int) -> ClipSpec:
    return ClipSpec(number, width=1920, height=1080, rate=30, frames=120, bits_per_second=8_000_000)


_MIXED: Final = (
    ClipSpec(0, width=1920, height=1080, rate=30, frames=120, bits_per_second=8_000_000),
    ClipSpec(1, codec="libx265", bits_per_second=2_500_000),
    ClipSpec(2, codec="libvpx-vp9", suffix="mkv", rate=30, frames=120, bits_per_second=2_500_000),
    ClipSpec(3, codec="mpeg4", width=640, height=480, bits_per_second=2_500_000),
    ClipSpec(4, width=720, height=576, aspect=Fraction(64, 45), bits_per_second=2_500_000, beeps=()),
    ClipSpec(5, width=854, height=480, rate=60, frames=240, bits_per_second=2_500_000),
    ClipSpec(6, frames=112, steps_ms=(20, 40, 30, 50)),
    ClipSpec(7, codec="libx265", width=1920, height=1080, rate=24, frames=96, bits_per_second=5_000_000),
)

HD_READY: Final = ClipSet(
    "720p25", "five 4 s clips 1280x720p25 H.264", (1280, 720), one_to_one=True, clips=tuple(map(ClipSpec, range(5)))
)
FULL_HD: Final = ClipSet(
    "1080p30", "five 4 s clips 1920x1080p30 H.264", (1920, 1080), one_to_one=True, clips=tuple(map(_hd, range(5)))
)
MIXED: Final = ClipSet(
    "mixed",
    "H.264, HEVC, VP9, MPEG-4; 480p to 1080p; 24 to 60 fps; VFR; silent; 4:3; anamorphic",
    (1920, 1080),
    one_to_one=False,
    clips=_MIXED,
)
SHORT: Final = ClipSet(
    "1s",
    "twenty 1 s clips 1280x720p25 H.264",
    (1280, 720),
    one_to_one=True,
    clips=tuple(ClipSpec(number, frames=25, beeps=(0.5,)) for number in range(20)),
)
DRIFT: Final = ClipSet(
    "drift",
    "one clip of 615 s, a beep every second",
    (1280, 720),
    one_to_one=False,
    clips=(
        ClipSpec(
            0,
            width=640,
            height=360,
            frames=615 * 25,
            bits_per_second=1_500_000,
            beeps=tuple(float(second) for second in range(1, 615)),
        ),
    ),
)
_DRESSED_SCREEN: Final = (1280, 784)
_MAIN: Final = 100 * 720 / 784
_CAPTIONS: Final = """1
00:00:00,000 --> 00:00:01,960
Chào mừng quý khách đến Cửa khẩu quốc tế Bờ Y,
xin vui lòng chuẩn bị sẵn giấy tờ

2
00:00:02,000 --> 00:00:03,960
Cửa khẩu mở cửa từ 7 giờ đến 19 giờ hằng ngày,
kể cả thứ Bảy và Chủ Nhật
"""
# The Lao and Khmer sentences have not been read by a native.
_TICKER: Final = (
    ("vi", "Cửa khẩu quốc tế Bờ Y mở cửa từ 7 giờ đến 19 giờ hằng ngày"),
    ("lo", "ຍິນດີຕ້ອນຮັບສູ່ດ່ານຊາຍແດນສາກົນໂບອີ (Bờ Y), ກະລຸນາປະຕິບັດຕາມກົດລະບຽບຕ່າງໆຂອງດ່ານ"),
    ("km", "សូមស្វាគមន៍មកកាន់ច្រកព្រំដែនអន្តរជាតិ Bờ Y។ សូមគោរពច្បាប់ផ្សេងៗរបស់ស្ត្រី និងកុមារ"),
)
BARE: Final = ClipSet(
    "bare", "the clips of 720p25 again, for the next table", (1280, 720), one_to_one=True,
    clips=tuple(map(ClipSpec, range(5))),
)  # fmt: skip
DRESSED: Final = ClipSet(
    "dressed",
    "the same clips with a ticker below, a clock over them and captions of two lines",
    _DRESSED_SCREEN,
    one_to_one=True,
    clips=tuple(map(ClipSpec, range(5))),
    picture=(1280, 720),
    dress=Dress(
        zones=(("main", 0, 0, 100, _MAIN), ("ticker", 0, _MAIN, 100, 100 - _MAIN), ("clock", 78, 0, 22, 11)),
        ticker=_TICKER,
        captions=_CAPTIONS,
    ),
)
"""Against BARE in the same run: what everything around the picture costs."""
ALL_SETS: Final = (HD_READY, FULL_HD, MIXED, SHORT, DRIFT, BARE, DRESSED)
