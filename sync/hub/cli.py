"""``signage-hub``: sign and publish at the centre. It speaks Vietnamese, and works on a laptop without network.

Commands: ``sync/command_line.py``.
"""

from typing import Final

from sync.command_line import Program

PROGRAM: Final = Program("signage-hub", "sync.hub", "Ký số và phát hành nội dung từ trung tâm.")
main = PROGRAM.main
command_names = PROGRAM.command_names
