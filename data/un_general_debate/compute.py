"""Compute the study of the UN General Debate from its text: ``python -m data.un_general_debate.compute``.

Run it from the root of the project. It takes the path that any corpus takes, says which shipped figures change, and
writes them into this folder. The text must be on this machine: ``python -m helpers fetch un_general_debate``.

The tables hold no text; columns of words hold words of the codebook or single terms.

- ``speeches``: one row per speech: ``doc_id``, ``country`` (ISO 3166-1 alpha-3, ``EU``) string, ``year``, ``session``
  Int64, ``words`` Int64 (runs between white space), ``text_sha256`` string (of the text as loaded).
- ``statements``: one row per statement on Afghanistan or terrorism, whole sentences of one paragraph:
  ``statement_id``, ``doc_id`` string, ``start``, ``end`` Int64 (code points of the text as loaded), ``n_tokens`` Int64
  (words), ``afghanistan``, ``terrorism`` boolean: which of them it names.
- ``terms``: ``statement_id``, ``term`` string, ``n`` Int64: how often.
- ``stance``, ``frames``: ``coder`` (``rules``, ``reader``) and the columns of `code_stance` and `code_frames`, without
  the words; of the evidence offsets and weights are left.
- ``topics``: ``statement_id`` and a float64 column for the share of each topic, ``topic_1`` the largest.
- ``variants``: the study by other choices, counted by speech: ``variant`` string, ``doc_id``, ``code`` string, ``n``
  Int64 units. Variants are ``rules`` and ``reader`` (statements), ``sentence``, ``paragraph``, ``speech`` (other units
  that match, by the rules), ``half 1`` to ``half 5`` (rules with half of the patterns, drawn again). The code
  ``units`` counts all; others are ``threat.1``, ``severity.3``, ``measures.law``, ``stance.taliban.-1``.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from data.computing import (
    CODERS,
    DIGITS,
    code_both,
    describe_texts,
    list_terms,
    recompute_study,
    record_run,
    stack_codes,
)
from helpers.articles.load import load_articles
from helpers.articles.streams import map_rows
from helpers.codebook.load import load_codebook
from helpers.coding.stance import stance_by_target
from helpers.lessons.study import Study
from helpers.statements.speeches import speech_statements
from helpers.topics.counts import count_terms
from helpers.topics.fit import fit_topics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from helpers.codebook.load import Codebook
    from helpers.topics.counts import TermCounts

CORPUS = "un_general_debate"
YEARS = (1996, 2024)
AFGHANISTAN, TERRORISM = r"\b(?:afghan|taliban|taleban)", r"\bterroris"
MATCH = f"{AFGHANISTAN}|{TERRORISM}"
TOPICS = 15
MIN_DOCS = 5  # statements that hold a term
HALVES = 5  # codebooks with half of the patterns
ALL = 10**9


def compute_study(archive: str | Path, *, n_jobs: int | None = None) -> Study:
    """Compute every figure from the text.

    Parameters
    ----------
    archive : path
        As `helpers.articles.corpora.fetch_corpus` returns it.
    n_jobs : int, optional
        As in `helpers.articles.streams.map_rows`.

    Returns
    -------
    Study
        With the tables above.

    Raises
    ------
    FileNotFoundError
        If there is no such archive.
    ValueError
        If it holds no speech of 1996 to 2024.

    Examples
    --------
    >>> compute_study(fetch_corpus("un_general_debate"))  # doctest: +SKIP
    """
    book = load_codebook()
    articles = load_articles(archive).articles
    if "year" in articles:
        articles = articles[articles["year"].between(*YEARS)].sort_values("doc_id").reset_index(drop=True)
    if "year" not in articles or articles.empty:
        raise ValueError(
            f"no speech of {YEARS[0]} to {YEARS[1]} in {Path(archive).name!r}: give the archive as fetched"
        )
    said = cut_statements(articles, n_jobs=n_jobs)
    coded_by = {coder: code_both(said, book, coder=coder, n_jobs=n_jobs) for coder in CODERS}
    frames, stance = ({coder: both[at] for coder, both in coded_by.items()} for at in (0, 1))
    counts = count_terms(said, min_docs=MIN_DOCS)
    variants = [count_by_speech(coder, said, *both) for coder, both in coded_by.items()]
    for name, units, other in other_choices(articles, said, book, n_jobs=n_jobs):
        variants.append(count_by_speech(name, units, *code_both(units, other, coder="rules", n_jobs=n_jobs)))
    whole = articles.astype({"year": "Int64", "session": "Int64"})
    speeches = describe_texts(whole, columns=["country", "year", "session"])
    source = {"corpus": CORPUS, "doi": "10.7910/DVN/0TJX8Y", "speeches": len(speeches)}
    choices = {"match": MATCH, "topics": TOPICS, "model": "nmf", "min_docs": MIN_DOCS, "seed": 0}
    tables = {
        "speeches": speeches,
        "statements": said[["statement_id", "doc_id", "start", "end"]].assign(
            n_tokens=counts.docs["n_tokens"].astype("Int64"),
            afghanistan=said["content"].str.contains(AFGHANISTAN, case=False),
            terrorism=said["content"].str.contains(TERRORISM, case=False),
        ),
        "terms": list_terms(counts),
        "stance": stack_codes(stance),
        "frames": stack_codes(frames),
        "topics": share_topics(counts),
        "variants": pd.concat(variants, ignore_index=True),
    }
    return Study(tables, run=record_run(speeches, book, source=source, choices=choices))


def cut_statements(articles: pd.DataFrame, *, n_jobs: int | None, **choices: Any) -> pd.DataFrame:  # noqa: ANN401 - handed on
    """Cut the statements on the subject out of the speeches, each with the date of its speech."""
    said = map_rows(partial(speech_statements, match=MATCH, **choices), articles, n_jobs=n_jobs)
    return said.assign(date=said["doc_id"].map(articles.set_index("doc_id")["date"]))


def share_topics(counts: TermCounts) -> pd.DataFrame:
    """Return the share of each topic in each statement, ``topic_1`` the largest."""
    shares = fit_topics(counts, TOPICS).doc_shares.round(DIGITS)
    table = pd.DataFrame(shares, columns=[f"topic_{n}" for n in range(1, TOPICS + 1)])
    return table.assign(statement_id=counts.docs["id"])


def other_choices(
    articles: pd.DataFrame, said: pd.DataFrame, book: Codebook, *, n_jobs: int | None
) -> Iterator[tuple[str, pd.DataFrame, Codebook]]:
    """Yield the name of each other choice with the units to code and the codebook to code them with."""
    yield "sentence", cut_statements(articles, max_sentences=1, n_jobs=n_jobs), book
    yield "paragraph", cut_statements(articles, max_sentences=ALL, max_words=ALL, n_jobs=n_jobs), book
    one = dict.fromkeys(("speaker_id", "speaker_country", "date"), "first")
    joined = said.groupby("doc_id", sort=False).agg(one | {"content": "\n".join}).reset_index()
    yield "speech", joined.assign(statement_id=joined["doc_id"]), book
    for number in range(1, HALVES + 1):
        rng = np.random.default_rng(number)
        threat = {
            layer: table if layer in {"negation", "countries"} else halve(table, rng)
            for layer, table in book.threat.items()
        }
        words = {layer: halve(book.stance[layer], rng) for layer in ("verbs", "phrases", "attributes")}
        yield f"half {number}", said, replace(book, threat=threat, stance={**book.stance, **words})


def halve(table: Any, rng: np.random.Generator) -> Any:  # noqa: ANN401 - what TOML holds
    """Leave out half of the patterns of every entry, drawn at random; the last one stays."""
    if not isinstance(table, dict):
        return table
    kept = {key: halve(value, rng) for key, value in table.items()}
    if "patterns" in kept:
        drawn = rng.permutation(len(kept["patterns"]))[: max(1, len(kept["patterns"]) // 2)]
        kept["patterns"] = [kept["patterns"][n] for n in sorted(drawn)]
    return kept


def count_by_speech(variant: str, units: pd.DataFrame, frames: pd.DataFrame, stance: pd.DataFrame) -> pd.DataFrame:
    """Count the units of each speech that hold a code."""
    counted = frames[~frames["negated"].astype(bool)]
    toward = stance_by_target(stance)
    polarity = toward["polarity"].astype("string")
    codes = [
        pd.DataFrame({"statement_id": units["statement_id"], "code": "units"}),
        pd.DataFrame({"statement_id": counted["statement_id"], "code": counted["slot"] + "." + counted["value"]}),
        pd.DataFrame({"statement_id": toward["statement_id"], "code": "stance." + toward["target"] + "." + polarity}),
    ]
    rows = pd.concat(codes, ignore_index=True).drop_duplicates()
    rows["doc_id"] = rows["statement_id"].map(units.set_index("statement_id")["doc_id"])
    table = rows.groupby(["doc_id", "code"], sort=True).size().rename("n").astype("Int64").reset_index()
    table.insert(0, "variant", pd.Series(variant, index=table.index, dtype="string"))
    return table.astype({"doc_id": "string", "code": "string"})


if __name__ == "__main__":
    recompute_study(CORPUS, compute_study, Path(__file__).parent)
