"""One page and all tables: every number with its words, hostile text escaped, nothing loaded from elsewhere."""

from __future__ import annotations

import base64
import gzip
import json
import re
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl
from xml.etree import ElementTree as ET

import pandas as pd
import pytest
from openpyxl import Workbook, load_workbook

from helpers.coding.frames import frames_wide
from helpers.report.collect import Analysis, analyse, count_frames, count_speakers
from helpers.report.compare import ChoiceError, compare_groups, find_worth, place_in_time, two_ways
from helpers.report.explorer import list_marks, pack
from helpers.report.files import load_report, save_report
from helpers.report.handover import add_sheet, join_statements, plain_cell, read_citation, save_tables, write_network
from helpers.report.page import every_nth, mark, render_page
from helpers.report.words import MEASURES, Names, tell_difference
from helpers.statements.extract import extract_statements

if TYPE_CHECKING:
    from pathlib import Path

NAMED = {"speakers": ["actor", "name"], "codes": ["kind", "code", "name"], "topics": ["topic", "name", "words"]}
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


@pytest.fixture(scope="module")
def saved(analysis: Analysis, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_report(analysis, tmp_path_factory.mktemp("saved") / "out").parent


def test_all_tables_come_from_one_call(analysis: Analysis) -> None:
    tables = analysis.tables
    assert len(tables["articles"]) == 2
    assert tables["articles"]["copy"].sum() == 1
    assert len(tables["rejects"]) == 1
    assert {"Parwin Zhwandai", "Zmarai Kohband"} <= set(tables["speakers"]["name"])
    assert tables["speakers"]["statements"].sum() == tables["statements"]["actor"].notna().sum()
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


def unpack(page: str) -> dict[str, Any]:
    packed = re.search(r'<script type="text/plain" id="data">([^<]*)</script>', page)[1]
    return json.loads(gzip.decompress(base64.b64decode(packed)))


def test_the_page_escapes_what_it_shows_and_loads_nothing(page: str) -> None:
    assert page.count("<script") == 2  # the data and our own script
    assert "alert(1)" not in page.replace("&lt;script&gt;alert(1)&lt;/script&gt;", "")
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page)
    assert not re.search(r"@import|url\(", page)
    assert "broken.jsonl" in page


def test_the_page_holds_every_statement_with_its_article_and_codes(page: str, analysis: Analysis) -> None:
    data = unpack(page)
    statements = analysis.tables["statements"]
    assert [one[0] for one in data["statements"]] == statements["statement_id"].tolist()
    for one, row in zip(data["statements"], statements.itertuples(), strict=True):
        text = data["articles"][one[1]][3]
        assert " ".join(text[a:b] for a, b in one[4]) == row.content
        assert "".join(text[a:b] for a, b in [one[5]] if one[5]) == (
            row.speaker if isinstance(row.speaker, str) else ""
        )
    counted = {
        key: sum(any(code == i for code, *_ in one[8]) for one in data["statements"])
        for i, (key, _) in enumerate(data["codes"])
    }
    for row in analysis.tables["frame_counts"].itertuples():
        assert counted[f"{row.slot}:{row.value}"] == row.statements
    edges = analysis.tables["stance_edges"].groupby("target")[["for", "against", "neutral"]].sum()
    for target, row in edges.iterrows():
        assert [counted.get(f"{side}:{target}", 0) for side in ("for", "against", "neutral")] == row.tolist()


def check_links(page: str) -> int:
    """Follow every count that links to statements, and count how many lead to as many as they say."""
    data, names = unpack(page), {}
    for link, told in re.findall(r'<a data-find="([^"]*)">([\d,]+)</a>', page):
        asked = dict(parse_qsl(link.replace("&amp;", "&")))
        found = data["statements"]
        if code := asked.pop("code", None):
            number = (
                [key for key, _ in data["codes"]].index(code) if [code] in [[key] for key, _ in data["codes"]] else -1
            )
            found = [one for one in found if any(mine == number for mine, *_ in one[8])]
        if actor := asked.pop("actor", None):
            found = [one for one in found if one[2] >= 0 and data["actors"][one[2]][0] == actor]
        for by, group in asked.items():
            at = list(data["groups"]).index(by)
            found = [one for one in found if one[9][at] >= 0 and data["groups"][by][one[9][at]] == group]
        assert len(found) == int(told.replace(",", "")), link
        names[link] = told
    return len(names)


def test_every_count_that_links_finds_as_many_statements(page: str) -> None:
    assert check_links(page) > 10


def test_words_of_a_code_stand_in_the_article(analysis: Analysis) -> None:
    texts = dict(zip(analysis.tables["articles"]["doc_id"], analysis.tables["articles"]["text"], strict=True))
    documents = analysis.tables["statements"].set_index("statement_id")["doc_id"]
    marks = list_marks(analysis.tables)
    row = marks[marks["code"].eq("terrorism") & marks["measure"].eq("against")].iloc[0]
    text = texts[documents[row["statement_id"]]]
    assert text[row["start"] : row["end"]] == "terrorism"
    assert all(text[a:b].isalpha() for a, b in row["words"])


def test_without_javascript_statements_stand_with_speaker_words_and_codes(page: str, analysis: Analysis) -> None:
    shown = page[page.index('id="list"') : page.index('id="speakers"')]
    assert shown.count("<tr>") == len(analysis.tables["statements"]) + 1
    assert '<span class="source">She</span> <span class="cue">added</span>' in shown
    assert "<li>against Terrorism</li>" in shown
    assert "<li>claim of threat</li>" in shown


def test_figures_have_alt_text_and_every_link_leads_to_a_part_or_a_file(saved: Path) -> None:
    page = (saved / "report.html").read_text(encoding="utf-8")
    assert page.count("<img ") == page.count('<img alt="') == 2
    assert re.search(r"Taliban: \d against, \d for, \d neutral", page)
    assert re.search(r'alt="Most (against|for): \w[^(]* \(\d of \d statements\)', page)
    for link in re.findall(r'href="([^"]+)"', page.partition("<script>")[0]):
        assert f'id="{link[1:]}"' in page if link.startswith("#") else (saved / link).is_file(), link


def test_methods_name_version_codebook_and_packages(page: str, analysis: Analysis) -> None:
    methods = page[page.index('id="paste"') :]
    assert analysis.record["codebook"] in methods
    assert f"pandas {pd.__version__}" in methods
    assert read_citation()["version"] in methods
    assert "2 articles (1 file or record could not be read)" in methods


def test_who_coded_stands_in_the_record_and_in_the_methods(analysis: Analysis) -> None:
    for name, coder in analysis.record["coders"].items():
        assert analysis.tables[name]["rule"].str.contains(f"reader {coder}", regex=False).any()
    told = render_page(
        Analysis(analysis.tables, {**analysis.record, "coders": {"stance": "my-coder-1", "frames": "b"}})
    )
    assert "coded by the reader my-coder-1" in told


def test_no_statement_and_no_article_still_make_a_page(tmp_path: Path) -> None:
    (tmp_path / "quiet.txt").write_text("Rain fell on the hills for a week, and the rivers rose.\n", encoding="utf-8")
    assert "No statements were found" in render_page(analyse(tmp_path / "quiet.txt"))
    (tmp_path / "empty").mkdir()
    assert "0 articles" in render_page(analyse(tmp_path / "empty"))


def test_a_large_corpus_is_shown_in_part_and_says_so(analysis: Analysis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("helpers.report.explorer.MOST", 7)
    held, every = len(pack(analysis.tables, Names(analysis.tables))["statements"]), len(analysis.tables["statements"])
    assert 0 < held <= 7 < every
    page = render_page(analysis)
    assert unpack(page)["all"] == every
    assert f"searches {held} (whole articles at even distances)" in page
    assert [len(every_nth(range(n), 3)) for n in (0, 3, 4, 7, 100)] == [0, 3, 2, 3, 3]


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


def test_the_report_folder_holds_page_tables_and_a_record_of_both(analysis: Analysis, saved: Path) -> None:
    record = json.loads((saved / "run.json").read_text(encoding="utf-8"))
    files = {path.name for path in saved.iterdir()}
    assert files == set(record["files"]) | {"run.json"}
    assert {f"{name}.{kind}" for name in analysis.tables for kind in ("csv", "parquet")} <= files
    assert {"report.html", "report.xlsx", "coding_sheet.xlsx", "network.graphml", "citation.bib"} <= files
    assert record["files"]["statements.csv"]["rows"] == len(analysis.tables["statements"])
    spans = pd.read_parquet(saved / "statements.parquet")
    texts = analysis.tables["articles"].set_index("doc_id")["text"]
    for row in spans.itertuples():
        assert " ".join(texts[row.doc_id][a:b] for a, b in row.spans) == row.content
    assert pd.read_csv(saved / "frames.csv")["rule"].str.len().max() <= 80


def test_a_report_is_loaded_as_it_was_made(analysis: Analysis, saved: Path) -> None:
    again = load_report(saved)
    assert again.record == analysis.record
    assert render_page(again) == (saved / "report.html").read_text(encoding="utf-8")


def test_the_workbook_explains_every_column_joins_the_tables_and_runs_nothing(analysis: Analysis, saved: Path) -> None:
    book = load_workbook(saved / "report.xlsx")
    sheets = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}
    explained = {(row[0], row[1]) for row in sheets["columns"][1:]}
    assert book.sheetnames[:2] == ["columns", "joined"]
    for name, rows in sheets.items():
        if name != "columns":
            assert {(name, column) for column in rows[0]} <= explained
        assert not any(str(cell).startswith(("=", "+", "@")) for row in rows for cell in row)
    told = {row[1] for row in sheets["columns"] if row[2] == "Column of your input"}
    assert told == set()
    joined = join_statements(analysis.tables, Names(analysis.tables))
    assert len(sheets["joined"]) - 1 == len(joined) == len(analysis.tables["statements"])
    row = joined[joined["content"].str.contains("condemn")].iloc[0]
    assert (row["speaker"], row["against"], row["for"]) == ("Zmarai Kohband", "Terrorism", "")


def test_no_formula_hides_behind_what_cannot_be_printed(tmp_path: Path) -> None:
    book = Workbook(write_only=True)
    add_sheet(book, "articles", pd.DataFrame({"title": ["\x00=1+1", "=1+1", "plain"], "n": [-1, 2, 3]}))
    book.save(tmp_path / "book.xlsx")
    rows = list(load_workbook(tmp_path / "book.xlsx")["articles"].iter_rows())
    assert [[cell.value for cell in row] for row in rows] == [["title", "n"], ["'=1+1", -1], ["'=1+1", 2], ["plain", 3]]
    assert {cell.data_type for row in rows for cell in row} == {"s", "n"}


def test_every_measure_has_its_words_and_a_headline_its_verb(analysis: Analysis) -> None:
    names = Names(analysis.tables)
    slots = set(analysis.tables["codes"]["kind"]) | set(analysis.tables["frame_counts"]["slot"])
    assert slots | {"for", "against", "neutral", "topic", "denial"} <= set(MEASURES)
    for measure, one in MEASURES.items():
        assert names.say("label", measure, "war").strip("{}")
        assert bool(one["does"]) == bool(one["headline"])
    assert names.say("label", "against", "taliban") == "against Taliban"
    assert names.say("does", "measures", "law") == "call for law"
    assert names.say("base", "for", "taliban") == "statements that name Taliban"


def test_the_page_lists_a_date_as_far_as_it_is_known(analysis: Analysis) -> None:
    dated = analysis.tables["articles"].assign(
        date=pd.to_datetime(["2021-08-01", None]), date_precision=["month", None]
    )
    page = render_page(Analysis({**analysis.tables, "articles": dated}, analysis.record))
    assert re.findall(r'<td data-label="Date">([^<]*)</td>', page) == ["2021-08", "–"]


def test_the_network_is_graphml_with_every_edge(analysis: Analysis, tmp_path: Path) -> None:
    edges = pd.concat(
        [analysis.tables["stance_edges"], analysis.tables["stance_edges"].head(1).assign(actor="<a & b>\x00")]
    )
    write_network(edges, Names(analysis.tables), tmp_path / "n.graphml")
    root = ET.parse(tmp_path / "n.graphml").getroot()  # noqa: S314 - our own file
    space = {"g": "http://graphml.graphdrawing.org/xmlns"}
    nodes = {node.get("id") for node in root.iterfind(".//g:node", space)}
    found = [(edge.get("source"), edge.get("target")) for edge in root.iterfind(".//g:edge", space)]
    assert len(found) == len(edges)
    assert {end for edge in found for end in edge} == nodes
    assert "<a & b>" in [data.text for data in root.iterfind(".//g:data", space)]


def test_marked_words_are_escaped_and_overlap() -> None:
    shown = mark("ab <i>x& cue.", [(3, 8, "content"), (9, 12, "cue"), (6, 7, "word")])
    assert (
        shown
        == 'ab <span class="content">&lt;i&gt;</span><span class="content word">x</span><span class="content">&amp;</span> <span class="cue">cue</span>.'
    )


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


def test_statements_of_nobody_named_are_not_a_speaker() -> None:
    articles = pd.DataFrame({"doc_id": ["a"], "text": ["It was reported that the bridge had fallen."]})
    found = extract_statements(articles)
    assert len(found) == 1
    assert count_speakers(found.assign(actor=found["speaker_id"], copy=False)).empty


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nowhere"):
        analyse(tmp_path / "nowhere")


OUTLETS = {
    "Karez Post": "“We condemn the Taliban,” the envoy said. “The Taliban are a threat to the region,” she said.",
    "Amu Echo": "“We thank the Taliban,” the envoy said. “Peace is near,” she said.",
}


def other_words(*day: int) -> str:
    """Write a paragraph that no other article shares, so that none is a near duplicate."""
    return "\n\n" + " ".join(f"hill{'x'.join(map(str, day))}n{i}" for i in range(60)) + "."


@pytest.fixture(scope="module")
def outlets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write twenty articles of two outlets, each with another town, and a year only: of some about, of some none."""
    path = tmp_path_factory.mktemp("outlets") / "rows.json"
    towns = ["Herat", "Kabul", "Balkh", "Khost", "Kunar", "Zabul", "Farah", "Logar", "Ghor", "Takhar"]
    rows = [
        {
            "id": f"{i}-{k}",
            "source": name,
            "year": ("~2019", "2023", "~2021", "")[i % 4],
            "title": f"Talks in {town}",
            "text": f"{town.upper()}: {said} {other_words(i, k)}",
        }
        for k, (name, said) in enumerate(OUTLETS.items())
        for i, town in enumerate(towns)
    ]
    path.write_text(json.dumps(rows), encoding="utf-8")
    return path


def test_two_outlets_open_the_page_with_what_differs(outlets: Path) -> None:
    analysis = analyse(outlets, breaks=["2021-08-15"])
    assert analysis.record["by"] == ["source", "year", "period"]
    shares = analysis.tables["shares"].set_index(["by", "measure", "code", "group"])
    assert shares.loc[("source", "against", "taliban", "Karez Post"), ["n", "share"]].tolist() == [20, 1]
    assert shares.loc[("source", "for", "taliban", "Amu Echo"), ["n", "share"]].tolist() == [10, 1]
    page = render_page(analysis)
    summary = re.search(r'<div class="summary">(.*?)</div>', page)[1]
    assert re.search(r"In Karez Post, \d+\s% of the statements .*?: a difference of \d+ points", summary), summary
    assert page.index('id="compare-source"') < page.index('id="statements"')
    assert page.count('src="data:image/svg+xml') >= 4


def shown_numbers(text: str) -> list[float]:
    """Return the shares and the difference that a finding says."""
    return [float(one) for one in re.findall(r"([\d.]+)(?=\s%| points)", text.partition(" (95")[0])]


@pytest.mark.parametrize(("high", "low"), [(0.776, 0.264), (0.196, 0.022), (0.78, 0.26), (0.1956, 0.0214), (0.5, 0.0)])
def test_who_subtracts_the_shares_of_a_finding_finds_its_difference(high: float, low: float) -> None:
    row = {"by": "source", "measure": "threat", "code": "threat", "group": "a", "reference": "b"}
    row |= {"difference": high - low, "low": high - low - 0.1, "high": high - low + 0.1, "few": False}
    shares = {"a": high, "b": low}
    cells = {("threat", "threat", group): {"by": "source", "group": group, "share": shares[group]} for group in shares}
    names = Names({name: pd.DataFrame(columns=columns) for name, columns in NAMED.items()})
    one, other, difference = shown_numbers(tell_difference(row, cells, names))
    assert one - other == pytest.approx(difference)


def test_the_table_of_two_groups_can_be_subtracted_too(outlets: Path) -> None:
    page = render_page(analyse(outlets, by=["source"]))
    table = page[page.index(" minus ") :]
    lines = re.findall(r"<b>([\d.]+)\s%</b>.*?<b>([\d.]+)\s%</b>.*?Difference\">([+−]?[\d.]+) \[", table, re.DOTALL)
    assert len(lines) > 2
    for one, other, difference in lines:
        assert abs(float(one) - float(other)) == pytest.approx(abs(float(difference.replace("−", "-"))))


def test_the_title_says_how_many_outlets_and_where_they_were_read(outlets: Path, folder: Path) -> None:
    page = render_page(analyse(outlets))
    assert "<h1>Who said what in 20 articles from 2 outlets</h1>" in page
    assert "Read from <i>rows.json</i>" in page
    (title,) = re.findall("<title>(.*)</title>", render_page(analyse(folder)))
    assert title == f"Who said what in 2 articles from 1 outlet ({folder.name})"


def test_two_groupings_are_crossed_with_n_and_small_cells_say_so(outlets: Path) -> None:
    analysis = analyse(outlets, by=["source", "period"], breaks=["2021-08-15"])
    crossed, groups = analysis.tables["crossed"], analysis.tables["groups"]
    cells = crossed[crossed["measure"].eq("against") & crossed["code"].eq("taliban")]
    for row in cells.to_dict("records"):
        there = groups[groups["source"].eq(row["within"]) & groups["period"].eq(row["group"])]
        named = analysis.tables["stance"].query("target == 'taliban'")["statement_id"]
        assert row["n"] == there["statement_id"].isin(named).sum()
    assert set(cells["within"]) == set(OUTLETS)
    assert cells["few"].all()  # three articles each
    page = render_page(analysis)
    assert "Every cell has too few statements for a claim. 4 of 4 cells are too small for a claim." in page
    assert page.index('id="compare-source"') < page.index('id="crossed"') < page.index('id="statements"')
    assert check_links(page) > 20


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        (["a"], None),
        (["year", "period"], None),
        (["year", "a"], ("year", "a")),
        (["a", "b"], ("a", "b")),
        (["a", "b", "period"], ("a", "period")),
    ],
)
def test_two_of_the_groupings_are_crossed(by: list[str], expected: tuple[str, str] | None) -> None:
    assert two_ways(by) == expected


def test_a_headline_is_clear_after_all_looks() -> None:
    plain = {"measure": "threat", "code": "threat", "few": False, "n": 50, "n_reference": 50}
    weak = {**plain, "difference": 0.1, "low": 0.01, "high": 0.19}
    strong = {**plain, "code": "other", "difference": 0.5, "low": 0.4, "high": 0.6}
    assert find_worth([weak]) == [weak]
    assert find_worth([weak, *[{**weak, "low": -0.1, "high": 0.3}] * 9, strong]) == [strong]
    assert find_worth([{**strong, "n": 9}, {**strong, "few": True}, {**strong, "measure": "topic"}]) == []
    assert find_worth([strong, {**strong, "measure": "for", "difference": -0.5}]) == [strong]  # one of each code


def test_dates_that_do_not_tell_are_said_and_not_invented(outlets: Path) -> None:
    analysis = analyse(outlets, by=["period"], breaks=["2021-08-15"])
    periods = analysis.tables["groups"].drop_duplicates("doc_id")["period"]
    assert periods.value_counts().to_dict() == {"before 2021-08-15": 6, "from 2021-08-15": 6}
    page = render_page(analysis)
    missing = int(analysis.tables["groups"]["period"].isna().sum())
    assert f"{missing} statements from 8 articles have no period that the dates tell; nothing was guessed" in page


@pytest.mark.parametrize(
    ("date", "precision", "year", "expected"),
    [
        ("2021-08-15", "day", None, ["2021", "2021-08", "from 2021-08-15"]),
        ("2021-08-14", None, None, ["2021", "2021-08", "before 2021-08-15"]),
        ("2021-08-01", "month", None, ["2021", "2021-08", None]),
        ("2021-01-01", "year", None, ["2021", None, None]),
        ("2022-01-01", "year", "1999", ["2022", None, "from 2021-08-15"]),
        (None, None, "~2018", ["about 2018", None, "before 2021-08-15"]),
        (None, None, "2004-2010", ["2004–2010", None, "before 2021-08-15"]),
        (None, None, "2019-2023", ["2019–2023", None, None]),
        (None, None, "last year", [None, None, None]),
        (None, None, 2023, ["2023", None, "from 2021-08-15"]),
    ],
)
def test_an_article_is_placed_in_time_as_far_as_its_date_tells(
    date: str | None, precision: str | None, year: object, expected: list[str | None]
) -> None:
    articles = pd.DataFrame(
        {"date": [pd.Timestamp(date) if date else pd.NaT], "date_precision": [precision], "year": [year]}
    )
    placed = place_in_time(articles, ["2021-08-15"]).astype(object)
    assert placed.where(placed.notna(), None).iloc[0].tolist() == expected


def test_two_breaks_make_three_periods() -> None:
    articles = pd.DataFrame(
        {"date": pd.to_datetime(["2001-01-01", "2010-01-01", "2022-01-01"]), "date_precision": "day"}
    )
    assert place_in_time(articles, ["2021", "2001-09-11"])["period"].tolist() == [
        "before 2001-09-11",
        "2001-09-11 to 2021",
        "from 2021",
    ]


def test_near_duplicates_are_one_article_when_intervals_are_drawn(analysis: Analysis) -> None:
    groups = compare_groups(analysis.tables, [], [])["groups"]
    assert groups["doc_id"].nunique() == 2
    assert groups["unit"].nunique() == 1


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"by": ["nonsense"]}, "no column 'nonsense'.*source"),
        ({"breaks": ["8/2021"]}, "the break is '8/2021'"),
        ({"breaks": ["2021-13"]}, "2021-13"),
    ],
)
def test_what_cannot_be_compared_is_named_before_the_work(folder: Path, options: dict[str, Any], words: str) -> None:
    with pytest.raises(ChoiceError, match=words):
        analyse(folder, **options)


def test_any_column_and_the_country_of_the_speaker_can_be_compared(outlets: Path) -> None:
    groups = analyse(outlets, by=["title", "country"]).tables["groups"]
    assert groups["title"].nunique() == 10
    assert groups.columns.tolist() == ["statement_id", "doc_id", "unit", "title", "country"]


def test_names_of_one_speaker_are_joined_and_a_researcher_can_part_them(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    for name, who in (("one", "Ebrahim Norzai"), ("two", "Seyyed Ebrahim Norzai")):
        text = (
            f"Talks in Herat\n\nMinister {who} said that the talks would go on. {who} told reporters that prices fell."
        )
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    analysis = analyse(folder)
    assert set(analysis.tables["statements"]["actor"]) == set(analysis.tables["identities"]["actor"])
    assert analysis.tables["statements"]["actor"].nunique() == 1
    assert "1 name was joined to another name of the same speaker" in render_page(analysis)
    corrected = analysis.tables["identities"].assign(actor=analysis.tables["identities"]["name"])
    corrected.to_csv(tmp_path / "identities.csv", index=False)
    apart = analyse(folder, identities=tmp_path / "identities.csv")
    assert apart.tables["statements"]["actor"].nunique() == 2
