"""Speeches of the UN General Debate as published (doi:10.7910/DVN/0TJX8Y): the metadata stand in the file name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from helpers.articles.readers.clean import ends_sentence, is_wrapped, join_wrapped, mark_indents, tidy
from helpers.articles.readers.dates import parse_date
from helpers.articles.readers.decode import decode
from helpers.articles.readers.records import Cut, Record

if TYPE_CHECKING:
    from pathlib import PurePosixPath

_NAME = re.compile(r"([A-Z]{2,3})_(\d{2,3})_((?:19|20)\d\d)\.txt")
_FIRST_YEAR = 1945  # the session numbered n opens in the year 1945 + n
_LONG = 100  # no heading or address is longer
_NO_SPEECH = {
    "page header": re.compile(
        r"\d{1,3}|\d\d-\d{5}(?: \d{1,3}(?:/\d{1,3})?)?|\d{1,3}(?:/\d{1,3})? \d\d-\d{5}"
        r"|A/\d+/PV\.\d+(?: \d\d/\d\d/\d{4})?|\d\d/\d\d/\d{4} A/\d+/PV\.\d+"
    ),
    "language note": re.compile(r"\((?:spoke|speaking|interpretation|continued|spoken) (?:in|from) \w+[^()]{0,80}\)"),
}
_MARKUP = re.compile(
    r"\*{2,}|(?m:^(?:#{1,6}|>) ?)|(?m:^-{3,}$)|(?<![\w*])\*(?=[\w“\"'‘(\[])|(?<=[\w.,!?;:”\"'’)\]])\*(?!\w)"
)
_QUERY_MARK = re.compile(r"\?(?:(?<=[a-z]\?)(?=(?:s|t|re|ve|ll)\b)|(?<=s\?)(?= [a-z]))")


def is_speech(name: PurePosixPath) -> bool:
    """Tell whether a file is named as the archive names a speech, with a session that fits its year."""
    match = _NAME.fullmatch(name.name)
    return match is not None and int(match[2]) + _FIRST_YEAR == int(match[3])


def read_speech(data: bytes, name: PurePosixPath) -> Record:
    """Read one speech: page headers, language notes and markup out, broken lines joined."""
    country, session, year = name.stem.split("_")
    raw, encoding = decode(data)
    text, cuts = tidy(mark_indents(raw))
    lines = text.split("\n")
    for number, line in enumerate(lines):
        reasons = [reason for reason, pattern in _NO_SPEECH.items() if pattern.fullmatch(line)]
        if reasons:
            cuts.append(Cut(reasons[0], line))
            lines[number] = ""
    text = _plain("\n".join(lines), cuts)
    return Record(
        body=tuple(_paragraphs([line.strip() for line in text.split("\n")], cuts)),
        format="UN General Debate",
        source="UN General Debate",
        when=parse_date(year),
        language="en",
        own_id=name.stem,
        encoding=encoding,
        cuts=tuple(cuts),
        extras={"country": country, "year": int(year), "session": int(session)},
    )


def _plain(text: str, cuts: list[Cut]) -> str:
    """Take out the markup of later years, and mend apostrophes that an old conversion turned into question marks."""
    if ("*" in text or "---" in text) and (marks := [mark for mark in _MARKUP.findall(text) if mark.strip()]):
        cuts.append(Cut("markup", " ".join(marks)))
        text = _MARKUP.sub("", text)
    broken = _QUERY_MARK.findall(text)
    if len(broken) > 2:  # noqa: PLR2004  (one question mark without a space after it may be a slip of the typist)
        cuts.append(Cut("wrong encoding repaired", " ".join(broken)))
        text = _QUERY_MARK.sub("’", text)
    return text


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
