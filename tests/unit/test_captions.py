"""Reading SubRip, WebVTT and ASS, whole, damaged and made of nothing."""

import codecs
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playlists.captions import (
    MAX_BYTES,
    MAX_CAPTIONS,
    MAX_FINDINGS,
    MAX_TEXT,
    MAX_TOGETHER,
    Caption,
    CaptionFinding,
    CaptionTrack,
    Position,
    parse_captions,
)
from playlists.errors import ContentError
from playlists.timing import DurationMs

GOLDEN = Path(__file__).parents[1] / "golden" / "captions"
TOP, BOTTOM = Position.TOP, Position.BOTTOM


def caption(start: int, end: int, text: str, position: Position = BOTTOM) -> Caption:
    return Caption(DurationMs(start), DurationMs(end), text, position)


def parse(text: str, encoding: str = "utf-8") -> CaptionTrack:
    return parse_captions(text.encode(encoding), "phim.vi.srt", "vi")


def findings(track: CaptionTrack) -> list[tuple[int, str]]:
    return [(finding.line, finding.message.split(" / ")[1]) for finding in track.findings]


def srt(text: str, times: str = "00:00:01,000 --> 00:00:02,500") -> str:
    return f"1\n{times}\n{text}\n"


def vtt(text: str, settings: str = "", times: str = "00:01.000 --> 00:02.500") -> str:
    return f"WEBVTT\n\n{times}{settings}\n{text}\n"


def ass(text: str, *, style: str = "Default", alignment: str = "2") -> str:
    return (
        "[Script Info]\nScriptType: v4.00+\n\n[V4+ Styles]\n"
        "Format: Name, Fontname, Fontsize, Alignment, Encoding\n"
        f"Style: {style},Noto Sans,20,{alignment},1\n\n[Events]\n"
        "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
        f"Dialogue: 0,0:00:01.00,0:00:02.50,{style},,0,0,0,,{text}\n"
    )


@pytest.mark.parametrize("name", ["three.srt", "three.vtt", "three.ass"])
def test_one_text_in_three_formats(name: str) -> None:
    """The same three captions come out of each, with nothing found wrong."""
    track = parse_captions((GOLDEN / name).read_bytes(), name, "vi")
    assert track.captions == (
        caption(0, 2500, "Chào mừng quý khách đến Cửa khẩu quốc tế Bờ Y"),
        caption(2500, 5040, "Xin chuẩn bị giấy tờ\nvà xếp hàng", TOP),
        caption(3_723_004, 3_725_000, "Cảm ơn & hẹn gặp lại"),
    )
    assert (track.findings, track.language, track.source) == ((), "vi", name)


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(encoding: str, end: str) -> None:
    text = srt("Bờ Y\nຍິນດີ").replace("\n", end)
    assert parse(text, encoding).captions == (caption(1000, 2500, "Bờ Y\nຍິນດີ"),)


def test_a_byte_order_mark_of_utf16_be() -> None:
    data = codecs.BOM_UTF16_BE + srt("Bờ Y").encode("utf-16-be")
    assert parse_captions(data, "a.srt", "vi").captions == (caption(1000, 2500, "Bờ Y"),)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("<i>nghiêng</i> <b>đậm</b>", "nghiêng đậm"),
        ('<font color="#fff">màu</font>', "màu"),
        ("{b}đậm{/b} {\\pos(1,2)}chỗ", "đậm chỗ"),
        ("a <3 b > c", "a <3 b > c"),
        ("e\u0302\u0301", "ế"),
        ("\ufeffmột\t hai\x07 ", "một  hai"),
        ("&amp; giữ nguyên", "&amp; giữ nguyên"),
        ("mũi tên --> giữa chữ", "mũi tên --> giữa chữ"),
        ("12\n34", "12\n34"),
        ("ຍິນ\u200bດີ", "ຍິນ\u200bດີ"),
    ],
)
def test_srt_text(raw: str, text: str) -> None:
    assert parse(srt(raw)).captions == (caption(1000, 2500, text),)


@pytest.mark.parametrize(
    ("times", "start", "end"),
    [
        ("00:00:01.5-->00:00:02", 1500, 2000),
        ("1:02:03,045 --> 100:00:00,0  X1:10 X2:20", 3_723_045, 360_000_000),
        (" 00:01,000 --> 00:02,000", 1000, 2000),
    ],
)
def test_srt_times_as_people_write_them(times: str, start: int, end: int) -> None:
    assert parse(srt("x", times)).captions == (caption(start, end, "x"),)


@pytest.mark.parametrize(("mark", "position"), [(f"{{\\an{n}}}", TOP if n > 6 else BOTTOM) for n in range(1, 10)])
def test_srt_alignment(mark: str, position: Position) -> None:
    assert parse(srt(f"{mark}x")).captions == (caption(1000, 2500, "x", position),)


def test_a_forgotten_blank_line_loses_nothing() -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\nmột\n2\n00:00:03,000 --> 00:00:04,000\nhai\n00:05.0 --> 00:06.0\nba"
    assert [(c.start, c.text) for c in parse(text).captions] == [(1000, "một"), (3000, "hai"), (5000, "ba")]


def test_overlapping_captions_stand_together() -> None:
    track = parse(srt("một", "00:00:01,000 --> 00:00:05,000") + "\n" + srt("hai", "00:00:02,000 --> 00:00:03,000"))
    assert [[c.text for c in track.at(ms)] for ms in (999, 1000, 2000, 2999, 3000, 5000)] == [
        [], ["một"], ["một", "hai"], ["một", "hai"], ["một"], [],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("bad", "line", "message"),
    [
        ("2\n00:00:0x,000 --> 00:00:05,000\nhỏng\n", 6, "bad caption times"),
        ("2\n00:00:05,000 --> 00:00:05,000\nhỏng\n", 6, "bad caption times"),
        ("2\n00:61:00,000 --> 00:62:05,000\nhỏng\n", 6, "bad caption times"),
        ("2\n00:00:01,000 --> 00:00:75,000\nhỏng\n", 6, "bad caption times"),
        ("2\n00:00:01,000 -->\nhỏng\n", 6, "bad caption times"),
        ("chữ rơi\nrớt\n", 5, "text outside any caption"),
        ("2\n00:00:03,000 --> 00:00:05,000\nx\ufffdy\n", 6, "broken characters, save the file as UTF-8"),
        ("2\n00:00:03,000 --> 00:00:05,000\n" + "x" * (MAX_TEXT + 1), 6, "caption too long"),
    ],
)
def test_a_bad_caption_costs_itself_only(bad: str, line: int, message: str) -> None:
    track = parse(f"{srt('một')}\n{bad}\n{srt('hai', '00:00:08,000 --> 00:00:09,000')}")
    assert [c.text for c in track.captions] == ["một", "hai"]
    assert findings(track) == [(line, message)]


def test_a_byte_that_is_no_utf8_costs_its_caption_only() -> None:
    data = (srt("một") + "\n" + srt("hai")).encode() + b"\n3\n00:00:03,000 --> 00:00:04,000\nC\xfaa\n"
    track = parse_captions(data, "a.srt", "vi")
    assert [c.text for c in track.captions] == ["một", "hai"]
    assert findings(track) == [(10, "broken characters, save the file as UTF-8")]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "p.srt:1: không phải phụ đề SRT, VTT hay ASS / no SRT, VTT or ASS captions"),
        (b"xin chao", "p.srt:1: không phải phụ đề SRT, VTT hay ASS / no SRT, VTT or ASS captions"),
        (b"WEBVTT\n", "p.srt:1: không có phụ đề nào / no caption in it"),
        (b"1\n00:01 --> 00:02\n\n", "p.srt:1: không có phụ đề nào / no caption in it"),
        (b"\n\n1\nx --> y\nz", "p.srt:4: giờ của phụ đề sai / bad caption times"),
        (b"x" * (MAX_BYTES + 1), "p.srt:1: tệp phụ đề quá lớn / caption file too large"),
        (
            b"1\n00:01 --> 00:02\nC\xfaa kh\xc8u",
            "p.srt:2: có ký tự hỏng, hãy lưu tệp dạng UTF-8 / broken characters, save the file as UTF-8",
        ),
    ],
)
def test_a_file_nothing_can_be_read_of_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(ContentError) as refusal:
        parse_captions(data, "p.srt", "vi")
    assert str(refusal.value) == message


def test_too_many_captions_are_refused() -> None:
    text = "".join(f"{k // 60:02}:{k % 60:02}.0 --> {k // 60:02}:{k % 60:02}.9\nx\n" for k in range(3000)) * 7
    assert len(text) < MAX_BYTES
    with pytest.raises(ContentError, match=f"p.srt:{2 * MAX_CAPTIONS + 1}: .*too many captions"):
        parse_captions(text.encode(), "p.srt", "vi")


def test_findings_are_bounded() -> None:
    track = parse(srt("một") + "\nrơi\n" * 1000)
    assert len(track.findings) == MAX_FINDINGS
    assert track.findings[-1] == CaptionFinding(203, "còn 901 lỗi nữa / 901 more findings")


def test_a_crowd_is_thinned_out() -> None:
    """Karaoke layers: the same text counts once, and a few may stand together."""
    texts = ["a", "a", *"bcdefgh"]
    track = parse("\n".join(srt(text) for text in texts) + "\n" + srt("z", "00:00:02,500 --> 00:00:03,000"))
    assert [c.text for c in track.captions] == [*"abcdef", "z"]
    assert len(track.at(1000)) == MAX_TOGETHER
    assert findings(track) == [(4 * k + 2, "too many captions at the same time") for k in (7, 8)]


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("<v Lan>Chào <c.do>bạn</c> <00:00:01.500>nhé", "Chào bạn nhé"),
        ("1 &lt; 2 &amp;amp; &nbsp;x&#x1EA1;&#7841;", "1 < 2 &amp; \u00a0xạạ"),
        ("&#" + "9" * 900 + ";", "&#" + "9" * 900 + ";"),
        ("- một\n- hai", "- một\n- hai"),
        ("a < b", "a < b"),
    ],
)
def test_vtt_text(raw: str, text: str) -> None:
    assert parse(vtt(raw)).captions == (caption(1000, 2500, text),)


@pytest.mark.parametrize(
    ("settings", "position"),
    [
        ("", BOTTOM),
        (" line:0", TOP),
        (" align:start line:7,start position:10%", TOP),
        (" line:8", BOTTOM),
        (" line:-1", BOTTOM),
        (" line:10%", TOP),
        (" line:49.9%", TOP),
        (" line:90%", BOTTOM),
        (" underline:0", BOTTOM),
        (" line:5x", BOTTOM),
    ],
)
def test_vtt_line(settings: str, position: Position) -> None:
    assert parse(vtt("x", settings)).captions == (caption(1000, 2500, "x", position),)


def test_vtt_notes_and_styles_are_passed_over() -> None:
    text = (
        "\ufeff\nWEBVTT - Bờ Y\nKind: captions\n\nNOTE\nghi chú\n\nSTYLE\n::cue { color: red }\n\nREGION\nid:r\n\n"
        "mở đầu\n01:00:00.000 --> 01:00:01.000\nmột\n\nrơi\n"
    )
    track = parse(text)
    assert track.captions == (caption(3_600_000, 3_601_000, "một"),)
    assert findings(track) == [(18, "text outside any caption")]


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("một\\Nhai\\nba\\hbốn, năm", "một\nhai ba\u00a0bốn, năm"),
        ("{\\i1}nghiêng{\\i0}{ghi chú}", "nghiêng"),
        ("{\\p1}m 0 0 l 9 9{\\p0}chữ{\\pos(1,2)}", "chữ"),
        ("chữ{\\p2}m 0 0", "chữ"),
        ("{\\p1\\p0}chữ", "chữ"),
    ],
)
def test_ass_text(raw: str, text: str) -> None:
    assert parse(ass(raw)).captions == (caption(1000, 2500, text),)


@pytest.mark.parametrize(
    ("style", "mark", "position"),
    [
        ("2", "", BOTTOM),
        ("8", "", TOP),
        ("7", "{\\an2}", BOTTOM),
        ("2", "{\\an9\\b1}", TOP),
        ("2", "{\\b1}{\\a6}", TOP),
        ("2", "{\\a10}", BOTTOM),
        ("5", "", BOTTOM),
    ],
)
def test_ass_alignment(style: str, mark: str, position: Position) -> None:
    assert parse(ass(f"{mark}x", style="Trên", alignment=style)).captions == (caption(1000, 2500, "x", position),)


def test_elder_ssa_numbers_its_alignments_otherwise() -> None:
    text = ass("x", alignment="6").replace("[V4+ Styles]", "[v4 Styles]").replace("Default,,", "*default,,")
    assert parse(text).captions == (caption(1000, 2500, "x", TOP),)


def test_ass_columns_may_be_missing_or_in_another_order() -> None:
    text = "[Events]\nFormat: End, Start, Text\nDialogue: 0:00:02.5,0:00:01.0,một, hai\n"
    assert parse(text).captions == (caption(1000, 2500, "một, hai"),)
    plain = "[Events]\nComment: 0,x\nDialogue: 0,0:00:01.00,0:00:02.50,Default,,0,0,0,,một\nvô nghĩa\n"
    assert parse(plain).captions == (caption(1000, 2500, "một"),)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("Dialogue: 0,0:00:01.00", "Dialogue line with columns missing"),
        ("Dialogue: 0,giờ,0:00:02.50,D,,0,0,0,,x", "bad caption times"),
        ("Dialogue: 0,0:00:02.50,0:00:02.50,D,,0,0,0,,x", "bad caption times"),
        ("Dialogue: 0,0:00:01.00,0:00:99.00,D,,0,0,0,,x", "bad caption times"),
    ],
)
def test_a_bad_ass_line_costs_itself_only(line: str, message: str) -> None:
    track = parse(ass("một") + line + "\n")
    assert [c.text for c in track.captions] == ["một"]
    assert findings(track) == [(11, message)]


def test_the_content_tells_the_format() -> None:
    """Words of another format inside a text do not deceive, nor does the name."""
    assert parse(vtt("[Events] Dialogue: x")).captions[0].text == "[Events] Dialogue: x"
    assert parse(srt("WEBVTT\n[Events]")).captions[0].text == "WEBVTT\n[Events]"
    assert parse("; ghi chú\n" + ass("00:01 --> 00:02")).captions[0].text == "00:01 --> 00:02"


PIECES = st.sampled_from(
    [
        "WEBVTT", "NOTE", "[Events]", "[V4+ Styles]", "Format:", "Style:", "Dialogue:", " --> ", "-->", "\n", "\n\n",
        "\r\n", "00:00:01,000", "00:02.5", "1", "99999999999999999999", "{\\an8}", "{\\p1}", "{", "}", "<i>", "<", ">",
        "&#", "&amp;", ";", "line:", "50%", ",", ":", "Text", "Start", "End", "x", "ế", "ກ", "\ufeff", "\x00", "\ud7ff",
    ]
)  # fmt: skip


@given(st.one_of(st.binary(max_size=400), st.lists(PIECES, max_size=60).map(lambda parts: "".join(parts).encode())))
def test_any_bytes_give_a_track_or_a_content_error(data: bytes) -> None:
    """Whatever comes out can be shown: sorted, in order, within the bounds, without markup of ours left."""
    try:
        track = parse_captions(data, "p.srt", "vi")
    except ContentError as refusal:
        message = str(refusal)
    else:
        message = "p.srt:"
        check_track(track)
    assert re.fullmatch(r"p\.srt:.*", message)


def check_track(track: CaptionTrack) -> None:
    assert track.captions
    assert list(track.captions) == sorted(track.captions, key=lambda c: c.start)
    for c in track.captions:
        assert 0 <= c.start < c.end
        assert c.text.strip()
        assert c in track.at(c.start)
        assert c not in track.at(c.end)
        assert len(track.at(c.start)) <= MAX_TOGETHER


@pytest.mark.parametrize(
    "data",
    [
        b"{" * MAX_BYTES,
        b"1\n00:01 --> 00:02\n" + b"<i" * (MAX_BYTES // 3),
        b"1\n00:01 --> 00:02\n" + b"{\\" * (MAX_BYTES // 3),
        b"WEBVTT\n\n00:01.0 --> 00:02.0 " + b" line:1," * (MAX_BYTES // 9),
        b"[Events]\nDialogue: 0,0:00:01.00,0:00:02.50,D,,0,0,0,," + b"{\\p1" * (MAX_BYTES // 5),
        b"0" * (MAX_BYTES - 10) + b" --> ",
        b" " * (MAX_BYTES - 10) + b"-->",
        b"00:00-->" * (MAX_BYTES // 8),
        b"1\n" * (MAX_BYTES // 2 - 9) + b"-->",
        b"&" * (MAX_BYTES // 2) + b"-->",
    ],
    ids=range(10),
)
def test_no_file_within_bounds_takes_long(data: bytes) -> None:
    """Patterns that go back over what they read would take hours here; a second is plenty on any machine."""
    from time import process_time  # noqa: PLC0415 - for this test alone

    began = process_time()
    with pytest.raises(ContentError):
        parse_captions(data, "p.srt", "vi")
    assert process_time() - began < 5
