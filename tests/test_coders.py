"""The trainable layer: fit on codes, save as numbers, load, decide."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from helpers.codebook.load import load_codebook
from helpers.coding.coders import coded_values, decide, load_coder, read_all, save_coder
from helpers.coding.fitting import fit_coder
from helpers.coding.frames import code_frames, frames_wide
from helpers.coding.word_vectors import WordVectors

if TYPE_CHECKING:
    from pathlib import Path

    from helpers.coding.coders import Coder

BOOK = load_codebook()
_ALL = dict.fromkeys(("threat", "severity.2", "severity.3", "agents", "types", "referents", "measures", "blame"), 0.0)
PLACES = ["port", "valley", "harbour", "market", "school", "bridge", "mill", "quarry", "chapel", "ferry"]


def lesson() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Eighty invented statements: militias threaten, choirs sing, floods are blamed on the mayor's neglect."""
    texts, codes = [], []
    for at, place in enumerate(PLACES * 8):
        kind = at // len(PLACES) % 4
        one = f"s{at}"
        if kind == 0:
            texts.append(f"The militias are a danger to the {place}, and we must cooperate.")
            codes += [
                (one, "threat", "1"),
                (one, "severity", "2"),
                (one, "agents", "other"),
                (one, "measures", "cooperation"),
            ]
        elif kind == 1:
            texts.append(f"Terrorism is the greatest threat to the {place}.")
            codes += [(one, "threat", "1"), (one, "severity", "3"), (one, "agents", "terrorism")]
        elif kind == 2:
            texts.append(f"The choir sang for the {place}.")
        else:
            texts.append(f"We welcome the new roof of the {place}.")
    statements = pd.DataFrame({"statement_id": [f"s{at}" for at in range(len(texts))], "content": texts})
    return statements.assign(doc_id=[f"d{at // 2}" for at in range(len(texts))]), pd.DataFrame(
        codes, columns=["statement_id", "slot", "value"]
    )


@pytest.fixture(scope="module")
def fitted() -> Coder:
    statements, codes = lesson()
    return fit_coder(statements, codes, name="lesson", about={"licence": "none"})


def test_it_learns_what_was_coded(fitted: Coder) -> None:
    statements, codes = lesson()
    wide = frames_wide(code_frames(statements, coder=fitted), statements).set_index("statement_id")
    gold = codes[codes["slot"] == "threat"]["statement_id"]
    assert set(wide.index[wide["threat"] == 1]) == set(gold)
    agents = codes[codes["slot"] == "agents"].set_index("statement_id")["value"]
    assert (wide.loc[agents.index, "agents"] == agents.map(lambda one: (one,))).mean() > 0.9


def test_the_card_tells_where_it_comes_from(fitted: Coder) -> None:
    assert fitted.card["name"] == "lesson"
    assert fitted.card["statements"] == 80
    assert fitted.card["threats"] == 40
    assert fitted.card["codebook"] == load_codebook().digest
    assert fitted.card["licence"] == "none"


def test_news_and_speeches_have_thresholds_of_their_own(fitted: Coder) -> None:
    statements, codes = lesson()
    kinds = ["speech", "speech", "indirect", "indirect"] * 20
    both = fit_coder(statements.assign(kind=kinds), codes, name="both")
    said = pd.DataFrame({"statement_id": ["a", "b"], "content": ["The choir sang for the mill."] * 2})
    none = replace(both, card={**both.card, "thresholds": {"speeches": _ALL, "news": dict.fromkeys(_ALL, 2.0)}})
    coded = code_frames(said.assign(kind=["speech", "direct"]), coder=none)
    assert set(coded["statement_id"]) == {"a"}
    alone = fitted.card["thresholds"]  # without `kind` all are speeches, and stand for news as well
    assert alone["speeches"] == alone["news"]


def test_the_same_codes_give_the_same_coder(fitted: Coder) -> None:
    statements, codes = lesson()
    again = fit_coder(statements, codes.sample(frac=1, random_state=1), name="lesson")
    np.testing.assert_array_equal(again.unit_weights, fitted.unit_weights)
    assert again.near == fitted.near


def test_saved_and_loaded_it_decides_the_same(fitted: Coder, tmp_path: Path) -> None:
    save_coder(fitted, tmp_path / "mine.npz")
    statements, _ = lesson()
    loaded = load_coder(tmp_path / "mine.npz")
    assert dict(loaded.card) == dict(fitted.card)
    pd.testing.assert_frame_equal(code_frames(statements, coder=loaded), code_frames(statements, coder=fitted))


def test_nothing_saved_can_run(fitted: Coder, tmp_path: Path) -> None:
    save_coder(fitted, tmp_path / "mine.npz")
    with np.load(tmp_path / "mine.npz", allow_pickle=False) as stored:
        assert all(stored[name].dtype.kind in "Uf" for name in stored)


def test_what_is_always_coded_is_learnt() -> None:
    statements, codes = lesson()
    threats = codes.loc[codes["slot"].eq("threat"), "statement_id"]
    always = pd.DataFrame({"statement_id": threats, "slot": "types", "value": "other"})
    coder = fit_coder(statements, pd.concat([codes, always]), name="one kind")
    wide = frames_wide(code_frames(statements, coder=coder), statements).set_index("statement_id")
    assert wide.loc[threats, "types"].map(lambda one: one == ("other",)).all()


def test_negated_rows_teach_nothing() -> None:
    statements, codes = lesson()
    denied = pd.DataFrame({"statement_id": ["s20"], "slot": ["threat"], "value": ["1"], "negated": [True]})
    coder = fit_coder(statements, pd.concat([codes.assign(negated=False), denied]), name="negated")
    assert coder.card["threats"] == 40


def test_bad_input_is_named(fitted: Coder, tmp_path: Path) -> None:
    statements, codes = lesson()
    with pytest.raises(ValueError, match="value"):
        fit_coder(statements, codes.drop(columns="value"), name="x")
    with pytest.raises(ValueError, match="s999"):
        fit_coder(statements, pd.DataFrame({"statement_id": ["s999"], "slot": ["threat"], "value": ["1"]}), name="x")
    with pytest.raises(ValueError, match="at least ten"):
        fit_coder(statements, codes.head(0), name="x")
    with pytest.raises(ValueError, match="missing"):
        fit_coder(statements, codes.assign(value=pd.NA), name="x")
    with pytest.raises(ValueError, match="two documents"):
        fit_coder(statements.assign(doc_id="one"), codes, name="x")
    with pytest.raises(ValueError, match="line end"):
        save_coder(replace(fitted, unit={"civil\nwar": 0}, unit_weights=np.ones((2, 7))), tmp_path / "mine.npz")
    old = {**fitted.card, "thresholds": _ALL}
    save_coder(replace(fitted, card=old), tmp_path / "old.npz")
    with pytest.raises(ValueError, match="earlier version"):
        load_coder(tmp_path / "old.npz")
    with pytest.raises(ValueError, match="npz"):
        save_coder(fitted, tmp_path / "mine.pkl")
    with pytest.raises(FileNotFoundError, match="absent"):
        load_coder(tmp_path / "absent.npz")
    np.savez(tmp_path / "other.npz", weights=np.zeros(3))
    with pytest.raises(ValueError, match="not a frame coder"):
        load_coder(tmp_path / "other.npz")


def test_in_news_each_feature_stands_a_second_time() -> None:
    said = pd.DataFrame(
        {"statement_id": ["a", "b"], "content": ["The flood is a danger."] * 2, "kind": ["speech", "direct"]}
    )
    speech, news = (reading.unit for reading in read_all(said, load_codebook(), None))
    assert set(news) == set(speech) | {f"news {name}" for name in speech} | {"news"}


def test_around_a_mention_stand_the_words_beside_it() -> None:
    vectors = WordVectors({"flood": 0, "grows": 1}, np.eye(2))
    said = pd.DataFrame({"statement_id": ["a"], "content": ["Flood terrorism grows."]})
    (reading,) = read_all(said, load_codebook(), vectors)
    assert reading.company[6, 15].tolist() == [1, 0, 0, 1, 0, 0]  # before: flood; after: grows; its own word: unknown
    assert (reading.direction > 0).all()


def test_a_value_without_words_has_no_span(fitted: Coder) -> None:
    open_to_all = replace(fitted, card={**fitted.card, "thresholds": dict.fromkeys(("speeches", "news"), _ALL)})
    said = pd.DataFrame({"statement_id": ["s"], "content": ["…"]})
    ((_, found),) = decide(open_to_all, read_all(said, BOOK, None))
    assert found
    assert all(mention.end == -1 for mention in found)


@pytest.mark.parametrize("nothing", ["", " ", None, pd.NA, float("nan")])
def test_where_nothing_was_said_nothing_is_coded(fitted: Coder, nothing: object) -> None:
    open_to_all = replace(fitted, card={**fitted.card, "thresholds": dict.fromkeys(("speeches", "news"), _ALL)})
    said = pd.DataFrame({"statement_id": ["s"], "content": pd.Series([nothing], dtype=object)})
    ((_, found),) = decide(open_to_all, read_all(said, BOOK, None))
    assert found == []


def test_the_shipped_coder_says_what_it_was_fitted_on() -> None:
    card = load_coder().card
    assert "UN General Debate" in card["fitted_on"]
    assert "Wikinews" in card["text"]
    assert card["licence"]
    assert card["statements"] == 6100


def test_without_a_threat_its_parts_do_not_count() -> None:
    chances = {
        "threat.1": 0.4,
        "severity.2": 0.9,
        "severity.3": 0.2,
        "agents.war": 0.9,
        "measures.aid": 0.9,
        "blame.war": 0.1,
    }
    limits = dict.fromkeys(_ALL, 0.5)
    assert coded_values(chances, limits) == [("measures", "aid")]
    found = coded_values({**chances, "threat.1": 0.5}, limits)
    assert found == [("threat", "1"), ("severity", "2"), ("agents", "war"), ("measures", "aid")]
