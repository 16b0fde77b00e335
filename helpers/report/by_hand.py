"""Check a report by hand: a blind coding sheet out; filled sheets in; agreement, confusion and corrected shares."""

from collections.abc import Mapping, Sequence
from itertools import combinations, product
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import pandas as pd

from helpers.coding.stance import stance_by_target
from helpers.figures.style import SIDES
from helpers.inputs import sha256
from helpers.report.collect import Analysis
from helpers.report.explorer import place
from helpers.report.handover import add_sheet
from helpers.report.words import HERE, Names, fill
from helpers.statements.grammar.sentences import split_sentences
from helpers.validity import agreement, corrected_share

LEAST = 10  # hand codes that a corrected share needs
QUESTIONS: dict[str, dict[str, tuple[str, ...]]] = {  # sheet, then variable and what may be entered
    "statements": {"statement": ("yes", "no"), "threat": ("yes", "no")},
    "stance": {"stance": ("for", "against", "neutral", "not named")},
}
NUMBERS = ("share", "low", "high", "corrected", "corrected_low", "corrected_high")


def write_sheet(analysis: Analysis, names: Names, path: Path) -> None:
    """Write the coding sheet: what was drawn, in its sentences, with a list of answers in each cell, and the manual."""
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    tables = analysis.tables
    drawn = tables["coding_sample"].merge(tables["statements"], on="statement_id")
    texts = dict(zip(tables["articles"]["doc_id"], tables["articles"]["text"], strict=True))
    drawn["text"] = [_in_context(one, texts[one["doc_id"]]) for one in drawn.to_dict("records")]
    drawn["target"] = drawn["target"].map(lambda code: names.code("target", code), "ignore")
    known = tables["codes"].query("kind == 'target'")["name"]
    manual = [*(HERE / "manual.txt").read_text(encoding="utf-8").splitlines(), f"Targets: {', '.join(known)}."]
    book = Workbook(write_only=True)
    add_sheet(book, "manual", pd.DataFrame({"How to code": manual}))
    for name, questions in QUESTIONS.items():
        shown = ["item", "text", "target"] if name == "stance" else ["item", "text"]
        rows = drawn[drawn["sheet"].eq(name)].reindex(columns=[*shown, *questions, "comment"])
        sheet = add_sheet(book, name, rows)
        for at, allowed in enumerate(questions.values(), start=1 + len(shown)):
            choice = DataValidation(type="list", formula1=f'"{",".join(allowed)}"', allow_blank=True)
            choice.add(f"{get_column_letter(at)}2:{get_column_letter(at)}{max(2, len(rows) + 1)}")
            sheet.data_validations.append(choice)
    book.properties.identifier = mark_of(analysis)
    book.save(path)


def mark_of(analysis: Analysis) -> str:
    """Mark a sample, so that a sheet of another report or of another draw is noticed."""
    drawn = sha256(analysis.tables["coding_sample"].to_csv(index=False))
    return f"{analysis.record['input']['sha256'][:16]}-{analysis.record['codebook']}-{drawn[:16]}"


def _in_context(one: Mapping[Any, Any], text: str) -> str:
    """Write the sentences of a statement, its words in brackets."""
    spans, _, (low, high) = place(one, split_sentences(text))
    for start, end in sorted(spans, reverse=True):
        text = f"{text[:start]}⟦{text[start:end]}⟧{text[end:]}"
    return text[low : high + 2 * len(spans)]


def read_sheets(analysis: Analysis, paths: Sequence[Path]) -> pd.DataFrame:
    """Read filled coding sheets.

    Parameters
    ----------
    analysis : Analysis
        Of the report that wrote them.
    paths : sequence of Path
        One or two sheets, a coder each.

    Returns
    -------
    DataFrame
        ``sheet``, ``item``, ``statement_id``, ``target``, ``group``, and ``coder`` (``coder 1``, ``coder 2``),
        ``variable``, ``value`` string; cells left empty are not there.

    Raises
    ------
    ValueError
        If a file is no such sheet, is of another report, holds an answer that is not on the list, or nothing.
    """
    coded = [_read_sheet(path, mark_of(analysis)).assign(coder=f"coder {i}") for i, path in enumerate(paths, start=1)]
    found = pd.concat(coded, ignore_index=True)
    if found.empty:
        raise ValueError(f"nothing is coded in {', '.join(path.name for path in paths)}")
    found = found.merge(analysis.tables["coding_sample"], on=["sheet", "item"], how="left")
    if len(other := found.loc[found["statement_id"].isna(), "item"]):
        raise ValueError(f"item {other.iloc[0]} is not in the sample of this report")
    return found


def _read_sheet(path: Path, mark: str) -> pd.DataFrame:
    """List sheet, item, variable and value of the cells that are filled in."""
    try:
        with pd.ExcelFile(path, engine="openpyxl") as book:
            of_report = book.book.properties.identifier
            sheets = pd.read_excel(book, sheet_name=list(QUESTIONS), keep_default_na=False)
        parts = [sheet.melt("item", list(QUESTIONS[name]), ignore_index=False) for name, sheet in sheets.items()]
    except (BadZipFile, KeyError, ValueError) as error:
        raise ValueError(f"{path} cannot be read as a coding sheet (XLSX): {error}") from error
    if of_report not in {None, "", mark}:
        raise ValueError(f"{path.name} was drawn for another report (other articles, codebook or draw)")
    cells = pd.concat(parts, keys=QUESTIONS, names=["sheet", "row"]).reset_index()
    cells["value"] = cells["value"].astype("string").str.strip().str.lower()
    cells = cells[cells["value"].ne("")]
    for one in cells.to_dict("records"):
        allowed = QUESTIONS[one["sheet"]][one["variable"]]
        if one["value"] not in allowed:
            where = f"{path.name}, sheet {one['sheet']!r}, row {one['row'] + 2}"
            what = f"{one['value']!r} is no answer for {one['variable']}"
            raise ValueError(f"{where}: {what}; choose one of {', '.join(allowed)}")
    return cells.drop(columns="row").astype({"item": "int64"})


def validate(analysis: Analysis, paths: Sequence[Path]) -> Analysis:
    """Check a report by sheets coded by hand.

    Parameters
    ----------
    analysis : Analysis
        Of the report.
    paths : sequence of Path
        One or two filled coding sheets.

    Returns
    -------
    Analysis
        With three more tables: ``agreement`` (``variable``, ``between``, and the columns of `agreement`),
        ``confusion`` (``variable``, ``machine``, ``hand``, ``n``, ``example``), ``corrected`` (``by``, ``measure``,
        ``code``, ``group``, ``label``, ``share``, ``low``, ``high``, ``corrected``, ``corrected_low``,
        ``corrected_high`` float64, ``n_coded`` int64; NA under 10 hand codes); and ``validation`` in its record: a
        sentence for the methods section.

    Raises
    ------
    ValueError
        As in `read_sheets`.
    """
    hand = read_sheets(analysis, paths)
    seen = _machine_codes(analysis.tables)
    first = hand.drop_duplicates(["sheet", "item", "variable"])  # where two coded, the first coder counts
    both = first.merge(seen, on=["statement_id", "target", "variable"], how="left")
    tables = {
        "agreement": _agreements(hand, both),
        "confusion": _confusion(both, analysis.tables["statements"]),
        "corrected": _corrected(both, seen, analysis),
    }
    sentence = fill("validation.txt", hand=hand, by=analysis.record["by"], agreement=tables["agreement"])
    record = {**analysis.record, "validation": sentence}
    return Analysis({**analysis.tables, **tables}, record)


def _machine_codes(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Say what the machine would have entered for each statement and each pair."""
    wide, sides = tables["frames_wide"], stance_by_target(tables["stance"])
    parts = [
        wide[["statement_id"]].assign(variable="statement", machine="yes"),
        wide[["statement_id"]].assign(variable="threat", machine=wide["threat"].map({1: "yes", 0: "no"})),
        sides[["statement_id", "target"]].assign(variable="stance", machine=sides["polarity"].map(SIDES)),
    ]
    return pd.concat(parts, ignore_index=True).astype("string")


def _agreements(hand: pd.DataFrame, both: pd.DataFrame) -> pd.DataFrame:
    """Compare the machine with each coder, and two coders with each other."""
    long = pd.concat([hand, both.assign(coder="machine", value=both["machine"])], ignore_index=True)
    long["unit_id"] = long["sheet"] + long["item"].astype("string")
    tables = []
    for pair in combinations(["machine", *sorted(hand["coder"].unique())], 2):
        mine = long[long["coder"].isin(pair)]
        twice = mine.groupby(["variable", "unit_id"])["coder"].transform("nunique") > 1
        if twice.any():
            tables.append(agreement(mine[twice], level="nominal").assign(between=" and ".join(pair)))
    table = pd.concat(tables, ignore_index=True)
    # The machine says yes to each statement that it lists: only percent means something there.
    constant = table["variable"].eq("statement") & table["between"].str.startswith("machine")
    columns = ["variable", "between", "coefficient", "value", "low", "high", "n_units", "n_positive"]
    return table.loc[~constant | table["coefficient"].eq("percent"), columns].reset_index(drop=True)


def _confusion(both: pd.DataFrame, statements: pd.DataFrame) -> pd.DataFrame:
    words = statements.set_index("statement_id")["content"].str.slice(0, 160)
    rows = both.assign(example=both["statement_id"].map(words), hand=both["value"])
    alike = rows.groupby(["variable", "machine", "hand"], as_index=False)
    counts = alike.agg(n=("item", "size"), example=("example", "first"))
    return counts.sort_values(["variable", "machine", "n"], ascending=[True, True, False], ignore_index=True)


def _corrected(both: pd.DataFrame, seen: pd.DataFrame, analysis: Analysis) -> pd.DataFrame:
    """Correct the shares of threat, and of statements for and against, group by group of what was drawn from."""
    groups, names = analysis.tables["groups"], Names(analysis.tables)
    by = next(iter(analysis.record["by"]), "")
    about = groups[["statement_id", "unit"]].assign(group=groups[by] if by else "all")
    keys = ["statement_id", "target", "variable"]
    codes = seen.merge(about, on="statement_id").merge(both[[*keys, "value"]], on=keys, how="left")
    codes["code"] = codes["target"].mask(codes["variable"].eq("threat"), "threat")
    codes = pd.concat([codes, codes[codes["variable"].eq("stance")].assign(code="any")], ignore_index=True)
    coded = both["target"].value_counts()
    often = ["any", *coded.index[coded >= LEAST]]
    rows = []
    for measure, code in [("threat", "threat"), *product(("against", "for"), often)]:
        label = f"{measure} the targets that are named" if code == "any" else names.say("label", measure, code)
        key = {"by": by, "measure": measure, "code": code, "label": label}
        for group, part in codes[codes["code"].eq(code)].groupby("group"):
            rows.append({**key, "group": group, **_correct(part, "yes" if measure == "threat" else measure)})
    table = pd.DataFrame(rows, columns=["by", "measure", "code", "group", "label", *NUMBERS, "n_coded"])
    return table.astype(dict.fromkeys(NUMBERS, "float64"))


def _correct(codes: pd.DataFrame, answer: str) -> dict[str, float]:
    """Give the share of an answer as the machine counts it, and corrected where enough was coded by hand."""
    machine = codes.assign(id=codes.index, value=codes["machine"].eq(answer).astype(float))
    hand = codes.assign(id=codes.index, value=codes["value"].eq(answer).astype(float))[codes["value"].notna()]
    told = {"share": machine["value"].mean(), "n_coded": len(hand)}
    if len(hand) >= LEAST and hand["unit"].nunique() > 1:
        found = corrected_share(hand, machine, unit="unit", id="id").set_index("method")
        ends = [*found.loc["predicted", ["low", "high"]], *found.loc["corrected", ["estimate", "low", "high"]]]
        told |= dict(zip(NUMBERS[1:], ends, strict=True))
    return told
