"""Counting terms: text in, counts out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.codebook import load_stopwords
from helpers.topics.counts import count_terms, keyness
from helpers.topics.word_forms import words_in_context


def frame(*contents: str | None) -> pd.DataFrame:
    return pd.DataFrame({"statement_id": [f"s{i}" for i in range(len(contents))], "content": list(contents)})


def terms(*contents: str, **options: object) -> list[str]:
    return count_terms(frame(*contents), min_docs=1, **options).terms["term"].tolist()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("The bombings of schools.", ["bombing", "school"]),
        ("Give us aid from the US, the U.S. and U.N.", ["UN", "US", "aid"]),
        ("TALIBAN FIGHTERS LEAVE KABUL", ["fighter", "kabul", "leave", "taliban"]),
        ("Afghanistan’s women don’t wait", ["afghanistan", "wait", "woman"]),
        ("al-Qaida and counter-terrorism", ["al-qaida", "counter-terrorism"]),
        ("After 9/11, in 2001, 3,000 soldiers", ["9/11", "soldier"]),
        ("The media report", ["media", "report"]),
        ("", []),
        ("the of and", []),
    ],
    ids=["lemma", "acronym", "headline", "apostrophe", "hyphen", "number", "media", "empty", "stopwords"],
)
def test_words(content, expected):
    assert terms(content) == expected


def test_a_phrase_is_one_term_written_as_it_stands_most_often():
    sentences = ["The rule of law protects villages.", "Rules of law protect farmers.", "Rule of law, always."]
    found = terms(*(sentences * 4), *(f"Word{i} other{i} thing{i}." for i in "abcdefghijklmnop"))
    assert "rule of law" in found
    assert "law" not in found


def test_words_that_stand_together_by_chance_or_seldom_are_no_phrase():
    noise = [f"Noise{i} more{i}." for i in "abcdefghijklmnop"]
    assert "peace talks" in terms(*(["Peace talks."] * 5), *noise)
    assert "peace talks" not in terms(*(["Peace talks."] * 4), *noise)
    apart = ["Peace.", "Talks."] * 40
    assert "peace talks" not in terms(*(["Peace talks."] * 5), *apart)


def test_no_phrase_crosses_punctuation():
    found = terms(*(["Herat, Kandahar and Ghazni."] * 9), *(f"Noise{i} more{i}." for i in "abcdefghijklmnop"))
    assert [term for term in found if " " in term] == []


def test_phrases_can_be_left_out():
    assert not any(" " in term for term in terms(*(["Rule of law matters."] * 9), phrases=False))


def test_names_can_be_left_out():
    contents = ["The Kabul market opened.", "A market in Kabul burned.", "Markets close."]
    assert "kabul" in terms(*contents, phrases=False)
    assert "kabul" not in terms(*contents, phrases=False, names=False)
    assert "market" in terms(*contents, phrases=False, names=False)  # a capital at the start of a sentence is no name


def test_lemmas_can_be_left_out():
    assert terms("Bombings", lemmas=False) == ["bombings"]


def test_own_stopwords(tmp_path):
    path = tmp_path / "mine.txt"
    path.write_text("bombing # the lemma counts\n", encoding="utf-8")
    assert terms("The bombings of schools", stopwords=path) == ["of", "school", "the"]


def test_stopword_file_has_no_word_twice_and_no_word_of_substance():
    stop = load_stopwords()
    assert "don't" in stop
    assert not stop & {"terrorism", "taliban", "war", "peace", "threat", "afghan", "us."}


def test_documents_in_are_documents_out_also_when_empty_or_missing():
    counted = count_terms(frame("War.", None, "", "War and war."), min_docs=1)
    assert counted.docs["id"].tolist() == ["s0", "s1", "s2", "s3"]
    assert counted.docs["n_terms"].tolist() == [1, 0, 0, 2]
    assert counted.docs["n_tokens"].tolist() == [1, 0, 0, 3]


@pytest.mark.parametrize("contents", [(), ("",), (None, "!"), ("The of and.",), ("War.",)])
@pytest.mark.parametrize("options", [{}, {"names": False}, {"phrases": False}, {"lemmas": False}])
def test_texts_without_terms_give_no_terms(contents, options):
    counted = count_terms(frame(*contents), **options)
    assert counted.counts.shape == (len(contents), 0)
    assert counted.terms.empty
    assert counted.docs["n_terms"].sum() == 0
    if len(contents) > 1:
        assert keyness(counted, ["x", "y"]).empty


def test_min_docs():
    assert count_terms(frame("war war", "war peace"), min_docs=2).terms.to_dict("records") == [
        {"term": "war", "n": 3, "n_docs": 2}
    ]


def test_terms_of_one_outlet_can_be_left_out():
    house = frame("Gazette: war", "Gazette: peace", "Wire: war", "Wire: peace", "war").assign(
        outlet=["a", "a", "b", "b", None]
    )
    assert count_terms(house, groups="outlet", min_groups=2).terms["term"].tolist() == ["peace", "war"]
    assert len(count_terms(house, groups="outlet", min_groups=1).terms) == 4


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"groups": "outlet"}, KeyError, "no column 'outlet'"),
        ({"groups": "statement_id", "min_groups": 2}, ValueError, "with 1 values of 'statement_id' it can be 1 to 1"),
        ({"text": "body"}, KeyError, "no column 'body'"),
        ({"id": "doc"}, KeyError, "no column 'doc'"),
        ({"min_docs": 0}, ValueError, "min_docs is 0"),
    ],
)
def test_bad_input_is_named(options, error, words):
    with pytest.raises(error, match=words):
        count_terms(frame("War."), **options)


def test_repeated_ids_are_named():
    twice = frame("War.", "Peace.").assign(statement_id="x")
    with pytest.raises(ValueError, match="'x' stands more than once"):
        count_terms(twice)


def test_input_is_not_changed():
    given_frame = frame("The bombings", "A bombing")
    before = given_frame.copy(deep=True)
    count_terms(given_frame)
    pd.testing.assert_frame_equal(given_frame, before)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text(alphabet="abcAB US.,'’-\n1é", max_size=40), max_size=6))
def test_counts_add_up(contents):
    counted = count_terms(frame(*contents), min_docs=1)
    assert counted.counts.shape == (len(contents), len(counted.terms))
    assert counted.terms["term"].is_unique
    assert counted.terms["n"].sum() == counted.docs["n_terms"].sum() == counted.counts.sum()
    assert (counted.docs["n_terms"] <= counted.docs["n_tokens"]).all()


def test_keyness_by_hand():
    counted = count_terms(frame("aid aid aid war", "war war war aid"), min_docs=1)
    table = keyness(counted, ["x", "y"], prior=8.0)
    # counts 3 and 1 plus a prior of 4 each: odds 7/5 against 5/7
    expected = np.log(7 / 5) - np.log(5 / 7)
    top = table.query("group == 'x'").iloc[0]
    assert top["term"] == "aid"
    assert top["log_odds"] == pytest.approx(expected, abs=1e-8)
    assert top["z"] == pytest.approx(expected / np.sqrt(1 / 7 + 1 / 5), abs=1e-8)


def test_keyness_of_two_groups_mirrors():
    counted = count_terms(frame("aid roads aid", "war aid", "war raids", "roads"), min_docs=1)
    table = keyness(counted, ["x", "x", "y", pd.NA])
    wide = table.pivot_table(index="term", columns="group", values="z")
    np.testing.assert_allclose(wide["x"], -wide["y"], atol=1e-8)


@pytest.mark.parametrize(
    ("groups", "options", "words"),
    [
        (["x"], {}, "1 groups for 2 documents"),
        (["x", "x"], {}, "at least 2"),
        (["x", "y"], {"prior": 0}, "prior is 0"),
    ],
)
def test_keyness_names_bad_input(groups, options, words):
    with pytest.raises(ValueError, match=words):
        keyness(count_terms(frame("war", "war")), groups, **options)


def test_context_finds_every_form_of_a_term():
    rows = words_in_context(frame("Bombings hurt. A bombing's cost.", "No match."), "bombing")
    assert rows["word"].tolist() == ["Bombings", "bombing"]
    assert rows["left"].tolist() == ["", "Bombings hurt. A"]


def test_context_finds_phrases_and_keeps_acronyms_apart():
    assert words_in_context(frame("Tell us: the US helps us."), "US")["start"].tolist() == [13]
    assert words_in_context(frame("The Rule\nof law."), "rule of law")["word"].tolist() == ["Rule\nof law"]


def test_context_is_cut_at_spaces():
    row = words_in_context(frame("Nobody in the valley expected peace before winter came."), "peace", width=12).iloc[0]
    assert (row["left"], row["right"]) == ("expected", "before")


@settings(deadline=None, max_examples=60)
@given(st.text(alphabet="war Ws.,'’-\n1é", max_size=60), st.integers(0, 20))
def test_context_quotes_what_stands_there(content, width):
    for row in words_in_context(frame(content), "war", width=width).itertuples():
        assert content[row.start : row.end] == row.word
        assert len(row.left) <= width
        assert len(row.right) <= width


def test_context_needs_a_word():
    with pytest.raises(ValueError, match="no word to look for"):
        words_in_context(frame("War."), "!")


def test_every_counted_term_is_found_in_context():
    contents = ["The rule of law protects villages."] * 6 + ["U.N. staff condemned 9/11, the officials’ fears."]
    counted = count_terms(frame(*contents), min_docs=1)
    for term, n in zip(counted.terms["term"], counted.terms["n"], strict=True):
        assert len(words_in_context(frame(*contents), term)) >= n, term
