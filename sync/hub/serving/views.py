"""Enrolment and the sign of life, as Django views; what they need of the server comes with each request's scope."""

from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from functools import wraps
from typing import Any, Final, cast

from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, JsonResponse

from sync.hub.register.enrolment import Standing, enrol, standing
from sync.hub.register.rebuffs import RebuffError
from sync.hub.serving.desk import SCOPE_KEY, Desk
from sync.hub.serving.senders import sender_of, signature_of, target_of
from sync.protocol import EnrolRequest, EnrolState, MessageError, device_id
from sync.request_signature import Request

_JSON: Final = "application/json"
View = Callable[..., Coroutine[Any, Any, HttpResponse]]


def answered(method: str) -> Callable[[View], View]:
    """Let a view have one method, and turn what it refuses into a rebuff."""

    def decorate(view: View) -> View:
        @wraps(view)
        async def answer(request: ASGIRequest, **kwargs: str) -> HttpResponse:
            if request.method != method:
                return HttpResponse(status=405, headers={"Allow": method})
            try:
                return await view(request, **kwargs)
            except RebuffError as rebuff:
                return refusal(rebuff)
            except MessageError as error:
                return refusal(RebuffError(code="malformed", reason=str(error)))

        return answer

    return decorate


@answered("POST")
async def enrol_device(request: ASGIRequest) -> HttpResponse:
    """A new device with a one-time code; it signs with the key that it brings."""
    message = EnrolRequest.read(request.body)
    signature = signature_of(request.scope["headers"])
    key = bytes.fromhex(message.public_key)
    if signature.device != device_id(key) or not signature.covers(_signed(request), key):
        raise RebuffError(code="bad-signature")
    desk = _desk(request)
    answer = await desk.intake.call(enrol, message, signature.counter, datetime.now(UTC))
    await desk.intake.refresh()
    return _told(answer, 202)


@answered("GET")
async def enrol_state(request: ASGIRequest, device: str) -> HttpResponse:
    """Where a device stands; only it may ask."""
    desk = _desk(request)
    await desk.intake.refresh()
    signature = signature_of(request.scope["headers"])
    if signature.device != device:
        raise RebuffError(code="bad-signature")
    sender_of(_signed(request), signature, desk.intake.devices)
    return _told(await desk.intake.call(standing, device), 200)


@answered("GET")
async def health(request: ASGIRequest) -> HttpResponse:
    """Whether the server and its database work, and how many wait."""
    desk = _desk(request)
    told = {"database": desk.intake.reachable, "waiting": len(desk.line), "timestamp": desk.timestamp}
    return JsonResponse(told)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  -- as Django calls it
    """Nothing of that name."""
    return refusal(RebuffError(code="not-found"))


def refusal(rebuff: RebuffError) -> HttpResponse:
    """A rebuff as a response."""
    return HttpResponse(rebuff.body, status=rebuff.status, content_type=_JSON, headers=rebuff.headers)


def _desk(request: ASGIRequest) -> Desk:
    return cast("Desk", request.scope[SCOPE_KEY])


def _signed(request: ASGIRequest) -> Request:
    scope = request.scope
    return Request(str(request.method), target_of(scope["raw_path"], scope["query_string"]), request.body)


def _told(found: Standing, status: int) -> HttpResponse:
    reason = found.reason or None
    state = EnrolState(device=found.device, state=found.state, gate=found.gate, screen=found.screen, reason=reason)
    return HttpResponse(state.write(), status=status, content_type=_JSON)
