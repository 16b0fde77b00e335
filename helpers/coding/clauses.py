"""A shallow reading of clauses, without a parser: how far apart words are, and which names stand beside a word."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

from helpers.codebook.patterns import WORD

if TYPE_CHECKING:
    from collections.abc import Sequence

Span = tuple[int, int]

_SENTENCE_END = re.compile(r"[.;:?!](?=[\s”’\"')]|$)|\n")
_LIST = re.compile(r"\W*(?:,|\band\b|\bor\b|\bnor\b|\bas well as\b)\W*(?:\w+\W+){0,3}", re.IGNORECASE)
_BE = frozenset({"is", "are", "was", "were", "be", "been", "being", "get", "gets", "got", "am"})
_PREPOSITIONS = frozenset(
    {"of", "in", "against", "from", "by", "with", "for", "to", "on", "over", "about", "between", "among", "under"}
    | {"toward", "towards", "at", "into", "than"}
)
_BEFORE_NOUN = frozenset(
    {"the", "a", "an", "this", "that", "these", "those", "our", "their", "its", "his", "her", "my", "your", "of", "for"}
    | {"any", "no", "such", "each", "every", "all", "in", "on", "from", "recent", "by", "with", "against"}
)
_PAST = frozenset(
    {"fought", "held", "brought", "hit", "struck", "shot", "sold", "led", "fed", "rebuilt", "stood", "met"}
)
_RELATIVE = frozenset({"who", "which", "that"})


class Words(NamedTuple):
    """The words of one text with its sentence ends and the openings of clauses, for questions of distance."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]
    stops: Sequence[int]
    clauses: Sequence[int]

    def before(self, start: int, count: int) -> list[str]:
        """Return up to `count` words before an offset in its sentence, the nearest first, in lower case."""
        at = bisect_left(self.starts, start)
        stop = bisect_left(self.stops, start)
        floor = self.stops[stop - 1] if stop else -1
        picked = range(at - 1, max(at - 1 - count, -1), -1)
        return [self.text[self.starts[i] : self.ends[i]].lower() for i in picked if self.starts[i] > floor]

    def after(self, end: int, count: int) -> list[str]:
        """Return up to `count` words after an offset, in lower case."""
        at = bisect_left(self.starts, end)
        return [self.text[self.starts[i] : self.ends[i]].lower() for i in range(at, min(at + count, len(self.ends)))]

    def apart(self, end: int, start: int) -> int:
        """Count the words between two offsets."""
        return bisect_left(self.starts, start) - bisect_left(self.starts, end)

    def parted(self, end: int, start: int, *, clauses: bool = True) -> bool:
        """Tell whether a sentence end, or the opening of a clause, stands between two offsets."""
        if bisect_left(self.stops, end) != bisect_left(self.stops, start):
            return True
        return clauses and bisect_left(self.clauses, end) != bisect_left(self.clauses, start)

    def near(self, left: Span, right: Span, reach: int) -> bool:
        """Tell whether two spans stand in this order within a reach of words, in one clause and without a comma."""
        if left[1] > right[0] or self.apart(left[1], right[0]) > reach:
            return False
        return not self.parted(left[1], right[0]) and "," not in self.text[left[1] : right[0]]


def words_of(text: str, clauses: Sequence[int]) -> Words:
    """Cut a text into words.

    Parameters
    ----------
    text : str
    clauses : sequence of int
        Offsets at which clauses open, sorted.

    Returns
    -------
    Words
    """
    found = list(WORD.finditer(text))
    stops = [match.start() for match in _SENTENCE_END.finditer(text)]
    return Words(text, [word.start() for word in found], [word.end() for word in found], stops, clauses)


def is_noun(form: str, near: Sequence[str]) -> bool:
    """Tell whether a form that may be verb or noun stands where a noun stands: "the attack", "their support".

    Parameters
    ----------
    form : str
        The form, in lower case.
    near : sequence of str
        The words before it, the nearest first.

    Returns
    -------
    bool
    """
    return bool(near) and near[0] in _BEFORE_NOUN and not form.endswith(("ed", "ing"))


def is_passive(form: str, near: Sequence[str], after: Sequence[str]) -> bool:
    """Tell whether a verb stands in the passive: after a form of "be", or before "by"; else as `is_noun`."""
    if not (form.endswith(("ed", "en", "wn")) or form in _PAST):
        return False
    return after[:1] == ["by"] or not _BE.isdisjoint(near[:3])


def names_right(words: Words, at: Span, spans: Sequence[Span], takers: Sequence[Span], reach: int) -> tuple[Span, ...]:
    """Return the names that stand to the right of a word as its object, with all of a list.

    Parameters
    ----------
    words : Words
    at : (int, int)
        The word.
    spans : sequence of (int, int)
        The names, sorted.
    takers : sequence of (int, int)
        Other words that take an object themselves: a name behind one of them is that one's.
    reach : int
        Words that may stand between.

    Returns
    -------
    tuple of (int, int)
    """
    taken: list[Span] = []
    for span in spans:
        if span[0] < at[1]:
            continue
        since = taken[-1][1] if taken else at[1]
        if words.parted(at[1], span[0], clauses=not taken):
            break
        if any(since <= start and end <= span[0] for start, end in takers):
            break
        listed = taken and _LIST.fullmatch(words.text, since, span[0])
        if not listed and words.apart(at[1], span[0]) > reach:
            break
        taken.append(span)
    return tuple(taken)


def names_left(words: Words, at: Span, spans: Sequence[Span], takers: Sequence[Span], reach: int) -> tuple[Span, ...]:
    """Return the names that stand to the left of a word as its subject, with all of a list; else as `names_right`."""
    taken: list[Span] = []
    for span in reversed(spans):
        if span[1] > at[0]:
            continue
        if words.parted(span[1], at[0], clauses=False):
            break
        if taken:
            if not _LIST.fullmatch(words.text, span[1], taken[-1][0]):
                break
        elif words.apart(span[1], at[0]) > reach or not _may_be_subject(words, span, at, takers):
            break
        taken.append(span)
    return tuple(taken)


def _may_be_subject(words: Words, span: Span, at: Span, takers: Sequence[Span]) -> bool:
    # "The ambassador of X attacked": X is not the subject; "in May, X attacked" and "X, which attacked": it is.
    first = bisect_left(words.starts, span[0])
    for i in range(first - 1, max(first - 3, -1), -1):
        if "," in words.text[words.ends[i] : span[0]]:
            break
        if words.text[words.starts[i] : words.ends[i]].lower() in _PREPOSITIONS:
            return False
    if words.parted(span[1], at[0]) and not _RELATIVE & set(words.after(span[1], 1)):
        return False
    return not any(span[1] <= start and end <= at[0] for start, end in takers)
