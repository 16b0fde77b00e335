"""Text as pasted from a page: masthead, title, subtitles, header lines, dateline, headings, boilerplate."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from helpers.articles.readers.clean import (
    ends_sentence,
    is_boilerplate,
    is_notice,
    is_wrapped,
    join_wrapped,
    mark_indents,
    tidy,
)
from helpers.articles.readers.dates import When, date_and_words, parse_date
from helpers.articles.readers.labels import WORDS, fields_by_label
from helpers.articles.readers.records import Cut, Record, Reject

if TYPE_CHECKING:
    from collections.abc import Sequence

_KEYS = fields_by_label("pasted")
_FIELD = re.compile(r"([A-Za-z][A-Za-z -]{1,20}?) ?: +(\S.{0,300})")
_NAME = re.compile(r"[^\W\d_][\w.'’-]*,?|&")
_DASHED = re.compile(r"[–—•*-] ?(?=\S)")
_CAPITALS = r"[A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ.'’-]+(?: [A-ZÀ-ÖØ-Þ.'’-]+){0,3}"
_PLACE = rf"{_CAPITALS}(?:/{_CAPITALS})?(?:, (?:{_CAPITALS}|[A-Z][\w.]+(?: (?:and |of |the )?[A-Z][\w.]+){{0,3}}))?"
_DAY = r"(?:,? \(?(?:[A-Z][a-z]{2,8}\.?,? )?(?:[A-Z][a-z]{2,8}\.? \d{1,2}|\d{1,2} [A-Z][a-z]{2,8}\.?)(?:,? \d{4})?\)?)"
_AGENCY = r"(?: ?\([^()]{2,60}\))"
# A dateline opens the body: the place in capitals with a colon or a dash, or any capitalised place with an agency.
_DATELINE = re.compile(
    rf"(?P<place>{_PLACE}){_DAY}?{_AGENCY}?,? ?(?::|–|—|--|-)\s+(?=\S)"
    rf"|(?P<town>[A-Z][\w'’-]+(?: [A-Z][\w'’-]+){{0,2}}(?:, [A-Z][\w'’-]+)?){_DAY}?{_AGENCY} ?(?:–|—|--|-)\s+(?=\S)"
)
_CAPITALISED = re.compile(r"[^\W\d_]{3,}")
_NO_PLACE = frozenset(WORDS["no_place"])
_MASTHEAD_WORDS, _MASTHEAD_LENGTH, _TITLE_LENGTH, _HEADER_BLOCKS, _HEADER_LINES = 6, 48, 240, 12, 16
_BODY_WORDS = 12
_SHORT_NAME = 3
_SMALL = frozenset(WORDS["small"])
_PRESS = frozenset(WORDS["press"])
_BYLINE_WORDS, _LONGEST_SIGNATURE = 13, 160
_AUTHORS_SMALL = _SMALL.union(WORDS["offices"], "&")
# An author and a date stand in one line where a word or a mark between them says so.
_SIGNED = re.compile(r"\b(?:by|published|posted|updated|modified)\b|[|•·]", re.IGNORECASE)
_REPORTED_FROM = re.compile(r".* in ([A-Z][\w'’-]+(?: [A-Z][\w'’-]+){0,3})")
_PUBLISHED = re.compile(r"(?:[Ff]irst |[Oo]riginally )?[Pp]ublished in (?:the )?([^\d,]{2,60}), ([^,]{2,20}\d.{0,20})")
_LEAD_BLOCKS = 4


@dataclass
class _Header:
    """What has been recognised above the body so far."""

    fields: dict[str, str] = field(default_factory=dict)
    titles: list[str] = field(default_factory=list)
    when: When | None = None


def read_pasted(text: str, *, form: str = "text", encoding: str | None = None, cuts: Sequence[Cut] = ()) -> Record:
    """Read one pasted article; `cuts` is what has been taken out of it before."""
    text, more = tidy(mark_indents(text))
    cuts = [*cuts, *more]
    blocks, constructed = split_blocks(_apart(text), cuts)
    header = _Header()
    body = _read_header(blocks, header, cuts)
    title, subtitles, source = _sort_titles(header, cuts)
    source = source or _take_published(body, header, cuts)
    byline, language = header.fields.pop("byline", None), header.fields.pop("language", None)
    place = header.fields.pop("place", None) or place_of(body, byline)
    return Record(
        body=tuple(body),
        format=form,
        title=title,
        subtitles=tuple(subtitles),
        source=source,
        byline=byline,
        place=place,
        when=header.when,
        language=language,
        encoding=encoding,
        constructed=constructed,
        cuts=tuple(cuts),
        extras=header.fields,
    )


def read_article(
    text: str, *, form: str = "text", encoding: str | None = None, cuts: Sequence[Cut] = ()
) -> Record | Reject:
    """Read one pasted article; where cleaning leaves nothing, a reject."""
    record = read_pasted(text, form=form, encoding=encoding, cuts=cuts)
    return record if record.body or record.title else Reject("it holds no text once cleaned")


def split_blocks(text: str, cuts: list[Cut]) -> tuple[list[str], bool]:
    """Split tidied text into paragraphs, cutting lines of boilerplate and the teaching notice (told by the flag)."""
    constructed = False
    lines: list[str] = []
    for line in text.split("\n"):
        if not line:
            lines.append(line)
        elif is_notice(line):
            cuts.append(Cut("notice", line))
            constructed = True
        elif is_boilerplate(line):
            cuts.append(Cut("boilerplate", line))
        else:
            lines.append(line)
    return (join_wrapped(lines, cuts) if is_wrapped(lines) else [line for line in lines if line]), constructed


def _apart(text: str) -> str:
    """Put blank lines around the header lines, so that no joining of broken lines swallows them."""
    lines = text.split("\n", _HEADER_LINES)
    for number, line in enumerate(lines[:_HEADER_LINES]):
        match = _FIELD.fullmatch(line)
        if (match and match[1].strip().lower() in _KEYS) or _signature(line):
            lines[number] = f"\n{line}\n"
    return "\n".join(lines)


def dateline(paragraph: str) -> str | None:
    """Return the place a paragraph opens with, as in ``KABUL: ...``; capitals are written as names are."""
    match = _DATELINE.match(paragraph[:160])
    if match is None:
        return None
    place: str = match["place"] or match["town"]
    if place.upper() in _NO_PLACE or (match["place"] and len(place) < 3):  # noqa: PLR2004
        return None
    return place_name(place)


def place_of(body: Sequence[str], byline: str | None) -> str | None:
    """Return the place of the dateline near the head of a body, or the one that a by-line names (``... in Kabul``)."""
    found = next(filter(None, map(dateline, body[:_LEAD_BLOCKS])), None)
    match = _REPORTED_FROM.fullmatch(byline) if byline and not found and byline.count(" in ") == 1 else None
    return match[1] if match else found


def lead_of(body: Sequence[str]) -> int:
    """Return how many blocks above a dateline are subtitles."""
    at = next((n for n, block in enumerate(body[:_LEAD_BLOCKS]) if dateline(block)), 0)
    return 0 if any(ends_sentence(block) or len(block) > _TITLE_LENGTH for block in body[:at]) else at


def place_name(place: str) -> str:
    """Write a place in capitals as a name; ``U.S.`` and ``UK`` stay."""
    return _CAPITALISED.sub(lambda word: word[0].capitalize() if word[0].isupper() else word[0], place)


def _read_header(blocks: list[str], header: _Header, cuts: list[Cut]) -> list[str]:
    """Take the blocks above the body; what is not a title goes to the fields, and to the cuts."""
    for number, block in enumerate(blocks[:_HEADER_BLOCKS]):
        if _take_field(block, header, cuts):
            continue
        if _opens_body(block, header, blocks[number + 1 :]):
            return blocks[number:]
        header.titles.append(block)
    return blocks[_HEADER_BLOCKS:]


def _take_field(block: str, header: _Header, cuts: list[Cut]) -> bool:
    match = _FIELD.fullmatch(block)
    key = _KEYS.get(match[1].strip().lower()) if match else None
    if match and key is not None:
        if key == "date":
            header.when = header.when or parse_date(match[2])
            header.fields.setdefault("date_text", match[2])
        elif key == "title":
            header.titles.append(match[2])
            cuts.append(Cut("metadata", match[1] + ":"))
            return True
        elif key:
            header.fields.setdefault(key, match[2])
        cuts.append(Cut("metadata", block))
        return True
    signed = _signature(block)
    if signed is None or not (header.titles or header.fields or signed[1]):
        return False
    byline, when = signed
    if byline:
        header.fields.setdefault("byline", byline)
    if when:
        header.when = header.when or when
        header.fields.setdefault("date_text", block)
    cuts.append(Cut("metadata" if when else "byline", block))
    return True


def _take_published(body: list[str], header: _Header, cuts: list[Cut]) -> str | None:
    """Take the line below a text that says where and when it was published; return where."""
    match = _PUBLISHED.fullmatch(body[-1].rstrip(". ")) if len(body) > 1 else None
    when = parse_date(match[2]) if match else None
    if match is None or when is None:
        return None
    header.when = header.when or when
    header.fields.setdefault("date_text", match[2])
    cuts.append(Cut("metadata", body.pop()))
    return match[1].strip()


def _signature(line: str) -> tuple[str | None, When | None] | None:
    """Return author and date of a line that holds one of them or both, and nothing else."""
    if not line or len(line) > _LONGEST_SIGNATURE:
        return None
    words = line.split(" ")
    if words[0] in {"By", "BY", "by"} and _are_names(words[1:]):
        return line[3:].strip(" ,"), None
    dated = date_and_words(line)
    if dated is None or (dated[1] and not _SIGNED.search(line)):
        return None
    when, others = dated
    others = others[1:] if others and others[0].lower() == "by" else others
    return (" ".join(others) or None, when) if not others or _are_names(others) else None


def _are_names(words: list[str]) -> bool:
    """Tell whether words are the names of authors, their offices and places."""
    return 0 < len(words) < _BYLINE_WORDS and all(
        _NAME.fullmatch(word) and (not word[0].islower() or word.strip(",.") in _AUTHORS_SMALL) for word in words
    )


def _opens_body(block: str, header: _Header, rest: list[str]) -> bool:
    if not rest:
        return bool(header.titles) or ends_sentence(block) or len(block.split()) > _BODY_WORDS
    if len(block) > _TITLE_LENGTH:
        return True
    if _DASHED.match(block) and header.titles:
        return False
    if dateline(block) and header.titles:
        return True
    return bool(header.titles or len(block.split()) > _BODY_WORDS) and ends_sentence(block) and block[-1] not in "?:!"


def _sort_titles(header: _Header, cuts: list[Cut]) -> tuple[str | None, list[str], str | None]:
    """Tell masthead, title and subtitles apart: a masthead is a short name above something longer."""
    titles, source = header.titles, header.fields.pop("source", None)
    plain = [title for title in titles if not _DASHED.match(title)]
    if source and len(plain) > 1 and plain[0].lower() == source.lower():
        cuts.append(Cut("masthead", plain[0]))
        titles.remove(plain[0])
    elif source is None and len(plain) > 1 and titles[0] == plain[0] and _is_masthead(plain[0], plain[1]):
        source = titles.pop(0)
        cuts.append(Cut("masthead", source))
    if not titles:
        return None, [], source
    return titles[0], titles[1:], source


def _is_masthead(first: str, second: str) -> bool:
    words = first.split()
    if len(words) > _MASTHEAD_WORDS or len(first) > _MASTHEAD_LENGTH or len(words) >= len(second.split()):
        return False
    # A headline has a word in small letters or a number; a title-cased one is longer than most names of papers.
    named = all(word[0].isupper() or word in _SMALL for word in words) and not any(map(str.isdigit, first))
    return named and (len(words) <= _SHORT_NAME or any(word.lower().strip(".") in _PRESS for word in words))
