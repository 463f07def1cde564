"""A typesetter: the prisoner that sets bulletins and paints their pages into a ring.

Text of strangers goes through shapers and their pictures through decoders: that is done here, and never costs the stage
a frame. It stays, once it is there, for fonts and dictionaries take a tenth of a second to load and an urgent bulletin
has no time for that.
"""

import json
import os
import select
from dataclasses import dataclass
from io import FileIO
from typing import TYPE_CHECKING, Final

from player.decoding import prison
from player.decoding.channel import Channel, ChannelClosedError, Message, integer
from player.decoding.examination import contents_of, memory_file
from player.fitting import Size
from player.ring import Ring
from playlists.errors import ContentError, SiteError
from playlists.media import Flaw, MediaError

if TYPE_CHECKING:
    from PySide6.QtGui import QGuiApplication

    from player.bulletins.setting import SetBulletin, Setter

NAME: Final = "signage-typeset"
SLOTS: Final = 3
"""The page on the screen, the next one, and one on its way; with a level that moves, twice as many and one less."""
LEVEL_SLOTS: Final = 4
_NICENESS: Final = 5
_AGAIN_S: Final = 0.02
_MOST_FACTS: Final = 24_000
_WARMING: Final = (("vi", "Bờ Y"), ("lo", "ກກ"), ("km", "កក"))


@dataclass(slots=True)
class _Job:
    """A bulletin that is set, and the ring its pages go into."""

    bulletin: "SetBulletin"
    ring: Ring


class Typesetter:
    """Answers orders: set a bulletin, paint one of its pages, forget it."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._jobs: dict[int, _Job] = {}
        self._unpainted: list[tuple[int, int]] = []
        """Pages for which no slot was free: ticket and number."""
        self._application, self._setter = _with_fonts()

    def serve(self) -> None:
        """Answer until the stage hangs up."""
        while True:
            wait = _AGAIN_S if self._unpainted else None
            if select.select([self._channel.fileno()], [], [], wait)[0]:
                got = self._channel.receive()
                if got is not None:
                    self._obey(*got)
            waiting, self._unpainted = self._unpainted, []
            for ticket, number in waiting:
                self._paint(ticket, number)

    def _obey(self, order: Message, fds: list[int]) -> None:
        ticket = integer(order, "ticket")
        try:
            match order.get("do"):
                case "set":
                    self._set(ticket, order, fds)
                case "page":
                    self._paint(ticket, integer(order, "page"))
                case "forget":
                    self._jobs.pop(ticket, None)
        except MediaError as error:
            self._flawed(ticket, error.flaw.value, str(error))
        except (ContentError, SiteError) as error:
            self._flawed(ticket, "content", str(error))
        except MemoryError:
            self._flawed(ticket, Flaw.TOO_LARGE.value, "memory")
        except OSError as error:
            self._flawed(ticket, Flaw.UNREADABLE.value, error.strerror or "")
        finally:
            for fd in fds:
                os.close(fd)

    def _set(self, ticket: int, order: Message, fds: list[int]) -> None:
        from player.bulletins.wire import understood

        files = iter(fds[1:])
        picture = _read(next(files)) if order.get("picture") is True else None
        logo = _read(next(files)) if order.get("logo") is True else None
        bulletin = self._setter.set(understood(contents_of(fds[0]), picture, logo))
        canvas = bulletin.canvas
        level = bulletin.plan.pages[0].level
        slots = min(SLOTS, len(bulletin.plan.pages)) if level is None else LEVEL_SLOTS
        ring = Ring.create(canvas.width, canvas.height, slots)
        facts = json.dumps(bulletin.facts.as_json(), ensure_ascii=False, separators=(",", ":"))
        answer: Message = {"is": "set", "ticket": ticket, "slots": slots, "times": list(bulletin.times)}
        answer |= {"facts": facts if len(facts) < _MOST_FACTS else ""}
        sent = [ring.fd]
        if level is not None:
            place = [round(level.x), round(level.y), round(level.width), round(level.height)]
            bars = memory_file(self._bars(bulletin, Size(place[2], place[3])), "signage-level")
            answer["level"] = place
            sent.append(bars)
        self._channel.send(answer, sent)
        for fd in sent[1:]:
            os.close(fd)
        self._jobs[ticket] = _Job(bulletin, ring)
        self._paint(ticket, 0)

    def _bars(self, bulletin: "SetBulletin", size: Size) -> bytes:
        """The level bar at silence, then at its fullest, as rows without padding."""
        from player.bulletins.level import level_bar

        bars = [level_bar(level, size, bulletin.look) for level in (0.0, 1.0)]
        return b"".join(bytes(bar.constBits()) for bar in bars)

    def _paint(self, ticket: int, number: int) -> None:
        job = self._jobs.get(ticket)
        if job is None or not 0 <= number < len(job.bulletin.plan.pages):
            return
        slot = job.ring.take()
        if slot is None:
            self._unpainted.append((ticket, number))
            return
        from PySide6.QtGui import QImage

        pixels, canvas = job.ring.pixels(slot), job.bulletin.canvas
        image = QImage(pixels, canvas.width, canvas.height, job.ring.stride, QImage.Format.Format_RGB32)
        try:
            self._setter.paint(job.bulletin, number, image)
        except ContentError:
            job.ring.free(slot)
            raise
        self._channel.send({"is": "page", "ticket": ticket, "page": number, "slot": slot})

    def _flawed(self, ticket: int, why: str, sentence: str) -> None:
        self._jobs.pop(ticket, None)
        self._channel.send({"is": "flawed", "ticket": ticket, "why": why, "sentence": sentence})


def _with_fonts() -> "tuple[QGuiApplication, Setter]":
    """Qt without a screen, and fonts and dictionaries loaded ahead of the first order."""
    from PySide6.QtGui import QGuiApplication, QImage

    application = QGuiApplication([NAME, "-platform", "offscreen"])
    from player.bulletins.setting import Setter
    from player.bulletins.wanted import Wanted
    from playlists.bulletin import Bulletin, BulletinText

    setter = Setter()
    texts = tuple(BulletinText(language, word, word) for language, word in _WARMING)
    warm = setter.set(Wanted(Bulletin(texts, link="Bờ Y"), Size(320, 180)))
    setter.paint(warm, 0, QImage(320, 180, QImage.Format.Format_RGB32))
    return application, setter


def _read(fd: int) -> bytes:
    with FileIO(fd, closefd=False) as file:
        file.seek(0)
        return file.read()


def main(channel: Channel, _request: Message) -> None:
    """Run one typesetter over ``channel``; never returns before the stage hangs up."""
    prison.lock_up(NAME)
    os.nice(_NICENESS)
    try:
        Typesetter(channel).serve()
    except ChannelClosedError:
        return
