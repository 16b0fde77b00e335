"""Lessons with blanks, made from the solved copies in ``notebooks/solutions``: one source for both."""

from __future__ import annotations

import ast
import copy
from typing import TYPE_CHECKING

from helpers.lessons.checks import CHECKS, check_call
from helpers.paths import NOTEBOOKS, SOLUTIONS

if TYPE_CHECKING:
    from pathlib import Path

    from nbformat import NotebookNode

KEPT_BACK = {"teacher", "turns"}


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
