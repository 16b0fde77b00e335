"""Score threat frames on coded statements of the UN General Debate and of Wikinews: rules, fitted coder and baselines.

`python -m tests.benchmarks.frames` prints the figures. `... frames predict dev OUT.jsonl [rules|fitted|encoder]` writes
what score_coding.py reads (the shipped coders were fitted on dev too: their scores are those of the folds); `... frames ship` fits
the shipped coder on all coded statements and writes data/models/frames.npz.
Parts: `dev` and `train` are those of the benchmark, `extra` more statements of the same speeches, `wikinews` news.
"""

from __future__ import annotations

import functools
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from helpers.codebook.load import load_codebook
from helpers.coding.coders import chances, coded_values, load_coder, mixed, read_all, save_coder
from helpers.coding.encoder import load_encoder
from helpers.coding.fitting import fit_coder, held_scores, outputs_of, thresholds_of, values_of
from helpers.coding.frames import LISTS, code_frames, frames_wide
from helpers.coding.stance_coder import load_stance_coder
from helpers.paths import MODELS
from tests.benchmarks.material import SHARED, gold_codes, load_scorer, read_lines, un_extra, wikinews

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from helpers.coding.word_vectors import WordVectors

CODING = SHARED / "benchmarks" / "coding"
MEASURES = ("threat", "severity", "denial", *LISTS)
Prediction = dict[str, Any]
ENCODER_FOLDS = Path(__file__).parent / "encoder_folds.npz"
PARTS = {"dev": 240, "train": 1400, "extra": 3259, "wikinews": 1201}
BENCHMARK, SPEECHES = ("dev", "train"), ("dev", "train", "extra")
ABOUT = {
    "fitted_on": "4,899 statements on Afghanistan and terrorism from the UN General Debate, 1996-2024, and 1,201 reported "
    "in Wikinews articles of 2019-2020",
    "codes": "machine-assisted, by the project's coding manual, one pass (data/gold/README.md)",
    "text": "UN General Debate Corpus, doi:10.7910/DVN/0TJX8Y, CC0; Wikinews, CC BY 2.5, articles named in "
    "data/gold/wikinews_units.parquet; the file holds weights of words and word pairs",
    "word_vectors": "those of the stance coder, learned from the speeches of that corpus without any codes",
    "licence": "CC BY 4.0",
    "caution": "patterns of threat.toml were chosen with the codes of dev and train in view: figures on them read high",
    "use": "statements by or about States, and news; expect worse on other kinds of text: code a sample and refit",
}


@functools.cache
def statements_of(part: str) -> pd.DataFrame:
    """Return the coded units as statements: in the Debate the speaker is the State."""
    if part not in BENCHMARK:
        return un_extra() if part == "extra" else wikinews()
    units = pd.DataFrame(read_lines(CODING / f"un_{part}.units.jsonl"))
    return units.rename(columns={"unit_id": "statement_id", "text": "content", "country": "speaker_country"})


def codes_of(part: str, coder: int = 1) -> pd.DataFrame:
    """Return one pass in the form of code_frames: statement_id, slot, value."""
    if part not in BENCHMARK:
        codes = gold_codes(part).query("slot != 'stance' and value != '0'")
        return codes[["statement_id", "slot", "value"]].drop_duplicates()
    rows = []
    for row in read_lines(CODING / f"un_{part}.coder{coder}.jsonl"):
        found = {("threat", str(row["threat"])), ("severity", str(row["severity"])), ("denial", str(row["denial"]))}
        for slot in LISTS:
            found |= {(slot, one["id"] if isinstance(one, dict) else one) for one in row[slot]}
        rows += [(row["unit_id"], slot, value) for slot, value in sorted(found) if value != "0"]
    return pd.DataFrame(rows, columns=["statement_id", "slot", "value"])


def predictions(frames: pd.DataFrame, statements: pd.DataFrame) -> dict[str, Prediction]:
    """Return what the scorer compares: one entry a unit."""
    wide = frames_wide(frames, statements)
    return {
        row["statement_id"]: {
            **{name: int(row[name]) for name in ("threat", "severity", "denial")},
            **{slot: set(row[slot]) for slot in LISTS},
            "stance": {},
        }
        for row in wide.to_dict("records")
    }


def scores(predicted: dict[str, Prediction], part: str) -> dict[str, float]:
    """Return the mean over the passes of a part."""
    scorer = load_scorer(CODING / "score_coding.py")
    if part in BENCHMARK:
        passes = [
            {row["unit_id"]: {**scorer.flat(row), "stance": {}} for row in read_lines(path)}
            for path in sorted(CODING.glob(f"un_{part}.coder*.jsonl"))
        ]
    else:
        passes = [predictions(codes_of(part).assign(negated=False), statements_of(part))]
    each = [scorer.score(gold, {unit: predicted[unit] for unit in gold}) for gold in passes]
    return {name: sum(one[name] for one in each) / len(each) for name in MEASURES}


def report(title: str, predicted: dict[str, Prediction]) -> None:
    """Print the figures of each part that is wholly predicted, and of dev and train together, weighted by units."""
    found = {}
    for part, size in PARTS.items():
        if set(statements_of(part)["statement_id"]) <= predicted.keys():
            found[part] = (scores(predicted, part), size)
        if part == "train" and len(found) > 1:
            total = sum(size for _, size in found.values())
            found["both"] = ({name: sum(s[name] * n for s, n in found.values()) / total for name in MEASURES}, total)
    for part, (one, size) in found.items():
        figures = " ".join(f"{one[name]:9.3f}" for name in MEASURES)
        print(f"{title:34} {part:8} {size:5} {figures}")


def folds(groups: pd.Series) -> Iterator[tuple[Any, Any]]:
    """Split by document, always in the same way."""
    from sklearn.model_selection import GroupKFold

    yield from GroupKFold(5, shuffle=True, random_state=0).split(groups, groups=groups)


def tf_idf(train: pd.DataFrame, codes: pd.DataFrame, test: pd.DataFrame) -> dict[str, Prediction]:
    """Return the baseline: words and pairs of words, one logistic regression a value, coded from one half."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    vectors = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    known, new = vectors.fit_transform(train["content"]), vectors.transform(test["content"])
    rows = []
    for (slot, value), group in codes.groupby(["slot", "value"]):
        answers = train["statement_id"].isin(group["statement_id"]).to_numpy()
        if 2 < answers.sum() < len(answers):
            model = LogisticRegression(C=10, class_weight="balanced", max_iter=1000).fit(known, answers)
            chosen = test["statement_id"][model.predict_proba(new)[:, 1] >= 0.5]
            rows += [(one, slot, value) for one in chosen]
    frame = pd.DataFrame(rows, columns=["statement_id", "slot", "value"]).assign(negated=False)
    return predictions(frame, test)


def machines(load: Callable[..., Any]) -> dict[str, Any]:
    """Return who can code: the rules (no coder), the shipped coder that `load` reads, and it with the encoder."""
    return {"rules": None, "fitted": load(), "encoder": load(encoder=load_encoder())}


def held_logits(ids: list[str]) -> tuple[list[str], Any]:
    """Return what the encoders of the folds said of the statements: names of columns, logits, one row a statement."""
    with np.load(ENCODER_FOLDS) as stored:
        if stored["ids"].tolist() != ids:
            sys.exit(f"{ENCODER_FOLDS.name} holds other statements: python -m tests.benchmarks.encoder folds fits anew")
        return stored["outputs"].tolist(), stored["logits"].astype(float)


def with_encoder(statements: pd.DataFrame, codes: pd.DataFrame, vectors: WordVectors | None) -> dict[str, Prediction]:
    """Return the coder with the encoder in five folds: neither saw the documents that it codes.

    What each fold's encoder says was kept (`python -m tests.benchmarks.encoder folds`, an hour). Thresholds are chosen on
    the other four folds, whose scores come from coders that did see the fold they are used on; the share was chosen on
    all.
    """
    answered, logits = held_logits(statements["statement_id"].tolist())
    gold = values_of(statements["statement_id"].tolist(), codes)
    outputs = outputs_of(gold)
    readings = list(read_all(statements, load_codebook(), vectors))
    own = held_scores(readings, gold, statements["doc_id"].to_numpy(), outputs)
    both = mixed(own, outputs, logits, answered, share=load_encoder().card["share"])
    table = chances(both, outputs)
    rows = []
    for known, new in folds(statements["doc_id"]):
        limits = thresholds_of(both[known], [readings[at] for at in known], [gold[at] for at in known], outputs)
        for at in new:
            chance_of = dict(zip(outputs, table[at], strict=True))
            kind = "news" if readings[at].reported else "speeches"
            one = statements["statement_id"].iloc[at]
            rows += [(one, slot, value) for slot, value in coded_values(chance_of, limits[kind])]
    frame = pd.DataFrame(rows, columns=["statement_id", "slot", "value"]).assign(negated=False)
    denied = code_frames(statements).query("slot == 'denial'")
    return predictions(pd.concat([frame, denied[frame.columns]]), statements)


def errors(title: str, predicted: dict[str, Prediction], codes: pd.DataFrame) -> None:
    """Print the counts of each value: coded, found, invented, missed."""
    gold = codes.groupby(["slot", "value"])["statement_id"].agg(set).to_dict()
    print(f"\nErrors by value, {title}: coded, right, invented, missed")
    for (slot, value), truth in sorted(gold.items()):
        if slot == "severity":
            found = {unit for unit, one in predicted.items() if one["severity"] == int(value)}
        elif slot in LISTS:
            found = {unit for unit, one in predicted.items() if value in one[slot]}
        else:
            found = {unit for unit, one in predicted.items() if one[slot]}
        counts = (len(truth), len(truth & found), len(found - truth), len(truth - found))
        print(f"  {slot:10} {value:24}" + "".join(f"{count:6}" for count in counts))


def main() -> None:
    """Measure rules, fitted coder and baselines."""
    parts = {part: statements_of(part) for part in PARTS}
    everything = pd.concat(parts.values(), ignore_index=True)
    codes = pd.concat([codes_of(part) for part in PARTS], ignore_index=True)
    speeches = pd.concat([parts[part] for part in SPEECHES], ignore_index=True)
    print(
        "The patterns were chosen and pruned with the codes of dev and train in view: rules and fitted coder read high\n"
        "there; extra and wikinews were coded afterwards.\n"
    )
    print(f"{'':34} {'part':8} {'units':>5} " + " ".join(f"{name:>9}" for name in MEASURES))
    code_frames(everything.head(5))
    start = time.process_time()
    frames = code_frames(everything)
    speed = len(everything) / (time.process_time() - start)
    by_rules = predictions(frames, everything)
    report("rules", by_rules)
    always = pd.DataFrame({"statement_id": everything["statement_id"], "slot": "threat", "value": "1"})
    common = [("severity", "2"), ("agents", "terrorism"), ("types", "terrorism")]
    most = [always] + [always.assign(slot=slot, value=value) for slot, value in common]
    report("always the commonest value", predictions(pd.concat(most).assign(negated=False), everything))
    vectors = load_stance_coder().vectors
    baseline: dict[str, Prediction] = {}
    fitted: dict[str, Prediction] = {}
    for known, new in folds(everything["doc_id"]):
        part, test = everything.iloc[known], everything.iloc[new]
        part_codes = codes[codes["statement_id"].isin(part["statement_id"])]
        baseline |= tf_idf(part, part_codes, test)
        fitted |= predictions(code_frames(test, coder=fit_coder(part, part_codes, name="fold", vectors=vectors)), test)
    report("TF-IDF, 5 folds of documents", baseline)
    report("fitted coder, 5 folds of documents", fitted)
    encoded = with_encoder(everything, codes, vectors)
    report("with the encoder, 5 folds", encoded)
    abroad = fit_coder(speeches, codes[codes["statement_id"].isin(speeches["statement_id"])], name="x", vectors=vectors)
    report("fitted on speeches alone", predictions(code_frames(parts["wikinews"], coder=abroad), parts["wikinews"]))
    passes = codes_of("dev", 2).assign(negated=False)
    report("the second pass (against both)", predictions(passes, parts["dev"]))
    start = time.process_time()
    code_frames(parts["train"], coder=abroad)
    slow = len(parts["train"]) / (time.process_time() - start)
    start = time.process_time()
    code_frames(parts["dev"], coder=load_coder(encoder=load_encoder()))
    slower = len(parts["dev"]) / (time.process_time() - start)
    print(f"\nStatements per CPU second: rules {speed:,.0f}, fitted coder {slow:,.0f}, with the encoder {slower:,.0f}")
    spans = frames.dropna(subset="content_start").merge(everything[["statement_id", "content"]], on="statement_id")
    wrong = sum(row.content[row.content_start : row.content_end] != row.text for row in spans.itertuples(index=False))
    print(f"Spans that are not verbatim: {wrong} of {len(spans)}")
    said = set(speeches["statement_id"])
    titled = {"rules": by_rules, "fitted coder in 5 folds": fitted, "with the encoder in 5 folds": encoded}
    for title, predicted in titled.items():
        held = {unit: one for unit, one in predicted.items() if unit in said}
        errors(f"{title}, all {len(held):,} speeches", held, codes[codes["statement_id"].isin(said)])


def ship() -> None:
    """Fit the shipped coder on all parts and write it."""
    everything = pd.concat([statements_of(part) for part in PARTS], ignore_index=True)
    codes = pd.concat([codes_of(part) for part in PARTS], ignore_index=True)
    coder = fit_coder(everything, codes, name="un-news-frames-2", about=ABOUT, vectors=load_stance_coder().vectors)
    MODELS.mkdir(parents=True, exist_ok=True)
    save_coder(coder, MODELS / "frames.npz")
    card = json.dumps(dict(coder.card), indent=2, ensure_ascii=False) + "\n"
    (MODELS / "frames.card.json").write_text(card, encoding="utf-8")
    print(card, np.round((MODELS / "frames.npz").stat().st_size / 1e6, 2), "MB")


def predict(part: str, out: str, how: str = "rules") -> None:
    """Write predictions in the form of score_coding.py, without stance."""
    statements = statements_of(part)
    coder = machines(load_coder)[how]
    found = predictions(code_frames(statements, coder=coder), statements)
    with open(out, "w", encoding="utf-8") as file:  # noqa: PTH123 - a path from the command line
        for unit, one in found.items():
            lists = {slot: sorted(one[slot]) for slot in LISTS}
            file.write(json.dumps({"unit_id": unit, **one, **lists}) + "\n")


if __name__ == "__main__":
    if sys.argv[1:2] == ["predict"]:
        predict(*sys.argv[2:])
    elif sys.argv[1:2] == ["ship"]:
        ship()
    else:
        main()
