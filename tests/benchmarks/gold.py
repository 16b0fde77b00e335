"""Score attribution and speakers on the teaching corpus beside the real sets.

`python -m tests.benchmarks.gold` prints the figures. The articles were written by us, so a good figure here alone says
nothing: what matters is the distance to real text. More than 8 points better than PolNeAR dev: the articles are too easy.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from helpers.articles.load import load_articles
from helpers.codebook.load import load_codebook
from helpers.statements.people.resolve import resolve_speakers
from tests.benchmarks.attribution import predict, span_of, without_none
from tests.benchmarks.material import ROOT, SHARED, load_scorer, read_lines, read_spans
from tests.benchmarks.speakers import matches

GOLD = ROOT / "data" / "gold"
TOO_EASY = 8.0


def articles() -> pd.DataFrame:
    """Return the English articles of the teaching corpus with the date on which they appeared."""
    planted = pd.read_csv(ROOT / "data" / "planted.csv")[["doc_id", "language", "date"]]
    loaded = load_articles(ROOT / "data" / "articles").articles.drop(columns=["date", "language"])
    loaded = loaded.merge(planted, on="doc_id").sort_values("doc_id", ignore_index=True)
    return loaded[loaded["language"] == "en"].astype({"date": "datetime64[ns]"})


def statements(file: str = "statements") -> pd.DataFrame:
    """Return the adjudicated statements in the columns of extract_statements, with dates and the coded speaker."""
    table = pd.read_csv(GOLD / f"{file}.csv", keep_default_na=False, dtype={"spans": "string"})
    table = table[table["coder"] == "adjudicated"].reset_index(drop=True)
    table["spans"] = [read_spans(spans) for spans in table["spans"]]
    offsets = ["speaker_start", "speaker_end", "cue_start", "cue_end"]
    for name in offsets:
        table[name] = pd.to_numeric(table[name], errors="coerce").astype("Int64")
    words = ["speaker", "cue", "speaker_name"]
    table[words] = table[words].astype("string").mask(table[words] == "")
    return table.rename(columns={"speaker_name": "coded"})


def as_coded(texts: pd.DataFrame, gold: pd.DataFrame) -> list[dict[str, Any]]:
    """Return articles and coded statements in the form that the scorer reads."""
    return [
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


def attribution(sets: dict[str, list[dict[str, Any]]]) -> None:
    """Print the scorer's figures for speech, here and on PolNeAR dev, and how far they are apart."""
    folder = SHARED / "benchmarks" / "attribution"
    scorer = load_scorer(folder / "score_attribution.py")
    found = {}
    sets = sets | {"polnear-dev": without_none(read_lines(folder / "polnear-dev.jsonl.gz"))}
    print(
        "Attribution, what the scorer counts as speech: F1 of statements, of statements with their source, recall by kind"
    )
    for name, rows in sets.items():
        result, _ = scorer.evaluate(rows, predict(rows), [], "speech")
        found[name] = [100 * result[key][2] for key in ("stmt", "full")]
        recall = "  ".join(f"{kind} {100 * row['stmt'][1]:5.1f}" for kind, row in result["by_type"].items())
        print(f"  {name:16} {result['gold']:5} coded  {found[name][0]:5.1f}  {found[name][1]:5.1f}   {recall}")
    real = found.pop("polnear-dev")
    for name, scores in found.items():
        apart = [here - there for here, there in zip(scores, real, strict=True)]
        verdict = "too easy" if max(apart) > TOO_EASY else "not too easy"
        print(f"  {name} less polnear-dev  {apart[0]:+.1f}  {apart[1]:+.1f}: {verdict} (limit {TOO_EASY:+.0f})")


def named(texts: pd.DataFrame, gold: pd.DataFrame) -> tuple[int, float, float]:
    """Return how many speakers are coded, and which share is resolved to that name, exactly and loosely.

    Aliases of the cast are not known to the resolver.
    """
    resolved = resolve_speakers(gold, texts, codebook=load_codebook())
    known = resolved[resolved["coded"].notna()]
    answers = [matches(row.speaker_name, row.coded) for row in known.itertuples()]
    exact, loose = (sum(answer[i] for answer in answers) / len(answers) for i in (0, 1))
    return len(known), exact, loose


def main() -> None:
    """Score attribution and speakers on the teaching corpus and on the plain set."""
    sets = {
        "teaching corpus": (articles(), statements()),
        "plain set": (load_articles(ROOT / "data" / "plain").articles, statements("plain_statements")),
    }
    attribution({name: as_coded(*parts) for name, parts in sets.items()})
    print("\nSpeakers of coded sources")
    for name, parts in sets.items():
        coded, exact, loose = named(*parts)
        print(f"  {name:16} {coded:5} coded, exactly {100 * exact:.1f} %, loosely {100 * loose:.1f} %")


if __name__ == "__main__":
    main()
