"""The hub's own words over HTTPS: enrolment, status reports, wake-ups. Content never comes this way."""

import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from typing import Final

import requests
from requests.exceptions import RequestException

from playlists.errors import SiteError
from sync.agent.identity import DeviceKey, Identity
from sync.agent.ports import BusyError, SourceError
from sync.protocol import (
    ENROL,
    LONGEST_HOLD,
    LONGEST_MESSAGE,
    STATUS,
    EnrolRequest,
    EnrolState,
    MessageError,
    Rebuff,
    StatusAnswer,
    StatusReport,
    WakeAnswer,
    enrol_path,
    wake_path,
)
from sync.request_signature import Request, signed_headers

CONNECT_SECONDS: Final = 10.0
ANSWER_SECONDS: Final = 20.0
_GRACE: Final = 30.0
_BAD: Final = 400
_UNAVAILABLE: Final = 503


class RebuffError(SiteError):
    """The hub said no; ``code`` is one of ``sync.protocol.Rebuff``, the text is in Vietnamese where the hub's is."""

    def __init__(self, rebuff: Rebuff) -> None:
        super().__init__(rebuff.vi or rebuff.en or rebuff.code)
        self.code = rebuff.code
        self.reason = rebuff.reason
        self.counter = rebuff.counter


class HubLink:
    """The hub at the address ``base``, over ``session``; for one thread.

    ``now`` is the time as the device believes it. Every call raises ``SourceError`` where the hub cannot be reached or
    answers nonsense, ``BusyError`` where it asks for patience, ``RebuffError`` where it says no.
    """

    def __init__(
        self,
        base: str,
        identity: Identity,
        key: DeviceKey,
        session: requests.Session,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._base, self._identity, self._key, self._now = base.rstrip("/"), identity, key, now
        self._session = session

    def enrol(self, request: EnrolRequest) -> EnrolState:
        """Hand in a one-time code and the device's key."""
        return EnrolState.read(self._ask("POST", ENROL, request.write()))

    def standing(self) -> EnrolState:
        """How this device stands with the hub."""
        return EnrolState.read(self._ask("GET", enrol_path(self._key.device)))

    def report(self, report: StatusReport) -> StatusAnswer:
        """Say how this kiosk is. A number the hub has seen already is stepped over, once."""
        body = report.write()
        try:
            return StatusAnswer.read(self._ask("POST", STATUS, body))
        except RebuffError as rebuff:
            if rebuff.code != "counter-used" or rebuff.counter is None:
                raise
            return StatusAnswer.read(self._ask("POST", STATUS, body, above=rebuff.counter))

    def wake(self, since: int) -> bool:
        """Wait, up to some minutes, until the hub has something newer; whether it has."""
        answer = self._ask("GET", wake_path(since), patience=LONGEST_HOLD + _GRACE)
        return WakeAnswer.read(answer).poll

    def close(self) -> None:
        """Let go of the connection."""
        self._session.close()

    def _ask(
        self, method: str, target: str, body: bytes = b"", *, above: int = 0, patience: float = ANSWER_SECONDS
    ) -> bytes:
        counter = self._identity.next_counter(above)
        signed = Request(method, target, body)
        headers = signed_headers(signed, self._key.device, self._key.sign, self._now().isoformat(), counter)
        if body:
            headers["Content-Type"] = "application/json"
        ends = time.monotonic() + CONNECT_SECONDS + patience
        try:
            response = self._session.request(
                method,
                self._base + target,
                data=body or None,
                headers=headers,
                timeout=(CONNECT_SECONDS, patience),
                allow_redirects=False,
                stream=True,
            )
            with closing(response):
                content = _content(response, ends)
        except (RequestException, OSError) as error:
            message = f"{self._base}: {_cause(error)}"
            raise SourceError(message) from error
        if response.status_code >= _BAD:
            raise _rebuff(response, content)
        return content


def _content(response: requests.Response, ends: float) -> bytes:
    """The body, of bounded length and within bounded time."""
    content = bytearray()
    for chunk in response.iter_content(4096):
        content += chunk
        if len(content) > LONGEST_MESSAGE or time.monotonic() > ends:
            message = "the answer is too long or too slow"
            raise SourceError(message)
    return bytes(content)


def _rebuff(response: requests.Response, content: bytes) -> SiteError:
    """The error that an answer of 400 and above stands for."""
    if response.status_code == _UNAVAILABLE:
        told = response.headers.get("Retry-After", "")
        message = "the hub is busy"
        return BusyError(message, float(told) if told.isdecimal() else None)
    try:
        return RebuffError(Rebuff.read(content))
    except MessageError:
        message = f"the hub answers {response.status_code}"
        return SourceError(message)


def _cause(error: BaseException) -> str:
    """The innermost reason: what requests wraps it in says nothing to a technician."""
    while (inner := error.__cause__ or error.__context__) is not None:
        error = inner
    return str(error) or type(error).__name__
