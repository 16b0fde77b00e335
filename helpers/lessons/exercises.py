"""Lessons with blanks, made from the solved copies in ``notebooks/solutions``: one source for both."""

from __future__ import annotations

import ast
import copy
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

from helpers.paths import NOTEBOOKS, SOLUTIONS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from nbformat import NotebookNode

KEPT_BACK = {"teacher", "turns"}
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


def blank(source: str) -> str:
    r"""Turn a worked solution into a cell with blanks.

    Imports, comments and the check stay; every other statement goes, and the names given to the check become ``...``.

    Parameters
    ----------
    source : str
        A cell tagged ``solution``.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        If the cell has no check, or the check is given nothing that the cell works out.

    Examples
    --------
    >>> print(blank("# Count rows.\nn = len(rows)\ncheck_answer('01-1', n, within=globals())"))
    # Count rows.
    n = ...
    check_answer('01-1', n, within=globals())
    """
    lines = source.splitlines()
    body = ast.parse(source).body
    checks = [(statement, call) for statement in body if (call := check_call(statement))]
    if not checks:
        raise ValueError(f"a cell tagged solution ends with one of {', '.join(CHECKS)}; this one does not:\n{source}")
    given = {argument.id for _, call in checks for argument in call.args if isinstance(argument, ast.Name)}
    asked: list[str] = []
    gone: set[int] = set()
    for statement in body:
        if check_call(statement) or isinstance(statement, ast.Import | ast.ImportFrom):
            continue
        gone.update(range(statement.lineno - 1, statement.end_lineno or statement.lineno))
        targets = statement.targets if isinstance(statement, ast.Assign) else []
        names = [target.id for target in targets if isinstance(target, ast.Name)]
        asked += [name for name in names if name in given and name not in asked]
    if not asked:
        raise ValueError(f"the check is given no name that its cell works out:\n{source}")
    first = min(statement.lineno - 1 for statement, _ in checks)
    kept = [line for number, line in enumerate(lines[:first]) if number not in gone]
    while kept and not kept[-1].strip():
        kept.pop()
    return "\n".join([*kept, *(f"{name} = ..." for name in asked), *lines[first:]])


def make_lesson(solved: NotebookNode) -> NotebookNode:
    """Return a lesson as a student gets it: exercises blank, no hints for wrong turns, no teacher's notes.

    Links lead from one folder higher. All other cells keep their outputs, so that you can read it before you run it.

    Parameters
    ----------
    solved : NotebookNode
        A notebook of ``notebooks/solutions``; stays as it is.

    Returns
    -------
    NotebookNode
    """
    notebook = copy.deepcopy(solved)
    notebook.cells = [cell for cell in notebook.cells if not KEPT_BACK & set(cell.metadata.get("tags", []))]
    for cell in notebook.cells:
        if "solution" in cell.metadata.get("tags", []):
            cell.source = blank(cell.source)
            cell.metadata["tags"] = ["exercise", *(tag for tag in cell.metadata["tags"] if tag != "solution")]
            cell.outputs, cell.execution_count = [], None
        elif cell.cell_type == "markdown":
            cell.source = cell.source.replace("](../", "](")
    return notebook


def write_lessons(folder: Path = NOTEBOOKS) -> list[Path]:
    """Write every lesson with blanks into a folder, and return the files."""
    import nbformat

    written = []
    for path in sorted(SOLUTIONS.glob("*.ipynb")):
        nbformat.write(make_lesson(nbformat.read(path, as_version=4)), folder / path.name)
        written.append(folder / path.name)
    return written
