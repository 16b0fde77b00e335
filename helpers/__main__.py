"""What run.py and the checks call: python -m helpers build | recompute | report | validate | check | fetch | study."""

from __future__ import annotations

import argparse
import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from helpers.lessons.notebooks import run_notebook
from helpers.paths import DEBATE, SOLUTIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from nbformat import NotebookNode

COUNTED = (
    ("articles", "article", "articles"),
    ("rejects", "refused", "refused"),
    ("statements", "statement", "statements"),
    ("speakers", "speaker", "speakers"),
    ("stance", "mention of a target", "mentions of a target"),
    ("frames", "code of a threat frame", "codes of threat frames"),
)


def find_lessons(names: list[str]) -> list[Path]:
    """Find lessons by how their names begin (``03``), or all; end with a sentence where a name fits none."""
    found = sorted(SOLUTIONS.glob("*.ipynb"))
    for name in names:
        if not any(path.stem.startswith(name) for path in found):
            sys.exit(f"No lesson begins with {name!r}. There are: {', '.join(path.stem for path in found)}.")
    return [path for path in found if not names or path.stem.startswith(tuple(names))]


def run_lessons(paths: list[Path]) -> dict[Path, tuple[NotebookNode, float]]:
    """Run lessons with a progress bar and count CPU seconds; stop at the first that fails, naming notebook and cell."""
    from nbclient.exceptions import CellExecutionError

    executed: dict[Path, tuple[NotebookNode, float]] = {}
    bar = tqdm(paths, unit="lesson")
    for path in bar:
        bar.set_description(path.stem)
        start = os.times()
        try:
            notebook = run_notebook(path)
        except CellExecutionError as error:
            bar.close()
            sys.exit(f"{path.name} stopped at an error:\n{error}")
        end = os.times()
        used = end.children_user + end.children_system - start.children_user - start.children_system
        executed[path] = notebook, used
    return executed


def build(folder: Path) -> None:
    """Run all lessons and write their pages, with the teacher's kit."""
    from helpers.lessons.kit import TEACHING
    from helpers.lessons.pages import write_pages

    notebooks = {path.stem: notebook for path, (notebook, _) in run_lessons(find_lessons([])).items()}
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted(TEACHING.glob("*.md"))}
    write_pages(notebooks, folder, texts=texts)


def recompute(names: list[str]) -> None:
    """Run the solved lessons, write their outputs into them, and make the lessons with blanks and the kit from them."""
    import nbformat

    from helpers.lessons.kit import RUN_TIMES, write_teaching

    executed = run_lessons(find_lessons(names))
    for path, (notebook, _) in executed.items():
        nbformat.write(notebook, path)
    if not names:
        rows = [f"{path.stem},{seconds:.0f}" for path, (_, seconds) in executed.items()]
        RUN_TIMES.write_text("\n".join(["lesson,cpu_seconds", *rows, ""]), encoding="utf-8")
    write_teaching()


def teaching() -> None:
    """Write the lessons with blanks and the teacher's kit, and name the files."""
    from helpers.lessons.kit import write_teaching

    print(*write_teaching(), sep="\n")


def report(  # noqa: PLR0913 - the choices of a report
    path: Path,
    *,
    codebook: Path | None,
    by: list[str] | None,
    breaks: list[str],
    identities: Path | None,
    topics: Path | None,
    out: Path,
) -> None:
    """Analyse articles, write page and tables, and say what was found and where it is."""
    from helpers.report.collect import analyse
    from helpers.report.compare import ChoiceError
    from helpers.report.files import check_target, list_unfinished, save_report

    try:
        check_target(out, path)
        faults = [] if codebook is None else list_faults(codebook)
        print(*faults, sep="\n", end="\n" if faults else "", file=sys.stderr)
        corrected = {"identities": identities, "topics": topics}
        analysis = analyse(path, codebook=codebook, by=by, breaks=breaks, **corrected, progress=True)
        page = save_report(analysis, out)
    except (OSError, ChoiceError) as error:
        sys.exit(str(error))
    except ValueError as error:
        if codebook is None:
            raise
        sys.exit(f"The codebook in {codebook} cannot be used: {error}. check_codebook lists every fault, as above.")
    except KeyboardInterrupt:
        sys.exit("Stopped. Nothing was written, and an earlier report is as it was.")
    print(", ".join(count_words(analysis.tables, *names) for names in COUNTED))
    print(f"Open {page.resolve()} in a browser. All tables are in {out.resolve()} as XLSX, CSV and Parquet.")
    for left in list_unfinished(out):
        print(f"{left} is left from a run that was stopped, or is being written now. Delete it if no run is at work.")


def validate(folder: Path, sheets: list[Path]) -> None:
    """Check a report by filled coding sheets, add what they say to its page, and print it."""
    from helpers.report.by_hand import validate as check_by_hand
    from helpers.report.files import load_report, save_report

    try:
        analysis = check_by_hand(load_report(folder), sheets)
        page = save_report(analysis, folder, keep=sheets)
    except (OSError, ValueError) as error:
        sys.exit(str(error))
    print(analysis.tables["agreement"].round(2).to_string(index=False))
    print(f"\n{analysis.record['validation']}\n")
    print(f"Open {page.resolve()} in a browser: it shows the corrected shares beside those counted.")


def list_faults(codebook: Path) -> list[str]:
    """Say what `check_codebook` finds, a line each."""
    from helpers.codebook.load import check_codebook

    rows = check_codebook(codebook).itertuples(index=False)
    return [f"{row.file}{', ' if row.key else ''}{row.key}: {row.problem}" for row in rows]


def count_words(tables: Mapping[str, pd.DataFrame], table: str, one: str, many: str) -> str:
    """Say how many rows a table has."""
    return f"{len(tables[table]):,} {one if len(tables[table]) == 1 else many}"


def check() -> None:
    """Print what `check_setup` found; end with an error where something is missing."""
    from helpers.check import check_setup

    checks = check_setup()
    print(checks.to_string(index=False))
    if not checks["ok"].all():
        sys.exit("\nSome checks failed: the column mend says what to do.")


def fetch(name: str | None) -> None:
    """Fetch a corpus, or list those that can be fetched."""
    from helpers.articles.corpora import fetch_corpus, list_corpora

    if name is None:
        print(list_corpora()[["name", "bytes", "licence", "address"]].to_string(index=False))
        return
    try:
        print(fetch_corpus(name))
    except (OSError, ValueError) as error:
        sys.exit(str(error))


def study() -> None:
    """Compute the figures of the UN General Debate from its text, say what changed, and write them."""
    from helpers.articles.corpora import find_corpus
    from helpers.lessons.study import CORPUS, compare_studies, load_study, save_study
    from helpers.lessons.study_coding import compute_study

    archive = find_corpus(CORPUS)
    if archive is None:
        sys.exit(f"The text is not on this machine: python -m helpers fetch {CORPUS}")
    computed = compute_study(archive)
    if (DEBATE / "run.json").is_file():
        differences = compare_studies(load_study(), computed)
        print("No figure changed." if differences.empty else differences.to_string(index=False))
    save_study(computed)


def main() -> None:
    """Read the command line and do what it asks for."""
    parser = argparse.ArgumentParser(prog="python -m helpers", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("teaching", help="write the lessons with blanks and the teacher's kit from the solved lessons")
    building = commands.add_parser("build", help="run all lessons and write them as pages")
    building.add_argument("folder", type=Path)
    recomputing = commands.add_parser(
        "recompute", help="run the solved lessons, write their outputs, and make the lessons with blanks"
    )
    recomputing.add_argument("names", nargs="*", help="how their names begin, for example 03 05; none means all")
    reporting = commands.add_parser("report", help="read your own articles and write a report")
    reporting.add_argument("path", type=Path, help="a file, a folder or an archive of articles")
    reporting.add_argument("--codebook", type=Path, help="a folder with the codebook files that you changed")
    reporting.add_argument(
        "--by",
        action="append",
        metavar="COLUMN",
        help="compare by source, year, month, country or any column of the articles; can be given several times",
    )
    reporting.add_argument(
        "--break",
        action="append",
        default=[],
        dest="breaks",
        metavar="DATE",
        help="compare before and after a date, such as 2021-08-15 or 2021; can be given several times",
    )
    reporting.add_argument("--identities", type=Path, help="identities.csv of an earlier report, corrected by hand")
    reporting.add_argument("--topics", type=Path, help="topics.csv of an earlier report, with names filled in")
    reporting.add_argument("--out", type=Path, default=Path("build/report"), help="a folder (build/report)")
    validating = commands.add_parser("validate", help="check a report by coding sheets that were filled in by hand")
    validating.add_argument("folder", type=Path, help="the folder of the report")
    validating.add_argument("sheets", type=Path, nargs="+", help="one or two filled coding sheets (XLSX)")
    commands.add_parser("check", help="is this machine ready?")
    fetching = commands.add_parser("fetch", help="fetch a corpus from its repository")
    fetching.add_argument("name", nargs="?", help="leave it out to list what there is")
    commands.add_parser("study", help="compute the shipped figures of the UN General Debate again, from its text")
    given = parser.parse_args()
    for stream in (sys.stdout, sys.stderr):  # a name in other letters is no reason to stop in a plain locale
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    if given.command == "check":
        check()
    elif given.command == "study":
        study()
    elif given.command == "fetch":
        fetch(given.name)
    elif given.command == "build":
        build(given.folder)
    elif given.command == "teaching":
        teaching()
    elif given.command == "validate":
        validate(given.folder, given.sheets)
    elif given.command == "recompute":
        recompute(given.names)
    else:
        report(
            given.path,
            codebook=given.codebook,
            by=given.by,
            breaks=given.breaks,
            identities=given.identities,
            topics=given.topics,
            out=given.out,
        )


if __name__ == "__main__":
    main()
