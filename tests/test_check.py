"""check_setup tells what is wrong and how to mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.check import check_setup

if TYPE_CHECKING:
    from pathlib import Path


def test_this_machine_is_ready() -> None:
    checks = check_setup()
    assert checks["ok"].all(), checks[~checks["ok"]].to_string()
    assert (checks["mend"] == "").all()


def test_wrong_versions_and_missing_data_are_told_with_a_mend(tmp_path: Path) -> None:
    (tmp_path / "requirements.lock").write_text("pandas==0.1\n", encoding="utf-8")
    checks = check_setup(tmp_path).set_index("check")
    assert not checks.loc["pandas 0.1", "ok"]
    assert "run.py" in checks.loc["pandas 0.1", "mend"]
    assert "data/articles" in checks.loc["data beside the helpers", "found"]
    assert checks.loc["data beside the helpers", "mend"]
