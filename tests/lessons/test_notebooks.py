"""The committed outputs of every lesson are the ones that this code computes."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

import nbformat
import pytest
from nbformat import v4

from helpers.paths import SOLUTIONS
from notebooks.building.__main__ import find_lessons
from notebooks.building.running import compare_outputs, execute, first_difference, output_text

if TYPE_CHECKING:
    from pathlib import Path

LESSONS = sorted(SOLUTIONS.glob("*.ipynb"))
LINES, WIDTH, FUNCTION = 12, 88, 5
# Run behind each lesson: every wrong turn must run, and one at least must differ from the worked solution.
PROOF = """
from helpers.lessons import checks as lessons
from helpers.lessons.checks import difference
from helpers.lessons.checks import find_solutions

idle = []
for number, solution in find_solutions("{lesson}").items():
    expected, after = solution.run(globals())
    wrong = [eval(turn["code"], dict(after)) for turn in lessons.WRONG_TURN.finditer(solution.turns)]
    if any(value is None for value in wrong) or not any(difference(value, expected) for value in wrong):
        idle.append((number, expected, wrong))
print(idle)
"""


def notebook_with(*texts: str, tags: tuple[str, ...] = ()) -> nbformat.NotebookNode:
    cells = [
        v4.new_code_cell("cell", outputs=[v4.new_output("stream", text=text)], metadata={"tags": list(tags)})
        for text in texts
    ]
    for number, cell in enumerate(cells):
        cell["id"] = f"c{number}"
    return v4.new_notebook(cells=cells)


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_committed_outputs_are_recomputed_equal(path: Path) -> None:
    committed = nbformat.read(path, as_version=4)
    proven = committed.copy()
    proven.cells = [*committed.cells, v4.new_code_cell(PROOF.format(lesson=path.stem[:2]))]
    recomputed = execute(proven, path.parent)
    assert recomputed.cells.pop().outputs[0].text == "[]\n"
    differences = compare_outputs(committed, recomputed)
    assert differences.empty, differences.to_string()


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_every_code_cell_was_run_without_error_and_every_picture_has_words(path: Path) -> None:
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type != "code":
            continue
        assert cell.execution_count is not None, cell.source
        for output in cell.outputs:
            assert output.output_type != "error" or "raises-exception" in cell.metadata.get("tags", []), cell.source
            page = output.get("data", {}).get("text/html", "")
            assert "image/png" not in output.get("data", {}), "show figures with show_figure, which keeps the alt text"
            assert all(re.search(r'alt="[^"]{20,}"', image) for image in re.findall(r"<img[^>]*>", page))


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_cells_are_short_enough_to_be_read_in_class(path: Path) -> None:
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type != "code":
            continue
        lines = cell.source.splitlines()
        assert len(lines) <= LINES, (cell.id, "one idea per cell")
        assert max(map(len, lines)) <= WIDTH, (cell.id, max(lines, key=len))
        functions = [node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.FunctionDef)]
        assert all(node.end_lineno - node.lineno < FUNCTION for node in functions), cell.id


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_picture_stands_in_the_first_third_of_a_lesson(path: Path) -> None:
    code = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    first = next(place for place, cell in enumerate(code) if "<img" in output_text(cell))
    assert first < len(code) / 3


def test_there_are_lessons() -> None:
    assert "00_start_here" in {path.stem for path in LESSONS}


@pytest.mark.parametrize(
    ("before", "after", "tolerance", "equal"),
    [
        ("share 0.123456", "share 0.1234561", 1e-6, True),
        ("share 0.1234", "share 0.1235", 1e-6, False),
        ("share 0.1234", "share 0.1235", 1e-3, True),
        ("12000000.0", "12000001.0", 1e-6, True),
        ("Pakistan 3", "pakistan 3", 1e-3, False),
        ("two rows 1 2", "two rows 1", 1e-3, False),
        ("stance -0.5", "stance 0.5", 1e-3, False),
        ("", "more", 1e-3, False),
    ],
)
def test_numbers_may_differ_a_little_and_words_not_at_all(
    before: str, after: str, tolerance: float, equal: bool
) -> None:
    assert (first_difference(before, after, tolerance) is None) is equal


def test_a_changed_alt_text_is_a_difference_and_changed_pixels_are_not() -> None:
    picture = '<img alt="{}" src="data:image/png;base64,{}">'
    one, other = notebook_with(picture.format("bars", "AAAA")), notebook_with(picture.format("bars", "BBBB"))
    assert compare_outputs(one, other).empty
    assert len(compare_outputs(one, notebook_with(picture.format("lines", "AAAA")))) == 1


def test_a_print_that_comes_in_two_pieces_is_no_difference() -> None:
    one, two = notebook_with("three rows\n"), notebook_with("three")
    two.cells[0].outputs.append(v4.new_output("stream", text=" rows\n"))
    assert compare_outputs(one, two).empty


def test_volatile_cells_are_left_out_and_other_cells_are_an_error() -> None:
    assert compare_outputs(notebook_with("9 s", tags=("volatile",)), notebook_with("8 s", tags=("volatile",))).empty
    with pytest.raises(ValueError, match="same cells"):
        compare_outputs(notebook_with("a"), notebook_with("a", "b"))


def test_an_unknown_lesson_is_a_sentence_with_those_there_are() -> None:
    with pytest.raises(SystemExit, match=r"'42'.*00_start_here"):
        find_lessons(["42"])
