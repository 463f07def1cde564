"""The benchmark's bookkeeping of processes: time of children that died, names, memory."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.bench import costs

# Burns 0.3 s of processor in a child that is gone afterwards, then waits to be looked at.
PARENT = """
import subprocess, sys
burn = "import time\\nwhile time.process_time() < 0.3: pass"
subprocess.run([sys.executable, "-c", burn], check=True)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)  # a-word-of-its-own"])
print("ready", flush=True)
sys.stdin.read()
child.kill()
child.wait()
"""


@pytest.fixture
def parent() -> Iterator[int]:
    """A process with one dead and one living child."""
    command = [sys.executable, "-c", PARENT]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process.pid


def test_the_time_of_a_child_that_died_is_counted(parent: int) -> None:
    cost = costs.look(parent, None)
    assert cost.processor >= 0.29
    assert cost.processes == 2


def test_memory_is_that_of_the_whole_tree(parent: int) -> None:
    assert costs.look(parent, None).pss > 2_000_000


def test_a_process_is_found_by_a_word_of_its_command_line(parent: int) -> None:
    tree = costs.tree_of(parent)
    assert parent in tree
    assert [each for each in costs.named(tree, "a-word-of-its-own") if each != parent] == [tree[1]]


def test_a_process_that_is_gone_costs_nothing() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    assert costs.thread_time(process.pid) == 0
    assert costs.look(process.pid, None).pss == 0
