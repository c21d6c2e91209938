"""Point spread functions of the render tests, and their banks."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # the oracle beside this file

from render_kinds import FUNCTIONS, bank_of


@pytest.fixture(params=FUNCTIONS)
def kind(request):
    """Name, function and bank of one kind of point spread function."""
    return request.param, FUNCTIONS[request.param], bank_of(request.param)


@pytest.fixture
def bank():
    """Banks by name."""
    return bank_of
