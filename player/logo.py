"""A gate's own logo: a picture file that a prisoner reads, as it reads every file of a stranger."""

from collections.abc import Callable
from dataclasses import dataclass

from player.fitting import Size
from player.performance import Order, Performance, Phase, Picture, Renderer, Sound
from playlists.playlist import Item, ItemKind
from playlists.timing import DurationMs


@dataclass(slots=True)
class Logo:
    """Has the picture at ``path`` made for a size, over a ground of colour 0xRRGGBB, and hands it over."""

    renderer: Renderer
    path: str
    ground: int
    show: Callable[[Picture | None], None]
    on_finding: Callable[[str], None]
    """Told why it cannot be shown; the zone then shows its ground."""
    _asked: Performance | None = None

    def prepare(self, size: Size) -> None:
        """Begin to make it for so many pixels; what was asked before is called off."""
        if self._asked is not None:
            self._asked.finish()
        item = Item("logo", self.path, ItemKind.IMAGE, "")
        order = Order(item, self.path, size, DurationMs(1), Sound(muted=True), ground=self.ground)
        self._asked = self.renderer.prepare(order, self)

    def call_off(self) -> None:
        """Nobody waits for it any more."""
        if self._asked is not None:
            self._asked.finish()
            self._asked = None

    def changed(self, performance: Performance) -> None:
        """The picture is there, or never will be."""
        if performance is not self._asked:
            return
        if performance.phase is Phase.READY:
            self.show(performance.first_picture())
        elif performance.phase is Phase.FAILED:
            self.on_finding(performance.reason)
        else:
            return
        self._asked = None
        performance.finish()
