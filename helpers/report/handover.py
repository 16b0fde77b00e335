"""What a report hands over beside its page: tables in three forms, a network for Gephi, and a reference to cite."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.coding.frames import LISTS
from helpers.paths import ROOT
from helpers.report.explorer import list_marks
from helpers.report.words import HERE, Names, fill

CITATION = ROOT / "CITATION.cff"
# Only in CSV and Parquet.
LEFT_OUT = {"statements", "frames_wide", "groups", "removed", "repeated_lines", "coding_sample", "statement_topics"}
LONG = {"content", "Meaning", "meaning", "title", "example", "text", "How to code"}
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_UNPRINTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def plain_cell(value: object) -> object:
    """Return a cell as text that XML holds and no spreadsheet runs; tuples joined by semicolons.

    Examples
    --------
    >>> plain_cell("=HYPERLINK(1)"), plain_cell(("taliban", "war"))
    ("'=HYPERLINK(1)", 'taliban;war')
    """
    if isinstance(value, tuple | list):
        value = ";".join(map(str, value))
    if isinstance(value, str):
        # What cannot be printed goes before the look, since a formula may stand behind it; so may blanks.
        value = _UNPRINTED.sub("", value)
        return f"'{value}" if value.lstrip(" ").startswith(_FORMULA) else value
    return value


def plain_table(table: pd.DataFrame) -> pd.DataFrame:
    """Give each column one kind, for Parquet, and round to four decimals.

    A source may hold numbers in one row of a column and words in the next.
    """
    mixed = table[[name for name in table if table[name].dtype == object]]
    plain = table.assign(**mixed.map(lambda value: value if isinstance(value, tuple) else str(value), "ignore"))
    return plain.round({str(column): 4 for column in plain if plain[column].dtype.kind == "f"})


def for_spreadsheet(table: pd.DataFrame) -> pd.DataFrame:
    """Give a table whose cells and headers no spreadsheet runs as a formula."""
    words = table.select_dtypes(exclude=["number", "bool", "datetime"])
    return table.assign(**words.map(plain_cell)).rename(columns=plain_cell)


def save_tables(tables: Mapping[str, pd.DataFrame], folder: Path) -> None:
    """Write each table as CSV for a spreadsheet and as Parquet with exact text and types.

    In CSV a cell or a column name that a spreadsheet would run as a formula gets a leading apostrophe, and tuples are
    joined by semicolons.

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
        plain = plain_table(table)
        # Opened here: pyarrow opens no path with letters that a plain locale lacks.
        with (folder / f"{name}.parquet").open("wb") as stream:
            plain.to_parquet(stream, index=False)
        for_spreadsheet(plain).to_csv(folder / f"{name}.csv", index=False, encoding="utf-8-sig", errors="replace")


def join_statements(tables: Mapping[str, pd.DataFrame], names: Names) -> pd.DataFrame:
    """Join what is known of each statement in one row, in words.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Of `analyse`.
    names : Names

    Returns
    -------
    DataFrame
        ``statement_id``, ``doc_id``, ``outlet``, ``title``, ``date``, ``speaker``, ``speaker_country``,
        ``speaker_type``, ``kind``, ``cue``, ``content``, the groupings; ``for``, ``against``, ``neutral``,
        ``agents`` to ``blame`` string, names joined by semicolons; ``threat``, ``severity``, ``denial`` Int8.
    """
    statements, marks = tables["statements"], list_marks(tables)
    table = statements[["statement_id", "doc_id"]].merge(tables["articles"][["doc_id", "source", "title"]], on="doc_id")
    table = table.rename(columns={"source": "outlet"}).assign(date=statements["date"])
    table["speaker"] = [names.actor(actor) for actor in statements["actor"]]
    said = statements[["speaker_country", "speaker_type", "kind", "cue", "content"]]
    frames = tables["frames_wide"][["threat", "severity", "denial"]]
    marks["told"] = [names.code(measure, code) for measure, code in zip(marks["measure"], marks["code"], strict=True)]
    told = marks.groupby(["statement_id", "measure"])["told"].agg("; ".join).unstack(fill_value="")
    told = told.reindex(
        statements["statement_id"], columns=["for", "against", "neutral", "topic", *LISTS], fill_value=""
    )
    groups = tables["groups"].iloc[:, 3:].add_prefix("by_")
    return pd.concat([table, said, groups, frames, told.reset_index(drop=True)], axis=1)


def write_workbook(tables: Mapping[str, pd.DataFrame], names: Names, path: Path) -> None:
    """Write the tables as one workbook: the first sheet explains every column, the second joins them.

    Articles stand without their text, and offsets of statements are in CSV and Parquet alone.
    """
    from openpyxl import Workbook

    meanings = {str(column): str(told) for column, told in pd.read_csv(HERE / "columns.csv").itertuples(index=False)}
    shown = {"joined": join_statements(tables, names)}
    shown |= {name: table for name, table in tables.items() if name not in LEFT_OUT}
    shown["articles"] = tables["articles"].drop(columns=["text", "text_sha256"])
    meanings |= {f"by_{name}": f"Group of the comparison by {name}" for name in tables["groups"]}
    other = "Column of your input"
    rows = [(name, _header(column), meanings.get(str(column), other)) for name in shown for column in shown[name]]
    book = Workbook(write_only=True)
    add_sheet(book, "columns", pd.DataFrame(rows, columns=["Sheet", "Column", "Meaning"]))
    for name, table in shown.items():
        add_sheet(book, name, table, header=_header)
    book.save(path)


def add_sheet(book: Any, name: str, table: pd.DataFrame, *, header: Callable[[object], object] = plain_cell) -> Any:  # noqa: ANN401 - of openpyxl
    """Add a table to a workbook: its first line bold and always in sight, long texts wrapped in a broad column."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    def cell(value: object, **style: object) -> object:
        styled = WriteOnlyCell(sheet, value=value)
        for part, look in style.items():
            setattr(styled, part, look)
        return styled

    sheet = book.create_sheet(name)
    sheet.freeze_panes = "A2"
    for at, column in enumerate(table, start=1):
        sheet.column_dimensions[get_column_letter(at)].width = 80 if column in LONG else 16
    sheet.append([cell(header(column), font=Font(bold=True)) for column in table])
    cells = for_spreadsheet(plain_table(table)).astype(object)
    wrapped = Alignment(wrap_text=True, vertical="top")
    for row in cells.where(cells.notna(), None).itertuples(index=False, name=None):
        pairs = zip(table, row, strict=True)
        sheet.append([cell(value, alignment=wrapped) if column in LONG else value for column, value in pairs])
    return sheet


def _header(column: object) -> object:
    words = str(column).replace("_", " ").strip()
    return plain_cell(words[:1].upper() + words[1:])


def write_network(edges: pd.DataFrame, names: Names, path: Path) -> None:
    """Write who speaks about whom as GraphML: speakers and targets as nodes, counts on the edges."""
    (source, actors), (target, codes) = (pd.factorize(edges[side]) for side in ("actor", "target"))
    named = {"speaker": map(names.actor, actors), "target": [names.code("target", code) for code in codes]}
    rows = edges.assign(from_=source, to=target).to_dict("records")
    path.write_text(_UNPRINTED.sub("", fill("network.graphml", named=named, edges=rows)), encoding="utf-8")


def read_citation() -> dict[str, str]:
    """Read title, version, date and whatever else stands in one line of ``CITATION.cff``."""
    return dict(re.findall(r'^([\w-]+): "?(.*?)"?$', CITATION.read_text(encoding="utf-8"), re.MULTILINE))
