"""The roles of our TUF repository: their names, what each may sign, for how long, and who must sign.

Top level as the TUF specification (1.0.34) has it. Below ``targets`` four kinds of delegation: ``urgent`` and
``withdrawals``, which are fetched and applied first; ``department`` for every screen of the province; ``unit-NAME`` for
the gates of one Border Guard unit. Of the releases for one screen the one with the highest sequence counts.
"""

from datetime import timedelta
from typing import Final

ROOT: Final = "root"
TIMESTAMP: Final = "timestamp"
SNAPSHOT: Final = "snapshot"
TARGETS: Final = "targets"
URGENT: Final = "urgent"
WITHDRAWALS: Final = "withdrawals"
DEPARTMENT: Final = "department"
UNIT_PREFIX: Final = "unit-"

URGENT_PATHS: Final = ("urgent/*",)
WITHDRAWALS_PATHS: Final = ("withdrawals/*",)
DEPARTMENT_PATHS: Final = ("releases/*/*",)

TIMESTAMP_LIFE: Final = timedelta(days=7)
LONG_LIFE: Final = timedelta(days=365)
URGENT_LIFE: Final = timedelta(hours=72)
STICK_LIFE: Final = timedelta(days=100)
"""Of the timestamp on a stick: posts without network are seen once a quarter."""
ONLINE_HORIZON: Final = timedelta(days=8)
"""Online, a timestamp that lives longer was made for a stick and would freeze whoever takes it."""

BOTH_ORGANISATIONS: Final = 3
"""Of two and two keys: neither organisation can do it alone, and one person may be away."""
URGENT_SIGNERS: Final = 2
WITHDRAWAL_SIGNERS: Final = 1


def unit_role(unit: str) -> str:
    """The role of a Border Guard unit."""
    return UNIT_PREFIX + unit


def unit_paths(gates: tuple[str, ...]) -> tuple[str, ...]:
    """What a unit may sign: releases for the screens of its gates."""
    return tuple(f"releases/{gate}/*" for gate in gates)


def release_path(gate: str, screen: str) -> str:
    """The target that is a screen's release."""
    return f"releases/{gate}/{screen}.json"


def urgent_path(name: str) -> str:
    """The target that is an urgent bulletin."""
    return f"urgent/{name}.json"


def withdrawal_path(name: str) -> str:
    """The target that withdraws something."""
    return f"withdrawals/{name}.json"
