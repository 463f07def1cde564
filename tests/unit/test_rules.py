"""The rules: every verdict there is, reached; and what must hold of all of them."""

import re
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playlists.facts import Contrast, Facts, FlagPicture, Letters, Loudness
from playlists.findings import Severity
from playlists.languages import MINORITY, NAMES_VI
from playlists.papers import Approval, Papers
from playlists.playlist import CaptionFile, Item, Slot
from playlists.proof import Rendition
from playlists.rules import RULES
from playlists.rules_case import Case
from playlists.rules_language_wording import TABLE as LANGUAGES
from playlists.rules_papers_wording import TABLE as PAPERS
from playlists.rules_picture_wording import TABLE as PICTURES
from playlists.rules_sentences import SENTENCES
from playlists.rules_sound import curve_within_limits
from playlists.rules_sound_wording import TABLE as SOUND
from playlists.schedule import Precedence, Target
from playlists.screen import Layout, Screen, Zone, ZoneKind
from playlists.thresholds import Threshold, in_force
from playlists.verdicts import RuleId, State, Verdict
from tests.support.judged import (
    DIGEST,
    HANOI,
    ISSUER,
    ISSUERS,
    NIGHT_CURVE,
    ON,
    OTHER,
    OUTDOOR,
    SCREEN,
    approved,
    bulletin,
    case,
    clip,
    codes,
    judged,
    picture,
    urgency,
)

COMMERCIAL = Papers(commercial=True)
REASON = Papers(foreign_only_reason="bản tiếng Việt là mục 3")
FLAG = Papers(national_flag=True)
CAPTIONS = (CaptionFile("vi", "c.vi.srt"),)
FLAG_FACTS = FlagPicture(1.5, cropped=False, covered=False)
URGENT = bulletin("vi", urgency=urgency())
URGENT_SLOT = Slot("u", clip(), precedence=Precedence.URGENT)
OVER = replace(SCREEN, layout=Layout((*SCREEN.layout.zones, Zone(ZoneKind.TICKER, 0, 90, 100, 10))))
BESIDE = replace(
    SCREEN,
    layout=Layout(
        (
            Zone(ZoneKind.CLOCK, 0, 0, 50, 50),
            Zone(ZoneKind.MAIN, 10, 10, 70, 80),
            Zone(ZoneKind.MAIN, 10, 10, 40, 40),
            Zone(ZoneKind.LOGO, 80, 0, 20, 90),
            Zone(ZoneKind.LOGO, 0, 0, 10, 90),
            Zone(ZoneKind.CLOCK, 10, 0, 70, 10),
            Zone(ZoneKind.TICKER, 0, 90, 100, 10),
        )
    ),
)


def letters(*heights: tuple[str, float], nominal: float | None = None, part: str = "body") -> tuple[Letters, ...]:
    return tuple(Letters(language, height, nominal, part) for language, height in heights)


def papers_of(*approvals: Approval) -> Papers:
    return Papers(approvals=approvals)


# Every case with all that its rule says of it, in order.
CASES: list[tuple[RuleId, Case, list[str]]] = [
    (RuleId.V1, case(clip(languages=("vi", "lo"))), ["v1-present"]),
    (RuleId.V1, case(clip(sound=("vi",))), ["v1-present"]),
    (RuleId.V1, case(clip(languages=("lo",), captions=CAPTIONS)), ["v1-present"]),
    (RuleId.V1, case(bulletin("lo", papers=REASON)), ["v1-reason"]),
    (RuleId.V1, case(bulletin("lo", papers=Papers(foreign_only_reason=" "))), ["v1-absent"]),
    (RuleId.V1, case(bulletin("lo", "en")), ["v1-absent"]),
    (RuleId.V1, case(bulletin("jra-Latn")), ["v1-absent"]),
    (RuleId.V1, case(clip()), ["v1-unknown"]),
    (RuleId.V1, case(clip(languages=("lo",), sound=("und",))), ["v1-unknown"]),
    (RuleId.V2, case(clip()), ["v2-unknown"]),
    (RuleId.V2, case(bulletin("vi")), ["v2-none"]),
    (RuleId.V2, case(bulletin("lo", "en")), ["v2-none"]),
    (RuleId.V2, case(bulletin("vi", "lo")), ["v2-below", "v2-size-unmeasured"]),
    (RuleId.V2, case(bulletin("vi", "lo"), Facts(letters=letters(("vi", 40)))), ["v2-below", "v2-size-unmeasured"]),
    (RuleId.V2, case(bulletin("vi", "lo"), Facts(letters=letters(("lo", 40)))), ["v2-below", "v2-size-unmeasured"]),
    (
        RuleId.V2,
        case(bulletin("vi", "lo"), Facts(letters=letters(("vi", 40), ("lo", 30)))),
        ["v2-below", "v2-size-small"],
    ),
    (
        RuleId.V2,
        case(bulletin("vi", "lo"), Facts(letters=letters(("vi", 40), ("lo", 30.1)))),
        ["v2-below", "v2-size-drawn"],
    ),
    (
        # The letters as drawn are small enough, the size asked for is not.
        RuleId.V2,
        case(bulletin("vi", "lo"), Facts(letters=letters(("vi", 40), ("lo", 30), nominal=50))),
        ["v2-below", "v2-size-nominal"],
    ),
    (
        # Of the sizes asked for, too, the worst decides; one without its counterpart is left out.
        RuleId.V2,
        case(
            bulletin("vi", "lo"),
            Facts(
                letters=letters(("vi", 80), ("lo", 20), nominal=60, part="title")
                + letters(("vi", 40), nominal=40)
                + letters(("lo", 20), nominal=20)
                + letters(("vi", 40), part="date")
                + letters(("lo", 20), nominal=20, part="date")
            ),
        ),
        ["v2-below", "v2-size-nominal"],
    ),
    (
        # Title against title and body against body: the body is the one too large.
        RuleId.V2,
        case(
            bulletin("vi", "lo"),
            Facts(letters=letters(("vi", 80), ("lo", 60), part="title") + letters(("vi", 40), ("lo", 31))),
        ),
        ["v2-below", "v2-size-drawn"],
    ),
    (
        # A part that the Vietnamese does not have is compared with the smallest Vietnamese.
        RuleId.V2,
        case(
            bulletin("vi", "lo"),
            Facts(letters=letters(("vi", 80), part="title") + letters(("vi", 40)) + letters(("lo", 31), part="x")),
        ),
        ["v2-below", "v2-size-drawn"],
    ),
    (
        RuleId.V2,
        case(picture(languages=("en", "vi", "lo")), Facts(letters=letters(("vi", 40), ("en", 10), ("lo", 40)))),
        ["v2-above", "v2-size-small", "v2-below", "v2-size-drawn"],
    ),
    (RuleId.V3, case(picture()), ["v3-silent"]),
    (RuleId.V3, case(clip(), Facts(sounding=False)), ["v3-silent"]),
    (RuleId.V3, case(clip()), ["v3-unmeasured"]),
    (RuleId.V3, case(clip(sound=("vi", "und"))), ["v3-unmeasured"]),
    (RuleId.V3, case(clip(sound=("vi", "lo"))), ["v3-unmeasured"]),
    (RuleId.V3, case(clip(sound=("vi", "jeh"))), ["v3-no-foreign"]),
    (RuleId.V3, case(clip(), Facts(spoken=())), ["v3-no-foreign"]),
    (RuleId.V3, case(clip(), Facts(spoken=("vi", "lo"))), ["v3-first"]),
    (RuleId.V3, case(clip(sound=("vi",)), Facts(spoken=("lo", "vi"))), ["v3-late"]),
    (RuleId.V3, case(clip(languages=("vi",)), Facts(spoken=("lo",))), ["v3-unspoken"]),
    (RuleId.V3, case(clip(REASON, languages=("vi",)), Facts(spoken=("lo",))), ["v3-foreign-only"]),
    (RuleId.V3, case(clip(languages=("lo",)), Facts(spoken=("lo",))), ["v3-foreign-only"]),
    (RuleId.V5, case(bulletin("vi", "jeh", "lo")), ["v5-equal"]),
    (RuleId.V5, case(bulletin("vi", "lo")), ["v5-none"]),
    (RuleId.V6, case(clip()), ["v6-not-commercial"]),
    (RuleId.V6, case(clip(COMMERCIAL)), ["v6-no-screen"]),
    (RuleId.V6, case(clip(COMMERCIAL), screen=SCREEN), ["v6-premises", "v6-indoors"]),
    (RuleId.V6, case(clip(COMMERCIAL, sound=("und",)), screen=OUTDOOR), ["v6-premises", "v6-sounding"]),
    (RuleId.V6, case(clip(COMMERCIAL), screen=OUTDOOR), ["v6-premises", "v6-unmeasured"]),
    (RuleId.V6, case(clip(COMMERCIAL), Facts(sounding=False), screen=OUTDOOR), ["v6-premises", "v6-silent"]),
    (RuleId.V6, case(clip(COMMERCIAL), Facts(sounding=True), screen=OUTDOOR), ["v6-premises", "v6-sounding"]),
    (RuleId.V6, case(bulletin("vi", papers=COMMERCIAL), screen=OUTDOOR), ["v6-premises", "v6-silent"]),
    (
        RuleId.V6,
        case(bulletin(papers=COMMERCIAL, sound="s.ogg", rendition=Rendition.SOUND), screen=OUTDOOR),
        ["v6-premises", "v6-sounding"],
    ),
    (
        RuleId.V6,
        case(picture(COMMERCIAL), screen=replace(SCREEN, armed_forces=True)),
        ["v6-armed-forces", "v6-indoors"],
    ),
    (
        RuleId.V6,
        case(clip(COMMERCIAL), screen=OUTDOOR, slots=[Slot("s", clip(), target=Target(screens=("other",)))]),
        ["v6-elsewhere"],
    ),
    (RuleId.V9, case(picture()), ["v9-silent"]),
    (RuleId.V9, case(clip()), ["v9-unmeasured"]),
    (RuleId.V9, case(clip(), Facts(loudness=Loudness(-16, -1))), ["v9-level", "v9-peak"]),
    (RuleId.V9, case(clip(), Facts(loudness=Loudness(-15.9, -0.9))), ["v9-loud", "v9-peak-high"]),
    (RuleId.V10, case(clip()), ["v10-not-urgent"]),
    (
        RuleId.V10,
        case(approved(clip(), "Sở A", "Sở B"), Facts(siren=0.0), slots=[URGENT_SLOT]),
        ["v10-no-notice", "v10-approved", "v10-no-siren"],
    ),
    (
        RuleId.V10,
        case(URGENT),
        ["v10-notice", "v10-expires", "v10-no-list", "v10-few-approvals", "v10-silent"],
    ),
    (
        RuleId.V10,
        case(approved(URGENT, "Sở A", "Sở B"), rows=[ISSUERS]),
        ["v10-notice", "v10-expires", "v10-issuer", "v10-approved", "v10-silent"],
    ),
    (
        # The same body twice, written in two ways, is one.
        RuleId.V10,
        case(approved(URGENT, "Sở A", " sở  a"), rows=[replace(ISSUERS, value=("ai khác",))]),
        ["v10-notice", "v10-expires", "v10-foreign-issuer", "v10-few-approvals", "v10-silent"],
    ),
    (
        RuleId.V10,
        case(approved(bulletin("vi", urgency=urgency(issuer=" ", area="")), "A", "B"), rows=[ISSUERS]),
        ["v10-no-issuer", "v10-no-area", "v10-expires", "v10-foreign-issuer", "v10-approved", "v10-silent"],
    ),
    (
        RuleId.V10,
        case(
            bulletin("vi", sound="s.ogg", urgency=urgency(expires=datetime(2026, 11, 24, 8, tzinfo=HANOI))),
            Facts(siren=0.5),
            rows=[ISSUERS],
        ),
        ["v10-notice", "v10-expires-before", "v10-issuer", "v10-few-approvals", "v10-siren"],
    ),
    (
        # A time without an offset is the screen's own.
        RuleId.V10,
        case(
            bulletin("vi", sound="s.ogg", urgency=urgency(expires=datetime(2026, 11, 24, 8, 1))),  # noqa: DTZ001
            rows=[ISSUERS],
        ),
        ["v10-notice", "v10-expires", "v10-issuer", "v10-few-approvals", "v10-siren-unmeasured"],
    ),
    (
        RuleId.V10,
        case(
            bulletin(
                "vi",
                urgency=urgency(
                    issued=datetime(2026, 11, 22, tzinfo=UTC), expires=datetime(2026, 11, 23, 23, 59, tzinfo=UTC)
                ),
            ),
            rows=[ISSUERS],
        ),
        ["v10-notice", "v10-expired", "v10-issuer", "v10-few-approvals", "v10-silent"],
    ),
    (
        RuleId.V10,
        case(replace(approved(clip(), "A", "B"), sha256=None), slots=[URGENT_SLOT]),
        ["v10-no-notice", "v10-unknown-content", "v10-siren-unmeasured"],
    ),
    (
        RuleId.V10,
        case(clip(sha256=None), slots=[URGENT_SLOT]),
        ["v10-no-notice", "v10-few-approvals", "v10-siren-unmeasured"],
    ),
    (RuleId.V11, case(picture()), ["v11-no-flag"]),
    (
        RuleId.V11,
        case(picture(FLAG), screen=SCREEN),
        ["v11-shape-unmeasured", "v11-whole-unmeasured", "v11-cover-unmeasured"],
    ),
    (
        RuleId.V11,
        case(picture(FLAG), Facts(flag=FLAG_FACTS)),
        ["v11-shape", "v11-whole", "v11-cover-unmeasured"],
    ),
    (
        RuleId.V11,
        case(picture(FLAG), Facts(flag=FLAG_FACTS), screen=SCREEN),
        ["v11-shape", "v11-whole", "v11-uncovered"],
    ),
    (
        RuleId.V11,
        case(picture(FLAG), Facts(flag=FLAG_FACTS), screen=BESIDE),
        ["v11-shape", "v11-whole", "v11-uncovered"],
    ),
    (
        RuleId.V11,
        case(picture(FLAG), Facts(flag=FLAG_FACTS), screen=OVER),
        ["v11-shape", "v11-whole", "v11-zone"],
    ),
    (
        RuleId.V11,
        case(picture(FLAG), Facts(flag=FlagPicture(1.52, cropped=True, covered=True))),
        ["v11-misshapen", "v11-cropped", "v11-covered"],
    ),
    (
        RuleId.V11,
        case(clip(FLAG, captions=CAPTIONS), Facts(flag=FLAG_FACTS), screen=SCREEN),
        ["v11-shape", "v11-whole", "v11-captions"],
    ),
    (
        RuleId.V13,
        case(clip()),
        ["v13-contrast-unmeasured", "v13-flash-unmeasured", "v13-captions-unmeasured"],
    ),
    (
        RuleId.V13,
        case(picture(), Facts(contrasts=())),
        ["v13-no-text", "v13-still", "v13-silent"],
    ),
    (
        RuleId.V13,
        case(clip(captions=CAPTIONS), Facts(contrasts=(Contrast(4.5), Contrast(3, large=True)), flash_hz=3.0)),
        ["v13-contrast", "v13-steady", "v13-captions"],
    ),
    (
        # Of two ratios the one that is further below what it needs decides.
        RuleId.V13,
        case(
            clip(sound=("vi",)),
            Facts(contrasts=(Contrast(4.4), Contrast(4.0, large=True)), flash_hz=4.0, captions=False),
        ),
        ["v13-faint", "v13-flashing", "v13-no-captions"],
    ),
    (
        RuleId.V13,
        case(clip(), Facts(contrasts=(Contrast(2.9, large=True),), spoken=(), captions=False)),
        ["v13-faint", "v13-flash-unmeasured", "v13-no-speech"],
    ),
    (
        RuleId.V13,
        case(clip(), Facts(spoken=("vi",), captions=False)),
        ["v13-contrast-unmeasured", "v13-flash-unmeasured", "v13-no-captions"],
    ),
    (
        RuleId.V13,
        case(bulletin("vi", sound="s.ogg"), Facts(flash_hz=5.0)),
        ["v13-contrast-unmeasured", "v13-flashing", "v13-captions"],
    ),
    (
        RuleId.V13,
        case(clip(sound=("und",)), Facts(captions=False)),
        ["v13-contrast-unmeasured", "v13-flash-unmeasured", "v13-captions-unmeasured"],
    ),
    (
        RuleId.V13,
        case(clip(), Facts(captions=True)),
        ["v13-contrast-unmeasured", "v13-flash-unmeasured", "v13-captions"],
    ),
    (RuleId.V15, case(clip()), ["v15-open", "v15-unapproved"]),
    (RuleId.V15, case(approved(clip(), "Sở A")), ["v15-open", "v15-approved"]),
    (RuleId.V15, case(approved(clip(Papers(classified=True)), "Sở A")), ["v15-classified", "v15-approved"]),
    (RuleId.V15, case(clip(papers_of(Approval("Sở A", ON, OTHER)))), ["v15-open", "v15-other-content"]),
    (RuleId.V15, case(clip(papers_of(Approval("Sở A", ON)))), ["v15-open", "v15-other-content"]),
    (RuleId.V15, case(clip(papers_of(Approval(" ", ON, DIGEST)))), ["v15-open", "v15-other-content"]),
    (RuleId.V15, case(approved(clip(), "Sở A", on=ON + timedelta(days=1))), ["v15-open", "v15-early"]),
    (
        RuleId.V15,
        case(clip(papers_of(Approval("Sở A", ON, DIGEST), Approval("Sở B", ON + timedelta(days=1), DIGEST)))),
        ["v15-open", "v15-approved"],
    ),
    (RuleId.V15, case(clip(papers_of(Approval("Sở A", ON, DIGEST)), sha256=None)), ["v15-open", "v15-unknown-content"]),
    (
        RuleId.V15,
        case(clip(papers_of(Approval("Sở A", ON, DIGEST)), sha256=None), Facts(of=DIGEST)),
        ["v15-open", "v15-approved"],
    ),
    (
        RuleId.V15,
        case(approved(clip(), "Sở A"), rows=[Threshold("approvals", ON, 2, "thử", "test")]),
        ["v15-open", "v15-few"],
    ),
    (RuleId.V15, case(approved(bulletin("vi", picture="p.png"), "Sở A")), ["v15-open", "v15-loose-files"]),
    (
        RuleId.V15,
        case(approved(bulletin("vi", picture="p.png", picture_sha256=DIGEST), "Sở A")),
        ["v15-open", "v15-approved"],
    ),
    (RuleId.V17, case(clip(languages=("lo",))), ["v17-no-text"]),
    (RuleId.V17, case(bulletin("vi", "lo")), ["v17-unmeasured", "v17-unmeasured", "v17-normal"]),
    (
        RuleId.V17,
        case(bulletin("vi", "lo"), Facts(missing_glyphs={"vi": ()})),
        ["v17-glyphs", "v17-unmeasured", "v17-normal"],
    ),
    (
        RuleId.V17,
        case(bulletin("vi", issuer="So\u031b\u0309"), Facts(missing_glyphs={"vi": ("ơ̆",)})),
        ["v17-missing", "v17-not-normal"],
    ),
    (
        RuleId.V17,
        case(bulletin("vi", urgency=urgency(area="Bo\u031b\u0300 Y")), Facts(missing_glyphs={"vi": ()})),
        ["v17-glyphs", "v17-not-normal"],
    ),
    (RuleId.V17, case(clip(captions=CAPTIONS)), ["v17-unmeasured", "v17-normal-unmeasured"]),
    (
        RuleId.V17,
        case(clip(captions=CAPTIONS), Facts(missing_glyphs={"vi": ()}, normal_text=False)),
        ["v17-glyphs", "v17-captions-not-normal"],
    ),
    (
        RuleId.V17,
        case(clip(captions=CAPTIONS), Facts(missing_glyphs={"vi": ()}, normal_text=True)),
        ["v17-glyphs", "v17-normal"],
    ),
    (RuleId.V18, case(clip()), ["v18-unknown"]),
    (RuleId.V18, case(clip(languages=("vi", "en"))), ["v18-none"]),
    (RuleId.V18, case(bulletin("vi", "lo", "en")), ["v18-unread"]),
    (
        RuleId.V18,
        case(
            clip(
                Papers(readers={"lo": "Bà Kham", "jra": "Ông Siu", "km": " "}),
                languages=("lo", "jra-Latn", "jra-Khmr"),
                captions=(CaptionFile("km", "c.km.srt"), CaptionFile("vi", "c.vi.srt")),
            )
        ),
        ["v18-read", "v18-read", "v18-read", "v18-unread"],
    ),
    (RuleId.V18, case(bulletin("jra-Khmr", papers=Papers(readers={"jra-Latn": "Ông Siu"}))), ["v18-unread"]),
]


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
