"""Names: the word lists of people.toml as sets, by which a name is told from a role, a body or a place."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, get_type_hints

Words = frozenset[str]


@dataclass(frozen=True, slots=True)
class NameWords:
    """The words of ``people.toml``, which says of each list what it is for; a set names the lists that it joins."""

    title_gender: dict[str, str]  # word -> m or f
    trades: tuple[str, ...]
    same_role: dict[str, str]
    kinds_of_role: dict[str, tuple[Words, ...]]  # word for a kind -> the words of each role of that kind
    called: dict[str, Words]  # type of a body -> by which nouns a text calls it after it has named it
    titles: Annotated[Words, "titles.before_names", "titles.courtesy"]
    name_titles: Annotated[Words, "titles.in_names"]
    fields: Annotated[Words, "titles.fields"]
    shown: Annotated[Words, "titles.shown"]
    honorifics: Annotated[Words, "titles.before_names", "titles.courtesy", "titles.honorifics"]
    male: Annotated[Words, "first_names.men"]
    female: Annotated[Words, "first_names.women"]
    first_names: Annotated[Words, "first_names.men", "first_names.women"]
    roles: Annotated[Words, "titles.before_names", "roles.persons"]
    ranks: Annotated[Words, "roles.ranks"]
    scholars: Annotated[Words, "roles.scholars"]
    org_words: Annotated[Words, "bodies.in_names"]
    bodies: Annotated[Words, "bodies.nouns"]
    media_nouns: Annotated[Words, "called.media"]
    kinds_of_body: Annotated[Words, "bodies.kinds", "called.media"]  # left out when the names of a corpus are compared
    newspapers: Annotated[Words, "media.in_names"]
    place_words: Annotated[Words, "places.in_names"]
    documents: Annotated[Words, "documents.issued"]
    people: Annotated[Words, "speakers.people"]
    things: Annotated[Words, "speakers.things"]
    nobody: Annotated[Words, "speakers.nobody"]
    # all that may speak and is no role
    speaking: Annotated[Words, "bodies.nouns", "documents.issued", "documents.written", "speakers.people"]
    no_names: Annotated[Words, "small_words.no_names"]
    openers: Annotated[Words, "small_words.openers"]
    determiners: Annotated[Words, "small_words.determiners"]
    finite: Annotated[Words, "small_words.finite"]
    stoppers: Annotated[Words, "small_words.stoppers"]
    prepositions: Annotated[Words, "small_words.prepositions"]


def make_words(people: Mapping[str, Any]) -> NameWords:
    """Turn the word lists of a codebook into sets.

    Parameters
    ----------
    people : mapping
        ``people.toml``, as `load_codebook` reads it.

    Returns
    -------
    NameWords

    Examples
    --------
    >>> from helpers.codebook.load import load_codebook
    >>> words = make_words(load_codebook().people)
    >>> "minister" in words.titles, words.title_gender["queen"]
    (True, 'f')
    """
    sections = {name: table for name, table in people.items() if isinstance(table, dict)}
    lists = {f"{name}.{key}": words for name, table in sections.items() for key, words in table.items()}
    hints = get_type_hints(NameWords, include_extras=True)
    sets = {
        name: frozenset(word for one in hint.__metadata__ for word in lists[one])
        for name, hint in hints.items()
        if hasattr(hint, "__metadata__")
    }
    return NameWords(
        title_gender=dict.fromkeys(people["titles"]["men"], "m") | dict.fromkeys(people["titles"]["women"], "f"),
        trades=tuple(people["roles"]["trades"]),
        same_role=people["same_role"],
        kinds_of_role={
            kind: tuple(frozenset(role.split("-")) for role in roles) for kind, roles in people["kinds_of_role"].items()
        },
        called={kind: frozenset(nouns) for kind, nouns in people["called"].items()},
        **sets,
    )
