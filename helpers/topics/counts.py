"""Count terms: words and phrases of statements, and which of them are typical of a group."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from helpers.codebook.load import load_stopwords
from helpers.inputs import check_columns, read_ids, read_texts
from helpers.topics.models import Ints
from helpers.topics.word_forms import BREAKS, SENTENCE_BREAKS, lemma_of, read_tokens

if TYPE_CHECKING:
    from scipy import sparse

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
    id: str = "statement_id",
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
    Normalised pointwise mutual information: Bouma (2009).

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
    words = _read_words(texts, load_stopwords(stopwords), lemmas=lemmas, names=names)
    is_word = ~words.forms["form"].isin(BREAKS).to_numpy()[words.form]
    n_tokens = np.bincount(words.doc[is_word], minlength=len(frame))
    if phrases:
        words = _join_phrases(_join_phrases(words))
    counts, terms = _count(words, len(frame))
    kept = counts.getnnz(axis=0) >= min_docs
    if groups is not None:
        sums, values = _sum_by_group(counts, frame[groups])
        most = len(values)
        if not 1 <= min_groups <= most:
            raise ValueError(f"min_groups is {min_groups}: with {most} values of {groups!r} it can be 1 to {most}")
        kept &= (sums > 0).sum(axis=0) >= min_groups
    return table_counts(counts[:, kept], ids, n_tokens, terms[kept])


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
    inside, values = _sum_by_group(counts.counts, labels)
    if len(values) < 2:  # noqa: PLR2004
        raise ValueError(f"keyness sets groups against each other: found {len(values)} group, at least 2 are needed")
    if prior <= 0:
        raise ValueError(f"prior is {prior}: give a positive number of words")
    total = counts.terms["n"].to_numpy(float)
    alpha = prior * total / max(total.sum(), 1.0)
    outside = inside.sum(axis=0) - inside
    log_odds = _log_odds(inside + alpha) - _log_odds(outside + alpha)
    z = log_odds / np.sqrt(1 / (inside + alpha) + 1 / (outside + alpha))
    columns = {"n": inside, "n_other": outside, "log_odds": log_odds.round(9), "z": z.round(9)}
    rows = pd.MultiIndex.from_product([values, counts.terms["term"]], names=["group", "term"])
    table = pd.DataFrame({name: column.ravel() for name, column in columns.items()}, index=rows).reset_index()
    table = table.sort_values(["group", "z", "term"], ascending=[True, False, True], ignore_index=True)
    table.insert(1, "rank", table.groupby("group").cumcount() + 1)
    return table


def cross_tabulate(docs: Any, terms: Any, n: Ints, shape: tuple[int, int]) -> sparse.csr_matrix:  # noqa: ANN401
    """Sum `n` by the numbers of documents and terms."""
    from scipy.sparse import csr_matrix  # a tenth of the time that `import helpers` takes

    return csr_matrix((n, (docs, terms)), shape=shape)


def table_counts(counts: sparse.csr_matrix, ids: pd.Series[Any], n_tokens: Ints, terms: pd.Index[str]) -> TermCounts:
    """Put the tables of documents and of terms beside a matrix of counts."""
    docs = pd.DataFrame({"id": ids.to_numpy(), "n_tokens": n_tokens, "n_terms": counts.sum(axis=1).A1})
    totals = {"n": counts.sum(axis=0).A1, "n_docs": counts.getnnz(axis=0)}
    table = pd.DataFrame({"term": terms.astype("string"), **totals})
    return TermCounts(counts, docs.astype({"id": "string"}), table)


class _Words(NamedTuple):
    """The words of all texts in a row, with breaks between them.

    ``doc`` and ``form`` are the numbers of text and form of each word; ``forms`` has one row per form, with ``form``,
    ``lemma`` and ``content``: whether it counts as a term.
    """

    doc: Ints
    form: Ints
    forms: pd.DataFrame


def _read_words(texts: pd.Series[Any], stop: frozenset[str], *, lemmas: bool, names: bool) -> _Words:
    number: dict[str, int] = {}
    doc, form, capital = array("q"), array("q"), array("q")  # lists would take eight times the memory
    for place, text in enumerate(texts):
        for _, token, written in read_tokens(text):
            doc.append(place)
            form.append(number.setdefault(written, len(number)))
            capital.append(token[0].isupper())
    forms = pd.DataFrame({"form": list(number)}, dtype=object)
    forms["lemma"] = forms["form"].map(lemma_of) if lemmas else forms["form"]
    listed = forms["form"].isin(stop) | forms["lemma"].isin(stop) & ~forms["form"].str.isupper()
    forms["content"] = forms["form"].str.len().gt(1) & ~listed
    words = _Words(np.asarray(doc), np.asarray(form), forms)
    if not names:
        ends = forms["form"].isin(SENTENCE_BREAKS).to_numpy()[words.form]
        inside = np.r_[False, ~ends[:-1] & (words.doc[1:] == words.doc[:-1])][: len(ends)]
        share = pd.Series(np.asarray(capital)[inside]).groupby(words.form[inside]).mean()
        forms.loc[share.index[share >= NAME_SHARE], "content"] = False
    return words


def _join_phrases(words: _Words) -> _Words:
    """Write neighbouring words that belong together as one form, from left to right."""
    doc, forms = words.doc, words.forms
    content = forms["content"].to_numpy()[words.form]
    link = forms["form"].isin(LINKS).to_numpy()[words.form]
    lemma = pd.factorize(forms["lemma"])[0][words.form]
    uses = np.bincount(lemma[content], minlength=len(forms))
    beside = content[:-1] & content[1:] & (doc[:-1] == doc[1:])
    across = content[:-2] & link[1:-1] & content[2:] & (doc[:-2] == doc[2:])
    gaps: dict[int, int] = {}
    for gap, allowed in ((2, across), (1, beside)):  # where both are found, the closer neighbours win
        at = np.flatnonzero(allowed)
        first, second = lemma[at], lemma[at + gap]
        together = pd.Series(at).groupby([first, second]).transform("size").to_numpy()
        pmi = np.log2(together * uses.sum()) - np.log2(uses[first] * uses[second])
        joined = (together >= PHRASE_MIN) & (pmi >= PHRASE_NPMI * -np.log2(together / uses.sum()))
        gaps.update(dict.fromkeys(at[joined].tolist(), gap))
    form, kept = words.form.copy(), np.ones(len(doc), dtype=bool)
    number: dict[tuple[int, ...], int] = {}
    for i in sorted(gaps):
        parts = slice(i, i + gaps[i] + 1)
        if kept[parts].all():
            form[i] = number.setdefault(tuple(form[parts].tolist()), len(forms) + len(number))
            kept[i + 1 : parts.stop] = False
    written = {name: [" ".join(forms[name].loc[list(parts)]) for parts in number] for name in ("form", "lemma")}
    phrases = pd.DataFrame(written, dtype=object).assign(content=True)
    return _Words(doc[kept], form[kept], pd.concat([forms, phrases], ignore_index=True))


def _count(words: _Words, n_docs: int) -> tuple[sparse.csr_matrix, pd.Index[str]]:
    """Count each lemma in each document; a phrase is shown as it most often stands, a word by its lemma."""
    forms = words.forms
    counted = forms["content"].to_numpy()[words.form]
    doc, form = words.doc[counted], words.form[counted]
    shown = forms["form"].where(forms["form"].str.contains(" "), forms["lemma"])
    used = forms.assign(shown=shown, n=np.bincount(form, minlength=len(forms))).query("n > 0")
    used = used.sort_values(["n", "shown"], ascending=[False, True]).drop_duplicates("lemma")
    term, terms = pd.factorize(forms["lemma"].map(used.set_index("lemma")["shown"]), sort=True)
    return cross_tabulate(doc, term[form], np.ones(len(doc), dtype=np.int64), (n_docs, len(terms))), terms


def _sum_by_group(counts: sparse.csr_matrix, groups: pd.Series[Any]) -> tuple[Ints, pd.Index[Any]]:
    """Add up the counts of each group (groups by terms); documents without a group do not count."""
    group, values = pd.factorize(groups, sort=True)
    sums = [counts[group == number].sum(axis=0).A1 for number in range(len(values))]
    return np.array(sums, dtype=np.int64).reshape(len(values), counts.shape[1]), values


def _log_odds(words: Any) -> Any:  # noqa: ANN401 - arrays of float
    return np.log(words) - np.log(words.sum(axis=1, keepdims=True) - words)
