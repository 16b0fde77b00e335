"""HTML to blocks of visible text, for pages however broken or deeply nested."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from helpers.articles.readers.decode import decode
from helpers.articles.readers.labels import WORDS
from helpers.articles.readers.records import UnreadableError

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped,unused-ignore]

_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w-]{2,20})""", re.IGNORECASE)
_MARKED = re.compile(r"<(?:!doctype html|html|head|body)\b", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:p|div|span|a|br|table|td|article|section|h[1-6]|meta|script|ul|li)\b[^<>]{0,500}>", re.IGNORECASE
)
_CONTAINER = re.compile(rf"</?(?:{'|'.join(WORDS['containers'])})\b[^<>]{{0,2000}}>", re.IGNORECASE)
_DEEPEST = 250  # elements within each other; parsers lose what lies deeper
_LONG_TAG = re.compile(r"<(\w{1,20})\s[^<>]{5000,}>")
_DECLARED = 5000  # letters, in which a page declares itself; comments may stand above
_SOME_TAGS = 6  # this many tags make a page of a text that does not declare itself one
_BLOCKS_SEARCHED, _LONG_BLOCK = 20000, 40
_BREAK = "\u2028"  # between lines of a block; an end of line in the source is a space
_HIDDEN = {"script", "style", "noscript", "template", "svg", "head", "iframe", "object", "select", "textarea", "title"}
_BLOCKS = frozenset(WORDS["blocks"])


def is_html(head: str) -> bool:
    """Tell whether a text is a web page, declared or not."""
    marked = head.lstrip("\ufeff \n\r\t").startswith("<") and _MARKED.search(head[:_DECLARED])
    return bool(marked) or len(_TAG.findall(head[:20000])) >= _SOME_TAGS


def decode_html(data: bytes) -> tuple[str, str]:
    """Decode a page by its byte order mark, by what it declares where that fits, or by its bytes."""
    declared = _CHARSET.search(data[:4096])
    text, encoding = decode(data, declared=declared[1].decode("ascii", errors="replace") if declared else None)
    # The parser compares each attribute with all before it; what stands in a tag is no text.
    return _LONG_TAG.sub(r"<\1>", text), encoding


def parse(text: str) -> HtmlElement:
    """Parse a page, without mere containers where they nest too deep; an error where it shows nothing."""
    from lxml import etree, html  # type: ignore[import-untyped,unused-ignore]

    # Characters that XML forbids would end the parse.
    clean = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "", text)
    clean = re.sub(r"^\s*<\?xml[^>]{0,200}\?>", "", clean)
    try:
        root = html.document_fromstring(clean, parser=html.HTMLParser(huge_tree=True, remove_pis=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableError("the page holds nothing that can be shown") from error
    too_deep = root.xpath("/*" * _DEEPEST) and _CONTAINER.search(clean)
    return parse(_CONTAINER.sub("\n", clean)) if too_deep else root


def blocks(root: HtmlElement) -> Iterator[str]:
    """Yield the visible text block by block; a line break within a block stays one. Needs no recursion."""
    from lxml import etree  # type: ignore[import-untyped,unused-ignore]

    pieces: list[str] = []
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        tag = element.tag if isinstance(element.tag, str) else ""
        if tag in _BLOCKS:
            yield from _flush(pieces)
        if event == "start":
            if tag in _HIDDEN or not tag:
                walker.skip_subtree()
            elif element.text:
                pieces.append(element.text)
            if tag == "br":
                pieces.append(_BREAK)
        elif element is not root and element.tail:
            pieces.append(element.tail)
    yield from _flush(pieces)


def text_of(element: HtmlElement) -> str:
    """Return the visible text of one element on one line."""
    return " ".join(" ".join(blocks(element)).split())


def left_over(shown: list[str], kept: list[str], *, parts: bool = False) -> list[str]:
    """Return the blocks of a page that are not in what was kept of it; one that stands twice and was kept once is.

    With `parts`, a long block may also be a part of what was kept.
    """
    lines = Counter("".join(line.split()) for line in kept)
    hay = "\n".join(lines) if parts and len(shown) < _BLOCKS_SEARCHED else ""
    within: Counter[str] = Counter()
    left = []
    for block in shown:
        bare = "".join(block.split())
        if lines[bare]:
            lines[bare] -= 1
        elif bare not in lines and len(bare) > _LONG_BLOCK and hay.count(bare) > within[bare]:
            within[bare] += 1
        else:
            left.append(block)
    return left


def _flush(pieces: list[str]) -> Iterator[str]:
    lines = "".join(pieces).split(_BREAK)
    pieces.clear()
    if text := "\n".join(filter(None, (" ".join(line.split()) for line in lines))):
        yield text
