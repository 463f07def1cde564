"""Small signed targets, kept under their digests, so that what did not change is not asked for again."""

from collections.abc import Callable, Collection
from hashlib import sha256
from pathlib import Path

from sync.durable import sync_folder, write_durably


class Offers:
    """The folder ``agent/offers``. Methods raise ``OSError``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, digest: str, fetch: Callable[[], bytes]) -> bytes:
        """A target by its digest, from here or, where it is not here or spoiled, by ``fetch``, which checks it."""
        path = self._folder / digest
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            content = b""
        if sha256(content).hexdigest() != digest:
            content = fetch()
            write_durably(path, content)
        return content

    def keep_only(self, digests: Collection[str]) -> None:
        """Forget all others."""
        others = [path for path in self._folder.glob("*") if path.name not in digests]
        for path in others:
            path.unlink(missing_ok=True)
        if others:
            sync_folder(self._folder)
