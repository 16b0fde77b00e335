"""Exports of Factiva in HTML: a table of codes, or blocks that are told by their place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from helpers.articles.readers import html
from helpers.articles.readers.clean import Cut
from helpers.articles.readers.dates import parse_date
from helpers.articles.readers.exports import LENGTH, Document, language_code, make_records
from helpers.articles.readers.labels import fields_by_label
from helpers.articles.readers.records import Record, Reject

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped,unused-ignore]

_CODES = fields_by_label("factiva")
_ARTICLE = re.compile(r"\b[a-z]{2,4}Article\b")  # the language of the text: enArticle, zhtwArticle
_DOCUMENT = re.compile(r"\s*(?:do[ck]umento?|документ|文[档檔件](?:编号|編號)?)\s+([A-Z0-9]{15,40})\s*", re.IGNORECASE)
_CLOCK = re.compile(r"\s*\d{1,2}[:.h]\d{2}(?::\d\d)?(?: ?[AP]M)?(?: GMT)?\s*", re.IGNORECASE)
_BY = re.compile(r"^(?:by|von|par|por|di|door)\s+", re.IGNORECASE)
_FEWEST = 2


def is_export(text: str) -> bool:
    """Tell whether a page is an export of Factiva."""
    return "articleParagraph" in text or ("factiva" in text[:20000].lower() and _ARTICLE.search(text) is not None)


def read_export(text: str) -> Iterator[Record | Reject]:
    """Read all documents of an export."""
    root = html.parse(text)
    found = [element for element in root.iter("div") if _ARTICLE.search(element.get("class") or "")]
    inside = [block for element in found for block in html.blocks(element)]
    cover = [Cut("cover page", block) for block in html.left_over(list(html.blocks(root)), inside)]
    yield from make_records(map(_read, found), form="Factiva HTML", cover=cover)


def _read(element: HtmlElement) -> Document:
    rows = [cells for row in element.iter("tr") if len(cells := row.findall("td")) == _FEWEST]
    coded = [(html.text_of(cells[0]), cells[1]) for cells in rows]
    if sum(code in _CODES for code, _ in coded) >= _FEWEST:
        text, fields, cuts = _from_table(coded)
    else:
        text, fields, cuts = _from_blocks(element)
    if time := fields.pop("time", None):
        fields["date"] = f"{fields.get('date', '')} {time}"
    if byline := fields.get("byline"):
        fields["byline"] = _BY.sub("", byline)
    return text, fields, cuts


def _from_table(coded: list[tuple[str, HtmlElement]]) -> Document:
    paragraphs: list[str] = []
    fields: dict[str, str] = {}
    cuts: list[Cut] = []
    for code, cell in coded:
        blocks = list(html.blocks(cell))
        value = " ".join(" ".join(blocks).split())
        name = _CODES.get(code)
        in_text = name == "text" or (name == "title" and name not in fields)
        if name == "text":
            paragraphs += blocks
        elif name and value:
            fields.setdefault(name, value)
        cuts.append(Cut("metadata", code if in_text else f"{code} {value}"))
    return "\n\n".join(paragraphs), fields, cuts


def _from_blocks(element: HtmlElement) -> Document:
    """Read blocks: section, headline, author, length, date, perhaps a time, source, and so on to the paragraphs."""
    paragraphs, author = _marked(element, "articleParagraph"), _marked(element, "author")
    fields = {"title": " ".join(_marked(element, "Headline")), "byline": "".join(author[:1])}
    blocks = [" ".join(block.split()) for block in html.blocks(element)]
    outside = html.left_over(blocks, [*paragraphs, fields["title"]])
    fields |= _by_place(outside)
    if outside and blocks[0] == outside[0] and not LENGTH.fullmatch(outside[0]) and outside[0] not in author:
        fields["section"] = outside[0]
    cuts = [Cut("metadata", block) for block in outside]
    return "\n\n".join(paragraphs), {name: value for name, value in fields.items() if value}, cuts


def _by_place(outside: list[str]) -> dict[str, str]:
    """Tell length, date, source and the rest by their order and form."""
    fields = {"length": next(filter(LENGTH.fullmatch, outside), "")}
    dates = (n for n, block in enumerate(outside) if (when := parse_date(block)) and when.precision == "day")
    dated = next(dates, None)
    if dated is not None:
        fields["date"], *rest = outside[dated:]
        if rest and _CLOCK.fullmatch(rest[0]):
            fields["time"] = rest.pop(0)
        fields["source"] = "".join(rest[:1])
    for block in outside:
        if match := _DOCUMENT.fullmatch(block):
            fields["accession_number"] = match[1]
        elif language_code(block) and len(block.split()) == 1:
            fields.setdefault("language", block)
    return fields


def _marked(element: HtmlElement, mark: str) -> list[str]:
    """Return the text of each element whose class ends with a mark."""
    found = [one for one in element.iter() if any(name.endswith(mark) for name in (one.get("class") or "").split())]
    return [text for one in found if (text := html.text_of(one))]
