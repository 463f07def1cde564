"""PDFs in a playlist: each item that names one becomes an item for each page, with everything it said of itself.

Works on the playlist's document as it is written, for a playlist file with a PDF in it is one that no kiosk reads.
"""

import copy
import hashlib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import PurePosixPath
from typing import Any, Final

from playlists.json_document import written
from playlists.languages import normal_tag
from playlists.line_breaks import Script, script_runs
from playlists.reading_time import LEAST, SETTLING, text_time
from sync.hub.pdf_pages import Page

SUFFIX: Final = ".pdf"
LONGEST_READING_MS: Final = 60_000
"""No page stands longer by itself, however much is printed on it."""
_SCRIPTS: Final = {"lo": Script.LAO, "km": Script.KHMER}


@dataclass(frozen=True, slots=True)
class Leaflet:
    """A PDF of a playlist: the sha256 of its file, and its pages in order."""

    sha256: str
    pages: tuple[Page, ...]


@dataclass(frozen=True, slots=True)
class Unfolded:
    """A playlist file with pages in place of PDFs.

    ``content`` is the file; ``origins`` tells for each item where the original file has it, ``places`` the same by item
    id; ``pictures`` gives a page's bytes by the source that names it, ``pages_of`` the new ids of an item,
    ``documents`` the sha256 of the PDF by a page's id.
    """

    content: bytes
    origins: tuple[int, ...]
    places: Mapping[str, int]
    pictures: Mapping[str, bytes]
    pages_of: Mapping[str, tuple[str, ...]]
    documents: Mapping[str, str]


def pdf_sources(document: Mapping[str, Any]) -> dict[str, int]:
    """The PDFs a playlist's document names, each with the place of the first item that does."""
    found: dict[str, int] = {}
    for place, item in enumerate(_objects(document.get("items"))):
        source = item.get("source")
        if isinstance(source, str) and PurePosixPath(source).suffix.lower() == SUFFIX:
            found.setdefault(source, place)
    return found


def unfold(document: Mapping[str, Any], leaflets: Mapping[str, Leaflet]) -> Unfolded:
    """Put pages in place of PDFs; ``leaflets`` holds each that :func:`pdf_sources` names.

    What is not as a playlist has it is left for ``read_playlist`` to find. An approval of the PDF counts for each page:
    it is bound to the page's digest, and keeps the PDF's as ``document_sha256``.
    """
    result = copy.deepcopy(dict(document))
    items: list[Any] = []
    origins: list[int] = []
    places: dict[str, int] = {}
    pictures: dict[str, bytes] = {}
    pages_of: dict[str, tuple[str, ...]] = {}
    documents: dict[str, str] = {}
    for place, item in enumerate(result.get("items", [])):
        leaflet = leaflets.get(str(item.get("source"))) if isinstance(item, dict) else None
        made = [item] if leaflet is None else list(_pages(item, leaflet, pictures))
        if leaflet is not None and isinstance(item.get("id"), str):
            pages_of[item["id"]] = tuple(page["id"] for page in made)
            documents |= dict.fromkeys(pages_of[item["id"]], leaflet.sha256)
        items += made
        origins += [place] * len(made)
        places |= {
            unicodedata.normalize("NFC", one["id"]): place
            for one in made
            if isinstance(one, dict) and isinstance(one.get("id"), str)
        }
    result["items"] = items
    if isinstance(result.get("slots"), list):
        result["slots"] = [new for slot in result["slots"] for new in _slots(slot, pages_of)]
    return Unfolded(written(result), tuple(origins), places, pictures, pages_of, documents)


def page_time(text: str, languages: Sequence[str]) -> int | None:
    """How long a page should stand to be read, in milliseconds; None for one without words.

    Readers of several languages read at the same time, each their own part.
    """
    needs: dict[Script, int] = {}
    for run in script_runs(" ".join(text.split())):
        needs[run.script] = needs.get(run.script, 0) + text_time(run.text)
    if not needs:
        return None
    tags = [normal_tag(tag) or "" for tag in languages if isinstance(tag, str)]
    scripts = [_SCRIPTS.get(tag.partition("-")[0], Script.LATIN) for tag in tags]
    time = max(need // max(1, scripts.count(script)) for script, need in needs.items())
    return min(LONGEST_READING_MS, max(LEAST, -(-(SETTLING + time) // 1000) * 1000))


def _pages(item: dict[str, Any], leaflet: Leaflet, pictures: dict[str, bytes]) -> Iterator[dict[str, Any]]:
    count = len(leaflet.pages)
    for number, page in enumerate(leaflet.pages, 1):
        source = f"{item['source']}-{number}{page.suffix}"
        pictures[source] = page.content
        made = copy.deepcopy(item)
        # Of a PDF that is not the one on record the wrong digest stays, and is found.
        digest = hashlib.sha256(page.content).hexdigest()
        if made.get("sha256") in {None, leaflet.sha256}:
            made["sha256"] = digest
        made |= {
            "kind": "page",
            "source": source,
            "picture": {"width": page.size.width, "height": page.size.height},
        }
        if count > 1:
            made["id"], made["title"] = f"{item.get('id')}-{number}", f"{item.get('title')} ({number}/{count})"
        if "duration_ms" not in made:
            languages = made.get("languages")
            time = page_time(page.text, languages if isinstance(languages, list) else [])
            made |= {} if time is None else {"duration_ms": time}
        for approval in _approvals(made):
            if approval.get("digest") == leaflet.sha256:
                approval |= {"digest": digest, "document_sha256": leaflet.sha256}
        yield made


def _slots(slot: Any, pages_of: Mapping[str, tuple[str, ...]]) -> Iterator[Any]:  # noqa: ANN401  # not yet checked
    pages = pages_of.get(str(slot.get("item"))) if isinstance(slot, dict) else None
    if pages is None or len(pages) == 1:
        yield slot
        return
    percent = _percent(slot)
    shares = [None] * len(pages) if percent is None else list(_shared(percent, len(pages)))
    for number, (page, share) in enumerate(zip(pages, shares, strict=True), 1):
        made = copy.deepcopy(slot) | {"id": f"{slot.get('id')}-{number}", "item": page}
        if share is not None:
            made["share"] = {**made["share"], "percent": share}
        yield made


def _percent(slot: Mapping[str, Any]) -> float | None:
    share = slot.get("share")
    percent = share.get("percent") if isinstance(share, dict) else None
    return percent if isinstance(percent, int | float) and not isinstance(percent, bool) else None


def _shared(percent: float, count: int) -> Iterator[float]:
    """Parts of a share that add up to it."""
    cuts = [round(percent * number / count, 3) for number in range(count + 1)]
    yield from (round(end - start, 3) for start, end in pairwise(cuts))


def _approvals(item: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    papers = item.get("papers")
    yield from _objects(papers.get("approvals") if isinstance(papers, dict) else None)


def _objects(values: object) -> Iterator[dict[str, Any]]:
    if isinstance(values, list):
        yield from (value if isinstance(value, dict) else {} for value in values)
