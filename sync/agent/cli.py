"""``signage-agent``: brings signed content to one kiosk. It speaks Vietnamese. Commands: ``sync/command_line.py``."""

from typing import Final

from sync.command_line import Program

_PURPOSE: Final = "Nhận nội dung đã ký cho một màn hình, qua mạng hoặc USB."
PROGRAM: Final = Program("signage-agent", "sync.agent", _PURPOSE)
main = PROGRAM.main
command_names = PROGRAM.command_names
