"""What the parts of the server share: the register's thread, the line of those who wait, the pace."""

from dataclasses import dataclass, field
from typing import Final

from sync.hub.serving.intake import Intake
from sync.hub.serving.pacing import Admission
from sync.hub.serving.wake_line import WakeLine

SCOPE_KEY: Final = "signage.desk"
"""Under which a request's ASGI scope has it."""


@dataclass
class Desk:
    """One server's. ``timestamp`` is the version of the published timestamp, 0 where there is none."""

    intake: Intake
    line: WakeLine = field(default_factory=WakeLine)
    admission: Admission = field(default_factory=Admission)
    timestamp: int = 0
