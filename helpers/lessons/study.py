"""The study of the UN General Debate as shipped: figures without text, and their words where the text is at hand."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from helpers.articles.corpora import find_corpus
from helpers.articles.load import load_articles
from helpers.inputs import sha256
from helpers.paths import DEBATE
from helpers.topics.counts import TermCounts

if TYPE_CHECKING:
    from collections.abc import Mapping

CORPUS = "un_general_debate"
DIGITS = 4  # of shares and scores


@dataclass(frozen=True)
class Study:
    """Figures of the General Debate, without its text. Columns of words hold words of the codebook or single terms.

    Attributes
    ----------
    speeches : DataFrame
        One row per speech: ``doc_id``, ``country`` (ISO 3166-1 alpha-3, ``EU``) string, ``year``, ``session`` Int64,
        ``words`` Int64 (runs between white space), ``text_sha256`` string (of the text as loaded).
    statements : DataFrame
        One row per statement on Afghanistan or terrorism, whole sentences of one paragraph: ``statement_id``,
        ``doc_id`` string, ``start``, ``end`` Int64 (code points of the text as loaded), ``n_tokens`` Int64 (words),
        ``afghanistan``, ``terrorism`` boolean: which of them it names.
    terms : DataFrame
        ``statement_id``, ``term`` string, ``n`` Int64: how often; `term_counts` makes `TermCounts` of it.
    stance, frames : DataFrame
        ``coder`` (``rules``, ``reader``) and the columns of `code_stance` and `code_frames`, without the words; of the
        evidence offsets and weights are left.
    topics : DataFrame
        ``statement_id`` and a float64 column for the share of each topic, ``topic_1`` the largest.
    variants : DataFrame
        The study by other choices, counted by speech: ``variant`` string, ``doc_id``, ``code`` string, ``n`` Int64
        units. Variants are ``rules`` and ``reader`` (statements), ``sentence``, ``paragraph``, ``speech`` (other units
        that match, by the rules), ``half 1`` to ``half 5`` (rules with half of the patterns, drawn again). The code
        ``units`` counts all; others are ``threat.1``, ``severity.3``, ``measures.law``, ``stance.taliban.-1``.
    run : mapping
        Input and its hash, codebook digest, hash of the reader, choices, seed and versions.
    """

    speeches: pd.DataFrame
    statements: pd.DataFrame
    terms: pd.DataFrame
    stance: pd.DataFrame
    frames: pd.DataFrame
    topics: pd.DataFrame
    variants: pd.DataFrame
    run: Mapping[str, Any]


TABLES = tuple(field.name for field in fields(Study) if field.name != "run")


def save_study(study: Study, folder: str | Path = DEBATE) -> None:
    """Write the tables as Parquet and the run record as JSON.

    Parameters
    ----------
    study : Study
    folder : path
        Made if need be; files of an earlier run are replaced.
    """
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    for name in TABLES:
        table: pd.DataFrame = getattr(study, name)
        table.to_parquet(target / f"{name}.parquet", index=False, compression="zstd", compression_level=19)
    record = json.dumps(study.run, indent=2, ensure_ascii=False, sort_keys=True)
    (target / "run.json").write_text(f"{record}\n", encoding="utf-8")


def load_study(folder: str | Path = DEBATE) -> Study:
    """Read the shipped figures, or others that `save_study` wrote.

    Parameters
    ----------
    folder : path

    Returns
    -------
    Study

    Raises
    ------
    FileNotFoundError
        If a file is missing; the message says how to make it.

    Examples
    --------
    >>> len(load_study().speeches)
    5512
    """
    source = Path(folder)
    missing = [
        name for name in (*(f"{table}.parquet" for table in TABLES), "run.json") if not (source / name).is_file()
    ]
    if missing:
        raise FileNotFoundError(
            f"{str(source)!r} lacks {missing}: make them from the text with python -m helpers study"
        )
    tables = {name: pd.read_parquet(source / f"{name}.parquet") for name in TABLES}
    return Study(**tables, run=json.loads((source / "run.json").read_text(encoding="utf-8")))


def compare_studies(shipped: Study, computed: Study) -> pd.DataFrame:
    """List what differs between two sets of figures.

    Parameters
    ----------
    shipped, computed : Study

    Returns
    -------
    DataFrame
        One row per column that differs: ``table``, ``column`` string; ``rows`` Int64, how many differ (NA where tables
        have different lengths); ``first`` string: document, statement or entry where it begins. Empty when all agree:
        words and whole numbers exactly, scores to .002, topic shares to .001; versions are not compared.
    """
    found: list[tuple[str, str, int | None, str]] = []
    for name in TABLES:
        before, after = getattr(shipped, name), getattr(computed, name)
        if len(before) != len(after):
            found.append((name, "rows", None, f"{len(before)} and {len(after)} rows"))
            continue
        key = "statement_id" if "statement_id" in before else "doc_id"
        for column in before:
            differs = _differs(before[column], after[column], 1e-3 if name == "topics" else 2e-3)
            if differs.any():
                found.append((name, str(column), int(differs.sum()), str(before[key].iloc[int(differs.argmax())])))
    entries = sorted((shipped.run.keys() | computed.run.keys()) - {"versions"})
    records = [(entry, shipped.run.get(entry), computed.run.get(entry)) for entry in entries]
    found += [("run", entry, 1, f"{before} and {after}") for entry, before, after in records if before != after]
    return pd.DataFrame(found, columns=["table", "column", "rows", "first"]).astype({"rows": "Int64"})


def find_texts(study: Study) -> pd.Series[str]:
    """Return the texts of the speeches where the archive is on this machine, else nothing.

    Parameters
    ----------
    study : Study
        Its hashes say which text the offsets belong to.

    Returns
    -------
    Series
        Text by ``doc_id``; empty where `helpers.articles.corpora.find_corpus` finds no archive.

    Raises
    ------
    ValueError
        If a text is not the one that was coded; the message names the document.
    """
    archive = find_corpus(CORPUS)
    if archive is None:
        return pd.Series([], index=pd.Index([], dtype="string"), dtype="string")
    texts = load_articles(archive).articles.set_index("doc_id")["text"].astype("string")
    texts = texts.reindex(study.speeches["doc_id"])
    digests = pd.Series([sha256(text) for text in texts.fillna("")], index=texts.index)
    other = texts.index[digests.to_numpy(str) != study.speeches["text_sha256"].to_numpy(str)]
    if len(other):
        raise ValueError(f"{len(other)} speeches of {archive.name!r} are not the coded ones, first {other[0]!r}")
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
    """Return the term counts of the statements, as `count_terms` gives them, for `fit_topics` and `keyness`.

    Parameters
    ----------
    study : Study

    Returns
    -------
    TermCounts
        Terms that stand in at least 5 statements.
    """
    from scipy.sparse import csr_matrix

    ids, rows = study.statements["statement_id"], study.terms
    names = pd.Index(sorted(rows["term"].unique()))
    place = names.get_indexer(rows["term"]), pd.Index(ids).get_indexer(rows["statement_id"])
    n = rows["n"].to_numpy("int64")
    counts = csr_matrix((n, place[::-1]), shape=(len(ids), len(names)), dtype="int64")
    docs = pd.DataFrame(
        {"id": ids, "n_tokens": study.statements["n_tokens"].astype("int64"), "n_terms": counts.sum(axis=1).A1}
    )
    totals = {"n": counts.sum(axis=0).A1, "n_docs": np.bincount(place[0], minlength=len(names))}
    return TermCounts(counts, docs, pd.DataFrame({"term": names.astype("string"), **totals}))


def _differs(before: pd.Series[Any], after: pd.Series[Any], tolerance: float) -> Any:  # noqa: ANN401 - array of bool
    if pd.api.types.is_float_dtype(before):
        return (before - after).abs().fillna(0).to_numpy() > tolerance
    one, other = before.astype("string").fillna(""), after.astype("string").fillna("")
    return (one.to_numpy() != other.to_numpy()).astype(bool)
