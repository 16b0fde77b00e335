"""Exports of Nexis, Lexis Advance and ProQuest, in lines or blocks: labels above and below the body of a document."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

from helpers.articles.readers import html
from helpers.articles.readers.clean import Cut, join_wrapped, paragraphs_of
from helpers.articles.readers.dates import parse_date
from helpers.articles.readers.labels import WORDS, fields_by_label, label_of, line_pattern
from helpers.articles.readers.records import Record, Reject, make_record, place_name

_NEXIS, _PROQUEST = fields_by_label("exports"), fields_by_label("proquest")
_CODES = fields_by_label("languages")
_is_proquest_label = partial(label_of, fields=_PROQUEST)
# "3 of 74 DOCUMENTS" opens a document of the older formats, in the language of the interface.
_OF = r"\d{1,5} (?:of|von|de|di|van|sur) \d{1,5}"
_MARKER = re.compile(rf"\s*(?:{_OF} do[ck]ument\w{{0,2}}|do[ck]umento? {_OF})\s*", re.IGNORECASE)
_HTML_MARKER = re.compile(rf">\s*{_OF} DO[CK]UMENT")
_RULE = re.compile(r"\s*_{20,}\s*")
_FULL_TEXT = re.compile(r"(?m)^[ \t]*(Full text:) ?")
END, _BODY = line_pattern("document_ends"), line_pattern("body_begins")
_BELOW = line_pattern("body_ends", "document_ends")
_SECTION, _CORRECTION = line_pattern("sections"), line_pattern("corrections")
# What stands above a title, where no blank line parts them: the last lines of the cover, and the document before.
_ABOVE = re.compile(
    rf"(?:{END.pattern}|{_RULE.pattern}|{_MARKER.pattern})$|(?:{'|'.join(WORDS['cover'])})(?!\w)", re.IGNORECASE
)
_COPYRIGHT = re.compile(r"\s*(?:copyright\b|©|\(c\)|.{0,80}\ball rights reserved\b)", re.IGNORECASE)
LENGTH = re.compile(rf"[\d.,' ]{{1,9}} ?(?:{'|'.join(WORDS['length_in'])})\b", re.IGNORECASE)
_DAY = re.compile(r", ?(?=[A-Z][a-z]{2,8}\.? \d|\d)|\s\(")
_TITLE_BLOCKS = 4
_LONGEST_DATE = 80
# The text of a document, its named fields, and what is no part of the text.
Document = tuple[str, dict[str, Any], list[Cut]]


def is_older(text: str) -> bool:
    """Tell whether a plain text is an export of Lexis of the oldest kind."""
    return any(map(_MARKER.fullmatch, text.split("\n", 400)[:400]))


def is_newer(text: str) -> bool:
    """Tell whether a plain text has the document ends of Nexis Uni or Lexis Advance."""
    return "Load-Date" in text and any(map(END.fullmatch, text.split("\n")))


def is_older_page(text: str) -> bool:
    """Tell whether a page is an export of Nexis of the older kind."""
    return "<DOCFULL>" in text or "LXNComment" in text or _HTML_MARKER.search(text) is not None


def is_proquest(text: str) -> bool:
    """Tell whether a plain text is an export of ProQuest: documents apart by a rule."""
    return "\nFull text:" in text and any(map(_RULE.fullmatch, text.splitlines()))


def read_older(text: str, *, form: str = "Lexis text") -> Iterator[Record | Reject]:
    """Read an export of Lexis of the oldest kind: blocks apart by blank lines, lines broken by width."""
    lines = text.splitlines()
    starts = [number for number, line in enumerate(lines) if _MARKER.fullmatch(line)]
    documents = (_older(lines[start:end]) for start, end in pairwise([*starts, len(lines)]))
    yield from make_records(documents, form=form, cover=_cover(lines[: min(starts, default=0)]))


def read_older_page(text: str) -> Iterator[Record | Reject]:
    """Read an export of Nexis in HTML: one paragraph a block."""
    return read_older("\n\n".join(html.blocks(html.parse(text))), form="Nexis HTML")


def read_newer(text: str, *, form: str = "Nexis text", cuts: Sequence[Cut] = ()) -> Iterator[Record | Reject]:
    """Read an export of Nexis Uni or Lexis Advance: a line says where each document ends.

    `cuts` is what has been taken out before; it goes to the first document.
    """
    lines = text.splitlines()
    ends = [number for number, line in enumerate(lines, 1) if END.fullmatch(line)]
    edges = pairwise([0, *ends[:-1], len(lines)])
    documents = (_newer(lines[start:end], _NEXIS, _is_length, _BELOW.fullmatch) for start, end in edges)
    yield from make_records(documents, form=form, cover=cuts)


def read_proquest(text: str) -> Iterator[Record | Reject]:
    """Read an export of ProQuest; what stands between two rules and has no labels belongs to the cover."""
    lines = _FULL_TEXT.sub(r"\1\n", text).splitlines()
    rules = [number for number, line in enumerate(lines) if _RULE.fullmatch(line)]
    parts: dict[bool, list[list[str]]] = {True: [], False: []}
    for start, end in pairwise([0, *rules, len(lines)]):
        parts[any(map(_is_proquest_label, lines[start:end]))].append(lines[start:end])
    cover = [cut for part in parts[False] for cut in _cover(part)]
    documents = (_newer(part, _PROQUEST, _is_proquest_label, _is_proquest_label) for part in parts[True])
    yield from make_records(documents, form="ProQuest text", cover=cover)


def language_code(name: str | None) -> str | None:
    """Return the code of a language named in one of the languages of the databases."""
    words = re.findall(r"[^\W\d_]+", (name or "").lower())
    return next((_CODES[word] for word in words if word in _CODES), None)


def make_records(documents: Iterable[Document], *, form: str, cover: Sequence[Cut] = ()) -> Iterator[Record | Reject]:
    """Make a record of each document; one without a text is a reject. The first takes what was cut from the cover."""
    for number, (text, fields, found) in enumerate(documents, 1):
        cuts = [*(cover if number == 1 else ()), *found]
        body = paragraphs_of(text, cuts)
        if not body:
            title = fields.get("title") or "without a title"
            yield Reject(f"document {number}, {title!r}, has no text", line=number)
            continue
        if highlight := fields.pop("highlight", None):
            fields["subtitles"] = [highlight]
        if place := fields.get("place"):
            fields["place"] = place_name(_DAY.split(place)[0].strip())
        fields["language"] = language_code(fields.get("language"))
        yield make_record(body, fields, cuts, form=form)


def _older(lines: list[str]) -> Document:
    """Read a document of the older formats: marker, source, date, title, labels, body, labels, copyright."""
    marker, *lines = lines
    blocks = [block.strip("\n") for block in "\n".join(map(str.strip, lines)).split("\n\n") if block.strip()]
    corrections, blocks = _parted(blocks, _CORRECTION)
    fields: dict[str, str] = {}
    labelled = next((n for n, block in enumerate(blocks) if label_of(block, _NEXIS)), len(blocks))
    dated = next((n for n, block in enumerate(blocks[: min(labelled, 8)]) if _is_date(block.split("\n")[0])), None)
    start = min(1, labelled) if dated is None else dated + 1
    if dated is not None:
        fields["date"] = blocks[dated].split("\n")[0]
    if names := [block for block in blocks[: start if dated is None else dated] if not _COPYRIGHT.match(block)]:
        fields["source"] = " ".join(names[-1].split())
    # Without labels nothing tells where a title of several blocks ends, so it is taken to be one.
    above = labelled < _tail(blocks, start) and labelled - start <= _TITLE_BLOCKS
    at = labelled if above else min(start + 1, len(blocks))
    titles = [block for block in blocks[start:at] if not _COPYRIGHT.match(block)]
    if titles:
        fields["title"] = " ".join(" ".join(titles).split())
    others = [block for n, block in enumerate(blocks[:at]) if n < start or block not in titles]
    labels_at = at
    while at < len(blocks) and label_of(blocks[at], _NEXIS):
        at += 1
    end = _tail(blocks, at)
    labels = [*blocks[labels_at:at], *blocks[end:]]
    cuts = _metadata([marker, *corrections, *others, *labels])
    body = ["\n".join(join_wrapped(block.split("\n"), cuts)) for block in blocks[at:end]]
    return ("\n\n".join(body), _labelled(labels, _NEXIS) | fields, cuts)


def _newer(
    lines: list[str], labels: Mapping[str, str], first: Callable[[str], object], closes: Callable[[str], object]
) -> Document:
    """Read a document of Nexis Uni, Lexis Advance or ProQuest: title, source, date, labels, body, labels.

    `first` knows the first line of the labels above the body, `closes` the line that follows the body.
    """
    corrections, lines = _parted(lines, _CORRECTION)
    opened = next((n for n, line in enumerate(lines) if _BODY.fullmatch(line)), len(lines))
    top = next((n for n in range(opened) if first(lines[n])), opened)
    at = opened + 1 if opened < len(lines) else top
    while at < len(lines) and (not lines[at].strip() or (opened == len(lines) and label_of(lines[at], labels))):
        at += 1
    while top and (not lines[top - 1].strip() or label_of(lines[top - 1], labels)):
        top -= 1
    end = _tail(lines[: next((n for n in range(at, len(lines)) if closes(lines[n])), len(lines))], at)
    begins, ends, fields = _heading(lines[:top])
    fields |= _labelled([*lines[top:at], *lines[end:]], labels)
    sections, body = _parted(lines[at:end], _SECTION)
    cuts = [*_cover(lines[:begins]), *_metadata([*corrections, *lines[ends:at], *lines[end:], *sections])]
    heading = " ".join(" ".join(lines[begins:ends]).split())
    if fields.setdefault("title", heading) != heading:
        cuts += _metadata([heading])
    return ("\n".join(body), fields, cuts)


def _parted(lines: list[str], pattern: re.Pattern[str]) -> tuple[list[str], list[str]]:
    """Return the lines that a pattern matches as a whole, and the others."""
    found = [line for line in lines if pattern.fullmatch(line)]
    return found, [line for line in lines if not pattern.fullmatch(line)]


def _is_length(line: str) -> bool:
    found = label_of(line, _NEXIS)
    return found is not None and found[0] == "length" and LENGTH.match(found[1]) is not None


def _heading(lines: list[str]) -> tuple[int, int, dict[str, str]]:
    """Find title, source and date in the lines above the labels; return where the title begins and ends."""
    above = [n for n, line in enumerate(lines) if line.strip() and not _COPYRIGHT.match(line)]
    dated = next((n for n in reversed(above) if _is_date(lines[n])), None)
    last = max(above, default=0) if dated is None else dated
    first, end = last, (last + 1 if dated is None else last)
    while first > 0 and lines[first - 1].strip() and not _ABOVE.match(lines[first - 1]):
        first -= 1
    fields = {} if dated is None else {"date": " ".join(lines[dated].split())}
    if end - first > 1:
        end -= 1
        fields["source"] = " ".join(lines[end].split())
    return first, end, fields


def _labelled(lines: list[str], labels: Mapping[str, str]) -> dict[str, str]:
    """Return the fields of labelled lines; the first of a name counts."""
    fields: dict[str, str] = {}
    for name, value in filter(None, (label_of(line, labels) for line in lines)):
        if name and value:
            fields.setdefault(name, value)
    return fields


def _cover(lines: list[str]) -> list[Cut]:
    text = "\n".join(filter(str.strip, lines)).strip()
    return [Cut("cover page", text)] if text else []


def _metadata(lines: list[str]) -> list[Cut]:
    return [Cut("metadata", line.strip()) for line in lines if line.strip()]


def _tail(lines: list[str], at: int) -> int:
    """Return where the labels below the body begin, looking from the end."""
    end = len(lines)
    while end > at and (
        not (last := lines[end - 1]).strip() or label_of(last, _NEXIS) or _COPYRIGHT.match(last) or END.fullmatch(last)
    ):
        end -= 1
    return end


def _is_date(line: str) -> bool:
    when = parse_date(line)
    return when is not None and when.precision != "year" and len(line) < _LONGEST_DATE
