"""The road of the demo: a hub, the four who sign, an agent, and what is published while the player plays.

``demo_road.py CONTENT FOLDER`` makes all of it in ``FOLDER`` by the commands that people use, each of which it tells.
It serves the hub, enrols the kiosk, runs the agent, and makes ``FOLDER/ready`` once the first release lies in
``FOLDER/kiosk``. From the moment at which ``FOLDER/playing`` is there it publishes a change after 15 seconds and an
urgent bulletin after 45. It ends, and its hub and agent with it, at SIGTERM; what happened is in ``FOLDER/road.txt``,
and what the commands said in ``answers.txt`` beside it.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Final, TypeVar

from playlists.errors import ExitCode

_HANOI: Final = timezone(timedelta(hours=7))
_COMMANDS: Final = Path(sys.executable).parent
_GATE, _SCREEN = "bo-y", "bo-y-trong-nha"
_PLACE: Final = f"{_GATE}/{_SCREEN}"
_ALL_FOUR: Final = ("so-1", "so-2", "bp-1", "bp-2")
_THREE, _TWO = _ALL_FOUR[:3], ("so-1", "bp-1")
_LATER: Final = "ap-phich"
"""The item that comes with the change."""
_CHANGE_AFTER, _URGENT_AFTER = 15.0, 45.0
_PATIENCE: Final = 60.0
_ARGUMENTS: Final = 3
_PASSWORD: Final = "chỉ để trình diễn"  # noqa: S105 - of keys that are made anew for every demo


_Found = TypeVar("_Found")


class _Road:
    """``folder`` holds everything; every step is told on stdout and kept in ``road.txt``."""

    def __init__(self, content: Path, folder: Path) -> None:
        self._content, self._folder = content, folder
        self._hub, self._keys, self._state = folder / "hub", folder / "keys", folder / "kiosk"
        self._settings = folder / "agent.json"
        self._story = (folder / "road.txt").open("w", encoding="utf-8")
        self._answers = (folder / "answers.txt").open("w", encoding="utf-8")
        self._environment = {**os.environ, "SIGNAGE_HUB": str(self._hub), "SIGNAGE_HUB_PASSWORD": _PASSWORD}

    def found(self) -> None:
        """Keys for four people of two organisations, the hub, and trust signed by three of them."""
        self._keys.mkdir()
        for name in _ALL_FOUR:
            self._run("signage-hub", "key", "new", "--name", name, str(self._keys / f"{name}.pem"))
        plan = self._keys / "plan.json"
        plan.write_text(self._run("signage-hub", "init", "--example"), encoding="utf-8")
        self._run("signage-hub", "init", str(self._hub), "--plan", str(plan))
        self._sign_and_publish(_THREE)
        self._run("signage-hub", "screens", "add", _PLACE, "--title", "Màn hình trong nhà, cửa khẩu Bờ Y")

    def publish(self, *, whole: bool) -> None:
        """Release the content for every screen; without the item that comes later, or with it."""
        folder = self._folder / ("content-changed" if whole else "content")
        shutil.copytree(self._content, folder)
        if not whole:
            playlist = folder / f"{self._content.name}.playlist.json"
            told = json.loads(playlist.read_bytes())
            told["items"] = [item for item in told["items"] if item["id"] != _LATER]
            playlist.write_text(json.dumps(told, ensure_ascii=False, indent=2), encoding="utf-8")
        self._run("signage-hub", "release", str(folder), "--screens", "all", "--authority", "department")
        self._sign_and_publish(_THREE)

    def urge(self) -> None:
        """Publish the urgent bulletin, an exercise, by two people; say how long it took to the kiosk."""
        bulletin = self._content / "khan-cap" / "dien-tap.playlist.json"
        thresholds = self._content / f"{self._content.name}.thresholds.json"
        command = ("urgent", str(bulletin), "--screens", f"{_GATE}/*", "--hours", "2", "--thresholds", str(thresholds))
        self._run("signage-hub", *command)
        self._sign_and_publish(_TWO)
        begun = time.monotonic()
        _await(lambda: list((self._state / "agent" / "urgent").glob("*.json")))
        self._say(f"the urgent bulletin was on the kiosk {time.monotonic() - begun:.1f} s after `publish` ended")

    @contextmanager
    def served(self) -> Iterator[str]:
        """The hub on a free port; its address."""
        with self._staying("signage-hub", "serve", "--listen", "127.0.0.1:0", log="hub.log") as log:
            address = _await(lambda: re.search(r"http://[0-9.:]+", log.read_text(encoding="utf-8")))
            yield "" if address is None else address[0]

    def enrol(self, hub: str) -> None:
        """A one-time code at the hub, a key made on the kiosk, and a human who compares its fingerprint."""
        ticket = self._folder / "phieu.json"
        self._state.mkdir()
        self._settings.write_text(json.dumps({"format_version": 1, "state": str(self._state)}), encoding="utf-8")
        self._run("signage-hub", "enrol-code", _PLACE, "--address", hub, "--ticket", str(ticket))
        enrol = ("signage-agent", "enrol", str(ticket), "--settings", str(self._settings))
        with self._staying(*enrol, log="enrol.log") as log:
            shown = _await(lambda: re.search(r"\d{5}(?: \d{5})+", log.read_text(encoding="utf-8")))
            self._run("signage-hub", "devices", "confirm", _PLACE, "--fingerprint", "" if shown is None else shown[0])
            _await(lambda: "đã xác nhận" in log.read_text(encoding="utf-8"))

    @contextmanager
    def agent(self) -> Iterator[None]:
        """The agent, from its first release on."""
        with self._staying("signage-agent", "run", "--settings", str(self._settings), log="agent.log"):
            _await((self._state / "agent" / "active").exists)
            yield

    def follow(self) -> None:
        """Publish while it plays."""
        playing = self._folder / "playing"
        _await(playing.exists, seconds=600)
        begun = time.monotonic()
        time.sleep(max(0.0, begun + _CHANGE_AFTER - time.monotonic()))
        self.publish(whole=True)
        active = self._state / "agent" / "active"
        _await(lambda: json.loads(active.read_bytes())["sequence"] > 1)
        self._say("the change lies on the kiosk and is tried there; the player takes it at a boundary between items")
        time.sleep(max(0.0, begun + _URGENT_AFTER - time.monotonic()))
        self.urge()
        signal.pause()

    def _sign_and_publish(self, signers: Sequence[str]) -> None:
        (draft,) = (self._hub / "drafts").iterdir()
        for name in signers:
            self._run(
                "signage-hub", "sign", str(draft / "request.json"), "--key", str(self._keys / f"{name}.pem"), "--yes"
            )
        self._run("signage-hub", "publish")

    def _run(self, program: str, *arguments: str) -> str:
        self._say(f"$ {program} {' '.join(arguments)}".replace(f"{self._folder}/", ""))
        done = subprocess.run(
            [_COMMANDS / program, *arguments], capture_output=True, text=True, check=False, env=self._environment
        )
        self._answers.write(f"$ {program} {' '.join(arguments)}\n{done.stdout}{done.stderr}\n")
        self._answers.flush()
        if done.returncode != 0:
            sys.stderr.write(done.stdout + done.stderr)
            sys.exit(done.returncode)
        return done.stdout

    @contextmanager
    def _staying(self, program: str, *arguments: str, log: str) -> Iterator[Path]:
        self._say(f"$ {program} {' '.join(arguments)} &".replace(f"{self._folder}/", ""))
        path = self._folder / log
        with path.open("wb") as file:
            process = subprocess.Popen(
                [_COMMANDS / program, *arguments], stdout=file, stderr=subprocess.STDOUT, env=self._environment
            )
        try:
            yield path
        finally:
            process.terminate()
            process.wait()

    def _say(self, text: str) -> None:
        sys.stdout.write(f"demo: {text}\n")
        sys.stdout.flush()
        self._story.write(f"{datetime.now(_HANOI):%H:%M:%S} {text}\n")
        self._story.flush()


def _await(look: Callable[[], _Found], *, seconds: float = _PATIENCE) -> _Found:
    """What a look finds, as soon as it does. Ends the demo where it finds nothing."""
    until = time.monotonic() + seconds
    while not (found := look()):
        if time.monotonic() > until:
            sys.stderr.write(
                f"demo: something did not come within {seconds:.0f} s; the logs beside road.txt may say why\n"
            )
            sys.exit(ExitCode.BUG)
        time.sleep(0.05)
    return found


def main() -> int:
    """Go down the road; an exit code of the shared table."""
    if len(sys.argv) != _ARGUMENTS:
        sys.stderr.write(f"usage: {sys.argv[0]} CONTENT FOLDER\n")
        return ExitCode.USAGE
    content, folder = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(ExitCode.OK))
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    road = _Road(content, folder)
    road.found()
    road.publish(whole=False)
    with ExitStack() as staying:
        road.enrol(staying.enter_context(road.served()))
        staying.enter_context(road.agent())
        (folder / "ready").touch()
        road.follow()
    return ExitCode.OK


if __name__ == "__main__":
    sys.exit(main())
