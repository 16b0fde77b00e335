"""Saved web pages: the article by trafilatura, metadata from what a page declares, the rest recorded as removed."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from helpers.articles.readers import html
from helpers.articles.readers.clean import is_notice, tidy
from helpers.articles.readers.dates import When, parse_date
from helpers.articles.readers.labels import WORDS
from helpers.articles.readers.pasted import place_of, split_blocks
from helpers.articles.readers.records import Cut, Record, Reject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement  # type: ignore[import-untyped,unused-ignore]

# Sites of their own making name the field in their own way.
_DATE_NAME = re.compile(
    r"(?:publish|pub|article|original)[^a-z]{0,2}[a-z]{0,8}(?:date|time)|date[^a-z]?(?:publish|original)"
)
_OTHER_DATE = re.compile(r"modif|updat|expir|event|url")
_NESTING = re.compile(
    r"</?(?:div|span|section|font|center|table|tbody|tr|td|b|i|em|strong|ul|ol|li|blockquote)\b[^<>]{0,2000}>",
    re.IGNORECASE,
)
_ARTICLE_TYPES = ("Article", "Posting", "Report", "WebPage")
_DEEPEST = 250  # elements within each other; the parser of trafilatura loses what lies deeper
_STROKES = 2
_BLOCKS_SEARCHED, _LONG_BLOCK = 20000, 40


def read_page(text: str, *, encoding: str) -> Record | Reject:
    """Read one saved page."""
    root = html.parse(text)
    if root is None or html.depth(root) > _DEEPEST:
        text = _NESTING.sub("\n", text)
        root = html.parse(text)
    if root is None:
        return Reject("the page holds nothing that can be shown")
    shown = list(html.blocks(root))
    paragraphs = _extract(text) or _paragraphs(root) or shown
    meta = _Meta(root)
    content, cuts = tidy("\n\n".join(paragraphs))
    body, constructed = split_blocks(content, cuts)
    title = meta.title()
    if body and title and body[0].lower() == title.lower():
        body = body[1:]
    if not body:
        return Reject("the page holds no article text")
    cuts += _left_over(shown, [*body, title or ""])
    notices = [value for value in meta.values.values() if is_notice(value)]
    cuts += [Cut("notice", value) for value in notices]
    byline = meta.byline()
    constructed = constructed or bool(notices) or any(is_notice(block) for block in shown)
    return Record(
        body=tuple(body),
        format="web page",
        title=title,
        source=meta.source(),
        byline=byline,
        place=place_of(body, byline),
        when=meta.date(),
        language=meta.language(),
        encoding=encoding,
        constructed=constructed,
        cuts=tuple(cuts),
        extras=meta.extras(),
    )


def _extract(text: str) -> list[str]:
    from trafilatura import bare_extraction

    try:
        found = bare_extraction(text, include_comments=False, with_metadata=False)
    except (RecursionError, ValueError, TypeError, AttributeError):  # what it raises on pages that break its parser
        return []
    lines = (getattr(found, "text", None) or "").split("\n")
    # A table of one cell was made for the layout; the strokes around the cell are trafilatura's.
    return [line.strip("| ") if line.count("|") == _STROKES else line for line in lines if line.strip("| ")]


def _paragraphs(root: HtmlElement) -> list[str]:
    """Return the paragraphs of a page that are long enough to be sentences."""
    found = [html.text_of(element) for element in root.iter("p")]
    return [text for text in found if len(text) > _LONG_BLOCK]


def _left_over(shown: list[str], kept: list[str]) -> list[Cut]:
    """Name the visible blocks of the page that are not in the article."""
    lines = Counter("".join(line.split()) for line in kept)
    hay = "\n".join(lines) if len(shown) < _BLOCKS_SEARCHED else ""
    within: Counter[str] = Counter()
    cuts = []
    for block in shown:
        bare = "".join(block.split())
        if lines[bare]:
            lines[bare] -= 1
        elif bare not in lines and len(bare) > _LONG_BLOCK and hay.count(bare) > within[bare]:
            within[bare] += 1
        else:
            cuts.append(Cut("notice" if is_notice(block) else "navigation", block))
    return cuts


class _Meta:
    """What a page declares about itself, in meta elements and JSON-LD."""

    def __init__(self, root: HtmlElement) -> None:
        self.root = root
        self.values: dict[str, str] = {}
        self.linked: dict[str, Any] = {}
        for element in root.iter("meta"):
            name = element.get("property") or element.get("name") or element.get("itemprop") or ""
            if name and element.get("content"):
                self.values.setdefault(name.lower(), element.get("content").strip())
        for block in _linked_data(root):
            self.linked = block if len(block) > len(self.linked) else self.linked

    def title(self) -> str | None:
        """Return the headline without the name of the site."""
        declared = [_text(self.linked.get("headline")), self.values.get("og:title"), self.values.get("twitter:title")]
        heads = [html.text_of(head) for head in self.root.iter("h1")]
        titles = [(title.text or "").strip() for title in self.root.iter("title")]
        found = next(filter(None, [*declared, *(heads if len(heads) == 1 else []), *titles, *heads]), None)
        if not found:
            return None
        found = " ".join(tidy(found)[0].split())
        for mark in (" | ", " - ", " – ", " — ", " :: "):
            front, _, back = found.rpartition(mark)
            if front and (back.lower() == (self.source() or "").lower() or front in heads):
                return front.strip()
        return found

    def source(self) -> str | None:
        """Return the name of the site, or the host that its address names."""
        names = [self.values.get("og:site_name"), _text(self.linked.get("publisher"))]
        names += [self.values.get("application-name"), urlsplit(self._address() or "").netloc.removeprefix("www.")]
        return next(filter(None, names), None)

    def byline(self) -> str | None:
        """Return the authors."""
        found = _text(self.linked.get("author")) or self.values.get("author") or self.values.get("article:author")
        if not found:
            marked = self.root.xpath("//*[@rel='author' or @itemprop='author' or contains(@class,'byline')]")
            found = html.text_of(marked[0]) if marked else None
        if not found or found.startswith("http"):
            return None
        return re.sub(r"^by:?\s+", "", " ".join(found.split()), flags=re.IGNORECASE)[:200] or None

    def date(self) -> When | None:
        """Return the date of publication from the fields made for it."""
        fields = [_text(self.linked.get("datePublished")), *(self.values.get(name) for name in WORDS["page_dates"])]
        fields += [
            value for name, value in self.values.items() if _DATE_NAME.search(name) and not _OTHER_DATE.search(name)
        ]
        fields += self.root.xpath("//*[@itemprop='datePublished']/@datetime | //*[@itemprop='datePublished']/@content")
        fields += self.root.xpath("(//article//time[@datetime])[1]/@datetime | //time[@pubdate]/@datetime")
        fields += [html.text_of(time) for time in self.root.xpath("(//article//time[not(@datetime)])[1]")]
        fields += self.root.xpath("//time[count(//time) = 1]/@datetime")
        return next((when for field in fields if field and (when := parse_date(field))), None)

    def language(self) -> str | None:
        """Return the language that the page declares."""
        declared = self.root.get("lang") or self.values.get("og:locale") or ""
        return declared[:2].lower() if re.match(r"[A-Za-z]{2}(?:[-_]|$)", declared) else None

    def extras(self) -> dict[str, str]:
        """Return the address and the section, where declared."""
        found = {"url": self._address(), "section": self.values.get("article:section")}
        return {name: value for name, value in found.items() if value}

    def _address(self) -> str | None:
        links = self.root.xpath("//link[@rel='canonical']/@href")
        return (links[0] if links else None) or self.values.get("og:url")


def _linked_data(root: HtmlElement) -> Iterator[dict[str, Any]]:
    """Yield the JSON-LD objects that describe an article."""
    for script in root.xpath("//script[@type='application/ld+json']/text()"):
        try:
            found = json.loads(script, strict=False)
        except (ValueError, RecursionError):
            continue
        items = found if isinstance(found, list) else [found]
        for item in items:
            graph = item.get("@graph", [item]) if isinstance(item, dict) else []
            for node in graph if isinstance(graph, list) else []:
                if isinstance(node, dict) and str(node.get("@type", "")).strip("[']").endswith(_ARTICLE_TYPES):
                    yield node


def _text(value: Any) -> str | None:  # noqa: ANN401  (JSON-LD holds strings, objects or lists of them for one key)
    if isinstance(value, list):
        return "; ".join(filter(None, map(_text, value[:10]))) or None
    if isinstance(value, dict):
        return _text(value.get("name"))
    return str(value).strip() or None if value is not None else None
