"""Records from named fields, of databases and tables; and what exports share: labels in several languages, lengths."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from helpers.articles.readers.clean import NOTICE, tidy
from helpers.articles.readers.dates import parse_date
from helpers.articles.readers.labels import fields_by_label
from helpers.articles.readers.pasted import lead_of, place_name, place_of, split_blocks
from helpers.articles.readers.records import Cut, Record, Reject

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

LABELS = fields_by_label("exports")
_LABEL = re.compile(r"([^\W\d_][\w()-]{1,20}(?: [\w()-]{2,12})?) ?: ?(.*)", re.DOTALL)
LENGTH = re.compile(
    r"[\d.,' ]{1,9} ?(?:words?|wörter|worte|mots?|palabras|palavras|parole|woorden|ord|słów|слов\w*|[个個]?字)\b",
    re.IGNORECASE,
)
_DAY = re.compile(r", ?(?=[A-Z][a-z]{2,8}\.? \d|\d)|\s\(")
COPYRIGHT = re.compile(r"\s*(?:copyright\b|©|\(c\)|.{0,80}\ball rights reserved\b)", re.IGNORECASE)
NOTE = re.compile(r"\s*corrections? appended\s*", re.IGNORECASE)  # stands where a title does, and is none
_CODES = fields_by_label("languages")
_TRUE = {"true", "1", "1.0", "yes", "y", "t"}


class Document(NamedTuple):
    """What a source says about one document: its text, named fields, and what is no part of the text."""

    text: str
    fields: dict[str, Any]
    cuts: list[Cut]


def label_of(line: str) -> tuple[str, str] | None:
    """Return the field and the value of a labelled line, or None."""
    match = _LABEL.match(line)
    if match is None:
        return None
    field = LABELS.get(match[1].lower().replace(" ", "-"))
    return (field, match[2].strip()) if field else None


def language_code(name: str | None) -> str | None:
    """Return the code of a language named in one of the languages of the databases."""
    words = re.findall(r"[^\W\d_]+", (name or "").lower())
    return next((_CODES[word] for word in words if word in _CODES), None)


def make_records(
    documents: Iterable[Document], *, form: str, encoding: str | None, cover: Sequence[Cut] = ()
) -> Iterator[Record | Reject]:
    """Make a record of each document; one without a text is a reject. The first takes what was cut from the cover."""
    for number, (text, fields, cuts) in enumerate(documents, 1):
        title, highlight = fields.get("title"), fields.pop("highlight", None)
        fields.pop("other", None)
        if place := fields.get("place"):
            fields["place"] = place_name(_DAY.split(place)[0].strip())
        fields["language"] = language_code(fields.get("language"))
        document = Document(text, fields, [*(cover if number == 1 else ()), *cuts])
        record = make_record(document, form=form, encoding=encoding)
        if record is None:
            yield Reject(f"document {number}, {title or 'without a title'!r}, has no text", line=number)
        else:
            yield replace(record, subtitles=(highlight, *record.subtitles)) if highlight else record


def make_record(document: Document, *, form: str, encoding: str | None, day_first: bool | None = None) -> Record | None:
    """Make a record, or None where no text is left; fields that no column of ours holds are its extras."""
    text, cuts = tidy(document.text)
    body, constructed = split_blocks(text, cuts)
    if not body:
        return None
    extras = dict(document.fields)
    own = {name: extras.pop(name, None) for name in ("source", "byline", "language", "title", "place", "date")}
    own_id, told = extras.pop("doc_id", None), extras.pop("constructed", None) or ""
    title_text, title_cuts = tidy(own["title"] or "")
    title = " ".join(title_text.split()) or None
    if title and body[0] == title and len(body) > 1:
        cuts.append(Cut("title repeated in the text", body.pop(0)))
    if own["date"]:
        extras["date_text"] = own["date"]
    lead = lead_of(body)
    noticed = any(NOTICE in cut.text.lower() for cut in document.cuts)
    return Record(
        body=tuple(body[lead:]),
        format=form,
        title=title,
        subtitles=tuple(body[:lead]),
        source=own["source"],
        byline=own["byline"],
        place=own["place"] or place_of(body, own["byline"]),
        when=parse_date(own["date"] or "", day_first=day_first),
        language=own["language"],
        own_id=own_id,
        encoding=encoding,
        constructed=constructed or noticed or told.lower() in _TRUE,
        cuts=(*document.cuts, *cuts, *title_cuts),
        extras=extras,
    )
