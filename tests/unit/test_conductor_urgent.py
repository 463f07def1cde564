"""The conductor when something urgent comes: at once on the screen, and what it cut short goes on where it stood."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from player.playout import AGAIN_NS
from player.rehearsal import Rehearsal, Script, playlist_of
from playlists.bulletin import Bulletin, BulletinText, Urgency
from playlists.papers import Papers
from playlists.playlist import CaptionFile, Item, ItemKind, Slot
from playlists.proof import Heartbeat, Outcome, PlayEnd
from playlists.schedule import Precedence, Share
from playlists.timing import DurationMs
from tests.support.conductor_laws import broken_laws

MS = 1_000_000
ISSUED = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
GOOD = Script(length=20_000, frame=40)
FLOOD = Script(ready=60, digest=0, length=8000, frame=8000)


def urgent(name: str, issued_minute: int = 0, expires_h: float = 24, spacing_ms: int | None = None) -> Slot:
    issued = ISSUED + timedelta(minutes=issued_minute)
    urgency = Urgency("BCH", "Bờ Y", issued, issued + timedelta(hours=expires_h))
    item = Item(name, "", ItemKind.BULLETIN, name, bulletin=Bulletin((BulletinText("vi", name),), urgency=urgency))
    share = Share(spacing=None if spacing_ms is None else DurationMs(spacing_ms))
    return Slot(name, item, precedence=Precedence.URGENT, share=share)


def rehearsed(*names: str, **scripts: Script) -> Rehearsal:
    plans = {name: [scripts.get(name, GOOD)] for name in (*names, "u1", "u2", "u3")}
    return Rehearsal(playlist_of(*names), plans | {name: [script] for name, script in scripts.items()})


def told(run: Rehearsal) -> list[tuple[str, Outcome, str | None]]:
    items = {start.play: start.item for start in run.starts()}
    return [(items[end.play], end.outcome, end.reason) for end in run.ends()]


def end_of(run: Rehearsal, item: str, number: int = 0) -> PlayEnd:
    plays = [start.play for start in run.starts() if start.item == item]
    return next(end for end in run.ends() if end.play == plays[number])


def frames_of_a(run: Rehearsal) -> list[int]:
    """The frames of the first performance; its first picture stands ahead of its time once."""
    return [showing.frame for showing in run.stage.shown if showing.performance == 1][1:]


@pytest.mark.parametrize("at", [300, 5000, 16_900, 17_300, 19_500, 19_960, 20_050])
def test_an_urgent_item_is_on_the_screen_within_300_ms_and_gives_back(at: int) -> None:
    run = rehearsed("a", "b", u1=FLOOD)
    run.play(at)
    asked = run.clock.monotonic()
    run.urge(urgent("u1"))
    run.play(40_000)
    run.stop()
    number = next(p.number for p in run.renderer.performances if p.order.item.id == "u1")
    shown = next(showing.at for showing in run.stage.shown if showing.performance == number)
    assert 0 < (shown - asked) / MS <= 300
    assert ("u1", Outcome.COMPLETED, None) in told(run)
    assert broken_laws(run) == []


def test_what_was_cut_short_goes_on_with_its_next_frame_and_the_log_says_how() -> None:
    run = rehearsed("a", "b", u1=FLOOD)
    run.play(5000)
    run.urge(urgent("u1"))
    run.play(40_000)
    run.stop()
    assert told(run)[:3] == [
        ("a", Outcome.INTERRUPTED, "urgent"),
        ("u1", Outcome.COMPLETED, None),
        ("a", Outcome.COMPLETED, None),
    ]
    first, rest = (end_of(run, "a", number) for number in (0, 1))
    starts = [start for start in run.starts() if start.item == "a"]
    assert starts[1].continues == starts[0].play
    assert first.position is not None
    assert first.position == pytest.approx(5000, abs=120)
    assert (first.actual or 0) + (rest.actual or 0) == pytest.approx(20_000, abs=121)
    assert starts[1].planned == pytest.approx(20_000 - first.position, abs=41)
    assert frames_of_a(run) == list(range(500)), "no frame twice, none left out"
    assert len(run.renderer.performances) == len({p.number for p in run.renderer.performances if p.begun})
    assert sum(end.frames_lost or 0 for end in run.ends()) == 0


def test_captions_of_what_was_cut_short_go_on_with_it(tmp_path: Path) -> None:
    (tmp_path / "a.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\nĐầu\n\n2\n00:00:08,000 --> 00:00:09,000\nSau\n")
    (slot,) = playlist_of("a").slots
    captioned = replace(slot, item=replace(slot.item, captions=(CaptionFile("vi", "a.srt"),)))
    run = Rehearsal(replace(playlist_of("a"), slots=(captioned,)), {"a": [GOOD], "u1": [FLOOD]})
    run.conductor.captioning.folder, run.conductor.captioning.languages = tmp_path, ("vi",)
    run.play(5000)
    run.urge(urgent("u1"))
    run.play(20_000)
    run.stop()
    shown = next(at for at, texts in run.stage.captions if texts == (("vi", ("Sau",)),))
    resumed = next(start for start in run.starts() if start.continues is not None)
    assert (shown - resumed.planned_start.monotonic) / MS == pytest.approx(3000, abs=150), (
        "counted from the clip's start"
    )


@pytest.mark.parametrize("never_holds", [False, True])
def test_after_more_than_a_minute_it_goes_on_from_the_key_frame_before(never_holds: bool) -> None:  # noqa: FBT001
    length = 8000 if never_holds else 65_000
    run = rehearsed("a", "b", u1=replace(FLOOD, length=length, frame=length))
    run.renderer.never_holds = never_holds
    run.play(5600)
    run.urge(urgent("u1", spacing_ms=10**9))
    run.play(length + 20_000)
    run.stop()
    starts = [start for start in run.starts() if start.item == "a"]
    assert starts[1].continues == starts[0].play
    again = run.renderer.performances[2]
    assert again.order.start_at == end_of(run, "a").position
    shown = [showing.frame for showing in run.stage.shown if showing.performance == again.number]
    assert shown[0] == 5000 // 40
    assert starts[1].planned == 15_000
    assert run.renderer.performances[0].phase.value == "finished", "its decoder was given free"
    assert broken_laws(run) == []


def test_several_urgent_items_come_in_the_order_of_their_issue_and_do_not_interrupt_one_another() -> None:
    run = rehearsed("a", "b", u1=FLOOD, u2=FLOOD, u3=FLOOD)
    run.play(5000)
    run.urge(urgent("u3", 9), urgent("u1", 5))
    run.play(1000)
    run.urge(urgent("u2", 7))
    run.play(50_000)
    run.stop()
    assert told(run)[:5] == [
        ("a", Outcome.INTERRUPTED, "urgent"),
        ("u1", Outcome.COMPLETED, None),
        ("u2", Outcome.COMPLETED, None),
        ("u3", Outcome.COMPLETED, None),
        ("a", Outcome.COMPLETED, None),
    ]
    assert broken_laws(run) == []


def test_a_resumption_that_waits_makes_way_for_another_urgent_item() -> None:
    run = rehearsed("a", "b", u1=FLOOD, u2=FLOOD)
    run.play(5000)
    run.urge(urgent("u1"))
    run.play(6500)
    run.urge(urgent("u2", 1))
    run.play(40_000)
    run.stop()
    shown = [item for item, outcome, _reason in told(run) if outcome is not Outcome.NOT_SHOWN]
    assert shown[:4] == ["a", "u1", "u2", "a"]
    assert ("a", Outcome.NOT_SHOWN, "urgent") in told(run)
    assert frames_of_a(run) == list(range(500))
    assert broken_laws(run) == []


def test_what_had_been_prepared_comes_after_what_it_made_way_for() -> None:
    run = rehearsed("a", "b", "c", u1=FLOOD)
    run.play(18_000)
    run.urge(urgent("u1"))
    run.play(60_000)
    run.stop()
    shown = [item for item, outcome, _reason in told(run) if outcome is not Outcome.NOT_SHOWN]
    assert shown[:5] == ["a", "u1", "a", "b", "c"]
    assert broken_laws(run) == []


def test_an_urgent_item_comes_again_at_a_boundary_until_it_expires() -> None:
    run = rehearsed("a", "b", u1=FLOOD)
    run.play(5000)
    run.urge(urgent("u1", expires_h=1.1))  # in 21 minutes
    run.play(40 * 60_000)
    run.stop()
    times = [start.planned_start.monotonic for start in run.starts() if start.item == "u1"]
    assert len(times) == 5
    assert all(AGAIN_NS <= after - before < AGAIN_NS + 25_000 * MS for before, after in pairwise(times))
    assert [outcome for item, outcome, _reason in told(run) if item != "u1"].count(Outcome.INTERRUPTED) == 2
    assert broken_laws(run) == []


def test_an_urgent_item_that_cannot_be_shown_stops_nothing() -> None:
    run = rehearsed("a", "b", u1=Script(fails="damaged"))
    run.play(5000)
    run.urge(urgent("u1"))
    run.play(20_000)
    run.stop()
    assert told(run)[:2] == [("u1", Outcome.FAILED, "damaged"), ("a", Outcome.COMPLETED, None)]
    assert broken_laws(run) == []


def test_an_urgent_item_comes_to_an_empty_screen_too() -> None:
    run = rehearsed(u1=FLOOD)
    run.play(5000)
    run.urge(urgent("u1", spacing_ms=60_000))
    run.play(150_000)
    run.stop()
    assert [item for item, _outcome, _reason in told(run)] == ["u1", "u1", "u1"]
    assert broken_laws(run) == []


@pytest.mark.parametrize("at", [500, 5000, 18_500, 19_800, 19_960])
def test_a_withdrawn_item_is_gone_within_300_ms(at: int) -> None:
    run = rehearsed("a", "b")
    run.play(at)
    asked = run.clock.monotonic()
    run.withdraw("a")
    run.play(40_000)
    run.stop()
    first = next(showing for showing in run.stage.shown if showing.at >= asked and showing.performance != 1)
    assert (first.at - asked) / MS <= 300
    assert not [showing for showing in run.stage.shown if showing.performance == 1 and showing.at > asked + 300 * MS]
    assert told(run)[0] == ("a", Outcome.INTERRUPTED, "withdrawn")
    assert ("a", Outcome.COMPLETED, None) not in told(run)
    assert broken_laws(run) == []


def test_what_is_withdrawn_before_it_came_is_never_shown_and_what_runs_runs_on() -> None:
    run = rehearsed("a", "b", "c")
    run.play(18_000)
    run.withdraw("b")
    run.programme.change(playlist_of("a", "c"))
    run.play(15_000)
    run.stop()
    assert told(run)[:2] == [("b", Outcome.NOT_SHOWN, "withdrawn"), ("a", Outcome.COMPLETED, None)]
    assert [showing for showing in run.stage.shown if not showing.performance] == []
    assert broken_laws(run) == []


def test_what_is_withdrawn_while_it_is_held_does_not_come_back() -> None:
    run = rehearsed("a", "b", u1=FLOOD)
    run.play(5000)
    run.urge(urgent("u1"))
    run.play(2000)
    run.withdraw("a")
    run.play(15_000)
    run.stop()
    assert [item for item, _outcome, _reason in told(run)].count("a") == 1
    assert broken_laws(run) == []


def test_heartbeats_go_on_through_an_interruption() -> None:
    run = rehearsed("a", u1=FLOOD)
    run.play(55_000)
    run.urge(urgent("u1"))
    run.play(10_000)
    beats = [record for record in run.log.records if isinstance(record, Heartbeat)]
    plays = {start.play: start.item for start in run.starts()}
    assert [plays[beat.playing or ""] for beat in beats] == ["u1"]


EVENTS = st.tuples(st.integers(0, 9000), st.sampled_from(["urge", "withdraw", "change"]))


@settings(max_examples=80, deadline=None)
@given(
    events=st.lists(EVENTS, max_size=8),
    urgents=st.lists(
        st.builds(
            Script,
            ready=st.sampled_from([0, 60, 900, None]),
            fails=st.sampled_from([None, None, "damaged"]),
            digest=st.sampled_from([0, 1500]),
            length=st.sampled_from([500, 4000, 70_000]),
            frame=st.sampled_from([100, 500]),
            dies=st.none() | st.integers(0, 4000),
        ),
        min_size=1,
        max_size=3,
    ),
    lengths=st.tuples(*[st.sampled_from([600, 4000, 9000])] * 3),
    dies=st.none() | st.integers(0, 9000),
    log_delay_ms=st.sampled_from([0, 2, 150, None]),
    never_holds=st.booleans(),
)
def test_whatever_comes_and_goes_the_laws_are_kept(
    *,
    events: list[tuple[int, str]],
    urgents: list[Script],
    lengths: tuple[int, int, int],
    dies: int | None,
    log_delay_ms: int | None,
    never_holds: bool,
) -> None:
    scripts = {name: [Script(length=length, frame=100, dies=dies)] for name, length in zip("abc", lengths, strict=True)}
    scripts |= {f"u{number}": [script] for number, script in enumerate(urgents)}
    run = Rehearsal(playlist_of("a", "b", "c"), scripts, log_delay_ms=log_delay_ms)
    run.renderer.never_holds = never_holds
    for number, (after, event) in enumerate(events):
        run.play(after)
        if event == "urge":
            run.urge(urgent(f"u{number % len(urgents)}", number, spacing_ms=30_000))
        elif event == "withdraw":
            run.withdraw("abcu"[number % 4] if number % 4 < 3 else "u0")
        else:
            run.programme.change(playlist_of(*"bca"[number % 3 :]))
    run.play(20_000)
    run.stop()
    assert broken_laws(run) == []


def flag(name: str) -> Slot:
    slot = playlist_of(name).slots[0]
    return replace(slot, item=replace(slot.item, papers=Papers(national_flag=True)))


def test_the_stage_is_told_of_the_national_flag_which_nothing_may_lie_over() -> None:
    playlist = playlist_of("a", "f", "b")
    playlist = replace(playlist, slots=(playlist.slots[0], flag("f"), playlist.slots[2]))
    run = Rehearsal(playlist, {name: [GOOD] for name in ("a", "f", "b")})
    run.play(15_000)
    assert run.stage.bare == []
    run.play(15_000)
    assert run.stage.bare == [True]
    run.play(20_000)
    assert run.stage.bare == [True, False]
    run.stop()


def test_a_flag_that_comes_first_is_bare_from_its_first_picture() -> None:
    run = Rehearsal(replace(playlist_of("f"), slots=(flag("f"),)), {"f": [GOOD]})
    while not run.stage.shown:
        run.play(1)
    assert run.stage.bare == [True]
    run.stop()


def test_a_flag_is_bare_until_it_has_faded_out() -> None:
    playlist = playlist_of("f", "b")
    after = replace(playlist.slots[1], crossfade=DurationMs(2000))
    run = Rehearsal(replace(playlist, slots=(flag("f"), after)), {name: [GOOD] for name in ("f", "b")})
    while not run.stage.mixed:
        run.play(100)
    run.play(1000)
    assert run.stage.bare == [True]
    run.play(2000)
    assert run.stage.bare == [True, False]
    run.stop()
