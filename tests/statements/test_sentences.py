"""Sentences and quotations: text in, spans out."""

from __future__ import annotations

import doctest
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.statements import extract as statements
from helpers.statements import speeches
from helpers.statements.grammar import quotations as quotes
from helpers.statements.grammar import sentences
from helpers.statements.grammar.quotations import find_quotes
from helpers.statements.grammar.sentences import part_headings, split_sentences

if TYPE_CHECKING:
    from types import ModuleType


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Talks go on. Nobody left.", ["Talks go on.", "Nobody left."], id="two"),
        pytest.param("Talks go on\nNobody left.", ["Talks go on", "Nobody left."], id="headline without a stop"),
        pytest.param("Gen. Noor met Mr. Hale in Jan. 2020.", ["Gen. Noor met Mr. Hale in Jan. 2020."], id="titles"),
        pytest.param("He left the U.S. The talks ended.", ["He left the U.S.", "The talks ended."], id="U.S. ends"),
        pytest.param("He met U.S. envoys.", ["He met U.S. envoys."], id="U.S. within"),
        pytest.param(
            "“It is so. We saw it,” he said. He left.", ["“It is so. We saw it,” he said.", "He left."], id="quote"
        ),
        pytest.param("He said “no.” Then he left.", ["He said “no.”", "Then he left."], id="ends in a quotation"),
        pytest.param("He paid Noor Inc. The dam held.", ["He paid Noor Inc.", "The dam held."], id="Inc. ends"),
        pytest.param("The Ill. Senate met.", ["The Ill. Senate met."], id="Ill. with a capital"),
        pytest.param("He met NATO. Hale left.", ["He met NATO.", "Hale left."], id="an acronym is no initial"),
        pytest.param("He said no. It rained.", ["He said no.", "It rained."], id="no as a word"),
        pytest.param("He read no. 5 aloud.", ["He read no. 5 aloud."], id="no. before a number"),
        pytest.param("A. Noor met J. Hale.", ["A. Noor met J. Hale."], id="initials"),
        pytest.param(
            "On Sat. Noor sat. Rain fell.", ["On Sat. Noor sat.", "Rain fell."], id="a day only with a capital"
        ),
        pytest.param("Noor (D.), who left, met us.", ["Noor (D.), who left, met us."], id="a comma goes on"),
        pytest.param("He met envoys etc. and left.", ["He met envoys etc. and left."], id="small letters go on"),
        pytest.param("Is it shut? Nobody knows.", ["Is it shut?", "Nobody knows."], id="question"),
        pytest.param("It is shut! Nobody knows.", ["It is shut!", "Nobody knows."], id="call"),
        pytest.param(" \n\t ", [], id="blank"),
        pytest.param("", [], id="empty"),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in split_sentences(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("“A b,” he said, “c d.”", ["“A b,”", "“c d.”"], id="curly"),
        pytest.param('"A b," he said, "c d."', ['"A b,"', '"c d."'], id="straight"),
        pytest.param("''A b,'' he said.", ["''A b,''"], id="doubled"),
        pytest.param("It's the ministers' plan, 'a good one', he said.", ["'a good one'"], id="apostrophes"),
        pytest.param("“A lost mark\n\n“A whole one,” he said.", ["“A lost mark", "“A whole one,”"], id="unclosed"),
        pytest.param("He was 'tired', he said.", ["'tired'"], id="single mark before a comma"),
        pytest.param("It was a “long road“ and it won.", ["“long road“"], id="a mark turned the wrong way"),
        pytest.param('"A b" and 5" of rain', ['"A b"'], id="a straight mark at the end of a word opens nothing"),
        pytest.param("«A b», he said.", ["«A b»"], id="angle"),
        pytest.param("“He said ‘no’ to us,” she said.", ["“He said ‘no’ to us,”"], id="nested"),
    ],
)
def test_quotes(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in find_quotes(text)] == expected


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("“”\"'‘’ .,?A\n")), max_size=200))
def test_sentences_cover_every_visible_character(text: str) -> None:
    spans = split_sentences(text)
    covered = set()
    end = 0
    for start, stop in spans:
        assert end <= start < stop
        assert not text[start].isspace()
        assert not text[stop - 1].isspace()
        covered |= set(range(start, stop))
        end = stop
    assert all(i in covered for i, character in enumerate(text) if not character.isspace())


@pytest.mark.parametrize("module", [quotes, sentences, speeches, statements], ids=lambda module: module.__name__)
def test_examples_in_docstrings_hold(module: ModuleType) -> None:
    results = doctest.testmod(module)
    assert results.attempted
    assert not results.failed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Ties\nNo way back for Herat In a speech, Noor spoke.",
            ["Ties", "No way back for Herat", "In a speech, Noor spoke."],
        ),
        ("Ties\nHerat will not yield The envoy also spoke.", ["Ties", "Herat will not yield", "The envoy also spoke."]),
        ("Herat will not yield The envoy spoke.\nTies", ["Herat will not yield The envoy spoke.", "Ties"]),
        ("Ties\nNoor said It was late.", ["Ties", "Noor said It was late."]),
        ("Ties\nHerat was left.Earlier, Noor spoke.", ["Ties", "Herat was left.", "Earlier, Noor spoke."]),
        ("Ties\n“We wait for rain.”The envoy left.", ["Ties", "“We wait for rain.”", "The envoy left."]),
        ("Ties\nThe Hague and The Guardian spoke.", ["Ties", "The Hague and The Guardian spoke."]),
        ("Ties\n“Herat will wait In the end,” Noor said.", ["Ties", "“Herat will wait In the end,” Noor said."]),
    ],
)
def test_a_heading_is_parted_from_the_sentence_it_runs_into(text: str, expected: list[str]) -> None:
    quotes = find_quotes(text)
    parted = part_headings(text, split_sentences(text, quotes=quotes), quotes)
    assert [text[start:end] for start, end in parted] == expected
