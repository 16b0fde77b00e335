"""Who was named rightly is still named rightly, and in the same way: the coded statements of our own articles.

named.csv says what is right; what is wrong stands in no row. named_as.csv says of who is named rightly the name, the
type, the country and the words that showed it. ``python -m tests.statements.test_named`` adds to the first what is
right now and was not, and writes the second anew.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd

from helpers.articles.load import load_articles
from helpers.codebook.load import load_codebook
from tests.benchmarks import gold
from tests.benchmarks.material import ROOT
from tests.benchmarks.speakers import judge, load_cast

TABLE = Path(__file__).with_name("named.csv")
NAMED_AS = Path(__file__).with_name("named_as.csv")
SHOWN = ["speaker_name", "speaker_type", "speaker_country", "antecedent_start", "antecedent_end"]


@cache
def judged() -> pd.DataFrame:
    """Return the coded statements with who is found to speak, and whether that is right."""
    plain = load_articles(ROOT / "data" / "plain").articles
    coded = pd.concat([gold.statements(), gold.statements("plain_statements")], ignore_index=True)
    return judge(coded, pd.concat([gold.articles(), plain]), load_codebook())


def find_right() -> set[tuple[str, str]]:
    """Return what is right of the coded statements: (statement_id, speaker), also where nobody is known, or country."""
    countries = judged()["coded"].map(load_cast().drop_duplicates("alias").set_index("alias")["country"])
    speaker = judged()["right"].fillna(judged()["speaker_name"].isna())
    country = judged()["speaker_country"].fillna("").eq(countries)
    parts = {"speaker": speaker.astype(bool), "country": country.fillna(value=False).astype(bool)}
    return {(row, part) for part, right in parts.items() for row in judged().loc[right, "statement_id"]}


def find_named() -> pd.DataFrame:
    """Return how those are named who are named rightly."""
    right = judged()[judged()["right"].fillna(value=False).astype(bool)]
    return right.set_index("statement_id")[SHOWN].astype("string").fillna("").sort_index()


def test_who_was_named_rightly_still_is() -> None:
    pinned = set(pd.read_csv(TABLE).itertuples(index=False, name=None))
    lost = sorted(pinned - find_right())
    assert not lost, (
        f"{len(lost)} of {len(pinned)} are no longer right: {lost}; a change that wins elsewhere may delete rows of "
        "named.csv by hand, and `python -m tests.statements.test_named` adds those that it wins here"
    )


def test_who_is_named_rightly_is_named_in_the_same_way() -> None:
    before = pd.read_csv(NAMED_AS, dtype="string", keep_default_na=False).set_index("statement_id")
    now = find_named()
    both = before.index.intersection(now.index)
    other = [row for row in both if before.loc[row].tolist() != now.loc[row].tolist()]
    assert not other, (
        "these are named in another way; if it is as good: python -m tests.statements.test_named\n"
        + pd.concat([before.loc[other], now.loc[other]], keys=["before", "now"]).to_string()
    )


if __name__ == "__main__":
    known = set(pd.read_csv(TABLE).itertuples(index=False, name=None)) if TABLE.exists() else set()
    rows = sorted(known | find_right())
    pd.DataFrame(rows, columns=["statement_id", "right"]).to_csv(TABLE, index=False)
    find_named().to_csv(NAMED_AS, lineterminator="\n")
