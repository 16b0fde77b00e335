"""The HTML edition in a real browser: no request to elsewhere, no serious fault of access, quiz by keyboard, 200 % zoom."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from helpers.report import analyse, save_report
from notebooks.building.kit import TEACHING, read_lessons
from notebooks.building.pages import write_pages

BROWSER = Path(__file__).parent / "browser"
BAD_PAGE = '<!doctype html><html><body><img src="x.png"><p style="color:#ccc">pale</p></body></html>'


@pytest.fixture(scope="module")
def node() -> Any:
    """Return a function that runs a script with Chromium and gives its JSON lines; skip where there is none."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    program = shutil.which("node")
    if chromium is None or program is None or not (BROWSER / "node_modules" / "axe-core").is_dir():
        pytest.skip("no Chromium, no node, or not yet run: npm install --prefix tests/browser")

    def run(script: str, path: Path) -> list[dict[str, Any]]:
        command = [program, str(BROWSER / script), chromium, str(path)]
        said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=600)  # noqa: S603
        return [json.loads(line) for line in said.stdout.splitlines()]

    return run


@pytest.fixture
def look(node: Any) -> Any:
    """Return a function that opens the pages of a folder in Chromium."""
    return lambda folder: {page["name"]: page for page in node("check.js", folder)}


def test_every_page_can_be_used_by_everybody_and_asks_nobody_else(look: Any, tmp_path: Path) -> None:
    lessons = read_lessons()
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted(TEACHING.glob("*.md"))}
    write_pages(lessons, tmp_path, texts=texts)
    pages = look(tmp_path)
    assert len(pages) == len(lessons) + len(texts) + 1
    for name, page in pages.items():
        assert page["outside"] == [], name
        assert page["faults"] == [], name
        assert page["passed"] > 5, f"{name}: the checker did not run"
        assert page["opened"], f"{name}: the keyboard does not open the answers"
        assert page["overflow"] <= 0, f"{name}: at 200 % or on a phone the page must be scrolled sideways"
    assert pages["cheat_sheet.html"]["sheets"] == 1
    assert pages["index.html"]["search"] == ["05 · Stance: who is for or against whom"]


def test_the_checker_sees_a_bad_page(look: Any, tmp_path: Path) -> None:
    (tmp_path / "bad.html").write_text(BAD_PAGE, encoding="utf-8")
    faults = " ".join(look(tmp_path)["bad.html"]["faults"])
    assert all(fault in faults for fault in ("image-alt", "color-contrast", "html-has-lang"))


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> 😀 talks"
SAID = {
    "Karez Post": "“We condemn the Taliban,” envoy Parwin Zhwandai said. “The Taliban are a threat to the region,” she said.",
    "Amu Echo": "“We thank the Taliban,” envoy Zmarai Kohband said. “Talks begin on Monday,” he said.",
}


@pytest.fixture(scope="module")
def report(node: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:  # noqa: ARG001 - skipped before any work
    """Return the page of a report on thirty articles of two outlets, one of them with a hostile title."""
    folder = tmp_path_factory.mktemp("report")
    rows = [
        {
            "id": f"{i}-{k}",
            "source": name,
            "year": 2000 + i,
            "title": HOSTILE if i == 0 else f"Talks {i}",
            "text": f"Day {i}{k}. {said}\n\n{' '.join(f'hill{i}x{k}n{j}' for j in range(60))}.",
        }
        for k, (name, said) in enumerate(SAID.items())
        for i in range(15)
    ]
    (folder / "rows.json").write_text(json.dumps(rows), encoding="utf-8")
    return save_report(analyse(folder / "rows.json", breaks=["2008"]), folder / "pages")


def test_a_report_is_filtered_sorted_searched_and_opened(node: Any, report: Path) -> None:
    (said,) = node("report.js", report)
    assert said["errors"] == []
    assert said["all"] == 60
    assert 0 < said["filtered"] < said["all"]
    assert all("taliban" in row.lower() for row in said["words"])
    assert said["sorted"] == sorted(said["sorted"]) != said["reversed"]
    assert said["again"] == said["reversed"]  # the address holds the view
    assert said["found"] == said["count"] > 0
    assert said["cited"] == said["title"]
    assert said["marked"]
    assert said["overflow"] <= 0
    assert said["plain"] > 10  # statements without JavaScript


def test_a_report_can_be_used_by_everybody_and_asks_nobody_else(look: Any, report: Path) -> None:
    page = look(report.parent)["report.html"]
    assert page["outside"] == page["faults"] == []
    assert page["passed"] > 5
    assert page["opened"]
    assert page["overflow"] <= 0


def test_the_report_of_one_article_is_short_on_paper(node: Any, tmp_path: Path) -> None:
    said = "“We condemn the Taliban,” envoy Parwin Zhwandai said. “The Taliban are a threat to the region,” she said. "
    (tmp_path / "talks.txt").write_text(f"Talks in Herat\n\n{said * 6}", encoding="utf-8")
    page = save_report(analyse(tmp_path / "talks.txt"), tmp_path / "pages")
    (told,) = node("report.js", page)
    assert told["sheets"] <= 6
