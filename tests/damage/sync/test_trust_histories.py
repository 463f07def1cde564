"""Histories drawn at random: publications, lost keys, months, replayed feeds, lost files. The kiosk never goes back."""

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.agent.ports import Instant
from sync.agent.refresh import Policy, Trusted, refresh
from sync.agent.trust_store import TrustStore
from sync.refusals import RefusalError
from tests.support.feed_in_memory import FeedInMemory
from tests.support.signed_feed import ONLINE, PEOPLE, SignedFeed

SCREEN = ("bo-y", "tuong-1")
FILES = ("root.json", "roots/2.json", "timestamp.json", "snapshot.json", "targets.json", "../trust.json")

STEPS = st.one_of(
    st.tuples(st.just("publish"), st.just(0)),
    st.tuples(st.just("lose a person's key"), st.integers(0, 3)),
    st.tuples(st.just("lose the online key"), st.just(0)),
    st.tuples(st.just("days pass"), st.integers(1, 100)),
    st.tuples(st.just("hear"), st.just(0)),
    st.tuples(st.just("hear"), st.just(0)),
    st.tuples(st.just("hear"), st.integers(1, 3)),
    st.tuples(st.just("hear"), st.integers(1, 3)),
    st.tuples(st.just("lose a file"), st.integers(0, len(FILES) - 1)),
    st.tuples(st.just("the clock goes wild"), st.integers(0, 1)),
)


class World:
    """A feed with all its states, and a kiosk that hears one or another of them."""

    def __init__(self, folder: Path) -> None:
        self.made = SignedFeed(folder / "feed")
        self.agent = folder / "agent"
        self.root = self.made.first_root
        self.people = list(PEOPLE)
        self.online = ONLINE
        self.states = [FeedInMemory(self.made.folder)]
        self.newest = 0
        """The newest state that the kiosk has believed."""
        self.lost = False
        self.wall_wrong = timedelta(0)

    def publish(self) -> None:
        # All anew, as a hub does once a year at the latest.
        self.made.rotate_root()
        self.made.publish_targets()
        for role in self.made.delegated:
            self.made.publish_role(role)
        self.made.publish()
        self.states.append(FeedInMemory(self.made.folder))

    def lose_person(self, number: int) -> None:
        old = self.people[number]
        self.people[number] = old + "'"
        self.made.rotate_root({old: self.people[number]})
        self.publish()

    def lose_online(self) -> None:
        self.made.rotate_root({self.online: self.online + "'"})
        self.online += "'"
        self.publish()

    def hear(self, back: int) -> Trusted | None:
        """Hear the newest state, or one so many before it; whatever is believed is no older than what was."""
        number = max(0, len(self.states) - 1 - back)
        store = TrustStore.in_agent_folder(self.agent, self.root)
        clock = Instant(self.made.now + self.wall_wrong, "boot", 0, synchronised=not self.wall_wrong)
        attested = store.attest(clock)
        try:
            trusted = refresh(self.states[number], store, attested.at, Policy((SCREEN,), attested.synchronised))
        except RefusalError:
            assert number < len(self.states) - 1 or self.is_stale()
            return None
        assert number >= self.newest
        self.newest, self.lost = number, False
        return trusted

    def is_stale(self) -> bool:
        """Whether even the newest state has expired by now: the hub signs its timestamp every day."""
        return self.made.timestamp.expires <= self.made.now

    def lose_file(self, number: int) -> None:
        """One, until the kiosk has heard a feed again and made it good."""
        if not self.lost:
            (self.agent / "metadata" / FILES[number]).unlink(missing_ok=True)
            self.lost = True

    def take(self, step: str, number: int) -> None:
        if step == "publish":
            self.publish()
        elif step == "lose a person's key":
            self.lose_person(number)
        elif step == "lose the online key":
            self.lose_online()
        elif step == "days pass":
            self.made.now += timedelta(days=number)
        elif step == "hear":
            self.hear(number)
        elif step == "lose a file":
            self.lose_file(number)
        else:
            self.wall_wrong = timedelta(days=(-20_000, 23_000)[number]) if not self.wall_wrong else timedelta(0)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(STEPS, min_size=6, max_size=16))
def test_no_history_leads_a_kiosk_back_or_leaves_it_behind(steps: list[tuple[str, int]]) -> None:
    with TemporaryDirectory() as folder:
        world = World(Path(folder))
        world.hear(0)
        for step, number in steps:
            world.take(step, number)
        world.publish()
        caught_up = world.hear(0)
        assert caught_up is not None
        assert caught_up.failures == ()
