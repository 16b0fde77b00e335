"""Score stance on real material, beside its baselines: run as `python tests/benchmarks/stance.py`.

Reads the benchmarks from the folder named by THREAT_TALK_SHARED, or `shared` beside the checkout; writes nothing.
"""

from __future__ import annotations

import gzip
import importlib.util
import json
import os
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from helpers.stance import coarse_targets, code_stance, stance_by_target  # noqa: E402

if TYPE_CHECKING:
    from types import ModuleType

SHARED = Path(os.environ.get("THREAT_TALK_SHARED", ROOT.parent / "shared"))
LABELS = {-1: "negative", 0: "neutral", 1: "positive"}


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Read JSON lines, packed or not."""
    packed = path.read_bytes()
    text = (gzip.decompress(packed) if path.suffix == ".gz" else packed).decode("utf-8")
    return [json.loads(line) for line in text.split("\n") if line.strip()]


def scorer(path: Path) -> ModuleType:
    """Load a scorer that lies beside its data."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def un_statements(part: str) -> pd.DataFrame:
    """Return the coded units as statements: the speaker is the State."""
    units = pd.DataFrame(read_lines(SHARED / f"benchmarks/coding/un_{part}.units.jsonl"))
    return pd.DataFrame(
        {
            "statement_id": units["unit_id"],
            "doc_id": units["doc_id"],
            "content": units["text"],
            "speaker_id": units["country"],
            "speaker_country": units["country"],
            "date": units["year"].astype(str) + "-09-20",
        }
    )


def un_codes(part: str) -> list[dict[str, dict[str, int]]]:
    """Return each pass: unit to target to polarity."""
    paths = sorted((SHARED / "benchmarks/coding").glob(f"un_{part}.coder*.jsonl"))
    return [
        {row["unit_id"]: {s["target"]: s["polarity"] for s in row["stance"]} for row in read_lines(p)} for p in paths
    ]


def f1(tp: int, fp: int, fn: int) -> float:
    """Return the F1 of counts."""
    return 2 * tp / (2 * tp + fp + fn) if tp else 0.0


def score_un(gold: dict[str, dict[str, int]], predicted: dict[str, dict[str, int]]) -> dict[str, float]:
    """Score targets, polarity on found targets and both together, as score_coding.py does."""
    g = {(unit, target): value for unit, codes in gold.items() for target, value in codes.items()}
    q = {(unit, target): value for unit in gold for target, value in predicted.get(unit, {}).items()}
    both = g.keys() & q.keys()

    def one(value: int) -> tuple[float, float]:
        tp = sum(g[k] == q[k] == value for k in both)
        found = f1(tp, sum(q[k] == value != g[k] for k in both), sum(g[k] == value != q[k] for k in both))
        whole = f1(tp, sum(p == value for p in q.values()) - tp, sum(p == value for p in g.values()) - tp)
        return found, whole

    values = [one(value) for value in (-1, 0, 1)]
    return {
        "target": f1(len(both), len(q.keys() - both), len(g.keys() - both)),
        "polarity": sum(found for found, _ in values) / 3,
        "stance": sum(whole for _, whole in values) / 3,
    }


def as_codes(stance: pd.DataFrame) -> dict[str, dict[str, int]]:
    """Turn rows of stance into unit to target to polarity, in the ids of the coding manual."""
    found: dict[str, dict[str, int]] = {}
    folded = stance_by_target(stance, fold=coarse_targets())
    for unit, target, polarity in folded[["statement_id", "target", "polarity"]].itertuples(index=False):
        found.setdefault(unit, {})[target] = int(polarity)
    return found


def mean_scores(passes: list[dict[str, dict[str, int]]], predicted: dict[str, dict[str, int]]) -> dict[str, float]:
    """Return the mean over the passes."""
    each = [score_un(gold, predicted) for gold in passes]
    return {key: sum(row[key] for row in each) / len(each) for key in each[0]}


def usual_of(codes: dict[str, dict[str, int]]) -> dict[str, int]:
    """Return each target's most frequent polarity."""
    counts: dict[str, Counter[int]] = {}
    for row in codes.values():
        for target, value in row.items():
            counts.setdefault(target, Counter())[value] += 1
    return {target: counter.most_common(1)[0][0] for target, counter in counts.items()}


def show(name: str, scores: dict[str, float]) -> None:
    """Print one line."""
    print(f"{name:44}", " ".join(f"{key} {value:.3f}" for key, value in scores.items()))


def un() -> None:
    """Score the UN statements."""
    usual = usual_of(un_codes("train")[0])
    for part in ("dev", "train"):
        statements, passes = un_statements(part), un_codes(part)
        began = time.process_time()
        predicted = as_codes(code_stance(statements))
        spent = time.process_time() - began
        show(f"UN {part}: rules ({len(statements) / spent:.0f} statements/s)", mean_scores(passes, predicted))
        always = {u: {t: usual.get(t, 0) for t in row} for u, row in predicted.items()}
        show(f"UN {part}: found targets, usual polarity", mean_scores(passes, always))
        most = {u: dict.fromkeys(row, -1) for u, row in predicted.items()}
        show(f"UN {part}: found targets, always against", mean_scores(passes, most))
        if len(passes) > 1:
            show(f"UN {part}: one pass against the other", score_un(passes[0], passes[1]))


def news_tables(name: str) -> tuple[list[dict[str, Any]], pd.DataFrame, pd.DataFrame]:
    """Return rows, statements and marked spans of a news set; a target that is not named is asked of it all."""
    rows = read_lines(SHARED / f"benchmarks/stance/{name}.jsonl.gz")
    statements = pd.DataFrame({"statement_id": [r["id"] for r in rows], "content": [r["text"] for r in rows]})

    def named(span: list[int] | None) -> bool:
        return bool(span) and span[0] < span[1]

    spans = [r["target_span"] if named(r["target_span"]) else [0, len(r["text"])] for r in rows]
    sources = [r["source_span"] if named(r["source_span"]) else [None, None] for r in rows]
    targets = pd.DataFrame(
        {
            "statement_id": statements["statement_id"],
            "target": "marked",
            "start": [s for s, _ in spans],
            "end": [e for _, e in spans],
            "source_start": pd.array([s for s, _ in sources], dtype="Int64"),
            "source_end": pd.array([e for _, e in sources], dtype="Int64"),
        }
    )
    return rows, statements, targets


def news(name: str, labels: list[str]) -> None:
    """Score a news set with marked targets; nothing is fitted on it."""
    evaluate = scorer(SHARED / "benchmarks/stance/score_stance.py").evaluate
    rows, statements, targets = news_tables(name)
    stance = code_stance(statements, targets=targets)
    gold, groups = [r["label"] for r in rows], [r["group"] for r in rows]
    if "neutral" in labels:
        said = [LABELS[int(p)] for p in stance["polarity"]]
    else:
        said = ["positive" if s > 0 else "negative" for s in stance["score"]]
    majority = Counter(gold).most_common(1)[0][0]
    for title, predicted in (("rules", said), ("majority", [majority] * len(gold))):
        result = evaluate(gold, predicted, labels, groups, boot=300)
        low, high = result["ci95"]["macro_f1"]
        each = " ".join(f"{k} {v['f1']:.3f}" for k, v in result["per_class"].items())
        print(f"{name}: {title:34} macro-F1 {result['macro_f1']:.3f} [{low:.3f}, {high:.3f}] {each}")


def main() -> None:
    """Score everything that is present."""
    if not SHARED.is_dir():
        sys.exit(f"no real material at {SHARED.name}/ beside the checkout: set THREAT_TALK_SHARED")
    un()
    news("dse_clean-dev", ["negative", "neutral", "positive"])
    news("seesaw-dev", ["negative", "positive"])


if __name__ == "__main__":
    main()
