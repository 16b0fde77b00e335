"""Exports of Nexis, Nexis Uni and Lexis Advance: Word documents, the older HTML, and the oldest plain text."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from helpers.articles.readers import html
from helpers.articles.readers.clean import join_wrapped
from helpers.articles.readers.dates import parse_date
from helpers.articles.readers.exports import COPYRIGHT, LENGTH, NOTE, Document, label_of, make_records
from helpers.articles.readers.records import Cut

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from helpers.articles.readers.records import Record, Reject

# "3 of 74 DOCUMENTS" opens a document of the older formats, in the language of the interface.
MARKER = re.compile(
    r"[ \t\u00a0]*(?:\d{1,5} (?:of|von|de|di|van|sur) \d{1,5} (?:documents?|dokumenten?|documentos?|documenti)"
    r"|(?:document|dokument|documento) \d{1,5} (?:of|von|de|di|van|sur) \d{1,5})[ \t\u00a0]*",
    re.IGNORECASE,
)
_HTML_MARKER = re.compile(r">\s*\d{1,5} (?:of|von|de|di|van|sur) \d{1,5} (?:DOCUMENT|DOKUMENT)")
END = re.compile(
    r"\s*(?:end of document|ende des dokuments|fin du document|fin del documento|einde van het document)\s*",
    re.IGNORECASE,
)
_BODY = re.compile(r"\s*(?:body|full text|text|volltext|corps|cuerpo|hauptteil)\s*", re.IGNORECASE)
_AFTER = re.compile(
    r"\s*(?:classification|klassifizierung|classement|clasificación|graphic|notes|load-date)\s*:?\s*", re.IGNORECASE
)
# What stands above a title, where no blank line parts them: the last lines of the cover, and the document before.
_ABOVE = re.compile(
    rf"{END.pattern}$|(?:client/matter|search (?:terms|type)|narrowed by|content type)\b|.{{0,20}}-none-\s*$"
    r"|.{0,5}about lexisnexis",
    re.IGNORECASE,
)
_TITLE_BLOCKS = 4
_SECTIONS = {"abstract", "full text", "highlight"}


def is_text_export(text: str) -> bool:
    """Tell whether a plain text is an export of the oldest kind."""
    lower = text.lower()
    if "document" not in lower and "dokument" not in lower:
        return False
    return any(MARKER.fullmatch(line.rstrip("\r")) for line in text.split("\n", 400)[:400])


def is_lines_export(text: str) -> bool:
    """Tell whether a plain text has the document ends of Nexis Uni or Lexis Advance."""
    return "Load-Date" in text and any(END.fullmatch(line) for line in text.split("\n"))


def is_html_export(text: str) -> bool:
    """Tell whether a page is an export of the older kind."""
    return "<DOCFULL>" in text or "LXNComment" in text or _HTML_MARKER.search(text) is not None


def read_text_export(text: str, *, encoding: str) -> Iterator[Record | Reject]:
    """Read an export in plain text: blocks apart by blank lines, lines broken by width."""
    found = _split(text.lstrip("\ufeff").splitlines())
    documents = (_older(_blocks(lines), cover, wrapped=True) for cover, lines in found)
    yield from make_records(documents, form="Lexis text", encoding=encoding)


def read_html_export(text: str, *, encoding: str) -> Iterator[Record | Reject]:
    """Read an export in HTML: one paragraph a block."""
    root = html.parse(text)
    found = _split(list(html.blocks(root)) if root is not None else [])
    documents = (_older(lines, cover, wrapped=False) for cover, lines in found)
    yield from make_records(documents, form="Nexis HTML", encoding=encoding)


def read_lines_export(
    lines: list[str], *, encoding: str | None = None, form: str = "Nexis DOCX", cuts: Sequence[Cut] = ()
) -> Iterator[Record | Reject]:
    """Read an export of Nexis Uni or Lexis Advance, given its lines: one of them says where each document ends.

    `cuts` is what has been taken out before; it goes to the first document.
    """
    ends = [number for number, line in enumerate(lines, 1) if END.fullmatch(line)]
    documents = (_newer(lines[start:end]) for start, end in pairwise([0, *ends[:-1], len(lines)]))
    yield from make_records(documents, form=form, encoding=encoding, cover=cuts)


def read_lines_text(text: str, *, encoding: str) -> Iterator[Record | Reject]:
    """Read an export of Nexis Uni or Lexis Advance that was saved as plain text."""
    yield from read_lines_export(text.lstrip("\ufeff").splitlines(), encoding=encoding, form="Nexis text")


def _split(lines: Sequence[str]) -> Iterator[tuple[list[str], list[str]]]:
    """Split at the markers, document by document; each comes with its marker, the first with the lines before it."""
    starts = [number for number, line in enumerate(lines) if MARKER.fullmatch(line)]
    for number, (start, end) in enumerate(pairwise([*starts, len(lines)])):
        yield list(lines[start if number else 0 : start + 1]), list(lines[start + 1 : end])


def _blocks(lines: list[str]) -> list[str]:
    blocks = "\n".join(line.strip() for line in lines).split("\n\n")
    return [block.strip("\n") for block in blocks if block.strip()]


def _older(blocks: list[str], cover: list[str], *, wrapped: bool) -> Document:
    """Read a document of the older formats: source, date, title, labels, body, labels, copyright."""
    cuts = _cover(cover)
    fields: dict[str, str] = {}
    dated = next((n for n, block in enumerate(blocks[:8]) if _is_date(block.split("\n")[0])), None)
    labelled = next((n for n, block in enumerate(blocks) if label_of(block)), len(blocks))
    start = 0
    if dated is not None and dated < labelled:
        fields["date"] = blocks[dated].split("\n")[0]
        start = dated + 1
        names = [block for block in blocks[:dated] if not COPYRIGHT.match(block)]
        if names:
            fields["source"] = " ".join(names[-1].split())
    elif blocks and labelled:
        fields["source"] = " ".join(blocks[0].split())
        start = 1
    # Without labels nothing tells where a title of several blocks ends, so it is taken to be one.
    beside = [block for block in blocks[start : start + _TITLE_BLOCKS] if NOTE.fullmatch(block)]
    above = labelled < _tail(blocks, start) and labelled - start <= _TITLE_BLOCKS
    at = labelled if above else min(start + 1 + len(beside), len(blocks))
    titles = [block for block in blocks[start:at] if not (COPYRIGHT.match(block) or NOTE.fullmatch(block))]
    cuts += [Cut("metadata", block) for n, block in enumerate(blocks[:at]) if n < start or block not in titles]
    if titles:
        fields["title"] = " ".join(" ".join(titles).split())
    while at < len(blocks) and label_of(blocks[at]):
        _take(blocks[at], fields, cuts)
        at += 1
    end = _tail(blocks, at)
    for block in blocks[end:]:
        _take(block, fields, cuts)
    body = ["\n".join(join_wrapped(block.split("\n"), cuts)) if wrapped else block for block in blocks[at:end]]
    return Document("\n\n".join(body), fields, cuts)


def _newer(lines: list[str]) -> Document:
    """Read a document of Nexis Uni or Lexis Advance: title, source, date, copyright, labels, body, labels."""
    body_at = next((n for n, line in enumerate(lines) if _BODY.fullmatch(line)), None)
    labels_at = _first_label(lines, body_at)
    fields: dict[str, str] = {}
    start, stop, heading = _heading(lines, labels_at, fields)
    cuts = _cover(lines[:start])
    cuts += [Cut("metadata", line) for line in (*heading, *lines[stop:labels_at]) if line.strip()]
    at = labels_at if body_at is None else body_at + 1
    while body_at is None and at < len(lines) and (not lines[at].strip() or label_of(lines[at])):
        at += 1
    ends = (n for n in range(at, len(lines)) if _AFTER.fullmatch(lines[n]) or END.fullmatch(lines[n]))
    end = _tail(lines, at, next(ends, None))
    for line in (*lines[max(labels_at, stop) : at], *lines[end:]):
        _take(line, fields, cuts)
    sections = [line for line in lines[at:end] if line.strip().lower() in _SECTIONS]
    cuts += [Cut("metadata", line) for line in sections]
    body = [line for line in lines[at:end] if line.strip() and line.strip().lower() not in _SECTIONS]
    return Document("\n".join(body), fields, cuts)


def _cover(lines: list[str]) -> list[Cut]:
    text = "\n".join(filter(str.strip, lines)).strip()
    return [Cut("cover page", text)] if text else []


def _tail(lines: list[str], at: int, end: int | None = None) -> int:
    """Return where the labels below the body begin, looking from the end."""
    end = len(lines) if end is None else end
    while end > at and (
        not (last := lines[end - 1]).strip() or label_of(last) or COPYRIGHT.match(last) or END.fullmatch(last)
    ):
        end -= 1
    return end


def _first_label(lines: list[str], body_at: int | None) -> int:
    """Return the first labelled line above the body, or the body itself."""
    stop = len(lines) if body_at is None else body_at
    at = next(
        (n for n in range(stop) if (found := label_of(lines[n])) and found[0] == "length" and LENGTH.match(found[1])),
        stop,
    )
    while (
        at
        and (label_of(lines[at - 1]) or not lines[at - 1].strip())
        and any(label_of(line) for line in lines[max(at - 3, 0) : at])
    ):
        at -= 1
    return at


def _heading(lines: list[str], labels_at: int, fields: dict[str, str]) -> tuple[int, int, list[str]]:
    """Find title, source and date above the labels; return where they begin and end, and what is no title."""
    above = [n for n in range(labels_at) if lines[n].strip() and not COPYRIGHT.match(lines[n])]
    dated = next((n for n in reversed(above) if _is_date(lines[n])), None)
    last = dated if dated is not None else (above[-1] if above else 0)
    first = last
    while first > 0 and lines[first - 1].strip() and not _ABOVE.match(lines[first - 1]):
        first -= 1
    others = [line for line in lines[first : last + 1] if NOTE.fullmatch(line)]
    heading = [" ".join(line.split()) for line in lines[first : last + 1] if line not in others]
    if dated is not None:
        others.append(heading.pop())
        fields["date"] = others[-1]
    if len(heading) > 1:
        others.append(heading.pop())
        fields["source"] = others[-1]
    if heading:
        fields["title"] = " ".join(heading)
    return first, last + 1, others


def _take(line: str, fields: dict[str, str], cuts: list[Cut]) -> None:
    found = label_of(line.strip())
    if found and found[1]:
        fields.setdefault(found[0], " ".join(found[1].split()))
    if line.strip():
        cuts.append(Cut("metadata", line.strip()))


def _is_date(line: str) -> bool:
    when = parse_date(line)
    return when is not None and when.precision not in {"year"} and len(line) < 80  # noqa: PLR2004
