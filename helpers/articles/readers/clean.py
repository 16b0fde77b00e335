"""Cleaning as recorded steps: what leaves a text is returned as cuts, beside the text."""

import itertools
import re
import unicodedata
from collections.abc import Callable
from typing import NamedTuple

from helpers.articles.readers.decode import CP1252
from helpers.articles.readers.labels import WORDS

NOTICE = "constructed for teaching"

_NEWLINES = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile(r"[^\S\n]{2,}|[^\S \n]")
_EDGES = re.compile(r" \n ?|\n ")  # runs of spaces are one space by then
_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1f\x7f\xad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff]+")
# Joiners shape words in Arabic and Indic scripts; between Latin letters they are debris.
_JOINERS = re.compile("[\u200c\u200d](?<![\u0600-\u0dff].)(?![\u0600-\u0dff\u2190-\uffff\U0001f000-\U0001faff])")
_LIGATURES = re.compile("[\ufb00-\ufb04]")
# UTF-8 read as Windows-1252: a lead byte and its followers, each shown as the character of its byte.
_FOLLOWERS = "".join({CP1252[byte] for byte in range(0x80, 0xC0)} - {"\ufffd"}) + "\x81\x8d\x8f\x90\x9d"
_FOLLOWER = f"[{re.escape(_FOLLOWERS)}]"
_MOJIBAKE = re.compile(rf"[ÂÃ]{_FOLLOWER}|â{_FOLLOWER}{{2}}|(?<=[a-z.,;:!?'\"’”)\]])Â(?=\s|$)")
_BYTES = {char: byte for byte, char in CP1252.items()}

_INDENT = re.compile(r"\r?\n[ \t]+(?=\S)")

_HYPHEN = re.compile(r"((?:[^\W\d_]|-)+)-$")  # searched in the last letters of a line only
_LONGEST_WORD = 40
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*+")
_SUSPENDED = re.compile(r"(?:and|or|to)\b")  # short- and long-term
_OFTEN = 0.05  # where more lines than this end in a hyphen, the setter broke words
_TERMINAL = re.compile(r"[.!?:;…।۔。؟][\"'”’»)\]*]*$")
_FEWEST = 3  # lines, before anything is said about how they were broken
_FULL_LINE = 0.88  # a line that the next word would have overrun by less than this is taken as full
_HEADING = 0.6
_SHORTEST_WRAP, _LONGEST_WRAP = 30, 110

# A line that is a share line, a navigation line or the like, and nothing else, is no part of an article.
# Every alternative is anchored at both ends.
_BOILERPLATE = re.compile(
    f"(?:{WORDS['boilerplate']['lines']})".replace("SHARE", WORDS["boilerplate"]["share"]), re.VERBOSE
)
_LONGEST_BOILERPLATE = 200


class Cut(NamedTuple):
    """A piece taken out of a text, and why."""

    reason: str
    text: str


def tidy(text: str, cuts: list[Cut]) -> str:
    """Return a text with plain spaces and line ends, composed letters and no invisible characters.

    Quotation marks, ellipses, dashes and brackets stay as they are. What is taken out is added to the cuts.
    """
    if not text.isascii():
        if "â" in text or "Ã" in text or "Â" in text:
            text = cut_out(_MOJIBAKE, _unscramble, text, cuts, "wrong encoding repaired")
        if any(char in text for char in "ﬀﬁﬂﬃﬄ\u200c\u200d"):
            text = cut_out(_LIGATURES, lambda m: unicodedata.normalize("NFKC", m[0]), text, cuts, "ligature spelt out")
            text = cut_out(_JOINERS, "", text, cuts, "invisible characters")
        text = unicodedata.normalize("NFC", text)
    # Python calls every space but the plain one unprintable, so this one quick look spares most texts three slow ones.
    printable = text.replace("\n", " ").isprintable()
    if not printable:
        text = _NEWLINES.sub("\n", text)
        text = cut_out(_INVISIBLE, "", text, cuts, "invisible characters")
    if not printable or "  " in text:
        text = _SPACES.sub(" ", text)
    if " \n" in text or "\n " in text:
        text = _EDGES.sub("\n", text)
    return text.strip()


def paragraphs_of(text: str, cuts: list[Cut]) -> list[str]:
    """Tidy a text and split it into paragraphs; what is taken out is added to the cuts."""
    return split_blocks(tidy(text, cuts), cuts)


def split_blocks(text: str, cuts: list[Cut]) -> list[str]:
    """Split tidied text into paragraphs; lines of boilerplate and the teaching notice are added to the cuts."""
    lines: list[str] = []
    for line in text.split("\n"):
        if is_notice(line):
            cuts.append(Cut("notice", line))
        elif 0 < len(line) <= _LONGEST_BOILERPLATE and _BOILERPLATE.fullmatch(line.lower()):
            cuts.append(Cut("boilerplate", line))
        else:
            lines.append(line)
    return join_wrapped(lines, cuts) if is_wrapped(lines) else [line for line in lines if line]


def is_notice(line: str) -> bool:
    """Tell whether a line says that the article was constructed for teaching."""
    return len(line) <= _LONGEST_BOILERPLATE and NOTICE in line.lower()


def ends_sentence(line: str) -> bool:
    """Tell whether a line ends as a sentence, a clause or an introduction does."""
    return _TERMINAL.search(line[-12:]) is not None


def is_wrapped(lines: list[str]) -> bool:
    """Tell whether lines were broken by width: most of them stop in mid-sentence, and none is long."""
    lengths = sorted(map(len, filter(None, lines)))
    if len(lengths) < _FEWEST:
        return False
    if lengths[len(lengths) // 2] < _SHORTEST_WRAP or lengths[-1 - len(lengths) // 20] > _LONGEST_WRAP:
        return False
    pairs = [(a, b) for a, b in itertools.pairwise(lines) if a and b]
    loose = sum(not ends_sentence(a) for a, _ in pairs)
    return len(pairs) >= _FEWEST and loose > len(pairs) / 2


def mark_indents(text: str) -> str:
    """Put a blank line before each indented line, where indents mark paragraphs: some lines have one, most do not."""
    lines = text.splitlines()
    indents = sum(line[:1] in {" ", "\t"} and not line.isspace() for line in lines)
    if not 0.02 * len(lines) < indents < 0.3 * len(lines):
        return text
    return _INDENT.sub("\n\n", text)


def join_wrapped(lines: list[str], cuts: list[Cut]) -> list[str]:
    """Join lines broken by width into paragraphs, and words broken by hyphens into words.

    A paragraph ends at a blank line, and where a sentence ends on a line with room for the next word. A blank line in
    mid-sentence (a page break) does not end one.
    """
    full = sorted(len(line) for line in lines if line and not ends_sentence(line))
    width = full[len(full) * 9 // 10] if full else 0
    hyphens = sum(line.endswith("-") for line in lines)
    often = hyphens > _OFTEN * sum(map(bool, lines))
    words = {word.lower() for line in lines for word in _WORD.findall(line)} if hyphens else set()
    paragraphs: list[list[str]] = []
    blank, before = True, ""
    for line in lines:
        if not line:
            blank = True
            continue
        if not before or _parts(before, line, width=width, blank=blank):
            paragraphs.append([line])
        else:
            _glue(paragraphs[-1], line, words, cuts, often=often)
        before, blank = line, False
    return ["".join(pieces) for pieces in paragraphs]


def _glue(pieces: list[str], line: str, words: set[str], cuts: list[Cut], *, often: bool) -> None:
    """Add a line to a paragraph; a hyphen at the break stays in a compound, and goes where it only broke a word.

    The text itself is the witness: the whole word or the compound is among its words, or it breaks words often.
    """
    first = _HYPHEN.search(pieces[-1][-_LONGEST_WORD:]) if pieces[-1].endswith("-") else None
    if first is None or _SUSPENDED.match(line):
        pieces += [" ", line]
        return
    second = _WORD.match(line)
    word = second[0] if second else ""
    broken = often or f"{first[1]}{word}".lower() in words
    if broken and word[:1].islower() and f"{first[1]}-{word}".lower() not in words:
        pieces[-1] = pieces[-1][:-1]
        cuts.append(Cut("hyphen at line end", "-"))
    pieces.append(line)


def _parts(before: str, line: str, *, width: int, blank: bool) -> bool:
    """Tell whether a paragraph ends between two lines."""
    ends = ends_sentence(before)
    if blank:
        # A full line in mid-sentence was cut by the end of a page; a short one is a heading.
        return ends or (len(before) < width * _HEADING and not line[0].islower() and before[-1] not in ",-–—")
    return ends and len(before) + 1 + len(line.split(" ", 1)[0]) < width * _FULL_LINE


def _unscramble(match: re.Match[str]) -> str:
    raw = bytes(_BYTES.get(char, ord(char) & 0xFF) for char in match[0])
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return "" if match[0] == "Â" else match[0]  # of a no-break space whose second byte was taken for white space


def cut_out(
    pattern: re.Pattern[str], by: str | Callable[[re.Match[str]], str], text: str, cuts: list[Cut], reason: str
) -> str:
    """Substitute, and record the pieces replaced as one cut."""
    found: list[str] = []

    def change(match: re.Match[str]) -> str:
        new = by if isinstance(by, str) else by(match)
        if new != match[0]:
            found.append(match[0])
        return new

    text = pattern.sub(change, text)
    if found:
        cuts.append(Cut(reason, " ".join(found)))
    return text
