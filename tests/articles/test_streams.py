"""What goes through Parquet in parts comes back as it would have been loaded at once."""

from __future__ import annotations

import json
from functools import partial

import joblib
import pandas as pd
import pytest

import helpers.articles.load
from helpers import code_frames, code_stance, extract_statements, speech_statements
from helpers.articles import streams
from helpers.articles.load import load_articles
from helpers.articles.streams import map_rows, open_articles, save_articles


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
    monkeypatch.setattr(helpers.articles.load, "PART", 2)
    for one, other in zip(once, load_articles(corpus), strict=True):
        pd.testing.assert_frame_equal(one, other, check_dtype=False)


def test_a_folder_with_parts_is_not_written_over(corpus, tmp_path):
    save_articles(corpus / "b.txt", tmp_path / "parts")
    with pytest.raises(FileExistsError, match="give an empty folder"):
        save_articles(corpus / "b.txt", tmp_path / "parts")


def test_no_parts_says_what_to_do(tmp_path):
    with pytest.raises(FileNotFoundError, match="save_articles"):
        next(open_articles(tmp_path))


# Side by side

SAID = (
    "The guards watched the ford. “Terrorism is a grave threat to the whole region,” Minister Noor said on Monday. "
    "He told reporters that the Taliban had burned the school. The Taliban denied it. We support the peace talks."
)


def verbs():
    """The whole path in parts: each verb takes one table and gives one."""
    speeches = partial(speech_statements, match=["Taliban", "Terrorism"])
    return [extract_statements, speeches, code_stance, code_frames, partial(code_frames, coder="rules")]


def articles(number: int) -> pd.DataFrame:
    texts = [f"{SAID} There were {n} of them." for n in range(number)]
    return pd.DataFrame({"doc_id": [f"d{n}" for n in range(number)], "text": texts, "country": "NOR"})


def assert_parts_are_the_whole(number: int, **choices) -> None:
    table = articles(number)
    said = speech_statements(table)
    for verb in verbs():
        given = said if "code" in getattr(verb, "func", verb).__name__ else table
        whole = verb(given)
        assert len(whole) >= number
        pd.testing.assert_frame_equal(map_rows(verb, given, **choices), whole)


@pytest.mark.parametrize("size", [1, 2, 7, 100])
def test_verbs_give_the_same_rows_in_parts_of_any_size(size):
    assert_parts_are_the_whole(7, size=size)


def test_workers_give_the_same_rows():
    assert_parts_are_the_whole(6, size=2, n_jobs=2)


def test_a_table_without_rows_goes_through():
    assert map_rows(code_stance, speech_statements(articles(0))).empty


def test_a_part_has_a_row_or_more():
    with pytest.raises(ValueError, match="size is 0: a part has 1 row or more"):
        map_rows(code_stance, speech_statements(articles(1)), size=0)


def test_a_dask_cluster_gives_the_same_rows_one_by_one():
    distributed = pytest.importorskip("distributed", reason="Dask is an extra: pip install .[scale]")
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
        joblib.parallel_config("dask"),
    ):
        assert_parts_are_the_whole(6, size=2)
        table = articles(100)
        pd.testing.assert_frame_equal(extract_statements(table, n_jobs=-1), extract_statements(table))
        done = client.run(lambda dask_worker: dask_worker.state.transition_counter)
    assert len(done) == 2
    assert min(done.values()) > 0, "a worker had nothing to do"
