"""The models under `fit_topics`: matrix factorisation, and latent Dirichlet allocation."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from scipy import sparse


Floats = np.ndarray[Any, np.dtype[np.float64]]
Ints = np.ndarray[Any, np.dtype[np.int64]]
Bools = np.ndarray[Any, np.dtype[np.bool_]]

MODELS = ("nmf", "lda")
TINY = 1e-12
EVENING = 0.7  # 0: terms weigh as in tf-idf; 1: all terms weigh the same
FULL = 30  # different terms at which a document has half of the squared weight it can have
FEW = 0.005  # part of the documents that must stand behind a word of a topic
FEW_SHORT = 0.05  # added to it, divided by the different terms that a document has on average


class Fit(NamedTuple):
    """What a model found, before topics are numbered.

    Attributes
    ----------
    words : ndarray, shape (topics, terms)
        Weight of terms in topics; rows sum to one.
    chances : ndarray, shape (topics, terms)
        Probability of terms in topics; rows sum to one. The same as `words` for LDA.
    docs : ndarray, shape (documents, topics)
        Shares of topics in documents; rows sum to one, or are 0 where a document holds nothing.
    shares_of : callable
        Gives the shares of topics in other documents, from their counts.
    """

    words: Floats
    chances: Floats
    docs: Floats
    shares_of: Callable[[sparse.csr_matrix], Floats]


def fit_model(
    counts: sparse.csr_matrix, k: int, *, model: str = "nmf", seed: int = 0, steer: Bools | None = None
) -> Fit:
    """Fit a model to a matrix of counts: the step under `fit_topics`, without numbering.

    Parameters
    ----------
    counts : csr_matrix, shape (documents, terms)
    k : int
    model : {"nmf", "lda"}
    seed : int
        Does nothing for `nmf`.
    steer : ndarray of bool, shape (held topics, terms), optional
        For `nmf` only: the words that hold the first topics in place.

    Returns
    -------
    Fit

    Raises
    ------
    ValueError
        If the model is unknown.
    """
    if model not in MODELS:
        raise ValueError(f"model is {model!r}: choose one of {', '.join(MODELS)}")
    if model == "nmf":
        return _fit_nmf(counts, k, np.zeros((0, 0), dtype=bool) if steer is None else steer)
    from sklearn.decomposition import LatentDirichletAllocation

    lda = LatentDirichletAllocation(k, learning_method="online", batch_size=256, max_iter=20, random_state=seed)
    docs = lda.fit_transform(counts)
    words = rows_to_one(lda.components_)
    return Fit(words, words, docs, lda.transform)


def _fit_nmf(counts: sparse.csr_matrix, k: int, steer: Bools) -> Fit:
    from sklearn.decomposition import NMF
    from sklearn.exceptions import ConvergenceWarning

    weigh, scale = _weighing(counts)
    weighted = weigh(counts)
    start = _steered_start(weighted, k, steer) if len(steer) else _start(weighted, k)
    # what multiplicative updates find at 0 stays there, so that a steering word belongs to its topic alone
    nmf = NMF(k, init="custom", max_iter=400, solver="mu" if len(steer) else "cd")
    with warnings.catch_warnings(), np.errstate(invalid="ignore"):
        # a table of few documents is met exactly, and then never within a share of its error
        warnings.simplefilter("ignore", ConvergenceWarning)
        docs = nmf.fit_transform(weighted, W=start[0], H=start[1])
    words = nmf.components_ * scale
    mass = words.sum(axis=1)  # a document's share counts the weight of words, whatever the scale of the factors
    shares = rows_to_one(docs * mass)
    chances = rows_to_one(nmf.components_ * (counts.T @ shares).T + TINY)

    def shares_of(other: sparse.csr_matrix) -> Floats:
        return rows_to_one(nmf.transform(weigh(other)) * mass)

    return Fit(rows_to_one(words * _support(counts, shares)), chances, shares, shares_of)


def _weighing(counts: sparse.csr_matrix) -> tuple[Callable[[sparse.csr_matrix], sparse.csr_matrix], Floats]:
    """Give what turns counts into evened tf-idf, and what brings weights of terms back to tf-idf.

    NMF minimises squared error, so a topic goes to whatever term has the longest column ("country", "people"), and to
    whatever short document is met by a word or two. Columns are divided by a power of their length, and a document of
    n different terms weighs n / (n + 30). tests/benchmarks.md has what this gives on short and long documents.
    """
    from scipy.sparse import csr_matrix, diags
    from scipy.sparse.linalg import norm
    from sklearn.feature_extraction.text import TfidfTransformer
    from sklearn.preprocessing import normalize

    tfidf = TfidfTransformer(sublinear_tf=True).fit(counts)
    scale: Floats = np.power(norm(tfidf.transform(counts), axis=0), EVENING)
    even = diags(np.divide(1, scale, out=np.zeros_like(scale), where=scale > 0))

    def weigh(other: sparse.csr_matrix) -> sparse.csr_matrix:
        n_terms = np.diff(other.indptr)
        long = diags(np.sqrt(n_terms / (n_terms + FULL)))
        return csr_matrix(long @ normalize(tfidf.transform(other) @ even))

    return weigh, scale


def _support(counts: sparse.csr_matrix, shares: Floats) -> Floats:
    """Draw toward 0 what few documents say: a word of a topic needs documents of that topic behind it.

    A quarter of the weight stays where as many documents are behind the word as are needed: 1 in 200, and more where
    documents are short, because two words of a topic seldom meet there. Without this, short documents fill the top of a
    topic with rare neighbours, which no other document shows together.
    """
    n_docs = counts.shape[0]
    needed = n_docs * (FEW + FEW_SHORT * n_docs / max(counts.nnz, 1))
    behind = ((counts > 0).T @ shares).T
    return np.square(behind / (behind + needed))


def _steered_start(weighted: sparse.csr_matrix, k: int, belongs: Bools) -> tuple[Floats, Floats]:
    """Start held topics from the documents with their words, and the free ones from what those topics leave."""
    from scipy.sparse import csr_matrix
    from sklearn.preprocessing import normalize

    held = belongs.sum(axis=0) > 0
    near: Floats = normalize((belongs @ weighted.T) @ weighted)
    of_words: Floats = np.where(held, belongs * near.max(), near)
    of_docs: Floats = weighted @ of_words.T
    if len(belongs) == k:
        return of_docs + TINY, of_words
    at = weighted.tocoo()
    left = np.maximum(at.data - np.einsum("ij,ij->i", of_docs[at.row], of_words[:, at.col].T), 0)
    rest = csr_matrix((np.where(held[at.col], 0, left), (at.row, at.col)), shape=weighted.shape)
    docs, words = _start(rest, k - len(belongs))
    return np.hstack([of_docs + TINY, docs]), np.vstack([of_words, np.where(held, 0, words)])


def _start(weighted: sparse.csr_matrix, k: int) -> tuple[Floats, Floats]:
    """Start from the larger signed half of each singular pair, so that no chance is in it.

    NNDSVDa of Boutsidis and Gallopoulos (2008), but over exact singular vectors: scikit-learn's randomised ones make
    topics depend on the seed.
    """
    from numpy.linalg import norm
    from scipy.sparse.linalg import svds

    if k < min(weighted.shape) - 1:
        left, values, right = svds(weighted, k=k, v0=np.ones(min(weighted.shape)), tol=1e-9)
    else:
        left, values, right = np.linalg.svd(weighted.toarray(), full_matrices=False)
    largest = np.argsort(-values, kind="stable")[:k]
    left, values, right = left[:, largest], values[largest], right[largest]
    weights = [norm(np.maximum(s * left, 0), axis=0) * norm(np.maximum(s * right, 0), axis=1) for s in (1, -1)]
    sign = np.where(weights[0] >= weights[1], 1, -1)
    docs, words = np.maximum(sign * left, 0), np.maximum(sign[:, None] * right, 0)
    of_docs, of_words = norm(docs, axis=0), norm(words, axis=1)
    docs *= np.sqrt(values * of_words / (of_docs + TINY))
    words *= np.sqrt(values * of_docs / (of_words + TINY))[:, None]
    mean = weighted.mean()
    return np.where(docs < TINY, mean, docs), np.where(words < TINY, mean, words)


def rows_to_one(matrix: Floats) -> Floats:
    """Divide each row by its sum; rows of nothing stay 0."""
    sums = matrix.sum(axis=1, keepdims=True)
    shares: Floats = np.divide(matrix, sums, out=np.zeros_like(matrix, dtype=float), where=sums > TINY)
    return shares
