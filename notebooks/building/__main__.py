"""Make the lessons, in the project's folder: python -m notebooks.building build | recompute | teaching."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
from nbclient.exceptions import CellExecutionError
from tqdm import tqdm

from helpers.paths import SOLUTIONS
from notebooks.building.blanks import write_lessons
from notebooks.building.kit import RUN_TIMES, TEACHING, make_kit, read_lessons
from notebooks.building.pages import write_pages
from notebooks.building.running import execute

if TYPE_CHECKING:
    from nbformat import NotebookNode


def find_lessons(names: list[str]) -> list[Path]:
    """Find lessons by how their names begin (``03``), or all; end with a sentence where a name fits none."""
    found = sorted(SOLUTIONS.glob("*.ipynb"))
    for name in names:
        if not any(path.stem.startswith(name) for path in found):
            sys.exit(f"No lesson begins with {name!r}. There are: {', '.join(path.stem for path in found)}.")
    return [path for path in found if not names or path.stem.startswith(tuple(names))]


def run_lessons(paths: list[Path]) -> dict[Path, tuple[NotebookNode, float]]:
    """Run lessons with a progress bar and count CPU seconds; stop at the first that fails, naming notebook and cell."""
    executed: dict[Path, tuple[NotebookNode, float]] = {}
    bar = tqdm(paths, unit="lesson")
    for path in bar:
        bar.set_description(path.stem)
        start = os.times()
        try:
            notebook = execute(nbformat.read(path, as_version=4), path.parent)
        except CellExecutionError as error:
            bar.close()
            sys.exit(f"{path.name} stopped at an error:\n{error}")
        end = os.times()
        used = end.children_user + end.children_system - start.children_user - start.children_system
        executed[path] = notebook, used
    return executed


def build(folder: Path) -> None:
    """Run all lessons and write them as pages, with the teacher's kit."""
    notebooks = {path.stem: notebook for path, (notebook, _) in run_lessons(find_lessons([])).items()}
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted(TEACHING.glob("*.md"))}
    write_pages(notebooks, folder, texts=texts)


def recompute(names: list[str]) -> None:
    """Run the solved lessons, write their outputs into them, and make the lessons with blanks and the kit from them."""
    executed = run_lessons(find_lessons(names))
    for path, (notebook, _) in executed.items():
        nbformat.write(notebook, path)
    if not names:
        rows = [f"{path.stem},{seconds:.0f}" for path, (_, seconds) in executed.items()]
        RUN_TIMES.write_text("\n".join(["lesson,cpu_seconds", *rows, ""]), encoding="utf-8")
    write_teaching()


def write_teaching() -> list[Path]:
    """Write the lessons with blanks and the pages of the kit, and return the files."""
    pages = make_kit(read_lessons())
    for path, page in pages.items():
        path.write_text(page, encoding="utf-8", newline="\n")
    return [*write_lessons(), *pages]


def main() -> None:
    """Read the command line and do what it asks for."""
    parser = argparse.ArgumentParser(prog="python -m notebooks.building", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    building = commands.add_parser("build", help="run all lessons and write them as pages")
    building.add_argument("folder", type=Path)
    recomputing = commands.add_parser(
        "recompute", help="run the solved lessons, write their outputs, and make the lessons with blanks"
    )
    recomputing.add_argument("names", nargs="*", help="how their names begin, for example 03 05; none means all")
    commands.add_parser("teaching", help="write the lessons with blanks and the teacher's kit from the solved lessons")
    given = parser.parse_args()
    if given.command == "build":
        build(given.folder)
    elif given.command == "recompute":
        recompute(given.names)
    else:
        print(*write_teaching(), sep="\n")


if __name__ == "__main__":
    main()
