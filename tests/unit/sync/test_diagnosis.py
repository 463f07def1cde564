"""What ``diagnose`` finds: each fact, its sentence, who can act, and the exit code of them all."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from playlists.errors import ExitCode
from sync.agent import diagnosis
from sync.agent.diagnosis import Finding, Reached

NOW = datetime(2026, 11, 24, tzinfo=UTC)
WELL, SITE, CENTRE = ExitCode.OK, ExitCode.SITE, ExitCode.CONTENT
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("finding", "code", "who"),
    [
        (diagnosis.clock(NOW, NOW, synchronised=True, believed=True), "clock", WELL),
        (diagnosis.clock(NOW, NOW, synchronised=False, believed=True), "clock", WELL),
        (diagnosis.clock(LONG_AGO, NOW, synchronised=False, believed=False), "clock", SITE),
        (diagnosis.disk(10**9, 10**10, 10**8, None), "disk", WELL),
        (diagnosis.disk(10**7, 10**10, 10**8, None), "disk", SITE),
        (diagnosis.disk(10**9, 10**10, 10**8, "Read-only file system"), "disk", SITE),
        (diagnosis.hub(Reached("hub"), NOW), "hub", WELL),
        (diagnosis.hub(Reached("hub", "dns"), NOW), "hub-dns", SITE),
        (diagnosis.hub(Reached("hub", "tcp", "refused"), NOW), "hub-tcp", SITE),
        (diagnosis.hub(Reached("hub", "tls"), NOW), "hub-tls", SITE),
        (diagnosis.hub(Reached("hub", "http"), NOW), "hub-http", SITE),
        (diagnosis.hub(Reached("hub", certificate=NOW + timedelta(days=60)), NOW), "hub", WELL),
        (diagnosis.hub(Reached("hub", certificate=NOW + timedelta(days=6)), NOW), "hub-certificate", CENTRE),
        (diagnosis.expiry("root", NOW + timedelta(days=100), NOW), "expiry-root", WELL),
        (diagnosis.expiry("root", NOW + timedelta(days=10), NOW), "expiry-root", CENTRE),
        (diagnosis.expiry("timestamp", NOW + timedelta(days=6), NOW), "expiry-timestamp", WELL),
        (diagnosis.expiry("timestamp", NOW, NOW), "expiry-timestamp", CENTRE),
        (diagnosis.expiry("targets", None, NOW), "expiry-targets", SITE),
        (diagnosis.enrolment("confirmed", None, None), "enrolment", WELL),
        (diagnosis.enrolment("pending", None, None), "pending", CENTRE),
        (diagnosis.enrolment("revoked", "đã bán", None), "revoked", CENTRE),
        (diagnosis.enrolment(None, None, None), "not-enrolled", SITE),
        (diagnosis.enrolment("confirmed", None, "mất khóa"), "key", SITE),
        (diagnosis.player("item", "x", alive=True), "player", WELL),
        (diagnosis.player("slate", "x", alive=True), "player", CENTRE),
        (diagnosis.player("item", "x", alive=False), "player", SITE),
        (diagnosis.player(None, None, alive=False), "player", SITE),
        (diagnosis.release(7, whole=True, trouble=None), "release", WELL),
        (diagnosis.release(7, whole=True, trouble="hết hạn"), "release", CENTRE),
        (diagnosis.release(7, whole=False, trouble=None), "release", SITE),
        (diagnosis.release(None, whole=False, trouble=None), "release", CENTRE),
    ],
)
def test_a_finding_says_who_can_act_and_what_to_do(finding: Finding, code: str, who: ExitCode) -> None:
    assert (finding.code, finding.who, finding.well) == (code, who, who is WELL)
    assert bool(finding.act) is not finding.well
    assert ("-> " in diagnosis.printed([finding])) is not finding.well


@pytest.mark.parametrize(
    ("found", "code"), [((), WELL), ((WELL,), WELL), ((CENTRE, WELL), CENTRE), ((CENTRE, SITE), SITE)]
)
def test_the_one_who_stands_there_acts_first(found: tuple[ExitCode, ...], code: ExitCode) -> None:
    assert diagnosis.exit_code([Finding("x", "x", "x", who=who) for who in found]) is code


def test_a_stick_can_carry_it() -> None:
    content = json.loads(diagnosis.written([diagnosis.disk(10**9, 10**10, 0, None)], "now"))
    assert (content["format"], content["at"], content["findings"][0]["code"]) == (1, "now", "disk")
