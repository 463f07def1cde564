"""The gate's own slate: a picture that stands where the built-in slate would, once it has been painted."""

from dataclasses import dataclass, field
from pathlib import Path

from player.fitting import Size
from player.performance import Picture
from player.ports import Stage
from player.trials import Laboratory


@dataclass(slots=True)
class GateSlate:
    """A ``Stage`` in front of the real one, which it gives the gate's slate; without one it shows the built-in one."""

    stage: Stage
    laboratory: Laboratory
    _picture: Picture | None = None
    _path: Path | None = field(default=None)
    _standing: bool = False

    @property
    def canvas(self) -> Size:
        """The size to compose for."""
        return self.stage.canvas

    def show_picture(self, picture: Picture) -> None:
        """Put a picture on the screen now."""
        self._standing = False
        self.stage.show_picture(picture)

    def show_mixed(self, below: Picture | None, above: Picture | None, share: float) -> None:
        """Show two pictures as one."""
        self._standing = False
        self.stage.show_mixed(below, above, share)

    def heed(self, *, urgent: bool, bare: bool = False) -> None:
        """Have what runs beside stand still, or go on."""
        self.stage.heed(urgent=urgent, bare=bare)

    def show_slate(self) -> None:
        """Show the gate's slate, or the built-in one."""
        self._standing = True
        if self._picture is None:
            self.stage.show_slate()
        else:
            picture = self._picture
            self.stage.show_picture(Picture(picture.pixels, picture.size, picture.stride))

    def use(self, path: Path | None) -> None:
        """Take this picture from now on, as soon as it is painted; None for the built-in slate."""
        self._path = path
        if path is None:
            self._picture = None
            return

        def painted(picture: Picture | None) -> None:
            if self._path == path:
                self._picture = picture
                if self._standing and picture is not None:
                    self.show_slate()

        self.laboratory.paint(str(path), self.canvas, painted)
