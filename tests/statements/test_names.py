"""The words of people.toml reach whoever resolves speakers, and a researcher's own with them."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from helpers.codebook.load import load_codebook
from helpers.statements.extract import extract_statements
from helpers.statements.people.names import make_words

if TYPE_CHECKING:
    from pathlib import Path

OURS = load_codebook().people
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
