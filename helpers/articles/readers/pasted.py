"""Text as pasted from a page: masthead, title, subtitles, header lines, dateline, headings, boilerplate."""

import re
from collections.abc import Sequence

from helpers.articles.readers.clean import Cut, ends_sentence, mark_indents, split_blocks, tidy
from helpers.articles.readers.dates import parse_date, words_beside_date
from helpers.articles.readers.labels import WORDS, fields_by_label, label_of
from helpers.articles.readers.records import TITLE_LENGTH, Record, Reject, dateline, make_record

_KEYS = fields_by_label("pasted")
_LONGEST_FIELD = 300
_NAME = re.compile(r"[^\W\d_][\w.'’-]*,?|&")
_DASHED = re.compile(r"[–—•*-] ?(?=\S)")
_MASTHEAD_WORDS, _MASTHEAD_LENGTH, _HEADER_BLOCKS, _HEADER_LINES = 6, 48, 12, 16
_BODY_WORDS = 12
_SHORT_NAME = 3
_SMALL = frozenset(WORDS["small"])
_PRESS = frozenset(WORDS["press"])
_BYLINE_WORDS, _LONGEST_SIGNATURE = 13, 160
_AUTHORS_SMALL = _SMALL.union(WORDS["offices"], "&")
# An author and a date stand in one line where a word or a mark between them says so.
_SIGNED = re.compile(r"\b(?:by|published|posted|updated|modified)\b|[|•·]", re.IGNORECASE)
_PUBLISHED = re.compile(r"(?:[Ff]irst |[Oo]riginally )?[Pp]ublished in (?:the )?([^\d,]{2,60}), ([^,]{2,20}\d.{0,20})")


def read_pasted(text: str, *, form: str = "text", cuts: Sequence[Cut] = ()) -> Record | Reject:
    """Read one pasted article; `cuts` is what has been taken out of it before. Where nothing is left, a reject."""
    cuts = list(cuts)
    blocks = split_blocks(_apart(tidy(mark_indents(text), cuts)), cuts)
    fields: dict[str, str] = {}
    titles: list[str] = []
    body = _read_header(blocks, titles, fields, cuts)
    if not (body or titles):
        return Reject("it holds no text once cleaned")
    _take_masthead(titles, fields, cuts)
    if "source" not in fields:
        _take_published(body, fields, cuts)
    named = {"title": titles[0], "subtitles": titles[1:]} if titles else {}
    return make_record(body, fields | named, cuts, form=form)


def _apart(text: str) -> str:
    """Put blank lines around the header lines, so that no joining of broken lines swallows them."""
    lines = text.split("\n", _HEADER_LINES)
    for number, line in enumerate(lines[:_HEADER_LINES]):
        if _field_of(line) or _signature(line):
            lines[number] = f"\n{line}\n"
    return "\n".join(lines)


def _read_header(blocks: list[str], titles: list[str], fields: dict[str, str], cuts: list[Cut]) -> list[str]:
    """Take titles and fields from the blocks above the body, and return the body."""
    for number, block in enumerate(blocks[:_HEADER_BLOCKS]):
        if _take_field(block, titles, fields, cuts):
            continue
        if _opens_body(block, titles, blocks[number + 1 :]):
            return blocks[number:]
        titles.append(block)
    return blocks[_HEADER_BLOCKS:]


def _take_field(block: str, titles: list[str], fields: dict[str, str], cuts: list[Cut]) -> bool:
    """Take a block that is a labelled line, or names author or date; say whether it is one."""
    labelled = _field_of(block)
    found = labelled or _signature(block)
    if not found or not (labelled or titles or fields or "date" in found):
        return False
    if title := found.get("title"):
        titles.append(title)
        cuts.append(Cut("metadata", block.removesuffix(title)))
        return True
    for name, value in found.items():
        if name and (name not in fields or (name == "date" and parse_date(fields[name]) is None)):
            fields[name] = value
    cuts.append(Cut("metadata" if labelled or "date" in found else "byline", block))
    return True


def _field_of(line: str) -> dict[str, str] | None:
    found = label_of(line, _KEYS) if len(line) < _LONGEST_FIELD and not line.endswith(":") else None
    return dict([found]) if found else None


def _take_published(body: list[str], fields: dict[str, str], cuts: list[Cut]) -> None:
    """Take the line below a text that says where and when it was published."""
    match = _PUBLISHED.fullmatch(body[-1].rstrip(". ")) if len(body) > 1 else None
    if match and parse_date(match[2]):
        fields["source"] = match[1].strip()
        fields.setdefault("date", match[2])
        cuts.append(Cut("metadata", body.pop()))


def _signature(line: str) -> dict[str, str] | None:
    """Return the author and the date of a line that holds one of them or both, and nothing else."""
    if not line or len(line) > _LONGEST_SIGNATURE:
        return None
    words = line.split(" ")
    if words[0] in {"By", "BY", "by"} and _are_names(words[1:]):
        return {"byline": line[3:].strip(" ,")}
    others = words_beside_date(line)
    if others is None or (others and not _SIGNED.search(line)):
        return None
    others = others[1:] if others and others[0].lower() == "by" else others
    if others and not _are_names(others):
        return None
    return {"date": line} | ({"byline": " ".join(others)} if others else {})


def _are_names(words: list[str]) -> bool:
    """Tell whether words are the names of authors, their offices and places."""
    return 0 < len(words) < _BYLINE_WORDS and all(
        _NAME.fullmatch(word) and (not word[0].islower() or word.strip(",.") in _AUTHORS_SMALL) for word in words
    )


def _opens_body(block: str, titles: list[str], rest: list[str]) -> bool:
    long = len(block.split()) > _BODY_WORDS
    if not rest:
        return bool(titles) or ends_sentence(block) or long
    if len(block) > TITLE_LENGTH:
        return True
    if titles and (_DASHED.match(block) or dateline(block)):
        return not _DASHED.match(block)
    return bool(titles or long) and ends_sentence(block) and block[-1] not in "?:!"


def _take_masthead(titles: list[str], fields: dict[str, str], cuts: list[Cut]) -> None:
    """Take the masthead from the titles: a short name above something longer, or the source once more."""
    plain = [title for title in titles if not _DASHED.match(title)]
    if len(plain) < 2:  # noqa: PLR2004
        return
    source = fields.get("source")
    if plain[0].lower() == source.lower() if source else titles[0] == plain[0] and _is_masthead(*plain[:2]):
        fields.setdefault("source", plain[0])
        cuts.append(Cut("masthead", plain[0]))
        titles.remove(plain[0])


def _is_masthead(first: str, second: str) -> bool:
    words = first.split()
    if len(words) > _MASTHEAD_WORDS or len(first) > _MASTHEAD_LENGTH or len(words) >= len(second.split()):
        return False
    # A headline has a word in small letters or a number; a title-cased one is longer than most names of papers.
    named = all(word[0].isupper() or word in _SMALL for word in words) and not any(map(str.isdigit, first))
    return named and (len(words) <= _SHORT_NAME or any(word.lower().strip(".") in _PRESS for word in words))
