"""The page of a report: what was found, how groups differ, and every statement in its words, in one file."""

from __future__ import annotations

import html
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any

from helpers.report.contrast import cross, lay_out
from helpers.report.explorer import compress, pack
from helpers.report.figures import draw_figures
from helpers.report.handover import read_citation
from helpers.report.words import HERE, MEASURES, Names, fill

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from helpers.report.analysis import Analysis

STATEMENTS, ROWS, FRAMES = 25, 15, 6  # that the page lists at the most; frames in each slot


def render_page(analysis: Analysis) -> str:
    """Write the page of a report.

    Parameters
    ----------
    analysis : Analysis
        Of `helpers.report.collect.analyse`.

    Returns
    -------
    str
        HTML with its styles, its script and all statements (of more than 20,000 a part, and it says so). It loads
        nothing; without JavaScript it shows every n-th statement.

    Examples
    --------
    >>> render_page(analyse("data/articles"))  # doctest: +SKIP
    """
    tables, names = analysis.tables, Names(analysis.tables)
    packed = pack(tables, names)
    comparisons = [one for by in analysis.record["by"] if (one := lay_out(by, tables, names))]
    crossed = cross(tables, names, comparisons)
    articles, counts, edges = tables["articles"], tables["frame_counts"], tables["stance_edges"]
    sides = edges.groupby("target")[["for", "against", "neutral"]].sum()
    examples = tables["statement_topics"].dropna(subset=["example"]).sort_values("example")
    return fill(
        "report.html",
        style=(HERE / "report.css").read_text(encoding="utf-8"),
        script=(HERE / "report.js").read_text(encoding="utf-8"),
        data=compress(packed),
        record=analysis.record,
        citation=read_citation(),
        names=names,
        measures=MEASURES,
        count={name: len(table) for name, table in tables.items()},
        packed=len(packed["statements"]),
        outlets=articles["source"].nunique(),
        constructed=int(articles["constructed"].fillna(value=False).sum()),
        copies=int(articles["copy"].sum()),
        threats=int(tables["frames_wide"]["threat"].sum()),
        dangers=int(tables["frames_wide"]["agents"].map(len).gt(0).sum()),
        agents=rows(counts[counts["slot"].eq("agents")]),
        judged=rows(sides.loc[(sides["for"] + sides["against"]).sort_values(kind="stable").index[::-1]].reset_index()),
        comparisons=comparisons,
        crossed=crossed,
        topics=rows(tables["topics"]),
        examples=rows(examples.merge(tables["statements"][["statement_id", "content", "actor"]], on="statement_id")),
        validation={name: rows(tables[name]) for name in ("agreement", "confusion", "corrected") if name in tables},
        figures=draw_figures(analysis, names, comparisons, crossed),
        speakers=rows(tables["speakers"].head(ROWS)),
        pairs=rows(
            edges[edges["actor"].ne("unknown")]
            .sort_values(["statements", "actor", "target"], ascending=[False, True, True])
            .head(ROWS)
        ),
        frames=rows(counts[counts["slot"].ne("threat")].groupby("slot", sort=False).head(FRAMES)),
        statements=[show_statement(one, packed) for one in every_nth(packed["statements"], STATEMENTS)],
        articles=rows(articles[["title", "source", "date", "path"]].head(ROWS)),
        rejects=rows(tables["rejects"].head(ROWS)),
        joined=int((tables["identities"]["name"] != tables["identities"]["actor"]).sum()),
        near=rows(tables["near_duplicates"].head(ROWS).merge(articles[["doc_id", "title"]], on="doc_id")),
        lines=rows(tables["repeated_lines"].head(ROWS)),
        removed=rows(
            tables["removed"].groupby("reason", as_index=False).agg(n=("text", "size"), text=("text", "first"))
        ),
        codes=rows(tables["codes"][tables["codes"]["meaning"].ne("")]),
    )


def rows(table: pd.DataFrame) -> list[dict[Any, Any]]:
    """Give the rows of a table to the template, nothing where a cell is missing."""
    return table.astype(object).where(table.notna(), None).to_dict("records")


def show_statement(one: Sequence[Any], packed: dict[str, Any]) -> dict[str, Any]:
    """Show a packed statement as the script does, for readers without it and for paper."""
    _, article, actor, kind, spans, source, cue, (low, high), codes, _ = one
    title, outlet, date, text = packed["articles"][article]
    title = title if len(packed["articles"]) > 1 else ""
    marks = [(*span, "content") for span in spans]
    marks += [(*span, name) for name, span in (("source", source), ("cue", cue)) if span]
    marks += [(*span, "word") for _, code, decided in codes for span in (code, *decided) if span]
    inside = [(start - low, end - low, kind) for start, end, kind in marks if low <= start and end <= high]
    return {
        "speaker": "nobody named" if actor < 0 else packed["actors"][actor][1],
        "about": ", ".join(part for part in (kind, outlet, date, title) if part),
        "words": mark(text[low:high], inside),
        "codes": [packed["codes"][code][1] for code, *_ in codes],
    }


def mark(text: str, spans: Sequence[tuple[int, int, str]]) -> str:
    """Mark spans in a text: each kind is a class, whose look differs without colour too; HTML, escaped.

    Examples
    --------
    >>> mark("Noor said <no>", [(0, 4, "source"), (10, 14, "content")])
    '<span class="source">Noor</span> said <span class="content">&lt;no&gt;</span>'
    """
    cuts = sorted({0, len(text), *(cut for start, end, _ in spans for cut in (start, end))})

    def kinds_of(piece: tuple[int, int]) -> str:
        return " ".join(sorted({kind for start, end, kind in spans if start <= piece[0] and piece[1] <= end}))

    told = []
    for kinds, run in groupby(pairwise(cuts), kinds_of):  # neighbours that look alike are one
        piece = html.escape("".join(text[first:last] for first, last in run).replace("\n", " "))
        told.append(f'<span class="{kinds}">{piece}</span>' if kinds else piece)
    return "".join(told)


def every_nth(items: Sequence[Any], most: int) -> Sequence[Any]:
    """Take items at even distances, at most so many: a sample that no seed and no order of findings decides."""
    return items[:: max(1, -(-len(items) // most))]
