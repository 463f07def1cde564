"""Inside a cell: tries what no reader of a file needs, and says how it went. The second argument names the attempt."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

from sync.hub.cell import answer, lock_up, the_file


def read() -> str:
    return the_file().read().decode()


def sleep() -> str:
    time.sleep(600)
    return "done"


def spin() -> str:
    while True:
        pass


def flood() -> str:
    while True:
        answer(b"x" * 65536)


def memory() -> str:
    return str(len(bytearray(5 << 30)))


def write() -> str:
    Path(sys.argv[3]).write_text("escaped", encoding="utf-8")
    return "done"


def network() -> str:
    socket.create_connection(("127.0.0.1", int(sys.argv[3])), timeout=2).close()
    return "done"


def program() -> str:
    subprocess.run(["true"], check=True)
    return "done"


def crash() -> str:
    os.abort()


ATTEMPTS = {one.__name__: one for one in (read, sleep, spin, flood, memory, write, network, program, crash)}


if __name__ == "__main__":
    lock_up()
    try:
        answer(ATTEMPTS[sys.argv[2]]().encode())
    except (OSError, MemoryError) as refused:
        answer(type(refused).__name__.encode())
