"""What the demo showed, play by play, for people: ``demo_story.py LOG``. Vietnamese, with English beside it."""

import sys
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Final

from player.proof_log.export import Play, plays
from player.proof_log.reading import open_log
from playlists.errors import ExitCode, SignageError
from playlists.proof import Outcome

_HANOI: Final = timezone(timedelta(hours=7))
_OUTCOMES: Final = {
    Outcome.COMPLETED: "phát hết / completed",
    Outcome.INTERRUPTED: "bị ngắt / interrupted",
    Outcome.FAILED: "hỏng / failed",
    Outcome.SKIPPED: "bỏ qua / skipped",
    Outcome.NOT_SHOWN: "chuẩn bị rồi nhường / not shown",
}
_MOST: Final = 40
"""The log of a demo with a display grows from run to run; the last plays are told."""
_HEAD: Final = (
    "bắt đầu / start",
    "bản / release",
    "giây / s",
    "kết quả / outcome",
    "ngôn ngữ / languages",
    "nội dung / item",
)


def story(found: Iterable[Play]) -> str:
    """Write the last plays in the order of their starts, a line each."""
    begun = sorted((play for play in found if play.start is not None), key=lambda play: play.start_row or 0)[-_MOST:]
    table = [_HEAD, *map(_line, begun)]
    widths = [max(map(_width, column)) for column in zip(*table, strict=True)]
    lines = ["  ".join(_padded(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in table]
    return "\n".join([lines[0], "-" * _width(lines[0]), *lines[1:]]) + "\n"


def _line(play: Play) -> tuple[str, ...]:
    start, end = play.start, play.end
    if start is None:  # they were sifted out
        return ("",) * len(_HEAD)
    begins = (None if end is None else end.start) or start.planned_start
    outcome = "đang phát / playing" if end is None else _OUTCOMES[end.outcome]
    if end is not None and end.position is not None and end.outcome is Outcome.INTERRUPTED:
        outcome += f" ({end.position / 1000:.1f} s)"
    title = start.title if start.continues is None else f"{start.title} (phát tiếp / resumed)"
    return (
        datetime.fromisoformat(begins.wall).astimezone(_HANOI).strftime("%H:%M:%S"),
        start.release or "-",
        "-" if end is None or end.actual is None else f"{end.actual / 1000:.1f}",
        outcome,
        " ".join(start.picture_languages) or "-",
        title,
    )


def _width(text: str) -> int:
    return sum(unicodedata.combining(sign) == 0 for sign in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def main() -> int:
    """Print the story; an exit code of the shared table."""
    if len(sys.argv) != 2:  # noqa: PLR2004  a log
        sys.stderr.write(f"usage: {sys.argv[0]} LOG\n")
        return ExitCode.USAGE
    try:
        with open_log(Path(sys.argv[1])) as log:
            sys.stdout.write(story(plays(log.rows())))
    except SignageError as error:
        sys.stderr.write(f"{sys.argv[0]}: {error}\n")
        return error.exit_code
    return ExitCode.OK


if __name__ == "__main__":
    sys.exit(main())
