"""Read the stance toward each mention from the words around it: who does what to whom, negation, voice, labels.

Words of stance from the codebook reach for the names beside them within a clause. The frames (on which side of a word
its polarity falls) are the codebook's; only the grammar of English is here and in `helpers.clauses`.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from helpers.clauses import is_noun, is_passive, names_left, names_right, words_of
from helpers.targets import LAYERS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from helpers.clauses import Span, Words
    from helpers.hits import Hit
    from helpers.targets import Frame, Mention, StanceBook

USUAL = "usual polarity"
SILENT = "no words of stance"

_PLACE = frozenset({"in", "from", "within", "through", "under", "across", "inside", "near", "alongside", "with", "at"})
_WRITER = frozenset({"we", "i", "our", "my", "us"})


class Evidence(NamedTuple):
    """One word of stance that touches a mention: half-open offsets, what it adds to the score, its group and side."""

    start: int
    end: int
    adds: float
    rule: str


class Reading(NamedTuple):
    """What the words say of one mention: score in [-1, 1], the rule that weighed most, the words, and the polarity."""

    score: float
    rule: str
    evidence: tuple[Evidence, ...]
    polarity: int


@dataclass(frozen=True)
class _Cue:
    """A word of stance with the names it reaches; `sign` holds negation, strength and reported accusations."""

    at: Span
    frame: Frame
    sign: float
    objects: tuple[Span, ...]
    subjects: tuple[Span, ...] = ()
    passive: bool = False
    writer: bool = False


@dataclass(frozen=True)
class _Scene:
    """All that is found in one statement."""

    words: Words
    spans: tuple[Span, ...]
    cues: tuple[tuple[Span, Frame], ...]
    shifts: tuple[tuple[Span, Frame], ...]
    turning: tuple[Span, ...]
    speech: tuple[Span, ...]
    points_to: Mapping[Span, Span]
    usual: Mapping[Span, int]
    leaning: bool
    settings: Mapping[str, float]


def read_mentions(text: str, mentions: Sequence[Mention], hits: Sequence[Hit], book: StanceBook) -> list[Reading]:
    """Read the stance toward each mention of one statement.

    Parameters
    ----------
    text : str
        The content of the statement.
    mentions : sequence of Mention
    hits : sequence of Hit
        Everything of the codebook in the content, as `helpers.hits.find_hits` gives it.
    book : StanceBook

    Returns
    -------
    list of Reading
        One a mention, in their order.
    """
    scene = _scene(text, mentions, hits, book)
    cues = [_pointed(cue, scene) for at, frame in _within(scene) if (cue := _cue(at, frame, scene)) is not None]
    return [_weighed(mention, cues, scene, book) for mention in mentions]


def _scene(text: str, mentions: Sequence[Mention], hits: Sequence[Hit], book: StanceBook) -> _Scene:
    spans = {(m.start, m.end) for m in mentions}
    spans |= {(m.source_start, m.source_end) for m in mentions if m.source_end > 0}
    whole = (0, len(text)) in spans
    by_layer: dict[str, list[tuple[Span, Frame]]] = {layer: [] for layer in LAYERS}
    for hit in hits:
        frame = book.frames.get(hit.entry)
        if frame is None:  # a name
            continue
        at = (hit.start, hit.end)
        # A word of stance inside a name is part of the name, unless all the words were marked.
        if frame.layer != "cue" or whole or not any(start <= at[0] and at[1] <= end for start, end in spans):
            by_layer[frame.layer].append((at, frame))
    points_to = {}
    for at, _ in by_layer["anaphors"]:
        before = [m for m in mentions if m.end < at[0] and m.target in book.targets and book.targets[m.target].country]
        if before and at not in spans:
            points_to[at] = (before[-1].start, before[-1].end)
    clauses = [at[0] for at, _ in by_layer["clauses"]]
    leaning = any(m.target not in book.targets for m in mentions)
    return _Scene(
        # Without a word of stance there is no distance to ask for, except where a lean is asked.
        words_of(text if by_layer["cue"] or leaning else "", clauses),
        tuple(sorted(spans | points_to.keys())),
        tuple(by_layer["cue"]),
        tuple(by_layer["shift"]),
        tuple(at for at, frame in by_layer["cue"] if frame.turns),
        tuple(at for at, _ in by_layer["speech"]),
        points_to,
        {(m.start, m.end): book.targets[m.target].usual for m in mentions if m.target in book.targets},
        leaning,
        book.settings,
    )


def _within(scene: _Scene) -> list[tuple[Span, Frame]]:
    """Return the words of stance in sentences that hold a name: the others cannot touch one."""
    stops = scene.words.stops
    if not stops or scene.leaning:
        return list(scene.cues)
    named = {bisect_left(stops, start) for start, _ in scene.spans}
    return [(at, frame) for at, frame in scene.cues if bisect_left(stops, at[0]) in named]


def _cue(at: Span, frame: Frame, scene: _Scene) -> _Cue | None:
    words, reach = scene.words, frame.reach or int(scene.settings["reach"])
    if frame.kind == "attributes":
        after = frame.name.endswith("_after")
        beside = [s for s in scene.spans if (words.near(s, at, 1) if after else words.near(at, s, 2))]
        return _Cue(at, frame, _shifted(at, frame, scene), tuple(beside[-1:] if after else beside[:1]))
    near = words.before(at[0], 6)
    form = words.text[at[0] : at[1]].partition(" ")[0].lower()
    if frame.kind == "verbs" and is_noun(form, near):
        return None
    takers = [other for other, its in scene.cues if other != at and its.kind in {"verbs", "phrases"}]
    right = names_right(words, at, scene.spans, takers, reach)
    if right and frame.object < 0:
        # "We condemn the violence in X" says nothing of X.
        right = tuple(s for s in right if _PLACE.isdisjoint(words.before(s[0], words.apart(at[1], s[0]))))
    left = names_left(words, at, scene.spans, takers, max(reach, int(scene.settings["subject_reach"])))
    sign = _shifted(at, frame, scene)
    writer = not _WRITER.isdisjoint(near)
    if frame.kind == "verbs" and is_passive(form, near, words.after(at[1], 1)):
        by = words.text.find(" by ", at[1], at[1] + 40)
        agents = tuple(span for span in right if 0 <= by < span[0])
        return _Cue(at, frame, sign, left, agents, passive=True, writer=writer)
    return _Cue(at, frame, sign, right if frame.object or frame.balance else (), left, writer=writer)


def _pointed(cue: _Cue, scene: _Scene) -> _Cue:
    """Carry what is said of "that country" to the country."""
    if not scene.points_to:
        return cue
    objects = tuple(scene.points_to.get(span, span) for span in cue.objects)
    subjects = tuple(scene.points_to.get(span, span) for span in cue.subjects)
    return replace(cue, objects=objects, subjects=subjects)


def _shifted(at: Span, frame: Frame, scene: _Scene) -> float:
    """Turn a word that is negated in its clause, weaken it under a reported accusation, strengthen it."""
    words, sign = scene.words, 1.0
    if not scene.shifts and not scene.turning:
        return sign
    for shift, how in scene.shifts:
        if how.name == "shifters.negate" and at[0] <= shift[0] and shift[1] <= at[1]:
            # "is not a threat": the negation stands inside the phrase.
            sign = -sign if frame.name.startswith("phrases.is_") else sign
        elif shift[1] <= at[0] and words.apart(shift[1], at[0]) < how.reach and not words.parted(shift[1], at[0]):
            if how.name == "shifters.negate":
                sign = -sign if frame.turned else sign
            else:
                sign *= how.weight
    if frame.kind == "phrases" and frame.turned:
        # "We reject sanctions against X": the object of a word that turns is itself a hostile or friendly noun.
        for other in scene.turning:
            if other[1] <= at[0] and words.near(other, at, 3):
                sign = -sign
    return sign


def _weighed(mention: Mention, cues: Sequence[_Cue], scene: _Scene, book: StanceBook) -> Reading:
    """Add up what the words say of a mention, and set it against the target's usual polarity."""
    evidence = []
    speaks = mention.source_end > 0 and _speaks((mention.source_start, mention.source_end), scene)
    for cue in cues:
        adds, side = (
            _from_source(mention, cue, scene, speaks=speaks)
            if mention.source_end > 0
            else _from_writer(mention, cue, scene)
        )
        if adds:
            evidence.append(Evidence(*cue.at, round(adds, 3), f"{cue.frame.name} {side}"))
    total = sum(item.adds for item in evidence)
    # Where the codebook does not know the target, somebody marked it and asks for a lean; else silence is silence.
    target, settings = book.targets.get(mention.target), scene.settings
    if target and target.usual:
        # A firm usual polarity stands against single words; a plain one only fills the silence.
        needed = settings["against_firm"] if target.firm else settings["against_usual"]
        if total * target.usual < settings["threshold"] and not (total * target.usual < 0 and abs(total) >= needed):
            return Reading(settings["usual_weight"] * target.usual, USUAL, tuple(evidence), target.usual)
    if abs(total) < settings["threshold"]:
        score = total if target else _tone(mention, total, cues, scene, book)
        return Reading(score, _strongest(evidence, total) if evidence else SILENT, tuple(evidence), 0)
    score = max(-1.0, min(1.0, total))
    return Reading(score, _strongest(evidence, total), tuple(evidence), 1 if total > 0 else -1)


def _strongest(evidence: Sequence[Evidence], total: float) -> str:
    return max(evidence, key=lambda item: (item.adds * total > 0, abs(item.adds), -item.start)).rule


def _from_writer(mention: Mention, cue: _Cue, scene: _Scene) -> tuple[float, str]:
    """Say what one word adds to the speaker's own stance toward a mention, and from which side."""
    span, frame = (mention.start, mention.end), cue.frame
    if span in cue.objects:
        if frame.kind == "attributes":
            return 0.8 * frame.polarity * cue.sign, "of it"
        if cue.writer:
            return frame.object * cue.sign, "to it"
        # Somebody else's stance is not the speaker's; what is done to a target tells with whom the speaker feels.
        if cue.subjects or cue.passive or (frame.object < 0 and frame.subject < 0):
            return (frame.patient or 0.3 * frame.object) * cue.sign, "to it"
        return 0.8 * frame.object * cue.sign, "to it"
    if span in cue.subjects:
        return _judged(cue, scene) * cue.sign, "by it"
    return 0.0, ""


def _judged(cue: _Cue, scene: _Scene) -> float:
    """Judge the subject: by what it does, or by the usual polarity of the one for or against whom it does it."""
    if cue.frame.balance:
        for other in cue.objects:
            if scene.usual.get(other):
                return 0.9 * cue.frame.object * scene.usual[other]
    return cue.frame.subject


def _from_source(mention: Mention, cue: _Cue, scene: _Scene, *, speaks: bool) -> tuple[float, str]:
    """Say what one word adds to the stance of a marked source toward a mention, and from which side."""
    span, source, frame = (mention.start, mention.end), (mention.source_start, mention.source_end), cue.frame
    share = frame.said if speaks and source not in cue.objects else 0.2
    if span in cue.objects:
        if frame.kind == "attributes":
            return share * frame.polarity * cue.sign, "of it"
        if source in cue.subjects:
            return frame.object * cue.sign, "to it, from the source"
        if not cue.subjects and not cue.passive and _leads(source, cue, scene):
            share = max(share, scene.settings["leads"] * frame.said)
        return frame.object * cue.sign * (0.2 if cue.subjects else share), "to it"
    if span in cue.subjects:
        if source in cue.objects:
            return 0.15 * frame.object * cue.sign, "from it, to the source"
        return _judged(cue, scene) * cue.sign * share, "by it"
    return 0.0, ""


def _leads(source: Span, cue: _Cue, scene: _Scene) -> bool:
    """Tell whether the source stands before a word in its sentence, with no other name between."""
    if source[1] > cue.at[0] or scene.words.parted(source[1], cue.at[0], clauses=False):
        return False
    return not any(source[1] <= start and end <= cue.at[0] for start, end in scene.spans)


def _speaks(source: Span, scene: _Scene) -> bool:
    """Tell whether a marked source stands by a word of speech."""
    words = scene.words
    for at in scene.speech:
        left, right = (source, at) if source[1] <= at[0] else (at, source)
        if left[1] <= right[0] and words.apart(left[1], right[0]) <= int(scene.settings["speech_reach"]):
            return not words.parted(left[1], right[0], clauses=False)
    return False


def _tone(mention: Mention, said: float, cues: Sequence[_Cue], scene: _Scene, book: StanceBook) -> float:
    """Lean the score, below the threshold, by words of stance and of praise or complaint that no frame ties to it."""
    words, settings = scene.words, scene.settings
    first, last = bisect_left(words.starts, mention.start), bisect_left(words.starts, mention.end)
    total = 0.0
    for i, (start, end) in enumerate(zip(words.starts, words.ends, strict=True)):
        leaning = lean(words.text[start:end].lower(), book.tone)
        if leaning:
            away = max(first - i, i - last + 1, 0)
            total += leaning / (1 + away / settings["tone_reach"])
    for cue in cues:
        away = max(words.apart(cue.at[1], mention.start), words.apart(mention.end, cue.at[0]), 0)
        leaning = cue.frame.polarity or cue.frame.object or cue.frame.subject
        total += cue.sign * leaning / (1 + away / settings["tone_reach"])
    limit = settings["threshold"] - 0.01
    return max(-limit, min(limit, said + settings["tone_weight"] * total))


def lean(word: str, tone: Mapping[str, float]) -> float:
    """Return how a lower-case word leans, by itself or by the longest beginning that the codebook stars."""
    if word in tone:
        return tone[word]
    for length in range(len(word), 2, -1):
        found = tone.get(word[:length] + "*")
        if found is not None:
            return found
    return 0.0
