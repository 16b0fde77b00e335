"""Agreement, spans, intervals and coding sheets: tables in, rows out."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nltk.metrics.agreement import AnnotationTask
from nltk.metrics.distance import binary_distance, interval_distance, masi_distance

from helpers.validity.agreement import agreement, match_spans, score_spans
from helpers.validity.intervals import bootstrap, corrected_share
from helpers.validity.sheets import coding_sheet, read_sheet

# Krippendorff (2011), "Computing Krippendorff's alpha-reliability", example C: four coders, twelve units.
KRIPPENDORFF = {
    "A": [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    "B": [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    "C": [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    "D": [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
}


def long(codes: dict[str, list], variable: str = "x") -> pd.DataFrame:
    rows = [
        {"unit_id": f"u{i}", "coder": coder, "variable": variable, "value": value}
        for coder, values in codes.items()
        for i, value in enumerate(values)
    ]
    return pd.DataFrame(rows).astype({"value": "object"})


def coefficient(codes: pd.DataFrame, level: str, name: str, **options) -> pd.Series:
    return agreement(codes, level=level, **options).set_index("coefficient").loc[name]


@pytest.mark.parametrize(("level", "expected"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)])
def test_alpha_equals_the_published_values(level, expected):
    row = coefficient(long(KRIPPENDORFF), level, "alpha")
    assert round(row["value"], 3) == expected
    assert row["n_units"] == 11  # the twelfth was coded once


def test_percent_is_the_mean_share_of_equal_pairs_of_codes():
    units = [[code for code in unit if code] for unit in zip(*KRIPPENDORFF.values(), strict=True)]
    equal = [np.mean([a == b for a, b in combinations(unit, 2)]) for unit in units if len(unit) > 1]
    assert coefficient(long(KRIPPENDORFF), "nominal", "percent")["value"] == pytest.approx(np.mean(equal))


def test_columns_have_the_types_that_the_docstring_gives():
    table = agreement(long(KRIPPENDORFF), level="nominal", repeats=5)
    assert table.dtypes.astype(str).tolist() == ["string"] * 2 + ["float64"] * 3 + ["int64"] * 2


def test_a_draw_that_misses_a_group_leaves_it_out():
    frame = pd.DataFrame({"doc_id": list("aabb"), "group": list("xxyy"), "x": pd.array([1, 2, 3, 4], dtype="Int64")})
    table = bootstrap(frame, lambda t: t.groupby("group")["x"].mean(), unit="doc_id", repeats=50)
    assert table[["estimate", "low", "high"]].values.tolist() == [[1.5] * 3, [3.5] * 3]


def test_ac1_by_hand():
    # 10 units, agreement on 9; shares .15 and .85: chance is 2 * .15 * .85 / (2 - 1)
    codes = long({"A": [1, 1, *[0] * 8], "B": [1, 0, *[0] * 8]})
    chance = 2 * 0.15 * 0.85
    assert coefficient(codes, "nominal", "ac1")["value"] == pytest.approx((0.9 - chance) / (1 - chance))


def test_rare_codes_alpha_falls_and_ac1_holds():
    codes = long({"A": [1, *[0] * 99], "B": [0, 1, *[0] * 98]})
    assert coefficient(codes, "nominal", "percent")["value"] == pytest.approx(0.98)
    assert coefficient(codes, "nominal", "alpha")["value"] < 0.01
    assert coefficient(codes, "nominal", "ac1")["value"] > 0.97
    assert coefficient(codes, "nominal", "ac1")["n_positive"] == 2


@pytest.mark.parametrize(
    ("level", "values", "distance"),
    [
        ("nominal", ["a", "b", "c"], binary_distance),
        ("interval", [0.0, 1.0, 4.0], interval_distance),
        (
            "set",
            [frozenset(), frozenset("a"), frozenset("ab"), frozenset("bc")],
            lambda a, b: 0.0 if a == b else masi_distance(a, b),
        ),
    ],
)
def test_alpha_equals_nltk(level, values, distance):
    rng = np.random.default_rng(3)
    drawn = {c: [values[i] for i in rng.integers(len(values), size=30)] for c in "AB"}
    drawn["B"][:15] = drawn["A"][:15]
    codes = long(drawn)
    task = AnnotationTask(
        data=list(zip(codes["coder"], codes["unit_id"], codes["value"], strict=True)), distance=distance
    )
    assert coefficient(codes, level, "alpha", repeats=10)["value"] == pytest.approx(task.alpha())


def test_sets_may_be_joined_text():
    as_text = long({"A": ["a;b", "", "c"], "B": ["b; a", "", "b"]})
    as_sets = long({"A": [("a", "b"), (), ("c",)], "B": [{"a", "b"}, set(), ["b"]]})
    pd.testing.assert_frame_equal(agreement(as_text, level="set"), agreement(as_sets, level="set"))


@pytest.mark.filterwarnings("error")
def test_all_codes_the_same_is_no_agreement_beyond_chance():
    table = agreement(long({"A": [0, 0], "B": [0, 0]}), level="nominal").set_index("coefficient")
    assert table.loc["percent", "value"] == 1
    assert table.loc[["alpha", "ac1"], "value"].isna().all()


def test_the_interval_holds_the_value_and_narrows_with_units():
    def row(n: int) -> pd.Series:
        return coefficient(long({"A": [1, 0, 1, 0] * n, "B": [1, 0, 0, 0] * n}), "nominal", "alpha")

    small, large = row(5), row(50)
    assert small["low"] < small["value"] < small["high"]
    assert large["high"] - large["low"] < (small["high"] - small["low"]) / 2


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=2, max_size=12), st.permutations(range(3)))
def test_nominal_agreement_does_not_depend_on_names(pairs, names):
    plain = long({"A": [f"v{a}" for a, _ in pairs], "B": [f"v{b}" for _, b in pairs]})
    renamed = long({"A": [f"v{names[a]}" for a, _ in pairs], "B": [f"v{names[b]}" for _, b in pairs]})
    first, second = (agreement(codes, level="nominal", repeats=5)["value"] for codes in (plain, renamed))
    np.testing.assert_allclose(first, second)
    assert (first.dropna() <= 1 + 1e-12).all()


@pytest.mark.parametrize(
    ("codes", "level", "error", "words"),
    [
        (long({"A": [1], "B": [1]}), "ratio", ValueError, "level is 'ratio'"),
        (long({"A": [1], "B": [1]}).drop(columns="coder"), "nominal", KeyError, "no column 'coder'"),
        (long({"A": ["high"], "B": ["low"]}), "ordinal", ValueError, "needs numbers"),
        (long({"A": [1, 2]}), "nominal", ValueError, "coded by two coders"),
        (pd.concat([long({"A": [1]})] * 2), "nominal", ValueError, "more than once"),
    ],
)
def test_agreement_names_bad_input(codes, level, error, words):
    with pytest.raises(error, match=words):
        agreement(codes, level=level)


def spans(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["doc_id", "start", "end", "slot"])


@pytest.mark.parametrize(
    ("found", "match", "expected"),
    [
        ((0, 10), "exact", 1),
        ((0, 9), "exact", 0),
        ((0, 9), "half", 1),
        ((0, 4), "half", 0),
        ((9, 30), "overlap", 1),
        ((10, 30), "overlap", 0),
    ],
    ids=["same", "one off", "nearly", "under half", "touching by one", "neighbours do not overlap"],
)
def test_spans_match(found, match, expected):
    table = match_spans(spans(("a", 0, 10, "x")), spans(("a", *found, "x")), match=match)
    assert table["n_matched"].tolist() == [expected]


def test_spans_match_one_to_one_and_as_many_as_possible():
    # the first found span could take either gold span, the second only one of them
    gold, found = spans(("a", 0, 10, "x"), ("a", 10, 20, "x")), spans(("a", 5, 15, "x"), ("a", 0, 5, "x"))
    assert match_spans(gold, found, match="overlap")["n_matched"].tolist() == [2]
    assert match_spans(gold, found.iloc[[0]], match="overlap")["n_matched"].tolist() == [1]


def test_scores_by_slot_and_over_all():
    gold = spans(("a", 0, 5, "agent"), ("a", 8, 9, "blame"), ("b", 0, 5, "agent"))
    found = spans(("a", 0, 5, "agent"), ("b", 0, 5, "blame"))
    table = score_spans(gold, found, match="exact", by="slot").set_index("label")
    assert table.loc["agent", ["precision", "recall"]].tolist() == [1.0, 0.5]
    assert table.loc["all", ["n_gold", "n_predicted", "n_matched"]].tolist() == [3, 2, 1]
    assert table.loc["all", "f1"] == pytest.approx(0.4)


def test_one_span_that_nobody_found_is_a_score_of_zero():
    (row,) = score_spans(spans(("a", 0, 5, "x")), spans(), match="exact").itertuples()
    assert (row.recall, row.f1) == (0, 0)
    assert np.isnan(row.precision)


def test_nothing_to_find_and_nothing_found():
    table = score_spans(spans(), spans(), match="exact")
    assert table[["n_gold", "n_predicted"]].iloc[0].tolist() == [0, 0]
    assert table["f1"].isna().all()
    empty = match_spans(spans(), spans(), match="exact")
    assert empty.dtypes.astype(str).tolist() == ["string", "string", "int64", "int64", "int64"]


@pytest.mark.parametrize(
    ("gold", "match", "error", "words"),
    [
        (spans(("a", 3, 3, "x")), "exact", ValueError, "do not end after their start: 1"),
        (spans(("a", 3, 4, "x")), "fuzzy", ValueError, "match is 'fuzzy'"),
        (spans(("a", 3, 4, "x")).drop(columns="end"), "exact", KeyError, "gold has no column 'end'"),
    ],
)
def test_spans_name_bad_input(gold, match, error, words):
    with pytest.raises(error, match=words):
        score_spans(gold, spans(), match=match)


def test_whole_units_give_wider_intervals_than_rows():
    frame = pd.DataFrame({"doc_id": np.repeat(np.arange(20), 10), "x": np.repeat([0, 1] * 10, 10)})
    by_article, naive = (bootstrap(frame, lambda t: t["x"].mean(), unit=unit).iloc[0] for unit in ("doc_id", None))
    assert by_article["estimate"] == naive["estimate"] == 0.5
    assert by_article["high"] - by_article["low"] > 2 * (naive["high"] - naive["low"])


def test_bootstrap_of_several_figures_keeps_their_names():
    frame = pd.DataFrame({"doc_id": list("aabbcc"), "group": list("xyxyxy"), "x": [1, 0, 1, 1, 0, 0]})
    table = bootstrap(frame, lambda t: t.groupby("group")["x"].mean(), unit="doc_id", repeats=50)
    assert table.columns.tolist() == ["group", "estimate", "low", "high"]
    assert table["group"].tolist() == ["x", "y"]


def test_figures_without_a_named_index_are_named_as_well():
    frame = pd.DataFrame({"doc_id": list("ab"), "x": [1.0, 2.0]})
    table = bootstrap(frame, lambda t: pd.Series({"mean": t["x"].mean(), "n": len(t)}), unit="doc_id", repeats=5)
    assert table["statistic"].tolist() == ["mean", "n"]


@pytest.mark.parametrize("unit", ["doc_id", None])
def test_one_unit_gives_no_interval_and_says_so(unit):
    frame = pd.DataFrame({"doc_id": ["a"] * (3 if unit else 1), "x": [1, 2, 3] if unit else [2]})
    with pytest.warns(UserWarning, match="there is no interval"):
        table = bootstrap(frame, lambda rows: rows["x"].mean(), unit=unit, repeats=20)
    assert table["estimate"].tolist() == [2.0]
    assert table[["low", "high"]].isna().all(axis=None)


@pytest.mark.parametrize("value", [float("inf"), "-inf", "nan"])
@pytest.mark.parametrize("level", ["ordinal", "interval"])
def test_values_without_an_end_are_refused(level, value):
    codes = long({"A": [1, 2], "B": [1, value]})
    with pytest.raises(ValueError, match=rf"has the value .*{str(value).strip('-')}.* needs numbers, and finite ones"):
        agreement(codes, level=level)


@pytest.mark.parametrize("missing", [np.nan, pd.NA])
def test_draws_without_a_value_are_left_out(missing):
    frame = pd.DataFrame({"doc_id": range(6), "x": [1, 1, 1, 0, 0, 0]})
    table = bootstrap(
        frame, lambda t: 2.0 if t["x"].any() and not t["x"].all() else missing, unit="doc_id", repeats=200
    )
    assert table.iloc[0].tolist() == [2.0, 2.0, 2.0]


def test_bootstrap_repeats_itself_and_follows_its_seed():
    frame = pd.DataFrame({"doc_id": range(30), "x": np.arange(30) % 7})
    first, again, other = (bootstrap(frame, lambda t: t["x"].mean(), unit="doc_id", seed=s) for s in (1, 1, 2))
    pd.testing.assert_frame_equal(first, again)
    assert not first.equals(other)


@pytest.mark.parametrize(
    ("frame", "options", "error", "words"),
    [
        (pd.DataFrame({"x": [1]}), {"unit": "doc_id"}, KeyError, "no column 'doc_id'"),
        (pd.DataFrame({"x": []}), {"unit": None}, ValueError, "no rows"),
        (pd.DataFrame({"x": [1], "d": [None]}), {"unit": "d"}, ValueError, "1 rows have no 'd'"),
        (pd.DataFrame({"x": [1]}), {"unit": None, "repeats": 1}, ValueError, "repeats is 1"),
    ],
)
def test_bootstrap_names_bad_input(frame, options, error, words):
    with pytest.raises(error, match=words):
        bootstrap(frame, len, **options)


def draw_corpus(rng: np.random.Generator, n_docs: int, n_coded: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Statements that resemble each other within a speech; a coder that misses four in ten and adds a tenth."""
    doc = np.repeat(np.arange(n_docs), 4)
    truth = rng.random(len(doc)) < rng.beta(1.2, 2.8, n_docs)[doc]  # a share of .3
    given = np.where(truth, rng.random(len(doc)) < 0.6, rng.random(len(doc)) < 0.1).astype(int)
    predicted = pd.DataFrame({"statement_id": np.arange(len(doc)), "doc_id": doc, "value": given})
    chosen = rng.choice(len(doc), n_coded, replace=False)
    return pd.DataFrame({"statement_id": chosen, "value": truth[chosen].astype(int)}), predicted


def test_the_corrected_share_covers_the_truth_and_the_predicted_does_not():
    rng = np.random.default_rng(11)
    tables = [corrected_share(*draw_corpus(rng, 300, 150), unit="doc_id").set_index("method") for _ in range(200)]
    covered = {
        method: np.mean([t.loc[method, "low"] <= 0.3 <= t.loc[method, "high"] for t in tables])
        for method in ("predicted", "coded", "corrected")
    }
    assert 0.925 <= covered["corrected"] <= 0.98
    assert covered["predicted"] < 0.5
    width = {m: np.mean([t.loc[m, "high"] - t.loc[m, "low"] for t in tables]) for m in ("coded", "corrected")}
    assert width["corrected"] < 0.95 * width["coded"]
    assert abs(np.mean([t.loc["corrected", "estimate"] for t in tables]) - 0.3) < 0.005


def test_a_corrected_share_by_hand():
    given = [1, 1, 0, 0] * 2 + [1] * 12 + [0] * 4  # half of the coded ones, three of four of the others
    predicted = pd.DataFrame({"statement_id": range(24), "doc_id": range(24), "value": given})
    coded = pd.DataFrame({"statement_id": range(8), "value": [1, 0, 0, 0] * 2})
    table = corrected_share(coded, predicted, unit="doc_id").set_index("method")
    weight = 0.5 / (1 + 8 / 16)  # slope of the hand codes on the given ones, less for a small rest
    assert table.loc["corrected", "estimate"] == pytest.approx(0.25 + weight * (0.75 - 0.5))
    assert table["n"].to_dict() == {"predicted": 24, "coded": 8, "corrected": 24}
    assert table.loc["coded", "low"] == 0  # no share is below zero
    # the mean of independent rows: t with 7 degrees of freedom
    assert table.loc["coded", "high"] == pytest.approx(
        0.25 + 2.3646 * np.std([1, 0, 0, 0] * 2, ddof=1) / 8**0.5, abs=1e-4
    )


def test_a_useless_coder_does_not_harm():
    rng = np.random.default_rng(5)
    coded, predicted = draw_corpus(rng, 200, 100)
    predicted["value"] = rng.integers(0, 2, len(predicted))
    table = corrected_share(coded, predicted, unit="doc_id").set_index("method")
    assert table.loc["corrected", "estimate"] == pytest.approx(table.loc["coded", "estimate"], abs=0.05)


def test_everything_coded_by_hand_leaves_nothing_to_correct():
    predicted = pd.DataFrame({"statement_id": range(8), "doc_id": [0, 0, 1, 1, 2, 2, 3, 3], "value": [1] * 8})
    coded = pd.DataFrame({"statement_id": range(8), "value": [1, 0] * 4})
    table = corrected_share(coded, predicted, unit="doc_id").set_index("method")
    assert table.loc["corrected"].tolist() == table.loc["coded"].tolist()
    assert table.loc["coded", "estimate"] == 0.5


@pytest.mark.parametrize(
    ("coded", "error", "words"),
    [
        ({"statement_id": [9], "value": [1]}, KeyError, "not among the predicted"),
        ({"statement_id": [1, 1], "value": [1, 0]}, ValueError, "more than once"),
        ({"statement_id": [1, 2], "value": [1, None]}, ValueError, "without 'value'"),
        ({"statement_id": [0, 1], "value": [1, 0]}, ValueError, "fewer than two"),
    ],
)
def test_corrected_share_names_bad_input(coded, error, words):
    predicted = pd.DataFrame({"statement_id": [0, 1, 2], "doc_id": [0, 0, 1], "value": [1, 0, 1]})
    with pytest.raises(error, match=words):
        corrected_share(pd.DataFrame(coded), predicted, unit="doc_id")


STATEMENTS = pd.DataFrame(
    {
        "statement_id": [f"gazette/{i}" for i in range(6)],
        "content": [f"Sentence number {i} of the minister." for i in range(6)],
        "speaker": "the minister",
        "threat": 1,
    }
)


def test_a_coding_sheet_is_blind_and_shuffled():
    sheet, key = coding_sheet(STATEMENTS, variables=["threat", "blame"], n=6)
    assert sheet.columns.tolist() == ["item", "text", "threat", "blame"]
    assert sheet.dtypes.astype(str).tolist() == ["int64", "string", "string", "string"]
    assert (sheet[["threat", "blame"]] == "").all(axis=None)
    assert not sheet["text"].str.contains("gazette").any()
    assert sorted(key["unit_id"]) == STATEMENTS["statement_id"].tolist()
    assert key["unit_id"].tolist() != STATEMENTS["statement_id"].tolist()


def test_a_sheet_comes_back_from_csv_as_codes(tmp_path):
    sheet, key = coding_sheet(STATEMENTS, variables=["threat"], n=3)
    sheet.assign(threat=["1", "", " 0 "]).to_csv(tmp_path / "sheet.csv", index=False)
    codes = read_sheet(pd.read_csv(tmp_path / "sheet.csv", dtype={"threat": "string"}), key, coder="me")
    assert codes["unit_id"].tolist() == key["unit_id"].tolist()
    assert codes["value"].fillna("missing").tolist() == ["1", "missing", "0"]
    both = pd.concat([codes, codes.assign(coder="you")])
    assert agreement(both, level="nominal")["n_units"].unique().tolist() == [2]


def test_a_sheet_and_the_key_of_another_draw_are_told():
    sheet, key = coding_sheet(STATEMENTS, variables=["threat"], n=3)
    with pytest.raises(KeyError, match=r"items \[3\] are not in the key"):
        read_sheet(sheet, key.head(2), coder="me")


def test_numbers_read_from_csv_with_gaps_stay_whole():
    sheet, key = coding_sheet(STATEMENTS, variables=["threat"], n=3)
    codes = read_sheet(sheet.assign(threat=[1.0, np.nan, 0.0]), key, coder="me")
    assert codes["value"].fillna("missing").tolist() == ["1", "missing", "0"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"variables": ["threat"], "n": 7}, "n is 7"),
        ({"variables": ["text"], "n": 2}, "a name of its own"),
    ],
)
def test_coding_sheet_names_bad_input(options, words):
    with pytest.raises(ValueError, match=words):
        coding_sheet(STATEMENTS, **options)
