"""Weighing: turn the words of stance that touch a mention into its score, polarity and evidence."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from helpers.coding.clauses import Span, Words
    from helpers.coding.targets import Frame, Mention, StanceBook

SILENT = "no words of stance"


class Evidence(NamedTuple):
    """One word of stance that touches a mention: half-open offsets, what it adds to the score, its group and side.

    Offsets of -1 stand for the cue, which is not in the content.
    """

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
class Cue:
    """A word of stance with the names it reaches; `sign` holds negation, strength and reported accusations.

    `writer`: somebody says "we" or "our" before it; `judged`: those of its objects on whom it is the speaker's verdict.
    """

    at: Span
    frame: Frame
    sign: float
    objects: tuple[Span, ...]
    subjects: tuple[Span, ...] = ()
    passive: bool = False
    writer: bool = False
    judged: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Scene:
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
    reported: bool
    verdict: Frame | None


def weighed(mention: Mention, cues: Sequence[Cue], scene: Scene, book: StanceBook) -> Reading:
    """Add up what the words say of a mention."""
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
    if abs(total) < scene.settings["threshold"]:
        # Where the codebook does not know the target, somebody marked it and asks for a lean; else silence is silence.
        score = total if mention.target in book.targets else _tone(mention, total, cues, scene, book)
        return Reading(score, _strongest(evidence, total) if evidence else SILENT, tuple(evidence), 0)
    score = max(-1.0, min(1.0, total))
    return Reading(score, _strongest(evidence, total), tuple(evidence), 1 if total > 0 else -1)


def _strongest(evidence: Sequence[Evidence], total: float) -> str:
    return max(evidence, key=lambda item: (item.adds * total > 0, abs(item.adds), -item.start)).rule


def _from_writer(mention: Mention, cue: Cue, scene: Scene) -> tuple[float, str]:
    """Say what one word adds to the speaker's own stance toward a mention, and from which side."""
    span, frame = (mention.start, mention.end), cue.frame
    if span in cue.objects:
        if frame.kind == "attributes":
            return 0.8 * frame.polarity * cue.sign, "of it"
        if cue.writer or span in cue.judged:
            return frame.object * cue.sign, "to it"
        # Somebody else's stance is not the speaker's; what is done to a target tells with whom the speaker feels.
        if cue.subjects or cue.passive or (frame.object < 0 and frame.subject < 0):
            return (frame.patient or 0.3 * frame.object) * cue.sign, "to it"
        return 0.8 * frame.object * cue.sign, "to it"
    if span in cue.subjects:
        return _judged(cue, scene) * cue.sign, "by it"
    return 0.0, ""


def _judged(cue: Cue, scene: Scene) -> float:
    """Judge the subject: by what it does, or by how most speakers see the one for or against whom it does it."""
    if cue.frame.balance:
        for other in cue.objects:
            if scene.usual.get(other):
                return 0.9 * cue.frame.object * scene.usual[other]
    return cue.frame.subject


def _from_source(mention: Mention, cue: Cue, scene: Scene, *, speaks: bool) -> tuple[float, str]:
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


def _leads(source: Span, cue: Cue, scene: Scene) -> bool:
    """Tell whether the source stands before a word in its sentence, with no other name between."""
    if source[1] > cue.at[0] or scene.words.parted(source[1], cue.at[0], clauses=False):
        return False
    return not any(source[1] <= start and end <= cue.at[0] for start, end in scene.spans)


def _speaks(source: Span, scene: Scene) -> bool:
    """Tell whether a marked source stands by a word of speech."""
    words = scene.words
    for at in scene.speech:
        left, right = (source, at) if source[1] <= at[0] else (at, source)
        if left[1] <= right[0] and words.apart(left[1], right[0]) <= int(scene.settings["speech_reach"]):
            return not words.parted(left[1], right[0], clauses=False)
    return False


def _tone(mention: Mention, said: float, cues: Sequence[Cue], scene: Scene, book: StanceBook) -> float:
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
