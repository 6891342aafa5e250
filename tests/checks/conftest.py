"""A fund with a past, to be copied for each example."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from support.breakages import told


@pytest.fixture(scope="session")
def copies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the directory of a fund with a past, which nobody changes."""
    root = tmp_path_factory.mktemp("told")
    told(root).close_files()
    return root


@pytest.fixture(scope="session")
def numbers() -> Iterator[int]:
    """Return a counter, for names."""
    return count()
