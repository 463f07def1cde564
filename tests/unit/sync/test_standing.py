"""How the releases of a kiosk stand: what each step makes of it, what a cut leaves, how it is written."""

import pytest

from playlists.errors import DamageError
from playlists.release import Active
from sync.agent.probation import Trial, Verdict
from sync.agent.standing import (
    BadRelease,
    Standing,
    confirmed,
    mended,
    put_on_trial,
    read_standing,
    taken_back,
    write_standing,
)

ONE, TWO, THREE = (Active(number, f"{number}" * 64) for number in (1, 2, 3))
TRIAL = Trial(TWO, "boot", run="a", deaths=1, shown=True, quiet_ns=5, refusal=None)
AT = "2026-11-24T00:00:00+00:00"


def test_what_proves_good_becomes_the_one_to_go_back_to() -> None:
    standing = confirmed(put_on_trial(Standing(good=ONE), TRIAL))
    assert (standing.good, standing.previous, standing.trial, standing.tenure) == (TWO, ONE, None, TRIAL)


@pytest.mark.parametrize(("shown", "deaths", "good"), [(True, 0, ONE), (False, 0, None), (True, 1, None)])
def test_a_first_release_that_was_shown_is_something_to_go_back_to(
    shown: bool,  # noqa: FBT001 - a case
    deaths: int,
    good: Active | None,
) -> None:
    first = put_on_trial(Standing(), Trial(ONE, "boot", shown=shown, deaths=deaths))
    assert put_on_trial(first, TRIAL).good == good


def test_what_proves_bad_is_remembered() -> None:
    standing = taken_back(put_on_trial(Standing(good=ONE), TRIAL), Verdict.DIED, AT)
    assert (standing.good, standing.trial) == (ONE, None)
    assert standing.bad == (BadRelease(2, "died", AT),)
    assert standing.refused_sequences == {2}


def test_without_a_trial_nothing_changes() -> None:
    assert confirmed(Standing(good=ONE)) == taken_back(Standing(good=ONE), Verdict.DIED, AT) == Standing(good=ONE)


def test_a_cut_before_the_swap_leaves_the_old_one_without_a_trial() -> None:
    assert mended(Standing(good=ONE, trial=TRIAL), ONE) == (Standing(good=ONE), ONE)


def test_a_cut_before_the_way_back_goes_back() -> None:
    standing = taken_back(put_on_trial(Standing(good=ONE), TRIAL), Verdict.DIED, AT)
    assert mended(standing, TWO) == (standing, ONE)


def test_what_is_in_order_stays() -> None:
    for standing, active in ((Standing(good=ONE, trial=TRIAL), TWO), (Standing(good=TWO, previous=ONE), TWO)):
        assert mended(standing, active) == (standing, active)


def test_where_nothing_is_known_what_plays_is_good() -> None:
    assert mended(Standing(), THREE) == (Standing(good=THREE), THREE)
    assert mended(Standing(), None) == (Standing(), None)


def test_a_bad_first_release_stays_for_there_is_no_other() -> None:
    standing = taken_back(put_on_trial(Standing(), TRIAL), Verdict.EMPTY, AT)
    assert mended(standing, TWO) == (standing, TWO)


@pytest.mark.parametrize(
    "standing",
    [
        Standing(),
        Standing(ONE, TRIAL, (BadRelease(3, "empty", AT, "d"),), THREE, Trial(ONE, "b", refusal="r")),
    ],
)
def test_it_reads_as_it_was_written(standing: Standing) -> None:
    assert read_standing(write_standing(standing)) == standing


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"[" * 100_000,
        write_standing(Standing()).replace(b'"format_version": 1', b'"format_version": 2'),
        write_standing(Standing(good=ONE)).replace(b'"sequence": 1', b'"sequence": "1"'),
        write_standing(Standing(trial=TRIAL)).replace(b'"deaths": 1', b'"deaths": "1"'),
        write_standing(Standing(trial=TRIAL)).replace(b'"boot": "boot"', b'"boot": 3'),
        write_standing(Standing(bad=(BadRelease(3, "e", AT),))).replace(b'"reason": "e"', b'"reason": 4'),
    ],
)
def test_what_is_none_is_said(content: bytes) -> None:
    with pytest.raises(DamageError):
        read_standing(content)
