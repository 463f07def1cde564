"""``python -m sync.agent``: the command line."""

import sys

from sync.agent.cli import main

sys.exit(main())
