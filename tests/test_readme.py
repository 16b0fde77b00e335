"""The README's scores were measured, its links lead somewhere, and its figure is the one of the lesson."""

from __future__ import annotations

import re

import pytest

from tests.conftest import ROOT
from tests.readme_figure import FIGURE, shown

README = (ROOT / "README.md").read_text(encoding="utf-8")
MEASURED = (ROOT / "tests" / "benchmarks.md").read_text(encoding="utf-8")
SCORES = [line for line in README.splitlines() if re.match(r"\| \[[^\]]+\]\(tests/benchmarks\.md#", line)]
LINKS = re.findall(r"\]\(([^)#:]+)(?:#\w+)?\)", README)


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
    assert len(LINKS) >= 20


@pytest.mark.parametrize("link", sorted(set(LINKS)))
def test_links_exist(link: str) -> None:
    assert (ROOT / link).exists()


def test_the_figure_is_the_one_of_the_lesson() -> None:
    assert FIGURE.read_bytes() == shown(), "lesson 08 changed its figure: python -m tests.readme_figure"
    assert re.search(r"!\[[^\]]{60,}\]\(figure\.png\)", README)
