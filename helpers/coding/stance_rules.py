"""Stance rules: read the stance toward each mention from the words of stance beside it, without any model.

Four steps that a lesson can take apart: find the words of stance (``stance.toml``); find the names that each of them
reaches, its subject to the left and its object to the right; turn what is negated; add up what reaches a mention.
"""

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from helpers.codebook.patterns import LISTED, WORD, Patterns, compile_patterns, find_hits
from helpers.codebook.verbs import inflect
from helpers.coding.reading import NO_PLACE, Attitude, Span, Word, touches

# How a group of words gives polarity to who stands beside it: its keys in ``stance.toml``, its `name` and `kind`.


Frame = Mapping[str, Any]

SILENT = "no words of stance"
_SENTENCE_END = re.compile(r"[.;:?!](?=[\s”’\"')]|$)|\n")
_BE = frozenset({"is", "are", "was", "were", "be", "been", "being", "get", "gets", "got", "am"})
_PLACE = frozenset({"in", "from", "within", "through", "under", "across", "inside", "near", "alongside", "with", "at"})


class Mention(NamedTuple):
    """A span that names a target: half-open offsets in the content, the target's id, and whose stance is asked.

    `country` is the code of the State that is named, if one is. `source` is the span of the one whose stance it is,
    where that is not the speaker of the statement.
    """

    start: int
    end: int
    target: str
    country: str = ""
    source: Span | None = None


class StanceBook(NamedTuple):
    """``stance.toml`` made ready for matching: holds nothing that changes.

    `targets` is what the codebook says of each; `named` has the entries of `names` as keys, the target and the country
    of the name as values; `frames` has the entries of `words`, the words of stance.
    """

    settings: Mapping[str, float]
    targets: Mapping[str, Mapping[str, Any]]
    named: Mapping[str, tuple[str, str]]
    frames: Mapping[str, Frame]
    names: Patterns
    words: Patterns

    def is_proper(self, mention: Mention) -> bool:
        """Tell whether a mention is a proper name."""
        return bool(self.targets[mention.target].get("proper"))

    def meant(self, target: str, date: str) -> str:
        """Return who a name means on an ISO date: some mean somebody else after a day."""
        keys = self.targets[target]
        return str(keys["then"]) if "until" in keys and date > str(keys["until"]) else target


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


def forms_of(verb: str) -> str:
    """Write a verb's pattern from its base form; irregular forms follow with a bar.

    Examples
    --------
    >>> forms_of("root out")
    '(root|roots|rooted|rooting) out'
    >>> forms_of("fight|fought")
    '(fight|fights|fought|fighting)'
    """
    base, *irregular = verb.split("|")
    head, blank, tail = base.partition(" ")
    forms = inflect(head, [form.split(" ")[0] for form in irregular])
    return f"({'|'.join(form for form, _ in forms)})" + blank + tail


def stance_book(table: Mapping[str, Any]) -> StanceBook:
    """Make a codebook's stance table ready for matching.

    Parameters
    ----------
    table : mapping
        ``load_codebook().stance``.

    Returns
    -------
    StanceBook

    Raises
    ------
    ValueError
        If a pattern cannot be read; the message names the entry.
    """
    names, words = dict[str, dict[str, Any]](), dict[str, dict[str, Any]]()
    named, frames = dict[str, tuple[str, str]](), dict[str, dict[str, Any]]()
    targets = table.get("targets", {})
    for name, keys in targets.items():
        names[f"target:{name}.name"], named[f"target:{name}.name"] = keys, (name, keys.get("country", ""))
        for code, forms in table.get("states", {}).items() if keys.get("any_state") else ():
            names[f"target:{name}.{code}"] = {"patterns": forms.split("|")}
            named[f"target:{name}.{code}"] = (name, code)
    for kind in ("verbs", "phrases", "attributes", "shifters"):
        for name, keys in table.get(kind, {}).items():
            entry = f"{'shift' if kind == 'shifters' else 'cue'}.{kind}:{name}"
            forms = [forms_of(word) if kind == "verbs" else word for word in keys.get("words", ())]
            words[entry] = {"patterns": [*keys.get("patterns", ()), *forms]}
            frames[entry] = {"object": 0.0, "subject": 0.0, **keys, "name": f"{kind}.{name}", "kind": kind}
    compiled = compile_patterns(names), compile_patterns(words)
    return StanceBook(table.get("settings", {}), targets, named, frames, *compiled)


def mentions_in(text: str, book: StanceBook) -> list[Mention]:
    """Find the mentions of targets in the content of one statement, the longest where they overlap.

    Parameters
    ----------
    text : str
    book : StanceBook

    Returns
    -------
    list of Mention
        By start; those inside a longer name are left out, unless they are proper names and it is not.
    """
    kept: list[Mention] = []
    named = [Mention(hit.start, hit.end, *book.named[hit.entry]) for hit in find_hits(text, book.names)]
    for one in sorted(named, key=lambda one: (one.start - one.end, *one)):
        over = [other for other in kept if touches(one, other)]
        # "Peace in Afghanistan" names two; "Islamic State in Iraq" names one.
        if not over or (book.is_proper(one) and not any(map(book.is_proper, over))):
            kept.append(one)
    return sorted(kept)


def read_mentions(text: str, mentions: Sequence[Mention], book: StanceBook, *, cue: str = "") -> list[Attitude]:
    """Read the stance toward each mention of one statement.

    Parameters
    ----------
    text : str
        The content of the statement.
    mentions : sequence of Mention
    book : StanceBook
    cue : str, optional
        The cue of the statement, whose verdict counts: "he denounced the talks".

    Returns
    -------
    list of Attitude
        One a mention, in their order.
    """
    spans = sorted({span for one in mentions for span in ((one.start, one.end), one.source) if span})
    whole = (0, len(text)) in spans  # all the words were marked: the words of stance are inside
    found = [((hit.start, hit.end), book.frames[hit.entry]) for hit in find_hits(text, book.words)]
    stance = [
        (at, frame)
        for at, frame in found
        if frame["kind"] != "shifters" and (whole or not any(start <= at[0] and at[1] <= end for start, end in spans))
    ]
    negations = [at for at, frame in found if frame.get("negates")]
    takers = [at for at, frame in stance if frame["kind"] != "attributes"]
    place = _Place(text, spans, takers, negations, book.settings)
    cues: list[_Cue] = []
    for at, frame in stance:
        cues.append(_reach(at, frame, place, {span for cue in cues for span in cue.objects}))
    # Some cues pass a verdict on what follows them, such as "denounced".
    verdicts = (book.frames[hit.entry] for hit in find_hits(cue, book.words))
    if verdict := next((one for one in verdicts if one.get("verdict") and one["kind"] == "verbs"), None):
        cues.append(_Cue(NO_PLACE, verdict, 1, _names(place, 0, book.settings["cue_reach"], rightward=True)))
    return [_weigh(mention, cues, place) for mention in mentions]


def _reach(at: Span, frame: Frame, place: _Place, taken: set[Span]) -> _Cue:
    """Find the names that a word of stance reaches; those that are `taken` as an object are no subject."""
    if frame["kind"] == "attributes" and frame.get("after"):
        return _Cue(at, frame, 1, tuple([span for span in place.spans if place.reaches(span[1], at[0], 1)][-1:]))
    if frame["kind"] == "attributes":
        return _Cue(at, frame, 1, tuple([span for span in place.spans if place.reaches(at[1], span[0], 2)][:1]))
    sign = _sign(at, frame, place)
    reach = frame.get("reach") or place.settings["reach"]
    right = _names(place, at[1], reach, rightward=True)
    left = _names(place, at[0], max(reach, place.settings["subject_reach"]))
    if frame["kind"] == "verbs" and _is_passive(at, place):
        by = place.text.find(" by ", at[1], at[1] + 40)
        return _Cue(at, frame, sign, left, tuple(span for span in right if 0 <= by < span[0]), passive=True)
    # "We condemn the violence in X" says nothing of X.
    objects = tuple(s for s in right if frame["object"] > 0 or _PLACE.isdisjoint(place.between(at[1], s[0])))
    return _Cue(at, frame, sign, objects, () if taken.intersection(left) else left)


def _names(place: _Place, at: int, reach: float, *, rightward: bool = False) -> tuple[Span, ...]:
    """Return the names to one side of an offset, up to the next word of stance: those in reach, and all of a list."""
    taken: list[Span] = []
    edge = at  # where the last of a list ends, on the far side
    for start, end in place.spans if rightward else reversed(place.spans):
        near, beside = ((at, start), (edge, start)) if rightward else ((end, at), (end, edge))
        if near[0] > near[1]:
            continue  # on the other side
        stops = any(near[0] <= (first if rightward else last) <= near[1] for first, last in place.takers)
        if stops or not (place.reaches(*near, reach) or (taken and LISTED.fullmatch(place.text, *beside))):
            break
        taken.append((start, end))
        edge = end if rightward else start
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
        inside = frame.get("holds_negation") and at[0] <= no[0] and no[1] <= at[1]
        if inside or place.reaches(no[1], at[0], place.settings["negation_reach"] - 1):
            sign = -sign
    return sign


def _weigh(mention: Mention, cues: Sequence[_Cue], place: _Place) -> Attitude:
    """Add up what the words say of a mention."""
    span, source, words = (mention.start, mention.end), mention.source, []
    for cue in cues:
        frame, adds, side = cue.frame, 0.0, "by it"
        if span in cue.objects:
            side = "of it" if frame["kind"] == "attributes" else "to it"
            adds = frame.get("polarity", frame["object"]) * _share(cue, source, place)
        elif span in cue.subjects:
            adds = frame["subject"] * (1.0 if source is None else place.settings["others"])
        if adds:
            words.append(Word(*cue.at, round(adds * cue.sign, 3), f"{frame['name']} {side}"))
    total = max(-1.0, min(1.0, sum(word.adds for word in words)))
    heaviest = max(words, key=lambda word: (word.adds * total > 0, abs(word.adds), -word.start), default=None)
    decided = abs(total) >= place.settings["threshold"]
    rule, polarity = heaviest.rule if heaviest else SILENT, (1 if total > 0 else -1) if decided else 0
    return Attitude(mention.target, *span, polarity, total, tuple(words), rule)


def _share(cue: _Cue, source: Span | None, place: _Place) -> float:
    """Say how much a word counts: in full where it is the stance of the one who is asked, else a share."""
    if cue.subjects or cue.passive:
        return 1.0 if source in cue.subjects else place.settings["others"]
    if source is None:
        return 1.0
    between = any(source[1] <= start and end <= cue.at[0] for start, end in place.spans)
    return place.settings["others" if between or not place.reaches(source[1], cue.at[0], math.inf) else "leads"]
