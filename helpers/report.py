"""From a folder of articles to one page and all tables: what run.py report calls."""

from __future__ import annotations

import sys
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from helpers.articles import load_articles
from helpers.codebook import load_codebook
from helpers.framing import code_frames, frames_wide
from helpers.parts import statement_parts
from helpers.pictures import show_spans
from helpers.stance import code_stance, stance_by_target
from helpers.statements import extract_statements

if TYPE_CHECKING:
    from collections.abc import Mapping

PAGE = Path(__file__).with_name("report.html")
SHOWN_STATEMENTS = 500
SLOTS = ("agents", "types", "referents", "measures", "blame")
PACKAGES = ("pandas", "nltk", "scikit-learn", "simplemma")


def analyse(path: str | Path, *, codebook: str | Path | None = None) -> dict[str, pd.DataFrame]:
    """Take articles through the whole path and return every table.

    Parameters
    ----------
    path : path
        A file, a folder or an archive, as for `load_articles`.
    codebook : path, optional
        A folder with the codebook files that you changed.

    Returns
    -------
    dict of str to DataFrame
        ``articles, rejects, removed`` of `load_articles`; ``statements`` of `extract_statements`; ``stance`` of
        `code_stance`; ``frames`` of `code_frames`; ``frames_wide``; and ``run``, one row: ``codebook`` (digest),
        ``python`` and the versions of the packages that decide results.

    Raises
    ------
    FileNotFoundError
        If `path` or `codebook` does not exist.

    Examples
    --------
    >>> sorted(analyse("data/articles"))[:3]  # doctest: +SKIP
    ['articles', 'frames', 'frames_wide']
    """
    book = load_codebook(codebook)
    loaded = load_articles(path)
    statements = extract_statements(loaded.articles, codebook=book)
    frames = code_frames(statements, codebook=book)
    versions = {name: version(name) for name in PACKAGES}
    run = pd.DataFrame([{"codebook": book.digest, "python": ".".join(map(str, sys.version_info[:3])), **versions}])
    return {
        "articles": loaded.articles,
        "rejects": loaded.rejects,
        "removed": loaded.removed,
        "statements": statements,
        "stance": code_stance(statements, codebook=book),
        "frames": frames,
        "frames_wide": frames_wide(frames, statements),
        "run": run,
    }


def save_tables(tables: Mapping[str, pd.DataFrame], folder: Path) -> None:
    """Write each table as CSV for a spreadsheet; a cell that a spreadsheet would run as a formula gets a leading quote.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        As returned by `analyse`.
    folder : Path
        Made where it is missing; ``name.csv`` for each table.

    Examples
    --------
    >>> save_tables({"rejects": pd.DataFrame({"path": ["=1+1"]})}, Path("out"))  # doctest: +SKIP
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        table.map(plain_cell).to_csv(folder / f"{name}.csv", index=False, encoding="utf-8-sig")


def plain_cell(value: object) -> object:
    """Return a cell as text that no spreadsheet runs; tuples joined by semicolons.

    Examples
    --------
    >>> plain_cell("=HYPERLINK(1)"), plain_cell(("taliban", "war"))
    ("'=HYPERLINK(1)", 'taliban;war')
    """
    if isinstance(value, tuple | list):
        value = ";".join(map(str, value))
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{value}"
    return value


def write_report(tables: Mapping[str, pd.DataFrame], folder: Path) -> Path:
    """Write one page that shows the tables with words in context; it loads nothing from elsewhere.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        As returned by `analyse`.
    folder : Path
        Made where it is missing.

    Returns
    -------
    Path
        ``folder/report.html``. Of very large corpora it shows the first 500 statements and says so; the tables of
        `save_tables` hold all.

    Examples
    --------
    >>> write_report(analyse("data/articles"), Path("build/report"))  # doctest: +SKIP
    """
    from jinja2 import Environment

    template = Environment(autoescape=True, trim_blocks=True).from_string(PAGE.read_text(encoding="utf-8"))
    folder.mkdir(parents=True, exist_ok=True)
    shown = statement_rows(tables)
    page = template.render(
        articles=records(tables["articles"]),
        rejects=records(tables["rejects"]),
        removed=records(tables["removed"]),
        statements=shown,
        total=len(tables["statements"]),
        run=tables["run"].iloc[0].to_dict(),
    )
    out = folder / "report.html"
    out.write_text(page, encoding="utf-8")
    return out


def statement_rows(tables: Mapping[str, pd.DataFrame]) -> list[dict[str, object]]:
    """Gather for each statement shown: its words in context, speaker, stance and frames, in article order."""
    articles = {one["doc_id"]: one for one in tables["articles"].to_dict("records")}
    wide = {one["statement_id"]: one for one in tables["frames_wide"].to_dict("records")}
    words = {-1: "against", 0: "no attitude to", 1: "for"}
    toward: dict[str, list[str]] = {}
    for one in stance_by_target(tables["stance"]).to_dict("records"):
        toward.setdefault(one["statement_id"], []).append(f"{words[one['polarity']]} {one['target']}")
    shown = tables["statements"].head(SHOWN_STATEMENTS)
    parts = {str(name): part for name, part in statement_parts(shown).groupby("statement_id")}
    rows: list[dict[str, object]] = []
    for one in shown.to_dict("records"):
        name, article, frame = one["statement_id"], articles[one["doc_id"]], wide[one["statement_id"]]
        rows.append(
            {
                "title": text_or_dash(article["title"]),
                "kind": one["kind"],
                "rule": one["rule"],
                "speaker": text_or_dash(one["speaker_name"]),
                "speaker_id": text_or_dash(one["speaker_id"]),
                "words": words_in_place(article["text"], parts[name]),
                "stance": toward.get(name, []),
                "threat": frame["threat"],
                "severity": frame["severity"],
                "slots": {slot: ", ".join(frame[slot]) for slot in SLOTS if frame[slot]},
            }
        )
    return rows


def words_in_place(text: str, parts: pd.DataFrame) -> str:
    """Mark source, cue and content in the stretch of the article that holds a statement; HTML, escaped."""
    low, high = parts["start"].min(), parts["end"].max()
    return show_spans(
        text[low:high], parts.assign(start=parts["start"] - low, end=parts["end"] - low), label="part"
    ).markup


def text_or_dash(value: Any) -> str:  # noqa: ANN401 - any cell of a table
    """Return a value as text, a dash where it is missing."""
    return "–" if pd.isna(value) else str(value)


def records(table: pd.DataFrame) -> list[dict[str, str]]:
    """Return a table's rows with every cell as text."""
    return [{str(name): text_or_dash(value) for name, value in row.items()} for row in table.to_dict("records")]
