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
_PAGE_HEADER = re.compile(
    r"\d{1,3}|\d\d-\d{5}(?: \d{1,3}(?:/\d{1,3})?)?|\d{1,3}(?:/\d{1,3})? \d\d-\d{5}|A/\d+/PV\.\d+(?: \d\d/\d\d/\d{4})?"
    r"|\d\d/\d\d/\d{4} A/\d+/PV\.\d+"
)
_LANGUAGE_NOTE = re.compile(r"\((?:spoke|speaking|interpretation|continued|spoken) (?:in|from) \w+[^()]{0,80}\)")
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
    match = _NAME.fullmatch(name.name)
    if match is None:
        raise ValueError(f"{name.name!r} is not named as a speech of the archive is, such as 'XYZ_73_2018.txt'")
    country, session, year = match[1], int(match[2]), int(match[3])
    raw, encoding = decode(data)
    text, cuts = tidy(mark_indents(raw))
    lines, kept = text.split("\n"), []
    for line in lines:
        if _PAGE_HEADER.fullmatch(line):
            cuts.append(Cut("page header", line))
            kept.append("")
        elif _LANGUAGE_NOTE.fullmatch(line):
            cuts.append(Cut("language note", line))
            kept.append("")
        else:
            kept.append(line)
    text = _plain("\n".join(kept), cuts)
    return Record(
        body=tuple(_paragraphs([line.strip() for line in text.split("\n")], cuts)),
        format="UN General Debate",
        source="UN General Debate",
        when=parse_date(match[3]),
        language="en",
        own_id=name.stem,
        encoding=encoding,
        cuts=tuple(cuts),
        extras={"country": country, "year": year, "session": session},
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
