"""The study of the UN General Debate from its text: every shipped figure, by the path that any corpus takes."""

from __future__ import annotations

import platform
import re
from dataclasses import replace
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from helpers.articles.corpora import find_corpus
from helpers.articles.load import load_articles
from helpers.articles.streams import map_rows
from helpers.codebook.load import load_codebook
from helpers.coding.frames import code_frames
from helpers.coding.stance import code_stance, stance_by_target
from helpers.inputs import sha256
from helpers.lessons.study import CORPUS, DIGITS, Study, compare_studies
from helpers.paths import MODELS
from helpers.statements.speeches import speech_statements
from helpers.topics.counts import count_terms
from helpers.topics.fit import fit_topics

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from helpers.codebook.load import Codebook
    from helpers.topics.counts import TermCounts

YEARS = (1996, 2024)
AFGHANISTAN, TERRORISM = r"\b(?:afghan|taliban|taleban)", r"\bterroris"
MATCH = f"{AFGHANISTAN}|{TERRORISM}"
TOPICS = 15
MIN_DOCS = 5  # statements that hold a term
HALVES = 5  # codebooks with half of the patterns
CODERS = ("rules", "reader")
PART = 500  # statements that a worker codes at once
_ALL = 10**9
_OFFSETS = re.compile(r"\[\d+:\d+\] [+-]\d+\.\d+")


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
    said = _statements(articles, n_jobs=n_jobs)
    coded_by = {coder: _coded(said, book, coder=coder, n_jobs=n_jobs) for coder in CODERS}
    frames, stance = ({coder: both[at] for coder, both in coded_by.items()} for at in (0, 1))
    counts = count_terms(said, min_docs=MIN_DOCS)
    shares = fit_topics(counts, TOPICS).doc_shares.round(DIGITS)
    coded = [_by_speech(name, said, frames[name], stance[name]) for name in frames]
    for name, units, other in _other_choices(articles, said, book, n_jobs=n_jobs):
        rows = _coded(units, other, coder="rules", n_jobs=n_jobs)
        coded.append(_by_speech(name, units, *rows))
    speeches = _speeches(articles)
    return Study(
        speeches=speeches,
        statements=said[["statement_id", "doc_id", "start", "end"]].assign(
            n_tokens=counts.docs["n_tokens"].astype("Int64"),
            afghanistan=said["content"].str.contains(AFGHANISTAN, case=False),
            terrorism=said["content"].str.contains(TERRORISM, case=False),
        ),
        terms=_long(counts),
        stance=_both(stance).drop(columns=["speaker_id", "target_text"]),
        frames=_both(frames).drop(columns="text"),
        topics=pd.DataFrame(shares, columns=[f"topic_{n}" for n in range(1, TOPICS + 1)]).assign(
            statement_id=said["statement_id"]
        ),
        variants=pd.concat(coded, ignore_index=True),
        run=_run(speeches, book),
    )


def check_study(study: Study) -> str:
    """Compute every figure again where the text is on this machine, and say in a sentence what came of it.

    Parameters
    ----------
    study : Study
        From `helpers.lessons.study.load_study`.

    Returns
    -------
    str
        That no figure differs, or that the text is not present.

    Raises
    ------
    ValueError
        If any figure differs; the message lists where.
    """
    archive = find_corpus(CORPUS)
    if archive is None:
        return f"Text not present: doc_id and offsets are shown in place of words. python -m helpers fetch {CORPUS}"
    differences = compare_studies(study, compute_study(archive))
    if len(differences):
        raise ValueError(f"the figures are not those of the text:\n{differences.to_string(index=False)}")
    return "Every figure was computed again from the text, and none differs."


def _coded(said: pd.DataFrame, book: Codebook, *, coder: str, n_jobs: int | None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Code frames and stance of each part in one worker, so that the reader reads a statement once."""
    from joblib import Parallel, delayed

    parts = [said.iloc[low : low + PART] for low in range(0, len(said), PART)]
    done = Parallel(n_jobs=n_jobs)(delayed(_code_part)(part, book, coder) for part in parts)
    frames, stance = (pd.concat(tables, ignore_index=True) for tables in zip(*done, strict=True))
    return frames, stance


def _code_part(part: pd.DataFrame, book: Codebook, coder: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    return code_frames(part, codebook=book, coder=coder), code_stance(part, codebook=book, coder=coder)


def _statements(articles: pd.DataFrame, **choices: Any) -> pd.DataFrame:  # noqa: ANN401 - handed on
    n_jobs = choices.pop("n_jobs")
    said = map_rows(partial(speech_statements, match=MATCH, **choices), articles, n_jobs=n_jobs)
    return said.assign(date=said["doc_id"].map(articles.set_index("doc_id")["date"]))


def _other_choices(
    articles: pd.DataFrame, said: pd.DataFrame, book: Codebook, *, n_jobs: int | None
) -> Iterator[tuple[str, pd.DataFrame, Codebook]]:
    """Yield the name of each other choice with the units to code and the codebook to code them with."""
    yield "sentence", _statements(articles, max_sentences=1, n_jobs=n_jobs), book
    yield "paragraph", _statements(articles, max_sentences=_ALL, max_words=_ALL, n_jobs=n_jobs), book
    one = dict.fromkeys(("speaker_id", "speaker_country", "date"), "first")
    joined = said.groupby("doc_id", sort=False).agg(one | {"content": "\n".join}).reset_index()
    yield "speech", joined.assign(statement_id=joined["doc_id"]), book
    for number in range(1, HALVES + 1):
        rng = np.random.default_rng(number)
        threat = {
            layer: table if layer in {"negation", "countries"} else _halved(table, rng)
            for layer, table in book.threat.items()
        }
        words = {layer: _halved(book.stance[layer], rng) for layer in ("verbs", "phrases", "attributes")}
        yield f"half {number}", said, replace(book, threat=threat, stance={**book.stance, **words})


def _halved(table: Any, rng: np.random.Generator) -> Any:  # noqa: ANN401 - what TOML holds
    """Leave out half of the patterns of every entry, drawn at random; the last one stays."""
    if not isinstance(table, dict):
        return table
    kept = {key: _halved(value, rng) for key, value in table.items()}
    if "patterns" in kept:
        drawn = rng.permutation(len(kept["patterns"]))[: max(1, len(kept["patterns"]) // 2)]
        kept["patterns"] = [kept["patterns"][n] for n in sorted(drawn)]
    return kept


def _by_speech(variant: str, units: pd.DataFrame, frames: pd.DataFrame, stance: pd.DataFrame) -> pd.DataFrame:
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


def _both(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Stack the codes of the coders, without words of the text."""
    stacked = pd.concat([table.assign(coder=name) for name, table in tables.items()], ignore_index=True)
    if "evidence" in stacked:
        offsets = ["; ".join(_OFFSETS.findall(shown)) for shown in stacked["evidence"]]
        stacked = stacked.assign(evidence=pd.array(offsets, dtype="string"), score=stacked["score"].round(DIGITS))
    return stacked.astype({"coder": "string"})


def _long(counts: TermCounts) -> pd.DataFrame:
    matrix = counts.counts.tocoo()
    rows = {
        "statement_id": counts.docs["id"].to_numpy()[matrix.row],
        "term": counts.terms["term"].to_numpy()[matrix.col],
    }
    table = pd.DataFrame({**rows, "n": matrix.data}).astype({"statement_id": "string", "term": "string", "n": "Int64"})
    return table.sort_values(["statement_id", "term"], kind="stable", ignore_index=True)


def _speeches(articles: pd.DataFrame) -> pd.DataFrame:
    table = articles[["doc_id", "country", "year", "session"]].astype({"year": "Int64", "session": "Int64"})
    words = pd.array([len(text.split()) for text in articles["text"]], dtype="Int64")
    hashes = pd.array([sha256(text) for text in articles["text"]], dtype="string")
    return table.assign(words=words, text_sha256=hashes)


def _run(speeches: pd.DataFrame, book: Codebook) -> dict[str, Any]:
    lines = "\n".join(speeches["doc_id"] + " " + speeches["text_sha256"])
    packages = ("numpy", "onnxruntime", "pandas", "scikit-learn", "scipy", "nltk", "simplemma")
    return {
        "input": {"corpus": CORPUS, "doi": "10.7910/DVN/0TJX8Y", "speeches": len(speeches), "sha256": sha256(lines)},
        "codebook": book.digest,
        "coders": {"reader.onnx": sha256((MODELS / "reader.onnx").read_bytes())},
        "choices": {"match": MATCH, "topics": TOPICS, "model": "nmf", "min_docs": MIN_DOCS, "seed": 0},
        "versions": {"python": platform.python_version()} | {name: version(name) for name in packages},
    }
