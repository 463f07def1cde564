"""Which players are measured and how they are called. Pure: builds command lines only."""

from dataclasses import dataclass
from pathlib import Path

OURS: str = "ours"
WORKER_WORD: str = "signage-decode"
"""Every decoder process of ours carries this in its title, command line or name."""

LOG_NAME: str = "play.log.sqlite"


@dataclass(frozen=True, slots=True)
class Call:
    """One run: what to play, for how many rounds (0: until stopped), where ours may write.

    `window` is an X window that fills the screen, or 0: without a window manager cvlc gives every clip a window of
    the clip's own size, so where clips are scaled it gets one to draw into. `dress` is the file that says what ours
    shows around the clips.
    """

    clips: tuple[Path, ...]
    folder: Path
    rounds: int
    workspace: Path
    sound: bool
    window: int = 0
    dress: Path | None = None


@dataclass(frozen=True, slots=True)
class Player:
    """A player by name; `program` is the path of its command; not `ordinary` when it runs as the benchmark's caller."""

    name: str
    program: Path
    options: tuple[str, ...] = ()
    ordinary: bool = True

    def command(self, call: Call) -> list[str]:
        """The command line for one run."""
        if self.name == OURS and call.dress is not None:
            python = str(self.program.with_name("python"))
            words = [str(call.dress), str(call.folder), str(call.workspace / LOG_NAME)]
            return [python, "-m", "tests.support.dressed_player", *words]
        if self.name == OURS:
            rounds = ["--loops", str(call.rounds)] if call.rounds else []
            mute = [] if call.sound else ["--mute"]
            log = call.workspace / LOG_NAME
            return [str(self.program), str(call.folder), "--log", str(log), *rounds, *mute, *self.options]
        files = [str(path) for path in call.clips]
        if self.name == "mpv":
            sound = ["--ao=pulse"] if call.sound else ["--ao=null"]
            return [
                str(self.program), "--no-config", "--vo=x11", "--hwdec=no", "--fs", "--no-terminal",
                "--no-input-default-bindings", "--loop-playlist=inf", *sound, *self.options, *files,
            ]  # fmt: skip
        sound = [] if call.sound else ["--aout=adummy"]
        window = [f"--drawable-xid={call.window}"] if call.window else []
        return [
            str(self.program), "--no-video-title-show", "-f", "--loop", "--no-osd", "--vout=xcb_x11",
            *window, *sound, *self.options, *files,
        ]  # fmt: skip
