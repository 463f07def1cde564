"""Two network namespaces with a link between them as slow, as far and as lossy as is asked for. Needs root and ``ip``.

Every packet crosses a pair of TUN devices that this process holds, so it needs no traffic shaper of the kernel's.
"""

import fcntl
import heapq
import os
import random
import select
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

_TUNSETIFF, _IFF_TUN, _IFF_NO_PI = 0x400454CA, 0x0001, 0x1000
_PACKET: Final = 2048
_READY_S: Final = 10.0
FEED, KIOSK = "signage-feed", "signage-kiosk"
FEED_ADDRESS, KIOSK_ADDRESS = "10.99.0.1", "10.99.0.2"


@dataclass(frozen=True, slots=True)
class Link:
    """Bits a second each way, one-way delay in seconds, the share of packets lost, and what queues, in seconds."""

    rate: float
    delay: float
    loss: float
    queue: float = 0.1


class Lane:
    """One way of a link: when a packet that comes now leaves it; None where it is lost."""

    def __init__(self, link: Link, seed: int) -> None:
        self._link = link
        self._chance = random.Random(seed)  # noqa: S311 - the same losses every time
        self._free_at = 0.0

    def leaves(self, now: float, length: int) -> float | None:
        """Seconds of the same clock, or None."""
        begins = max(now, self._free_at)
        if begins - now > self._link.queue or self._chance.random() < self._link.loss:
            return None
        self._free_at = begins + 8 * length / self._link.rate
        return self._free_at + self._link.delay


@contextmanager
def shaped_link(link: Link) -> Iterator[None]:
    """Namespaces ``FEED`` and ``KIOSK`` with the link between them, while it lasts."""
    command = [sys.executable, "-m", "tests.bench.shaped_link", str(link.rate), str(link.delay), str(link.loss)]
    for name in (FEED, KIOSK):
        subprocess.run(["ip", "netns", "delete", name], check=False, capture_output=True)
        subprocess.run(["ip", "netns", "add", name], check=True)
        subprocess.run(["ip", "-n", name, "link", "set", "lo", "up"], check=True)
    carrier = subprocess.Popen(command, stdout=subprocess.PIPE)
    try:
        if carrier.stdout is None or not select.select([carrier.stdout], [], [], _READY_S)[0]:
            message = "the shaped link did not come up"
            raise RuntimeError(message)
        yield
    finally:
        carrier.terminate()
        carrier.wait()
        for name in (FEED, KIOSK):
            subprocess.run(["ip", "netns", "delete", name], check=False)


def inside(namespace: str, *command: str) -> list[str]:
    """A command to be run in one of the namespaces."""
    return ["ip", "netns", "exec", namespace, *command]


def carry(link: Link) -> None:
    """Carry packets until killed."""
    feed = _device("sig-feed", FEED, FEED_ADDRESS, KIOSK_ADDRESS)
    kiosk = _device("sig-kiosk", KIOSK, KIOSK_ADDRESS, FEED_ADDRESS)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    lanes = {feed: (kiosk, Lane(link, 1)), kiosk: (feed, Lane(link, 2))}
    waiting: list[tuple[float, int, int, bytes]] = []
    number = 0
    while True:
        pause = max(0.0, waiting[0][0] - time.monotonic()) if waiting else None
        for device in select.select([feed, kiosk], [], [], pause)[0]:
            packet = os.read(device, _PACKET)
            there, lane = lanes[device]
            leaves = lane.leaves(time.monotonic(), len(packet))
            if leaves is not None:
                number += 1
                heapq.heappush(waiting, (leaves, number, there, packet))
        now = time.monotonic()
        while waiting and waiting[0][0] <= now:
            _, _, there, packet = heapq.heappop(waiting)
            os.write(there, packet)


def _device(name: str, namespace: str, address: str, peer: str) -> int:
    device = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(device, _TUNSETIFF, struct.pack("16sH", name.encode(), _IFF_TUN | _IFF_NO_PI))
    for command in (
        ["ip", "link", "set", name, "netns", namespace],
        ["ip", "-n", namespace, "addr", "add", address, "peer", peer, "dev", name],
        ["ip", "-n", namespace, "link", "set", name, "up"],
    ):
        subprocess.run(command, check=True)
    return device


if __name__ == "__main__":
    carry(Link(*map(float, sys.argv[1:])))
