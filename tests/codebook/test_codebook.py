"""The language of patterns, what it finds, and the faults of a codebook."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.codebook.load import check_codebook, find_faults, find_terms, load_codebook
from helpers.codebook.patterns import compile_patterns, entries_of, find_hits
from helpers.codebook.verbs import inflect
from helpers.paths import CODEBOOKS

if TYPE_CHECKING:
    from pathlib import Path


def said(*contents: str | None) -> pd.DataFrame:
    return pd.DataFrame({"statement_id": [f"s{at}" for at in range(len(contents))], "content": list(contents)})


def words(pattern: str, text: str, *guards: str) -> list[str]:
    patterns = compile_patterns({"layer.entry": {"patterns": [pattern], "guards": list(guards)}})
    return [text[hit.start : hit.end] for hit in find_hits(text, patterns)]


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        pytest.param("safe haven", "No safe  haven here", ["safe  haven"], id="blanks may be many"),
        pytest.param("safe haven", "a safe-haven policy", ["safe-haven"], id="a blank also matches a hyphen"),
        pytest.param("safe-haven", "a safe haven", ["safe haven"], id="a hyphen also matches a blank"),
        pytest.param("haven", "havens", [], id="a word ends where it is written"),
        pytest.param("safe haven", "safe havens", [], id="and so does the last word of several"),
        pytest.param("haven*", "Havens and havenless", ["Havens", "havenless"], id="a star ends a word"),
        pytest.param("US", "US told us", ["US"], id="capitals match only capitals"),
        pytest.param("U.S.", "the U.S. envoy", ["U.S."], id="points inside a word"),
        pytest.param("Da'esh", "Da’esh and Da'esh", ["Da’esh", "Da'esh"], id="both apostrophes"),
        pytest.param("valley raid", "the valley's raid", ["valley's raid"], id="a possessive between words"),
        pytest.param("valley raid", "the valley, raid", [], id="no comma between words"),
        pytest.param("(grave|clear) threat", "a grave threat", ["grave threat"], id="alternatives"),
        pytest.param("(grave)? threat", "a threat", ["threat"], id="optional first word"),
        pytest.param("threat (of war)?", "threat of war", ["threat of war"], id="optional last words"),
        pytest.param("threat to? peace", "threat peace", ["threat peace"], id="optional middle word"),
        pytest.param("threat <2> peace", "threat to world peace", ["threat to world peace"], id="gap"),
        pytest.param("threat <2> peace", "threat, peace", ["threat, peace"], id="a gap may cross a comma"),
        pytest.param("threat <2> peace", "threat. Peace", [], id="a gap stops at an end of sentence"),
        pytest.param("threat <1> peace", "threat to world peace", [], id="a gap has a length"),
        pytest.param("a <30> b <30> c", "a, then b, then c", ["a, then b, then c"], id="two long gaps"),
        pytest.param("“raid", "raid", None, id="a quotation mark is no word"),
    ],
)
def test_patterns(pattern: str, text: str, expected: list[str] | None) -> None:
    if expected is None:
        with pytest.raises(ValueError, match=r"layer\.entry"):
            words(pattern, text)
    else:
        assert words(pattern, text) == expected


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "(open",
        "close)",
        "a | b",
        "*ism",
        "mid*dle",
        "<2> word",
        "word <2>",
        "one {slot} two",
        "{one} two {three}",
        "a <31> b",
        "a > b",
        "(a)?",
        "{x} <99> a",
        "a <30> b <30> c <30> d",
        "(a <9> b)? <9> c <9> d <1> e",
    ],
)
def test_a_pattern_that_cannot_be_read_is_named(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"who\.x"):
        compile_patterns({"who.x": {"patterns": [pattern]}})


def test_the_longest_match_of_a_layer_stands() -> None:
    book = {
        "who.army": {"patterns": ["army"]},
        "who.salvation": {"patterns": ["salvation army"]},
        "kind.army": {"patterns": ["army"]},
    }
    hits = find_hits("The Salvation Army sings", compile_patterns(book))
    assert [hit.entry for hit in hits] == ["who.salvation", "kind.army"]


def test_a_guard_takes_only_its_own_entry_and_only_inside() -> None:
    assert words("raid*", "raids and no raids", "no raid*") == ["raids"]
    book = {"a.x": {"patterns": ["raid"], "guards": ["no raid"]}, "b.y": {"patterns": ["raid"]}}
    assert [hit.entry for hit in find_hits("no raid", compile_patterns(book))] == ["b.y"]


@pytest.mark.parametrize(
    ("base", "irregular", "forms"),
    [
        ("warn", [], "warn warns warned warning"),
        ("deny", [], "deny denies denied denying"),
        ("say", [], "say says sayed saying"),
        ("state", [], "state states stated stating"),
        ("agree", [], "agree agrees agreed agreeing"),
        ("echo", [], "echo echoes echoed echoing"),
        ("stress", [], "stress stresses stressed stressing"),
        ("reproach", [], "reproach reproaches reproached reproaching"),
        ("push", [], "push pushes pushed pushing"),
        ("box", [], "box boxes boxed boxing"),
        ("buzz", [], "buzz buzzes buzzed buzzing"),
        ("dye", [], "dye dyes dyed dyeing"),
        ("shoe", [], "shoe shoes shoed shoeing"),
        ("speak", ["spoke", "spoken"], "speak speaks spoke spoken speaking"),
        ("admit", ["admitted", "admitting"], "admit admits admitted admitting"),
        ("have", ["has", "had"], "have has had having"),
        ("read", ["reading"], "read reads reading"),
    ],
)
def test_forms_of_verbs(base: str, irregular: list[str], forms: str) -> None:
    found = inflect(base, irregular)
    assert " ".join(form for form, _ in found) == forms
    shapes = dict(found)
    assert [shapes[found[0][0]], shapes[found[1][0]], shapes[found[-1][0]]] == ["base", "s", "ing"]
    assert {shape for _, shape in found[2:-1]} <= {"past"}


SLOTS = {
    "who": {"gang": {"patterns": ["gang*"]}, "flood": {"patterns": ["flood*"]}},
    "what": {"peace": {"patterns": ["peace"]}, "port": {"patterns": ["port"]}, "farms": {"patterns": ["farms"]}},
    "harm": {"threat": {"patterns": ["{who} threaten*", "threat* to {what}", "{who|what} (was|were) hit"]}},
}


@pytest.mark.parametrize(
    ("text", "fillers"),
    [
        ("The gang threatens us.", ["who.gang"]),
        ("The gangs and the flood threaten us.", ["who.gang", "who.flood"]),
        ("A threat to peace, the port and the farms.", ["what.peace", "what.port", "what.farms"]),
        ("A threat to nobody. The port is open.", []),
        ("It threatens us.", []),
        ("The port was hit.", ["what.port"]),
    ],
)
def test_slots_are_filled_by_what_stands_near(text: str, fillers: list[str]) -> None:
    found = find_terms(said(text), SLOTS)
    assert found.loc[found["entry"] == "harm.threat", "filler"].tolist() == fillers


def test_a_name_inside_another_does_not_end_a_list() -> None:
    book = {"a.quay": ["old port"], "b.port": ["port"], "b.farm": ["farm"], "harm.threat": ["threat to {a|b}"]}
    patterns = compile_patterns({entry: {"patterns": rules} for entry, rules in book.items()})
    hits = find_hits("A threat to the old port and the farm.", patterns)
    assert [hit.filler for hit in hits if hit.filler] == ["a.quay", "b.farm"]


def test_find_terms_has_the_columns_it_promises_even_when_empty() -> None:
    found = find_terms(said(None, "nothing here"), SLOTS)
    expected = ["statement_id", "entry", "text", "content_start", "content_end", "rule"]
    assert found.columns.tolist() == [*expected, "filler", "filler_start", "filler_end"]
    assert len(found) == 0
    assert str(found["content_start"].dtype) == "Int64"


def test_find_terms_names_missing_columns() -> None:
    with pytest.raises(ValueError, match="content"):
        find_terms(pd.DataFrame({"statement_id": ["s"]}), SLOTS)


def test_equal_entries_are_compiled_once() -> None:
    first = compile_patterns(entries_of(SLOTS))
    assert compile_patterns(entries_of({**SLOTS})) is first


TEXT = st.lists(
    st.sampled_from(
        [
            "gang",
            "Gangs",
            "flood",
            "peace",
            "port",
            "threat to",
            "threatens",
            "was hit",
            ",",
            ".",
            "’s",
            "-",
            "é",
            "\n",
            "the",
        ]
    ),
    max_size=25,
).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(TEXT)
def test_hits_quote_the_text_and_do_not_overlap_within_a_layer(text: str) -> None:
    found = find_terms(said(text), SLOTS)
    for row in found.itertuples(index=False):
        assert text[row.content_start : row.content_end] == row.text
    plain = found[found["filler"].isna()].assign(layer=lambda rows: rows["entry"].str.split(".").str[0])
    for _, rows in plain.groupby("layer"):
        ends = rows.sort_values("content_start")
        assert (ends["content_start"].iloc[1:].to_numpy() >= ends["content_end"].iloc[:-1].to_numpy()).all()


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60))
def test_any_text_can_be_searched(text: str) -> None:
    assert (find_terms(said(text), SLOTS)["content_end"] <= len(text)).all()


def test_own_folder_is_laid_over_ours(tmp_path: Path) -> None:
    (tmp_path / "threat.toml").write_text('[agents.taliban]\npatterns = ["hill men"]\n', encoding="utf-8")
    book, ours = load_codebook(tmp_path), load_codebook()
    assert book.threat["agents"]["taliban"]["patterns"] == ["hill men"]
    assert book.threat["agents"]["drugs"] == ours.threat["agents"]["drugs"]
    assert book.digest != ours.digest


def test_own_words_are_added_to_ours_or_stand_in_their_place(tmp_path: Path) -> None:
    (tmp_path / "threat.toml").write_text(
        '[agents.taliban]\npatterns_add = ["hill men", "Taliban*"]\n', encoding="utf-8"
    )
    (tmp_path / "people.toml").write_text('[first_names]\nmen_add = ["zmarai"]\nwomen = ["ana"]\n', encoding="utf-8")
    (tmp_path / "cues.toml").write_text('[verbs.say]\nframes_add = ["ing"]\n', encoding="utf-8")
    (tmp_path / "actors_add.csv").write_text(f"{ACTORS}\npakistan,Land of the Indus,state,PAK,,\n", encoding="utf-8")
    book, ours = load_codebook(tmp_path), load_codebook()
    taliban = ours.threat["agents"]["taliban"]
    assert book.threat["agents"]["taliban"] == {**taliban, "patterns": [*taliban["patterns"], "hill men"]}
    assert book.people["first_names"] == {"men": [*ours.people["first_names"]["men"], "zmarai"], "women": ["ana"]}
    assert book.cues["verbs"]["say"]["frames"] == [*ours.cues["verbs"]["say"]["frames"], "ing"]
    assert len(book.actors) == len(ours.actors) + 1
    assert set(check_codebook(tmp_path)["key"]) == {"version", "source", "licence"}


ACTORS = "actor_id,alias,type,country,start,end"


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("threat.toml", '[agents.taliban]\npatterns = "war"', "line 2, agents.taliban.patterns: must be a list"),
        ("threat.toml", "[agents.taliban]\n\npatterns = [1]", "line 3, agents.taliban.patterns: must be a list"),
        ("threat.toml", '[agents.hill_men]\npatterns = ["a", " "]', "line 2, agents.hill_men.patterns: must be a list"),
        ("threat.toml", 'agents = "war"', "line 1, agents: must be a table"),
        ("threat.toml", "[countries]\nAFG = 'Kabul'", "line 2, countries.AFG: must be a list"),
        ("threat.toml", '[agents.taliban]\npattern_add = ["x"]', "line 2, agents.taliban.pattern_add: adds to pattern"),
        ("stance.toml", '[verbs.doubt]\n# none\nwords = ["doubt", ""]', "line 3, verbs.doubt.words: must be a list"),
        ("stance.toml", '[settings]\nreach = "far"', "line 2, settings.reach: must be a number"),
        ("cues.toml", '[verbs]\n"" = {kind = "speech", frames = ["that"]}', "line 2, verbs.: has no name"),
        ("cues.toml", '[verbs]\nsay = "speech"', "line 2, verbs.say: must be a table"),
        ("cues.toml", "verbs = [", "cues.toml: cannot be read: Invalid value"),
        ("people.toml", '[first_names]\nboys = ["ali"]', "line 2, first_names.boys: is not known"),
        ("people.toml", '[same_role]\nhm = ["head"]', "line 2, same_role.hm: must be a text"),
        ("actors.csv", "actor_id,alias\nduke,the Duke", "line 1: lacks the columns type, country, start, end"),
        ("actors.csv", "", "line 1: cannot be read"),
    ],
)
def test_what_cannot_be_used_is_told_in_one_sentence(tmp_path: Path, name: str, text: str, fault: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=re.escape(fault)) as raised:
        load_codebook(tmp_path)
    assert str(raised.value).startswith(f"{name}")
    rows = check_codebook(tmp_path)
    assert [row.problem in str(raised.value) for row in rows.itertuples()] == [True]


def test_a_fault_reads_as_one_line(tmp_path: Path) -> None:
    (tmp_path / "threat.toml").write_text('[agents.taliban]\npatterns = "war"', encoding="utf-8")
    assert [str(fault) for fault in find_faults(tmp_path)] == [
        "threat.toml, line 2, agents.taliban.patterns: must be a list of texts, not 'war'"
    ]


def test_the_project_has_no_faults(tmp_path: Path) -> None:
    assert check_codebook().values.tolist() == []
    for path in CODEBOOKS.glob("*.toml"):
        shutil.copy(path, tmp_path)
    assert check_codebook(tmp_path).values.tolist() == []


def test_all_faults_of_a_folder_are_listed_at_once(tmp_path: Path) -> None:
    (tmp_path / "threat.toml").write_text(
        """
        version = "1"
        source = "me"
        [agents.hill_men]
        definition = "Men of the hills."
        patterns = ["hill men", "(broken", "{nobody} raid"]
        example = "The hill men came."
        counter_example = "The valley men came."
        [agents.valley_men]
        patterns = ["valley men"]
        example = "Nobody came."
        counter_example = "The valley men came."
        [colours.red]
        definition = "Red."
        patterns = ["red"]
        example = "A red flag."
        counter_example = "A blue flag."
        [referents.region]
        hints = ["val*ley"]
        [countries]
        XYZ = ["Ruritania"]
        TCD = ["(Chad"]
        """,
        encoding="utf-8",
    )
    (tmp_path / "actors.csv").write_text(
        "actor_id,alias,type,country,start,end\n"
        "duke,the Duke,person,RUR,,\n"
        "duke,,person,,2001-02-30,\n"
        "mayor,the Mayor,person,,2005-01-01,2001-01-01\n"
        "clerk,the Clerk,person,,2001-01-01,2002-01-01\n"
        "clerk,the Clerk,person,,2001-06-01,\n",
        encoding="utf-8",
    )
    (tmp_path / "cues.toml").write_text("verbs = [", encoding="utf-8")
    (tmp_path / "cue.toml").write_text("", encoding="utf-8")
    faults = check_codebook(tmp_path)
    listed = {(row.file, row.key) for row in faults.itertuples(index=False)}
    assert listed == {
        ("cue.toml", ""),
        ("cues.toml", ""),
        ("threat.toml", "licence"),
        ("threat.toml", "colours"),
        ("threat.toml", "countries.XYZ"),
        ("threat.toml", "countries.TCD.patterns"),
        ("threat.toml", "referents.region.hints"),
        ("threat.toml", "agents.hill_men.patterns"),
        ("threat.toml", "agents.valley_men.definition"),
        ("threat.toml", "agents.valley_men.example"),
        ("threat.toml", "agents.valley_men.counter_example"),
        ("actors.csv", "row 2"),
        ("actors.csv", "row 3"),
        ("actors.csv", "row 4"),
        ("actors.csv", "row 6"),
    }
    assert (faults["key"] == "agents.hill_men.patterns").sum() == 2
    assert (faults["key"] == "row 3").sum() == 2


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    for verb in (check_codebook, load_codebook):
        with pytest.raises(FileNotFoundError, match="nowhere"):
            verb(tmp_path / "nowhere")


def test_values_of_the_threat_codebook_have_all_that_a_reader_needs() -> None:
    threat = load_codebook().threat
    for slot in ("agents", "types", "referents", "severity", "measures", "blame", "denial"):
        for value, table in threat[slot].items():
            for key in ("definition", "patterns", "example", "counter_example"):
                assert table.get(key), f"{slot}.{value} lacks {key}"
    assert (CODEBOOKS / "threat.toml").is_file()
