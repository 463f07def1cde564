"""``signage-hub key``: make keys, show them, and draft who may sign when a key comes, changes or goes."""

import sys
from argparse import Namespace
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from playlists.cli_parser import Commands, Parser, command
from playlists.errors import ExitCode, UsageError
from sync.hub.cli_options import add_dry_run, add_hub, add_password, hub_of, new_password_of, password_of

if TYPE_CHECKING:
    from securesystemslib.signer import Key

    from sync.hub.trust_plan import TrustPlan

_FIRST_SLOT = 2


def add_command(commands: Commands) -> None:
    """Add ``key``."""
    parser = commands.add_parser("key", help="tạo khóa, xem khóa, đổi người ký", description="Khóa ký số.")
    of_key = parser.add_subparsers(title="Lệnh", metavar="LỆNH", required=True, prog="signage-hub key")
    new = command(of_key, "new", _new, "tạo khóa của một người ký, trong tệp có mật khẩu hoặc trên thiết bị khóa")
    new.operands.add_argument("file", type=Path, metavar="TỆP", help="tệp khóa bí mật sẽ tạo, ví dụ so-1.pem")
    new.choices.add_argument("--name", required=True, metavar="TÊN", help="tên người giữ khóa")
    new.choices.add_argument("--token", metavar="NHÃN", help="tạo khóa trên thiết bị PKCS#11 mang nhãn này")
    new.choices.add_argument("--library", type=Path, metavar="TỆP", help="thư viện PKCS#11 của thiết bị (.so)")
    new.choices.add_argument("--slot", type=int, default=_FIRST_SLOT, metavar="SỐ", help="số khóa trên thiết bị (2)")
    add_password(new)
    show = command(of_key, "show", _show, "xem tệp khóa công khai")
    show.operands.add_argument("file", type=Path, metavar="TỆP", help="tệp .pub.json")
    add = _changing(of_key, "add", _add, "thêm một người ký")
    add.operands.add_argument("organisation", metavar="CƠ_QUAN", help="mã cơ quan trong kế hoạch tin cậy")
    add.operands.add_argument("person", metavar="NGƯỜI", help="mã người ký mới")
    add.operands.add_argument("file", type=Path, metavar="TỆP", help="khóa công khai (.pub.json)")
    change = _changing(of_key, "replace", _replace, "thay khóa của một người, hoặc khóa trực tuyến (online)")
    change.operands.add_argument("person", metavar="NGƯỜI", help="mã người ký, hoặc online")
    change.operands.add_argument("file", type=Path, nargs="?", metavar="TỆP", help="khóa công khai mới (.pub.json)")
    add_password(change)
    revoke = _changing(of_key, "revoke", _revoke, "bỏ một người ký")
    revoke.operands.add_argument("person", metavar="NGƯỜI", help="mã người ký")
    plan = _changing(of_key, "plan", _plan, "áp dụng kế hoạch tin cậy khác: đơn vị, cửa khẩu, người ký")
    plan.operands.add_argument("file", type=Path, metavar="TỆP", help="kế hoạch tin cậy mới")


def _changing(commands: Commands, name: str, run: Callable[[Namespace], ExitCode], what: str) -> Parser:
    parser = command(commands, name, run, what)
    add_hub(parser)
    add_dry_run(parser)
    return parser


def _new(options: Namespace) -> ExitCode:
    from sync.hub.keys import TOKEN, new_key_file, public_path_of  # noqa: PLC0415  # cryptography is heavy for a help

    if options.token is None:
        password = new_password_of(options, "Mật khẩu mới cho khóa")
        path = options.file
        public = new_key_file(path, options.name, password)
    else:
        from sync.hub.tokens import TokenPlace, new_token_key  # noqa: PLC0415  # only who has a token needs it

        if options.library is None:
            message = "còn thiếu: --library"
            raise UsageError(message)
        path = options.file if options.file.name.endswith(TOKEN) else options.file.with_suffix(TOKEN)
        place = TokenPlace(str(options.library), options.token, options.slot)
        public = new_token_key(path, options.name, place, lambda prompt: password_of(options, prompt))
    sys.stdout.write(f"Khóa bí mật: {path} (giữ kín, không gửi cho ai)\n")
    sys.stdout.write(f"Khóa công khai: {public_path_of(path)} (gửi cho trung tâm)\n")
    sys.stdout.write(f"Mã khóa: {public.key.keyid}\n")
    return ExitCode.OK


def _show(options: Namespace) -> ExitCode:
    from sync.hub.keys import read_public_key  # noqa: PLC0415

    public = read_public_key(options.file)
    sys.stdout.write(f"{public.name}\n  mã khóa: {public.key.keyid}\n  loại: {public.key.scheme}\n")
    return ExitCode.OK


def _add(options: Namespace) -> ExitCode:
    from sync.hub.keys import read_public_key  # noqa: PLC0415
    from sync.hub.plan_drafts import with_person  # noqa: PLC0415
    from sync.hub.trust_plan import Person  # noqa: PLC0415

    public = read_public_key(options.file)
    person = Person(options.person, public.name, public.key)
    changed = partial(with_person, organisation=options.organisation, person=person)
    return _draft(options, changed, f"Thêm người ký {public.name} ({options.person}).")


def _replace(options: Namespace) -> ExitCode:
    from sync.hub.keys import new_online_key, read_public_key  # noqa: PLC0415
    from sync.hub.plan_drafts import with_key  # noqa: PLC0415

    if options.person == "online":
        hub = hub_of(options)
        if options.dry_run:
            sys.stdout.write("Sẽ tạo khóa trực tuyến mới và một bản nháp thay khóa.\n")
            return ExitCode.OK
        key = new_online_key(hub.online_key, new_password_of(options, "Mật khẩu mới cho khóa trực tuyến"))
        return _draft(options, lambda plan: plan, "Thay khóa trực tuyến của trung tâm.", key)
    if options.file is None:
        message = "còn thiếu: TỆP khóa công khai mới"
        raise UsageError(message)
    public = read_public_key(options.file)
    what = f"Thay khóa của {options.person}; khóa mới mang tên {public.name}."
    return _draft(options, lambda plan: with_key(plan, options.person, public.key), what)


def _revoke(options: Namespace) -> ExitCode:
    from sync.hub.plan_drafts import without_person  # noqa: PLC0415

    return _draft(options, lambda plan: without_person(plan, options.person), f"Bỏ người ký {options.person}.")


def _plan(options: Namespace) -> ExitCode:
    from sync.hub.cli_init import plan_content  # noqa: PLC0415
    from sync.hub.trust_plan import read_plan  # noqa: PLC0415

    coming = read_plan(plan_content(options.file))
    return _draft(options, lambda _: coming, "Áp dụng kế hoạch tin cậy mới.")


def _draft(
    options: Namespace,
    changed: "Callable[[TrustPlan], TrustPlan]",
    what: str,
    online: "Key | None" = None,
) -> ExitCode:
    from sync.hub.drafts import plan_of  # noqa: PLC0415  # python-tuf is heavy for a line of help
    from sync.hub.feed_state import published_feed  # noqa: PLC0415
    from sync.hub.plan_drafts import Coming, online_key_of, stage_plan, take_names  # noqa: PLC0415
    from sync.hub.signing import still_to_sign  # noqa: PLC0415
    from sync.hub.trust_plan import check_plan  # noqa: PLC0415

    hub = hub_of(options)
    plan = changed(plan_of(hub))
    check_plan(plan)
    if options.dry_run:
        sys.stdout.write(f"Sẽ lập bản nháp: {what}\n")
        return ExitCode.OK
    state = published_feed(hub)
    coming, now = Coming(plan, online or online_key_of(state), (what,)), datetime.now(UTC)
    if take_names(hub, coming, now):
        sys.stdout.write("Chỉ đổi tên, không phải ký lại; kế hoạch mới đã có hiệu lực.\n")
        return ExitCode.OK
    draft = stage_plan(hub, coming, now)
    sys.stdout.write(f"Bản nháp {draft.name}; gửi người ký tệp {draft.request}\n")
    sys.stdout.writelines(f"{line}\n" for line in still_to_sign(draft.read()))
    return ExitCode.OK
