"""Fit a frame coder on hand codes with scikit-learn; one's own codes will do."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from helpers.codebook import load_codebook
from helpers.coders import IF_THREAT, Coder, probabilities, read_all
from helpers.features import candidate_features
from helpers.framing import LISTS, check_columns

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt
    import pandas as pd

    from helpers.codebook import Codebook
    from helpers.features import Features, Reading
    from helpers.word_vectors import WordVectors

    Floats = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]

_CLAIM = ("threat.1", "severity.2", "severity.3")
_GRID = [round(0.1 + 0.05 * step, 2) for step in range(13)]
_TWO = 2  # classes to tell apart; and a value seen twice cannot be both learnt and tested


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
        ``speaker_country`` is used where present; ``doc_id``, where present, keeps the statements of one document
        on one side when thresholds are chosen.
    codes : DataFrame
        ``statement_id, slot, value`` in the form of `helpers.framing.code_frames`: a corrected table of its rows will
        do. A statement makes a threat claim when it has a row of slot ``threat`` with value ``1``.
    name : str
        Written on every row the coder makes.
    codebook : Codebook, optional
        Finds the candidates; the same is needed when the coder is applied.
    about : mapping, optional
        More for the card: source of the codes, licence.
    vectors : WordVectors, optional
        Of one's own corpus, `helpers.word_vectors.fit_word_vectors`, or those of the shipped coder,
        ``load_coder().vectors``: words that were never coded are then weighed like their kin.

    Returns
    -------
    Coder

    Raises
    ------
    ValueError
        If a column is missing, codes belong to no statement, or there are too few to learn from.

    Notes
    -----
    Regularised logistic regression (scikit-learn, liblinear). A claim of threat is decided from the whole statement;
    agents, types and referents are learnt on statements with a threat and weighed by its probability. Each value of a
    slot is one decision from the words of the statement, the codebook hits, and the words around its candidates.
    Thresholds give the best F1 over five folds of documents. Denial is rare: it stays with the rules.

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
    book = load_codebook() if codebook is None else codebook
    ids = [str(one) for one in statements["statement_id"]]
    coded: dict[str, set[str]] = {one: set() for one in ids}
    unknown = sorted({str(one) for one in codes["statement_id"]} - set(ids))
    if unknown:
        message = f"{len(unknown)} coded statements are not among the statements, first {unknown[0]!r}"
        raise ValueError(message)
    for one, slot, value in zip(codes["statement_id"], codes["slot"], codes["value"], strict=True):
        levels = range(1, int(value) + 1) if slot == "severity" else (value,)
        coded[str(one)] |= {f"{slot}.{level}" for level in levels}
    gold = [coded[one] for one in ids]
    claims = sum("threat.1" in found for found in gold)
    if min(claims, len(gold) - claims) < 10:  # noqa: PLR2004 - two a fold
        message = f"{claims} of {len(gold)} statements are coded as a threat: give at least ten with and ten without"
        raise ValueError(message)
    readings = read_all(statements, book, vectors)
    groups = statements["doc_id"].to_numpy() if "doc_id" in statements else np.arange(len(ids))
    outputs = _outputs(gold)
    held = np.zeros((len(ids), len(outputs)))
    from sklearn.model_selection import GroupKFold

    folds = GroupKFold(min(5, len(set(groups))), shuffle=True, random_state=0)
    for train, test in folds.split(held, groups=groups):
        part = _fit([readings[at] for at in train], [gold[at] for at in train], outputs)
        held[test] = np.array([probabilities(part, readings[at]) for at in test])
    card = {
        "name": name,
        "statements": len(ids),
        "threats": claims,
        "codebook": book.digest,
        **(about or {}),
        "thresholds": _thresholds(held, gold, outputs),
    }
    final = _fit(readings, gold, outputs)
    return Coder(card, outputs, final.unit, final.unit_weights, final.near, vectors)


def _outputs(gold: Sequence[set[str]]) -> tuple[str, ...]:
    counts: dict[str, int] = {}
    for found in gold:
        for one in found:
            counts[one] = counts.get(one, 0) + 1
    slots = sorted(one for one, count in counts.items() if one.partition(".")[0] in LISTS and count > _TWO)
    return (*_CLAIM, *slots)


def _fit(readings: Sequence[Reading], gold: Sequence[set[str]], outputs: tuple[str, ...]) -> Coder:
    from scipy import sparse
    from sklearn.linear_model import LogisticRegression

    unit, matrix, idf = _unit_matrix(readings)
    weights = np.zeros((len(unit) + 1, len(outputs)))
    near: dict[str, dict[str, float]] = {}
    threats = [at for at, found in enumerate(gold) if "threat.1" in found]
    for column, output in enumerate(_CLAIM):
        rows = list(range(len(gold))) if output == "threat.1" else threats
        answers = np.array([output in gold[at] for at in rows], dtype=np.int64)
        if len(set(answers)) < _TWO:
            weights[-1, column] = 10.0 if answers.all() else -10.0
            continue
        model = LogisticRegression(C=3.0, solver="liblinear", random_state=0).fit(matrix[rows], answers)
        weights[:-1, column], weights[-1, column] = model.coef_[0], model.intercept_[0]
    for slot in LISTS:
        columns = [at for at, output in enumerate(outputs) if output.partition(".")[0] == slot]
        rows = threats if slot in IF_THREAT else list(range(len(gold)))
        if not columns or not rows:
            continue
        values = [outputs[at].partition(".")[2] for at in columns]
        described = [
            candidate_features(readings[at], slot, value, readings[at].candidates.get((slot, value), []))
            for at in rows
            for value in values
        ]
        answers = np.array([f"{slot}.{value}" in gold[at] for at in rows for value in values], dtype=np.int64)
        if len(set(answers)) < _TWO:
            weights[-1, columns] = -10.0
            continue
        names, close = _matrix(described, least=3)
        crossed = sparse.kron(matrix[rows], sparse.identity(len(values)), format="csr")
        model = LogisticRegression(C=0.35, solver="liblinear", random_state=0, fit_intercept=False)
        model.fit(sparse.hstack([close, crossed], format="csr"), answers)
        near[slot] = {name: float(model.coef_[0][at]) for name, at in names.items()}
        weights[:-1, columns] = model.coef_[0][len(names) :].reshape(len(unit), len(values))
    weights[:-1] *= idf[:, None]
    return Coder({}, outputs, unit, weights, near)


def _unit_matrix(readings: Sequence[Reading]) -> tuple[dict[str, int], Any, Floats]:
    """Return columns, matrix, and for words the rarity that is folded into their weights afterwards."""
    from scipy import sparse

    unit, matrix = _matrix([reading.unit for reading in readings], least=3)
    shares = np.asarray((matrix > 0).sum(axis=0)).ravel() / len(readings)
    words = np.array([name.startswith("w:") for name in unit])
    idf = np.where(words, 1.0 - np.log(np.maximum(shares, 1e-9)), 1.0)
    if words.any():
        idf[words] /= math.sqrt(float(np.average(idf[words] ** 2, weights=shares[words])))
    return unit, (matrix @ sparse.diags(idf)).tocsr(), idf


def _matrix(rows: Sequence[Features], *, least: int) -> tuple[dict[str, int], Any]:
    from scipy import sparse

    counts: dict[str, int] = {}
    for row in rows:
        for name in row:
            counts[name] = counts.get(name, 0) + 1
    names = {name: at for at, name in enumerate(sorted(name for name, count in counts.items() if count >= least))}
    where = [(at, names[name], size) for at, row in enumerate(rows) for name, size in row.items() if name in names]
    at, column, size = zip(*where, strict=True) if where else ((), (), ())
    return names, sparse.csr_matrix((size, (at, column)), shape=(len(rows), len(names)), dtype=float)


def _thresholds(held: Floats, gold: Sequence[set[str]], outputs: tuple[str, ...]) -> dict[str, float]:
    """Choose for each decision the limit with the best F1: macro for claims, micro over the values of a slot."""
    truth = np.array([[output in found for output in outputs] for found in gold])
    claimed = truth[:, 0]
    limits = {"threat": _best(truth[:, 0], held[:, 0], _macro)}
    for column, output in ((1, "severity.2"), (2, "severity.3")):
        limits[output] = _best(truth[claimed, column], held[claimed, column], _macro)
    threat = held[:, :1] >= limits["threat"]
    for slot in LISTS:
        columns = [at for at, output in enumerate(outputs) if output.partition(".")[0] == slot]
        chances = held[:, columns] * threat if slot in IF_THREAT else held[:, columns]
        limits[slot] = _best(truth[:, columns], chances, _f1)
    return limits


def _best(truth: Flags, chances: Floats, score: Callable[[Flags, Flags], float]) -> float:
    return max(_GRID, key=lambda limit: (score(truth, chances >= limit), -abs(limit - 0.5)))


def _f1(truth: Flags, guess: Flags) -> float:
    wrong = int((truth != guess).sum())
    right = int((truth & guess).sum())
    return 2 * right / (2 * right + wrong) if right else 0.0


def _macro(truth: Flags, guess: Flags) -> float:
    return (_f1(truth, guess) + _f1(~truth, ~guess)) / 2
