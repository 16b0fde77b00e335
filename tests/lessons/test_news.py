"""The codes and counts of Wikinews: what is shipped is what the text gives, and holds no text."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import nbformat
import pytest

from data.computing import compare_studies
from data.wikinews.compute import FOLDER, WAR_WORDS, compute_news
from helpers import keyness
from helpers.articles.corpora import VARIABLE, find_corpus
from helpers.codebook.load import load_codebook
from helpers.codebook.patterns import entries_of
from helpers.coding import load_reader
from helpers.inputs import sha256
from helpers.lessons.study import find_texts, load_study, term_counts, with_words
from helpers.paths import MODELS, SOLUTIONS
from notebooks.building.running import output_text

if TYPE_CHECKING:
    from pathlib import Path

    from helpers.lessons.study import Study

# Invented articles; nobody said this.
BODIES = {
    1: [
        "Rebels near Herat fired at soldiers, the governor said.",
        "The governor said the war threatens every village.",
    ],
    2: ["Soldiers opened a well, the mayor said."],
    3: [
        "Barack Obama said he supports the peace talks.",
        "The weaver of Herat said the rebels and their bombs must go.",
    ],
}


def file_in(folder: Path, bodies: dict[int, list[str]]) -> Path:
    path = folder / "saliency-dataset.json"
    lines = []
    for number, paragraphs in bodies.items():
        parts = [("headline", f"Article {number}"), ("dateline", f"March {number}, 2010")]
        parts += [(f"body_par_{place:03}", text) for place, text in enumerate(paragraphs)]
        document = [{"name": name, "value": value} for name, value in parts]
        lines.append(json.dumps({"wikiTitle": f"Article_{number}", "wikinewsId": number, "document": document}))
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def shipped() -> Study:
    return load_study(FOLDER)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return compute_news(file_in(tmp_path_factory.mktemp("news"), BODIES))


def test_the_shipped_figures_were_made_with_the_codebook_and_the_reader_of_today(shipped: Study) -> None:
    told = (
        "the codebook or a coder changed: run python -m data.wikinews.compute where the text is, and read the lessons"
    )
    assert shipped.run["codebook"] == load_codebook().digest, told
    assert shipped.run["coders"] == {name: sha256((MODELS / name).read_bytes()) for name in shipped.run["coders"]}, told


def test_the_shipped_tables_hold_no_text(shipped: Study) -> None:
    words = {"text", "content", "speaker", "speaker_name", "cue", "target_text", "reported_by"}
    assert all(not words & set(table.columns) for table in shipped.tables.values())
    assert not shipped["statements"]["speaker_id"].dropna().str.contains(":").any()
    assert shipped["stance"]["evidence"].str.fullmatch(r"(?:\[\d+:\d+\] [+-]\d+\.\d+(?:; )?)*").all()
    threat = load_codebook().threat
    entries = {*entries_of(threat), *(f"countries.{code}" for code in threat["countries"])}
    assert set(shipped["frames"]["rule"]) <= entries | {f"reader {load_reader().name}"}
    assert shipped["terms"]["term"].str.count(" ").max() <= 5
    assert sum(path.stat().st_size for path in FOLDER.iterdir() if path.is_file()) < 1e6


def test_the_shipped_tables_fit_together(shipped: Study) -> None:
    articles, statements = shipped["articles"], shipped["statements"]
    assert len(articles) == shipped.run["input"]["articles"] == 359
    assert articles["doc_id"].is_unique
    assert statements["statement_id"].is_unique
    assert statements["doc_id"].isin(articles["doc_id"]).all()
    assert shipped["terms"]["doc_id"].isin(articles["doc_id"]).all()
    assert (statements["start"] < statements["end"]).all()
    assert articles["war"].eq(articles["war_words"].ge(WAR_WORDS)).all()
    for name in ("stance", "frames"):
        assert shipped[name]["statement_id"].isin(statements["statement_id"]).all(), name
        assert set(shipped[name]["coder"]) == {"rules", "reader"}


def test_the_page_credits_wikinews_and_counts_what_is_there(shipped: Study) -> None:
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert "Wikinews, CC BY 2.5" in page
    rows = re.findall(r"^\| `(\w+)\.parquet` \| ([\d,]+) \|", page, flags=re.MULTILINE)
    assert {name: int(n.replace(",", "")) for name, n in rows} == {
        name: len(table) for name, table in shipped.tables.items()
    }
    hits = shipped["articles"]["war_words"]
    n = [hits.ge(least).sum() for least in (3, 2, 1)]
    learned = shipped["articles"]["learned"].sum()
    assert f"learned from coded statements of {learned} of the {len(hits)} articles" in page
    assert (
        f"{n[0]} of the {len(hits)} articles are. With at least two words there would be {n[1]}, with at least one {n[2]}."
        in page
    )


def test_the_text_gives_the_shipped_figures(shared: Path, shipped: Study) -> None:
    archive = find_corpus("wikinews", folder=shared / "data")
    assert archive is not None
    differences = compare_studies(shipped, compute_news(archive, doc_ids=shipped["articles"]["doc_id"]))
    assert differences.empty, differences.to_string()


def test_words_stand_beside_rows_where_the_text_is(shared: Path, shipped: Study, monkeypatch) -> None:
    monkeypatch.setenv(VARIABLE, str(shared / "data"))
    shown = with_words(shipped["statements"].head(50), find_texts(shipped))["words"]
    assert (shown.str.len() == shipped["statements"].head(50).eval("end - start")).all()


def test_another_text_under_the_same_id_is_told(small: Study, tmp_path: Path, monkeypatch) -> None:
    file_in(tmp_path, BODIES | {2: ["Another text."]})
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    with pytest.raises(
        ValueError, match=r"1 texts of 'saliency-dataset\.json' are not the coded ones, first 'wikinews-2'"
    ):
        find_texts(small)


def test_three_words_of_war_make_an_article_of_war(small: Study) -> None:
    articles = small["articles"].set_index("doc_id")
    assert articles["war_words"].to_dict() == {"wikinews-1": 3, "wikinews-2": 1, "wikinews-3": 2}
    assert articles.index[articles["war"]].tolist() == ["wikinews-1"]
    assert str(articles.loc["wikinews-1", "date"].date()) == "2010-03-01"


def test_speakers_on_the_list_of_actors_keep_their_id_and_others_only_their_place(small: Study) -> None:
    statements = small["statements"]
    assert set(statements["speaker_id"].dropna()) == {"barack_obama"}
    others = statements[statements["speaker_id"].isna()]
    assert len(others) >= 4
    assert others["speaker_start"].notna().all()


def test_chosen_articles_are_computed_alone(small: Study, tmp_path: Path) -> None:
    part = compute_news(file_in(tmp_path, BODIES), doc_ids=small["articles"]["doc_id"].head(1))
    assert part["articles"]["doc_id"].tolist() == ["wikinews-1"]
    assert set(part["statements"]["doc_id"]) == {"wikinews-1"}


def test_term_counts_of_articles_come_back_as_they_were_counted(shipped: Study) -> None:
    counts = term_counts(shipped)
    assert counts.docs["id"].tolist() == shipped["articles"]["doc_id"].tolist()
    assert counts.counts.sum() == shipped["terms"]["n"].sum()
    assert counts.terms["n_docs"].min() >= 3
    war = shipped["articles"]["war"].map({True: "war", False: "other"})
    typical = keyness(counts, war.to_list()).query("group == 'war' and rank <= 10")["term"]
    assert {"attack", "soldier"} <= set(typical)


@pytest.mark.parametrize("lesson", ["02_explore", "03_who_said_what", "05_stance"])
def test_the_lessons_are_committed_without_words_of_the_text(lesson: str) -> None:
    cells = nbformat.read(SOLUTIONS / f"{lesson}.ipynb", as_version=4).cells
    shown = [output_text(cell) for cell in cells if "volatile" in cell.metadata.get("tags", [])]
    assert shown, "the part on real news has a cell that shows words where the text is"
    assert all("ext not present" in text for text in shown), "recompute the lesson where the text is not found"
