"""What a change says to whoever is about to sign it: in words, and for a dry run every byte of every target."""

import json
from collections.abc import Iterator
from hashlib import sha256

from sync.hub.drafts import Change


def in_words(change: Change) -> Iterator[str]:
    """The lines that signers see too."""
    yield from change.summary


def in_full(change: Change) -> Iterator[str]:
    """Exactly what would be signed: each target with its digest, its length, its ``custom`` and its content."""
    yield from change.summary
    yield ""
    yield f"Phần ký: {change.role}"
    for path, (content, custom) in change.set.items():
        yield f"+ {path}  sha256 {sha256(content).hexdigest()}  {len(content)} byte"
        if custom is not None:
            yield f"  custom {json.dumps(custom, ensure_ascii=False, sort_keys=True)}"
        yield from (f"  {line}" for line in content.decode().rstrip("\n").split("\n"))
    yield from (f"- {path}" for path in sorted(change.remove))
    yield from (f"tệp media/{digest}  {path.stat().st_size} byte  {path.name}" for digest, path in change.media.items())
