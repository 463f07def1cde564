import json
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from sync import protocol
from sync.protocol import (
    EnrolRequest,
    EnrolState,
    Fetching,
    Machine,
    Message,
    MessageError,
    Rebuff,
    Refused,
    Running,
    State,
    StatusAnswer,
    StatusReport,
    Ticket,
    WakeAnswer,
)
from sync.refusals import RefusalError
from sync.request_signature import (
    COUNTER,
    DEVICE,
    SIGNATURE,
    TIME,
    Request,
    read_signature,
    signed_headers,
    signed_text,
)

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
REPORT = StatusReport(
    at="2026-11-24T07:30:00+07:00",
    boot="boot",
    up_seconds=1.5,
    synchronised=False,
    machine="machine",
    software="0.1.0",
    running=Running(sequence=7, good_seconds=60),
    fetching=Fetching(sequence=8, done=1, total=2),
    refusals=(Refused(code="missing", fields={"name": "media/1"}),),
    urgent=("lu-quet",),
    player={"format": 1, "showing": "item"},
)
MESSAGES: list[Message] = [
    REPORT,
    EnrolRequest(
        code="K7QM2XP09RTA", public_key=PUBLIC.hex(), machine=Machine(id="m", facts={"a": "b"}), boot="b", software="1"
    ),
    EnrolState(device="d", state=State.REVOKED, gate="bo-y", screen="tuong-1", reason="mất máy"),
    StatusAnswer(received=3),
    WakeAnswer(poll=True),
    Rebuff(code="busy"),
    Ticket(hub="https://hub.vn", root_sha256="0" * 64, gate="bo-y", screen="tuong-1", code="C", expires="2026"),
]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.named)
def test_a_message_reads_as_it_was_written(message: Message) -> None:
    assert type(message).read(message.write()) == message


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.named)
def test_unknown_fields_are_kept(message: Message) -> None:
    told = json.loads(message.write()) | {"later": {"a": [1]}}
    assert json.loads(type(message).read(json.dumps(told).encode()).write()) == told


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"", "the whole"),
        (b"\xff", "the whole"),
        (b"[]", "the whole"),
        (b'{"format": 2}', "format"),
        (b'{"format": 1}', "at"),
        (REPORT.write().replace(b'"sequence":7', b'"sequence":-7'), "running.sequence"),
        (REPORT.write().replace(b'"sequence":7', b'"sequence":"7"'), "running.sequence"),
        (REPORT.write().replace(b'"synchronised":false', b'"synchronised":0'), "synchronised"),
        (REPORT.write().replace(b"1.5", b"NaN"), "up_seconds"),
        (b"[" * 60_000, "the whole"),
        (b"x" * (protocol.LONGEST_MESSAGE + 1), "65537 bytes"),
    ],
)
def test_what_is_wrong_is_named(content: bytes, named: str) -> None:
    with pytest.raises(MessageError, match=rf"status report: {named}"):
        StatusReport.read(content)


@given(st.binary(max_size=200))
def test_bytes_are_a_message_or_an_error(content: bytes) -> None:
    try:
        StatusReport.read(content)
    except MessageError:
        return
    raise AssertionError


def test_a_refusal_is_told_in_vietnamese_and_an_unknown_one_by_its_code() -> None:
    error = RefusalError("missing", name="media/1")
    told = Refused.of(error, datetime(2026, 11, 24, tzinfo=UTC))
    assert told.vi == error.vi
    assert told.at == "2026-11-24T00:00:00+00:00"
    assert Refused(code="of-tomorrow").vi == "of-tomorrow"
    assert Refused(code="missing").vi == "missing", "a field is lacking"


@pytest.mark.parametrize("typed", ["K7QM-2XP0-9RTA", "k7qm 2xpo 9rta", " K7QM2XP09RTA\n", "K7QM-2XPO-9RTA"])
def test_a_code_is_the_same_however_it_is_typed(typed: str) -> None:
    assert protocol.plain_code(typed) == "K7QM2XP09RTA"
    assert protocol.plain_code(protocol.printed_code("K7QM2XP09RTA")) == "K7QM2XP09RTA"


def test_a_key_has_a_name_and_digits_of_its_own() -> None:
    digits = protocol.fingerprint(PUBLIC).split()
    assert [len(group) for group in digits] == [5] * 6
    other = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    assert protocol.fingerprint(other) != protocol.fingerprint(PUBLIC)
    assert protocol.device_id(other) != protocol.device_id(PUBLIC)


# Signatures.

REQUEST = Request("POST", protocol.STATUS, b"body")
HEADERS = signed_headers(REQUEST, "device", KEY.sign, "2026-11-24T07:30:00+07:00", 7)


def test_what_is_signed_is_what_the_document_says() -> None:
    assert signed_text(REQUEST, "T", 7).decode().split("\n") == [
        "signage-request-1",
        "POST",
        "/api/v1/status",
        "T",
        "7",
        "230d8358dc8e8890b4c58deeb62912ee2f20357ae92a5cc861b98e68fe31acb5",
    ]


def lower(headers: dict[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def test_a_signature_covers_its_request_and_no_other() -> None:
    signature = read_signature(lower(HEADERS))
    assert signature.covers(REQUEST, PUBLIC)
    for other in (
        Request("GET", REQUEST.target, b"body"),
        Request("POST", "/api/v1/enrol", b"body"),
        Request("POST", REQUEST.target),
    ):
        assert not signature.covers(other, PUBLIC)
    assert not signature.covers(REQUEST, Ed25519PrivateKey.generate().public_key().public_bytes_raw())
    assert not signature.covers(REQUEST, b"no key")
    for name, value in ((TIME, "1970"), (COUNTER, "8")):
        assert not read_signature(lower(HEADERS | {name: value})).covers(REQUEST, PUBLIC)


@pytest.mark.parametrize("name", [DEVICE, TIME, COUNTER, SIGNATURE])
def test_a_header_that_is_missing_is_named(name: str) -> None:
    headers = lower(HEADERS)
    del headers[name.lower()]
    with pytest.raises(MessageError, match=name.lower()):
        read_signature(headers)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (COUNTER, ""),
        (COUNTER, "-1"),
        (COUNTER, "1e3"),
        (COUNTER, "٣"),
        (COUNTER, "9" * 30),
        (SIGNATURE, "%"),
        (SIGNATURE, "YQ=="),
    ],
)
def test_a_header_that_is_wrong_is_named(name: str, value: str) -> None:
    with pytest.raises(MessageError, match=name):
        read_signature(lower(HEADERS | {name: value}))
