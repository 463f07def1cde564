"""All rules over a playlist: in a stable order, for the right items, with facts of the right content."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from playlists.checks import barred, checks, failures, rule_findings, ticker_items, unmeasured
from playlists.content_digest import content_digest, item_digest
from playlists.facts import Facts, Loudness
from playlists.findings import Severity
from playlists.papers import Papers
from playlists.playlist import Item, Playlist, Slot, TickerText
from playlists.rules import RULES
from playlists.schedule import Precedence, Target
from playlists.thresholds import Threshold
from playlists.verdicts import RuleId, State, Verdict
from tests.support.judged import (
    DIGEST,
    ISSUERS,
    NIGHT_CURVE,
    ON,
    OTHER,
    OUTDOOR,
    SCREEN,
    approved,
    bulletin,
    clip,
    urgency,
)

LOUD = Facts(loudness=Loudness(-5, 0))


def playlist(*items: Item, ticker: tuple[TickerText, ...] = ()) -> Playlist:
    return Playlist("p", "P", tuple(Slot(item.id, item) for item in items), ticker=ticker)


def said(verdicts: list[Verdict], rule: RuleId) -> list[tuple[str, str]]:
    return [(one.item, one.code) for one in verdicts if one.rule is rule]


def test_items_come_in_their_order_then_rules_then_ticker_then_screen() -> None:
    items = [replace(clip(), id=name) for name in ("b", "a")]
    verdicts = checks(playlist(*items, ticker=(TickerText("vi", "tin"),)), SCREEN, {}, ON)
    assert list(dict.fromkeys(one.item for one in verdicts)) == ["b", "a", "ticker/0", ""]
    assert list(dict.fromkeys(one.rule for one in verdicts if one.item == "a")) == list(RULES)
    assert {one.place.split("/")[2] for one in verdicts if one.item == "a"} == {"1"}
    assert verdicts[-1].code == "v9-no-curve"


def test_an_item_of_several_slots_is_judged_once_with_all_of_them() -> None:
    advert = clip(Papers(commercial=True), sound=("vi",))
    elsewhere, here = Target(gates=("ho-le",)), Target(clusters=("cum-1",))
    apart = Playlist("p", "P", (Slot("1", advert, target=elsewhere), Slot("2", advert, target=elsewhere)))
    both = replace(apart, slots=(apart.slots[0], Slot("2", advert, target=here)))
    assert said(checks(apart, OUTDOOR, {}, ON), RuleId.V6) == [("c", "v6-elsewhere")]
    assert said(checks(both, OUTDOOR, {}, ON), RuleId.V6) == [("c", "v6-premises"), ("c", "v6-sounding")]
    urgent = replace(both, slots=(both.slots[0], Slot("u", advert, precedence=Precedence.URGENT)))
    assert ("c", "v10-no-notice") in said(checks(urgent, OUTDOOR, {}, ON), RuleId.V10)


def test_a_target_names_a_screen_in_any_of_four_ways() -> None:
    screen = replace(OUTDOOR, tags=("ngoài trời",))
    advert = clip(Papers(commercial=True), sound=("vi",))
    for target, meant in (
        (Target(), True),
        (Target(screens=("s",)), True),
        (Target(gates=("bo-y",)), True),
        (Target(tags=("x", "ngoài trời")), True),
        (Target(screens=("x",), tags=("x",)), False),
    ):
        found = said(checks(Playlist("p", "P", (Slot("1", advert, target=target),)), screen, {}, ON), RuleId.V6)
        assert (("c", "v6-sounding") in found) is meant


def test_facts_of_other_content_say_nothing() -> None:
    for of, code in ((None, "v9-loud"), (DIGEST, "v9-loud"), (OTHER, "v9-unmeasured")):
        found = said(checks(playlist(clip()), None, {"c": replace(LOUD, of=of)}, ON), RuleId.V9)
        assert ("c", code) in found
    # Where nobody wrote a digest down there is nothing to compare with.
    found = said(checks(playlist(clip(sha256=None)), None, {"c": replace(LOUD, of=OTHER)}, ON), RuleId.V9)
    assert ("c", "v9-loud") in found
    item = bulletin("vi", sound="s.ogg")
    found = said(checks(playlist(item), None, {"b": replace(LOUD, of=item_digest(item))}, ON), RuleId.V9)
    assert ("b", "v9-loud") in found


def test_a_ticker_is_approved_read_and_drawable_or_not_shown() -> None:
    ticker = (TickerText("vi", "Cửa khẩu mở 7 giờ."), TickerText("lo", "tin"))
    one = ticker_items(playlist(ticker=ticker))[0]
    assert one.bulletin is not None
    assert item_digest(one) == content_digest(one.bulletin)
    verdicts = checks(playlist(ticker=ticker), SCREEN, {"ticker/0": Facts(missing_glyphs={"vi": ()})}, ON)
    assert {one.rule for one in verdicts if one.item} == {RuleId.V15, RuleId.V17, RuleId.V18}
    assert barred(verdicts) == {"ticker/0", "ticker/1"}
    assert ("ticker/1", "v18-unread") in said(verdicts, RuleId.V18)
    # An approval of one message is of that message only.
    papers = replace(approved(one, "Sở A").papers, readers={"lo": "Bà Kham"})
    cleared = (replace(ticker[0], papers=papers), replace(ticker[1], papers=papers))
    facts = {"ticker/0": Facts(missing_glyphs={"vi": ()}), "ticker/1": Facts(missing_glyphs={"lo": ()})}
    verdicts = checks(playlist(ticker=cleared), SCREEN, facts, ON)
    assert barred(verdicts) == {"ticker/1"}
    assert said(failures(verdicts, Severity.ERROR), RuleId.V15) == [("ticker/1", "v15-other-content")]


def test_a_ticker_without_vietnamese_needs_a_reason() -> None:
    ticker = (TickerText("lo", "tin"),)
    assert said(checks(playlist(ticker=ticker), None, {}, ON), RuleId.V1) == [("ticker/0", "v1-absent")]


def test_the_screen_s_curve_is_judged_once() -> None:
    loud = replace(SCREEN, volume=NIGHT_CURVE)
    verdicts = [one for one in checks(playlist(clip()), loud, {}, ON) if not one.item]
    assert [(one.code, one.place, one.severity) for one in verdicts] == [("v9-curve-high", "/volume/1", Severity.ERROR)]
    assert checks(playlist(clip()), None, {}, ON)[-1].code == "v9-no-screen"


def test_thresholds_are_those_of_the_day() -> None:
    item = clip(sound=("vi",))
    row = Threshold("loudness_lufs", ON, -30.0, "thử", "test")
    facts = {"c": Facts(loudness=Loudness(-20, -9))}
    for on, code in ((ON, "v9-loud"), (ON - timedelta(days=1), "v9-level")):
        assert ("c", code) in said(checks(playlist(item), None, facts, on, [row]), RuleId.V9)


def test_what_bars_an_item_and_what_only_warns() -> None:
    good = approved(clip(languages=("vi",), sound=("vi",)), "Sở A")
    facts = Facts(loudness=Loudness(-20, -9))
    verdicts = checks(playlist(good), SCREEN, {"c": facts}, ON, [ISSUERS])
    assert barred(verdicts) == frozenset()
    assert {one.severity for one in unmeasured(verdicts)} == {Severity.WARNING}
    # An error that could not be measured bars as well as one that failed.
    assert barred(checks(playlist(good), SCREEN, {}, ON)) == {"c"}
    foreign = approved(clip(languages=("lo",)), "Sở A")
    assert "v1-absent" in {one.code for one in failures(checks(playlist(foreign), None, {}, ON), Severity.WARNING)}


@given(st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=6))
def test_the_same_question_has_the_same_answer(names: list[str]) -> None:
    slots = tuple(Slot(str(place), replace(clip(), id=name)) for place, name in enumerate(names))
    asked = Playlist("p", "P", slots)
    verdicts = checks(asked, None, {}, ON)
    assert verdicts == checks(asked, None, {}, ON)
    assert {one.item for one in verdicts} == {*names, ""}
    assert all(one.state is not State.PASSED or not one.bars for one in verdicts)


def test_an_operator_is_told_every_failure_and_each_kind_of_gap_once() -> None:
    items = [replace(clip(languages=("vi",)), id=name) for name in ("a", "b", "c")]
    verdicts = checks(playlist(*items), SCREEN, {"a": LOUD}, ON)
    found = rule_findings(verdicts)
    assert [(one.place, one.code, one.severity) for one in found] == [
        ("/items/0/sound", "v9-loud", Severity.ERROR),
        ("/items/0/sound", "v9-peak-high", Severity.ERROR),
        ("/items/0/papers", "v15-unapproved", Severity.ERROR),
        ("/items/1/papers", "v15-unapproved", Severity.ERROR),
        ("/items/2/papers", "v15-unapproved", Severity.ERROR),
        ("/items/0/sound", "v3-unmeasured", Severity.NOTE),
        ("/items/0", "v13-contrast-unmeasured", Severity.NOTE),
        ("/items/0", "v13-flash-unmeasured", Severity.NOTE),
        ("/items/0/captions", "v13-captions-unmeasured", Severity.NOTE),
        ("/items/1/sound", "v9-unmeasured", Severity.WARNING),
        ("", "rules-open", Severity.NOTE),
    ]
    by_code = {one.code: one for one in found}
    assert by_code["v9-unmeasured"].vi == "V9: Chưa đo độ to của âm thanh. (và 1 chỗ khác)"
    assert by_code["v9-unmeasured"].en.endswith(" (and 1 more)")
    assert by_code["rules-open"].vi.startswith("Còn 14 điều ")
    assert by_code["v15-unapproved"].fix_vi == "Gửi cơ quan phê duyệt trước khi phát."
    assert rule_findings([one for one in verdicts if one.state is State.PASSED]) == []


def test_a_draft_may_wait_for_its_approvals() -> None:
    verdicts = checks(playlist(clip(languages=("vi",)), bulletin("vi", urgency=urgency())), SCREEN, {}, ON, [ISSUERS])
    strict, draft = rule_findings(verdicts), rule_findings(verdicts, draft=True)
    barring = {one.code for one in strict if one.severity is Severity.ERROR}
    assert barring == {"v15-unapproved", "v10-few-approvals"}
    assert not [one for one in draft if one.severity is Severity.ERROR]
    assert {one.code for one in draft if one.severity is Severity.NOTE} >= barring
    secret = checks(playlist(clip(Papers(classified=True))), SCREEN, {}, ON)
    assert "v15-classified" in {one.code for one in rule_findings(secret, draft=True) if one.severity is Severity.ERROR}


def test_what_belongs_to_the_screen_is_marked() -> None:
    loud = replace(SCREEN, volume=NIGHT_CURVE)
    places = [one.place for one in rule_findings(checks(playlist(clip()), loud, {}, ON)) if one.code == "v9-curve-high"]
    assert places == ["#/volume/1"]
