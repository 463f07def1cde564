"""The rules of the loop, one by one."""

from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest

from playlists.clock_hours import instant_ms
from playlists.lengths import planned_length
from playlists.loop import plan_day, plan_hour
from playlists.playlist import ItemKind, Sequence, Slot
from playlists.rota import Closing, Concession, Rule
from playlists.schedule import Precedence, Share, Timetable, ValidityWindow
from playlists.screen import OpeningHours, Screen
from playlists.timing import DurationMs
from tests.support.loops import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    airtime,
    conceded,
    hour,
    item,
    playlist,
    screen,
    shown,
    slot,
    starts,
)

PRIORITY = Precedence.PRIORITY
MORNING_ONLY = Timetable(dayparts=("morning",))


def spaced(minutes: float) -> Share:
    return Share(spacing=DurationMs(int(minutes * MINUTE)))


def test_slots_come_as_they_are_written() -> None:
    rota = plan_hour(playlist(slot("a"), slot("b"), slot("c")), screen(), hour("00:00"))
    assert shown(rota)[:7] == ["a", "b", "c", "a", "b", "c", "a"]
    assert (rota.hour, rota.hour.utcoffset()) == (hour("00:00"), timedelta(hours=7))
    assert rota.concessions == ()


def test_turns_follow_one_another_and_the_last_runs_over() -> None:
    rotas = plan_day(playlist(slot(item("a", seconds=50)), slot(item("b", seconds=47))), screen(), DAY)
    end = 0
    for number, rota in enumerate(rotas):
        for turn in rota.turns:
            assert turn.offset + number * HOUR == end
            end += turn.length
    assert end == 24 * HOUR
    assert rotas[1].turns[0].offset > 0


def test_any_instant_of_the_hour_asks_for_the_hour_and_needs_an_offset() -> None:
    made = playlist(slot("a"), slot("b"))
    assert plan_hour(made, screen(), hour("07:59")) == plan_hour(made, screen(), hour("07:00").astimezone(tz=None))
    with pytest.raises(ValueError, match="offset"):
        plan_hour(made, screen(), hour("07:00").replace(tzinfo=None))


def test_a_weight_is_how_many_times_a_slot_comes_for_one_of_weight_1() -> None:
    rota = plan_hour(playlist(slot("a", Share(weight=3)), slot("b"), slot("c")), screen(), hour("07:00"))
    counts = {name: shown(rota).count(name) for name in "abc"}
    assert counts == {"a": 72, "b": 24, "c": 24}
    # Spread out: more than half of all turns, and never more than twice in a row.
    assert "aaa" not in "".join(shown(rota))


def test_a_share_of_voice_is_a_part_of_the_airtime_whatever_the_weights() -> None:
    rotas = plan_day(playlist(slot("a", Share(percent=20)), slot("b", Share(weight=9)), slot("c")), screen(), DAY)
    for rota in rotas:
        assert abs(airtime(rota)["a"] - 0.2 * 3600 * SECOND) <= 30 * SECOND
        assert rota.concessions == ()


def test_shares_of_voice_that_ask_for_everything_leave_nothing_to_weights() -> None:
    rota = plan_hour(
        playlist(slot("a", Share(percent=60)), slot("b", Share(percent=60)), slot("c")), screen(), hour("07:00")
    )
    # a and b take turns, since neither can have its 60; c has next to nothing.
    assert airtime(rota)["a"] == airtime(rota)["b"]
    (first, second) = conceded(rota, Rule.SHARE_OF_VOICE)
    assert (first.subject, first.wanted, first.got, first.yielded_to) == ("a", 60.0, 50.0, Rule.SHARE_OF_VOICE)
    assert second.subject == "b"


def test_a_set_is_shown_whole_and_in_order() -> None:
    lo = item("lo", "lo", message="m")
    rotas = plan_day(playlist(slot(item("vi", "vi", message="m")), slot("x"), slot(lo), slot("y")), screen(), DAY)
    for rota in rotas:
        order = shown(rota)
        assert all(order[place + 1] == "lo" for place, name in enumerate(order) if name == "vi")
        assert order.count("vi") == order.count("lo") > 0


def test_a_set_of_which_a_version_is_refused_is_not_shown_at_all() -> None:
    made = playlist(slot(item("vi", "vi", message="m")), slot(item("lo", "lo", message="m")), slot("x"))
    rota = plan_hour(made, screen(), hour("07:00"), refused=frozenset({"lo"}))
    assert set(shown(rota)) == {"x"}
    assert conceded(rota, Rule.SETS) == [Concession(Rule.SETS, "m", Rule.CONTENT, 2, 0)]
    alone = plan_hour(playlist(slot("x"), slot("y")), screen(), hour("07:00"), refused=frozenset({"y"}))
    assert (set(shown(alone)), alone.concessions) == ({"x"}, ())


def test_a_refused_set_is_told_of_only_while_it_could_be_shown() -> None:
    morning = slot(item("lo", "lo", message="m"), timetable=MORNING_ONLY)
    made = playlist(slot(item("vi", "vi", message="m")), morning, slot("x"))
    rotas = plan_day(made, screen(), DAY, refused=frozenset({"lo"}))
    assert [rota.hour.hour for rota in rotas if rota.concessions] == [7]


def test_most_per_hour_is_never_broken_even_if_the_screen_stays_empty() -> None:
    rota = plan_hour(
        playlist(slot("a", Share(most_per_hour=2)), slot("b", Share(most_per_hour=3))), screen(), hour("07:00")
    )
    assert {name: shown(rota).count(name) for name in "ab"} == {"a": 2, "b": 3}
    (empty,) = conceded(rota, Rule.FILLED)
    assert (empty.yielded_to, empty.wanted, empty.got) == (Rule.MOST_PER_HOUR, HOUR, 150 * SECOND)


def test_a_limited_slot_is_spread_over_its_hour() -> None:
    rota = plan_hour(
        playlist(slot("a", Share(weight=10, most_per_hour=4)), slot("b"), slot("c")), screen(), hour("07:00")
    )
    begins = [turn.offset for turn in rota.turns if turn.slot.id == "a"]
    assert len(begins) == 4
    assert all(later - earlier > 10 * MINUTE for earlier, later in pairwise(begins))


def test_two_slots_of_one_item_share_its_limits() -> None:
    again = slot(item("a"), Share(most_per_hour=5, spacing=DurationMs(2 * MINUTE)))
    made = playlist(slot("a", Share(most_per_hour=3)), slot("b"), again, slot("c"))
    rotas = plan_day(made, screen(), DAY)
    assert {len([turn for turn in rota.turns if turn.slot.item.id == "a"]) for rota in rotas} == {3}
    # Before and after the slot that asks for it.
    turns = [(rota.hour.hour * HOUR + turn.offset, turn.slot) for rota in rotas for turn in rota.turns]
    of_item = [(at, one.share.spacing) for at, one in turns if one.id == "a"]
    gaps = [(later[0] - earlier[0], earlier[1] or later[1]) for earlier, later in pairwise(of_item)]
    assert {wanted for _, wanted in gaps} == {None, 2 * MINUTE}
    assert all(gap >= (wanted or 0) for gap, wanted in gaps)


def test_spacing_holds_over_hours_and_over_midnight() -> None:
    made = playlist(slot("a", spaced(25)), slot("b"), slot("c", spaced(7)), slot("d"))
    rotas = [*plan_day(made, screen(), DAY), *plan_day(made, screen(), DAY + timedelta(days=1))]
    for name, minutes in (("a", 25), ("c", 7)):
        begins = starts(rotas)[name]
        assert min(later - earlier for earlier, later in pairwise(begins)) >= minutes * MINUTE
    assert not any(conceded(rota, Rule.SPACING) for rota in rotas)


def test_spacing_gives_way_where_there_is_nothing_else() -> None:
    rota = plan_hour(playlist(slot("a", spaced(10))), screen(), hour("07:00"))
    assert len(rota.turns) == 120
    assert rota.concessions[0] == Concession(Rule.SPACING, "a", Rule.FILLED, 10 * MINUTE, 30 * SECOND)


def test_at_midnight_spacing_gives_way_to_nothing_but_an_empty_screen() -> None:
    """The day after comes first: only the last hour of a day may have to repeat itself."""
    rotas = plan_day(playlist(slot("a", spaced(40)), slot("b", spaced(40))), screen(), DAY)
    last = conceded(rotas[-1], Rule.SPACING)
    assert {one.subject for one in last} == {"a", "b"}


def test_what_begins_shortly_before_midnight_makes_room_for_the_day_after() -> None:
    late = Timetable(validity=ValidityWindow(begins=datetime.fromisoformat("2026-11-24T23:50")))
    rota = plan_hour(playlist(slot(item("a", seconds=600), spaced(40), late)), screen(), hour("23:00"))
    assert conceded(rota, Rule.SPACING) == [Concession(Rule.SPACING, "a", Rule.FILLED, 40 * MINUTE, 10 * MINUTE)]


def test_a_language_share_holds_in_every_hour() -> None:
    slots = [slot(name) for name in "abcdefg"]
    rotas = plan_day(playlist(*slots, slot(item("lao", "lo"))), screen(lo=30.0), DAY)
    for rota in rotas:
        assert airtime(rota)["lao"] >= 0.3 * sum(turn.length for turn in rota.turns) - 30 * SECOND
        assert not conceded(rota, Rule.LANGUAGE_SHARE)
        # It is spread over the hour, not saved up for its end.
        half = [turn.slot.id for turn in rota.turns if turn.offset < HOUR // 2]
        assert half.count("lao") >= 0.2 * len(half)


@pytest.mark.parametrize(
    ("slots", "yielded_to"),
    [
        ((slot("a"), slot("b")), Rule.CONTENT),
        ((slot("a"), slot(item("lao", "lo"), Share(most_per_hour=2))), Rule.MOST_PER_HOUR),
        ((slot("a"), slot(item("lao", "lo"), spaced(20))), Rule.SPACING),
    ],
)
def test_a_language_share_gives_way_to_stronger_rules(slots: tuple[object, ...], yielded_to: Rule) -> None:
    rota = plan_hour(playlist(*slots), screen(lo=30.0), hour("07:00"))  # type: ignore[arg-type]
    (found,) = conceded(rota, Rule.LANGUAGE_SHARE)
    assert (found.subject, found.yielded_to, found.wanted) == ("lo", yielded_to, 30.0)
    assert found.got < 10


def test_languages_that_ask_for_more_than_there_is_give_way_to_one_another() -> None:
    made = playlist(slot(item("lao", "lo")), slot(item("khmer", "km")))
    rota = plan_hour(made, screen(lo=80.0, km=70.0), hour("07:00"))
    assert {one.yielded_to for one in conceded(rota, Rule.LANGUAGE_SHARE)} == {Rule.LANGUAGE_SHARE}
    alone = plan_hour(playlist(slot(item("lao", "lo")), slot("a", Share(percent=90))), screen(lo=50.0), hour("07:00"))
    (voice,) = conceded(alone, Rule.SHARE_OF_VOICE)
    assert (voice.subject, voice.yielded_to) == ("a", Rule.LANGUAGE_SHARE)


def test_a_partial_hour_is_not_held_to_language_shares() -> None:
    rota = plan_hour(playlist(slot("a")), screen("07:30", lo=30.0), hour("07:00"))
    assert rota.turns
    assert not conceded(rota, Rule.LANGUAGE_SHARE)


def test_priority_comes_first_in_every_hour_and_by_its_own_terms() -> None:
    made = playlist(
        slot("a"),
        slot("b"),
        slot("spaced", spaced(10), precedence=PRIORITY),
        slot("counted", Share(most_per_hour=3), precedence=PRIORITY),
        slot("shared", Share(percent=10), precedence=PRIORITY),
        slot("plain", precedence=PRIORITY),
    )
    rotas = plan_day(made, screen("06:00"), DAY)
    assert shown(rotas[6])[:6] == ["spaced", "counted", "shared", "plain", "a", "b"]
    for rota in rotas[6:17]:
        order = shown(rota)
        assert set(order[:3]) >= {"counted", "shared"} or order[0] == "spaced"
        assert order.count("spaced") == 6
        assert order.count("counted") == 3
        assert abs(airtime(rota)["shared"] - 6 * MINUTE) <= 30 * SECOND
        # Once ahead of the rest, then like any other.
        assert abs(order.count("plain") - order.count("a")) <= 2
        assert order.index("plain") <= 4


def test_urgent_slots_are_in_no_rota() -> None:
    rota = plan_hour(playlist(slot("a"), slot("u", precedence=Precedence.URGENT)), screen(), hour("07:00"))
    assert set(shown(rota)) == {"a"}


def test_a_slot_joins_and_leaves_with_its_daypart() -> None:
    rotas = plan_day(playlist(slot("a"), slot("b"), slot("m", timetable=MORNING_ONLY)), screen(), DAY)
    begins = [turn.offset for turn in rotas[7].turns if turn.slot.id == "m"]
    assert 0 <= begins[0] < 2 * MINUTE
    assert 25 * MINUTE < begins[-1] < 30 * MINUTE
    assert sum("m" in shown(rota) for rota in rotas) == 1
    # Half an hour in three equal parts.
    assert 19 <= len(begins) <= 21


def test_a_slot_that_joins_within_an_hour_is_waited_for_when_there_is_nothing_else() -> None:
    later = Timetable(validity=ValidityWindow(begins=datetime.fromisoformat("2026-11-24T07:20")))
    rota = plan_hour(playlist(slot("m", timetable=later)), screen(), hour("07:00"))
    assert rota.turns[0].offset == 20 * MINUTE
    assert conceded(rota, Rule.FILLED) == [Concession(Rule.FILLED, "", Rule.CONTENT, HOUR, 40 * MINUTE)]


def test_outside_opening_hours_nothing_is_planned() -> None:
    rotas = plan_day(playlist(slot("a")), screen("06:30", "17:10"), DAY)
    assert (rotas[5].turns, rotas[5].closings) == ((), (Closing(DurationMs(0), DurationMs(HOUR)),))
    assert rotas[6].closings == (Closing(DurationMs(0), DurationMs(30 * MINUTE)),)
    assert rotas[6].turns[0].offset == 30 * MINUTE
    assert rotas[17].closings == (Closing(DurationMs(10 * MINUTE), DurationMs(50 * MINUTE)),)


def test_nothing_runs_over_closing_and_what_fits_is_preferred() -> None:
    made = playlist(slot(item("long", seconds=170)), slot(item("short", seconds=20)))
    rota = plan_hour(made, screen("07:00", "07:10"), hour("07:00"))
    assert rota.turns[-1].offset + rota.turns[-1].length == 10 * MINUTE
    assert shown(rota) == ["long", "short", "long", "short", "long", "short", "short", "short"]
    assert [turn.length for turn in rota.turns[-2:]] == [20 * SECOND, 10 * SECOND]


def test_where_nothing_fits_before_closing_a_still_is_planned_shorter() -> None:
    made = playlist(
        slot(item("clip", seconds=50)),
        slot(item("still", seconds=55, kind=ItemKind.IMAGE)),
        slot(item("vi", seconds=20, message="m")),
        slot(item("lo", "lo", seconds=20, message="m")),
    )
    rota = plan_hour(made, screen("07:00", "07:10"), hour("07:00"))
    last = rota.turns[-1]
    assert last.offset + last.length == 10 * MINUTE
    short = [turn for turn in rota.turns if turn.length < planned_length(turn.slot.item)]
    assert [turn.slot.id for turn in short] in (["still"], [])


def test_a_set_is_shortened_whole_where_there_is_nothing_but_sets() -> None:
    made = playlist(slot(item("vi", seconds=40, message="m")), slot(item("lo", "lo", seconds=80, message="m")))
    rota = plan_hour(made, screen("07:00", "07:05"), hour("07:00"))
    assert shown(rota) == ["vi", "lo"] * 3
    assert [turn.length for turn in rota.turns[-2:]] == [20 * SECOND, 40 * SECOND]


def test_a_moment_before_closing_stays_without_a_turn() -> None:
    made = playlist(slot(item("a", seconds=298)))
    rota = plan_hour(made, screen("07:00", "07:05"), hour("07:00"))
    assert [turn.length for turn in rota.turns] == [298 * SECOND]
    tiny = plan_hour(made, Screen("s", "g", "c", hours=(OpeningHours(time(7), time(7, 0, 2)),)), hour("07:00"))
    assert [turn.length for turn in tiny.turns] == [2 * SECOND]


def test_the_versions_of_a_set_begin_within_its_hour_where_something_else_fits() -> None:
    slots = [slot(item("vi", seconds=101, message="m")), slot(item("lo", "lo", seconds=101, message="m")), slot("x")]
    for rota in plan_day(playlist(*slots), screen(), DAY):
        assert all(turn.offset < HOUR for turn in rota.turns)
    only = plan_day(playlist(*slots[:2]), screen(), DAY)
    assert any(turn.offset >= HOUR for rota in only for turn in rota.turns)


def test_a_turn_longer_than_an_hour_leaves_the_next_hours_empty() -> None:
    rotas = plan_day(playlist(slot(item("film", seconds=9_000))), screen("06:00"), DAY)
    assert [len(rota.turns) for rota in rotas[6:12]] == [1, 0, 1, 0, 0, 1]
    assert rotas[8].turns[0].offset == 30 * MINUTE


def test_a_clock_that_is_not_trusted_shows_undated_slots_at_all_hours() -> None:
    made = playlist(slot("a"), slot("m", timetable=MORNING_ONLY))
    rota = plan_hour(made, screen("09:00"), hour("07:00"), trusted=False)
    assert (set(shown(rota)), rota.closings) == ({"a"}, ())


def test_a_shuffled_loop_shows_everything_in_another_order_every_hour() -> None:
    made = playlist(*(slot(name) for name in "abcdefghij"), sequence=Sequence.SHUFFLED)
    rotas = plan_day(made, screen(), DAY)
    orders = {tuple(shown(rota)[:10]) for rota in rotas}
    assert len(orders) == 24
    for rota in rotas:
        counts = [shown(rota).count(name) for name in "abcdefghij"]
        assert min(counts) >= 10
        assert max(counts) <= 14
        assert all(one != other for one, other in pairwise(shown(rota)))
    assert plan_day(playlist(*made.slots, sequence=Sequence.SHUFFLED, digest="cd" * 32), screen(), DAY) != rotas


def test_a_loop_longer_than_the_day_goes_on_the_day_after() -> None:
    made = playlist(*(slot(item(f"i{number}", seconds=300)) for number in range(200)))
    seen: set[str] = set()
    for later in range(3):
        for rota in plan_day(made, screen("08:00", "16:00"), DAY + timedelta(days=later)):
            seen |= set(shown(rota))
    assert len(seen) == 200


@pytest.mark.parametrize("sequence", list(Sequence))
def test_a_folder_without_a_digest_and_an_empty_playlist_are_planned_too(sequence: Sequence) -> None:
    assert plan_hour(playlist(slot("a"), digest=None, sequence=sequence), screen(), hour("07:00")).turns
    empty = plan_hour(playlist(sequence=sequence), screen(lo=30.0), hour("07:00"))
    assert (empty.turns, [one.rule for one in empty.concessions]) == ((), [Rule.FILLED])


def test_hours_are_those_of_the_screens_zone() -> None:
    lord_howe = Screen("s", "g", "c", time_zone="Australia/Lord_Howe")
    rotas = plan_day(playlist(slot("a"), slot("b")), lord_howe, date(2026, 10, 4))
    lengths = [instant_ms(later.hour) - instant_ms(earlier.hour) for earlier, later in pairwise(rotas)]
    assert sorted(set(lengths)) == [HOUR // 2, HOUR]
    for rota, length in zip(rotas, lengths, strict=False):
        assert sum(turn.length for turn in rota.turns) == length


def test_where_nothing_but_one_item_is_left_its_slots_take_turns_in_the_gentlest_order() -> None:
    """A slot that waits for its spacing is put off anew when another slot of its item was begun meanwhile."""
    one = item("a")
    slots = (Slot("five", one, share=spaced(5)), Slot("ten", one, share=spaced(10)), slot("b", spaced(20)))
    rota = plan_hour(playlist(*slots), screen(), hour("07:00"))
    assert len(rota.turns) == 120
    assert {turn.slot.id for turn in rota.turns} >= {"five", "b"}
    assert {one.subject for one in conceded(rota, Rule.SPACING)} <= {"five", "ten", "a", "b"}
    assert conceded(rota, Rule.SPACING)
