"""Readers: one file per source; each turns raw bytes into records or rejects, and is picked by content."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from helpers.articles.readers import exports, factiva, html, mail, office, table
from helpers.articles.readers.archive import Blob
from helpers.articles.readers.decode import MARKS, decode
from helpers.articles.readers.labels import WORDS
from helpers.articles.readers.pasted import read_pasted
from helpers.articles.readers.published import is_speech, is_wikinews, read_speech, read_wikinews
from helpers.articles.readers.records import Record, Reject, UnreadableError
from helpers.articles.readers.web import read_page

_UNREADABLE = {bytes.fromhex(magic): what for magic, what in WORDS["unreadable"].items()}
_NUL_SHARE = 0.001
_JSON = re.compile(r'\s*(?:\[\s*\{|\{\s*")')  # articles as JSON; other texts may open with a bracket as well
FAULT = "a fault of this program stopped the reading; please report it with the file"


def read_blob(blob: Blob, *, columns: Mapping[str, str] | None = None) -> Iterator[Record | Reject]:
    """Read one file or member with the reader that its content asks for; every failure is a reject."""
    found = None
    try:
        if blob.problem:
            raise UnreadableError(blob.problem)
        for found in _dispatch(blob, columns):
            yield found
        if found is None:
            yield Reject("no article could be found in it")
    except UnreadableError as error:
        yield Reject(str(error))
    except (OSError, EOFError) as error:
        yield Reject(f"it cannot be read: {error}")
    except Exception as error:  # noqa: BLE001  (a file that meets a fault of ours must not cost the thousand beside it)
        yield Reject(f"{FAULT}: {type(error).__name__}: {str(error)[:120]}")


def _dispatch(blob: Blob, columns: Mapping[str, str] | None) -> Iterator[Record | Reject]:
    head = blob.head
    unreadable = next((what for magic, what in _UNREADABLE.items() if head.startswith(magic)), None)
    if not head.strip(b" \t\r\n\x0c\x00") or head in [mark for mark, _ in MARKS]:
        yield Reject("the file is empty" if not head else "the file is blank")
    elif unreadable:
        yield Reject(f"it is {unreadable}")
    elif head.startswith(b"PAR1"):
        yield from table.read_parquet(blob, columns=columns)
    elif b"%PDF-" in head[:1024]:
        yield from office.read_pdf(blob.read())
    elif head.startswith(b"PK\x03\x04"):
        data = blob.read()  # the names of its parts stand in it as they are
        if b"word/document.xml" in data:
            yield from office.read_docx(data)
        elif b"xl/workbook.xml" in data:
            yield from office.read_xlsx(data, columns=columns)
        else:
            yield Reject("it is a document of a kind that is not read: save it as .docx, .txt or .csv")
    else:
        yield from _read_text(blob, columns)


def _read_text(blob: Blob, columns: Mapping[str, str] | None) -> Iterator[Record | Reject]:
    """Read text: tables as streams, and everything else in one piece."""
    braced = blob.head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{")
    head, blob.encoding = decode(blob.read_first_line() if braced else blob.head)
    start, suffix = head.lstrip("\ufeff \r\n\t")[:1], blob.name.suffix.lower()
    delimiter = None if start in {"{", "[", "<"} else table.delimiter_of(head, columns)
    delimiter = delimiter or {".csv": ",", ".tsv": "\t"}.get(suffix)
    if head.count("\x00") > _NUL_SHARE * len(head):
        yield Reject("it holds binary data, not text")
    elif is_speech(blob.name):
        yield read_speech(blob.read_text(), blob.name)
    elif is_wikinews(head):
        yield from read_wikinews(blob)
    elif start in {"{", "["} and table.is_json_lines(head):
        yield from table.read_json_lines(blob, columns=columns)
    elif delimiter is not None:
        yield from table.read_csv(blob, delimiter=delimiter, columns=columns)
    elif mail.is_mail(head):
        yield from mail.read_mail(blob.read())
    elif html.is_html(head):
        page, blob.encoding = html.decode_html(blob.read())
        yield from _read_with(_OF_PAGES, read_page, page)
    elif _JSON.match(head) or (start in {"{", "["} and suffix in {".json", ".jsonl", ".ndjson"}):
        yield from table.read_json(blob.read_text(), columns=columns)
    else:
        yield from _read_with(_OF_TEXTS, read_pasted, blob.read_text())


def _read_with(readers: _Readers, otherwise: Callable[[str], Record | Reject], text: str) -> Iterator[Record | Reject]:
    """Read a text with the first reader that knows it, or as one article."""
    read = next((read for knows, read in readers.items() if knows(text)), None)
    return read(text) if read else iter([otherwise(text)])


# What knows a text, and what reads it
_Readers = dict[Callable[[str], bool], Callable[[str], Iterator[Record | Reject]]]
_OF_PAGES: _Readers = {factiva.is_export: factiva.read_export, exports.is_older_page: exports.read_older_page}
# ProQuest before Nexis: "Document 1 of 30" is a line of both.
_OF_TEXTS: _Readers = {
    exports.is_proquest: exports.read_proquest,
    exports.is_older: exports.read_older,
    exports.is_newer: exports.read_newer,
}
