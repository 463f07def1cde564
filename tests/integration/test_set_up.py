"""deploy/setup on a machine that lacks something: says what to install, and touches nothing it may not."""

import shutil
import subprocess
from pathlib import Path

import pytest

from playlists.errors import ExitCode

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS_OF_A_BARE_MACHINE = ("bash", "cat", "dirname", "env", "flock", "grep", "id", "mkdir", "rm", "tail", "tee")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with what deploy/setup reads, and no .venv."""
    (tmp_path / "signage" / "deploy").mkdir(parents=True)
    for name in ("deploy/setup", "deploy/system-packages.txt", "pyproject.toml"):
        shutil.copy2(ROOT / name, tmp_path / "signage" / name)
    shutil.copytree(ROOT / "deploy" / "locks", tmp_path / "signage" / "deploy" / "locks")
    return tmp_path / "signage"


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A folder to be the whole PATH of a machine without apt."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for program in PROGRAMS_OF_A_BARE_MACHINE:
        found = shutil.which(program)
        assert found is not None
        (folder / program).symlink_to(found)
    return folder


def set_up(checkout: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [checkout / "deploy" / "setup", *arguments],
        env={"PATH": "/usr/bin:/bin", "HOME": str(checkout), **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def require(checkout: Path, row: str) -> None:
    with (checkout / "deploy" / "system-packages.txt").open("a", encoding="utf-8") as table:
        table.write(f"{row}\n")


@pytest.mark.parametrize("arguments", [[], ["everything"]])
def test_a_wrong_argument_is_answered_with_the_usage(checkout: Path, arguments: list[str]) -> None:
    done = set_up(checkout, *arguments)
    assert done.returncode == ExitCode.USAGE
    assert done.stderr == "usage: deploy/setup kiosk|hub|demo|screenless|test|long|bench\n"


@pytest.mark.parametrize(
    "row",
    [
        "kiosk  so:libnowhere.so.9  libnowhere9-new|libnowhere9",
        "kiosk  cmd:nowhere  libnowhere9-new|libnowhere9",
        "kiosk  file:/usr/lib/*/nowhere/nothing.so  libnowhere9-new|libnowhere9",
        "kiosk  py:nowhere  libnowhere9-new|libnowhere9",
    ],
)
def test_without_apt_it_says_what_to_install(checkout: Path, programs: Path, row: str) -> None:
    require(checkout, row)
    done = set_up(checkout, "kiosk", PATH=str(programs))
    assert done.returncode == ExitCode.SITE
    missing, reason, command = done.stderr.splitlines()
    assert row.split()[1].split(":")[1] in missing
    assert "no apt-get here" in reason
    assert command.strip().startswith("apt-get update && apt-get install -y --no-install-recommends ")
    assert command.endswith(" libnowhere9"), "Debian 12's name, where apt cannot tell which there is"
    assert not (checkout / ".venv").exists()


def test_what_another_group_needs_is_not_asked_for(checkout: Path, programs: Path) -> None:
    require(checkout, "bench  cmd:nowhere  nowhere-player")
    require(checkout, "kiosk  cmd:nowhere-else  nowhere-else")
    assert "nowhere-player" not in set_up(checkout, "kiosk", PATH=str(programs)).stderr
    assert "nowhere-player" in set_up(checkout, "bench", PATH=str(programs)).stderr


def test_a_python_that_will_not_do_is_named(checkout: Path) -> None:
    done = set_up(checkout, "kiosk", PYTHON="/bin/false")
    assert done.returncode == ExitCode.SITE
    assert "Python 3.11 or newer" in done.stderr
    assert "/bin/false" in done.stderr
