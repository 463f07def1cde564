"""What an agent and the hub say to each other over HTTPS: paths, messages as values, and the signatures of requests.

Pure: bytes in and a value or a clear error out. Messages are JSON objects with ``format`` 1; fields nobody knows are
kept. ``deploy/docs/protocol.md`` shows each of them. Of a request that a device makes, method, path, time, counter and
body are signed by the device's Ed25519 key (``sync/request_signature.py``). Answers are not: they bring nothing that
must be believed, what is shown comes from the signed feed.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Annotated, ClassVar, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from playlists.errors import SiteError
from sync.refusals import SENTENCES, RefusalError

FORMAT: Final = 1
ENROL: Final = "/api/v1/enrol"
STATUS: Final = "/api/v1/status"
WAKE: Final = "/api/v1/wake"
FEED: Final = "/feed/"

LONGEST_MESSAGE: Final = 64 * 1024
"""Bytes of a message; what is longer is answered with 413 and not read."""
LONGEST_HOLD: Final = 300.0
"""Seconds within which a wake-up is answered, one way or the other; wait a little longer than that."""
CODE_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Of an enrolment code: nothing that is taken for something else (no I, L, O, U)."""

_Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
_Count = Annotated[int, Field(ge=0, le=2**53)]
_Name = Annotated[str, Field(min_length=1, max_length=200)]
_Line = Annotated[str, Field(max_length=2000)]


class MessageError(SiteError):
    """A message is not what it should be; the text names it and the first field that is wrong."""


class State(StrEnum):
    """Where a device stands with the hub."""

    PENDING = "pending"
    """Enrolled; a human has not yet compared the fingerprint of its key."""
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    REVOKED = "revoked"


class Message(BaseModel):
    """A JSON object with ``format`` 1."""

    model_config = ConfigDict(extra="allow", frozen=True, strict=True)
    named: ClassVar[str] = "message"
    format: Literal[1] = 1

    @classmethod
    def read(cls, content: bytes) -> Self:
        """Read a message. Raises ``MessageError``."""
        if len(content) > LONGEST_MESSAGE:
            message = f"{cls.named}: {len(content)} bytes, at most {LONGEST_MESSAGE} are read"
            raise MessageError(message)
        try:
            return cls.model_validate_json(content)
        except ValidationError as wrong:
            first = wrong.errors(include_url=False, include_context=False, include_input=False)[0]
            place = ".".join(map(str, first["loc"])) or "the whole"
            message = f"{cls.named}: {place}: {first['msg']}"
            raise MessageError(message) from None

    def write(self) -> bytes:
        """The message as bytes."""
        return self.model_dump_json(exclude_none=True).encode()


class Machine(BaseModel):
    """What tells one kiosk from another. ``id`` is the machine's own; the hub only ever compares it.

    ``facts`` are for people: model, processor, network card, disk.
    """

    model_config = ConfigDict(extra="allow", frozen=True, strict=True)
    id: _Name
    facts: dict[str, _Line] = Field(default_factory=dict, max_length=40)


class EnrolRequest(Message):
    """``POST /api/v1/enrol``: a one-time code and a new device's key; signed with this very key."""

    named: ClassVar[str] = "enrolment"
    code: _Name
    public_key: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    """Ed25519, the 32 bytes as hexadecimal digits."""
    machine: Machine
    boot: _Name
    software: _Name

    @field_validator("code")
    @classmethod
    def _as_printed(cls, told: str) -> str:
        return plain_code(told)


class EnrolState(Message):
    """Answer to an enrolment and to ``GET /api/v1/enrol/DEVICE``."""

    named: ClassVar[str] = "state of an enrolment"
    device: _Name
    state: Annotated[State, Field(strict=False)]
    gate: _Name
    screen: _Name
    reason: _Line | None = None
    """What whoever refused or revoked it said."""


class Running(BaseModel):
    """The release on the screen. ``good_seconds`` is how long it has been played without fault, by the boot clock."""

    model_config = ConfigDict(extra="allow", frozen=True, strict=True)
    sequence: _Count
    sha256: _Digest | None = None
    confirmed: bool = False
    """Whether its probation on this kiosk ended well."""
    good_seconds: Annotated[float, Field(ge=0, strict=False)] = 0.0


class Fetching(BaseModel):
    """A download under way, in bytes."""

    model_config = ConfigDict(extra="allow", frozen=True, strict=True)
    sequence: _Count
    done: _Count = 0
    total: _Count = 0


class Refused(BaseModel):
    """Something the agent did not accept: a code of ``sync/refusals.py`` with its fields, and when."""

    model_config = ConfigDict(extra="allow", frozen=True, strict=True)
    code: _Name
    fields: dict[str, _Line] = Field(default_factory=dict, max_length=20)
    at: _Line | None = None

    @classmethod
    def of(cls, error: RefusalError, at: datetime | None = None) -> Self:
        """A refusal as it is told."""
        return cls(code=error.code, fields=error.fields, at=None if at is None else at.isoformat())

    @property
    def vi(self) -> str:
        """The sentence for people; of a code this version does not know, the code."""
        return _sentence(self.code, self.fields)


class StatusReport(Message):
    """``POST /api/v1/status``: what a kiosk says of itself, once a poll. Unknown fields are kept and shown."""

    named: ClassVar[str] = "status report"
    at: _Line
    """The kiosk's wall clock, ISO 8601 with offset; right or wrong."""
    boot: _Name
    """The boot's id: one that comes back after another was seen tells of two machines with one key."""
    up_seconds: Annotated[float, Field(ge=0, strict=False)]
    synchronised: bool
    machine: _Name
    """The machine's id, as in the enrolment."""
    software: _Name
    timestamp: _Count = 0
    """Version of the timestamp metadata that it trusts; 0 for none."""
    running: Running | None = None
    previous: _Count | None = None
    fetching: Fetching | None = None
    refusals: Annotated[tuple[Refused, ...], Field(max_length=50, strict=False)] = ()
    """Those of the last cycle."""
    rolled_back: _Count | None = None
    """Sequence of a release that the kiosk went back from."""
    urgent: Annotated[tuple[_Name, ...], Field(max_length=100, strict=False)] = ()
    """Urgent bulletins in force."""
    free_bytes: _Count | None = None
    player: dict[str, object] | None = None
    """The player's ``status.json`` as it is."""


class StatusAnswer(Message):
    """The hub has the report."""

    named: ClassVar[str] = "answer to a status report"
    received: _Count
    """The counter of the request."""


class WakeAnswer(Message):
    """Answer to ``GET /api/v1/wake?since=N``; ``N`` is the version of the timestamp that the kiosk trusts.

    True means: poll now. False: nothing came while the hub held the request; ask again.
    """

    named: ClassVar[str] = "wake-up"
    poll: bool


class Rebuff(Message):
    """Body of every answer of 400 and above: why, as a stable word, and for people.

    ======================= ==== ================================================================
    ``code``                HTTP meaning
    ======================= ==== ================================================================
    ``malformed``           400  not a message of this protocol
    ``bad-signature``       401  the signature is not of this request by this device's key
    ``unknown-device``      401  no such device here
    ``code-wrong``          403  no such enrolment code
    ``code-used``           403  it was used before
    ``code-expired``        403  it was valid too long ago
    ``pending``             403  not yet confirmed by a human
    ``refused``             403  a human refused the device
    ``revoked``             403  a human revoked it; ``reason`` says why
    ``counter-used``        409  a replay; ``counter`` is the latest one known, go on above it
    ``too-long``            413  more than ``LONGEST_MESSAGE``
    ``busy``                503  come back after ``Retry-After`` seconds
    ======================= ==== ================================================================
    """

    named: ClassVar[str] = "rebuff"
    code: _Name
    vi: _Line = ""
    en: _Line = ""
    reason: _Line | None = None
    counter: _Count | None = None


class Ticket(Message):
    """What a technician carries to a kiosk: where the hub is, how to know it, and a one-time code for one screen."""

    named: ClassVar[str] = "enrolment ticket"
    hub: _Name
    """Base address, ``https://host[:port][/prefix]``."""
    ca: Annotated[str, Field(max_length=32_000)] | None = None
    """PEM of the authority that issued the hub's certificate; None for the system's."""
    root_sha256: _Digest
    """SHA-256 of the feed's ``metadata/1.root.json``, from which a kiosk begins to trust."""
    gate: _Name
    screen: _Name
    code: _Name
    expires: _Line
    """ISO 8601 with offset."""


def enrol_path(device: str) -> str:
    """Where a device asks how its enrolment stands."""
    return f"{ENROL}/{device}"


def wake_path(since: int) -> str:
    """Where a device waits for news after the timestamp of version ``since``."""
    return f"{WAKE}?since={since}"


def device_id(public_key: bytes) -> str:
    """The name of a device: it follows from its key, so nobody has to give it."""
    return sha256(b"signage-device\n" + public_key).hexdigest()[:32]


def fingerprint(public_key: bytes) -> str:
    """Six groups of five digits that a human compares on the kiosk and at the hub."""
    number = int.from_bytes(sha256(b"signage-fingerprint\n" + public_key).digest())
    digits = f"{number % 10**30:030d}"
    return " ".join(digits[cut : cut + 5] for cut in range(0, 30, 5))


def plain_code(told: str) -> str:
    """An enrolment code as it is compared: however it was typed, letters that look alike are one."""
    letters = "".join(told.split()).replace("-", "").upper()
    return letters.translate(str.maketrans("OIL", "011"))


def printed_code(code: str) -> str:
    """An enrolment code in groups of four."""
    return "-".join(code[cut : cut + 4] for cut in range(0, len(code), 4))


def _sentence(code: str, fields: Mapping[str, str]) -> str:
    if code not in SENTENCES:
        return code
    try:
        return SENTENCES[code][0].format(**fields)
    except (KeyError, IndexError, ValueError):
        return code
