"""Print how far the passes of the reference coding agree: run from the root of the project."""

# ruff: noqa: ANN401, D103, T201
from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
from sklearn.metrics import cohen_kappa_score

from helpers.validity import agreement, bootstrap

GOLD = Path(__file__).resolve().parent
HALF = 0.5
READERS = ("reader1", "reader2")
SINGLE = ("threat", "severity", "denial")
LISTS = ("agents", "types", "referents", "measures", "blame")
# Articles edited after the second pass beyond those that `disagreements.csv` shows by the reason `edited`.
ALSO_EDITED = {
    "albion_correspondent/2013_doha_villa.txt",
    "albion_correspondent/2021_gate_witnesses.txt",
    "amu_herald/pack.zip/2012_hairatan_rails.txt",
    "arg_bulletin/2007_two_nations_jirga.txt",
    "exports/nexis_albion.docx#1",
    "federal_lantern/2002_market_bomb.html",
    "federal_lantern/2019_camp_david.txt",
}


def read(name: str) -> pd.DataFrame:
    return pd.read_csv(GOLD / f"{name}.csv", keep_default_na=False)


def characters(row: Any) -> set[int]:
    return {i for span in row.spans.split(";") for i in range(*map(int, span.split("-")))}


def matched(one: pd.DataFrame, two: pd.DataFrame) -> list[tuple[Any, Any]]:
    """Pair statements that share at least half of what they cover together; those with the same cue first."""
    pairs = []
    for doc_id, part in one.groupby("doc_id"):
        others = [(row, characters(row)) for row in two[two["doc_id"] == doc_id].itertuples()]
        for row in part.itertuples():
            here = characters(row)
            for other, there in others:
                share = len(here & there) / len(here | there)
                if share >= HALF:
                    pairs.append((share + float(str(row.cue_start) == str(other.cue_start)), row, other))
    taken: set[tuple[int, str]] = set()
    both = []
    for _, row, other in sorted(pairs, key=lambda pair: -pair[0]):
        names = {(1, str(row.statement_id)), (2, str(other.statement_id))}
        if not names & taken:
            taken |= names
            both.append((row, other))
    return both


def plain(name: str) -> str:
    name = name.casefold().replace("’", "'").replace("sarvandi", "sarwandi").removeprefix("maulvi ")
    return name.removeprefix("the ").removeprefix("a ").removeprefix("an ")


def report(name: str, one: pd.DataFrame, two: pd.DataFrame) -> None:
    both = matched(one, two)
    n = len(both)
    print(f"\n{name}: pass 1 {len(one)}, pass 2 {len(two)}, matched {n}")
    counts = pd.DataFrame(
        {
            "n_one": one["doc_id"].value_counts(),
            "n_two": two["doc_id"].value_counts(),
            "both": pd.Series([a.doc_id for a, _ in both]).value_counts(),
        }
    ).fillna(0)
    print("pass 2 against pass 1; intervals over articles")
    found = bootstrap(counts.rename_axis("doc_id").reset_index(), presence, unit="doc_id")
    print(found.round(3).to_string(index=False))
    codes = pd.DataFrame(
        [
            (a.statement_id, coder, variable, value)
            for a, b in both
            for coder, x in (("author", a), ("reader", b))
            for variable, value in (
                ("kind", x.kind),
                ("source", x.speaker),
                ("speaker", x.speaker_name),
                ("speaker, form aside", plain(x.speaker_name)),
            )
        ],
        columns=["unit_id", "coder", "variable", "value"],
    )
    print(agreement(codes, level="nominal").round(3).to_string(index=False))
    print(f"kappa of kind {cohen_kappa_score([a.kind for a, _ in both], [b.kind for _, b in both]):.3f}")
    print(f"content equal {sum(a.spans == b.spans for a, b in both) / n:.3f}")
    sources = sum((a.speaker_start, a.speaker_end) == (b.speaker_start, b.speaker_end) for a, b in both)
    print(f"source equal, to the character {sources / n:.3f}")


def presence(counts: pd.DataFrame) -> pd.Series[float]:
    one, two, both = counts[["n_one", "n_two", "both"]].sum()
    return pd.Series({"precision": both / two, "recall": both / one, "F1": 2 * both / (one + two)})


def grid_of(units: pd.Series[Any], coders: pd.Series[Any]) -> pd.DataFrame:
    """Return one row per statement and coder."""
    pairs = [sorted(set(units)), sorted(set(coders))]
    return pd.MultiIndex.from_product(pairs, names=["unit_id", "coder"]).to_frame(index=False)


def frames_long(passes: pd.DataFrame, grid: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the codes of both readers by level of measurement; what a reader did not code has the value 0 or empty."""
    values = passes.groupby(["statement_id", "coder", "slot"])["value"].agg(lambda ids: ";".join(sorted(set(ids))))
    found: dict[str, list[pd.DataFrame]] = {"nominal": [], "ordinal": [], "set": []}
    for slot in (*SINGLE, *LISTS):
        rows = grid.join(values.xs(slot, level="slot"), on=["unit_id", "coder"]).assign(variable=slot)
        rows["value"] = rows["value"].fillna("" if slot in LISTS else "0")
        found["set" if slot in LISTS else "ordinal" if slot == "severity" else "nominal"].append(rows)
        if slot in LISTS:
            found["nominal"].append(rows.assign(variable=f"{slot}, any", value=(rows["value"] != "").astype(int)))
    return {level: pd.concat(tables) for level, tables in found.items()}


def stance_long(passes: pd.DataFrame, grid: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return which targets each reader saw, and the polarity toward those that both saw."""
    seen = passes.groupby(["statement_id", "coder"])["target"].agg(lambda ids: ";".join(sorted(set(ids))))
    targets = grid.join(seen.rename("value"), on=["unit_id", "coder"]).fillna({"value": ""})
    polarity = passes.assign(unit_id=passes["statement_id"] + " " + passes["target"], value=passes["polarity"])
    polarity = polarity.drop_duplicates(["unit_id", "coder"])  # two mentions of one target
    seen_by = polarity.groupby("unit_id")["coder"].transform("nunique")
    return {
        "set": targets.assign(variable="stance, targets"),
        "nominal": targets.assign(variable="stance, any", value=(targets["value"] != "").astype(int)),
        "ordinal": polarity[seen_by == grid["coder"].nunique()].assign(
            variable="stance, polarity toward the same target"
        ),
    }


def frames_report(name: str, frames: pd.DataFrame, stances: pd.DataFrame, grid: pd.DataFrame) -> None:
    stance = stance_long(stances, grid)
    tables = []
    for level, codes in frames_long(frames, grid).items():
        both = pd.concat([codes, stance[level]])[["unit_id", "coder", "variable", "value"]]
        tables.append(agreement(both, level=level).assign(level=level))
    print(f"\n{name}: frames and stance, one reader against the other; intervals over statements")
    print(pd.concat(tables).round(3).to_string(index=False))


def plain_report() -> None:
    """Print how far the two passes over the plain set agree; codes are compared on statements that both have."""
    statements, codes = read("plain_statements"), read("plain_codes")
    one, two = (statements[statements["coder"] == coder] for coder in READERS)
    report("plain set", one, two)
    shared = statements.loc[statements["passes"] == "both", "statement_id"]
    codes = codes[codes["statement_id"].isin(shared) & codes["coder"].isin(READERS)]
    codes = codes.rename(columns={"variable": "slot"})
    stances = codes[codes["slot"] == "stance"].drop(columns="slot").rename(columns={"value": "target"})
    frames = codes[codes["slot"] != "stance"]
    grid = grid_of(shared, codes["coder"])
    frames_report("plain set", frames, stances.astype({"polarity": int}), grid)


def main() -> None:
    one, two, ruled = read("statements_pass1"), read("statements_pass2"), read("disagreements")
    edited = ruled[ruled["reason"] == "edited"]
    unseen = one["statement_id"].isin(edited.merge(one, on=["doc_id", "start", "end"])["statement_id"])
    touched = ALSO_EDITED | set(edited["doc_id"])
    report("without sentences edited later", one[~unseen], two)
    report("without articles edited later", one[~one["doc_id"].isin(touched)], two[~two["doc_id"].isin(touched)])
    report("all rows", one, two)
    frames = read("frames_passes")
    grid = grid_of(frames["statement_id"], frames["coder"])
    frames_report("hard set", frames, read("stance_passes"), grid)
    ruled = read("frames_disagreements")
    print("\nrulings by variable")
    print(pd.crosstab(ruled["variable"], ruled["ruling"], margins=True).to_string())
    plain_report()


if __name__ == "__main__":
    main()
