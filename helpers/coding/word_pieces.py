"""Words of a text, cut into the pieces an encoder knows: WordPiece, close to how BERT's uncased models use it."""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from helpers.codebook.load import load_stopwords

if TYPE_CHECKING:
    from collections.abc import Mapping

# Letters may have accents of their own behind them, and invisible characters (soft hyphens, joiners) among them.
_LETTER = r"[^\W_][\u0300-\u036f\xad\u200b-\u200f\u2060\ufeff]*"
# One word are "U.S.", "A.U." and "Da'esh"; "they're" is two.
_WORD = re.compile(rf"[A-Z](?:\.[A-Z])+\b\.?|(?:{_LETTER})+(?:['’](?!(?:ll|re|ve)\b)(?:{_LETTER}){{2,}})*|[^\w\s]|_")
_TOKEN = re.compile(r"[^\W_]+|[^\w\s]|_")  # what the encoder cuts a word into before it looks for pieces
_DROPPED = {"Mn", "Cf", "Cc"}  # accents, invisible and control characters
_LONGEST = 100  # letters: longer "words" are no words
UNKNOWN, OPENS, CLOSES = "[UNK]", "[CLS]", "[SEP]"
_NAMES = frozenset({"US", "WHO"})  # names that are spelled like function words


class Piece(NamedTuple):
    """A piece of a text: its number in the vocabulary, and the half-open place of its word, in code points."""

    number: int
    start: int
    end: int


def cut(text: str, vocabulary: Mapping[str, int]) -> list[Piece]:
    """Cut a text into pieces: the longest known piece first, from the left; accents and capitals do not count.

    Parameters
    ----------
    text : str
    vocabulary : mapping
        Piece to its number; a piece that goes on within a word starts with ``##``, and ``[UNK]`` stands for a word
        that cannot be cut.

    Returns
    -------
    list of Piece
        In the order of the text. All pieces of a word have the place of the word: an encoder's answer is about words.

    Notes
    -----
    Wu et al. (2016), "Google's neural machine translation system", section 4.1. Other than in BERT, letters of Chinese
    are not cut apart beforehand.

    Examples
    --------
    >>> cut("Zealots!", {"[UNK]": 0, "zeal": 1, "##ots": 2, "!": 3})
    [Piece(number=1, start=0, end=7), Piece(number=2, start=0, end=7), Piece(number=3, start=7, end=8)]
    """
    found = []
    for word in _WORD.finditer(text):
        plain = unicodedata.normalize("NFD", word.group().lower())
        letters = "".join(letter for letter in plain if unicodedata.category(letter) not in _DROPPED)
        if not is_function_word(letters.replace(".", "")):  # "A.U." is known as "AU"; "U.S." would be "us"
            letters = letters.replace(".", "")
        for token in _TOKEN.findall(letters):
            found += [Piece(number, *word.span()) for number in _numbers(token, vocabulary)]
    return found


def is_function_word(word: str) -> bool:
    """Return whether a word is a function word, a single small letter or a mark; "US" and "WHO" are names."""
    if word in _NAMES:
        return False
    letter = len(word) == 1 and not word.isupper()
    return letter or word.lower() in _function_words() or not any(map(str.isalnum, word))


@functools.cache
def _function_words() -> frozenset[str]:
    words = load_stopwords()
    return words | {part for word in words for part in word.split("'")}  # "isn't" comes as three words


def _numbers(word: str, vocabulary: Mapping[str, int]) -> list[int]:
    numbers, start = [], 0
    while start < len(word):
        lead = "##" if start else ""
        known = (end for end in range(len(word), start, -1) if lead + word[start:end] in vocabulary)
        end = next(known, None)
        if end is None or len(word) > _LONGEST:
            return [vocabulary[UNKNOWN]]
        numbers.append(vocabulary[lead + word[start:end]])
        start = end
    return numbers
