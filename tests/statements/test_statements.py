"""Statements: invented sentences in, who said what out."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.codebook.load import load_codebook
from helpers.statements.extract import extract_statements, locate
from helpers.statements.speeches import speech_statements
from helpers.statements.table import COLUMNS

if TYPE_CHECKING:
    from pathlib import Path


def said(text: str) -> list[tuple[object, ...]]:
    """Return speaker, cue and content of the statements of a text."""
    articles = pd.DataFrame({"doc_id": ["a"], "text": [text]})
    table = extract_statements(articles, resolve=False)
    return [
        tuple(None if pd.isna(value) else value for value in row)
        for row in table[["speaker", "cue", "content"]].itertuples(index=False)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "Minister Amir Noor said that the border was shut.",
            [("Minister Amir Noor", "said", "that the border was shut")],
            id="indirect with that",
        ),
        pytest.param(
            "Moscow said it was ready for talks.",
            [("Moscow", "said", "it was ready for talks")],
            id="indirect without that",
        ),
        pytest.param(
            "“The border is shut,” Noor said.", [("Noor", "said", "“The border is shut,”")], id="quotation first"
        ),
        pytest.param(
            "“The border is shut,” said Noor, the interior minister.",
            [("Noor, the interior minister", "said", "“The border is shut,”")],
            id="inverted, apposition",
        ),
        pytest.param(
            "“The border,” Noor said, “is shut.”",
            [("Noor", "said", "“The border,” “is shut.”")],
            id="quotation in two pieces",
        ),
        pytest.param(
            "“The border is shut,” Noor said. “We wait.”",
            [("Noor", "said", "“The border is shut,”"), ("Noor", None, "“We wait.”")],
            id="quotation goes on",
        ),
        pytest.param(
            "“Is the border shut?” Noor asked.",
            [("Noor", "asked", "“Is the border shut?”")],
            id="question before the cue",
        ),
        pytest.param(
            "''The border is shut,'' Noor said.",
            [("Noor", "said", "''The border is shut,''")],
            id="doubled apostrophes",
        ),
        pytest.param(
            "'The border is shut,' Noor said.", [("Noor", "said", "'The border is shut,'")], id="single marks"
        ),
        pytest.param(
            "“We shut the border.\n\n“We will open it,” Noor said.",
            [("Noor", None, "“We shut the border."), ("Noor", "said", "“We will open it,”")],
            id="quotation over paragraphs",
        ),
        pytest.param(
            "The governor added:\n\nThe border is shut.\n\nIt rained.",
            [("The governor", "added", "The border is shut.")],
            id="announced by a colon",
        ),
        pytest.param(
            "“The border is shut,” grumbled Noor.",
            [("Noor", "grumbled", "“The border is shut,”")],
            id="a verb that is in no list",
        ),
        pytest.param(
            "The border, Noor said, would stay shut.",
            [("Noor", "said", "The border would stay shut")],
            id="clause around the cue",
        ),
        pytest.param(
            "The border was shut, as Noor had warned.",
            [("Noor", "warned", "The border was shut")],
            id="as he had warned",
        ),
        pytest.param(
            "As the ministry reported, the border was shut.",
            [("the ministry", "reported", "the border was shut")],
            id="as the ministry reported",
        ),
        pytest.param(
            "According to the ministry, the border is shut.",
            [("the ministry", "According to", "the border is shut")],
            id="according to, first",
        ),
        pytest.param(
            "Talks will go on, according to the ministry.",
            [("the ministry", "according to", "Talks will go on")],
            id="according to, last",
        ),
        pytest.param(
            "Border will stay shut, says Noor", [("Noor", "says", "Border will stay shut")], id="headline, inverted"
        ),
        pytest.param("Noor: Border will stay shut", [("Noor", ":", "Border will stay shut")], id="headline, label"),
        pytest.param(
            "–Noor praises army’s patience at border",
            [("Noor", "praises", "army’s patience at border")],
            id="subhead with a dash",
        ),
        pytest.param(
            "He praised the army and said the border was safe.",
            [("He", "praised", "the army"), ("He", "said", "the border was safe")],
            id="shared subject",
        ),
        pytest.param(
            "Noting that winter was near, Noor said the border would open.",
            [("Noor", "Noting", "that winter was near"), ("Noor", "said", "the border would open")],
            id="participle first",
        ),
        pytest.param(
            "“The border is shut,” said Noor, adding that winter was near.",
            [("Noor", "said", "“The border is shut,”"), ("Noor", "adding", "that winter was near")],
            id="participle last",
        ),
        pytest.param(
            "Noor, the interior minister, told reporters on Monday that the border was shut.",
            [("Noor, the interior minister", "told", "that the border was shut")],
            id="person told",
        ),
        pytest.param(
            "Noor asked the envoy whether the border was open.",
            [("Noor", "asked", "whether the border was open")],
            id="person asked",
        ),
        pytest.param(
            "Noor urged Hale to open the border.", [("Noor", "urged", "Hale to open the border")], id="person urged"
        ),
        pytest.param(
            "The Herald reported that Noor had said the border was shut.",
            [
                ("The Herald", "reported", "that Noor had said the border was shut"),
                ("Noor", "said", "the border was shut"),
            ],
            id="report within a report",
        ),
        pytest.param(
            "The army ignored his warning that the border was open.",
            [("his", "warning", "that the border was open")],
            id="noun that reports",
        ),
        pytest.param(
            "The statement said the border was shut.",
            [("The statement", "said", "the border was shut")],
            id="document that speaks",
        ),
        pytest.param(
            "It was reported that the border was shut.",
            [(None, "reported", "that the border was shut")],
            id="passive without a source",
        ),
        pytest.param(
            "The plan was announced by the ministry.",
            [("the ministry", "announced", "The plan")],
            id="passive with a source",
        ),
        pytest.param(
            "Noor, who leads the army, denied that the border was shut.",
            [("Noor, who leads the army", "denied", "that the border was shut")],
            id="relative subject",
        ),
        pytest.param(
            "“It is open,” Noor said, and “it is shut,” Hale said.",
            [("Noor", "said", "“It is open,”"), ("Hale", "said", "“it is shut,”")],
            id="two speakers in a sentence",
        ),
        pytest.param(
            "“The border is shut\n\n“It is open,” Hale said.",
            [("Hale", None, "“The border is shut"), ("Hale", "said", "“It is open,”")],
            id="unclosed mark loses one quotation",
        ),
        pytest.param(
            "The plan was an “open road“ to the sea and it won, Noor said.",
            [("Noor", "said", "The plan was an “open road“ to the sea and it won")],
            id="mark that is turned the wrong way",
        ),
        pytest.param(
            "While Noor said it was “a long road,” Hale stayed at home.",
            [("Noor", "said", "it was “a long road,”")],
            id="comma within the mark ends a subordinate clause",
        ),
        pytest.param(
            "Noor said it was “a long road,” but he stayed at home.",
            [("Noor", "said", "it was “a long road,”")],
            id="the writer takes over after the quotation",
        ),
        pytest.param(
            "The minister added, he had been at home.",
            [("The minister", "added", "he had been at home")],
            id="comma instead of that",
        ),
        pytest.param(
            "“No more talks.” He left the hall, Noor said.",
            [(None, None, "“No more talks.”"), ("Noor", "said", "He left the hall")],
            id="a clause after a quotation has a cue of its own",
        ),
        pytest.param(
            "“We wait,” Fleming said.",
            [("Fleming", "said", "“We wait,”")],
            id="a name like a participle after a quotation",
        ),
        pytest.param(
            "“He told us, ‘The dam holds,’” Noor said on Monday.",
            [("Noor", "said", "“He told us, ‘The dam holds,’”")],
            id="a quotation within that closes with the outer one",
        ),
        pytest.param(
            "''He told us, 'The dam holds,''' said Noor.",
            [("Noor", "said", "''He told us, 'The dam holds,'''")],
            id="three marks in a row",
        ),
        pytest.param(
            "The plan “is a dead letter,” Noor said.",
            [("Noor", "said", "The plan “is a dead letter,”")],
            id="a quotation begins with its verb",
        ),
        pytest.param(
            "“We wait,” Noor was quoted as saying.",
            [("Noor", "saying", "“We wait,”")],
            id="quoted as saying",
        ),
        pytest.param(
            "Kabul Radio quoted Noor, the envoy, as saying the dam would hold.",
            [
                ("Kabul Radio", "quoted", "Noor, the envoy, as saying the dam would hold"),
                ("Noor, the envoy", "saying", "the dam would hold"),
            ],
            id="a report quotes another",
        ),
        pytest.param(
            "Noor waved to the crowd, saying the dam would hold.",
            [("Noor", "saying", "the dam would hold")],
            id="participle after a verb that is not known",
        ),
        pytest.param(
            "The Herald, citing the weather, reported that the dam was full.",
            [("The Herald", "reported", "that the dam was full")],
            id="an aside between subject and cue",
        ),
        pytest.param(
            "The barrier, called Spring, was opened on Monday.",
            [],
            id="what is called something does not say it",
        ),
        pytest.param(
            "Noor derided the plan as toothless, but the council went ahead.",
            [("Noor", "derided", "the plan as toothless")],
            id="the writer objects to a phrase",
        ),
        pytest.param(
            "Farmers in the valley, who had hoped for rain, say the dam is empty.",
            [("Farmers in the valley, who had hoped for rain", "say", "the dam is empty")],
            id="plural subject, relative clause, base form",
        ),
        pytest.param(
            "Yet, as Noor observed, the dam was full.",
            [("Noor", "observed", "the dam was full")],
            id="as observed, after a conjunction",
        ),
        pytest.param(
            "The dam, said Noor and others, would hold.",
            [("Noor and others", "said", "The dam would hold")],
            id="inverted within the clause",
        ),
        pytest.param(
            "Whether the dam holds is open, said Noor.",
            [("Noor", "said", "Whether the dam holds is open")],
            id="a question that is said",
        ),
        pytest.param(
            "After the talks, Noor asked the court for help.",
            [("Noor", "asked", "for help")],
            id="a lead is not what was asked",
        ),
        pytest.param(
            "After the rain stopped, the talks continued.",
            [],
            id="a verb that only quotes",
        ),
        pytest.param(
            "Noor, who leads the council, mocked Hale for missing the talks.",
            [("Noor, who leads the council", "mocked", "Hale for missing the talks")],
            id="a relative clause before a verb of praise or blame",
        ),
        pytest.param(
            "Talks began in spring, with Noor, Hale and others saying the dam would hold.",
            [("Noor, Hale and others", "saying", "the dam would hold")],
            id="with somebody saying",
        ),
        pytest.param(
            "He met with Hale, saying the dam would hold.",
            [("He", "saying", "the dam would hold")],
            id="with somebody, and then saying",
        ),
        pytest.param(
            "He gave his view on Channel One: “We wait for rain.”",
            [("He", ":", "“We wait for rain.”")],
            id="a label after a preposition is no speaker",
        ),
        pytest.param(
            "Fleming has said the dam would hold.",
            [("Fleming", "said", "the dam would hold")],
            id="a name like a participle opens a sentence",
        ),
        pytest.param(
            "Noor, the envoy, addressed the farmers of Herat, saying the dam would hold.",
            [("Noor, the envoy", "saying", "the dam would hold")],
            id="a verb like a participle after an aside",
        ),
        pytest.param(
            "The governor issued a statement on Monday:\n\n“We wait for rain.”",
            [("The governor", None, "“We wait for rain.”")],
            id="announced by a colon without a cue",
        ),
        pytest.param(
            "Noor said the dam was full; the gates were shut at noon.",
            [("Noor", "said", "the dam was full")],
            id="the writer goes on after a semicolon",
        ),
        pytest.param(
            "“We wait for rain.” — Ana Noor",
            [("Ana Noor", None, "“We wait for rain.”")],
            id="a signature after a quotation",
        ),
        pytest.param(
            "Rain would come, said Ana Noor, a clerk at the port.",
            [("Ana Noor, a clerk at the port", "said", "Rain would come")],
            id="who somebody is is not said",
        ),
        pytest.param(
            "“We wait for rain.” – Farmers left the square at noon.",
            [(None, None, "“We wait for rain.”")],
            id="a sentence after a quotation signs nothing",
        ),
        pytest.param(
            "“NOOR: We wait for rain.”",
            [("NOOR", None, "We wait for rain.”")],
            id="a label within a quotation",
        ),
        pytest.param("The so-called “green line” runs north of the town.", [], id="scare quotes"),
        pytest.param("She read “The Long Road Home” on the train.", [], id="title of a work"),
        pytest.param("He wanted to shut the border, and he did.", [], id="a wish"),
        pytest.param("The United States made no claims on the island.", [], id="a noun like a verb"),
    ],
)
def test_statements_of(text: str, expected: list[tuple[object, ...]]) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Border is shut say officials", [("officials", "say", "Border is shut")]),
        ("Road to Herat not open admits police chief", [("police chief", "admits", "Road to Herat not open")]),
        ('New road "very near" says mayor', [("mayor", "says", 'New road "very near"')]),
        ("Border must open Kabul says of talks", [("Kabul", "says", "Border must open")]),
        (
            "Trade will grow along border with Iran Kabul says",
            [("Kabul", "says", "Trade will grow along border with Iran")],
        ),
        ("Gates stay shut: minister", [("minister", ":", "Gates stay shut")]),
        ("Gates have been shut: Noor", [("Noor", ":", "Gates have been shut")]),
        ("Noor: Iran will respond", [("Noor", ":", "Iran will respond")]),
        ("Iran s envoy says border is shut", [("Iran s envoy", "says", "border is shut")]),
        ("Kabul Rejects Plan for Border", [("Kabul", "Rejects", "Plan for Border")]),
        ("United States Rules on Border", []),
        ("US warns of raids", [("US", "warns", "of raids")]),
        ("WHO says clinics are full", [("WHO", "says", "clinics are full")]),
        ("Border is shut, declares transport secretary", [("transport secretary", "declares", "Border is shut")]),
        ("Border is shut, police confirm", [("police", "confirm", "Border is shut")]),
    ],
)
def test_headlines_with_few_marks(text: str, expected: list[tuple[object, ...]]) -> None:
    assert said(text) == expected
    assert said(text + "\n\nIt rained.") == expected


@pytest.mark.parametrize(
    ("headline", "speaker"),
    [
        ("Zarmal Border will stay shut", "Zarmal"),
        ("Minister Border will stay shut", "Minister"),
        ("Farah minister Nobody should cross border", "Farah minister"),
        ("Border will stay shut Zarmal", "Zarmal"),
        ("Border will stay shut interior minister", "interior minister"),
        ("Border will stay shut for traders official", "official"),
        ("Border will stay shut to wheat analyst", "analyst"),  # a role below no noun of the text
        ("Zarmal plans to visit Farahi", None),
        ("Minister Zarmal visits Herat", None),  # a title and its name
        ("Zarmal Visits Herat and Farah", None),  # capitals everywhere
        ("Herat trade meets Zarmal", None),  # no verb is known, no claim
        ("Talks on border with Zarmal", None),
    ],
)
def test_a_headline_without_its_colon_is_of_who_speaks_below(headline: str, speaker: str | None) -> None:
    body = "In Farah, interior minister Ali Zarmal said the border would stay shut. Nobody is to cross, Minister Zarmal said."
    assert next((row[0] for row in said(f"{headline}\n\n{body}") if row[2] in headline), None) == speaker


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("KABUL (Agency) – The border is shut, Noor said.", [("Noor", "said", "The border is shut")]),
        ("KABUL – The border is shut, according to Noor.", [("Noor", "according to", "The border is shut")]),
        ("NATO – the alliance – is late, Noor said.", [("Noor", "said", "NATO – the alliance – is late")]),
        ("The border is shut, say traders.", [("traders", "say", "The border is shut")]),
        ("“The border is shut,” say traders.", [("traders", "say", "“The border is shut,”")]),
        ("The border is shut, the report states.", [("the report", "states", "The border is shut")]),
        ("Kabul claims it shut the border.", [("Kabul", "claims", "it shut the border")]),
        ("The newspaper reports the border is shut.", [("The newspaper", "reports", "the border is shut")]),
        ("The boards of trade and claims the court heard were late.", []),
        ("Noor said, however, the border was shut.", [("Noor", "said", "the border was shut")]),
        ("Noor says about one third of the road is paved.", [("Noor", "says", "about one third of the road is paved")]),
        (
            "Noor condemned the raid saying it broke a promise.",
            [("Noor", "condemned", "the raid"), ("Noor", "saying", "it broke a promise")],
        ),
        (
            "General Noor was quoted saying on Friday that the border was shut.",
            [("General Noor", "saying", "that the border was shut")],
        ),
        ("Pointing to the map, Noor said the border was shut.", [("Noor", "said", "the border was shut")]),
        ("No date was announced.", []),
        ("The result will be announced.", []),
        ("The result was announced.", [(None, "announced", "The result")]),
        ("Police have not said what caused the fire.", []),
        ("Police could not confirm the fire.", []),
        (
            "Noor took responsibility for losses, including the fire.",
            [("Noor", "took responsibility for", "losses, including the fire")],
        ),
        ("The raid reportedly failed.", [(None, "reportedly", "The raid failed")]),
        ("Reportedly, the raid failed.", [(None, "Reportedly", "the raid failed")]),
        ("The raid was shelved, reportedly.", []),
        ("A letter said to be his was found.", [(None, "said", "A letter to be his was found")]),
        ("Herat offered to mediate.", [("Herat", "offered", "to mediate")]),
        ("Noor wished the wounded a quick recovery.", [("Noor", "wished", "the wounded a quick recovery")]),
        (
            "Traders say guards have shut the border after accusing him of theft.",
            [
                ("Traders", "say", "guards have shut the border"),
                ("guards", "accusing", "him of theft"),
            ],
        ),
    ],
)
def test_forms_of_speech_in_news(text: str, expected: list[tuple[object, ...]]) -> None:
    assert said(text) == expected


def test_columns_are_those_of_the_design() -> None:
    table = extract_statements(pd.DataFrame({"doc_id": ["a"], "text": ["Noor said talks go on."]}), resolve=False)
    assert {name: str(kind) for name, kind in table.dtypes.items()} == COLUMNS


@settings(deadline=None)
@given(st.text(alphabet=st.one_of(st.characters(codec="utf-8"), st.sampled_from("“”\"'‘’ .,:said\n")), max_size=120))
def test_offsets_hold_on_any_text(text: str) -> None:
    table = extract_statements(pd.DataFrame({"doc_id": ["a"], "text": [text]}), resolve=False)
    for row in table.itertuples():
        assert row.content == " ".join(text[start:end] for start, end in row.spans)
        assert (row.start, row.end) == (row.spans[0][0], row.spans[-1][1])
        assert all(start < end for start, end in row.spans)
        if not pd.isna(row.speaker_start):
            assert row.speaker == text[row.speaker_start : row.speaker_end]
        if not pd.isna(row.cue_start):
            assert row.cue == text[row.cue_start : row.cue_end]


def test_locate_carries_offsets_over_pieces() -> None:
    text = "“We met,” Noor said, “and we agreed.”"
    statements = extract_statements(pd.DataFrame({"doc_id": ["a"], "text": [text]}), resolve=False)
    content = statements["content"].iloc[0]
    start = content.index("agreed")
    rows = pd.DataFrame(
        {"statement_id": statements["statement_id"], "content_start": [start], "content_end": [start + len("agreed")]}
    )
    placed = locate(rows, statements).iloc[0]
    assert text[placed["start"] : placed["end"]] == "agreed"


def test_locate_refuses_what_lies_outside() -> None:
    statements = pd.DataFrame({"statement_id": ["a#0"], "doc_id": ["a"], "spans": [((0, 5),)]})
    rows = pd.DataFrame({"statement_id": ["a#0"], "content_start": [0], "content_end": [9]})
    with pytest.raises(ValueError, match="outside the content"):
        locate(rows, statements)


def test_missing_column_is_named() -> None:
    with pytest.raises(ValueError, match="text"):
        extract_statements(pd.DataFrame({"doc_id": ["a"]}))


def test_speeches_are_packed_within_paragraphs() -> None:
    text = "We came. We saw. We met. We left.\n\nPeace is near."
    table = speech_statements(pd.DataFrame({"doc_id": ["s"], "text": [text], "country": ["NOR"]}), max_sentences=3)
    assert table["content"].tolist() == ["We came. We saw. We met.", "We left.", "Peace is near."]
    assert table["speaker_country"].tolist() == ["NOR"] * 3


def test_kind_follows_the_marks() -> None:
    text = "“It is shut,” Noor said. Noor said it was “quite shut” now. Noor said it was shut."
    table = extract_statements(pd.DataFrame({"doc_id": ["a"], "text": [text]}), resolve=False)
    assert table["kind"].tolist() == ["direct", "mixed", "indirect"]


def test_missing_text_is_no_statement_and_no_error() -> None:
    articles = pd.DataFrame({"doc_id": ["a", "b"], "text": [None, "Noor said talks go on."]})
    assert extract_statements(articles, resolve=False)["doc_id"].tolist() == ["b"]


def test_no_articles_make_an_empty_table_with_the_same_types() -> None:
    table = extract_statements(pd.DataFrame({"doc_id": [], "text": []}), resolve=False)
    assert {name: str(kind) for name, kind in table.dtypes.items()} == COLUMNS


def test_repeated_document_is_refused() -> None:
    with pytest.raises(ValueError, match="more than once"):
        extract_statements(pd.DataFrame({"doc_id": ["a", "a"], "text": ["x", "y"]}))


def test_articles_are_not_changed_and_order_of_articles_is_kept() -> None:
    articles = pd.DataFrame(
        {"doc_id": ["b", "a"], "text": ["Noor said talks go on.", "Hale said talks ended."]}, index=[7, 3]
    )
    before = articles.copy(deep=True)
    assert extract_statements(articles, resolve=False)["doc_id"].tolist() == ["b", "a"]
    pd.testing.assert_frame_equal(articles, before)


def test_workers_find_the_same() -> None:
    articles = pd.DataFrame({"doc_id": [str(i) for i in range(70)], "text": ["Noor said talks go on."] * 70})
    one = extract_statements(articles, resolve=False)
    pd.testing.assert_frame_equal(one, extract_statements(articles, resolve=False, n_jobs=2))


def test_a_cue_added_to_the_codebook_is_found() -> None:
    book = load_codebook()
    text = pd.DataFrame({"doc_id": ["a"], "text": ["Noor trumpeted that the border was shut."]})
    verbs = {**book.cues["verbs"], "trumpet": {"kind": "speech", "frames": ["that"]}}
    edited = replace(book, cues={**book.cues, "verbs": verbs})
    assert len(extract_statements(text, codebook=book, resolve=False)) == 0
    assert extract_statements(text, codebook=edited, resolve=False)["cue"].tolist() == ["trumpeted"]


def test_beliefs_are_found_when_the_codebook_asks_for_them() -> None:
    book = load_codebook()
    text = pd.DataFrame({"doc_id": ["a"], "text": ["Noor believes that the border is shut."]})
    edited = replace(book, cues={**book.cues, "statements": {"kinds": ["speech", "belief"]}})
    assert len(extract_statements(text, codebook=book, resolve=False)) == 0
    assert extract_statements(text, codebook=edited, resolve=False)["speaker"].tolist() == ["Noor"]


@pytest.mark.parametrize(
    "entry", [{"kind": "speech"}, {"frames": ["that"]}, {"kind": "speech", "frames": ["that", "nuon"]}]
)
def test_a_broken_entry_is_named(entry: dict[str, object]) -> None:
    book = load_codebook()
    edited = replace(book, cues={**book.cues, "verbs": {**book.cues["verbs"], "trumpet": entry}})
    with pytest.raises(ValueError, match="trumpet"):
        extract_statements(pd.DataFrame({"doc_id": ["a"], "text": ["x"]}), codebook=edited, resolve=False)


def test_offsets_hold_on_real_articles(shared: Path) -> None:
    for name in ("polnear-dev", "wikinews-train"):
        packed = (shared / "benchmarks" / "attribution" / f"{name}.jsonl.gz").read_bytes()
        lines = gzip.decompress(packed).decode("utf-8").strip().split("\n")
        articles = pd.DataFrame([json.loads(line) for line in lines])[["id", "text"]].set_axis(
            ["doc_id", "text"], axis=1
        )
        texts = articles.set_index("doc_id")["text"]
        table = extract_statements(articles, resolve=False)
        assert len(table) > len(articles)
        for row in table.itertuples():
            assert row.content == " ".join(texts[row.doc_id][start:end] for start, end in row.spans)


def test_speeches_keep_what_matches_and_say_who_speaks() -> None:
    speeches = pd.DataFrame(
        {"doc_id": ["s"], "text": ["We thank you. We grieve with Kabul.\nTrade grows."], "country": ["NOR"]}
    )
    table = speech_statements(speeches, match=["kabul"], max_sentences=1)
    assert table["content"].tolist() == ["We grieve with Kabul."]
    assert table[["speaker_id", "speaker_country", "speaker_type"]].iloc[0].tolist() == ["norway", "NOR", "state"]
    assert list(table.columns[: len(COLUMNS)]) == list(COLUMNS)


def test_unknown_country_is_not_guessed() -> None:
    table = speech_statements(pd.DataFrame({"doc_id": ["s"], "text": ["We met."], "country": ["XXX"]}))
    assert table["speaker_id"].isna().all()
    assert table["speaker_country"].tolist() == ["XXX"]


@pytest.mark.parametrize("limits", [{"max_sentences": 0}, {"max_words": 0}])
def test_limits_below_one_are_refused(limits: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="1 or more"):
        speech_statements(pd.DataFrame({"doc_id": ["s"], "text": ["We met."]}), **limits)


def test_a_pattern_that_is_none_is_named() -> None:
    with pytest.raises(ValueError, match="no regular expression"):
        speech_statements(pd.DataFrame({"doc_id": ["s"], "text": ["We met."]}), match="(")


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("ab .?!\n“”"), max_size=80), st.integers(1, 4), st.integers(1, 9))
def test_speeches_lose_no_word(text: str, max_sentences: int, max_words: int) -> None:
    speeches = pd.DataFrame({"doc_id": ["s"], "text": [text]})
    table = speech_statements(speeches, max_sentences=max_sentences, max_words=max_words)
    assert " ".join(table["content"]).split() == text.split()


def test_a_sentence_without_end_is_still_read() -> None:
    text = "“We wait,” Noor said. " + "he said that " * 2000
    table = extract_statements(pd.DataFrame({"doc_id": ["a"], "text": [text]}), resolve=False)
    assert table["content"].iloc[0] == "“We wait,”"
    assert all(row.content == text[row.start : row.end] for row in table.itertuples() if len(row.spans) == 1)


@pytest.mark.parametrize(
    ("text", "speakers", "contents"),
    [
        (
            "An official who declined to be named said the talks had failed.",
            ["An official who declined to be named"],
            ["the talks had failed"],
        ),
        (
            "Two guards who were injured said the gate was open.",
            ["Two guards who were injured"],
            ["the gate was open"],
        ),
        (
            "Clerks who warned the dam would fail said nobody listened.",
            ["who", "Clerks who warned the dam would fail"],
            ["the dam would fail", "nobody listened"],
        ),
        (
            "Noor praised those who fought and said the war was over.",
            ["Noor", "Noor"],
            ["those who fought", "the war was over"],
        ),
        ("The clerk met a man who fled, Noor said.", ["Noor"], ["The clerk met a man who fled"]),
    ],
)
def test_a_subject_keeps_its_relative_clause(text: str, speakers: list[str], contents: list[str]) -> None:
    found = extract_statements(pd.DataFrame({"doc_id": ["a"], "text": [text]}))
    assert found["speaker"].tolist() == speakers
    assert found["content"].tolist() == contents


def test_at_once_ends_a_statement_whole() -> None:
    found = extract_statements(pd.DataFrame({"doc_id": ["a"], "text": ["Noor said that they would leave at once."]}))
    assert found["content"].tolist() == ["that they would leave at once"]


@pytest.mark.parametrize(
    ("text", "outer"),
    [
        ("The agency reported that Noor had said the border was shut.", [None, "a#0"]),
        ("The border is shut, Noor said on Monday, the agency reported.", ["a#1", None]),
        ("“We wait,” Noor was cited by the agency as saying.", [None, "a#0"]),
        ("The border is shut, the agency quoted Noor as saying.", [None, "a#0"]),
        ("Noor said that Ruiz said that the envoy said the border was shut.", [None, "a#0", "a#1"]),
        ("Noor said the border was shut. Ruiz said it was not.", [None, None]),
    ],
)
def test_a_report_within_a_report_points_to_it(text: str, outer: list[str | None]) -> None:
    table = extract_statements(pd.DataFrame({"doc_id": ["a"], "text": [text]}))
    assert [None if pd.isna(one) else one for one in table["reported_by"]] == outer


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("And from the ministry: “We will wait.”", ("the ministry", ":", "“We will wait.”")),
        ("“We will wait” – Ana Noor, the minister.", ("Ana Noor", None, "“We will wait”")),
        ("Noor condemned on Friday the raid on the airbase.", ("Noor", "condemned", "the raid on the airbase")),
        ("Noor voiced concern over the border.", ("Noor", "voiced", "concern over the border")),
        ("He praised a proposal by Noor to open the border.", ("Noor", "proposal", "to open the border")),
        (
            "The board says although others claimed to send aid, none has come.",
            ("The board", "says", "although others claimed to send aid, none has come"),
        ),
        (
            "The envoy also expressed concern over arms, saying this will spread.",
            ("The envoy", "expressed", "concern over arms"),
        ),
    ],
)
def test_forms_of_news_agencies(text: str, expected: tuple[object, ...]) -> None:
    assert expected in said(text)


@pytest.mark.parametrize(
    "text", ["'''''''''' said.\x1b", "blaming accused with ", "… has his \x1b from . that added 3 she )to"]
)
def test_a_text_of_marks_ends_where_it_ends(text):
    found = extract_statements(pd.DataFrame({"doc_id": ["a"], "text": [text]}))
    assert all(0 <= start < end <= len(text) for spans in found["spans"] for start, end in spans)
