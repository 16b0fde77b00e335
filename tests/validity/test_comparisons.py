"""Shares of groups and their differences: a table in, rows out; small groups say so."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.validity import bootstrap, differences, shares


def statements(*groups: tuple[str, int, float, int]) -> pd.DataFrame:
    """Make groups of (name, articles, share of articles with a threat, statements in each article)."""
    rows = [
        {"source": name, "doc_id": f"{name}{i}", "threat": int(i < share * articles), "kind": ("a", "b")[i % 2]}
        for name, articles, share, size in groups
        for i in range(articles)
        for _ in range(size)
    ]
    return pd.DataFrame(rows)


def test_the_interval_is_that_of_a_bootstrap_over_articles():
    frame = statements(("x", 30, 0.4, 5), ("y", 20, 0.5, 3))
    row = shares(frame, "threat", by="source", unit="doc_id").iloc[0]
    same = bootstrap(frame[frame["source"] == "x"], lambda t: t["threat"].mean(), unit="doc_id").iloc[0]
    assert row[["n", "count", "units", "share"]].tolist() == [150, 60, 30, 0.4]
    assert abs(row["low"] - same["low"]) < 0.05
    assert abs(row["high"] - same["high"]) < 0.05


def test_an_interval_covers_the_truth_as_often_as_it_says():
    rng = np.random.default_rng(4)
    covered = []
    for _ in range(100):
        doc = np.repeat(np.arange(60), 5)
        x = (rng.random(300) < rng.beta(1.2, 2.8, 60)[doc]).astype(int)
        frame = pd.DataFrame({"doc_id": doc, "source": np.where(doc < 30, "x", "y"), "threat": x})
        row = differences(frame, "threat", by="source", unit="doc_id", repeats=400).iloc[0]
        covered.append(row["low"] <= 0 <= row["high"])
    assert 0.88 <= np.mean(covered) <= 0.99


@pytest.mark.filterwarnings("error")
def test_one_article_has_no_interval_and_few_are_flagged():
    frame = statements(("one", 1, 1.0, 50), ("three", 3, 0.4, 4), ("many", 9, 0.5, 2))
    table = shares(frame, "threat", by="source", unit="doc_id").set_index("group")
    assert table.loc["one", ["low", "high"]].isna().all()
    assert table["few"].to_dict() == {"many": False, "one": True, "three": True}
    apart = differences(frame, "threat", by="source", unit="doc_id", reference="many").set_index("group")
    assert apart.loc["one", ["low", "high"]].isna().all()
    assert apart["few"].all()


def test_a_difference_to_or_from_one_article_has_no_interval():
    one = pd.DataFrame({"source": "one", "doc_id": "one0", "threat": [1, 1, 0]})
    frame = pd.concat([one, statements(("many", 9, 0.4, 2))])
    for reference in ("one", "many"):
        (row,) = differences(frame, "threat", by="source", unit="doc_id", reference=reference).itertuples()
        assert (row.n, row.n_reference) == ((18, 3) if reference == "one" else (3, 18))
        assert np.isnan(row.low)
        assert np.isnan(row.high)


def test_where_all_agree_the_interval_is_still_no_certainty():
    frame = statements(("all", 20, 1.0, 2), ("none", 20, 0.0, 2), ("some", 20, 0.5, 2))
    table = shares(frame, "threat", by="source", unit="doc_id").set_index("group")
    # Clopper and Pearson for 20 of 20
    assert table.loc["all", ["low", "high"]].tolist() == pytest.approx([0.025 ** (1 / 20), 1])
    assert table.loc["none", ["low", "high"]].tolist() == pytest.approx([0, 1 - 0.025 ** (1 / 20)])
    apart = differences(frame, "threat", by="source", unit="doc_id").set_index("group").loc["none"]
    assert apart["difference"] == -1
    assert -1 == apart["low"] < apart["high"] < -0.6


@pytest.mark.parametrize("name", ["all", "none"])
def test_a_difference_to_a_group_in_which_all_agree_joins_both_intervals(name):
    frame = statements(("all", 20, 1.0, 2), ("none", 20, 0.0, 2), ("some", 20, 0.5, 2))
    table = shares(frame, "threat", by="source", unit="doc_id").set_index("group")
    sure, some = table.loc[name], table.loc["some"]
    apart = {ref: differences(frame, "threat", by="source", unit="doc_id", reference=ref) for ref in (name, "some")}
    row, back = apart["some"].set_index("group").loc[name], apart[name].set_index("group").loc["some"]
    below = np.hypot(sure["share"] - sure["low"], some["high"] - some["share"])
    above = np.hypot(sure["high"] - sure["share"], some["share"] - some["low"])
    expected = [row["difference"] - below, row["difference"] + above]
    assert row[["low", "high"]].tolist() == pytest.approx(expected)
    assert back[["high", "low"]].tolist() == pytest.approx([-end for end in expected])


def test_a_tuple_counts_for_each_of_its_codes_once_and_an_empty_one_for_none():
    frame = pd.DataFrame({"g": "x", "doc_id": list("abcd"), "agents": [("war", "drugs"), ("war", "war"), (), ("war",)]})
    table = shares(frame, "agents", by="g", unit="doc_id").set_index("value")
    assert table["share"].to_dict() == {"drugs": 0.25, "war": 0.75}
    assert table["n"].tolist() == [4, 4]


def test_every_group_has_every_code_and_rows_without_a_group_are_left_out():
    frame = statements(("x", 6, 0.5, 1), ("y", 6, 0.5, 1)).assign(target=["iran"] * 6 + ["india"] * 6)
    frame.loc[0, "source"] = None
    table = shares(frame, "target", by="source", unit="doc_id")
    assert table[["group", "value", "n", "count"]].values.tolist() == [
        ["x", "india", 5, 0],
        ["x", "iran", 5, 5],
        ["y", "india", 6, 6],
        ["y", "iran", 6, 0],
    ]


def test_without_any_code_there_are_no_shares_and_no_differences():
    frame = pd.DataFrame({"source": list("xyy"), "doc_id": list("abc"), "kinds": [None, (), None]}, dtype=object)
    for verb in (shares, differences):
        table = verb(frame, "kinds", by="source", unit="doc_id")
        assert table.empty
        assert {"group", "value", "low", "high", "few"} <= set(table.columns)


def test_a_difference_is_that_of_the_shares_and_changes_its_sign_with_the_reference():
    frame = statements(("x", 40, 0.75, 2), ("y", 40, 0.25, 2))
    there, back = (differences(frame, "threat", by="source", unit="doc_id", reference=name).iloc[0] for name in "xy")
    assert there["difference"] == -back["difference"] == -0.5
    assert there["low"] == pytest.approx(-back["high"])
    assert there["high"] < 0


def test_an_article_with_rows_in_both_groups_is_drawn_for_both():
    frame = pd.DataFrame({"doc_id": np.repeat(range(40), 2), "kind": ["a", "b"] * 40})
    frame["threat"] = np.repeat(np.arange(40) % 2, 2)  # both kinds of an article always agree
    row = differences(frame, "threat", by="kind", unit="doc_id").iloc[0]
    assert row[["difference", "low", "high"]].tolist() == [0, 0, 0]


def test_the_order_of_rows_decides_nothing_and_the_input_stays():
    frame = statements(("x", 8, 0.5, 2), ("y", 9, 0.4, 2))
    before = frame.copy()
    mixed = frame.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(*(shares(f, "kind", by="source", unit="doc_id") for f in (frame, mixed)))
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize(
    ("change", "options", "error", "words"),
    [
        ({}, {"by": "outlet"}, KeyError, "no column 'outlet'"),
        ({"source": None}, {}, ValueError, "no row has a value in 'source'"),
        ({"doc_id": None}, {}, ValueError, "12 rows have no 'doc_id'"),
        ({}, {"repeats": 1}, ValueError, "repeats is 1"),
        ({}, {"reference": "z"}, ValueError, "reference is 'z': choose one of x, y"),
    ],
)
def test_bad_input_is_named(change, options, error, words):
    frame = statements(("x", 6, 0.5, 1), ("y", 6, 0.5, 1)).assign(**change)
    with pytest.raises(error, match=words):
        differences(frame, "threat", **{"by": "source", "unit": "doc_id", **options})


def test_a_column_can_be_group_and_unit() -> None:
    frame = pd.DataFrame({"doc_id": ["a", "a", "b"], "threat": [1, 0, 1]})
    assert shares(frame, "threat", by="doc_id", unit="doc_id")["share"].tolist() == [0.5, 1.0]
