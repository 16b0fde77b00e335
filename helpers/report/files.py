"""Write a report so that its folder is whole or is not there, with a record of its files; load it again."""

import json
import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from helpers.coding.frames import LISTS
from helpers.inputs import sha256
from helpers.report.by_hand import write_sheet
from helpers.report.collect import Analysis
from helpers.report.handover import read_citation, save_tables, write_network, write_workbook
from helpers.report.page import render_page
from helpers.report.words import Names, fill

RECORD, PAGE, SHEET = "run.json", "report.html", "coding_sheet.xlsx"
_OF_THE_SYSTEM = {".DS_Store", "Thumbs.db", "desktop.ini"}


def save_report(analysis: Analysis, out: str | Path, *, keep: Sequence[Path] = ()) -> Path:
    """Write page, tables and run record.

    Everything is written to a folder beside the target first, which takes its place at the end: a run that is stopped,
    or finds the disk full, leaves what stood there before as it was.

    Parameters
    ----------
    analysis : Analysis
        Of `helpers.report.collect.analyse`.
    out : path
        A folder, new, empty or with an earlier report, which is replaced.
    keep : sequence of Path
        Files of yours in that folder, such as a filled coding sheet: they stay, and no later report replaces them.

    Returns
    -------
    Path
        The page. In the folder: ``report.html``; each table as ``NAME.csv`` for a spreadsheet and as
        ``NAME.parquet`` with exact text and types; ``report.xlsx``, ``network.graphml``, ``citation.bib``; the blind
        ``coding_sheet.xlsx``; ``run.json``, the run record, with rows and SHA-256 of each file.

    Raises
    ------
    FileExistsError
        If the folder holds files that are not of an earlier report, or are of one and were changed since.
    OSError
        If it cannot be written to.

    Examples
    --------
    >>> save_report(analyse("data/articles"), "build/report")  # doctest: +SKIP
    """
    folder = Path(out).resolve()  # so that a link stays one
    kept = [path for path in keep if path.resolve().parent == folder]
    check_target(folder, keep=kept)
    try:
        with _beside(folder) as workshop:
            fresh = Path(workshop) / "new"
            fresh.mkdir()
            _write_all(analysis, fresh, kept)
            _replace(folder, fresh, kept)
    except OSError as error:
        raise OSError(f"{_sentence(error, folder)} What stood there before was not touched.") from error
    return Path(out) / PAGE


def _write_all(analysis: Analysis, folder: Path, kept: Sequence[Path]) -> None:
    """Write every file of a report; the record comes after what it lists, and files of yours after the record."""
    names = Names(analysis.tables)
    save_tables(analysis.tables, folder)
    write_workbook(analysis.tables, names, folder / "report.xlsx")
    write_network(analysis.tables["stance_edges"], names, folder / "network.graphml")
    _write(folder / "citation.bib", fill("citation.bib", cited=read_citation()) + "\n")
    write_sheet(analysis, names, folder / SHEET)
    _write(folder / PAGE, render_page(analysis))
    written: dict[str, dict[str, object]] = {}
    for path in sorted(set(folder.iterdir()) - {folder / yours.name for yours in kept}):
        written[path.name] = {"sha256": _digest(path)}
        if path.stem in analysis.tables:
            written[path.name]["rows"] = len(analysis.tables[path.stem])
    _write(folder / RECORD, json.dumps({**analysis.record, "files": written}, indent=1, ensure_ascii=False))
    for path in kept:
        shutil.copy2(path, folder / path.name)


def check_target(folder: Path, articles: Path | None = None, *, keep: Sequence[Path] = ()) -> None:
    """Raise a plain error, before minutes of work, where a report cannot stand in a folder.

    Parameters
    ----------
    folder : Path
        Where the report is to be.
    articles : Path, optional
        What it reads: a report that stands inside would be read as articles the next time.
    keep : sequence of Path
        Files in the folder that stay.

    Raises
    ------
    FileExistsError, OSError
        As in `save_report`, and where the report would stand among the articles.

    Examples
    --------
    >>> check_target(Path("data"))
    Traceback (most recent call last):
    ...
    FileExistsError: data holds ... give --out a new folder...
    """
    if articles is not None and articles.is_dir() and folder.resolve().is_relative_to(articles.resolve()):
        raise FileExistsError(
            f"The report would stand in {folder}, among the articles of {articles}, and be read as articles the next "
            "time. Give --out a folder elsewhere."
        )
    if folder.is_file():
        raise FileExistsError(f"{folder} is a file, and it was not touched: give --out a folder")
    if folder.suffix.lower() in {".html", ".htm"}:
        raise NotADirectoryError(f"{folder} is the name of a page: give --out a folder, the page in it is {PAGE}")
    foreign = [name for name in foreign_files(folder) if name not in {path.name for path in keep}]
    if foreign:
        raise FileExistsError(
            f"{folder} holds {foreign[0]!r}{f' and {len(foreign) - 1} more' if foreign[1:] else ''}, which no earlier "
            "report wrote or which was changed since. Nothing was touched: move it, or give --out a new folder."
        )
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with _beside(folder):
            pass
    except OSError as error:
        raise OSError(_sentence(error, folder)) from error


def foreign_files(folder: Path) -> list[str]:
    """List what stands in a folder and is not, byte for byte, of a report that was written there."""
    try:
        record = (folder / RECORD).read_bytes()
        known = {str(name): str(file["sha256"]) for name, file in json.loads(record)["files"].items()}
        known[RECORD] = sha256(record)
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        known = {}
    found = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*"))}
    return [
        name for name, path in found.items() if path.name not in _OF_THE_SYSTEM and _digest(path) != known.get(name)
    ]


def load_report(folder: Path) -> Analysis:
    """Load the tables and the record of a report, as `analyse` made them.

    Raises
    ------
    FileNotFoundError
        If the folder holds no report.
    """
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        listed = [name.removesuffix(".parquet") for name in record.pop("files") if name.endswith(".parquet")]
        tables = {name: pd.read_parquet(folder / f"{name}.parquet") for name in listed}
    except (OSError, ValueError, KeyError) as error:
        raise FileNotFoundError(f"{folder} holds no report: give the folder that `report` wrote ({error})") from error
    tables["statements"]["spans"] = tables["statements"]["spans"].map(lambda cell: tuple(map(tuple, cell)))
    for slot in LISTS:
        tables["frames_wide"][slot] = tables["frames_wide"][slot].map(tuple)
    return Analysis(tables, record)


def _beside(folder: Path) -> TemporaryDirectory[str]:
    """Make a folder beside another, on the same disk, that is gone after its use."""
    return TemporaryDirectory(prefix=f"{folder.name}-unfinished-", dir=folder.parent, ignore_cleanup_errors=True)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", errors="replace", newline="\n")


def _digest(path: Path) -> str:
    return sha256(path.read_bytes()) if path.is_file() else ""


def _replace(folder: Path, fresh: Path, keep: Sequence[Path]) -> None:
    """Put a finished folder in the place of another; the older one is kept until the new one stands."""
    for attempt in range(9):
        check_target(folder, keep=keep)
        old = fresh.with_name(f"old {attempt}")
        with suppress(FileNotFoundError):
            folder.rename(old)
        try:
            fresh.rename(folder)
        except OSError:
            if not folder.exists():
                with suppress(FileNotFoundError):
                    old.rename(folder)
                raise
            # Another run was quicker. Its report is whole, and ours comes after it.
        else:
            return
    raise OSError(None, "other runs write to the same folder all the time")


def _sentence(error: OSError, folder: Path) -> str:
    if isinstance(error, FileExistsError) and error.errno is None:
        return str(error)
    return (
        f"The report cannot be written to {folder}: {error.strerror or error}. Make room, close files of an earlier "
        "report that are open in another program, or give --out a folder of your own."
    )
