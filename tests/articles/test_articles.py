"""What comes in is an article or a reject; what is cut is told."""

from __future__ import annotations

import json
import tarfile
import zipfile
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from helpers.articles.load import ARTICLE_COLUMNS, load_articles

if TYPE_CHECKING:
    from pathlib import Path

PASTED = """The Herat Lantern

Bridge over the Hari reopens after spring floods

–Engineers say the piers held
– Traders welcome the news

HERAT: The governor, Wahid Nuristani, said on Tuesday that the bridge\u00a0was “safe… for every lorry”.

Traders had waited for nine weeks.

A LONG SPRING:

“We lost half a season,” said Parwana Gul, who sells dried apricots.

Exit mobile version"""


def write(folder: Path, name: str, content: str | bytes) -> Path:
    """Write a file, making its folders."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_pasted_article_is_taken_apart(tmp_path):
    articles, rejects, removed = load_articles(write(tmp_path, "bridge.txt", PASTED))
    article = articles.loc[0]
    assert list(articles.columns) == ARTICLE_COLUMNS
    assert article["doc_id"] == "bridge.txt"
    assert article["source"] == "The Herat Lantern"
    assert article["title"] == "Bridge over the Hari reopens after spring floods"
    assert article["place"] == "Herat"
    assert pd.isna(article["date"])
    assert article["language"] == "en"
    assert article["text"].split("\n\n")[:3] == [
        "Bridge over the Hari reopens after spring floods",
        "–Engineers say the piers held",
        "– Traders welcome the news",
    ]
    assert "\n\nA LONG SPRING:\n\n" in article["text"]
    assert "bridge was “safe… for" in article["text"]
    assert article["text"][article["body_start"] :].startswith("HERAT: The governor")
    assert len(rejects) == 0
    assert set(zip(removed["reason"], removed["text"], strict=True)) == {
        ("masthead", "The Herat Lantern"),
        ("boilerplate", "Exit mobile version"),
    }


def test_types_do_not_depend_on_what_was_found(tmp_path):
    empty = load_articles(write(tmp_path, "empty.txt", ""))
    full = load_articles(write(tmp_path, "bridge.txt", PASTED))
    for one, other in zip(empty, full, strict=True):
        assert one.dtypes.to_dict() == other.dtypes.to_dict()
    assert full.articles.dtypes["body_start"] == "Int64"
    assert full.articles.dtypes["constructed"] == "boolean"
    assert str(full.articles.dtypes["date"]).startswith("datetime64")


def test_header_lines_fill_columns_and_leave_the_text(tmp_path):
    text = (
        "Constructed for teaching: people and events are invented.\n\nSource: The Balkh Courier\n"
        "Date: 14 March 2012\nBy Nadia Sharif\n\nMinister opens clinic in the old town of Balkh\n\n"
        "The minister said the clinic was needed.\n\nIt has forty beds and two doctors."
    )
    articles, _, removed = load_articles(write(tmp_path, "clinic.txt", text))
    article = articles.loc[0]
    assert article["source"] == "The Balkh Courier"
    assert article["date"] == pd.Timestamp("2012-03-14")
    assert article["date_precision"] == "day"
    assert article["byline"] == "Nadia Sharif"
    assert article["title"] == "Minister opens clinic in the old town of Balkh"
    assert article["constructed"]
    assert article["text"].startswith("Minister opens clinic")
    assert "notice" in set(removed["reason"])


@pytest.mark.parametrize("name", ["rows.csv", "rows.dat"])
def test_csv_is_told_by_its_header_and_not_by_its_ending(tmp_path, name):
    content = (
        "article_id,headline,publication,published,body,constructed\n"
        '007,NA,The Herat Lantern,2012-03-14,"He said ""yes"".\n\nShe did not.",true\n'
        "008,None,The Herat Lantern,,They agreed on the road.,\n"
    )
    articles, rejects, _ = load_articles(write(tmp_path, name, content))
    assert articles["doc_id"].tolist() == ["007", "008"]
    assert articles["title"].tolist() == ["NA", "None"]
    assert articles["text"].tolist() == [
        'NA\n\nHe said "yes".\n\nShe did not.',
        "None\n\nThey agreed on the road.",
    ]
    assert articles["date"].tolist() == [pd.Timestamp("2012-03-14"), pd.NaT]
    assert articles["constructed"].tolist() == [True, False]
    assert len(rejects) == 0


def test_broken_json_line_is_a_reject_with_its_number(tmp_path):
    good = json.dumps({"title": "Road opened", "text": "The road is open, he said.", "desk": "north"})
    articles, rejects, _ = load_articles(write(tmp_path, "rows.jsonl", f"{good}\n{{broken\n\n{good}\n"))
    assert articles["doc_id"].tolist() == ["rows.jsonl#1", "rows.jsonl#3"]
    assert articles["desk"].tolist() == ["north", "north"]
    assert rejects["line"].tolist() == [2]
    assert "not JSON" in rejects.loc[0, "reason"]


def test_json_of_rows_by_their_ids_and_rows_under_a_name(tmp_path):
    rows = {"a": {"text": "The road is open."}, "b": {"text": "It is shut."}}
    write(tmp_path, "by_id.json", json.dumps(rows))
    write(tmp_path, "listed.json", json.dumps({"count": 2, "hits": [{"id": key, **row} for key, row in rows.items()]}))
    for name in ("by_id.json", "listed.json"):
        assert load_articles(tmp_path / name).articles["doc_id"].tolist() == ["a", "b"]


def test_masthead_that_repeats_the_source_is_not_the_title(tmp_path):
    lines = ["The Herat Lantern", "Source: The Herat Lantern", "Bridge reopens after floods", "It is safe, he said."]
    articles = load_articles(write(tmp_path, "a.txt", "\n\n".join(lines))).articles
    assert articles.loc[0, ["title", "source"]].tolist() == ["Bridge reopens after floods", "The Herat Lantern"]


def test_table_without_text_lists_the_columns_there_are(tmp_path):
    path = write(tmp_path, "rows.csv", "headline,wire_copy\nRoad opened,The road is open.\n")
    _, rejects, _ = load_articles(path)
    assert "'headline', 'wire_copy'" in rejects.loc[0, "reason"]
    articles, rejects, _ = load_articles(path, columns={"text": "wire_copy"})
    assert articles["text"].tolist() == ["Road opened\n\nThe road is open."]
    assert len(rejects) == 0


def test_notice_of_a_row_is_told_as_removed(tmp_path):
    path = write(tmp_path, "rows.csv", "text,notice\nSnow fell.,Embargoed\nRain fell.,Constructed for teaching\n")
    articles, _, removed = load_articles(path)
    assert articles["constructed"].tolist() == [False, True]
    assert removed[["reason", "text"]].to_numpy().tolist() == [
        ["notice", "Embargoed"],
        ["notice", "Constructed for teaching"],
    ]


def test_by_line_of_a_row_is_a_name(tmp_path):
    path = write(tmp_path, "rows.csv", "text,author\nSnow fell.,By Nadia Sharif\nRain fell.,Byron Khan\n")
    assert load_articles(path).articles["byline"].tolist() == ["Nadia Sharif", "Byron Khan"]


def test_ragged_row_is_a_reject_with_its_line(tmp_path):
    path = write(tmp_path, "rows.csv", "title,text\nA,The road is open.\nB,One, two, three.\nC,It is shut.\n")
    articles, rejects, _ = load_articles(path)
    assert articles["title"].tolist() == ["A", "C"]
    assert rejects["line"].tolist() == [3]


def test_given_twice_an_id_stays_unique_and_is_warned_of(tmp_path):
    path = write(tmp_path, "rows.csv", "id,text\n7,The road is open.\n7,The road is shut.\n")
    with pytest.warns(UserWarning, match="'7' is given more than once"):
        articles = load_articles(path).articles
    assert articles["doc_id"].tolist() == ["7", "7 (2)"]


def test_ids_given_more_than_once_are_counted_in_one_warning(tmp_path):
    rows = "".join(f"{number % 3},The road is open.\n" for number in range(9))
    path = write(tmp_path, "rows.csv", f"id,text\n{rows}")
    with pytest.warns(UserWarning, match="is given more than once") as told:
        articles = load_articles(path).articles
    (message,) = {str(warning.message) for warning in told}
    assert len(told) == 1
    assert "2 other ids" in message
    assert "6 under a number" in message
    assert articles["doc_id"].str.contains(r" \(\d\)$").sum() == 6


def test_row_alone_in_its_file_needs_no_number(tmp_path):
    write(tmp_path, "a.json", '{"text": "The road is open."}')
    write(tmp_path, "b.csv", "text\tid\nThe road is shut.\t\n")
    assert load_articles(tmp_path).articles["doc_id"].tolist() == ["a.json", "b.csv"]


def test_numeric_dates_are_read_by_the_order_of_their_column(tmp_path):
    told = write(tmp_path, "told.csv", "date,text\n03/04/2012,The road is open.\n25/04/2012,It is shut.\n")
    untold = write(tmp_path, "untold.csv", "date,text\n03/04/2012,The road is open.\n")
    assert load_articles(told).articles["date"].tolist() == [pd.Timestamp("2012-04-03"), pd.Timestamp("2012-04-25")]
    articles = load_articles(untold).articles
    assert articles.loc[0, "date_precision"] == "year"
    assert articles.loc[0, "date_text"] == "03/04/2012"


def test_folder_and_archives_give_one_table(tmp_path):
    folder = tmp_path / "in"
    write(folder, "a/bridge.txt", PASTED)
    write(folder, ".DS_Store", b"\x00\x00\x00\x01Bud1")
    with zipfile.ZipFile(folder / "b.zip", "w") as archive:
        archive.writestr("inner/bridge.txt", PASTED)
        archive.writestr("__MACOSX/inner/._bridge.txt", b"\x00\x05\x16\x07")
        archive.writestr("../escape.txt", PASTED)
    with tarfile.open(folder / "c.tgz", "w:gz") as archive:
        archive.add(folder / "a" / "bridge.txt", "bridge.txt")
    articles, rejects, _ = load_articles(folder)
    assert articles["doc_id"].tolist() == ["a/bridge.txt", "b.zip/inner/bridge.txt", "c.tgz/bridge.txt"]
    assert articles["path"].tolist() == ["a/bridge.txt", "b.zip", "c.tgz"]
    assert sorted(rejects["member"].fillna("-")) == ["-", "../escape.txt", "__MACOSX/inner/._bridge.txt"]


def test_speeches_of_the_debate_are_told_by_their_names(tmp_path):
    speech = (
        "I wish to congratulate you, Sir, on your election to the high\noffice of President. We thank the Secretary-"
        "\nGeneral for his work.\n17\n\n\nThe people of our valley have waited long for the peace\nthat all of us "
        "here have so often promised them.\n"
    )
    write(tmp_path, "TXT/Session 58 - 2003/AFG_58_2003.txt", speech)
    articles, rejects, removed = load_articles(tmp_path)
    assert articles.loc[0, ["doc_id", "country", "year", "session", "date_precision"]].tolist() == [
        "AFG_58_2003",
        "AFG",
        2003,
        58,
        "year",
    ]
    assert articles.loc[0, "text"] == (
        "I wish to congratulate you, Sir, on your election to the high office of President. We thank the "
        "Secretary-General for his work.\n\nThe people of our valley have waited long for the peace that all of us "
        "here have so often promised them."
    )
    assert removed.to_numpy().tolist() == [["AFG_58_2003", "page header", "17"]]
    assert len(rejects) == 0


def test_missing_path_says_what_to_do(tmp_path):
    with pytest.raises(FileNotFoundError, match="give a file, a folder or an archive"):
        load_articles(tmp_path / "nothing.txt")


def test_unknown_name_in_columns_says_what_is_allowed(tmp_path):
    with pytest.raises(ValueError, match=r"'txt'.*allowed are .*'text'"):
        load_articles(write(tmp_path, "a.csv", "text,b\nx,y\n"), columns={"txt": "b"})


def test_the_debate_archive(shared):
    archive = shared / "data" / "UNGDC_1996-2024.tgz"
    if not archive.exists():
        pytest.skip("no UN General Debate archive among the real material")
    articles, rejects, _ = load_articles(archive)
    assert len(articles) == 5512
    assert articles["doc_id"].is_unique
    assert articles[["country", "year", "session"]].notna().all(axis=None)
    assert rejects["member"].tolist() == ["TXT/Session 47 - 1992/.DS_Store-to-UTF-8.txt"]


def test_the_article_the_project_was_conceived_from(shared):
    articles, rejects, removed = load_articles(shared / "seeds")
    article = articles.loc[0]
    assert len(articles) == 1
    assert len(rejects) == 0
    assert article["place"] == "Moscow"
    assert pd.isna(article["date"])
    assert not article["text"].endswith("version")
    assert article["body_start"] == article["text"].index("MOSCOW:")
    assert sorted(removed["reason"]) == ["boilerplate", "masthead"]
