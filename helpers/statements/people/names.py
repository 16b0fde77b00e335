"""Names: the word lists of people.toml as sets, by which a name is told from a role, a body or a place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

Words = frozenset[str]


@dataclass(frozen=True, slots=True)
class NameWords:
    """The words of ``people.toml``; the file says of each list what it is for."""

    titles: Words
    name_titles: Words
    honorifics: Words  # with the titles
    title_gender: Mapping[str, str]  # word -> m or f
    male: Words
    female: Words
    first_names: Words
    roles: Words  # with the titles of an office
    trades: tuple[str, ...]
    ranks: Words
    scholars: Words
    same_role: Mapping[str, str]
    kinds_of_role: Mapping[str, tuple[Words, ...]]  # word for a kind -> the words of each role of that kind
    org_words: Words
    bodies: Words
    group_nouns: Words
    firm_nouns: Words
    media_nouns: Words
    newspapers: Words
    place_words: Words
    documents: Words
    people: Words
    things: Words
    nobody: Words
    speaking: Words  # all that may speak and is no role
    openers: Words
    determiners: Words
    finite: Words
    stoppers: Words
    prepositions: Words


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
    titles, roles, small = people["titles"], people["roles"], people["small_words"]
    offices = frozenset(titles["before_names"])
    before = offices | frozenset(titles["courtesy"])
    bodies, in_names = frozenset(people["bodies"]["nouns"]), frozenset(people["bodies"]["in_names"])
    groups, documents = frozenset(people["bodies"]["groups"]), frozenset(people["documents"]["issued"])
    men, women = frozenset(people["first_names"]["men"]), frozenset(people["first_names"]["women"])
    others = frozenset(people["speakers"]["people"])
    kinds = {kind: tuple(frozenset(role.split("-")) for role in some) for kind, some in people["kinds_of_role"].items()}
    return NameWords(
        titles=before,
        name_titles=frozenset(titles["in_names"]),
        honorifics=before | frozenset(titles["honorifics"]),
        title_gender=dict.fromkeys(titles["men"], "m") | dict.fromkeys(titles["women"], "f"),
        male=men,
        female=women,
        first_names=men | women,
        roles=offices | frozenset(roles["persons"]),
        trades=tuple(roles["trades"]),
        ranks=frozenset(roles["ranks"]),
        scholars=frozenset(roles["scholars"]),
        same_role=people["same_role"],
        kinds_of_role=kinds,
        org_words=in_names,
        bodies=bodies,
        group_nouns=groups,
        firm_nouns=frozenset(people["bodies"]["firms"]),
        media_nouns=frozenset(people["media"]["nouns"]),
        newspapers=frozenset(people["media"]["in_names"]),
        place_words=frozenset(people["places"]["in_names"]),
        documents=documents,
        people=others,
        things=frozenset(people["speakers"]["things"]),
        nobody=frozenset(people["speakers"]["nobody"]),
        speaking=bodies | in_names | documents | others | groups | frozenset(people["documents"]["written"]),
        openers=frozenset(small["openers"]),
        determiners=frozenset(small["determiners"]),
        finite=frozenset(small["finite"]),
        stoppers=frozenset(small["stoppers"]),
        prepositions=frozenset(small["prepositions"]),
    )
