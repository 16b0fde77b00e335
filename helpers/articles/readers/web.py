"""Saved web pages: text and metadata by trafilatura, dates from the fields made for them, the rest as removed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from helpers.articles.readers import html
from helpers.articles.readers.clean import Cut, is_notice, paragraphs_of, tidy
from helpers.articles.readers.dates import parse_date
from helpers.articles.readers.labels import WORDS
from helpers.articles.readers.records import Record, Reject, make_record

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped,unused-ignore]

_DATE_NAME, _OTHER_DATE = re.compile(WORDS["page_date_names"]), re.compile(WORDS["page_date_others"])
_LINKED_DATE = re.compile(r'"datePublished"\s{0,9}:\s{0,9}"([^"]{4,60})"')
_STROKES = 2
_LONG_BLOCK = 40


def read_page(text: str) -> Record | Reject:
    """Read one saved page."""
    root = html.parse(text)
    declared = _declared(root)
    fields = _fields(root, declared)
    title = fields.get("title", "")
    shown = list(html.blocks(root))
    cuts: list[Cut] = []
    long = [block for block in shown if len(block) > _LONG_BLOCK]
    body = paragraphs_of("\n\n".join(_extract(root) or long or shown), cuts)
    if body and body[0].lower() == title.lower():
        body = body[1:]
    if not body:
        return Reject("the page holds no article text")
    left_over = html.left_over(shown, [*body, title], parts=True)
    cuts += [Cut("notice" if is_notice(block) else "navigation", block) for block in left_over]
    cuts += [Cut("notice", value) for value in declared.values() if is_notice(value)]
    return make_record(body, fields, cuts, form="web page")


def _extract(root: HtmlElement) -> list[str]:
    from trafilatura import bare_extraction

    found = None
    with suppress(RecursionError, ValueError, TypeError, AttributeError):  # what it raises on pages that break it
        found = bare_extraction(root, include_comments=False, with_metadata=False)
    lines = (getattr(found, "text", None) or "").split("\n")
    # A table of one cell was made for the layout; the strokes around the cell are trafilatura's.
    return [line.strip("| ") if line.count("|") == _STROKES else line for line in lines if line.strip("| ")]


def _declared(root: HtmlElement) -> dict[str, str]:
    """Return what a page declares about itself in meta elements."""
    declared: dict[str, str] = {}
    for element in root.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        if name and element.get("content"):
            declared.setdefault(name.lower(), element.get("content").strip())
    return declared


def _fields(root: HtmlElement, declared: dict[str, str]) -> dict[str, str]:
    """Return title, source, author, date, language, address and section, where the page has them."""
    from trafilatura.metadata import extract_metadata

    meta = extract_metadata(root, extensive=False)  # its date is not used: it may come from words of the text
    language = root.get("lang") or declared.get("og:locale") or ""
    fields = {
        "title": " ".join(tidy(meta.title or "", []).split()),
        "source": meta.sitename or meta.hostname,
        "byline": declared.get("author") or meta.author,
        "date": next(filter(parse_date, _dates(root, declared)), None),
        "language": language[:2].lower() if re.match(r"[A-Za-z]{2}(?:[-_]|$)", language) else None,
        "url": meta.url,
        "section": declared.get("article:section"),
    }
    return {name: value for name, value in fields.items() if value}


def _dates(root: HtmlElement, declared: dict[str, str]) -> Iterator[str]:
    """Yield what stands in the fields made for the date of publication, the surest first."""
    for script in root.xpath("//script[@type='application/ld+json']/text()"):
        yield from _LINKED_DATE.findall(script)
    yield from (declared[name] for name in WORDS["page_dates"] if name in declared)
    yield from (value for name, value in declared.items() if _DATE_NAME.search(name) and not _OTHER_DATE.search(name))
    for path in WORDS["page_date_elements"]:
        yield from map(str, root.xpath(path))
