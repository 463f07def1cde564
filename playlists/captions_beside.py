"""Which caption files in a folder belong to a clip, by their names alone."""

import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

from playlists.playlist import CaptionFile

_SUFFIXES = (".srt", ".vtt", ".ass")
"""The best known first: it is taken where one language has several."""

_SCRIPT_LETTERS = 4
_REGION_LETTERS = 2


def caption_files_beside(clip: str, names: Iterable[str], languages: Sequence[str]) -> tuple[CaptionFile, ...]:
    """Choose among file ``names`` those that caption ``clip``, at most one for each of ``languages``, in their order.

    ``NAME.mp4`` is captioned by ``NAME.vi.srt``, ``.vtt`` or ``.ass``. Suffix and language tag match in any case, and
    a name typed on a Mac (NFD) matches one typed elsewhere. ``jra`` is satisfied by ``jra-Latn``, and ``jra-Latn`` by
    ``jra`` where nothing closer is there. ``names`` are plain file names; the tag in the answer is the file's own.
    """
    found = sorted(_tagged(PurePosixPath(clip).stem, names))
    chosen: list[CaptionFile] = []
    for language in languages:
        taken = {file.source for file in chosen}
        best = min(
            (
                (closeness, suffix, source, tag)
                for suffix, source, tag in found
                if source not in taken and (closeness := _closeness(language, tag)) is not None
            ),
            default=None,
        )
        if best is not None:
            chosen.append(CaptionFile(_canonical(best[3]), best[2]))
    return tuple(chosen)


def _tagged(stem: str, names: Iterable[str]) -> Iterable[tuple[int, str, str]]:
    """Give rank of the suffix, file name and language tag of each caption file of this stem."""
    wanted = unicodedata.normalize("NFC", stem)
    for name in names:
        path = PurePosixPath(unicodedata.normalize("NFC", name))
        owner, _, tag = path.stem.rpartition(".")
        if path.suffix.lower() in _SUFFIXES and owner == wanted:
            yield _SUFFIXES.index(path.suffix.lower()), name, tag


def _closeness(language: str, tag: str) -> int | None:
    """Return 0 for the same tag, 1 for a closer one in the file, 2 for a wider one, None for another language."""
    asked, given = language.lower().split("-"), tag.lower().split("-")
    if asked == given:
        return 0
    if given[: len(asked)] == asked:
        return 1
    return 2 if asked[: len(given)] == given else None


def _canonical(tag: str) -> str:
    """Write a tag as BCP 47 recommends: ``jra-Latn``, ``lo-LA``."""
    first, *others = tag.split("-")
    return "-".join([first.lower(), *map(_canonical_subtag, others)])


def _canonical_subtag(subtag: str) -> str:
    if len(subtag) == _SCRIPT_LETTERS and subtag.isalpha():
        return subtag.title()
    return subtag.upper() if len(subtag) == _REGION_LETTERS else subtag.lower()
