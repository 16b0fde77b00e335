"""Word forms: what counts as a word in a text, its dictionary form, and every place where it stands."""

import re
from collections.abc import Iterator
from functools import lru_cache

import pandas as pd

from helpers.inputs import check_columns, read_texts

SENTENCE_BREAKS = frozenset('.!?…\n“”"')
BREAKS = SENTENCE_BREAKS | frozenset(",;:()[]–—")  # marks that no phrase crosses
# A dotted abbreviation, a word with inner hyphens or apostrophes, the one date that is a word, or a break.
WORD_OR_BREAK = re.compile(
    r"(?:[^\W\d_]\.){2,}|[^\W\d_]\w*(?:[-‑'’][^\W_]+)*|\b9/11\b" + f"|[{re.escape(''.join(sorted(BREAKS)))}]"
)
POSSESSIVE = re.compile(r"['’]s?$")
SHOUTING = re.compile(r"(?:\b[A-Z]{2,}\W+){3,}")
LONGEST_ACRONYM = 6
KEPT_FORMS = {"media": "media"}  # simplemma gives "medium"


def words_in_context(
    frame: pd.DataFrame, term: str, *, text: str = "content", id: str = "statement_id", width: int = 50
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
    wanted = [lemma for _, _, lemma in _read_lemmas(term)]
    if not wanted:
        raise ValueError(f"no word to look for in {term!r}: give a word or a phrase such as 'rule of law'")
    rows = []
    for name, content in zip(frame[id].astype("string"), read_texts(frame, text, ids=frame[id]), strict=True):
        words = _read_lemmas(content)
        lemmas = [lemma for _, _, lemma in words]
        for i in range(len(words) - len(wanted) + 1):
            if lemmas[i : i + len(wanted)] == wanted:
                start, (at, last, _) = words[i][0], words[i + len(wanted) - 1]
                end = at + len(POSSESSIVE.sub("", last))
                rows.append((name, *_around(content, start, end, width), start, end))
    table = pd.DataFrame(rows, columns=["id", "left", "word", "right", "start", "end"])
    return table.astype(dict.fromkeys(("id", "left", "word", "right"), "string") | {"start": "int64", "end": "int64"})


def read_tokens(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield start, token and looked-up form of each word, and of each mark that no phrase crosses."""
    shouted = bool(SHOUTING.search(text))
    for match in WORD_OR_BREAK.finditer(text):
        token = match.group()
        yield match.start(), token, normal_form(token, shouted=shouted)


@lru_cache(maxsize=100_000)
def normal_form(token: str, *, shouted: bool) -> str:
    """Bring a token to the form that is looked up: lower case, but U.S. and US both to US; marks stay."""
    word = POSSESSIVE.sub("", token).replace("’", "'").replace("‑", "-")
    if "." in word and token not in BREAKS:
        return word.replace(".", "").upper()
    acronym = 1 < len(word) <= LONGEST_ACRONYM and word.isupper() and not shouted
    return word if acronym else word.lower()


def lemma_of(form: str) -> str:
    """Look up the dictionary form of a word in the form of `normal_form`."""
    import simplemma  # its word lists are only needed here

    if form.isupper():
        return form
    return KEPT_FORMS.get(form) or str(simplemma.lemmatize(form, lang="en")).lower()


def _read_lemmas(text: str) -> list[tuple[int, str, str]]:
    return [(start, token, lemma_of(form)) for start, token, form in read_tokens(text) if token not in BREAKS]


def _around(text: str, start: int, end: int, width: int) -> tuple[str, str, str]:
    left, right = text[max(start - width, 0) : start], text[end : end + width]
    if start > width and not text[start - width - 1].isspace():
        left = left.partition(" ")[2]
    if end + width < len(text) and not text[end + width].isspace():
        right = right.rpartition(" ")[0]
    return " ".join(left.split()), text[start:end], " ".join(right.split())
