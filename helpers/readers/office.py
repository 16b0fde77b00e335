"""Documents of office programs: Word, PDF with a text layer, saved mail, and Excel tables."""

from __future__ import annotations

import io
import logging
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from helpers.readers import nexis, table
from helpers.readers.dates import parse_date
from helpers.readers.decode import decode
from helpers.readers.html import is_html
from helpers.readers.pasted import read_pasted
from helpers.readers.records import Cut, Record, Reject
from helpers.readers.web import read_page

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from email.message import EmailMessage, MIMEPart

_MAIL = re.compile(r"(?:[A-Za-z][A-Za-z0-9-]{1,40}: ?[^\n]{0,2000}\n(?:[ \t][^\n]{0,2000}\n){0,200}){3,}")
_MAIL_FIELDS = ("from:", "subject:", "date:", "message-id:", "received:", "mime-version:")
_FEWEST_FIELDS = 3
_SAVED_PAGE = "Saved by "  # how browsers fill the sender of a page; its pictures and styles are no attachments


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


def read_mail(data: bytes) -> Iterator[Record | Reject]:
    """Read a saved mail, or a page saved as one (MHTML): what is attached has to be saved as files of its own."""
    from email import message_from_bytes, policy

    message: EmailMessage = message_from_bytes(data, policy=policy.default)
    try:
        part = message.get_body(preferencelist=("html", "plain"))
        content = _decoded(part) if part is not None else ""
        page = _SAVED_PAGE in str(message.get("from") or "")
        attached = [] if page else [one.get_filename() or "without a name" for one in message.iter_attachments()]
        header = {name: str(message.get(name) or "") for name in ("subject", "from", "date")}
    except Exception as error:  # noqa: BLE001
        yield Reject(f"the mail is broken: {type(error).__name__}: {str(error)[:120]}")
        return
    if part is not None and part.get_content_subtype() == "html" and is_html(content):
        found = read_page(content, encoding="utf-8")
    else:
        found = read_pasted(content, form="mail")
    if isinstance(found, Reject) or not (found.body or found.title):
        yield Reject("the mail holds no text")
    elif page:
        # Its header tells when the page was saved, not when the article was published.
        yield replace(found, cuts=(*found.cuts, *(Cut("metadata", value) for value in header.values() if value)))
    else:
        yield _addressed(found, header, single=not attached)
    for name in attached:
        yield Reject(f"the attachment {name!r} is not read: save it as a file of its own")


def _decoded(part: MIMEPart) -> str:
    raw = part.get_payload(decode=True)
    return decode(raw, declared=part.get_content_charset())[0] if isinstance(raw, bytes) else ""


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


def is_mail(head: str) -> bool:
    """Tell whether a text opens with the header of a mail."""
    match = _MAIL.match(head.replace("\r\n", "\n").lstrip("\ufeff"))
    if match is None:
        return False
    lines = [line.lower() for line in match[0].split("\n")]
    return sum(any(line.startswith(name) for line in lines) for name in _MAIL_FIELDS) >= _FEWEST_FIELDS


def _addressed(record: Record, header: dict[str, str], *, single: bool) -> Record:
    when = parse_date(header["date"])
    subject = " ".join(header["subject"].split()) or record.title
    title = record.title if record.title and record.title != subject else None
    return replace(
        record,
        format="mail",
        title=subject,
        subtitles=((title,) if title else ()) + record.subtitles,
        source=record.source or header["from"] or None,
        date=when.date if when else record.date,
        date_precision=when.precision if when else record.date_precision,
        single=single,
        cuts=(*record.cuts, *(Cut("metadata", value) for value in header.values() if value)),
        extras={**record.extras, "date_text": header["date"]},
    )


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
