"""The README's scores were measured, its links lead somewhere, and its figure is the one of the lesson."""

from __future__ import annotations

import json
import re
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT
from tests.readme_figure import FIGURE, shown

if TYPE_CHECKING:
    from pathlib import Path

README = (ROOT / "README.md").read_text(encoding="utf-8")
MEASURED = (ROOT / "tests" / "benchmarks.md").read_text(encoding="utf-8")
SCORES = [line for line in README.splitlines() if re.match(r"\| \[[^\]]+\]\(tests/benchmarks\.md#", line)]
PAGES = [
    path
    for path in sorted(
        [*ROOT.glob("*.md"), *(p for name in ("data", "notebooks", "tests") for p in (ROOT / name).rglob("*"))]
    )
    if path.suffix in {".md", ".ipynb"} and not {"node_modules", "templates", ".ipynb_checkpoints"} & set(path.parts)
]


def measured(block: str, name: str) -> str:
    """Return the lines of a block that begin with a name, and what is indented below each."""
    text = re.search(rf"^## {block}\n.*?(?=^## |\Z)", MEASURED, re.MULTILINE | re.DOTALL)
    assert text, f"tests/benchmarks.md has no block {block}"
    return "".join(re.findall(rf"^{re.escape(name)}.*\n(?: .*\n)*", text.group(), re.MULTILINE))


@pytest.mark.parametrize("row", SCORES, ids=lambda row: re.sub(r"\W+", " ", row)[:60])
def test_every_score_stands_in_the_benchmarks_under_the_name_its_row_gives(row: str) -> None:
    block, name = re.search(r"benchmarks\.md#(\w+)\).*?`([^`]+)`", row).groups()
    lines = measured(block, name)
    assert lines, f"block {block} has no line that begins with {name!r}"
    numbers = [float(number) for number in re.findall(r"(?<![\w-])\d+\.\d+", lines)]
    numbers = [number / 100 if number > 1 else number for number in numbers]
    scores = [float(score) for score in re.findall(r"(?<![\d\w])\.\d\d(?!\d)", row)]
    assert scores
    for score in scores:
        assert any(abs(number - score) < 0.00501 for number in numbers), (score, lines)


@pytest.mark.parametrize("row", SCORES, ids=lambda row: re.sub(r"\W+", " ", row)[:60])
def test_every_score_has_the_date_of_its_measurement(row: str) -> None:
    block, date = re.search(r"benchmarks\.md#(\w+)\).*\| (\d{4}-\d\d-\d\d) \|", row).groups()
    assert f"## {block}\n\n{date} · " in MEASURED


def test_there_are_scores_and_links() -> None:
    assert len(SCORES) >= 5
    assert len(PAGES) > 30
    assert len(re.findall(r"\]\(\w", README)) >= 20


def text_of(path: Path) -> str:
    """Return what a page says in words: of a notebook the cells that are not code."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".ipynb":
        return re.sub(r"^```.*?^```|^ {4}.*?$", "", text, flags=re.MULTILINE | re.DOTALL)
    return "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"] if cell["cell_type"] == "markdown")


def places_in(path: Path) -> set[str]:
    """Return the names that a link can lead to within a page: its anchors and its headings, as a hosting site names them."""
    text = text_of(path)
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    slugs = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    return slugs | set(re.findall(r'<a id="([^"]+)">', text))


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_to_files_and_places_that_exist(page: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", text_of(page)):
        if re.match(r"\w+:", link):
            continue
        file, _, place = link.partition("#")
        target = (page.parent / file) if file else page
        assert target.exists(), link
        assert not place or place in places_in(target), link


def test_every_file_and_command_that_contributing_names_is_there() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    files = [path.as_posix() for room in ROOT.iterdir() if room.name[0] != "." for path in (room, *room.rglob("*"))]
    named = set(re.findall(r"`([\w./]+\.(?:py|toml|csv|json|md|html|onnx|yml|lock))`", page)) - {"actors_add.csv"}
    assert len(named) > 50
    assert [name for name in sorted(named) if not any(file.endswith(f"/{name}") for file in files)] == []
    commands = set(re.findall(r"python -m ([\w.]+)", page))
    assert [name for name in sorted(commands) if find_spec(name) is None] == []


def test_the_figure_is_the_one_of_the_lesson() -> None:
    assert FIGURE.read_bytes() == shown(), "lesson 08 changed its figure: python -m tests.readme_figure"
    assert re.search(r"!\[[^\]]{60,}\]\(figure\.png\)", README)
