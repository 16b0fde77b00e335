"""Corpora as they are published: speeches of the UN General Debate, and Wikinews in the SEL data set of saliency."""

import html
import json
import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from helpers.articles.readers.archive import Blob
from helpers.articles.readers.clean import Cut, cut_out, ends_sentence, is_wrapped, join_wrapped, mark_indents, tidy
from helpers.articles.readers.dates import parse_date
from helpers.articles.readers.labels import WORDS
from helpers.articles.readers.records import Record, Reject

# The metadata of a speech (doi:10.7910/DVN/0TJX8Y) stand in the name of its file.
_NAME = re.compile(r"([A-Z]{2,3})_(\d{2,3})_((?:19|20)\d\d)\.txt")
_FIRST_YEAR = 1945  # the session numbered n opens in the year 1945 + n
_LONG = 100  # no heading or address is longer
_NOT_SAID = {reason: re.compile(pattern, re.VERBOSE) for reason, pattern in WORDS["not_said"].items()}
_SPEECH_MARKUP = re.compile(
    r"\*{2,}|(?m:^(?:#{1,6}|>) ?)|(?m:^-{3,}$)|(?<![\w*])\*(?=[\w“\"'‘(\[])|(?<=[\w.,!?;:”\"'’)\]])\*(?!\w)"
)
_QUERY_MARK = re.compile(r"\?(?:(?<=[a-z]\?)(?=(?:s|t|re|ve|ll)\b)|(?<=s\?)(?= [a-z]))")
_FEWEST_MARKS = 3  # one question mark without a space after it may be a slip of the typist
_BODY = "body_par_"
# Closing brackets stand alone where the data set has cut the beginning of a link.
_WIKI_MARKUP = re.compile(r"'{2,}|\[\[|\]\]|\{\{|\}\}|</?\w{1,20}>|(?<![^\s>])\]")


def is_speech(name: PurePosixPath) -> bool:
    """Tell whether a file is named as the archive names a speech, with a session that fits its year."""
    match = _NAME.fullmatch(name.name)
    return match is not None and int(match[2]) + _FIRST_YEAR == int(match[3])


def read_speech(raw: str, name: PurePosixPath) -> Record:
    """Read one speech: page headers, language notes and markup out, broken lines joined."""
    country, session, year = name.stem.split("_")
    cuts: list[Cut] = []
    lines = tidy(mark_indents(raw), cuts).split("\n")
    for number, line in enumerate(lines):
        reasons = [reason for reason, pattern in _NOT_SAID.items() if pattern.fullmatch(line)]
        if reasons:
            cuts.append(Cut(reasons[0], line))
            lines[number] = ""
    text = "\n".join(lines)
    if "*" in text or "---" in text:  # the markup of later years
        text = cut_out(_SPEECH_MARKUP, "", text, cuts, "markup")
    if len(_QUERY_MARK.findall(text)) >= _FEWEST_MARKS:  # apostrophes that an old conversion turned into question marks
        text = cut_out(_QUERY_MARK, "’", text, cuts, "wrong encoding repaired")
    return Record(
        body=tuple(_paragraphs([line.strip() for line in text.split("\n")], cuts)),
        format="UN General Debate",
        source="UN General Debate",
        when=parse_date(year),
        language="en",
        own_id=name.stem,
        cuts=tuple(cuts),
        extras={"country": country, "year": int(year), "session": int(session)},
    )


def _paragraphs(lines: list[str], cuts: list[Cut]) -> list[str]:
    if is_wrapped(lines):
        return join_wrapped(lines, cuts)
    paragraphs: list[str] = []
    for line in filter(None, lines):
        # Later years keep a paragraph on a line, but a page break may still cut one in two.
        last = paragraphs[-1] if paragraphs else "."
        if not ends_sentence(last) and last[-1] != "…" and (line[0].islower() or len(last) > _LONG):
            paragraphs[-1] = f"{last} {line}"
        else:
            paragraphs.append(line)
    return paragraphs


def is_wikinews(head: str) -> bool:
    """Tell whether a file begins as the data set begins: one JSON object a line."""
    first = head.split("\n", 1)[0]
    return first.startswith("{") and '"wikinewsId"' in first and f'"{_BODY}000"' in first


def read_wikinews(blob: Blob) -> Iterator[Record | Reject]:
    """Read each article; a line that holds none is a reject with its number."""
    for number, line in enumerate(blob.read().decode("utf-8", "replace").splitlines(), 1):
        try:
            yield _read_news(json.loads(line))
        except (ValueError, LookupError, TypeError, AttributeError):
            yield Reject("the line is not an article of the data set", line=number)


def _read_news(row: dict[str, Any]) -> Record:
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
        cuts=tuple(cuts),
        extras={"url": f"https://en.wikinews.org/wiki/{row['wikiTitle']}"},
    )


def _plain(text: str, cuts: list[Cut]) -> str:
    return " ".join(cut_out(_WIKI_MARKUP, "", tidy(html.unescape(text), cuts), cuts, "markup").split())
