"""Topics of a report: words, examples and names that a researcher fills in; nothing where there are few statements."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.inputs import MissingColumnError
from helpers.report.collect import analyse, read_corrected
from helpers.report.topics import find_topics

SUBJECTS = (
    "well water valley river canal flood drought pump bucket dam",
    "school teacher girl lesson book pupil classroom exam desk chalk",
    "poppy opium harvest smuggler heroin farmer trafficker border lab market",
)


def sentence(i: int) -> str:
    """Write a statement of five words of one of the subjects, another choice each time."""
    words = SUBJECTS[i % 3].split()
    return " and ".join(words[(i // 3 * step + step) % 10] for step in (1, 3, 7)) + f" concern {words[i // 7 % 10]}"


STATEMENTS = pd.DataFrame({"statement_id": [f"s{i}" for i in range(180)], "content": [sentence(i) for i in range(180)]})


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    return find_topics(STATEMENTS)


def test_each_subject_is_a_topic_with_words_and_three_examples(tables: dict[str, pd.DataFrame]) -> None:
    topics, main = tables["topics"], tables["statement_topics"]
    assert len(topics) == 3  # one for every 50 statements
    assert topics["statements"].sum() == main["topic"].notna().sum()
    assert (topics["name"] == "").all()
    assert main["example"].dropna().value_counts().to_dict() == {1: 3, 2: 3, 3: 3}
    for row in topics.to_dict("records"):
        examples = {row[f"example_{i}"] for i in (1, 2, 3)}
        assert len(examples) == 3
        mine = main.loc[main["topic"].eq(row["topic"]) & main["example"].notna(), "statement_id"]
        assert examples == set(STATEMENTS.set_index("statement_id").loc[mine, "content"])
    first = main.groupby("topic")["statement_id"].agg(lambda ids: {int(one[1:]) % 3 for one in ids})
    assert all(len(subjects) == 1 for subjects in first)


def test_names_come_back_with_the_words(tables: dict[str, pd.DataFrame]) -> None:
    named = tables["topics"].assign(name=["Water", "", "Drugs"]).sample(frac=1, random_state=1)
    named.loc[len(named)] = {"words": "tank, missile", "name": "War"}
    again = find_topics(STATEMENTS.head(170), named)
    expected = dict(zip(tables["topics"]["words"], ["Water", "", "Drugs"], strict=True))
    for row in again["topics"].to_dict("records"):
        (name,) = (
            name for words, name in expected.items() if len(set(words.split(", ")) & set(row["words"].split(", "))) > 4
        )
        assert row["name"] == name


def test_names_that_no_topic_takes_are_listed(tmp_path) -> None:
    rows = STATEMENTS.assign(id=STATEMENTS["statement_id"], text="“" + STATEMENTS["content"] + ",” the envoy said.")
    rows[["id", "text"]].to_json(tmp_path / "rows.json", orient="records")
    first = analyse(tmp_path / "rows.json")
    named = first.tables["topics"].assign(name=[" Water ", *[""] * (len(first.tables["topics"]) - 1)])
    named.loc[len(named), ["words", "name"]] = ["tank, missile", "War"]
    named.to_csv(tmp_path / "topics.csv", index=False)
    again = analyse(tmp_path / "rows.json", topics=tmp_path / "topics.csv")
    assert "Water" in set(again.tables["topics"]["name"])
    assert again.record["lost_names"] == ["War"]
    assert first.record["lost_names"] == []


def test_few_statements_have_no_topics(tables: dict[str, pd.DataFrame]) -> None:
    few = find_topics(STATEMENTS.head(99))
    assert few["topics"].empty
    assert few["statement_topics"]["topic"].isna().all()
    assert few["statement_topics"].dtypes.to_dict() == tables["statement_topics"].dtypes.to_dict()


def test_a_table_without_names_is_refused_before_the_work(tmp_path) -> None:
    pd.DataFrame({"topic": [1], "terms": ["a"]}).to_csv(tmp_path / "topics.csv", index=False)
    with pytest.raises(MissingColumnError, match=r"topics.csv has no column 'words', 'name': it has 'topic', 'terms'"):
        read_corrected(tmp_path / "topics.csv", "words", "name")
