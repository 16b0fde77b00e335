"""Actors: the aliases of actors.csv, compiled once into a dictionary of words."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

import pandas as pd

from helpers.inputs import check_columns
from helpers.statements.people.names import NameWords

# US and United States compare equal; the pronoun "us" stays what it is.
_SHORT = {
    "US": ("united", "states"),
    "USA": ("united", "states"),
    "UK": ("united", "kingdom"),
    "UN": ("united", "nations"),
    "EU": ("european", "union"),
}
_ACRONYM = 4  # capitals up to this length must be capitals in the text too: IS, WHO, AU
# Letters that transliterations write one way or the other.
_SOUNDS = (
    ("abdul", "abd"), ("abdol", "abd"), ("abdel", "abd"), ("abdal", "abd"), ("med", "mad"), ("meh", "mah"),
    ("dzh", "j"), ("x", "ks"), ("ou", "o"), ("ow", "o"), ("oo", "o"), ("ee", "e"), ("gh", "q"), ("ph", "f"),
    ("ck", "k"), ("tz", "z"), ("w", "v"), ("u", "o"), ("i", "e"), ("y", "e"), ("j", "g"),
)  # fmt: skip
_TWICE = re.compile(r"(.)\1+")
STATES = frozenset({"state", "demonym", "capital", "government"})
BODIES_OF_STATE = frozenset({"ministry", "security_force", "parliament", "court"})


class Alias(NamedTuple):
    """One row of actors.csv."""

    actor_id: str
    kind: str
    country: str
    start: str
    end: str
    capitals: bool


class ActorIndex(NamedTuple):
    """The aliases of actors.csv by their words, what is asked of them most, and the words of people.toml."""

    aliases: dict[tuple[str, ...], tuple[Alias, ...]]
    longest: dict[str, int]  # words of the longest alias that begins with a word
    states: dict[str, str]  # country code -> actor_id
    names: dict[str, tuple[str, ...]]  # country code -> the words of its first name
    words: NameWords


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """Return a word without case, accents, apostrophes, full stops and a possessive ending."""
    word = word.casefold().replace("’", "'")
    if not word.isascii():
        word = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
    return word.removesuffix("'s").replace("'", "").replace(".", "").strip(',;:()"“”')


@lru_cache(maxsize=65536)
def keys(text: str) -> tuple[str, ...]:
    """Cut a text into words that can be compared: hyphens part them, US becomes united states."""
    out: list[str] = []
    for word in text.replace("-", " ").split():
        bare = word.replace(".", "").removesuffix("'s").removesuffix("’s")
        out.extend(_SHORT.get(bare) or ((fold(word),) if fold(word) else ()))
    return tuple(out)


@lru_cache(maxsize=65536)
def sound(word: str) -> str:
    """Write a folded word as several transliterations of it would be read: Bagheri and Baqeri alike."""
    for written, read in _SOUNDS:
        word = word.replace(written, read)
    return _TWICE.sub(r"\1", word[:1] + word[1:].replace("h", ""))


def index_actors(actors: pd.DataFrame, words: NameWords) -> ActorIndex:
    """Compile the aliases.

    Parameters
    ----------
    actors : DataFrame
        ``actor_id, alias, type, country, start, end`` (string; ``start`` and ``end`` are ISO dates or empty).
    words : NameWords
        Of the same codebook (`make_words`).

    Returns
    -------
    ActorIndex

    Raises
    ------
    ValueError
        If a column is missing.

    Examples
    --------
    >>> from helpers.codebook.load import load_codebook
    >>> from helpers.statements.people.names import make_words
    >>> book = load_codebook()
    >>> index = index_actors(book.actors, make_words(book.people))
    >>> find_alias(index, ["Islamabad", "agreed"], 0)[1][0].actor_id
    'pakistan'
    """
    columns = ("actor_id", "alias", "type", "country", "start", "end")
    check_columns(actors, *columns, name="actors")
    aliases: dict[tuple[str, ...], tuple[Alias, ...]] = {}
    longest: dict[str, int] = {}
    states: dict[str, str] = {}
    names: dict[str, tuple[str, ...]] = {}
    rows = zip(*(actors[column].fillna("").tolist() for column in columns), strict=True)
    for actor_id, alias, kind, country, start, end in rows:
        parts = keys(alias)
        if not parts:
            continue
        bare = alias.replace(".", "")
        row = Alias(actor_id, kind, country, start, end, bare.isupper() and len(bare) <= _ACRONYM)
        if row not in aliases.get(parts, ()):
            aliases[parts] = (*aliases.get(parts, ()), row)
        longest[parts[0]] = max(longest.get(parts[0], 0), len(parts))
        if kind == "state":
            states.setdefault(country, actor_id)
            names.setdefault(country, parts)
    return ActorIndex(aliases, longest, states, names, words)


def find_alias(index: ActorIndex, texts: Sequence[str], at: int) -> tuple[int, tuple[Alias, ...]]:
    """Find the longest alias that begins at a word.

    Parameters
    ----------
    index : ActorIndex
    texts : sequence of str
        Words as they stand in the text.
    at : int
        Where to look.

    Returns
    -------
    int
        The word after the alias; `at` where there is none.
    tuple of Alias
        Its rows, more than one for a homonym.
    """
    words: list[str] = []
    found: tuple[int, tuple[Alias, ...]] = (at, ())
    first = keys(texts[at])
    for i in range(at, min(len(texts), at + index.longest.get(first[0], 0)) if first else at):
        words.extend(keys(texts[i]))
        if rows := index.aliases.get(tuple(words)):
            shown = texts[at].replace(".", "").removesuffix("'s").removesuffix("’s").isupper()
            rows = tuple(row for row in rows if shown or not row.capitals)
            found = (i + 1, rows) if rows else found
    return found


def alias_rows(index: ActorIndex, word: str) -> tuple[Alias, ...]:
    """Return the rows of one folded word, also where it is a short name: us, un, eu."""
    return index.aliases.get((word,)) or index.aliases.get(_SHORT.get(word.upper(), ()), ())


def country_of(rows: Iterable[Alias]) -> str:
    """Return the one country of some rows, nothing where they differ."""
    countries = {r.country for r in rows}
    return countries.pop() if len(countries) == 1 else ""


def country_in(texts: Sequence[str], index: ActorIndex) -> str:
    """Return the country that a title names first: the US ambassador to Germany is of the United States."""
    for i in range(len(texts)):
        if texts[i] in {"for", "to", "on", "against"}:
            return ""
        rows = find_alias(index, texts, i)[1]
        if rows:
            return country_of(rows) if rows[0].kind in STATES | BODIES_OF_STATE | {"armed_group", "party"} else ""
    return ""
