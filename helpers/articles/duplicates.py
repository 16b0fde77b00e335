"""Text that stands more than once: articles printed again with edits and cuts, and lines that a source repeats."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.lib.stride_tricks import sliding_window_view

from helpers.inputs import check_columns, read_dates, read_ids, read_texts

if TYPE_CHECKING:
    from numpy.typing import NDArray

SHINGLE = 5  # words in a row
_SAMPLED = np.uint64(4)  # one in four shingles is looked up to find pairs worth a comparison
_CROWD = 40  # a shingle of more articles than this links neighbours only: pairs would grow with the square
_FEWEST_SHARED, _SHARED = 2, 0.15
_REPEATS = 3
_WORD = re.compile(r"\w+")
_DIGITS = re.compile(r"\d+")
_MULTIPLIERS = pd.util.hash_array(np.arange(SHINGLE)) | np.uint64(1)  # odd, so that no word is lost


def find_near_duplicates(articles: pd.DataFrame, *, threshold: float = 0.6) -> pd.DataFrame:
    """Find articles that share much of their text: wire copy with edits, cuts and new headlines. Nothing is dropped.

    Texts are compared by the runs of five words that they share. The overlap of two is the share of the shorter one's
    words that stand in such runs, so a text cut to a third still overlaps fully (a share of all runs of both, as in
    MinHash with Jaccard, would miss it). Groups are what overlaps link, directly or by way of others.

    Parameters
    ----------
    articles : DataFrame
        ``doc_id``, ``text``; ``date`` where present decides which one is first.
    threshold : float
        Overlap in (0, 1] from which two articles belong together. With a tenth of the words changed it stays above
        .7; a quotation that both print is as much as its share of the shorter one.

    Returns
    -------
    DataFrame
        One row per article that has a near duplicate, by group: ``doc_id`` str; ``group`` int64 from 1, in the order of
        `articles`; ``first`` bool (the earliest dated of its group, otherwise the first in `articles`; one in a group);
        ``overlap`` float64 in [threshold, 1] (with the member of the group most like it).

    Raises
    ------
    ValueError
        If a column is missing, ids repeat, a date cannot be read, or `threshold` is outside (0, 1].

    References
    ----------
    Broder (1997), On the resemblance and containment of documents: shingles; here words are counted, not shingles.

    Examples
    --------
    >>> text = "The bridge over the river was opened again on Monday after nine weeks of repairs, engineers said."
    >>> texts = [text, "BRIDGE OPENS " + text[:80], "Farmers in the north expect a dry year."]
    >>> articles = pd.DataFrame({"doc_id": ["a", "b", "c"], "text": texts})
    >>> find_near_duplicates(articles)[["doc_id", "group", "first"]].to_dict("list")
    {'doc_id': ['a', 'b'], 'group': [1, 1], 'first': [True, False]}
    """
    check_columns(articles, "doc_id", "text", name="articles")
    ids = read_ids(articles, "doc_id", name="articles")
    if not 0 < threshold <= 1:
        raise ValueError(f"threshold is {threshold}: give an overlap above 0 and at most 1")
    shingles = [_shingles(text) for text in read_texts(articles, "text", ids=ids)]
    pairs = _candidates(shingles)
    pairs["overlap"] = [_overlap(shingles[one], shingles[other]) for one, other in pairs.to_numpy()]
    pairs = pairs[pairs["overlap"] >= threshold]
    found = pd.DataFrame({"doc_id": ids.to_numpy(), "group": _groups(pairs, len(shingles))})
    found["overlap"] = pairs.melt("overlap").groupby("value")["overlap"].max()
    found["date"] = read_dates(articles, "date", name="articles").to_numpy() if "date" in articles else pd.NaT
    found = found.dropna(subset="overlap").sort_values(["group", "date"], kind="stable", na_position="last")
    found["group"] = pd.factorize(found["group"])[0] + 1
    found["first"] = ~found["group"].duplicated()
    return found[["doc_id", "group", "first", "overlap"]].astype({"doc_id": "str"}).reset_index(drop=True)


def find_repeated_lines(articles: pd.DataFrame, *, by: str = "source") -> pd.DataFrame:
    r"""Find lines that stand in three or more articles of one source: furniture that no rule knows. Shown, not removed.

    Parameters
    ----------
    articles : DataFrame
        ``text`` and the column named by `by`.
    by : str
        The column that tells sources apart; articles without a value are left out.

    Returns
    -------
    DataFrame
        One row per line of a source, the most frequent first: the column `by` str; ``line`` str (as it stands in the
        first article; numbers may differ in the others); ``articles`` int64; ``share`` float64 of those of the source.

    Raises
    ------
    ValueError
        If a column is missing.

    Examples
    --------
    >>> articles = pd.DataFrame({"source": ["Amu Post"] * 3,
    ...                          "text": [f"{word} fell.\n\nUpdated 2 hours ago" for word in ("Snow", "Rain", "Hail")]})
    >>> find_repeated_lines(articles)[["line", "articles"]].to_dict("list")
    {'line': ['Updated 2 hours ago'], 'articles': [3]}
    """
    check_columns(articles, "text", by, name="articles")
    known = articles[articles[by].notna() & articles["text"].notna()]
    rows = [
        (source, line, _DIGITS.sub("0", line))
        for source, text in zip(known[by], known["text"], strict=True)
        for line in dict.fromkeys(filter(None, map(str.strip, text.split("\n"))))
    ]
    lines = pd.DataFrame(rows, columns=[by, "line", "form"])
    found = lines.groupby([by, "form"], sort=False).agg(line=("line", "first"), articles=("line", "size")).reset_index()
    found = found[found["articles"] >= _REPEATS]
    found["share"] = found["articles"] / found[by].map(known.groupby(by).size()).astype("float64")
    found = found.sort_values(["articles", by, "line"], ascending=[False, True, True], kind="stable")
    return found[[by, "line", "articles", "share"]].reset_index(drop=True)


def _shingles(text: str) -> NDArray[np.uint64]:
    """Return the runs of five words as 64-bit hashes, in their order; a shorter text is one run."""
    words = _WORD.findall(unicodedata.normalize("NFKC", text).lower())
    if not words:
        return np.empty(0, dtype=np.uint64)
    hashes = pd.util.hash_array(np.array(words, dtype=object), categorize=True)
    size = min(SHINGLE, len(words))
    runs: NDArray[np.uint64] = sliding_window_view(hashes, size) @ _MULTIPLIERS[:size]
    return runs ^ (runs >> np.uint64(31))


def _candidates(shingles: list[NDArray[np.uint64]]) -> pd.DataFrame:
    """Return pairs of articles that share enough of the sampled shingles to be worth a comparison, in order."""
    # A short text keeps all its runs, so that its few are not lost by chance.
    few = SHINGLE * _SAMPLED
    sampled = [np.unique(runs if len(runs) <= few else runs[runs % _SAMPLED == 0]) for runs in shingles]
    lengths = np.array([len(runs) for runs in sampled], dtype=np.int64)
    runs = np.concatenate([*sampled, np.empty(0, dtype=np.uint64)])
    table = pd.DataFrame({"run": runs, "one": np.repeat(np.arange(len(shingles)), lengths)})
    table = table[table["run"].duplicated(keep=False)].sort_values(["run", "one"])
    sharing = table.groupby("run")["one"]
    crowded = sharing.transform("size") > _CROWD
    neighbours = table.assign(other=sharing.shift(-1))[crowded].dropna()
    pairs = table[~crowded].merge(table[~crowded].rename(columns={"one": "other"}), on="run")
    pairs = pd.concat([pairs[pairs["one"] < pairs["other"]], neighbours])[["one", "other"]].astype("int64")
    shared = pairs.groupby(["one", "other"]).size().reset_index(name="runs")
    smaller = np.minimum(lengths[shared["one"]], lengths[shared["other"]])
    enough = (shared["runs"] >= np.minimum(_FEWEST_SHARED, smaller)) & (shared["runs"] >= _SHARED * smaller)
    return shared.loc[enough, ["one", "other"]]


def _overlap(one: NDArray[np.uint64], other: NDArray[np.uint64]) -> float:
    """Return the share of the shorter text's words that stand in a run which the longer one has too."""
    one, other = sorted((one, other), key=len)
    shared = np.isin(one, other)
    # A run begins at each shared place; each word of it is covered, however many runs it lies in.
    covered = np.convolve(shared, np.ones(SHINGLE, dtype=np.int64)) > 0
    return float(covered.mean())


def _groups(pairs: pd.DataFrame, size: int) -> NDArray[np.int32]:
    """Return the group of each article: what pairs link, directly or by way of others, in the order of the articles."""
    from scipy import sparse
    from scipy.sparse.csgraph import connected_components

    graph = sparse.coo_array((pairs["overlap"], (pairs["one"], pairs["other"])), shape=(size, size))
    labels: NDArray[np.int32] = connected_components(graph, directed=False)[1]
    return labels
