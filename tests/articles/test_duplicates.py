"""Copies are flagged, also when edited and cut; shared quotations are not copies."""

from __future__ import annotations

import random

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.articles.duplicates import find_near_duplicates, find_repeated_lines

WORDS = [
    a + b
    for a in ("ba", "ke", "li", "mo", "nu", "pa", "re", "si", "ta", "vo")
    for b in ("dar", "gel", "min", "rok", "sut")
]


def story(seed: int, words: int = 300) -> str:
    """Invent a text of nonsense words that shares no run with another seed's by more than chance."""
    rng = random.Random(seed)
    return " ".join(rng.choice(WORDS) for _ in range(words))


def frame(*texts: str, **columns: list[object]) -> pd.DataFrame:
    """Make a table of articles named a, b, c ..."""
    return pd.DataFrame({"doc_id": list("abcdefghij")[: len(texts)], "text": list(texts), **columns})


def edited(text: str, rate: float) -> str:
    """Replace a share of the words."""
    rng = random.Random(1)
    return " ".join(rng.choice(WORDS) if rng.random() < rate else word for word in text.split())


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda text: text.upper().replace(" ", "\u00a0"), id="capitals and no-break spaces"),
        pytest.param(lambda text: edited(text, 0.1), id="a tenth of the words changed"),
        pytest.param(lambda text: text[: len(text) * 35 // 100], id="cut to 35 %"),
        pytest.param(
            lambda text: "A NEW HEADLINE\n\nBy our staff\n\n" + text + "\n\nSubscribe now", id="headline and tail"
        ),
        pytest.param(lambda text: text[len(text) // 2 :] + " " + text[: len(text) // 2], id="halves exchanged"),
    ],
)
def test_copy_is_found(change):
    found = find_near_duplicates(frame(story(1), story(2), change(story(1))))
    assert found["doc_id"].tolist() == ["a", "c"]
    assert found["first"].tolist() == [True, False]
    assert found["overlap"].between(0.6, 1).all()


def test_shared_quotation_is_no_copy():
    quotation = story(9, words=60)
    assert find_near_duplicates(frame(f"{story(1)} {quotation}", f"{quotation} {story(2)}")).empty


def test_groups_are_linked_by_way_of_others_and_numbered_in_order():
    one, two = story(1), story(2)
    found = find_near_duplicates(frame(two, one, story(3), f"{one} {two}", one))
    assert found[["doc_id", "group"]].to_numpy().tolist() == [["a", 1], ["b", 1], ["d", 1], ["e", 1]]


def test_earliest_date_is_first():
    dates = pd.to_datetime(["2012-03-15", None, "2012-03-14"])
    found = find_near_duplicates(frame(story(1), story(1), story(1), date=dates))
    assert found["doc_id"].tolist() == ["c", "a", "b"]
    assert found["first"].tolist() == [True, False, False]


def test_many_copies_of_one_story_are_one_group():
    articles = pd.DataFrame({"doc_id": [f"d{n}" for n in range(90)], "text": [edited(story(1), 0.02)] * 90})
    assert find_near_duplicates(articles)["group"].value_counts().to_dict() == {1: 90}


def test_empty_texts_are_no_copies_of_each_other():
    assert find_near_duplicates(frame("", "", "…")).empty
    assert find_near_duplicates(frame()).columns.tolist() == ["doc_id", "group", "first", "overlap"]


@pytest.mark.parametrize("threshold", [0, -1, 1.01])
def test_threshold_outside_its_range_says_so(threshold):
    with pytest.raises(ValueError, match="above 0 and at most 1"):
        find_near_duplicates(frame("one two"), threshold=threshold)


def test_missing_column_names_those_there_are():
    with pytest.raises(ValueError, match=r"no column 'text'.*'doc_id'"):
        find_near_duplicates(pd.DataFrame({"doc_id": ["a"]}))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 4), max_size=8))
def test_one_group_a_story_whatever_the_order(seeds):
    found = find_near_duplicates(frame(*(story(seed, 80) for seed in seeds)))
    expected = {name for name, seed in zip("abcdefghij", seeds, strict=False) if seeds.count(seed) > 1}
    assert set(found["doc_id"]) == expected
    assert found.groupby("group")["first"].sum().eq(1).all()
    story_of = dict(zip("abcdefghij", seeds, strict=False))
    assert found["doc_id"].map(story_of).groupby(found["group"]).nunique().eq(1).all()


def test_repeated_lines_are_counted_by_source():
    articles = pd.DataFrame(
        {
            "source": ["A", "A", "A", "B", None],
            "text": [f"Story {n}.\n\nUpdated {n} hours ago" for n in ["one", "two", "three", "four", "five"]],
        }
    )
    assert find_repeated_lines(articles).empty
    articles["text"] = [
        f"Story {word}.\n\nUpdated {n} hours ago" for n, word in enumerate(["one", "two", "six", "four", "ten"])
    ]
    found = find_repeated_lines(articles)
    assert found.to_dict("list") == {"source": ["A"], "line": ["Updated 0 hours ago"], "articles": [3], "share": [1.0]}
