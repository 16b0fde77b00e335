"""A study as shipped: codes and counts of a corpus without its text, and the words where the text is at hand."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.articles.corpora import find_corpus
from helpers.articles.load import load_articles
from helpers.inputs import sha256
from helpers.paths import DEBATE
from helpers.topics.counts import TermCounts, cross_tabulate, table_counts


@dataclass(frozen=True)
class Study:
    """Tables of a study, without text. ``study["frames"]`` is a table; ``compute.py`` of its folder tells its columns.

    Attributes
    ----------
    tables : dict of str to DataFrame
        By the names of their files. One table has ``doc_id`` and ``text_sha256``, the hash of each text as loaded.
    run : dict
        The run record: input and its hash, codebook digest, hash of the reader, choices, versions.

    Examples
    --------
    >>> Study({"statements": pd.DataFrame({"n_tokens": [12, 30]})}, run={})["statements"]["n_tokens"].sum()
    np.int64(42)
    """

    tables: dict[str, pd.DataFrame]
    run: dict[str, Any]

    def __getitem__(self, name: str) -> pd.DataFrame:
        """Return a table; a KeyError lists the tables that there are."""
        if name not in self.tables:
            raise KeyError(f"the study has no table {name!r}; there are: {', '.join(sorted(self.tables))}")
        return self.tables[name]


def load_study(folder: str | Path = DEBATE) -> Study:
    """Read a shipped study: every Parquet file of a folder, and its run record.

    Parameters
    ----------
    folder : path
        By default the study of the UN General Debate.

    Returns
    -------
    Study

    Raises
    ------
    FileNotFoundError
        If the folder has no run record; the message says how to make it.

    Examples
    --------
    >>> len(load_study()["speeches"])
    5512
    """
    source = Path(folder)
    if not (source / "run.json").is_file():
        raise FileNotFoundError(
            f"{str(source)!r} has no run.json: make it from the text with python -m data.{source.name}.compute"
        )
    tables = {path.stem: pd.read_parquet(path) for path in sorted(source.glob("*.parquet"))}
    return Study(tables, run=json.loads((source / "run.json").read_text(encoding="utf-8")))


def find_texts(study: Study) -> pd.Series[str]:
    """Return the texts of a study where its corpus is on this machine, else nothing.

    Parameters
    ----------
    study : Study
        Its run record names the corpus; its hashes say which text the offsets belong to.

    Returns
    -------
    Series
        Text by ``doc_id``; empty where `helpers.articles.corpora.find_corpus` finds no archive.

    Raises
    ------
    ValueError
        If a text is not the one that was coded; the message names the document.
    """
    archive = find_corpus(study.run["input"]["corpus"])
    if archive is None:
        return pd.Series([], index=pd.Index([], dtype="string"), dtype="string")
    coded = next(table for table in study.tables.values() if "text_sha256" in table)
    texts = load_articles(archive).articles.set_index("doc_id")["text"].astype("string").reindex(coded["doc_id"])
    other = texts.index[texts.fillna("").map(sha256).to_numpy(str) != coded["text_sha256"].to_numpy(str)]
    if len(other):
        raise ValueError(f"{len(other)} texts of {archive.name!r} are not the coded ones, first {other[0]!r}")
    return texts


def with_words(rows: pd.DataFrame, texts: pd.Series[str]) -> pd.DataFrame:
    """Put the words beside rows that have ``doc_id``, ``start``, ``end``.

    Parameters
    ----------
    rows : DataFrame
    texts : Series
        From `find_texts`.

    Returns
    -------
    DataFrame
        `rows` and ``words`` string: "text not present" where the text is not on this machine.

    Examples
    --------
    >>> rows = pd.DataFrame({"doc_id": ["a", "b"], "start": [0, 0], "end": [4, 4]})
    >>> with_words(rows, pd.Series({"a": "Wells are dry."}))["words"].tolist()
    ['Well', 'text not present']
    """
    spans = zip(rows["doc_id"], rows["start"], rows["end"], strict=True)
    words = [texts[name][start:end] if name in texts.index else "text not present" for name, start, end in spans]
    return rows.assign(words=pd.array(words, dtype="string"))


def term_counts(study: Study) -> TermCounts:
    """Return the term counts of a study, as `count_terms` gives them, for `fit_topics` and `keyness`.

    Parameters
    ----------
    study : Study
        Its table ``terms`` has ``term``, ``n`` and the id of what was counted, ``statement_id`` or ``doc_id``; another
        table has this id and ``n_tokens``.

    Returns
    -------
    TermCounts
        The terms that the study ships.
    """
    rows = study["terms"]
    key = "statement_id" if "statement_id" in rows else "doc_id"
    counted = next(table for table in study.tables.values() if {key, "n_tokens"} <= set(table))
    doc = pd.Index(counted[key]).get_indexer(rows[key])
    term, terms = pd.factorize(rows["term"], sort=True)
    counts = cross_tabulate(doc, term, rows["n"].to_numpy("int64"), (len(counted), len(terms)))
    return table_counts(counts, counted[key], counted["n_tokens"].to_numpy("int64"), terms)
