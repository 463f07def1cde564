"""``signage-hub publish``: a signed draft becomes the feed; the daily timestamp; a roll-out confirmed."""

import sys
from argparse import Namespace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from playlists.cli_parser import Commands, command
from playlists.errors import ExitCode
from sync.hub.cli_options import add_dry_run, add_hub, add_password, hub_of, password_of, progress_bar
from sync.hub.sentences import HubRefusalError

if TYPE_CHECKING:
    from securesystemslib.signer import Signer

    from sync.hub.drafts import Draft
    from sync.hub.folder import HubFolder


def add_command(commands: Commands) -> None:
    """Add ``publish``."""
    parser = command(commands, "publish", _publish, "phát hành bản nháp đã đủ chữ ký; ký lại dấu thời gian")
    parser.operands.add_argument("draft", nargs="?", metavar="BẢN_NHÁP", help="tên bản nháp (nếu có nhiều hơn một)")
    one = parser.choices.add_mutually_exclusive_group()
    one.add_argument("--timestamp", action="store_true", help="chỉ ký lại dấu thời gian (mỗi ngày một lần)")
    one.add_argument("--confirm", type=int, nargs="+", metavar="SỐ", help="cho mọi màn hình nhận các bản phát hành này")
    add_hub(parser)
    add_password(parser)
    add_dry_run(parser)


def online_signer(options: Namespace, hub: "HubFolder") -> "Signer":
    """The signer of snapshot and timestamp that the newest root names. Raises ``HubRefusalError``."""
    from sync.hub.feed_state import online_key_id  # noqa: PLC0415  # python-tuf is heavy for a line of help

    return _open(options, hub, online_key_id(hub))


def _publish(options: Namespace) -> ExitCode:
    from sync.hub.publishing import confirm, publish_timestamp  # noqa: PLC0415  # python-tuf is heavy for a line of help

    hub, now = hub_of(options), datetime.now(UTC)
    if not options.timestamp and not options.confirm:
        return _publish_draft(options, hub, now)
    if options.dry_run:
        sys.stdout.write("Sẽ ký lại dấu thời gian.\n")
        return ExitCode.OK
    online = online_signer(options, hub)
    version = confirm(hub, options.confirm, online, now) if options.confirm else publish_timestamp(hub, online, now)
    sys.stdout.write(f"Dấu thời gian số {version}\n")
    return ExitCode.OK


def _publish_draft(options: Namespace, hub: "HubFolder", now: datetime) -> ExitCode:
    from sync.hub.feed_state import newest_root, read_feed  # noqa: PLC0415  # python-tuf is heavy for a line of help
    from sync.hub.publishable import check_draft  # noqa: PLC0415
    from sync.hub.publishing import publish  # noqa: PLC0415
    from sync.hub.signing import role_name, still_to_sign  # noqa: PLC0415
    from sync.trust import roles  # noqa: PLC0415

    draft = _chosen(options, hub)
    request = draft.read()
    if not request.complete:
        sys.stdout.writelines(f"{line}\n" for line in still_to_sign(request))
    publication = check_draft(hub, read_feed(hub), draft, now)
    told = [f"{role_name(part.role)} bản {part.version}" for part in request.parts]
    if options.dry_run:
        sys.stdout.write(f"Sẽ phát hành {draft.name}: {', '.join(told)}\n")
        return ExitCode.OK
    coming = publication.root.roles[roles.TIMESTAMP].keyids[0]
    root = newest_root(hub)
    before = coming if root is None else root.signed.roles[roles.TIMESTAMP].keyids[0]
    online = _open(options, hub, coming)
    former = _former(options, hub, before) if before != coming else None
    size = sum(path.stat().st_size for path in draft.files.rglob("*") if path.is_file())
    with progress_bar("Kiểm tra", size) as progress:
        published = publish(hub, draft, online, now, former, progress)
    sys.stdout.write(f"Đã phát hành {draft.name}: {', '.join(told)}; dấu thời gian số {published.timestamp}\n")
    return ExitCode.OK


def _chosen(options: Namespace, hub: "HubFolder") -> "Draft":
    from sync.hub.drafts import find_draft, list_drafts  # noqa: PLC0415

    if options.draft is not None:
        return find_draft(hub, options.draft)
    drafts = list_drafts(hub)
    if len(drafts) != 1:
        names = ", ".join(draft.name for draft in drafts) or "chưa có bản nháp nào"
        raise HubRefusalError(code="which-draft", drafts=names)
    return drafts[0]


def _open(options: Namespace, hub: "HubFolder", key_id: str) -> "Signer":
    from sync.hub.keys import open_signer  # noqa: PLC0415

    return open_signer(hub.online_key(key_id), lambda prompt: password_of(options, prompt))


def _former(options: Namespace, hub: "HubFolder", key_id: str) -> "Signer | None":
    """The former online key, where it is there and opens with the same password."""
    try:
        return _open(options, hub, key_id)
    except HubRefusalError:
        return None
