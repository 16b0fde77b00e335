"""Topics of a report: from statements to words that go together, with three examples each and a name to fill in."""

from __future__ import annotations

import pandas as pd

from helpers.topics import count_terms, fit_topics, label_topics, topic_exemplars

MOST, EACH = 8, 50  # topics at the most, and statements for each of them at the least
WORDS, EXAMPLES = 8, 3
MAIN = {"topic": "string", "example": "Int64"}  # of each statement
ALIKE = 0.5  # share of words that a named topic must have in common with one of this run


def find_topics(statements: pd.DataFrame, named: pd.DataFrame | None = None) -> dict[str, pd.DataFrame]:
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
    dict of str to DataFrame
        ``topics``: ``topic`` string, ``name`` string (empty where nobody gave one), ``words`` string, ``statements``
        int64 (those with this main topic), ``example_1`` to ``example_3`` string; ``statement_topics``:
        ``statement_id``, ``topic`` string (the main topic; NA for statements without a counted word), ``example``
        Int64 (its place among the examples, else NA).

    Notes
    -----
    Non-negative matrix factorisation of words and phrases in dictionary form, see `fit_topics`. Topics of single
    statements are rough, so the number is small; lesson 04 shows how to choose it and how to test topics.
    """
    k = min(MOST, len(statements) // EACH)
    counts = count_terms(statements, min_docs=3) if k > 1 else None
    main = statements[["statement_id"]].reindex(columns=["statement_id", *MAIN]).reset_index(drop=True)
    topics = pd.DataFrame(columns=["topic", "name", "words", "statements"], dtype="string")
    if counts is not None and len(counts.terms) > k:
        fitted = fit_topics(counts, k)
        largest = pd.Series(fitted.doc_shares.round(9).argmax(axis=1) + 1)
        main["topic"] = largest.where(counts.docs["n_terms"].gt(0).to_numpy()).astype("Int64")
        shown = topic_exemplars(fitted, statements, n=EXAMPLES)
        main["example"] = main["statement_id"].map(dict(zip(shown["id"], shown["rank"], strict=True)))
        topics = label_topics(fitted, n=WORDS)[["topic", "frequent"]].rename(columns={"frequent": "words"})
        topics.insert(1, "name", _names(topics["words"], named))
        topics["statements"] = topics["topic"].map(main["topic"].value_counts()).fillna(0)
        examples = shown.pivot_table(index="topic", columns="rank", values="text", aggfunc="first")
        topics = topics.astype("string").join(examples.add_prefix("example_").astype("string").reset_index(drop=True))
    return {"topics": topics.astype({"statements": "int64"}), "statement_topics": main.astype(MAIN)}


def _names(words: pd.Series[str], named: pd.DataFrame | None) -> list[str]:
    """Give each topic the name of the earlier topic that is most like it; none where none is like it."""
    earlier = [] if named is None else zip(named["words"], named["name"].str.strip(), strict=True)
    given = [(set(theirs.split(", ")), name) for theirs, name in earlier if name]
    names = []
    for mine in (set(told.split(", ")) for told in words):
        likeness, best = max(((len(mine & theirs) / len(mine), name) for theirs, name in given), default=(0.0, ""))
        names.append(best if likeness >= ALIKE else "")
    return names
