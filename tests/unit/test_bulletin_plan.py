"""What stands where on which page of a bulletin, measured by counting characters."""

from datetime import datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from player.bulletins.copyfit import Copy, is_lonely, parted
from player.bulletins.dates import date_text, hour_text, local, moment_text
from player.bulletins.frame import Manner, frame, sizes_for
from player.bulletins.matter import Insets, Matter, is_foreign, matter_of
from player.bulletins.measures import RuledMeasures
from player.bulletins.page import Area, Ink, Page
from player.bulletins.plan import LESSER, Plan, plan
from player.fitting import Size
from playlists.bulletin import Bulletin, BulletinText, Urgency
from playlists.line_breaks import grapheme_clusters
from playlists.proof import Rendition

MEASURES = RuledMeasures()
CANVASES = [
    Size(384, 1024), Size(1024, 384), Size(640, 360), Size(1280, 720), Size(1080, 1920), Size(1920, 1080),
    Size(3840, 2160), Size(2160, 3840),
]  # fmt: skip
VI = "Chào mừng quý khách đến cửa khẩu quốc tế Bờ Y. Một con đường, nối liền hai đất nước."
# The Lao and Khmer sentences of the demo content: no native has read them.
LO = "ຍິນດີຕ້ອນຮັບທ່ານສູ່ດ່ານສາກົນເບີອີ\nເສັ້ນທາງດຽວເຊື່ອມຕໍ່ສອງປະເທດ"
KM = "បង្គោលព្រំដែនមួយ ប្រទេសបី\nសន្តិភាព មិត្តភាព"
HOUR = datetime(2026, 11, 24, 8, 15, tzinfo=timezone(timedelta(hours=7)))
URGENCY = Urgency("Đồn Biên phòng cửa khẩu quốc tế Bờ Y", "Quốc lộ 40, đoạn Bờ Y", HOUR, HOUR + timedelta(hours=9))
TEXTS = {
    "vi": BulletinText("vi", "Chào mừng đến cửa khẩu Bờ Y", VI),
    "lo": BulletinText("lo", "ຍິນດີຕ້ອນຮັບສູ່ ດ່ານສາກົນ ເບີອີ", LO),
    "km": BulletinText("km", "បង្គោលព្រំដែនមួយ", KM),
    "en": BulletinText("en", "Documents at the border gate", "Have your documents ready at the gate."),
    "jra": BulletinText("jra", "c\u0306ê\u0306ô\u0306", "ơ\u0306ư\u0306 " * 9),
}  # the last is letters, no sentence


def bulletin(*languages: str, times: int = 1, urgent: bool = False, link: str | None = None) -> Bulletin:
    texts = tuple(
        BulletinText(language, TEXTS[language].title, "\n".join([TEXTS[language].body] * times))
        for language in languages
    )
    return Bulletin(texts, issuer="Đồn Biên phòng", issued=HOUR, urgency=URGENCY if urgent else None, link=link)


def planned(content: Bulletin, canvas: Size, insets: Insets = Insets(), manner: Manner = Manner()) -> Plan:  # noqa: B008 - values
    return plan(matter_of(content, insets), canvas, MEASURES, manner)


def joined(made: Plan, language: str, *inks: Ink) -> str:
    lines = (line for page in made.pages for line in page.lines)
    return "".join(line.text for line in lines if line.language == language and line.ink in inks)


def squeezed(text: str) -> str:
    return "".join(text.replace("\u200b", "").split())


@pytest.mark.parametrize("canvas", CANVASES, ids=str)
@pytest.mark.parametrize("languages", [("vi",), ("vi", "lo"), ("vi", "km"), ("vi", "lo", "en"), ("vi", "jra")], ids=str)
@pytest.mark.parametrize("times", [1, 6])
@pytest.mark.parametrize("urgent", [False, True])
def test_everything_is_said_and_nothing_is_clipped(
    canvas: Size, languages: tuple[str, ...], times: int, *, urgent: bool
) -> None:
    """Every line lies on the canvas and on no other; what is urgent says so on every page."""
    content = bulletin(*languages, times=times, urgent=urgent, link="x")
    made = planned(content, canvas, Insets(code=29))
    whole = Area(0, 0, canvas.width, canvas.height)
    for page in made.pages:
        assert all(whole.holds(line.area) for line in page.lines)
        places = [line.area for line in page.lines] + [place for place in (page.code, page.picture) if place]
        boxes = [Area(box.x + 0.6, box.y + 0.6, box.width - 1.2, box.height - 1.2) for box in places]
        assert not any(one.meets(other) for n, one in enumerate(boxes) for other in boxes[:n])
        said = " ".join(line.text for line in page.lines)
        if urgent:
            for word in ("KHẨN", "Bờ Y", "Quốc lộ 40", "08 giờ 15", "17 giờ 15"):
                assert word.split()[-1] in said
    for text in content.texts:
        body = squeezed(joined(made, text.language, Ink.TEXT, Ink.SECOND))
        parts = [squeezed(paragraph) for paragraph in text.body.split("\n")]
        assert all(part in body or squeezed(part[:9]) in body for part in parts)
        assert len(body) >= len(squeezed(text.body))


@pytest.mark.parametrize("canvas", CANVASES, ids=str)
@pytest.mark.parametrize("second", ["lo", "km", "en"])
def test_vietnamese_stands_above_and_the_other_is_lesser(canvas: Size, second: str) -> None:
    """Whatever order the file has them in."""
    made = planned(bulletin(second, "vi"), canvas)
    for page in made.pages:
        of_vi = [line for line in page.lines if line.language == "vi"]
        other = [line for line in page.lines if line.language == second]
        if of_vi and other:
            assert max(line.baseline for line in of_vi) < min(line.baseline for line in other)
            assert max(line.letter for line in other) <= 0.75 * min(line.letter for line in of_vi)
            assert max(line.letter for line in other) >= 0.5 * min(line.letter for line in of_vi)


def test_minority_languages_are_equals_and_come_before_foreign_ones() -> None:
    made = planned(bulletin("lo", "jra", "vi"), Size(1920, 1080))
    (page, *_) = made.pages
    letters = {line.language: line.letter for line in page.lines if line.language and not line.bold}
    assert letters["jra"] == letters["vi"]
    assert letters["lo"] == pytest.approx(LESSER * letters["vi"])
    order = list(dict.fromkeys(line.language for line in page.lines if line.language))
    assert order == ["vi", "jra", "lo"]


def test_without_vietnamese_nobody_is_the_lesser() -> None:
    matter = matter_of(bulletin("lo", "en"), Insets())
    assert [passage.lesser for passage in matter.passages] == [False, False]
    assert [is_foreign(tag) for tag in ("vi", "jra-Khmr", "brb", "km", "en", "fr")] == [False] * 3 + [True] * 3


@pytest.mark.parametrize("canvas", CANVASES, ids=str)
def test_letters_are_as_large_as_the_distance_asks(canvas: Size) -> None:
    """Paged rather than small; one page where it is enough."""
    short = planned(bulletin("vi"), canvas)
    long = planned(bulletin("vi", "lo", times=8), canvas)
    assert len(short.pages) <= len(long.pages)
    assert long.letter >= long.floor
    sizes = sizes_for(canvas, MEASURES, Manner())
    assert sizes.floor <= long.letter <= sizes.full
    assert len(long.pages) > 1


def test_pages_end_where_sentences_do() -> None:
    """On a page of its own each language begins with a sentence."""
    made = planned(bulletin("vi", "en", times=4), Size(1920, 1080))
    assert len(made.pages) > 1
    for page in made.pages:
        first = next(line.text for line in page.lines if line.ink is Ink.TEXT)
        assert first.startswith(("Chào", "Một"))
        last = [line.text for line in page.lines if line.ink is Ink.TEXT][-1]
        assert last.endswith(".")


def test_titles_are_repeated_and_pages_are_numbered() -> None:
    made = planned(bulletin("vi", "lo", times=6), Size(1920, 1080))
    for number, page in enumerate(made.pages, 1):
        assert (page.number, page.of) == (number, len(made.pages))
        assert page.dots is not None
        assert any(line.ink is Ink.TITLE for line in page.lines)
        assert any(line.ink is Ink.SECOND_TITLE for line in page.lines)


def test_a_title_as_long_as_a_text_still_fits() -> None:
    """It flows over the pages instead of being repeated on them."""
    content = Bulletin((BulletinText("vi", VI * 3, VI * 3), BulletinText("km", KM.replace("\n", " ") * 6, KM)))
    for canvas in (Size(1024, 384), Size(384, 1024)):
        made = planned(content, canvas)
        assert squeezed(joined(made, "vi", Ink.TITLE)).startswith(squeezed(VI * 3))
        whole = Area(0, 0, canvas.width, canvas.height)
        assert all(whole.holds(line.area) for page in made.pages for line in page.lines)


def test_a_picture_alone_fills_the_canvas_and_keeps_its_shape() -> None:
    content = Bulletin((TEXTS["vi"],), rendition=Rendition.IMAGE, picture="a.png")
    (page,) = planned(content, Size(1920, 1080), Insets(picture=2.0)).pages
    assert page.picture == Area(0, 60, 1920, 960)
    assert page.lines == ()
    urgent = Bulletin((TEXTS["vi"],), rendition=Rendition.IMAGE, picture="a.png", urgency=URGENCY)
    (page,) = planned(urgent, Size(1920, 1080), Insets(picture=2.0)).pages
    assert page.picture is not None
    assert page.band is not None
    assert page.panel is not None
    assert not page.picture.meets(page.band)
    assert not page.picture.meets(page.panel)


@pytest.mark.parametrize("canvas", CANVASES, ids=str)
def test_picture_code_and_level_keep_out_of_each_others_way(canvas: Size) -> None:
    content = Bulletin((TEXTS["vi"],), rendition=Rendition.SOUND, picture="a", link="b", issuer="Đồn", issued=HOUR)
    (page, *_) = planned(content, canvas, Insets(1.5, 0.8, 29)).pages
    places = [place for place in (page.picture, page.code, page.logo, page.level) if place is not None]
    assert len(places) == 4
    whole = Area(0, 0, canvas.width, canvas.height)
    assert all(whole.holds(place) for place in places)
    assert not any(one.meets(other) for one, other in pairwise(sorted(places, key=lambda place: place.y)))
    assert page.code is not None
    assert page.code.width % 37 == 0


def test_a_bulletin_of_nothing_is_an_empty_page() -> None:
    assert plan(Matter(()), Size(640, 360), MEASURES, Manner()).pages == (Page(1, 1),)
    assert frame(Matter(()), Size(640, 360), MEASURES, Manner(), dots=False).text.width > 500


def test_a_centred_look_is_centred() -> None:
    made = planned(bulletin("vi", "lo"), Size(1920, 1080), manner=Manner(centred=True, framed=True))
    for line in made.pages[0].lines:
        assert line.x + line.width / 2 == pytest.approx(960, abs=1)
    assert made.pages[0].bar is None


WORDS = st.lists(st.text("abcdefgh", min_size=1, max_size=12), min_size=1, max_size=40)


def measured(text: str) -> float:
    return float(len(text.replace("\u200b", "")))


@settings(deadline=None)
@given(WORDS, st.integers(3, 40))
def test_lines_hold_all_words_within_the_width(words: list[str], width: int) -> None:
    text = " ".join(words)
    copy = Copy.of(text, measured)
    for lines in (copy.lines(width), copy.balanced(width)):
        assert squeezed("".join(lines)) == squeezed(text)
        assert all(len(line) <= width for line in lines)


@settings(deadline=None)
@given(WORDS, st.integers(12, 40))
def test_no_lonely_word_where_as_many_lines_do_without(words: list[str], width: int) -> None:
    """Never worse than plain filling, and never a line more."""
    copy = Copy.of(" ".join(words), measured)
    lines = copy.lines(width)
    assert len(lines) == len(copy.balanced(width)) or any(len(word) > width for word in words)
    assert is_lonely(("a b", "c"))
    assert not is_lonely(("a",))


def test_a_lonely_word_gets_company() -> None:
    assert Copy.of("một hai ba bốn năm", measured).lines(14.0) == ("một hai ba", "bốn năm")
    assert Copy.of("mộthaibabốnnăm sáu", measured).lines(14.0) == ("mộthaibabốnnăm", "sáu")


def test_a_word_wider_than_the_line_is_cut_between_letters() -> None:
    lines = Copy.of("ê\u0306" * 9, measured).lines(4.0)
    assert [len(grapheme_clusters(line)) for line in lines] == [2, 2, 2, 2, 1]


@settings(max_examples=50, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=4), st.integers(1, 6))
def test_parts_hold_every_sentence_at_least_once(paragraphs: list[list[str]], parts: int) -> None:
    copies = [Copy.of(". ".join(words) + ".", measured) for words in paragraphs]
    shares = parted(copies, parts)
    assert len(shares) == parts
    assert all(shares)
    found = [word.text for share in shares for copy in share for word in copy.words]
    wanted = [word.text for copy in copies for word in copy.words]
    assert set(wanted) == set(found)


def test_dates_are_written_as_offices_write_them() -> None:
    assert date_text(datetime(2026, 1, 5, tzinfo=HOUR.tzinfo)) == "Ngày 05 tháng 01 năm 2026"
    assert date_text(HOUR) == "Ngày 24 tháng 11 năm 2026"
    assert hour_text(HOUR) == "08 giờ 15"
    assert moment_text(local(HOUR, "UTC")) == "01 giờ 15, ngày 24/11/2026"
    plain = HOUR.replace(tzinfo=None)
    assert local(plain, "UTC") == plain


def test_an_urgent_bulletin_over_midnight_names_both_days() -> None:
    late = Urgency("Đồn", "Bờ Y", HOUR, HOUR + timedelta(days=1))
    alarm = matter_of(Bulletin((TEXTS["vi"],), urgency=late), Insets()).alarm
    assert alarm is not None
    assert alarm.facts[1:] == (
        "Phát lúc 08 giờ 15, ngày 24/11/2026",
        "Hết hiệu lực lúc 08 giờ 15, ngày 25/11/2026",
    )
