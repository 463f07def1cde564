"""V10 and V15: who approved what, and what an urgent item owes to those who see it."""

from collections.abc import Iterator
from datetime import datetime

from playlists.bulletin import Urgency
from playlists.rules_case import Case, approvers, bound, content_of, same_name, sounds, written
from playlists.schedule import Precedence
from playlists.verdicts import Verdict


def approved(case: Case) -> Iterator[Verdict]:
    """V15: no approval of exactly this content, no publication; nothing classified."""
    yield case.say("v15-classified" if case.item.papers.classified else "v15-open", "papers")
    yield _approval(case)


def _approval(case: Case) -> Verdict:
    papers, digest, wanted = case.item.papers, content_of(case), case.thresholds.approvals
    if not papers.approvals:
        return case.say("v15-unapproved", "papers")
    if _loose_files(case):
        return case.say("v15-loose-files", "bulletin", files=", ".join(_loose_files(case)))
    if digest is None:
        return case.say("v15-unknown-content", "sha256")
    bindings = bound(case, digest)
    if not bindings:
        return case.say("v15-other-content", "papers", "approvals")
    if all(one.on > case.on for one in bindings):
        first = min(one.on for one in bindings)
        return case.say("v15-early", "papers", "approvals", vi_day=f"{first:%d/%m/%Y}", en_day=first.isoformat())
    got = approvers(case, digest)
    return case.say("v15-approved" if got >= wanted else "v15-few", "papers", "approvals", got=got, wanted=wanted)


def _loose_files(case: Case) -> list[str]:
    """Files of a bulletin without a digest: anybody could put another picture in their place."""
    bulletin = case.item.bulletin
    if bulletin is None:
        return []
    files = ((bulletin.picture, bulletin.picture_sha256), (bulletin.sound, bulletin.sound_sha256))
    return [name for name, digest in files if name is not None and digest is None]


def urgent_complete(case: Case) -> Iterator[Verdict]:
    """V10: an urgent item says who, when, where and until when, was approved twice, and imitates no siren."""
    urgency = None if case.item.bulletin is None else case.item.bulletin.urgency
    if urgency is None and all(slot.precedence is not Precedence.URGENT for slot in case.slots):
        yield case.say("v10-not-urgent")
        return
    if urgency is None:
        yield case.say("v10-no-notice", "bulletin")
    else:
        yield from _notice(case, urgency)
    yield _two_approvals(case)
    yield _siren(case)


def _notice(case: Case, urgency: Urgency) -> Iterator[Verdict]:
    place = ("bulletin", "urgency")
    blank = [name for name in ("issuer", "area") if not written(getattr(urgency, name))]
    for name in blank:
        yield case.say(f"v10-no-{name}", *place, name)
    if not blank:
        yield case.say("v10-notice", *place)
    yield _expiry(case, urgency)
    yield _issuer(case, urgency)


def _expiry(case: Case, urgency: Urgency) -> Verdict:
    place = ("bulletin", "urgency", "expires")
    if not _earlier(urgency.issued, urgency.expires):
        return case.say("v10-expires-before", *place)
    if urgency.expires.date() < case.on:
        return case.say(
            "v10-expired", *place, vi_day=f"{urgency.expires:%d/%m/%Y}", en_day=f"{urgency.expires:%Y-%m-%d}"
        )
    return case.say("v10-expires", *place)


def _earlier(one: datetime, other: datetime) -> bool:
    """Compare two times; where only one has an offset, both are taken as the screen's local time."""
    if (one.tzinfo is None) != (other.tzinfo is None):
        one, other = one.replace(tzinfo=None), other.replace(tzinfo=None)
    return one < other


def _issuer(case: Case, urgency: Urgency) -> Verdict:
    place, issuers = ("bulletin", "urgency", "issuer"), case.thresholds.issuers
    if not issuers:
        return case.say("v10-no-list", *place)
    known = same_name(urgency.issuer) in map(same_name, issuers)
    return case.say("v10-issuer" if known else "v10-foreign-issuer", *place, issuer=urgency.issuer)


def _two_approvals(case: Case) -> Verdict:
    digest, wanted = content_of(case), case.thresholds.urgent_approvals
    if digest is None and case.item.papers.approvals:
        return case.say("v10-unknown-content", "sha256")
    got = 0 if digest is None else approvers(case, digest)
    code = "v10-approved" if got >= wanted else "v10-few-approvals"
    return case.say(code, "papers", "approvals", got=got, wanted=wanted)


def _siren(case: Case) -> Verdict:
    siren, most = case.facts.siren, case.thresholds.siren
    if sounds(case) is False:
        return case.say("v10-silent")
    if siren is None:
        return case.say("v10-siren-unmeasured", "sound")
    return case.say("v10-siren" if siren >= most else "v10-no-siren", "sound", percent=round(siren * 100))
