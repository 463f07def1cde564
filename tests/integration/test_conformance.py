"""The public TUF client conformance suite, where ``TUF_CONFORMANCE_SUITE`` names a checkout of it."""

import os
import re
from pathlib import Path

import pytest

from tests.support.run_conformance import run_suite

SUITE = os.environ.get("TUF_CONFORMANCE_SUITE")


@pytest.mark.long
@pytest.mark.skipif(SUITE is None, reason="it is kept outside; TUF_CONFORMANCE_SUITE names a checkout")
def test_the_public_suite_passes_whole() -> None:
    assert SUITE is not None
    ended = run_suite(Path(SUITE), ["-q"])
    assert ended.returncode == 0, ended.stdout
    summary = ended.stdout.splitlines()[-1]
    assert re.fullmatch(r"\d+ passed in .*", summary), summary
