"""Media files that ask for other files: playlists under a clip's name, and real clips with references in them."""

import struct
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.support.media import Clip, Tone, make_clip

Box = tuple[bytes, bytes]
"""Type and content of an ISO box."""

_PARENTS = frozenset({b"moov", b"trak", b"mdia", b"minf", b"dinf"})


def texts(canary: Path, address: str) -> dict[str, str]:
    """Playlists and the like, by the name of their format, each asking for a file and for an address."""
    target = canary.as_uri()
    links = (target, f"http://{address}/seen.mp4")
    port = address.split(":")[1]
    return {
        "m3u": "#EXTM3U\n" + "".join(f"#EXTINF:1,x\n{link}\n" for link in links),
        "hls": "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:1\n#EXT-X-MEDIA-SEQUENCE:0\n"
        + "".join(f"#EXTINF:1.0,\n{link}\n" for link in links)
        + "#EXT-X-ENDLIST\n",
        "pls": "[playlist]\n" + "".join(f"File{n}={link}\n" for n, link in enumerate(links, 1)) + "NumberOfEntries=2\n",
        "xspf": '<?xml version="1.0"?><playlist version="1" xmlns="http://xspf.org/ns/0/"><trackList>'
        + "".join(f"<track><location>{link}</location></track>" for link in links)
        + "</trackList></playlist>",
        "asx": '<asx version="3.0">' + "".join(f'<entry><ref href="{link}"/></entry>' for link in links) + "</asx>",
        "sdp": f"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video {port} RTP/AVP 96\n"
        "a=rtpmap:96 H264/90000\n",
        "concat": f"ffconcat version 1.0\nfile '{canary}'\nfile 'http://{address}/seen.mp4'\n",
        "dash": '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" '
        'mediaPresentationDuration="PT1S" minBufferTime="PT1S" profiles="urn:mpeg:dash:profile:isoff-on-demand:2011">'
        '<Period><AdaptationSet mimeType="video/mp4"><Representation id="1" bandwidth="1">'
        f"<BaseURL>{links[1]}</BaseURL></Representation></AdaptationSet></Period></MPD>",
        "svg": '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
        + "".join(f'<image xlink:href="{link}" width="9" height="9"/>' for link in links)
        + "</svg>",
        "smil": "<smil><body>" + "".join(f'<video src="{link}"/>' for link in links) + "</body></smil>",
        "url": f"[InternetShortcut]\nURL={links[1]}\n",
    }


def make_text_clips(folder: Path, canary: Path, address: str) -> list[str]:
    """Write each of the texts under the names of several kinds of clips and stills; their names."""
    names = []
    for kind, text in texts(canary, address).items():
        for suffix in (".png",) if kind == "svg" else (".mp4", ".mkv", ".ts"):
            names.append(f"{kind}{suffix}")
            (folder / names[-1]).write_text(text, encoding="utf-8")
    # A playlist behind the first bytes of a real file, for whoever looks at those only.
    (folder / "m3u-behind-zeros.ts").write_bytes(b"\0" * 188 + texts(canary, address)["m3u"].encode())
    return [*names, "m3u-behind-zeros.ts"]


def make_referring_clips(folder: Path, canary: Path, address: str) -> list[str]:
    """Write real clips that play, each with references to the canary and the address in it; their names."""
    links = [canary.as_uri(), f"http://{address}/seen.mp4", f"rtsp://{address}/seen"]
    whole = Clip(size=(64, 48), frames=12, sound=(Tone(0.5),))
    plain = make_clip(folder / "plain.mov", whole)
    boxes = list(_boxes(plain.read_bytes()))
    made = {
        "rmra-added.mov": _rewritten(boxes, lambda box: _with_rmra(box, links)),
        "rmra-only.mov": _packed([boxes[0], (b"moov", _packed([_rmra(links)]))]),
        "dref-url.mp4": _rewritten(boxes, lambda box: _with_dref(box, b"url ", links[1].encode() + b"\0")),
        "dref-file.mp4": _rewritten(boxes, lambda box: _with_dref(box, b"url ", links[0].encode() + b"\0")),
        "dref-alias.mov": _rewritten(boxes, lambda box: _with_dref(box, b"alis", _alias(canary))),
        "cover.mp4": _rewritten(boxes, lambda box: _with_metadata(box, links)),
    }
    for name, data in made.items():
        (folder / name).write_bytes(data)
    plain.unlink()
    matroska = make_clip(folder / "plain.mkv", Clip(size=(64, 48), frames=12)).read_bytes()
    (folder / "linked.mkv").write_bytes(_linked(matroska, canary.name))
    (folder / "plain.mkv").unlink()
    return [*made, "linked.mkv"]


# ISO boxes.


def _boxes(data: bytes) -> Iterator[Box]:
    at = 0
    while at + 8 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        yield kind, data[at + 8 : at + size]
        at += size


def _packed(boxes: list[Box]) -> bytes:
    return b"".join(struct.pack(">I4s", len(content) + 8, kind) + content for kind, content in boxes)


def _rewritten(boxes: list[Box], change: Callable[[Box], Box]) -> bytes:
    """Change every box, those within first; `moov` lies behind the samples, so nothing else has to move."""
    assert [kind for kind, _content in boxes].index(b"mdat") < [kind for kind, _content in boxes].index(b"moov")
    return _packed([_changed(box, change) for box in boxes])


def _changed(box: Box, change: Callable[[Box], Box]) -> Box:
    kind, content = box
    if kind in _PARENTS:
        content = _packed([_changed(inner, change) for inner in _boxes(content)])
    return change((kind, content))


def _rmra(links: list[str]) -> Box:
    movies = []
    for link in links:
        address = link.encode() + b"\0"
        reference = struct.pack(">I4sI", 0, b"url ", len(address)) + address
        movies.append((b"rmda", _packed([(b"rdrf", reference)])))
    return b"rmra", _packed(movies)


def _with_rmra(box: Box, links: list[str]) -> Box:
    kind, content = box
    return (kind, content + _packed([_rmra(links)])) if kind == b"moov" else box


def _with_dref(box: Box, kind: bytes, where: bytes) -> Box:
    """Say of every track that its samples lie elsewhere: flags of 0 instead of 1, and where."""
    if box[0] != b"dref":
        return box
    entry = _packed([(kind, b"\0\0\0\0" + where)])
    return b"dref", struct.pack(">II", 0, 1) + entry


def _alias(canary: Path) -> bytes:
    """A Macintosh alias record with the path of the canary, as QuickTime writes it."""
    path = str(canary).encode()
    name = canary.name.encode()[:27]
    head = struct.pack(">4sHHH", b"\0\0\0\0", 0, 2, 0) + b"\x09Macintosh".ljust(28, b"\0") + b"\0" * 10
    head += bytes([len(name)]) + name.ljust(63, b"\0") + b"\0" * 26 + struct.pack(">hh", 1, 1) + b"\0" * 16
    paths = b"".join(struct.pack(">HH", tag, len(path)) + path + b"\0" * (len(path) % 2) for tag in (2, 18))
    record = head + paths + struct.pack(">HH", 0xFFFF, 0)
    return record[:4] + struct.pack(">H", len(record)) + record[6:]


def _with_metadata(box: Box, links: list[str]) -> Box:
    """Addresses wherever a tag may carry one."""
    if box[0] != b"moov":
        return box
    link = _packed([(b"data", struct.pack(">II", 1, 0) + links[1].encode())])
    tags = [(kind, link) for kind in (b"\xa9url", b"\xa9cmt", b"purl", b"egid", b"covr")]
    handler = (b"hdlr", b"\0" * 8 + b"mdirappl" + b"\0" * 9)
    meta = (b"meta", b"\0" * 4 + _packed([handler, (b"ilst", _packed(tags))]))
    kept = [inner for inner in _boxes(box[1]) if inner[0] != b"udta"]
    return b"moov", _packed([*kept, (b"udta", _packed([meta]))])


# Matroska.


def _linked(data: bytes, neighbour: str) -> bytes:
    """A clip that says another file comes before it and after it, and that a chapter of it lies in a third."""
    at = _element(data, 0)[2]
    head = data[:at]
    _id, at, _end = _element_head(data, at)
    info = b""
    rest = b""
    while at < len(data):
        name, start, end = _element(data, at)
        if name == 0x1549A966:
            info = data[start:end]
        elif name != 0x114D9B74:  # the index of the elements, which would be wrong now
            rest += data[at:end]
        at = end
    file_name = neighbour.encode()
    info += _ebml(0x73A4, b"\1" * 16) + _ebml(0x3CB923, b"\2" * 16) + _ebml(0x3EB923, b"\3" * 16)
    info += _ebml(0x3C83AB, file_name) + _ebml(0x3E83BB, file_name) + _ebml(0x4444, b"\4" * 16)
    atoms = b"".join(
        _ebml(0xB6, _ebml(0x73C4, bytes([number])) + _ebml(0x91, b"\0") + _ebml(0x92, b"\x1d\xcd\x65\x00") + uid)
        for number, uid in ((1, _ebml(0x6E67, b"\3" * 16)), (2, b""))
    )
    chapters = _ebml(0x1043A770, _ebml(0x45B9, _ebml(0x45DD, b"\1") + _ebml(0x45BC, b"\1") + atoms))
    return head + struct.pack(">I", 0x18538067) + b"\x01" + b"\xff" * 7 + _ebml(0x1549A966, info) + chapters + rest


def _ebml(name: int, content: bytes) -> bytes:
    return name.to_bytes((name.bit_length() + 7) // 8, "big") + (len(content) | 1 << 56).to_bytes(8, "big") + content


def _element(data: bytes, at: int) -> tuple[int, int, int]:
    """Id, and where the content begins and ends."""
    return _element_head(data, at)


def _element_head(data: bytes, at: int) -> tuple[int, int, int]:
    length = 9 - data[at].bit_length()
    name = int.from_bytes(data[at : at + length], "big")
    at += length
    length = 9 - data[at].bit_length()
    size = int.from_bytes(data[at : at + length], "big") & ((1 << 7 * length) - 1)
    return name, at + length, at + length + size
