"""How libVLC keeps time, as measured, and how far behind it the stage shows."""

from typing import Final

RESUME_NS: Final = 10_000_000
"""libVLC shows frame k this long, and k frame times, after it is resumed."""
QUEUE_NS: Final = 60_000_000
"""A picture is shown this long after libVLC holds it due, which absorbs every jitter on its way."""
LEAD_NS: Final = QUEUE_NS + RESUME_NS + 10_000_000
"""How long before its first picture a clip has to be told to begin."""
