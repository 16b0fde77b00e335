"""One page and all tables: hostile text is escaped, nothing is loaded from elsewhere, formulas stay text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from helpers.report import analyse, plain_cell, save_tables, words_in_place, write_report

if TYPE_CHECKING:
    from pathlib import Path

ARTICLE = """The Karez Post

Talks <script>alert(1)</script> resume in Herat, says envoy

HERAT: “We want talks, not another war,” said envoy Parwin Zhwandai on Sunday.

She added that the Taliban threatened the whole region.

=HYPERLINK("x") is how the second paragraph begins, according to the envoy.
"""


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pd.DataFrame]:
    folder = tmp_path_factory.mktemp("articles")
    (folder / "talks.txt").write_text(ARTICLE, encoding="utf-8")
    (folder / "broken.jsonl").write_text('{"text": "half', encoding="utf-8")
    return analyse(folder)


def test_all_tables_come_from_one_call(tables: dict[str, pd.DataFrame]) -> None:
    assert len(tables["articles"]) == 1
    assert len(tables["rejects"]) == 1
    assert {"Parwin Zhwandai"} <= set(tables["statements"]["speaker_name"].dropna())
    assert set(tables["frames_wide"]["statement_id"]) == set(tables["statements"]["statement_id"])
    assert re.fullmatch(r"[0-9a-f]{12}", tables["run"].loc[0, "codebook"])


def test_the_page_escapes_what_it_shows_and_loads_nothing(tables: dict[str, pd.DataFrame], tmp_path: Path) -> None:
    page = write_report(tables, tmp_path).read_text(encoding="utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page)
    assert "Parwin Zhwandai" in page
    assert "broken.jsonl" in page


def test_a_spreadsheet_runs_no_formula(tables: dict[str, pd.DataFrame], tmp_path: Path) -> None:
    hostile = pd.DataFrame({"title": ["=1+1", "@cmd", "-2", "plain"], "ids": [("taliban", "war"), (), ("=x",), ("a",)]})
    save_tables({**tables, "hostile": hostile}, tmp_path)
    read = pd.read_csv(tmp_path / "hostile.csv", encoding="utf-8-sig", keep_default_na=False)
    assert read["title"].tolist() == ["'=1+1", "'@cmd", "'-2", "plain"]
    assert read["ids"].tolist() == ["taliban;war", "", "'=x", "a"]
    assert {path.stem for path in tmp_path.glob("*.csv")} == {*tables, "hostile"}


@pytest.mark.parametrize(("value", "expected"), [(5, 5), (-2.5, -2.5), ("a-b", "a-b"), ("\t=1", "'\t=1")])
def test_numbers_stay_numbers_and_text_stays_text(value: object, expected: object) -> None:
    assert plain_cell(value) == expected


def test_the_words_in_place_are_escaped_and_named() -> None:
    parts = pd.DataFrame({"part": ["content", "cue"], "start": [3, 9], "end": [8, 12]})
    shown = words_in_place("ab <i>x& cue.", parts)
    assert "&lt;i&gt;x" in shown
    assert "[content]" in shown
    assert "[cue]" in shown


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nowhere"):
        analyse(tmp_path / "nowhere")
