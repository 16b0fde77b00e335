"""Stance rules: read the stance toward each mention from the words of stance beside it, without any model.

Four steps that a lesson can take apart: find the words of stance (``stance.toml``); find the names that each of them
reaches, its subject to the left and its object to the right; turn what is negated; add up what reaches a mention.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

from helpers.codebook.match import find_hits
from helpers.codebook.patterns import WORD

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from helpers.codebook.match import Hit
    from helpers.coding.targets import Frame, Mention, StanceBook

Span = tuple[int, int]

SILENT = "no words of stance"
_IN_CUE = (-1, -1)  # a word of the cue, which is not in the content
_SENTENCE_END = re.compile(r"[.;:?!](?=[\s”’\"')]|$)|\n")
_LIST = re.compile(r"\W*(?:,|\band\b|\bor\b|\bnor\b|\bas well as\b)\W*(?:\w+\W+){0,3}", re.IGNORECASE)
_BE = frozenset({"is", "are", "was", "were", "be", "been", "being", "get", "gets", "got", "am"})
_PLACE = frozenset({"in", "from", "within", "through", "under", "across", "inside", "near", "alongside", "with", "at"})


class Evidence(NamedTuple):
    """One word of stance that reaches a mention: half-open offsets (-1: in the cue), what it adds, its group."""

    start: int
    end: int
    adds: float
    rule: str


class Verdict(NamedTuple):
    """What the words say of one mention: score in [-1, 1], the rule that weighed most, the words, and the polarity."""

    score: float
    rule: str
    evidence: tuple[Evidence, ...]
    polarity: int


class _Cue(NamedTuple):
    """A word of stance with the names it reaches; `passive`: its subject, named or not, is not the one who speaks."""

    at: Span
    frame: Frame
    sign: int
    objects: tuple[Span, ...]
    subjects: tuple[Span, ...] = ()
    passive: bool = False


class _Words(NamedTuple):
    """The words and the sentence ends of one text, for questions of distance."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]
    stops: Sequence[int]

    def apart(self, end: int, start: int) -> int:
        """Count the words between two offsets."""
        return bisect_left(self.starts, start) - bisect_left(self.starts, end)

    def parted(self, end: int, start: int) -> bool:
        """Tell whether a sentence ends between two offsets."""
        return bisect_left(self.stops, end) != bisect_left(self.stops, start)

    def near(self, left: Span, right: Span, reach: int) -> bool:
        """Tell whether two spans stand in this order within a reach of words and without a comma."""
        close = left[1] <= right[0] and self.apart(left[1], right[0]) <= reach
        return close and not self.parted(left[1], right[0]) and "," not in self.text[left[1] : right[0]]

    def between(self, end: int, start: int) -> list[str]:
        """Return the words between two offsets, in lower case."""
        return [word.lower() for word in WORD.findall(self.text, end, start)]


class _Place(NamedTuple):
    """One statement: its words, the names in it, the words that take a subject and an object, and the negations."""

    words: _Words
    spans: Sequence[Span]
    takers: Sequence[Span]
    negations: Sequence[Span]
    settings: Mapping[str, float]


def read_mentions(
    text: str, mentions: Sequence[Mention], hits: Sequence[Hit], book: StanceBook, *, cue: str = ""
) -> list[Verdict]:
    """Read the stance toward each mention of one statement.

    Parameters
    ----------
    text : str
        The content of the statement.
    mentions : sequence of Mention
    hits : sequence of Hit
        Everything of the codebook in the content, as `helpers.codebook.match.find_hits` gives it.
    book : StanceBook
    cue : str, optional
        The cue of the statement, whose verdict counts: "he denounced the talks".

    Returns
    -------
    list of Verdict
        One a mention, in their order.
    """
    spans = sorted({span for m in mentions for span in ((m.start, m.end), (m.source_start, m.source_end))} - {_IN_CUE})
    whole = (0, len(text)) in spans  # all the words were marked: the words of stance are inside
    found = [((hit.start, hit.end), book.frames[hit.entry]) for hit in hits if hit.entry in book.frames]
    stance = [
        (at, frame)
        for at, frame in found
        if frame.kind != "shifters" and (whole or not any(start <= at[0] and at[1] <= end for start, end in spans))
    ]
    verdict = _verdict_of(cue, book) if cue else None
    words = _words_of(text if stance or verdict else "")
    negations = [at for at, frame in found if frame.negates]
    takers = [at for at, frame in stance if frame.kind != "attributes"]
    place = _Place(words, spans, takers, negations, book.settings)
    cues: list[_Cue] = []
    for at, frame in stance:
        cues.append(_reach(at, frame, place, {span for cue in cues for span in cue.objects}))
    if verdict:
        cues.append(_Cue(_IN_CUE, verdict, 1, _right(place, 0, int(book.settings["cue_reach"]))))
    return [_weigh(mention, cues, place) for mention in mentions]


def _words_of(text: str) -> _Words:
    found = list(WORD.finditer(text))
    stops = [match.start() for match in _SENTENCE_END.finditer(text)]
    return _Words(text, [word.start() for word in found], [word.end() for word in found], stops)


def _verdict_of(cue: str, book: StanceBook) -> Frame | None:
    """Return the verdict that a cue passes on what follows it, such as "denounced"; most cues pass none."""
    frames = (book.frames.get(hit.entry) for hit in find_hits(cue, book.patterns))
    return next((frame for frame in frames if frame and frame.verdict and frame.kind == "verbs"), None)


def _reach(at: Span, frame: Frame, place: _Place, taken: set[Span]) -> _Cue:
    """Find the names that a word of stance reaches; those that are `taken` as an object are no subject."""
    words = place.words
    if frame.kind == "attributes":
        beside = [s for s in place.spans if (words.near(s, at, 1) if frame.after else words.near(at, s, 2))]
        return _Cue(at, frame, 1, tuple(beside[-1:] if frame.after else beside[:1]))
    reach, sign = frame.reach or int(place.settings["reach"]), _sign(at, frame, place)
    right, left = _right(place, at[1], reach), _left(place, at[0], max(reach, int(place.settings["subject_reach"])))
    if frame.kind == "verbs" and _is_passive(at, words):
        by = words.text.find(" by ", at[1], at[1] + 40)
        return _Cue(at, frame, sign, left, tuple(span for span in right if 0 <= by < span[0]), passive=True)
    # "We condemn the violence in X" says nothing of X.
    objects = tuple(s for s in right if frame.object > 0 or _PLACE.isdisjoint(words.between(at[1], s[0])))
    return _Cue(at, frame, sign, objects, () if taken.intersection(left) else left)


def _right(place: _Place, end: int, reach: int) -> tuple[Span, ...]:
    """Return the names to the right of a word as its object, with all of a list, up to the next word of stance."""
    words, taken = place.words, list[Span]()
    stop = min((start for start, _ in place.takers if start >= end), default=len(words.text))
    for span in place.spans:
        if span[0] < end:
            continue
        listed = taken and _LIST.fullmatch(words.text, taken[-1][1], span[0])
        if span[0] >= stop or words.parted(end, span[0]) or not (listed or words.apart(end, span[0]) <= reach):
            break
        taken.append(span)
    return tuple(taken)


def _left(place: _Place, start: int, reach: int) -> tuple[Span, ...]:
    """Return the nearest name to the left of a word as its subject, with all of a list, after the last such word."""
    words, taken = place.words, list[Span]()
    stop = max((end for _, end in place.takers if end <= start), default=0)
    for span in reversed(place.spans):
        if span[1] > start:
            continue
        listed = taken and _LIST.fullmatch(words.text, span[1], taken[-1][0])
        first = not taken and words.apart(span[1], start) <= reach and not words.parted(span[1], start)
        if span[0] < stop or not (listed or first):
            break
        taken.append(span)
    return tuple(taken)


def _is_passive(at: Span, words: _Words) -> bool:
    """Tell whether a verb stands in the passive: after a form of "be", or before "by"."""
    form = words.text[at[0] : at[1]].partition(" ")[0].lower()
    before = words.between(words.starts[max(0, bisect_left(words.starts, at[0]) - 3)], at[0])
    return form.endswith(("ed", "en", "wn")) and (words.text.startswith(" by ", at[1]) or not _BE.isdisjoint(before))


def _sign(at: Span, frame: Frame, place: _Place) -> int:
    """Turn a word that is negated: "not" stands before it, or inside "is not a threat"."""
    sign, words = 1, place.words
    for no in place.negations:
        inside = at[0] <= no[0] and no[1] <= at[1]
        before = no[1] <= at[0] and words.apart(no[1], at[0]) < place.settings["negation_reach"]
        if (inside and frame.holds_negation) or (before and not words.parted(no[1], at[0])):
            sign = -sign
    return sign


def _weigh(mention: Mention, cues: Sequence[_Cue], place: _Place) -> Verdict:
    """Add up what the words say of a mention."""
    span, evidence = (mention.start, mention.end), []
    source = (mention.source_start, mention.source_end) if mention.source_end > 0 else None
    for cue in cues:
        frame, side = cue.frame, "by it"
        if span in cue.objects:
            side = "of it" if frame.kind == "attributes" else "to it"
            adds = (frame.polarity or frame.object) * _share(cue, source, place)
        elif span in cue.subjects:
            adds = frame.subject * (1.0 if source is None else place.settings["others"])
        else:
            continue
        if adds:
            evidence.append(Evidence(*cue.at, round(adds * cue.sign, 3), f"{frame.name} {side}"))
    total = max(-1.0, min(1.0, sum(item.adds for item in evidence)))
    if not evidence:
        return Verdict(0.0, SILENT, (), 0)
    rule = max(evidence, key=lambda item: (item.adds * total > 0, abs(item.adds), -item.start)).rule
    decided = abs(total) >= place.settings["threshold"]
    return Verdict(total, rule, tuple(evidence), (1 if total > 0 else -1) if decided else 0)


def _share(cue: _Cue, source: Span | None, place: _Place) -> float:
    """Say how much a word counts: in full where it is the stance of the one who is asked, else a share."""
    others = place.settings["others"]
    if cue.subjects or cue.passive:
        return 1.0 if source in cue.subjects else others
    if source is None:
        return 1.0
    apart = source[1] > cue.at[0] or place.words.parted(source[1], cue.at[0])
    between = any(source[1] <= start and end <= cue.at[0] for start, end in place.spans)
    return others if apart or between else place.settings["leads"]
