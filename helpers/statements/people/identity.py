"""Identity: which speaker names of a corpus are names of one actor, with evidence, for a researcher to decide."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, combinations, groupby, product
from operator import itemgetter
from pathlib import Path

import pandas as pd
from rapidfuzz.fuzz import ratio

from helpers.codebook.load import Codebook, load_codebook
from helpers.inputs import check_columns
from helpers.statements.people.actors import BODIES_OF_STATE, STATES, ActorIndex, find_alias, index_actors, keys, sound
from helpers.statements.people.entities import is_role, plain
from helpers.statements.people.names import make_words

COLUMNS = {
    "actor": "string", "name": "string", "statements": "Int64", "articles": "Int64", "evidence": "string",
    "joined_to": "string", "score": "Float64",
}  # fmt: skip
_COLUMNS = ["speaker_name", "speaker_type", "doc_id", "speaker_id", "speaker_country", "speaker"]
_LINKS = frozenset({"al", "el", "bin", "ibn", "ul", "ur", "de", "la", "van", "von", "der", "da", "dos", "di"})
_SMALL = re.compile(rf".*(?<!\S)(?!(?:{'|'.join(_LINKS)})\b)[a-z]\S*\s*")  # Ambassador to Paris | Ana Ruiz
_PARTICLES = _LINKS | {"ale", "as", "ar", "ad", "an", "ash", "the", "e"}
_NOBODY = frozenset({"description", "group", "place", "people", "state"})
_VAGUE = frozenset({"official", "head"})  # of too many to tell who it is
_WHOLE = STATES | {"place", "international_organisation"}  # whose agency or newspaper is another one
# Whose a body is, or where it sits: London-based Arab Wire, NATO-led Assistance Force.
_WHOSE = re.compile(r"^.*?-(?i:based|led|owned|run|backed|affiliated|linked|language) (?=(?:al-)?[A-Z])")
_VOWELS = "aeo"
_CONSONANTS = str.maketrans("kq", "gg", _VOWELS)
_HEARD = 5  # letters from which a surname alone may be spelled otherwise: Khan is not Kan
_ALIKE = 80.0  # of 100: words that may be spellings of one
_MAIN = 0.9  # of the statements of all who may be meant by a name: enough for one of them
# What is known of two names that are joined, the most certain first, and what it is worth.
_WORTH = {
    "codebook alias": 1.0, "same words": 0.98, "spelling": 0.95, "initials": 0.9, "shorter name": 0.9,
    "words left out": 0.8, "surname alone": 0.8,
}  # fmt: skip


@dataclass(slots=True)
class _Name:
    """A speaker name of the corpus and what is known of it."""

    text: str
    words: tuple[str, ...]  # as it stands, without what is not part of a name
    person: bool = False
    generic: bool = False  # of a body that every country may have: road ministry
    common: bool = False  # by no words of its own, so that only a country tells whose: foreign ministry, news agency
    articles: set[str] = field(default_factory=set)
    statements: int = 0
    actors: Counter[str] = field(default_factory=Counter)  # ids of the codebook
    countries: Counter[str] = field(default_factory=Counter)
    told: set[str] = field(default_factory=set)  # by which roles its articles say who it is
    sounds: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.sounds = tuple(sound(word) for word in self.words)


def propose_identities(statements: pd.DataFrame, *, codebook: Codebook | None = None) -> pd.DataFrame:
    """Propose which speaker names of a corpus are names of one actor.

    Names are compared without honorifics and titles, by how they sound in several transliterations, by initials, by
    whether one is the other shortened, and by the aliases of the codebook. A name is joined to the actor who has nine
    of ten statements of all who may be meant by it; where articles tell the same role of both, others are no rivals.
    A surname alone is joined only where articles tell the same role or country of both, or no role of one, a surname
    with a title not where they tell no role of the actor; a name with a word left out only where they tell the same
    role, or no role of one and the same country or surname. Two full names of one article are never joined unless
    they sound the same, nor persons whose articles tell another role and another country, nor two actors of the
    codebook. Bodies are compared without what they are called (news agency, terrorist group) and where they sit
    (London-based); what every country has (a supreme court) is joined only within one country. Write the table as
    CSV, check it, change `actor` where it is wrong, and give it to `apply_identities`.

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
        - ``evidence`` string: ``codebook alias``, ``same words``, ``spelling``, ``initials``, ``shorter name`` (the
          end of the other, or three words of its beginning), ``words left out`` or ``surname alone``; NA for a name
          that is joined to no other
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
    check_columns(statements, *_COLUMNS[:-1], name="statements")
    book = codebook or load_codebook()
    index = index_actors(book.actors, make_words(book.people))
    names = _read_names(statements, index)
    actors = _Actors(names, index.words.first_names)
    actors.join_same()
    related = _relate(names)
    for at in sorted(related, key=lambda at: -len(names[at].words)):
        actors.join_main(at, related[at])
    return actors.table()


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
    faults = [f"names {name!r} twice" for name in decided["name"][decided["name"].duplicated()]]
    faults += [f"has no actor for {name!r}" for name in decided["name"][decided["actor"].fillna("").str.strip().eq("")]]
    if faults:
        message = f"the table {faults[0]}: give each name one row and one actor"
        raise ValueError(message)
    shown = statements["speaker_name"].map(decided.set_index("name")["actor"].str.strip()).astype("string")
    known = statements["speaker_id"].where(~statements["speaker_id"].str.contains(":", na=False))
    new = "corpus:" + shown.str.lower().str.findall("[a-z0-9]+").str.join("-").astype("string")
    names = shown.fillna(statements["speaker_name"]).astype("string")
    ids = known.groupby(shown).transform("last").fillna(new).fillna(statements["speaker_id"]).astype("string")
    return statements.assign(speaker_name=names, speaker_id=ids)


def _read_names(statements: pd.DataFrame, index: ActorIndex) -> list[_Name]:
    """Read the names of a corpus, each once, most statements first.

    One word is the name of a person where a full name ends in it, else of a body that is called so in the corpus.
    """
    shown = statements.reindex(columns=_COLUMNS).astype("string").fillna("")
    one_name = shown["speaker_name"].str[:1].str.isupper() & ~shown["speaker_name"].str.contains(" and ")
    rows = sorted(shown[one_name & ~shown["speaker_type"].isin(_NOBODY)].itertuples(index=False, name=None))
    names = []
    for text, cells in groupby(rows, key=itemgetter(0)):
        _, kinds, docs, actors, countries, sources = zip(*cells, strict=True)
        name = _read_name(text, {*kinds}, index)
        name.articles, name.statements = {*docs}, len(docs)
        name.actors.update(actor for actor in actors if actor and ":" not in actor)
        name.countries.update(country for country in countries if country)
        said = chain(*(keys(words) for words in {text, *sources}))
        name.told = ({*plain(said, index.words)} & index.words.roles) - {*name.words} - _VAGUE
        names += [name] if name.words else []
    surnames = {keys(name.text.split()[-1]) for name in names if name.person and " " in name.text}
    called = {name.words for name in names if not (name.person or name.generic)}
    for name in names:
        if len(name.words) == 1 and name.words not in index.aliases and not name.text.isupper():
            named = name.words in surnames and name.words == keys(name.text.split()[-1])
            name.person = named or (name.person and name.words not in called)
    return sorted(names, key=lambda one: (-one.statements, one.text))


def _read_name(text: str, kinds: set[str], index: ActorIndex) -> _Name:
    """Read the words of a name: of a person in their order, of a body with its country apart (Iran's, Iranian army).

    What a body is called and where it sits is no part of its name: London-based Arab Wire, Fars News Agency.
    """
    bare = _WHOSE.sub("", text)
    rows = index.aliases.get(keys(bare), ())
    if all(row.kind == "person" for row in rows) if rows else kinds <= {"person", "unknown"} and not text.isupper():
        return _Name(text, _read_person(bare, index), person=True)
    words = [w for w in keys(bare) if w not in _PARTICLES | {"of"}]
    titles = index.words.first_names | index.words.honorifics  # Ana | Ruiz administration
    words = words[1:] if words[0] in titles and tuple(words[1:]) in index.aliases else words
    rows = index.aliases.get(tuple(words), rows)
    own = bool(rows) and (rows[0].country != "" or rows[0].kind not in BODIES_OF_STATE)
    country = _cut_state(words, index)
    while where := _cut_state(words, index):  # embassy in | Kabul, Afghanistan
        words.append(f"in {where}")
    named = [w for w in words if w not in index.words.kinds_of_body]
    ordinary = index.words.speaking | index.words.org_words
    whole = {row.kind for row in index.aliases.get(tuple(named), ())} & _WHOLE
    if not whole and not (ordinary | index.words.place_words).issuperset(named):
        words = named
    common = not own and (bool(rows) or ordinary.issuperset(words))
    generic = common or not (own or index.words.speaking.isdisjoint(words))
    one_form = tuple(sorted(w.removesuffix("s") for w in words)) if len(words) > 1 else tuple(words)
    return _Name(text, one_form, generic=generic, common=common, countries=Counter([country] if country else []))


def _cut_state(words: list[str], index: ActorIndex) -> str:
    """Cut the name of a State out of some words where it is not all; return its country."""
    for at in range(len(words)):
        stop, rows = find_alias(index, words, at)
        if rows and rows[0].kind in STATES - {"government"} and stop - at < len(words):
            words[at:stop] = []
            return rows[0].country
    return ""


def _read_person(text: str, index: ActorIndex) -> tuple[str, ...]:
    """Return the words of a name without titles, particles and what stands around it: Kabul | Ana Ruiz.

    Nothing is left of a description: not the Iranian official, Ambassador of Korea to Iran.
    """
    name = _SMALL.sub("", text)
    words = list(keys(name.replace(".", ". ")))  # A.B. Ruiz
    described = name != text and index.words.first_names.isdisjoint(words[:-1])
    while len(words) > 1 and (cut := _before(words, index)):
        words = words[cut:]
    words = [w for w in words if w not in _PARTICLES]
    nobody = index.words.org_words | index.words.speaking | index.words.place_words
    if described or not words or is_role(words[-1], index.words) or words[-1] in nobody:
        return ()
    return () if any(row.kind in STATES | {"place"} for row in index.aliases.get(tuple(words), ())) else tuple(words)


def _before(name: Sequence[str], index: ActorIndex) -> int:
    """Return how many words stand before a name: Seyyed | Ana Ruiz, Hamas | Ana Ruiz, no Sheikh Ruiz."""
    stop, rows = find_alias(index, name, 0)
    if rows and stop < len(name) and (rows[0].kind in STATES or (rows[0].kind != "person" and stop < len(name) - 1)):
        return stop
    alone = len(name) == 2 and name[0] in index.words.name_titles  # noqa: PLR2004
    return int(name[0] in index.words.honorifics and not alone)


def _relate(names: Sequence[_Name]) -> dict[int, dict[int, str]]:
    """Find for each name the fuller or more frequent names that may be of the same actor, and why."""
    blocks: dict[tuple[bool, str], list[int]] = {}
    for at, name in enumerate(names):
        parts = [some for some in (name.sounds, name.sounds[-1:], name.sounds[:-1]) if some]
        ends = {"".join(some).translate(_CONSONANTS) for some in parts}
        for block in ends if name.person else {" ".join(name.sounds)}:
            blocks.setdefault((name.person, block), []).append(at)
    related: dict[int, dict[int, str]] = {}
    for one, other in sorted({pair for members in blocks.values() for pair in combinations(members, 2)}):
        short, long = sorted((one, other), key=lambda at: (len(names[at].words), bool(names[at].countries), -at))
        if evidence := _compare(names[short], names[long]):
            related.setdefault(short, {})[long] = evidence
    return related


def _compare(one: _Name, other: _Name) -> str | None:
    """Say why two names may be of one actor, as a foreign ministry and the Iranian foreign ministry; None if not."""
    short, long = sorted((one, other), key=lambda name: len(name.words))
    if not short.person:
        every = short.common or (short.generic and not (short.countries or long.countries))
        told = "spelling" if bool(short.countries) == bool(long.countries) else "shorter name"
        return None if every else told
    turned = len(short.words) > 2 and sorted(short.sounds) == sorted(long.sounds)  # noqa: PLR2004
    if turned or "".join(short.sounds) == "".join(long.sounds):
        return "spelling"
    begins, ends = long.sounds[: len(short.sounds)], long.sounds[-len(short.sounds) :]
    if short.sounds == ends or (short.sounds == begins and len(short.words) > 2):  # noqa: PLR2004
        heard = len(short.sounds[0]) >= _HEARD or short.words == long.words[-1:]
        return "shorter name" if len(short.words) > 1 else "surname alone" if heard else None
    rest = iter(range(len(long.words) - 1))  # words of the shorter name stand in order in the longer one
    firsts = all(any(_alike(short, n, long, m) for m in rest) for n in range(len(short.words) - 1))
    if len(short.words) == 1 or not (short.sounds == begins or (firsts and _alike(short, -1, long, -1))):
        return None
    initials = [min(map(len, name.words)) == 1 for name in (short, long)]
    if any(initials):
        fewer = all(initials) and len(short.words) < len(long.words)  # Ana B. Ruiz, Ana B. C. Ruiz
        return "initials" if _alike(short, 0, long, 0) and not fewer else None
    return "spelling" if len(short.words) == len(long.words) else "words left out"


def _alike(one: _Name, n: int, other: _Name, m: int) -> bool:
    """Say whether two words of names may be spellings of one: an initial is like any word that begins with it.

    Short words that differ in a last vowel are two names (Sadeq, Sadeqi), and so are surnames of other consonants, or
    with an i for an a.
    """
    x, y = one.words[n], other.words[m]
    if len(x) == 1 or len(y) == 1:
        return x[0] == y[0]
    a, b = one.sounds[n], other.sounds[m]
    ends = a[0] == b[0] and (a[-1] in _VOWELS) == (b[-1] in _VOWELS)
    if not ends or (len(x) == len(y) and {"a", "i"} in map(set, zip(x, y, strict=True))):
        return a == b
    return ratio(a, b) >= _ALIKE and (n != -1 or a.translate(_CONSONANTS) == b.translate(_CONSONANTS))


class _Actors:
    """Names joined into actors, never two that one article uses apart, or that cannot be names of one."""

    def __init__(self, names: Sequence[_Name], first_names: frozenset[str]) -> None:
        self.names = names
        self.first_names = first_names
        self.roots = list(range(len(names)))  # of each name the one that its actor has most statements under
        self.members = [[at] for at in self.roots]
        self.wholes = [replace(name) for name in names]  # of each root: what is known of all its names
        self.links: dict[int, tuple[str, str, float]] = {}  # why a name is joined, to which, what that is worth

    def join(self, one: int, other: int, evidence: str) -> None:
        """Join the actors of two names."""
        root, joined = sorted((self.roots[one], self.roots[other]))
        if root == joined:
            return
        for at in self.members[joined]:
            self.roots[at] = root
        self.members[root] += self.members[joined]
        whole, part = self.wholes[root], self.wholes[joined]
        whole.statements += part.statements
        whole.told, whole.countries = whole.told | part.told, whole.countries + part.countries
        self.links[joined] = evidence, self.names[{one: other, other: one}.get(joined, root)].text, _WORTH[evidence]

    def join_same(self) -> None:
        """Join names of one actor of the codebook, of the same words, and bodies of one country: Iran's army."""
        first: dict[tuple[str, str], int] = {}
        for at, name in enumerate(self.names):
            if actor := _most(name.actors):
                self.join(first.setdefault(("actor", actor), at), at, "codebook alias")
            for key in sorted(_same(name)):
                self.join(first.setdefault(("words", key), at), at, "same words")

    def join_main(self, at: int, related: dict[int, str]) -> None:
        """Join a name to the actor who has most of the statements of all who may be meant by it.

        If articles tell the same role of the name and of an actor, other actors are no rivals.
        """
        mine = self.roots[at]
        fuller = {self.roots[to]: to for to in sorted(related, reverse=True) if self.roots[to] != mine}
        backed = {root: self.back(at, to, related[to]) for root, to in fuller.items()}
        main = max(fuller, key=lambda root: (backed[root], self.wholes[root].statements, -root), default=mine)
        rivals = [root for root in fuller if max(1, backed[root]) >= backed[main] and not self.agree(main, root)]
        total = sum(self.wholes[root].statements for root in {main, *rivals})
        if backed.get(main) and self.wholes[main].statements >= _MAIN * total and self.agree(mine, main):
            self.join(at, fuller[main], related[fuller[main]])

    def back(self, at: int, to: int, evidence: str) -> int:
        """Say whether articles tell the same of a name and an actor (2), do not but need not (1), or should (0)."""
        name, other = self.names[at], self.names[to]
        mine, main = self.wholes[self.roots[at]], self.wholes[self.roots[to]]
        if mine.told & main.told:
            return 2
        both_told, abroad = bool(mine.told and main.told), _differ(mine.countries, main.countries)
        one_country = _most(mine.countries) == _most(main.countries) != ""
        if evidence == "surname alone":
            unsure = both_told or abroad or (mine.told and " " in name.text)  # Imam Ruiz, and none calls Ana Ruiz so
            return int(name.words[0] not in self.first_names and (one_country or not unsure))
        more = {word for word, heard in zip(other.words[:-1], other.sounds, strict=False) if heard not in name.sounds}
        apart = both_told or not self.first_names.isdisjoint(more)  # Ana | Eva Ruiz
        if evidence == "words left out":
            one_surname = name.sounds[-1] == other.sounds[-1]  # not Ana Ruiz, Ana Ruiz Noor
            return int(not (apart or abroad) and (one_country or one_surname))
        return int(not (apart and abroad))

    def agree(self, one: int, other: int) -> bool:
        """Say whether two actors may be one: bodies of one country, persons not both named in full in one article.

        Persons are compared by their longest names. A surname of several words is no full name: Rahim Safavi.
        """
        a, b = self.wholes[one], self.wholes[other]
        if _differ(a.actors, b.actors) or not (a.person and b.person):
            return not (_differ(a.actors, b.actors) or _differ(a.countries, b.countries))
        full = [[self.names[at] for at in self.members[root] if len(self.names[at].words) > 1] for root in (one, other)]
        longest = [[name for name in some if len(name.words) == max(len(n.words) for n in some)] for some in full]
        for short, long in (sorted(pair, key=lambda name: len(name.words)) for pair in product(*full)):
            surname = short.words[0] not in self.first_names and len(short.words) < len(long.words)
            alike = short.sounds == long.sounds or (surname and _compare(short, long))
            if not (alike or short.articles.isdisjoint(long.articles)):
                return False
        return all(_compare(a, b) for a, b in product(*longest))

    def table(self) -> pd.DataFrame:
        """Return a row per name, actors with most statements first."""
        rows = []
        for root in sorted(set(self.roots), key=lambda root: (-self.wholes[root].statements, self.names[root].text)):
            actor = min((self.names[at] for at in self.members[root]), key=_rank).text
            for at in sorted(self.members[root]):
                name, why = self.names[at], self.links.get(at, (None, None, None))
                rows.append((actor, name.text, name.statements, len(name.articles), *why))
        return pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)


def _same(name: _Name) -> set[str]:
    """Return what another name has to share to be of the same words: all of them, or those that count.

    A surname alone is not the same as a body, and what every country has is the same in one country only.
    """
    kind = f"{len(name.words) > 1}" if name.person else _most(name.countries)
    found = {"all " + "".join(word for word in keys(name.text) if word != "the")}
    return found | {f"{kind} {''.join(name.words)}"} if kind or not name.generic else found


def _differ(one: Counter[str], other: Counter[str]) -> bool:
    """Say whether most statements of two names have another country, or another actor of the codebook."""
    return len({_most(one), _most(other), ""}) == 3  # noqa: PLR2004


def _most(counts: Counter[str]) -> str:
    """Return what more than half of the statements have, nothing where there is none."""
    return next((key for key, count in counts.items() if 2 * count > counts.total()), "")


def _rank(name: _Name) -> tuple[bool, bool, int, int, str]:
    """Order the names of an actor: the most frequent is shown, of a person one in full and without a title."""
    titled = name.person and tuple(keys(name.text)[:1]) != name.words[:1]
    return name.person and len(name.words) == 1, titled, -name.statements, len(name.text), name.text
