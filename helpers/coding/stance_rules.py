"""Stance rules: read the stance toward each mention from the words of stance beside it, without any model.

Four steps that a lesson can take apart: find the words of stance (``stance.toml``); find the names that each of them
reaches, its subject to the left and its object to the right; turn what is negated; add up what reaches a mention.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, NamedTuple

from helpers.codebook.match import LISTED, find_hits
from helpers.codebook.patterns import WORD

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from helpers.codebook.match import Hit
    from helpers.coding.targets import Frame, Mention, StanceBook

Span = tuple[int, int]

SILENT = "no words of stance"
_IN_CUE = (-1, -1)  # a word of the cue, which is not in the content
_SENTENCE_END = re.compile(r"[.;:?!](?=[\s”’\"')]|$)|\n")
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


class _Place(NamedTuple):
    """One statement: its text, the names in it, the words that take a subject and an object, and the negations."""

    text: str
    spans: Sequence[Span]
    takers: Sequence[Span]
    negations: Sequence[Span]
    settings: Mapping[str, float]

    def between(self, end: int, start: int) -> list[str]:
        """Return the words between two offsets, in lower case."""
        return [word.lower() for word in WORD.findall(self.text, end, start)]

    def reaches(self, end: int, start: int, reach: float) -> bool:
        """Tell whether two offsets stand in this order, within a reach of words and in one sentence."""
        close = end <= start and len(self.between(end, start)) <= reach
        return close and not _SENTENCE_END.search(self.text, end, start)


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
    negations = [at for at, frame in found if frame.negates]
    takers = [at for at, frame in stance if frame.kind != "attributes"]
    place = _Place(text, spans, takers, negations, book.settings)
    cues: list[_Cue] = []
    for at, frame in stance:
        cues.append(_reach(at, frame, place, {span for cue in cues for span in cue.objects}))
    if verdict:
        cues.append(_Cue(_IN_CUE, verdict, 1, _names(place, 0, book.settings["cue_reach"], rightward=True)))
    return [_weigh(mention, cues, place) for mention in mentions]


def _verdict_of(cue: str, book: StanceBook) -> Frame | None:
    """Return the verdict that a cue passes on what follows it, such as "denounced"; most cues pass none."""
    frames = (book.frames.get(hit.entry) for hit in find_hits(cue, book.patterns))
    return next((frame for frame in frames if frame and frame.verdict and frame.kind == "verbs"), None)


def _reach(at: Span, frame: Frame, place: _Place, taken: set[Span]) -> _Cue:
    """Find the names that a word of stance reaches; those that are `taken` as an object are no subject."""
    if frame.kind == "attributes":
        gaps = {span: (span[1], at[0]) if frame.after else (at[1], span[0]) for span in place.spans}
        beside = [span for span, gap in gaps.items() if place.reaches(*gap, 1 if frame.after else 2)]
        return _Cue(at, frame, 1, tuple(beside[-1:] if frame.after else beside[:1]))
    sign = _sign(at, frame, place)
    reach = frame.reach or place.settings["reach"]
    right = _names(place, at[1], reach, rightward=True)
    left = _names(place, at[0], max(reach, place.settings["subject_reach"]))
    if frame.kind == "verbs" and _is_passive(at, place):
        by = place.text.find(" by ", at[1], at[1] + 40)
        return _Cue(at, frame, sign, left, tuple(span for span in right if 0 <= by < span[0]), passive=True)
    # "We condemn the violence in X" says nothing of X.
    objects = tuple(s for s in right if frame.object > 0 or _PLACE.isdisjoint(place.between(at[1], s[0])))
    return _Cue(at, frame, sign, objects, () if taken.intersection(left) else left)


def _names(place: _Place, at: int, reach: float, *, rightward: bool = False) -> tuple[Span, ...]:
    """Return the names to one side of an offset, up to the next word of stance: those in reach, and all of a list."""

    def gap(one: Span, other: Span) -> Span:
        return (one[1], other[0]) if rightward else (other[1], one[0])

    if rightward:
        spans, stop = place.spans, min((start for start, _ in place.takers if start >= at), default=len(place.text))
    else:
        spans, stop = place.spans[::-1], max((end for _, end in place.takers if end <= at), default=0)
    taken: list[Span] = []
    for span in spans:
        start, end = gap((at, at), span)
        if start > end:
            continue
        beyond = span[0] >= stop if rightward else span[0] < stop
        listed = taken and LISTED.fullmatch(place.text, *gap(taken[-1], span))
        if beyond or not (listed or place.reaches(start, end, reach)):
            break
        taken.append(span)
    return tuple(taken)


def _is_passive(at: Span, place: _Place) -> bool:
    """Tell whether a verb stands in the passive: after a form of "be", or before "by"."""
    form = place.text[slice(*at)].partition(" ")[0].lower()
    after_be = not _BE.isdisjoint(place.between(0, at[0])[-3:])
    return form.endswith(("ed", "en", "wn")) and (place.text.startswith(" by ", at[1]) or after_be)


def _sign(at: Span, frame: Frame, place: _Place) -> int:
    """Turn a word that is negated: "not" stands before it, or inside "is not a threat"."""
    sign = 1
    for no in place.negations:
        inside = frame.holds_negation and at[0] <= no[0] and no[1] <= at[1]
        if inside or place.reaches(no[1], at[0], place.settings["negation_reach"] - 1):
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
    if cue.subjects or cue.passive:
        return 1.0 if source in cue.subjects else place.settings["others"]
    if source is None:
        return 1.0
    between = any(source[1] <= start and end <= cue.at[0] for start, end in place.spans)
    return place.settings["others" if between or not place.reaches(source[1], cue.at[0], math.inf) else "leads"]
