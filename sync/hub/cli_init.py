"""``signage-hub init``: a hub's folder from a trust plan; or an example of such a plan."""

import json
import sys
from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from playlists.cli_parser import Commands, command
from playlists.errors import ExitCode, UsageError
from sync.hub.cli_options import add_password, new_password_of

EXAMPLE: Final[dict[str, object]] = {
    "format_version": 1,
    "organisations": [
        {
            "id": "so",
            "names": [
                {"since": "2016-01-01", "name": "Sở Thông tin và Truyền thông"},
                {"since": "2025-03-01", "name": "Sở Văn hóa, Thể thao và Du lịch"},
            ],
            "people": [
                {"id": "so-1", "name": "Nguyễn Văn A", "public_key_file": "so-1.pub.json"},
                {"id": "so-2", "name": "Trần Thị B", "public_key_file": "so-2.pub.json"},
            ],
        },
        {
            "id": "bien-phong",
            "names": [{"since": "2016-01-01", "name": "Bộ đội Biên phòng tỉnh"}],
            "people": [
                {"id": "bp-1", "name": "Lê Văn C", "public_key_file": "bp-1.pub.json"},
                {"id": "bp-2", "name": "Phạm Thị D", "public_key_file": "bp-2.pub.json"},
            ],
        },
    ],
    "units": [{"id": "bo-y", "name": "Đồn Biên phòng cửa khẩu Bờ Y", "gates": ["bo-y"]}],
}
"""A plan to begin with; the key files beside it are those of ``key new``."""


def add_command(commands: Commands) -> None:
    """Add ``init``."""
    parser = command(commands, "init", _init, "tạo thư mục của trung tâm từ kế hoạch tin cậy")
    parser.operands.add_argument(
        "folder", type=Path, nargs="?", metavar="THƯ_MỤC", help="thư mục sẽ tạo (chưa có, hoặc trống)"
    )
    parser.choices.add_argument("--plan", type=Path, metavar="TỆP", help="kế hoạch tin cậy: cơ quan, người ký, đơn vị")
    parser.choices.add_argument("--example", action="store_true", help="in một kế hoạch mẫu rồi thoát")
    parser.choices.add_argument("--dry-run", action="store_true", help="chỉ kiểm tra kế hoạch, không tạo gì")
    add_password(parser)


def plan_content(path: Path) -> bytes:
    """The bytes of a plan, with the public key files it names in their places. Raises ``HubRefusalError``."""
    from sync.hub.keys import read_public_key  # noqa: PLC0415  # cryptography is heavy for a line of help

    try:
        content = path.read_bytes()
        told = json.loads(content)
        people = [person for body in told["organisations"] for person in body["people"]]
    except OSError as wrong:
        message = f"không đọc được “{path}”"
        raise UsageError(message) from wrong
    except (ValueError, LookupError, TypeError):
        return content  # the reader of plans says what is wrong with it
    for person in (one for one in people if isinstance(one, dict) and isinstance(one.get("public_key_file"), str)):
        key = read_public_key(path.parent / person.pop("public_key_file")).key
        person["public_key"] = {"keyid": key.keyid, **key.to_dict()}
    return json.dumps(told, ensure_ascii=False).encode()


def _init(options: Namespace) -> ExitCode:
    from sync.hub.founding import found, refuse_filled  # noqa: PLC0415  # python-tuf is heavy for a line of help
    from sync.hub.signing import still_to_sign  # noqa: PLC0415
    from sync.hub.trust_plan import read_plan  # noqa: PLC0415

    if options.example:
        sys.stdout.write(json.dumps(EXAMPLE, ensure_ascii=False, indent=1) + "\n")
        return ExitCode.OK
    if options.folder is None or options.plan is None:
        message = "còn thiếu: THƯ_MỤC và --plan (hoặc --example)"
        raise UsageError(message)
    plan = read_plan(plan_content(options.plan))
    refuse_filled(options.folder)
    if options.dry_run:
        sys.stdout.write("Kế hoạch dùng được. Các phần ký và số chữ ký cần có:\n")
        for role in plan.offline:
            sys.stdout.write(f"  {role}: {plan.threshold(role)} trong {len(plan.people(role))} người\n")
        return ExitCode.OK
    password = new_password_of(options, "Mật khẩu mới cho khóa trực tuyến của trung tâm")
    hub, draft = found(options.folder, plan, password, datetime.now(UTC))
    sys.stdout.write(f"Đã tạo {hub.root}\nBản nháp khởi tạo: {draft.name}; gửi người ký tệp {draft.request}\n")
    sys.stdout.writelines(f"{line}\n" for line in still_to_sign(draft.read()))
    return ExitCode.OK
