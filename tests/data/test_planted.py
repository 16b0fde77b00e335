"""What was planted in the teaching corpus is found, by the path and by hand, and what was not planted is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from helpers import (
    bootstrap,
    code_frames,
    code_stance,
    count_terms,
    extract_statements,
    find_repeated_lines,
    fit_topics,
    frames_wide,
    load_articles,
    load_codebook,
)
from helpers.lessons.checks import cast_actors
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

TURNER = "nasratullah_sarwandi"
FULL = 20


@pytest.fixture(scope="module")
def planted() -> pd.DataFrame:
    table = pd.read_csv(ROOT / "data" / "planted.csv", dtype="string", keep_default_na=False).set_index("doc_id")
    table["late"] = table["date"].str[:4].astype(int) > 2010
    return table[["outlet", "weekend", "topic", "frame", "turning_actor", "republished_from", "language", "late"]]


@pytest.fixture(scope="module")
def original(planted: pd.DataFrame) -> pd.DataFrame:
    return planted[planted["republished_from"].eq("") & planted["language"].eq("en")]


@pytest.fixture(scope="module")
def cast() -> pd.DataFrame:
    return cast_actors(pd.read_csv(ROOT / "data" / "cast.csv", dtype="string", keep_default_na=False))


@pytest.fixture(scope="module")
def articles() -> pd.DataFrame:
    return load_articles(ROOT / "data" / "articles").articles


@pytest.fixture(scope="module")
def statements(articles: pd.DataFrame, cast: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """Return the statements of the corpus, with its cast as actors."""
    own: Path = tmp_path_factory.mktemp("codebook")
    cast.to_csv(own / "actors.csv", index=False)
    return extract_statements(articles, codebook=load_codebook(own))


@pytest.fixture(scope="module")
def gold() -> pd.DataFrame:
    return pd.read_csv(ROOT / "data" / "gold" / "statements.csv", dtype="string", keep_default_na=False)


@pytest.fixture(scope="module", params=["path", "hand"])
def wide(request: pytest.FixtureRequest, planted: pd.DataFrame) -> pd.DataFrame:
    """Return the frames of each statement with what was planted: as the path codes them, and as they were coded by hand."""
    said = request.getfixturevalue("statements" if request.param == "path" else "gold")
    if request.param == "path":
        codes = code_frames(said)
    else:
        codes = pd.read_csv(ROOT / "data" / "gold" / "frames.csv", keep_default_na=False)
    frames = frames_wide(codes, said)
    return frames.merge(said[["statement_id", "doc_id"]], on="statement_id").join(planted, on="doc_id")


@pytest.fixture(scope="module")
def shares(articles: pd.DataFrame, original: pd.DataFrame) -> pd.DataFrame:
    """Return the share of each of eight topics in each original article; wire copies and furniture are left out."""
    own = articles[articles["doc_id"].isin(original.index)].copy()
    for line in find_repeated_lines(articles)["line"]:
        own["text"] = own["text"].str.replace(line, "", regex=False)
    topics = fit_topics(count_terms(own, text="text", id="doc_id", min_docs=3, names=False), 8)
    heads = ["talk", "donor", "opium", "border", "refugee", "soldier", "murder"]
    terms = topics.terms[topics.terms["term"].isin(heads)]
    named = terms.sort_values("weight").groupby("term")["topic"].last()
    table = topics.docs.pivot(index="id", columns="topic", values="share")
    return pd.DataFrame({head: table[named[head]] for head in heads}).join(original).rename_axis("doc_id").reset_index()


def difference(frame: pd.DataFrame, side: pd.Series, value: pd.Series) -> pd.Series:
    """Return the mean where `side` is true less the mean where it is not, with its interval over articles."""
    rows = pd.DataFrame({"doc_id": frame["doc_id"], "side": side.astype(bool), "value": value.astype(float)})
    assert rows.groupby("side")["doc_id"].nunique().min() >= FULL, rows.groupby("side")["doc_id"].nunique().to_dict()

    def gap(table: pd.DataFrame) -> float:
        means = table.groupby("side")["value"].mean()
        return means.get(True, float("nan")) - means.get(False, float("nan"))

    return bootstrap(rows, gap, unit="doc_id", repeats=400).iloc[0]


def test_each_contrast_has_twenty_articles_on_each_side(planted: pd.DataFrame, original: pd.DataFrame) -> None:
    sides = [
        original["late"].value_counts(),
        original.loc[original["frame"].ne(""), "frame"].value_counts(),
        original.loc[original["turning_actor"].ne(""), "turning_actor"].value_counts(),
        planted["outlet"].eq("The Arg Bulletin").value_counts(),
        planted["weekend"].value_counts(),
    ]
    for counts in sides:
        assert len(counts) == 2
        assert counts.min() >= FULL, counts.to_dict()


def test_talks_rise_over_the_years(shares: pd.DataFrame) -> None:
    found = difference(shares, shares["late"], shares["talk"])
    assert found["low"] > 0, found.to_dict()


@pytest.mark.parametrize(("topic", "meant"), [("opium", "narcotics"), ("donor", "aid")])
def test_what_falls_over_the_years_falls_but_too_little_to_be_sure(
    shares: pd.DataFrame, topic: str, meant: str
) -> None:
    found = difference(shares, shares["late"], shares[topic])
    known = shares["topic"].eq(meant).groupby(shares["late"]).mean()
    assert found["estimate"] < 0
    assert found["low"] <= known[True] - known[False] <= found["high"], found.to_dict()


@pytest.mark.parametrize(
    ("outlets", "topics"),
    [
        (["The Arg Bulletin"], ["donor"]),
        (["The Amu Herald", "The Margalla Courier"], ["border", "refugee"]),
        (["The Federal Lantern", "The Albion Correspondent"], ["soldier", "murder"]),
    ],
)
def test_outlets_have_topics_of_their_own(shares: pd.DataFrame, outlets: list[str], topics: list[str]) -> None:
    found = difference(shares, shares["outlet"].isin(outlets), shares[sorted(set(topics))].sum(axis=1))
    assert found["low"] > 0, found.to_dict()


def test_one_outlet_asks_for_law_where_the_other_asks_for_force(wide: pd.DataFrame) -> None:
    pair = wide[wide["frame"].isin(["war", "crime"])]
    balance = pd.Series([("law" in ids) - ("military" in ids) for ids in pair["measures"]], index=pair.index)
    assert pair["doc_id"].nunique() == 2 * FULL
    found = difference(pair, pair["frame"].eq("crime"), balance)
    assert found["low"] > 0, found.to_dict()


def test_weekends_do_not_differ(wide: pd.DataFrame) -> None:
    found = difference(wide, wide["weekend"].eq("1"), wide["threat"])
    assert found["low"] <= 0 <= found["high"], found.to_dict()


def test_one_outlet_quotes_one_side_only(statements: pd.DataFrame, cast: pd.DataFrame, planted: pd.DataFrame) -> None:
    sides = cast.drop_duplicates("actor_id").set_index("actor_id")["side"]
    voices = statements.join(sides, on="speaker_id").dropna(subset=["side"]).join(planted, on="doc_id")
    state, daily = voices["side"].isin(["afghan_state", "turning_actor"]), voices["outlet"].eq("The Arg Bulletin")
    assert state[daily].all()
    found = difference(voices, daily, state)
    assert found["low"] > 0.2, found.to_dict()
    assert state.groupby(voices["outlet"]).mean().drop("The Arg Bulletin").max() < 0.8


def test_the_turn_of_one_speaker_is_read_from_his_words(statements: pd.DataFrame, planted: pd.DataFrame) -> None:
    stance = code_stance(statements[statements["speaker_id"].eq(TURNER)])
    stance = stance.merge(statements[["statement_id", "doc_id"]], on="statement_id").join(planted, on="doc_id")
    turner = stance[stance["target"].eq("peace_process") & stance["turning_actor"].ne("")]
    found = difference(turner, turner["turning_actor"].eq("after"), turner["polarity"])
    assert found["high"] < 0, found.to_dict()
    means = turner.groupby("turning_actor")["polarity"].mean()
    assert means["after"] < 0 < means["before"], means.to_dict()
    assert len(turner[turner["turning_actor"].eq("after")]) >= FULL


def test_the_turn_stands_in_the_hand_codes(gold: pd.DataFrame, planted: pd.DataFrame) -> None:
    stance = pd.read_csv(ROOT / "data" / "gold" / "stance.csv")
    his = stance.merge(gold[["statement_id", "speaker_name"]], on="statement_id").join(planted, on="doc_id")
    his = his[his["speaker_name"].eq("Nasratullah Sarwandi") & his["target"].eq("peace_process")]
    found = difference(his, his["turning_actor"].eq("after"), his["polarity"])
    assert found["high"] < -1, found.to_dict()
