"""The grammar as code: tags have names, every tag is given to something, and no pattern or phrase runs away."""

from __future__ import annotations

import ast
import re
from re import _parser as parser  # type: ignore[attr-defined]
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from helpers.codebook.load import load_codebook
from helpers.paths import ROOT
from helpers.statements import extract
from helpers.statements.extract import extract_statements
from helpers.statements.grammar.quotations import find_quotes
from helpers.statements.grammar.sentences import split_sentences
from helpers.statements.grammar.tokens import Tag, make_lexicon, read_sentence

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STATEMENTS = ROOT / "helpers" / "statements"
MODULES = sorted(STATEMENTS.rglob("*.py"))
LETTERS = {value for name, value in vars(Tag).items() if name.isupper() and len(value) == 1}
HOLDERS = re.compile(r"(?:\btags?\b\[|\.tag\[|^tags?$|^(?:before|after|follows|barred|opener)$)")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_no_tag_is_compared_with_bare_letters(path: Path) -> None:
    bare = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            tagged = any(HOLDERS.search(ast.unparse(side)) for side in sides)
            texts = [side.value for side in sides if isinstance(side, ast.Constant) and isinstance(side.value, str)]
            bare += [ast.unparse(node) for text in texts if tagged and text and set(text) <= LETTERS]
    assert bare == []


def test_every_tag_is_given_to_some_token() -> None:
    text = (
        "Noor said that she, the envoy’s aide (left), had quickly told him to wait; who knows – and while “rain fell” "
        "on Monday, 30 lingering farmers: the warned men. Border talks"
    )
    quotes = find_quotes(text)
    lexicon = make_lexicon(load_codebook().cues)
    given = {tag for span in split_sentences(text) for tag in read_sentence(text, span, quotes, lexicon).tag}
    assert given == LETTERS


@pytest.mark.parametrize("piece", ["— ", "Noor — ", ", ", "Noor, ", ") ", "Noor ) ", "( ", "Noor on Sunday "])
@pytest.mark.parametrize("times", [600, 5000])
def test_a_row_of_marks_ends_nothing(piece: str, times: int) -> None:
    texts = ["Noor " + piece * times + "said that it rained.", "Noor said that it rained."]
    found = extract_statements(pd.DataFrame({"doc_id": ["marks", "b"], "text": texts}), resolve=False)
    assert found.loc[found["doc_id"] == "b", "content"].tolist() == ["that it rained"]


def test_a_failure_names_its_article(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RecursionError

    monkeypatch.setattr(extract, "find_attributions", fail)
    articles = pd.DataFrame({"doc_id": ["report-07"], "text": ["Noor said that it rained."]})
    with pytest.raises(RuntimeError, match="article 'report-07'"):
        extract_statements(articles, resolve=False)


def patterns() -> Iterator[tuple[str, str]]:
    """Yield the regular expressions that the room compiles."""
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            call = isinstance(node, ast.Call) and ast.unparse(node.func) == "re.compile"
            if call and isinstance(node.args[0], ast.Constant):  # type: ignore[attr-defined]
                yield path.stem, node.args[0].value  # type: ignore[attr-defined]


def nested(parsed: Any, *, within: bool = False) -> bool:
    """Tell whether all that is repeated without bound is itself repeated without bound."""
    for operation, value in parsed:
        if operation in (parser.MAX_REPEAT, parser.MIN_REPEAT):
            endless = value[1] == parser.MAXREPEAT
            if (endless and within and len(parsed) == 1) or nested(value[2], within=endless):
                return True
        inner = value[1] if operation is parser.BRANCH else [value[3]] if operation is parser.SUBPATTERN else []
        if any(nested(one, within=within and len(parsed) == 1) for one in inner):
            return True
    return False


def test_nested_repeats_are_told() -> None:
    assert nested(parser.parse(r"(?:a+)*b"))
    assert nested(parser.parse(r"(?:a*|b)+c"))
    assert not nested(parser.parse(r"\w+(?:-\w+)*"))


@pytest.mark.parametrize(("module", "pattern"), sorted(set(patterns())))
def test_no_pattern_repeats_what_is_repeated_without_bound(module: str, pattern: str) -> None:
    assert not nested(parser.parse(pattern)), module
