"""``signage-playlist schema``: the JSON Schema of a playlist or screen file."""

import json
import sys
from argparse import Namespace
from typing import Final

from playlists import playlist_file, screen_file
from playlists.cli_parser import Commands, command
from playlists.errors import ExitCode

_SCHEMAS: Final = {"playlist": playlist_file.file_schema, "screen": screen_file.file_schema}


def add_command(commands: Commands) -> None:
    """Add ``schema``."""
    parser = command(commands, "schema", _schema, "in lược đồ JSON Schema của tệp danh sách phát hoặc tệp màn hình")
    parser.operands.add_argument(
        "what", nargs="?", choices=tuple(_SCHEMAS), default="playlist", help="loại tệp (mặc định: playlist)"
    )


def schema_text(what: str) -> str:
    """Write the JSON Schema of a ``playlist`` or ``screen`` file as it is published beside this module."""
    return json.dumps(_SCHEMAS[what](), ensure_ascii=False, indent=2) + "\n"


def _schema(options: Namespace) -> ExitCode:
    sys.stdout.write(schema_text(options.what))
    return ExitCode.OK
