"""The real player with zones: ``python -m tests.support.dressed_player DRESS PATH LOG``, DRESS a JSON file.

``{"zones": [[kind, x, y, width, height]], "logo": path, "ticker": [[language, text]], "captions": [languages],
"rotate": degrees, "rounds": count, "colours": {name: colour}, "muted": truth}``; all but ``zones`` may be missing.
"""

import json
import sys
from pathlib import Path
from typing import Any

from player.app import Settings, run
from player.fitting import Fit
from player.performance import Sound
from player.ports import Wishes
from playlists.playlist import TickerText
from playlists.screen import Layout, Zone, ZoneKind
from playlists.timing import DurationMs


def layout_of(dress: dict[str, Any]) -> Layout:
    """The layout a dress describes."""
    zones = tuple(Zone(ZoneKind(kind), *place) for kind, *place in dress["zones"])
    return Layout(zones, dress.get("logo"), dress.get("colours", {}))


def main(dress: dict[str, Any], path: Path, log: Path) -> int:
    """Play ``path`` in this dress until told to leave, or for its rounds."""
    settings = Settings(
        path=path,
        log=log,
        wishes=Wishes(dress.get("rounds"), DurationMs(4000), Sound(muted=dress.get("muted", True))),
        captions=tuple(dress.get("captions", ())),
        screen=None,
        geometry=None,
        rotate=dress.get("rotate", 0),
        fit=Fit.CONTAIN,
        hardware=False,
        kiosk=False,
        screen_id="dressed",
        layout=layout_of(dress),
        ticker=tuple(TickerText(*text) for text in dress.get("ticker", ())),
    )
    return run(settings)


if __name__ == "__main__":
    sys.exit(main(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")), Path(sys.argv[2]), Path(sys.argv[3])))
