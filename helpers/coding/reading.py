"""Reading: what the reader says of a statement: roles of words, kinds of harm, signs of stance, each with its words."""

import functools
import math
from collections.abc import Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np

from helpers.codebook.patterns import Patterns, find_hits
from helpers.coding.reader import LONGEST, Floats, Piece, Reader, Told, answers, cut, is_function_word, lead_of

_OVERLAP = 60  # pieces that two parts of a longer statement share
_FAINT = 0.1  # tags and outputs with a lower probability are dropped
_KEPT = 20_000  # statements remembered, so that stance and frames of a corpus take one reading
_NEAR = 0.6  # of the surest tag of a value: words with less are no mention of it
_INNER = frozenset("-‐‑–'’.&/")  # marks that stand inside names
Span = tuple[int, int]
NO_PLACE = (-1, -1)
WITH_ROLES = ("agents", "referents", "blame")  # slots whose values are words with a role


class Code(NamedTuple):
    """A value of a slot and its words: half-open offsets in the content (-1: the whole statement), how probable it is.

    `negated` and `rule` are what the rules tell of it.
    """

    slot: str
    value: str
    start: int
    end: int
    score: float = math.nan
    negated: bool = False
    rule: str = ""


class Word(NamedTuple):
    """A word that speaks for a code: half-open offsets (-1: in the cue), what it adds, and by which rule."""

    start: int
    end: int
    adds: float
    rule: str = ""


class Attitude(NamedTuple):
    """Stance toward one mention: polarity, score in [-1, 1], the words it rests on, and the rule that decided."""

    target: str
    start: int
    end: int
    polarity: int
    score: float
    evidence: tuple[Word, ...]
    rule: str = ""


class Reading(NamedTuple):
    """What the reader says of one statement, in arrays: thousands are remembered.

    Attributes
    ----------
    outputs : sequence of str
        What it says of the whole statement, as on its card.
    says : array of float32, shape (outputs,)
        Their probabilities.
    roles : tuple of Code
        Tagged words, in order; their score is how sure the tag is.
    signs : array of float32, shape (words, 5)
        One row per word of the content: its half-open offsets, and how probable a stance against what it names is,
        none, and one for it.
    words : dict
        Output to the word that contributes most to it; what it adds is its contribution to the logit.
    limits : mapping
        Slot to the probability from which a value is coded, in the kind of text that the statement is from; ``target``
        for targets of stance.
    """

    outputs: Sequence[str]
    says: Floats
    roles: tuple[Code, ...]
    signs: Floats
    words: dict[str, Word]
    limits: Mapping[str, float]

    def chance(self, output: str) -> float:
        """Return the probability of an output."""
        return float(self.says[self.outputs.index(output)])


@functools.lru_cache(maxsize=_KEPT)
def read(reader: Reader, content: str, told: Told) -> Reading:
    """Read one statement; a statement that was read before is remembered.

    Parameters
    ----------
    reader : Reader
    content : str
    told : Told

    Returns
    -------
    Reading
        Each statement is read by itself, so what is said of it does not depend on its neighbours in a table. The score
        of a role is that of its value: the surest of its tags, and the whole statement, weighed as the card says.

    Raises
    ------
    ValueError
        If the model gives numbers that are no probabilities: the file, which is named, is damaged.

    Examples
    --------
    >>> from helpers.coding.reader import Told, load_reader
    >>> reading = read(load_reader(), "Terrorism is a threat to the whole region.", Told(reported=False))
    >>> [(role.slot, role.value) for role in reading.roles if role.score > 0.5 and role.slot == "referents"]
    [('referents', 'region')]
    """
    lead, _ = lead_of(reader, told)
    pieces = cut(content, reader.pieces)
    room = LONGEST - 3 - len(lead)
    starts = range(0, max(1, len(pieces) - _OVERLAP), room - _OVERLAP)
    parts = [_run(reader, content, told, pieces[start : start + room]) for start in starts]
    reading = parts[0] if len(parts) == 1 else _joined(parts)
    return reading._replace(roles=_weighed(reading, reader.card["tagged_share"]))


def _run(reader: Reader, content: str, told: Told, pieces: Sequence[Piece]) -> Reading:
    lead, cue = lead_of(reader, told)
    says, tags, signs, adds = answers(reader, ["says", "tags", "signs", "adds"], lead, pieces)
    outputs, words = reader.card["outputs"], _words(pieces)
    limits = reader.card["thresholds"]["news" if told.reported else "speech"]
    if not words:
        return Reading(outputs, says, (), np.zeros((0, 5), dtype=np.float32), {}, limits)
    inside = slice(2 + len(lead), 2 + len(lead) + len(pieces))
    places = [(pieces[at].start, pieces[at].end) for at in words]
    able = [at for at, (start, end) in enumerate(places) if not is_function_word(content[start:end])]
    roles = _roles(reader.card["tags"], content, places, np.maximum.reduceat(tags[inside], words))
    shares = np.add.reduceat(adds[inside], words)[able]
    in_cue = adds[[at + 1 for at in cue]].sum(axis=0)
    words_of = _telling(outputs, says, [*(places[at] for at in able), NO_PLACE], np.vstack([shares, in_cue]))
    placed = np.hstack([np.array(places, dtype=np.float32), _means(signs[inside], words)])
    return Reading(outputs, says, tuple(roles), placed, words_of, limits)


def _means(rows: Floats, words: Sequence[int]) -> Floats:
    """Return the mean over the pieces of each word."""
    means: Floats = np.add.reduceat(rows, words) / np.diff([*words, len(rows)])[:, None]
    return means.astype(np.float32)


def _words(pieces: Sequence[Piece]) -> list[int]:
    """Return where each word begins among the pieces."""
    return [at for at, piece in enumerate(pieces) if not at or piece.start != pieces[at - 1].start]


def _roles(names: Sequence[str], content: str, places: Sequence[Span], tags: Floats) -> Iterator[Code]:
    """Join neighbouring words with the same tag; words much less sure than the surest are left out.

    A role ends at a comma or a bracket, and has no function word or mark at its edges.
    """
    words = [content[start:end] for start, end in places]
    inner = np.array([word[0].isalnum() or word in _INNER for word in words])
    most = tags.max(axis=0)
    for column in np.flatnonzero(most > _FAINT).tolist():
        sure = np.flatnonzero(inner & (tags[:, column] >= max(_FAINT, _NEAR * float(most[column]))))
        for run in np.split(sure, np.flatnonzero(np.diff(sure) > 1) + 1):
            whole = [places[at] for at in run if not is_function_word(words[at])]
            if whole:
                slot, _, value = names[column].partition(".")
                yield Code(slot, value, whole[0][0], whole[-1][1], float(tags[run, column].max()))


def _telling(outputs: Sequence[str], says: Floats, places: Sequence[Span], shares: Floats) -> dict[str, Word]:
    """Find the word that tells most for each output that is not improbable; the last place is that of the cue.

    Only a stance may rest on the cue ("denounced"): what is a threat and what is to be done is in the content.
    """
    found = {}
    for column in np.flatnonzero(says > _FAINT).tolist():
        adds = shares[:, column] if outputs[column].startswith("stance.") else shares[:-1, column]
        if len(adds) and adds.max() > 0:
            found[outputs[column]] = Word(*places[int(adds.argmax())], round(float(adds.max()), 2))
    return found


def _joined(parts: Sequence[Reading]) -> Reading:
    """Take each output of a long statement from the part that says it most, each role from the surest."""
    surest = sorted((role for part in parts for role in part.roles), key=attrgetter("score"))
    roles = {role[:4]: role for role in surest}
    # The first word of a later part may be cut in two, and has nothing before it.
    signs = {(row[0], row[1]): row for at, part in enumerate(parts) for row in part.signs[at > 0 :].tolist()}
    words = sorted((pair for part in parts for pair in part.words.items()), key=lambda pair: (pair[1].adds, pair[1]))
    return parts[0]._replace(
        says=np.max([part.says for part in parts], axis=0),
        roles=tuple(sorted(roles.values(), key=attrgetter("start", "end", "slot", "value"))),
        signs=np.array(sorted(signs.values()), dtype=np.float32),
        words=dict(words),  # the last of a name says most
    )


def _weighed(reading: Reading, share: float) -> tuple[Code, ...]:
    """Score each role by the surest of its value and by the whole statement, which has the rest of the share."""
    surest = {role[:2]: role.score for role in sorted(reading.roles, key=attrgetter("score"))}
    chances = {key: share * sure + (1 - share) * reading.chance(".".join(key)) for key, sure in surest.items()}
    return tuple(role._replace(score=chances[role[:2]]) for role in reading.roles)


def names_in(content: str, added: Patterns) -> list[Code]:
    """Find the names that a researcher's codebook adds, in each slot that they may fill.

    Parameters
    ----------
    content : str
    added : Patterns
        From `helpers.codebook.load.added_names`.

    Returns
    -------
    list of Code
        An agent may be to blame as well; an actor may have any role and be a target of stance.
    """
    found = []
    for hit in find_hits(content, added) if added.patterns else ():
        layer, _, value = hit.entry.partition(".")
        slots = {"agents": ("agents", "blame"), "actors": (*WITH_ROLES, "stance")}.get(layer, (layer,))
        found += [Code(slot, value, hit.start, hit.end, 1.0) for slot in slots]
    return found


def touches(one: Any, other: Any) -> bool:  # noqa: ANN401 - whatever has a place
    """Tell whether two spans share a character."""
    return bool(one.start < other.end and other.start < one.end)


def states_of(reader: Reader, content: str, told: Told) -> tuple[list[Span], Floats]:
    """Return the vector of each word in the last layer, from which variables of one's own are learned.

    Parameters
    ----------
    reader : Reader
    content : str
    told : Told

    Returns
    -------
    places : list of tuple of int
        Half-open offsets of the words; those beyond the first part of a very long statement are left out.
    states : array of float32, shape (words, 384)
    """
    lead, _ = lead_of(reader, told)
    pieces = cut(content, reader.pieces)[: LONGEST - 3 - len(lead)]
    (states,) = answers(reader, ["states"], lead, pieces)
    words, first = _words(pieces), 2 + len(lead)
    inside: Floats = states[first : first + len(pieces)]
    return [(pieces[at].start, pieces[at].end) for at in words], _means(inside, words) if words else inside
