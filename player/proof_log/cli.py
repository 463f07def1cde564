"""``signage-player log``: what a play log says, and whether it can be believed."""

import io
import json
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta, timezone, tzinfo
from pathlib import Path
from typing import BinaryIO, Final
from zoneinfo import ZoneInfo

from player.proof_log.export import plays, write_csv
from player.proof_log.reading import LogReader, open_log, verify_log
from player.proof_log.summary import summary_text
from playlists.errors import DamageError, ExitCode, SignageError, SiteError, UsageError
from playlists.proof_chain import ChainReport
from playlists.proof_rows import read_record, read_row
from playlists.proof_schema import row_schema
from playlists.tally import Count

_ZONE: Final = "Asia/Ho_Chi_Minh"
_SEPARATORS: Final = {"comma": ",", "semicolon": ";", "tab": "\t"}


def main(argv: Sequence[str]) -> int:
    """Run one of the log commands; returns the exit code of the shared table."""
    options = _parser().parse_args(argv)
    try:
        options.run(options)
        sys.stdout.flush()
    except SignageError as error:
        sys.stderr.write(f"signage-player log: {error}\n")
        return error.exit_code
    except BrokenPipeError:  # whoever read us has read enough; what is still buffered must not complain at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return ExitCode.OK


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="signage-player log", description="Read a proof-of-play log.", allow_abbrev=False)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    zoned = ArgumentParser(add_help=False)
    zoned.add_argument("--time-zone", default=_ZONE, metavar="ZONE", help=f"of local times (default {_ZONE})")
    filed = ArgumentParser(add_help=False)
    filed.add_argument("file", type=Path, metavar="FILE", help="the play log")
    summary = commands.add_parser("summary", parents=[filed, zoned], help="count plays and airtime, item by item")
    summary.set_defaults(run=_summary)
    export = commands.add_parser("export", parents=[filed, zoned], help="write every row, or a table of the plays")
    export.add_argument(
        "--format", choices=("jsonl", "csv"), default="jsonl", help="rows as JSON lines, or plays as CSV"
    )
    export.add_argument("--output", default="-", metavar="FILE", help="where to write (default -, the terminal)")
    export.add_argument("--separator", choices=_SEPARATORS, default="comma", help="of CSV; Excel's depends on Windows")
    export.set_defaults(run=_export)
    verify = commands.add_parser("verify", parents=[filed], help="recompute the chain of hashes")
    verify.set_defaults(run=_verify)
    schema = commands.add_parser("schema", help="print the JSON Schema of a row")
    schema.set_defaults(run=_schema)
    return parser


def _summary(options: Namespace) -> None:
    zone, count = _zone(options.time_zone), Count()
    with open_log(options.file) as log:
        for sequence, data in log.rows():
            try:
                record = read_record(read_row(data))
            except DamageError as error:
                message = f"row {sequence}: {error}; see signage-player log verify"
                raise DamageError(message) from error
            if record is not None:
                count.add(record)
    sys.stdout.write(summary_text(count.result(), zone))


def _export(options: Namespace) -> None:
    zone = _zone(options.time_zone)
    with open_log(options.file) as log, _output(options.output, options.file) as out:
        if options.format == "csv":
            _export_csv(log, out, zone, _SEPARATORS[options.separator])
        else:
            out.writelines(data + b"\n" for _, data in log.rows())


def _export_csv(log: LogReader, out: BinaryIO, zone: tzinfo, separator: str) -> None:
    text = io.TextIOWrapper(out, encoding="utf-8", newline="")
    try:
        write_csv(plays(log.rows()), text, zone, separator)
    finally:
        text.detach()


def _verify(options: Namespace) -> None:
    with open_log(options.file) as log:
        checkpoint, _ = log.marks()
        report = verify_log(log)
    for sequence, start in report.open_plays:
        sys.stdout.write(f"row {sequence}: the play {start.play} of {start.item!r} has no end yet\n")
    _raise_findings(report)
    pruned = f", rows up to {checkpoint.sequence} pruned" if checkpoint.sequence else ""
    sys.stdout.write(
        f"whole: {report.rows} rows up to {report.reached.sequence}{pruned}\n"
        f"epoch {report.reached.epoch}, head {report.reached.digest}\n"
    )


def _raise_findings(report: ChainReport) -> None:
    if report.finding is not None:
        message = f"row {report.finding.sequence} is bad: {report.finding.problem}"
        raise DamageError(message)
    if report.doubled:
        sequence, play = report.doubled[0]
        message = f"row {sequence} starts or ends the play {play} a second time ({len(report.doubled)} such rows)"
        raise DamageError(message)


def _schema(_: Namespace) -> None:
    sys.stdout.write(schema_text())


def schema_text() -> str:
    """Write the JSON Schema as it is published in ``playlists/proof-row.schema.json``."""
    return json.dumps(row_schema(), indent=2, ensure_ascii=False) + "\n"


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # KeyError: ZoneInfoNotFoundError
        if name == _ZONE:  # a machine without a zone database; Vietnam has had no other time since 1975
            return timezone(timedelta(hours=7), _ZONE)
        message = f"there is no time zone {name!r}"
        raise UsageError(message) from None


@contextmanager
def _output(name: str, log: Path) -> Iterator[BinaryIO]:
    """Open standard output, or a file that appears under its name only when it is complete."""
    if name == "-":
        yield sys.stdout.buffer
        return
    target = Path(name)
    if target.exists() and target.samefile(log):
        message = f"{target} is the play log itself"
        raise UsageError(message)
    part = target.with_name(f"{target.name}.part")
    try:
        with part.open("wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        part.replace(target)
    except OSError as error:
        message = f"cannot write {target}: {error.strerror}"
        raise SiteError(message) from error
    finally:
        part.unlink(missing_ok=True)
