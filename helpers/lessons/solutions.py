"""The worked solutions of the exercises, found in the solved lessons and run on a student's own tables."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from helpers.paths import SOLUTIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

CHECKS = ("check_answer", "check_codes", "check_change")


@dataclass(frozen=True)
class Solution:
    """A cell tagged ``solution``: statements that lead to an answer, and one call of a check at its end.

    ``source`` is the whole cell, ``answer`` the name that the check is given, ``turns`` the text of the cell behind it,
    tagged ``turns``: wrong turns with their hints (``- Not `code`: hint``), and what comes next (``- Next: …``).
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


def find_solution(exercise: str) -> Solution:
    """Return the worked solution of an exercise such as ``"01-2"``.

    Raises
    ------
    ValueError
        If there is no such lesson, or the lesson has no such exercise.
    """
    found = find_solutions(exercise.partition("-")[0])
    if exercise not in found:
        raise ValueError(f"no worked solution of exercise {exercise!r}; the lesson has: {', '.join(found)}")
    return found[exercise]


def find_solutions(lesson: str) -> dict[str, Solution]:
    """Return the worked solutions of a lesson such as ``"01"`` that end with `check_answer`, by their numbers.

    Raises
    ------
    ValueError
        If there is no such lesson.
    """
    import nbformat

    path = next(SOLUTIONS.glob(f"{lesson}_*.ipynb"), None)
    if path is None:
        known = ", ".join(path.stem for path in sorted(SOLUTIONS.glob("*.ipynb")))
        raise ValueError(f"there is no lesson {lesson!r}; there are: {known}")
    found = {}
    for cell, behind in pairwise(nbformat.read(path, as_version=4).cells):
        if "solution" in cell.metadata.get("tags", []):
            match check_call(ast.parse(cell.source).body[-1]):
                case ast.Call(ast.Name("check_answer"), [ast.Constant(str(number)), ast.Name(answer)]):
                    found[number] = Solution(cell.source, answer, behind.source)
    return found


def check_call(statement: ast.stmt) -> ast.Call | None:
    """Return the call where a statement is nothing but the call of a check."""
    match statement:
        case ast.Expr(ast.Call(ast.Name(name)) as call) if name in CHECKS:
            return call
    return None
