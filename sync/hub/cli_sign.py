"""``signage-hub sign``: sign a request on one's own laptop; at the hub, bring signatures together."""

import sys
from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from playlists.cli_parser import Commands, command
from playlists.errors import ExitCode, UsageError
from sync.durable import write_durably
from sync.hub.cli_options import add_dry_run, add_hub, add_password, hub_of, password_of
from sync.hub.sentences import HubRefusalError

if TYPE_CHECKING:
    from sync.hub.request import Request


def add_command(commands: Commands) -> None:
    """Add ``sign``."""
    parser = command(commands, "sign", _sign, "ký một yêu cầu ký số, hoặc nhận chữ ký mang về trung tâm")
    parser.operands.add_argument("file", type=Path, nargs="?", metavar="TỆP", help="yêu cầu ký số (request.json)")
    parser.choices.add_argument("--key", type=Path, metavar="TỆP", help="khóa của người ký (.pem hoặc .token.json)")
    parser.choices.add_argument("--output", type=Path, metavar="TỆP", help="ghi tệp đã ký ra đây (mặc định: tại chỗ)")
    parser.choices.add_argument("--yes", action="store_true", help="không hỏi lại trước khi ký (cho lệnh tự động)")
    add_password(parser)
    add_hub(parser)
    add_dry_run(parser)
    one = parser.choices.add_mutually_exclusive_group()
    one.add_argument("--collect", type=Path, nargs="+", metavar="TỆP", help="ở trung tâm: nhận các tệp đã ký mang về")
    one.add_argument("--renew", nargs="+", metavar="PHẦN", help="ở trung tâm: lập bản nháp gia hạn các phần này")
    one.add_argument("--again", metavar="BẢN_NHÁP", help="ở trung tâm: lập lại bản nháp đã cũ, phải ký lại")
    one.add_argument("--drop", metavar="BẢN_NHÁP", help="ở trung tâm: bỏ một bản nháp")


def _sign(options: Namespace) -> ExitCode:
    if options.collect:
        return _collect(options)
    if options.renew:
        return _renew(options)
    if options.again:
        return _again(options)
    if options.drop:
        return _drop(options)
    return _add(options)


def _add(options: Namespace) -> ExitCode:
    from sync.hub.keys import open_signer  # noqa: PLC0415  # cryptography is heavy for a line of help
    from sync.hub.request import read_request, write_request  # noqa: PLC0415
    from sync.hub.signing import add_signature, description, role_name  # noqa: PLC0415

    if options.file is None:
        message = "còn thiếu: TỆP yêu cầu ký số"
        raise UsageError(message)
    request = read_request(_content(options.file))
    zone = datetime.now(UTC).astimezone().tzinfo or UTC
    sys.stdout.writelines(f"{line}\n" for line in description(request, zone))
    sys.stdout.flush()
    if options.dry_run:
        return _say_who(request)
    if options.key is None:
        message = "còn thiếu: --key"
        raise UsageError(message)
    _confirm(options)
    signer = open_signer(options.key, lambda prompt: password_of(options, prompt))
    signed, names = add_signature(request, signer)
    place = options.output or options.file
    write_durably(place, write_request(signed))
    sys.stdout.write(f"Đã ký: {', '.join(role_name(name) for name in names)}\nMang tệp {place} về trung tâm.\n")
    return _say_who(signed)


def _confirm(options: Namespace) -> None:
    if options.yes:
        return
    if not sys.stdin.isatty():
        message = "cần người ký đồng ý: chạy ở màn hình lệnh, hoặc dùng --yes"
        raise UsageError(message)
    if input("Đồng ý ký nội dung trên? Gõ “ky” để ký: ").strip().lower() not in {"ky", "ký"}:
        raise HubRefusalError(code="not-confirmed")


def _collect(options: Namespace) -> ExitCode:
    from sync.hub.drafts import find_draft, outdated  # noqa: PLC0415  # python-tuf is heavy for a line of help
    from sync.hub.feed_state import read_feed  # noqa: PLC0415
    from sync.hub.folder import locked  # noqa: PLC0415
    from sync.hub.request import read_request, write_request  # noqa: PLC0415
    from sync.hub.signing import collect, role_name  # noqa: PLC0415

    hub = hub_of(options)
    with locked(hub):
        state = read_feed(hub)
        for path in options.collect:
            brought = read_request(_content(path))
            draft = find_draft(hub, brought.draft)
            ours = draft.read()
            late = [part for part in ours.parts if outdated(state, part)]
            if late:
                raise HubRefusalError(code="outdated", draft=draft.name, role=role_name(late[0].role))
            merged, names = collect(ours, brought)
            if not options.dry_run:
                write_durably(draft.request, write_request(merged))
            sys.stdout.write(f"{draft.name}: chữ ký mới của {', '.join(names) or 'không ai'}\n")
            _say_who(merged)
    return ExitCode.OK


def _renew(options: Namespace) -> ExitCode:
    from sync.hub.drafts import plan_of  # noqa: PLC0415
    from sync.hub.plan_drafts import stage_again  # noqa: PLC0415

    hub = hub_of(options)
    wanted = plan_of(hub).offline if options.renew == ["all"] else tuple(options.renew)
    if options.dry_run:
        sys.stdout.write(f"Sẽ lập bản nháp gia hạn: {', '.join(wanted)}\n")
        return ExitCode.OK
    draft = stage_again(hub, wanted, datetime.now(UTC))
    sys.stdout.write(f"Bản nháp {draft.name}; gửi người ký tệp {draft.request}\n")
    return _say_who(draft.read())


def _again(options: Namespace) -> ExitCode:
    from sync.hub.drafts import find_draft, stage_over  # noqa: PLC0415

    hub = hub_of(options)
    draft = find_draft(hub, options.again)
    if options.dry_run:
        sys.stdout.write(f"Sẽ lập lại bản nháp {draft.name}\n")
        return ExitCode.OK
    fresh = stage_over(hub, draft, datetime.now(UTC))
    sys.stdout.write(f"Bản nháp {fresh.name} thay cho {draft.name}; gửi người ký tệp {fresh.request}\n")
    return _say_who(fresh.read())


def _drop(options: Namespace) -> ExitCode:
    from sync.hub.drafts import drop_draft, find_draft  # noqa: PLC0415
    from sync.hub.feed_state import published_feed  # noqa: PLC0415
    from sync.hub.folder import locked  # noqa: PLC0415

    hub = hub_of(options)
    with locked(hub):
        draft = find_draft(hub, options.drop)
        published_feed(hub)  # without the first draft there would be nothing to begin with
        if not options.dry_run:
            drop_draft(hub, draft)
    sys.stdout.write(f"{'Sẽ bỏ' if options.dry_run else 'Đã bỏ'} bản nháp {draft.name}\n")
    return ExitCode.OK


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        message = f"không đọc được “{path}”"
        raise UsageError(message) from None


def _say_who(request: "Request") -> ExitCode:
    from sync.hub.signing import still_to_sign  # noqa: PLC0415

    sys.stdout.writelines(f"{line}\n" for line in still_to_sign(request))
    return ExitCode.OK
