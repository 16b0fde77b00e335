"""Exports of ProQuest in plain text: documents apart by a rule, labelled lines, the text behind ``Full text:``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from helpers.articles.readers.exports import Document, make_records
from helpers.articles.readers.labels import fields_by_label
from helpers.articles.readers.records import Cut

if TYPE_CHECKING:
    from collections.abc import Iterator

    from helpers.articles.readers.records import Record, Reject

_RULE = re.compile(r"[ \t]*_{20,}[ \t]*")
_NO_HEADING = re.compile(r"document \d+ of \d+|_{20,}", re.IGNORECASE)
_FIELDS = fields_by_label("proquest")
_LABEL = re.compile(r"([A-Z][A-Za-z /()-]{2,40}): ?(.*)")


def is_export(text: str) -> bool:
    """Tell whether a plain text is an export of ProQuest."""
    return "\nFull text:" in text and any(map(_RULE.fullmatch, text.splitlines()))


def read_export(text: str, *, encoding: str) -> Iterator[Record | Reject]:
    """Read all documents of an export."""
    documents: list[list[str]] = [[]]
    for line in text.lstrip("\ufeff").splitlines():
        if _RULE.fullmatch(line):
            documents.append([])
        documents[-1].append(line.strip())
    filled: list[list[str]] = []
    cover: list[Cut] = []
    for lines in documents:
        if any(map(_field_of, lines)):
            filled.append(lines)
        elif any(lines):
            cover.append(Cut("cover page", "\n".join(filter(None, lines))))
    yield from make_records(map(_read, filled), form="ProQuest text", encoding=encoding, cover=cover)


def _field_of(line: str) -> tuple[str, str, str] | None:
    """Return the label, the field that it stands for and the value of a labelled line, or None."""
    match = _LABEL.fullmatch(line)
    name = _FIELDS.get(match[1].lower()) if match else None
    return (match[1], name, match[2]) if match and name is not None else None


def _read(lines: list[str]) -> Document:
    fields: dict[str, str] = {}
    text: list[str] = []
    cuts: list[Cut] = []
    inside, heading = False, ""
    for line in lines:
        if found := _field_of(line):
            label, name, value = found
            inside = name == "text"
            if inside:
                text.append(value)
                cuts.append(Cut("metadata", f"{label}:"))
            elif name:
                fields.setdefault(name, value)
        elif inside:
            text.append(line)
        elif line and not heading and not fields and not _NO_HEADING.fullmatch(line):
            heading = line
            continue
        if line and not inside:
            cuts.append(Cut("metadata", line))
    if heading and fields.setdefault("title", heading) != heading:
        cuts.append(Cut("metadata", heading))
    return Document("\n".join(text), fields, cuts)
