"""How long a timestamp lives, and what else it says in signed fields of ours (``sync/publication.py``).

A stick's timestamp holds for months. Played back online it would freeze a screen for as long, so the live feed's must
be short-lived; that is told by when it was signed, without any clock of the kiosk's.
"""

from datetime import UTC, datetime, timedelta

from tuf.api.metadata import Timestamp

from sync.publication import CONFIRMED, ISSUED
from sync.refusals import RefusalError
from sync.trust import roles


def issued(timestamp: Timestamp) -> datetime:
    """When it was signed, UTC. Raises ``RefusalError`` (``malformed``) where it does not say, or says nonsense."""
    said = timestamp.unrecognized_fields.get(ISSUED)
    try:
        moment = datetime.fromisoformat(str(said))
        local, moment = moment.tzinfo is None, moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise _malformed() from error
    if local or moment >= timestamp.expires:
        raise _malformed()
    return moment


def check_life(timestamp: Timestamp, at: datetime, horizon: timedelta | None, *, synchronised: bool) -> None:
    """Whether it may be taken; ``horizon`` is the longest life, None for any. ``at`` counts where ``synchronised``.

    Raises ``RefusalError``: ``malformed``, ``too-far-ahead``.
    """
    begins = issued(timestamp)
    if horizon is None:
        return
    latest = min(begins, at) if synchronised else begins
    # A difference, for the last day that can be written has none after it.
    if timestamp.expires - latest > horizon:
        raise RefusalError(code="too-far-ahead", on=timestamp.expires.date().isoformat())


def confirmed(timestamp: Timestamp) -> tuple[int, ...]:
    """The sequences that screens which are no canaries may take."""
    said = timestamp.unrecognized_fields.get(CONFIRMED)
    if not isinstance(said, list):
        return ()
    return tuple(entry for entry in said if isinstance(entry, int) and not isinstance(entry, bool))


def _malformed() -> RefusalError:
    return RefusalError(code="malformed", name=f"{roles.TIMESTAMP}.json")
