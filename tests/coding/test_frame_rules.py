"""Threat frames by the rules: text in, rows out."""

from __future__ import annotations

import os
import re
import tarfile
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.codebook.load import load_codebook
from helpers.coding import frames as coding_frames
from helpers.coding.frames import LISTS, frames_wide

if TYPE_CHECKING:
    from pathlib import Path


code_frames = partial(coding_frames.code_frames, coder="rules")


def said(*contents: str | None, country: str | None = None) -> pd.DataFrame:
    ids = [f"s{at}" for at in range(len(contents))]
    return pd.DataFrame({"statement_id": ids, "content": list(contents), "speaker_country": country})


def values(text: str, slot: str, country: str | None = None) -> set[str]:
    frames = code_frames(said(text, country=country))
    return set(frames.loc[(frames["slot"] == slot) & ~frames["negated"], "value"])


@pytest.mark.parametrize(
    ("text", "slot", "expected"),
    [
        pytest.param("We condemn terrorism in all its forms.", "threat", set(), id="condemning is no claim of threat"),
        pytest.param("Terrorism is a scourge.", "threat", {"1"}, id="a scourge is"),
        pytest.param("Terrorism is a scourge.", "severity", {"2"}, id="of the second degree"),
        pytest.param("Terrorism is a challenge.", "severity", {"1"}, id="a challenge is milder"),
        pytest.param("Terrorism is the greatest threat of our time.", "severity", {"3"}, id="the greatest is gravest"),
        pytest.param("Terrorism is not a threat to us.", "threat", set(), id="a negated threat is none"),
        pytest.param("Terrorism is not a threat to us.", "agents", set(), id="and has no agent"),
        pytest.param("Terrorism is not only a threat, it kills.", "threat", {"1"}, id="not only is no negation"),
        pytest.param("The Taliban threaten the school.", "agents", {"taliban"}, id="a named agent"),
        pytest.param("The Taliban opened the school.", "agents", set(), id="a name without harm is no agent"),
        pytest.param("Counter-terrorism is a dangerous trade.", "agents", set(), id="guard: counter-terrorism"),
        pytest.param("Drug trafficking threatens our youth.", "agents", {"drugs"}, id="drugs"),
        pytest.param("Civil war and drought ravage the plain.", "agents", {"war", "other"}, id="two agents"),
        pytest.param("Chemical weapons threaten us.", "types", {"wmd"}, id="type: weapons of mass destruction"),
        pytest.param("The threat knows no borders.", "types", {"spillover"}, id="type: over borders"),
        pytest.param(
            "They threaten international peace and security.", "referents", {"international_order"}, id="order"
        ),
        pytest.param("Innocent people were killed.", "referents", {"civilians"}, id="civilians"),
        pytest.param("The attack on the Sahel goes on.", "referents", {"region"}, id="region"),
        pytest.param("We support peace talks.", "measures", {"diplomacy"}, id="a measure without a threat"),
        pytest.param("There is no military solution.", "measures", set(), id="guard: no military solution"),
        pytest.param("Poverty breeds terrorism.", "blame", {"other"}, id="a cause is blamed"),
        pytest.param("The brutal regime sponsors terrorism.", "blame", {"state"}, id="a sponsor is blamed"),
        pytest.param("The plague is no longer a threat.", "denial", {"1"}, id="the danger is said to be over"),
    ],
)
def test_one_slot(text: str, slot: str, expected: set[str]) -> None:
    assert values(text, slot) == expected


def test_the_speakers_own_country_is_known_by_its_code() -> None:
    text = "The war threatens Chad."
    assert values(text, "referents", "TCD") == {"own_state"}
    assert values(text, "referents", "MLI") == {"other_state"}
    assert values(text, "referents") == {"other_state"}


def test_a_speaker_does_not_blame_its_own_country() -> None:
    text = "Chad sponsors the militias."
    assert values(text, "blame", "MLI") == {"state"}
    assert values(text, "blame", "TCD") == set()


def test_words_that_are_found_twice_give_one_row_and_two_mentions_give_two() -> None:
    frames = code_frames(said("Terrorism threatens us, and terrorism threatens the port."))
    assert frames.loc[frames["slot"] == "agents", "content_start"].tolist() == [0, 28]


def test_negated_rows_stay_and_do_not_count() -> None:
    frames = code_frames(said("It is not a danger."))
    assert frames.loc[frames["slot"] == "threat", "negated"].tolist() == [True]
    assert frames_wide(frames, said("It is not a danger."))["threat"].tolist() == [0]


def test_wide_keeps_every_statement_in_order() -> None:
    statements = said("The choir sang.", "Floods threaten the port.", None)
    wide = frames_wide(code_frames(statements), statements)
    assert wide["statement_id"].tolist() == ["s0", "s1", "s2"]
    assert wide["threat"].tolist() == [0, 1, 0]
    assert wide["agents"].tolist() == [(), ("other",), ()]
    assert [str(wide[name].dtype) for name in ("threat", "severity", "denial")] == ["Int8"] * 3


def test_frames_of_unknown_statements_are_refused() -> None:
    frames = code_frames(said("Floods threaten the port."))
    with pytest.raises(ValueError, match="s0"):
        frames_wide(frames, said().assign(statement_id=pd.Series(dtype="string")))


def test_missing_columns_are_named() -> None:
    with pytest.raises(ValueError, match="content"):
        code_frames(pd.DataFrame({"statement_id": ["s"]}))
    with pytest.raises(ValueError, match="slot"):
        frames_wide(pd.DataFrame({"statement_id": ["s"]}), said("x"))


def test_input_is_not_changed() -> None:
    statements = said("Floods threaten the port.")
    before = statements.copy(deep=True)
    frames_wide(code_frames(statements), statements)
    pd.testing.assert_frame_equal(statements, before)


def test_a_codebook_of_ones_own_is_used(tmp_path: Path) -> None:
    (tmp_path / "threat.toml").write_text('[agents.other]\npatterns = ["hill men"]\n', encoding="utf-8")
    frames = code_frames(said("The hill men threaten the port."), codebook=load_codebook(tmp_path))
    assert "hill men" in set(frames.loc[frames["slot"] == "agents", "text"])


PIECES = [
    "Terrorism", "the Taliban", "not", "threatens", "a grave threat to", "peace and security", ",", ".", "kills",
    "Chad",
    "our people", "because of", "poverty", "we must", "cooperate",
    "“", "’s", "\n", "é", "🙂", "no longer",
]  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(st.sampled_from(PIECES), max_size=20).map(" ".join), max_size=3))
def test_spans_are_verbatim_and_records_are_kept(texts: list[str]) -> None:
    statements = said(*texts, country="TCD")
    frames = code_frames(statements)
    content = dict(zip(statements["statement_id"], texts, strict=True))
    for row in frames.dropna(subset="content_start").itertuples(index=False):
        assert content[row.statement_id][row.content_start : row.content_end] == row.text
    assert frames.loc[frames["slot"] == "severity", "content_start"].isna().all()
    wide = frames_wide(frames, statements)
    assert len(wide) == len(texts)
    assert ((wide["threat"] == 1) == (wide["severity"] > 0)).all()
    empty = wide["threat"] == 0
    assert all(row == () for slot in ("agents", "types", "referents") for row in wide.loc[empty, slot])


def test_every_value_belongs_to_the_codebook() -> None:
    threat = load_codebook().threat
    texts = [table["example"] for slot in LISTS for table in threat[slot].values()]
    frames = code_frames(said(*texts))
    allowed = {slot: set(threat[slot]) for slot in LISTS}
    allowed["blame"] = {*threat["agents"], "international_community"}
    for slot in LISTS:
        assert set(frames.loc[frames["slot"] == slot, "value"]) <= allowed[slot]


def test_real_speeches_raise_nothing_and_quote_what_stands(shared: Path) -> None:
    archive = shared / "data" / "UNGDC_1996-2024.tgz"
    if not archive.is_file():
        pytest.skip("no UN General Debate archive in the shared folder")
    paragraphs: list[str] = []
    every = 1 if os.environ.get("THREAT_TALK_ALL") else 40
    with tarfile.open(archive) as files:
        for at, member in enumerate(files):
            file = files.extractfile(member) if member.isfile() and at % every == 0 else None
            if file is not None:
                text = file.read().decode("utf-8", "replace")
                paragraphs += [
                    part for part in re.split(r"\n\s*\n|(?<=\.)\n", text) if re.search("terror|Afghan", part)
                ]
    statements = said(*paragraphs)
    frames = code_frames(statements)
    content = dict(zip(statements["statement_id"], paragraphs, strict=True))
    spans = frames.dropna(subset="content_start")
    assert len(spans) > len(paragraphs)
    assert all(
        content[r.statement_id][r.content_start : r.content_end] == r.text for r in spans.itertuples(index=False)
    )
