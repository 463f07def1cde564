"""Inside a cell (``python -m sync.hub.pdf_drawer``): draws the pages of a PDF as pictures.

Answers with one JSON line for each page, followed by the picture's bytes; or with one line that tells the flaw.
"""

import codecs
import json
import sys
from io import BytesIO
from typing import BinaryIO, Final

import pypdfium2  # type: ignore[import-untyped]
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pypdfium2 import raw

from sync.hub.cell import answer, lock_up, the_file

# Pillow would load its formats when the first picture is written, Python the encoding when the first text is read: too
# late in a cell.
Image.preinit()
codecs.lookup("utf-16-le")
MOST_BYTES: Final = 200_000_000
MOST_PAGES: Final = 40
MOST_LETTERS: Final = 20_000
_LEAST_SIDE: Final = 64
"""Pixels; a page that comes out smaller is a ribbon nobody can read."""
_PNG_BYTES: Final = 1_500_000
"""Letters stay sharp in PNG; a photograph of this size is a JPEG."""
_JPEG_QUALITY: Final = 92


class FlawError(Exception):
    """What is wrong with the PDF: ``flaw``, a key of ``sync.hub.pdf_pages.SENTENCES``."""

    def __init__(self, *, flaw: str) -> None:
        super().__init__(flaw)
        self.flaw = flaw


def draw(file: BinaryIO, width: int, height: int) -> None:
    """Draw every page as large as fits into a canvas of ``width`` by ``height`` pixels. Raises ``FlawError``."""
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise FlawError(flaw="pdf-large")
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        locked = getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD or "assword" in str(error)
        raise FlawError(flaw="pdf-locked" if locked else "pdf-damaged") from error
    count = len(document)
    if not 0 < count <= MOST_PAGES:
        raise FlawError(flaw="pdf-pages" if count else "pdf-damaged")
    for number in range(count):
        try:
            page = document[number]
            picture, text = _picture(page, width, height), _text(page)
        except pypdfium2.PdfiumError as error:
            raise FlawError(flaw="pdf-damaged") from error
        _tell(picture, text, count)
        page.close()


def _picture(page: pypdfium2.PdfPage, width: int, height: int) -> Image.Image:
    across, down = page.get_size()
    if not (across > 0 and down > 0):
        raise FlawError(flaw="pdf-shape")
    scale = min(width / across, height / down)
    if min(across * scale, down * scale) < _LEAST_SIDE:
        raise FlawError(flaw="pdf-shape")
    drawn: Image.Image = page.render(scale=scale).to_pil().convert("RGB")
    # Rounded up by the renderer, a page may be a pixel over.
    return drawn.crop((0, 0, min(width, drawn.width), min(height, drawn.height)))


def _text(page: pypdfium2.PdfPage) -> str:
    """The words of a page, for the time it takes to read them; a scan has none."""
    words = page.get_textpage()
    try:
        return str(words.get_text_range(count=min(MOST_LETTERS, words.count_chars())))
    finally:
        words.close()


def _tell(picture: Image.Image, text: str, count: int) -> None:
    suffix, content = _written(picture)
    head = {
        "pages": count,
        "width": picture.width,
        "height": picture.height,
        "suffix": suffix,
        "bytes": len(content),
        "text": text,
    }
    answer(json.dumps(head).encode() + b"\n" + content)


def _written(picture: Image.Image) -> tuple[str, bytes]:
    """PNG in sRGB, or JPEG where that is much smaller; the same bytes for the same page."""
    chunks = PngInfo()
    chunks.add(b"sRGB", b"\x00")
    png = BytesIO()
    picture.save(png, "PNG", pnginfo=chunks)
    if png.tell() <= _PNG_BYTES:
        return ".png", png.getvalue()
    jpeg = BytesIO()
    picture.save(jpeg, "JPEG", quality=_JPEG_QUALITY, subsampling=0)
    return (".jpg", jpeg.getvalue()) if jpeg.tell() < png.tell() else (".png", png.getvalue())


def main() -> None:
    """Answer for the PDF on standard input; the second and third argument are the canvas in pixels."""
    lock_up()
    try:
        draw(the_file(), int(sys.argv[2]), int(sys.argv[3]))
    except FlawError as error:
        answer(json.dumps({"flaw": error.flaw}).encode() + b"\n")


if __name__ == "__main__":
    main()
