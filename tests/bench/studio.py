"""Builds the test clips with ffmpeg and reads back what is really in the files."""

import hashlib
import itertools
import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, TypedDict

from tests.bench.blockcode import BLOCKS, HEIGHT_OF_HEIGHT, WIDTH_OF_HEIGHT, Mark, block_centres, blocks_of, read_blocks
from tests.bench.clips import BEEP_SECONDS, ClipSet, ClipSpec

CAPTIONS_SUFFIX: Final = ".vi.srt"
RECIPE: Final = 2
"""Raise it when the recipe below changes, so that old clips are built anew."""

_LONG: Final = 1000
"""Clips with more frames than this are about time, not about decoding: they get a cheaper picture."""

_PROOF_HEIGHT: Final = 720

_CODEC_OPTIONS: Final = {
    "libx264": ["-preset", "veryfast", "-bf", "2", "-g", "50"],
    "libx265": ["-preset", "veryfast", "-x265-params", "log-level=error:keyint=50", "-tag:v", "hvc1"],
    "libvpx-vp9": ["-deadline", "realtime", "-cpu-used", "6", "-row-mt", "0", "-g", "60"],
    "mpeg4": ["-bf", "0", "-g", "50", "-mbd", "rd"],
}


class StudioError(Exception):
    """A clip could not be built; the text says which and why."""


@dataclass(frozen=True, slots=True)
class BuiltClip:
    """A clip on disk: when each frame stands, by the file's own timestamps.

    `starts` are seconds from the first frame's; `durations` are seconds; `beeps` are seconds from the file's start.
    """

    number: int
    path: Path
    starts: tuple[float, ...]
    durations: tuple[float, ...]
    beeps: tuple[float, ...]

    @property
    def frames(self) -> int:
        """How many frames the file holds."""
        return len(self.durations)


@dataclass(frozen=True, slots=True)
class BuiltSet:
    """The clips of a set, alone in their folder, by number."""

    spec: ClipSet
    folder: Path
    clips: tuple[BuiltClip, ...]


class _Entry(TypedDict):
    key: str
    starts: list[float]
    durations: list[float]


def build(wanted: ClipSet, cache: Path, say: Callable[[str], None]) -> BuiltSet:
    """Build what is missing of a set below `cache`; the same spec gives the same pictures.

    Raises StudioError when ffmpeg is missing or fails.
    """
    folder = cache / wanted.name
    folder.mkdir(parents=True, exist_ok=True)
    stamps = cache / f"{wanted.name}.json"
    known: dict[str, _Entry] = json.loads(stamps.read_text()) if stamps.exists() else {}
    entries: dict[str, _Entry] = {}
    for spec in wanted.clips:
        key = _key(spec)
        entry = known.get(spec.name)
        if entry is None or entry["key"] != key or not (folder / spec.name).exists():
            say(f"building test clip {wanted.name}/{spec.name}")
            _encode(spec, folder / spec.name)
            starts, durations = _probe(folder / spec.name)
            _proofread(spec, folder / spec.name, len(starts))
            entry = {"key": key, "starts": starts, "durations": durations}
        entries[spec.name] = entry
    for stranger in folder.iterdir():
        if stranger.name not in entries:
            stranger.unlink()
    if wanted.dress is not None:
        for spec in wanted.clips:
            beside = (folder / spec.name).with_suffix(CAPTIONS_SUFFIX)
            beside.write_text(wanted.dress.captions, encoding="utf-8")
    stamps.write_text(json.dumps(entries))
    clips = tuple(
        BuiltClip(spec.number, folder / spec.name, tuple(entry["starts"]), tuple(entry["durations"]), spec.beeps)
        for spec, entry in ((spec, entries[spec.name]) for spec in wanted.clips)
    )
    return BuiltSet(wanted, folder, clips)


def _key(spec: ClipSpec) -> str:
    options = _CODEC_OPTIONS[spec.codec]
    return hashlib.sha256(f"{RECIPE} {options} {sorted(asdict(spec).items())}".encode()).hexdigest()


def _encode(spec: ClipSpec, target: Path) -> None:
    """Draw moving pictures, lay the code over them, add the sound."""
    part = target.with_name(f".{target.name}.part")
    sound = ["-f", "lavfi", "-i", f"aevalsrc='{_sound(spec)}':s=48000:d={float(spec.seconds)}"] if spec.beeps else []
    command = [
        *_program("ffmpeg"), "-v", "error", "-nostdin", "-y",
        "-f", "lavfi", "-i", f"testsrc2=s={spec.width}x{spec.height}:r={spec.rate},hue=H=t*0.5+{spec.number}",
        "-f", "lavfi", "-i", _fractal(spec),
        "-f", "rawvideo", "-pix_fmt", "gray", "-s", f"{BLOCKS}x1", "-r", str(spec.rate), "-i", "pipe:0",
        *sound,
        "-filter_complex", _picture(spec), "-map", "[out]", *(["-map", "3:a"] if spec.beeps else []),
        "-c:v", spec.codec, "-b:v", str(spec.bits_per_second),
        "-maxrate", str(spec.bits_per_second * 5 // 4), "-bufsize", str(spec.bits_per_second * 2),
        *_CODEC_OPTIONS[spec.codec], "-threads", "2", "-fps_mode", "passthrough" if spec.steps_ms else "cfr",
        *(["-enc_time_base", "1:1000", "-video_track_timescale", "1000"] if spec.steps_ms else []),
        *(["-c:a", "aac", "-b:a", "128k", "-ac", "2"] if spec.beeps else []),
        "-map_metadata", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact",
        "-f", {"mp4": "mp4", "mkv": "matroska"}[spec.suffix], str(part),
    ]  # fmt: skip
    codes = b"".join(
        bytes(255 if block else 0 for block in blocks_of(Mark(spec.number, frame))) for frame in range(spec.frames)
    )
    done = subprocess.run(command, input=codes, capture_output=True, check=False)
    if done.returncode:
        msg = f"ffmpeg could not build {spec.name}: {done.stderr.decode(errors='replace').strip()}"
        raise StudioError(msg)
    part.replace(target)


def _fractal(spec: ClipSpec) -> str:
    """A zoom into a fractal: fine detail that moves, so that decoding costs what a real film costs."""
    if spec.frames > _LONG:
        return f"color=gray:s={spec.width}x{spec.height}:r={spec.rate}"
    start = 0.02 / (1 + spec.number)
    size = f"{spec.width // 4 * 2}x{spec.height // 4 * 2}"
    return f"mandelbrot=s={size}:r={spec.rate}:start_scale={start}:end_scale=0.0005:end_pts=250:maxiter=300"


def _picture(spec: ClipSpec) -> str:
    """The filters: two moving pictures blended, some noise, the code row in the middle, the timestamps."""
    row_width = 2 * round(WIDTH_OF_HEIGHT * spec.height / float(spec.aspect) / 2)
    row_height = 2 * round(HEIGHT_OF_HEIGHT * spec.height / 2)
    left = (spec.width - row_width) // 2
    top = (spec.height - row_height) // 2
    ratio = f"setsar={spec.aspect.numerator}/{spec.aspect.denominator}"
    stamps = f",settb=1/1000,setpts='{_stamps(spec)}'" if spec.steps_ms else ""
    return (
        f"[1]scale={spec.width}:{spec.height},format=yuv420p[fractal];[0]format=yuv420p[bars];"
        f"[bars][fractal]blend=all_mode=average,noise=alls=4:allf=t:all_seed={spec.number + 3}[moving];"
        f"[2]scale={row_width}:{row_height}:flags=neighbor,format=yuv420p[code];"
        f"[moving][code]overlay={left}:{top}:format=yuv420:shortest=1,{ratio}{stamps}[out]"
    )


def _stamps(spec: ClipSpec) -> str:
    """The time of frame N in milliseconds, as an ffmpeg expression."""
    count = len(spec.steps_ms)
    within = "+".join(f"eq(mod(N,{count}),{place})*{sum(spec.steps_ms[:place])}" for place in range(1, count))
    return f"floor(N/{count})*{sum(spec.steps_ms)}+{within}"


def _sound(spec: ClipSpec) -> str:
    """A quiet tone, so that silence can be heard, and loud beeps."""
    first = spec.beeps[0]
    # Beeps are one second apart in every clip that has more than one.
    gate = f"between(mod(t-{first},1),0,{BEEP_SECONDS})*gte(t,{first})*lt(t,{spec.beeps[-1] + 0.5})"
    return f"sin(2*PI*1000*t)*(0.08+0.6*{gate})"


def _probe(path: Path) -> tuple[list[float], list[float]]:
    """Starts and durations of the frames in seconds, in order of presentation, as the file says them."""
    command = [
        *_program("ffprobe"), "-v", "error", "-select_streams", "v:0",
        "-show_entries", "packet=pts_time,duration_time", "-of", "json", str(path),
    ]  # fmt: skip
    packets = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)["packets"]
    times = sorted((float(each["pts_time"]), float(each.get("duration_time", 0))) for each in packets)
    starts = [moment - times[0][0] for moment, _ in times]
    durations = [after - before for before, after in itertools.pairwise(starts)]
    return starts, [*durations, times[-1][1] or durations[-1]]


def _proofread(spec: ClipSpec, path: Path, frames: int) -> None:
    """Decode a clip and read its codes: an encoder's fault would look like frames lost by every player."""
    width = round(_PROOF_HEIGHT * spec.width * float(spec.aspect) / spec.height / 2) * 2
    filters = f"scale={width}:{_PROOF_HEIGHT},crop={width}:1:0:{_PROOF_HEIGHT // 2}:exact=1,format=gray"
    command = [
        *_program("ffmpeg"), "-v", "error", "-nostdin", "-i", str(path), "-fps_mode", "passthrough",
        "-vf", filters, "-f", "rawvideo", "pipe:1",
    ]  # fmt: skip
    rows = subprocess.run(command, capture_output=True, check=True).stdout
    centres = block_centres(width, _PROOF_HEIGHT)
    read = [read_blocks([rows[start + x] for x in centres]) for start in range(0, len(rows), width)]
    if frames != spec.frames or read != [Mark(spec.number, frame) for frame in range(spec.frames)]:
        path.unlink()
        msg = f"{path.parent.name}/{path.name} does not hold {spec.frames} frames with readable codes"
        raise StudioError(msg)


def _program(name: str) -> list[str]:
    path = shutil.which(name)
    if path is None:
        msg = f"{name} is not installed; the benchmark builds its clips with it (Debian: apt install ffmpeg)"
        raise StudioError(msg)
    return [path]
