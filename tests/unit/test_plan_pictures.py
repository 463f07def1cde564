"""Corners of the preview that the committed ones do not have."""

from playlists.loop import plan_day
from playlists.plan_figures import clock_text, shares_of, spoken_in
from playlists.plan_svg import svg_text
from playlists.plan_table import table_text
from playlists.playlist import Item, ItemKind
from playlists.rota import Concession, Rota, Rule
from playlists.timing import DurationMs
from tests.support.loops import DAY, hour, item, playlist, screen, slot

SILENT = Item("s", "s.png", ItemKind.IMAGE, "Ảnh phong cảnh rất đẹp ở Kon Tum", duration=DurationMs(900_000))
MADE = playlist(slot(item("a", seconds=10)), slot(SILENT))


def test_what_speaks_no_language_is_named_so() -> None:
    rotas = plan_day(MADE, screen(), DAY)[7:8]
    picture = svg_text(MADE, screen(), rotas)
    assert "không lời, không chữ" in picture
    assert "ngoài giờ mở cửa" not in picture
    assert "Ảnh phong cảnh rất đẹp ở Kon Tum</text>" in picture


def test_many_concessions_are_cut_and_counted() -> None:
    many = tuple(Concession(Rule.SPACING, f"s{number}", Rule.FILLED, 60_000, 30_000) for number in range(20))
    picture = svg_text(MADE, screen(), (Rota(hour("07:00"), (), (), many),))
    assert picture.count("lặp lại sau 30 giây") == 12
    assert "… và 8 lưu ý nữa" in picture
    assert "(lúc 07:00)" in picture
    # An hour in which a rule gave way that matters is marked.
    assert ">!</text>" in picture


def test_only_notes_are_no_mark() -> None:
    note = Concession(Rule.WEIGHT, "a", Rule.SPACING, 9, 3)
    two = (Rota(hour("07:00"), (), (), (note,)), Rota(hour("08:00"), (), (), (note,)))
    picture = svg_text(MADE, screen(), two)
    assert ">!</text>" not in picture
    assert "· “A” được phát 3 lần trong giờ thay vì 9 lần theo trọng số" in picture
    assert "(2 giờ, từ 07:00)" in picture
    assert "Lưu ý: “A” được phát" in table_text(MADE, screen(), two)


def test_figures_of_an_hour() -> None:
    rota = plan_day(MADE, screen(), DAY)[0]
    assert clock_text(rota, 3_600_000) == "01:00:00"
    assert spoken_in(("vi", "jra-Latn")) == "Việt, Gia Rai (chữ La-tinh)"
    assert shares_of(screen(), Rota(hour("07:00"), ())) == ()
    shares = shares_of(screen(lo=30.0), rota)
    assert [share[::2] for share in shares] == [("lo", 30.0), ("vi", None)]
    assert shares[0][1] == 0
