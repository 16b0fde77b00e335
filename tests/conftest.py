"""Fixtures shared by all tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def shared() -> Path:
    """Return the folder with real material for measuring; skip where it is absent."""
    folder = Path(os.environ.get("THREAT_TALK_SHARED", ROOT.parent / "shared"))
    if not folder.is_dir():
        pytest.skip(f"no real material at {folder.name}/ beside the checkout")
    return folder
