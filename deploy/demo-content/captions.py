"""Captions as SubRip text."""


def subrip(spans: list[tuple[float, float]], lines: tuple[str, ...]) -> str:
    """Return captions in SubRip's form: each line from its sentence's start to a little after its end, in seconds."""
    blocks = []
    starts = [start for start, _ in spans[1:]]
    limits: list[float | None] = [*starts, None]
    for number, ((start, end), limit, text) in enumerate(zip(spans, limits, lines, strict=True), 1):
        shown_until = end + 0.6 if limit is None else min(end + 0.6, limit - 0.08)
        blocks.append(f"{number}\n{_stamp(start)} --> {_stamp(shown_until)}\n{text}\n")
    return "\n".join(blocks)


def _stamp(seconds: float) -> str:
    milliseconds = round(seconds * 1000)
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02},{rest % 1000:03}"
