"""Articles of Wikinews as the SEL data set of entity salience publishes them: one JSON object a line."""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING, Any

from helpers.articles.readers.clean import tidy
from helpers.articles.readers.dates import parse_date
from helpers.articles.readers.records import Cut, Record, Reject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from helpers.articles.readers.archive import Blob

_BODY = "body_par_"
# Closing brackets stand alone where the data set has cut the beginning of a link.
_MARKUP = re.compile(r"'{2,}|\[\[|\]\]|\{\{|\}\}|</?\w{1,20}>|(?<![^\s>])\]")


def is_wikinews(head: str) -> bool:
    """Tell whether a file begins as the data set begins."""
    first = head.split("\n", 1)[0]
    return first.startswith("{") and '"wikinewsId"' in first and f'"{_BODY}000"' in first


def read_wikinews(blob: Blob) -> Iterator[Record | Reject]:
    """Read each article; a line that holds none is a reject with its number."""
    for number, line in enumerate(blob.read().decode("utf-8", "replace").splitlines(), 1):
        try:
            yield _read(json.loads(line))
        except (ValueError, LookupError, TypeError, AttributeError):
            yield Reject("the line is not an article of the data set", line=number)


def _read(row: dict[str, Any]) -> Record:
    parts: dict[str, str] = {part["name"]: part.get("value", "") for part in row["document"]}
    cuts: list[Cut] = []
    body = [_plain(text, cuts) for name, text in parts.items() if name.startswith(_BODY)]
    return Record(
        body=tuple(filter(None, body)),
        format="SEL Wikinews",
        title=_plain(parts["headline"], cuts) or None,
        source="Wikinews",
        when=parse_date(parts.get("dateline", "")),
        language="en",
        own_id=f"wikinews-{row['wikinewsId']}",
        encoding="utf-8",
        cuts=tuple(cuts),
        extras={"url": f"https://en.wikinews.org/wiki/{row['wikiTitle']}"},
    )


def _plain(text: str, cuts: list[Cut]) -> str:
    plain, more = tidy(html.unescape(text))
    if marks := _MARKUP.findall(plain):
        cuts.append(Cut("markup", " ".join(marks)))
    cuts.extend(more)
    return " ".join(_MARKUP.sub("", plain).split())
