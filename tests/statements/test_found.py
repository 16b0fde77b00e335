"""What was found rightly is still found: our own articles beside their coded statements.

found.csv names, article by article, the coded statements (data/gold) that are found with the same source and the same
pieces, and says how many others are found. The others are not pinned: there may be fewer, never more. When the library
finds more, `python -m tests.statements.test_found` writes the table anew.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from helpers.articles.load import load_articles
from helpers.statements.extract import extract_statements
from tests.benchmarks import gold

TABLE = Path(__file__).with_name("found.csv")
COMMAND = "python -m tests.statements.test_found"
PLACE = ["doc_id", "spans", "speaker_start", "speaker_end"]


def find() -> pd.DataFrame:
    """Return for each article the coded statements that are found (``found``), and how many others are (``others``)."""
    texts = pd.concat([gold.articles(), load_articles(gold.ROOT / "data" / "plain").articles])
    coded = pd.concat([gold.statements(), gold.statements("plain_statements")]).drop_duplicates(PLACE)
    rows = extract_statements(texts[["doc_id", "text"]], resolve=False)
    rows = rows[PLACE].merge(coded[[*PLACE, "statement_id"]], on=PLACE, how="left")
    numbers = dict(list(rows["statement_id"].str.rsplit(":", n=1).str[-1].groupby(rows["doc_id"])))
    found = {doc: numbers.get(doc, pd.Series(dtype="str")) for doc in texts["doc_id"]}
    return pd.DataFrame(
        [(doc, " ".join(sorted(some.dropna())), int(some.isna().sum())) for doc, some in found.items()],
        columns=["doc_id", "found", "others"],
    )


def compare(before: pd.DataFrame, now: pd.DataFrame) -> list[str]:
    """Return a line for each statement that is lost and for each article in which more others are found."""
    lines = []
    for row in before.merge(now, on="doc_id", suffixes=("", "_now")).itertuples():
        lost = set(row.found.split()) - set(row.found_now.split())
        lines += [f"{row.doc_id}:{number} is lost" for number in sorted(lost)]
        if row.others_now > row.others:
            lines.append(f"{row.doc_id}: {row.others_now} match no coded statement, {row.others} did")
    return lines


def read() -> pd.DataFrame:
    return pd.read_csv(TABLE, keep_default_na=False, dtype={"found": "str"})


def test_what_was_found_is_still_found() -> None:
    before, now = read(), find()
    assert set(before["doc_id"]) == set(now["doc_id"]), f"the articles are others now: {COMMAND}"
    worse = compare(before, now)
    assert not worse, f"if the change is for the better all the same: {COMMAND}\n" + "\n".join(worse)


def test_a_lost_statement_and_one_too_many_are_told() -> None:
    before = pd.DataFrame({"doc_id": ["a", "b", "c"], "found": ["01 02", "01", ""], "others": [0, 1, 2]})
    now = pd.DataFrame({"doc_id": ["a", "b", "c"], "found": ["02 03", "01", ""], "others": [0, 2, 1]})
    assert compare(before, now) == ["a:01 is lost", "b: 2 match no coded statement, 1 did"]


if __name__ == "__main__":
    find().to_csv(TABLE, index=False, lineterminator="\n")
