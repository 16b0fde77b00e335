"""The HTML edition in a real browser: no request to elsewhere, no serious fault of access, quiz by keyboard, 200 % zoom."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import nbformat
import pytest

from helpers.lessons.kit import TEACHING
from helpers.lessons.pages import write_pages
from helpers.paths import SOLUTIONS

BROWSER = Path(__file__).parent / "browser"
BAD_PAGE = '<!doctype html><html><body><img src="x.png"><p style="color:#ccc">pale</p></body></html>'


@pytest.fixture
def look() -> Any:
    """Return a function that opens the pages of a folder in Chromium; skip where there is none."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    node = shutil.which("node")
    if chromium is None or node is None or not (BROWSER / "node_modules" / "axe-core").is_dir():
        pytest.skip("no Chromium, no node, or not yet run: npm install --prefix tests/browser")

    def run(folder: Path) -> dict[str, dict[str, Any]]:
        command = [node, str(BROWSER / "check.js"), chromium, str(folder)]
        said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=600)  # noqa: S603
        return {page["name"]: page for page in map(json.loads, said.stdout.splitlines())}

    return run


def test_every_page_can_be_used_by_everybody_and_asks_nobody_else(look: Any, tmp_path: Path) -> None:
    lessons = {path.stem: nbformat.read(path, as_version=4) for path in sorted(SOLUTIONS.glob("*.ipynb"))}
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted(TEACHING.glob("*.md"))}
    write_pages(lessons, tmp_path, texts=texts)
    pages = look(tmp_path)
    assert len(pages) == len(lessons) + len(texts) + 1
    for name, page in pages.items():
        assert page["outside"] == [], name
        assert page["faults"] == [], name
        assert page["passed"] > 5, f"{name}: the checker did not run"
        assert page["opened"], f"{name}: the keyboard does not open the answers"
        assert page["overflow"] <= 0, f"{name}: at 200 % the page must be scrolled sideways"


def test_the_checker_sees_a_bad_page(look: Any, tmp_path: Path) -> None:
    (tmp_path / "bad.html").write_text(BAD_PAGE, encoding="utf-8")
    faults = " ".join(look(tmp_path)["bad.html"]["faults"])
    assert all(fault in faults for fault in ("image-alt", "color-contrast", "html-has-lang"))
