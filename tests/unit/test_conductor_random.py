"""The conductor under any script: whatever items, disks and timers do, the log and the screen keep to the laws."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, repeat

from hypothesis import given, settings
from hypothesis import strategies as st

from player.ports import Wishes
from player.rehearsal import Rehearsal, Script, playlist_of
from tests.support.conductor_laws import broken_laws

NAMES = ("a", "b", "c", "d")
MOMENTS = st.none() | st.integers(0, 6000)
SCRIPTS = st.builds(
    Script,
    ready=st.sampled_from([0, 3, 100, 700, 2500, None]),
    fails=st.sampled_from([None, None, None, "damaged"]),
    digest=st.sampled_from([0, 50, 1500, 9000, None]),
    waits=st.none() | st.integers(0, 1500),
    length=st.sampled_from([500, 1000, 4000, 9000]),
    frame=st.sampled_from([40, 100, 500]),
    dies=MOMENTS,
    hangs=MOMENTS,
    ends=MOMENTS,
)


@dataclass(frozen=True)
class Change:
    """After ``after`` ms the playlist holds the items of these names."""

    after: int
    names: tuple[str, ...]


CHANGES = st.builds(Change, st.integers(0, 20_000), st.lists(st.sampled_from(NAMES), unique=True).map(tuple))


def stalls(late: list[int]) -> Iterator[int]:
    return chain(late, repeat(0))


@settings(max_examples=300, deadline=None)
@given(
    names=st.lists(st.sampled_from(NAMES), min_size=1, unique=True),
    scripts=st.dictionaries(st.sampled_from(NAMES), st.lists(SCRIPTS, min_size=1, max_size=3), max_size=4),
    changes=st.lists(CHANGES, max_size=3),
    rounds=st.none() | st.integers(1, 3),
    log_delay_ms=st.sampled_from([0, 2, 500, None]),
    read_delay_ms=st.sampled_from([0, 1, 60, 3000]),
    late=st.lists(st.integers(0, 400), max_size=60),
    rest=st.integers(1, 30_000),
)
def test_any_script_keeps_the_laws(
    *,
    names: list[str],
    scripts: dict[str, list[Script]],
    changes: list[Change],
    rounds: int | None,
    log_delay_ms: int | None,
    read_delay_ms: int,
    late: list[int],
    rest: int,
) -> None:
    wishes = Wishes(rounds)
    run = Rehearsal(playlist_of(*names), scripts, wishes, log_delay_ms, read_delay_ms, stalls(late))
    for change in changes:
        run.play(change.after)
        run.programme.change(playlist_of(*change.names))
    run.play(rest)
    run.stop()
    assert broken_laws(run) == []
