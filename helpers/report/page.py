"""The page of a report: what was found, how groups differ, and every statement in its words, in one file."""

from __future__ import annotations

import base64
import html
from itertools import groupby, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pandas as pd

from helpers.report.contrast import cross, lay_out
from helpers.report.explorer import compress, pack
from helpers.report.figures import draw_figures
from helpers.report.handover import read_citation
from helpers.report.words import SLOTS, Names, percent, points

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from helpers.report.analysis import Analysis

HERE = Path(__file__).parent
SHOWN = {"statements": 25, "speakers": 15, "pairs": 15, "frames": 6, "loading": 20}


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
    from jinja2 import Environment, FileSystemLoader

    tables, names = analysis.tables, Names(analysis.tables)
    packed = pack(tables, names)
    comparisons = [one for by in analysis.record["by"] if (one := lay_out(by, tables, names))]
    crossed = cross(tables, names, comparisons)
    environment = Environment(loader=FileSystemLoader(HERE), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {"find": urlencode, "percent": percent, "points": points}
    threats = tables["frames_wide"]["threat"].sum()
    return environment.get_template("report.html").render(
        style=(HERE / "report.css").read_text(encoding="utf-8"),
        script=(HERE / "report.js").read_text(encoding="utf-8"),
        data=compress(packed),
        record=analysis.record,
        citation=read_citation(),
        count={name: len(table) for name, table in tables.items()},
        packed=len(packed["statements"]),
        threats=int(threats),
        constructed=int(tables["articles"]["constructed"].fillna(value=False).sum()),
        copies=int(tables["articles"]["copy"].sum()),
        slots=SLOTS,
        summary=summarise(analysis, names, comparisons),
        comparisons=comparisons,
        crossed=crossed,
        topics=list_topics(tables, names),
        validation=show_validation(tables),
        figures={name: data_uri(one) for name, one in draw_figures(analysis, names, comparisons, crossed).items()},
        speakers=[
            {**one, "find": {"actor": one["actor"]}} for one in rows(tables["speakers"], limit=SHOWN["speakers"])
        ],
        pairs=list_pairs(tables, names),
        frames=list_frames(tables, names),
        statements=[show_statement(one, packed) for one in every_nth(packed["statements"], SHOWN["statements"])],
        articles=rows(tables["articles"][["title", "source", "date", "path"]]),
        rejects=rows(tables["rejects"]),
        joined=int((tables["identities"]["name"] != tables["identities"]["actor"]).sum()),
        near=rows(tables["near_duplicates"].merge(tables["articles"][["doc_id", "title"]], on="doc_id")),
        lines=rows(tables["repeated_lines"]),
        removed=rows(
            tables["removed"].groupby("reason", as_index=False).agg(n=("text", "size"), text=("text", "first"))
        ),
        codes=rows(tables["codes"][tables["codes"]["meaning"].ne("")], limit=None),
        files=[{"name": name, "rows": len(table)} for name, table in sorted(tables.items())],
    )


def summarise(analysis: Analysis, names: Names, comparisons: Sequence[Mapping[str, Any]]) -> list[str]:
    """Say in three sentences what came in, what differs or who is judged, and who is called a threat."""
    tables = analysis.tables
    speakers, edges, counts = tables["speakers"], tables["stance_edges"], tables["frame_counts"]
    n = len(tables["statements"])
    articles = len(tables["articles"])
    told = [f"{some(articles, 'article')} report{'s' * (articles == 1)} {some(n, 'statement')}"]
    told[0] += f" by {some(len(speakers), 'named speaker')}"
    if len(speakers):
        first = speakers.iloc[0]
        told[0] += f"; {first['name']} is reported most ({some(first['statements'], 'statement')})"
    told[0] += "."
    found = [finding["text"] for one in comparisons for finding in one["findings"]]
    if found:
        told.append(found[0])
    elif len(edges):
        sides = edges.groupby("target")[["for", "against", "neutral"]].sum()
        target = sides.loc[(sides["for"] + sides["against"]).sort_values(kind="stable").index[-1]]
        told.append(
            f"{names.code('target', str(target.name))} is judged most: {some(target['for'], 'statement')} for, "
            f"{target['against']:,} against, {target['neutral']:,} without a side."
        )
    threats, agents = int(tables["frames_wide"]["threat"].sum()), counts[counts["slot"].eq("agents")]
    if n:
        last = f"{some(threats, 'statement')} ({percent(threats / n)}) {'claims' if threats == 1 else 'claim'} a threat"
        if len(agents):
            named = int(tables["frames_wide"]["agents"].map(len).gt(0).sum())
            first = agents.iloc[0]
            last += (
                f"; {named:,} of them {'says' if named == 1 else 'say'} who or what the danger is, most often "
                f"{names.code('agents', first['value'])} ({first['statements']:,})"
            )
        told.append(f"{last}.")
    return told


def some(number: Any, one: str) -> str:  # noqa: ANN401 - a number of any kind
    """Write a number with its noun."""
    return f"{int(number):,} {one}{'' if number == 1 else 's'}"


def show_validation(tables: Mapping[str, pd.DataFrame]) -> dict[str, list[dict[str, str]]]:
    """Show what the hand codes say, where there are any."""
    found = {name: tables[name] for name in ("agreement", "confusion", "corrected") if name in tables}
    return {name: rows(table, limit=None) for name, table in found.items()}


def list_pairs(tables: Mapping[str, pd.DataFrame], names: Names) -> list[dict[Any, Any]]:
    """List who speaks about whom most, each count with what finds its statements."""
    edges = tables["stance_edges"].sort_values(["statements", "actor", "target"], ascending=[False, True, True])
    return [
        {
            **one,
            "speaker": names.actor(one["actor"]),
            "toward": names.code("target", one["target"]),
            "find": {
                sign: {"actor": one["actor"], "code": f"{sign}:{one['target']}"}
                for sign in ("for", "against", "neither")
            },
        }
        for one in edges[edges["actor"].ne("unknown")].head(SHOWN["pairs"]).to_dict("records")
    ]


def list_topics(tables: Mapping[str, pd.DataFrame], names: Names) -> list[dict[Any, Any]]:
    """List topics by words, with a few statements that carry each most clearly."""
    shown = tables["statement_topics"].dropna(subset=["example"]).sort_values("example")
    shown = shown.merge(tables["statements"][["statement_id", "content", "actor"]], on="statement_id")
    return [
        {
            **one,
            "called": names.code("topic", one["topic"]),
            "find": {"code": f"topic:{one['topic']}"},
            "examples": [
                {**example, "speaker": names.actor(example["actor"]), "find": {"statement": example["statement_id"]}}
                for example in shown[shown["topic"].eq(one["topic"])].to_dict("records")
            ],
        }
        for one in tables["topics"].to_dict("records")
    ]


def list_frames(tables: Mapping[str, pd.DataFrame], names: Names) -> list[dict[Any, Any]]:
    """List the commonest codes of each slot, each count with what finds its statements."""
    counts = tables["frame_counts"]
    chosen = counts[counts["slot"].ne("threat")].groupby("slot", sort=False).head(SHOWN["frames"])
    return [
        {**one, "name": names.code(one["slot"], one["value"]), "find": {"code": f"{one['slot']}:{one['value']}"}}
        for one in chosen.to_dict("records")
    ]


def show_statement(one: Sequence[Any], packed: Mapping[str, Any]) -> dict[str, Any]:
    """Show a packed statement as the script does, for readers without it and for paper."""
    _, article, actor, kind, spans, source, cue, (low, high), codes, _ = one
    title, outlet, date, text = packed["articles"][article]
    title = title if len(packed["articles"]) > 1 else ""
    marks = [(a - low, b - low, "content") for a, b in spans]
    marks += [(a - low, b - low, name) for name, span in (("source", source), ("cue", cue)) if span for a, b in [span]]
    words = [span for _, span, decided in codes for span in ([span] if span else []) + decided]
    marks += [(a - low, b - low, "word") for a, b in words if low <= a and b <= high]
    return {
        "speaker": "nobody named" if actor < 0 else packed["actors"][actor][1],
        "about": ", ".join(part for part in (kind, outlet, date, title) if part),
        "words": mark(text[low:high], marks),
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


def data_uri(figure: Mapping[str, str]) -> dict[str, str]:
    """Make of a figure what an image of the page takes."""
    coded = {
        name: f"data:image/svg+xml;base64,{base64.b64encode(text.encode('utf-8')).decode('ascii')}"
        for name, text in figure.items()
        if name != "alt"
    }
    return {"alt": figure["alt"], **coded}


def rows(table: pd.DataFrame, *, limit: int | None = SHOWN["loading"]) -> list[dict[str, str]]:
    """Return the first rows of a table with every cell as text."""
    chosen = table.head(len(table) if limit is None else limit)
    return [{str(name): dash(value) for name, value in row.items()} for row in chosen.to_dict("records")]


def dash(value: Any) -> str:  # noqa: ANN401 - any cell of a table
    """Return a value as text, a dash where it is missing; a day without its midnight, a number with two decimals."""
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%d") if value == value.normalize() else value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, float) and pd.notna(value):
        return f"{value:.2f}"
    return "–" if pd.isna(value) else str(value)
