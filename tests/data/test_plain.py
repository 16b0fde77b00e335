"""The plain constructed news is what its datasheet says, and its planted contrasts are found by the path."""

from __future__ import annotations

import gzip
import json
import re
import tomllib
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from helpers import code_frames, differences, extract_statements, frames_wide, load_articles, shares
from helpers.paths import DATA, PLAIN
from tests.data.test_corpus import runs

if TYPE_CHECKING:
    import pandas as pd

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


@pytest.mark.parametrize("name", [name for name, plan in CONTRASTS.items() if plan["direction"]])
def test_a_planted_contrast_is_found_and_is_one_of_degree(wide: pd.DataFrame, name: str) -> None:
    plan = CONTRASTS[name]
    first, second = plan["sides"]
    wanted = set(plan["values"])
    rows = wide.assign(has=[not wanted.isdisjoint(codes) for codes in wide[plan["slot"]]])
    told = differences(rows, "has", by=plan["column"], unit="doc_id", reference=second).iloc[0]
    assert told["group"] == first
    assert told["low"] * plan["direction"] > 0, told.to_dict()
    assert told["high"] * plan["direction"] > 0, told.to_dict()
    table = shares(rows, "has", by=plan["column"], unit="doc_id")
    assert table["share"].between(0.001, 0.5).all()


@pytest.mark.parametrize("what", ["condemned", "threat"])
def test_the_empty_contrasts_are_found_to_be_empty(wide: pd.DataFrame, what: str) -> None:
    cues = "|".join(CONTRASTS["plain_null"]["cue"].split(", "))
    rows = wide.assign(condemned=wide["cue"].fillna("").str.contains(cues, case=False))
    rows["threat"] = rows["threat"].eq(1)
    told = differences(rows, what, by="source", unit="doc_id", reference=SIDES[1]).iloc[0]
    assert told["low"] <= 0 <= told["high"], told.to_dict()
    assert max(-told["low"], told["high"]) < BAND, told.to_dict()
    assert rows.groupby("source")[what].mean().min() > 0.03
