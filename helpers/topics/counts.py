"""Count terms: words and phrases of statements, and which of them are typical of a group."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from helpers.codebook.load import load_stopwords
from helpers.inputs import check_columns, read_ids, read_texts
from helpers.topics.word_forms import (
    BREAKS,
    SENTENCE_BREAKS,
    SHOUTING,
    WORD_OR_BREAK,
    lemma_of,
    normal_form,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from scipy import sparse

    Ints = np.ndarray[Any, np.dtype[np.int64]]
    Bools = np.ndarray[Any, np.dtype[np.bool_]]
    Floats = np.ndarray[Any, np.dtype[np.float64]]

LINKS = frozenset({"of", "on", "against", "for", "in", "to"})  # may stand inside a phrase: "rule of law"
PHRASE_MIN, PHRASE_NPMI = 5, 0.4
NAME_SHARE = 0.9


@dataclass(frozen=True)
class TermCounts:
    """How often each term stands in each document.

    Attributes
    ----------
    counts : csr_matrix of int64, shape (documents, terms)
    docs : DataFrame
        ``id`` string, ``n_tokens`` int64 (all words), ``n_terms`` int64 (words and phrases counted); one row a
        document in the order given, also for documents without any term.
    terms : DataFrame
        ``term`` string, ``n`` int64, ``n_docs`` int64; in alphabetical order, as the columns of `counts`.
    """

    counts: Any
    docs: pd.DataFrame
    terms: pd.DataFrame


def count_terms(  # noqa: PLR0913 - each is a choice that changes results and that a researcher has to name
    frame: pd.DataFrame,
    *,
    text: str = "content",
    id: str = "statement_id",  # noqa: A002 - the name of the interface
    min_docs: int = 2,
    groups: str | None = None,
    min_groups: int = 3,
    phrases: bool = True,
    names: bool = True,
    lemmas: bool = True,
    stopwords: str | Path | None = None,
) -> TermCounts:
    """Count dictionary forms and phrases in each document.

    Words are brought to their dictionary form by simplemma; capitals of acronyms are kept (``US`` is not ``us``).
    Neighbouring words that stand together far more often than by chance become one term (normalised pointwise mutual
    information of at least .4 over at least 5 occurrences, two rounds, so phrases of up to four words and a link such
    as "of" in between); a phrase is written as it most often stands in the text. Numbers and single letters are no
    terms.

    Parameters
    ----------
    frame : DataFrame
        One row per document, with the columns named by `text` (string) and `id` (unique).
    text, id : str
        Names of these columns.
    min_docs : int
        Leave out terms found in fewer documents.
    groups : str, optional
        Column such as the outlet. Topics of a small collection otherwise follow house style, bylines and notices.
    min_groups : int
        With `groups`, leave out terms found in fewer of them.
    phrases : bool
        Whether to look for phrases.
    names : bool
        False leaves out words that are written with a capital inside sentences in 9 of 10 cases: names of people and
        places, and whatever the corpus capitalises.
    lemmas : bool
        False counts words as written, in lower case.
    stopwords : path, optional
        A stopword file in place of ours, see `load_stopwords`.

    Returns
    -------
    TermCounts

    Raises
    ------
    KeyError
        If a named column is missing.
    ValueError
        If ids repeat, `min_docs` or `min_groups` is below 1, or there are fewer groups than `min_groups`.

    Notes
    -----
    Normalised pointwise mutual information: Bouma (2009), over the counts of nltk's collocation finder.

    Examples
    --------
    >>> frame = pd.DataFrame({"statement_id": ["a", "b"], "content": ["The bombings must end.", "A bombing, again."]})
    >>> count_terms(frame).terms
          term  n  n_docs
    0  bombing  2       2
    """
    check_columns(frame, text, id, *([] if groups is None else [groups]))
    ids = read_ids(frame, id)
    texts = read_texts(frame, text, ids=ids)
    if min_docs < 1:
        raise ValueError(f"min_docs is {min_docs}: give 1 (every term) or more")
    stream = _read_forms(texts, load_stopwords(stopwords), lemmas=lemmas, names=names)
    is_word = np.array([form not in BREAKS for form in stream.forms], dtype=bool)[stream.row]
    n_tokens = np.bincount(stream.docs[is_word], minlength=len(frame))
    if phrases:
        stream = _join_phrases(_join_phrases(stream))
    counted = _tabulate(stream, ids, n_tokens)
    kept = counted.terms["n_docs"] >= min_docs
    if groups is not None:
        kept = kept & _in_groups(counted.counts, frame[groups], min_groups)
    return _keep_terms(counted, kept)


def keyness(counts: TermCounts, groups: Sequence[object] | pd.Series[Any], *, prior: float = 500.0) -> pd.DataFrame:
    """Which terms are typical of a group, set against all other groups.

    Log-odds ratio with an informative Dirichlet prior: the prior spreads `prior` words over the terms as the whole
    collection does, so rare words do not top the list by accident.

    Parameters
    ----------
    counts : TermCounts
    groups : sequence
        The group of each document of ``counts.docs``, in that order. Documents without a group (NA) only inform the
        prior.
    prior : float
        Weight of the prior, in words.

    Returns
    -------
    DataFrame
        ``group`` string, ``rank`` int64 from 1, ``term`` string, ``n`` int64 (in the group), ``n_other`` int64 (in the
        other groups), ``log_odds`` float64 (natural logarithm), ``z`` float64 (log-odds over its standard error; beyond
        2 is more than chance for one term looked at by itself); by group and falling z.

    Raises
    ------
    ValueError
        If `groups` has another length than ``counts.docs``, or fewer than two groups, or `prior` is not positive.

    Notes
    -----
    Monroe, Colaresi and Quinn (2008), "Fightin' Words", Political Analysis 16(4), equations 15, 16, 19 and 22.

    Examples
    --------
    >>> frame = pd.DataFrame({"statement_id": list("abcd"), "content": ["aid aid", "aid", "war", "war war"]})
    >>> keyness(count_terms(frame), ["x", "x", "y", "y"]).query("rank == 1")[["group", "term", "n"]]
      group term  n
    0     x  aid  3
    2     y  war  3
    """
    labels = pd.Series(list(groups), dtype="object").astype("string")
    if len(labels) != len(counts.docs):
        raise ValueError(f"{len(labels)} groups for {len(counts.docs)} documents: give one each, as in counts.docs")
    values = sorted(labels.dropna().unique())
    if len(values) < 2:  # noqa: PLR2004
        raise ValueError(f"keyness sets groups against each other: found {len(values)} group, at least 2 are needed")
    if prior <= 0:
        raise ValueError(f"prior is {prior}: give a positive number of words")
    total = _sums(counts.counts).astype(float)
    alpha = prior * total / max(total.sum(), 1.0)
    grouped = np.vstack(
        [_sums(counts.counts[(labels == value).fillna(value=False).to_numpy(bool)]) for value in values]
    )
    tables = []
    for value, inside in zip(values, grouped, strict=True):
        outside = grouped.sum(axis=0) - inside
        log_odds = _log_odds(inside + alpha) - _log_odds(outside + alpha)
        z = log_odds / np.sqrt(1 / (inside + alpha) + 1 / (outside + alpha))
        table = pd.DataFrame(
            {"term": counts.terms["term"], "n": inside, "n_other": outside, "log_odds": log_odds, "z": z}
        )
        table = table.round({"log_odds": 9, "z": 9}).sort_values(["z", "term"], ascending=[False, True], kind="stable")
        table.insert(0, "group", pd.Series(value, index=table.index, dtype="string"))
        table.insert(1, "rank", np.arange(1, len(table) + 1))
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


@dataclass(frozen=True)
class _Stream:
    """All documents as one row of numbered forms; `forms`, `lemmas` and `content` are looked up by that number."""

    row: Ints
    docs: Ints
    forms: list[str]
    lemmas: list[str]
    content: Bools


def _read_forms(texts: pd.Series[Any], stop: frozenset[str], *, lemmas: bool, names: bool) -> _Stream:
    """Give every word of the texts a number; marks of punctuation stay in the row as breaks."""
    number: dict[tuple[str, bool], int] = {}
    rows: list[int] = []
    lengths = np.zeros(len(texts), dtype=np.int64)
    for i, text in enumerate(texts):
        shouted = bool(SHOUTING.search(text))
        tokens = WORD_OR_BREAK.findall(text)
        lengths[i] = len(tokens)
        rows.extend(number.setdefault((token, shouted), len(number)) for token in tokens)
    raw = np.array(rows, dtype=np.int64)
    normal = [token if token in BREAKS else normal_form(token, shouted=shouted) for token, shouted in number]
    forms = sorted(set(normal))
    place = {form: i for i, form in enumerate(forms)}
    row = np.array([place[form] for form in normal], dtype=np.int64)[raw]
    docs = np.repeat(np.arange(len(texts)), lengths)
    lemma = [lemma_of(form) if lemmas else form for form in forms]
    content = np.array([_is_content(f, m, stop) for f, m in zip(forms, lemma, strict=True)], dtype=bool)
    if not names and len(raw):
        ends = np.array([token in SENTENCE_BREAKS for token, _ in number])[raw]
        inside = np.r_[False, ~ends[:-1] & (docs[1:] == docs[:-1])]
        capital = np.array([token[0].isupper() for token, _ in number])[raw]
        n_inside = np.bincount(row[inside], minlength=len(forms))
        n_capital = np.bincount(row[inside & capital], minlength=len(forms))
        content &= (n_inside == 0) | (n_capital < NAME_SHARE * n_inside)
    return _Stream(row, docs, forms, lemma, content)


def _is_content(form: str, lemma: str, stop: frozenset[str]) -> bool:
    return len(form) > 1 and form not in BREAKS and form not in stop and (lemma not in stop or form.isupper())


def _join_phrases(stream: _Stream) -> _Stream:
    """Write neighbouring words that belong together as one form."""
    from nltk.metrics import BigramAssocMeasures  # nltk takes half a second to import

    names = sorted(set(stream.lemmas))
    place = {name: i for i, name in enumerate(names)}
    lemma = np.array([place[name] for name in stream.lemmas], dtype=np.int64)[stream.row]
    content, link = stream.content[stream.row], np.array([f in LINKS for f in stream.forms], dtype=bool)[stream.row]
    beside = content[:-1] & content[1:] & (stream.docs[:-1] == stream.docs[1:])
    across = content[:-2] & link[1:-1] & content[2:] & (stream.docs[:-2] == stream.docs[2:])
    counts = np.bincount(lemma[content], minlength=len(names))
    gaps: dict[int, int] = {}
    for gap, allowed in ((2, across), (1, beside)):  # where both are found, the closer neighbours win
        at = np.flatnonzero(allowed)
        pairs = list(zip(lemma[at].tolist(), lemma[at + gap].tolist(), strict=True))
        joined = {
            (a, b)
            for (a, b), n in Counter(pairs).items()
            if n >= PHRASE_MIN
            and BigramAssocMeasures.pmi(n, (counts[a], counts[b]), counts.sum())
            >= PHRASE_NPMI * -np.log2(n / counts.sum())
        }
        gaps.update((i, gap) for i, pair in zip(at.tolist(), pairs, strict=True) if pair in joined)
    return _merge(stream, gaps)


def _merge(stream: _Stream, gaps: dict[int, int]) -> _Stream:
    """Join the form at each position with the one `gap` places on, from left to right."""
    row, forms, lemmas = stream.row.copy(), list(stream.forms), list(stream.lemmas)
    keep = np.ones(len(row), dtype=bool)
    number: dict[tuple[int, ...], int] = {}
    free = 0
    for i in sorted(gaps):
        if i < free:
            continue
        parts = tuple(stream.row[i : i + gaps[i] + 1].tolist())
        if parts not in number:
            number[parts] = len(forms)
            forms.append(" ".join(stream.forms[part] for part in parts))
            lemmas.append(" ".join(stream.lemmas[part] for part in parts))
        free = i + len(parts)
        row[i], keep[i + 1 : free] = number[parts], False
    content = np.r_[stream.content, np.ones(len(number), dtype=bool)]
    return _Stream(row[keep], stream.docs[keep], forms, lemmas, content)


def _tabulate(stream: _Stream, ids: pd.Series[Any], n_tokens: Ints) -> TermCounts:
    """Count each form in each document, forms of one lemma together."""
    from scipy import sparse  # a tenth of the time that `import helpers` takes

    keep = stream.content[stream.row]
    row, docs = stream.row[keep], stream.docs[keep]
    uses = np.bincount(row, minlength=len(stream.forms))
    written: dict[str, tuple[int, str]] = {}  # a phrase is shown as it most often stands, a word by its lemma
    for form, lemma, n in zip(stream.forms, stream.lemmas, uses.tolist(), strict=True):
        shown = form if " " in form else lemma
        if n and (lemma not in written or (-n, shown) < written[lemma]):
            written[lemma] = (-n, shown)
    lemmas = sorted(written, key=lambda lemma: written[lemma][1])
    place = {lemma: i for i, lemma in enumerate(lemmas)}
    column = np.array([place.get(lemma, -1) for lemma in stream.lemmas], dtype=np.int64)[row]
    shape = (len(ids), len(lemmas))
    counts = sparse.csr_matrix((np.ones(len(row), dtype=np.int64), (docs, column)), shape=shape)
    terms = pd.DataFrame(
        {
            "term": pd.array([written[lemma][1] for lemma in lemmas], dtype="string"),
            "n": _sums(counts),
            "n_docs": np.bincount(counts.indices, minlength=len(lemmas)),
        }
    )
    return TermCounts(counts, pd.DataFrame({"id": ids.to_numpy(), "n_tokens": n_tokens}), terms)


def _keep_terms(counted: TermCounts, kept: pd.Series[bool]) -> TermCounts:
    counts = counted.counts[:, np.flatnonzero(kept)]
    docs = counted.docs.assign(n_terms=np.asarray(counts.sum(axis=1)).ravel()).astype({"id": "string"})
    return TermCounts(counts, docs, counted.terms[kept].reset_index(drop=True))


def _in_groups(counts: sparse.csr_matrix, groups: pd.Series[Any], min_groups: int) -> pd.Series[bool]:
    """Say of each term whether enough groups use it; documents without a group do not count."""
    n = groups.nunique()
    if not 1 <= min_groups <= n:
        raise ValueError(f"min_groups is {min_groups}: with {n} values of {groups.name!r} it can be 1 to {n}")
    at = counts.tocoo()
    uses = pd.DataFrame({"term": at.col, "group": groups.to_numpy(object)[at.row]})
    n_groups = uses.groupby("term")["group"].nunique().reindex(range(counts.shape[1]), fill_value=0)
    return n_groups >= min_groups


def _sums(counts: sparse.csr_matrix) -> Ints:
    sums: Ints = np.asarray(counts.sum(axis=0)).ravel()
    return sums


def _log_odds(words: Floats) -> Floats:
    odds: Floats = np.log(words) - np.log(words.sum() - words)
    return odds
