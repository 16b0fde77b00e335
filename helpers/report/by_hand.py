"""Check a report by hand: a blind coding sheet out; filled sheets in; agreement, confusion and corrected shares."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from helpers.coding.stance import stance_by_target
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
    "stance": {"stance": ("for", "against", "neither", "not named")},
}
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
    name = by[0] if len(by) else None
    group = pd.Series("all", groups.index, dtype="string") if name is None else groups[name]
    whole = groups[["statement_id"]].assign(group=group.astype("string"), target=None)
    pairs = stance_by_target(tables["stance"])[["statement_id", "target"]].merge(whole[["statement_id", "group"]])
    rng = np.random.default_rng(seed)
    drawn = []
    for sheet, rows in (("statements", whole), ("stance", pairs)):
        largest = rows["group"].value_counts().index[:GROUPS] if name is None else order_of(rows["group"], "")[:GROUPS]
        chosen = [np.zeros(0, dtype=np.intp)]
        for one in largest:
            places = np.flatnonzero(rows["group"].eq(one).fillna(value=False))
            chosen.append(rng.permutation(places)[: ITEMS // len(largest)])
        order = rng.permutation(np.concatenate(chosen))
        part = rows.iloc[order].assign(sheet=sheet, item=np.arange(1, len(order) + 1))
        drawn.append(part[["sheet", "item", "statement_id", "target", "group"]].astype({"target": "string"}))
    table = pd.concat(drawn, ignore_index=True)
    return table.astype({"sheet": "string", "item": "int64", "group": "string", "statement_id": "string"})


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
    """Mark a sample, so that a sheet of another report is noticed."""
    return f"{analysis.record['input']['sha256'][:16]}-{analysis.record['codebook']}-{'-'.join(analysis.record['by'])}"


def _in_context(one: pd.Series[Any], texts: Mapping[str, str]) -> str:
    text = texts[one["doc_id"]]
    spans, _, (low, high) = place(one.to_dict(), split_sentences(text))
    for start, end in sorted(spans, reverse=True):
        text = f"{text[:start]}⟦{text[start:end]}⟧{text[end:]}"
    return printable(text[low : high + 2 * len(spans)])


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
    rows = [
        (name, item, f"coder {number}", variable, value)
        for number, path in enumerate(paths, start=1)
        for name, lines in _open_sheet(path, mark_of(analysis)).items()
        for item, variable, value in _answers(lines, name, path)
    ]
    if not rows:
        raise ValueError(f"nothing is coded in {', '.join(path.name for path in paths)}")
    table = pd.DataFrame(rows, columns=["sheet", "item", "coder", "variable", "value"])
    found = table.merge(analysis.tables["coding_sample"], on=["sheet", "item"], how="left")
    if found["statement_id"].isna().any():
        raise ValueError(
            f"item {found.loc[found['statement_id'].isna(), 'item'].iloc[0]} is not in the sample of this report"
        )
    return found


def _open_sheet(path: Path, mark: str) -> dict[str, list[tuple[Any, ...]]]:
    """Open a coding sheet and give the cells of its sheets, row by row."""
    from openpyxl import load_workbook

    try:
        book = load_workbook(path, data_only=True)
    except FileNotFoundError:
        raise
    except Exception as error:
        raise ValueError(f"{path} cannot be read as a coding sheet (XLSX): {error}") from error
    if book.properties.identifier not in {None, "", mark}:
        raise ValueError(f"{path.name} was drawn for another report (other articles, codebook or comparison)")
    absent = [name for name in QUESTIONS if name not in book.sheetnames]
    if absent:
        raise ValueError(f"{path.name} has no sheet {absent[0]!r}: it has {', '.join(book.sheetnames)}")
    return {name: list(book[name].iter_rows(values_only=True)) for name in QUESTIONS}


def _answers(lines: list[tuple[Any, ...]], name: str, path: Path) -> list[tuple[int, str, str]]:
    """List item, variable and answer of the cells that are filled in."""
    head = [str(cell).strip() for cell in lines[0]] if lines else []
    absent = sorted({"item", *QUESTIONS[name]} - set(head))
    if absent:
        raise ValueError(f"{path.name}, sheet {name!r} has no column {absent[0]!r}")
    found = []
    for line, cells in enumerate(lines[1:], start=2):
        row = dict(zip(head, cells, strict=True))
        for variable, allowed in QUESTIONS[name].items():
            value = str(row[variable] or "").strip().lower()
            if value and value not in allowed:
                where = f"{path.name}, sheet {name!r}, row {line}"
                raise ValueError(f"{where}: {value!r} is no answer for {variable}; choose one of {', '.join(allowed)}")
            if value:
                found.append((int(row["item"]), variable, value))
    return found


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
    return type(analysis)({**analysis.tables, **tables}, {**analysis.record, "validation": sentence})


def _machine_codes(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Say what the machine would have entered for each statement and each pair."""
    wide = tables["frames_wide"]
    sides = stance_by_target(tables["stance"])
    empty = pd.Series(pd.NA, index=wide.index, dtype="string")
    base = pd.DataFrame({"statement_id": wide["statement_id"], "target": empty})
    parts = [
        base.assign(variable="statement", machine="yes"),
        base.assign(variable="threat", machine=wide["threat"].map({1: "yes", 0: "no"})),
        sides[["statement_id", "target"]].assign(variable="stance", machine=sides["polarity"].map(SIDES)),
    ]
    return pd.concat([part.astype("string") for part in parts], ignore_index=True)


def _agreements(hand: pd.DataFrame, both: pd.DataFrame) -> pd.DataFrame:
    unit = ["sheet", "item", "variable"]
    machine = both.assign(coder="machine", value=both["machine"])[[*unit, "coder", "value"]]
    long = pd.concat([hand[[*unit, "coder", "value"]], machine], ignore_index=True)
    long = long.assign(unit_id=long["sheet"] + long["item"].astype(str))
    coders = sorted(hand["coder"].unique())
    pairs = [("machine", coder) for coder in coders] + ([("coder 1", "coder 2")] if len(coders) > 1 else [])
    tables = []
    for pair in pairs:
        mine = long[long["coder"].isin(pair)]
        twice = mine.groupby(["variable", "unit_id"])["coder"].transform("nunique") > 1
        if twice.any():
            tables.append(agreement(mine[twice], level="nominal").assign(between=" and ".join(pair)))
    columns = ["variable", "between", "coefficient", "value", "low", "high", "n_units", "n_positive"]
    table = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=columns)
    # The machine says yes to each statement that it lists: only percent means something there.
    constant = table["variable"].eq("statement") & table["between"].str.startswith("machine")
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
    everything = seen.merge(about, on="statement_id").assign(
        id=lambda rows: rows["statement_id"] + "|" + rows["target"].fillna("")
    )
    coded = both.assign(id=both["statement_id"] + "|" + both["target"].fillna(""))
    plan: list[tuple[str, str, str, str | None]] = [("threat", "threat", "yes", None)]
    targets = coded["target"].dropna().value_counts()
    for side in ("against", "for"):
        plan += [(side, "any", side, None)]
        plan += [(side, str(target), side, str(target)) for target in targets.index[targets >= LEAST]]
    rows = []
    for measure, code, answer, target in plan:
        variable = "threat" if measure == "threat" else "stance"
        chosen = everything["variable"].eq(variable) & (everything["target"].eq(target) if target else True)
        for group, part in everything[chosen.fillna(value=False)].groupby("group"):
            mine = coded[coded["variable"].eq(variable) & coded["id"].isin(part["id"])]
            predicted = part.assign(value=part["machine"].eq(answer).astype(float))
            by_hand = mine[["id"]].assign(value=mine["value"].eq(answer).astype(float))
            label = f"{measure} the targets that are named" if code == "any" else names.label(measure, code)
            numbers: tuple[Any, ...] = (predicted["value"].mean(), *[np.nan] * 5, len(by_hand))
            units = part.loc[part["id"].isin(by_hand["id"]), "unit"].nunique()
            if len(by_hand) >= LEAST and units > 1:
                found = corrected_share(by_hand, predicted, unit="unit", id="id").set_index("method")
                ends = found.loc[["predicted", "corrected"], ["estimate", "low", "high"]].to_numpy().ravel()
                numbers = (*ends, len(by_hand))
            rows.append((by, measure, code, group, label, *numbers))
    columns = ["by", "measure", "code", "group", "label", "share", "low", "high"]
    columns += ["corrected", "corrected_low", "corrected_high", "n_coded"]
    return pd.DataFrame(rows, columns=columns)


def _sentence(table: pd.DataFrame, hand: pd.DataFrame, by: Sequence[str]) -> str:
    """Write what a methods section says of the check."""
    coders = hand["coder"].nunique()
    drawn = hand.drop_duplicates(["sheet", "item"])
    how = f"drawn at random within each {by[0]}" if len(by) else "drawn at random"
    told = [
        f"To validate the codes, {len(drawn):,} statements and pairs of statement and target, {how}, were coded by "
        f"hand by {coders} coder{'s' * (coders > 1)} who did not see the machine’s codes."
    ]
    for between, part in table.groupby("between", sort=False):
        words = []
        for row in part.to_dict("records"):
            if row["coefficient"] in {"alpha", "ac1"} and pd.notna(row["value"]):
                name = {"alpha": "Krippendorff’s alpha", "ac1": "Gwet’s AC1"}[row["coefficient"]]
                span = f"95 % interval {row['low']:.2f} to {row['high']:.2f}"
                words.append(f"{row['variable']}, {name} {row['value']:.2f} ({span}, n = {row['n_units']})")
            elif row["coefficient"] == "percent" and row["variable"] == "statement":
                words.append(f"{100 * row['value']:.0f} % agree that the item is a statement (n = {row['n_units']})")
        told.append(f"Agreement between {between}: {'; '.join(words)}.")
    told.append("Shares were corrected by the hand codes (prediction-powered inference, clustered by article).")
    return " ".join(told)
