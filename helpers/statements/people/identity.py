"""Identity: which speaker names of a corpus are names of one actor, with evidence, for a researcher to decide."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd
from rapidfuzz.distance.Levenshtein import distance
from rapidfuzz.fuzz import ratio

from helpers.codebook.load import load_codebook
from helpers.inputs import check_columns
from helpers.statements.people.actors import STATES, alias_rows, country_of, find_alias, fold, index_actors, keys, sound
from helpers.statements.people.entities import is_role, plain
from helpers.statements.people.names import make_words
from helpers.statements.people.scene import PRONOUNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from helpers.codebook.load import Codebook
    from helpers.statements.people.actors import ActorIndex
    from helpers.statements.people.names import NameWords

COLUMNS = {
    "actor": "string", "name": "string", "statements": "Int64", "articles": "Int64", "evidence": "string",
    "joined_to": "string", "score": "Float64",
}  # fmt: skip
_PARTICLES = frozenset({"al", "ale", "el", "as", "ar", "ad", "an", "ash", "the", "e"})
_LINKS = frozenset({"al", "el", "bin", "ibn", "ul", "ur", "de", "la", "van", "von", "der", "da", "dos", "di"})
_NOBODY = frozenset({"description", "group", "place", "people", "state"})
_SERVANT = frozenset({"abd", "abdul", "abdel", "abdol"})
_VOWELS = frozenset("aeo")
_INITIALS = re.compile(r"(?:[A-Z]\.)+")
_ALIKE = 80.0  # of 100: first words that may be spellings of one
_SOUND_ALIKE = 2  # where 1 is: may be spellings of one
_SPELLED = 0.95  # the worth of two spellings that sound alike


@dataclass(slots=True)
class _Name:
    """A speaker name of the corpus and what is known of it."""

    text: str
    words: tuple[str, ...]  # as it stands, without what is not part of a name
    sounds: tuple[str, ...]
    person: bool
    articles: set[str] = field(default_factory=set)
    statements: int = 0
    actors: set[str] = field(default_factory=set)
    countries: Counter[str] = field(default_factory=Counter)
    told: set[str] = field(default_factory=set)  # by which words its articles say who it is


class _Link(NamedTuple):
    """Two names that look like names of one actor."""

    score: float
    a: int
    b: int
    evidence: str


def propose_identities(statements: pd.DataFrame, *, codebook: Codebook | None = None) -> pd.DataFrame:
    """Propose which speaker names of a corpus are names of one actor.

    Names are compared without honorifics and titles, by how they sound in several transliterations, by initials, by
    whether one is the other shortened, and by the aliases of the codebook. Evidence that leaves a doubt (a middle name,
    another vowel, a surname alone) must be backed: the articles give both the same role, or nobody else of the corpus
    may have the name. Two names that one article uses for two speakers are never joined, nor are names of two
    countries. Write the table as CSV, check it, change `actor` where it is wrong, and give it to `apply_identities`.

    Parameters
    ----------
    statements : DataFrame
        ``doc_id``, ``speaker_name``, ``speaker_type``, ``speaker_id``, ``speaker_country`` (string), as given by
        `extract_statements` for a whole corpus, and ``speaker`` (string) where present, which tells roles; it is not
        changed.
    codebook : Codebook, optional
        Where ``actors.csv`` comes from; `load_codebook()` by default.

    Returns
    -------
    DataFrame
        One row per name, names of one actor together, actors with most statements first:

        - ``actor`` string: the name under which they are joined, the one with most statements
        - ``name`` string: a ``speaker_name`` of the statements, as it stands
        - ``statements``, ``articles`` Int64: how many have this name
        - ``evidence`` string: ``codebook alias``, ``same words``, ``spelling``, ``shorter name``, ``initials`` or
          ``surname alone``; NA for a name that is joined to no other
        - ``joined_to`` string: the name that the evidence is about; NA likewise
        - ``score`` Float64: 0 to 1, how much the evidence is worth; NA likewise

        Descriptions, groups and places are no names and are left out.

    Raises
    ------
    ValueError
        If a column is missing.

    Examples
    --------
    >>> names = ["Seyyed Ebrahim Norzai", "Ebrahim Norzay", "Norzai"]
    >>> rows = {"doc_id": ["a", "b", "c"], "speaker_name": names, "speaker_type": "person"}
    >>> found = propose_identities(pd.DataFrame(rows).assign(speaker_id=["a:1", "b:1", "c:1"], speaker_country=None))
    >>> found["actor"].nunique(), found["evidence"].dropna().tolist()
    (1, ['surname alone', 'spelling'])
    """
    columns = ("doc_id", "speaker_name", "speaker_type", "speaker_id", "speaker_country")
    check_columns(statements, *columns, name="statements")
    book = codebook or load_codebook()
    index = index_actors(book.actors, make_words(book.people))
    names = _read_names(statements, index)
    groups = _Groups(names, index.words)
    for link in sorted(_link_names(names, index.words), key=lambda link: (-link.score, link.a, link.b)):
        groups.join(link)
    for link in _link_surnames(names, groups, index.words):
        groups.join(link)
    return groups.table()


def apply_identities(statements: pd.DataFrame, table: pd.DataFrame | str | Path) -> pd.DataFrame:
    """Give statements the actors that a researcher has confirmed.

    Parameters
    ----------
    statements : DataFrame
        ``speaker_name`` and ``speaker_id`` (string), as given by `extract_statements`; it is not changed.
    table : DataFrame or path of a CSV file
        ``name`` and ``actor`` (string), one row per name, as given by `propose_identities` and changed where it is
        wrong. Two names with one `actor` are joined; a name with an `actor` of its own is apart.

    Returns
    -------
    DataFrame
        `statements` with ``speaker_name`` (the `actor`) and ``speaker_id`` (the ``actor_id`` that a name of the actor
        has in the codebook, else ``corpus:`` and the name) replaced for the names of the table. Other speakers keep
        what they have.

    Raises
    ------
    ValueError
        If a column is missing, a name stands in the table twice, or an actor is empty.

    Examples
    --------
    >>> rows = {"speaker_name": ["Seyyed Ebrahim Norzai", "Ebrahim Norzai"], "speaker_id": ["a:1", "b:1"]}
    >>> table = pd.DataFrame({"name": rows["speaker_name"], "actor": "Ebrahim Norzai"})
    >>> apply_identities(pd.DataFrame(rows), table)["speaker_id"].tolist()
    ['corpus:ebrahim-norzai', 'corpus:ebrahim-norzai']
    """
    check_columns(statements, "speaker_name", "speaker_id", name="statements")
    decided = table if isinstance(table, pd.DataFrame) else pd.read_csv(table, dtype="string", keep_default_na=False)
    check_columns(decided, "name", "actor")
    twice = decided["name"][decided["name"].duplicated()]
    empty = decided["name"][decided["actor"].fillna("").str.strip().eq("")]
    if len(twice) or len(empty):
        what = f"names {twice.iloc[0]!r} twice" if len(twice) else f"has no actor for {empty.iloc[0]!r}"
        message = f"the table {what}: give each name one row and one actor"
        raise ValueError(message)
    actors = dict(zip(decided["name"], decided["actor"].str.strip(), strict=True))
    shown = statements["speaker_name"].map(actors).astype("string")
    known = statements["speaker_id"].where(~statements["speaker_id"].str.contains(":", na=False))
    new = "corpus:" + shown.str.lower().str.findall("[a-z0-9]+").str.join("-").astype("string")
    given = known.groupby(shown).transform("last").fillna(new)
    return statements.assign(
        speaker_name=shown.fillna(statements["speaker_name"]).astype("string"),
        speaker_id=given.fillna(statements["speaker_id"]).astype("string"),
    )


def _read_names(statements: pd.DataFrame, index: ActorIndex) -> list[_Name]:
    """Read the names of a corpus, each once, most statements first."""
    names: dict[str, _Name] = {}
    columns = ["speaker_name", "doc_id", "speaker_type", "speaker_id", "speaker_country", "speaker"]
    empty = index.words.determiners | index.words.prepositions | index.words.stoppers | PRONOUNS
    for text, doc, kind, actor, country, source in statements.reindex(columns=columns).itertuples(index=False):
        if pd.isna(text) or (not pd.isna(kind) and kind in _NOBODY) or not text[:1].isupper() or " and " in text:
            continue
        if text not in names:
            person = kind in {"person", "unknown"}
            words = _read_person(text, index) if person else _read_body(text, index)
            if words:
                names[text] = _Name(text, words, tuple(sound(w) for w in words), person)
        name = names.get(text)
        if name is None:
            continue
        name.articles.add(doc)
        name.statements += 1
        if not pd.isna(actor) and ":" not in actor:
            name.actors.add(actor)
        if not pd.isna(country):
            name.countries[country] += 1
        if name.person and not pd.isna(source):
            told = {*plain(keys(source), index.words)} - {*keys(text)} - empty
            name.told |= {w for w in told if not country_of(alias_rows(index, w)) and w in index.words.roles}
    return sorted(names.values(), key=lambda one: (-one.statements, one.text))


def _read_body(text: str, index: ActorIndex) -> tuple[str, ...]:
    """Return the words of the name of a body in any order, without what an outlet is called: Fars News Agency."""
    named = [w for w in keys(text) if w not in _PARTICLES | {"of"}]
    bare = list(named)
    while len(bare) > 1 and bare[-1] in index.words.media_nouns | {"news"}:
        bare.pop()
    return tuple(sorted(named if _is_place(bare, index) else bare))


def _read_person(text: str, index: ActorIndex) -> tuple[str, ...]:
    """Return the words of a name without titles, particles and what stands around it: Kabul | Ana Ruiz.

    Nothing is left of a description: not the Iranian official, Ambassador of Korea to Iran.
    """
    parts = text.split()
    low = max((i for i, p in enumerate(parts) if p[0].islower() and fold(p.split("-")[0]) not in _LINKS), default=-1)
    words: list[str] = []
    for part in parts[low + 1 :]:
        initials = _INITIALS.fullmatch(part) and keys(part) not in index.aliases
        words += list(part.replace(".", "").lower()) if initials else keys(part)
    known = index.words
    if not words or len(words[-1]) == 1 or (low >= 0 and len(words) == 1):
        return ()
    governed = low >= 0 and parts[low] in known.prepositions | known.determiners  # Korea | to Iran, of the | Ana Ruiz
    if governed and known.first_names.isdisjoint(words[:-1]):
        return ()
    if is_role(words[-1], known) or words[-1] in known.org_words | known.people | known.place_words:
        return ()
    words = words[max((i + 1 for i, w in enumerate(words[:-2]) if w in known.org_words), default=0) :]
    apart = "-" not in parts[0]
    while len(words) > 1 and (cut := _title(words, known) or (apart and _place(words, index))):
        words = words[cut:]
    place = next((n for n in (2, 1) if len(words) > n + 1 and _is_place(words[-n:], index)), 0)
    words = words[: len(words) - place]  # Ana Ruiz | UK
    words = [w for w in words if w not in _PARTICLES] or words
    while (at := next((i for i, w in enumerate(words[:-1]) if w in _SERVANT), -1)) >= 0:  # Abdul Rahman, Abdulrahman
        words[at : at + 2] = ["abdel" + words[at + 1]]
    return tuple(words[: words.index("bin", 1) + 2] if "bin" in words[1:-1] else words)  # Omid bin Farid | Al Noor


def _title(name: Sequence[str], words: NameWords) -> int:
    """Return 1 where a name begins with what is no part of it: Seyyed Ana Ruiz, Q. Ana Ruiz, but Sheikh Ruiz."""
    title = name[0] in words.honorifics or (len(name) > 2 and (len(name[0]) == 1 or is_role(name[0], words)))  # noqa: PLR2004
    return int(title and (name[0] not in words.name_titles or len(name) > 2))  # noqa: PLR2004


def _place(words: Sequence[str], index: ActorIndex) -> int:
    """Return how many words of a State or body stand before a name: United States | Ruiz, Hamas | Ana Ruiz."""
    stop, rows = find_alias(index, words, 0)
    return stop if rows and rows[0].kind != "person" and stop < len(words) else 0


def _is_place(words: Sequence[str], index: ActorIndex) -> bool:
    rows = index.aliases.get(tuple(words), ())
    return bool(rows) and rows[0].kind in STATES | {"place"}


def _link_names(names: Sequence[_Name], words: NameWords) -> Iterable[_Link]:
    """Compare the names that share a surname by its consonants, all their letters, or an actor."""
    blocks: dict[tuple[str, str], list[int]] = {}
    for at, name in enumerate(names):
        found = {("all", "".join(name.sounds))} | {("actor", actor) for actor in name.actors}
        if name.person and len(name.words) > 1:
            found.add(("last", _consonants(name.sounds[-1])))
        for block in found:
            blocks.setdefault(block, []).append(at)
    for (kind, _), members in blocks.items():
        for n, a in enumerate(members):
            for b in members[n + 1 :]:
                one, other = names[a], names[b]
                told = (1.0, "codebook alias", 0) if kind == "actor" else _compare(one, other, words)
                if told and _is_backed(one, other, told[2], [names[i] for i in members], words):
                    yield _Link(told[0], a, b, told[1])


def _is_backed(one: _Name, other: _Name, doubts: int, namesakes: Sequence[_Name], words: NameWords) -> bool:
    """Say whether thin evidence is enough: the shorter name is of nobody else, and articles tell the same of both.

    With one doubt alone it is also enough that nobody else has the surname.
    """
    short, long = sorted((one, other), key=lambda name: len(name.words))
    called = [third for third in namesakes if _alike(third, -1, short, -1, words)]
    known = [(_agree(third, short, words), _agree(third, long, words)) for third in called]
    if not doubts or (True, False) in known:
        return not doubts
    return not one.told.isdisjoint(other.told) or (doubts == 1 and all(map(any, known)))


def _compare(one: _Name, other: _Name, words: NameWords) -> tuple[float, str, int] | None:
    """Say how much two names look like names of one, why, and how many doubts are left; None where they do not."""
    if one.words == other.words or "".join(one.words) == "".join(other.words):
        return 0.98, "same words", 0
    if not (one.person and other.person) or min(len(one.words), len(other.words)) < 2:  # noqa: PLR2004
        return None
    short, long = sorted((one, other), key=lambda name: len(name.words))
    alike = _align(short, long, words)
    if not alike:
        return None
    if any(len(w) == 1 for w in (*short.words, *long.words)):
        return 0.9, "initials", 1
    doubts = _SOUND_ALIKE - alike
    if len(short.words) == len(long.words):
        return _SPELLED - 0.05 * doubts, "spelling", doubts
    doubts += 1 if long.sounds[-len(short.sounds) :] == short.sounds else 2  # Trade | Ana Ruiz; Ana | Maria | Ruiz
    return 0.9 - 0.05 * doubts, "shorter name", doubts


def _agree(one: _Name, other: _Name, words: NameWords) -> bool:
    """Say whether two names may be of one person: a surname alone agrees with who has it."""
    short, long = sorted((one, other), key=lambda name: len(name.words))
    return short.sounds[0] == long.sounds[-1] if len(short.words) == 1 else _align(short, long, words) > 0


def _align(short: _Name, long: _Name, words: NameWords) -> int:
    """Find the words of a shorter name in order in a longer one, surname to surname; return how alike they are."""
    if "".join(short.sounds) == "".join(long.sounds):
        return _SOUND_ALIKE
    found = [_alike(short, -1, long, -1, words)]
    at = 0
    for n in range(len(short.words) - 1):
        alike = [_alike(short, n, long, m, words) for m in range(at, len(long.words) - 1)]
        at += next((m + 1 for m, one in enumerate(alike) if one), len(alike))
        found.append(next(filter(None, alike), 0))
    return min(found)


def _alike(one: _Name, n: int, other: _Name, m: int, words: NameWords) -> int:
    """Say how alike two words of names are, 0 to `_SOUND_ALIKE`: an initial is like any word that begins with it.

    Words that differ in a last vowel are two names (Sadeq, Sadeqi); so are surnames of other consonants and first names
    of two sounds.
    """
    if len(one.words[n]) == 1 or len(other.words[m]) == 1:
        return _SOUND_ALIKE * (one.words[n][0] == other.words[m][0])
    a, b = one.sounds[n], other.sounds[m]
    if a.replace("a", "e") == b.replace("a", "e"):
        return _SOUND_ALIKE if a == b or n != -1 else 1
    if a[0] != b[0] or (a[-1] in _VOWELS) != (b[-1] in _VOWELS):
        return 0
    if {one.words[n], other.words[m]} <= words.first_names:
        return int(distance(a, b) <= 1)
    return int(ratio(a, b) >= _ALIKE and (n != -1 or _consonants(a) == _consonants(b)))


def _consonants(word: str) -> str:
    return "".join(c for c in word if c not in _VOWELS)


def _link_surnames(names: Sequence[_Name], groups: _Groups, words: NameWords) -> list[_Link]:
    """Join a surname alone to the one person who has it, where articles tell the same of both, or nothing else."""
    holders: dict[str, set[int]] = {}
    for at, name in enumerate(names):
        if name.person and len(name.words) > 1:
            holders.setdefault(name.words[-1], set()).add(groups.roots[at])
    found = []
    for at, name in enumerate(names):
        if not name.person or len(name.words) > 1:
            continue
        whole = holders.get(name.words[0], set())
        same = {root for root in whole if not name.told.isdisjoint(groups.told[root])}
        if not same and name.words[0] not in words.first_names:
            same = {root for root in whole if not (name.told and groups.told[root])}
        first = min(same, default=-1)  # with most statements
        known = first >= 0 and (groups.told[first] or names[first].words[0] in words.first_names)
        if known and all(_agree(names[first], names[root], words) for root in same):
            found.append(_Link(0.8 if len(whole) == 1 else 0.7, at, first, "surname alone"))
    return found


class _Groups:
    """Names joined into actors, never two that one article uses apart, or that cannot be names of one."""

    def __init__(self, names: Sequence[_Name], words: NameWords) -> None:
        self.names = names
        self.words = words
        self.roots = list(range(len(names)))  # of each name the one that its actor has most statements under
        self.members = [[at] for at in self.roots]
        self.articles = [set(name.articles) for name in names]
        self.told = [set(name.told) for name in names]
        self.countries = [Counter(name.countries) for name in names]
        self.links: dict[int, _Link] = {}

    def country(self, root: int) -> str | None:
        """Return the country that most statements give an actor."""
        return max(self.countries[root].items(), key=lambda item: (item[1], item[0]), default=(None, 0))[0]

    def join(self, link: _Link) -> None:
        """Join the actors of two names unless something tells them apart."""
        one, other = sorted((self.roots[link.a], self.roots[link.b]))
        if one == other or self._are_apart(one, other, link):
            return
        for at in self.members[other]:
            self.roots[at] = one
        self.members[one] += self.members[other]
        self.articles[one] |= self.articles[other]
        self.told[one] |= self.told[other]
        self.countries[one] += self.countries[other]
        self.links[other] = link if other in {link.a, link.b} else link._replace(a=one, b=other)

    def _are_apart(self, one: int, other: int, link: _Link) -> bool:
        same = link.evidence == "same words" and len(self.names[link.a].words) > 1
        if not same and not self.articles[one].isdisjoint(self.articles[other]):
            return True
        if link.evidence in {"codebook alias", "same words"}:
            return False
        if link.score < _SPELLED and len({self.country(one), self.country(other)} - {None}) > 1:
            return True
        pairs = [(self.names[a], self.names[b]) for a in self.members[one] for b in self.members[other]]
        return not all(_agree(a, b, self.words) for a, b in pairs)

    def table(self) -> pd.DataFrame:
        """Return a row per name, actors with most statements first."""
        actors = [sorted(some) for root, some in enumerate(self.members) if self.roots[root] == root]
        totals = {some[0]: sum(self.names[at].statements for at in some) for some in actors}
        rows = []
        for some in sorted(actors, key=lambda some: (-totals[some[0]], self.names[some[0]].text)):
            actor = _shown([self.names[at] for at in some])
            for at in some:
                name, link = self.names[at], self.links.get(at)
                why = (link.evidence, self.names[link.a + link.b - at].text, link.score) if link else (None, None, None)
                rows.append((actor, name.text, name.statements, len(name.articles), *why))
        return pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)


def _shown(names: Sequence[_Name]) -> str:
    """Return the name to show of those of one actor: the most frequent of those that are whole and without a title."""
    full = [name for name in names if len(name.words) > 1] or list(names)
    bare = [name for name in full if len(keys(name.text)) == len(name.words)] or full
    return min(bare, key=lambda one: (-one.statements, len(one.text), one.text)).text
