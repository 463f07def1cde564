"""PDFs, real and hostile, drawn in a cell."""

import time
import zlib
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from playlists.playlist import PictureSize
from sync.hub.pdf_pages import SENTENCES, PdfError, draw_pages

CANVAS = PictureSize(640, 360)
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
NO_KEY = b"<< /Filter /Standard /V 1 /R 2 /P -4 /O <" + b"41" * 32 + b"> /U <" + b"42" * 32 + b"> >>"


def pdf(
    pages: Sequence[bytes], box: bytes = b"0 0 842 595", trailer: bytes = b"", extra: Sequence[bytes] = ()
) -> bytes:
    """A PDF written by hand: a page for each content stream; ``extra`` objects follow, the first is number 4 + 2n."""
    kids = b" ".join(b"%d 0 R" % (4 + 2 * number) for number in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d /MediaBox [%s] >>" % (kids, len(pages), box),
        FONT,
    ]
    for number, content in enumerate(pages):
        resources = b"<< /Font << /F1 3 0 R >> >>"
        objects.append(b"<< /Type /Page /Parent 2 0 R /Resources %s /Contents %d 0 R >>" % (resources, 5 + 2 * number))
        objects.append(b"<< /Length %d >> stream\n%s\nendstream" % (len(content), content))
    objects += extra
    file = BytesIO()
    file.write(b"%PDF-1.7\n")
    places = []
    for number, held in enumerate(objects, 1):
        places.append(file.tell())
        file.write(b"%d 0 obj\n%s\nendobj\n" % (number, held))
    start = file.tell()
    file.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    file.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    file.write(b"trailer << /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, start))
    return file.getvalue()


def words(text: bytes) -> bytes:
    return b"BT /F1 40 Tf 60 400 Td (%s) Tj ET" % text


def drawn_code(path: Path, content: bytes, canvas: PictureSize = CANVAS) -> str:
    path.write_bytes(content)
    with pytest.raises(PdfError) as refused:
        draw_pages(path, canvas)
    assert (refused.value.vi, refused.value.en) == SENTENCES[refused.value.code]
    return refused.value.code


def test_pages_are_drawn_as_large_as_the_canvas_allows(tmp_path: Path) -> None:
    path = tmp_path / "Tờ gấp số 1.pdf"
    path.write_bytes(pdf([words(b"Passport"), b"1 0 0 rg 0 0 842 595 re f"]))
    first, second = draw_pages(path, CANVAS)
    assert first.size == second.size == PictureSize(510, 360)
    assert first.text.strip() == "Passport"
    assert second.text == ""
    assert first.suffix == second.suffix == ".png"
    assert b"sRGB" in first.content[:100]
    with Image.open(BytesIO(second.content)) as picture:
        assert picture.size == (510, 360)
        assert picture.convert("RGB").getpixel((250, 180)) == (255, 0, 0)
    assert draw_pages(path, CANVAS) == (first, second)
    assert draw_pages(path, PictureSize(1080, 1920))[0].size == PictureSize(1080, 764)


def test_a_scan_becomes_a_jpeg_where_that_is_smaller(tmp_path: Path) -> None:
    noise = Image.effect_noise((1240, 1754), 80).convert("RGB")
    path = tmp_path / "scan.pdf"
    noise.save(path)
    (page,) = draw_pages(path, PictureSize(1920, 1080))
    assert page.suffix == ".jpg"
    assert page.content.startswith(b"\xff\xd8")
    assert page.text == ""


def test_pdfs_that_cannot_be_drawn(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    assert drawn_code(path, b"") == "pdf-damaged"
    assert drawn_code(path, b"no PDF at all") == "pdf-damaged"
    assert drawn_code(path, pdf([])) == "pdf-damaged"
    assert (
        drawn_code(path, pdf([words(b"x")], trailer=b"/Encrypt 6 0 R /ID [<00><00>]", extra=[NO_KEY])) == "pdf-locked"
    )
    assert drawn_code(path, pdf([b""] * 41)) == "pdf-pages"
    assert drawn_code(path, pdf([b""], box=b"0 0 10 14400")) == "pdf-shape"
    with pytest.raises(PdfError):
        draw_pages(tmp_path / "missing.pdf", CANVAS)
    with pytest.raises(PdfError):
        draw_pages(path, PictureSize(60_000, 60_000))


def test_a_bomb_ends_in_its_cell(tmp_path: Path) -> None:
    """A picture of 20 gigabytes in a kilobyte, and a page that says it has none."""
    image = zlib.compress(bytes(1_000_000))
    bomb = (
        b"<< /Type /XObject /Subtype /Image /Width 100000 /Height 100000 /ColorSpace /DeviceRGB /BitsPerComponent 16"
        b" /Filter /FlateDecode /Length %d >> stream\n%s\nendstream" % (len(image), image)
    )
    content = pdf([b"q 842 0 0 595 0 0 cm /I Do Q"], extra=[bomb]).replace(
        b"/Font << /F1 3 0 R >>", b"/XObject << /I 6 0 R >>", 1
    )
    path = tmp_path / "bomb.pdf"
    path.write_bytes(content)
    began = time.monotonic()
    try:
        assert len(draw_pages(path, CANVAS)) == 1  # drawn without its picture
    except PdfError as refused:
        assert refused.code in {"pdf-damaged", "pdf-slow"}  # noqa: PT017 - either is right
    assert time.monotonic() - began < 60


@pytest.mark.parametrize("cut", range(0, 600, 120))
def test_a_torn_pdf_never_gets_out(cut: int, tmp_path: Path) -> None:
    content = pdf([words(b"Passport")])
    path = tmp_path / "torn.pdf"
    path.write_bytes(content[:cut] + b"\xff\x00(((" + content[cut + 5 :])
    try:
        pages = draw_pages(path, CANVAS)
    except PdfError as refused:
        assert refused.code in SENTENCES  # noqa: PT017 - a repaired one is as right
    else:
        assert all(page.size.width <= 640 and page.size.height <= 360 for page in pages)
