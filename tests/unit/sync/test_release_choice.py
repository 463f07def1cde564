"""Which release a screen takes, among those the authorities offer."""

import pytest

from playlists.release import Active, MediaFile, Release
from sync.agent.probation import PATIENCE_NS, Trial
from sync.agent.release_choice import Choice, Offer, Place, Stay, choose
from sync.agent.standing import BadRelease, Standing
from sync.publication import Rollout, with_signature_fields

PLACE = Place("bo-y", "tuong-1")
ACTIVE = Active(5, "a" * 64)
NOTHING = Standing()


def offer(sequence: int, role: str = "department", rollout: Rollout | None = None, digest: str = "") -> Offer:
    release = Release(sequence, MediaFile("p.json", "0" * 64, 1))
    return Offer(role, digest or f"{sequence:064}", with_signature_fields(release, role, "", rollout))


def chosen(*offers: Offer, standing: Standing = NOTHING, confirmed: tuple[int, ...] = ()) -> Choice:
    return choose(offers, ACTIVE, standing, confirmed, PLACE)


def test_the_highest_sequence_counts_whoever_signed_it() -> None:
    assert chosen(offer(6), offer(8, "unit-bo-y"), offer(7)).take == offer(8, "unit-bo-y")


@pytest.mark.parametrize("sequences", [(), (5,), (4, 5), (1,)])
def test_sequences_never_go_down(sequences: tuple[int, ...]) -> None:
    assert chosen(*(offer(sequence) for sequence in sequences)) == Choice(stay=Stay.NOTHING_NEWER)


def test_with_nothing_active_anything_is_newer() -> None:
    assert choose([offer(1)], None, NOTHING, (), PLACE).take == offer(1)


def test_what_was_bad_is_not_taken_again() -> None:
    standing = Standing(bad=(BadRelease(7, "died", ""),))
    assert chosen(offer(7), standing=standing).stay is Stay.NOTHING_NEWER
    assert chosen(offer(7), offer(6), standing=standing).take == offer(6)


def test_one_on_probation_keeps_the_next_waiting_as_long_as_it_can_be_judged() -> None:
    trial, good = Trial(ACTIVE, "boot"), Active(1, "a" * 64)
    assert chosen(offer(6), standing=Standing(good, trial)) == Choice(stay=Stay.ON_PROBATION, waiting=6)
    given_up = Trial(ACTIVE, "boot", unjudged_ns=PATIENCE_NS)
    assert chosen(offer(6), standing=Standing(good, given_up)).take == offer(6)


def test_the_first_release_bars_no_better_one() -> None:
    assert chosen(offer(6), standing=Standing(trial=Trial(ACTIVE, "boot"))).take == offer(6)


def test_two_different_releases_of_one_sequence_are_both_refused() -> None:
    found = chosen(offer(6), offer(6, "unit-bo-y", digest="f" * 64))
    assert found == Choice(stay=Stay.CONTRADICTED, waiting=6)
    assert chosen(offer(6), offer(6, "unit-bo-y")).take is not None, "the same one, signed by two"


def test_canaries_go_first_and_the_others_when_it_is_confirmed() -> None:
    mine, others = Rollout((PLACE.name,), 60), Rollout(("bo-y/tuong-2",), 60)
    assert chosen(offer(6, rollout=mine)).take is not None
    assert chosen(offer(6, rollout=others)) == Choice(stay=Stay.AWAITS_CANARIES, waiting=6)
    assert chosen(offer(6, rollout=others), confirmed=(5,)).stay is Stay.AWAITS_CANARIES
    assert chosen(offer(6, rollout=others), confirmed=(5, 6)).take is not None
    assert chosen(offer(6, rollout=Rollout((), 60))).stay is Stay.AWAITS_CANARIES


def test_a_roll_out_that_cannot_be_read_is_not_passed_over() -> None:
    release = Release(6, MediaFile("p.json", "0" * 64, 1), extra={"rollout": "all"})
    assert chosen(Offer("department", "0" * 64, release)).stay is Stay.UNREADABLE_ROLLOUT
