"""How many topics: what changes with their number, and which topics come back when documents are left out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from helpers.topics.counts import TermCounts
from helpers.topics.fit import Topics, frex, top_words
from helpers.topics.models import Bools, Fit, Floats, Ints, fit_model

if TYPE_CHECKING:
    from scipy import sparse

STEADY = 0.5  # two lists of ten words with seven in common have a Jaccard overlap of .54, with six .43
HELD_OUT = 0.2  # part of the documents
TOP = 10  # words of a topic that are looked at
BACKGROUND = 0.1


def compare_topic_numbers(
    counts: TermCounts, ks: Sequence[int], *, seeds: Sequence[int] = (0, 1, 2), model: str = "nmf"
) -> pd.DataFrame:
    """Show what changes with the number of topics. No row is the best one: the measures pull apart.

    For each seed a random fifth of the documents is held out and the model is fitted to the rest, so the spread over
    seeds is what leaving out other documents does.

    Parameters
    ----------
    counts : TermCounts
    ks : sequence of int
        Numbers of topics.
    seeds : sequence of int
        At least two.
    model : {"nmf", "lda"}

    Returns
    -------
    DataFrame
        One row a number of topics, in the order given; means over seeds; top words are the ten weightiest:

        - ``k`` int64
        - ``heldout`` float64: mean log-probability of a word (natural logarithm, higher is better) in the second half
          of each held-out document, given the topics of its first half; topics weigh .9, word frequencies .1
        - ``npmi`` float64, -1 to 1: do the top words occur in the same held-out documents more than by chance
        - ``exclusivity`` float64, 0 to 1: mean FREX score of the top words
        - ``stability`` float64, 0 to 1: overlap (Jaccard) of the top words of matched topics, when other documents are
          left out
        - ``ari`` float64: agreement of two such fits on the main topic of each document (adjusted Rand index, 0 chance)
        - ``stability_seeds`` float64: the same overlap when only the seed changes

    Raises
    ------
    ValueError
        If fewer than two seeds are given, the model is unknown, or a number of topics is out of range.

    Notes
    -----
    Document completion: Wallach et al. (2009); NPMI: Lau, Newman and Baldwin (2014); Roberts et al. (2019) for the
    layout; matching by the Hungarian method.

    Examples
    --------
    >>> from helpers.topics.counts import count_terms
    >>> contents = ["wells and water", "water for wells", "school and teacher", "teacher in school"] * 5
    >>> frame = pd.DataFrame({"statement_id": [str(i) for i in range(20)], "content": contents})
    >>> compare_topic_numbers(count_terms(frame), [2], seeds=(0, 1))["stability"].tolist()
    [1.0]
    """
    from sklearn.metrics import adjusted_rand_score

    if len(seeds) < 2:  # noqa: PLR2004
        raise ValueError(f"{len(seeds)} seed given: at least 2 are needed to see what varies")
    matrix = counts.counts
    train = {seed: _random_part(matrix.shape[0], 1 - HELD_OUT, seed) for seed in seeds}
    most = min(*matrix.shape, *(int(part.sum()) for part in train.values()))
    wrong = [k for k in ks if not 2 <= k <= most]  # noqa: PLR2004
    if wrong:
        raise ValueError(f"numbers of topics {wrong}: with these documents they can be 2 to {most}")
    rows = []
    for k in ks:
        fits = [fit_model(matrix[train[seed]], k, model=model, seed=seed) for seed in seeds]
        same = [fits[0], *(fit_model(matrix[train[seeds[0]]], k, model=model, seed=seed) for seed in seeds[1:])]
        measured = []
        for fit, seed in zip(fits, seeds, strict=True):
            used, left_out = matrix[train[seed]], matrix[~train[seed]]
            exclusivity = np.take_along_axis(frex(fit.words), top_words(fit.words, TOP), 1).mean()
            coherence = npmi(fit.words, left_out).mean()
            measured.append((heldout_fit(fit, used, left_out, seed), coherence, exclusivity))
        main = [fit.shares_of(matrix).round(9).argmax(axis=1) for fit in fits]
        ari = np.mean([adjusted_rand_score(one, other) for one, other in combinations(main, 2)])
        steady = _mean_overlap(fits), ari, _mean_overlap(same)
        rows.append((k, *np.mean(measured, axis=0), *steady))
    columns = ["k", "heldout", "npmi", "exclusivity", "stability", "ari", "stability_seeds"]
    return pd.DataFrame(rows, columns=columns)


def topic_stability(topics: Topics, counts: TermCounts, *, repeats: int = 10, seed: int = 0) -> pd.DataFrame:
    """Say of each topic whether it comes back when a fifth of the documents is left out.

    Parameters
    ----------
    topics : Topics
        From `fit_topics`.
    counts : TermCounts
        What they were fitted to.
    repeats : int
        How often documents are drawn again.
    seed : int

    Returns
    -------
    DataFrame
        ``topic`` int64, ``overlap`` float64 (mean Jaccard overlap of its ten weightiest words with those of the matched
        topic), ``low``, ``high`` float64 (smallest and largest overlap seen), ``verdict`` string: ``steady`` from a
        mean overlap of .5 (about 7 of 10 words come back), else ``shaky``.

    Raises
    ------
    ValueError
        If `counts` does not belong to `topics`, or `repeats` is below 1.

    Notes
    -----
    Greene, O'Callaghan and Cunningham (2014), "How many topics? Stability analysis for topic models".

    Examples
    --------
    >>> from helpers.topics.counts import count_terms
    >>> from helpers.topics.fit import fit_topics
    >>> contents = ["wells and water", "water for wells", "school and teacher", "teacher in school"] * 5
    >>> frame = pd.DataFrame({"statement_id": [str(i) for i in range(20)], "content": contents})
    >>> counts = count_terms(frame)
    >>> topic_stability(fit_topics(counts, 2), counts, repeats=3)["verdict"].tolist()
    ['steady', 'steady']
    """
    if repeats < 1:
        raise ValueError(f"repeats is {repeats}: give 1 or more")
    if counts.counts.shape != (len(topics.ids), len(topics.vocabulary)):
        raise ValueError("these counts are not those the topics were fitted to: their documents or terms differ")
    drawn = []
    for repeat in range(repeats):
        kept = _random_part(len(topics.ids), 1 - HELD_OUT, (seed, repeat))
        fit = fit_model(counts.counts[kept], topics.k, model=topics.model, seed=topics.seed)
        drawn.append(match_topics(topics.word_shares, fit.words)[1])
    table = pd.DataFrame(drawn).agg(["mean", "min", "max"]).T.set_axis(["overlap", "low", "high"], axis=1)
    table.insert(0, "topic", np.arange(1, topics.k + 1))
    steady = table["overlap"].round(9) >= STEADY
    return table.assign(verdict=steady.map({True: "steady", False: "shaky"}).astype("string"))


def match_topics(words: Floats, others: Floats, n_words: int = TOP) -> tuple[Ints, Floats]:
    """Pair each topic with one of another fit, so that their top words overlap as much as possible.

    Parameters
    ----------
    words, others : ndarray, shape (topics, terms)
        Weights of terms, the same number of topics and terms.
    n_words : int

    Returns
    -------
    partner : ndarray of int64
        Row of `others` for each row of `words`.
    overlap : ndarray of float64
        Jaccard overlap of their top words, 0 to 1.
    """
    from scipy.optimize import linear_sum_assignment
    from sklearn.preprocessing import normalize

    ours, theirs = (top_words(matrix, n_words) for matrix in (words, others))
    common = np.array([[len(np.intersect1d(mine, other)) for other in theirs] for mine in ours])
    overlap = common / (ours.shape[1] + theirs.shape[1] - common)
    closeness = normalize(words) @ normalize(others).T  # only decides between equal overlaps
    rows, partner = linear_sum_assignment(-(overlap + 1e-6 * closeness))
    return partner, overlap[rows, partner]


def npmi(words: Floats, documents: sparse.csr_matrix, n_words: int = TOP) -> Floats:
    """Measure how far the top words of a topic share documents: -1 never, 0 by chance, 1 always."""
    top = top_words(words, n_words)
    present = (documents > 0).astype(float).tocsc()
    share = np.asarray(present.mean(axis=0)).ravel()
    pairs = np.triu_indices(top.shape[1], 1)
    scores = []
    for row in top:
        chosen = present[:, row]
        joint = (chosen.T @ chosen).toarray()[pairs] / documents.shape[0]
        with np.errstate(divide="ignore", invalid="ignore"):
            values = np.log(joint / np.outer(share[row], share[row])[pairs]) / -np.log(joint)
        # words of every document say nothing about each other
        scores.append(np.select([joint == 0, joint == 1], [-1.0, 0.0], values).mean())
    return np.array(scores)


def heldout_fit(fit: Fit, train: sparse.csr_matrix, documents: sparse.csr_matrix, seed: int) -> float:
    """Measure the mean log-probability of a word in one half of the documents, given the topics of the other half."""
    totals = np.asarray(train.sum(axis=0), dtype=float).ravel() + 0.5
    rng = np.random.default_rng(seed)
    seen = documents.copy()
    seen.data = rng.binomial(documents.data, 0.5)
    seen.eliminate_zeros()
    shares = fit.shares_of(seen)
    shares = np.where(shares.sum(axis=1, keepdims=True) > 0, shares, fit.docs.mean(axis=0))
    cells = (documents - seen).tocoo()
    by_topic = np.einsum("ik,ki->i", shares[cells.row], fit.chances[:, cells.col])
    chance = (1 - BACKGROUND) * by_topic + BACKGROUND * totals[cells.col] / totals.sum()
    return float((cells.data * np.log(chance)).sum() / max(cells.data.sum(), 1))


def _random_part(n: int, part: float, seed: int | tuple[int, int]) -> Bools:
    chosen = np.zeros(n, dtype=bool)
    chosen[np.random.default_rng(seed).permutation(n)[: round(part * n)]] = True
    return chosen


def _mean_overlap(fits: list[Fit]) -> float:
    return float(np.mean([match_topics(a.words, b.words)[1].mean() for a, b in combinations(fits, 2)]))
