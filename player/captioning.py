"""Which captions stand over the running item: read off the painting thread, changed at their own times."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from player.errands import Errands
from playlists.captions import MAX_BYTES, Caption, CaptionTrack, parse_captions
from playlists.errors import ContentError
from playlists.languages import choose
from playlists.playlist import CaptionFile, Slot
from playlists.timing import MonotonicNs

Shown = Sequence[tuple[str, Sequence[Caption]]]
"""Languages in reading order with the captions standing now."""

AHEAD_NS: Final = 1_000_000_000
"""How long before it stands a caption is drawn, a little at each frame."""
_NS_PER_MS: Final = 1_000_000
_TOLD: Final = 3
"""Of one file's findings no more go into the log."""


class CaptionSurface(Protocol):
    """Where captions are drawn."""

    def set_captions(self, shown: Shown) -> None:
        """Draw these with the next picture, or at the next refresh."""

    def prepare_captions(self, shown: Shown) -> Iterator[None]:
        """Draw them in memory, a little at each step."""

    def refresh_captions(self) -> None:
        """Draw what was set over the picture that stands."""


@dataclass(slots=True)
class Captioning:
    """The captions of the running and of the next item, in the wanted languages."""

    surface: CaptionSurface
    errands: Errands
    folder: Path
    languages: tuple[str, ...]
    on_finding: Callable[[str, str], None]
    """Takes an item's id and what is wrong with its captions."""
    locate: Callable[[str], str] | None = None
    """Where a source lies, where that is not in the folder under its own name."""
    _tracks: dict[str, tuple[CaptionTrack, ...]] = field(default_factory=dict)
    _running: tuple[CaptionTrack, ...] = ()
    _begin: int = 0
    _change: int | None = None
    _drawing: Iterator[None] | None = None
    _drawn: bool = False

    def load(self, slot: Slot) -> None:
        """Read the captions of an item that is being prepared."""
        self._tracks.pop(slot.id, None)  # of an earlier look, when the file may have been another
        wanted = chosen_files(slot.item.captions, self.languages)
        if wanted:
            self.errands.run(lambda: self._read(wanted), lambda tracks: self._loaded(slot, tracks))

    def languages_of(self, slot: Slot) -> tuple[str, ...]:
        """The languages that will be drawn, in reading order."""
        return tuple(track.language for track in self._tracks.get(slot.id, ()))

    def begin(self, slot: Slot, at: MonotonicNs, position: int = 0) -> None:
        """The item's first picture is at ``at``; of one that is resumed it lies ``position`` nanoseconds into it."""
        self._running = self._tracks.pop(slot.id, ())
        self._begin, self._change, self._drawing = at - position, 0 if self._running else None, None
        if self._drawn:
            self._drawn = False
            self.surface.set_captions(())

    def clear(self) -> None:
        """Nothing is running."""
        self._running, self._change, self._drawing = (), None, None
        self.surface.set_captions(())

    def next_change(self) -> MonotonicNs | None:
        """When something has to be drawn or taken away."""
        return None if self._change is None else MonotonicNs(self._begin + self._change * _NS_PER_MS)

    def at(self, now: MonotonicNs) -> bool:
        """Set what stands at ``now``; whether that is something else than before."""
        if self._change is None:
            return False
        passed = (now - self._begin) // _NS_PER_MS
        if passed < self._change:
            self._draw_ahead(passed)
            return False
        shown = self._shown(passed)
        self._drawn = any(captions for _language, captions in shown)
        self.surface.set_captions(shown)
        changes = [at for track in self._running if (at := track.next_change(passed)) is not None]
        self._change, self._drawing = min(changes, default=None), None
        return True

    def _draw_ahead(self, passed: int) -> None:
        if self._change is None or self._change - passed > AHEAD_NS // _NS_PER_MS:
            return
        if self._drawing is None:
            self._drawing = self.surface.prepare_captions(self._shown(self._change))
        next(self._drawing, None)

    def _shown(self, moment: int) -> Shown:
        return [(track.language, track.at(moment)) for track in self._running]

    def _loaded(self, slot: Slot, result: tuple[tuple[CaptionTrack, ...], tuple[str, ...]]) -> None:
        tracks, findings = result
        for finding in findings:
            self.on_finding(slot.item.id, finding)
        self._tracks[slot.id] = tracks
        for _step in self.surface.prepare_captions([(track.language, track.at(0)) for track in tracks]):
            pass

    def _path(self, source: str) -> Path:
        return self.folder / source if self.locate is None else Path(self.locate(source))

    def _read(self, wanted: tuple[CaptionFile, ...]) -> tuple[tuple[CaptionTrack, ...], tuple[str, ...]]:
        """Read and parse; runs on the errands' thread."""
        tracks: list[CaptionTrack] = []
        findings: list[str] = []
        for file in wanted:
            try:
                with self._path(file.source).open("rb") as opened:
                    data = opened.read(MAX_BYTES + 1)
                track = parse_captions(data, file.source, file.language)
                findings += [f"{file.source}:{finding.line}: {finding.message}" for finding in track.findings[:_TOLD]]
                tracks.append(track)
            except OSError as error:
                findings.append(f"{file.source}: {error.strerror}")
            except ContentError as error:
                findings.append(str(error))
        return tuple(tracks), tuple(findings)


def chosen_files(files: tuple[CaptionFile, ...], languages: Sequence[str]) -> tuple[CaptionFile, ...]:
    """The caption files in the wanted languages, in the order they are wanted; at most one for each."""
    chosen: list[CaptionFile] = []
    for language in languages:
        index = choose([language], [file.language for file in files])
        if index is not None and files[index] not in chosen:
            chosen.append(files[index])
    return tuple(chosen)
