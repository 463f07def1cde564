"""In which order delegated roles are asked for a target: preorder, depth first, as their delegator lists them."""

from dataclasses import dataclass
from typing import Final

from tuf.api.metadata import Targets

MOST_ROLES: Final = 32
"""How many roles are asked at most for one target, ``targets`` among them."""


@dataclass(frozen=True, slots=True)
class Delegation:
    """A role, and the metadata that delegates to it."""

    delegator: Targets
    role: str


class DelegationWalk:
    """The roles that may say something of the target at ``path``, each once; ``top`` is the ``targets`` role.

    Only delegations that cover the path are followed, none behind a terminating one. ``enter`` tells what was found in
    the role that ``step`` gave; a role that could not be had is passed over with all it delegates to.
    """

    def __init__(self, path: str, top: Targets) -> None:
        self._path = path
        self._waiting: list[Delegation] = []
        self._asked: set[str] = {"targets"}
        self.enter(top)

    def step(self) -> Delegation | None:
        """The role to ask next; None when all were asked."""
        while self._waiting and len(self._asked) <= MOST_ROLES:
            following = self._waiting.pop()
            if following.role not in self._asked:
                self._asked.add(following.role)
                return following
        return None

    def enter(self, role: Targets) -> None:
        """Look into a role: those it delegates the path to come next."""
        if role.delegations is None:
            return
        found: list[Delegation] = []
        for name, terminating in role.delegations.get_roles_for_target(self._path):
            found.append(Delegation(role, name))
            if terminating:
                self._waiting.clear()
                break
        self._waiting.extend(reversed(found))
