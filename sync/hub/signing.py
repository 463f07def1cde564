"""Signing in steps: what a signer is shown, the signature added, signatures brought back, who still has to sign."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import tzinfo
from typing import Final

from securesystemslib.signer import Key, Signer
from tuf.api.metadata import Delegations, Root, TargetFile, Targets

from playlists.errors import SignageError
from playlists.release import read_release, read_urgent, read_withdrawn
from sync.hub.request import Holder, Part, Request
from sync.hub.sentences import HubRefusalError

ROLE_NAMES: Final = {
    "root": "gốc tin cậy",
    "targets": "phân quyền ký",
    "urgent": "tin khẩn",
    "snapshot": "danh mục phiên bản",
    "timestamp": "dấu thời gian",
    "withdrawals": "thu hồi nội dung",
    "department": "phát hành toàn tỉnh",
}
"""What people call the roles; a unit's has its own name."""
_MIB: Final = 1 << 20


def role_name(role: str) -> str:
    """A role for people: what it is for, and its name."""
    told = ROLE_NAMES.get(role, "phát hành của đơn vị")
    return f"{told} ({role})"


def add_signature(request: Request, signer: Signer) -> tuple[Request, tuple[str, ...]]:
    """The request signed wherever this key may sign and has not, and the roles it signed.

    Raises ``HubRefusalError``: the key may sign nothing of it, or has signed all it may.
    """
    key_id = signer.public_key.keyid
    may = [part for part in request.parts if any(_is(holder, signer.public_key) for holder in part.holders)]
    if not may:
        raise HubRefusalError(code="foreign-key", key=key_id[:16])
    todo = [part for part in may if not any(part.signed_by(one) for one in part.holders if one.key.keyid == key_id)]
    if not todo:
        raise HubRefusalError(code="signed-already", key=key_id[:16])
    signed = {part.role: part.with_signatures([signer.sign(part.metadata.signed_bytes)]) for part in todo}
    parts = tuple(signed.get(part.role, part) for part in request.parts)
    return replace(request, parts=parts), tuple(signed)


def collect(ours: Request, brought: Request) -> tuple[Request, tuple[str, ...]]:
    """Our request with the signatures of one that came back, and the names of who signed anew.

    Raises ``HubRefusalError`` where another draft came back, other bytes were signed, or a signature is foreign or not
    valid; then nothing of it counts.
    """
    if ours.draft != brought.draft or {part.role for part in ours.parts} != {part.role for part in brought.parts}:
        raise HubRefusalError(code="other-draft", draft=brought.draft)
    parts: list[Part] = []
    came: dict[str, str] = {}
    for part in ours.parts:
        other = brought.part(part.role)
        if other is None or other.digest != part.digest:
            raise HubRefusalError(code="other-bytes", role=role_name(part.role))
        holders = {holder.key.keyid: holder for holder in part.holders}
        with_theirs = part.with_signatures(other.metadata.signatures.values())
        for key_id in other.metadata.signatures:
            if key_id not in holders:
                raise HubRefusalError(code="foreign-signature", key=key_id[:16], role=role_name(part.role))
            if not with_theirs.signed_by(holders[key_id]):
                raise HubRefusalError(code="bad-signature", name=holders[key_id].name, role=role_name(part.role))
            if not part.signed_by(holders[key_id]):
                came[key_id] = holders[key_id].name
        merged = dict(part.metadata.signatures) | dict(other.metadata.signatures)
        parts.append(part.with_signatures(merged.values()))
    return replace(ours, parts=tuple(parts)), tuple(came.values())


def still_to_sign(request: Request) -> Iterator[str]:
    """Who still has to sign, for people; a line says so where nobody has to."""
    if request.complete:
        yield "Đã đủ chữ ký."
        return
    together: dict[tuple[int, str], list[str]] = {}
    for part in request.parts:
        for quorum in part.quorums:
            if count := part.missing(quorum):
                names = ", ".join(_named(holder) for holder in quorum.holders if not part.signed_by(holder))
                together.setdefault((count, names), []).append(role_name(part.role))
    for (count, names), parts in together.items():
        yield f"Còn thiếu {count} chữ ký cho phần {', '.join(dict.fromkeys(parts))}; có thể ký: {names}"


def description(request: Request, zone: tzinfo) -> Iterator[str]:
    """What is being signed, for the signer to read: told from the very bytes, beside what the request's maker says."""
    yield f"Bản nháp {request.draft}, lập lúc {request.made.astimezone(zone).isoformat(timespec='minutes')}"
    yield from (f"  {line}" for line in request.summary)
    for part in request.parts:
        expires = part.metadata.signed.expires.astimezone(zone).isoformat(timespec="minutes")
        former = "mới" if part.replaces is None else f"thay bản {part.replaces.signed.version}"
        yield f"Phần {role_name(part.role)}: bản {part.version} ({former}), hết hạn {expires}"
        yield f"  Mã kiểm tra sha256: {part.digest}"
        yield from (f"  {line}" for line in _changes(part, request))
        signed = ", ".join(_named(holder) for holder in part.holders if part.signed_by(holder))
        yield f"  Đã ký: {signed or 'chưa ai'}"


def _changes(part: Part, request: Request) -> Iterator[str]:
    signed = part.metadata.signed
    former = None if part.replaces is None else part.replaces.signed
    names = {holder.key.keyid: _named(holder) for one in request.parts for holder in one.holders}
    if isinstance(signed, Root):
        yield from _key_changes(names, *(_role_keys(one) for one in (former, signed)))
    elif isinstance(signed, Targets):
        yield from _key_changes(names, *(_delegated_keys(one) for one in (former, signed)))
        yield from _target_changes({} if former is None else former.targets, signed.targets, request)


def _role_keys(root: Root | None) -> dict[str, tuple[int, frozenset[str], str]]:
    if root is None:
        return {}
    return {name: (role.threshold, frozenset(role.keyids), "") for name, role in root.roles.items()}


def _delegated_keys(targets: Targets | None) -> dict[str, tuple[int, frozenset[str], str]]:
    delegations: Delegations | None = None if targets is None else targets.delegations
    if delegations is None or delegations.roles is None:
        return {}
    return {
        name: (role.threshold, frozenset(role.keyids), " ".join(role.paths or ()))
        for name, role in delegations.roles.items()
    }


def _key_changes(
    names: dict[str, str],
    former: dict[str, tuple[int, frozenset[str], str]],
    coming: dict[str, tuple[int, frozenset[str], str]],
) -> Iterator[str]:
    for role, (threshold, keys, paths) in coming.items():
        was = former.get(role)
        if was == (threshold, keys, paths):
            continue
        yield f"{role_name(role)}: cần {threshold} chữ ký trong {len(keys)} khóa{', cho ' + paths if paths else ''}"
        before = frozenset() if was is None else was[1]
        yield from (
            f"  + {names.get(key, 'khóa trực tuyến hoặc khóa không rõ tên')}: {key[:16]}"
            for key in sorted(keys - before)
        )
        yield from (f"  - {names.get(key, 'khóa thôi dùng')}: {key[:16]}" for key in sorted(before - keys))
    yield from (f"bỏ hẳn phần {role_name(role)}" for role in former if role not in coming)


def _target_changes(former: dict[str, TargetFile], coming: dict[str, TargetFile], request: Request) -> Iterator[str]:
    for path, target in coming.items():
        if path in former and former[path].hashes == target.hashes and former[path].custom == target.custom:
            continue
        digest = target.hashes["sha256"]
        yield f"{'sửa' if path in former else 'thêm'} {path}: {_content(path, request.targets.get(digest))}"
        if target.custom is not None:
            yield f"  phạm vi: {json.dumps(target.custom, ensure_ascii=False)}"
        yield f"  sha256 {digest}, {target.length} byte"
    yield from (f"bỏ {path}" for path in former if path not in coming)


def _content(path: str, content: bytes | None) -> str:
    if content is None:
        return "không kèm nội dung để xem"
    try:
        if path.startswith("releases/"):
            release = read_release(content)
            size = sum(file.length for file in release.media) / _MIB
            return f"bản phát hành số {release.sequence}, {len(release.media)} tệp, {size:.1f} MiB"
        if path.startswith("urgent/"):
            return f"tin khẩn “{read_urgent(content).slot.item.title}”"
        withdrawn = read_withdrawn(content)
        return "thu hồi " + ", ".join([*sorted(withdrawn.items), *sorted(withdrawn.digests)])
    except SignageError:
        return "nội dung không đọc được"


def _is(holder: Holder, key: Key) -> bool:
    return holder.key.keyid == key.keyid and holder.key.keyval == key.keyval and holder.key.scheme == key.scheme


def _named(holder: Holder) -> str:
    return f"{holder.name} ({holder.organisation})"
