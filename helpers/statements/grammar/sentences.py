"""Sentences: where one ends, in news and speeches, with quotations kept whole."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import Any

from helpers.statements.grammar.quotations import LINE, find_quotes

# Punkt knows no language until it is told: these end in a full stop and end no sentence.
_ABBREVIATIONS = frozenset(
    """
    mr mrs ms dr prof sen sens rep reps gov govs gen lt col maj capt cmdr sgt cpl adm brig pres supt rev fr hon amb
    st mt ft vs etc nos vol cf viz approx est dept univ assn e.g i.e u.s.s.r
    jan feb aug sept oct nov dec tue tues thu thurs ala ariz calif colo conn fla ga ky md minn mont neb nev okla ore
    tenn tex vt wis wyo
    """.split()  # noqa: SIM905 - a list a reader can scan
)
# These are words as well: only with a capital, or before a number.
_CAPITAL = frozenset("ill mass miss wash ind pa va la mo kan del ark penn sun mon wed fri sat mar apr jun jul".split())  # noqa: SIM905
_NUMBERED = frozenset("no art fig pp p para sec".split())  # noqa: SIM905
_STARTERS = frozenset(
    """
    the a an this that these those he she it they we i you his her its their our my but and so yet in on at for
    from with by as if when while after before since although because according there here what who how why not
    meanwhile however
    """.split()  # noqa: SIM905
)
_PLAIN_END = re.compile(r"([A-Za-z](?:\.?[A-Za-z])+)\.[^\w.]")
_FIRST_WORD = re.compile(r"[\s\"“‘'(\[]*(\w+)")
_LAST_WORD = re.compile(r"([\w.]+)\.[\"”’')\]]*$")
_INITIALS = re.compile(r"(?:[A-Za-z]\.)+[A-Za-z]")
# Titles as scraped have lost their apostrophes and full stops: Iran s envoy, U S allegations
_LOST = re.compile(r" (?=[stSNK]\b)(?:(?<=\w )(?=s \w)|(?<=n )(?=t)|(?<=\bU )(?=[SNK]))")
# A sentence begins in the midst of a line where a heading has lost its end: No way back In a speech, Noor said ….
_BEGINS = re.compile(
    r" (?<=\w )(?<! said )(?<! says )(?<! that )(?=(?:He|She|It|They|The|This|These|In|On|At|For|As|During|After|Since"
    r"|When|Also|But|According|Earlier|Elsewhere|Responding|Speaking|Referring|Addressing|Asked) [a-z])"
    # a lost space: Noor left.Later he spoke
    r"|\.(?<=[a-z]{4}\.)(?=[A-Z][a-z]+(?:, | [a-z]))|”(?<=[.!?]”)(?=[A-Z][a-z]+(?:, | [a-z]))"
)
_SHORTEST_HEADING = 3  # words
_CLOSERS = "\"”’'»)]"


def restore_marks(text: str) -> str:
    """Put back the apostrophes and full stops that a scraped title has lost; offsets stay as they are.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        As long as `text`: a space that stands for a lost mark is that mark.

    Examples
    --------
    >>> restore_marks("Iran s envoy on U S troops")
    'Iran’s envoy on U.S troops'
    """
    return _LOST.sub(lambda lost: "." if text[lost.end()].isupper() else "’", text)


@cache
def _punkt() -> Any:  # noqa: ANN401 - nltk carries no types
    from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer

    class Punkt(PunktSentenceTokenizer):  # type: ignore[misc]
        def text_contains_sentbreak(self, text: str) -> bool:
            plain = _PLAIN_END.match(text)  # which Punkt always takes for an end, but with more work
            return bool(plain and plain[1].lower() not in _ABBREVIATIONS) or super().text_contains_sentbreak(text)

    parameters = PunktParameters()
    parameters.abbrev_types = set(_ABBREVIATIONS)
    return Punkt(parameters)


def split_sentences(text: str, *, quotes: Sequence[tuple[int, int]] | None = None) -> list[tuple[int, int]]:
    r"""Say where each sentence of a text starts and ends.

    Punkt (Kiss and Strunk 2006, as in nltk, with our own abbreviations instead of a downloaded model) proposes the
    ends; a line end always is one, so that a headline never swallows the first sentence; an end inside a quotation
    is none, so that what somebody said stays with who said it.

    Parameters
    ----------
    text : str
        Any text, of any length.
    quotes : list of (start, end), optional
        The quotations of `text`, where they are known already (`find_quotes`).

    Returns
    -------
    list of (start, end)
        Half-open offsets in Unicode code points, in order and apart, without white space at their edges.
        Every character that is not white space lies in one of them.

    Examples
    --------
    >>> text = "Talks go on\n“We met Mr. Noor. He agreed,” she said. Nobody else spoke."
    >>> [text[start:end] for start, end in split_sentences(text)]
    ['Talks go on', '“We met Mr. Noor. He agreed,” she said.', 'Nobody else spoke.']
    """
    inside = find_quotes(text) if quotes is None else quotes
    sentences: list[tuple[int, int]] = []
    for line in LINE.finditer(text):
        start, stop = line.span()
        for end in _ends(line.group()):
            place = line.start() + end
            before = bisect_left(inside, (place,))
            if not before or inside[before - 1][1] <= place:
                sentences.append((start, place))
                start = place
        sentences.append((start, stop))
    return [span for span in (_trim(text, *span) for span in sentences) if span[0] < span[1]]


def part_headings(
    text: str, sentences: Sequence[tuple[int, int]], quotes: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    r"""Part the headings that run into the sentence after them; what stands in the first line is one headline.

    Examples
    --------
    >>> text = "Ties\nNo way back for Herat In a speech, Noor spoke."
    >>> [text[start:end] for start, end in part_headings(text, split_sentences(text), [])]
    ['Ties', 'No way back for Herat', 'In a speech, Noor spoke.']
    """
    first = text.find("\n")
    places = [one.start() + (one.group() != " ") for one in _BEGINS.finditer(text, max(first, 0)) if first >= 0]
    places = [at for at in places if not any(start < at < end for start, end in quotes)]
    parted: list[tuple[int, int]] = []
    for start, end in sentences:
        begin = start
        for at in places[bisect_left(places, start) : bisect_left(places, end)]:
            if text.count(" ", begin, at) + 1 >= _SHORTEST_HEADING:
                parted.append((begin, at))
                begin = at + text[at].isspace()
        parted.append((begin, end))
    return parted


def _ends(line: str) -> list[int]:
    """Return where Punkt ends sentences within a line, less the ends that an abbreviation only seems to make."""
    ends = []
    spans = list(_punkt().span_tokenize(line))
    for (start, end), (after, _) in pairwise(spans):
        last = _LAST_WORD.search(line, max(start, line.rfind(" ", start, end)), end)
        first = _FIRST_WORD.match(line, after)
        if last and first and _is_abbreviation(last.group(1), first.group(1)):
            continue
        # “It is so.” Then …: Punkt leaves the closing mark to the next sentence when white space comes before it
        stop = end
        while stop < len(line) and line[stop] in _CLOSERS:
            stop += 1
        if not _goes_on(line, stop):
            ends.append(stop)
    return ends


def _goes_on(line: str, stop: int) -> bool:
    """Tell “(D-N.Y.), who said”, “D.C.'s”, “etc. and”: no sentence begins with a comma or in small letters."""
    rest = line[stop : stop + 3]
    following = rest.lstrip()[:1]
    return bool(following) and (not rest[0].isspace() or following.islower())


def _is_abbreviation(word: str, following: str) -> bool:
    lower = word.lower()
    if _INITIALS.fullmatch(word):
        return not (following[0].isupper() and following.lower() in _STARTERS)
    if lower in _NUMBERED:
        return following[0].isdigit()
    initial = len(word) == 1 and word.isupper() and word != "I"
    return initial or (lower in _CAPITAL and word[0].isupper())


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end].lstrip()
    return end - len(piece), end - len(piece) + len(piece.rstrip())
