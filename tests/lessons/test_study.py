"""The figures of the UN General Debate: what is shipped is what the text gives, and holds no text."""

from __future__ import annotations

import io
import tarfile
from dataclasses import replace
from typing import TYPE_CHECKING

import nbformat
import pandas as pd
import pytest

from data.computing import compare_studies, recompute_study, save_study
from data.un_general_debate.compute import CORPUS, compute_study
from helpers.articles.corpora import VARIABLE, find_corpus
from helpers.codebook.load import load_codebook
from helpers.codebook.patterns import entries_of
from helpers.coding import load_reader
from helpers.figures import plot_contrasts
from helpers.figures.style import alt_text, show_figure
from helpers.inputs import sha256
from helpers.lessons.study import Study, find_texts, load_study, term_counts, with_words
from helpers.paths import DEBATE, MODELS, SOLUTIONS
from notebooks.building.running import output_text

if TYPE_CHECKING:
    from pathlib import Path

# Invented speeches of States under their codes, so that the reader takes them; nobody said this.
SPEECHES = {
    "NOR_52_1997": "We thank the host.\nTerrorism is a grave threat to the whole region. We call for a convention against it.",
    "PAK_61_2006": "We stand with the Afghan people. We support the peace talks in Afghanistan. The Taliban must stop.",
    "FJI_75_2020": "The sea is rising. Terrorists attack villages and military operations must go on against terrorism.",
    "TON_70_2015": "The sea is rising and we ask for help.",
}
MANY = {f"{name[:3]}_{year - 1945}_{year}": text for name, text in SPEECHES.items() for year in range(1996, 2005)}
STILL = ["terms", "speeches", "statements", "stance", "frames", "topics", "variants"]


def archive_in(folder: Path, speeches: dict[str, str]) -> Path:
    path = folder / "UNGDC_1996-2024.tgz"
    with tarfile.open(path, "w:gz") as tar:
        for name, text in speeches.items():
            _, session, year = name.split("_")
            info = tarfile.TarInfo(f"TXT/Session {session} - {year}/{name}.txt")
            info.size = len(text.encode())
            tar.addfile(info, io.BytesIO(text.encode()))
    return path


def changed(one: Study, name: str, table: pd.DataFrame) -> Study:
    return replace(one, tables={**one.tables, name: table})


@pytest.fixture(scope="module")
def shipped() -> Study:
    return load_study()


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Compute a study of many copies of the invented speeches: topics need documents."""
    return compute_study(archive_in(tmp_path_factory.mktemp("un"), MANY))


# What is shipped


def test_the_shipped_figures_were_made_with_the_codebook_and_the_reader_of_today(shipped: Study) -> None:
    told = "the codebook or a coder changed: run python -m data.un_general_debate.compute where the text is, and read lesson 08 again"
    assert shipped.run["codebook"] == load_codebook().digest, told
    assert shipped.run["coders"] == {name: sha256((MODELS / name).read_bytes()) for name in shipped.run["coders"]}, told


def test_the_shipped_tables_hold_no_text(shipped: Study) -> None:
    for name, table in shipped.tables.items():
        assert not {"text", "content", "words_in_context", "target_text"} & set(table.columns), name
    assert shipped["stance"]["evidence"].str.fullmatch(r"(?:\[\d+:\d+\] [+-]\d+\.\d+(?:; )?)*").all()
    entries = {
        *entries_of(load_codebook().threat),
        *(f"countries.{code}" for code in load_codebook().threat["countries"]),
    }
    assert set(shipped["frames"]["rule"]) <= entries | {f"reader {load_reader().name}"}
    assert shipped["terms"]["term"].str.count(" ").max() <= 5


def test_the_shipped_tables_fit_together(shipped: Study) -> None:
    assert len(shipped["speeches"]) == shipped.run["input"]["speeches"] == 5512
    assert shipped["speeches"]["doc_id"].is_unique
    assert shipped["statements"]["statement_id"].is_unique
    assert shipped["statements"]["doc_id"].isin(shipped["speeches"]["doc_id"]).all()
    assert (shipped["statements"]["start"] < shipped["statements"]["end"]).all()
    assert (shipped["statements"]["afghanistan"] | shipped["statements"]["terrorism"]).all()
    for name in ("terms", "stance", "frames", "topics"):
        assert shipped[name]["statement_id"].isin(shipped["statements"]["statement_id"]).all(), name
    shares = shipped["topics"].drop(columns="statement_id")
    assert shares.sum(axis=1).sub(1).abs().max() < 0.001
    units = shipped["variants"].query("variant == 'rules' and code == 'units'")
    assert units["n"].sum() == len(shipped["statements"])


def test_the_lesson_is_committed_without_words_of_the_text() -> None:
    lesson = nbformat.read(SOLUTIONS / "08_un_general_debate.ipynb", as_version=4)
    (shown,) = [output_text(cell) for cell in lesson.cells if "volatile" in cell.metadata.get("tags", [])]
    assert "words" not in shown, "recompute lesson 08 where the archive is not found"
    assert "start" in shown


def test_the_shipped_files_are_small() -> None:
    assert sum(path.stat().st_size for path in DEBATE.iterdir()) < 6e6


def test_every_country_of_the_debate_has_its_facts(shipped: Study) -> None:
    facts = pd.read_csv(DEBATE / "countries.csv")
    assert set(shipped["speeches"]["country"]) == set(facts["country"])
    assert facts["country"].is_unique
    assert facts["group"].value_counts().to_dict() == {
        "Africa": 54,
        "Asia-Pacific": 54,
        "Latin America and Caribbean": 33,
        "Western Europe and others": 29,
        "Eastern Europe": 24,
        "observer": 3,
    }
    assert facts[["nato_since", "oic_since", "sco_since"]].notna().sum().tolist() == [32, 57, 10]
    assert (facts["eu_since"].notna() & facts["eu_until"].isna()).sum() == 27


def test_the_text_gives_the_shipped_figures(shared: Path, shipped: Study) -> None:
    computed = compute_study(shared / "data" / "UNGDC_1996-2024.tgz", n_jobs=2)
    differences = compare_studies(shipped, computed)
    assert differences.empty, differences.to_string()


# How it is made


def test_statements_on_the_subject_are_coded_by_rules_and_by_the_reader(small: Study) -> None:
    said = small["statements"].merge(small["speeches"], on="doc_id")
    assert set(said["country"]) == {"NOR", "PAK", "FJI"}
    assert len(small["speeches"]) == 36
    assert said.loc[said["country"].eq("PAK"), ["afghanistan", "terrorism"]].drop_duplicates().values.tolist() == [
        [True, False]
    ]
    assert set(small["frames"]["coder"]) == set(small["stance"]["coder"]) == {"rules", "reader"}
    codes = small["variants"].groupby("variant")["code"].agg(set)
    assert "measures.law" in codes["rules"]
    assert "stance.taliban.-1" in codes["rules"]
    assert set(codes.index) == {
        "rules",
        "reader",
        "sentence",
        "paragraph",
        "speech",
        *(f"half {n}" for n in range(1, 6)),
    }


def test_units_are_counted_as_they_are_cut(small: Study) -> None:
    units = small["variants"].query("code == 'units'").pivot(index="doc_id", columns="variant", values="n")
    assert (units["speech"] == 1).all()
    assert units.loc["PAK_61_2006" if "PAK_61_2006" in units.index else units.index[0], "sentence"] >= 1
    assert (units["sentence"] >= units["paragraph"]).all()
    assert (units["rules"] == units["half 1"]).all()


def test_half_a_codebook_finds_no_more_threats_than_the_whole(small: Study) -> None:
    threats = small["variants"].query("code == 'threat.1'").groupby("variant")["n"].sum()
    assert all(threats.get(f"half {n}", 0) <= threats["rules"] for n in range(1, 6))


def test_term_counts_come_back_as_they_were_counted(small: Study, shipped: Study) -> None:
    for one in (small, shipped):
        counts = term_counts(one)
        assert counts.counts.sum() == one["terms"]["n"].sum() == counts.terms["n"].sum() == counts.docs["n_terms"].sum()
        assert counts.docs["id"].tolist() == one["statements"]["statement_id"].tolist()
        assert counts.terms["n_docs"].min() >= 5
        row = one["terms"].iloc[len(one["terms"]) // 2]
        place = (
            counts.docs["id"].eq(row["statement_id"]).to_numpy().argmax(),
            counts.terms["term"].eq(row["term"]).to_numpy().argmax(),
        )
        assert counts.counts[place] == row["n"]


def test_no_speech_of_these_years_is_told(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"no speech of 1996 to 2024 in 'UNGDC_1996-2024\.tgz'"):
        compute_study(archive_in(tmp_path, {"NOR_44_1989": SPEECHES["NOR_52_1997"]}))


# The check


def test_what_is_saved_is_what_is_loaded(small: Study, tmp_path: Path) -> None:
    save_study(small, tmp_path)
    again = load_study(tmp_path)
    assert compare_studies(small, again).empty
    assert again.run == small.run


@pytest.mark.parametrize("name", STILL)
def test_one_changed_value_in_any_table_is_found(small: Study, name: str) -> None:
    table = small[name].copy()
    column = {"terms": "n", "topics": "topic_1", "speeches": "words"}.get(name, table.columns[-1])
    old = table[column].iloc[3]
    table.loc[3, column] = (
        "other" if isinstance(old, str) else not old if old in (True, False) and name == "statements" else old + 1
    )
    found = compare_studies(small, changed(small, name, table))
    assert found[["table", "column", "rows"]].values.tolist() == [[name, column, 1]]


def test_rows_that_are_missing_and_another_codebook_are_found(small: Study) -> None:
    fewer = changed(small, "stance", small["stance"].iloc[1:])
    fewer = replace(fewer, run={**small.run, "codebook": "other", "versions": {}})
    found = compare_studies(small, fewer)
    assert found[["table", "column"]].values.tolist() == [["stance", "rows"], ["run", "codebook"]]


def test_a_folder_without_a_study_is_told_with_the_command_that_makes_it(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"python -m data\.nowhere\.compute"):
        load_study(tmp_path / "nowhere")


def test_an_unknown_table_is_told_with_those_there_are(small: Study) -> None:
    with pytest.raises(KeyError, match=r"'frame'.*frames, speeches, stance"):
        small["frame"]


# Words, where the text is


def test_words_stand_beside_rows_where_the_text_is(small: Study, tmp_path: Path, monkeypatch) -> None:
    archive_in(tmp_path, MANY)
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    texts = find_texts(small)
    shown = with_words(small["statements"], texts)
    assert shown["words"].str.contains("Afghan|Taliban|errorism|errorist").all()
    archive_in(tmp_path, MANY | {"NOR_53_1998": "Another text on terrorism."})
    with pytest.raises(
        ValueError, match=r"1 texts of 'UNGDC_1996-2024.tgz' are not the coded ones, first 'NOR_53_1998'"
    ):
        find_texts(small)


def test_without_the_text_rows_say_so(shipped: Study, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr("helpers.articles.corpora._cache", lambda: tmp_path)
    assert find_corpus(CORPUS) is None
    texts = find_texts(shipped)
    assert with_words(shipped["statements"].head(2), texts)["words"].tolist() == ["text not present"] * 2
    with pytest.raises(SystemExit, match="python -m helpers fetch un_general_debate"):
        recompute_study(CORPUS, compute_study, tmp_path)


def test_a_computation_says_which_figures_change_and_writes_them(
    small: Study, tmp_path: Path, monkeypatch, capsys
) -> None:
    archive_in(tmp_path, MANY)
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    other = small["frames"].assign(content_start=small["frames"]["content_start"].add(1))
    save_study(changed(small, "frames", other), tmp_path / "study")
    recompute_study(CORPUS, lambda _: small, tmp_path / "study")
    assert "content_start" in capsys.readouterr().out
    assert compare_studies(small, load_study(tmp_path / "study")).empty
    recompute_study(CORPUS, lambda _: small, tmp_path / "study")
    assert capsys.readouterr().out == "No figure changed.\n"


# The figure of contrasts


def contrasts() -> pd.DataFrame:
    rows = [("rules", "law", -8.7, -10.3, -6.8), ("speech", "law", 1.5, -1.0, 4.0), ("rules", "aid", 3.8, 1.4, 6.4)]
    return pd.DataFrame(rows, columns=["variant", "claim", "points", "low", "high"])


def test_contrasts_stand_in_a_panel_each_and_an_interval_that_holds_zero_has_an_empty_dot() -> None:
    panels = plot_contrasts(contrasts(), label="variant", value="points", panel="claim", title="Change")
    assert [axes.get_title("left") for axes in panels] == ["law", "aid"]
    faces = [line.get_markerfacecolor() for axes in panels for line in axes.lines if line.get_marker() == "o"]
    assert [face == "white" for face in faces] == [False, True, False]
    assert alt_text(panels).startswith("Change. Differences with their intervals. law: rules -8.7 (-10.3 to -6.8);")
    assert show_figure(panels).png


def test_more_than_three_contrasts_stand_in_two_columns() -> None:
    table = pd.concat(contrasts().assign(claim=name) for name in ("law", "aid", "talks", "war", "trade"))
    panels = plot_contrasts(table, label="variant", value="points", panel="claim")
    lefts = [round(axes.get_position().x0, 3) for axes in panels]
    assert len(panels) == 5
    assert lefts[0] == lefts[2] == lefts[4] < lefts[1] == lefts[3]


def test_contrasts_without_an_interval_are_told() -> None:
    with pytest.raises(KeyError, match="the table to draw has no column 'low'"):
        plot_contrasts(contrasts().drop(columns="low"), label="variant", value="points", panel="claim")
