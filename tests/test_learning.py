"""Features by name as matrices, and how much each tells."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from helpers.coding.learning import beside, matrix, scaled, sparse_rows, telling, vocabulary

ROWS = st.lists(st.dictionaries(st.sampled_from("abcdef"), st.floats(0.5, 2.0)), max_size=6)


@given(ROWS)
def test_each_known_feature_stands_in_its_column_and_others_nowhere(rows: list[dict[str, float]]) -> None:
    names = {"a": 1, "c": 0}
    found = matrix(rows, names).toarray()
    assert found.shape == (len(rows), 2)
    for row, numbers in zip(rows, found, strict=True):
        assert numbers.tolist() == [row.get("c", 0.0), row.get("a", 0.0)]


def test_a_vocabulary_holds_what_stands_in_enough_rows_by_name() -> None:
    assert vocabulary([{"b", "a"}, {"b": 1.0, "c": 2.0}, ["a"]], least=2) == {"a": 0, "b": 1}


def test_rows_without_columns_are_kept() -> None:
    assert sparse_rows([[], [1]], 0.5, 3).toarray().tolist() == [[0, 0, 0], [0, 0.5, 0]]


def test_a_feature_of_one_answer_tells_more_than_one_of_both() -> None:
    features = matrix([{"both": 1.0, "yes": 1.0}] * 5 + [{"both": 1.0, "no": 1.0}] * 5, {"both": 0, "no": 1, "yes": 2})
    told = telling(features, np.array([True] * 5 + [False] * 5))
    assert told[0] < told[1]
    assert told[1] == told[2]


def test_with_three_answers_each_may_be_told() -> None:
    rows = [{"x": 1.0, name: 1.0} for name in "abc" for _ in range(4)]
    told = telling(matrix(rows, {"a": 0, "b": 1, "c": 2, "x": 3}), np.repeat([-1, 0, 1], 4))
    assert min(told[:3]) > told[3]


def test_matrices_side_by_side_keep_their_numbers() -> None:
    left = scaled(matrix([{"a": 1.0}, {}], {"a": 0}), np.array([3.0]))
    assert beside(left, np.array([[1.0, 2.0], [0.0, 4.0]])).toarray().tolist() == [[3, 1, 2], [0, 0, 4]]
