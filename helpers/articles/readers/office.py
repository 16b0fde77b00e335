"""Documents of office programs: Word, PDF with a text layer, and Excel tables."""

import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import redirect_stderr
from typing import Any

from helpers.articles.readers import table
from helpers.articles.readers.clean import Cut
from helpers.articles.readers.exports import END, is_newer, read_newer
from helpers.articles.readers.labels import WORDS
from helpers.articles.readers.pasted import read_pasted
from helpers.articles.readers.records import Record, Reject, UnreadableError, reading

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DELETED = {"del", "moveFrom"}
# What is not shown; the fallback of a box holds its text once more, for old programs.
_UNSEEN = _DELETED | {"rPr", "pPr", "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_PAGE_NUMBER = re.compile(r"(?:page )?\d{1,4}(?: of \d+)?", re.IGNORECASE)


def read_docx(data: bytes) -> Iterator[Record | Reject]:
    """Read a Word document: an export of Nexis where its lines say so, otherwise one article."""
    import docx
    from docx.oxml import parse_xml

    cuts: list[Cut] = []
    with reading("the Word document"):
        part = docx.Document(io.BytesIO(data)).part
        lines = _shown(part.element, cuts)
        for relation in part.rels.values():
            reason = WORDS["word_parts"].get(relation.reltype.rpartition("/")[2])
            if reason and not relation.is_external:
                apart = _shown(parse_xml(relation.target_part.blob), cuts)
                cuts += [Cut(reason, line) for line in apart if line.strip()]
    if any(map(END.fullmatch, lines)):
        yield from read_newer("\n".join(lines), form="Nexis DOCX", cuts=cuts)
    else:
        yield read_pasted("\n\n".join(lines), form="Word document", cuts=cuts)


def _shown(root: Any, cuts: list[Cut]) -> list[str]:  # noqa: ANN401  (lxml has no types)
    """Return the lines that a document shows, those of boxes and nested tables too; what was deleted in it is cut."""
    from lxml import etree  # type: ignore[import-untyped,unused-ignore]

    paragraphs: list[list[str]] = [[]]
    cells: list[list[str]] = [[]]  # lines of the cell that we are in; outside of tables, of the document
    rows: list[list[str]] = []
    opened = {"p": paragraphs, "tc": cells, "tr": rows}
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        kind = element.tag.removeprefix(_WORD) if isinstance(element.tag, str) else ""
        if event == "start" and kind in _UNSEEN:
            deleted = "".join(one.text or "" for one in element.iter(f"{_WORD}t", f"{_WORD}delText"))
            if kind in _DELETED and deleted:
                cuts.append(Cut("deleted in the document", deleted))
            walker.skip_subtree()
        elif event == "start" and kind in opened:
            opened[kind].append([])
        elif event == "start":
            paragraphs[-1].append((element.text or "") if kind == "t" else _SIGNS.get(kind, ""))
        elif kind == "p":
            cells[-1] += "".join(paragraphs.pop()).split("\n")
        elif kind == "tc":
            rows[-1].append("\n".join(cells.pop()).strip())
        elif kind == "tr":
            cells[-1].append(" | ".join(filter(None, rows.pop())))
    return cells[0]


def read_pdf(data: bytes) -> Iterator[Record | Reject]:
    """Read the text layer of a PDF, page headers and feet out."""
    try:
        import pypdf  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        reason = "it is a PDF, and the package that reads PDFs is not installed: pip install 'threat-talk[formats]'"
        raise UnreadableError(reason) from None
    # What it finds wrong with a file goes to its log, which a notebook would show.
    with reading("the PDF"), redirect_stderr(io.StringIO()):
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableError("the PDF is encrypted: save it without its password first")
        pages = [page.extract_text() or "" for page in reader.pages]
    if not "".join(pages).strip():
        raise UnreadableError("the PDF has no text layer: it is a picture of text, and needs text recognition first")
    text, cuts = _without_page_lines(pages)
    if is_newer(text):
        yield from read_newer(text, form="Nexis PDF", cuts=cuts)
    else:
        yield read_pasted(text, form="PDF", cuts=cuts)


def _without_page_lines(pages: list[str]) -> tuple[str, list[Cut]]:
    """Cut page numbers, and the lines that stand first or last on most pages."""
    split = [[line.strip() for line in page.split("\n") if line.strip()] for page in pages]
    edges = Counter(form for page in split for form in {*map(_form, page[:2]), *map(_form, page[-2:])})
    often = max(2, len(pages) / 2)
    cuts: list[Cut] = []
    kept: list[str] = []
    for page in split:
        for number, line in enumerate(page):
            at_edge = number < 2 or number >= len(page) - 2  # noqa: PLR2004
            if at_edge and (edges[_form(line)] > often or _PAGE_NUMBER.fullmatch(line)):
                cuts.append(Cut("page header", line))
            else:
                kept.append(line)
    return "\n".join(kept), cuts


def _form(line: str) -> str:
    return re.sub(r"\d+", "0", line)


def read_xlsx(data: bytes, *, columns: Mapping[str, str] | None) -> Iterator[Record | Reject]:
    """Read the first sheet of an Excel workbook, and name the others."""
    import openpyxl

    with reading("the Excel workbook"):
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheets = {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book.worksheets}
    filled = [name for name, rows in sheets.items() if rows]
    if not filled:
        yield Reject("the workbook is empty")
    for name in filled[:1]:
        yield from table.read_sheet(sheets[name], columns=columns)
    for name in filled[1:]:
        yield Reject(f"the sheet {name!r} is not read, only {filled[0]!r} is: save it as a file of its own")
