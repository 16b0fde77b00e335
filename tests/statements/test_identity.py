"""Identity: names of a corpus in, actors out. All persons are invented."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from helpers.statements.people.identity import apply_identities, propose_identities

SAME_NAMES = Path(__file__).parents[1] / "benchmarks" / "same_names.csv"


def corpus(*articles: list[str], country: str | None = None) -> pd.DataFrame:
    """Make statements of articles that name these speakers; what stands after a bar tells of them: Ana Ruiz | mayor."""
    rows = []
    for n, names in enumerate(articles):
        for name, _, told in (one.partition(" | ") for one in names):
            speaker = f"the {told}" if told else name
            rows.append({"doc_id": f"d{n}", "speaker_name": name, "speaker_id": f"d{n}:{name}", "speaker": speaker})
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
        ("Omid R. Sarwandi", "Omid R.K. Sarwandi", None),
        ("R. Sarwandi", "Omid Reza Sarwandi", None),
        ("Omid bin Farid", "Farid bin Omid", None),
        ("Gholamreza Sarwandi", "Gholamali Sarwandi", None),
        ("Abdul Rahman Sarwandi", "Abdul Rahim Sarwandi", None),
        ("Omid Reza Sarwandi Norzai", "Omid Reza Sarwandi", "shorter name"),
        ("Omid Reza Sarwandi | official", "Omid Sarwandi | official", None),
        ("Khan", "Omid Kan", None),
        ("Sarwandi | official", "Omid Sarwandi | mayor", "surname alone"),
        ("Omid Reza Sarwandi | mayor", "Omid Sarwandi | mayor", "words left out"),
        ("Omid Sarwandi Norzai | mayor", "Omid Sarwandi | mayor", "words left out"),
        ("Omid Sarwandi Norzai", "Omid Sarwandi", None),
        ("Omid Reza Sarwandi | mayor", "Omid Sarwandi | envoy", None),
        ("Omid Reza Sarwandi", "Omid Sarwandi", None),
        ("Omid Reza Sarwandi", "Reza Sarwandi", "shorter name"),
        ("Trade Omid Sarwandi | minister", "Omid Sarwandi | envoy", "shorter name"),
        ("Omid Amir Sarwandi", "Omid Amirsarwandi", "same words"),
        ("Omid Amir Sarwandi", "Amirsarwandi Norzai", None),
        ("Sarwandi", "Omid Sarwandi", "surname alone"),
        ("Sarwandi | mayor", "Omid Sarwandi", "surname alone"),
        ("Sarwandi | mayor", "Omid Sarwandi | envoy", None),
        ("General Sarwandi", "Omid Sarwandi", None),
        ("General Sarwandi", "Omid Sarwandi | general", "surname alone"),
        ("Karim", "Omid Karim", None),
        ("Karim | mayor", "Omid Karim | mayor", "surname alone"),
        ("Sarwandy", "Omid Sarwandi", "surname alone"),
        ("Sarwandan", "Omid Sarwandi", None),
        ("Amir-Sarwandi", "Omid Amir Sarwandi", "shorter name"),
        ("Omid Reza Sarwandi", "Reza Omid Sarwandi", "spelling"),
        ("Haji", "Omid Haji", None),
        ("Hezbollah", "Omid Hezbollah", None),
        ("NEY", "Omid Ney", None),
        ("Omid Sadeq", "Omid Sadeqi", None),
        ("Hassan Sarwandi", "Hossein Sarwandi", None),
        ("Ahmad Sarwandi", "Hamid Sarwandi", None),
        ("Yousef Sarwandi", "Yousuf Sarwandi", "spelling"),
        ("Omid Barnea", "Omid Barno", None),
        ("Omid Kerry", "Omid Kirby", None),
        ("Omid Zawahari", "Omid Zawahri", "spelling"),
        ("Abdul Salam Sarwandi", "Abdelsalam Sarwandi", "spelling"),
        ("Abdul Salam Sarwandi", "Abd al-Salam Sarwandi", "spelling"),
        ("Omid bin Farid Al Noor | emir", "Omid bin Farid | emir", "words left out"),
        ("Omid bin Farid", "Omid ibn Farid", "same words"),
        ("Q. Omid Sarwandi", "Omid Sarwandi", "shorter name"),
        ("Executive Omid Sarwandi", "Omid Sarwandi", "shorter name"),
        ("Chamber of Trade Omid Sarwandi", "Omid Sarwandi", "shorter name"),
        ("Department of roads Omid Sarwandi", "Omid Sarwandi", "same words"),
        ("Iranian envoy to Paris Omid Sarwandi", "Omid Sarwandi", "same words"),
        ("U.S. Omid Sarwandi", "Omid Sarwandi", "shorter name"),
        ("Alexander Sarwandi", "Aleksandr Sarwandi", "spelling"),
        ("Ali Sarwandi", "Amoli Sarwandi", None),
        ("Ahmad Sarwandi", "Ahmed Sarwandi", "spelling"),
        ("Mahdi Sarwandi", "Mehdi Sarwandi", "spelling"),
        ("Omid Sarmikdi", "Omid Sarmeqdi", "spelling"),
        ("Omid Dzhalandi", "Omid Jalandi", "spelling"),
        ("Omid Ahmad", "Ahmad Omid", None),
        ("Omid Zmarak Sarwandi", "Omid Sarwandi", "words left out"),
        ("Omid Zmarak Sarwandi | mayor", "Omid Sarwandi | envoy", None),
        ("Yousuf Zmarak Sarwandi", "Yusuf Sarwandi", "words left out"),
        ("Sabah Sarwandi", "Omid Sarwandi", None),
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
    # but for what the articles tell of them
    names = ["Omid Sarwandi | mayor"], ["Farid Sarwandi | envoy"], ["Sarwandi | envoy"]
    assert joined(*names) == [{"Farid Sarwandi", "Sarwandi"}]


def test_a_shorter_name_that_two_may_have_is_left_alone() -> None:
    assert joined(["Omid Zmarak Sarwandi"], ["Omid Farid Sarwandi"], ["Omid Yama Sarwandi"], ["Omid Sarwandi"]) == []
    assert joined(["Omid Zmarak Sarwandi"], ["Omid Tor Sarwandi"], ["Omid Sarwandi"]) == []
    # but for what the articles tell of one
    names = ["Omid Reza Sarwandi | mayor"], ["Omid Farid Sarwandi"], ["Omid Sarwandi | mayor"]
    assert joined(*names) == [{"Omid Reza Sarwandi", "Omid Sarwandi"}]
    # nor is the end of two names
    assert joined(["Omid Reza Sarwandi"], ["Reza Sarwandi"], ["Farid Reza Sarwandi"]) == []


def test_no_chain_joins_two_persons() -> None:
    names = ["Omid Sarwandi", "Omid Sarwandy", "Omid Karim Sarwandi | mayor", "Omid Sarwandi | mayor"]
    groups = joined(*([name] for name in names), ["Farid Sarwandi"])
    assert all("Farid Sarwandi" not in group for group in groups)


def actors_of_two_countries(one: str, other: str) -> int:
    statements = pd.concat([corpus([one], country="IRN"), corpus([], [other], country="AFG")])
    return propose_identities(statements)["actor"].nunique()


def test_a_surname_alone_is_of_nobody_of_another_country() -> None:
    assert actors_of_two_countries("Omid Sarwandi", "Omeed Sarvandi") == 1
    assert actors_of_two_countries("Trade Omid Sarwandi", "Omid Sarwandi") == 1
    assert actors_of_two_countries("Sarwandi", "Omid Sarwandi") == 2
    statements = pd.concat([corpus(["Omid Sarwandi"], country="IRN"), corpus([], ["Sarwandi"])])
    assert propose_identities(statements)["actor"].nunique() == 1


def test_in_one_country_a_surname_alone_may_have_another_role() -> None:
    names = ["Sarwandi | mayor"], ["Omid Sarwandi | envoy"]
    assert propose_identities(corpus(*names, country="IRN"))["actor"].nunique() == 1


def test_a_surname_alone_is_of_who_has_nine_of_ten_statements() -> None:
    assert joined(["Omid Sarwandi"] * 9, ["Farid Sarwandi"], ["Sarwandi"]) == [{"Omid Sarwandi", "Sarwandi"}]
    assert joined(["Omid Sarwandi"] * 8, ["Farid Sarwandi"], ["Sarwandi"]) == []
    # who is told of otherwise is no rival of who is told of alike
    names = ["Omid Sarwandi | mayor"], ["Farid Sarwandi | envoy"] * 2, ["Sarwandi | mayor"]
    assert joined(*names) == [{"Omid Sarwandi", "Sarwandi"}]


def test_a_title_in_a_name_tells_the_role() -> None:
    names = ["President Sarwandi"], ["Omid Sarwandi | president"], ["Farid Sarwandi | envoy"]
    assert joined(*names) == [{"President Sarwandi", "Omid Sarwandi"}]


def test_words_may_be_left_out_in_one_country() -> None:
    names = ["Omid Sarwandi Norzai"], ["Omid Sarwandi | mayor"]
    assert propose_identities(corpus(*names, country="AFG"))["actor"].nunique() == 1
    # but no first name
    assert propose_identities(corpus(["Omid Reza Norzai"], ["Omid Norzai"], country="AFG"))["actor"].nunique() == 2


def test_another_role_in_another_country_is_of_another_person() -> None:
    assert actors_of_two_countries("Trade Omid Sarwandi | mayor", "Omid Sarwandi | mayor") == 1
    assert actors_of_two_countries("Trade Omid Sarwandi | mayor", "Omid Sarwandi | envoy") == 2


def actors(*names: str, country: str | None = None, kinds: list[str] | str = "organisation") -> int:
    """Count the actors of some bodies, each named in an article of its own."""
    statements = corpus(*([name] for name in names), country=country).assign(speaker_type=kinds)
    return propose_identities(statements)["actor"].nunique()


def test_one_word_is_a_person_where_a_full_name_ends_in_it_else_a_body() -> None:
    assert actors("Sarwandi", "Omid Sarwandi", kinds=["organisation", "person"]) == 1
    assert actors("Khostwire", "Al Khostwire", kinds=["unknown", "organisation"]) == 1


def test_what_any_article_has_for_a_body_is_one() -> None:
    kinds = ["person", "organisation", "organisation"]
    assert actors("Khost Wire", "Khost Wire", "Khost Wire newspaper", kinds=kinds) == 1


def test_bodies_may_be_spelled_in_two_ways() -> None:
    assert actors("Mojahid Khost Movement", "Mujahid-e-Khost") == 1
    assert actors("Defense ministry", "Defensse ministry") == 2
    assert actors("Afghan defense ministry", "Afghan defensse ministry") == 1


def test_a_body_abroad_is_in_a_country_or_its_capital() -> None:
    assert actors("Iranian embassy in Kabul", "Iranian embassy in Afghanistan") == 1
    assert actors("Iranian embassy in Kabul", "Iranian embassy in Iraq") == 2


def test_an_administration_is_that_of_one_person() -> None:
    assert actors("Donald Trump’s administration", "President Trump’s administration", "Trump administration") == 1
    assert actors("President Trump’s administration", "President Bush’s administration") == 2


def test_an_agency_of_the_united_nations_is_not_the_united_nations() -> None:
    assert actors("UN", "UN agency") == 2


def test_a_body_is_of_one_country_however_it_is_said() -> None:
    assert actors("Iran’s road ministry", "Iranian road ministry", "Ministry of Roads of Iran") == 1
    assert actors("Iranian road ministry", "Afghan road ministry", "Road ministry") == 3
    assert actors("Iranian road ministry", "Road ministry") == 1
    assert actors("Road ministry", "Ministry of Roads", "Ministry of Road") == 3
    assert actors("Iranian road ministry", "Road ministry", country="IRN") == 1


def test_what_an_outlet_is_called_is_no_part_of_its_name() -> None:
    names = ["Khost Wire", "Khost Wire news agency", "Khost Wire newspaper", "Khost Wire group"]
    statements = corpus(*([name] for name in names)).assign(speaker_type="organisation")
    assert propose_identities(statements)["actor"].nunique() == 1
    statements = corpus(["Iraqi News Agency"], ["Iraqi newspaper"]).assign(speaker_type="organisation")
    assert propose_identities(statements)["actor"].nunique() == 2


def test_whose_a_body_is_is_no_part_of_its_name() -> None:
    names = "London-based Khost Wire", "Saudi-owned Khost Wire TV", "Arabic-language al-Khost Wire", "Khost Wire"
    assert actors(*names) == 1
    assert actors("Khost Front", "Khost Front terrorist group") == 1
    assert actors("Saudi-led coalition", "Coalition") == 2


def test_what_every_country_has_is_told_by_its_country_alone() -> None:
    assert actors("Supreme Court", "Iranian Supreme Court") == 2
    assert actors("News Agency", "French news agency") == 2
    assert actors("Radio", "Radio Iran") == 2


def test_a_body_of_one_word_is_no_person() -> None:
    assert actors("Sarwandi Organization", "Omid Sarwandi", kinds=["organisation", "person"]) == 2


def test_two_actors_of_the_codebook_are_never_one() -> None:
    statements = corpus(["Khost Front"], ["Khost Front of Iraq"]).assign(speaker_type="armed_group")
    assert propose_identities(statements)["actor"].nunique() == 1
    known = statements.assign(speaker_id=["taliban", "al_qaeda"])
    assert propose_identities(known)["actor"].nunique() == 2


def test_what_one_article_names_apart_is_never_joined() -> None:
    assert joined(["Omid Reza Sarwandi", "Reza Sarwandi"]) == []
    assert joined(["Zmarak Norzai", "Zmarek Norzai"]) == []
    # nor through a third name
    groups = joined(["Omid Sarwandi", "Omid Reza Sarwandi"], ["Omid R. Sarwandi"])
    assert all(not {"Omid Sarwandi", "Omid Reza Sarwandi"} <= group for group in groups)
    # but two spellings that sound the same are no two persons
    assert joined(["Omid Sarwandi", "Omid Sarvandi"]) == [{"Omid Sarwandi", "Omid Sarvandi"}]


def test_a_surname_beside_the_full_name_in_one_article_is_of_the_same_person() -> None:
    assert joined(["Omid Sarwandi", "Sarwandi"]) == [{"Omid Sarwandi", "Sarwandi"}]
    assert joined(["Omid Sarwandi", "Farid Sarwandi", "Sarwandi"]) == []
    assert joined(["Omid Takht-Norzai", "Takht-Norzai"]) == [{"Omid Takht-Norzai", "Takht-Norzai"}]


def test_the_name_in_full_is_shown() -> None:
    table = propose_identities(corpus(["Sarwandi"] * 3, ["Seyyed Omid Sarwandi"] * 2, ["Omid Sarwandi"]))
    assert set(table["actor"]) == {"Omid Sarwandi"}
    bodies = corpus(["Iran’s army"], ["Iranian Army"] * 2).assign(speaker_type="organisation")
    assert set(propose_identities(bodies)["actor"]) == {"Iranian Army"}


def test_actors_of_the_codebook_are_joined_by_their_id() -> None:
    statements = corpus(["Tehran"], ["Islamic Republic of Iran"]).assign(speaker_id="iran", speaker_type="government")
    table = propose_identities(statements)
    assert table["actor"].nunique() == 1
    assert table["evidence"].dropna().tolist() == ["codebook alias"]


def test_what_is_no_name_is_left_out() -> None:
    names = ["Omid Sarwandi"], ["masked man"], ["Omid Sarwandi and Farid Norzai"], ["Villagers"], ["Iran Iraq"]
    statements = corpus(*names)
    kinds = ["person", "person", "person", "group", "person"]
    assert propose_identities(statements.assign(speaker_type=kinds))["name"].tolist() == ["Omid Sarwandi"]


def test_a_name_of_unknown_type_is_read_as_that_of_a_person() -> None:
    statements = corpus(["Omid Sarwandi"], ["Sarwandi"]).assign(speaker_type="unknown")
    assert propose_identities(statements)["actor"].nunique() == 1


def test_an_id_of_one_article_joins_nobody() -> None:
    statements = corpus(["Omid Sarwandi", "Baba Norzai"]).assign(speaker_id="d0:1")
    assert propose_identities(statements)["actor"].nunique() == 2


def test_what_most_statements_of_a_name_have_is_its_actor() -> None:
    statements = corpus(["Islamic Republic"] * 3, ["Khost Wire"]).assign(speaker_type="organisation")
    ids = ["iran", "iran", "khost_wire", "khost_wire"]
    assert propose_identities(statements.assign(speaker_id=ids))["actor"].nunique() == 2


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


def test_names_labelled_by_hand_are_joined_as_before() -> None:
    labelled = pd.read_csv(SAME_NAMES, dtype="string").dropna()
    names = sorted({*labelled["a"], *labelled["b"]})
    table = propose_identities(corpus(*([name] for name in names)))
    actors = dict(zip(table["name"], table["actor"], strict=True))
    joined = labelled["a"].map(actors).eq(labelled["b"].map(actors)).fillna(value=False)
    same = labelled["same"] == "1"
    # by the names alone: no article tells of whom
    wrong = labelled[joined & ~same]
    # a grandson, namesakes, misprints, outlets and an administration: only articles tell them apart
    of_two = [
        "Hassan Khomeini",
        "Khomeini",
        "Dehqani",
        "Hamid-Reza Dehqani",
        "Al Arab",
        "Al-Arab",
        "Biden",
        "U.S. administration of Joe Biden",
        "U.S. administration of President Joe Biden",
        "Ali Mahmoud Abbas",
        "Mahmoud Abbas",
        "Sheehan",
        "Cindy Sheehan",
        "Fox",
        "Vicente Fox",
        "Hill",
        "Christopher Hill",
        "Salami",
        "General Salami",
        "Hussein Salami",
        "Raveesh Kumar",
        "Ravish Kumar",
    ]
    assert {*wrong["a"], *wrong["b"]} <= {*of_two}
    assert (joined & same).sum() >= 610
