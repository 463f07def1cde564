"""Inside a cell (``python -m sync.hub.listener``): decodes the sound of a file and measures it, as JSON.

One answer for each track: ``{"lufs", "peak_dbfs", "siren"}``, None for what is too quiet or was not asked for. PyAV's
subtitles are imported because it would load them when a file holds some, which is too late in a cell.
"""

import json
import sys
from array import array
from types import SimpleNamespace
from typing import BinaryIO

import av
import av.subtitles.codeccontext
import av.subtitles.stream
from av.audio.resampler import AudioResampler

from playlists.containers import HEAD_BYTES, Container, sniff
from playlists.measure_loudness import RATE_HZ, loudness
from playlists.measure_siren import siren
from playlists.probe import refuse_to_open, until_damage
from sync.hub.cell import answer, lock_up, the_file

_CHANNELS = 2


def measured(file: BinaryIO, *, with_siren: bool) -> list[dict[str, float | None]]:
    """What is measured of each sound track. Raises ``ValueError`` for what is no container of ours."""
    container = sniff(file.read(HEAD_BYTES))
    if not isinstance(container, Container):
        raise ValueError(container)  # noqa: TRY004 - the file is wrong, not the program
    answers: list[dict[str, float | None]] = []
    while (pcm := _track(file, container, len(answers))) is not None:
        found = loudness(pcm, _CHANNELS)
        answers.append(
            {
                "lufs": None if found is None else found.lufs,
                "peak_dbfs": None if found is None else found.peak_dbfs,
                "siren": siren(pcm, _CHANNELS) if with_siren else None,
            }
        )
    return answers


def _track(file: BinaryIO, container: Container, number: int) -> "array[int] | None":
    """The samples of one track, in 16 bits, stereo; None where there are not so many tracks."""
    file.seek(0)
    source = SimpleNamespace(read=file.read, seek=file.seek, tell=file.tell)
    with av.open(source, mode="r", format=container.av_format, io_open=refuse_to_open) as opened:
        if number >= len(opened.streams.audio):
            return None
        stream = opened.streams.audio[number]
        resampler = AudioResampler(format="s16", layout="stereo", rate=RATE_HZ)
        pcm = array("h")
        for packet in until_damage(opened.demux(stream), []):
            try:
                frames = stream.codec_context.decode(packet)
            except av.FFmpegError:
                continue  # a damaged packet is not heard on a kiosk either
            for frame in (one for given in frames for one in resampler.resample(given)):
                pcm.frombytes(bytes(frame.planes[0])[: frame.samples * _CHANNELS * pcm.itemsize])
        return pcm


def main() -> None:
    """Answer for the file on standard input; the second argument is ``siren`` where that is asked for."""
    lock_up()
    answer(json.dumps(measured(the_file(), with_siren=sys.argv[2:] == ["siren"])).encode())


if __name__ == "__main__":
    main()
