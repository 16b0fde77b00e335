"""Measure topics: planted subjects recovered, and time and memory of 50,000 statements.

    python -m tests.benchmarks.topics                       both
    python -m tests.benchmarks.topics planted
    python -m tests.benchmarks.topics scale [--n 50000] [--k 20]

Other programs: tests/benchmarks/topics_rivals.py. Real text comes from the folder named by THREAT_TALK_SHARED, or
`shared` beside the checkout.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

import numpy as np
import pandas as pd

from helpers.articles.duplicates import find_near_duplicates, find_repeated_lines
from helpers.articles.load import load_articles
from helpers.statements.speeches import speech_statements
from helpers.topics.counts import count_terms
from helpers.topics.models import fit_model
from helpers.topics.numbers import compare_topic_numbers
from tests.benchmarks.material import ROOT, SHARED

COMPARED = {"topic": "subject", "outlet": "outlet"}


def main() -> None:
    """Measure what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("task", nargs="?", choices=("all", "scale", "planted"), default="all")
    parser.add_argument("--k", type=int, default=20)
    parser.add_argument("--n", type=int, default=50_000)
    parser.add_argument("--file", type=Path, help="for scale: the statements, as Parquet")
    given = parser.parse_args()
    if given.task in ("all", "planted"):
        planted()
    if given.task in ("all", "scale"):
        scale(given.n, given.k, given.file)


def planted() -> None:
    """Print how far topics recover the main subject, and the outlet, of each article of the teaching corpus.

    Copies and lines of furniture are left out as in lesson 04. Two columns know no subject and can be had for any
    collection: how far topics follow the outlet, and how many of their words come back when other articles are left out.
    """
    loaded = load_articles(ROOT / "data" / "articles").articles
    known = pd.read_csv(ROOT / "data" / "planted.csv", dtype="string", keep_default_na=False).query("language == 'en'")
    copies = find_near_duplicates(loaded)
    frame = loaded[~loaded["doc_id"].isin(copies.loc[~copies["first"], "doc_id"])]
    frame = frame.merge(known[["doc_id", "outlet", "topic"]], on="doc_id")
    for line in find_repeated_lines(loaded)["line"]:
        frame["text"] = frame["text"].str.replace(line, "", regex=False)
    n = frame["topic"].nunique()
    print(f"planted: {len(frame)} articles, {n} subjects, {frame['outlet'].nunique()} outlets; normalised mutual")
    print("information with its 95 % interval (jackknife over articles)")
    shared = {"groups": "outlet", "min_groups": 3}
    for kind, options in {
        "words and phrases": {},
        "words": {"phrases": False},
        "words and phrases of 3 outlets": shared,
        "words of 3 outlets": {"phrases": False, **shared},
    }.items():
        counts = count_terms(frame, text="text", id="doc_id", **options)
        for k in (n - 1, n, n + 1, n + 3):
            found = fit_model(counts.counts, k).docs.argmax(axis=1)
            blind = compare_topic_numbers(counts, [k]).iloc[0]
            said = [f"{name} {jackknife(frame[c].tolist(), found.tolist())}" for c, name in COMPARED.items()]
            print(
                f"{kind:30} K = {k:2}: {', '.join(said)}; words that come back {blind['stability']:.2f}",
                flush=True,
            )


def jackknife(labels: list[str], found: list[int]) -> str:
    """Give the agreement of two groupings with its interval.

    Not the bootstrap: an article drawn twice agrees with itself, which lifts every draw above the estimate.
    """
    from sklearn.metrics import normalized_mutual_info_score as agree

    n, value = len(labels), agree(labels, found)
    without = np.array([agree(labels[:i] + labels[i + 1 :], found[:i] + found[i + 1 :]) for i in range(n)])
    reach = 1.96 * np.sqrt((n - 1) / n * ((without - without.mean()) ** 2).sum())
    return f"{value:.2f} ({value - reach:.2f} to {value + reach:.2f})"


def scale(n: int, k: int, file: Path | None = None) -> None:
    """Time counting and fitting `n` statements, and tell the most memory held by a process that does nothing else."""
    if file is None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "statements.parquet"
            un_statements().head(n).to_parquet(path)
            command = [sys.executable, "-m", "tests.benchmarks.topics", "scale", "--k", str(k), "--file", str(path)]
            sys.stdout.flush()
            subprocess.run(command, check=True, cwd=ROOT)  # noqa: S603 - ourselves
        return
    frame = pd.read_parquet(file)
    start, before = cpu(), most_memory()
    counts = count_terms(frame, min_docs=5)
    counted, between = cpu(), most_memory()
    fit_model(counts.counts, k)
    print(
        f"{len(frame)} statements of {frame['content'].str.split().str.len().mean():.0f} words: counts "
        f"{counted - start:.1f} CPU s, {k} topics {cpu() - counted:.1f} CPU s, {len(counts.terms)} terms; at most "
        f"{before:.0f} MB before, {between:.0f} counted, {most_memory():.0f} fitted",
        flush=True,
    )


def un_statements(match: str | None = None) -> pd.DataFrame:
    """Statements of the UN General Debate, or those in which a pattern is found."""
    articles = load_articles(SHARED / "data" / "UNGDC_1996-2024.tgz").articles
    return speech_statements(articles, match=match)[["statement_id", "content"]]


def cpu() -> float:
    """CPU seconds of this process and of the processes it waited for."""
    own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime


def most_memory() -> float:
    """Most megabytes that this process has held."""
    status = Path("/proc/self/status")
    if status.is_file():  # what getrusage tells of a child is at least what its parent held
        return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
