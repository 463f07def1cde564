"""Which players are measured and how they are called. Pure: builds command lines only."""

from dataclasses import dataclass, field
from pathlib import Path

OURS: str = "ours"
WORKER_WORD: str = "signage-decode"
"""Every decoder process of ours carries this in its title, command line or name."""


@dataclass(frozen=True, slots=True)
class Call:
    """One run: what to play, for how many rounds (0: until stopped), where ours may write."""

    clips: tuple[Path, ...]
    folder: Path
    screen: tuple[int, int]
    rounds: int
    workspace: Path
    sound: bool


@dataclass(frozen=True, slots=True)
class Player:
    """A player by name; `program` is the path of its command."""

    name: str
    program: Path
    options: tuple[str, ...] = field(default=())

    def command(self, call: Call) -> list[str]:
        """The command line for one run."""
        if self.name == OURS:
            rounds = ["--loops", str(call.rounds)] if call.rounds else []
            mute = [] if call.sound else ["--mute"]
            log = call.workspace / "play.log.sqlite"
            return [str(self.program), str(call.folder), "--log", str(log), *rounds, *mute, *self.options]
        files = [str(path) for path in call.clips]
        if self.name == "mpv":
            sound = ["--ao=pulse"] if call.sound else ["--ao=null"]
            return [
                str(self.program), "--no-config", "--vo=x11", "--hwdec=no", "--fs", "--no-terminal",
                "--no-input-default-bindings", "--loop-playlist=inf", *sound, *self.options, *files,
            ]  # fmt: skip
        sound = [] if call.sound else ["--aout=adummy"]
        return [
            str(self.program), "--no-video-title-show", "-f", "--loop", "--no-osd", "--vout=xcb_x11",
            *sound, *self.options, *files,
        ]  # fmt: skip
