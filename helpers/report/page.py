"""The page of a report: what was found, each number with words in context, in one file that loads nothing."""

from __future__ import annotations

import html
import re
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from helpers.coding.stance import stance_by_target
from helpers.report.collect import read_citation
from helpers.report.figures import draw_figures
from helpers.statements.grammar.sentences import split_sentences
from helpers.statements.parts import statement_parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from helpers.report.collect import Analysis

TEMPLATE = Path(__file__).with_name("report.html")
SHOWN = {"statements": 300, "speakers": 20, "stance": 30, "frames": 8, "loading": 20}
KINDS = ["direct", "mixed", "indirect", "speech"]  # what shows a speaker best comes first
SLOTS = {
    "agents": "who or what is the danger",
    "types": "kind of harm",
    "referents": "who is endangered",
    "severity": "how grave, 1 to 3",
    "measures": "what should be done",
    "blame": "who or what is held responsible",
    "denial": "danger denied or played down",
}
_EVIDENCE = re.compile(r"\[(\d+):(\d+)\] ")
_IN_CUE = re.compile(r"(?:^|; )([^;\[\]]+)\[cue\] ")


def render_page(analysis: Analysis, *, beside: str = "") -> str:
    """Write the page of a report.

    Parameters
    ----------
    analysis : Analysis
        Of `helpers.report.collect.analyse`.
    beside : str
        Where the tables are, seen from the page: empty, or a folder's name with a slash.

    Returns
    -------
    str
        HTML. Of a large corpus it shows the commonest speakers, stances and frames and every n-th statement, and says
        so; the size of the page does not grow with the corpus.

    Examples
    --------
    >>> render_page(analyse("data/articles"))  # doctest: +SKIP
    """
    from jinja2 import Environment

    tables = analysis.tables
    pages = Pages(tables)
    template = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(
        TEMPLATE.read_text(encoding="utf-8")
    )
    shown = every_nth(tables["statements"], SHOWN["statements"])
    used = set(zip(tables["frame_counts"]["slot"], tables["frame_counts"]["value"], strict=True))
    return template.render(
        record=analysis.record,
        citation=read_citation(),
        beside=beside,
        count={name: len(table) for name, table in tables.items()},
        voices=int(tables["speakers"]["actor"].notna().sum()),
        threats=int(tables["frames_wide"]["threat"].sum()),
        constructed=int(tables["articles"]["constructed"].fillna(value=False).sum()),
        copies=int(tables["articles"]["copy"].sum()),
        limits=SHOWN,
        slots=SLOTS,
        figures=draw_figures(tables, pages.actor, pages.code),
        speakers=pages.speakers(),
        stances=pages.stances(),
        frames=pages.frames(),
        statements=[pages.statement(one) for one in shown.to_dict("records")],
        articles=rows(tables["articles"], ["title", "source", "date", "path"]),
        rejects=rows(tables["rejects"], ["path", "member", "line", "reason"]),
        near=rows(tables["near_duplicates"].merge(tables["articles"][["doc_id", "title"]], on="doc_id"), None),
        lines=rows(tables["repeated_lines"], None),
        removed=rows(
            tables["removed"].groupby("reason", as_index=False).agg(pieces=("text", "size"), text=("text", "first")),
            None,
        ),
        codes=[one for one in rows(tables["codes"], None, limit=None) if (one["kind"], one["code"]) in used],
        files=[{"name": name, "rows": len(table)} for name, table in tables.items()],
    )


class Pages:
    """Looks up names, articles and words for the rows of a page."""

    def __init__(self, tables: Mapping[str, pd.DataFrame]) -> None:
        """Index the tables once."""
        self.tables = tables
        self._texts = dict(zip(tables["articles"]["doc_id"], tables["articles"]["text"], strict=True))
        self._titles = dict(zip(tables["articles"]["doc_id"], tables["articles"]["title"], strict=True))
        self._statements = tables["statements"].set_index("statement_id", drop=False)
        self._names = dict(zip(tables["speakers"]["actor"], tables["speakers"]["name"], strict=True))
        self._codes = {(one.kind, one.code): one.name for one in tables["codes"].itertuples()}
        self._stance = stance_by_target(tables["stance"])
        self._stance["read"] = self._stance["evidence"] != ""
        self._frames = tables["frames"][~tables["frames"]["negated"].astype(bool)]
        self._stance_of = self._stance.groupby("statement_id", sort=False).indices
        self._frames_of = self._frames.groupby("statement_id", sort=False).indices

    def actor(self, actor: Any) -> str:  # noqa: ANN401 - an id or nothing
        """Return the name of an actor."""
        return "nobody named" if pd.isna(actor) else str(self._names.get(actor, actor))

    def code(self, kind: str, code: str) -> str:
        """Return the name of a code; one that fills a slot from elsewhere (drugs that are blamed) has its own."""
        known = (self._codes.get((one, code)) for one in (kind, "target", "agents"))
        return str(next((name for name in known if name), code.replace("_", " ").capitalize()))

    def speakers(self) -> list[dict[str, str]]:
        """Give the commonest speakers, each with a statement."""
        table = self.tables["speakers"].head(SHOWN["speakers"])
        quoted = self.tables["statements"].assign(_order=self.tables["statements"]["kind"].map(KINDS.index))
        first = quoted.sort_values("_order", kind="stable").drop_duplicates("actor").set_index("actor")["statement_id"]
        known = rows(table, None)
        for one, actor in zip(known, table["actor"], strict=True):
            one["name"] = self.actor(actor)
            one["listed"] = "" if pd.isna(actor) or one["name"] == actor else str(actor)
            one["words"] = self.words(first[actor] if pd.notna(actor) else first[first.index.isna()].iloc[0])
        return known

    def stances(self) -> list[dict[Any, Any]]:
        """Give the commonest pairs of speaker and target, each with the words that say most."""
        edges = self.tables["stance_edges"].sort_values(
            ["statements", "actor", "target"], ascending=[False, True, True], kind="stable"
        )
        best = (
            self._stance.assign(
                speaker_id=self._stance["speaker_id"].fillna("unknown"),
                size=-self._stance["score"].abs(),
                silent=~self._stance["read"],
            )
            .sort_values(["silent", "size"], kind="stable")
            .drop_duplicates(["speaker_id", "target"])
            .set_index(["speaker_id", "target"])
        )
        shown: list[dict[Any, Any]] = []
        for one in edges.head(SHOWN["stance"]).to_dict("records"):
            row = best.loc[(one["actor"], one["target"])]
            shown.append(
                {
                    **one,
                    "speaker": "nobody named" if one["actor"] == "unknown" else self.actor(one["actor"]),
                    "target": self.code("target", one["target"]),
                    "words": self.words(row["statement_id"], self._stance_spans(row)),
                }
            )
        return shown

    def frames(self) -> list[dict[Any, Any]]:
        """Give the commonest values of each slot, each with the words of one statement."""
        counts = self.tables["frame_counts"]
        first = (
            self._frames.dropna(subset=["content_start"])
            .drop_duplicates(["slot", "value"])
            .set_index(["slot", "value"])
        )
        gravest = (
            self._frames[self._frames["slot"].eq("severity")]
            .drop_duplicates(["slot", "value"])
            .set_index(["slot", "value"])
        )
        shown: list[dict[Any, Any]] = []
        for one in (
            counts[counts["slot"].ne("threat")].groupby("slot", sort=False).head(SHOWN["frames"]).to_dict("records")
        ):
            key = (one["slot"], one["value"])
            row = first.loc[key] if key in first.index else gravest.loc[key]
            spans = [] if pd.isna(row["content_start"]) else [(row["content_start"], row["content_end"])]
            shown.append({**one, "name": self.code(*key), "words": self.words(row["statement_id"], spans)})
        return shown

    def statement(self, one: Mapping[Any, Any]) -> dict[str, Any]:
        """Give a statement with its words and codes."""
        name, content = one["statement_id"], one["content"]
        stance = self._stance.iloc[self._stance_of.get(name, [])].to_dict("records")
        frames = self._frames.iloc[self._frames_of.get(name, [])]
        told: dict[tuple[str, str], list[str]] = {}
        for frame in frames.to_dict("records"):
            words = told.setdefault((frame["slot"], frame["value"]), [])
            if pd.notna(frame["text"]) and frame["text"] not in words:
                words.append(frame["text"])
        severity = next((value for slot, value in told if slot == "severity"), "")
        return {
            "title": dash(self._titles[one["doc_id"]]),
            "doc_id": one["doc_id"],
            "kind": one["kind"],
            "rule": one["rule"],
            "speaker": self.actor(one["actor"]),
            "as_written": "" if pd.isna(one["speaker"]) else one["speaker"],
            "words": self.words(name),
            "stance": [
                {
                    "sign": row["polarity"],
                    "target": self.code("target", row["target"]),
                    "text": row["target_text"],
                    "evidence": evidence_words(row["evidence"], content) if row["read"] else [],
                }
                for row in stance
            ],
            "threat": told.get(("threat", "1"), []),
            "severity": severity,
            "slots": [
                (SLOTS[slot], self.code(slot, value), words)
                for (slot, value), words in told.items()
                if slot not in {"threat", "severity"}
            ],
        }

    def words(self, statement_id: str, spans: Iterable[tuple[int, int]] = ()) -> str:
        """Mark a statement in the sentences where it stands, and spans of its content; HTML, escaped."""
        one = self._statements.loc[[statement_id]]
        text = self._texts[one["doc_id"].iloc[0]]
        parts = statement_parts(one)
        marked = list(parts[["start", "end", "part"]].itertuples(index=False, name=None))
        pieces = one["spans"].iloc[0]
        marked += [(*place, "word") for place in (carry(span, pieces) for span in spans) if place]
        low, high = int(parts["start"].min()), int(parts["end"].max())
        around = [place for place in split_sentences(text) if place[0] < high and low < place[1]]
        low, high = min([low, *(start for start, _ in around)]), max([high, *(end for _, end in around)])
        return mark(text[low:high], [(start - low, end - low, part) for start, end, part in marked])

    def _stance_spans(self, row: pd.Series[Any]) -> list[tuple[int, int]]:
        content = self._statements.loc[row["statement_id"], "content"]
        at = content.find(row["target_text"])
        return [(at, at + len(row["target_text"])), *(evidence_spans(row["evidence"]) if row["read"] else [])]


def carry(span: tuple[int, int], pieces: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """Carry a span of the content to the article, where it lies within one piece."""
    passed = 0
    for start, end in pieces:
        if passed <= span[0] and span[1] <= passed + end - start:
            return start + span[0] - passed, start + span[1] - passed
        passed += end - start + 1
    return None


def evidence_spans(evidence: Any) -> list[tuple[int, int]]:  # noqa: ANN401 - a cell
    """Read the offsets in a cell of evidence, as ``condemn[3:10] -1.00``.

    Examples
    --------
    >>> evidence_spans("condemn[3:10] -1.00; thank[20:25] +0.50")
    [(3, 10), (20, 25)]
    """
    return [] if pd.isna(evidence) else [(int(a), int(b)) for a, b in _EVIDENCE.findall(str(evidence))]


def evidence_words(evidence: Any, content: str) -> list[str]:  # noqa: ANN401 - a cell
    """Return the words of a cell of evidence: those in the content, and those in the cue, as ``thanked[cue] +1.00``.

    Examples
    --------
    >>> evidence_words("thanked[cue] +1.00; help[0:4] +0.80", "help for all")
    ['thanked', 'help']
    """
    cues = [] if pd.isna(evidence) else _IN_CUE.findall(str(evidence))
    return [*cues, *(content[a:b] for a, b in evidence_spans(evidence))]


def mark(text: str, spans: Sequence[tuple[int, int, str]]) -> str:
    """Mark spans in a text: each kind is a class, whose look differs without colour too; HTML, escaped.

    Examples
    --------
    >>> mark("Noor said <no>", [(0, 4, "source"), (10, 14, "content")])
    '<span class="source">Noor</span> said <span class="content">&lt;no&gt;</span>'
    """
    cuts = sorted({0, len(text), *(cut for start, end, _ in spans for cut in (start, end))})
    told = []
    for first, last in pairwise(cuts):
        kinds = sorted({kind for start, end, kind in spans if start <= first and last <= end})
        piece = html.escape(" ".join(text[first:last].split("\n")))
        told.append(f'<span class="{" ".join(kinds)}">{piece}</span>' if kinds else piece)
    return "".join(told)


def every_nth(table: pd.DataFrame, most: int) -> pd.DataFrame:
    """Take rows at even distances, at most so many: a sample that no seed and no order of findings decides."""
    return table.iloc[:: max(1, -(-len(table) // most))]


def rows(
    table: pd.DataFrame, columns: list[str] | None, *, limit: int | None = SHOWN["loading"]
) -> list[dict[str, str]]:
    """Return the first rows of a table with every cell as text."""
    chosen = (table if columns is None else table[columns]).head(len(table) if limit is None else limit)
    return [{str(name): dash(value) for name, value in row.items()} for row in chosen.to_dict("records")]


def dash(value: Any) -> str:  # noqa: ANN401 - any cell of a table
    """Return a value as text, a dash where it is missing; a day without its midnight."""
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%d") if value == value.normalize() else value.strftime("%Y-%m-%d %H:%M")
    return "–" if pd.isna(value) else str(value)
