"""The coding loop: a blind sheet out, filled sheets in, agreement and corrected shares on the page."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from openpyxl import load_workbook

from helpers.report.by_hand import read_sheets, validate
from helpers.report.collect import Analysis, analyse
from helpers.report.compare import draw_sample
from helpers.report.files import foreign_files, load_report, save_report

if TYPE_CHECKING:
    from pathlib import Path

TOWNS = ["Herat", "Kabul", "Balkh", "Khost", "Kunar", "Zabul", "Farah", "Logar", "Ghor", "Takhar", "Paktia", "Wardak"]
SAID = {
    "Karez Post": "“We condemn the Taliban,” the envoy said. “The Taliban are a threat to the region,” she said.",
    "Amu Echo": "“We thank the Taliban,” the envoy said. “The talks in {} begin on Monday,” she said.",
}


def other_words(*day: int) -> str:
    """Write a paragraph that no other article shares, so that none is a near duplicate."""
    return "\n\n" + " ".join(f"hill{'x'.join(map(str, day))}n{i}" for i in range(60)) + "."


@pytest.fixture(scope="module")
def analysis(tmp_path_factory: pytest.TempPathFactory) -> Analysis:
    path = tmp_path_factory.mktemp("articles") / "rows.json"
    rows = [
        {
            "id": f"{i}-{k}",
            "source": name,
            "title": f"Talks in {town}",
            "text": f"{town.upper()}: {said.format(town)} {other_words(i, k)}",
        }
        for k, (name, said) in enumerate(SAID.items())
        for i, town in enumerate(TOWNS)
    ]
    path.write_text(json.dumps(rows), encoding="utf-8")
    return analyse(path, by=["source"])


@pytest.fixture
def report(analysis: Analysis, tmp_path: Path) -> Path:
    save_report(analysis, tmp_path / "report")
    return tmp_path / "report"


def fill(sheet: Path, target: Path, **answers: Any) -> Path:
    """Fill a coding sheet: for each variable an answer, or what makes one of a row's text."""
    book = load_workbook(sheet)
    for name in ("statements", "stance"):
        head = [cell.value for cell in book[name][1]]
        for row in book[name].iter_rows(min_row=2):
            text = row[1].value
            for variable in set(head) & set(answers):
                answer = answers[variable]
                row[head.index(variable)].value = answer(text) if callable(answer) else answer
    book.save(target)
    return target


def said(text: str) -> str:
    return text[text.index("⟦") : text.index("⟧")]


def test_the_sheet_is_blind_and_has_lists_and_a_manual(report: Path, analysis: Analysis) -> None:
    book = load_workbook(report / "coding_sheet.xlsx")
    assert book.sheetnames == ["manual", "statements", "stance"]
    cells = " ".join(str(cell.value) for name in ("statements", "stance") for row in book[name] for cell in row)
    assert not any(word in cells for word in ("Karez Post", "Amu Echo", *analysis.tables["statements"]["statement_id"]))
    assert [cell.value for cell in book["statements"][1]] == ["item", "text", "statement", "threat", "comment"]
    lists = [one.formula1 for one in book["stance"].data_validations.dataValidation]
    assert lists == ['"for,against,neutral,not named"']
    assert all("⟦" in row[1].value for row in book["statements"].iter_rows(min_row=2))


def test_every_group_is_drawn_from_and_the_draw_repeats(analysis: Analysis) -> None:
    sample = analysis.tables["coding_sample"]
    pd.testing.assert_frame_equal(sample, draw_sample(analysis.tables, ["source"]))
    assert sample.groupby(["sheet", "group"]).size().unstack().gt(10).all(axis=None)
    assert not sample.duplicated(["sheet", "statement_id", "target"]).any()
    assert sample.groupby("sheet")["item"].apply(lambda items: sorted(items) == list(range(1, len(items) + 1))).all()


def test_what_the_coder_sees_corrects_the_shares_group_by_group(
    report: Path, analysis: Analysis, tmp_path: Path
) -> None:
    sheet = fill(
        report / "coding_sheet.xlsx",
        tmp_path / "mine.xlsx",
        statement="yes",
        threat="no",
        stance=lambda text: "against" if "condemn" in said(text) or "threat" in said(text) else "for",
    )
    checked = validate(load_report(report), [sheet])
    corrected = checked.tables["corrected"].set_index(["measure", "code", "group"])
    counted = analysis.tables["shares"].set_index(["measure", "code", "group"])
    here = ("threat", "threat", "Karez Post")
    assert corrected.loc[here, "share"] == counted.loc[here, "share"] > 0.4
    assert corrected.loc[here, "corrected"] == 0
    assert corrected.loc[("against", "taliban", "Karez Post"), "corrected"] == 1
    agreed = checked.tables["agreement"].set_index(["variable", "coefficient"])["value"]
    assert agreed[("statement", "percent")] == 1
    assert agreed[("threat", "percent")] < 0.9
    assert 0.5 < agreed[("stance", "percent")] < 1
    confusion = checked.tables["confusion"].set_index(["variable", "machine", "hand"])
    assert "threat to the region" in confusion.loc[("threat", "yes", "no"), "example"]
    assert "were coded by hand by 1 coder who" in checked.record["validation"]


def test_two_coders_are_compared_with_each_other(report: Path, tmp_path: Path) -> None:
    sheets = [
        fill(
            report / "coding_sheet.xlsx",
            tmp_path / f"{name}.xlsx",
            threat=lambda text: "yes" if "threat" in said(text) else "no",
        )
        for name in ("ana", "ben")
    ]
    checked = validate(load_report(report), sheets)
    both = checked.tables["agreement"].query("between == 'coder 1 and coder 2'").set_index("coefficient")["value"]
    assert both["alpha"] == 1
    assert "by 2 coders" in checked.record["validation"]


def test_the_page_shows_corrected_beside_raw_and_the_sheet_stays(
    report: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from helpers.__main__ import main

    sheet = fill(report / "coding_sheet.xlsx", report / "coding_sheet.xlsx", threat="no")
    filled = sheet.read_bytes()
    monkeypatch.setattr("sys.argv", ["helpers", "validate", str(report), str(sheet)])
    main()
    page = (report / "report.html").read_text(encoding="utf-8")
    assert page.count("corrected by hand codes: 0\xa0% [0 to") == 2
    assert "Agreement between machine and coder 1" in page
    assert "To validate the codes" in capsys.readouterr().out
    assert sheet.read_bytes() == filled
    assert foreign_files(report) == ["coding_sheet.xlsx"]  # yours: no later report replaces it
    main()  # a second time, for a sheet that was completed
    assert (report / "corrected.csv").is_file()


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"threat": "maybe"}, r"sheet 'statements', row 2: 'maybe' is no answer for threat; choose one of yes, no"),
        ({}, "nothing is coded"),
    ],
)
def test_a_wrong_answer_names_file_sheet_row_and_what_is_allowed(
    report: Path, tmp_path: Path, answers: dict[str, str], words: str
) -> None:
    sheet = fill(report / "coding_sheet.xlsx", tmp_path / "mine.xlsx", **answers)
    with pytest.raises(ValueError, match=words):
        read_sheets(load_report(report), [sheet])


def test_a_sheet_of_another_report_is_refused(report: Path, tmp_path: Path) -> None:
    other = load_report(report)
    sheet = fill(report / "coding_sheet.xlsx", tmp_path / "mine.xlsx", threat="no")
    with pytest.raises(ValueError, match="another report"):
        read_sheets(Analysis(other.tables, {**other.record, "codebook": "0" * 12}), [sheet])
    redrawn = {**other.tables, "coding_sample": other.tables["coding_sample"].iloc[::-1]}
    with pytest.raises(ValueError, match="another report"):
        read_sheets(Analysis(redrawn, other.record), [sheet])
    with pytest.raises(ValueError, match="cannot be read"):
        read_sheets(other, [report / "run.json"])
    book = load_workbook(sheet)
    del book["stance"]
    book.save(tmp_path / "half.xlsx")
    with pytest.raises(ValueError, match=r"half.xlsx cannot be read.*'stance' not found"):
        read_sheets(other, [tmp_path / "half.xlsx"])
    with pytest.raises(FileNotFoundError, match="holds no report"):
        load_report(tmp_path)
