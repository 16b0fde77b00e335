"""What a fitted stance coder sees of a target in a statement: names of features with their sizes, readable as words."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from helpers.coding.clauses import words_of
from helpers.coding.word_vectors import words_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from helpers.codebook.match import Hit
    from helpers.coding.stance_weighing import Reading
    from helpers.coding.targets import Mention, StanceBook
    from helpers.coding.word_vectors import WordVectors

_TOKEN = re.compile(r"\w+|[.,;:!?]")
_NEAR = 6  # tokens on each side that count with their side
_ADJACENT = 2  # tokens on each side that count with their place
_GRAMS = (2, 3)
_LONGEST = 3
_FADING = tuple(1 / (1 + i) for i in range(8))
_SCALE = 4.0  # makes the vectors count beside the words under one penalty


class Candidate(NamedTuple):
    """A target that a statement may be coded for: its mentions, each with the rules' reading (none where nested)."""

    target: str
    items: tuple[tuple[Mention, Reading | None], ...]


def candidates_of(pairs: Sequence[tuple[Mention, Reading]], hits: Sequence[Hit], book: StanceBook) -> list[Candidate]:
    """Group the mentions of a statement by the manual's target, in the order of their first mention.

    The terrorism that stands inside "the fight against terrorism" is a candidate too: rules count the longer name
    only, coders now and then code both.
    """
    found: dict[str, list[tuple[Mention, Reading | None]]] = {}
    for mention, reading in pairs:
        fold = book.targets[mention.target].fold if mention.target in book.targets else mention.target
        found.setdefault(fold, []).append((mention, reading))
    for hit in hits:
        if hit.entry == "target:terrorism.name":
            for mention, _ in pairs:
                if mention.target == "counter_terrorism" and mention.start <= hit.start and hit.end <= mention.end:
                    inner = mention._replace(start=hit.start, end=hit.end, target="terrorism")
                    found.setdefault("terrorism", []).append((inner, None))
    return [Candidate(target, tuple(items)) for target, items in found.items()]


def stance_features(
    text: str, candidate: Candidate, beside: Sequence[str], hits: Sequence[Hit], book: StanceBook
) -> dict[str, float]:
    """Return the features of one candidate.

    Parameters
    ----------
    text : str
    candidate : Candidate
    beside : sequence of str
        The other targets of the statement.
    hits : sequence of Hit
    book : StanceBook

    Returns
    -------
    dict
        Names of features: ``t`` the target, ``name`` its words, ``rule`` and ``word`` what the rules found, ``L`` and
        ``R`` words on its left and right, ``near`` what touches it, ``s`` and ``u`` words of the sentence and of the
        statement, ``cue`` groups of words of stance anywhere; after ``|`` with the kind of target.
    """
    target = candidate.target
    kind = kind_of(target, book)
    found = {f"t {target}": 1.0, f"n|{kind} {min(_LONGEST, len(candidate.items))}": 1.0}
    nested = [reading is None for _, reading in candidate.items]
    if any(nested):
        found[f"nested {'all' if all(nested) else 'some'} {target}"] = 1.0
    for other in beside:
        found[f"beside|{target} {other}"] = 1.0
    stops = words_of(text, ()).stops
    for mention, reading in candidate.items:
        _named(found, " ".join(text[mention.start : mention.end].lower().split()), mention, target)
        if reading is not None:
            _read(found, reading, kind)
        first, last = _sentence(text, mention, stops)
        left = [token.lower() for token in _TOKEN.findall(text[first : mention.start])]
        right = [token.lower() for token in _TOKEN.findall(text[mention.end : last])]
        _around(found, left[::-1], right, kind)
    for word in {token.lower() for token in _TOKEN.findall(text)}:
        found[f"u {word}"] = found[f"u|{kind} {word}"] = 0.5
    for hit in hits:
        if hit.entry.startswith("cue."):
            found[f"cue {hit.entry}"] = found[f"cue|{kind} {hit.entry}"] = 1.0
    return found


def company(text: str, candidate: Candidate, vectors: WordVectors) -> npt.NDArray[np.float64]:
    """Return what company a candidate keeps, as word vectors side by side; the mean over its mentions.

    The three and eight words before it, the three and eight after it, its sentence, its name, the statement.
    """
    stops = words_of(text, ()).stops
    whole = vectors.mean(words_in(text))
    rows = []
    for mention, _ in candidate.items:
        first, last = _sentence(text, mention, stops)
        left, right = words_in(text[first : mention.start])[::-1], words_in(text[mention.end : last])
        sides = [part for side in (left, right) for part in (vectors.mean(side[:3]), vectors.mean(side[:8], _FADING))]
        name = vectors.mean(words_in(text[mention.start : mention.end]))
        rows.append(np.concatenate([*sides, vectors.mean(left + right), name, whole]))
    mean: npt.NDArray[np.float64] = _SCALE * np.mean(rows, axis=0)
    return mean


def _sentence(text: str, mention: Mention, stops: Sequence[int]) -> tuple[int, int]:
    at, after = bisect_left(stops, mention.start), bisect_right(stops, mention.end - 1)
    return (stops[at - 1] + 1 if at else 0), (stops[after] if after < len(stops) else len(text))


def kind_of(target: str, book: StanceBook) -> str:
    """Name what targets share: States are alike, and those whom everybody condemns."""
    known = book.targets.get(target)
    if known is None or known.country or target in {"afghan_government", "nato", "other_state"}:
        return "state"
    return "condemned" if known.usual < 0 else target


def _named(found: dict[str, float], name: str, mention: Mention, target: str) -> None:
    found[f"name|{target} {name}"] = found[f"fine {mention.target}"] = 1.0
    for word in _TOKEN.findall(name):
        found[f"in name|{target} {word}"] = 1.0


def _read(found: dict[str, float], reading: Reading, kind: str) -> None:
    sign = (reading.score > 0) - (reading.score < 0)
    found[f"rule {reading.rule} {sign}"] = found[f"rule|{kind} {reading.rule} {sign}"] = 1.0
    for item in reading.evidence:
        side = 1 if item.adds > 0 else -1
        found[f"word {item.rule} {side}"] = found[f"word|{kind} {item.rule} {side}"] = 1.0
    found["score"] = reading.score
    if reading.evidence:
        found[f"score|{kind}"] = reading.score


def _around(found: dict[str, float], left: Sequence[str], right: Sequence[str], kind: str) -> None:
    """Add the tokens on both sides, the nearest first."""
    for side, tokens in (("L", left), ("R", right)):
        for place, token in enumerate(tokens[:_NEAR]):
            found[f"{side} {token}"] = found[f"{side}|{kind} {token}"] = 1.0
            if place < _ADJACENT:
                found[f"{side}{place} {token}"] = 1.0
        window = tokens[: _NEAR + 1]
        for size in _GRAMS:
            for i in range(len(window) - size + 1):
                gram = window[i : i + size] if side == "R" else window[i : i + size][::-1]
                found[f"{side} {' '.join(gram)}"] = 1.0
        found[f"long|{kind} {side} {min(4, len(tokens) // _NEAR)}"] = 1.0
    found[f"near|{kind} {' '.join([*left[:1], 'TARGET', *right[:1]])}"] = 1.0
    for token in {*left, *right}:
        found[f"s {token}"] = found[f"s|{kind} {token}"] = 1.0
