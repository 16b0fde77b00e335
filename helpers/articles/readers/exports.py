"""What exports of news databases share: labels in several languages, and dates and lengths in a header."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from helpers.articles.readers.clean import NOTICE, tidy
from helpers.articles.readers.dates import parse_date
from helpers.articles.readers.pasted import lead_of, place_name, place_of, split_blocks
from helpers.articles.readers.records import Cut, Record, Reject
from helpers.articles.readers.words import fields_by_label

if TYPE_CHECKING:
    from collections.abc import Iterable

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


def make_record(  # noqa: PLR0913  (an export gives that many fields, each by its own name)
    paragraphs: Iterable[str],
    fields: dict[str, str],
    cuts: list[Cut],
    *,
    form: str,
    encoding: str | None,
    number: int,
    single: bool,
) -> Record | Reject:
    """Make a record of what a database says about one document; one without a text is a reject."""
    text, more = tidy("\n\n".join(paragraphs))
    body, constructed = split_blocks(text, more)
    title, title_cuts = tidy(fields.pop("title", ""))
    if not body:
        return Reject(f"document {number}, {title or 'without a title'!r}, has no text", line=number)
    date_text = fields.pop("date", None)
    when = parse_date(date_text) if date_text else None
    highlight = fields.pop("highlight", None)
    place, byline = fields.pop("place", None), fields.pop("byline", None)
    fields.pop("other", None)
    lead = lead_of(body)
    if date_text:
        fields["date_text"] = date_text
    constructed = constructed or any(NOTICE in cut.text.lower() for cut in cuts)
    return Record(
        body=tuple(body[lead:]),
        format=form,
        title=title or None,
        subtitles=((highlight,) if highlight else ()) + tuple(body[:lead]),
        source=fields.pop("source", None),
        byline=byline,
        place=(place_name(_DAY.split(place)[0].strip()) if place else None) or place_of(body, byline),
        date=when.date if when else None,
        date_precision=when.precision if when else None,
        language=language_code(fields.pop("language", None)),
        single=single,
        encoding=encoding,
        constructed=constructed,
        cuts=(*cuts, *more, *title_cuts),
        extras=fields,
    )
