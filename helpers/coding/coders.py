"""A fitted frame coder: plain numbers, applied with numpy; saved without anything that can run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from helpers.coding.batches import batched
from helpers.coding.encoder import name_with, read_with, words_that_tell
from helpers.coding.features import (
    NEAR,
    candidate_company,
    candidate_features,
    named_first,
    near_features,
    read_statement,
)
from helpers.coding.frames import IF_THREAT, LISTS, Mention, coder_patterns, countries_of
from helpers.coding.learning import matrix, sparse_rows
from helpers.coding.model_files import LEAST, read_model, write_model
from helpers.paths import MODELS
from helpers.statements.table import is_reported

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    import numpy.typing as npt
    import pandas as pd
    from scipy.sparse import csr_matrix

    from helpers.codebook.load import Codebook
    from helpers.coding.encoder import Answer, Encoder
    from helpers.coding.features import Reading
    from helpers.coding.word_vectors import WordVectors

    Floats = npt.NDArray[np.float64]

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
        Feature of the whole statement to its row in `unit_weights`.
    unit_weights : array
        One row a feature, one column an output; the last row is the bias.
    direction : array
        Weights of the statement's word vector, one row a number, one column an output.
    near : mapping
        Slot to the weights of the features of candidates.
    company : mapping
        Slot to the weights of the word vectors around candidates.
    vectors : WordVectors or None
        Tell the coder which words are kin, beyond those it was fitted on.
    encoder : Encoder or None
        Reads each statement as a whole beside the weights above: slower, and closer to hand codes.
    """

    card: Mapping[str, Any]
    outputs: tuple[str, ...]
    unit: Mapping[str, int]
    unit_weights: Floats
    direction: Floats
    near: Mapping[str, Mapping[str, float]]
    company: Mapping[str, Floats]
    vectors: WordVectors | None = None
    encoder: Encoder | None = None

    @property
    def name(self) -> str:
        """What stands on every row that it codes."""
        return name_with(self.card, self.encoder)

    @property
    def known_values(self) -> frozenset[str]:
        """Values of any slot that it decides on, those among them that were never coded too."""
        coded = (output.partition(".")[2] for output in self.outputs)
        return frozenset(coded) | frozenset(self.card.get("values", ()))

    def thresholds(self, *, reported: bool) -> Mapping[str, float]:
        """Return the probability from which each output or slot is coded, in news or in speeches."""
        card = self.card if self.encoder is None else self.encoder.card
        found: Mapping[str, float] = card["thresholds"]["news" if reported else "speeches"]
        return found


def read_all(statements: pd.DataFrame, codebook: Codebook, vectors: WordVectors | None) -> Iterator[Reading]:
    """Read every statement with the patterns a coder needs; ``kind``, where present, tells speeches from news."""
    patterns = coder_patterns(codebook)
    contents = statements["content"].tolist()
    kinds = statements["kind"].tolist() if "kind" in statements else [None] * len(contents)
    for content, country, kind in zip(contents, countries_of(statements), kinds, strict=True):
        text = content if isinstance(content, str) else ""
        yield read_statement(text, country, patterns, vectors, reported=is_reported(kind))


def decide(coder: Coder, readings: Iterable[Reading]) -> Iterator[tuple[Reading, list[Mention]]]:
    """Yield each statement with what the coder codes in it: each value once, with the words that speak most for it."""
    for some in batched(readings):
        found = scores(coder, some)
        answers: Sequence[Answer | None] = [None] * len(some)
        if coder.encoder is not None:
            told = [one.content for one in some], [one.country for one in some], [one.reported for one in some]
            answers = read = read_with(coder.encoder, *told)
            logits = np.array([answer.logits for answer in read], dtype=float)
            found = mixed(found, coder.outputs, logits, coder.encoder.outputs, share=coder.encoder.card["share"])
        for reading, answer, row in zip(some, answers, chances(found, coder.outputs), strict=True):
            yield reading, _decided(coder, reading, answer, dict(zip(coder.outputs, row.tolist(), strict=True)))


def _decided(coder: Coder, reading: Reading, answer: Answer | None, chance_of: Mapping[str, float]) -> list[Mention]:
    if not reading.content.strip():  # nothing was said, and a coder knows only what was
        return []
    found = []
    for slot, value in coded_values(chance_of, coder.thresholds(reported=reading.reported)):
        words: Mention | None = _NO_WORDS  # a severity is the strongest claim of the whole
        if slot == "threat":
            words = max(reading.harms, key=lambda harm: (harm.value, -harm.start), default=None)
        elif slot in LISTS:
            words = _speaks_most(coder, reading, slot, value)
        words = words or _words_of(coder, reading, answer, f"{slot}.{value}")
        found.append(words._replace(slot=slot, value=value, negated=False))
    return found


def coded_values(chance_of: Mapping[str, float], limits: Mapping[str, float]) -> list[tuple[str, str]]:
    """Return the slots and values that reach their limits; without a threat some do not count."""
    threat = chance_of["threat.1"] >= limits["threat"]
    found = []
    if threat:
        grave = 1 + sum(chance_of[f"severity.{level}"] >= limits[f"severity.{level}"] for level in (2, 3))
        found = [("threat", "1"), ("severity", str(grave))]
    for output, chance in chance_of.items():
        slot, _, value = output.partition(".")
        if slot in LISTS and chance >= limits[slot] and (threat or slot not in IF_THREAT):
            found.append((slot, value))
    return found


def _speaks_most(coder: Coder, reading: Reading, slot: str, value: str) -> Mention | None:
    weights = coder.near.get(slot, {})

    def weight(mention: Mention) -> tuple[float, int]:
        return sum(weights.get(name, 0.0) for name in sorted(near_features(reading, mention))), -mention.start

    # A hint such as "we" may weigh in a decision, but the words shown for it should name something.
    return max(named_first(reading.candidates.get((slot, value), [])), key=weight, default=None)


def _words_of(coder: Coder, reading: Reading, answer: Answer | None, output: str) -> Mention:
    """Show the words by which the encoder came to a value that the codebook has no words for."""
    if coder.encoder is None or answer is None or output not in coder.encoder.outputs:
        return _NO_WORDS
    span = words_that_tell(answer, coder.encoder.outputs.index(output), reading.content)
    if span is None:
        return _NO_WORDS
    return _NO_WORDS._replace(start=span[0], end=span[1], rule="words that told the encoder most")


def scores(coder: Coder, readings: Sequence[Reading]) -> Floats:
    """Return what the coder's own weights say for each output, as log-odds: one row a statement, one column an output.

    Of agents, types, referents and severity these are the odds where there is a threat.
    """
    found: Floats = matrix([reading.unit for reading in readings], coder.unit) @ coder.unit_weights[:-1]
    found += coder.unit_weights[-1]
    if coder.direction.size:
        found += np.array([reading.direction for reading in readings]) @ coder.direction
    for slot, near in coder.near.items():
        columns = columns_of(coder.outputs, slot)
        values = [coder.outputs[at].partition(".")[2] for at in columns]
        rows = {name: at for at, name in enumerate(near)}
        told = candidate_matrix(candidate_rows(readings, slot, values), rows) @ np.fromiter(near.values(), dtype=float)
        if coder.company[slot].size:
            told += candidate_vectors(readings, slot, values, len(coder.company[slot])) @ coder.company[slot]
        found[:, columns] += told.reshape(-1, len(columns))
    return found


def mixed(own: Floats, outputs: Sequence[str], logits: Floats, answered: Sequence[str], *, share: float) -> Floats:
    """Mix an encoder's logits into a coder's scores, both with one row a statement and one column an output.

    Parameters
    ----------
    own : array
        Of `scores`.
    outputs : sequence of str
        Its columns.
    logits : array
        Of the encoder.
    answered : sequence of str
        Its columns, in any order; an output that the encoder does not answer stays as it is.
    share : float
        Of the encoder, from 0 to 1.

    Returns
    -------
    array
        In the shape of `own`.

    Examples
    --------
    >>> mixed(np.array([[1.0, 2.0]]), ["threat.1", "types.other"], np.array([[3.0]]), ["threat.1"], share=0.5).tolist()
    [[2.0, 2.0]]
    """
    result = own.copy()
    for column, output in enumerate(outputs):
        if output in answered:
            result[:, column] += share * (logits[:, answered.index(output)] - own[:, column])
    return result


def chances(found: Floats, outputs: Sequence[str]) -> Floats:
    """Turn scores into the chance of each output, in the same shape: of agents, types and referents with a threat."""
    result: Floats = 1.0 / (1.0 + np.exp(-found))
    threat = result[:, [outputs.index("threat.1")]]
    with_threat = [at for at, output in enumerate(outputs) if output.partition(".")[0] in IF_THREAT]
    result[:, with_threat] *= threat
    return result


def columns_of(outputs: Sequence[str], slot: str) -> list[int]:
    """Return where the values of a slot stand among the outputs of a coder."""
    return [at for at, output in enumerate(outputs) if output.partition(".")[0] == slot]


def candidate_rows(readings: Sequence[Reading], slot: str, values: Sequence[str]) -> list[set[str]]:
    """Describe each value of a slot in each statement, values within statements."""
    return [candidate_features(reading, slot, value) for reading in readings for value in values]


def candidate_matrix(rows: Sequence[set[str]], names: Mapping[str, int]) -> csr_matrix:
    """Put descriptions of candidates in a sparse matrix, one column a known name."""
    return sparse_rows([sorted(names[name] for name in row if name in names) for row in rows], NEAR, len(names))


def candidate_vectors(readings: Sequence[Reading], slot: str, values: Sequence[str], size: int) -> Floats:
    """Return the word vectors around the candidates, in the order of `candidate_rows`; zeros where there are none."""
    table = np.zeros((len(readings) * len(values), size))
    for at, reading in enumerate(readings):
        for place, value in enumerate(values):
            company = candidate_company(reading, slot, value)
            if company is not None:
                table[at * len(values) + place] = company
    return table


def save_coder(coder: Coder, path: str | Path) -> None:
    """Write a coder to one ``.npz`` file of numbers and text; nothing in it can run.

    Parameters
    ----------
    coder : Coder
        Its encoder is a file of its own and not written.
    path : path
        Ends in ``.npz``.

    Raises
    ------
    ValueError
        If the path does not end in ``.npz``.
    """
    used = np.abs(coder.unit_weights[:-1]).max(axis=1, initial=0.0) >= LEAST
    slots = sorted(coder.near)
    arrays: dict[str, Any] = {
        "outputs": list(coder.outputs),
        "unit": [name for name, keep in zip(coder.unit, used, strict=True) if keep],
        "unit_weights": np.vstack([coder.unit_weights[:-1][used], coder.unit_weights[-1:]]).astype(np.float16),
        "direction": coder.direction.astype(np.float16),
        "slots": slots,
    }
    for slot in slots:
        kept = {name: weight for name, weight in coder.near[slot].items() if abs(weight) >= LEAST}
        arrays[f"near_{slot}"] = list(kept)
        arrays[f"weights_{slot}"] = np.array(list(kept.values()), dtype=np.float16)
        arrays[f"company_{slot}"] = coder.company[slot].astype(np.float16)
    write_model(path, coder.card, arrays, vectors=coder.vectors)


def load_coder(path: str | Path | None = None, *, encoder: Encoder | None = None) -> Coder:
    """Read a saved coder.

    Parameters
    ----------
    path : path, optional
        Default: the coder shipped with the project, fitted on coded statements of the UN General Debate and of
        Wikinews.
    encoder : Encoder, optional
        `helpers.coding.encoder.load_encoder()`: read each statement with it as well. Closer to hand codes, and slower
        (figures in tests/benchmarks.md). It brings thresholds of its own, chosen beside the shipped coder.

    Returns
    -------
    Coder

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the file is not a saved coder, or one of an earlier version, or the encoder was tuned with another coder.

    Examples
    --------
    >>> load_coder().card["name"]
    'un-news-frames-2'
    """
    source = MODELS / "frames.npz" if path is None else path
    card, arrays, vectors = read_model(source, ("unit", "unit_weights", "direction"), kind="frame coder")
    if not {"speeches", "news"} <= set(card["thresholds"]):
        message = f"{str(source)!r} was saved by an earlier version, without limits for speeches and news: fit it again"
        raise ValueError(message)
    name_with(card, encoder)  # refuses an encoder that was tuned with another coder
    near = {
        slot: dict(zip(arrays[f"near_{slot}"], arrays[f"weights_{slot}"].tolist(), strict=True))
        for slot in arrays["slots"]
    }
    company = {slot: arrays[f"company_{slot}"] for slot in arrays["slots"]}
    unit = {name: at for at, name in enumerate(arrays["unit"])}
    weights, direction = arrays["unit_weights"], arrays["direction"]
    return Coder(card, tuple(arrays["outputs"]), unit, weights, direction, near, company, vectors, encoder)
