"""A release on its way: fetched on a thread of its own, so that polls and urgent bulletins go on meanwhile."""

import threading
from dataclasses import dataclass, field

from playlists.errors import SignageError
from sync.agent.cycle import Order
from sync.agent.download import Progress, fetch
from sync.agent.gate import Gate, StoppedError
from sync.agent.media_store import MediaStore
from sync.agent.ports import Source


@dataclass(slots=True)
class Delivery:
    """Fetches what ``order`` needs; ``news`` is set at its end. What came of one that is stopped is kept."""

    order: Order
    source: Source
    store: MediaStore
    gate: Gate
    news: threading.Event
    progress: Progress | None = None
    error: SignageError | OSError | None = None
    """Why it ended without all files; None while it runs and where it ended well."""
    bug: BaseException | None = None
    _thread: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        """Begin."""
        self._thread = threading.Thread(target=self._run, name="delivery", daemon=True)
        self._thread.start()

    @property
    def is_over(self) -> bool:
        """Whether it has ended, well or not."""
        return not self._thread.is_alive()

    def stop(self) -> None:
        """End it early, within a few seconds."""
        self.gate.stop()
        self._thread.join()

    def _run(self) -> None:
        try:
            fetch(self.order.files, self.source, self.store, self.gate, self._note)
        except StoppedError as error:
            self.error = error
        except (SignageError, OSError) as error:
            self.error = error
        except BaseException as error:  # noqa: BLE001 - told by whoever waits for the end
            self.bug = error
        finally:
            self.news.set()

    def _note(self, progress: Progress) -> None:
        self.progress = progress
