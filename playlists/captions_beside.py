"""Which caption files in a folder belong to a clip, by their names alone."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath

from playlists.languages import normal_tag, serves
from playlists.playlist import CaptionFile

_SUFFIXES = (".srt", ".vtt", ".ass")
"""The best known first: it is taken where one language has several."""


def caption_files_beside(clip: str, names: Iterable[str], languages: Sequence[str]) -> tuple[CaptionFile, ...]:
    """Choose among file ``names`` those that caption ``clip``, at most one for each of ``languages``, in their order.

    ``NAME.mp4`` is captioned by ``NAME.vi.srt``, ``.vtt`` or ``.ass``. Suffix and language tag match in any case, and
    a name typed on a Mac (NFD) matches one typed elsewhere. ``jra`` is satisfied by ``jra-Latn``, and ``jra-Latn`` by
    ``jra`` where nothing closer is there. ``names`` are plain file names; the tag in the answer is the file's own,
    written the usual way.
    """
    found = sorted(_tagged(PurePosixPath(clip).stem, names))
    chosen: list[CaptionFile] = []
    for language in languages:
        taken = {file.source for file in chosen}
        best = min(
            (
                (closeness, suffix, source, tag)
                for suffix, source, tag in found
                if source not in taken and (closeness := _closeness(normal_tag(language) or language, tag)) is not None
            ),
            default=None,
        )
        if best is not None:
            chosen.append(CaptionFile(best[3], best[2]))
    return tuple(chosen)


def _tagged(stem: str, names: Iterable[str]) -> Iterator[tuple[int, str, str]]:
    """Give rank of the suffix, file name and language tag of each caption file of this stem."""
    wanted = unicodedata.normalize("NFC", stem)
    for name in names:
        path = PurePosixPath(unicodedata.normalize("NFC", name))
        owner, _, ending = path.stem.rpartition(".")
        tag = normal_tag(ending)
        if path.suffix.lower() in _SUFFIXES and owner == wanted and tag is not None:
            yield _SUFFIXES.index(path.suffix.lower()), name, tag


def _closeness(asked: str, tag: str) -> int | None:
    """Return 0 for the same tag, 1 for a narrower one, 2 for a wider one, None for another language."""
    if asked == tag:
        return 0
    if serves(asked, tag):
        return 1
    return 2 if serves(tag, asked) else None
