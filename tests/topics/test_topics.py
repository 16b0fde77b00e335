"""Topics: counts in; numbered topics, their words, their documents and how steady they are, out."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import normalized_mutual_info_score

from helpers.articles.duplicates import find_near_duplicates, find_repeated_lines
from helpers.articles.load import load_articles
from helpers.topics.counts import count_terms
from helpers.topics.fit import fit_topics, label_topics, steering_words, topic_exemplars
from helpers.topics.numbers import compare_topic_numbers, match_topics, npmi, topic_stability
from helpers.topics.sheets import (
    application_sheet,
    label_sheet,
    score_intrusion,
    topic_intrusion_sheet,
    word_intrusion_sheet,
)
from tests.conftest import ROOT

WORDS = {
    "roads": ["road", "bridge", "asphalt", "lorry", "tunnel", "engineer", "culvert", "gravel", "toll", "highway"],
    "schools": ["school", "teacher", "pupil", "lesson", "classroom", "textbook", "exam", "headmaster", "chalk", "desk"],
    "farms": ["wheat", "orchard", "harvest", "irrigation", "seed", "plough", "almond", "shepherd", "flock", "melon"],
    "clinics": [
        "clinic",
        "nurse",
        "vaccine",
        "patient",
        "midwife",
        "medicine",
        "ward",
        "surgeon",
        "ambulance",
        "stethoscope",
    ],
}
SIZES = {"roads": 60, "schools": 45, "farms": 30, "clinics": 20}


def planted(seed: int = 0, noise: int = 2) -> pd.DataFrame:
    """Make documents of eight words of their own topic and some of any."""
    rng = np.random.default_rng(seed)
    everything = [word for words in WORDS.values() for word in words]
    rows = []
    for topic, size in SIZES.items():
        for i in range(size):
            words = [*rng.choice(WORDS[topic], 8), *rng.choice(everything, noise)]
            rows.append((f"{topic}{i}", topic, " ".join(map(str, words))))
    return pd.DataFrame(rows, columns=["statement_id", "planted", "content"])


FRAME = planted()
COUNTS = count_terms(FRAME, phrases=False)


def main_topic(topics) -> np.ndarray:
    return topics.doc_shares.argmax(axis=1) + 1


@pytest.mark.parametrize("model", ["nmf", "lda"])
def test_planted_topics_are_found_and_numbered_by_share(model):
    topics = fit_topics(COUNTS, 4, model=model)
    assert normalized_mutual_info_score(FRAME["planted"], main_topic(topics)) > 0.8
    largest = [set(topics.terms.query("topic == @k and rank <= 4")["term"]) for k in (1, 2, 3, 4)]
    assert [name for words in largest for name, known in WORDS.items() if words <= set(known)] == list(SIZES)


@settings(deadline=None, max_examples=15)
@given(st.lists(st.lists(st.sampled_from(WORDS["roads"] + WORDS["farms"]), max_size=8), min_size=4, max_size=12))
def test_shares_and_weights_sum_to_one(documents):
    frame = pd.DataFrame({"statement_id": range(len(documents)), "content": [" ".join(words) for words in documents]})
    counts = count_terms(frame, min_docs=1, phrases=False)
    if min(counts.counts.shape) < 2 or counts.docs["n_terms"].astype(bool).sum() < 2:
        return
    topics = fit_topics(counts, 2)
    sums = topics.docs.groupby("id", sort=False)["share"].sum()
    np.testing.assert_allclose(sums, 1)
    assert sums.index.tolist() == counts.docs["id"].tolist()
    assert len(topics.docs) == 2 * len(documents)
    assert (topics.docs["share"] >= 0).all()
    assert topics.doc_shares.mean(axis=0)[0] >= topics.doc_shares.mean(axis=0)[1] - 1e-9


def test_topics_of_the_teaching_corpus_follow_subjects_once_house_style_is_out():
    articles = load_articles(ROOT / "data" / "articles").articles
    copies = find_near_duplicates(articles)
    known = pd.read_csv(ROOT / "data" / "planted.csv", dtype="string", keep_default_na=False).query("language == 'en'")
    first = articles[~articles["doc_id"].isin(copies.loc[~copies["first"], "doc_id"])]
    english = first.merge(known[["doc_id", "outlet", "topic"]], on="doc_id", validate="one_to_one")
    for line in find_repeated_lines(articles)["line"]:
        english["text"] = english["text"].str.replace(line, "", regex=False)

    def recovered(**options: object) -> pd.Series:
        counts = count_terms(english, text="text", id="doc_id", phrases=False, **options)
        found = main_topic(fit_topics(counts, english["topic"].nunique())).tolist()
        return pd.Series({c: normalized_mutual_info_score(english[c].tolist(), found) for c in ("topic", "outlet")})

    every, shared = recovered(), recovered(groups="outlet", min_groups=3)
    assert shared["topic"] > max(every["topic"], 0.6)
    assert shared["outlet"] < every["outlet"] - 0.1


def test_a_document_without_terms_gets_the_shares_of_the_collection():
    frame = pd.concat([FRAME, pd.DataFrame({"statement_id": ["empty"], "planted": ["none"], "content": [""]})])
    topics = fit_topics(count_terms(frame, phrases=False), 4)
    others = topics.doc_shares[:-1].mean(axis=0)
    np.testing.assert_allclose(topics.doc_shares[-1], others)


@pytest.mark.parametrize("k", [2, 3])
def test_few_documents_can_have_nearly_as_many_topics_as_terms(k):
    frame = pd.DataFrame({"statement_id": list("abc"), "content": ["road bridge", "school", "wheat"]})
    topics = fit_topics(count_terms(frame, min_docs=1), k)
    assert topics.word_shares.shape == (k, 4)
    np.testing.assert_allclose(topics.doc_shares.sum(axis=1), 1)


def test_terms_are_ranked_by_weight():
    terms = fit_topics(COUNTS, 4).terms
    for _, part in terms.groupby("topic"):
        assert part["rank"].tolist() == list(range(1, len(part) + 1))
        assert part["weight"].is_monotonic_decreasing


def test_fitting_repeats_itself_and_does_not_depend_on_the_order_of_documents():
    topics, again = fit_topics(COUNTS, 4), fit_topics(COUNTS, 4)
    pd.testing.assert_frame_equal(topics.terms, again.terms)
    shuffled = fit_topics(count_terms(FRAME.sample(frac=1, random_state=1), phrases=False), 4)
    top = topics.terms.query("rank <= 5")["term"].tolist()
    assert shuffled.terms.query("rank <= 5")["term"].tolist() == top


@pytest.mark.parametrize(
    ("k", "options", "words"),
    [(1, {}, "k is 1"), (999, {}, "k is 999: with 155 documents"), (4, {"model": "bert"}, "model is 'bert'")],
)
def test_bad_numbers_are_named(k, options, words):
    with pytest.raises(ValueError, match=words):
        fit_topics(COUNTS, k, **options)


def test_labels_are_words_of_the_topic():
    labels = label_topics(fit_topics(COUNTS, 4), n=5)
    assert labels["share"].is_monotonic_decreasing
    assert labels["share"].sum() == pytest.approx(1)
    for column in ("frequent", "exclusive"):
        for text, name in zip(labels[column], SIZES, strict=True):
            assert set(text.split(", ")) <= set(WORDS[name])


def test_exemplars_carry_their_topic_and_are_not_shown_twice():
    frame = pd.concat([FRAME, FRAME.head(3).assign(statement_id=["x", "y", "z"])])
    shown = topic_exemplars(fit_topics(count_terms(frame, phrases=False), 4), frame, n=5)
    assert shown.groupby("topic").size().tolist() == [5, 5, 5, 5]
    assert not shown.duplicated(["topic", "text"]).any()
    planted_in = shown["id"].map(frame.set_index("statement_id")["planted"])
    assert (planted_in == shown["topic"].map(dict(enumerate(SIZES, 1)))).all()


def test_exemplars_prefer_longer_statements():
    extra = pd.DataFrame({"statement_id": ["short"], "planted": ["roads"], "content": ["road"]})
    frame = pd.concat([FRAME, extra])
    shown = topic_exemplars(fit_topics(count_terms(frame, phrases=False), 4), frame, n=5)
    assert "short" not in shown["id"].tolist()


def test_exemplars_need_the_documents_that_were_fitted():
    with pytest.raises(KeyError, match="155 fitted documents are not in the table"):
        topic_exemplars(fit_topics(COUNTS, 4), FRAME.assign(statement_id="other"))


def test_the_planted_number_is_the_steadiest_and_none_is_called_best():
    table = compare_topic_numbers(COUNTS, [3, 4, 8], seeds=(0, 1, 2))
    assert table["k"].tolist() == [3, 4, 8]
    assert not any("best" in column for column in table.columns)
    by_k = table.set_index("k")
    assert by_k["heldout"].idxmax() == 4
    assert by_k["ari"].idxmax() == 4
    assert by_k.loc[4, "npmi"] > by_k.loc[8, "npmi"]
    assert by_k.loc[4, "stability"] > 0.6
    assert (by_k[["exclusivity", "stability", "stability_seeds"]] <= 1).all(axis=None)


@pytest.mark.parametrize(
    ("ks", "options", "words"),
    [([4], {"seeds": (0,)}, "at least 2"), ([1, 4], {}, r"\[1\]"), ([4], {"model": "x"}, "model is 'x'")],
)
def test_comparison_names_bad_input(ks, options, words):
    with pytest.raises(ValueError, match=words):
        compare_topic_numbers(COUNTS, ks, **options)


def test_planted_topics_are_steady_and_noise_is_shaky():
    assert set(topic_stability(fit_topics(COUNTS, 4), COUNTS, repeats=4)["verdict"]) == {"steady"}
    rng = np.random.default_rng(0)
    words = [f"word{chr(97 + i)}{chr(97 + j)}" for i in range(8) for j in range(8)]
    noise = pd.DataFrame({"statement_id": range(80), "content": [" ".join(rng.choice(words, 10)) for _ in range(80)]})
    counts = count_terms(noise, phrases=False)
    table = topic_stability(fit_topics(counts, 6), counts, repeats=4)
    assert (table["verdict"] == "shaky").sum() >= 4
    assert ((table["low"] <= table["overlap"]) & (table["overlap"] <= table["high"])).all()


def test_stability_names_bad_input():
    with pytest.raises(ValueError, match="repeats is 0"):
        topic_stability(fit_topics(COUNTS, 4), COUNTS, repeats=0)


def test_stability_needs_the_counts_that_were_fitted():
    with pytest.raises(ValueError, match="not those"):
        topic_stability(fit_topics(COUNTS, 4), count_terms(FRAME.head(50), phrases=False))


def test_matching_undoes_a_shuffle():
    words = fit_topics(COUNTS, 4).word_shares
    partner, overlap = match_topics(words, words[[2, 0, 3, 1]])
    assert partner.tolist() == [1, 3, 0, 2]
    assert overlap.tolist() == [1, 1, 1, 1]


def test_npmi_by_hand():
    # two words together in 1 of 4 documents, each in 2: log(.25 / .25) = 0; always together: 1; never: -1
    frame = pd.DataFrame({"statement_id": range(4), "content": ["wheat seed", "wheat", "seed", "flock"]})
    counts = count_terms(frame, min_docs=1, phrases=False)
    place = {term: i for i, term in enumerate(counts.terms["term"])}

    def score(*terms: str) -> float:
        row = np.zeros((1, len(place)))
        row[0, [place[term] for term in terms]] = 1
        return float(npmi(row, counts.counts, n_words=2)[0])

    assert score("wheat", "seed") == pytest.approx(0)
    assert score("wheat", "flock") == -1


def test_label_sheet_is_to_be_filled_in():
    sheet = label_sheet(fit_topics(COUNTS, 4), FRAME, n_exemplars=2)
    assert sheet["topic"].tolist() == [1, 2, 3, 4]
    assert (sheet[["label", "sure", "note"]] == "").all(axis=None)
    assert sheet["exemplar_2"].str.len().min() > 10


def test_word_intrusion_hides_a_word_of_another_topic():
    topics = fit_topics(COUNTS, 4)
    sheet, key = word_intrusion_sheet(topics)
    assert "topic" not in sheet.columns
    assert sorted(key["topic"]) == [1, 2, 3, 4]
    for row, answer, topic in zip(sheet.to_dict("records"), key["answer"], key["topic"], strict=True):
        own = set(WORDS[list(SIZES)[topic - 1]])
        options = [row[f"option_{i}"] for i in range(1, 7)]
        assert [i for i, word in enumerate(options, 1) if word not in own] == [answer]


def test_topic_intrusion_offers_a_topic_that_is_not_there():
    topics = fit_topics(COUNTS, 4)
    sheet, key = topic_intrusion_sheet(topics, FRAME, n_docs=6)
    exclusive = label_topics(topics, n=5)["exclusive"].tolist()
    texts = FRAME.set_index("content")["statement_id"]
    for row, answer in zip(sheet.to_dict("records"), key["answer"], strict=True):
        shares = topics.doc_shares[topics.ids.tolist().index(texts[row["text"]])]
        assert shares[exclusive.index(row[f"option_{answer}"])] == shares.min()


def test_sheets_repeat_themselves_and_follow_their_seed():
    topics = fit_topics(COUNTS, 4)
    pd.testing.assert_frame_equal(word_intrusion_sheet(topics)[0], word_intrusion_sheet(topics)[0])
    assert not word_intrusion_sheet(topics)[0].equals(word_intrusion_sheet(topics, seed=1)[0])


def test_intrusion_is_scored_by_topic_and_blanks_are_told(tmp_path):
    sheet, key = word_intrusion_sheet(fit_topics(COUNTS, 4))
    first = sheet.assign(answer=key["answer"])
    second = sheet.assign(answer=[(answer % 6) + 1 for answer in key["answer"]])
    second.loc[0, "answer"] = None
    pd.concat([first, second]).to_csv(tmp_path / "filled.csv", index=False)
    scored = score_intrusion(pd.read_csv(tmp_path / "filled.csv"), key)
    total = scored.iloc[-1]
    assert pd.isna(total["topic"])
    assert total[["n", "right", "blank"]].tolist() == [7, 4, 1]
    assert total["low"] < total["share"] < total["high"]
    assert total["chance"] == pytest.approx(1 / 6)


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"answer": "9"}, ValueError, "answers \\['9'\\]"),
        ({"answer": "wheat"}, ValueError, "write the number"),
        ({"item": 99}, KeyError, "not in the key"),
    ],
)
def test_bad_answers_are_named(change, error, words):
    sheet, key = word_intrusion_sheet(fit_topics(COUNTS, 4))
    with pytest.raises(error, match=words):
        score_intrusion(sheet.assign(**change), key)


def test_four_topics_are_needed_to_hide_one():
    with pytest.raises(ValueError, match="at least 4"):
        topic_intrusion_sheet(fit_topics(COUNTS, 3), FRAME)


def test_words_hold_their_topic_and_the_rest_is_free():
    steer = {"health": ["nurse", "vaccine"], "roads": ["bridge", "tunnel"]}
    topics = fit_topics(COUNTS, 4, steer=steer)
    assert set(topics.steered) == set(steer)
    first = topics.terms[topics.terms["rank"] <= 10].groupby("topic")["term"]
    first = {topic: set(terms) for topic, terms in first}
    assert len(first[topics.steered["health"]] & set(WORDS["clinics"])) >= 8
    assert len(first[topics.steered["roads"]] & set(WORDS["roads"])) >= 8
    free = set(range(1, 5)) - set(topics.steered.values())
    assert {max(WORDS, key=lambda name: len(first[topic] & set(WORDS[name]))) for topic in free} == {"schools", "farms"}
    held = topics.word_shares[:, [list(topics.vocabulary).index(word) for word in steer["health"]]]
    assert (np.delete(held, topics.steered["health"] - 1, axis=0) == 0).all()


def test_all_topics_can_be_held_and_documents_keep_their_shares():
    topics = fit_topics(COUNTS, 4, steer={name: words[:3] for name, words in WORDS.items()})
    assert sorted(topics.steered.values()) == [1, 2, 3, 4]
    found = np.array([list(topics.steered)[list(topics.steered.values()).index(i)] for i in main_topic(topics)])
    assert (found == FRAME["planted"]).mean() > 0.95
    np.testing.assert_allclose(topics.doc_shares.sum(axis=1), 1)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"steer": {"a": ["nurse"], "b": ["nurse"]}}, "twice ['nurse']"),
        ({"steer": {"a": ["zeppelin"]}}, "not a term ['zeppelin']"),
        ({"steer": {"a": []}}, "without a word ['a']"),
        ({"steer": {name: [name] for name in "abcde"}}, "5 lists of steering words for 4 topics"),
        ({"steer": {"a": ["nurse"]}, "model": "lda"}, "not 'lda'"),
    ],
)
def test_steering_words_that_cannot_hold_are_named(options, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        fit_topics(COUNTS, 4, **options)


def test_steering_words_are_terms_that_an_entry_names_in_full():
    entries = {
        "health": {"patterns": ["nurse*", "clinic", "ward"], "guards": ["ward"]},
        "care": {"patterns": ["nurse"]},
    }
    assert steering_words(COUNTS, entries) == {"health": ["clinic", "nurse"]}


def test_short_documents_and_words_of_few_documents_do_not_lead_a_topic():
    rare = pd.DataFrame({"statement_id": ["x", "y"], "planted": "", "content": ["zebra quagga", "quagga zebra"]})
    counts = count_terms(pd.concat([FRAME, rare]), phrases=False)
    topics = fit_topics(counts, 4)
    assert not topics.terms.query("rank <= 10")["term"].isin(["zebra", "quagga"]).any()


def test_names_are_applied_to_documents_that_were_not_shown(tmp_path):
    topics = fit_topics(COUNTS, 4)
    main = pd.Series(FRAME["planted"].to_numpy()).groupby(main_topic(topics)).agg(lambda planted: planted.mode()[0])
    sheet, key = application_sheet(topics, FRAME, main.to_dict(), n_docs=30)
    again, other = (application_sheet(topics, FRAME, main.to_dict(), n_docs=30, seed=seed)[0] for seed in (0, 1))
    pd.testing.assert_frame_equal(sheet, again)
    assert sheet["text"].tolist() != other["text"].tolist()
    assert not set(sheet["text"]) & set(topic_exemplars(topics, FRAME)["text"])
    options = [f"option_{i}" for i in range(1, 6)]
    assert sheet[options].drop_duplicates().to_numpy().tolist() == [[*main, "none of these"]]
    planted_of = FRAME.drop_duplicates("content").set_index("content")["planted"]
    answers = [list(main).index(name) + 1 for name in planted_of[sheet["text"]]]
    sheet.assign(answer=answers).to_csv(tmp_path / "filled.csv", index=False)
    overall = score_intrusion(pd.read_csv(tmp_path / "filled.csv"), key).iloc[-1]
    assert overall["share"] > 0.9
    assert overall["chance"] == pytest.approx(1 / 5)
    nothing = score_intrusion(sheet.assign(answer="5"), key).iloc[-1]
    assert nothing["right"] == 0


@pytest.mark.parametrize("names", [{1: "a", 2: "b", 3: "c"}, {1: "a", 2: "b", 3: "c", 4: "a"}, {}])
def test_every_topic_needs_a_name_of_its_own(names):
    with pytest.raises(ValueError, match="a name of its own"):
        application_sheet(fit_topics(COUNTS, 4), FRAME, names)


def test_names_cannot_be_applied_to_more_documents_than_there_are():
    with pytest.raises(ValueError, match="only 143 documents"):
        application_sheet(fit_topics(COUNTS, 4), FRAME, dict(enumerate("abcd", 1)), n_docs=500)
