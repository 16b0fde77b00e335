"""The encoder: words into pieces, pieces through the layers, statements to answers, answers into the coders' scores."""

from __future__ import annotations

import math
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.coding.coders import load_coder, mixed
from helpers.coding.encoder import (
    LONGEST,
    Answer,
    Encoder,
    Part,
    load_encoder,
    marked,
    read_with,
    save_encoder,
    words_that_tell,
)
from helpers.coding.frames import code_frames
from helpers.coding.layers import Layer, Network, run
from helpers.coding.model_files import to_bytes
from helpers.coding.stance import code_stance
from helpers.coding.stance_coder import load_stance_coder, with_answer
from helpers.coding.word_pieces import Piece, cut
from helpers.statements.table import is_reported

if TYPE_CHECKING:
    from pathlib import Path

LETTERS = "abcdefghijklmnopqrstuvwxyz"
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "|", ".", ",", "state", "news", "the", "militia", "choir", "threat"]
PIECES = {piece: at for at, piece in enumerate([*WORDS, *LETTERS, *("##" + one for one in LETTERS)])}
OUTPUTS = ("threat.1", "agents.other", "measures.aid", "stance.taliban.-1", "stance.taliban.1", "stance.terrorism.-1")
SIZE, HEADS, LAYERS = 12, 3, 2
ROOM = LONGEST - 2 - 2  # who speaks is two pieces, "state" and "|"


def network(seed: int = 0) -> Network:
    chance = np.random.default_rng(seed)

    def some(*shape: int) -> np.ndarray:
        return chance.normal(scale=0.4, size=shape).astype(np.float32)

    def layer() -> Layer:
        inner, outer = some(4 * SIZE, SIZE + 1), some(SIZE, 4 * SIZE + 1)
        return Layer(some(3 * SIZE, SIZE + 1), some(SIZE, SIZE + 1), inner, outer, 1 + some(4, SIZE))

    return Network(
        table=some(len(PIECES), SIZE),
        places=some(LONGEST, SIZE),
        scales=1 + some(2, SIZE),
        layers=tuple(layer() for _ in range(LAYERS)),
        heads=HEADS,
        queries=some(len(OUTPUTS), SIZE),
        values=some(len(OUTPUTS), SIZE),
        opening=some(len(OUTPUTS), SIZE + 1),
    )


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    slots = ("threat", "severity.2", "severity.3", "agents", "types", "referents", "measures", "blame")
    limits = dict.fromkeys(slots, 0.5)
    card = {
        "name": "toy",
        "beside": ["un-news-frames-2", "un-news-stance-2"],
        "share": 0.5,
        "states": {"AFG": "the"},
        "thresholds": {"speeches": limits, "news": {**limits, "threat": 1.1}},
    }
    return Encoder(card, OUTPUTS, PIECES, network())


def saying(encoder: Encoder, logit: float, *outputs: str) -> Encoder:
    """The encoder with only these outputs, each with the same logit whatever it reads, and a share of one."""
    width = len(outputs)
    opening = np.zeros((width, SIZE + 1), dtype=np.float32)
    opening[:, -1] = logit
    quiet = encoder.network._replace(
        queries=encoder.network.queries[:width], values=encoder.network.values[:width] * 0, opening=opening
    )
    return Encoder({**encoder.card, "share": 1.0}, outputs, PIECES, quiet)


def answers(
    encoder: Encoder, contents: list[str], *, country: str | None = None, reported: bool = False
) -> list[Answer]:
    return read_with(encoder, contents, [country] * len(contents), [reported] * len(contents))


def table(content: object, **columns: object) -> pd.DataFrame:
    return pd.DataFrame({"statement_id": ["s"], "content": [content], **{name: [one] for name, one in columns.items()}})


def test_words_are_cut_into_the_longest_known_pieces() -> None:
    found = [[*PIECES][piece.number] for piece in cut("Militias!", PIECES)]
    assert found == ["militia", "##s", "[UNK]"]


@pytest.mark.parametrize("written", ["THÉ", "THE\u0301", "T\u0302he", "t\xadhe", "th\u200be", "\ufeffthe", "the\x00"])
def test_capitals_accents_and_invisible_characters_do_not_count(written: str) -> None:
    assert [piece.number for piece in cut(written, PIECES)] == [PIECES["the"]]


@given(st.text(max_size=60))
def test_pieces_stand_where_their_words_stand(text: str) -> None:
    spans = [(piece.start, piece.end) for piece in cut(text, PIECES)]
    assert spans == sorted(spans)
    words = [text[start:end] for start, end in dict.fromkeys(spans)]
    assert letters("".join(words)) == letters(text)


def letters(text: str) -> list[str]:
    """What is neither space nor a mark over a letter nor invisible: that is no word by itself."""
    return [one for one in text if not one.isspace() and unicodedata.category(one) not in {"Mn", "Cf", "Cc"}]


def slowly(weights: Network, numbers: list[int]) -> np.ndarray:
    """The same model once more, one piece and one head at a time, as the papers write it."""

    def times(matrix: np.ndarray, row: np.ndarray) -> np.ndarray:
        return matrix[:, :-1] @ row + matrix[:, -1]

    def normal(row: np.ndarray, scales: np.ndarray) -> np.ndarray:
        return (row - row.mean()) / row.std() * scales[0] + scales[1]

    def soft(row: np.ndarray) -> np.ndarray:
        return np.exp(row) / np.exp(row).sum()

    state = [normal(weights.table[n] + weights.places[at], weights.scales) for at, n in enumerate(numbers)]
    width = SIZE // HEADS
    for layer in weights.layers:
        asked = [times(layer.attention, row) for row in state]
        heads = [[] for _ in state]
        for head in range(HEADS):
            query, key, value = (
                [row[part * SIZE + head * width : part * SIZE + (head + 1) * width] for row in asked]
                for part in range(3)
            )
            for at in range(len(state)):
                seen = soft(np.array([query[at] @ other / math.sqrt(width) for other in key]))
                heads[at].append(sum(share * row for share, row in zip(seen, value, strict=True)))
        state = [
            normal(row + times(layer.attended, np.concatenate(some)), layer.scales[:2])
            for row, some in zip(state, heads, strict=True)
        ]
        inner = [times(layer.inner, row) for row in state]
        bent = [np.array([x * (1 + math.erf(x / math.sqrt(2))) / 2 for x in row]) for row in inner]
        state = [
            normal(row + times(layer.outer, some), layer.scales[2:]) for row, some in zip(state, bent, strict=True)
        ]
    logits = times(weights.opening, state[0])
    for output in range(len(OUTPUTS)):
        seen = soft(np.array([weights.queries[output] @ row for row in state]))
        logits[output] += sum(share * weights.values[output] @ row for share, row in zip(seen, state, strict=True))
    return logits


def test_the_layers_compute_what_the_papers_write() -> None:
    weights = network()
    texts = [[2, 9, 10, 3], [2, 12, 3, 4, 9, 11, 3]]
    logits, _ = run(weights, [np.array(text) for text in texts])
    assert np.allclose(logits, [slowly(weights, text) for text in texts], atol=1e-4)


def test_what_the_pieces_add_and_the_opening_make_the_logits() -> None:
    weights = network()
    texts = [np.array([2, 9, 10, 3]), np.array([2, 12, 3])]
    logits, told = run(weights, texts)
    assert (told[1, 3:] == 0).all()
    quiet = weights._replace(opening=np.zeros_like(weights.opening))
    assert np.allclose(run(quiet, texts)[0], told.sum(axis=1), atol=1e-5)
    assert not np.allclose(logits, told.sum(axis=1))


def test_a_statement_is_read_alike_alone_and_among_others(encoder: Encoder) -> None:
    contents = ["the choir", "the militias threat, the militia", "threat", ""] * 6
    for content, answer in zip(contents, answers(encoder, contents), strict=True):
        alone = answers(encoder, [content])[0]
        assert np.allclose(answer.logits, alone.logits, atol=1e-5)
        assert answer.parts[0].pieces == alone.parts[0].pieces == cut(content, PIECES)
        assert answer.parts[0].adds.shape == (len(answer.parts[0].pieces), len(OUTPUTS))
    assert answers(encoder, []) == []


def test_who_speaks_counts(encoder: Encoder) -> None:
    unknown, state, news = (
        answers(encoder, ["the choir"], **who)[0].logits for who in ({}, {"country": "AFG"}, {"reported": True})
    )
    assert not np.allclose(unknown, state)
    assert not np.allclose(unknown, news)
    assert np.array_equal(unknown, answers(encoder, ["the choir"], country="XXX")[0].logits)


@pytest.mark.parametrize("count", [1, ROOM - 1, ROOM, ROOM + 1, ROOM + 100, ROOM + 101, ROOM + 300])
def test_long_statements_are_read_in_parts_without_a_gap(encoder: Encoder, count: int) -> None:
    content = " ".join(("the", "choir", "militia")[at % 3] for at in range(count))
    answer = answers(encoder, [content])[0]
    assert len(answer.parts) == 1 + max(0, -(-(count - ROOM) // 100))
    assert {piece for part in answer.parts for piece in part.pieces} == set(cut(content, PIECES))
    assert max(len(part.pieces) for part in answer.parts) <= ROOM


def test_of_parts_the_strongest_counts_and_what_belongs_together_stays_together(encoder: Encoder) -> None:
    content = "the choir " * 120 + "militia " * 60 + "threat"
    answer = answers(encoder, [content])[0]
    lead = cut("state |", PIECES)
    each = np.array([run(encoder.network, [marked(lead, part.pieces, PIECES)])[0][0] for part in answer.parts])
    assert len(each) == 3
    claims, aid, taliban = each[:, 0].argmax(), each[:, 2].argmax(), each[:, 3:5].max(axis=1).argmax()
    assert answer.chosen.tolist() == [claims, claims, aid, taliban, taliban, each[:, 5].argmax()]
    assert len(set(answer.chosen.tolist())) > 1
    assert np.allclose(answer.logits, each[answer.chosen, range(len(OUTPUTS))], atol=1e-5)


def test_shown_are_the_best_word_and_good_neighbours() -> None:
    content = "ab cd, ef gh"
    pieces = [Piece(1, 0, 2), Piece(2, 0, 2), Piece(3, 3, 5), Piece(4, 5, 6), Piece(5, 7, 9), Piece(6, 10, 12)]
    told = np.array([[0.5, -1.0], [0.6, -1.0], [2.0, -1.0], [9.0, 5.0], [0.9, -1.0], [1.9, -1.0]])
    answer = Answer(np.ones(2), [Part(pieces, told)], np.zeros(2, dtype=int))
    assert words_that_tell(answer, 0, content) == (0, 5)
    assert words_that_tell(answer, 1, content) is None  # a comma tells nothing, and no word speaks for it
    assert words_that_tell(Answer(np.ones(1), [Part([], np.zeros((0, 1)))], np.zeros(1, dtype=int)), 0, "") is None


def test_saved_and_loaded_it_answers_nearly_the_same(encoder: Encoder, tmp_path: Path) -> None:
    save_encoder(encoder, tmp_path / "toy.npz")
    back = load_encoder(tmp_path / "toy.npz")
    assert (back.card, back.outputs, back.pieces) == (encoder.card, encoder.outputs, encoder.pieces)
    ours, theirs = (answers(one, ["the militias threat the choir"])[0].logits for one in (encoder, back))
    assert np.allclose(ours, theirs, atol=0.1)
    assert np.load(tmp_path / "toy.npz", allow_pickle=False)["attention"].dtype == np.int8


@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=8))
def test_bytes_keep_each_number_to_half_a_step(row: list[float]) -> None:
    numbers, steps = to_bytes(np.array([row]))
    assert np.abs(numbers * steps[:, None] - row).max() <= np.abs(row).max() / 127 / 2 * 1.001 + 1e-9


def test_other_files_are_refused(encoder: Encoder, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"no coder at .*none.npz"):
        load_encoder(tmp_path / "none.npz")
    np.savez(tmp_path / "other.npz", a=np.zeros(1))
    with pytest.raises(ValueError, match=r"'other.npz' is not a statement encoder"):
        load_encoder(tmp_path / "other.npz")
    bare = {name: one for name, one in encoder.card.items() if name != "share"}
    save_encoder(replace(encoder, card=bare), tmp_path / "bare.npz")
    with pytest.raises(ValueError, match=r"lacks \['share'\]"):
        load_encoder(tmp_path / "bare.npz")
    with pytest.raises(ValueError, match=r"saved as .npz, not 'toy.bin'"):
        save_encoder(encoder, tmp_path / "toy.bin")
    with pytest.raises(ValueError, match=r"number them 0, 1, … as the rows"):
        save_encoder(replace(encoder, pieces={**PIECES, "the": 999}), tmp_path / "gaps.npz")


def test_the_share_lies_between_coder_and_encoder() -> None:
    told, logits = np.array([[1.0, 2.0]]), np.array([[3.0, 9.0]])
    names = ("agents.other", "threat.1")
    assert mixed(told, ("threat.1", "types.other"), logits, names, share=0.0).tolist() == [[1.0, 2.0]]
    assert mixed(told, ("threat.1", "types.other"), logits, names, share=1.0).tolist() == [[9.0, 2.0]]
    assert mixed(told, ("threat.1", "types.other"), logits, names, share=0.5).tolist() == [[5.0, 2.0]]


def test_a_coder_with_an_encoder_says_so_and_takes_its_thresholds(encoder: Encoder) -> None:
    said = pd.DataFrame({"statement_id": ["a", "b"], "content": ["Terrorism is a threat to the region."] * 2})
    said["kind"] = ["speech", "direct"]
    coded = code_frames(said, coder=load_coder(encoder=replace(encoder, card=encoder.card | {"share": 0.0})))
    # The threshold for news above one lets no threat through.
    assert set(coded.loc[coded["slot"] == "threat", "statement_id"]) == {"a"}
    assert coded["rule"].str.startswith("un-news-frames-2 with toy").all()


def test_an_encoder_reads_only_beside_coders_that_it_was_tuned_with(encoder: Encoder) -> None:
    other = replace(encoder, card=encoder.card | {"beside": ["mine"]})
    for load in (load_coder, load_stance_coder):
        with pytest.raises(ValueError, match=r"'toy' was tuned beside \['mine'\], not beside 'un-news-"):
            load(encoder=other)


def test_outputs_that_one_of_both_lacks_are_left_as_they_are(encoder: Encoder) -> None:
    sure = saying(encoder, 9.0, "agents.pirates", "threat.1")
    coded = code_frames(table("the choir"), coder=load_coder(encoder=sure))
    assert set(coded["slot"]) >= {"threat", "severity"}
    assert "pirates" not in set(coded["value"])


def test_words_that_the_codebook_lacks_are_shown_from_the_encoder(encoder: Encoder) -> None:
    content = "the choir sings"
    sure = saying(encoder, 9.0, "threat.1", "agents.other")
    coded = code_frames(table(content), coder=load_coder(encoder=sure)).set_index("slot")
    assert coded.loc["agents", "text"] is pd.NA  # no word adds anything: the decision stands without words
    told = encoder.network._replace(
        queries=encoder.network.queries[:2], values=encoder.network.values[:2], opening=sure.network.opening
    )
    coder = load_coder(encoder=replace(sure, network=told))
    agent = code_frames(table(content), coder=coder).set_index("slot").loc["agents"]
    answer = answers(replace(sure, network=told), [content])[0]
    assert (agent["content_start"], agent["content_end"]) == words_that_tell(answer, 1, content)
    assert content[agent["content_start"] : agent["content_end"]] == agent["text"]
    assert agent["rule"] == "un-news-frames-2 with toy: words that told the encoder most"


@pytest.mark.parametrize("nothing", ["", " ", None, pd.NA])
def test_where_nothing_was_said_the_encoder_says_nothing(encoder: Encoder, nothing: object) -> None:
    sure = saying(encoder, 9.0, "threat.1", "measures.aid")
    assert code_frames(table(nothing), coder=load_coder(encoder=sure)).empty


@pytest.mark.parametrize("missing", [None, pd.NA, float("nan")])
def test_missing_country_and_kind_are_read_as_of_a_state_unknown(encoder: Encoder, missing: object) -> None:
    coder = load_coder(encoder=encoder)
    bare = code_frames(table("Terrorism is a threat to the region."), coder=coder)
    given = table("Terrorism is a threat to the region.", speaker_country=missing, kind=missing)
    pd.testing.assert_frame_equal(code_frames(given, coder=coder), bare)


def test_parts_of_any_size_and_no_rows_give_the_same_columns(encoder: Encoder) -> None:
    words = ["the militias are a threat", "we condemn the Taliban", "the choir sings", "terrorism threatens the world"]
    said = pd.DataFrame(
        {"statement_id": [f"s{at}" for at in range(410)], "content": [words[at % 4] for at in range(410)]}
    )
    for verb, coder in ((code_frames, load_coder(encoder=encoder)), (code_stance, load_stance_coder(encoder=encoder))):
        whole = verb(said, coder=coder)
        halves = pd.concat([verb(said.iloc[:7], coder=coder), verb(said.iloc[7:], coder=coder)], ignore_index=True)
        pd.testing.assert_frame_equal(whole, halves, rtol=1e-4)
        assert verb(said.iloc[:0], coder=coder).columns.tolist() == whole.columns.tolist()


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("direct", True),
        ("reported", True),
        ("speech", False),
        ("", False),
        (None, False),
        (float("nan"), False),
        (pd.NA, False),
        (1, False),
    ],
)
def test_only_a_known_kind_of_statement_is_news(kind: object, expected: bool) -> None:
    assert is_reported(kind) is expected


def test_stance_is_a_mean_of_coder_and_encoder(encoder: Encoder) -> None:
    own = np.array([0.7, 0.1, 0.1, 0.1])
    answer = Answer(np.array([0.0, 0.0, 0.0, -5.0, 5.0, 8.0]), [], np.zeros(6, dtype=int))
    both = with_answer(own, encoder, answer, "taliban")
    odds = np.log(own / own[3])
    expected = np.exp([(odds[0] - 5) / 2, odds[1], (odds[2] + 5) / 2, 0.0])  # no logit for 0: the coder's own odds
    assert both == pytest.approx(expected / expected.sum())
    assert with_answer(own, encoder, answer, "terrorism")[0] > own[0]  # one sign is enough
    quiet = replace(encoder, card=encoder.card | {"share": 0.0})
    assert with_answer(own, quiet, answer, "taliban") == pytest.approx(own)
    assert with_answer(own, encoder, answer, "norway") == pytest.approx(own)


def test_the_stance_coder_reads_with_it(encoder: Encoder) -> None:
    said = table("We condemn the Taliban.")
    alone = code_stance(said, coder=load_stance_coder())
    both = code_stance(said, coder=load_stance_coder(encoder=encoder))
    assert both["rule"].tolist() == ["coder un-news-stance-2 with toy"]
    assert both["score"].tolist() != alone["score"].tolist()


def test_stance_reads_only_statements_that_name_targets(encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    read = []
    monkeypatch.setattr("helpers.coding.stance.read_with", lambda *told: read.extend(told[1]) or read_with(*told))
    said = pd.DataFrame({"statement_id": ["a", "b"], "content": ["The choir sings.", "We condemn the Taliban."]})
    code_stance(said, coder=load_stance_coder(encoder=encoder))
    assert read == ["We condemn the Taliban."]


def test_the_shipped_encoder_reads_what_is_said() -> None:
    shipped = load_encoder()
    frames = load_coder(encoder=shipped)
    assert set(frames.outputs) <= set(shipped.outputs)
    assert {"name", "base", "fitted_on", "codes", "text", "licence"} <= shipped.card.keys()
    said = pd.DataFrame(
        {
            "statement_id": ["a", "b"],
            "content": ["Militants burned down the school and killed two teachers.", "The choir sang in the new hall."],
        }
    )
    coded = code_frames(said, coder=frames)
    assert set(coded["statement_id"]) == {"a"}
    assert "civilians" in set(coded["value"])
