"""Which captions stand when, read off the painting thread and drawn a little at a time."""

import threading
from pathlib import Path

import pytest

from player.captioning import AHEAD_NS, Captioning, chosen_files
from player.clock import ManualClock
from player.doubles import ManualReactor, MemoryStage, PromptErrands
from player.errands import Errands
from playlists.playlist import CaptionFile, Item, ItemKind, Slot
from playlists.timing import MonotonicNs

SECOND = 1_000_000_000
VI = "1\n00:00:01,000 --> 00:00:02,000\nXin chào\n\n2\n00:00:05,000 --> 00:00:06,500\nTạm biệt\n"
LO = "1\n00:00:01,000 --> 00:00:03,000\nສະບາຍດີ\n"


class Booth:
    """Captioning over a folder of files, in manual time."""

    def __init__(self, folder: Path, languages: tuple[str, ...] = ("vi", "lo")) -> None:
        self.clock = ManualClock()
        self.reactor = ManualReactor(self.clock)
        self.stage = MemoryStage(self.clock)
        self.findings: list[tuple[str, str]] = []
        self.captioning = Captioning(
            self.stage,
            PromptErrands(self.reactor),
            folder,
            languages,
            lambda item, finding: self.findings.append((item, finding)),
        )

    def begin(self, slot: Slot) -> MonotonicNs:
        """Load the slot's captions and have its first picture now."""
        self.captioning.load(slot)
        self.reactor.run_for(10)
        at = self.clock.monotonic()
        self.captioning.begin(slot, at)
        return at

    def follow(self, milliseconds: int, step: int = 20) -> None:
        """Look at every picture, as the conductor does."""
        for _ in range(0, milliseconds, step):
            self.captioning.at(self.clock.monotonic())
            self.clock.advance(step)


def slot(*files: CaptionFile, name: str = "a.mp4") -> Slot:
    return Slot(name, Item(name, name, ItemKind.CLIP, name, captions=files))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.vi.srt").write_text(VI, encoding="utf-8")
    (tmp_path / "a.lo.srt").write_text(LO, encoding="utf-8")
    return tmp_path


BOTH = slot(CaptionFile("lo", "a.lo.srt"), CaptionFile("vi", "a.vi.srt"))


def test_of_an_item_that_is_resumed_the_captions_are_those_of_where_it_goes_on(folder: Path) -> None:
    booth = Booth(folder)
    booth.captioning.load(BOTH)
    booth.reactor.run_for(10)
    begun = booth.clock.monotonic()
    booth.captioning.begin(BOTH, begun, 4 * SECOND)
    booth.follow(4000)
    seen = [((at - begun) // 1_000_000, texts) for at, texts in booth.stage.captions if any(t for _l, t in texts)]
    assert seen == [(1000, (("vi", ("Tạm biệt",)), ("lo", ())))]


def test_captions_stand_from_their_start_up_to_their_end(folder: Path) -> None:
    booth = Booth(folder)
    begun = booth.begin(BOTH)
    booth.follow(8000)
    seen = [((at - begun) // 1_000_000, texts) for at, texts in booth.stage.captions]
    assert seen == [
        (0, (("vi", ()), ("lo", ()))),
        (1000, (("vi", ("Xin chào",)), ("lo", ("ສະບາຍດີ",)))),
        (2000, (("vi", ()), ("lo", ("ສະບາຍດີ",)))),
        (3000, (("vi", ()), ("lo", ()))),
        (5000, (("vi", ("Tạm biệt",)), ("lo", ()))),
        (6500, (("vi", ()), ("lo", ()))),
    ]
    assert booth.captioning.next_change() is None


def test_the_next_change_is_known_ahead(folder: Path) -> None:
    booth = Booth(folder, ("vi",))
    begun = booth.begin(BOTH)
    assert booth.captioning.languages_of(BOTH) == (), "what runs waits no longer"
    changes = []
    while (change := booth.captioning.next_change()) is not None:
        changes.append((change - begun) // 1_000_000)
        assert booth.captioning.at(change)
        assert not booth.captioning.at(change), "told once"
    assert changes == [0, 1000, 2000, 5000, 6500]


def test_a_moment_passed_over_is_made_up_for(folder: Path) -> None:
    booth = Booth(folder, ("vi",))
    begun = booth.begin(BOTH)
    booth.captioning.at(MonotonicNs(begun + 5_600_000_000))
    assert booth.stage.captions[-1][1] == (("vi", ("Tạm biệt",)),)


def test_a_caption_is_drawn_ahead_but_not_long_ahead(folder: Path) -> None:
    booth = Booth(folder, ("vi",))
    booth.begin(BOTH)
    booth.follow(2200)
    drawn = booth.stage.prepared
    booth.clock.advance(3000 - 200 - AHEAD_NS // 1_000_000 - 20)
    booth.captioning.at(booth.clock.monotonic())
    assert booth.stage.prepared == drawn
    booth.clock.advance(40)
    booth.captioning.at(booth.clock.monotonic())
    booth.captioning.at(booth.clock.monotonic())
    assert booth.stage.prepared == drawn + 1


def test_the_languages_wanted_are_drawn_in_the_order_wanted(folder: Path) -> None:
    for languages in (("vi", "lo"), ("lo", "vi"), ("lo",), ("km",), ()):
        booth = Booth(folder, languages)
        booth.captioning.load(BOTH)
        booth.reactor.run_for(10)
        assert booth.captioning.languages_of(BOTH) == tuple(tag for tag in languages if tag != "km")


def test_each_file_is_chosen_at_most_once() -> None:
    files = (CaptionFile("vi", "1"), CaptionFile("vi-VN", "2"), CaptionFile("lo", "3"))
    assert chosen_files(files, ("vi", "vi-VN")) in {(files[0], files[1]), (files[0],)}
    assert chosen_files(files, ("lo", "lo")) == (files[2],)
    assert chosen_files((), ("vi",)) == ()


def test_the_next_item_takes_the_captions_of_the_last_away(folder: Path) -> None:
    booth = Booth(folder)
    booth.begin(BOTH)
    booth.follow(1500)
    booth.captioning.begin(slot(name="b.mp4"), booth.clock.monotonic())
    assert booth.stage.captions[-1][1] == ()
    assert booth.captioning.next_change() is None


def test_the_slate_has_no_captions(folder: Path) -> None:
    booth = Booth(folder)
    booth.begin(BOTH)
    booth.follow(1500)
    booth.captioning.clear()
    assert booth.stage.captions[-1][1] == ()
    assert not booth.captioning.at(booth.clock.monotonic())


def test_an_item_that_follows_itself_has_its_captions_again(folder: Path) -> None:
    booth = Booth(folder, ("vi",))
    for _ in range(3):
        booth.begin(BOTH)
        booth.follow(1500)
        assert booth.stage.captions[-1][1] == (("vi", ("Xin chào",)),)


def test_captions_that_cannot_be_read_are_told_and_the_others_shown(folder: Path) -> None:
    (folder / "bad.km.srt").write_bytes(b"\0\1\2" * 100)
    booth = Booth(folder, ("vi", "en", "km"))
    item = slot(CaptionFile("en", "gone.srt"), CaptionFile("vi", "a.vi.srt"), CaptionFile("km", "bad.km.srt"))
    booth.captioning.load(item)
    booth.reactor.run_for(10)
    assert "vi" in booth.captioning.languages_of(item)
    assert {item for item, _finding in booth.findings} == {"a.mp4"}
    assert any(finding.startswith("gone.srt: ") for _item, finding in booth.findings)
    assert any("bad.km.srt" in finding for _item, finding in booth.findings)


def test_files_are_read_on_the_errands_thread_and_come_back_by_the_reactor(folder: Path) -> None:
    clock = ManualClock()
    reactor = ManualReactor(clock)
    errands = Errands(reactor)
    stage = MemoryStage(clock)
    captioning = Captioning(stage, errands, folder, ("vi",), lambda _item, _finding: None)
    captioning.load(BOTH)
    assert reactor.listen()
    assert captioning.languages_of(BOTH) == ("vi",)
    threads: list[str] = []
    errands.run(lambda: threads.append(threading.current_thread().name), lambda _result: threads.append("back"))
    assert reactor.listen()
    assert threads == ["errands", "back"]
    errands.close()
    assert not reactor.watching
