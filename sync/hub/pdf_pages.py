"""The pages of a PDF as pictures, drawn in a cell as large as a screen's canvas."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from playlists.errors import ContentError
from playlists.playlist import PictureSize
from sync.hub.cell import Bounds, CellError, ask

MOST_CANVAS_PIXELS: Final = 8192 * 4096
_BOUNDS: Final = Bounds(seconds=180, answer_bytes=256 << 20)
_SUFFIXES: Final = frozenset({".png", ".jpg"})

SENTENCES: Final[Mapping[str, tuple[str, str]]] = {
    "pdf-locked": (
        "Tệp PDF có mật khẩu; hãy lưu lại bản không đặt mật khẩu.",
        "The PDF wants a password; save it without one.",
    ),
    "pdf-damaged": (
        "Tệp PDF hỏng hoặc không phải PDF, không vẽ được trang nào; hãy xuất lại từ chương trình soạn thảo.",
        "The PDF is damaged or none, and cannot be drawn; export it again.",
    ),
    "pdf-pages": (
        "Tệp PDF có quá nhiều trang (nhiều nhất 40); hãy tách thành nhiều tệp.",
        "The PDF has too many pages (40 at most); split it.",
    ),
    "pdf-large": (
        "Tệp PDF lớn hơn 200 MB; hãy xuất lại với ảnh nhỏ hơn.",
        "The PDF has more than 200 MB; export it with smaller pictures.",
    ),
    "pdf-shape": (
        "Tệp PDF có trang quá hẹp hoặc không có kích thước, vẽ ra không đọc được.",
        "A page of the PDF is too narrow, or has no size.",
    ),
    "pdf-slow": (
        "Vẽ tệp PDF mất quá lâu hoặc tốn quá nhiều bộ nhớ; hãy xuất lại đơn giản hơn, hoặc xuất các trang thành ảnh.",
        "Drawing the PDF takes too long or too much memory; export it simpler, or its pages as PNG.",
    ),
    "pdf-unreadable": ("Không đọc được tệp PDF từ ổ đĩa.", "The PDF cannot be read from the disk."),
}


class PdfError(ContentError):
    """A PDF that cannot be turned into pages; ``code`` is a key of ``SENTENCES``, ``vi`` and ``en`` the sentence."""

    def __init__(self, *, code: str) -> None:
        self.vi, self.en = SENTENCES[code]
        super().__init__(self.en)
        self.code = code


@dataclass(frozen=True, slots=True)
class Page:
    """One page: the bytes of its picture, how it is coded (``.png`` or ``.jpg``), its pixels, the words on it."""

    content: bytes = field(repr=False)
    suffix: str
    size: PictureSize
    text: str


def draw_pages(pdf: Path, canvas: PictureSize) -> tuple[Page, ...]:
    """Draw a PDF's pages, each as large as fits into ``canvas``; always the same bytes with the same libraries.

    Raises ``PdfError``, and ``SiteError`` where no process can be started.
    """
    if canvas.width * canvas.height > MOST_CANVAS_PIXELS:
        raise PdfError(code="pdf-slow")
    try:
        told = ask("sync.hub.pdf_drawer", pdf, _BOUNDS, str(canvas.width), str(canvas.height))
        return tuple(_pages(told))
    except OSError as error:
        raise PdfError(code="pdf-unreadable") from error
    except CellError as error:
        raise PdfError(code="pdf-slow" if error.late else "pdf-damaged") from error
    except (ValueError, LookupError, TypeError) as error:
        raise PdfError(code="pdf-damaged") from error


def _pages(told: bytes) -> Iterator[Page]:
    """What an inmate says is believed only as far as it makes sense."""
    place, expected, count = 0, 1, 0
    while place < len(told):
        line = told.index(b"\n", place)
        head = json.loads(told[place:line])
        if "flaw" in head:
            raise PdfError(code=head["flaw"])
        place = line + 1 + int(head["bytes"])
        if head["suffix"] not in _SUFFIXES or place > len(told) or place <= line:
            raise ValueError(head)
        expected, count = int(head["pages"]), count + 1
        size = PictureSize(int(head["width"]), int(head["height"]))
        yield Page(told[line + 1 : place], head["suffix"], size, str(head["text"]))
    if count != expected:
        raise ValueError(count)
