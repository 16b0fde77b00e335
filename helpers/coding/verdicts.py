"""Whose verdict a word of stance is: the speaker's own, in the content ("we reject X") or the cue ("denounced X")."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from helpers.codebook.match import find_hits
from helpers.coding.clauses import names_right

if TYPE_CHECKING:
    from collections.abc import Sequence

    from helpers.coding.clauses import Span, Words
    from helpers.coding.targets import Frame, StanceBook

REPORTED = frozenset({"indirect", "mixed"})  # kinds of statements in which "he" may be the speaker
_SPEAKER = frozenset({"i", "we"})
_THIRD = frozenset({"he", "she"})
# Words that stand between a subject and its verb; adverbs are told by their ending.
_AUXILIARIES = frozenset(
    {
        "am",
        "are",
        "is",
        "was",
        "were",
        "be",
        "been",
        "do",
        "did",
        "does",
        "have",
        "has",
        "had",
        "will",
        "would",
        "shall",
    }
    | {"should", "must", "can", "could", "may", "might", "ve", "d", "ll", "m", "to", "not", "never", "also", "again"}
    | {"always", "still", "now", "all", "too", "therefore", "thus", "himself", "herself", "ourselves", "myself", "once"}
    | {"t", "but", "and", "don", "didn", "won", "wouldn"}
)
_OPENS_CLAUSE = frozenset({"how", "what", "why", "when", "where"})
_FINITE = frozenset(
    {"am", "are", "is", "was", "were", "has", "have", "had", "will", "would", "shall", "should", "must", "can", "could"}
    | {"may", "might", "do", "did", "does"}
)


class Said(NamedTuple):
    """How a statement was said: the words of its cue, and whether "he" in it may be its speaker."""

    cue: str = ""
    reported: bool = False


def is_own(words: Words, start: int, *, reported: bool, bare: bool) -> bool:
    """Tell whether the subject of the word at an offset is the speaker: "we", or "he" where speech is reported.

    `bare`: words without a subject, as in "No more talks", are the speaker's too.
    """
    for word in words.before(start, 7):
        if word in _SPEAKER or (reported and word in _THIRD):
            return True
        if word not in _AUXILIARIES and not word.endswith("ly"):
            return False
    return bare


def frame_of_cue(cue: str, book: StanceBook) -> Frame | None:
    """Return the verdict that a cue passes on what follows it, such as "denounced"; most cues pass none."""
    for hit in find_hits(cue, book.patterns):
        frame = book.frames.get(hit.entry)
        if frame is not None and frame.verdict and frame.kind == "verbs":
            return frame
    return None


def objects_of_cue(words: Words, spans: Sequence[Span], takers: Sequence[Span], reach: int) -> tuple[Span, ...]:
    """Return the names that are the object of a verdict in the cue: they stand where the content begins.

    A content that is a clause has none: "denounced that the talks had failed" is no verdict on the talks.
    """
    if not words.starts or words.after(0, 1)[0] in _OPENS_CLAUSE:
        return ()
    found = names_right(words, (0, 0), spans, takers, reach)
    if found and not _FINITE.isdisjoint(words.after(found[-1][1], 1)):
        return ()
    return found
