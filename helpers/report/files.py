"""Write a report so that its folder is whole or is not there: tables as CSV and Parquet, run record, page."""

from __future__ import annotations

import hashlib
import json
import shutil
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pandas as pd

from helpers.report.page import render_page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from helpers.report.collect import Analysis

RECORD, PAGE = "run.json", "report.html"
UNFINISHED = "-unfinished-"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_OF_THE_SYSTEM = {".DS_Store", "Thumbs.db", "desktop.ini"}


def save_report(analysis: Analysis, out: str | Path) -> Path:
    """Write page, tables and run record.

    Everything is written to a folder beside the target first, which takes its place at the end: a run that is stopped,
    or finds the disk full, leaves what stood there before as it was.

    Parameters
    ----------
    analysis : Analysis
        Of `helpers.report.collect.analyse`.
    out : path
        A folder, new, empty or with an earlier report, which is replaced; or a name that ends in ``.html`` for the
        page, whose tables then stand in the folder of that name without the ending.

    Returns
    -------
    Path
        The page. In the folder: ``report.html``; each table as ``NAME.csv`` for a spreadsheet and as
        ``NAME.parquet`` with exact text and types; ``run.json``, the run record, with rows and SHA-256 of each file.

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
    page = Path(out)
    folder = folder_of(page)
    check_target(folder)
    unfinished = folder.with_name(f"{folder.name}{UNFINISHED}{uuid4().hex[:8]}")
    try:
        unfinished.mkdir(parents=True)
        save_tables(analysis.tables, unfinished)
        _write(unfinished / PAGE, render_page(analysis))
        _write(unfinished / RECORD, json.dumps(_complete(analysis, unfinished), indent=1, ensure_ascii=False))
        _replace(folder, unfinished)
        if page != folder:
            copy = folder / f"{page.name}{UNFINISHED}"
            _write(copy, render_page(analysis, beside=f"{folder.name}/"))
            copy.replace(page)
    except OSError as error:
        raise OSError(f"{_sentence(error, folder)} What stood there before was not touched.") from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return page if page != folder else folder / PAGE


def folder_of(out: Path) -> Path:
    """Return the folder of a report that is asked for by folder or by the name of its page."""
    return out.with_suffix("") if out.suffix.lower() in {".html", ".htm"} else out


def check_target(folder: Path, articles: Path | None = None) -> None:
    """Raise a plain error, before minutes of work, where a report cannot stand in a folder.

    Parameters
    ----------
    folder : Path
        Where the report is to be.
    articles : Path, optional
        What it reads: a report that stands inside would be read as articles the next time.

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
        raise FileExistsError(f"{folder} is a file: give --out a folder, or a page that ends in .html")
    foreign = foreign_files(folder)
    if foreign:
        raise FileExistsError(
            f"{folder} holds {foreign[0]!r}{f' and {len(foreign) - 1} more' if foreign[1:] else ''}, which no earlier "
            "report wrote or which was changed since. Nothing was touched: move it, or give --out a new folder."
        )
    trial = folder.with_name(f"{folder.name}{UNFINISHED}{uuid4().hex[:8]}")
    try:
        trial.mkdir(parents=True)
        trial.rmdir()
    except OSError as error:
        raise OSError(_sentence(error, folder)) from error


def foreign_files(folder: Path) -> list[str]:
    """List what stands in a folder and is not, byte for byte, of a report that was written there."""
    try:
        listed = json.loads((folder / RECORD).read_text(encoding="utf-8"))["files"]
        known = {str(name): str(file["sha256"]) for name, file in listed.items()}
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        known = {}
    found = []
    for path in sorted(folder.rglob("*")) if folder.is_dir() else []:
        name = path.relative_to(folder).as_posix()
        of_ours = name == RECORD and bool(known)
        if path.name not in _OF_THE_SYSTEM and not of_ours and (name not in known or _digest(path) != known[name]):
            found.append(name)
    return found


def list_unfinished(folder: Path) -> list[Path]:
    """List what runs that were stopped have left beside a report's folder."""
    return sorted(path for path in folder.absolute().parent.glob("*") if path.name.startswith(folder.name + UNFINISHED))


def save_tables(tables: Mapping[str, pd.DataFrame], folder: Path) -> None:
    """Write each table as CSV for a spreadsheet and as Parquet with exact text and types.

    In CSV a cell or a column name that a spreadsheet would run as a formula gets a leading apostrophe, and tuples are
    joined by semicolons; Parquet holds everything as it is.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        As in `helpers.report.collect.Analysis`.
    folder : Path
        ``NAME.csv`` and ``NAME.parquet`` for each table.

    Examples
    --------
    >>> save_tables({"rejects": pd.DataFrame({"path": ["=1+1"]})}, Path("out"))  # doctest: +SKIP
    """
    for name, table in tables.items():
        # Opened here: pyarrow opens no path with letters that a plain locale lacks.
        with (folder / f"{name}.parquet").open("wb") as stream:
            _plain(table).to_parquet(stream, index=False)
        shown = table.apply(lambda column: column if column.dtype.kind in "iufbM" else column.map(plain_cell))
        shown.columns = pd.Index([plain_cell(column) for column in table.columns])
        shown.to_csv(folder / f"{name}.csv", index=False, encoding="utf-8-sig", errors="replace")


def _plain(table: pd.DataFrame) -> pd.DataFrame:
    """Give each column one kind, for Parquet: a source may hold numbers in one row and words in the next."""
    plain = table.copy()
    for column in table:
        if table[column].dtype == object:
            plain[column] = table[column].map(lambda value: value if isinstance(value, tuple) else str(value), "ignore")
    return plain


def plain_cell(value: object) -> object:
    """Return a cell as text that no spreadsheet runs; tuples joined by semicolons.

    Examples
    --------
    >>> plain_cell("=HYPERLINK(1)"), plain_cell(("taliban", "war"))
    ("'=HYPERLINK(1)", 'taliban;war')
    """
    if isinstance(value, tuple | list):
        value = ";".join(map(str, value))
    # Blanks first, because some programs cut them before they look.
    if isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA):
        return f"'{value}"
    return value


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", errors="replace", newline="\n")


def _complete(analysis: Analysis, folder: Path) -> dict[str, object]:
    """Add to the run record what was written."""
    files = {
        path.name: {"sha256": _digest(path)}
        | ({"rows": len(analysis.tables[path.stem])} if path.stem in analysis.tables else {})
        for path in sorted(folder.iterdir())
    }
    return {**analysis.record, "files": files}


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _replace(folder: Path, fresh: Path) -> None:
    """Put a finished folder in the place of another; the older one is kept until the new one stands."""
    old = fresh.with_name(f"{fresh.name}-old")
    for _ in range(9):
        check_target(folder)
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
        finally:
            shutil.rmtree(old, ignore_errors=True)
    raise OSError(None, "other runs write to the same folder all the time")


def _sentence(error: OSError, folder: Path) -> str:
    if isinstance(error, FileExistsError) and error.errno is None:
        return str(error)
    return (
        f"The report cannot be written to {folder}: {error.strerror or error}. Make room, close files of an earlier "
        "report that are open in another program, or give --out a folder of your own."
    )
