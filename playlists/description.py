"""A playlist or a screen in plain Vietnamese, for whoever cannot read JSON."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import Final

from playlists.bulletin import Bulletin
from playlists.fields import UNKNOWN_LANGUAGE
from playlists.languages import name_vi
from playlists.papers import Papers, Theme
from playlists.playlist import Item, ItemKind, Playlist, Slot
from playlists.playlist import Sequence as Order
from playlists.proof import Rendition
from playlists.schedule import Daypart, Precedence, Recurrence, Share, Target, Timetable
from playlists.screen import OpeningHours, Screen, ZoneKind
from playlists.timing import DurationMs

Line = tuple[str, str]
"""A label and what is said under it."""

_KINDS: Final = {ItemKind.CLIP: "video", ItemKind.IMAGE: "ảnh", ItemKind.PAGE: "trang", ItemKind.BULLETIN: "bản tin"}
_RENDITIONS: Final = {
    Rendition.TEXT: "chữ",
    Rendition.IMAGE: "hình",
    Rendition.PAGE: "trang",
    Rendition.SOUND: "âm thanh",
    Rendition.VIDEO: "video",
}
_PRECEDENCE: Final = {
    Precedence.URGENT: "khẩn cấp: ngắt ngay mục đang phát",
    Precedence.PRIORITY: "ưu tiên: phát ngay sau mục đang phát",
}
_LOOKS: Final = {"day": "ban ngày", "night": "ban đêm", "ceremony": "ngày lễ"}
_THEMES: Final = {
    Theme.BORDER: "biên giới",
    Theme.HUMAN_RIGHTS: "quyền con người",
    Theme.IDEOLOGY: "bảo vệ nền tảng tư tưởng",
    Theme.POVERTY: "giảm nghèo",
    Theme.ETHNIC: "dân tộc thiểu số và miền núi",
    Theme.TOURISM: "du lịch, thương mại, đầu tư",
}
_WEEKDAYS: Final = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
_ZONES: Final = {
    ZoneKind.MAIN: "vùng chính",
    ZoneKind.TICKER: "dòng chữ chạy",
    ZoneKind.CLOCK: "đồng hồ",
    ZoneKind.LOGO: "biểu trưng",
}
_MINUTE_MS: Final = 60_000
_SECOND_MS: Final = 1000


def playlist_head(playlist: Playlist) -> Iterator[Line]:
    """Describe what holds for the whole of a planned playlist."""
    if not playlist.planned:
        return
    yield "cách phát", "theo kế hoạch từng giờ" + (", xáo trộn" if playlist.sequence is Order.SHUFFLED else "")
    if playlist.look is not None:
        yield "giao diện bản tin", _LOOKS[playlist.look]
    for part in playlist.dayparts:
        yield "khung giờ", f"{part.title} ({part.id}): {_span(part.begins, part.ends)}"
    for line in playlist.ticker:
        yield "dòng chữ chạy", f"{line.text} ({name_vi(line.language)})"


def slot_lines(slot: Slot, dayparts: Sequence[Daypart]) -> Iterator[Line]:
    """Describe a slot: what, how long, when, where, how often, in which languages, on what papers."""
    item = slot.item
    if slot.precedence is not Precedence.ORDINARY:
        yield "mức", _PRECEDENCE[slot.precedence]
    yield from _item_lines(item)
    when = "; ".join(_when(slot.timetable, {part.id: part.title for part in dayparts}))
    if when:
        yield "khi nào", when
    where = "; ".join(_where(slot.target))
    if where:
        yield "ở đâu", where
    share = "; ".join(_share(slot.share))
    if share:
        yield "mức phát", share
    if slot.crossfade:
        yield "chuyển cảnh", length_vi(slot.crossfade)
    yield from _papers(item.papers)


def screen_lines(screen: Screen) -> Iterator[Line]:
    """Describe a screen."""
    yield "cửa khẩu", screen.gate
    yield "cụm", screen.cluster
    if screen.tags:
        yield "nhãn", ", ".join(screen.tags)
    if screen.canvas is not None:
        turned = f", xoay {screen.rotation}°" if screen.rotation else ""
        yield "khung hình", f"{screen.canvas.width} x {screen.canvas.height} điểm ảnh{turned}"
    yield "ngôn ngữ", ", ".join(map(name_vi, screen.languages))
    for tag, share in screen.shares.items():
        yield "tỷ lệ", f"{name_vi(tag)} ít nhất {number_vi(share)} % thời lượng mỗi giờ"
    yield "giờ mở cửa", "; ".join(map(_opening, screen.hours)) or "cả ngày"
    yield "âm lượng", ", ".join(f"từ {_clock(step.begins)}: {step.percent} %" for step in screen.volume) or "mặc định"
    marks = (("ngoài trời", screen.outdoor), ("đơn vị vũ trang", screen.armed_forces))
    places = [word for word, is_so in marks if is_so]
    if places:
        yield "nơi đặt", ", ".join(places)
    yield "múi giờ", screen.time_zone
    if screen.look is not None:
        yield "giao diện bản tin", _LOOKS[screen.look]
    for zone in screen.layout.zones:
        numbers = (number_vi(value) for value in (zone.x, zone.y, zone.width, zone.height))
        yield _ZONES[zone.kind], "trái {} %, trên {} %, rộng {} %, cao {} %".format(*numbers)


def length_vi(length: DurationMs) -> str:
    """Write a length of time: ``8,5 giây``, ``10 phút``."""
    if length >= _MINUTE_MS and length % _MINUTE_MS == 0:
        return f"{length // _MINUTE_MS} phút"
    return f"{length / _SECOND_MS:.1f} giây".replace(".", ",")


def number_vi(value: float) -> str:
    """Write a number with a decimal comma."""
    return f"{value:g}".replace(".", ",")


def _item_lines(item: Item) -> Iterator[Line]:
    kind = _KINDS[item.kind]
    if item.bulletin is not None:
        yield "loại", f"{kind} dạng {_RENDITIONS[item.bulletin.rendition]}"
    if item.source:
        yield "tệp", f"{item.source} ({kind})"
    length = item.duration if item.duration is not None else item.length
    if length is not None:
        yield "thời lượng", length_vi(length)
    if item.languages:
        yield "ngôn ngữ", ", ".join(map(name_vi, item.languages))
    if item.sound:
        yield "âm thanh", ", ".join("không rõ" if tag == UNKNOWN_LANGUAGE else name_vi(tag) for tag in item.sound)
    if item.captions:
        yield "phụ đề", ", ".join(name_vi(file.language) for file in item.captions)
    if item.message is not None:
        yield "thông điệp", f"{item.message} (phát đủ các phiên bản ngôn ngữ)"
    if item.bulletin is not None:
        yield from _bulletin(item.bulletin)


def _bulletin(bulletin: Bulletin) -> Iterator[Line]:
    for text in bulletin.texts:
        yield "nội dung", f"{text.title} ({name_vi(text.language)})"
    if bulletin.urgency is not None:
        urgency = bulletin.urgency
        times = f"ban hành {_moment(urgency.issued)}, hết hiệu lực {_moment(urgency.expires)}"
        yield "tin khẩn", f"{urgency.issuer}; khu vực {urgency.area}; {times}"


def _when(timetable: Timetable, titles: Mapping[str, str]) -> Iterator[str]:
    if timetable.dayparts:
        yield ", ".join(titles.get(name, name) for name in timetable.dayparts)
    if timetable.weekdays:
        yield _weekdays(timetable.weekdays)
    begins, ends = timetable.validity.begins, timetable.validity.ends
    if begins is not None:
        yield f"từ {_moment(begins)}"
    if ends is not None:
        yield f"đến trước {_moment(ends)}"
    if timetable.recurrence is not None:
        yield _recurrence(timetable.recurrence)


def _recurrence(recurrence: Recurrence) -> str:
    told = f"lặp theo {recurrence.rule} tính từ {_day(recurrence.begins)}"
    if recurrence.except_on:
        told += f", trừ {', '.join(map(_day, recurrence.except_on))}"
    if recurrence.also_on:
        told += f", thêm {', '.join(map(_day, recurrence.also_on))}"
    return told


def _where(target: Target) -> Iterator[str]:
    for label, names in (
        ("màn hình", target.screens),
        ("cụm", target.clusters),
        ("cửa khẩu", target.gates),
        ("nhãn", target.tags),
    ):
        if names:
            yield f"{label} {', '.join(names)}"


def _share(share: Share) -> Iterator[str]:
    if share.weight != 1:
        yield f"trọng số {share.weight}"
    if share.percent is not None:
        yield f"{number_vi(share.percent)} % thời lượng mỗi giờ"
    if share.spacing is not None:
        yield f"cách nhau ít nhất {length_vi(share.spacing)}"
    if share.most_per_hour is not None:
        yield f"nhiều nhất {share.most_per_hour} lần mỗi giờ"


def _papers(papers: Papers) -> Iterator[Line]:
    if papers.theme is not None:
        yield "chủ đề", _THEMES[papers.theme]
    if papers.supplier is not None:
        yield "cung cấp", papers.supplier
    if papers.document is not None:
        yield "văn bản", f"số {papers.document.number} ngày {_day(papers.document.date)}"
    for approval in papers.approvals:
        yield "duyệt", f"{approval.by}, ngày {_day(approval.on)}"
    for tag, name in papers.readers.items():
        yield "người đọc", f"{name_vi(tag)}: {name}"


def _opening(hours: OpeningHours) -> str:
    days = f" ({_weekdays(hours.weekdays)})" if hours.weekdays else ""
    return f"{_span(hours.begins, hours.ends)}{days}"


def _weekdays(days: frozenset[int]) -> str:
    return ", ".join(_WEEKDAYS[day - 1] for day in sorted(days))


def _span(begins: time, ends: time) -> str:
    if begins == ends:
        return f"cả ngày, tính từ {_clock(begins)}"
    return f"từ {_clock(begins)} đến {_clock(ends)}" + ("" if begins < ends else " hôm sau")


def _clock(value: time) -> str:
    return f"{value:%H:%M}"


def _day(value: date) -> str:
    return f"{value:%d/%m/%Y}"


def _moment(value: datetime) -> str:
    return f"{value:%H:%M %d/%m/%Y}"
