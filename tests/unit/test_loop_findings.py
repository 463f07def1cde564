"""What ``check`` tells of the loop, in both languages."""

from datetime import timedelta

import pytest

from playlists.concession_sentences import fix_for, sentence_en, sentence_vi, time_vi
from playlists.findings import Severity
from playlists.loop import plan_day
from playlists.loop_findings import loop_findings
from playlists.rota import Concession, Rule
from playlists.schedule import Share, Timetable
from playlists.timing import DurationMs
from tests.support.loops import DAY, MINUTE, item, playlist, screen, slot


def test_what_can_be_kept_has_nothing_to_tell() -> None:
    made = playlist(slot("a"), slot(item("lao", "lo")))
    assert list(loop_findings(made, screen(lo=30.0), DAY)) == []


def test_without_a_screen_or_a_plan_there_is_nothing_to_say() -> None:
    made = playlist(slot("a", Share(most_per_hour=1)))
    assert list(loop_findings(made, None, DAY)) == []
    assert list(loop_findings(type(made)("p", "P", made.slots), screen(), DAY)) == []


def test_a_week_is_told_of_once_with_the_worst_and_the_first() -> None:
    monday = Timetable(weekdays=frozenset({1}))
    made = playlist(
        slot("a", Share(spacing=DurationMs(2 * MINUTE))), slot("b", timetable=Timetable(weekdays=frozenset({2})))
    )
    made = type(made)("p", "P", (*made.slots, slot("c", timetable=monday)), "ab" * 32, planned=True)
    found = [one for one in loop_findings(made, screen("07:00", "09:00"), DAY) if one.code == "loop-spacing"]
    assert [(one.place, one.severity) for one in found] == [("/slots/0", Severity.WARNING)]
    assert found[0].vi == (
        "“A” lặp lại sau 30 giây thay vì sau ít nhất 2 phút, vì không còn mục nào khác để phát."
        " (10 giờ trong tuần, lần đầu lúc 07:00 ngày 25/11/2026)"
    )
    assert found[0].en == (
        "“A” comes again after 30 s instead of at least 2 min: there is nothing else to show."
        " (10 hours of the week, first at 2026-11-25T07:00)"
    )
    assert found[0].fix_vi == "Thêm nội dung, hoặc giảm khoảng cách."


def test_a_language_that_no_item_has_is_told_elsewhere() -> None:
    assert list(loop_findings(playlist(slot("a")), screen(lo=30.0), DAY)) == []


def test_a_language_is_the_screens_and_a_message_its_first_items() -> None:
    made = playlist(
        slot("a"),
        slot(item("vi", message="m"), Share(weight=9, most_per_hour=2)),
        slot(item("lo", "lo", message="m")),
    )
    found = {one.code: one for one in loop_findings(made, screen("07:00", "08:00", lo=30.0), DAY)}
    assert found["loop-language-share"].place == ""
    assert found["loop-language-share"].vi.startswith(
        "Tiếng Lào chỉ có trong 1,67 % thời lượng phát, cần ít nhất 30 %, vì đã đủ số lần phát tối đa trong giờ."
    )
    weight = found["loop-weight"]
    assert (weight.place, weight.severity, weight.fix_vi) == ("/items/1", Severity.NOTE, None)
    # Strongest rule first.
    assert list(found) == ["loop-language-share", "loop-weight"]


def test_an_empty_screen_is_told_in_minutes() -> None:
    (found, _) = loop_findings(playlist(slot("a", Share(most_per_hour=2))), screen("07:00", "08:00"), DAY)
    assert found.vi.startswith("Màn hình trống 59 phút, vì đã đủ số lần phát tối đa trong giờ.")
    assert found.en.startswith("The screen is empty for 59 min: the most per hour is reached.")


@pytest.mark.parametrize("rule", [rule for rule in Rule if rule not in {Rule.CONTENT, Rule.MOST_PER_HOUR}])
@pytest.mark.parametrize("reason", list(Rule))
def test_every_rule_can_give_way_to_every_other_in_words(rule: Rule, reason: Rule) -> None:
    one = Concession(rule, "lo", reason, 90_000, 5)
    for told in (sentence_vi(one), sentence_en(one), sentence_vi(one, "Tên"), sentence_en(one, "Name")):
        assert told.endswith(".")
        assert not set("{}") & set(told)
    assert fix_for(rule) is None or all(text.endswith(".") for text in fix_for(rule) or ())


def test_a_refused_set_says_so() -> None:
    made = playlist(slot(item("vi", message="m")), slot(item("lo", "lo", message="m")), slot("x"))
    (one, *_) = plan_day(made, screen(), DAY, refused=frozenset({"lo"}))[0].concessions
    assert sentence_vi(one, "Chào") == (
        "Bộ bản ngữ “Chào” không được phát, vì quy tắc nội dung không cho phát một bản trong bộ."
    )
    assert time_vi(59_900) == "59,9 giây"
    assert time_vi(timedelta(minutes=90) / timedelta(milliseconds=1)) == "90 phút"
