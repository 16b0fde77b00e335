"""What goes through Parquet in parts comes back as it would have been loaded at once."""

from __future__ import annotations

import json

import pandas as pd
import pytest

import helpers.articles
from helpers import streams
from helpers.articles import load_articles
from helpers.streams import open_articles, save_articles


@pytest.fixture
def corpus(tmp_path):
    """Make a folder with good rows, broken rows, odd columns and an id given twice."""
    folder = tmp_path / "in"
    folder.mkdir()
    rows = [
        {"id": n % 9, "text": f"Road {n} is open.\n\nShare this article", "desk": n if n % 2 else "north"}
        for n in range(10)
    ]
    lines = [json.dumps(row) for row in rows]
    (folder / "a.jsonl").write_text("\n".join([*lines[:5], "{broken", *lines[5:]]))
    (folder / "b.txt").write_text("Bridge reopens\n\nThe bridge over the river was opened again, he said.")
    (folder / "c.txt").write_text("")
    return folder


def as_word(value: object) -> str:
    """Write a value of a column of mixed kinds as a word."""
    return str(value).removesuffix(".0")


@pytest.mark.filterwarnings("ignore:the id")
@pytest.mark.parametrize("size", [1, 4, 1000])
def test_parts_are_what_loading_at_once_gives(corpus, tmp_path, monkeypatch, size):
    monkeypatch.setattr(streams, "PART", size)
    counts = save_articles(corpus, tmp_path / "parts")
    parts = list(open_articles(tmp_path / "parts"))
    whole = load_articles(corpus)
    for name, table in zip(("articles", "rejects", "removed"), whole, strict=True):
        together = pd.concat([getattr(part, name) for part in parts], ignore_index=True)
        assert counts[name] == len(together) == len(table)
        if "desk" in table:  # numbers and words in one column: the kind may differ by part, the values may not
            together, table = (
                one.assign(desk=one["desk"].map(as_word, na_action="ignore")) for one in (together, table)
            )
        pd.testing.assert_frame_equal(together[table.columns], table, check_dtype=size == 1000)
    assert counts["articles"] + counts["rejects"] == 13


@pytest.mark.filterwarnings("ignore:the id")
def test_loading_in_one_or_in_many_parts_gives_the_same(corpus, monkeypatch):
    once = load_articles(corpus)
    monkeypatch.setattr(helpers.articles, "PART", 2)
    for one, other in zip(once, load_articles(corpus), strict=True):
        pd.testing.assert_frame_equal(one, other, check_dtype=False)


def test_a_folder_with_parts_is_not_written_over(corpus, tmp_path):
    save_articles(corpus / "b.txt", tmp_path / "parts")
    with pytest.raises(FileExistsError, match="give an empty folder"):
        save_articles(corpus / "b.txt", tmp_path / "parts")


def test_no_parts_says_what_to_do(tmp_path):
    with pytest.raises(FileNotFoundError, match="save_articles"):
        next(open_articles(tmp_path))
