"""Enrolment codes and devices: made, used, confirmed, refused, revoked. Each function is one short transaction."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction
from django.db.models import F

from playlists.errors import UsageError
from sync.hub.register.doubts import CLONED, MOVED
from sync.hub.register.models import Device, EnrolmentCode, Revision, Screen, StatusRecord
from sync.hub.register.rebuffs import RebuffError
from sync.protocol import CODE_LETTERS, EnrolRequest, State, device_id

_CODE_LENGTH = 12
_MAY_BECOME = {
    State.CONFIRMED: (State.PENDING, State.CONFIRMED, State.REFUSED),
    State.REFUSED: (State.PENDING,),
    State.REVOKED: (State.CONFIRMED,),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a device stands: its screen, its state, and why."""

    device: str
    gate: str
    screen: str
    state: State
    reason: str


def add_screen(gate: str, name: str, title: str) -> None:
    """Enter a screen, or give one another title."""
    Screen.objects.update_or_create(gate=gate, name=name, defaults={"title": title})


def remove_screen(gate: str, name: str) -> None:
    """Strike a screen, its codes and devices. Raises ``UsageError``."""
    with transaction.atomic():
        screen = find_screen(gate, name)
        if screen.devices.filter(state=State.CONFIRMED).exists():
            message = f"màn hình {screen} còn thiết bị đang dùng; hãy thu hồi thiết bị trước (devices revoke)"
            raise UsageError(message)
        screen.delete()
        note_change()


def find_screen(gate: str, name: str) -> Screen:
    """A screen by name. Raises ``UsageError``."""
    try:
        return Screen.objects.get(gate=gate, name=name)
    except Screen.DoesNotExist:
        message = f"chưa có màn hình {gate}/{name}; thêm bằng: signage-hub screens add {gate}/{name}"
        raise UsageError(message) from None


def make_code(gate: str, name: str, life: timedelta, now: datetime) -> str:
    """A one-time code for a screen; only its digest is kept. Raises ``UsageError``."""
    code = "".join(secrets.choice(CODE_LETTERS) for _ in range(_CODE_LENGTH))
    with transaction.atomic():
        screen = find_screen(gate, name)
        EnrolmentCode.objects.filter(expires__lt=now, used_by="").delete()
        EnrolmentCode.objects.create(digest=_digest(code), screen=screen, made=now, expires=now + life)
    return code


def enrol(request: EnrolRequest, counter: int, now: datetime) -> Standing:
    """Take a code in; the device waits for a human. Asked again with the same key, the answer is the same.

    Raises ``RebuffError``.
    """
    key = bytes.fromhex(request.public_key)
    device = device_id(key)
    with transaction.atomic():
        code = EnrolmentCode.objects.select_for_update().filter(digest=_digest(request.code)).first()
        if code is None:
            raise RebuffError(code="code-wrong")
        if code.used_by == device:
            return standing(device)
        if code.used_by:
            raise RebuffError(code="code-used")
        if code.expires <= now:
            raise RebuffError(code="code-expired")
        EnrolmentCode.objects.filter(pk=code.pk).update(used_by=device)
        fields = {
            "public_key": key,
            "screen": code.screen,
            "state": State.PENDING.value,
            "reason": "",
            "machine": request.machine.id,
            "facts": dict(request.machine.facts),
            "software": request.software,
            "enrolled": now,
            "counter": counter,
            "boots": [request.boot],
        }
        Device.objects.update_or_create(id=device, defaults=fields)
        note_change()
    return standing(device)


def standing(device: str) -> Standing:
    """Where a device stands. Raises ``RebuffError``."""
    found = Device.objects.select_related("screen").filter(pk=device).first()
    if found is None:
        raise RebuffError(code="unknown-device")
    return Standing(found.id, found.screen.gate, found.screen.name, State(found.state), found.reason)


def decide(device: Device, state: State, now: datetime, *, reason: str = "", replace: bool = False) -> None:
    """Confirm, refuse or revoke a device. Raises ``UsageError``.

    A device that is confirmed once more is one a human looked at: what was suspected of it is struck, and it stands
    on the machine it reports from.
    """
    with transaction.atomic():
        device = Device.objects.select_for_update().get(pk=device.pk)
        if State(device.state) not in _MAY_BECOME[state]:
            message = f"thiết bị đang ở trạng thái “{STATES_VI[State(device.state)]}”, không làm việc này được"
            raise UsageError(message)
        if state is State.CONFIRMED:
            _make_way(device, now, replace=replace)
            device.suspicions.filter(kind__in=(CLONED, MOVED)).delete()
            newest = StatusRecord.objects.filter(device=device).order_by("-first").first()
            device.machine = device.machine if newest is None else newest.body["machine"]
        device.state, device.reason, device.decided = state.value, reason, now
        device.save(update_fields=["state", "reason", "decided", "machine"])
        note_change()


def find_device(told: str) -> Device:
    """A device by the beginning of its name, or by ``GATE/SCREEN`` where that leaves one. Raises ``UsageError``."""
    known = Device.objects.select_related("screen")
    gate, slash, name = told.partition("/")
    found = list(known.filter(screen__gate=gate, screen__name=name) if slash else known.filter(pk__startswith=told))
    if len(found) > 1 and slash:
        found = [one for one in found if one.state in {State.PENDING, State.CONFIRMED}]
    if len(found) == 1:
        return found[0]
    message = f"không có thiết bị “{told}”" if not found else f"“{told}” chỉ nhiều thiết bị; hãy gõ mã thiết bị dài hơn"
    raise UsageError(message)


def note_change() -> None:
    """Let the server know that screens or devices changed."""
    Revision.objects.get_or_create(pk=1)
    Revision.objects.filter(pk=1).update(number=F("number") + 1)


def _make_way(device: Device, now: datetime, *, replace: bool) -> None:
    others = Device.objects.filter(screen=device.screen, state=State.CONFIRMED).exclude(pk=device.pk)
    if not others:
        return
    if not replace:
        listed = ", ".join(one.pk[:8] for one in others)
        message = f"màn hình {device.screen} đã có thiết bị {listed}; nếu thay máy, thêm --replace (máy cũ bị thu hồi)"
        raise UsageError(message)
    others.update(state=State.REVOKED.value, reason=f"thay bằng thiết bị {device.pk[:8]}", decided=now)


def _digest(code: str) -> str:
    return sha256(b"signage-code\n" + code.encode()).hexdigest()


STATES_VI = {
    State.PENDING: "chờ xác nhận",
    State.CONFIRMED: "đang dùng",
    State.REFUSED: "bị từ chối",
    State.REVOKED: "đã thu hồi",
}
