"""Identity: which speaker names of a corpus are names of one actor, with evidence, for a researcher to decide."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd
from rapidfuzz.fuzz import ratio

from helpers.codebook.load import load_codebook
from helpers.inputs import check_columns
from helpers.statements.people.actors import STATES, fold, index_actors, keys, sound
from helpers.statements.people.entities import is_role
from helpers.statements.people.names import make_words

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
_PARTICLES = frozenset({"al", "el", "as", "ar", "ad", "an", "ash", "the", "e"})
_LINKS = frozenset({"al", "el", "bin", "ibn", "ul", "ur", "de", "la", "van", "von", "der", "da", "dos", "di"})
_NOBODY = frozenset({"description", "group", "place", "people", "state"})
_VOWELS = re.compile(r"[aeo]")
_INITIALS = re.compile(r"(?:[A-Z]\.)+")
_ALIKE = 86.0  # of 100: words that may be spellings of one name
_RARE = 0.05  # of the statements: what others of a surname may have beside the one it is known by
_WORD_ALIKE = 72.0  # and the least that any word of it must reach


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
    countries: set[str] = field(default_factory=set)


def propose_identities(statements: pd.DataFrame, *, codebook: Codebook | None = None) -> pd.DataFrame:
    """Propose which speaker names of a corpus are names of one actor.

    Names are compared without honorifics and titles, by how they sound in several transliterations, by initials, by
    whether one is the other shortened, and by the aliases of the codebook. A surname alone is joined where the corpus
    has one person of that surname. Two names that one article uses for two speakers are never joined. Write the table
    as CSV, check it, change `actor` where it is wrong, and give it to `apply_identities`.

    Parameters
    ----------
    statements : DataFrame
        ``doc_id``, ``speaker_name``, ``speaker_type``, ``speaker_id``, ``speaker_country`` (string), as given by
        `extract_statements` for a whole corpus; it is not changed.
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
    groups = _Groups(names)
    pairs = sorted(_pairs(names), key=lambda pair: (-pair[0], pair[1], pair[2]))
    for score, a, b, evidence in pairs:
        groups.join(a, b, score, evidence)
    for score, a, b, evidence in _surnames(names, groups):
        groups.join(a, b, score, evidence)
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
    ids = {name: actor for name, actor in zip(shown, known, strict=True) if not pd.isna(name) and not pd.isna(actor)}
    given = [
        None if pd.isna(name) else ids.get(name, f"corpus:{'-'.join(re.findall('[a-z0-9]+', name.lower()))}")
        for name in shown
    ]
    new = pd.Series(given, index=statements.index, dtype="string")
    return statements.assign(
        speaker_name=shown.fillna(statements["speaker_name"]).astype("string"),
        speaker_id=new.fillna(statements["speaker_id"]).astype("string"),
    )


def _read_names(statements: pd.DataFrame, index: ActorIndex) -> list[_Name]:
    """Read the names of a corpus, each once, most statements first."""
    names: dict[str, _Name] = {}
    columns = ["speaker_name", "doc_id", "speaker_type", "speaker_id", "speaker_country"]
    for text, doc, kind, actor, country in statements[columns].itertuples(index=False):
        if pd.isna(text) or (not pd.isna(kind) and kind in _NOBODY) or not text[:1].isupper() or " and " in text:
            continue
        name = names.get(text)
        if name is None:
            person = kind in {"person", "unknown"}
            words = _bare(text, index, person=person)
            if not words:
                continue
            name = names[text] = _Name(text, words, tuple(sound(w) for w in words), person)
        name.articles.add(doc)
        name.statements += 1
        if not pd.isna(actor) and ":" not in actor:
            name.actors.add(actor)
        if not pd.isna(country):
            name.countries.add(country)
    return sorted(names.values(), key=lambda one: (-one.statements, one.text))


def _bare(text: str, index: ActorIndex, *, person: bool) -> tuple[str, ...]:
    """Return the words of a name without titles, particles and what stands before it: Kabul | Ana Ruiz."""
    words: list[str] = []
    for part in text.split()[_office(text, index) if person else 0 :]:
        initials = _INITIALS.fullmatch(part) and keys(part) not in index.aliases
        words += list(part.replace(".", "").lower()) if initials else keys(part)
    if person and not _is_name(text, index.words):
        return ()
    if person:
        words = words[max((i + 1 for i, w in enumerate(words[:-2]) if w in index.words.org_words), default=0) :]
        apart = "-" not in text.split(maxsplit=1)[0]
        while len(words) > 1 and (cut := _title(words, index.words) or (apart and _place(words, index))):
            words = words[cut:]
    named = tuple(w for w in words if w not in _PARTICLES) or tuple(words)
    return named if person else tuple(sorted(w for w in named if w != "of"))  # the Ministry of Ports


def _is_name(text: str, words: NameWords) -> bool:
    """Tell the name of a person from a description: not the Iranian official, Ambassador of Korea to Iran."""
    parts = text.split()
    low = _last_small(parts)
    last = (keys(parts[-1]) or ("",))[-1]
    named = low < 0 or len(parts) - low > 2  # noqa: PLR2004 - what follows the last small word is a whole name
    return (
        named
        and len(last) > 1
        and not (is_role(last, words) or last in words.org_words | words.people | words.place_words)
    )


def _last_small(parts: Sequence[str]) -> int:
    """Return the last word that begins with a small letter and is no part of a name, -1 for none."""
    return max((i for i, p in enumerate(parts) if p[0].islower() and fold(p.split("-")[0]) not in _LINKS), default=-1)


def _office(text: str, index: ActorIndex) -> int:
    """Return how many words of an office stand before a whole name: Iranian envoy to the UK | Ana Ruiz."""
    parts = text.split()
    after = _last_small(parts) + 1
    rest = [k for p in parts[after:] for k in keys(p)]
    place = _place(rest, index)
    return after if rest[place : place + 1] and rest[place] in index.words.first_names else 0


def _title(name: Sequence[str], words: NameWords) -> int:
    """Return 1 where a name begins with a title that is no part of it: Seyyed Ana Ruiz, but Sheikh Ruiz."""
    return int(name[0] in words.honorifics and (name[0] not in words.name_titles or len(name) > 2))  # noqa: PLR2004


def _place(words: Sequence[str], index: ActorIndex) -> int:
    """Return how many words of a State or place stand before a name: United States | Ruiz, Kabul | Ana Ruiz."""
    for n in (2, 1):
        rows = index.aliases.get(tuple(words[:n]), ())
        if len(words) > n and rows and rows[0].kind in STATES | {"place"}:
            return n
    return 0


def _pairs(names: Sequence[_Name]) -> Iterable[tuple[float, int, int, str]]:
    """Compare the names that share a surname by its consonants, all their letters, or an actor."""
    blocks: dict[tuple[str, str], list[int]] = {}
    for at, name in enumerate(names):
        found = {("all", "".join(name.sounds))} | {("actor", actor) for actor in name.actors}
        if name.person:
            found.add(("last", _VOWELS.sub("", name.sounds[-1])))
        for block in found:
            blocks.setdefault(block, []).append(at)
    seen: set[tuple[int, int]] = set()
    for (kind, _), members in blocks.items():
        for n, a in enumerate(members):
            for b in members[n + 1 :]:
                told = (1.0, "codebook alias") if kind == "actor" else _compare(names[a], names[b])
                if told is not None and (kind == "actor" or (a, b) not in seen):
                    seen.add((a, b))
                    yield told[0], a, b, told[1]


def _compare(one: _Name, other: _Name) -> tuple[float, str] | None:  # noqa: PLR0911 - one return a kind of evidence
    """Say how much two names look like names of one, and why; None where they do not."""
    if one.words == other.words or "".join(one.words) == "".join(other.words):
        return 0.98, "same words"
    if not (one.person and other.person) or min(len(one.words), len(other.words)) < 2:  # noqa: PLR2004
        return None
    if one.actors and other.actors and not one.actors & other.actors:
        return None
    if "".join(one.sounds) == "".join(other.sounds):
        return 0.95, "spelling"
    long, short = (one, other) if len(one.words) >= len(other.words) else (other, one)
    alike = _align(short, long)
    if alike is None:
        return None
    if any(len(w) == 1 for w in (*short.words, *long.words)):
        return 0.9, "initials"
    if len(short.words) < len(long.words):
        return 0.85 * alike, "shorter name"
    return 0.95 * alike, "spelling"


def _align(short: _Name, long: _Name) -> float | None:
    """Find the words of a shorter name in order in a longer one, surname to surname; return how alike they are."""
    scores = [_alike(short, -1, long, -1)]
    at = 0
    for n in range(len(short.words) - 1):
        while at < len(long.words) - 1:
            score = _alike(short, n, long, at)
            at += 1
            if score >= _WORD_ALIKE:
                scores.append(score)
                break
        else:
            return None
    mean = sum(scores) / len(scores)
    return mean / 100 if min(scores) >= _WORD_ALIKE and mean >= _ALIKE else None


def _alike(one: _Name, n: int, other: _Name, m: int) -> float:
    """Say how alike two words of names are, 0 to 100: an initial is like any word that begins with it."""
    if len(one.words[n]) == 1 or len(other.words[m]) == 1:
        return 100.0 if one.words[n][0] == other.words[m][0] else 0.0
    a, b = one.sounds[n], other.sounds[m]
    alike = ratio(a, b) if a[:1] == b[:1] else 0.0
    return alike if alike >= _ALIKE or _VOWELS.sub("", a) == _VOWELS.sub("", b) else 0.0


def _surnames(names: Sequence[_Name], groups: _Groups) -> list[tuple[float, int, int, str]]:
    """Join a surname alone to the one person of that surname, or to the one that nearly all statements are of."""
    holders: dict[tuple[bool, str], set[int]] = {}
    for at, name in enumerate(names):
        if name.person and len(name.words) > 1:
            for surname in ((True, name.words[-1]), (False, name.sounds[-1])):
                holders.setdefault(surname, set()).add(groups.root(at))
    found = []
    for at, name in enumerate(names):
        if name.person and len(name.words) == 1:
            alike = holders.get((True, name.words[0])) or holders.get(
                (False, name.sounds[0]), set()
            )  # as it is spelled
            whole = sorted(alike, key=lambda root: -groups.statements[root])
            if whole and sum(groups.statements[one] for one in whole[1:]) <= _RARE * groups.statements[whole[0]]:
                found.append((0.8 if len(whole) == 1 else 0.7, at, whole[0], "surname alone"))
    return found


class _Groups:
    """Names joined into actors, never two that one article uses apart."""

    def __init__(self, names: Sequence[_Name]) -> None:
        self.names = names
        self.parent = list(range(len(names)))
        self.articles = [set(name.articles) for name in names]
        self.statements = [name.statements for name in names]
        self.countries = [set(name.countries) for name in names]
        self.told: dict[int, tuple[str, str, float]] = {}

    def root(self, at: int) -> int:
        while self.parent[at] != at:
            at = self.parent[at]
        return at

    def join(self, a: int, b: int, score: float, evidence: str) -> None:
        """Join the actors of two names unless an article has both, or they are of two countries."""
        one, other = sorted((self.root(a), self.root(b)))
        same = evidence == "same words" and len(self.names[a].words) > 1
        if one == other or (self.articles[one] & self.articles[other] and not same):
            return
        known = evidence in {"codebook alias", "same words"}
        if (
            not known
            and self.countries[one]
            and self.countries[other]
            and not self.countries[one] & self.countries[other]
        ):
            return
        self.parent[other] = one
        self.articles[one] |= self.articles[other]
        self.statements[one] += self.statements[other]
        self.countries[one] |= self.countries[other]
        later, earlier = max(a, b), min(a, b)
        at = later if later not in self.told else earlier if earlier not in self.told else other
        self.told[at] = (self.names[a + b - at].text if at in {a, b} else self.names[one].text, evidence, score)

    def table(self) -> pd.DataFrame:
        members: dict[int, list[int]] = {}
        for at in range(len(self.names)):
            members.setdefault(self.root(at), []).append(at)
        totals = {root: sum(self.names[at].statements for at in some) for root, some in members.items()}
        rows = []
        for root in sorted(members, key=lambda one: (-totals[one], self.names[one].text)):
            actor = _shown([self.names[at] for at in members[root]])
            for at in members[root]:
                name = self.names[at]
                to, evidence, score = self.told.get(at, (None, None, None))
                rows.append((actor, name.text, name.statements, len(name.articles), evidence, to, score))
        return pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)


def _shown(names: Sequence[_Name]) -> str:
    """Return the name to show of those of one actor: the most frequent of those that are whole and without a title."""
    full = [name for name in names if len(name.words) > 1] or list(names)
    bare = [name for name in full if len(keys(name.text)) == len(name.words)] or full
    return min(bare, key=lambda one: (-one.statements, len(one.text), one.text)).text
