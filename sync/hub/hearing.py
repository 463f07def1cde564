"""Measures the sound of items in a cell where no facts say how loud it is: V9 lets nothing out unmeasured."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from playlists.cli_media import Medium
from playlists.content_digest import item_digest
from playlists.facts import Facts, Loudness
from playlists.media import MediaError
from playlists.playlist import Item, ItemKind
from sync.hub.cell import Bounds, CellError, ask
from sync.hub.release_checks import Examinations
from sync.hub.release_folder import inside

BY: Final = "signage-hub"
QUIETEST: Final = Loudness(-70.0, -70.0)
"""Of a track that is never louder than that."""
LONGEST_MS: Final = 1_800_000
"""Half an hour, which takes some minutes; longer sounds are measured elsewhere."""
_SECONDS_A_SECOND: Final = 1.0
"""Ten times what a track of stereo takes to be measured on a desk computer."""


def with_hearing(facts: Mapping[str, Facts], items: Iterable[Item], look: Examinations) -> Iterator[tuple[str, Facts]]:
    """The facts, completed by what can be heard of the items' files; what is on record counts before it."""
    yield from facts.items()
    for item in items:
        file = _sounding_file(item)
        if file is None or not inside(look.folder, file[0]):
            continue
        digest, known = item_digest(item), facts.get(item.id, Facts())
        current = known if known.of in {None, digest} else Facts()
        found = _heard(look, look.folder / file[0], file[1], item, current)
        if found is not None:
            yield item.id, replace(found, of=digest)


def _sounding_file(item: Item) -> tuple[str, Medium] | None:
    if item.bulletin is not None:
        return None if item.bulletin.sound is None else (item.bulletin.sound, Medium.SOUND)
    return (item.source, Medium.CLIP) if item.kind is ItemKind.CLIP else None


def _heard(look: Examinations, path: Path, medium: Medium, item: Item, known: Facts) -> Facts | None:
    """The facts with what is missing measured; None where nothing is missing, or nothing can be measured."""
    urgent = item.bulletin is not None and item.bulletin.urgency is not None
    if known.loudness is not None and (known.siren is not None or not urgent):
        return None
    if path not in look.heard:
        look.heard[path] = _measured(look, path, medium, urgent=urgent)
    heard = look.heard[path]
    return None if heard is None else _completed(known, heard)


def _measured(look: Examinations, path: Path, medium: Medium, *, urgent: bool) -> Facts | None:
    """What can be heard of a file; None where that cannot be measured, which the rule then says."""
    examined = look.examined(path, medium)
    if isinstance(examined, MediaError) or examined.coding is None or examined.coding.length_ms > LONGEST_MS:
        return None
    tracks = len(examined.facts.sound)
    if not tracks:
        return Facts(sounding=False)
    if look.step is not None:
        look.step(path.name)
    seconds = 30 + examined.coding.length_ms / 1000 * tracks * _SECONDS_A_SECOND * (2 if urgent else 1)
    try:
        told = json.loads(ask("sync.hub.listener", path, Bounds(seconds, 1 << 16), "siren" if urgent else "loudness"))
        found = [
            QUIETEST if one["lufs"] is None else Loudness(float(one["lufs"]), float(one["peak_dbfs"])) for one in told
        ]
        loudest = Loudness(max(one.lufs for one in found), max(one.peak_dbfs for one in found))
        return Facts(
            loudness=loudest, sounding=True, siren=max(float(one["siren"]) for one in told) if urgent else None
        )
    except (CellError, OSError, ValueError, LookupError, TypeError):
        return None


def _completed(known: Facts, heard: Facts) -> Facts:
    """What is on record, and for the rest what was heard."""
    tools = {"loudness": BY} if known.loudness is None and heard.loudness is not None else {}
    return replace(
        known,
        loudness=known.loudness or heard.loudness,
        sounding=heard.sounding if known.sounding is None else known.sounding,
        siren=heard.siren if known.siren is None else known.siren,
        measured_by={**known.measured_by, **tools},
    )
