"""What tests need that no environment can hold: a browser, a database server, a tracer that may trace."""

import os
from typing import NoReturn

import pytest

PROMISED = "HITL_REQUIRE_MACHINE"
"""Set by ``python3 tests/run.py --require-machine``."""


def lacks(what: str) -> NoReturn:
    """The test cannot run here: it is skipped with these words, or fails where the machine was promised to have all."""
    if os.environ.get(PROMISED):
        pytest.fail(f"--require-machine: {what}", pytrace=False)
    pytest.skip(what)
