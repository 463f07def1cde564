"""Alters a signed feed as an attacker with no key, or with too few, could: the same seed gives the same attack.

A mutation takes the files of a feed (metadata and targets), a random generator and what else the attacker has, and
changes one or two of the files. Keys that may sign alone (``online``, one person for withdrawals) are never used: what
they sign is signed. :func:`attacked` draws again until some file differs from every honest one of that name.
"""

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Metadata, Root

Files = dict[str, bytes]
Document = dict[str, Any]


@dataclass(frozen=True)
class Loot:
    """What an attacker has: the files of earlier states, a key nobody knows, and one person's key."""

    earlier: Mapping[str, bytes]
    stranger: CryptoSigner
    person: CryptoSigner
    person_alone: frozenset[str]
    """Roles whose metadata that person may sign alone."""


Mutation = Callable[[Files, random.Random, Loot], None]
_EVERYTHING: Final[tuple[object, ...]] = (
    0,
    1,
    -1,
    2**31,
    10**30,
    1.5,
    True,
    False,
    None,
    "",
    "x",
    "2099-01-01T00:00:00Z",
    [],
    {},
    ["x"],
)


def flipped_bytes(files: Files, chance: random.Random, loot: Loot) -> None:
    """A few bits anywhere."""
    del loot
    name = _any(files, chance)
    rotten = bytearray(files[name])
    for _ in range(chance.choice((1, 1, 1, 2, 8))):
        rotten[chance.randrange(len(rotten))] ^= 1 << chance.randrange(8)
    files[name] = bytes(rotten)


def other_digits(files: Files, chance: random.Random, loot: Loot) -> None:
    """Another digit or letter in the place of one: what stays readable."""
    del loot
    name = _any(files, chance)
    content = files[name]
    places = [place for place, byte in enumerate(content) if chr(byte).isalnum()]
    place = chance.choice(places)
    files[name] = content[:place] + chance.choice("0123456789abcdef").encode() + content[place + 1 :]


def cut_or_grown(files: Files, chance: random.Random, loot: Loot) -> None:
    """The end missing, something at the end, or a piece twice."""
    del loot
    name = _any(files, chance)
    content = files[name]
    place = chance.randrange(len(content))
    files[name] = chance.choice(
        (content[:place], content + chance.randbytes(9), content[:place] + content[place // 2 :], b"", content * 2)
    )


def edited_json(files: Files, chance: random.Random, loot: Loot) -> None:
    """Some value in the signed part changed, removed, or added."""
    del loot
    name, document = _metadata(files, chance)
    for _ in range(chance.choice((1, 1, 2, 5))):
        _edit(document["signed"], chance)
    _put(files, name, document)


def other_version(files: Files, chance: random.Random, loot: Loot) -> None:
    """A version up or down: of the file itself, or of one it lists."""
    del loot
    name, document = _metadata(files, chance)
    signed = document["signed"]
    listed = [*signed.get("meta", {}).values(), signed]
    chance.choice(listed)["version"] += chance.choice((-3, -1, 1, 2, 1000))
    _put(files, name, document)


def longer_life(files: Files, chance: random.Random, loot: Loot) -> None:
    """Another day of expiry, or of signing."""
    del loot
    name, document = _metadata(files, chance)
    signed = document["signed"]
    field = chance.choice([key for key in ("expires", "x-issued", "x-confirmed") if key in signed])
    year = chance.choice((1970, 2026, 2027, 2090))
    signed[field] = [year] if field == "x-confirmed" else f"{year}-{chance.randint(1, 12):02}-15T00:00:00Z"
    _put(files, name, document)


def weaker_threshold(files: Files, chance: random.Random, loot: Loot) -> None:
    """Fewer signatures asked for, or the stranger's key allowed."""
    name, document = _metadata(files, chance, having=("roles", "delegations"))
    signed = document["signed"]
    holder = signed if "roles" in signed else signed["delegations"]
    roles = list(holder["roles"].values()) if isinstance(holder["roles"], dict) else holder["roles"]
    role = chance.choice(roles)
    if chance.random() < 0.5:
        role["threshold"] = chance.choice((0, 1, 2, -1))
    else:
        role["keyids"].append(loot.stranger.public_key.keyid)
        holder["keys"][loot.stranger.public_key.keyid] = loot.stranger.public_key.to_dict()
    _put(files, name, document)
    if chance.random() < 0.5:
        _resign(files, name, loot.stranger)


def exchanged_keys(files: Files, chance: random.Random, loot: Loot) -> None:
    """A person's key ID with the stranger's key behind it, and signed by that."""
    name, document = _metadata(files, chance, having=("keys", "delegations"))
    signed = document["signed"]
    keys = signed["keys"] if "keys" in signed else signed["delegations"]["keys"]
    keys[chance.choice(list(keys))] = loot.stranger.public_key.to_dict()
    _put(files, name, document)
    _resign(files, name, loot.stranger)


def signed_by_a_stranger(files: Files, chance: random.Random, loot: Loot) -> None:
    """Other content, signed by the stranger under a rightful key's ID."""
    name, document = _metadata(files, chance)
    _edit(document["signed"], chance)
    _put(files, name, document)
    identities = [signature["keyid"] for signature in document["signatures"]]
    _resign(files, name, loot.stranger, under=identities)


def signed_by_one_person(files: Files, chance: random.Random, loot: Loot) -> None:
    """Other content, signed by one person of four, once or several times."""
    name, document = _metadata(files, chance)
    if _role_of(name) in loot.person_alone:
        flipped_bytes(files, chance, loot)
        return
    document["signed"]["expires"] = "2027-03-03T00:00:00Z"
    _put(files, name, document)
    _resign(files, name, loot.person)
    if chance.random() < 0.5:
        again = json.loads(files[name])
        again["signatures"] += [dict(again["signatures"][0]) for _ in range(3)]
        for number, signature in enumerate(again["signatures"][1:]):
            if chance.random() < 0.5:
                signature["keyid"] = document["signatures"][number % len(document["signatures"])]["keyid"]
        _put(files, name, again)


def spliced_signatures(files: Files, chance: random.Random, loot: Loot) -> None:
    """Signatures of another file, or of an earlier version, under other content."""
    name, document = _metadata(files, chance)
    elsewhere = chance.choice((files, dict(loot.earlier)))
    _, other = _metadata(elsewhere, chance)
    document["signatures"] = other["signatures"]
    if chance.random() < 0.5:
        _edit(document["signed"], chance)
    _put(files, name, document)


def fewer_signatures(files: Files, chance: random.Random, loot: Loot) -> None:
    """Some signatures missing, garbled, or under each other's names."""
    del loot
    name, document = _metadata(files, chance)
    signatures = document["signatures"]
    way = chance.randrange(3)
    if way == 0:
        del signatures[chance.randrange(len(signatures)) :]
    elif way == 1:
        for signature in signatures:
            signature["sig"] = chance.choice(("", "00", signature["sig"][::-1], signature["sig"][:-2]))
    else:
        mixed = [signature["sig"] for signature in signatures]
        chance.shuffle(mixed)
        for signature, value in zip(signatures, mixed, strict=True):
            signature["sig"] = value
    _put(files, name, document)


def swapped_files(files: Files, chance: random.Random, loot: Loot) -> None:
    """One file under another's name, or an earlier one under the name of a later."""
    first = _any(files, chance)
    if chance.random() < 0.5:
        second = _any(files, chance)
        files[first], files[second] = files[second], files[first]
    else:
        files[first] = chance.choice(list(loot.earlier.values()))


def mixed_roles(files: Files, chance: random.Random, loot: Loot) -> None:
    """The targets of one role in another's metadata, or a whole role under another's name."""
    del loot
    targets = [name for name in files if _is_metadata(name) and b'"_type":"targets"' in files[name]]
    name, other = chance.choice(targets), chance.choice(targets)
    document, donor = json.loads(files[name]), json.loads(files[other])
    document["signed"]["targets"] = {**document["signed"]["targets"], **donor["signed"]["targets"]}
    if chance.random() < 0.5:
        document["signatures"] += donor["signatures"]
    _put(files, name, document)


def lost_files(files: Files, chance: random.Random, loot: Loot) -> None:
    """Files that are not there."""
    del loot
    for _ in range(chance.choice((1, 1, 2))):
        del files[_any(files, chance)]


MUTATIONS: Final[tuple[Mutation, ...]] = (
    flipped_bytes,
    other_digits,
    cut_or_grown,
    edited_json,
    other_version,
    longer_life,
    weaker_threshold,
    exchanged_keys,
    signed_by_a_stranger,
    signed_by_one_person,
    spliced_signatures,
    fewer_signatures,
    swapped_files,
    mixed_roles,
    lost_files,
)


def attacked(honest: Mapping[str, bytes], chance: random.Random, loot: Loot) -> tuple[Files, str]:
    """Other files than the honest ones, and the name of the mutation that made them."""
    while True:
        mutation = chance.choice(MUTATIONS)
        files = dict(honest)
        mutation(files, chance, loot)
        if files != honest:
            return files, mutation.__name__


def _is_metadata(name: str) -> bool:
    return name.startswith("metadata/")


def _role_of(name: str) -> str:
    return name.removeprefix("metadata/").removesuffix(".json").split(".")[-1]


def _any(files: Mapping[str, bytes], chance: random.Random) -> str:
    return chance.choice([name for name, content in files.items() if content])


def _metadata(files: Mapping[str, bytes], chance: random.Random, having: tuple[str, ...] = ()) -> tuple[str, Document]:
    names = [name for name in files if _is_metadata(name)]
    while True:
        name = chance.choice(names)
        document: Document = json.loads(files[name])
        if not having or any(field in document["signed"] for field in having):
            return name, document


def _put(files: Files, name: str, document: Document) -> None:
    files[name] = json.dumps(document, separators=(",", ":"), sort_keys=True).encode()


def _edit(part: Document, chance: random.Random) -> None:
    """Change one value somewhere below ``part``."""
    holder: Any = part
    while True:
        keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
        if not keys:
            if isinstance(holder, dict):
                holder["x"] = 1
            else:
                holder.append("x")
            return
        key = chance.choice(keys)
        if isinstance(holder[key], dict | list) and chance.random() < 0.8:
            holder = holder[key]
            continue
        way = chance.random()
        if way < 0.15:
            del holder[key]
        elif way < 0.25 and isinstance(holder, dict):
            holder[str(key) + "x"] = holder.pop(key)
        elif way < 0.4 and isinstance(holder[key], int):
            holder[key] += chance.choice((-1, 1))
        else:
            holder[key] = chance.choice(_EVERYTHING)
        return


def _resign(files: Files, name: str, signer: CryptoSigner, under: list[str] | None = None) -> None:
    """Sign what stands in a file, if it can be read; ``under`` other key IDs than the signer's own."""
    document = json.loads(files[name])
    try:
        metadata: Metadata[Root] = Metadata.from_dict(json.loads(files[name]))
        signature = metadata.sign(signer)
    except Exception:  # noqa: BLE001 - what cannot be signed is left as it stands
        return
    identities = [signature.keyid] if under is None else under
    document["signatures"] = [{"keyid": identity, "sig": signature.signature} for identity in identities]
    _put(files, name, document)
