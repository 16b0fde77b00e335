"""No code knows an id: with all ids of a codebook renamed, the path gives the same results under the other names."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from helpers import code_frames, code_stance, extract_statements, frames_wide, load_articles, stance_by_target
from helpers.codebook.load import load_codebook
from helpers.coding import coarse_targets
from helpers.paths import DATA
from helpers.report import analyse
from helpers.report.page import render_page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from helpers.codebook.load import Codebook

MARK = "qq"  # put before every id
LEVELS = {"severity", "denial"}  # degrees, not ids
READ = {"agents", "types", "referents", "measures", "blame", "targets"}  # what the reader has learned
TABLES = READ | {"causes", "harms", "negation", "verbs", "phrases", "attributes", "shifters"}
SLOT = re.compile(r"\b(hints\.)?(agents|referents|causes|types|measures)\.(\w+)")


def renamed(tables: Mapping[str, Any]) -> dict[str, Any]:
    """Give every entry of a codebook's file another id, and change what refers to it."""
    found = dict(tables)
    for section in TABLES & tables.keys():
        found[section] = {}
        for name, keys in tables[section].items():
            own = {**keys, "reads_as": name} if section in READ else dict(keys)
            own |= {key: MARK + own[key] for key in ("fold", "then") if key in own}
            found[section][MARK + name] = own
    for keys in [keys for section in found.values() if isinstance(section, dict) for keys in section.values()]:
        for kind in {"patterns", "guards"} & keys.keys() if isinstance(keys, dict) else ():
            keys[kind] = [SLOT.sub(rf"\1\2.{MARK}\3", pattern) for pattern in keys[kind]]
    return found


@pytest.fixture(scope="module")
def book() -> Codebook:
    ours = load_codebook()
    actors = ours.actors.assign(actor_id=MARK + ours.actors["actor_id"])
    tables = {"stance": renamed(ours.stance), "threat": renamed(ours.threat)}
    return dataclasses.replace(ours, actors=actors, digest="renamed", **tables)


@pytest.fixture(scope="module")
def articles() -> pd.DataFrame:
    articles, _, _ = load_articles(DATA / "articles")
    return articles.iloc[::7].reset_index(drop=True)


@pytest.fixture(scope="module")
def statements(articles: pd.DataFrame) -> pd.DataFrame:
    return extract_statements(articles)


def unmarked(table: pd.DataFrame) -> pd.DataFrame:
    def strip(cell: Any) -> Any:
        if isinstance(cell, tuple):
            return tuple(map(strip, cell))
        return re.sub(MARK, "", cell, flags=re.IGNORECASE).lower() if isinstance(cell, str) else cell

    return table.astype(object).map(strip)


def test_speakers_are_the_same(articles: pd.DataFrame, statements: pd.DataFrame, book: Codebook) -> None:
    found = extract_statements(articles, codebook=book)
    assert found["speaker_id"].str.startswith(MARK, na=False).any()
    pd.testing.assert_frame_equal(unmarked(found), unmarked(statements))


@pytest.mark.parametrize("coder", ["reader", "rules"])
def test_codes_are_the_same(statements: pd.DataFrame, book: Codebook, coder: str) -> None:
    frames, stance = (code(statements, coder=coder, codebook=book) for code in (code_frames, code_stance))
    coded = frames[~frames["slot"].isin({"threat", *LEVELS})]
    assert len(coded) > 50
    assert coded["value"].str.startswith(MARK).all()
    assert stance["target"].str.startswith(MARK).all()
    for found, ours in (
        (frames, code_frames(statements, coder=coder)),
        (frames_wide(frames, statements), frames_wide(code_frames(statements, coder=coder), statements)),
        (stance, code_stance(statements, coder=coder)),
        (
            stance_by_target(stance, fold=coarse_targets(book)),
            stance_by_target(code_stance(statements, coder=coder), fold=coarse_targets()),
        ),
    ):
        pd.testing.assert_frame_equal(unmarked(found), unmarked(ours))


def test_the_report_is_the_same(articles: pd.DataFrame, book: Codebook, tmp_path: Any, monkeypatch: Any) -> None:
    articles[["doc_id", "title", "source", "date", "text"]].to_csv(tmp_path / "articles.csv", index=False)
    ours = analyse(tmp_path / "articles.csv", by=["source"])
    monkeypatch.setattr("helpers.report.collect.load_codebook", lambda _: book)
    found = analyse(tmp_path / "articles.csv", by=["source"])
    assert found.tables.keys() == ours.tables.keys()
    for name, table in found.tables.items():  # names sort otherwise, so rows are compared as a set
        rows, others = (sorted(map(repr, unmarked(one).itertuples(index=False))) for one in (table, ours.tables[name]))
        assert rows == others, name
    assert MARK in render_page(found)
