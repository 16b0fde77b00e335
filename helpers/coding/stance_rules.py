"""Read the stance toward each mention from the words around it: who does what to whom, negation, voice, labels.

Words of stance from the codebook reach for the names beside them within a clause. The frames (on which side of a word
its polarity falls) are the codebook's; only the grammar of English is here and in `helpers.coding.clauses`.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from typing import TYPE_CHECKING

from helpers.coding.clauses import is_noun, is_passive, names_left, names_right, words_of
from helpers.coding.stance_weighing import Cue, Scene, weighed
from helpers.coding.targets import LAYERS
from helpers.coding.verdicts import Said, frame_of_cue, is_own, objects_of_cue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from helpers.codebook.match import Hit
    from helpers.coding.clauses import Span
    from helpers.coding.stance_weighing import Reading
    from helpers.coding.targets import Frame, Mention, StanceBook

_PLACE = frozenset({"in", "from", "within", "through", "under", "across", "inside", "near", "alongside", "with", "at"})
_BESIDE = _PLACE | {"to", "for", "between", "on", "by", "against", "toward", "towards"}
_IN_CUE = (-1, -1)
_SAID = Said()
_NOUN_REACH = 3  # words between a verdict and the hostile or friendly noun that it takes
_WRITER = frozenset({"we", "i", "our", "my", "us"})


def read_mentions(
    text: str, mentions: Sequence[Mention], hits: Sequence[Hit], book: StanceBook, *, said: Said = _SAID
) -> list[Reading]:
    """Read the stance toward each mention of one statement.

    Parameters
    ----------
    text : str
        The content of the statement.
    mentions : sequence of Mention
    hits : sequence of Hit
        Everything of the codebook in the content, as `helpers.codebook.match.find_hits` gives it.
    book : StanceBook
    said : Said, optional
        The cue of the statement, whose verdict counts ("he denounced the talks"), and whether its speech is reported.

    Returns
    -------
    list of Reading
        One a mention, in their order.
    """
    scene = _scene(text, mentions, hits, book, said)
    cues = [_pointed(cue, scene) for at, frame in _within(scene) if (cue := _cue(at, frame, scene)) is not None]
    if scene.verdict:
        takers = [at for at, frame in scene.cues if frame.kind in {"verbs", "phrases"}]
        objects = objects_of_cue(scene.words, scene.spans, takers, int(scene.settings["cue_reach"]))
        cues = [_under(scene.verdict, cue, scene) for cue in cues]
        judged = _outright((0, 0), objects, scene)
        cues.append(Cue(_IN_CUE, scene.verdict, 1.0, judged, judged=judged))
    return [weighed(mention, cues, scene, book) for mention in mentions]


def _scene(text: str, mentions: Sequence[Mention], hits: Sequence[Hit], book: StanceBook, said: Said) -> Scene:
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
    verdict = frame_of_cue(said.cue, book) if said.cue else None
    return Scene(
        # Without a word of stance there is no distance to ask for, except where a lean is asked.
        words_of(text if by_layer["cue"] or leaning or verdict else "", clauses),
        tuple(sorted(spans | points_to.keys())),
        tuple(by_layer["cue"]),
        tuple(by_layer["shift"]),
        tuple(at for at, frame in by_layer["cue"] if frame.turns),
        tuple(at for at, _ in by_layer["speech"]),
        points_to,
        {(m.start, m.end): book.targets[m.target].usual for m in mentions if m.target in book.targets},
        leaning,
        book.settings,
        said.reported,
        verdict,
    )


def _within(scene: Scene) -> list[tuple[Span, Frame]]:
    """Return the words of stance in sentences that hold a name: the others cannot touch one."""
    stops = scene.words.stops
    if not stops or scene.leaning:
        return list(scene.cues)
    named = {bisect_left(stops, start) for start, _ in scene.spans}
    return [(at, frame) for at, frame in scene.cues if bisect_left(stops, at[0]) in named]


def _cue(at: Span, frame: Frame, scene: Scene) -> Cue | None:
    words, reach = scene.words, frame.reach or int(scene.settings["reach"])
    if frame.kind == "attributes":
        beside = [s for s in scene.spans if (words.near(s, at, 1) if frame.after else words.near(at, s, 2))]
        reached = tuple(beside[-1:] if frame.after else beside[:1])
        return Cue(at, frame, _shifted(at, frame, scene), reached, judged=reached if frame.verdict else ())
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
    first = form in _WRITER  # a phrase may begin with its subject
    own = frame.verdict and (first or is_own(words, at[0], reported=scene.reported, bare=frame.kind == "phrases"))
    judged = _outright(at, right, scene) if own else ()
    writer = not _WRITER.isdisjoint(near)
    if frame.kind == "verbs" and is_passive(form, near, words.after(at[1], 1)):
        by = words.text.find(" by ", at[1], at[1] + 40)
        agents = tuple(span for span in right if 0 <= by < span[0])
        return Cue(at, frame, sign, left, agents, passive=True, writer=writer)
    return Cue(at, frame, sign, right if frame.object or frame.balance else (), left, writer=writer, judged=judged)


def _outright(at: Span, objects: Sequence[Span], scene: Scene) -> tuple[Span, ...]:
    """Return the objects that a verdict is passed on: of "endorsed talks with X" the talks, and not X."""
    words = scene.words
    return tuple(s for s in objects if _BESIDE.isdisjoint(words.before(s[0], words.apart(at[1], s[0]))))


def _under(verdict: Frame, cue: Cue, scene: Scene) -> Cue:
    """Turn the hostile or friendly noun that a verdict in the cue takes: "condemned" - "sanctions against X"."""
    first = scene.words.apart(0, cue.at[0]) <= _NOUN_REACH
    if verdict.turns and first and cue.frame.kind == "phrases" and cue.frame.turned:
        return replace(cue, sign=-cue.sign, writer=True)
    return cue


def _pointed(cue: Cue, scene: Scene) -> Cue:
    """Carry what is said of "that country" to the country."""
    if not scene.points_to:
        return cue
    objects = tuple(scene.points_to.get(span, span) for span in cue.objects)
    subjects = tuple(scene.points_to.get(span, span) for span in cue.subjects)
    judged = tuple(scene.points_to.get(span, span) for span in cue.judged)
    return replace(cue, objects=objects, subjects=subjects, judged=judged)


def _shifted(at: Span, frame: Frame, scene: Scene) -> float:
    """Turn a word that is negated in its clause, weaken it under a reported accusation, strengthen it."""
    words, sign = scene.words, 1.0
    if not scene.shifts and not scene.turning:
        return sign
    for shift, how in scene.shifts:
        if how.negates and at[0] <= shift[0] and shift[1] <= at[1]:
            # "is not a threat": the negation stands inside the phrase.
            sign = -sign if frame.holds_negation else sign
        elif shift[1] <= at[0] and words.apart(shift[1], at[0]) < how.reach and not words.parted(shift[1], at[0]):
            if how.negates:
                sign = -sign if frame.turned else sign
            else:
                sign *= how.weight
    if frame.kind == "phrases" and frame.turned:
        # "We reject sanctions against X": the object of a word that turns is itself a hostile or friendly noun.
        for other in scene.turning:
            if other[1] <= at[0] and words.near(other, at, _NOUN_REACH):
                sign = -sign
    return sign
