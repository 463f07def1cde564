"""Setting a bulletin: from its content to planned pages with times and facts, and each page into pixels."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from player.bulletins import matter as matters
from player.bulletins.facts import BulletinFacts, facts_of
from player.bulletins.frame import Manner
from player.bulletins.insets import Inset, code_of
from player.bulletins.lettering import Lettering
from player.bulletins.looks import LOOKS, Adjustment, Look, LookName, urgent_look, with_colours
from player.bulletins.painting import Insets, paint
from player.bulletins.plan import Plan, plan
from player.bulletins.wanted import Wanted
from player.fitting import Size
from playlists.errors import ContentError
from playlists.reading_time import page_times, reading_time
from playlists.timing import DurationMs

if TYPE_CHECKING:
    from PySide6.QtGui import QImage


@dataclass(frozen=True, slots=True)
class SetBulletin:
    """Planned pages, how long each stands, and what was measured."""

    plan: Plan
    times: tuple[DurationMs, ...]
    facts: BulletinFacts
    look: Look
    canvas: Size
    insets: Insets


class Setter:
    """Sets one bulletin after another, and remembers words and letters; belongs to the thread that made it.

    Raises SiteError where a font cannot be loaded.
    """

    def __init__(self) -> None:
        self._lettering = Lettering()

    def set(self, wanted: Wanted) -> SetBulletin:
        """Plan the pages.

        Raises:
            ContentError: no such look, a colour that is none, a link too long for a code, a picture that is none.

        """
        look, adjusted = _look(wanted)
        picture = Inset(wanted.picture) if wanted.picture is not None else None
        logo = Inset(wanted.logo) if wanted.logo is not None else None
        code = code_of(wanted.bulletin.link) if wanted.bulletin.link else None
        shapes = matters.Insets(
            picture.ratio if picture is not None else None,
            logo.ratio if logo is not None else None,
            len(code) if code is not None else None,
        )
        matter = matters.matter_of(wanted.bulletin, shapes, wanted.zone)
        made = plan(matter, wanted.canvas, self._lettering, Manner(look.centred, look.framed))
        total = wanted.duration if wanted.duration is not None else reading_time(wanted.bulletin)
        times = page_times(total, [page.texts() for page in made.pages])
        facts = facts_of(wanted.bulletin, made, self._lettering, (wanted.canvas, look, adjusted), times)
        return SetBulletin(made, times, facts, look, wanted.canvas, Insets(picture, logo, code))

    def paint(self, bulletin: SetBulletin, number: int, image: "QImage") -> None:
        """Paint page ``number``, counted from 0, over an image of the canvas's size.

        Raises:
            ContentError: a picture cannot be decoded.

        """
        paint(bulletin.plan.pages[number], image, bulletin.look, self._lettering, bulletin.insets)


def _look(wanted: Wanted) -> tuple[Look, tuple[Adjustment, ...]]:
    try:
        look = LOOKS[LookName(wanted.look)]
    except ValueError as error:
        message = f"there is no look {wanted.look!r}; there are {', '.join(LookName)}"
        raise ContentError(message) from error
    if wanted.bulletin.urgency is not None:
        return urgent_look(look), ()
    try:
        return with_colours(look, wanted.colours)
    except ValueError as error:
        raise ContentError(str(error)) from error
