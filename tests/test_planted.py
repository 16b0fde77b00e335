"""What was planted in the teaching corpus is found by the path, and what was not planted is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from helpers import code_frames, code_stance, extract_statements, frames_wide, load_articles, load_codebook
from helpers.agreement import bootstrap
from helpers.lessons import cast_actors
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def planted() -> pd.DataFrame:
    table = pd.read_csv(ROOT / "data" / "planted.csv", dtype="string", keep_default_na=False)
    return table.set_index("doc_id")[["outlet", "weekend", "topic", "frame"]]


@pytest.fixture(scope="module")
def cast() -> pd.DataFrame:
    return cast_actors(pd.read_csv(ROOT / "data" / "cast.csv", dtype="string", keep_default_na=False))


@pytest.fixture(scope="module")
def statements(cast: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """Return the statements of the corpus, with its cast as actors."""
    own: Path = tmp_path_factory.mktemp("codebook")
    cast.to_csv(own / "actors.csv", index=False)
    articles = load_articles(ROOT / "data" / "articles").articles
    return extract_statements(articles, codebook=load_codebook(own))


@pytest.fixture(scope="module")
def wide(statements: pd.DataFrame, planted: pd.DataFrame) -> pd.DataFrame:
    frames = frames_wide(code_frames(statements), statements)
    return frames.merge(statements[["statement_id", "doc_id"]], on="statement_id").join(planted, on="doc_id")


def test_one_outlet_asks_for_law_where_the_other_asks_for_force(wide: pd.DataFrame) -> None:
    pair = wide[wide["frame"].isin(["war", "crime"])]
    balance = [("law" in ids) - ("military" in ids) for ids in pair["measures"]]

    def gap(frame: pd.DataFrame) -> float:
        means = frame.groupby("frame")["balance"].mean()
        return means["crime"] - means["war"]

    found = bootstrap(pair.assign(balance=balance), gap, unit="doc_id").iloc[0]
    assert pair["doc_id"].nunique() == 40
    assert found["low"] > 0, found.to_dict()


def test_weekends_do_not_differ(wide: pd.DataFrame) -> None:
    def gap(frame: pd.DataFrame) -> float:
        means = frame.groupby("weekend")["threat"].mean()
        return means["1"] - means["0"]

    found = bootstrap(wide, gap, unit="doc_id").iloc[0]
    assert wide.groupby("weekend")["doc_id"].nunique().min() >= 20
    assert found["low"] <= 0 <= found["high"], found.to_dict()


def test_one_outlet_quotes_one_side_only(statements: pd.DataFrame, cast: pd.DataFrame, planted: pd.DataFrame) -> None:
    sides = cast.drop_duplicates("actor_id").set_index("actor_id")["side"]
    voices = statements.join(sides, on="speaker_id").dropna(subset=["side"]).join(planted, on="doc_id")
    state = voices["side"].isin(["afghan_state", "turning_actor"])
    share = state.groupby(voices["outlet"]).mean()
    assert voices["outlet"].eq("The Arg Bulletin").sum() >= 20
    assert share["The Arg Bulletin"] == 1
    assert share.drop("The Arg Bulletin").max() < 0.8, share.to_dict()


def test_the_turn_of_one_speaker_is_read_from_his_words(statements: pd.DataFrame) -> None:
    table = pd.read_csv(ROOT / "data" / "planted.csv", dtype="string", keep_default_na=False)
    sides = table[table["turning_actor"].ne("")].set_index("doc_id")["turning_actor"]
    stance = code_stance(statements[statements["speaker_id"].eq("nasratullah_sarwandi")])
    stance = stance.merge(statements[["statement_id", "doc_id"]], on="statement_id")
    stance["side"] = stance["doc_id"].map(sides)
    turner = stance[stance["target"].eq("peace_process") & stance["side"].notna()]

    def change(frame: pd.DataFrame) -> float:
        means = frame.groupby("side")["polarity"].mean()
        return means["after"] - means["before"]

    read = turner[turner["rule"].ne("usual polarity")]
    for rows in (turner, read):
        found = bootstrap(rows.astype({"polarity": float}), change, unit="doc_id").iloc[0]
        assert found["high"] < 0, found.to_dict()
    assert len(read[read["side"].eq("after")]) >= 20
