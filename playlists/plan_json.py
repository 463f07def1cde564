"""Rotas as JSON, for programs: format ``signage-rota``, version 1."""

import json
from collections.abc import Sequence

from playlists.loop_units import languages_present
from playlists.plan_figures import shares_of
from playlists.playlist import Playlist
from playlists.rota import Rota
from playlists.screen import Screen

FORMAT = "signage-rota"
VERSION = 1


def json_text(playlist: Playlist, screen: Screen, rotas: Sequence[Rota]) -> str:
    """Write the plan; times in ms after the hour began, hours with their offset, shares in per cent."""
    content = {
        "format": FORMAT,
        "version": VERSION,
        "playlist": {"id": playlist.id, "digest": playlist.digest},
        "screen": {"id": screen.id, "time_zone": screen.time_zone},
        "hours": [_hour(screen, rota) for rota in rotas],
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _hour(screen: Screen, rota: Rota) -> dict[str, object]:
    return {
        "hour": rota.hour.isoformat(),
        "turns": [
            {
                "offset": turn.offset,
                "length": turn.length,
                "slot": turn.slot.id,
                "item": turn.slot.item.id,
                "title": turn.slot.item.title,
                "message": turn.slot.item.message,
                "languages": list(languages_present(turn.slot.item)),
            }
            for turn in rota.turns
        ],
        "closings": [{"offset": closing.offset, "length": closing.length} for closing in rota.closings],
        "languages": [
            {"language": tag, "percent": round(got, 2), "wanted": wanted}
            for tag, got, wanted in shares_of(screen, rota)
        ],
        "concessions": [
            {
                "rule": concession.rule.value,
                "subject": concession.subject,
                "yielded_to": concession.yielded_to.value,
                "wanted": concession.wanted,
                "got": concession.got,
            }
            for concession in rota.concessions
        ],
    }
