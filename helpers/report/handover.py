"""What a report hands over beside its page: one workbook, a network for Gephi, and a reference to cite."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

import pandas as pd

from helpers.paths import ROOT
from helpers.report.explorer import list_marks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from helpers.report.words import Names

CITATION = ROOT / "CITATION.cff"
COLUMNS = Path(__file__).with_name("columns.csv")
# Only in CSV and Parquet.
LEFT_OUT = {"statements", "frames_wide", "groups", "removed", "repeated_lines", "coding_sample", "statement_topics"}
LONGEST = 32_000  # characters that a cell of a spreadsheet holds, and a little less
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_UNPRINTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


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


def printable(text: str) -> str:
    """Leave out what XML and a spreadsheet cannot hold."""
    return _UNPRINTED.sub("", text)[:LONGEST]


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
        ``speaker_type``, ``kind``, ``cue``, ``content``, the groupings; ``for``, ``against``, ``takes_no_side``,
        ``agents`` to ``blame`` string, names joined by semicolons; ``threat``, ``severity``, ``denial`` Int8.
    """
    statements = tables["statements"]
    about = tables["articles"].set_index("doc_id")[["source", "title"]]
    table = statements[["statement_id", "doc_id"]].assign(
        outlet=statements["doc_id"].map(about["source"]),
        title=statements["doc_id"].map(about["title"]),
        date=statements["date"],
        speaker=[names.actor(actor) for actor in statements["actor"]],
    )
    table = table.join(statements[["speaker_country", "speaker_type", "kind", "cue", "content"]])
    for name in tables["groups"].columns[3:]:
        table[f"by_{name}"] = tables["groups"][name].to_numpy()
    wide = tables["frames_wide"].set_index("statement_id").reindex(statements["statement_id"])
    for name in ("threat", "severity", "denial"):
        table[name] = wide[name].to_numpy()
    marks = list_marks(tables)
    for measure, name in (("for", "for"), ("against", "against"), ("neither", "takes_no_side")):
        mine = marks[marks["measure"].eq(measure)]
        told = mine.assign(told=[names.code("target", code) for code in mine["code"]])
        joined = told.groupby("statement_id")["told"].agg("; ".join)
        table[name] = statements["statement_id"].map(joined).astype("string").fillna("")
    topics = tables["statement_topics"]["topic"]
    table["topic"] = ["" if pd.isna(one) else names.code("topic", one) for one in topics]
    for slot in ("agents", "types", "referents", "measures", "blame"):
        table[slot] = ["; ".join(names.code(slot, code) for code in cell) for cell in wide[slot]]
    return table


def write_workbook(tables: Mapping[str, pd.DataFrame], names: Names, path: Path) -> None:
    """Write the tables as one workbook: the first sheet explains every column, the second joins them.

    Articles stand without their text, and offsets of statements are in CSV and Parquet alone.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Font

    meanings = {str(column): str(told) for column, told in pd.read_csv(COLUMNS).itertuples(index=False)}
    shown = {"joined": join_statements(tables, names)}
    shown |= {name: table for name, table in tables.items() if name not in LEFT_OUT}
    shown["articles"] = tables["articles"].drop(columns=["text", "text_sha256"])
    rows = [
        (name, _header(column), _meaning(str(column), meanings)) for name, table in shown.items() for column in table
    ]
    about = pd.DataFrame(rows, columns=["sheet", "column", "meaning"])
    book = Workbook(write_only=True)
    for name, table in {"columns": about, **shown}.items():
        sheet = book.create_sheet(name[:31])
        sheet.freeze_panes = "A2"
        for at, column in enumerate(table):
            wide = column in {"content", "meaning", "title", "example"}
            sheet.column_dimensions[_letter(at)].width = 60 if wide else 16
        sheet.append([_bold(sheet, _header(column), Font(bold=True)) for column in table])
        for row in table.itertuples(index=False, name=None):
            sheet.append([_cell(value) for value in row])
    book.save(path)


def _header(column: object) -> str:
    words = str(column).replace("_", " ").strip()
    return str(plain_cell(printable(words[:1].upper() + words[1:])))


def _meaning(column: str, meanings: Mapping[str, str]) -> str:
    if column.startswith("by_"):
        return f"Group of the comparison by {column[3:]}"
    return meanings.get(column, "Column of your input")


def _letter(at: int) -> str:
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(at + 1))


def _bold(sheet: Any, value: str, font: Any) -> Any:  # noqa: ANN401 - of openpyxl
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, value=value)
    cell.font = font
    return cell


def _cell(value: Any) -> Any:  # noqa: ANN401 - any cell of a table
    if isinstance(value, tuple | list | str):
        return printable(str(plain_cell(value)))
    if pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.tz_localize(None).to_pydatetime()
    plain = value.item() if hasattr(value, "item") else value
    return round(plain, 4) if isinstance(plain, float) else plain


def write_network(edges: pd.DataFrame, names: Names, path: Path) -> None:
    """Write who speaks about whom as GraphML: speakers and targets as nodes, counts on the edges."""
    nodes = {("speaker", actor): names.actor(actor) for actor in edges["actor"]}
    nodes |= {("target", target): names.code("target", target) for target in edges["target"]}
    ids = {key: f"n{i}" for i, key in enumerate(nodes)}
    keys = [("kind", "node", "string"), ("label", "node", "string")]
    keys += [(name, "edge", "int") for name in ("statements", "for", "against", "neutral")]
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">']
    lines += [f'<key id="{name}" for="{of}" attr.name="{name}" attr.type="{kind}"/>' for name, of, kind in keys]
    lines.append('<graph id="network" edgedefault="directed">')
    for (kind, _), (key, label) in zip(nodes, nodes.items(), strict=True):
        told = escape(printable(label))
        lines.append(f'<node id="{ids[key]}"><data key="kind">{kind}</data><data key="label">{told}</data></node>')
    for row in edges.to_dict("records"):
        ends = (quoteattr(ids[side, row[name]]) for side, name in (("speaker", "actor"), ("target", "target")))
        counts = "".join(f'<data key="{name}">{int(row[name])}</data>' for name, of, _ in keys if of == "edge")
        lines.append("<edge source={} target={}>{}</edge>".format(*ends, counts))
    path.write_text("\n".join([*lines, "</graph>", "</graphml>", ""]), encoding="utf-8")


def write_citation(path: Path) -> None:
    """Write the reference to this software as BibTeX."""
    cited = read_citation()
    year = cited["date-released"][:4]
    entry = (
        f"@software{{threat_talk_{year},\n  author = {{{{Threat Talk developers}}}},\n  title = {{{cited['title']}}},\n"
    )
    path.write_text(f"{entry}  version = {{{cited['version']}}},\n  year = {{{year}}}\n}}\n", encoding="utf-8")


def read_citation() -> dict[str, str]:
    """Read title, version and year of this software from ``CITATION.cff``."""
    text = CITATION.read_text(encoding="utf-8")
    found = {
        key: re.search(rf'^{key}: "?(.*?)"?$', text, re.MULTILINE) for key in ("title", "version", "date-released")
    }
    return {key: match.group(1) if match else "" for key, match in found.items()}
