"""Score stance and threat frames, by the reader and by the rules, on every set of coded statements.

`python -m tests.benchmarks.coding` prints the figures. `un_dev`, `news_dev`, `news_held` and the test half of the
contrasts were never learned from, nor the sets of marked targets (DSE, SEESAW). The thresholds were chosen on
`news_dev`, `news_held` and `un_dev`, so the figures of these three are somewhat optimistic. The teaching corpus is ours.
`python -m tests.benchmarks.coding codes` writes what both coders give for the two parts of news: lesson 07 reads it.
"""

from __future__ import annotations

import re
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import pandas as pd

from helpers import coarse_targets, code_frames, code_stance, extract_statements, frames_wide, stance_by_target
from helpers.coding.reader import is_function_word
from tests.benchmarks.material import GOLD, SHARED, coded, load_scorer, read_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LISTS = ("agents", "types", "referents", "measures", "blame")
SHOWN = ("threat", "severity", "agents", "types", "referents", "measures", "blame", "denial", "targets", "signed")
SHOWN = (*SHOWN, "polarity", "stance")
LEVELS = ("threat", "severity", "denial")
CODERS = ("reader", "rules")
UNSEEN_NEWS = ("news_dev", "news_held")
MACHINE = GOLD / "news_machine.parquet"
LABELS = {1: "positive", 0: "neutral", -1: "negative"}
Codes = dict[str, dict[str, Any]]


def gold_of(statements: pd.DataFrame, codes: pd.DataFrame) -> Codes:
    """Return the codes of each statement: numbers for threat, severity, denial, sets of ids, and signs by target."""
    found: Codes = {
        one: {"threat": 0, "severity": 0, "denial": 0, **{slot: set() for slot in LISTS}, "stance": {}}
        for one in statements["statement_id"]
    }
    for row in codes.itertuples():
        if row.slot == "stance":
            found[row.statement_id]["stance"][row.value] = int(row.polarity)
        elif row.slot in LISTS:
            found[row.statement_id][row.slot].add(row.value)
        else:
            found[row.statement_id][row.slot] = int(row.value)
    return found


def predicted(statements: pd.DataFrame, **choices: Any) -> Codes:
    """Code statements as a user does, and return the codes in the ids of the coding manual."""
    wide = frames_wide(code_frames(statements, **choices), statements)
    found = {
        row["statement_id"]: {name: set(value) if name in LISTS else value for name, value in row.items()}
        | {"stance": {}}
        for row in wide.to_dict("records")
    }
    toward = stance_by_target(code_stance(statements, **choices), fold=coarse_targets())
    for row in toward.itertuples():
        found[row.statement_id]["stance"][row.target] = int(row.polarity)
    return found


def machine_codes() -> pd.DataFrame:
    """Return the codes of both coders for the news that was never learned from: ids and values, no text."""
    statements = pd.concat([coded(part)[0] for part in UNSEEN_NEWS], ignore_index=True)
    rows = []
    for coder in CODERS:
        for unit, codes in predicted(statements, coder=coder).items():
            rows += [(unit, coder, slot, str(codes[slot]), None) for slot in LEVELS if codes[slot]]
            rows += [(unit, coder, slot, value, None) for slot in LISTS for value in sorted(codes[slot])]
            rows += [(unit, coder, "stance", target, sign) for target, sign in sorted(codes["stance"].items())]
    table = pd.DataFrame(rows, columns=["unit_id", "coder", "variable", "value", "polarity"])
    return table.astype(dict.fromkeys(table.columns[:4], "string") | {"polarity": "Int8"})


def f1(one: Iterable[Any], other: Iterable[Any]) -> float:
    """Return the F1 of two sets."""
    one, other = set(one), set(other)
    return 2 * len(one & other) / max(len(one) + len(other), 1)


def score(gold: Codes, found: Codes) -> dict[str, float]:
    """Score codes against codes.

    F1 of ids for lists and denial; mean over the values for threat, severity and polarity; ``targets``: F1 of
    statement and target; ``signed``: F1 of statement, target and sign, without neutral ones; ``polarity``: mean F1 of
    the signs at targets that both name; ``stance``: the same where a missed or invented target counts as wrong.
    """

    def level(name: str, value: int) -> float:
        return f1((u for u in gold if gold[u][name] == value), (u for u in gold if found[u][name] == value))

    out = {"threat": (level("threat", 0) + level("threat", 1)) / 2, "denial": level("denial", 1)}
    out["severity"] = sum(level("severity", value) for value in range(4)) / 4
    for slot in LISTS:
        pairs = ({(u, value) for u in gold for value in codes[u][slot]} for codes in (gold, found))
        out[slot] = f1(*pairs)
    ours, theirs = ({(u, t): p for u in gold for t, p in codes[u]["stance"].items()} for codes in (gold, found))
    out["targets"] = f1(ours, theirs)
    out["signed"] = f1((k for k in ours.items() if k[1]), (k for k in theirs.items() if k[1]))
    both = ours.keys() & theirs.keys()
    signs = (-1, 0, 1)
    out["polarity"] = sum(f1((k for k in both if ours[k] == s), (k for k in both if theirs[k] == s)) for s in signs) / 3
    out["stance"] = (
        sum(f1((k for k, p in ours.items() if p == s), (k for k, p in theirs.items() if p == s)) for s in signs) / 3
    )
    return out


def show(title: str, size: int, found: Mapping[str, float]) -> None:
    """Print one line of figures."""
    print(f"{title:36} {size:6} " + " ".join(f"{found[name]:9.3f}" for name in SHOWN), flush=True)


def teaching() -> tuple[pd.DataFrame, Codes]:
    """Return the adjudicated statements and codes of the teaching corpus."""
    statements = pd.read_csv(GOLD / "statements.csv", keep_default_na=False, dtype="string")
    codes = pd.read_csv(GOLD / "frames.csv", keep_default_na=False, dtype="string")
    signs = pd.read_csv(GOLD / "stance.csv", keep_default_na=False, dtype="string")
    signs = signs.rename(columns={"target": "value"}).assign(slot="stance")
    counted = codes[codes["negated"].str.lower() != "true"]
    return statements, gold_of(statements, pd.concat([counted, signs]))


def plain() -> tuple[pd.DataFrame, Codes]:
    """Return the adjudicated statements and codes of the plain constructed news."""
    statements, codes = (
        pd.read_csv(GOLD / f"plain_{name}.csv", keep_default_na=False, dtype="string").query("coder == 'adjudicated'")
        for name in ("statements", "codes")
    )
    statements = statements.reset_index(drop=True)
    return statements, gold_of(statements, codes.rename(columns={"variable": "slot"}))


def contrasts(**choices: Any) -> pd.DataFrame:
    """Say of each pair of the test half whether both members have the code in question right."""
    statements, codes = coded("contrast_test")
    gold, found = gold_of(statements, codes), predicted(statements, **choices)

    def asked(code: dict[str, Any], slot: str, value: str) -> Any:
        held = code[slot]
        return held.get(value, 0) if slot == "stance" else value in held if slot in LISTS else held

    right = [
        asked(gold[row.statement_id], row.slot, row.value) == asked(found[row.statement_id], row.slot, row.value)
        for row in statements.itertuples()
    ]
    return statements.assign(right=right).groupby(["pair", "contrast", "slot"], as_index=False)["right"].all()


def marked(name: str, labels: list[str], **choices: Any) -> float:
    """Return the macro-F1 on a news set with marked targets and sources."""
    rows = read_lines(SHARED / f"benchmarks/stance/{name}.jsonl.gz")
    statements = pd.DataFrame({"statement_id": [r["id"] for r in rows], "content": [r["text"] for r in rows]})

    def place(row: dict[str, Any], key: str) -> list[Any] | None:
        span = row[key]
        return span if span and span[0] < span[1] else None

    spans = [place(r, "target_span") or [0, len(r["text"])] for r in rows]
    sources = [place(r, "source_span") or [None, None] for r in rows]
    targets = pd.DataFrame(
        {
            "statement_id": statements["statement_id"],
            "target": "marked",
            "start": [start for start, _ in spans],
            "end": [end for _, end in spans],
            "source_start": pd.array([start for start, _ in sources], dtype="Int64"),
            "source_end": pd.array([end for _, end in sources], dtype="Int64"),
        }
    )
    stance = code_stance(statements, targets=targets, **choices)
    if "neutral" in labels:
        said = [LABELS[int(polarity)] for polarity in stance["polarity"]]
    else:
        said = ["positive" if value > 0 else "negative" for value in stance["score"]]
    evaluate = load_scorer(SHARED / "benchmarks/stance/score_stance.py").evaluate
    result = evaluate([r["label"] for r in rows], said, labels, [r["group"] for r in rows], boot=1)
    return float(result["macro_f1"])


def errors(gold: Codes, found: Codes) -> None:
    """Print the counts of each value: coded, right, invented, missed; for stance by target also wrong signs."""
    for slot in (*LISTS, "stance"):
        counts: dict[str, Counter[str]] = {}
        for unit in gold:
            ours, theirs = gold[unit][slot], found[unit][slot]
            for value in set(ours) | set(theirs):
                one = counts.setdefault(value, Counter())
                one["coded"] += value in ours
                one["found"] += value in theirs
                same = value in ours and value in theirs
                one["right"] += same and (slot != "stance" or ours[value] == theirs[value])
                one["sign"] += same and slot == "stance" and ours[value] != theirs[value]
        for value, one in sorted(counts.items()):
            both = one["right"] + one["sign"]
            signs = f", wrong sign {one['sign']}" if slot == "stance" else ""
            print(
                f"  {slot:10} {value:22} coded {one['coded']:4}, right {one['right']:4}, "
                f"invented {one['found'] - both:4}, missed {one['coded'] - both:4}{signs}"
            )


def real_news() -> None:
    """Print how fast real articles are coded, and whether the words of all codes stand in their statements."""
    rows = read_lines(SHARED / "data" / "news" / "articles.jsonl.gz")
    articles = pd.DataFrame({"doc_id": [r["id"] for r in rows], "text": [r["text"] for r in rows]})
    extract_statements(articles.head(2))
    began = time.process_time()
    statements = extract_statements(articles.head(500))
    code_frames(statements)
    code_stance(statements)
    spent = time.process_time() - began
    print(f"\nFrom articles to both codings: {500 / spent:.1f} articles a CPU second ({len(statements)} statements)")
    seen: dict[str, Counter[str]] = {"frames": Counter(), "stance": Counter()}
    for low in range(0, len(articles), 1000):  # by parts, so that stance and frames take one reading
        statements = extract_statements(articles.iloc[low : low + 1000])
        contents = dict(zip(statements["statement_id"], statements["content"], strict=True))
        frames = code_frames(statements).query("slot != 'severity'").rename(columns={"text": "words"})
        stance = code_stance(statements).rename(columns={"target_text": "words"})
        for name, table in (("frames", frames), ("stance", stance)):
            quoted = table.dropna(subset=["content_start"])
            places = zip(*(quoted[c] for c in ("statement_id", "content_start", "content_end", "words")), strict=True)
            seen[name]["rows"] += len(table)
            seen[name]["without words"] += len(table) - len(quoted)
            seen[name]["not verbatim"] += sum(contents[one][start:end] != words for one, start, end, words in places)
            alone = (all(map(is_function_word, re.findall(r"\w+", words))) for words in quoted["words"])
            seen[name]["on function words alone"] += sum(alone)
    for name, counts in seen.items():
        print(f"{name} of {len(articles):,} articles: " + ", ".join(f"{n:,} {what}" for what, n in counts.items()))


def main() -> None:
    """Score everything that is present."""
    if not SHARED.is_dir():
        sys.exit(f"no real material at {SHARED.name}/ beside the checkout: set THREAT_TALK_SHARED")
    print(f"{'':36} {'units':>6} " + " ".join(f"{name:>9}" for name in SHOWN))
    for part in ("news_dev", "news_held", "un_dev"):
        statements, codes = coded(part)
        passes = [gold_of(statements, codes[codes["coder"] == coder]) for coder in sorted(codes["coder"].unique())]
        for coder in CODERS:
            found = predicted(statements, coder=coder)
            each = [score(gold, found) for gold in passes]
            show(f"{part}: {coder}", len(statements), {name: sum(e[name] for e in each) / len(each) for name in SHOWN})
        if len(passes) > 1:
            show(f"{part}: one pass, the other", len(statements), score(*passes[:2]))
    statements, gold = teaching()
    for coder in CODERS:
        found = predicted(statements, coder=coder)
        show(f"teaching corpus: {coder}", len(statements), score(gold, found))
        talks = [unit for unit in gold if gold[unit]["stance"].get("peace_process") == -1]
        seen = sum(found[unit]["stance"].get("peace_process") == -1 for unit in talks)
        print(f"  of {len(talks)} statements against the talks {seen} are read as against")
    statements, gold = plain()
    for coder in CODERS:
        show(f"plain set: {coder}", len(statements), score(gold, predicted(statements, coder=coder)))
    for coder in CODERS:
        pairs = contrasts(coder=coder)
        by = pairs.groupby("contrast")["right"].mean().round(2).to_dict()
        print(f"contrasts, test half, both members right: {coder} {pairs['right'].mean():.3f} of {len(pairs)} {by}")
    for coder in CODERS:
        dse = marked("dse_clean-dev", ["negative", "neutral", "positive"], coder=coder)
        seesaw = marked("seesaw-dev", ["negative", "positive"], coder=coder)
        print(f"marked targets, macro-F1: {coder} dse_clean-dev {dse:.3f}, seesaw-dev {seesaw:.3f}")
    statements, codes = coded("news_held")
    print("\nErrors of the reader on news_held, by value")
    errors(gold_of(statements, codes), predicted(statements))
    real_news()


if __name__ == "__main__":
    if sys.argv[1:] == ["codes"]:
        machine_codes().to_parquet(MACHINE, index=False)
    else:
        main()
