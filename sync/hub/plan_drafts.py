"""Drafts that change who may sign: the first of all, a key added, replaced, revoked; and drafts that sign anew.

What a person's key signs is signed anew in the same draft: the root, by enough of the former and of the coming holders;
the delegations; and every delegated role whose holders change, for clients judge it by the coming keys.
"""

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from securesystemslib.signer import Key
from tuf.api.metadata import Metadata, Root, Targets

from sync.durable import write_durably
from sync.hub.drafts import Contents, Draft, Wording, life_of, plan_of, quorum_by, write_draft
from sync.hub.feed_state import FeedState, delegated_roles, next_version, published_feed, read_feed, same_signed
from sync.hub.folder import Counters, HubFolder, locked, read_counters
from sync.hub.request import Part
from sync.hub.sentences import HubRefusalError
from sync.hub.trust_plan import Person, TrustPlan, check_plan, root_of, targets_of, write_plan
from sync.publication import ROLE
from sync.trust import roles


@dataclass(frozen=True, slots=True)
class Coming:
    """A plan that is to come into force, the online key with it, and what to tell its signers."""

    plan: TrustPlan
    online: Key
    summary: tuple[str, ...]


def stage_plan(hub: HubFolder, coming: Coming, now: datetime) -> Draft:
    """Make a draft of whatever must be signed for a plan to come into force. Takes the lock.

    Raises ``HubRefusalError``: the plan cannot be, or is in force as it is.
    """
    check_plan(coming.plan)
    with locked(hub):
        parts = tuple(_plan_parts(hub, read_feed(hub), coming, now))
        if not parts:
            raise HubRefusalError(code="plan-in-force")
        wording = Wording(coming.summary, now, {})
        return write_draft(hub, "trust", parts, Contents(plan=write_plan(coming.plan)), wording)


def take_names(hub: HubFolder, coming: Coming, now: datetime) -> bool:
    """Put a plan into force that changes nothing anybody signs, only names; whether it was one. Takes the lock.

    Raises ``HubRefusalError``: the plan cannot be, or is in force as it is.
    """
    check_plan(coming.plan)
    with locked(hub):
        if any(True for _ in _plan_parts(hub, read_feed(hub), coming, now)):
            return False
        if coming.plan == plan_of(hub):
            raise HubRefusalError(code="plan-in-force")
        write_durably(hub.plan, write_plan(coming.plan))
        return True


def stage_again(hub: HubFolder, which: Iterable[str], now: datetime) -> Draft:
    """Make a draft that signs roles anew as they are, for another term. Takes the lock. Raises ``HubRefusalError``."""
    with locked(hub):
        return write_again(hub, which, now)


def write_again(hub: HubFolder, which: Iterable[str], now: datetime) -> Draft:
    """The same; the caller holds the lock."""
    state, plan, counters = published_feed(hub), plan_of(hub), read_counters(hub)
    parts: list[Part] = []
    for role in which:
        published = state.signed(role)
        if published is None:
            raise HubRefusalError(code="no-role", role=role)
        signed = deepcopy(published.signed)
        _date(hub, counters, role, signed, now)
        by: Root | Targets = state.root.signed if role in {roles.ROOT, roles.TARGETS} else state.targets.signed
        parts.append(Part(role, Metadata(signed), published, (quorum_by(by, role, plan, now.date()),)))
    summary = ("Ký lại để gia hạn, nội dung giữ nguyên.",)
    return write_draft(hub, "again", parts, Contents(), Wording(summary, now, {}))


def online_key_of(state: FeedState) -> Key:
    """The public key that signs snapshot and timestamp."""
    root = state.root.signed
    return root.get_key(root.roles[roles.TIMESTAMP].keyids[0])


def with_person(plan: TrustPlan, organisation: str, person: Person) -> TrustPlan:
    """The plan with one more person. Raises ``HubRefusalError``."""
    body = next((one for one in plan.organisations if one.id == organisation), None)
    if body is None:
        raise HubRefusalError(code="no-organisation", name=organisation)
    if any(one.id == person.id for each in plan.organisations for one in each.people):
        raise HubRefusalError(code="person-exists", name=person.id)
    return plan.with_people(organisation, (*body.people, person))


def with_key(plan: TrustPlan, person: str, key: Key) -> TrustPlan:
    """The plan with another key for somebody. Raises ``HubRefusalError`` where nobody has that id."""
    organisation = organisation_of(plan, person)
    body = next(one for one in plan.organisations if one.id == organisation)
    people = tuple(replace(one, key=key) if one.id == person else one for one in body.people)
    return plan.with_people(organisation, people)


def without_person(plan: TrustPlan, person: str) -> TrustPlan:
    """The plan without somebody. Raises ``HubRefusalError`` where nobody has that id."""
    organisation = organisation_of(plan, person)
    body = next(one for one in plan.organisations if one.id == organisation)
    signers = {role: tuple(one for one in ids if one != person) for role, ids in plan.signers.items()}
    left = replace(plan, signers=signers)
    return left.with_people(organisation, tuple(one for one in body.people if one.id != person))


def organisation_of(plan: TrustPlan, person: str) -> str:
    """The organisation of a person. Raises ``HubRefusalError``."""
    for body in plan.organisations:
        if any(one.id == person for one in body.people):
            return body.id
    raise HubRefusalError(code="no-person", name=person)


def _plan_parts(hub: HubFolder, state: FeedState | None, coming: Coming, now: datetime) -> Iterable[Part]:
    counters, plan = read_counters(hub), coming.plan
    root = root_of(plan, coming.online, next_version(hub, counters, roles.ROOT), now + roles.LONG_LIFE)
    targets = targets_of(plan, next_version(hub, counters, roles.TARGETS), now + roles.LONG_LIFE)
    former_root = None if state is None else state.root.signed
    former_targets = None if state is None else state.targets.signed
    holders_change = former_root is None or not _same_holders(former_root, root)
    if former_root is None or holders_change:
        former = () if former_root is None else (quorum_by(former_root, roles.ROOT, plan_of(hub), now.date()),)
        quorums = (*former, plan.quorum(roles.ROOT, now.date()))
        yield Part(roles.ROOT, Metadata(root), None if state is None else state.root, quorums)
    if former_targets is None or holders_change or not _same_delegations(former_targets, targets):
        quorum = plan.quorum(roles.TARGETS, now.date())
        yield Part(roles.TARGETS, Metadata(targets), None if state is None else state.targets, (quorum,))
    for role in delegated_roles(targets):
        published = None if state is None else state.delegated.get(role)
        if published is None or former_targets is None or not _same_role(former_targets, targets, role):
            signed = Targets(version=1, expires=now) if published is None else deepcopy(published.signed)
            _date(hub, counters, role, signed, now)
            yield Part(role, Metadata(signed), published, (plan.quorum(role, now.date()),))


def _date(hub: HubFolder, counters: Counters, role: str, signed: Any, now: datetime) -> None:  # noqa: ANN401
    signed.version = next_version(hub, counters, role)
    signed.expires = now + life_of(role)
    if isinstance(signed, Targets):
        signed.unrecognized_fields[ROLE] = role


def _same_holders(former: Root, coming: Root) -> bool:
    names = (roles.ROOT, roles.TARGETS, roles.SNAPSHOT, roles.TIMESTAMP)
    return all(_held(former, name) == _held(coming, name) for name in names)


def _same_delegations(former: Targets, coming: Targets) -> bool:
    undated = deepcopy(former)
    undated.version, undated.expires = coming.version, coming.expires
    return same_signed(undated, coming)


def _same_role(former: Targets, coming: Targets, role: str) -> bool:
    return role in delegated_roles(former) and _held(former, role) == _held(coming, role)


def _held(by: Root | Targets, role: str) -> tuple[int, frozenset[str]]:
    held = by.get_delegated_role(role)
    return held.threshold, frozenset(held.keyids)
