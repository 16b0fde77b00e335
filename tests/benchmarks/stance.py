"""Score stance on real material, beside its baselines.

`python -m tests.benchmarks.stance` prints the figures. `... stance predict dev OUT.jsonl [rules|fitted|encoder]` writes
what score_coding.py reads (the shipped coder was fitted on dev too: its score is that of the folds); `... stance ship` fits
the shipped coder on all coded statements and writes data/models/stance.npz; `... stance vectors` learns its word
vectors anew first.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from helpers.codebook.load import load_codebook
from helpers.codebook.match import find_hits
from helpers.coding.encoder import Answer, Encoder, load_encoder
from helpers.coding.stance import coarse_targets, code_stance, stance_by_target
from helpers.coding.stance_coder import (
    StanceCoder,
    apply_stance_coder,
    fit_stance_coder,
    load_stance_coder,
    save_stance_coder,
)
from helpers.coding.stance_rules import read_mentions
from helpers.coding.stance_weighing import lean
from helpers.coding.targets import mentions_among, stance_book
from helpers.coding.word_vectors import WordVectors, fit_word_vectors
from helpers.paths import MODELS
from tests.benchmarks.frames import ABOUT, BENCHMARK, PARTS, folds, held_logits, machines, statements_of
from tests.benchmarks.material import SHARED, debate, gold_codes, load_scorer, read_lines

if TYPE_CHECKING:
    from collections.abc import Mapping

LABELS = {-1: "negative", 0: "neutral", 1: "positive"}
CARD = {
    **{key: ABOUT[key] for key in ("fitted_on", "codes", "text", "licence", "use")},
    "name": "un-news-stance-2",
    "word_vectors": "12,000 words of 50 numbers, learned from the speeches of that corpus without any codes",
}


def un_statements(part: str) -> pd.DataFrame:
    """Return the coded units as statements: in the Debate the speaker is the State."""
    units = statements_of(part)
    speaker = units.get("speaker_country", "")
    date = units["year"].astype(str) + "-09-20" if "year" in units else ""
    columns = units[[name for name in ("statement_id", "doc_id", "content", "kind") if name in units]]
    return columns.assign(speaker_id=speaker, speaker_country=speaker, date=date)


def un_codes(part: str) -> list[dict[str, dict[str, int]]]:
    """Return each pass: unit to target to polarity."""
    if part not in BENCHMARK:
        found: dict[str, dict[str, int]] = {unit: {} for unit in statements_of(part)["statement_id"]}
        codes = gold_codes(part).query("slot == 'stance'")
        for unit, target, polarity in zip(codes["statement_id"], codes["value"], codes["polarity"], strict=True):
            found[unit][target] = int(polarity)
        return [found]
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


def tone_of(text: str) -> int:
    """Return the sign of the codebook's words of praise less those of complaint: what a sentiment dictionary would."""
    tone = stance_book(load_codebook().stance).tone
    total = sum(lean(word.lower(), tone) for word in re.findall(r"\w+", text))
    return (total > 0) - (total < 0)


def un() -> None:
    """Score the UN statements."""
    usual = usual_of(un_codes("train")[0])
    for part in ("dev", "train"):
        statements, passes = un_statements(part), un_codes(part)
        began = time.process_time()
        predicted = as_codes(code_stance(statements))
        spent = time.process_time() - began
        show(f"UN {part}: rules ({len(statements) / spent:.0f} statements/s)", mean_scores(passes, predicted))
        texts = dict(zip(statements["statement_id"], statements["content"], strict=True))
        always = {u: {t: usual.get(t, 0) for t in row} for u, row in predicted.items()}
        show(f"UN {part}: found targets, usual polarity", mean_scores(passes, always))
        most = {u: dict.fromkeys(row, -1) for u, row in predicted.items()}
        show(f"UN {part}: found targets, always against", mean_scores(passes, most))
        words = {u: dict.fromkeys(row, tone_of(texts[u])) for u, row in predicted.items()}
        show(f"UN {part}: found targets, dictionary", mean_scores(passes, words))
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
    evaluate = load_scorer(SHARED / "benchmarks/stance/score_stance.py").evaluate
    rows, statements, targets = news_tables(name)
    stance = code_stance(statements, targets=targets)
    gold, groups = [r["label"] for r in rows], [r["group"] for r in rows]
    if "neutral" in labels:
        said = [LABELS[int(p)] for p in stance["polarity"]]
    else:
        said = ["positive" if s > 0 else "negative" for s in stance["score"]]
    majority = Counter(gold).most_common(1)[0][0]
    tones = [LABELS[tone_of(r["text"])] for r in rows]
    if "neutral" not in labels:
        tones = ["negative" if tone == "neutral" else tone for tone in tones]
    for title, predicted in (("rules", said), ("dictionary", tones), ("majority", [majority] * len(gold))):
        result = evaluate(gold, predicted, labels, groups, boot=300)
        low, high = result["ci95"]["macro_f1"]
        each = " ".join(f"{k} {v['f1']:.3f}" for k, v in result["per_class"].items())
        print(f"{name}: {title:34} macro-F1 {result['macro_f1']:.3f} [{low:.3f}, {high:.3f}] {each}")


def fitted(statements: pd.DataFrame, codes: dict[str, dict[str, int]], vectors: WordVectors) -> StanceCoder:
    """Fit a coder on coded statements."""
    book = load_codebook()
    columns = ("statement_id", "content", "speaker_country", "date")
    rows = statements[list(columns)].itertuples(index=False, name=None)
    card = {**CARD, "statements": len(statements), "codebook": book.digest}
    return fit_stance_coder(rows, codes, stance_book(book.stance), vectors, card=card)


def read_too(
    statements: pd.DataFrame, coder: StanceCoder, encoder: Encoder, logits: Mapping[str, Any]
) -> dict[str, dict[str, int]]:
    """Code statements as `code_stance` does with an encoder, but with what the encoder of their fold said of them."""
    book = stance_book(load_codebook().stance)
    both = replace(coder, encoder=encoder)
    found: dict[str, dict[str, int]] = {}
    for name, text, country, date in statements[["statement_id", "content", "speaker_country", "date"]].values.tolist():
        hits = find_hits(text, book.patterns)
        mentions = mentions_among(hits, book, country=country, date=date)
        pairs = list(zip(mentions, read_mentions(text, mentions, hits, book), strict=True))
        answer = Answer(logits[name], [], np.zeros(0, dtype=np.int64))
        for mention, reading in apply_stance_coder(both, text, hits, pairs, book, answer=answer):
            target = book.targets[mention.target].fold if mention.target in book.targets else mention.target
            found.setdefault(name, {})[target] = reading.polarity
    return found


def un_fitted() -> None:
    """Score the fitted coder in five folds of documents over all parts."""
    parts = {part: un_statements(part) for part in PARTS}
    together = pd.concat(parts.values(), ignore_index=True)
    codes = {unit: found for part in PARTS for unit, found in un_codes(part)[0].items()}
    vectors = load_stance_coder().vectors
    began = time.process_time()
    code_stance(parts["train"], coder=load_stance_coder())
    print(f"shipped coder: {len(parts['train']) / (time.process_time() - began):.0f} statements a CPU second")
    predicted, encoded = {}, {}
    answered, rows = held_logits(together["statement_id"].tolist())
    logits = dict(zip(together["statement_id"], rows, strict=True))
    encoder = replace(load_encoder(), outputs=tuple(answered))
    for known, new in folds(together["doc_id"]):
        coder = fitted(together.iloc[known], codes, vectors)
        predicted |= as_codes(code_stance(together.iloc[new], coder=coder))
        encoded |= read_too(together.iloc[new], coder, encoder, logits)
    by_rules = as_codes(code_stance(together))
    usual = usual_of(codes)
    kept = {"UN dev and train": BENCHMARK, "UN extra": ("extra",), "Wikinews": ("wikinews",)}
    for title, names in kept.items():
        gold = {unit: codes[unit] for name in names for unit in parts[name]["statement_id"]}
        show(f"{title}: coder in five folds of documents", score_un(gold, predicted))
        show(f"{title}: with the encoder", score_un(gold, encoded))
        as_usual = {unit: {target: usual[target] for target in row} for unit, row in predicted.items()}
        show(f"{title}: its targets, usual polarity", score_un(gold, as_usual))
        show(f"{title}: rules", score_un(gold, by_rules))
    print("\nErrors of the coder in five folds, by target: missed, invented, polarity as coded -> as given")
    for target, wrong in sorted(errors(codes, predicted).items(), key=lambda item: -sum(item[1].values())):
        print(
            f"  {target:18}", ", ".join(f"{kind} {n}" for kind, n in sorted(wrong.items(), key=lambda item: -item[1]))
        )


def errors(gold: dict[str, dict[str, int]], predicted: dict[str, dict[str, int]]) -> dict[str, Counter[str]]:
    """Count what went wrong, by target."""
    found: dict[str, Counter[str]] = {}
    for unit, codes in gold.items():
        given = predicted.get(unit, {})
        for target in codes.keys() | given.keys():
            if target not in given:
                kind = "missed"
            elif target not in codes:
                kind = "invented"
            else:
                kind = f"{codes[target]:+d} -> {given[target]:+d}"
            if codes.get(target) != given.get(target):
                found.setdefault(target, Counter())[kind] += 1
    return found


def ship(vectors: WordVectors) -> None:
    """Fit the coder that ships on all parts, and write it with its card."""
    statements = pd.concat([un_statements(part) for part in PARTS], ignore_index=True)
    codes = {unit: found for part in PARTS for unit, found in un_codes(part)[0].items()}
    save_stance_coder(fitted(statements, codes, vectors), MODELS / "stance.npz")
    card = json.dumps(dict(load_stance_coder().card), indent=2, ensure_ascii=False)
    (MODELS / "stance.card.json").write_text(card + "\n", encoding="utf-8")
    print(card)


def predict(part: str, out: str, how: str) -> None:
    """Write the stance of a part in the form that score_coding.py reads; the frames stay empty."""
    predicted = as_codes(code_stance(un_statements(part), coder=machines(load_stance_coder)[how]))
    empty: dict[str, Any] = {"threat": 0, "severity": 0, "denial": 0}
    empty |= {name: [] for name in ("agents", "types", "referents", "measures", "blame")}
    with open(out, "w", encoding="utf-8") as file:  # noqa: PTH123 - a path given on the command line
        for unit in un_statements(part)["statement_id"]:
            file.write(json.dumps({"unit_id": unit, **empty, "stance": predicted.get(unit, {})}) + "\n")


def main() -> None:
    """Score everything that is present."""
    if not SHARED.is_dir():
        sys.exit(f"no real material at {SHARED.name}/ beside the checkout: set THREAT_TALK_SHARED")
    if sys.argv[1:2] == ["ship"]:
        ship(load_stance_coder().vectors)
        return
    if sys.argv[1:2] == ["vectors"]:
        ship(fit_word_vectors(text.replace("-\n", "").replace("-", " ") for _, text in debate()))
        return
    if sys.argv[1:2] == ["predict"]:
        predict(sys.argv[2], sys.argv[3], (sys.argv[4:] or ["rules"])[0])
        return
    un()
    un_fitted()
    news("dse_clean-dev", ["negative", "neutral", "positive"])
    news("seesaw-dev", ["negative", "positive"])


if __name__ == "__main__":
    main()
