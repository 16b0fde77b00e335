"""Check a report by hand: a blind coding sheet out; filled sheets in; agreement, confusion and corrected shares."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

import pandas as pd

from helpers.coding.stance import stance_by_target
from helpers.inputs import sha256
from helpers.report.compare import order_of
from helpers.report.explorer import place
from helpers.report.handover import plain_cell, printable
from helpers.report.words import SIDES, Names
from helpers.statements.grammar.sentences import split_sentences
from helpers.validity.agreement import agreement
from helpers.validity.intervals import corrected_share

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from helpers.report.analysis import Analysis

ITEMS = 100  # of statements, and of pairs of statement and target
GROUPS = 6
LEAST = 10  # hand codes that a corrected share needs
QUESTIONS: dict[str, dict[str, tuple[str, ...]]] = {  # sheet, then variable and what may be entered
    "statements": {"statement": ("yes", "no"), "threat": ("yes", "no")},
    "stance": {"stance": ("for", "against", "neutral", "not named")},
}
COEFFICIENTS = {"alpha": "Krippendorff’s alpha", "ac1": "Gwet’s AC1"}
MANUAL = Path(__file__).with_name("manual.txt")


def draw_sample(tables: Mapping[str, pd.DataFrame], by: Sequence[str], *, seed: int = 0) -> pd.DataFrame:
    """Draw what is coded by hand: statements, and pairs of statement and target, as many from each group.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        ``groups``, ``stance`` as `analyse` makes them.
    by : sequence of str
        The groupings; the first is drawn from group by group, the largest six.
    seed : int

    Returns
    -------
    DataFrame
        ``sheet`` string (``statements`` or ``stance``), ``item`` int64 from 1 in each sheet, in shuffled order;
        ``statement_id``, ``target`` (NA for statements), ``group`` string.
    """
    groups = tables["groups"]
    whole = groups[["statement_id"]].assign(group=groups[by[0]] if len(by) else "all")
    pairs = stance_by_target(tables["stance"])[["statement_id", "target"]].merge(whole)
    drawn = []
    for sheet, rows in (("statements", whole.assign(target=None)), ("stance", pairs)):
        largest = order_of(rows["group"], "")[:GROUPS]
        shuffled = rows[rows["group"].isin(largest)].sample(frac=1, random_state=seed)
        chosen = shuffled.groupby("group").head(ITEMS // max(1, len(largest))).sample(frac=1, random_state=seed)
        drawn.append(chosen.assign(sheet=sheet, item=range(1, len(chosen) + 1)))
    table = pd.concat(drawn, ignore_index=True)[["sheet", "item", "statement_id", "target", "group"]]
    return table.astype(dict.fromkeys(("sheet", "statement_id", "target", "group"), "string"))


def write_sheet(analysis: Analysis, names: Names, path: Path) -> None:
    """Write the coding sheet: what was drawn, in its sentences, with a list of answers in each cell, and the manual."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.worksheet.datavalidation import DataValidation

    tables = analysis.tables
    statements = tables["statements"].set_index("statement_id")
    texts = dict(zip(tables["articles"]["doc_id"], tables["articles"]["text"], strict=True))
    book = Workbook()
    manual = book.active
    manual.title = "manual"
    known = tables["codes"].query("kind == 'target'")["name"].tolist()
    for line in (*MANUAL.read_text(encoding="utf-8").splitlines(), f"Targets: {', '.join(known)}."):
        manual.append([line])
    manual.column_dimensions["A"].width = 110
    for name, questions in QUESTIONS.items():
        sheet = book.create_sheet(name)
        targets = ["target"] if name == "stance" else []
        sheet.append(["item", "text", *targets, *questions, "comment"])
        rows = tables["coding_sample"].query("sheet == @name")
        for row in rows.to_dict("records"):
            shown = _in_context(statements.loc[row["statement_id"]], texts)
            target = [names.code("target", row["target"])] if targets else []
            sheet.append([row["item"], plain_cell(shown), *map(plain_cell, target)])
        for at, allowed in enumerate(questions.values(), start=3 + len(targets)):
            choice = DataValidation(type="list", formula1=f'"{",".join(allowed)}"', allow_blank=True)
            sheet.add_data_validation(choice)
            letter = sheet.cell(1, at).column_letter
            choice.add(f"{letter}2:{letter}{max(2, len(rows) + 1)}")
        for cell in sheet["B"]:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        sheet.column_dimensions["B"].width = 90
        sheet.freeze_panes = "A2"
    book.properties.identifier = mark_of(analysis)
    book.save(path)


def mark_of(analysis: Analysis) -> str:
    """Mark a sample, so that a sheet of another report or of another draw is noticed."""
    drawn = sha256(analysis.tables["coding_sample"].to_csv(index=False))
    return f"{analysis.record['input']['sha256'][:16]}-{analysis.record['codebook']}-{drawn[:16]}"


def _in_context(one: pd.Series[Any], texts: Mapping[str, str]) -> str:
    text = texts[one["doc_id"]]
    spans, _, (low, high) = place(one.to_dict(), split_sentences(text))
    for start, end in sorted(spans, reverse=True):
        text = f"{text[:start]}⟦{text[start:end]}⟧{text[end:]}"
    return str(printable(text[low : high + 2 * len(spans)]))


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
    parts = []
    for number, path in enumerate(paths, start=1):
        sheets = _open_sheets(path, mark_of(analysis))
        parts += [_answers(sheets, name, path).assign(coder=f"coder {number}") for name in QUESTIONS]
    found = pd.concat(parts, ignore_index=True)
    if found.empty:
        raise ValueError(f"nothing is coded in {', '.join(path.name for path in paths)}")
    found = found.merge(analysis.tables["coding_sample"], on=["sheet", "item"], how="left")
    if found["statement_id"].isna().any():
        item = found.loc[found["statement_id"].isna(), "item"].iloc[0]
        raise ValueError(f"item {item} is not in the sample of this report")
    return found


def _open_sheets(path: Path, mark: str) -> dict[str, pd.DataFrame]:
    """Open a filled coding sheet of this report."""
    try:
        with pd.ExcelFile(path, engine="openpyxl") as book:
            of_report = book.book.properties.identifier
            sheets = pd.read_excel(book, sheet_name=None, keep_default_na=False)
    except (BadZipFile, KeyError, ValueError) as error:
        raise ValueError(f"{path} cannot be read as a coding sheet (XLSX): {error}") from error
    if of_report not in {None, "", mark}:
        raise ValueError(f"{path.name} was drawn for another report (other articles, codebook or draw)")
    return {str(name): table for name, table in sheets.items()}


def _answers(sheets: Mapping[str, pd.DataFrame], name: str, path: Path) -> pd.DataFrame:
    """List sheet, item, variable and value of the cells that are filled in."""
    if name not in sheets:
        raise ValueError(f"{path.name} has no sheet {name!r}: it has {', '.join(sheets)}")
    table = sheets[name]
    absent = sorted({"item", *QUESTIONS[name]} - set(table))
    if absent:
        raise ValueError(f"{path.name}, sheet {name!r} has no column {absent[0]!r}")
    cells = table.melt(id_vars="item", value_vars=list(QUESTIONS[name]), ignore_index=False)
    cells["value"] = cells["value"].astype("string").str.strip().str.lower()
    cells = cells[cells["value"].ne("")]
    for row, variable, value in zip(cells.index, cells["variable"], cells["value"], strict=True):
        allowed = QUESTIONS[name][variable]
        if value not in allowed:
            where = f"{path.name}, sheet {name!r}, row {row + 2}"
            raise ValueError(f"{where}: {value!r} is no answer for {variable}; choose one of {', '.join(allowed)}")
    return cells.assign(sheet=name).astype({"item": "int64"})


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
    first = hand.sort_values("coder", kind="stable").drop_duplicates(["sheet", "item", "variable"])
    both = first.merge(seen, on=["statement_id", "target", "variable"], how="left")
    tables = {
        "agreement": _agreements(hand, both),
        "confusion": _confusion(both, analysis.tables["statements"]),
        "corrected": _corrected(both, seen, analysis),
    }
    sentence = _sentence(tables["agreement"], hand, analysis.record["by"])
    record = {**analysis.record, "validation": sentence}
    return replace(analysis, tables={**analysis.tables, **tables}, record=record)


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
    machine = both.assign(coder="machine", value=both["machine"])
    long = pd.concat([hand, machine], ignore_index=True)
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
    counts = rows.groupby(["variable", "machine", "hand"], as_index=False).agg(
        n=("item", "size"), example=("example", "first")
    )
    return counts.sort_values(["variable", "machine", "n"], ascending=[True, True, False], ignore_index=True)


def _corrected(both: pd.DataFrame, seen: pd.DataFrame, analysis: Analysis) -> pd.DataFrame:
    """Correct the shares of threat, and of statements for and against, group by group of what was drawn from."""
    groups, names = analysis.tables["groups"], Names(analysis.tables)
    by = next(iter(analysis.record["by"]), "")
    about = groups[["statement_id", "unit"]].assign(group=groups[by] if by else "all")
    keys = ["statement_id", "target", "variable"]
    codes = seen.merge(about, on="statement_id").merge(both[[*keys, "value"]], on=keys, how="left")
    codes["id"] = codes.index
    plan = [("threat", "threat")]
    coded = both["target"].value_counts()
    for side in ("against", "for"):
        plan += [(side, "any"), *((side, str(target)) for target in coded.index[coded >= LEAST])]
    rows = []
    for measure, code in plan:
        mine = codes[codes["variable"].eq("threat" if measure == "threat" else "stance")]
        if code not in {"threat", "any"}:
            mine = mine[mine["target"].eq(code)]
        answer = "yes" if measure == "threat" else measure
        for group, part in mine.groupby("group"):
            predicted = part.assign(value=part["machine"].eq(answer).astype(float))
            by_hand = part.dropna(subset=["value"])
            by_hand = by_hand.assign(value=by_hand["value"].eq(answer).astype(float))
            label = f"{measure} the targets that are named" if code == "any" else names.label(measure, code)
            row: dict[str, Any] = {"by": by, "measure": measure, "code": code, "group": group, "label": label}
            row |= {"share": predicted["value"].mean(), "n_coded": len(by_hand)}
            if len(by_hand) >= LEAST and by_hand["unit"].nunique() > 1:
                found = corrected_share(by_hand, predicted, unit="unit", id="id").set_index("method")
                row["low"], row["high"] = found.loc["predicted", ["low", "high"]]
                ends = found.loc["corrected", ["estimate", "low", "high"]]
                row |= dict(zip(("corrected", "corrected_low", "corrected_high"), ends, strict=True))
            rows.append(row)
    numbers = ["share", "low", "high", "corrected", "corrected_low", "corrected_high"]
    table = pd.DataFrame(rows, columns=["by", "measure", "code", "group", "label", *numbers, "n_coded"])
    return table.astype(dict.fromkeys(numbers, "float64"))


def _sentence(table: pd.DataFrame, hand: pd.DataFrame, by: Sequence[str]) -> str:
    """Write what a methods section says of the check."""
    coders, drawn = hand["coder"].nunique(), len(hand.drop_duplicates(["sheet", "item"]))
    how = f"drawn at random within each {by[0]}" if len(by) else "drawn at random"
    told = [
        f"To validate the codes, {drawn:,} statements and pairs of statement and target, {how}, were coded by "
        f"hand by {coders} coder{'s' * (coders > 1)} who did not see the machine’s codes."
    ]
    for between, part in table.groupby("between", sort=False):
        words = []
        for row in part.dropna(subset=["value"]).to_dict("records"):
            if row["coefficient"] in COEFFICIENTS:
                span = f"95 % interval {row['low']:.2f} to {row['high']:.2f}"
                name = f"{row['variable']}, {COEFFICIENTS[row['coefficient']]}"
                words.append(f"{name} {row['value']:.2f} ({span}, n = {row['n_units']})")
            elif row["variable"] == "statement":
                words.append(f"{100 * row['value']:.0f} % agree that the item is a statement (n = {row['n_units']})")
        told.append(f"Agreement between {between}: {'; '.join(words)}.")
    told.append("Shares were corrected by the hand codes (prediction-powered inference, clustered by article).")
    return " ".join(told)
