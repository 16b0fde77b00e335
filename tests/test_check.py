"""check_setup tells what is wrong and how to mend it."""

from __future__ import annotations

import shutil
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

import pytest

from helpers import check
from helpers.check import check_setup
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a folder with the lists of packages and no data."""
    for name in ("pyproject.toml", "requirements.lock"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def one(checks: pd.DataFrame, name: str) -> pd.Series:
    found = checks[checks["check"].str.contains(name)].iloc[0]
    assert found["ok"] == (found["mend"] == "")
    return found


def test_this_machine_is_ready() -> None:
    checks = check_setup()
    assert checks["ok"].all(), checks[~checks["ok"]].to_string()
    assert (checks["mend"] == "").all()
    assert list(ROOT.glob("tmp*")) == []


@pytest.mark.parametrize("found", [(3, 10, 9), (3, 14, 0)])
def test_a_python_out_of_range(found: tuple[int, int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", found)
    told = one(check_setup(), "Python")
    assert not told["ok"]
    assert "3.11, 3.12 or 3.13" in told["mend"]


def test_a_package_too_old_or_missing_is_named(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def changed(name: str) -> str:
        if name == "nltk":
            raise PackageNotFoundError
        return "2.9.9" if name == "pandas" else version(name)

    monkeypatch.setattr(check, "version", changed)
    told = one(check_setup(checkout), "packages")
    assert not told["ok"]
    assert "pandas 2.9.9 is older than 3.0" in told["found"]
    assert "nltk is not installed" in told["found"]
    assert "run.py" in told["mend"]


def test_a_version_beside_the_lock_is_told_and_allowed(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "version", lambda name: "99.1" if name == "pandas" else version(name))
    told = one(check_setup(checkout), "packages")
    assert told["ok"]
    assert "pandas 99.1 instead of" in told["found"]


def test_a_damaged_checkout_is_told(checkout: Path) -> None:
    (checkout / "requirements.lock").unlink()
    told = one(check_setup(checkout), "packages")
    assert not told["ok"]
    assert "fresh copy" in told["mend"]
    told = one(check_setup(checkout), "data")
    assert "data/codebooks" in told["found"]
    assert "fresh copy" in told["mend"]


def test_little_memory_and_a_full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "free_memory", lambda: 0.3)
    monkeypatch.setattr(check.shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 10**9, 10**6))
    checks = check_setup()
    assert "close other programs" in one(checks, "memory")["mend"]
    assert "delete files" in one(checks, "disk")["mend"]
    monkeypatch.setattr(check, "free_memory", lambda: None)
    assert one(check_setup(), "memory")["ok"]


def test_memory_is_told_where_the_system_tells_it() -> None:
    assert sys.platform != "linux" or check.free_memory() > 0


def test_a_folder_that_cannot_be_written_to(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> None:
        raise PermissionError(30, "Read-only file system")

    monkeypatch.setattr(check.tempfile, "TemporaryFile", refuse)
    told = one(check_setup(), "written")
    assert "Read-only file system" in told["found"]
    assert "folder of your own" in told["mend"]
