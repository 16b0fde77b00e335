"""The plain constructed news is what its datasheet says, and its planted contrasts are found by the path."""

from __future__ import annotations

import gzip
import json
import re
import tomllib
from collections import Counter

import pandas as pd
import pytest

from helpers import code_frames, differences, extract_statements, frames_wide, load_articles, shares
from helpers.paths import DATA, PLAIN
from tests.benchmarks.coding import plain, predicted, score
from tests.benchmarks.gold import named, statements
from tests.benchmarks.speakers import covered, length
from tests.data.test_corpus import runs

SIDES = ["Taybad Daily", "Potomac World Radio"]
PLANTED = tomllib.loads((DATA / "planted.toml").read_text(encoding="utf-8"))
CONTRASTS = {name: plan for name, plan in PLANTED.items() if isinstance(plan, dict) and plan.get("folder") == "plain"}
CLAUSE = 12  # words in a row; shorter runs are formulas of the trade ("a suicide bomber blew himself up near the")
BAND = 0.15  # an empty contrast is only shown to be empty if its interval is narrow, too


@pytest.fixture(scope="module")
def articles() -> pd.DataFrame:
    loaded = load_articles(PLAIN)
    assert loaded.rejects.empty
    return loaded.articles


@pytest.fixture(scope="module")
def wide(articles: pd.DataFrame) -> pd.DataFrame:
    """Return one row per statement: outlet, cue and frames."""
    said = extract_statements(articles)
    known = said[["statement_id", "doc_id", "cue"]].merge(articles[["doc_id", "source"]], on="doc_id")
    return frames_wide(code_frames(said), said).merge(known, on="statement_id")


def test_two_outlets_of_twenty_articles_with_dates_in_one_format(articles: pd.DataFrame) -> None:
    assert articles["source"].value_counts().to_dict() == dict.fromkeys(SIDES, 20)
    assert set(articles["format"]) == {"text"}
    assert set(articles["date_precision"]) == {"day"}
    assert set(articles["date"].dt.year) == set(range(2019, 2025))
    assert articles["constructed"].all()


def test_articles_are_as_long_as_wire_copy(articles: pd.DataFrame) -> None:
    words = articles["text"].str.split().str.len()
    assert words.between(180, 320).all()


def test_every_article_says_in_the_file_that_it_is_constructed() -> None:
    files = sorted(PLAIN.rglob("*.txt"))
    assert len(files) == 40
    assert all("Constructed for teaching" in path.read_text(encoding="utf-8") for path in files)


DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def test_an_opening_names_a_day_that_has_just_passed(articles: pd.DataFrame) -> None:
    for row in articles.itertuples():
        opening = row.text.split("\n\n")[1]
        for day in re.findall("|".join(DAYS), opening):
            assert (row.date.day_of_week - DAYS.index(day)) % 7 <= 3, (row.doc_id, day)


def test_no_sentence_is_used_twice(articles: pd.DataFrame) -> None:
    sentences = Counter(
        part for text in articles["text"] for part in re.split(r"(?<=[.”])\s+", text) if len(part.split()) > 5
    )
    assert [sentence for sentence, count in sentences.items() if count > 1] == []


def test_no_article_shares_a_clause_with_the_hard_set_or_real_news(articles: pd.DataFrame, shared) -> None:
    ours = set().union(*(runs(line, CLAUSE) for text in articles["text"] for line in text.split("\n")))
    others = list(load_articles(DATA / "articles").articles["text"])
    with gzip.open(shared / "data" / "news" / "articles.jsonl.gz", "rt", encoding="utf-8") as lines:
        others += [json.loads(line)["text"] for line in lines]
    found = {run for text in others for run in runs(text, CLAUSE) & ours}
    assert len(ours) > 5000
    assert found == set()


@pytest.fixture(scope="module")
def adjudicated(articles: pd.DataFrame) -> pd.DataFrame:
    """Return the same table from the reference coding: what is there, whatever a coder finds."""
    said, codes = (
        pd.read_csv(DATA / "gold" / f"plain_{name}.csv", keep_default_na=False).query("coder == 'adjudicated'")
        for name in ("statements", "codes")
    )
    known = said[["statement_id", "doc_id", "cue"]].merge(articles[["doc_id", "source"]], on="doc_id")
    frames = codes[codes["variable"] != "stance"].rename(columns={"variable": "slot"}).assign(negated=False)
    return frames_wide(frames, said).merge(known, on="statement_id")


@pytest.fixture(params=["wide", "adjudicated"])
def framed(request: pytest.FixtureRequest) -> pd.DataFrame:
    return request.getfixturevalue(request.param)


@pytest.mark.parametrize("name", [name for name, plan in CONTRASTS.items() if plan["direction"]])
def test_a_planted_contrast_is_found_and_is_one_of_degree(framed: pd.DataFrame, name: str) -> None:
    plan = CONTRASTS[name]
    first, second = plan["sides"]
    wanted = set(plan["values"])
    rows = framed.assign(has=[not wanted.isdisjoint(codes) for codes in framed[plan["slot"]]])
    told = differences(rows, "has", by=plan["column"], unit="doc_id", reference=second).iloc[0]
    assert told["group"] == first
    assert told["low"] * plan["direction"] > 0, told.to_dict()
    assert told["high"] * plan["direction"] > 0, told.to_dict()
    table = shares(rows, "has", by=plan["column"], unit="doc_id")
    assert table["share"].between(0.001, 0.5).all()


def test_condemnations_are_found_to_be_equally_often(framed: pd.DataFrame) -> None:
    cues = "|".join(CONTRASTS["plain_null"]["cue"].split(", "))
    rows = framed.assign(condemned=framed["cue"].fillna("").str.contains(cues, case=False))
    told = differences(rows, "condemned", by="source", unit="doc_id", reference=SIDES[1]).iloc[0]
    assert told["low"] <= 0 <= told["high"], told.to_dict()
    assert max(-told["low"], told["high"]) < BAND, told.to_dict()
    assert rows.groupby("source")["condemned"].mean().min() > 0.03


def test_the_outlets_are_not_found_to_differ_in_threats(framed: pd.DataFrame) -> None:
    """By the reference coding the interval is wide and only just holds zero: no claim that the outlets are equal."""
    rows = framed.assign(threat=framed["threat"].eq(1))
    told = differences(rows, "threat", by="source", unit="doc_id", reference=SIDES[1]).iloc[0]
    assert told["low"] <= 0 <= told["high"], told.to_dict()
    assert rows.groupby("source")["threat"].mean().between(0.2, 0.6).all()


def test_the_plain_set_is_read_and_coded_as_well_as_it_was(articles: pd.DataFrame) -> None:
    coded = statements("plain_statements")
    said, gold = plain()
    codes = score(gold, predicted(said))
    found = extract_statements(articles, resolve=False)
    pairs = matched(coded, found)
    seen = {
        "statements": 2 * len(pairs) / (len(coded) + len(found)),
        "speaker": named(articles, coded)[1],
        "threat": codes["threat"],
        "signed": codes["signed"],
    }
    assert {name: round(seen[name], 3) for name in FLOORS if seen[name] < FLOORS[name]} == {}


def matched(coded: pd.DataFrame, found: pd.DataFrame) -> set[tuple[str, int]]:
    """Pair statements that share at least half of what they cover together: at most one found statement for each."""
    taken: set[int] = set()
    pairs = set()
    for row in coded.itertuples():
        for place, other in zip(found.index, found.itertuples(), strict=True):
            if other.doc_id != row.doc_id or place in taken:
                continue
            both = covered(row.spans, other.spans)
            if both >= 0.5 * (length(row.spans) + length(other.spans) - both):
                taken.add(place)
                pairs.add((row.statement_id, place))
                break
    return pairs


# What was measured, less three points: python -m tests.benchmarks.gold, python -m tests.benchmarks.coding
FLOORS = {"statements": 0.918, "speaker": 0.905, "threat": 0.860, "signed": 0.645}
