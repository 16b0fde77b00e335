"""Readers: one file per source; each turns raw bytes into records or rejects, and is picked by content."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING

from helpers.articles.readers import factiva, html, mail, nexis, office, proquest, table
from helpers.articles.readers.archive import Blob, TooLargeError
from helpers.articles.readers.debate import is_speech, read_speech
from helpers.articles.readers.decode import MARKS, decode
from helpers.articles.readers.pasted import read_pasted
from helpers.articles.readers.records import Record, Reject
from helpers.articles.readers.web import read_page
from helpers.articles.readers.wikinews import is_wikinews, read_wikinews

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# How files begin that hold no text we can read, and what to do about each.
_UNREADABLE = (
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"\xd0\xcf\x11\xe0", "an old or encrypted Office file: save it as .docx or .csv without a password"),
    (b"{\\rtf", "a rich text file: save it as .docx or .txt"),
    (b"7z\xbc\xaf", "a 7z archive: pack it as .zip"),
    (b"Rar!", "a RAR archive: pack it as .zip"),
    (b"\xfd7zXZ", "an xz archive: pack it as .zip or .tgz"),
    (b"SQLite format 3", "a database: export its table as CSV"),
)
_NUL_SHARE = 0.001
FAULT = "a fault of this program stopped the reading; please report it with the file"


def read_blob(blob: Blob, *, columns: Mapping[str, str] | None = None) -> Iterator[Record | Reject]:
    """Read one file or member with the reader that its content asks for; every failure is a reject."""
    nothing = True
    try:
        for found in _dispatch(blob, columns):
            nothing = False
            yield found
        if nothing:
            yield Reject("no article could be found in it")
    except TooLargeError as error:
        yield Reject(str(error))
    except (OSError, EOFError) as error:
        yield Reject(f"it cannot be read: {error}")
    except Exception as error:  # noqa: BLE001  (a file that meets a fault of ours must not cost the thousand beside it)
        yield Reject(f"{FAULT}: {type(error).__name__}: {str(error)[:120]}")


def _dispatch(blob: Blob, columns: Mapping[str, str] | None) -> Iterator[Record | Reject]:
    head = blob.head
    if not head.strip(b" \t\r\n\x0c\x00") or head in [mark for mark, _ in MARKS]:
        yield Reject("the file is empty" if not head else "the file is blank")
        return
    for magic, what in _UNREADABLE:
        if head.startswith(magic):
            yield Reject(f"it is {what}")
            return
    binary = _binary(blob, columns)
    if binary is not None:
        yield from binary
        return
    text = decode(blob.read_first_line() if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{") else head)[0]
    if text.count("\x00") > _NUL_SHARE * len(text):
        yield Reject("it holds binary data, not text")
    elif is_speech(blob.name):
        yield read_speech(blob.read(), blob.name)
    elif is_wikinews(text):
        yield from read_wikinews(blob)
    else:
        yield from _read_text(blob, text, columns)


def _binary(blob: Blob, columns: Mapping[str, str] | None) -> Iterator[Record | Reject] | None:
    """Return the readings of a binary format that we know, or None."""
    if blob.head.startswith(b"PAR1"):
        return table.read_parquet(blob, columns=columns)
    if b"%PDF-" in blob.head[:1024]:
        return office.read_pdf(blob.read())
    if blob.head.startswith(b"PK\x03\x04"):
        return _office(blob.read(), blob.limit, columns)
    return None


def _office(data: bytes, limit: int, columns: Mapping[str, str] | None) -> Iterator[Record | Reject]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = set(archive.namelist())
        size = sum(info.file_size for info in archive.infolist())
    if size > limit:
        yield Reject(f"the document unpacks to {size:,} bytes; load_articles takes a larger limit_bytes")
    elif "word/document.xml" in names:
        yield from office.read_docx(data)
    elif "xl/workbook.xml" in names:
        yield from office.read_xlsx(data, columns=columns)
    else:
        yield Reject("it is a document of a kind that is not read: save it as .docx, .txt or .csv")


def _read_text(blob: Blob, head: str, columns: Mapping[str, str] | None) -> Iterator[Record | Reject]:
    """Read text: tables as streams, and everything else in one piece."""
    start = head.lstrip("\ufeff \r\n\t")[:1]
    if start in {"{", "["} and _is_json_lines(head):
        yield from table.read_json_lines(blob, columns=columns)
        return
    delimiter = None if start in {"{", "[", "<"} else table.delimiter_of(head, columns)
    suffix = blob.name.suffix.lower()
    if delimiter is None and suffix in {".csv", ".tsv"}:
        delimiter = "\t" if suffix == ".tsv" else ","
    if delimiter is not None:
        yield from table.read_csv(blob, delimiter=delimiter, columns=columns)
    elif mail.is_mail(head):
        yield from mail.read_mail(blob.read())
    elif html.is_html(head):
        yield from _read_html(*html.decode_html(blob.read()))
    else:
        text, encoding = decode(blob.read())
        yield from _read_plain(text, encoding, head, suffix, columns)


def _read_html(text: str, encoding: str) -> Iterator[Record | Reject]:
    if factiva.is_export(text):
        yield from factiva.read_export(text, encoding=encoding)
    elif nexis.is_html_export(text):
        yield from nexis.read_html_export(text, encoding=encoding)
    else:
        yield read_page(text, encoding=encoding)


def _read_plain(
    text: str, encoding: str, head: str, suffix: str, columns: Mapping[str, str] | None
) -> Iterator[Record | Reject]:
    if head.lstrip("\ufeff \r\n\t")[:1] in {"{", "["}:
        try:
            yield from table.read_json(text, encoding=encoding, columns=columns)
        except (ValueError, RecursionError) as error:
            if suffix in {".json", ".jsonl", ".ndjson"}:
                yield Reject(f"it is not JSON: {str(error)[:120]}")
                return
        else:
            return
    # ProQuest before Nexis: "Document 1 of 30" is a line of both.
    if proquest.is_export(head):
        yield from proquest.read_export(text, encoding=encoding)
    elif nexis.is_text_export(head):
        yield from nexis.read_text_export(text, encoding=encoding)
    elif nexis.is_lines_export(text):
        yield from nexis.read_lines_export(text.lstrip("\ufeff").splitlines(), encoding=encoding, form="Nexis text")
    else:
        record = read_pasted(text, encoding=encoding)
        yield record if record.body or record.title else Reject("it holds no text once cleaned")


def _is_json_lines(head: str) -> bool:
    """Tell whether one of the first lines is a JSON object and another line follows."""
    lines = [line.strip() for line in head.split("\n", 6) if line.strip()]
    for line in lines[:5]:
        try:
            if isinstance(json.loads(line), dict) and len(lines) > 1:
                return True
        except (ValueError, RecursionError):
            continue
    return False
