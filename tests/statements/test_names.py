"""Who is named: the words of people.toml reach whoever resolves speakers, and the cases of speakers.toml hold."""

from __future__ import annotations

import copy
import tomllib
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from helpers.codebook.load import load_codebook
from helpers.statements.extract import extract_statements
from helpers.statements.people.names import make_words
from tests.statements.test_speakers import resolve

OURS = load_codebook().people
CASES = tomllib.loads(Path(__file__).with_name("speakers.toml").read_text(encoding="utf-8"))["case"]
LISTS = [(section, key) for section, table in OURS.items() if isinstance(table, dict) for key in table]


@pytest.mark.parametrize(("section", "key"), LISTS, ids=".".join)
def test_every_list_is_used(section: str, key: str) -> None:
    own = copy.deepcopy(OURS)
    own[section][key] = "zmarai" if isinstance(own[section][key], str) else [*own[section][key], "zmarai"]
    assert make_words(own) != make_words(OURS)


def speakers(text: str, folder: Path | None = None) -> list[str]:
    articles = pd.DataFrame({"doc_id": ["a"], "text": [text]})
    return extract_statements(articles, codebook=load_codebook(folder))["speaker_name"].fillna("nobody").tolist()


@pytest.mark.parametrize(
    ("words", "text", "before", "after"),
    [
        (
            '[first_names]\nmen_add = ["zmarak"]\nwomen_add = ["zarlasht"]',
            "Zmarak Noor met Zarlasht Amiri in Herat. The road is open, she said.",
            ["Zmarak Noor"],
            ["Zarlasht Amiri"],
        ),
        (
            '[titles]\nbefore_names_add = ["wakil"]',
            "Wakil Zmarak Stanikzai arrived in Herat. The road is open, the wakil said.",
            ["nobody"],
            ["Zmarak Stanikzai"],
        ),
    ],
)
def test_own_words_change_who_speaks(
    tmp_path: Path, words: str, text: str, before: list[str], after: list[str]
) -> None:
    (tmp_path / "people.toml").write_text(words, encoding="utf-8")
    assert (speakers(text), speakers(text, tmp_path)) == (before, after)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:60])
def test_each_source_is_somebody(case: dict[str, Any]) -> None:
    plain = case["text"].replace("⟦", "").replace("⟧", "")
    told = resolve(case["text"], date=case.get("date"))
    names = told[["speaker_name", "speaker_type", "speaker_country", "speaker_id"]].fillna("").values.tolist()
    places = told[["antecedent_start", "antecedent_end"]].fillna(0).values.tolist()
    who = [
        [*row[:3], row[3].removeprefix("a:"), plain[start:end]] for row, (start, end) in zip(names, places, strict=True)
    ]
    assert who == case["who"], case["shows"]
