"""The rules content must pass before it is published, by their numbers in the domain sheet.

Each is a function of a case: an item, its measured facts, the figures in force on a day, and the screen, if one is
named. Every one of them says something about every item, if only that it does not apply.
"""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from playlists.rules_case import Case
from playlists.rules_language import (
    foreign_below,
    minorities_equal,
    reader_named,
    vietnamese_present,
    vietnamese_spoken_first,
)
from playlists.rules_papers import approved, urgent_complete
from playlists.rules_picture import drawable, easy_on_the_eyes, flag_honoured
from playlists.rules_sound import commerce_quiet, loud_enough
from playlists.verdicts import RuleId, Verdict

Rule = Callable[[Case], Iterator[Verdict]]

RULES: Final[Mapping[RuleId, Rule]] = MappingProxyType(
    {
        RuleId.V1: vietnamese_present,
        RuleId.V2: foreign_below,
        RuleId.V3: vietnamese_spoken_first,
        RuleId.V5: minorities_equal,
        RuleId.V6: commerce_quiet,
        RuleId.V9: loud_enough,
        RuleId.V10: urgent_complete,
        RuleId.V11: flag_honoured,
        RuleId.V13: easy_on_the_eyes,
        RuleId.V15: approved,
        RuleId.V17: drawable,
        RuleId.V18: reader_named,
    }
)
