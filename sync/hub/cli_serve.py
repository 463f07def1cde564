"""``signage-hub serve``: one command serves screens out of one folder."""

import logging
import sys
from argparse import Namespace
from pathlib import Path

from playlists.cli_parser import Commands, command
from playlists.errors import ExitCode, UsageError
from sync.hub.cli_options import add_hub, hub_of

_GREATEST_PORT = 65535


def add_command(commands: Commands) -> None:
    """Add ``serve``."""
    parser = command(commands, "serve", _serve, "phục vụ các màn hình: nội dung, đăng ký thiết bị, trạng thái")
    add_hub(parser)
    parser.choices.add_argument(
        "--listen",
        metavar="ĐỊA_CHỈ:CỔNG",
        default="127.0.0.1:8080",
        help="nơi nhận kết nối (mặc định: 127.0.0.1:8080, sau một máy chủ proxy có TLS; cổng 0 là cổng bất kỳ)",
    )
    parser.choices.add_argument("--certificate", type=Path, metavar="TỆP", help="chứng thư TLS (PEM, cả chuỗi)")
    parser.choices.add_argument("--key", type=Path, metavar="TỆP", help="khóa của chứng thư TLS (PEM)")


def _serve(options: Namespace) -> ExitCode:
    from sync.hub.database import set_up
    from sync.hub.server_settings import read_server_settings

    hub = hub_of(options)
    settings = read_server_settings(hub)
    if (options.certificate is None) != (options.key is None):
        message = "--certificate và --key phải đi cùng nhau"
        raise UsageError(message)
    for path in (options.certificate, options.key):
        if path is not None and not path.is_file():
            message = f"không có tệp {path}"
            raise UsageError(message)
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    set_up(hub.root, settings.database)

    from sync.hub.serving.online_key import open_online_key
    from sync.hub.serving.server import Place, serve

    if settings.online_password() is None:
        _say("chưa có mật khẩu khóa trực tuyến: trung tâm không tự ký lại dấu thời gian; xem online_key_password_file")
    place = Place(*_address(options.listen), options.certificate, options.key)
    serve(hub, place, lambda: open_online_key(hub, settings), lambda url: _say(f"đang phục vụ tại {url}"))
    _say("đã dừng")
    return ExitCode.OK


def _address(told: str) -> tuple[str, int]:
    host, _, port = told.rpartition(":")
    if not host or not port.isdigit() or int(port) > _GREATEST_PORT:
        message = f"--listen: “{told}” không phải ĐỊA_CHỈ:CỔNG"
        raise UsageError(message)
    return host.strip("[]"), int(port)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
