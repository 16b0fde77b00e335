"""The worked solutions of the exercises, found in the solved lessons and run on a student's own tables."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

from helpers.paths import SOLUTIONS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nbformat import NotebookNode

CHECKS = ("check_answer", "check_codes", "check_change")


@dataclass(frozen=True)
class Solution:
    """A cell tagged ``solution``: statements that lead to an answer, and one call of a check at its end.

    ``source`` is the whole cell, ``answer`` the name that the check is given, ``turns`` the text of the cell tagged
    ``turns`` behind it: wrong turns with their hints (``- Not `code`: hint``), and what comes next (``- Next: …``).
    """

    source: str
    answer: str
    turns: str

    def run(self, within: Mapping[str, object]) -> tuple[object, dict[str, object]]:
        """Run all but the check on a copy of a namespace; return the answer and the namespace."""
        tree = ast.parse(self.source)
        tree.body = [statement for statement in tree.body if check_call(statement) is None]
        namespace = dict(within)
        exec(compile(tree, "solution", "exec"), namespace)  # noqa: S102 - a cell of our own lesson
        return namespace[self.answer], namespace


def lesson_cells(exercise: str) -> tuple[NotebookNode, ...]:
    """Return the cells of the solved lesson that an exercise such as ``"01-2"`` belongs to.

    Raises
    ------
    ValueError
        If there is no such lesson.
    """
    import nbformat

    paths = sorted(SOLUTIONS.glob(f"{exercise.partition('-')[0]}_*.ipynb"))
    if not paths:
        known = ", ".join(path.stem for path in sorted(SOLUTIONS.glob("*.ipynb")))
        raise ValueError(f"no lesson belongs to exercise {exercise!r}; there are: {known}")
    return tuple(nbformat.read(paths[0], as_version=4).cells)


def numbers(cells: Sequence[NotebookNode]) -> list[str]:
    """Return the numbers of the exercises whose solution `check_answer` compares, in their order."""
    return [str(call.args[0].value) for _, call, _ in answered(cells) if isinstance(call.args[0], ast.Constant)]


def find_solution(cells: Sequence[NotebookNode], exercise: str) -> Solution:
    """Return the worked solution of an exercise.

    Raises
    ------
    ValueError
        If the cells hold no cell tagged ``solution`` that checks this exercise.
    """
    for source, call, turns in answered(cells):
        if (
            isinstance(call.args[0], ast.Constant)
            and call.args[0].value == exercise
            and isinstance(call.args[1], ast.Name)
        ):
            return Solution(source, call.args[1].id, turns)
    known = ", ".join(numbers(cells)) or "none"
    raise ValueError(f"no worked solution of exercise {exercise!r}; the lesson has: {known}")


def answered(cells: Sequence[NotebookNode]) -> list[tuple[str, ast.Call, str]]:
    """Return the source of each worked solution that ends with `check_answer`, that call, and its turns."""
    found = []
    for cell, behind in zip_longest(cells, cells[1:]):
        if "solution" in cell.metadata.get("tags", []):
            calls = [call for statement in ast.parse(cell.source).body if (call := check_call(statement))]
            turns = behind.source if behind and "turns" in behind.metadata.get("tags", []) else ""
            found += [(cell.source, call, turns) for call in calls if ast.unparse(call.func) == "check_answer"]
    return found


def check_call(statement: ast.stmt) -> ast.Call | None:
    """Return the call where a statement is nothing but the call of a check."""
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        function = statement.value.func
        if isinstance(function, ast.Name) and function.id in CHECKS:
            return statement.value
    return None
