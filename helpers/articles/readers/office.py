"""Documents of office programs: Word, PDF with a text layer, and Excel tables."""

from __future__ import annotations

import io
import logging
import re
from typing import TYPE_CHECKING, Any

from helpers.articles.readers import nexis, table
from helpers.articles.readers.pasted import read_pasted
from helpers.articles.readers.records import Cut, Record, Reject

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def read_docx(data: bytes) -> Iterator[Record | Reject]:
    """Read a Word document: an export of Nexis where its lines say so, otherwise one article."""
    import docx
    from docx.table import Table

    try:
        document = docx.Document(io.BytesIO(data))
        lines: list[str] = []
        for item in document.iter_inner_content():
            if isinstance(item, Table):
                lines += [" | ".join(dict.fromkeys(cell.text.strip() for cell in row.cells)) for row in item.rows]
            else:
                lines += item.text.split("\n")
        edges = [edge for section in document.sections for edge in (section.header, section.footer)]
        cuts = [Cut("page header", p.text) for edge in edges for p in edge.paragraphs if p.text.strip()]
    except Exception as error:  # noqa: BLE001  (a damaged document fails in as many ways as it can be damaged)
        yield Reject(f"the Word document is broken: {type(error).__name__}: {str(error)[:120]}")
        return
    if any(nexis.END.fullmatch(line) for line in lines):
        yield from nexis.read_lines_export(lines, cuts=cuts)
        return
    record = read_pasted("\n\n".join(lines), form="Word document", cuts=cuts)
    yield record if record.body else Reject("the Word document holds no text")


def read_pdf(data: bytes) -> Iterator[Record | Reject]:
    """Read the text layer of a PDF, page headers and feet out."""
    pages = _pages(data)
    if isinstance(pages, Reject):
        yield pages
        return
    text, cuts = _without_page_lines(pages)
    if nexis.is_lines_export(text):
        yield from nexis.read_lines_export(text.split("\n"), form="Nexis PDF", cuts=cuts)
        return
    record = read_pasted(text, form="PDF", cuts=cuts)
    yield record if record.body or record.title else Reject("the PDF holds no text once cleaned")


def _pages(data: bytes) -> list[str] | Reject:
    """Return the text of each page."""
    try:
        import pypdf  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        return Reject(
            "it is a PDF, and the package that reads PDFs is not installed: pip install 'threat-talk[formats]'"
        )
    notes = logging.getLogger("pypdf")
    level = notes.level
    notes.setLevel(logging.CRITICAL)  # what it finds wrong with a file goes to its log, which a notebook would show
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            return Reject("the PDF is encrypted: save it without its password first")
        pages = [page.extract_text() or "" for page in reader.pages]
    except Exception as error:  # noqa: BLE001
        return Reject(f"the PDF is broken: {type(error).__name__}: {str(error)[:120]}")
    finally:
        notes.setLevel(level)
    if not "".join(pages).strip():
        return Reject("the PDF has no text layer: it is a picture of text, and needs text recognition first")
    return pages


def read_xlsx(data: bytes, *, columns: Mapping[str, str] | None) -> Iterator[Record | Reject]:
    """Read the first sheet of an Excel workbook, and name the others."""
    sheets = _sheets(data)
    if isinstance(sheets, Reject):
        yield sheets
        return
    filled = {name: rows for name, rows in sheets.items() if rows}
    if not filled:
        yield Reject("the workbook is empty")
        return
    first, *others = filled
    yield from table.read_sheet(filled[first], columns=columns)
    for name in others:
        yield Reject(f"the sheet {name!r} is not read, only {first!r} is: save it as a file of its own")


def _sheets(data: bytes) -> dict[str, list[list[Any]]] | Reject:
    """Return the rows of each sheet of an Excel workbook."""
    try:
        import openpyxl  # type: ignore[import-untyped,import-not-found,unused-ignore]
    except ImportError:
        return Reject("it is an Excel workbook, and openpyxl is not installed: pip install 'threat-talk[formats]'")
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book.worksheets}
    except Exception as error:  # noqa: BLE001
        return Reject(f"the Excel workbook is broken: {type(error).__name__}: {str(error)[:120]}")


def _without_page_lines(pages: list[str]) -> tuple[str, list[Cut]]:
    """Cut page numbers, and the lines that stand first or last on most pages."""
    split = [[line.strip() for line in page.split("\n") if line.strip()] for page in pages]
    edges = [{re.sub(r"\d+", "0", line) for line in (*page[:2], *page[-2:])} for page in split]
    counts: dict[str, int] = {}
    for edge in edges:
        for line in edge:
            counts[line] = counts.get(line, 0) + 1
    running = {line for line, count in counts.items() if count > 2 and count > len(pages) / 2}  # noqa: PLR2004
    cuts: list[Cut] = []
    kept: list[str] = []
    for page in split:
        for number, line in enumerate(page):
            at_edge = number < 2 or number >= len(page) - 2  # noqa: PLR2004
            if at_edge and (
                re.sub(r"\d+", "0", line) in running
                or re.fullmatch(r"(?:page )?\d{1,4}(?: of \d+)?", line, re.IGNORECASE)
            ):
                cuts.append(Cut("page header", line))
            else:
                kept.append(line)
    return "\n".join(kept), cuts
