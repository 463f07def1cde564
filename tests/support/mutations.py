"""Damages media files on purpose: the same seed gives the same damage, and every damage is a real one.

A mutation takes the bytes of a good file and a random generator and gives other bytes; :func:`damaged` draws again
until they differ from what they were made of.
"""

import random
import struct
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

Mutation = Callable[[bytes, random.Random], bytes]

_HUGE: Final = (0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
_BOXES: Final = frozenset(
    {
        *(b"ftyp", b"moov", b"mdat", b"free", b"trak", b"mdia", b"minf", b"stbl", b"mvhd", b"tkhd", b"mdhd", b"hdlr"),
        *(b"stsd", b"stts", b"stsc", b"stsz", b"stco", b"ctts", b"stss", b"edts", b"elst", b"dinf", b"vmhd", b"avcC"),
    }
)
_PARENTS: Final = frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts"})
_PATIENCE: Final = 50
LARGE_SIDE: Final = 10_000
"""Width and height, in pixels, of the pictures that are too large."""


@dataclass(frozen=True, slots=True)
class Box:
    """One ISO media box: where its size field lies, its name, its whole length in bytes."""

    start: int
    name: bytes
    length: int


def boxes(data: bytes, start: int = 0, end: int | None = None) -> list[Box]:
    """List the boxes of an MP4 file, those within containers after the container."""
    found: list[Box] = []
    end = len(data) if end is None else end
    while start + 8 <= end:
        length, name = struct.unpack_from(">I4s", data, start)
        if length < 8 or start + length > end or name not in _BOXES:
            break
        found.append(Box(start, name, length))
        if name in _PARENTS:
            found += boxes(data, start + 8, start + length)
        start += length
    return found


def bit_flips(data: bytes, chance: random.Random) -> bytes:
    """Bit rot: one bit in some hundreds of bytes, anywhere."""
    rotten = bytearray(data)
    for _ in range(max(1, len(data) // chance.choice((64, 256, 1024, 8192)))):
        rotten[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(rotten)


def early_bit_flips(data: bytes, chance: random.Random) -> bytes:
    """A few wrong bits where headers lie: in the first or last 2 KiB."""
    rotten = bytearray(data)
    for _ in range(chance.randint(1, 12)):
        distance = chance.randrange(min(2048, len(data)))
        rotten[distance if chance.random() < 0.5 else len(data) - 1 - distance] ^= 1 << chance.randrange(8)
    return bytes(rotten)


def zeroed_run(data: bytes, chance: random.Random) -> bytes:
    """A run of bytes that a disk gave back as zeros."""
    length = min(len(data), chance.choice((16, 512, 4096, len(data) // 3)))
    start = chance.randrange(len(data) - length + 1)
    return data[:start] + bytes(length) + data[start + length :]


def truncated(data: bytes, chance: random.Random) -> bytes:
    """A download that broke off."""
    return data[: chance.randrange(1, len(data))]


def spliced(data: bytes, chance: random.Random) -> bytes:
    """The beginning and the end of a file, but not what lay between, or some of it twice."""
    return data[: chance.randrange(1, len(data))] + data[chance.randrange(len(data)) :]


def swapped_boxes(data: bytes, chance: random.Random) -> bytes:
    """Two neighbouring boxes in the wrong order, offsets left as they were."""
    found = boxes(data)
    pairs = [(a, b) for a in found for b in found if a.start + a.length == b.start]
    if not pairs:
        return swapped_blocks(data, chance)
    first, second = chance.choice(pairs)
    middle, end = second.start, second.start + second.length
    return data[: first.start] + data[middle:end] + data[first.start : middle] + data[end:]


def swapped_blocks(data: bytes, chance: random.Random) -> bytes:
    """Two blocks of equal length, exchanged."""
    length = max(1, min(4096, len(data) // 4))
    first = chance.randrange(len(data) - 2 * length + 1)
    second = chance.randrange(first + length, len(data) - length + 1)
    block, other = data[first : first + length], data[second : second + length]
    return data[:first] + other + data[first + length : second] + block + data[second + length :]


def without_index(data: bytes, _chance: random.Random) -> bytes:
    """An MP4 whose moov is gone; of other files, the last quarter, where their index lies."""
    return _without(data, b"moov") or data[: len(data) * 3 // 4]


def without_media(data: bytes, _chance: random.Random) -> bytes:
    """An MP4 whose mdat is gone; of other files, all but the first quarter."""
    return _without(data, b"mdat") or data[: len(data) // 4]


def wrong_sizes(data: bytes, chance: random.Random) -> bytes:
    """A length in a header that is 0, 1 or enormous."""
    rotten = bytearray(data)
    found = boxes(data)
    place = chance.choice(found).start if found else 4 * chance.randrange(min(64, len(data) // 4))
    struct.pack_into(">I", rotten, place, chance.choice((0, 1, *_HUGE)))
    return bytes(rotten)


def random_bytes(data: bytes, chance: random.Random) -> bytes:
    """Noise of the file's length."""
    return chance.randbytes(len(data))


def noise_behind_the_head(data: bytes, chance: random.Random) -> bytes:
    """A true beginning, then noise."""
    kept = min(len(data) // 2, chance.choice((16, 64, 1024)))
    return data[:kept] + chance.randbytes(len(data) - kept)


def some_text(_data: bytes, chance: random.Random) -> bytes:
    """A text, or a playlist that names other media, under a clip's name."""
    return chance.choice(
        (
            b"Not a film.\n" * 200,
            b"#EXTM3U\n#EXTINF:-1,x\nhttp://127.0.0.1:9/never.mp4\n",
            b"<!DOCTYPE html><html><body>404 Not Found</body></html>\n",
            b"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nm=video 9 RTP/AVP 96\r\n",
        )
    )


def emptied(_data: bytes, _chance: random.Random) -> bytes:
    """No byte at all."""
    return b""


MUTATIONS: Final[Mapping[str, Mutation]] = {
    mutation.__name__.replace("_", "-"): mutation
    for mutation in (
        *(bit_flips, early_bit_flips, zeroed_run, truncated, spliced, swapped_boxes, swapped_blocks, without_index),
        *(without_media, wrong_sizes, random_bytes, noise_behind_the_head, some_text, emptied),
    )
}


def damaged(data: bytes, mutation: Mutation, seed: str) -> bytes:
    """``data`` after ``mutation``: other bytes than before, and the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - damage that can be had again, no secret
    for _ in range(_PATIENCE):
        rotten = mutation(data, chance)
        if rotten != data:
            return rotten
    message = f"{mutation} does no damage to a file of {len(data)} bytes"
    raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Victim:
    """One damaged file: its name tells the number, what was done to it, and to what."""

    path: Path
    mutation: str
    source: Path


def write_victims(folder: Path, sources: list[Path], numbers: range) -> list[Victim]:
    """Write one damaged copy per number into ``folder``, going through all mutations and all sources in turn."""
    names = sorted(MUTATIONS)
    victims = []
    for number in numbers:
        mutation = names[number % len(names)]
        source = sources[(number // len(names) + 5 * (number % len(names))) % len(sources)]
        good = source.read_bytes()
        path = folder / f"{number:04d}-{mutation}-of-{source.stem}{source.suffix}"
        path.write_bytes(damaged(good, MUTATIONS[mutation], path.name))
        assert path.read_bytes() != good
        victims.append(Victim(path, mutation, source))
    return victims


def _without(data: bytes, name: bytes) -> bytes | None:
    found = next((box for box in boxes(data) if box.name == name), None)
    return None if found is None else data[: found.start] + data[found.start + found.length :]


def write_huge_png(path: Path) -> Path:
    """Write a true PNG of 10,000 x 10,000 pixels in 24 bits: 300 kB on the disk, 400 MB decoded."""
    pack = zlib.compressobj(1)
    row = bytes(1 + 3 * LARGE_SIDE)
    body = b"".join(pack.compress(row) for _ in range(LARGE_SIDE)) + pack.flush()
    header = struct.pack(">IIBBBBB", LARGE_SIDE, LARGE_SIDE, 8, 2, 0, 0, 0)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", body) + _chunk(b"IEND", b""))
    return path


def write_huge_jpeg(path: Path) -> Path:
    """Write a true grey JPEG of 10,000 x 10,000 pixels in 390 kB, each block two bits: no difference, no more."""
    blocks = (LARGE_SIDE // 8) ** 2
    table = bytes([1, *[0] * 15, 0])
    path.write_bytes(
        b"\xff\xd8"
        + _segment(0xDB, b"\0" + b"\1" * 64)
        + _segment(0xC0, struct.pack(">BHHBBBB", 8, LARGE_SIDE, LARGE_SIDE, 1, 1, 0x11, 0))
        + _segment(0xC4, b"\x00" + table)
        + _segment(0xC4, b"\x10" + table)
        + _segment(0xDA, bytes([1, 1, 0, 0, 63, 0]))
        + bytes(blocks * 2 // 8)
        + b"\xff\xd9"
    )
    return path


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body
