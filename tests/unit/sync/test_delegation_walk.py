from collections.abc import Sequence
from hashlib import sha256

import pytest
from tuf.api.metadata import DelegatedRole, Delegations, SuccinctRoles, Targets

from sync.trust.delegation_walk import MOST_ROLES, DelegationWalk


def targets(*delegated: DelegatedRole) -> Targets:
    return Targets(delegations=Delegations({}, {role.name: role for role in delegated}))


def role(name: str, *paths: str, terminating: bool = False) -> DelegatedRole:
    return DelegatedRole(name, [], 1, terminating, list(paths) or ["*"])


def walked(path: str, top: Targets, below: dict[str, Targets]) -> Sequence[str]:
    walk = DelegationWalk(path, top)
    seen: list[str] = []
    while (delegation := walk.step()) is not None:
        seen.append(delegation.role)
        if delegation.role in below:
            walk.enter(below[delegation.role])
    return seen


def test_roles_are_asked_in_preorder_each_once() -> None:
    below = {"a": targets(role("c"), role("b")), "c": targets(role("a"), role("d"))}
    assert walked("x", targets(role("a"), role("b")), below) == ["a", "c", "d", "b"]


def test_only_what_covers_the_path_is_asked() -> None:
    top = targets(role("a", "releases/bo-y/*"), role("b", "releases/*/*"), role("c", "urgent/*"))
    assert walked("releases/bo-y/1.json", top, {}) == ["a", "b"]
    assert walked("releases/bo-y/deeper/1.json", top, {}) == []


def test_nothing_behind_a_terminating_role_is_asked() -> None:
    below = {"a": targets(role("c", terminating=True), role("d"))}
    assert walked("x", targets(role("a"), role("b")), below) == ["a", "c"]


def test_hash_bins_are_asked_by_the_digest_of_the_path() -> None:
    prefix = sha256(b"x").hexdigest()[:2]
    other = "00" if prefix != "00" else "01"
    bins = [DelegatedRole(name, [], 1, False, None, [start]) for name, start in (("in", prefix), ("out", other))]  # noqa: FBT003
    assert walked("x", targets(*bins), {}) == ["in"]
    succinct = SuccinctRoles([], 1, 8, "bin")
    assert walked("x", Targets(delegations=Delegations({}, None, succinct)), {}) == [f"bin-{prefix}"]


def test_a_chain_without_end_is_left() -> None:
    below = {f"r{number}": targets(role(f"r{number + 1}")) for number in range(100)}
    assert len(walked("x", targets(role("r0")), below)) == MOST_ROLES


@pytest.mark.parametrize("top", [Targets(), targets()])
def test_where_nothing_is_delegated_nobody_is_asked(top: Targets) -> None:
    assert walked("x", top, {}) == []
