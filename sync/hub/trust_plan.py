"""The trust plan: two organisations, their people and public keys, units and gates, and how many of whom must sign.

Bytes in, a checked value out. Names of organisations are dated, for they change and old records keep the old one. The
file is described in ``deploy/docs/signing.md``.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field
from securesystemslib.signer import Key, SSlibKey
from tuf.api.metadata import DelegatedRole, Delegations, Root, Targets

from playlists.findings import FileError
from playlists.json_document import read_fields, read_object, read_version
from sync.hub.request import Holder, Quorum
from sync.hub.sentences import HubRefusalError
from sync.publication import ROLE
from sync.trust import roles

FORMAT_VERSION: Final = 1
ORGANISATIONS: Final = 2
_ID: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
_ONE_PERSON_OR_TWO: Final = frozenset({roles.URGENT, roles.WITHDRAWALS})
"""Roles that one organisation may sign alone."""

_Text = Annotated[str, Field(min_length=1, max_length=200)]
_Id = Annotated[str, Field(min_length=1, max_length=64)]


class TrustPlanError(FileError):
    """A trust plan that cannot be used."""

    what = "Trust plan"
    what_vi = "tệp kế hoạch tin cậy"


class _Fields(BaseModel):
    model_config = ConfigDict(strict=True, extra="allow")


class _KeyFields(_Fields):
    keyid: _Id
    keytype: _Id
    scheme: _Id
    keyval: dict[str, str]


class _PersonFields(_Fields):
    id: _Id
    name: _Text
    public_key: _KeyFields


class _DatedNameFields(_Fields):
    since: _Id
    name: _Text


class _OrganisationFields(_Fields):
    id: _Id
    names: Annotated[list[_DatedNameFields], Field(min_length=1)]
    people: Annotated[list[_PersonFields], Field(min_length=1)]


class _UnitFields(_Fields):
    id: _Id
    name: _Text
    gates: Annotated[list[_Id], Field(min_length=1)]


class _PlanFields(_Fields):
    format_version: Literal[1]
    organisations: list[_OrganisationFields]
    units: list[_UnitFields] = Field(default_factory=list)
    signers: dict[str, list[_Id]] = Field(default_factory=dict)
    thresholds: dict[str, Annotated[int, Field(ge=1)]] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a key of their own."""

    id: str
    name: str
    key: Key


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation: its names, each with the day it began to be called so, the latest last; its people."""

    id: str
    names: tuple[tuple[date, str], ...]
    people: tuple[Person, ...]

    def name_on(self, day: date) -> str:
        """What it was called on a day; before the first known day as on that."""
        begun = [name for since, name in self.names if since <= day]
        return begun[-1] if begun else self.names[0][1]


@dataclass(frozen=True, slots=True)
class Unit:
    """A Border Guard unit that may publish for its gates."""

    id: str
    name: str
    gates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TrustPlan:
    """Who may sign what. ``signers`` gives roles the ids of those who may, where not everybody does."""

    organisations: tuple[Organisation, ...]
    units: tuple[Unit, ...] = ()
    signers: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    thresholds: Mapping[str, int] = field(default_factory=dict, hash=False)

    @property
    def delegated(self) -> tuple[str, ...]:
        """The delegated roles, the ones that are fetched first at the front."""
        units = (roles.unit_role(unit.id) for unit in self.units)
        return (roles.URGENT, roles.WITHDRAWALS, *units, roles.DEPARTMENT)

    @property
    def offline(self) -> tuple[str, ...]:
        """All roles that people sign."""
        return (roles.ROOT, roles.TARGETS, *self.delegated)

    def people(self, role: str) -> tuple[tuple[Organisation, Person], ...]:
        """Who may sign a role."""
        everybody = [(organisation, person) for organisation in self.organisations for person in organisation.people]
        named = self.signers.get(role)
        return tuple(one for one in everybody if named is None or one[1].id in named)

    def threshold(self, role: str) -> int:
        """How many of them must."""
        usual = {roles.URGENT: roles.URGENT_SIGNERS, roles.WITHDRAWALS: roles.WITHDRAWAL_SIGNERS}
        return self.thresholds.get(role, usual.get(role, roles.BOTH_ORGANISATIONS))

    def paths(self, role: str) -> tuple[str, ...]:
        """What a delegated role may name."""
        fixed = {
            roles.URGENT: roles.URGENT_PATHS,
            roles.WITHDRAWALS: roles.WITHDRAWALS_PATHS,
            roles.DEPARTMENT: roles.DEPARTMENT_PATHS,
        }
        units = {roles.unit_role(unit.id): roles.unit_paths(unit.gates) for unit in self.units}
        return fixed.get(role) or units[role]

    def quorum(self, role: str, on: date) -> Quorum:
        """Who must sign a role, by the names of a day."""
        holders = tuple(Holder(person.name, body.name_on(on), person.key) for body, person in self.people(role))
        return Quorum(self.threshold(role), holders)

    def with_people(self, organisation: str, people: Sequence[Person]) -> "TrustPlan":
        """The plan with other people in one organisation."""
        bodies = tuple(
            replace(body, people=tuple(people)) if body.id == organisation else body for body in self.organisations
        )
        return replace(self, organisations=bodies)


def read_plan(content: bytes) -> TrustPlan:
    """Read a plan. Raises ``TrustPlanError`` for its form, ``HubRefusalError`` where what it says cannot be."""
    document = read_object(content, TrustPlanError)
    read_version(document, (FORMAT_VERSION,), TrustPlanError)
    fields = read_fields(_PlanFields, document, TrustPlanError)
    try:
        bodies = tuple(_organisation(one) for one in fields.organisations)
    except ValueError as wrong:
        raise HubRefusalError(code="plan", why=wrong) from None
    units = tuple(Unit(one.id, one.name, tuple(one.gates)) for one in fields.units)
    signers = {role: tuple(ids) for role, ids in fields.signers.items()}
    plan = TrustPlan(bodies, units, signers, dict(fields.thresholds))
    check_plan(plan)
    return plan


def write_plan(plan: TrustPlan) -> bytes:
    """The file of a plan."""
    told = {
        "format_version": FORMAT_VERSION,
        "organisations": [
            {
                "id": body.id,
                "names": [{"since": since.isoformat(), "name": name} for since, name in body.names],
                "people": [
                    {"id": one.id, "name": one.name, "public_key": {"keyid": one.key.keyid, **one.key.to_dict()}}
                    for one in body.people
                ],
            }
            for body in plan.organisations
        ],
        "units": [{"id": unit.id, "name": unit.name, "gates": list(unit.gates)} for unit in plan.units],
        "signers": {role: list(ids) for role, ids in plan.signers.items()},
        "thresholds": dict(plan.thresholds),
    }
    return json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"


def check_plan(plan: TrustPlan) -> None:
    """Refuse what would give one organisation, or nobody, the power to sign. Raises ``HubRefusalError``."""
    people = [person for body in plan.organisations for person in body.people]
    ids = [person.id for person in people]
    for names in (ids, [body.id for body in plan.organisations], [unit.id for unit in plan.units]):
        for name in names:
            _demand(bool(_ID.match(name)), f"mã “{name}” chỉ được gồm chữ thường không dấu, chữ số và dấu gạch nối")
        _demand(len(set(names)) == len(names), "có mã bị ghi hai lần")
    _demand(len(plan.organisations) == ORGANISATIONS, "phải có đúng hai cơ quan")
    values = [tuple(sorted(person.key.keyval.items())) for person in people]
    _demand(len(set(values)) == len(values), "hai người dùng chung một khóa")
    _demand(len({person.key.keyid for person in people}) == len(people), "hai khóa trùng mã khóa")
    for gate in (gate for unit in plan.units for gate in unit.gates):
        _demand(bool(_ID.match(gate)), f"mã cửa khẩu “{gate}” chỉ được gồm chữ thường không dấu, chữ số, gạch nối")
    for role in (*plan.signers, *plan.thresholds):
        _demand(role in plan.offline, f"không có phần ký nào tên “{role}”")
    for role, named in plan.signers.items():
        _demand(set(named) <= set(ids), f"phần “{role}” nhắc đến người không có trong kế hoạch")
    for role in plan.offline:
        _check_role(plan, role)


def _check_role(plan: TrustPlan, role: str) -> None:
    may, threshold = plan.people(role), plan.threshold(role)
    _demand(threshold <= len(may), f"phần “{role}” cần {threshold} chữ ký nhưng chỉ có {len(may)} người")
    if role in _ONE_PERSON_OR_TWO:
        return
    for body in plan.organisations:
        alone = sum(one is body for one, _ in may)
        _demand(alone < threshold, f"phần “{role}”: riêng “{body.id}” đã đủ {threshold} chữ ký, không cần cơ quan kia")


def root_of(plan: TrustPlan, online: Key, version: int, expires: datetime) -> Root:
    """The root that a plan asks for."""
    root = Root(version=version, expires=expires, consistent_snapshot=True)
    for role in (roles.ROOT, roles.TARGETS):
        for _, person in plan.people(role):
            root.add_key(person.key, role)
        root.roles[role].threshold = plan.threshold(role)
    for role in (roles.SNAPSHOT, roles.TIMESTAMP):
        root.add_key(online, role)
    return root


def targets_of(plan: TrustPlan, version: int, expires: datetime) -> Targets:
    """The top-level targets that a plan asks for: delegations and nothing else."""
    delegated: dict[str, DelegatedRole] = {}
    keys: dict[str, Key] = {}
    for role in plan.delegated:
        held = [person.key for _, person in plan.people(role)]
        keys.update({key.keyid: key for key in held})
        paths = list(plan.paths(role))
        ids = [key.keyid for key in held]
        delegated[role] = DelegatedRole(role, ids, plan.threshold(role), terminating=False, paths=paths)
    signed = Targets(version=version, expires=expires, delegations=Delegations(keys, delegated))
    signed.unrecognized_fields[ROLE] = roles.TARGETS
    return signed


def read_key(told: Mapping[str, Any]) -> SSlibKey:
    """A public key as files have it. Raises ``ValueError``."""
    try:
        keyid = str(told["keyid"])
        key = SSlibKey(keyid, str(told["keytype"]), str(told["scheme"]), dict(told["keyval"]))
        key._crypto_key()  # noqa: SLF001  # the one way to learn whether the value is a key at all
    except (LookupError, TypeError, ValueError) as wrong:
        message = "khóa công khai không đọc được"
        raise ValueError(message) from wrong
    return key


def _organisation(fields: _OrganisationFields) -> Organisation:
    names = sorted((date.fromisoformat(one.since), one.name) for one in fields.names)
    people = tuple(Person(one.id, one.name, read_key(one.public_key.model_dump())) for one in fields.people)
    return Organisation(fields.id, tuple(names), people)


def _demand(holds: bool, why: str) -> None:  # noqa: FBT001  # the one truth it is about
    if not holds:
        raise HubRefusalError(code="plan", why=why)
