"""What a prisoner can no longer do, and that it can still do its work."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from player.decoding.media_file import MediaFile
from player.decoding.prisoners import Prison
from player.decoding.syscalls import architecture
from player.decoding.vlc_renderer import VlcRenderer
from player.decoding.walls import landlock_version
from player.fitting import Fit, Size
from player.performance import Order, Performance, Phase, Sound
from player.polling_reactor import PollingReactor
from playlists.playlist import Item, ItemKind
from playlists.timing import DurationMs, MonotonicNs
from tests.support.inmate import CALLS
from tests.support.media import Clip, Tone, make_clip, make_picture
from tests.support.sound_server import SoundServer, private_sound_server, recording

FRAMES = 20
PATIENCE_S = 30.0
LANDLOCK = "this kernel has no Landlock"

needs_landlock = pytest.mark.skipif(not landlock_version(), reason=LANDLOCK)
needs_seccomp = pytest.mark.skipif(
    architecture(os.uname().machine) is None, reason="the system calls of this processor are not known"
)


def inmate(folder: Path, kind: str) -> dict[str, str]:
    """What a prisoner of that kind (decoder, speaker, or free) finds when it tries the walls."""
    canary, given = folder / "canary", folder / "given"
    canary.write_text("secret", encoding="ascii")
    given.write_text("media", encoding="ascii")
    with given.open("rb") as file:
        done = subprocess.run(
            [sys.executable, "-m", "tests.support.inmate", str(canary), str(file.fileno()), kind],
            pass_fds=[file.fileno()],
            capture_output=True,
            check=True,
            text=True,
        )
    findings: dict[str, str] = json.loads(done.stdout)
    return findings


@pytest.fixture(scope="module")
def walled(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return inmate(tmp_path_factory.mktemp("walled"), "decoder")


@pytest.fixture(scope="module")
def free(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return inmate(tmp_path_factory.mktemp("free"), "free")


@needs_seccomp
@pytest.mark.parametrize("family", ["AF_INET", "AF_INET6", "AF_NETLINK", "AF_PACKET", "AF_UNIX", "socketpair"])
def test_there_is_no_network(walled: dict[str, str], family: str) -> None:
    assert walled[family] == "EAFNOSUPPORT"


@needs_seccomp
def test_a_speaker_reaches_the_sound_server_and_nothing_else(tmp_path: Path) -> None:
    speaker = inmate(tmp_path, "speaker")
    assert (speaker["AF_UNIX"], speaker["shared memory"]) == ("ok", "ok")
    assert (speaker["AF_INET"], speaker["AF_INET6"], speaker["execute"]) == ("EAFNOSUPPORT", "EAFNOSUPPORT", "EPERM")
    if landlock_version():
        assert speaker["read the canary"] == "EACCES"


@needs_seccomp
def test_nothing_is_executed_and_no_process_made(walled: dict[str, str], free: dict[str, str]) -> None:
    assert (walled["execute"], walled["fork"]) == ("EPERM", "EPERM")
    assert (free["execute"], free["fork"], free["AF_INET"]) == ("ENOENT", "ok", "ok")


@needs_seccomp
@pytest.mark.parametrize("name", CALLS)
def test_dangerous_calls_are_refused(walled: dict[str, str], name: str) -> None:
    assert walled[name] == ("ENOSYS" if name == "clone3" else "EPERM")


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="only x86-64 has x32 calls")
def test_the_numbers_of_another_abi_are_no_way_round(walled: dict[str, str]) -> None:
    assert walled["x32"] == "EPERM"


@needs_landlock
def test_other_peoples_files_are_closed(walled: dict[str, str], free: dict[str, str]) -> None:
    closed = ("read the canary", "list its folder", "write beside it", "reopen what was given", "shared memory")
    assert {name: walled[name] for name in closed} == dict.fromkeys(closed, "EACCES")
    assert {name: free[name] for name in closed} == dict.fromkeys(closed, "ok")
    assert walled["read the parent's memory"] != "ok"


@pytest.mark.parametrize("deed", ["read what was given", "read a library", "make memory", "start a thread"])
def test_what_libraries_need_is_left(walled: dict[str, str], deed: str) -> None:
    assert walled[deed] == "ok"


# Real decoders and examiners.


@dataclass
class Listener:
    """An audience that hears nothing; the tests look for themselves."""

    changes: int = 0

    def changed(self, _performance: Performance) -> None:
        self.changes += 1


@dataclass
class House:
    """A prison and a renderer at work, without a stage."""

    prison: Prison
    reactor: PollingReactor
    renderer: VlcRenderer
    audience: Listener = field(default_factory=Listener)

    def prepare(self, path: Path, kind: ItemKind) -> Performance:
        item = Item(path.name, path.name, kind, path.stem)
        order = Order(item, str(path), Size(64, 48), DurationMs(500), Sound())
        return self.renderer.prepare(order, self.audience)

    def settle(self, performance: Performance) -> Phase:
        """Wait until it can be shown or will never be."""
        assert self.reactor.run(lambda: performance.phase is not Phase.PREPARING, PATIENCE_S)
        return performance.phase

    def perform(self, path: Path, kind: ItemKind = ItemKind.CLIP) -> Performance:
        """Show it to its end."""
        performance = self.prepare(path, kind)
        assert self.settle(performance) is Phase.READY, performance.reason
        begin = MonotonicNs(time.monotonic_ns() + performance.lead_ns)
        performance.begin(begin)
        end = begin + (performance.length or 0) + 500_000_000

        def over() -> bool:
            picture = performance.take_due(MonotonicNs(time.monotonic_ns()))
            if picture is not None:
                picture.release()
            self.reactor.call_at(MonotonicNs(time.monotonic_ns() + 5_000_000), lambda: None)
            return time.monotonic_ns() > end

        assert self.reactor.run(over, PATIENCE_S)
        return performance


@contextmanager
def house() -> Iterator[House]:
    reactor = PollingReactor()
    prison = Prison()
    prison.attend(reactor, lambda: None)
    renderer = VlcRenderer(prison, reactor, Fit.CONTAIN)
    try:
        yield House(prison, reactor, renderer)
    finally:
        renderer.close()


def prisoners_below(pid: int) -> Iterator[dict[str, str]]:
    """The status of every signage process among the descendants of ``pid``."""
    for task in Path("/proc").glob(f"{pid}/task/*/children"):
        for child in task.read_text(encoding="ascii").split():
            lines = (Path("/proc") / child / "status").read_text(encoding="utf-8").splitlines()
            status = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
            if status["Name"].startswith("signage-"):
                yield status
            yield from prisoners_below(int(child))


def test_a_clip_and_a_still_are_shown_from_behind_the_walls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/nobody")
    clip = make_clip(tmp_path / "a.mp4", Clip(frames=FRAMES, sound=(Tone(0.8),)))
    with house() as place:
        shown = place.perform(clip)
        assert shown.tally.shown + shown.missed(shown.length or 0) == FRAMES
        assert shown.tally.shown > FRAMES // 2
        assert shown.digest is not None
        shown.finish()
        still = place.prepare(make_picture(tmp_path / "b.png"), ItemKind.IMAGE)
        assert place.settle(still) is Phase.READY
        inmates = [status for status in prisoners_below(os.getpid()) if status["Name"] != "signage-warden"]
    assert {status["Name"] for status in inmates} == {"signage-decode", "signage-examine"}
    if architecture(os.uname().machine) is not None:
        assert {status["Seccomp"].strip() for status in inmates} == {"2"}
    assert {status["NoNewPrivs"].strip() for status in inmates} == {"1"}
    assert {int(status["CapEff"], 16) & ~0b110 for status in inmates} == {0}


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SoundServer]:
    with private_sound_server(tmp_path / "server") as running:
        monkeypatch.setenv("PULSE_SERVER", running.environment["PULSE_SERVER"])
        yield running


def test_sound_comes_through_the_walls(server: SoundServer, tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "a.mp4", Clip(frames=FRAMES, sound=(Tone(0.8),)))
    with server.recorded(tmp_path / "heard"), house() as place:
        shown = place.perform(clip)
        assert shown.tally.shown > FRAMES // 2
        shown.finish()
    assert recording(tmp_path / "heard").loudest > 4000


# The file is opened for them.


def test_a_file_is_one_and_the_same_for_every_reader(tmp_path: Path) -> None:
    path = tmp_path / "clip"
    path.write_bytes(b"first")
    file = MediaFile(str(path), 2)
    path.unlink()
    path.write_bytes(b"other")
    one, two = file.lend(), file.lend()
    assert (os.read(one, 5), os.read(two, 5)) == (b"first", b"first")  # not one offset between them
    os.close(one)
    os.close(two)


def test_what_is_no_regular_file_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path, Path("/dev/null")):
        with pytest.raises(OSError, match="not a regular file"):
            MediaFile(str(path), 2)


@pytest.mark.parametrize(("name", "reason"), [("nothing.mp4", "missing"), ("pipe.mp4", "unreadable")])
def test_an_item_that_cannot_be_opened_fails_with_its_reason(tmp_path: Path, name: str, reason: str) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    with house() as place:
        failed = place.prepare(tmp_path / name, ItemKind.CLIP)
        assert place.settle(failed) is Phase.FAILED
        assert failed.reason.startswith(f"{reason}: ")


def test_the_next_item_opens_after_one_that_was_called_off(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "a.mp4", Clip(frames=FRAMES))
    with house() as place:
        place.prepare(clip, ItemKind.CLIP).finish()
        following = place.prepare(clip, ItemKind.CLIP)
        assert place.settle(following) is Phase.READY
        assert place.reactor.run(lambda: following.digest is not None, PATIENCE_S)
        assert clip not in open_files(), "a file whose readers all have their own is left open"


def open_files() -> set[Path]:
    """The names behind this process's descriptors."""
    return {link.readlink() for link in Path("/proc/self/fd").iterdir() if link.is_symlink()}
