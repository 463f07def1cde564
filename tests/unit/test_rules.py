"""The rules: every verdict there is, reached; and what must hold of all of them."""

import re
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playlists.facts import Contrast, Facts, FlagPicture, Letters, Loudness
from playlists.findings import Severity
from playlists.languages import MINORITY, NAMES_VI
from playlists.papers import Approval, Papers
from playlists.playlist import CaptionFile, Item
from playlists.rules import RULES
from playlists.rules_case import Case
from playlists.rules_language_wording import TABLE as LANGUAGES
from playlists.rules_papers_wording import TABLE as PAPERS
from playlists.rules_picture_wording import TABLE as PICTURES
from playlists.rules_sentences import SENTENCES
from playlists.rules_sound import curve_within_limits
from playlists.rules_sound_wording import TABLE as SOUND
from playlists.screen import Screen
from playlists.thresholds import in_force
from playlists.verdicts import RuleId, State, Verdict
from tests.support.judged import (
    DIGEST,
    ISSUER,
    ISSUERS,
    NIGHT_CURVE,
    ON,
    OUTDOOR,
    SCREEN,
    bulletin,
    case,
    clip,
    codes,
    judged,
    picture,
    urgency,
)
from tests.support.rule_cases import CASES, OVER, URGENT_SLOT, letters, papers_of


def all_verdicts() -> Iterator[Verdict]:
    for rule, one, _ in CASES:
        yield from judged(rule, one)
    thresholds = in_force(ON)
    for screen in (None, SCREEN, replace(SCREEN, volume=NIGHT_CURVE), replace(SCREEN, volume=NIGHT_CURVE[:1])):
        yield from curve_within_limits(screen, thresholds)
    silent = replace(SCREEN, volume=(replace(NIGHT_CURVE[0], percent=0),))
    yield from curve_within_limits(silent, thresholds)


@pytest.mark.parametrize(("rule", "one", "expected"), CASES)
def test_a_rule_says_what_is_so(rule: RuleId, one: Case, expected: list[str]) -> None:
    assert codes(rule, one) == expected


def test_everything_that_can_be_said_is_said_here() -> None:
    assert {one.code for one in all_verdicts()} == SENTENCES.keys()
    assert sum(len(rows) for table in (LANGUAGES, SOUND, PAPERS, PICTURES) for rows in table.values()) == len(SENTENCES)


def test_every_sentence_is_whole_in_both_languages() -> None:
    for one in all_verdicts():
        told = (one.vi, one.en, *(text for text in (one.fix_vi, one.fix_en) if text is not None))
        assert all(text.strip() and not re.search("[{}]|None|True|False", text) for text in told), one
        assert all(text[0].isupper() or text[0] == "“" for text in told), one
        assert all(text.endswith(".") for text in told), one
        assert (one.fix_vi is None) == (one.fix_en is None)
        assert one.vi != one.en


def test_every_failure_and_every_gap_says_what_to_do() -> None:
    needs = {State.FAILED, State.NOT_MEASURED}
    assert {code for code, one in SENTENCES.items() if (one.state in needs) != (one.fix_vi is not None)} == set()


def test_every_rule_has_every_state_that_it_can_have() -> None:
    states = {rule: {one.state for one in SENTENCES.values() if one.rule is rule} for rule in RuleId}
    assert states.pop(RuleId.V5) == {State.PASSED, State.NOT_APPLICABLE}
    # Approval and Vietnamese are asked of everything.
    assert states.pop(RuleId.V1) == states.pop(RuleId.V15) == set(State) - {State.NOT_APPLICABLE}
    assert all(found == set(State) for found in states.values())


def test_there_are_twelve_rules_and_no_others() -> None:
    assert [rule.value for rule in RuleId] == [
        "V1",
        "V2",
        "V3",
        "V5",
        "V6",
        "V9",
        "V10",
        "V11",
        "V13",
        "V15",
        "V17",
        "V18",
    ]
    assert list(RULES) == list(RuleId)
    for number in (0, 4, 7, 8, 12, 14, 16, 19):
        with pytest.raises(ValueError, match="is not a valid RuleId"):
            RuleId(f"V{number}")


def test_severities_are_those_of_the_sheet() -> None:
    for commercial in (False, True):
        item = bulletin("lo", papers=Papers(commercial=commercial, national_flag=True))
        weights = {one.rule: one.severity for rule in RuleId for one in judged(rule, case(item, screen=SCREEN))}
        by_commerce = Severity.ERROR if commercial else Severity.WARNING
        assert {weights.pop(rule) for rule in (RuleId.V1, RuleId.V2, RuleId.V3)} == {by_commerce}
        assert (weights.pop(RuleId.V5), weights.pop(RuleId.V13)) == (Severity.NOTE, Severity.WARNING)
        assert set(weights.values()) == {Severity.ERROR}


@pytest.mark.parametrize("language", sorted(MINORITY))
def test_minority_languages_stand_as_equals(language: str) -> None:
    facts = Facts(letters=letters((language, 80), ("vi", 40)))
    for item in (bulletin(language, "vi"), bulletin("vi", f"{language}-Latn"), picture(languages=(language, "vi"))):
        assert codes(RuleId.V2, case(item, facts)) == ["v2-none"]
        assert codes(RuleId.V5, case(item, facts)) == ["v5-equal"]
        assert codes(RuleId.V3, case(clip(sound=(language, "vi")), facts)) == ["v3-no-foreign"]


def test_places_lead_into_the_files() -> None:
    foreign = judged(RuleId.V2, case(bulletin("vi", "lo")))
    assert [one.place for one in foreign] == ["/items/0/bulletin/texts/1"] * 2
    assert judged(RuleId.V18, case(clip(languages=("vi", "km"))))[0].place == "/items/0/languages/1"
    loud = next(iter(curve_within_limits(replace(SCREEN, volume=NIGHT_CURVE), in_force(ON))))
    assert (loud.place, loud.item) == ("/volume/1", "")


def test_the_worst_part_is_the_one_that_is_named() -> None:
    facts = Facts(letters=letters(("vi", 80), ("lo", 80), nominal=60, part="title") + letters(("vi", 40), ("lo", 36)))
    assert "100 %" in judged(RuleId.V2, case(bulletin("vi", "lo"), facts))[1].vi
    facts = Facts(
        letters=letters(("vi", 80), nominal=50, part="title")
        + letters(("lo", 20), nominal=40, part="title")
        + letters(("vi", 40), ("lo", 10), nominal=30)
    )
    assert "100 %" in judged(RuleId.V2, case(bulletin("vi", "lo"), facts))[1].en


def test_figures_are_written_as_each_language_writes_them() -> None:
    (loud, peak) = judged(RuleId.V9, case(clip(), Facts(loudness=Loudness(-15.876, -3.0))))
    assert (loud.vi, loud.en) == (
        "Âm thanh quá to: -15,88 LUFS, nhiều nhất chỉ được -16.",
        "The sound is too loud: -15.88 LUFS, -16 is the most.",
    )
    assert peak.vi == "Đỉnh âm thanh -3 dBFS (nhiều nhất -1)."
    faint = judged(RuleId.V13, case(picture(), Facts(contrasts=(Contrast(4.25),))))[0]
    assert "4,25:1, ít nhất phải 4,5:1" in faint.vi


def test_the_first_day_of_an_early_approval_is_told() -> None:
    papers = papers_of(*(Approval(f"Sở {days}", ON + timedelta(days=days), DIGEST) for days in (9, 1, 4)))
    assert "25/11/2026" in judged(RuleId.V15, case(clip(papers)))[1].vi


def test_a_siren_begins_at_its_threshold() -> None:
    given_siren = (Facts(siren=part) for part in (0.1, 0.099))
    found = [codes(RuleId.V10, case(clip(), facts, slots=[URGENT_SLOT]))[-1] for facts in given_siren]
    assert found == ["v10-siren", "v10-no-siren"]


def test_eight_characters_are_named_without_a_rest() -> None:
    missing = tuple(chr(0x1F600 + number) for number in range(8))
    (first, *_) = judged(RuleId.V17, case(bulletin("vi"), Facts(missing_glyphs={"vi": missing})))
    assert "…" not in first.vi
    assert first.vi.endswith("(U+1F607).")


def test_characters_are_named_even_where_they_cannot_be_seen() -> None:
    missing = tuple(f"{chr(0x1F600 + number)}" for number in range(10))
    facts = Facts(missing_glyphs={"vi": ("\u200b", *missing, "\u200b")})
    (first, *_) = judged(RuleId.V17, case(bulletin("vi"), facts))
    assert "“\u200b” (U+200B)" in first.vi
    assert first.vi.endswith("… (+3).")
    odd = judged(RuleId.V17, case(bulletin("vi", issuer="Sở Công Thu\u031bo\u031bng")))[-1]
    assert "U+0055" not in odd.en
    assert "U+0054 U+0068 U+0075 U+031B" in odd.en


# What must hold whatever is given.

LANGUAGE = st.sampled_from([*NAMES_VI, "jra-Latn", "fr"])
LANGUAGE_LIST = st.lists(LANGUAGE, max_size=4, unique=True).map(tuple)
PIXELS = st.floats(1, 200)
FACTS = st.builds(
    Facts,
    letters=st.none() | st.lists(st.builds(Letters, LANGUAGE, PIXELS, st.none() | PIXELS), max_size=5).map(tuple),
    missing_glyphs=st.none() | st.dictionaries(LANGUAGE, st.lists(st.text(max_size=2), max_size=2).map(tuple)),
    normal_text=st.none() | st.booleans(),
    contrasts=st.none() | st.lists(st.builds(Contrast, st.floats(1, 21), st.booleans()), max_size=3).map(tuple),
    flash_hz=st.none() | st.floats(0, 10),
    loudness=st.none() | st.builds(Loudness, st.floats(-60, 0), st.floats(-60, 3)),
    siren=st.none() | st.floats(0, 1),
    spoken=st.none() | LANGUAGE_LIST,
    sounding=st.none() | st.booleans(),
    captions=st.none() | st.booleans(),
    flag=st.none()
    | st.builds(
        FlagPicture, st.none() | st.floats(0.5, 3), cropped=st.none() | st.booleans(), covered=st.none() | st.booleans()
    ),
)
PAPERS_OF_ITEMS = st.builds(
    Papers,
    approvals=st.lists(st.builds(Approval, st.sampled_from(["A", "B"]), st.just(ON), st.just(DIGEST))).map(tuple),
    commercial=st.booleans(),
    national_flag=st.booleans(),
    foreign_only_reason=st.sampled_from([None, "lý do"]),
)
CAPTION_FILES = st.lists(LANGUAGE, max_size=2, unique=True).map(
    lambda tags: tuple(CaptionFile(tag, f"{tag}.srt") for tag in tags)
)
CLIPS = st.builds(
    clip,
    PAPERS_OF_ITEMS,
    languages=LANGUAGE_LIST,
    sound=st.lists(LANGUAGE | st.just("und"), max_size=2).map(tuple),
    captions=CAPTION_FILES,
)
BULLETINS = st.builds(
    lambda tags, papers, sound, of: bulletin(*tags, papers=papers, sound=sound, urgency=of),
    LANGUAGE_LIST,
    PAPERS_OF_ITEMS,
    st.sampled_from([None, "s.ogg"]),
    st.sampled_from([None, urgency()]),
)
ITEMS = CLIPS | BULLETINS | st.builds(picture, PAPERS_OF_ITEMS, languages=LANGUAGE_LIST)
SCREENS = st.sampled_from([None, SCREEN, OUTDOOR, OVER, replace(OUTDOOR, armed_forces=True)])
# Half the examples find the same in half the time.
FEWER = settings(max_examples=50)
MEASURED = [field.name for field in fields(Facts) if field.name not in {"of", "measured_by", "extra"}]


def states(of: Case) -> dict[tuple[RuleId, str, str], State]:
    verdicts = [one for rule in RuleId for one in judged(rule, of)]
    return {(one.rule, one.aspect, one.place): one.state for one in verdicts}


def less(facts: Facts, kept: set[str]) -> Facts:
    gone: dict[str, Any] = {name: None for name in MEASURED if name not in kept}
    return replace(facts, **gone)


@given(ITEMS, FACTS, SCREENS, st.sets(st.sampled_from(MEASURED)))
def test_more_facts_never_turn_a_verdict_round(item: Item, facts: Facts, screen: Screen | None, kept: set[str]) -> None:
    few, many = (states(case(item, of, screen=screen)) for of in (less(facts, kept), facts))
    # Nothing fails for want of a fact and passes with it, nothing passes for want of a fact and fails with it.
    turned = {
        key: (state, many[key])
        for key, state in few.items()
        if key in many and {state, many[key]} == {State.PASSED, State.FAILED}
    }
    assert turned == {}


@FEWER
@given(ITEMS, SCREENS)
def test_what_nobody_measured_never_passes(item: Item, screen: Screen | None) -> None:
    found = states(case(item, screen=screen))
    measured_aspects = {"size", "glyphs", "contrast", "flashing", "loudness", "peak", "siren", "shape", "whole"}
    assert {key for key, state in found.items() if key[1] in measured_aspects and state is State.PASSED} == set()


@FEWER
@given(ITEMS, FACTS, SCREENS)
def test_every_rule_says_something_of_every_item(item: Item, facts: Facts, screen: Screen | None) -> None:
    given_case = case(item, facts, screen=screen)
    for rule in RuleId:
        verdicts = judged(rule, given_case)
        assert verdicts
        assert {one.rule for one in verdicts} == {rule}
        assert verdicts == judged(rule, given_case)


def test_an_issuer_is_known_by_its_name_however_it_is_typed() -> None:
    item = bulletin("vi", urgency=urgency(issuer=f"  {ISSUER.upper()} "))
    assert "v10-issuer" in codes(RuleId.V10, case(item, rows=[ISSUERS]))
