"""Speakers: text in, who spoke out. Speakers are marked ⟦so⟧; all officials are invented."""

from __future__ import annotations

import json
import re

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.codebook.load import load_codebook
from helpers.statements.extract import extract_statements
from helpers.statements.people.resolve import COLUMNS, resolve_speakers
from tests.benchmarks.speakers import judge_own

MARKED = re.compile(r"⟦([^⟧]*)⟧")
BOOK = load_codebook()
FIRST = "Interior Minister Zubair Hamdani met reporters in Kabul."


def resolve(marked: str, *, date: str | None = None, **columns: list[object]) -> pd.DataFrame:
    """Resolve the marked speakers of one article."""
    text, rows, at = "", [], 0
    for m in MARKED.finditer(marked):
        text += marked[at : m.start()]
        rows.append({"doc_id": "a", "speaker": m[1], "speaker_start": len(text), "speaker_end": len(text) + len(m[1])})
        text += m[1]
        at = m.end()
    text += marked[at:]
    articles = pd.DataFrame({"doc_id": ["a"], "text": [text], "date": pd.to_datetime([date])})
    return resolve_speakers(pd.DataFrame(rows).assign(**columns), articles, codebook=BOOK)


def last(marked: str, column: str, *, date: str | None = None) -> object:
    value = resolve(marked, date=date)[column].iloc[-1]
    return None if pd.isna(value) else value


NAMES = {
    "surname": (f"{FIRST} ⟦Hamdani⟧ said talks went on.", "Zubair Hamdani"),
    "title and surname": (f"{FIRST} ⟦Mr. Hamdani⟧ said talks went on.", "Zubair Hamdani"),
    "he": (f"{FIRST} ⟦He⟧ said talks went on.", "Zubair Hamdani"),
    "role": (f"{FIRST} ⟦The interior minister⟧ said so.", "Zubair Hamdani"),
    "short role": (f"{FIRST} ⟦The minister⟧ said so.", "Zubair Hamdani"),
    "name after role": (f"{FIRST} ⟦The mayor of Paris, Odile Marchetti⟧, agreed.", "Odile Marchetti"),
    "name before role": (f"{FIRST} ⟦Odile Marchetti, the mayor of Paris⟧, agreed.", "Odile Marchetti"),
    "role in small letters": ("⟦Study co-author Tamsin Okoro-Wells⟧ was surprised.", "Tamsin Okoro-Wells"),
    "she skips a man": (
        f"{FIRST} Spokeswoman Odile Marchetti came too. Hamdani listened. ⟦She⟧ said yes.",
        "Odile Marchetti",
    ),
    "he skips a woman": (f"{FIRST} Mrs Marchetti listened. ⟦He⟧ said yes.", "Zubair Hamdani"),
    "name only in a quotation": (f"{FIRST} “I admire Peter Holm,” he said. ⟦He⟧ left.", "Zubair Hamdani"),
    "spelling": ("Colonel Yahya Sarewi met us. ⟦Sarewy⟧ said yes.", "Yahya Sarewi"),
    "possessive document": (f"{FIRST} ⟦Hamdani’s statement⟧ said so.", "Zubair Hamdani"),
    "document by": (f"{FIRST} ⟦A report by Human Rights Watch⟧ said so.", "Human Rights Watch"),
    "document of a body": ("The Harbour Safety Board met. ⟦Its report⟧ said so.", "Harbour Safety Board"),
    "body by its kind": ("The Harbour Safety Board met. ⟦The board⟧ said so.", "Harbour Safety Board"),
    "body as it": ("⟦The Harbour Safety Board⟧ met. ⟦It⟧ said so.", "Harbour Safety Board"),
    "acronym in brackets": ("The Harbour Safety Board (HSB) met. ⟦HSB⟧ said so.", "Harbour Safety Board"),
    "full name comes later": ("⟦Hamdani⟧ says yes\n\n" + FIRST, "Zubair Hamdani"),
    "two people": (f"{FIRST} ⟦Hamdani and Odile Marchetti⟧ agreed.", "Zubair Hamdani and Odile Marchetti"),
    "of a workplace": ("⟦Odile Marchetti of the Harbour Board⟧ said so.", "Odile Marchetti"),
    "role told by what follows a name": (
        "Odile Marchetti came from exile. ⟦The former adviser⟧ agreed.",
        "Odile Marchetti",
    ),
    "somebody new": (f"{FIRST} ⟦An interior minister⟧ from abroad agreed.", "interior minister"),
    "he is not the name just before": (
        f"{FIRST} Of the men around Peter Holm ⟦he⟧ said nothing.",
        "Zubair Hamdani",
    ),
    "he after somebody unnamed": (f"{FIRST}\n\nAn inspector from Herat watched. ⟦He⟧ said no.", "inspector"),
    "a role in -ss is one person": (
        "Odile Marchetti came.\n\nA witness from Herat watched. ⟦She⟧ said no.",
        "witness",
    ),
    "an office of an office": (
        "It is open, said ⟦the Chairman of Chamber of Industry of Herat⟧.",
        "Chairman of Chamber of Industry of Herat",
    ),
    "a title is nobody's name": (
        "A sergeant stood by the gate and identified himself as Minister. ⟦He⟧ said no.",
        "sergeant",
    ),
    "who": (f"{FIRST} It was told to Odile Marchetti of the harbour board, ⟦who⟧ said no.", "Odile Marchetti"),
    "statement of the last to speak": (f"{FIRST} ⟦Hamdani⟧ spoke. ⟦The statement⟧ was short.", "Zubair Hamdani"),
    "family": (f"{FIRST} ⟦His family⟧ said so.", "Zubair Hamdani’s family"),
    "unnamed officials": (f"{FIRST} ⟦Senior officials⟧ said so.", "Senior officials"),
    "who, of somebody only described": ("It came from a headmaster in Herat ⟦who⟧ was angry.", "headmaster in Herat"),
    "who, past an apposition": (
        f"{FIRST} So did Col. Odile Marchetti, the spokeswoman for the board, ⟦who⟧ agreed.",
        "Odile Marchetti",
    ),
    "himself": (f"{FIRST} So ⟦he himself⟧ said.", "Zubair Hamdani"),
    "one of several": ("The boatmen sat apart. ⟦One⟧ said no.", "One of the boatmen"),
    "he, after one of them": ("The boatmen sat apart. ⟦One of them⟧ said no. ⟦He⟧ left.", "One of the boatmen"),
    "they, who were several": ("The ministry was shut. Drivers waited. ⟦They⟧ said no.", "Drivers"),
    "a word for the kind": ("Colonel Yahya Sarewi met us. ⟦The officer⟧ said yes.", "Yahya Sarewi"),
    "not the president of elsewhere": (f"{FIRST} ⟦The French president⟧ said so.", "French president"),
    "role of a body, of who was just named": (
        "It begins with Odile Marchetti. ⟦The ministry’s spokeswoman⟧ said so.",
        "Odile Marchetti",
    ),
    "nationality before a name": ("⟦The Spaniard, Odile Marchetti⟧, agreed.", "Odile Marchetti"),
    "somebody named so": ("A baker named Odile stood by. ⟦She⟧ said no.", "Odile"),
    "an adverb is no name": (f"{FIRST} Finally it rained. ⟦He⟧ said no.", "Zubair Hamdani"),
    "two letters": ("The Harbour Office met. ⟦HO⟧ said so.", "Harbour Office"),
    "government of": ("⟦The government of Mali⟧ said so.", "government of Mali"),
    "who comes in before who": (
        f"{FIRST} He was followed by Peter Holm, who keeps the harbour. ⟦He⟧ said yes.",
        "Peter Holm",
    ),
    "an officer there": (f"{FIRST} ⟦An officer there⟧ said no.", "officer"),
    "a role that acts": (f"{FIRST} That officer opened a drawer. ⟦He⟧ said no.", "officer"),
    "one of several acts": (
        "One of the drivers had got down. Peter Holm waited by the gate. ⟦She⟧ said no.",
        "One of the drivers",
    ),
    "another of the women": (
        f"{FIRST} ⟦Another of the women⟧ had been asked by a cleric. ⟦She⟧ said no.",
        "Another of the women",
    ),
    "a trade by its ending": (f"{FIRST}\n\nA schoolteacher from Herat watched. ⟦He⟧ said no.", "schoolteacher"),
    "a body without a name": (
        f"{FIRST} Rain fell on the roof of a French charity. ⟦Its director⟧ said so.",
        "French charity’s director",
    ),
    "several and their place": (
        "Boatmen in Landi Kotal, who had waited, sat apart. ⟦One of them⟧ said no.",
        "One of the Boatmen in Landi Kotal",
    ),
    "a board itself": ("The Harbour Board met. ⟦The Board itself⟧ said so.", "Harbour Board"),
    "who spoke last, by the word for a kind": (f"{FIRST} ⟦Hamdani⟧ agreed. ⟦The top official⟧ left.", "Zubair Hamdani"),
    "apposition whose comma is lost": ("Odile Marchetti, ⟦a harbour spokeswoman⟧ said no.", "Odile Marchetti"),
    "where a statement was told of": (
        "⟦The Harbour Board⟧ said so in a statement. ⟦Peter Holm⟧ came. ⟦The statement⟧ was short.",
        "Harbour Board",
    ),
    "a participle is no name": (f"{FIRST} ⟦Quoting Odile Marchetti⟧ took long.", "Odile Marchetti"),
    "a day is no name": ("⟦Odile Marchetti Tuesday⟧ said no.", "Odile Marchetti"),
    "nobody who speaks": (f"{FIRST} ⟦The blast⟧ said so.", None),
    "no speaker at the head": (f"{FIRST} ⟦the third question⟧ said so.", None),
    "sources close to it": (f"{FIRST} ⟦Sources close to the talks⟧ said so.", "Sources close to the talks"),
    "a number of people": (f"{FIRST} ⟦A number of residents⟧ said so.", "number of residents"),
    "one of those who act": (
        "Drivers were told of the toll by ⟦reporters⟧. ⟦One⟧ asked who would pay.",
        "One of the Drivers",
    ),
    "a publication just named": ("⟦The Harbour Herald⟧ said so. ⟦The trade publication⟧ went on.", "Harbour Herald"),
    "the author of what was quoted": (f"{FIRST} ⟦Peter Holm⟧ wrote so. It was long. ⟦Its author⟧ left.", "Peter Holm"),
    "one, an inspector": (f"{FIRST}\n\nOne, an inspector from Herat, left. ⟦He⟧ said no.", "inspector"),
    "an apposition without an article": ("Odile Marchetti, ⟦head of the harbour⟧, said no.", "Odile Marchetti"),
    "no apposition of a place": ("Achin, ⟦residents⟧ said, is calm.", "residents"),
    "who comes in as it is said": (
        "Zubair Hamdani told reporters: “A judge has come.” ⟦He⟧ agreed.",
        "Zubair Hamdani",
    ),
    "in the person of": ("⟦The harbour side, in the person of Odile Marchetti⟧, agreed.", "Odile Marchetti"),
    "both": (f"{FIRST} He asked both captains to stay, and ⟦both⟧ agreed.", "captains"),
    "engineer told of next": (
        "It was read out by the board’s engineer, who built the pier in ten years, four of them, ⟦he⟧ said, waiting.",
        "board’s engineer",
    ),
    "a surname with a title": (
        "The Noor administration met reporters. ⟦President Noor⟧ agreed. ⟦He⟧ said no.",
        "President Noor",
    ),
    "the body that stands before a statement": ("⟦An Israeli army statement⟧ said so.", "Israeli army"),
    "an expert who is named next": (
        "An expert on trade came.\n\n⟦Odile Marchetti⟧ agreed. Rain fell. ⟦The expert⟧ left.",
        "Odile Marchetti",
    ),
    "who speaks alone": ("Major Peter Holm came. ⟦Holm⟧ agreed. ⟦The spokesman⟧ left.", "Peter Holm"),
    "a title is not who speaks alone": (
        "Major Odile Marchetti came. ⟦Marchetti⟧ agreed. ⟦The Deputy Governor⟧ left.",
        "Deputy Governor",
    ),
    "who made the remarks": (
        "⟦A Kabul official⟧ agreed. Odile Marchetti made the remarks in Herat.",
        "Odile Marchetti",
    ),
    "nobody’s report": ("⟦Odile Marchetti⟧ agreed. ⟦A report⟧ denied it.", "report"),
    "letters before a first name": ("⟦The envoy to the UN Peter Holm⟧ agreed.", "Peter Holm"),
    "a role in brackets beside a name": (
        "Odile Marchetti, the chief of the Kabul Harbour Corps (KHC), came. Peter Holm left. ⟦The corps chief⟧ agreed.",
        "Odile Marchetti",
    ),
    "the same study": ("⟦A study⟧ said so. ⟦The same study⟧ went on.", "study"),
    "whose brother is no role": (
        "A sergeant watched.\n\nMaryam Holm, whose brother sold bread, waited. ⟦She⟧ said no.",
        "Maryam Holm",
    ),
    "the report of its maker": (
        f"{FIRST} A report by Human Rights Watch was read. Rain fell. ⟦The report⟧ said so.",
        "Human Rights Watch",
    ),
    "the statement of its maker": (
        f"{FIRST} Holm’s long statement was read. Peter Holm left. ⟦Hamdani⟧ spoke. ⟦The statement⟧ was short.",
        "Peter Holm",
    ),
    "the one speaker without a role": (
        f"⟦Peter Holm⟧ said so. Rain fell.\n\n{FIRST} He left. Rain fell. ⟦The old adviser⟧ said no.",
        "Peter Holm",
    ),
    "two have spoken": (
        f"{FIRST} ⟦Hamdani⟧ agreed. ⟦Spokeswoman Odile Marchetti⟧ came. ⟦The peace negotiator⟧ left.",
        "peace negotiator",
    ),
    "of another country": (f"{FIRST} ⟦Hamdani⟧ agreed. ⟦The French peace negotiator⟧ left.", "French peace negotiator"),
    "the body that spoke last": (
        "⟦Amnesty International⟧ said so. ⟦The human rights group⟧ left.",
        "Amnesty International",
    ),
    "a body is no newspaper": ("⟦Amnesty International⟧ said so. ⟦The trade magazine⟧ left.", "trade magazine"),
    "a group by its name": (
        f"{FIRST} The press freedom group Harbours Without Borders came. ⟦It⟧ said so.",
        "Harbours Without Borders",
    ),
    "a State after its adjective": ("A Pakistani guard slept. ⟦Pakistan⟧ agreed. ⟦It⟧ left.", "Pakistan"),
    "a capital where something stood": ("⟦The Harbour Board⟧ met in Paris. ⟦It⟧ said so.", "Harbour Board"),
    "a verb in a headline in capitals": (
        f"Border Shut Today, Port Spokesman Says\n\n{FIRST} ⟦He⟧ left.",
        "Zubair Hamdani",
    ),
    "the role of who stands before": (
        "He sat with Peter Holm, the harbour minister, Zubair Hamdani said. ⟦The minister⟧ left.",
        "Peter Holm",
    ),
    "a statement beside its agency": (
        "⟦The Harbour Board⟧ said so in a statement, ⟦TASS⟧ reported. ⟦The statement⟧ was short.",
        "Harbour Board",
    ),
    "a statement of its own": (
        f"{FIRST} Peter Holm came. ⟦A statement by Holm⟧ was read. ⟦Hamdani⟧ read a statement. ⟦The statement⟧ left.",
        "Zubair Hamdani",
    ),
    "a statement issued": (f"{FIRST} ⟦A board statement issued today⟧ was short.", "board"),
    "a published report": (f"{FIRST} ⟦A published report⟧ was short.", "published report"),
    "he, no lake": (
        "⟦Shamsuddin Qaderzai⟧ said so. Boats crossed Hamunak Jheel. Hamunak Jheel was high. ⟦He⟧ left.",
        "Shamsuddin Qaderzai",
    ),
    "a newspaper by its noun": (
        "⟦The Sharqi newspaper⟧ said so. ⟦The Harbour Board⟧ left. ⟦The paper⟧ agreed.",
        "Sharqi",
    ),
    "an agency after its name": ("⟦The Tasnim news agency⟧ said so. ⟦Tasnim⟧ agreed.", "Tasnim news agency"),
    "a website": (f"{FIRST} ⟦harbour-board.example⟧ said so.", "harbour-board.example"),
    "a chair of a chamber of commerce": (
        "⟦The Chairman of Kabul Chamber of Commerce⟧ said so. Peter Holm came.",
        "Chairman of Kabul Chamber of Commerce",
    ),
    "a newspaper by its last word": (
        "The Tehran Times was read. The Washington Post came. ⟦The Post⟧ agreed.",
        "Washington Post",
    ),
    "a movement for the": (
        "⟦The Movement for the Relief of Lake Hamun⟧ said so. ⟦The group⟧ agreed.",
        "Movement for the Relief of Lake Hamun",
    ),
    "a party with a small e": ("⟦Anjuman e Bandar⟧ said so.", "Anjuman e Bandar"),
    "a chief of staff": (f"{FIRST} ⟦Presidential chief of staff Odile Marchetti⟧ agreed.", "Odile Marchetti"),
    "a force is no holder": (
        "Admiral Peter Holm, commander of the Iranian Navy, came. ⟦The commander of the Iranian Navy⟧ agreed.",
        "Peter Holm",
    ),
    "an honorific after a body": (
        f"{FIRST} ⟦The Secretary-General of the Lebanese Relief Movement Seyed Shamsuddin Qaderzai⟧ agreed.",
        "Seyed Shamsuddin Qaderzai",
    ),
    "no body is a news agency": ("⟦Amnesty International⟧ said so. ⟦Syria’s news agency⟧ left.", "Syria’s news agency"),
    "no world body is an armed group": ("⟦The U.N.⟧ said so. ⟦The armed group⟧ left.", "armed group"),
    "a report in a newspaper": (
        f"{FIRST} A report in the Harbour Herald was read. ⟦Hamdani⟧ left. ⟦The report⟧ was short.",
        "Harbour Herald",
    ),
    "no document issues another": (
        "⟦A new survey⟧ said so. ⟦The Harbour Board⟧ agreed. ⟦The report⟧ was short.",
        "Harbour Board",
    ),
    "a day owns no statement": (f"{FIRST} ⟦Hamdani⟧ spoke. ⟦Sunday’s statement⟧ was short.", "statement"),
    "a day before the speaker": (f"{FIRST} ⟦Sunday, the minister⟧ agreed.", "Zubair Hamdani"),
    "a bomb that showed": (f"{FIRST} Nobody saw the bomb ⟦that⟧ showed it. ⟦He⟧ left.", "Zubair Hamdani"),
    "the same report": ("⟦TASS⟧ said so. Rain fell. ⟦The same report⟧ went on.", "TASS"),
    "what stands in brackets": ("⟦The Harbour Board (a body of the port)⟧ said so.", "Harbour Board"),
    "the side of a country": (f"Afghan {FIRST} Peter Holm came. ⟦The Afghan side⟧ agreed.", "Zubair Hamdani"),
    "what an office is for": (
        "⟦Deputy Minister for Harbour Affairs Peter Holm⟧ said so. ⟦Holm⟧ left.",
        "Peter Holm",
    ),
    "an office of two words": ("Deputy Minister of Public Health Zubair Hamdani came. ⟦He⟧ left.", "Zubair Hamdani"),
    "a general with a hyphen": ("Brigadier-General Zubair Hamdani came. ⟦Hamdani⟧ left.", "Zubair Hamdani"),
    "a name beside the word for a place": (f"{FIRST} It rained in Pulkhana district. ⟦He⟧ left.", "Zubair Hamdani"),
    "a name that ends in one": (f"{FIRST} They saw Pulkhana Dam. ⟦He⟧ left.", "Zubair Hamdani"),
    "a known body by its letters": (
        "⟦The Russian Ministry of Defense (MoD)⟧ said so. ⟦MoD⟧ went on.",
        "Russian Ministry of Defense",
    ),
    "an advisory": ("The Harbour Board issued an advisory. Rain fell. ⟦The advisory⟧ was short.", "Harbour Board"),
    "a verb ends a description": ("⟦Two drivers say the road⟧ is shut.", "Two drivers"),
    "a spelling by its sound": ("General Omid Baghlani came. ⟦Baqlani⟧ left.", "Omid Baghlani"),
    "no speaker over something": (
        f"{FIRST} A blast over the land of the law ended it. ⟦The blast over the land of the law⟧ said so.",
        None,
    ),
    "a first name is a person": (
        "Habib, who sells glass, stood by. He named men of Peter Holm. ⟦He⟧ said no.",
        "Habib",
    ),
}


@pytest.mark.parametrize(
    ("lead", "name"),
    [("said no on Monday", "Odile Marchetti"), ("said no on condition of anonymity", "top Afghan official")],
)
def test_a_lead_takes_the_name_told_further_down(lead: str, name: str) -> None:
    below = "⟦Odile Marchetti, secretary of the board⟧, said yes. ⟦The official⟧ left."
    told = resolve(f"⟦A top Afghan official⟧ {lead}.\n\n{below}")["speaker_name"].tolist()
    assert told[:2] == [name, "Odile Marchetti"]


@pytest.mark.parametrize(("marked", "name"), NAMES.values(), ids=NAMES.keys())
def test_fullest_name(marked: str, name: str) -> None:
    assert last(marked, "speaker_name") == name


# Whole paragraphs in, contents and speakers out.
SAID = {
    "speech after a dash": (
        f"{FIRST} — We will open the gates on Friday, Hamdani said.",
        [("We will open the gates on Friday", "Zubair Hamdani")],
    ),
    "and from": (
        f"{FIRST} And from the Harbour Board: “The gates stay shut.”",
        [("“The gates stay shut.”", "Harbour Board")],
    ),
    "a quotation left open over paragraphs": (
        "“The gates stay shut,” Zubair Hamdani said. “All of us have told them.\n\n“We will not tell them again.”",
        [
            ("“The gates stay shut,”", "Zubair Hamdani"),
            ("“All of us have told them.", "Zubair Hamdani"),
            ("“We will not tell them again.”", "Zubair Hamdani"),
        ],
    ),
    "an apposition after the name": (
        "“The gates stay shut,” said Zubair Hamdani, a former captain and head of the Harbour Board, on Monday.",
        [("“The gates stay shut,”", "Zubair Hamdani")],
    ),
    "indirect speech without that": (
        "Zubair Hamdani said the gates stay shut.",
        [("the gates stay shut", "Zubair Hamdani")],
    ),
    "a place before the speaker": (
        "In Zabul, officials said the gates stay shut.",
        [("the gates stay shut", "officials")],
    ),
    "a headline with a colon": (
        f"Hamdani: gates stay shut\n\n{FIRST}",
        [("gates stay shut", "Zubair Hamdani")],
    ),
    "a headline with a cue": (
        f"Hamdani says gates stay shut\n\n{FIRST}",
        [("gates stay shut", "Zubair Hamdani")],
    ),
}


@pytest.mark.parametrize(("text", "said"), SAID.values(), ids=SAID.keys())
def test_what_is_said_and_by_whom(text: str, said: list[tuple[str, str]]) -> None:
    found = extract_statements(pd.DataFrame({"doc_id": ["a"], "text": [text]}), codebook=BOOK)
    assert list(zip(found["content"], found["speaker_name"], strict=True)) == said


def test_nobody_acts_before_a_quotation_of_another_paragraph() -> None:
    text = "Zubair Hamdani shook his head.\n\n“The gates stay shut.”"
    found = extract_statements(pd.DataFrame({"doc_id": ["a"], "text": [text]}), codebook=BOOK)
    assert found["speaker_name"].isna().all()


ACTORS = {
    "capital": ("⟦Moscow⟧ said so.", "russia", "RUS", "government"),
    "state": ("⟦Pakistan⟧ said so.", "pakistan", "PAK", "government"),
    "agency": ("⟦News agency TASS⟧ reported so.", "tass", "RUS", "media"),
    "armed group": ("⟦The Taliban⟧ said so.", "taliban", "AFG", "armed_group"),
    "organisation": ("⟦The U.N.⟧ said so.", "united_nations", None, "international_organisation"),
    "alliance": ("⟦NATO⟧ said so.", "nato", None, "international_organisation"),
    "kind of ministry": ("⟦The Russian Foreign Ministry⟧ said so.", "russia_foreign_ministry", "RUS", "ministry"),
    "ministry of": ("⟦The Ministry of Foreign Affairs of Iran⟧ said so.", "iran_foreign_ministry", "IRN", "ministry"),
    "homonym by country": (
        "Pakistan agreed. Pakistan waits. ⟦The Foreign Office⟧ said so.",
        "pakistan_foreign_ministry",
        "PAK",
        "ministry",
    ),
    "force in small letters": ("⟦The Iranian police⟧ said so.", "iran_police", "IRN", "security_force"),
    "a place is not its State": ("Pakistan waited. ⟦Karachi⟧ said so.", "a:karachi", "PAK", "place"),
    "not the pronoun who": ("⟦WHO⟧ said so.", "world_health_organization", None, "international_organisation"),
    "not the pronoun us": ("They told us. ⟦The US⟧ said so.", "united_states", "USA", "government"),
    "country of a title": ("⟦Afghan Interior Minister Zubair Hamdani⟧ said so.", "a:zubair-hamdani", "AFG", "person"),
    "country after of": ("⟦President Zubair Hamdani of Iran⟧ said so.", "a:zubair-hamdani", "IRN", "person"),
    "ambassador to": ("⟦US Ambassador to Germany Odile Marchetti⟧ said so.", "a:odile-marchetti", "USA", "person"),
    "of a ministry": ("⟦Odile Marchetti⟧ of the Russian Foreign Ministry left.", "a:odile-marchetti", "RUS", "person"),
    "a ministry's spokesman": (
        "⟦A spokesman of the Russian Foreign Ministry⟧ said so.",
        "a:spokesman-of-the-russian-foreign-ministry",
        "RUS",
        "person",
    ),
    "an expert on": ("⟦Odile Marchetti, an expert on Pakistan⟧, said so.", "a:odile-marchetti", None, "person"),
    "first name Jordan": ("⟦Jordan Peel⟧, a farmer, said so.", "a:jordan-peel", None, "person"),
    "first name Chad": ("⟦Chad Wills⟧ said so. He left.", "a:chad-wills", None, "person"),
    "Georgia left open": ("⟦Georgia⟧ said so.", "a:georgia", None, "unknown"),
    "Georgia by company": ("Tbilisi was calm. ⟦Georgia⟧ said so.", "georgia", "GEO", "government"),
    "Namibia is no missing value": ("⟦Namibia⟧ said so.", "namibia", "NAM", "government"),
}


@pytest.mark.parametrize(("marked", "identity", "country", "kind"), ACTORS.values(), ids=ACTORS.keys())
def test_actor(marked: str, identity: str, country: str | None, kind: str) -> None:
    got = resolve(marked).iloc[-1]
    assert got["speaker_id"] == identity
    assert (None if pd.isna(got["speaker_country"]) else got["speaker_country"]) == country
    assert got["speaker_type"] == kind


BODY = "\n\nThe storm of Monday night had carried off most of the roofs along the quay, and all of the boats in it.\n\n"
HEADLINES = {
    "country and role": (
        f"⟦Afghan minister⟧ asks for boats{BODY}Afghan Interior Minister Zubair Hamdani came.",
        "Zubair Hamdani",
    ),
    "what somebody did": (
        f"⟦Former coach⟧ asks for boats{BODY}⟦Odile Marchetti⟧, who coached the town’s rowers, agreed.",
        "Odile Marchetti",
    ),
    "a headline without marks": (
        f"⟦Hamdani⟧ Gates Stay Shut{BODY}Afghan Interior Minister Zubair Hamdani came.",
        "Zubair Hamdani",
    ),
    "a role before what is said": (
        f"⟦Afghan official⟧ Atmosphere is calm{BODY}⟦Zubair Hamdani⟧, who heads the port, agreed.",
        "Zubair Hamdani",
    ),
    "several are nobody": (
        f"⟦Finance officials⟧ ask for boats{BODY}Odile Marchetti of the Finance Ministry agreed.",
        "Finance officials",
    ),
}


@pytest.mark.parametrize(("marked", "name"), HEADLINES.values(), ids=HEADLINES.keys())
def test_role_in_a_headline(marked: str, name: str) -> None:
    assert resolve(marked)["speaker_name"].iloc[0] == name


@pytest.mark.parametrize(
    ("headline", "name"),
    [
        ("Town will learn to row, says coach", "Odile Marchetti"),  # says the same
        ("Rain will come, says coach", "Peter Holm"),  # is named next
        ("Town will learn to row, says French coach", "French coach"),  # is of another country
        ("Town will learn to row, says source", "source"),  # is not to be known
    ],
)
def test_a_headline_is_said_by_the_likeliest(headline: str, name: str) -> None:
    below = (
        "Afghan soldier Peter Holm said the harbour is open.\n\n"
        "The town will learn to row in time, said Odile Marchetti, an Afghan fisher."
    )
    articles = pd.DataFrame({"doc_id": ["a"], "text": [f"{headline}{BODY}{below}"]})
    found = extract_statements(articles, codebook=BOOK)
    assert found["speaker_name"].tolist() == [name, "Peter Holm", "Odile Marchetti"]


def test_a_verb_in_a_headline_is_no_name() -> None:
    text = f"Boats Wait in Kabul, Port Spokesman Says{BODY}The gates stay shut, port director Zubair Hamdani said."
    found = extract_statements(pd.DataFrame({"doc_id": ["a"], "text": [text]}), codebook=BOOK)
    assert found["speaker_name"].tolist() == ["Zubair Hamdani", "Zubair Hamdani"]


def names_of(text: str, *rows: tuple[str | None, str | None, str, str]) -> list[object]:
    """Resolve rows of source, cue, kind and content, each found in the text by its words."""
    contents = [(text.rindex(content), text.rindex(content) + len(content)) for *_, content in rows]
    table = pd.DataFrame(
        {
            "doc_id": "a",
            "speaker": pd.array([source for source, *_ in rows], dtype="string"),
            "speaker_start": pd.array([source and text.rindex(source) for source, *_ in rows], dtype="Int64"),
            "speaker_end": pd.array(
                [source and text.rindex(source) + len(source) for source, *_ in rows], dtype="Int64"
            ),
            "cue": pd.array([cue for _, cue, *_ in rows], dtype="string"),
            "kind": [kind for _, _, kind, _ in rows],
            "start": [start for start, _ in contents],
            "spans": [(span,) for span in contents],
        }
    )
    return resolve_speakers(table, pd.DataFrame({"doc_id": ["a"], "text": [text]}))["speaker_name"].tolist()


def test_a_participle_goes_on_with_who_spoke() -> None:
    text = f"{FIRST} Hamdani said no, adding that it rained."
    rows = [("Hamdani", "said", "indirect", "no"), (None, "adding", "indirect", "that it rained")]
    assert names_of(text, *rows) == ["Zubair Hamdani", "Zubair Hamdani"]


def test_who_speaks_only_in_what_another_says_does_not_go_on() -> None:
    text = f"{FIRST} Hamdani said a guard had promised rain. “And more.”"
    rows = [("Hamdani", "said", "indirect", "a guard had promised rain"), ("a guard", "promised", "indirect", "rain")]
    assert names_of(text, *rows, (None, None, "direct", "“And more.”"))[1:] == ["guard", "Zubair Hamdani"]


NOBODY = {
    "a town is no he": "Traders came from Landi Kotal. Rain fell. ⟦He⟧ said so.",
    "a dateline does not speak": "LONDON: The ministry of nobody was shut.\n\n⟦It⟧ said so.",
    "he without a man": "The ministry was shut. ⟦He⟧ said so.",
    "she after a man only": f"{FIRST} ⟦She⟧ said so.",
    "he, long after": f"{FIRST} {'Rain fell. ' * 500}⟦He⟧ said so.",
}


@pytest.mark.parametrize("marked", NOBODY.values(), ids=NOBODY.keys())
def test_unknown_stays_missing(marked: str) -> None:
    assert resolve(marked)[COLUMNS].iloc[-1].isna().all()


def test_dates_choose_between_holders() -> None:
    marked = "⟦President Bush⟧ spoke."
    assert last(marked, "speaker_id", date="2003-05-01") == "george_w_bush"
    assert last(marked, "speaker_id", date="1991-05-01") == "george_h_w_bush"
    assert last(marked, "speaker_id") == "a:president-bush"


def test_quotation_goes_on_without_a_source() -> None:
    text = f"{FIRST} “Yes,” Hamdani said.\n\n“And more.”\n\nThen nothing."
    rows = pd.DataFrame(
        {
            "doc_id": ["a", "a", "a"],
            "speaker": pd.array(["Hamdani", None, None], dtype="string"),
            "speaker_start": pd.array([text.index("Hamdani said"), None, None], dtype="Int64"),
            "speaker_end": pd.array([text.index("Hamdani said") + 7, None, None], dtype="Int64"),
            "cue": pd.array(["said", None, "reported"], dtype="string"),
            "kind": ["direct", "direct", "indirect"],
            "start": [text.index("“Yes"), text.index("“And"), text.index("Then")],
        }
    )
    got = resolve_speakers(rows, pd.DataFrame({"doc_id": ["a"], "text": [text]}))
    assert got["speaker_name"].tolist()[:2] == ["Zubair Hamdani", "Zubair Hamdani"]
    assert pd.isna(got["speaker_name"].iloc[2])


def test_i_is_who_speaks_around() -> None:
    marked = f"{FIRST} “⟦I⟧ told them to stop,” ⟦Hamdani⟧ said."
    spans = [((80, 90),), ((len(FIRST) + 1, len(FIRST) + 28),)]
    assert resolve(marked, spans=spans)["speaker_name"].tolist() == ["Zubair Hamdani", "Zubair Hamdani"]


def test_antecedent_shows_the_words() -> None:
    text = f"{FIRST} He said so."
    row = {"doc_id": "a", "speaker": "He", "speaker_start": len(FIRST) + 1, "speaker_end": len(FIRST) + 3}
    got = resolve_speakers(pd.DataFrame([row]), pd.DataFrame({"doc_id": ["a"], "text": [text]})).iloc[0]
    assert text[got["antecedent_start"] : got["antecedent_end"]] == "Zubair Hamdani"


def test_own_words_need_no_antecedent() -> None:
    assert resolve("⟦Zubair Hamdani⟧ said so.")["antecedent_start"].isna().all()


def test_inputs_stay_and_columns_have_their_types() -> None:
    statements = pd.DataFrame(
        {"doc_id": ["a"], "speaker": ["He"], "speaker_start": [57], "speaker_end": [59], "extra": [1]}, index=[7]
    )
    articles = pd.DataFrame({"doc_id": ["a"], "text": [f"{FIRST} He said so."]})
    before = statements.copy(deep=True), articles.copy(deep=True)
    got = resolve_speakers(statements, articles)
    pd.testing.assert_frame_equal(statements, before[0])
    pd.testing.assert_frame_equal(articles, before[1])
    assert got.index.tolist() == [7]
    assert list(got) == [*statements, *COLUMNS]
    assert [str(got[c].dtype) for c in COLUMNS] == ["string"] * 4 + ["Int64"] * 2
    pd.testing.assert_frame_equal(resolve_speakers(got, articles), got)


def test_no_rows() -> None:
    statements = pd.DataFrame({"doc_id": [], "speaker": [], "speaker_start": [], "speaker_end": []})
    got = resolve_speakers(statements, pd.DataFrame({"doc_id": ["a"], "text": ["x"]}))
    assert len(got) == 0
    assert list(got)[-6:] == COLUMNS


def test_missing_column_is_named() -> None:
    with pytest.raises(ValueError, match="speaker_end"):
        resolve_speakers(pd.DataFrame({"doc_id": [], "speaker": [], "speaker_start": []}), pd.DataFrame())


def test_article_not_given_is_named() -> None:
    row = {"doc_id": "b", "speaker": "He", "speaker_start": 0, "speaker_end": 2}
    with pytest.raises(ValueError, match="unknown articles: b"):
        resolve_speakers(pd.DataFrame([row]), pd.DataFrame({"doc_id": ["a"], "text": ["He."]}))


WORDS = st.sampled_from(
    ["He", "she", "The", "minister", "Ana", "Ruiz", "Russian", "Ministry", "of", "and", "said", "US", "“", "”", ",",
     ".", "\n\n", "TASS", "report", "’s", "É", "İ", "٣", "𝔸", "President", "Jordan", "(HSB)", "by", "its"]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(WORDS, max_size=30), st.data())
def test_any_text_any_span(words: list[str], data: st.DataObject) -> None:
    text = " ".join(words)
    spans = data.draw(st.lists(st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(sorted), max_size=4))
    rows = [{"doc_id": "a", "speaker": text[s:e], "speaker_start": s, "speaker_end": e} for s, e in spans]
    statements = pd.DataFrame(rows, columns=["doc_id", "speaker", "speaker_start", "speaker_end"])
    got = resolve_speakers(statements, pd.DataFrame({"doc_id": ["a"], "text": [text]}), codebook=BOOK)
    assert len(got) == len(statements)
    shown = got.dropna(subset=["antecedent_start"])
    assert (shown["antecedent_start"] >= 0).all()
    assert (shown["antecedent_start"] < shown["antecedent_end"]).all()
    assert (shown["antecedent_end"] <= len(text)).all()
    assert (got["speaker_id"].isna() == got["speaker_name"].isna()).all()


def test_actors_are_well_formed() -> None:
    actors = load_codebook().actors.fillna("")
    assert not actors.duplicated().any()
    assert actors["actor_id"].str.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*").all()
    assert (actors["alias"].str.strip() == actors["alias"]).all()
    assert actors["country"].str.fullmatch(r"[A-Z]{3}|").all()
    dated = actors[(actors["start"] != "") | (actors["end"] != "")]
    assert (
        dated[["start", "end"]].map(lambda d: d == "" or re.fullmatch(r"\d{4}-\d\d-\d\d", d) is not None).all(axis=None)
    )
    both = dated[(dated["start"] != "") & (dated["end"] != "")]
    assert (both["start"] < both["end"]).all()
    states = actors[actors["type"] == "state"]
    assert (states.groupby("actor_id")["country"].nunique() == 1).all()
    assert states["country"].nunique() >= 193


def test_actors_share_the_targets_ids() -> None:
    wanted = (
        "taliban al_qaeda islamic_state afghan_government pakistan india iran russia united_states nato united_nations "
        "israel palestinians iraq syria_government"
    )
    assert set(wanted.split()) <= set(load_codebook().actors["actor_id"])


@pytest.mark.parametrize("said", ["He said Marchetti was late.", "“Marchetti was late,” he said."])
def test_a_person_named_in_what_is_said_is_not_who_says_it(said: str) -> None:
    text = f"Judge Karim Noor said so. Minister Omid Marchetti asked for more. {said}"
    found = extract_statements(pd.DataFrame({"doc_id": ["a"], "text": [text]}), codebook=BOOK)
    assert found["speaker_name"].iloc[-1] == "Karim Noor"


@pytest.mark.parametrize("rain", [1, 4], ids=["in the lead", "further down"])
@pytest.mark.parametrize("again", [True, False])
def test_somebody_described_is_who_says_the_same_below(rain: int, *, again: bool) -> None:
    before = "Harbour opens\n\n" + "It rained.\n\n" * (rain - 1)
    said = "the southern harbour needs another pilot" if again else "it was late"
    text = f"{before}A lawyer said the southern harbour needs another pilot. Lawyer Omid Marchetti said {said}."
    found = extract_statements(pd.DataFrame({"doc_id": ["a"], "text": [text]}), codebook=BOOK)
    assert found["speaker_name"].tolist() == ["Omid Marchetti" if again else "lawyer", "Omid Marchetti"]


def test_our_own_articles_name_the_speakers_as_coded() -> None:
    own = judge_own(BOOK)
    named, unnamed = own[own["right"].notna()], own[own["right"].isna()]
    given = own.dropna(subset=["country", "speaker_country"])
    assert len(named) > 1400
    assert named["right"].mean() > 0.94
    assert unnamed["speaker_name"].isna().all()
    assert len(given) > 80
    assert (given["country"] == given["speaker_country"]).all()


def test_seed_article(shared) -> None:
    text = next((shared / "seeds").glob("*.txt")).read_text(encoding="utf-8")
    wanted = {
        347: "khawaja_asif",
        861: "khawaja_asif",
        2884: "tass",
        3507: "sergey_lavrov",
        3983: "pakistan_foreign_ministry",
    }
    ends = {347: 376, 861: 881, 2884: 2886, 3507: 3527, 3983: 4001}
    extra = {2702: 2718, 2733: 2771, 3206: 3212}  # what TASS and Lavrov say before
    rows = [
        {"doc_id": "a", "speaker": text[s:e], "speaker_start": s, "speaker_end": e}
        for s, e in sorted((ends | extra).items())
    ]
    got = resolve_speakers(pd.DataFrame(rows), pd.DataFrame({"doc_id": ["a"], "text": [text]}))
    found = dict(zip(got["speaker_start"].tolist(), got["speaker_id"].tolist(), strict=True))
    assert json.dumps({k: found[k] for k in wanted}) == json.dumps(wanted)
