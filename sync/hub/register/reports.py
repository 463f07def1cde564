"""Status reports into the register: several in one transaction, each with what it makes suspect."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F

from sync.hub.register.doubts import Doubt, Sighting, boots_after, doubts
from sync.hub.register.models import Device, StatusRecord, Suspicion
from sync.protocol import State, StatusReport

_REPORTS_KEPT = 20


@dataclass(frozen=True, slots=True)
class Reported:
    """A report whose signature was good: whose, with which counter, and when it came (UTC)."""

    device: str
    counter: int
    report: StatusReport
    at: datetime


def record_reports(reported: Sequence[Reported]) -> list[int | None]:
    """Keep reports; for each None, or the counter known where it is a replay (then nothing of it is kept).

    One transaction, in the order they came. A device that is no longer confirmed is passed over.
    """
    with transaction.atomic():
        names = {one.device for one in reported}
        devices = Device.objects.select_for_update().filter(state=State.CONFIRMED).in_bulk(names)
        newest = _newest(devices)
        outcomes = [_record(one, devices.get(one.device), newest) for one in reported]
        Device.objects.bulk_update(devices.values(), ["counter", "boots", "seen", "software"])
    return outcomes


def _newest(devices: dict[str, Device]) -> dict[str, StatusRecord]:
    """The newest record of each device."""
    records = StatusRecord.objects.filter(device__in=devices).order_by("first", "pk")
    return {record.device_id: record for record in records}


def _record(reported: Reported, device: Device | None, newest: dict[str, StatusRecord]) -> int | None:
    if device is None:
        return None
    report = reported.report
    known = Sighting(device.counter, device.boots, device.machine)
    for doubt in doubts(known, Sighting(reported.counter, [report.boot], report.machine)):
        _suspect(device, doubt, reported.at)
    device.boots = boots_after(device.boots, report.boot)
    if reported.counter <= device.counter:
        return device.counter
    device.counter, device.seen, device.software = reported.counter, reported.at, report.software
    _keep(reported, device, newest)
    return None


def _keep(reported: Reported, device: Device, newest: dict[str, StatusRecord]) -> None:
    body = reported.report.model_dump(mode="json", exclude_none=True)
    before = newest.get(device.pk)
    if before is not None and notable(before.body) == notable(body):
        before.body, before.latest = body, reported.at
        before.save(update_fields=["body", "latest"])
        return
    newest[device.pk] = StatusRecord.objects.create(device=device, first=reported.at, latest=reported.at, body=body)
    kept = StatusRecord.objects.filter(device=device).order_by("-first", "-pk")[:_REPORTS_KEPT]
    StatusRecord.objects.filter(device=device).exclude(pk__in=[one.pk for one in kept]).delete()


def notable(body: dict[str, object]) -> tuple[object, ...]:
    """What of a report makes it worth keeping beside the one before, when it differs."""
    running, refusals = body.get("running"), body.get("refusals")
    sequence = running.get("sequence") if isinstance(running, dict) else None
    confirmed = running.get("confirmed") if isinstance(running, dict) else None
    codes = tuple(one.get("code") for one in refusals) if isinstance(refusals, list) else ()
    return sequence, confirmed, codes, body.get("rolled_back"), body.get("software"), body.get("machine")


def _suspect(device: Device, doubt: Doubt, at: datetime) -> None:
    fresh = {"detail": doubt.detail, "latest": at}
    if not Suspicion.objects.filter(device=device, kind=doubt.kind).update(**fresh, times=F("times") + 1):
        Suspicion.objects.create(device=device, kind=doubt.kind, first=at, **fresh)
