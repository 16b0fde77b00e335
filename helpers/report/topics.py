"""Topics of a report: from statements to words that go together, with three examples each and a name to fill in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from helpers.topics import count_terms, fit_topics, label_topics, topic_exemplars

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST, EACH = 8, 50  # topics at the most, and statements for each of them at the least
WORDS, EXAMPLES = 8, 3
ALIKE = 0.5  # share of words that a named topic must have in common with one of this run


def find_topics(
    statements: pd.DataFrame, named: pd.DataFrame | None = None
) -> tuple[dict[str, pd.DataFrame], list[str]]:
    """Find topics of statements: one for every 50 statements, eight at the most, none under 100 statements.

    Parameters
    ----------
    statements : DataFrame
        ``statement_id``, ``content``.
    named : DataFrame, optional
        ``words``, ``name``: the table ``topics`` of an earlier report, with names filled in. A topic takes the name of
        the earlier topic that has at least half of their words in common.

    Returns
    -------
    tables : dict of str to DataFrame
        ``topics``: ``topic`` string, ``name`` string (empty where nobody gave one), ``words`` string, ``statements``
        int64 (those with this main topic), ``example_1`` to ``example_3`` string; ``statement_topics``:
        ``statement_id``, ``topic`` string (the main topic; NA for statements without a counted word), ``example``
        Int64 (its place among the examples, else NA).
    lost : list of str
        Names that no topic of this run takes.

    Notes
    -----
    Non-negative matrix factorisation of words and phrases in dictionary form, see `fit_topics`. Topics of single
    statements are rough, so the number is small; lesson 04 shows how to choose it and how to test topics.
    """
    k = min(MOST, len(statements) // EACH)
    counts = count_terms(statements, min_docs=3) if k > 1 else None
    if counts is None or len(counts.terms) <= k:
        topics = pd.DataFrame(columns=["topic", "name", "words", "statements"]).astype({"statements": "int64"})
        main = statements[["statement_id"]].reindex(columns=["statement_id", "topic", "example"])
        return {"topics": topics.astype(dict.fromkeys(("topic", "name", "words"), "string")), **_typed(main)}, []
    fitted = fit_topics(counts, k)
    largest = (fitted.doc_shares.round(9).argmax(axis=1) + 1).astype(str)
    shown = topic_exemplars(fitted, statements, n=EXAMPLES)
    main = statements[["statement_id"]].assign(
        topic=pd.Series(largest, index=statements.index).where(counts.docs["n_terms"].gt(0).to_numpy()),
        example=statements["statement_id"].map(dict(zip(shown["id"], shown["rank"], strict=True))),
    )
    topics = label_topics(fitted, n=WORDS)[["topic", "frequent"]].rename(columns={"frequent": "words"})
    topics = topics.astype("string")
    names, lost = _names(topics["words"], named)
    topics.insert(1, "name", names)
    topics["statements"] = topics["topic"].map(main["topic"].value_counts()).fillna(0).astype("int64")
    examples = shown.pivot_table(index="topic", columns="rank", values="text", aggfunc="first").add_prefix("example_")
    return {"topics": topics.join(examples.astype("string").reset_index(drop=True)), **_typed(main)}, lost


def _typed(main: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return {"statement_topics": main.astype({"topic": "string", "example": "Int64"}).reset_index(drop=True)}


def _names(words: pd.Series[str], named: pd.DataFrame | None) -> tuple[list[str], list[str]]:
    """Give each topic the name of the earlier topic that is most like it, and list names that nobody takes."""
    given: Mapping[str, str] = {}
    if named is not None:
        given = {row["words"]: row["name"].strip() for row in named.to_dict("records") if row["name"].strip()}
    names = []
    for mine in words:
        likeness = {name: _likeness(mine, theirs) for theirs, name in given.items()}
        best = max(likeness, key=lambda name: likeness[name], default="")
        names.append(best if likeness.get(best, 0) >= ALIKE else "")
    return names, sorted(set(given.values()) - set(names))


def _likeness(one: str, other: str) -> float:
    mine, theirs = set(one.split(", ")), set(other.split(", "))
    return len(mine & theirs) / len(mine)
