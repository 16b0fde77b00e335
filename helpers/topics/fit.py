"""Topics: fit them, name them, and show the statements that carry them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from helpers.codebook.load import find_terms
from helpers.inputs import check_columns
from helpers.topics.counts import TermCounts
from helpers.topics.models import TINY, Fit, Floats, Ints, fit_model

LISTED = 30  # words listed for each topic


@dataclass(frozen=True)
class Topics:
    """Topics, numbered from 1 by falling share of the collection.

    Attributes
    ----------
    terms : DataFrame
        ``topic`` int64, ``rank`` int64 from 1, ``term`` string, ``weight`` float64 (share of the topic's weight that
        the term has): the 30 weightiest terms of each topic.
    docs : DataFrame
        ``id`` string, ``topic`` int64, ``share`` float64: one row for each document and topic, also where the share is
        0. The shares of a document sum to one. A document without any term gets the shares of the collection.
    word_shares : ndarray of float64, shape (topics, terms)
        Weight of every term in every topic; rows sum to one. Row 0 is topic 1.
    doc_shares : ndarray of float64, shape (documents, topics)
        The shares of `docs` as a matrix.
    vocabulary : ndarray of str, shape (terms,)
    ids : ndarray of str, shape (documents,)
    model : str
    seed : int
    steered : dict of str to int
        The number of the topic that each list of steering words holds; empty where all topics are free.
    """

    terms: pd.DataFrame
    docs: pd.DataFrame
    word_shares: Floats
    doc_shares: Floats
    vocabulary: np.ndarray[Any, np.dtype[np.object_]]
    ids: np.ndarray[Any, np.dtype[np.object_]]
    model: str
    seed: int
    steered: dict[str, int]

    @property
    def k(self) -> int:
        """Number of topics."""
        return len(self.word_shares)


def fit_topics(
    counts: TermCounts,
    k: int,
    *,
    model: str = "nmf",
    seed: int = 0,
    steer: Mapping[str, Sequence[str]] | None = None,
) -> Topics:
    """Find `k` topics: words that go together, and how much of each document they account for.

    Parameters
    ----------
    counts : TermCounts
    k : int
        How many topics. There is no best number: see `compare_topic_numbers`, and defend the choice.
    model : {"nmf", "lda"}
        ``nmf``: non-negative matrix factorisation of sublinear tf-idf, terms evened out so that the commonest do not
        make a topic each; the share of a topic is the part of the document's weighted words that it accounts for. A
        word needs documents behind it to come first in a topic.
        ``lda``: latent Dirichlet allocation by variational Bayes.
    seed : int
        Does nothing for `nmf`, which starts from a singular value decomposition; matters a lot for `lda`.
    steer : mapping of str to sequence of str, optional
        For `nmf`: the words that hold a topic in place, by a name of your own, such as those of `steering_words`. Each
        word can belong to its topic only; the other topics are free.

    Returns
    -------
    Topics

    Raises
    ------
    ValueError
        If `k` is not between 2 and the number of documents and terms, or the model is unknown, or steering words are
        too many for `k`, are not among the terms, stand in two lists, or are given to another model than `nmf`.

    Notes
    -----
    NMF: Lee and Seung (1999), Nature 401. Words that hold topics: after Jagarlamudi, Daumé and Udupa (2012) and keyATM
    (Eshima, Imai and Sasaki 2024), here as zeros that multiplicative updates keep.
    LDA: Blei, Ng and Jordan (2003); Griffiths and Steyvers (2004) for Gibbs.

    Examples
    --------
    >>> from helpers.topics.counts import count_terms
    >>> contents = ["wells and water", "water for wells", "school and teacher", "teacher in school"]
    >>> frame = pd.DataFrame({"statement_id": list("abcd"), "content": contents})
    >>> topics = fit_topics(count_terms(frame), 2)
    >>> topics.terms.query("rank == 1")["term"].tolist()
    ['school', 'water']
    """
    most = min(counts.counts.shape)
    if not 2 <= k <= most:  # noqa: PLR2004
        n_docs, n_terms = counts.counts.shape
        raise ValueError(f"k is {k}: with {n_docs} documents and {n_terms} terms it can be 2 to {most}")
    held = steer or {}
    _check_steering(held, counts, k, model)
    belongs = np.array([counts.terms["term"].isin(words) for words in held.values()], dtype=bool)
    fit = fit_model(counts.counts, k, model=model, seed=seed, steer=belongs)
    return _number(fit, counts, model, seed, list(held))


def steering_words(counts: TermCounts, entries: Mapping[str, Any]) -> dict[str, list[str]]:
    """Find the terms that an entry of a codebook names in full: words to steer topics by.

    Parameters
    ----------
    counts : TermCounts
    entries : mapping
        A table of a codebook, such as ``load_codebook().threat["types"]``, see `find_terms`.

    Returns
    -------
    dict of str to list of str
        The terms of each entry in alphabetical order; an entry without a term is left out, and a term that two entries
        name belongs to the first.

    Raises
    ------
    ValueError
        If a pattern cannot be read.

    Examples
    --------
    >>> from helpers.topics.counts import count_terms
    >>> frame = pd.DataFrame({"statement_id": ["a", "b"], "content": ["poppy and school", "poppies, schools"]})
    >>> steering_words(count_terms(frame), {"drugs": {"patterns": ["poppy"]}, "ships": {"patterns": ["ship*"]}})
    {'drugs': ['poppy']}
    """
    terms = counts.terms["term"]
    found = find_terms(pd.DataFrame({"statement_id": terms, "content": terms}), entries)
    whole = found[found["text"] == found["statement_id"]].drop_duplicates("statement_id")
    listed = whole.groupby("entry")["text"].agg(sorted)
    return {entry: listed[entry] for entry in entries if entry in listed}


def label_topics(topics: Topics, *, n: int = 7) -> pd.DataFrame:
    """Suggest words to name topics by; the name is for a person to give.

    Parameters
    ----------
    topics : Topics
    n : int
        Words in each list.

    Returns
    -------
    DataFrame
        ``topic`` int64, ``share`` float64 (mean over documents), ``frequent`` string (weightiest words),
        ``exclusive`` string (words both frequent in this topic and rare in the others), apart by ", ".

    Notes
    -----
    FREX: Bischof and Airoldi (2012), the harmonic mean of the ranks of frequency and exclusivity, both weighing half.

    Examples
    --------
    >>> from helpers.topics.counts import count_terms
    >>> contents = ["wells and water", "water for wells", "school and teacher", "teacher in school"]
    >>> frame = pd.DataFrame({"statement_id": list("abcd"), "content": contents})
    >>> label_topics(fit_topics(count_terms(frame), 2), n=2).columns.tolist()
    ['topic', 'share', 'frequent', 'exclusive']
    """
    table = pd.DataFrame({"topic": np.arange(1, topics.k + 1), "share": topics.doc_shares.mean(axis=0)})
    for name, weights in (("frequent", topics.word_shares), ("exclusive", frex(topics.word_shares))):
        words = topics.vocabulary[top_words(weights, n)]
        table[name] = pd.array([", ".join(row) for row in words], dtype="string")
    return table


def topic_exemplars(
    topics: Topics, frame: pd.DataFrame, *, n: int = 3, text: str = "content", id: str = "statement_id"
) -> pd.DataFrame:
    """Show the documents that carry a topic most clearly: read them before naming it.

    Parameters
    ----------
    topics : Topics
    frame : DataFrame
        The documents that were counted, with the columns named by `text` and `id`.
    n : int
        Documents for each topic.
    text, id : str
        Names of these columns.

    Returns
    -------
    DataFrame
        ``topic`` int64, ``rank`` int64 from 1, ``id`` string, ``share`` float64, ``text`` string. The same text is
        shown once for a topic. Very short documents, which reach a share of 1 with a word or two, come after longer
        ones of nearly the same share: shares are first drawn toward 1/k by the weight of 20 words.

    Raises
    ------
    KeyError
        If a column is missing, or a document that was fitted is not in `frame`.

    Examples
    --------
    >>> from helpers.topics.counts import count_terms
    >>> contents = ["wells and water", "water for wells", "school and teacher", "teacher in school"]
    >>> frame = pd.DataFrame({"statement_id": list("abcd"), "content": contents})
    >>> topic_exemplars(fit_topics(count_terms(frame), 2), frame, n=1)["topic"].tolist()
    [1, 2]
    """
    texts = texts_of(topics, frame, text, id)
    missing = [name for name, found in zip(topics.ids, texts, strict=True) if found is None]
    if missing:
        raise KeyError(f"{len(missing)} fitted documents are not in the table, the first is {missing[0]!r}")
    table = topics.docs.assign(text=pd.Series(texts, dtype="string").repeat(topics.k).array)
    n_words = table["text"].str.count(r"\S+")
    table["drawn"] = ((table["share"] * n_words + 20 / topics.k) / (n_words + 20)).round(9)
    table = table.sort_values(["topic", "drawn", "id"], ascending=[True, False, True])
    table = table.drop_duplicates(["topic", "text"]).groupby("topic").head(n)
    table["rank"] = table.groupby("topic").cumcount() + 1
    return table[["topic", "rank", "id", "share", "text"]].reset_index(drop=True)


def texts_of(topics: Topics, frame: pd.DataFrame, text: str, name: str) -> list[str | None]:
    """Return the text of each fitted document: empty where it is missing, None where the table lacks the document."""
    check_columns(frame, text, name)
    texts = dict(zip(frame[name].astype("string"), frame[text].astype("string").fillna(""), strict=True))
    return [texts.get(document) for document in topics.ids]


def frex(words: Floats) -> Floats:
    """Score each term of each topic by frequency and exclusivity together, from 0 to 1."""
    from scipy.stats import rankdata

    frequency = rankdata(words, axis=1) / words.shape[1]
    exclusivity = rankdata(words / (words.sum(axis=0) + TINY), axis=1) / words.shape[1]
    scores: Floats = 2 / (1 / frequency + 1 / exclusivity)
    return scores


def top_words(words: Floats, n: int) -> Ints:
    """Give the columns of the `n` largest values of each row, ties in the order of the vocabulary."""
    return np.argsort(-words.round(9), axis=1, kind="stable")[:, :n]


def _check_steering(steer: Mapping[str, Sequence[str]], counts: TermCounts, k: int, model: str) -> None:
    """Refuse steering words that cannot hold a topic."""
    if steer and model != "nmf":
        raise ValueError(f"steer works with model 'nmf', not {model!r}")
    if len(steer) > k:
        raise ValueError(f"{len(steer)} lists of steering words for {k} topics: give at most {k}")
    words = [word for listed in steer.values() for word in listed]
    wrong = sorted(set(words) - set(counts.terms["term"]))
    empty = [name for name, listed in steer.items() if not len(listed)]
    twice = sorted({word for word in words if words.count(word) > 1})
    if wrong or empty or twice:
        raise ValueError(
            f"steering words must be terms of `counts`, each in one list: not a term {wrong}, twice {twice}, lists "
            f"without a word {empty}"
        )


def _number(fit: Fit, counts: TermCounts, model: str, seed: int, steered: list[str]) -> Topics:
    """Order topics by their share, and lay out the tables."""
    vocabulary = counts.terms["term"].to_numpy(object)
    ids = counts.docs["id"].to_numpy(object)
    empty = fit.docs.sum(axis=1) == 0
    mean = fit.docs[~empty].mean(axis=0)
    first = vocabulary[top_words(fit.words, 1)[:, 0]]
    order = np.lexsort((first, -mean.round(9)))
    doc_shares = np.where(empty[:, None], mean / mean.sum(), fit.docs)[:, order]
    words = fit.words[order]
    top = top_words(words, LISTED)
    topic, rank = np.indices(top.shape)
    columns = {"topic": topic + 1, "rank": rank + 1, "term": vocabulary[top], "weight": words[topic, top]}
    terms = pd.DataFrame({name: column.ravel() for name, column in columns.items()}).astype({"term": "string"})
    shares = pd.DataFrame(doc_shares, index=pd.Index(ids, dtype="string"), columns=range(1, len(order) + 1))
    docs = pd.DataFrame({"share": shares.stack()}).rename_axis(["id", "topic"]).reset_index()
    numbers = {name: int(place) + 1 for name, place in zip(steered, np.argsort(order), strict=False)}
    return Topics(terms, docs, words, doc_shares, vocabulary, ids, model, seed, numbers)
