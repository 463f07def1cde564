"""The warden: a small process without threads that forks prisoners on request.

It is started before Qt is imported and shares its pages with every prisoner, so a new one costs a fork, not an
interpreter. When the player dies its channel closes and everything below dies with it.
"""

import importlib
import os
import select
import signal
import sys
from pathlib import Path
from typing import Final

from player.decoding import prison
from player.decoding.channel import Channel, ChannelClosedError, Message, text

NAME: Final = "signage-warden"
_MODULES: Final = {
    "decoder": "player.decoding.decoder",
    "examiner": "player.decoding.examiner",
    "speaker": "player.decoding.speaker",
    "typesetter": "player.decoding.typesetter",
    "voice": "player.decoding.voice",
}
_PLUGIN: Final = "*/vlc/plugins/video_output/libvmem_plugin.so"


def _missing() -> str | None:
    """What this machine lacks to decode anything."""
    try:
        for module in _MODULES.values():
            importlib.import_module(module)
    except (ImportError, OSError, NotImplementedError, AttributeError, SystemExit) as error:
        return f"libVLC cannot be loaded ({error or 'not found'}); install libvlc5 and vlc-plugin-base"
    if "VLC_PLUGIN_PATH" not in os.environ and not any(Path("/usr/lib").glob(_PLUGIN)):
        return "libVLC has no plugins; install vlc-plugin-base"
    return None


def _fork(request: Message, channel: Channel, warden: Channel) -> int:
    """Fork one prisoner that owns ``channel``; give its pid."""
    module = importlib.import_module(_MODULES[text(request, "do")])
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        warden.close()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        module.main(channel, request)
        status = 0
    finally:
        os._exit(status)


def _reap() -> None:
    """Collect the dead, so that none stays a zombie."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def serve(channel: Channel) -> None:
    """Fork what is asked for until the player closes the channel."""
    wake_read, wake_write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.signal(signal.SIGCHLD, lambda _sign, _frame: None)
    signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
    while True:
        readable, _, _ = select.select([channel.fileno(), wake_read], [], [])
        if wake_read in readable:
            os.read(wake_read, 4096)
            _reap()
        if channel.fileno() in readable:
            got = channel.receive()
            if got is None:
                continue
            request, fds = got
            prisoners_end = Channel.from_fd(fds[0])
            pid = _fork(request, prisoners_end, channel)
            prisoners_end.close()
            channel.send({"is": "forked", "pid": pid, "ticket": request.get("ticket", 0)})


def main() -> None:
    """Serve the channel whose descriptor is the first argument."""
    channel = Channel.from_fd(int(sys.argv[1]))
    prison.end_with_parent(NAME)
    prison.keep_heap_lean()
    try:
        missing = _missing()
        if missing is not None:
            channel.send({"is": "missing", "what": missing})
        else:
            serve(channel)
    except ChannelClosedError:
        pass


if __name__ == "__main__":
    main()
