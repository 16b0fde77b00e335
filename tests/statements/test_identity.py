"""Identity: names of a corpus in, actors out. All persons are invented."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from helpers.statements.people.identity import apply_identities, propose_identities

SAME_NAMES = Path(__file__).parents[1] / "benchmarks" / "same_names.csv"


def corpus(*articles: list[str], country: str | None = None) -> pd.DataFrame:
    """Make statements of articles that name these speakers."""
    rows = [
        {"doc_id": f"d{n}", "speaker_name": name, "speaker_id": f"d{n}:{name}"}
        for n, names in enumerate(articles)
        for name in names
    ]
    return pd.DataFrame(rows).assign(speaker_type="person", speaker_country=country)


def joined(*articles: list[str]) -> list[set[str]]:
    """Return the actors of more than one name."""
    table = propose_identities(corpus(*articles))
    groups = [set(names) for _, names in table.groupby("actor")["name"]]
    return [group for group in groups if len(group) > 1]


@pytest.mark.parametrize(
    ("one", "other", "evidence"),
    [
        ("Seyyed Omid Sarwandi", "Omid Sarwandi", "same words"),
        ("Ayatollah Seyed Omid Sarwandi", "Omid Sarwandi", "same words"),
        ("Mullah Omid Sarwandi", "Omid Sarwandi", "same words"),
        ("Omid-Reza Sarwandi", "Omidreza Sarwandi", "same words"),
        ("Kabul Omid Sarwandi", "Omid Sarwandi", "same words"),
        ("Omid Sarwandi", "Omeed Sarvandi", "spelling"),
        ("Mohammad Ghalandi", "Muhammad Qalandi", "spelling"),
        ("Omid R. Sarwandi", "Omid Reza Sarwandi", "initials"),
        ("O.R. Sarwandi", "Omid R. Sarwandi", "initials"),
        ("Omid Reza Sarwandi", "Omid Sarwandi", "shorter name"),
        ("Sarwandi", "Omid Sarwandi", "surname alone"),
        ("Iranian envoy to Paris Omid Sarwandi", "Omid Sarwandi", "same words"),
        ("U.S. Omid Sarwandi", "Omid Sarwandi", "same words"),
        ("Alexander Sarwandi", "Aleksandr Sarwandi", "spelling"),
        ("Ali Sarwandi", "Amoli Sarwandi", None),
        ("Islamic Republic of Iran", "Tehran", None),
    ],
)
def test_names_of_one_actor_are_joined(one: str, other: str, evidence: str | None) -> None:
    table = propose_identities(corpus([one], [other]))
    assert table["evidence"].dropna().tolist() == ([evidence] if evidence else [])


@pytest.mark.parametrize(
    "names",
    [
        ["Omid Sarwandi", "Farid Sarwandi"],
        ["Mohammad Hossein Norzai", "Mehdi Hossein Norzai"],
        ["Khalil Khamoshi", "Jalil Khamoshi"],
        ["Iranian official", "Afghan official"],
        ["Officials", "Official"],
    ],
)
def test_names_of_two_actors_stay_apart(names: list[str]) -> None:
    assert joined(*([name] for name in names)) == []


def test_a_surname_of_two_persons_is_left_alone() -> None:
    assert joined(["Omid Sarwandi"], ["Farid Sarwandi"], ["Sarwandi"]) == []


def test_what_one_article_names_apart_is_never_joined() -> None:
    assert joined(["Omid Sarwandi", "Omid Sarvandi"]) == []
    # nor through a third name
    groups = joined(["Omid Sarwandi", "Omid Reza Sarwandi"], ["Omid R. Sarwandi"])
    assert all(not {"Omid Sarwandi", "Omid Reza Sarwandi"} <= group for group in groups)


def test_actors_of_the_codebook_are_joined_by_their_id() -> None:
    statements = corpus(["Tehran"], ["Islamic Republic of Iran"]).assign(speaker_id="iran", speaker_type="government")
    table = propose_identities(statements)
    assert table["actor"].nunique() == 1
    assert table["evidence"].dropna().tolist() == ["codebook alias"]


def test_every_name_stands_once_with_its_counts() -> None:
    statements = corpus(["Omid Sarwandi", "Omid Sarwandi"], ["Omid Sarwandi"], ["Sarwandi"])
    table = propose_identities(statements)
    assert table.set_index("name")[["statements", "articles"]].loc["Omid Sarwandi"].tolist() == [3, 2]
    assert table["name"].is_unique
    assert set(table["actor"]) <= set(table["name"])


def test_a_researcher_splits_and_joins_in_a_file(tmp_path: Path) -> None:
    statements = corpus(["Omid Sarwandi"], ["Sarwandi"], ["Baba Norzai"])
    path = tmp_path / "names.csv"
    table = propose_identities(statements)
    table["actor"] = table["name"].map({"Baba Norzai": "Omid Sarwandi", "Omid Sarwandi": "Omid Sarwandi"})
    table.fillna({"actor": "Sarwandi"}).to_csv(path, index=False)
    told = apply_identities(statements, path)
    assert told["speaker_name"].tolist() == ["Omid Sarwandi", "Sarwandi", "Omid Sarwandi"]
    assert told["speaker_id"].tolist() == ["corpus:omid-sarwandi", "corpus:sarwandi", "corpus:omid-sarwandi"]
    assert statements["speaker_name"].tolist() == ["Omid Sarwandi", "Sarwandi", "Baba Norzai"]


def test_speakers_that_are_not_in_the_table_keep_what_they_have() -> None:
    statements = corpus(["Omid Sarwandi"], ["Farid Norzai"])
    told = apply_identities(statements, pd.DataFrame({"name": ["Farid Norzai"], "actor": ["Farid"]}))
    assert told["speaker_id"].tolist() == ["d0:Omid Sarwandi", "corpus:farid"]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ({"name": ["A", "A"], "actor": ["A", "B"]}, "'A' twice"),
        ({"name": ["A"], "actor": [" "]}, "no actor for 'A'"),
        ({"name": ["A"]}, "no column 'actor'"),
    ],
)
def test_a_table_that_does_not_decide_is_refused(rows: dict[str, list[str]], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        apply_identities(corpus(["A"]), pd.DataFrame(rows))


def test_a_missing_column_is_named() -> None:
    with pytest.raises(ValueError, match="speaker_country"):
        propose_identities(corpus(["Omid Sarwandi"]).drop(columns="speaker_country"))


def test_a_surname_alone_is_of_whom_spells_it_so() -> None:
    assert joined(["Omid Baqlani"], ["Farid Baghlani"], ["Baghlani"]) == [{"Farid Baghlani", "Baghlani"}]


def test_names_labelled_by_hand_are_joined_as_before() -> None:
    labelled = pd.read_csv(SAME_NAMES, dtype="string").dropna()
    names = sorted({*labelled["a"], *labelled["b"]})
    table = propose_identities(corpus(*([name] for name in names)))
    actors = dict(zip(table["name"], table["actor"], strict=True))
    joined = [
        a in actors and b in actors and actors[a] == actors[b] for a, b in labelled[["a", "b"]].itertuples(index=False)
    ]
    assert ((labelled["same"] == "1") == joined).sum() >= 502
