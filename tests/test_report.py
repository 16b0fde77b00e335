"""One page and all tables: every number with its words, hostile text escaped, nothing loaded from elsewhere."""

from __future__ import annotations

import json
import re
from hashlib import sha256
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from helpers.coding.frames import frames_wide
from helpers.report.collect import Analysis, analyse, count_frames, count_speakers, read_citation
from helpers.report.files import plain_cell, save_report, save_tables
from helpers.report.page import SHOWN, carry, every_nth, mark, render_page
from helpers.statements.extract import extract_statements

if TYPE_CHECKING:
    from pathlib import Path

ARTICLE = """The Karez Post

Talks <script>alert(1)</script> resume in Herat, says envoy

HERAT: “We want talks, not another war,” said envoy Parwin Zhwandai on Sunday.

She added that the Taliban threatened the whole region.

“We condemn terrorism,” $x_1$ spokesman Zmarai Kohband said. “Nobody else does.”

=HYPERLINK("x") is how the second paragraph begins, according to the envoy.
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("articles")
    (folder / "talks.txt").write_text(ARTICLE, encoding="utf-8")
    (folder / "copy.txt").write_text(ARTICLE.replace("Sunday", "Monday"), encoding="utf-8")
    (folder / "broken.jsonl").write_text('{"text": "half', encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def analysis(folder: Path) -> Analysis:
    return analyse(folder)


@pytest.fixture(scope="module")
def page(analysis: Analysis) -> str:
    return render_page(analysis)


def test_all_tables_come_from_one_call(analysis: Analysis) -> None:
    tables = analysis.tables
    assert len(tables["articles"]) == 2
    assert tables["articles"]["copy"].sum() == 1
    assert len(tables["rejects"]) == 1
    assert {"Parwin Zhwandai", "Zmarai Kohband"} <= set(tables["speakers"]["name"])
    assert tables["speakers"]["statements"].sum() == len(tables["statements"])
    assert (tables["speakers"]["in_copies"] * 2 == tables["speakers"]["statements"]).all()
    assert set(tables["frames_wide"]["statement_id"]) == set(tables["statements"]["statement_id"])
    assert len(tables["near_duplicates"]) == 2
    told = tables["articles"].iloc[0]
    assert told["text_sha256"] == sha256(told["text"].encode()).hexdigest()


def test_the_record_names_what_decides_results_and_no_clock(analysis: Analysis, folder: Path) -> None:
    assert re.fullmatch(r"[0-9a-f]{12}", analysis.record["codebook"])
    assert analysis.record["packages"]["pandas"] == pd.__version__
    assert analysis.record == analyse(folder).record


def test_somebody_no_list_knows_is_one_person_in_all_articles(analysis: Analysis) -> None:
    said = analysis.tables["statements"].query("speaker_name == 'Parwin Zhwandai'")
    assert said["doc_id"].nunique() == 2
    assert set(said["actor"]) == {"Parwin Zhwandai"}
    assert "Parwin Zhwandai" in set(analysis.tables["stance_edges"]["actor"])


def test_batches_give_what_one_call_gives(analysis: Analysis, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setattr("helpers.report.collect.BATCH", 1)
    for name, table in analyse(folder).tables.items():
        pd.testing.assert_frame_equal(table, analysis.tables[name])


def test_the_date_decides_whom_a_name_means(tmp_path: Path) -> None:
    text = "Kabul, Thursday\n\n“We support the Afghan Government,” Minister Ana Ruiz said in the hall.\n"
    rows = [{"id": year, "date": f"{year}-10-01", "text": text} for year in ("2019", "2023")]
    (tmp_path / "rows.json").write_text(json.dumps(rows), encoding="utf-8")
    analysis = analyse(tmp_path)
    told = (
        analysis.tables["statements"].merge(analysis.tables["stance"], on="statement_id").set_index("doc_id")["target"]
    )
    assert told["2019"] != told["2023"]


def test_the_page_escapes_what_it_shows_and_loads_nothing(page: str) -> None:
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page)
    assert not re.search(r"@import|url\(", page)
    assert "broken.jsonl" in page


def test_every_statement_stands_with_speaker_words_stance_and_threat(page: str, analysis: Analysis) -> None:
    shown = page[page.index('id="statements"') : page.index('id="loading"')]
    assert shown.count("</ul>") > 1
    for row in analysis.tables["statements"].itertuples():
        assert row.rule in shown
    assert re.search(r"against <b>Terrorism</b> \(“terrorism”, read from “condemn”\)", shown)
    assert "claim of <b>threat</b>" in shown
    assert '<span class="source">She</span> <span class="cue">added</span>' in shown


def test_figures_have_alt_text_and_every_link_leads_to_a_part_or_a_table(page: str, analysis: Analysis) -> None:
    assert page.count("<img ") == page.count('<img alt="') == 3
    assert "Parwin Zhwandai: " in page
    for link in re.findall(r'href="([^"]+)"', page):
        name = link.removeprefix("#").partition(".")[0]
        assert f'id="{name}"' in page or name in analysis.tables or link == "run.json", link


def test_methods_name_version_codebook_and_packages(page: str, analysis: Analysis) -> None:
    methods = page[page.index('id="paste"') :]
    assert analysis.record["codebook"] in methods
    assert f"pandas {pd.__version__}" in methods
    assert read_citation()["version"] in methods
    assert "2 articles (1 file or record could not be read)" in methods


def test_who_coded_stands_in_the_record_and_in_the_methods(analysis: Analysis, page: str, folder: Path) -> None:
    fitted = analyse(folder, fitted=True)
    assert fitted.record["coders"] == {"stance": "rules", "frames": "un-news-frames-2 with un-news-encoder-1"}
    assert analysis.record["coders"] == {"stance": "rules", "frames": "rules"}
    for name in ("statements", "stance"):
        pd.testing.assert_frame_equal(fitted.tables[name], analysis.tables[name])
    assert fitted.tables["frames"]["rule"].str.startswith("un-news-frames-2").any()
    told = render_page(fitted)
    assert "un-news-frames-2 with un-news-encoder-1" in told
    assert "no model was fitted" in page
    assert "no model was fitted" not in told


def test_no_statement_and_no_article_still_make_a_page(tmp_path: Path) -> None:
    (tmp_path / "quiet.txt").write_text("Rain fell on the hills for a week, and the rivers rose.\n", encoding="utf-8")
    assert "No statements were found" in render_page(analyse(tmp_path / "quiet.txt"))
    (tmp_path / "empty").mkdir()
    assert "0 articles" in render_page(analyse(tmp_path / "empty"))


def test_a_large_corpus_is_shown_in_part_and_says_so(analysis: Analysis, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SHOWN:
        monkeypatch.setitem(SHOWN, name, 2)
    page = render_page(analysis)
    assert page.count("rule “") == 2
    assert f"2 of {len(analysis.tables['statements'])}, at even distances" in page
    assert f"The first 2 of {len(analysis.tables['speakers'])}" in page
    assert [len(every_nth(pd.DataFrame({"x": range(n)}), 3)) for n in (0, 3, 4, 7, 100)] == [0, 3, 2, 3, 3]


def test_a_spreadsheet_runs_no_formula_and_parquet_keeps_the_words(tmp_path: Path) -> None:
    titles = ["=1+1", "@cmd", "-2", "plain", " =1", "＝1", "\t=1"]
    hostile = pd.DataFrame({"=title": titles, "ids": [("taliban", "war"), (), ("=x",), ("a",), (), (), ()], "n": -1.5})
    hostile["mixed"] = [1, "two", None, 4.5, pd.NA, "=", "x"]
    save_tables({"hostile": hostile}, tmp_path)
    read = pd.read_csv(tmp_path / "hostile.csv", encoding="utf-8-sig", keep_default_na=False)
    assert read["'=title"].tolist() == [f"'{title}" if title != "plain" else title for title in titles]
    assert read["ids"].tolist() == ["taliban;war", "", "'=x", "a", "", "", ""]
    assert read["n"].tolist() == [-1.5] * 7
    kept = pd.read_parquet(tmp_path / "hostile.parquet")
    assert kept["=title"].tolist() == titles
    assert [tuple(ids) for ids in kept["ids"]] == hostile["ids"].tolist()


@pytest.mark.parametrize(("value", "expected"), [(5, 5), (-2.5, -2.5), ("a-b", "a-b"), ("\t=1", "'\t=1")])
def test_numbers_stay_numbers_and_text_stays_text(value: object, expected: object) -> None:
    assert plain_cell(value) == expected


def test_the_report_folder_holds_page_tables_and_a_record_of_both(analysis: Analysis, tmp_path: Path) -> None:
    page = save_report(analysis, tmp_path / "out")
    record = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    files = {path.name for path in (tmp_path / "out").iterdir()}
    assert page.name == "report.html"
    assert files == set(record["files"]) | {"run.json"}
    assert {f"{name}.{kind}" for name in analysis.tables for kind in ("csv", "parquet")} <= files
    assert record["files"]["statements.csv"]["rows"] == len(analysis.tables["statements"])
    spans = pd.read_parquet(tmp_path / "out" / "statements.parquet")
    texts = analysis.tables["articles"].set_index("doc_id")["text"]
    for row in spans.itertuples():
        assert " ".join(texts[row.doc_id][a:b] for a, b in row.spans) == row.content


def test_a_page_by_name_leads_to_tables_beside_it(analysis: Analysis, tmp_path: Path) -> None:
    page = save_report(analysis, tmp_path / "mine.html")
    links = re.findall(r'href="([^"#]+)"', page.read_text(encoding="utf-8"))
    assert page == tmp_path / "mine.html"
    assert links
    assert all((tmp_path / link).is_file() for link in links)


def test_marked_words_are_escaped_and_overlap() -> None:
    shown = mark("ab <i>x& cue.", [(3, 8, "content"), (9, 12, "cue"), (6, 7, "word")])
    assert (
        shown
        == 'ab <span class="content">&lt;i&gt;</span><span class="content word">x</span><span class="content">&amp;</span> <span class="cue">cue</span>.'
    )


@pytest.mark.parametrize(("span", "place"), [((0, 2), (10, 12)), ((6, 9), (30, 33)), ((4, 7), None)])
def test_words_of_the_content_are_found_in_the_article(span: tuple[int, int], place: tuple[int, int] | None) -> None:
    assert carry(span, [(10, 15), (30, 40)]) == place


def test_counts_of_frames_leave_out_what_is_negated_or_told_twice() -> None:
    frames = pd.DataFrame(
        {"statement_id": list("aab"), "slot": "agents", "value": "war", "negated": [False, False, True]}
    )
    counts = count_frames(frames, pd.DataFrame({"statement_id": list("ab"), "doc_id": "d", "copy": False}))
    assert counts[["statements", "articles"]].values.tolist() == [[1, 1]]
    assert set(frames_wide(frames.assign(slot="agents"), frames[["statement_id"]].drop_duplicates())["agents"]) == {
        ("war",),
        (),
    }


def test_statements_of_nobody_named_are_counted_too() -> None:
    articles = pd.DataFrame({"doc_id": ["a"], "text": ["It was reported that the bridge had fallen."]})
    found = extract_statements(articles)
    counts = count_speakers(found.assign(actor=found["speaker_id"], copy=False))
    assert counts["statements"].sum() == len(found) > 0


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nowhere"):
        analyse(tmp_path / "nowhere")
