"""Variables: learn a small coder of one's own variable from hand codes, on the reader's vectors of the words."""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import expit

from helpers.coding.reader import Floats, Said, is_function_word, load_reader, read_statements
from helpers.coding.reading import NO_PLACE, Code, states_of
from helpers.inputs import check_columns

_FOLDS = 5
_SHARES = (0.25, 0.5, 0.75, 1.0)  # of the codes, for the learning curve
_FEWEST = 10  # statements with a value: scores from fewer are too uncertain
_HALF = 0.5
_TYPES = {"value": "string", "n": "Int64"}


@dataclass(frozen=True, eq=False)
class Coder:
    """A variable that was learned from hand codes: use it with ``code_frames(statements, coder=...)``.

    Attributes
    ----------
    variable : str
    values : tuple of str
        What it can code; a statement may have several, or none.
    weights : array of float32
        One row per value, one column per feature and one for the constant.
    reader : str
        SHA-256 of the reader whose vectors it learned from.
    scores : DataFrame
        By value, for statements that the coder had not seen: ``value`` string, ``n`` Int64 statements with it,
        ``precision``, ``recall``, ``f1`` float64.
    curve : DataFrame
        ``n`` Int64 statements learned from, ``f1`` float64, mean over the values: while it rises, more codes help.
    """

    variable: str
    values: tuple[str, ...]
    weights: Floats
    reader: str
    scores: pd.DataFrame
    curve: pd.DataFrame

    def save(self, path: str | Path) -> None:
        """Write the coder to one ``.npz`` file of numbers and text; nothing in it can run.

        Raises
        ------
        ValueError
            If the path does not end in ``.npz``.
        """
        if Path(path).suffix != ".npz":
            raise ValueError(f"{str(path)!r} does not end in .npz: give a name such as my_variable.npz")
        card: dict[str, Any] = {"variable": self.variable, "values": self.values, "reader": self.reader}
        card |= {"scores": self.scores.to_dict("list"), "curve": self.curve.to_dict("list")}
        np.savez_compressed(path, weights=self.weights, card=np.array(json.dumps(card)))


def load_coder(path: str | Path) -> Coder:
    """Read a coder that `Coder.save` wrote.

    Parameters
    ----------
    path : path

    Returns
    -------
    Coder

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the file is no coder.
    """
    if not Path(path).is_file():
        raise FileNotFoundError(f"no coder at {str(path)!r}: give the file that Coder.save wrote")
    try:
        with np.load(path, allow_pickle=False) as stored:
            weights, card = stored["weights"], json.loads(str(stored["card"]))
        scores, curve = pd.DataFrame(card["scores"]).astype(_TYPES), pd.DataFrame(card["curve"]).astype({"n": "Int64"})
        if weights.shape[:1] != (len(card["values"]),) or not np.isfinite(weights).all():
            raise ValueError("its weights are damaged")
        return Coder(card["variable"], tuple(card["values"]), weights, card["reader"], scores, curve)
    except Exception as error:  # a damaged file can fail in many ways
        raise ValueError(f"{str(path)!r} is not a coder ({error}): give the file that Coder.save wrote") from error


def fit_coder(statements: pd.DataFrame, codes: pd.DataFrame, *, seed: int = 0) -> Coder:
    """Learn one variable from hand codes, with scores on statements that were held out.

    Parameters
    ----------
    statements : DataFrame
        The coded statements: ``statement_id``, ``content``, and the columns that `code_frames` uses where present.
        With ``doc_id`` all statements of a document are held out together.
    codes : DataFrame
        ``statement_id`` (or ``unit_id``, as `read_sheet` returns it), ``variable``, ``value``, one row per code; one
        variable. A statement without a row, or with the value ``0``, has none of the values.
    seed : int
        Of the draws for the learning curve.

    Returns
    -------
    Coder

    Raises
    ------
    ValueError
        If a column is missing, the codes name several variables or unknown statements, or no value has ten statements
        with it and ten without.

    Notes
    -----
    One logistic regression per value over the mean of the reader's vectors of the words; five folds.
    """
    reader, said = load_reader(), read_statements(statements)
    ids = [one.statement for one in said]
    named = codes.rename(columns={} if "statement_id" in codes else {"unit_id": "statement_id"})
    variable = _variable_of(named, ids)
    counted = pd.crosstab(named["statement_id"].astype(str), named["value"].astype(str)).reindex(ids, fill_value=0)
    answers = counted.drop(columns="0", errors="ignore").gt(0)
    enough = np.minimum(answers.sum(), (~answers).sum()) >= _FEWEST
    if not enough.any():
        raise ValueError(
            f"too few codes of {variable!r}: {answers.sum().to_dict()}; a value needs {_FEWEST} statements with it and "
            f"{_FEWEST} without"
        )
    groups = statements["doc_id"].astype(str).tolist() if "doc_id" in statements else ids
    if len(set(groups)) < _FOLDS:
        raise ValueError(f"statements come from {len(set(groups))} documents: give {_FOLDS} or more, or no doc_id")
    answers = answers.loc[:, enough]
    states = [states_of(reader, one.text, one.told)[1] for one in said]
    features = np.array([words.sum(axis=0) / max(1, len(words)) for words in states])
    held = [_scores(answers, _held_out(features, answers.to_numpy(), groups, share, seed)) for share in _SHARES]
    sizes = [round(share * len(ids) * (_FOLDS - 1) / _FOLDS) for share in _SHARES]
    curve = pd.DataFrame({"n": sizes, "f1": [round(scores["f1"].mean(), 3) for scores in held]}).astype({"n": "Int64"})
    models = [_learn(features, answers[value]) for value in answers]
    weights = np.array([[*model.coef_[0], *model.intercept_] for model in models], dtype=np.float32)
    return Coder(variable, tuple(answers), weights, reader.digest, held[-1].round(3).astype(_TYPES), curve)


def _variable_of(codes: pd.DataFrame, ids: Collection[str]) -> str:
    """Check codes against the ids of the statements, and return the name of their one variable."""
    check_columns(codes, "statement_id", "variable", "value", name="codes")
    if codes["value"].isna().any():
        raise ValueError("codes have empty values: leave out the rows of statements without a value")
    variables = sorted(codes["variable"].astype(str).unique())
    if len(variables) != 1:
        raise ValueError(f"codes name {len(variables)} variables {variables}: give those of one, a coder learns one")
    if unknown := sorted(set(codes["statement_id"].astype(str)) - set(ids)):
        raise ValueError(f"codes name {len(unknown)} statements that are not in the table, first {unknown[0]!r}")
    return str(variables[0])


def _learn(features: Floats, answers: Any) -> Any:  # noqa: ANN401 - a model of scikit-learn
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=10.0, class_weight="balanced", max_iter=2000).fit(features, answers)


def _held_out(features: Floats, answers: Any, groups: Sequence[str], share: float, seed: int) -> Any:  # noqa: ANN401 - arrays
    """Code each fold by what was learned from a share of the others."""
    from sklearn.model_selection import GroupKFold

    draws = np.random.default_rng(seed)
    coded = np.zeros_like(answers)
    for train, test in GroupKFold(_FOLDS, shuffle=True, random_state=seed).split(features, groups=groups):
        some = draws.permutation(train)[: round(share * len(train))]
        for at, column in enumerate(answers[some].T):
            if 0 < column.sum() < len(column):
                coded[test, at] = _learn(features[some], column).predict(features[test])
    return coded


def _scores(answers: pd.DataFrame, coded: Any) -> pd.DataFrame:  # noqa: ANN401 - an array like the answers
    """Return the number of statements with each value, precision, recall and F1."""
    n, given, hits = answers.sum(), coded.sum(axis=0), (answers & coded).sum()
    scores = {"n": n, "precision": hits / np.maximum(given, 1), "recall": hits / n, "f1": 2 * hits / (n + given)}
    return pd.DataFrame(scores).rename_axis("value").reset_index()


def apply_coder(coder: Coder, said: Iterable[Said]) -> Iterator[tuple[Said, Code]]:
    """Code statements by a learned variable: each statement with its codes, and the word that contributes most to each.

    Raises
    ------
    ValueError
        If the coder learned from another reader.
    """
    reader = load_reader()
    if coder.reader != reader.digest:
        raise ValueError(f"the coder of {coder.variable!r} learned from another reader than ours: fit it again")
    for one in said:
        if not any(map(str.isalnum, one.text)):
            continue
        places, states = states_of(reader, one.text, one.told)
        able = [at for at, (start, end) in enumerate(places) if not is_function_word(one.text[start:end])]
        for value, weights in zip(coder.values, coder.weights, strict=True):
            adds = states @ weights[:-1]  # what each word adds; the mean of the words decides
            chance = float(expit(adds.sum() / max(1, len(adds)) + weights[-1]))
            if chance >= _HALF:
                place = places[able[int(adds[able].argmax())]] if able else NO_PLACE
                yield one, Code(coder.variable, value, *place, round(chance, 3), rule=f"coder {coder.variable}")
