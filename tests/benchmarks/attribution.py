"""Score who said what on real articles: run as ``python -m tests.benchmarks.attribution [FOLDER]``.

Prints the figures of the scorer for PolNeAR (dev) and Wikinews (train), the speakers found, and the cost beside nltk's
word tokeniser over the same text. With FOLDER, the predictions are written there as JSON lines, for the scorer's own
command line.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from nltk.tokenize import NLTKWordTokenizer

from helpers.statements.extract import extract_statements
from tests.benchmarks.material import SHARED, load_scorer, read_lines

if TYPE_CHECKING:
    from types import ModuleType

SETS = {"polnear-dev": ("speech", "all"), "wikinews-train": ("speech", "all")}
ROUNDS = 3


def predict(articles: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Return the statements of each article in the form that the scorer reads."""
    table = extract_statements(as_frame(articles), resolve=False)
    predictions: dict[str, list[dict[str, Any]]] = {article["id"]: [] for article in articles}
    for row in table.itertuples():
        predictions[row.doc_id].append(
            {
                "source": span_of(row.speaker_start, row.speaker_end),
                "cue": span_of(row.cue_start, row.cue_end),
                "content": [[int(start), int(end)] for start, end in row.spans],
            }
        )
    return predictions


def as_frame(articles: list[dict[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame({"doc_id": [a["id"] for a in articles], "text": [a["text"] for a in articles]})


def span_of(start: Any, end: Any) -> list[int] | None:
    return None if pd.isna(start) else [int(start), int(end)]


def without_none(articles: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give every role a list: where a source or cue is not expressed the data hold null or an empty list."""
    return [
        article
        | {
            "attributions": [
                one | {role: one.get(role) or [] for role in ("source", "cue", "content")}
                for one in article["attributions"]
            ]
        }
        for article in articles
    ]


def show(name: str, subset: str, articles: list[dict[str, Any]], scorer: ModuleType, predictions: Any) -> None:
    result, _ = scorer.evaluate(articles, predictions, [], subset)

    def three(triple: tuple[float, float, float]) -> str:
        return "P {:5.1f}  R {:5.1f}  F1 {:5.1f}".format(*(100 * value for value in triple))

    print(f"{name}, {subset}: {result['gold']} statements coded, {result['pred']} found")
    print(f"  statement           {three(result['stmt'])}")
    print(f"  statement + source  {three(result['full'])}")
    recall = "  ".join(f"{kind} {100 * row['stmt'][1]:5.1f}" for kind, row in result["by_type"].items())
    print(f"  recall              {recall}")
    print(f"  content, to the word: {three(result['exact'])}")


def seconds(work: Any) -> float:
    """Return the least processor time of some rounds: the first one warms the caches."""
    taken = []
    for _ in range(ROUNDS):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return min(taken)


def main() -> None:
    folder = SHARED / "benchmarks" / "attribution"
    if not folder.is_dir():
        sys.exit(f"no material at {folder.name}: set THREAT_TALK_SHARED to the folder that holds benchmarks/")
    scorer = load_scorer(folder / "score_attribution.py")
    for name, subsets in SETS.items():
        articles = without_none(read_lines(folder / f"{name}.jsonl.gz"))
        predictions = predict(articles)
        for subset in subsets:
            show(name, subset, articles, scorer, predictions)
        if len(sys.argv) > 1:
            lines = [json.dumps({"id": key, "statements": rows}) for key, rows in predictions.items()]
            (Path(sys.argv[1]) / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    articles = read_lines(folder / "polnear-dev.jsonl.gz")
    frame = as_frame(articles)
    tokeniser = NLTKWordTokenizer()
    nltk = seconds(lambda: [tokeniser.tokenize(text) for text in frame["text"]])
    found = seconds(lambda: extract_statements(frame, resolve=False))
    known = seconds(lambda: extract_statements(frame))
    print("cost on polnear-dev, nltk's word tokeniser = 1")
    print(f"  statements {found / nltk:.1f}, with speakers {known / nltk:.1f}")


if __name__ == "__main__":
    main()
