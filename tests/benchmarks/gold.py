"""Score attribution, speakers, frames and stance on the teaching corpus beside the real sets.

`python -m tests.benchmarks.gold` prints the figures. The articles were written by us, so a good figure here alone says
nothing: what matters is the distance to real text. More than 8 points better than PolNeAR dev: the articles are too easy.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from helpers.articles.load import load_articles
from helpers.codebook.load import load_codebook
from helpers.coding.coders import load_coder
from helpers.coding.frames import LISTS, code_frames
from helpers.coding.stance import code_stance
from helpers.coding.stance_coder import load_stance_coder
from helpers.statements.people.resolve import resolve_speakers
from tests.benchmarks import frames, stance
from tests.benchmarks.attribution import predict, span_of, without_none
from tests.benchmarks.material import ROOT, SHARED, load_scorer, read_lines
from tests.benchmarks.speakers import matches

GOLD = ROOT / "data" / "gold"
TOO_EASY = 8.0
Codes = dict[str, dict[str, int]]
TITLES = {"rules": "rules", "fitted": "fitted coder", "encoder": "with the encoder"}


def articles() -> pd.DataFrame:
    """Return the English articles of the teaching corpus with the date on which they appeared."""
    planted = pd.read_csv(ROOT / "data" / "planted.csv")[["doc_id", "language", "date"]]
    loaded = load_articles(ROOT / "data" / "articles").articles.drop(columns=["date", "language"])
    loaded = loaded.merge(planted, on="doc_id").sort_values("doc_id", ignore_index=True)
    return loaded[loaded["language"] == "en"].astype({"date": "datetime64[ns]"})


def statements() -> pd.DataFrame:
    """Return the adjudicated statements in the columns of extract_statements, with dates and the coded speaker."""
    table = pd.read_csv(GOLD / "statements.csv", keep_default_na=False, dtype={"spans": "string"})
    table["spans"] = [tuple(tuple(map(int, part.split("-"))) for part in spans.split(";")) for spans in table["spans"]]
    offsets = ["speaker_start", "speaker_end", "cue_start", "cue_end"]
    for name in offsets:
        table[name] = pd.to_numeric(table[name], errors="coerce").astype("Int64")
    words = ["speaker", "cue", "speaker_name"]
    table[words] = table[words].astype("string").mask(table[words] == "")
    return table.rename(columns={"speaker_name": "coded"})


def attribution(texts: pd.DataFrame, gold: pd.DataFrame) -> None:
    """Print the scorer's figures for speech, here and on PolNeAR dev, and how far they are apart."""
    folder = SHARED / "benchmarks" / "attribution"
    scorer = load_scorer(folder / "score_attribution.py")
    ours: list[dict[str, Any]] = [
        {
            "id": article.doc_id,
            "text": article.text,
            "attributions": [
                {
                    "source": [one] if (one := span_of(row.speaker_start, row.speaker_end)) else [],
                    "cue": [one] if (one := span_of(row.cue_start, row.cue_end)) else [],
                    "content": [list(span) for span in row.spans],
                    "type": row.kind,
                    "speech": True,
                }
                for row in gold[gold["doc_id"] == article.doc_id].itertuples()
            ],
        }
        for article in texts.itertuples()
    ]
    found = {}
    sets = {"teaching corpus": ours, "polnear-dev": without_none(read_lines(folder / "polnear-dev.jsonl.gz"))}
    print(
        "Attribution, what the scorer counts as speech: F1 of statements, of statements with their source, recall by kind"
    )
    for name, rows in sets.items():
        result, _ = scorer.evaluate(rows, predict(rows), [], "speech")
        found[name] = [100 * result[key][2] for key in ("stmt", "full")]
        recall = "  ".join(f"{kind} {100 * row['stmt'][1]:5.1f}" for kind, row in result["by_type"].items())
        print(f"  {name:16} {result['gold']:5} coded  {found[name][0]:5.1f}  {found[name][1]:5.1f}   {recall}")
    apart = [here - there for here, there in zip(*found.values(), strict=True)]
    verdict = "too easy" if max(apart) > TOO_EASY else "not too easy"
    print(f"  here less there  {apart[0]:+.1f}  {apart[1]:+.1f}: {verdict} (limit {TOO_EASY:+.0f})")


def speakers(resolved: pd.DataFrame) -> None:
    """Print how often the resolved name is the coded one; aliases of the cast are not known to the resolver."""
    known = resolved[resolved["coded"].notna()]
    answers = [matches(row.speaker_name, row.coded) for row in known.itertuples()]
    exact, loose = (100 * sum(answer[i] for answer in answers) / len(answers) for i in (0, 1))
    print(f"\nSpeakers of coded sources: {len(known)} coded, exactly {exact:.1f} %, loosely {loose:.1f} %")


def frame_codes(name: str, coder: str) -> pd.DataFrame:
    """Return the frame codes of one coder in the columns of code_frames."""
    table = pd.read_csv(GOLD / f"{name}.csv", keep_default_na=False, dtype="string")
    table = table[(table["coder"] == coder) & (table["value"] != "0")]
    return table[["statement_id", "slot", "value"]].assign(negated=False)


def stance_codes(name: str, coder: str) -> Codes:
    """Return the stance codes of one coder: statement to target to polarity."""
    table = pd.read_csv(GOLD / f"{name}.csv", keep_default_na=False)
    found: Codes = {}
    for row in table[table["coder"] == coder].itertuples():
        found.setdefault(row.statement_id, {})[row.target] = int(row.polarity)
    return found


def score_frames(said: pd.DataFrame) -> None:
    """Print the frames of rules and fitted coder, alone and with the encoder, and one reader against the other."""
    scorer = load_scorer(SHARED / "benchmarks" / "coding" / "score_coding.py")
    read = set(pd.read_csv(GOLD / "frames_passes.csv", usecols=["statement_id"])["statement_id"])
    both = said[said["statement_id"].isin(read)]

    def show(title: str, gold: dict[str, Any], found: dict[str, Any]) -> None:
        result = scorer.score(gold, found)
        print(f"{title:44} {len(gold):5} " + " ".join(f"{result[name]:9.3f}" for name in frames.MEASURES))

    print(f"\n{'Frames, on coded statements (F1)':44} {'units':>5} " + " ".join(f"{n:>9}" for n in frames.MEASURES))
    gold = frames.predictions(frame_codes("frames", "adjudicated"), said)
    tables = {TITLES[name]: code_frames(said, coder=coder) for name, coder in frames.machines(load_coder).items()}
    coded = {name: frames.predictions(table, said) for name, table in tables.items()}
    for name, found in coded.items():
        show(f"teaching corpus: {name}", gold, found)
    passes = [frames.predictions(frame_codes("frames_passes", name), both) for name in ("reader1", "reader2")]
    show("teaching corpus: one reader, the other", *passes)
    most = pd.DataFrame({"statement_id": said["statement_id"], "slot": "threat", "value": "0", "negated": False})
    show("teaching corpus: never", gold, frames.predictions(most, said))
    dev = frames.statements_of("dev")
    rules = frames.scores(frames.predictions(code_frames(dev), dev), "dev")
    print(f"{'UN dev: rules':44} {len(dev):5} " + " ".join(f"{rules[name]:9.3f}" for name in frames.MEASURES))
    print(
        f"Threats: {sum(one['threat'] for one in gold.values())} in the gold; found, right: "
        + "; ".join(
            f"{name} {sum(one['threat'] for one in found.values())} "
            f"{sum(one['threat'] and gold[unit]['threat'] for unit, one in found.items())}"
            for name, found in coded.items()
        )
    )
    claims = {
        name: table[table["slot"].eq("threat") & ~table["negated"]].groupby("statement_id").first()
        for name, table in tables.items()
    }
    print(
        "Of these with words of the codebook, with words that told the encoder most: "
        + "; ".join(
            f"{name} {len(one) - one['text'].isna().sum() - by_encoder.sum()} {by_encoder.sum()}"
            for name, one in claims.items()
            for by_encoder in [one["rule"].str.contains("told the encoder")]
        )
    )
    wide = coded["rules"]
    print(
        "Ids of the gold, found, right: "
        + "; ".join(
            f"{slot} {sum(len(gold[u][slot]) for u in gold)} {sum(len(wide[u][slot]) for u in gold)} "
            f"{sum(len(gold[u][slot] & wide[u][slot]) for u in gold)}"
            for slot in LISTS
        )
    )


def score_stance(said: pd.DataFrame) -> None:
    """Print the stance of rules and fitted coder, alone and with the encoder, and one reader against the other."""
    gold = {unit: {} for unit in said["statement_id"]} | stance_codes("stance", "adjudicated")
    print("\nStance, on coded statements (F1)")
    usual = stance.usual_of(stance.un_codes("train")[0])
    coders = frames.machines(load_stance_coder)
    coded = {TITLES[name]: stance.as_codes(code_stance(said, coder=coder)) for name, coder in coders.items()}
    for name, found in coded.items():
        stance.show(f"teaching corpus: {name}", stance.score_un(gold, found))
    by_rules = coded["rules"]
    always = {unit: {target: usual.get(target, 0) for target in row} for unit, row in by_rules.items()}
    stance.show("teaching corpus: found targets, usual in UN", stance.score_un(gold, always))
    one, two = (stance_codes("stance_passes", name) for name in ("reader1", "reader2"))
    stance.show("teaching corpus: one reader, the other", stance.score_un({unit: {} for unit in gold} | one, two))
    dev = stance.un_statements("dev")
    stance.show("UN dev: rules", stance.mean_scores(stance.un_codes("dev"), stance.as_codes(code_stance(dev))))
    against = [unit for unit, row in gold.items() if row.get("peace_process") == -1]
    right = {
        name: sum(found.get(one, {}).get("peace_process") == -1 for one in against) for name, found in coded.items()
    }
    print(
        f"Against the talks: {len(against)} in the gold; right: "
        + "; ".join(f"{name} {count}" for name, count in right.items())
    )
    print("Errors of the rules, by target: missed, invented, polarity as coded -> as given")
    for target, wrong in sorted(stance.errors(gold, by_rules).items(), key=lambda item: -sum(item[1].values()))[:8]:
        kinds = ", ".join(f"{kind} {n}" for kind, n in sorted(wrong.items(), key=lambda item: -item[1]))
        print(f"  {target:18} {kinds}")


def main() -> None:
    """Score everything on the teaching corpus."""
    texts, gold = articles(), statements()
    attribution(texts, gold)
    said = resolve_speakers(gold, texts, codebook=load_codebook())
    speakers(said)
    said = said.merge(texts[["doc_id", "date"]], on="doc_id")
    score_frames(said)
    score_stance(said)


if __name__ == "__main__":
    main()
