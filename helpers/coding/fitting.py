"""Fit a frame coder on hand codes with scikit-learn; one's own codes will do."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from helpers.codebook.load import load_codebook
from helpers.coding.coders import (
    Coder,
    candidate_matrix,
    candidate_rows,
    candidate_vectors,
    chances,
    columns_of,
    read_all,
    scores,
)
from helpers.coding.frames import IF_THREAT, LISTS, check_columns
from helpers.coding.learning import beside, matrix, scaled, telling, vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt
    import pandas as pd
    from scipy.sparse import csr_matrix

    from helpers.codebook.load import Codebook
    from helpers.coding.features import Reading
    from helpers.coding.word_vectors import WordVectors

    Floats = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]

_CLAIM = ("threat.1", "severity.2", "severity.3")
_GRID = [round(0.1 + 0.05 * step, 2) for step in range(13)]
_TWO = 2  # classes to tell apart; and a value seen twice cannot be both learnt and tested
_ENOUGH = 10  # statements with a threat, and without: two a fold
_LEAST = 3  # statements or candidates in which a feature must stand to be learnt
_CERTAIN = 10.0  # bias where all answers are alike
_COMPANY = 3  # word vectors around a candidate: before it, after it, and its own words
_CLAIM_STRENGTH, _SLOT_STRENGTH = 1.0, 0.5  # inverses of the L2 penalties, chosen in five folds of documents


def fit_coder(  # noqa: PLR0913 - what was coded, by which codebook, and what to say of it
    statements: pd.DataFrame,
    codes: pd.DataFrame,
    *,
    name: str,
    codebook: Codebook | None = None,
    about: Mapping[str, Any] | None = None,
    vectors: WordVectors | None = None,
) -> Coder:
    """Fit a frame coder on one's own codes.

    Parameters
    ----------
    statements : DataFrame
        ``statement_id`` and ``content``; every statement was coded, those without codes as holding nothing.
        ``speaker_country`` is used where present, ``kind`` tells speeches from reported statements; ``doc_id``, where
        present, keeps the statements of one document on one side when thresholds are chosen.
    codes : DataFrame
        ``statement_id, slot, value`` in the form of `helpers.coding.code_frames`: a corrected table of its rows will
        do, and its negated rows do not count. A statement makes a threat claim when it has a row of slot ``threat``
        with value ``1``.
    name : str
        Written on every row the coder makes.
    codebook : Codebook, optional
        Finds the candidates; the same is needed when the coder is applied.
    about : mapping, optional
        More for the card: source of the codes, licence.
    vectors : WordVectors, optional
        Of one's own corpus, `helpers.coding.word_vectors.fit_word_vectors`, or those of the shipped coder,
        ``load_coder().vectors``: words that were never coded are then weighed like their kin.

    Returns
    -------
    Coder

    Raises
    ------
    ValueError
        If a column is missing or holds a missing value, codes belong to no statement, or there are too few statements
        or documents to learn from.

    Notes
    -----
    Regularised logistic regression (scikit-learn, liblinear). A claim of threat is decided from the whole statement;
    agents, types and referents are learnt on statements with a threat and weighed by its probability. Each value of a
    slot is one decision from the words of the statement, the codebook hits, and the words around its candidates.
    Features count the more the better they tell by themselves (log-count ratios: Wang and Manning, 2012, "Baselines and
    bigrams"). Thresholds give the best F1 over five folds of documents, for news and for speeches. Denial is rare: it
    stays with the rules.

    Examples
    --------
    >>> import pandas as pd
    >>> said = pd.DataFrame({
    ...     "statement_id": [f"s{n}" for n in range(40)],
    ...     "content": ["The flood is a danger to us." if n % 2 else "The choir sang for us." for n in range(40)],
    ... })
    >>> codes = pd.DataFrame({"statement_id": said["statement_id"][1::2], "slot": "threat", "value": "1"})
    >>> fit_coder(said, codes, name="mine").card["statements"]
    40
    """
    check_columns(statements, "statement_id", "content")
    if missing := [column for column in ("statement_id", "slot", "value") if column not in codes]:
        message = f"codes lack {missing}: give rows of statement_id, slot, value, as code_frames returns"
        raise ValueError(message)
    if codes[["statement_id", "slot", "value"]].isna().any(axis=None):
        message = "codes hold a missing statement_id, slot or value: give all three in every row"
        raise ValueError(message)
    if "negated" in codes:
        codes = codes[~codes["negated"].astype(bool)]
    if "doc_id" in statements and (statements["doc_id"].isna().any() or statements["doc_id"].nunique() == 1):
        message = (
            "doc_id must name at least two documents and be there for every statement; leave the column out if not"
        )
        raise ValueError(message)
    book = load_codebook() if codebook is None else codebook
    ids = [str(one) for one in statements["statement_id"]]
    unknown = sorted({str(one) for one in codes["statement_id"]} - set(ids))
    if unknown:
        message = f"{len(unknown)} coded statements are not among the statements, first {unknown[0]!r}"
        raise ValueError(message)
    gold = values_of(ids, codes)
    claims = sum("threat.1" in found for found in gold)
    if min(claims, len(gold) - claims) < _ENOUGH:
        message = f"{claims} of {len(gold)} statements are coded as a threat: give at least ten with and ten without"
        raise ValueError(message)
    readings = list(read_all(statements, book, vectors))
    groups = statements["doc_id"].to_numpy() if "doc_id" in statements else np.arange(len(ids))
    outputs = outputs_of(gold)
    card = {
        "name": name,
        "statements": len(ids),
        "threats": claims,
        "codebook": book.digest,
        "values": sorted({value for slot in LISTS for value in book.threat.get(slot, {})}),
        **(about or {}),
        "thresholds": thresholds_of(held_scores(readings, gold, groups, outputs), readings, gold, outputs),
    }
    final = _fit(readings, gold, outputs)
    return replace(final, card=card, vectors=vectors)


def values_of(ids: Sequence[str], codes: pd.DataFrame) -> list[set[str]]:
    """Return what is coded in each statement, as ``slot.value``; a severity holds the lower ones too."""
    coded: dict[str, set[str]] = {one: set() for one in ids}
    for one, slot, value in zip(codes["statement_id"], codes["slot"], codes["value"], strict=True):
        levels = range(1, int(value) + 1) if slot == "severity" else (value,)
        coded[str(one)] |= {f"{slot}.{level}" for level in levels}
    return [coded[one] for one in ids]


def held_scores(
    readings: Sequence[Reading], gold: Sequence[set[str]], groups: npt.NDArray[Any], outputs: tuple[str, ...]
) -> Floats:
    """Return the scores of each statement by a coder fitted on the documents of four of five folds, without its own."""
    from sklearn.model_selection import GroupKFold

    held = np.zeros((len(readings), len(outputs)))
    folds = GroupKFold(min(5, len(set(groups))), shuffle=True, random_state=0)
    for train, test in folds.split(held, groups=groups):
        part = _fit([readings[at] for at in train], [gold[at] for at in train], outputs)
        held[test] = scores(part, [readings[at] for at in test])
    return held


def thresholds_of(
    held: Floats, readings: Sequence[Reading], gold: Sequence[set[str]], outputs: tuple[str, ...]
) -> dict[str, dict[str, float]]:
    """Choose the thresholds of each decision on held-out scores, for speeches and for news."""
    table = chances(held, outputs)
    return {
        kind: _thresholds(table[rows], [gold[at] for at in rows], outputs)
        for kind, rows in _kinds_of_text(readings, gold).items()
    }


def _kinds_of_text(readings: Sequence[Reading], gold: Sequence[set[str]]) -> dict[str, list[int]]:
    """Tell news from speeches, which need thresholds of their own; where one is rare, all statements stand for it."""
    kinds = {}
    for name, reported in (("speeches", False), ("news", True)):
        rows = [at for at, reading in enumerate(readings) if reading.reported == reported]
        claims = sum("threat.1" in gold[at] for at in rows)
        enough = min(claims, len(rows) - claims) >= _ENOUGH
        kinds[name] = rows if enough else list(range(len(readings)))
    return kinds


def outputs_of(gold: Sequence[set[str]]) -> tuple[str, ...]:
    """Return what can be learnt: the claims, and each value that is seen more than twice."""
    counts: dict[str, int] = {}
    for found in gold:
        for one in found:
            counts[one] = counts.get(one, 0) + 1
    slots = sorted(one for one, count in counts.items() if one.partition(".")[0] in LISTS and count > _TWO)
    return (*_CLAIM, *slots)


class _Seen(NamedTuple):
    """Some statements as they are learnt from: readings, weighted words and word vectors, row by row."""

    readings: Sequence[Reading]
    words: csr_matrix
    directions: Floats

    def only(self, rows: Sequence[int]) -> _Seen:
        """Return some of the statements."""
        return _Seen([self.readings[at] for at in rows], self.words[rows], self.directions[rows])


def _fit(readings: Sequence[Reading], gold: Sequence[set[str]], outputs: tuple[str, ...]) -> Coder:
    unit = vocabulary((reading.unit for reading in readings), least=_LEAST)
    words, idf = _weighted(matrix([reading.unit for reading in readings], unit), unit)
    seen = _Seen(readings, words, np.array([reading.direction for reading in readings]))
    truth = np.array([[output in found for output in outputs] for found in gold])
    weights, direction = np.zeros((len(unit) + 1, len(outputs))), np.zeros((seen.directions.shape[1], len(outputs)))
    everything, threats = list(range(len(gold))), np.flatnonzero(truth[:, 0]).tolist()
    parts = {True: seen.only(threats), False: seen}
    for column, output in enumerate(_CLAIM):
        if_threat = output != "threat.1"
        learnt = _claim(parts[if_threat], truth[threats if if_threat else everything, column])
        weights[:-1, column], direction[:, column], weights[-1, column] = learnt
    near: dict[str, dict[str, float]] = {}
    company: dict[str, Floats] = {}
    for slot in LISTS:
        columns = columns_of(outputs, slot)
        answers = truth[np.ix_(threats if slot in IF_THREAT else everything, columns)]
        if not answers.size or answers.all() or not answers.any():
            weights[-1, columns] = _CERTAIN if answers.size and answers.all() else -_CERTAIN
            continue
        values = [outputs[at].partition(".")[2] for at in columns]
        found = _slot(parts[slot in IF_THREAT], slot, values, answers)
        near[slot], company[slot], weights[:-1, columns], direction[:, columns] = found
    weights[:-1] *= idf[:, None]
    return Coder({}, outputs, unit, weights, direction, near, company)


def _claim(seen: _Seen, answers: Flags) -> tuple[Floats, Floats, float]:
    """Learn one yes or no of the whole statement: weights of words, of the word vector, and the bias."""
    from sklearn.linear_model import LogisticRegression

    if answers.all() or not answers.any():
        bias = _CERTAIN if answers.all() else -_CERTAIN
        return np.zeros(seen.words.shape[1]), np.zeros(seen.directions.shape[1]), bias
    share = telling(seen.words, answers)
    model = LogisticRegression(C=_CLAIM_STRENGTH, solver="liblinear", random_state=0)
    model.fit(beside(scaled(seen.words, share), seen.directions), answers)
    learnt = model.coef_[0]
    return learnt[: len(share)] * share, learnt[len(share) :], float(model.intercept_[0])


def _slot(
    seen: _Seen, slot: str, values: Sequence[str], answers: Flags
) -> tuple[dict[str, float], Floats, Floats, Floats]:
    """Learn all values of a slot at once: what stands around candidates tells alike, whichever value they speak for."""
    from scipy import sparse
    from sklearn.linear_model import LogisticRegression

    described = candidate_rows(seen.readings, slot, values)
    names = vocabulary(described, least=_LEAST)
    close = candidate_matrix(described, names)
    share = telling(close, answers.ravel())
    size = _COMPANY * seen.directions.shape[1]
    vectors = candidate_vectors(seen.readings, slot, values, size)
    by_value = np.column_stack([telling(seen.words, answers[:, at]) for at in range(len(values))])
    each = sparse.identity(len(values))
    words, directions = (sparse.csr_matrix(sparse.kron(one, each)) for one in (seen.words, seen.directions))
    model = LogisticRegression(C=_SLOT_STRENGTH, solver="liblinear", random_state=0, fit_intercept=False)
    model.fit(beside(scaled(close, share), vectors, scaled(words, by_value.ravel()), directions), answers.ravel())
    ends = np.cumsum([len(names), size, by_value.size])
    around, company, crossed, direction = np.split(model.coef_[0], ends)
    near = {name: float(around[at] * share[at]) for name, at in names.items()}
    return near, company, crossed.reshape(by_value.shape) * by_value, direction.reshape(-1, len(values))


def _weighted(words: csr_matrix, unit: Mapping[str, int]) -> tuple[csr_matrix, Floats]:
    """Weigh words by their rarity; the weights are folded into those of the coder afterwards."""
    shares = np.asarray((words > 0).sum(axis=0)).ravel() / words.shape[0]
    is_word = np.array([name.removeprefix("news ").startswith("w:") for name in unit])
    idf = np.where(is_word, 1.0 - np.log(np.maximum(shares, 1e-9)), 1.0)
    if is_word.any():
        idf[is_word] /= math.sqrt(float(np.average(idf[is_word] ** 2, weights=shares[is_word])))
    return scaled(words, idf), idf


def _thresholds(held: Floats, gold: Sequence[set[str]], outputs: tuple[str, ...]) -> dict[str, float]:
    """Choose for each decision the limit with the best F1: macro for claims, micro over the values of a slot."""
    truth = np.array([[output in found for output in outputs] for found in gold])
    claimed = truth[:, 0]
    limits = {"threat": _best(truth[:, 0], held[:, 0], _macro)}
    for column, output in ((1, "severity.2"), (2, "severity.3")):
        limits[output] = _best(truth[claimed, column], held[claimed, column], _macro)
    threat = held[:, :1] >= limits["threat"]
    for slot in LISTS:
        columns = columns_of(outputs, slot)
        sure = held[:, columns] * threat if slot in IF_THREAT else held[:, columns]
        limits[slot] = _best(truth[:, columns], sure, _f1)
    return limits


def _best(truth: Flags, sure: Floats, score: Callable[[Flags, Flags], float]) -> float:
    return max(_GRID, key=lambda limit: (score(truth, sure >= limit), -abs(limit - 0.5)))


def _f1(truth: Flags, guess: Flags) -> float:
    wrong = int((truth != guess).sum())
    right = int((truth & guess).sum())
    return 2 * right / (2 * right + wrong) if right else 0.0


def _macro(truth: Flags, guess: Flags) -> float:
    return (_f1(truth, guess) + _f1(~truth, ~guess)) / 2
