"""Everything the rules can say, by its code."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from playlists.rules_language_wording import TABLE as LANGUAGES
from playlists.rules_papers_wording import TABLE as PAPERS
from playlists.rules_picture_wording import TABLE as PICTURES
from playlists.rules_sound_wording import TABLE as SOUND
from playlists.rules_wording import Sentence

SENTENCES: Final[Mapping[str, Sentence]] = MappingProxyType(
    {
        code: Sentence(rule, *row)
        for table in (LANGUAGES, SOUND, PAPERS, PICTURES)
        for rule, rows in table.items()
        for code, row in rows.items()
    }
)
"""Every sentence by its code."""
