"""Word forms: what counts as a word in a text, its dictionary form, and every place where it stands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

from helpers.inputs import check_columns, read_texts

if TYPE_CHECKING:
    from collections.abc import Iterator

# A dotted abbreviation, a word with inner hyphens or apostrophes, or the one date that is a word.
WORD = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W\d_]\w*(?:[-‑'’][^\W_]+)*|\b9/11\b")
# Marks that no phrase crosses; the first group ends a sentence.
WORD_OR_BREAK = re.compile(WORD.pattern + r"|[.!?…\n“”\"]|[,;:()\[\]–—]")
SENTENCE_BREAKS = frozenset('.!?…\n“”"')
BREAKS = SENTENCE_BREAKS | frozenset(",;:()[]–—")
SHOUTING = re.compile(r"(?:\b[A-Z]{2,}\W+){3,}")
LONGEST_ACRONYM = 6
KEPT_FORMS = {"media": "media"}  # simplemma gives "medium"


def words_in_context(
    frame: pd.DataFrame,
    term: str,
    *,
    text: str = "content",
    id: str = "statement_id",  # noqa: A002 - the name of the interface
    width: int = 50,
) -> pd.DataFrame:
    """Show every place where a term stands, with the words around it.

    A term of `count_terms` finds all forms that were counted for it: ``bombing`` finds "Bombings".

    Parameters
    ----------
    frame : DataFrame
        With the columns named by `text` and `id`.
    term : str
        A word or a phrase.
    text, id : str
        Names of these columns.
    width : int
        Characters of context on each side; cut at a space.

    Returns
    -------
    DataFrame
        ``id`` string, ``left``, ``word``, ``right`` string, ``start``, ``end`` int64 (half-open offsets of the word in
        the text), in the order of `frame`.

    Raises
    ------
    KeyError
        If a named column is missing.
    ValueError
        If `term` holds no word.

    Examples
    --------
    >>> frame = pd.DataFrame({"statement_id": ["a"], "content": ["We condemn the bombings in Kabul."]})
    >>> words_in_context(frame, "bombing")[["left", "word", "right", "start", "end"]]
                 left      word      right  start  end
    0  We condemn the  bombings  in Kabul.     15   23
    """
    check_columns(frame, text, id)
    wanted = [lemma_of(form) for _, _, form in tokens_of(term)]
    if not wanted:
        raise ValueError(f"no word to look for in {term!r}: give a word or a phrase such as 'rule of law'")
    rows = []
    for name, content in zip(frame[id].astype("string"), read_texts(frame, text, ids=frame[id]), strict=True):
        tokens = list(tokens_of(content))
        found = [lemma_of(form) for _, _, form in tokens]
        for i in range(len(found) - len(wanted) + 1):
            if found[i : i + len(wanted)] == wanted:
                start, end = tokens[i][0], tokens[i + len(wanted) - 1][1]
                rows.append((name, *_around(content, start, end, width), start, end))
    table = pd.DataFrame(rows, columns=["id", "left", "word", "right", "start", "end"])
    return table.astype(dict.fromkeys(("id", "left", "word", "right"), "string") | {"start": "int64", "end": "int64"})


def normal_form(token: str, *, shouted: bool = False) -> str:
    """Bring a token to the form that is looked up: lower case, but U.S. and US both to US."""
    word = re.sub(r"'s?$", "", token.replace("’", "'").replace("‑", "-"))
    if "." in word:
        return word.replace(".", "").upper()
    acronym = 1 < len(word) <= LONGEST_ACRONYM and word.isupper() and not shouted
    return word if acronym else word.lower()


def lemma_of(form: str) -> str:
    """Look up the dictionary form of a word in the form of `normal_form`."""
    import simplemma  # its word lists are only needed here

    if form.isupper():
        return form
    return KEPT_FORMS.get(form) or str(simplemma.lemmatize(form, lang="en")).lower()


def tokens_of(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and looked-up form of each word; a closing 's is no part of it."""
    shouted = bool(SHOUTING.search(text))
    for match in WORD.finditer(text):
        token = match.group()
        end = match.end() - (len(token) - len(re.sub(r"['’]s?$", "", token)))
        yield match.start(), end, normal_form(token, shouted=shouted)


def _around(text: str, start: int, end: int, width: int) -> tuple[str, str, str]:
    left, right = text[max(start - width, 0) : start], text[end : end + width]
    if start > width and not text[start - width - 1].isspace():
        left = left.partition(" ")[2]
    if end + width < len(text) and not text[end + width].isspace():
        right = right.rpartition(" ")[0]
    return " ".join(left.split()), text[start:end], " ".join(right.split())
