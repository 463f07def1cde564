"""What makes a device look cloned or moved, decided on values."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

CLONED: Final = "cloned"
MOVED: Final = "moved"
_BOOTS_KEPT: Final = 8

DOUBTS_VI: Final = {
    CLONED: "Có thể có hai máy dùng chung một khóa (ổ đĩa bị sao chép)",
    MOVED: "Khóa đang ở trên một máy khác với máy đã đăng ký",
}


@dataclass(frozen=True, slots=True)
class Doubt:
    """A suspicion: its kind, and in Vietnamese what was seen."""

    kind: str
    detail: str


@dataclass(frozen=True, slots=True)
class Sighting:
    """What the hub knows, or a request says, of a device's counter, boots (the newest last) and machine."""

    counter: int
    boots: Sequence[str]
    machine: str


def doubts(known: Sighting, told: Sighting) -> list[Doubt]:
    """What is wrong with a signed request of a device; nothing for nearly all of them."""
    found = []
    boot = told.boots[-1]
    if boot in known.boots[:-1] and boot != known.boots[-1]:
        found.append(Doubt(CLONED, f"lần khởi động {boot[:8]} trở lại sau khi đã thấy {known.boots[-1][:8]}"))
    elif told.counter <= known.counter:
        found.append(Doubt(CLONED, f"số đếm {told.counter} không lớn hơn số đã thấy {known.counter}"))
    if told.machine != known.machine:
        found.append(Doubt(MOVED, f"mã máy {told.machine[:12]}, lúc đăng ký là {known.machine[:12]}"))
    return found


def boots_after(boots: Sequence[str], boot: str) -> list[str]:
    """The boots to remember, the newest last."""
    return [*(one for one in boots if one != boot), boot][-_BOOTS_KEPT:]
