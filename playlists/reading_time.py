"""How long a bulletin has to stand to be read, where nobody says how long it stands.

Readers of different languages read at the same time, each their own: the slowest language decides, not the sum. To it
comes the time to notice the bulletin and to find one's language on it.

The rates are for those who read slowly, one standard deviation below the mean of readers aged 18 to 35 of 17 languages:
S. Trauzettel-Klosinski, K. Dietz and the IReST Study Group, "Standardized Assessment of Reading Performance", IOVS
53(9), 2012, 5452-5461, measured 863 (SD 234) characters and 370 (SD 80) syllables a minute, read aloud. M. Brysbaert,
"How many words do we read per minute?", Journal of Memory and Language 109, 2019, finds silent reading about a third
faster than reading aloud and second-language readers slower; subtitlers call 12 characters a second slow.

Neither has Vietnamese, Lao, Khmer or a minority language, and nobody was found who has. Vietnamese and the minority
languages are counted as what is measured of Latin letters; Lao and Khmer by grapheme clusters, of which one or two make
a syllable, at the rate of slow readers' syllables with two clusters each. Both are settings to be corrected by whoever
measures at a gate.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType
from typing import Final

from playlists.bulletin import Bulletin
from playlists.line_breaks import Script, grapheme_clusters, script_runs
from playlists.timing import DurationMs

CHARACTERS_PER_MINUTE: Final[Mapping[Script, int]] = MappingProxyType(
    {
        Script.LATIN: 630,
        Script.LAO: 580,
        Script.KHMER: 580,
    }
)
"""Grapheme clusters a minute, spaces and punctuation counted, as the sources count them."""

SETTLING: Final = DurationMs(3_000)
"""To notice that something new stands there, and to find one's language."""
PICTURE: Final = DurationMs(2_000)
"""To look at a picture or to point a telephone at the code."""
LEAST: Final = DurationMs(6_000)
"""No bulletin comes and goes faster; for one that is a picture alone this is all anybody knows."""
TURNING: Final = DurationMs(1_000)
"""What a new page costs beside its text, when time is shared among pages."""

_MS_PER_MINUTE: Final = 60_000


def text_time(text: str) -> DurationMs:
    """How long a slow reader needs for ``text``, whatever scripts it mixes; milliseconds, rounded up.

    Decomposed letters, zero-width spaces and line feeds make no difference to the time of their words.
    """
    time = 0
    for run in script_runs(" ".join(unicodedata.normalize("NFC", text).split())):
        # Rounded up run by run, so that more text never takes less time.
        time += -(-_clusters(run.text) * _MS_PER_MINUTE // CHARACTERS_PER_MINUTE[run.script])
    return DurationMs(time)


def reading_time(bulletin: Bulletin) -> DurationMs:
    """How long the bulletin should stand when its item gives no duration; milliseconds, whole seconds.

    What is said once for everybody (issuer, place of an urgent one) is read by readers of the first language. A sound
    rendition lasts as long as its recording, which only its file tells; this is then the time of its text.
    """
    time = _slowest([(text.language, f"{text.title} {text.body}") for text in bulletin.texts])
    time += text_time(bulletin.issuer or "")
    if bulletin.urgency is not None:
        time += text_time(f"{bulletin.urgency.issuer} {bulletin.urgency.area}")
    for seen in (bulletin.picture, bulletin.link):
        time += PICTURE if seen is not None else 0
    return DurationMs(max(LEAST, -(-(SETTLING + time) // 1000) * 1000))


def page_times(total: DurationMs, pages: Sequence[Sequence[tuple[str, str]]]) -> tuple[DurationMs, ...]:
    """Share ``total`` among pages by what there is to read on each; the shares add up to ``total`` exactly.

    A page is its texts, each with its language. An empty page still costs its turning. Without pages there are no
    shares.
    """
    needs = [TURNING + _slowest(page) for page in pages]
    ends = [total * sum(needs[:count]) // sum(needs) for count in range(1, len(needs) + 1)]
    return tuple(DurationMs(end - start) for start, end in pairwise([0, *ends]))


def _slowest(texts: Sequence[tuple[str, str]]) -> int:
    """The time of the language that takes longest; several texts of one language are read one after the other."""
    times: dict[str, int] = {}
    for language, text in texts:
        times[language] = times.get(language, 0) + text_time(text)
    return max(times.values(), default=0)


def _clusters(text: str) -> int:
    visible = "".join(character for character in text if unicodedata.category(character) != "Cf")
    if not any(unicodedata.combining(character) or ord(character) >= 0x0E80 for character in visible):  # noqa: PLR2004 - Lao begins there; before it a composed letter is a cluster
        return len(visible)
    return len(grapheme_clusters(visible))
