"""Screens and what is known of each, as JSON for ``signage-hub status --screens`` and for deciding about roll-outs."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Q

from sync.hub.register.doubts import DOUBTS_VI
from sync.hub.register.enrolment import STATES_VI
from sync.hub.register.models import Device, Screen, StatusRecord, Suspicion
from sync.protocol import State, StatusReport, fingerprint


def newest_reports(screens: Collection[str] | None = None) -> Mapping[str, tuple[str, datetime, StatusReport]]:
    """By confirmed device: its screen as ``GATE/SCREEN``, when the newest report came, and the report.

    ``screens`` are the ones that are asked for, None for all.
    """
    records = StatusRecord.objects.filter(device__state=State.CONFIRMED).select_related("device__screen")
    if screens is not None:
        named = [
            Q(device__screen__gate=gate, device__screen__name=name)
            for gate, _, name in (screen.partition("/") for screen in screens)
        ]
        records = records.filter(reduce(or_, named, Q(pk__in=[])))
    found = {}
    for record in records.order_by("first", "pk").iterator():
        try:
            report = StatusReport.model_validate_json(json.dumps(record.body))
        except ValueError:
            continue
        found[record.device_id] = (str(record.device.screen), record.latest, report)
    return found


def screens_overview(now: datetime) -> list[dict[str, object]]:
    """Every screen: title, devices, the newest report, refusals in Vietnamese, suspicions."""
    reports = newest_reports()
    suspicions: dict[str, list[Suspicion]] = {}
    for suspicion in Suspicion.objects.order_by("first"):
        suspicions.setdefault(suspicion.device_id, []).append(suspicion)
    devices: dict[int, list[dict[str, object]]] = {}
    for device in Device.objects.all():
        told = device_overview(device, suspicions.get(device.pk, []))
        if device.pk in reports:
            _, at, report = reports[device.pk]
            told |= _reported(report, at, now)
        devices.setdefault(device.screen_id, []).append(told)
    return [
        {"gate": screen.gate, "screen": screen.name, "title": screen.title, "devices": devices.get(screen.pk, [])}
        for screen in Screen.objects.all()
    ]


def device_overview(device: Device, suspicions: list[Suspicion]) -> dict[str, object]:
    """What the register knows of a device."""
    return {
        "device": device.pk,
        "state": device.state,
        "state_vi": STATES_VI[State(device.state)],
        "reason": device.reason or None,
        "fingerprint": fingerprint(bytes(device.public_key)),
        "facts": device.facts,
        "software": device.software,
        "enrolled": device.enrolled.isoformat(),
        "seen": None if device.seen is None else device.seen.isoformat(),
        "suspicions": [
            {
                "kind": one.kind,
                "vi": DOUBTS_VI[one.kind],
                "detail": one.detail,
                "first": one.first.isoformat(),
                "latest": one.latest.isoformat(),
                "times": one.times,
            }
            for one in suspicions
        ],
    }


def _reported(report: StatusReport, at: datetime, now: datetime) -> dict[str, object]:
    return {
        "minutes_ago": round((now - at).total_seconds() / 60, 1),
        "running": None if report.running is None else report.running.model_dump(mode="json"),
        "fetching": None if report.fetching is None else report.fetching.model_dump(mode="json"),
        "rolled_back": report.rolled_back,
        "timestamp": report.timestamp,
        "refusals": [{"code": one.code, "vi": one.vi, "at": one.at} for one in report.refusals],
        "clock_synchronised": report.synchronised,
        "free_bytes": report.free_bytes,
    }
