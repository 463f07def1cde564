"""`python -m tests.bench`: measure the player and its peers, print the table, keep the raw numbers."""

import argparse
import datetime as dt
import json
import shutil
import signal
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path

from playlists.errors import ExitCode
from tests.bench import clips, machine, plan, trials
from tests.bench.players import OURS, Player
from tests.bench.report import PEERS, Results, markdown
from tests.bench.selftest import prove_camera
from tests.bench.studio import BuiltSet, StudioError, build
from tests.bench.summary import Showing
from tests.bench.venue import VenueError, open_venue

_HERE = Path(__file__).resolve().parent
_ROOT = _HERE.parent.parent
_WORTH_HALVING = 20
_RECORD = _HERE / "RESULTS.md"


def main() -> int:
    """Run what the command line asks for. 0 when everything was measured, whatever it was; 4 when it could not be."""
    # What was started is put away again, also when a time limit ends this.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    options = _options()
    size = plan.QUICK if options.quick else plan.FULL if options.full else plan.USUAL
    if options.only:
        size = size.only(options.only)
    if options.cuts:
        size = replace(size, cuts=dict.fromkeys(size.cuts, options.cuts), peer_cuts=min(size.peer_cuts, options.cuts))
        size = replace(size, dressed=options.cuts if size.dressed else 0)
    try:
        players = _players(options)
        results = _measure(options, size, players)
    except (VenueError, StudioError) as error:
        _say(f"bench: {error}")
        return ExitCode.SITE
    text = markdown(results)
    sys.stdout.write(text)
    if options.record:
        _record(text)
    return 0


def _measure(options: argparse.Namespace, size: plan.Plan, players: list[Player]) -> Results:
    began = time.monotonic()
    now = dt.datetime.now(dt.UTC)
    raw = options.out / now.strftime("%Y%m%d-%H%M%S")
    raw.mkdir(parents=True)
    where = machine.description(player.name for player in players)
    results = Results(now.strftime("%Y-%m-%d %H:%M UTC"), where, machine.commit(_ROOT))
    built = {each.name: build(each, options.out / "clips", _say) for each in clips.ALL_SETS if _needed(each.name, size)}
    results.titles = {name: each.spec.title for name, each in built.items()}
    _say(f"about {size.seconds(len(players)) / 60:.0f} minutes to measure {', '.join(each.name for each in players)}")
    with open_venue(options.user, options.display, sound=not options.no_sound) as venue:
        built = {name: trials.within_reach(venue, each) for name, each in built.items()}
        players = [replace(player, ordinary=venue.can_run(player.program)) for player in players]
        studio = trials.Studio(venue, raw, _say)
        results.proof = prove_camera(venue, raw)
        for name, cuts in size.cuts.items():
            results.showings += _interleaved(studio, players, built[name], cuts, size.peer_cuts)
            _keep(results, raw)
        if size.dressed:
            results.showings += _dressed(studio, players, built, size.dressed)
            _keep(results, raw)
        _rest(studio, players, built, size, results)
    results.minutes = (time.monotonic() - began) / 60
    _keep(results, raw)
    return results


def _interleaved(
    studio: trials.Studio, players: list[Player], built: BuiltSet, cuts: int, peer_cuts: int
) -> list[Showing]:
    """Half of ours, the peers, the other half of ours: what else the machine does hits all alike."""
    ours = [player for player in players if player.name == OURS]
    peers = [player for player in players if player.name != OURS]
    halves = [cuts - cuts // 2, cuts // 2] if cuts >= _WORTH_HALVING else [cuts, 0]
    turns = [(player, halves[0]) for player in ours] + [(player, peer_cuts) for player in peers]
    turns += [(player, halves[1]) for player in ours]
    return [trials.show(studio, player, built, wanted) for player, wanted in turns if wanted]


def _dressed(studio: trials.Studio, players: list[Player], built: dict[str, BuiltSet], cuts: int) -> list[Showing]:
    """Ours bare and dressed in turn, twice: what is compared is played side by side."""
    ours = [player for player in players if player.name == OURS]
    turns = [built[clips.BARE.name], built[clips.DRESSED.name]] * 2
    return [trials.show(studio, player, each, -(-cuts // 2)) for player in ours for each in turns]


def _rest(
    studio: trials.Studio, players: list[Player], built: dict[str, BuiltSet], size: plan.Plan, results: Results
) -> None:
    """Starts, kills, drift and growth, as far as they are planned."""
    base, short = built.get(clips.HD_READY.name), built.get(clips.SHORT.name)
    ours = next((player for player in players if player.name == OURS), None)
    if size.starts and base:
        results.starts = trials.start_times(studio, players, base, size.starts)
    if size.kills and base and ours:
        results.recoveries = trials.recoveries(studio, ours, base, size.kills)
    if size.drift and studio.venue.sound:
        results.drift = trials.play_for(studio, ours or players[0], built[clips.DRIFT.name], size.drift)
    if size.growth and short and ours:
        results.growth = trials.show(studio, ours, short, size.growth)


def _needed(name: str, size: plan.Plan) -> bool:
    return (
        name in size.cuts
        or (name in (clips.BARE.name, clips.DRESSED.name) and size.dressed > 0)
        or (name == clips.HD_READY.name and bool(size.starts or size.kills))
        or (name == clips.DRIFT.name and size.drift > 0)
        or (name == clips.SHORT.name and size.growth > 0)
    )


def _players(options: argparse.Namespace) -> list[Player]:
    """The players that are here. Raises VenueError when ours is wanted and is not."""
    found = []
    if OURS in options.players:
        candidates = [options.player] if options.player else [_ROOT / ".venv/bin", Path(sys.executable).parent]
        programs = [path / "signage-player" if path.is_dir() else path for path in candidates]
        program = next((path for path in programs if path.exists()), None)
        if program is None:
            msg = f"no signage-player at {' or '.join(map(str, programs))}; name it with --player"
            raise VenueError(msg)
        found.append(Player(OURS, program))
    for name in PEERS:
        path = shutil.which(name)
        if name in options.players and path:
            found.append(Player(name, Path(path)))
        elif name in options.players:
            _say(f"{name} is not installed: measured without it")
    return found


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", action="store_true", help="a look in five minutes")
    size.add_argument("--full", action="store_true", help="200 cuts of every set and 1,000 cuts for growth: 90 minutes")
    parser.add_argument("--only", action="append", choices=plan.PARTS, help="this part only (may be repeated)")
    parser.add_argument("--cuts", type=int, help="this many cuts of ours on every set")
    parser.add_argument("--players", default="ours,mpv,cvlc", type=lambda text: text.split(","))
    parser.add_argument("--player", type=Path, help="our player's command, or the folder it is in")
    parser.add_argument("--out", type=Path, default=Path("bench-out"), help="where clips and raw numbers go")
    parser.add_argument("--record", action="store_true", help="add the tables to tests/bench/RESULTS.md")
    parser.add_argument("--user", default="nobody", help="when run by root: the user the players run as")
    parser.add_argument("--display", type=int, default=70, help="first number tried for a virtual screen")
    parser.add_argument("--no-sound", action="store_true", help="no sound server, for any player")
    options = parser.parse_args()
    options.out = options.out.resolve()
    return options


def _keep(results: Results, raw: Path) -> None:
    """Write the raw numbers: a run that is stopped half-way leaves what it has."""
    (raw / "results.json").write_text(json.dumps(asdict(results)))
    (raw / "table.md").write_text(markdown(results))


def _record(text: str) -> None:
    """Put the newest section under the head of RESULTS.md."""
    head, mark, older = _RECORD.read_text().partition("<!-- newest first -->\n")
    _RECORD.write_text(f"{head}{mark}\n{text}{older}")


def _say(text: str) -> None:
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {text}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
