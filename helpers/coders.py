"""A fitted frame coder: plain numbers, applied with numpy; saved without anything that can run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from helpers.features import candidate_features, read_statement
from helpers.framing import LISTS, Mention, coder_patterns, countries_of
from helpers.model_files import LEAST, MODELS, read_model, write_model

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy.typing as npt
    import pandas as pd

    from helpers.codebook import Codebook
    from helpers.features import Reading
    from helpers.word_vectors import WordVectors

    Floats = npt.NDArray[np.float64]

IF_THREAT = ("agents", "types", "referents")
_NO_WORDS = Mention("", "", -1, -1, negated=False, rule="")


@dataclass(frozen=True)
class Coder:
    """A fitted frame coder.

    Attributes
    ----------
    card : mapping
        Name, what it was fitted on, licence, codebook digest, number of statements, thresholds.
    outputs : tuple of str
        What it decides: ``threat.1``, ``severity.2``, ``severity.3`` (at least that grave) and each ``slot.value``.
    unit : mapping
        Feature of the whole statement to its column in `unit_weights`.
    unit_weights : array
        One row a feature, one column an output; the last row is the bias.
    near : mapping
        Slot to the weights of the features of candidates.
    vectors : WordVectors or None
        Tell the coder which words are kin, beyond those it was fitted on.
    """

    card: Mapping[str, Any]
    outputs: tuple[str, ...]
    unit: Mapping[str, int]
    unit_weights: Floats
    near: Mapping[str, Mapping[str, float]]
    vectors: WordVectors | None = None

    def thresholds(self) -> Mapping[str, float]:
        """Return the probability from which each output or slot is coded."""
        found: Mapping[str, float] = self.card["thresholds"]
        return found


def read_all(statements: pd.DataFrame, codebook: Codebook, vectors: WordVectors | None) -> list[Reading]:
    """Read every statement with the patterns a coder needs."""
    patterns = coder_patterns(codebook)
    contents = [content if isinstance(content, str) else "" for content in statements["content"].tolist()]
    return [
        read_statement(content, country, patterns, vectors)
        for content, country in zip(contents, countries_of(statements), strict=True)
    ]


def decide(coder: Coder, reading: Reading) -> list[Mention]:
    """Return what the coder codes in one statement: each value once, with the words that speak most for it."""
    limits = coder.thresholds()
    chances = dict(zip(coder.outputs, probabilities(coder, reading), strict=True))
    threat = chances["threat.1"] >= limits["threat"]
    found: list[Mention] = []
    if threat:
        harms = [mention for mention in reading.mentions if mention.slot == "severity" and not mention.negated]
        gravest = max(harms, key=lambda harm: (harm.value, -harm.start), default=_NO_WORDS)
        grave = 1 + sum(bool(chances[f"severity.{level}"] >= limits[f"severity.{level}"]) for level in (2, 3))
        found = [gravest._replace(slot="threat", value="1"), _NO_WORDS._replace(slot="severity", value=str(grave))]
    for output, chance in chances.items():
        slot, _, value = output.partition(".")
        if slot in LISTS and chance >= limits[slot] and (threat or slot not in IF_THREAT):
            found.append(_speaks_most(coder, reading, slot, value)._replace(slot=slot, value=value, negated=False))
    return found


def _speaks_most(coder: Coder, reading: Reading, slot: str, value: str) -> Mention:
    weights = coder.near.get(slot, {})

    def weight(mention: Mention) -> tuple[float, int]:
        features = candidate_features(reading, slot, value, [mention])
        return sum(weights.get(name, 0.0) * size for name, size in features.items()), -mention.start

    mentions = reading.candidates.get((slot, value), [])
    # A hint such as "we" may weigh in a decision, but the words shown for it should name something.
    named = [mention for mention in mentions if not mention.rule.startswith("hint ")]
    return max(named or mentions, key=weight, default=_NO_WORDS)


def probabilities(coder: Coder, reading: Reading) -> Floats:
    """Return the probability of each output; of agents, types and referents together with a threat claim."""
    known = [(coder.unit[name], size) for name, size in reading.unit.items() if name in coder.unit]
    scores: Floats = coder.unit_weights[-1].copy()
    if known:
        at, size = zip(*known, strict=True)
        scores += np.array(size) @ coder.unit_weights[list(at)]
    for column, output in enumerate(coder.outputs):
        slot, _, value = output.partition(".")
        weights = coder.near.get(slot)
        if weights:
            features = candidate_features(reading, slot, value, reading.candidates.get((slot, value), []))
            scores[column] += sum(weights.get(name, 0.0) * size for name, size in features.items())
    chances: Floats = 1.0 / (1.0 + np.exp(-scores))
    for column, output in enumerate(coder.outputs):
        if output.partition(".")[0] in IF_THREAT:
            chances[column] *= chances[0]
    return chances


def save_coder(coder: Coder, path: str | Path) -> None:
    """Write a coder to one ``.npz`` file of numbers and text; nothing in it can run.

    Parameters
    ----------
    coder : Coder
    path : path
        Ends in ``.npz``.

    Raises
    ------
    ValueError
        If the path does not end in ``.npz``.
    """
    used = np.abs(coder.unit_weights[:-1]).max(axis=1) >= LEAST
    slots = sorted(coder.near)
    arrays: dict[str, Any] = {
        "outputs": list(coder.outputs),
        "unit": [name for name, keep in zip(coder.unit, used, strict=True) if keep],
        "unit_weights": np.vstack([coder.unit_weights[:-1][used], coder.unit_weights[-1:]]).astype(np.float16),
        "slots": slots,
    }
    for slot in slots:
        kept = {name: weight for name, weight in coder.near[slot].items() if abs(weight) >= LEAST}
        arrays[f"near_{slot}"] = list(kept)
        arrays[f"weights_{slot}"] = np.array(list(kept.values()), dtype=np.float16)
    write_model(path, coder.card, arrays, vectors=coder.vectors)


def load_coder(path: str | Path | None = None) -> Coder:
    """Read a saved coder.

    Parameters
    ----------
    path : path, optional
        Default: the coder shipped with the project, fitted on coded statements of the UN General Debate.

    Returns
    -------
    Coder

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the file is not a saved coder.

    Examples
    --------
    >>> load_coder().card["name"]
    'un-frames-1'
    """
    source = MODELS / "frames.npz" if path is None else path
    card, arrays, vectors = read_model(source, ("unit", "unit_weights", "outputs"), kind="frame coder")
    near = {
        slot: dict(zip(arrays[f"near_{slot}"], arrays[f"weights_{slot}"].tolist(), strict=True))
        for slot in arrays["slots"]
    }
    unit = {name: at for at, name in enumerate(arrays["unit"])}
    return Coder(card, tuple(arrays["outputs"]), unit, arrays["unit_weights"], near, vectors)
