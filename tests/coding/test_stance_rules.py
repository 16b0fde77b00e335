"""Stance by the rules: text in, rows out."""

from __future__ import annotations

import json
import re
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.codebook.load import load_codebook
from helpers.codebook.patterns import find_hits
from helpers.coding import stance as coding_stance
from helpers.coding.stance import coarse_targets, stance_by_target, stance_edges
from helpers.coding.stance_rules import forms_of, stance_book

if TYPE_CHECKING:
    from pathlib import Path

code_stance = partial(coding_stance.code_stance, coder="rules")


def said(*contents: str, **columns: object) -> pd.DataFrame:
    """Make statements of texts."""
    ids = [f"s{i}" for i in range(len(contents))]
    return pd.DataFrame({"statement_id": ids, "content": list(contents), **columns})


def polarities(content: str, **columns: object) -> dict[str, int]:
    """Return target to polarity for one statement."""
    rows = stance_by_target(code_stance(said(content, **columns)))
    return dict(zip(rows["target"], rows["polarity"], strict=True))


CASES = {
    "an active verb": ("We condemn Iran.", {"iran": -1}),
    "negation turns it": ("We do not condemn Iran.", {"iran": 1}),
    "not only is no negation": ("We not only support Iran.", {"iran": 1}),
    "the passive": ("Pakistan was attacked by the Taliban.", {"pakistan": 0, "taliban": -1}),
    "the doer and the one it is done to": ("The Taliban murdered Iraqis.", {"taliban": -1, "iraq": 0}),
    "each verb keeps its own object": (
        "We condemn the Taliban and stand with the Afghan people.",
        {"taliban": -1, "afghan_people": 1},
    ),
    "a list shares its verb": ("We thank Iraq, Pakistan and India.", {"iraq": 1, "pakistan": 1, "india": 1}),
    "also a list of subjects": ("The Taliban and Iran murdered them.", {"taliban": -1, "iran": -1}),
    "a demand": ("Israel must stop the shelling.", {"israel": -1}),
    "a label": ("Syria is a threat to its neighbours.", {"syria_government": -1}),
    "a label denied": ("Syria is not a threat to its neighbours.", {"syria_government": 1}),
    "an adjective": ("The brutal Syrian regime speaks.", {"syria_government": -1}),
    "an adjective two words before": ("The brutal and old Syrian regime speaks.", {"syria_government": -1}),
    "a name without stance": ("The delegation flew to Iraq.", {"iraq": 0}),
    "the longest name wins": ("We back the global fight against terrorism.", {"counter_terrorism": 1}),
    "a sentence end parts words": ("We condemn them. Iraq was next on the list.", {"iraq": 0}),
    "a State without words of stance is no target": ("The ship sailed to Norway.", {}),
    "a State with them is": ("We thank Norway.", {"other_state": 1}),
    "capitals matter where the codebook writes them": ("They told us so.", {}),
    "somebody else's verdict is not the speaker's": ("Iran rejects the peace talks.", {"iran": 0, "peace_process": 0}),
    "the speaker's own verdict is": ("We firmly reject the peace talks.", {"peace_process": -1}),
    "a name alone has no usual stance": ("Terrorism was on the agenda.", {"terrorism": 0}),
    "also with an auxiliary between": ("I will never support the peace talks.", {"peace_process": -1}),
    "whoever is against it says so": ("I am against the peace talks.", {"peace_process": -1}),
    "no more of it": ("Win or lose, but win. No more peace talks.", {"peace_process": -1}),
    "a label that follows the name": ("They call the peace talks a fraud.", {"peace_process": -1}),
}


@pytest.mark.parametrize(("content", "expected"), CASES.values(), ids=CASES)
def test_reads(content: str, expected: dict[str, int]) -> None:
    assert polarities(content) == expected


IN_CUE = {
    "a verdict in the cue": ("the peace talks in the capital", "denounced", -1),
    "praise in the cue": ("Iraq for its patience", "thanked", 1),
    "a cue without a verdict": ("the peace talks in the capital", "described", 0),
}


@pytest.mark.parametrize(("content", "cue", "polarity"), IN_CUE.values(), ids=IN_CUE)
def test_a_verdict_in_the_cue_is_read(content: str, cue: str, polarity: int) -> None:
    rows = code_stance(said(content, cue=[cue], kind=["indirect"]))
    assert rows["polarity"].tolist() == [polarity]
    assert (f"{cue}[cue]" in rows["evidence"].item()) == rows["rule"].item().endswith("to it")


def test_the_speakers_own_state_is_no_target() -> None:
    assert polarities("We thank Pakistan.", speaker_country="PAK") == {}
    assert polarities("We thank Norway.", speaker_country="NOR") == {}
    assert polarities("We thank Pakistan.", speaker_country="NOR") == {"pakistan": 1}


def test_a_longer_name_that_holds_the_speakers_own_state_is_a_target() -> None:
    for coder in ("reader", "rules"):
        words = said("The Islamic State of Iraq and the Levant burned our wheat.", speaker_country=["IRQ"])
        assert "islamic_state" in set(coding_stance.code_stance(words, coder=coder)["target"])


def test_the_afghan_government_after_its_fall_is_the_taliban() -> None:
    assert polarities("We thank the Afghan government.", date="2019-09-20") == {"afghan_government": 1}
    later = pd.Series(pd.to_datetime(["2022-09-20"]))
    assert set(polarities("We thank the Afghan government.", date=later)) == {"taliban"}


def test_marked_spans_replace_the_search() -> None:
    statements = said("The guild condemned the brewers.", "Nothing is marked in Iraq.")
    targets = pd.DataFrame({"statement_id": ["s0"], "target": ["brewers"], "start": [24], "end": [31]})
    rows = code_stance(statements, targets=targets)
    assert rows[["target", "target_text", "statement_id"]].values.tolist() == [["brewers", "brewers", "s0"]]


def test_a_marked_source_directs_the_stance() -> None:
    content = "The guild condemned the brewers."
    forward = {"start": [24], "end": [31], "source_start": [4], "source_end": [9]}
    backward = {"start": [4], "end": [9], "source_start": [24], "source_end": [31]}
    found = [
        code_stance(said(content), targets=pd.DataFrame({"statement_id": ["s0"], "target": ["x"], **spans}))
        for spans in (forward, backward)
    ]
    assert [rows["polarity"].item() for rows in found] == [-1, 0]


def test_a_word_of_stance_inside_a_name_is_none() -> None:
    marks = {"target": ["brigade", "brewers"], "start": [13, 35], "end": [26, 42]}
    rows = code_stance(
        said("We thank the fight brigade and the brewers."), targets=pd.DataFrame({"statement_id": "s0", **marks})
    )
    assert rows["target_text"].tolist() == ["fight brigade", "brewers"]
    assert rows["polarity"].tolist() == [1, 1]


@pytest.mark.parametrize(("between", "polarity"), [("hall", 1), ("envoys", 0)])
def test_a_source_far_before_leads_unless_another_name_stands_between(between: str, polarity: int) -> None:
    content = f"The guild sat all day with old books in the cold {between} and closed with words to thank the brewers."
    names = ["brewers", between] if polarity == 0 else ["brewers"]
    start = [content.index(name) for name in names]
    marks = {"target": names, "start": start, "end": [at + len(name) for at, name in zip(start, names, strict=True)]}
    targets = pd.DataFrame({"statement_id": "s0", **marks, "source_start": 4, "source_end": 9})
    assert code_stance(said(content), targets=targets)["polarity"].tolist()[0] == polarity


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"start": [-1]}, "half-open"),
        ({"end": [99]}, "half-open"),
        ({"statement_id": ["elsewhere"]}, "not among the statements"),
        ({"source_start": [5], "source_end": [2]}, "half-open"),
    ],
)
def test_bad_marks_are_named(change: dict[str, list[object]], message: str) -> None:
    targets = {"statement_id": ["s0"], "target": ["x"], "start": [0], "end": [2], **change}
    with pytest.raises(ValueError, match=message):
        code_stance(said("We thank them."), targets=pd.DataFrame(targets))


def test_missing_columns_and_repeated_ids_are_named() -> None:
    with pytest.raises(ValueError, match="content"):
        code_stance(pd.DataFrame({"statement_id": ["a"]}))
    with pytest.raises(ValueError, match="targets has no column 'target'"):
        code_stance(said("x"), targets=pd.DataFrame({"statement_id": ["s0"]}))
    with pytest.raises(ValueError, match="repeats"):
        code_stance(pd.DataFrame({"statement_id": ["a", "a"], "content": ["x", "y"]}))


def test_no_statements_give_no_rows_of_the_same_columns() -> None:
    empty = code_stance(said())
    full = code_stance(said("We thank Iraq."))
    assert len(empty) == 0
    assert empty.dtypes.astype(str).to_dict() == full.dtypes.astype(str).to_dict()
    assert len(stance_by_target(empty)) == 0
    assert len(stance_edges(empty)) == 0


def test_input_is_not_changed() -> None:
    statements = said("We thank Iraq.", None)
    before = statements.copy(deep=True)
    code_stance(statements)
    pd.testing.assert_frame_equal(statements, before)


def test_the_mention_that_says_most_decides_and_mixed_is_said() -> None:
    rows = stance_by_target(code_stance(said("The United Nations met. We condemn the United Nations.")))
    assert rows["polarity"].tolist() == [-1]
    assert rows["mentions"].tolist() == [2]
    assert rows["mixed"].tolist() == [False]
    both = stance_by_target(code_stance(said("We thank Iraq. We condemn Iraq.")))
    assert both["mixed"].tolist() == [True]


def test_fold_counts_finer_targets_under_the_manuals_id() -> None:
    fold = coarse_targets()
    rows = stance_by_target(code_stance(said("We thank the Afghan people. Afghanistan is far.")), fold=fold)
    assert rows[["target", "polarity", "mentions"]].values.tolist() == [["afghan_government", 1, 2]]


def test_edges_count_statements() -> None:
    statements = said("We thank Iraq. We praise Iraq.", "We condemn Iraq.", "Iraq is far.", speaker_id=["a", "a", "a"])
    edges = stance_edges(code_stance(statements))
    row = edges.iloc[0]
    assert (row["speaker_id"], row["target"], row["statements"]) == ("a", "iraq", 3)
    assert (row["for_"], row["against"], row["neutral"]) == (1, 1, 1)
    assert row["mean"] == pytest.approx(0.0)


def test_edges_keep_statements_without_speaker() -> None:
    assert stance_edges(code_stance(said("We thank Iraq.")))["speaker_id"].tolist() == ["unknown"]


def test_forms() -> None:
    assert forms_of("deny") == "(deny|denies|denied|denying)"
    assert forms_of("stop|stopped|stopping") == "(stop|stops|stopped|stopping)"
    assert forms_of("stand with|stood with|standing with") == "(stand|stands|stood|standing) with"


def examples() -> list[tuple[str, str, str, str]]:
    table = load_codebook().stance
    groups = [(k, n, g) for k in ("targets", "verbs", "phrases", "attributes", "shifters") for n, g in table[k].items()]
    return [(kind, name, g["example"], g["counter_example"]) for kind, name, g in groups]


@pytest.mark.parametrize(
    ("kind", "name", "example", "counter"), examples(), ids=[f"{k}.{n}" for k, n, *_ in examples()]
)
def test_every_group_finds_its_example(kind: str, name: str, example: str, counter: str) -> None:
    book = stance_book(load_codebook().stance)
    wanted = {"targets": f"target:{name}", "shifters": f"shift.shifters:{name}"}.get(kind, f"cue.{kind}:{name}")

    def found(text: str) -> set[str]:
        hits = find_hits(text, book.names) + find_hits(text, book.words)
        return {re.sub(r"^(target:\w+)\..*", r"\1", hit.entry) for hit in hits}

    assert wanted in found(example)
    if kind == "targets":
        assert wanted not in found(counter)


WORDS = [
    "we",
    "condemn",
    "the",
    "Taliban",
    "Afghan",
    "people",
    "support",
    "not",
    "terrorism",
    ".",
    ",",
    "US",
    "’s",
    "\n",
    "is",
]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([*WORDS, "é", "İ", "\U0001f600", "by", "attacked", "who"]), max_size=40).map(" ".join))
def test_offsets_quote_the_content_and_scores_stay_in_bounds(content: str) -> None:
    rows = code_stance(said(content))
    for text, start, end in zip(rows["target_text"], rows["content_start"], rows["content_end"], strict=True):
        assert content[start:end] == text
    for evidence in rows["evidence"]:
        for words, start, end in re.findall(r"(?:^|; )(.*?)\[(\d+):(\d+)\]", evidence, re.DOTALL):
            assert content[int(start) : int(end)] == words
    assert rows["score"].between(-1, 1).all()
    assert set(rows["polarity"]) <= {-1, 0, 1}
    once = stance_by_target(rows)
    assert once["mentions"].sum() == len(rows)
    assert not once.duplicated(["statement_id", "target"]).any()


def test_real_statements_are_quoted_as_they_stand(shared: Path) -> None:
    lines = (shared / "benchmarks/coding/un_dev.units.jsonl").read_text(encoding="utf-8").split("\n")
    units = [json.loads(line) for line in lines if line.strip()]
    statements = pd.DataFrame({"statement_id": [u["unit_id"] for u in units], "content": [u["text"] for u in units]})
    contents = dict(zip(statements["statement_id"], statements["content"], strict=True))
    rows = code_stance(statements)
    spans = zip(rows["statement_id"], rows["content_start"], rows["content_end"], strict=True)
    assert [contents[name][start:end] for name, start, end in spans] == rows["target_text"].tolist()
