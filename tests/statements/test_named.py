"""Who was named rightly is still named rightly: named.csv, the coded statements of our own articles.

``python -m tests.statements.test_named`` adds what is right now and was not. What is wrong stands in no row.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from helpers.articles.load import load_articles
from helpers.codebook.load import load_codebook
from tests.benchmarks import gold
from tests.benchmarks.material import ROOT
from tests.benchmarks.speakers import judge, load_cast

TABLE = Path(__file__).with_name("named.csv")


def find_right() -> set[tuple[str, str]]:
    """Return what is right of the coded statements: (statement_id, speaker), also where nobody is known, or country."""
    plain = load_articles(ROOT / "data" / "plain").articles
    coded = pd.concat([gold.statements(), gold.statements("plain_statements")], ignore_index=True)
    judged = judge(coded, pd.concat([gold.articles(), plain]), load_codebook())
    countries = judged["coded"].map(load_cast().drop_duplicates("alias").set_index("alias")["country"])
    speaker = judged["right"].fillna(judged["speaker_name"].isna())
    country = judged["speaker_country"].fillna("").eq(countries)
    parts = {"speaker": speaker.astype(bool), "country": country.fillna(value=False).astype(bool)}
    return {(row, part) for part, right in parts.items() for row in judged.loc[right, "statement_id"]}


def test_who_was_named_rightly_still_is() -> None:
    pinned = set(pd.read_csv(TABLE).itertuples(index=False, name=None))
    lost = sorted(pinned - find_right())
    assert not lost, (
        f"{len(lost)} of {len(pinned)} are no longer right: {lost}; a change that wins elsewhere may delete rows of "
        "named.csv by hand, and `python -m tests.statements.test_named` adds those that it wins here"
    )


if __name__ == "__main__":
    known = set(pd.read_csv(TABLE).itertuples(index=False, name=None)) if TABLE.exists() else set()
    rows = sorted(known | find_right())
    pd.DataFrame(rows, columns=["statement_id", "right"]).to_csv(TABLE, index=False)
