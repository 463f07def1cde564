"""The desk: what the commands ``release``, ``urgent`` and ``withdraw`` do, from their options to a draft."""

import sys
from argparse import Namespace
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from playlists.cli_check import report
from playlists.errors import ContentError, ExitCode, UsageError
from playlists.findings import Finding
from playlists.folder_items import visible
from playlists.thresholds_file import SUFFIX as THRESHOLDS_SUFFIX
from sync.hub.authorities import known_screens, may_sign, refuse_foreign, release_role
from sync.hub.change_report import in_full, in_words
from sync.hub.cli_options import hub_of
from sync.hub.drafts import Change, next_sequence, stage
from sync.hub.feed_state import FeedState, published_feed
from sync.hub.folder import HubFolder, read_counters
from sync.hub.media_intake import take
from sync.hub.progress import byte_bar, step_line
from sync.hub.release_build import Publication, build_release, media_bytes
from sync.hub.release_folder import FindingsError, ReleaseFolder, read_release_folder, read_rows
from sync.hub.release_plan import ReleasePlan, plan_release
from sync.hub.screen_names import ScreenName, matching, patterns, read_screen_name, refuse_unknown
from sync.hub.urgent_build import LONGEST_HOURS, build_urgent, call_off, expired, plan_urgent
from sync.hub.withdrawal_build import build_withdrawal, is_digest, lift, shown_items, withdrawal_of
from sync.publication import Rollout

THRESHOLDS: Final = f"hub{THRESHOLDS_SUFFIX}"
"""In the hub's folder: the province's own figures, such as who may issue urgent bulletins."""
_LOOKING: Final = "Đang xem"


def release(options: Namespace) -> ExitCode:
    """``release``: judge a folder, build its release, stage it."""
    hub = hub_of(options)
    state, now = published_feed(hub), _now()
    role = release_role(options.authority, state)
    try:
        folder = read_release_folder(options.folder, _of_hub(hub))
        screens = _screens(options.screens, folder, role, state)
        rollout = rollout_of(options.canary, options.hold, screens)
        with step_line(_LOOKING) as step:
            plan = plan_release(folder, screens, now.date(), step)
    except FindingsError as error:
        return report(error.findings)
    if report(plan.findings) is not ExitCode.OK:
        return ExitCode.CONTENT
    for line in _unusual(plan, known_screens(state)):
        sys.stdout.write(f"{line}\n")
    sequence = read_counters(hub).sequence + 1 if options.dry_run else next_sequence(hub)
    publication = Publication(role, sequence, now, rollout)
    with TemporaryDirectory(prefix="signage-release-") as scratch:
        change = _built(plan, publication, Path(scratch))
        return _staged(hub, change, now, dry_run=options.dry_run)


def urgent(options: Namespace) -> ExitCode:
    """``urgent``: issue a bulletin, or call one off."""
    hub = hub_of(options)
    state, now = published_feed(hub), _now()
    stale = expired(hub, state, now)
    if (options.file is None) == (options.call_off is None):
        message = "hãy chỉ ra tệp tin khẩn, hoặc --call-off MÃ để thu hồi tin"
        raise UsageError(message)
    if options.call_off is not None:
        return _staged(hub, call_off(options.call_off, state, stale), now, dry_run=options.dry_run)
    screens = _patterns(options.screens, state)
    if options.hours is not None and not 1 <= options.hours <= LONGEST_HOURS:
        message = f"--hours phải từ 1 đến {LONGEST_HOURS}"
        raise UsageError(message)
    findings = list[Finding]()
    named = [] if options.thresholds is None else [options.thresholds]
    rows = read_rows([*_of_hub(hub), *_beside(options.file), *named], findings)
    if findings:
        return report(findings)
    try:
        with step_line(_LOOKING) as step:
            plan = plan_urgent(options.file, rows, now, options.hours, step)
    except FindingsError as error:
        return report(error.findings)
    if report(plan.findings) is not ExitCode.OK:
        return ExitCode.CONTENT
    return _staged(hub, build_urgent(plan, screens, stale, None), now, dry_run=options.dry_run)


def withdraw(options: Namespace) -> ExitCode:
    """``withdraw``: take something off the screens, or lift that."""
    hub = hub_of(options)
    state, now = published_feed(hub), _now()
    if (options.what is None) == (options.lift is None):
        message = "hãy chỉ ra nội dung cần thu hồi (mã mục, tệp hoặc sha256), hoặc --lift TÊN để bỏ lệnh thu hồi"
        raise UsageError(message)
    if options.lift is not None:
        return _staged(hub, lift(options.lift, state), now, dry_run=options.dry_run)
    if not (options.reason or "").strip():
        message = "còn thiếu: --reason (vì sao thu hồi)"
        raise UsageError(message)
    shown = list(shown_items(hub, state))
    item, digest = _named(options.what)
    withdrawn = withdrawal_of(item, digest, shown)
    name, change = build_withdrawal(withdrawn, _patterns(options.screens, state), options.reason.strip(), shown, state)
    code = _staged(hub, change, now, dry_run=options.dry_run)
    sys.stdout.write(f"Muốn bỏ lệnh này về sau: signage-hub withdraw --lift {name}\n")
    return code


def rollout_of(canary: Sequence[str], hold: float | None, screens: Collection[ScreenName]) -> Rollout | None:
    """Which screens go first, and for how long. Raises ``UsageError``."""
    if not canary and hold is None:
        return None
    if not canary or hold is None or hold <= 0:
        message = "--canary và --hold đi cùng nhau: màn hình nào phát thử trước, và phát thử bao nhiêu giờ"
        raise UsageError(message)
    names = [read_screen_name(one) for one in canary]
    foreign = [str(one) for one in names if one not in screens]
    if foreign:
        message = f"màn hình phát thử không nằm trong bản phát hành: {', '.join(foreign)}"
        raise UsageError(message)
    return Rollout(tuple(dict.fromkeys(map(str, names))), max(1, round(hold * 60)))


def _screens(wanted: Sequence[str], folder: ReleaseFolder, role: str, state: FeedState) -> tuple[ScreenName, ...]:
    """The screens that are meant: a star stands for those the folder describes, where one file does for all known."""
    described = frozenset(one.name for one in folder.screens)
    known = described if len(described) > 1 else described | known_screens(state)
    screens = matching(patterns(wanted), [one for one in known if may_sign(role, one, state)])
    refuse_foreign(role, screens, state)
    return screens


def _unusual(plan: ReleasePlan, known: Collection[ScreenName]) -> Iterator[str]:
    """What is as it was asked for, and perhaps not meant so."""
    for one in plan.screens:
        if one.file.name != one.name:
            yield f"Màn hình {one.name} dùng chung tệp {visible(one.file.path.name)}."
        if known and one.name not in known:
            yield f"Màn hình {one.name} nhận bản phát hành lần đầu; hãy xem lại tên."


def _patterns(wanted: Sequence[str], state: FeedState) -> tuple[str, ...]:
    if not wanted:
        message = "còn thiếu: --screens (CỬA_KHẨU/MÀN_HÌNH, CỬA_KHẨU/* hoặc all)"
        raise UsageError(message)
    found = patterns(wanted)
    refuse_unknown(found, known_screens(state))
    return found


def _built(plan: ReleasePlan, publication: Publication, scratch: Path) -> Change:
    with byte_bar(media_bytes(plan), "Đọc tệp") as progress:
        return build_release(plan, publication, scratch, progress)


def _staged(hub: HubFolder, change: Change, now: datetime, *, dry_run: bool) -> ExitCode:
    if dry_run:
        sys.stdout.write("".join(f"{line}\n" for line in in_full(change)))
        sys.stdout.write("Chạy thử: chưa ghi gì.\n")
        return ExitCode.OK
    with byte_bar(sum(path.stat().st_size for path in change.media.values()), "Chép tệp") as progress:
        draft = stage(hub, change, now, progress)
    sys.stdout.write("".join(f"{line}\n" for line in in_words(change)))
    sys.stdout.write(f"Đã tạo bản nháp {draft.name}, chờ ký: {draft.request}\n")
    return ExitCode.OK


def _named(what: str) -> tuple[str | None, str | None]:
    """An item's id or a file's digest, whichever is meant."""
    if is_digest(what):
        return None, what
    path = Path(what)
    if path.is_file():
        return None, take(path, path.name).file.sha256
    if "/" in what:
        message = f"không có tệp {visible(what)}"
        raise ContentError(message)
    return what, None


def _of_hub(hub: HubFolder) -> list[Path]:
    return [path for path in (hub.root / THRESHOLDS,) if path.is_file()]


def _beside(file: Path) -> list[Path]:
    return (
        sorted(one for one in file.parent.iterdir() if one.name.endswith(THRESHOLDS_SUFFIX)) if file.is_file() else []
    )


def _now() -> datetime:
    """By the hub's clock, in its zone."""
    return datetime.now(UTC).astimezone().replace(microsecond=0)
