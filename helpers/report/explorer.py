"""What the page's explorer reads: statements, articles and codes, packed small."""

import base64
import gzip
import json
import re
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

import pandas as pd

from helpers.coding.stance import stance_by_target
from helpers.figures.style import SIDES
from helpers.report.words import Names, when
from helpers.statements.extract import locate
from helpers.statements.grammar.sentences import split_sentences

Span = list[int]  # start and end
MOST = 20_000  # statements in a page; of more, whole articles are taken at even distances
MARKS = {"content_start": "Int64", "content_end": "Int64", "evidence": "string"}
_EVIDENCE = re.compile(r"\[(?P<content_start>\d+):(?P<content_end>\d+)\] ")


def list_marks(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """List every code of every statement, with the words it rests on as offsets in the article.

    Returns
    -------
    DataFrame
        ``statement_id``, ``measure`` (``for``, ``against``, ``neutral`` or a slot), ``code`` string; ``start``, ``end``
        Int64 (NA where a code rests on no single words); ``words`` object: offsets of words that decided.
    """
    stance = tables["stance"].drop_duplicates(["statement_id", "target"]).drop(columns="polarity")
    sides = stance_by_target(tables["stance"])[["statement_id", "target", "polarity"]]
    sides["measure"] = sides["polarity"].map(SIDES)
    frames = tables["frames"][~tables["frames"]["negated"].astype(bool)]
    parts = [
        sides.merge(stance, on=["statement_id", "target"]).rename(columns={"target": "code"}),
        frames.rename(columns={"slot": "measure", "value": "code"}),
        tables["statement_topics"].dropna(subset=["topic"]).rename(columns={"topic": "code"}).assign(measure="topic"),
    ]
    columns = ["statement_id", "measure", "code", "content_start", "content_end", "evidence"]
    rows = pd.concat([part.reindex(columns=columns).astype(MARKS) for part in parts], ignore_index=True)
    placed = locate(rows.drop_duplicates(columns[:3], ignore_index=True), tables["statements"])
    # Words that decided stand in the evidence as offsets in the content.
    words = placed["evidence"].str.extractall(_EVIDENCE).astype("Int64").reset_index("match", drop=True)
    spans = locate(words.join(placed["statement_id"]), tables["statements"])
    pairs = pd.Series(spans[["start", "end"]].to_numpy().tolist(), spans.index, dtype="object")
    found = pairs.groupby(level=0).agg(list)
    placed["words"] = [found.get(row, []) for row in placed.index]
    return placed[["statement_id", "measure", "code", "start", "end", "words"]]


def compress(packed: Mapping[str, Any]) -> str:
    """Write as JSON, gzipped, in base64: no text of an article can act as markup of the page."""
    plain = json.dumps(packed, separators=(",", ":"), default=int).encode("ascii")
    return base64.b64encode(gzip.compress(plain, mtime=0)).decode("ascii")


def pack(tables: Mapping[str, pd.DataFrame], names: Names) -> dict[str, Any]:
    """Pack statements with their articles, codes and groups, as the page and its script read them.

    Returns
    -------
    dict
        ``articles`` (title, source, date, text), ``actors`` (id, name), ``codes`` (key, label), ``groups`` (grouping to
        its groups), ``all`` (how many statements there are), ``statements``: all, or at most `MOST` (id; number of the
        article; number of the speaker or -1; kind; spans; span of source and of cue; span of the sentences around;
        codes, as number, span, spans of deciding words; number of the group in each grouping or -1).
    """
    articles, statements = tables["articles"], tables["statements"]
    sizes = statements["doc_id"].value_counts().reindex(articles["doc_id"], fill_value=0)
    step = next(n for n in count(1) if sizes.iloc[::n].sum() <= MOST or n >= len(articles))
    statements = statements[statements["doc_id"].isin(articles["doc_id"].iloc[::step])]
    articles = articles[articles["doc_id"].isin(statements["doc_id"])]
    marks = list_marks(tables)
    keys, labels = pd.factorize(marks["measure"] + ":" + marks["code"], sort=True)
    named = [[] if pd.isna(start) else [start, end] for start, end in zip(marks["start"], marks["end"], strict=True)]
    coded = pd.Series(list(zip(keys, named, marks["words"], strict=True)), marks["statement_id"], dtype="object")
    codes = coded.groupby(level=0).agg(list).to_dict()
    number_of = {doc: i for i, doc in enumerate(articles["doc_id"])}
    sentences = dict(zip(articles["doc_id"], map(split_sentences, articles["text"]), strict=True))
    actor_of, actors = pd.factorize(statements["actor"])
    groups = tables["groups"].loc[statements.index].drop(columns=["statement_id", "doc_id", "unit"])
    grouped = {name: pd.factorize(groups[name], sort=True) for name in groups}
    rows = []
    for i, one in enumerate(statements.to_dict("records")):
        spans, parts, edges = place(one, sentences[one["doc_id"]])
        head = [one["statement_id"], number_of[one["doc_id"]], actor_of[i], one["kind"]]
        mine = [numbers[i] for numbers, _ in grouped.values()]
        rows.append([*head, spans, *parts, edges, codes.get(one["statement_id"], []), mine])
    shown = articles[["title", "source", "text"]].astype("string").fillna("")
    dates = map(when, articles["date"], articles["date_precision"])
    titles = shown["title"].mask(shown["title"].eq(""), articles["doc_id"])
    return {
        "articles": list(zip(titles, shown["source"], dates, shown["text"], strict=True)),
        "actors": [[actor, names.actor(actor)] for actor in actors],
        "codes": [[key, names.say("label", *key.split(":", 1))] for key in labels],
        "groups": {name: list(values) for name, (_, values) in grouped.items()},
        "statements": rows,
        "all": len(tables["statements"]),
    }


def place(one: Mapping[Any, Any], sentences: Sequence[tuple[int, int]]) -> tuple[list[Span], list[Span], Span]:
    """Place a statement in its article: the spans of its content, those of source and cue, that of its sentences."""
    spans = [[int(start), int(end)] for start, end in one["spans"]]
    parts = [_span(one, "speaker"), _span(one, "cue")]
    told = [span for span in (*spans, *parts) if span]
    low, high = min(start for start, _ in told), max(end for _, end in told)
    around = [span for span in sentences if span[0] < high and low < span[1]]
    return spans, parts, [min([low, *(start for start, _ in around)]), max([high, *(end for _, end in around)])]


def _span(one: Mapping[Any, Any], part: str) -> Span:
    start, end = one[f"{part}_start"], one[f"{part}_end"]
    return [] if pd.isna(start) else [int(start), int(end)]
