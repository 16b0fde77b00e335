"""Exports of ProQuest in plain text: documents apart by a rule, labelled lines, the text behind ``Full text:``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from helpers.articles.readers.clean import is_wrapped, join_wrapped
from helpers.articles.readers.exports import make_record
from helpers.articles.readers.records import Cut, Record, Reject
from helpers.articles.readers.words import fields_by_label

if TYPE_CHECKING:
    from collections.abc import Iterator

_RULE = re.compile(r"[ \t]*_{20,}[ \t]*")
_NUMBER = re.compile(r"\s*document \d+ of \d+\s*", re.IGNORECASE)
_FIELDS = fields_by_label("proquest")
_LABEL = re.compile(r"([A-Z][A-Za-z /()-]{2,40}): ?(.*)")


def is_export(head: str) -> bool:
    """Tell whether a plain text is an export of ProQuest."""
    return "\nFull text:" in head and any(_RULE.fullmatch(line.rstrip("\r")) for line in head.split("\n"))


def read_export(text: str, *, encoding: str) -> Iterator[Record | Reject]:
    """Read all documents of an export."""
    documents: list[list[str]] = [[]]
    rules: list[str] = []
    for line in text.lstrip("\ufeff").replace("\r\n", "\n").split("\n"):
        if _RULE.fullmatch(line):
            documents.append([])
            rules.append(line.strip())
        else:
            documents[-1].append(line.strip())
    filled = [document for document in documents if any(map(_is_label, document))]
    cover = ["\n".join(filter(None, document)) for document in documents if document not in filled]
    loose = [Cut("cover page", text) for text in (*cover, *rules) if text]
    for number, lines in enumerate(filled, 1):
        yield _read(lines, loose if number == 1 else [], number, encoding=encoding, single=len(filled) == 1)


def _is_label(line: str) -> bool:
    match = _LABEL.fullmatch(line)
    return match is not None and match[1].lower() in _FIELDS


def _read(lines: list[str], cuts: list[Cut], number: int, *, encoding: str, single: bool) -> Record | Reject:
    fields: dict[str, str] = {}
    paragraphs: list[str] = []
    inside, heading = False, ""
    for line in lines:
        match = _LABEL.fullmatch(line)
        name = _FIELDS.get(match[1].lower()) if match else None
        if match and name is not None:
            inside = name == "text"
            if inside:
                paragraphs.append(match[2])
                cuts.append(Cut("metadata", f"{match[1]}:"))
            elif name:
                fields.setdefault(name, match[2])
        elif inside:
            paragraphs.append(line)
        elif line and not heading and not fields and not _NUMBER.fullmatch(line):
            heading = line
            continue
        if line and not inside:
            cuts.append(Cut("metadata", line))
    if heading and fields.setdefault("title", heading) != heading:
        cuts.append(Cut("metadata", heading))
    body = join_wrapped(paragraphs, cuts) if is_wrapped(paragraphs) else paragraphs
    return make_record(body, fields, cuts, form="ProQuest text", encoding=encoding, number=number, single=single)
