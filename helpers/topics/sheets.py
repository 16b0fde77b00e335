"""Sheets for people: name topics, apply the names, and find the word or topic that does not belong."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from helpers.topics.fit import Topics, label_topics, texts_of, top_words, topic_exemplars
from helpers.topics.models import Ints


def label_sheet(
    topics: Topics, frame: pd.DataFrame, *, n_exemplars: int = 3, text: str = "content", id: str = "statement_id"
) -> pd.DataFrame:
    """Lay out words and statements of each topic for people to name it.

    Parameters
    ----------
    topics : Topics
    frame : DataFrame
        The documents that were counted, with the columns named by `text` and `id`.
    n_exemplars : int
        Documents shown for each topic.
    text, id : str
        Names of these columns.

    Returns
    -------
    DataFrame
        ``topic`` int64, ``share`` float64, ``frequent``, ``exclusive`` string, ``exemplar_1`` ... string, and the empty
        string columns ``label`` (a name of few words), ``sure`` (yes or no) and ``note``; one row per topic.

    Raises
    ------
    KeyError
        As in `topic_exemplars`.

    Examples
    --------
    >>> from helpers.topics.counts import count_terms
    >>> from helpers.topics.fit import fit_topics
    >>> contents = ["wells and water", "water for wells", "school and teacher", "teacher in school"]
    >>> frame = pd.DataFrame({"statement_id": list("abcd"), "content": contents})
    >>> label_sheet(fit_topics(count_terms(frame), 2), frame, n_exemplars=1).columns.tolist()
    ['topic', 'share', 'frequent', 'exclusive', 'exemplar_1', 'label', 'sure', 'note']
    """
    shown = topic_exemplars(topics, frame, n=n_exemplars, text=text, id=id)
    wide = shown.pivot_table(index="topic", columns="rank", values="text", aggfunc="first").add_prefix("exemplar_")
    sheet = label_topics(topics, n=10).merge(wide, on="topic", how="left")
    for column in ("label", "sure", "note"):
        sheet[column] = pd.Series("", index=sheet.index, dtype="string")
    return sheet


def word_intrusion_sheet(topics: Topics, *, n_words: int = 5, seed: int = 0) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Hide in the top words of each topic one that belongs to another: people find it if the topic makes sense.

    Parameters
    ----------
    topics : Topics
    n_words : int
        Words of the topic that are shown.
    seed : int

    Returns
    -------
    sheet : DataFrame
        ``item`` int64 from 1, ``option_1`` ... string (the words in random order), ``answer`` string, empty: write the
        number of the option that does not belong.
    key : DataFrame
        ``item``, ``topic``, ``answer`` int64, ``n_options`` int64: kept from the people who answer.

    Raises
    ------
    ValueError
        If the vocabulary is too small to find a word that is weighty elsewhere only.

    Notes
    -----
    Chang et al. (2009), "Reading tea leaves". The intruder is among the ten weightiest words of another topic and in
    the lower half of this one.

    Examples
    --------
    >>> from helpers.topics.counts import count_terms
    >>> from helpers.topics.fit import fit_topics
    >>> contents = ["wells and water", "water for wells", "school and teacher", "teacher in school"]
    >>> frame = pd.DataFrame({"statement_id": list("abcd"), "content": contents})
    >>> sheet, key = word_intrusion_sheet(fit_topics(count_terms(frame), 2), n_words=2)
    >>> sheet.columns.tolist()
    ['item', 'option_1', 'option_2', 'option_3', 'answer']
    """
    rng = np.random.default_rng(seed)
    n_terms = len(topics.vocabulary)
    order = top_words(topics.word_shares, n_terms)
    questions = []
    for topic in rng.permutation(topics.k):
        near = order[topic, : max(n_words, n_terms // 2)]
        low = np.setdiff1d(np.delete(order, topic, axis=0)[:, :10], near)
        if not len(low):
            raise ValueError(f"no word is weighty in another topic and slight in topic {topic + 1}: fit fewer topics")
        shown, answer = _hide(rng.choice(low), order[topic, :n_words], rng)
        questions.append((topic + 1, topics.vocabulary[shown], answer))
    return _lay_out(questions)


def topic_intrusion_sheet(  # noqa: PLR0913 - the plan of a test with people
    topics: Topics,
    frame: pd.DataFrame,
    *,
    n_docs: int = 20,
    n_words: int = 5,
    text: str = "content",
    id: str = "statement_id",
    seed: int = 0,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Offer for a document its three largest topics and one that is absent: people find it if the shares make sense.

    Parameters
    ----------
    topics : Topics
        At least four.
    frame : DataFrame
        The documents that were counted, with the columns named by `text` and `id`.
    n_docs : int
        Documents drawn.
    n_words : int
        Words that stand for each topic (exclusive ones, see `label_topics`).
    text, id : str
        Names of these columns.
    seed : int

    Returns
    -------
    sheet : DataFrame
        ``item`` int64, ``text`` string, ``option_1`` to ``option_4`` string, ``answer`` string, empty.
    key : DataFrame
        ``item``, ``topic`` int64 (largest topic of the document), ``answer``, ``n_options`` int64.

    Raises
    ------
    KeyError
        If a column is missing.
    ValueError
        If there are fewer than four topics, or fewer than `n_docs` documents.

    Notes
    -----
    Chang et al. (2009).

    Examples
    --------
    >>> from helpers.topics.counts import count_terms
    >>> from helpers.topics.fit import fit_topics
    >>> contents = ["well water", "water well", "school teacher", "teacher school", "road bridge", "bridge road",
    ...             "wheat bread", "bread wheat"]
    >>> frame = pd.DataFrame({"statement_id": list("abcdefgh"), "content": contents})
    >>> sheet, key = topic_intrusion_sheet(fit_topics(count_terms(frame), 4), frame, n_docs=2)
    >>> len(sheet), key.columns.tolist()
    (2, ['item', 'topic', 'answer', 'n_options'])
    """
    if topics.k < 4:  # noqa: PLR2004
        raise ValueError(f"{topics.k} topics: three to offer and one intruder need at least 4")
    rng = np.random.default_rng(seed)
    texts = texts_of(topics, frame, text, id)
    drawn = _draw(texts, n_docs, rng)
    words = label_topics(topics, n=n_words)["exclusive"].to_numpy(object)
    questions = []
    for doc in drawn:
        order = np.argsort(-topics.doc_shares[doc].round(9), kind="stable")
        shown, answer = _hide(rng.choice(order[max(3, topics.k // 2) :]), order[:3], rng)
        questions.append((order[0] + 1, words[shown], answer))
    return _lay_out(questions, text=[texts[doc] for doc in drawn])


def application_sheet(  # noqa: PLR0913 - the plan of a test with people
    topics: Topics,
    frame: pd.DataFrame,
    names: Mapping[int, str],
    *,
    n_docs: int = 40,
    n_exemplars: int = 3,
    text: str = "content",
    id: str = "statement_id",
    seed: int = 0,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Ask which of the names that people gave to topics fits a document that they have not seen.

    Coherence says that words go together. This says whether a person who knows the names alone sorts documents as the
    model does.

    Parameters
    ----------
    topics : Topics
    frame : DataFrame
        The documents that were counted, with the columns named by `text` and `id`.
    names : mapping of int to str
        The name of each topic, as given on a sheet of `label_sheet`: ``sheet.set_index("topic")["label"]``.
    n_docs : int
        Documents drawn at random, without the exemplars from which the names were given.
    n_exemplars : int
        Exemplars of each topic that the name was given from.
    text, id : str
        Names of these columns.
    seed : int

    Returns
    -------
    sheet : DataFrame
        ``item`` int64, ``text`` string, ``option_1`` ... string (the names, in the order of the topics, and last "none
        of these"), ``answer`` string, empty: write the number of the option that fits best.
    key : DataFrame
        ``item``, ``topic`` int64 (largest topic of the document), ``answer``, ``n_options`` int64: what
        `score_intrusion` needs.

    Raises
    ------
    KeyError
        If a column is missing.
    ValueError
        If a topic has no name, two have the same, or there are fewer documents than `n_docs`.

    Notes
    -----
    After ProxAnn (Hoyle et al. 2025), where people name a topic from its exemplars and then apply the name.

    Examples
    --------
    >>> from helpers.topics.counts import count_terms
    >>> from helpers.topics.fit import fit_topics
    >>> contents = ["wells and water", "water for wells", "school and teacher", "teacher in school"]
    >>> frame = pd.DataFrame({"statement_id": list("abcd"), "content": contents})
    >>> topics = fit_topics(count_terms(frame), 2)
    >>> sheet, key = application_sheet(topics, frame, {1: "schools", 2: "wells"}, n_docs=2, n_exemplars=1)
    >>> sheet["option_3"].tolist(), key["n_options"].tolist()
    (['none of these', 'none of these'], [3, 3])
    """
    given = [str(names.get(topic, "")).strip() for topic in range(1, topics.k + 1)]
    if "" in given or len(set(given)) < topics.k:
        raise ValueError(f"the names of {topics.k} topics are {given}: give each topic a name of its own")
    shown = set(topic_exemplars(topics, frame, n=n_exemplars, text=text, id=id)["text"])
    texts = texts_of(topics, frame, text, id)
    drawn = _draw([None if found in shown else found for found in texts], n_docs, np.random.default_rng(seed))
    largest = topics.doc_shares[drawn].round(9).argmax(axis=1) + 1
    questions = [(topic, [*given, "none of these"], topic) for topic in largest]
    return _lay_out(questions, text=[texts[doc] for doc in drawn])


def score_intrusion(sheet: pd.DataFrame, key: pd.DataFrame) -> pd.DataFrame:
    """Count how often people found the intruder, or gave a document the name that the model gave it.

    Parameters
    ----------
    sheet : DataFrame
        ``item`` and ``answer`` of a filled sheet; the sheets of several people may stand one below the other.
    key : DataFrame
        Its key. Guessing is right in ``1 / n_options`` of the answers.

    Returns
    -------
    DataFrame
        ``topic`` Int64 (NA in the last row, for all topics), ``n`` int64 (answers), ``right`` int64, ``blank`` int64
        (not answered, counted in neither), ``share``, ``low``, ``high`` float64 (95 %, Wilson), ``chance`` float64
        (share right by guessing).

    Raises
    ------
    KeyError
        If an item is not in the key.
    ValueError
        If an answer is no number of an option.

    Examples
    --------
    >>> key = pd.DataFrame({"item": [1, 2], "topic": [1, 2], "answer": [3, 1], "n_options": [6, 6]})
    >>> sheet = pd.DataFrame({"item": [1, 2], "answer": ["3", "2"]})
    >>> score_intrusion(sheet, key)["share"].tolist()
    [1.0, 0.0, 0.5]
    """
    unknown = sheet.loc[~sheet["item"].isin(key["item"]), "item"].tolist()
    if unknown:
        raise KeyError(f"items {unknown} are not in the key: was the sheet made from another draw?")
    table = sheet[["item", "answer"]].merge(key, on="item", suffixes=("_given", ""))
    text = table["answer_given"].astype("string").str.strip().fillna("").str.removesuffix(".0")
    numbers = zip(text, table["n_options"], strict=True)
    wrong = {answer for answer, n in numbers if answer and answer not in map(str, range(1, n + 1))}
    if wrong:
        raise ValueError(f"answers {sorted(wrong)}: write the number of an option, or leave the cell empty")
    table["given"], table["right"] = text != "", text == table["answer"].astype("string")
    table["chance"] = 1 / table["n_options"]
    every = pd.concat([table, table.assign(topic=np.nan)]).astype({"topic": "Int64"})
    groups = every.groupby("topic", dropna=False)
    scored = groups[["given", "right"]].sum().rename(columns={"given": "n"}).astype("int64")
    scored["blank"] = groups.size() - scored["n"]
    scored["share"] = scored["right"] / scored["n"].where(scored["n"] > 0)
    scored[["low", "high"]] = [_wilson(*counted) for counted in zip(scored["right"], scored["n"], strict=True)]
    return scored.assign(chance=groups["chance"].mean()).reset_index()


def _wilson(right: int, n: int) -> tuple[float, float]:
    from scipy.stats import binomtest

    return binomtest(right, n).proportion_ci(method="wilson") if n else (np.nan, np.nan)


def _draw(texts: Sequence[str | None], n: int, rng: np.random.Generator) -> Ints:
    """Draw documents that have a text."""
    known = [i for i, text in enumerate(texts) if text]
    if n > len(known):
        raise ValueError(f"n_docs is {n}: only {len(known)} documents have a text that can be shown")
    return rng.permutation(known)[:n]


def _hide(intruder: Any, others: Ints, rng: np.random.Generator) -> tuple[Ints, int]:  # noqa: ANN401 - a whole number
    """Put an intruder among others in random order, and say at which number it stands."""
    shown = rng.permutation(np.append(others, intruder))
    return shown, int(np.flatnonzero(shown == intruder)[0]) + 1


def _lay_out(questions: list[tuple[int, Any, int]], **text: list[str | None]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Write topic, options and right answer of each question as a sheet without the answers, and as its key."""
    topics, options, answers = zip(*questions, strict=True)
    columns = {f"option_{i}": column for i, column in enumerate(zip(*options, strict=True), 1)}
    item = np.arange(1, len(questions) + 1)
    sheet = pd.DataFrame({**text, **columns, "answer": [""] * len(item)}, dtype="string")
    sheet.insert(0, "item", item)
    return sheet, pd.DataFrame({"item": item, "topic": topics, "answer": answers, "n_options": len(options[0])})
