"""Mentions: the names in a text, read as roles, persons, organisations and known actors."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from itertools import pairwise

from helpers.statements.grammar.quotations import find_quotes
from helpers.statements.people.actors import STATES, ActorIndex, Alias, country_in, country_of, find_alias, fold, keys
from helpers.statements.people.names import NameWords

_CAPITAL = r"[^\W\d_a-zß-öø-ÿ]"
_WORD = (
    rf"(?:(?:[A-Z]\.)+[A-Z]\b\.?|(?:[B-PR-Z]|(?<!\n)(?<![.?!] )A)\.(?=[ \u00a0]?[A-Z])"
    rf"|(?:Mr|Mrs|Ms|Dr|St|Gen|Brig|Lt|Col|Maj|Capt|Cmdr|Adm|Sgt|Sen|Rep|Gov|Amb|Prof|Rev|Hon|Eng)\.(?=[ \u00a0])"
    rf"|(?:[aAeE][lnrstz]|[aA]sh|[uU][lr])-{_CAPITAL}\w*(?:['’.&-]\w+)*|d['’]{_CAPITAL}\w*|{_CAPITAL}\w*(?:['’.&-]\w+)*)"
)
_PARTICLE = r"(?:of|de|del|della|da|dos|du|di|la|le|van|von|der|den|bin|ben|ibn|bint|ul|ur|ud|al|el|dela|ter|und|zu|e)"
_LINK = rf"(?:[ \u00a0]{_PARTICLE}){{1,2}}"
_STARTS = r"(?!(?:The|In|At|He|She|It|They|We|This|These|If|But|When|As|After|Asked) )"  # a sentence, not: of The Hague
_RUN = re.compile(rf"(?<!\w){_WORD}(?:{_LINK}[ \u00a0]{_WORD}|[ \u00a0]{_STARTS}{_WORD})*")
_PIECE = re.compile(r"\S+")
_SENTENCE_END = re.compile(
    r"[\n.!?…](?:(?<=\n)\n*|(?<![A-Z\n].)(?<!Mr.)(?<!Ms.)(?<!Dr.)(?<!Mrs.)(?<!St.)(?<!Lt.)(?<!Gen.)(?<!Sen.)(?<!Rep.)(?<!Gov.)"
    r"(?<!Col.)(?<!Maj.)(?<!Capt.)(?<!Brig.)(?<!Prof.)[.!?…]*[\"”’')\]]*\s+(?=[\"“‘'(\[]?[A-Z]))"
)
_LOWER = re.compile(r"\b[a-z]{3,}\b")
_DATELINE = re.compile(
    r"\n?(?<![^\n])\w[\w .'-]{1,30}(?:, [A-Z][\w .]{1,25})?(?: \([\w ]{1,20}\))? ?(?:: |[—–] ?| - | ?\([A-Z]\w+\))"
)
_COMPOUND = re.compile(r"[A-Z][a-z]+-[a-z]+|[A-Z][a-z]{3,}ly")  # All-weather, Finally
_HEADLINE = re.compile(r".*\w\n")
_JOINT = re.compile(r" (?:of|of the|for|for the|on|on the|to|and|and the|without|in the|in|from) ")
_OF_GAPS = frozenset({" of ", " of the ", " for ", " for the ", " on "})
_OFFICE = re.compile(rf"\b([\w’'.-]+){_JOINT.pattern}\Z")
_AFTER = re.compile(r",? (?:\(?\d\d?\)?, )?((?:[\w’'.&-]+ ){0,12}?[\w’'.&-]+)(?= ?[,.;:()—–\n]|$)")
_APPOSED = re.compile(r"[A-Z][\w’'-]+, (?:an?|the) [^,]*, $")  # Peter Holm, the mayor of Paris, | Ana Ruiz said
_AGENCY = " news agency"
_PAPER = re.compile(r" (?:news )?([a-z]+)\b")
_OF = re.compile(r" of (?:the )?([A-Z]\w+(?: [A-Z]\w+){0,3})")
_CLAUSE_END = re.compile(r"[.,\n”:;]")
_BREAK = re.compile(r'[.?!;:\n“”"()]')
_DATE = re.compile(r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\W*$")
_NO_NAME = re.compile(r"[A-Z]|(?:[A-Z]\.)+|\S+-\d+")
_LETTERS = re.compile(r"[A-Z]{2,}")
_MONTH = re.compile(r"(?:January|February|March|April|May|June|July|August|September|October|November|December) \d")
NAMED = frozenset({"person", "name"})
SIDE_BY_SIDE = frozenset({"state", "capital"})  # in a headline without marks: Iran | Russia agree


@dataclass(slots=True)
class Mention:
    """A place where somebody or something is named."""

    start: int
    end: int
    words: tuple[str, ...]
    kind: str  # a type of actors.csv, or: person, name (not known what), role (a title alone), organisation
    roles: tuple[str, ...] = ()
    country: str = ""
    actors: tuple[Alias, ...] = ()
    entity: int = -1
    subject: bool = False
    shown: int = -1  # where a title starts that is shown with the name, if one is
    quoted: bool = False  # inside a quotation, or a dateline: no antecedent


@dataclass(frozen=True, slots=True)
class Page:
    """One article, read once."""

    text: str
    mentions: list[Mention]
    starts: list[int]
    sentences: list[int]
    quotes: list[tuple[int, int]]
    words: NameWords

    def is_quoted(self, position: int) -> bool:
        """Say whether a position lies in a quotation."""
        at = bisect_right(self.quotes, (position, len(self.text))) - 1
        return at >= 0 and position < self.quotes[at][1]

    def sentence(self, position: int) -> int:
        """Return the number of the sentence that holds a position."""
        return bisect_right(self.sentences, position)

    def within(self, start: int, end: int) -> list[Mention]:
        """Return the mentions that lie between two positions."""
        first = bisect_right(self.starts, start - 1)
        return [m for m in self.mentions[first : bisect_right(self.starts, end)] if m.end <= end]


def read_page(text: str, index: ActorIndex, edges: Sequence[int], cues: Set[int]) -> Page:
    """Find the names of an article and its sentences; `edges` part a headline without marks: Iran | Welcomes.

    No name starts where one of the `cues` does.
    """
    lower = frozenset(_LOWER.findall(text))
    found: list[Mention] = []
    edges = [edge for edge in edges if " " in text[edge - 1 : edge + 1]]
    for run in _RUN.finditer(text):
        cuts = edges[bisect_right(edges, run.start()) : bisect_left(edges, run.end())]
        for start, end in pairwise([run.start(), *cuts, run.end()]):
            found.extend(() if start in cues else _read_run(text, start, end, index, lower))
    mentions = [m for m in _join(text, found, index, lower) if m.kind != "name" or not _is_common(m.words, index.words)]
    top = text.find("\n") if _HEADLINE.match(text) else 0
    known = "|".join(f" {' '.join(m.words)} " for m in mentions if m.start >= top) if top else ""
    mentions = [m for m in mentions if m.kind != "name" or m.start >= top or _recurs(text, m, known, lower)]
    sentences = [m.end() for m in _SENTENCE_END.finditer(text)]
    page = Page(text, mentions, [m.start for m in mentions], sentences, find_quotes(text), index.words)
    previous = -1
    for mention in mentions:
        mention.quoted = page.is_quoted(mention.start)
        if mention.kind in STATES | {"place"} and _DATELINE.match(text, max(0, mention.start - 1)):
            mention.quoted = True  # where it was written; nobody who acts
        sentence = page.sentence(mention.start)
        mention.subject = not mention.quoted and _is_subject(text, mention, index.words, first=sentence != previous)
        previous = sentence
        if mention.kind in NAMED and _is_place(text, mention, index.words):
            mention.kind = "place"
        elif mention.kind in NAMED and mention.start - 1 not in edges:
            _look_around(text, mention, index)
        if mention.kind == "media" and text.startswith(_AGENCY, mention.end):
            mention.end, mention.words = mention.end + len(_AGENCY), (*mention.words, *keys(_AGENCY))
    return page


def _is_common(heads: tuple[str, ...], words: NameWords) -> bool:
    """Say whether capitals make no name: the Media, the Resolution, the Ministers."""
    several = heads[0].endswith("s") and heads[0][:-1] in words.roles
    common = any(heads[0] in known for known in (words.no_names, words.speaking, words.nobody))
    return len(heads) == 1 and (several or (common and heads[0] not in words.first_names))


def _recurs(text: str, mention: Mention, known: str, lower: frozenset[str]) -> bool:
    """Cut a name of the headline to what is named below it, and say whether it is a name: Noor | West must pay."""
    words = text[mention.start : mention.end].split(" ")
    for size in range(len(words), 0, -1):
        for first in (0, len(words) - size):
            name = " ".join(words[first : first + size])
            if f" {' '.join(keys(name))} " in known and not words[first].islower():
                mention.start += len(" ".join(words[:first])) + (first > 0)
                mention.end, mention.words = mention.start + len(name), keys(name)
                return True
    return lower.isdisjoint(mention.words)


def _is_place(text: str, mention: Mention, words: NameWords) -> bool:
    """Say whether a name is of a place: East Harbour Province, Dara district."""
    after = text[mention.end : mention.end + 20].split(maxsplit=1)
    last = len(mention.words) > 1 and mention.words[-1] in words.place_words
    return last or bool(after and after[0].strip(",.") in words.place_words)


def _read_run(text: str, start: int, end: int, index: ActorIndex, lower: frozenset[str]) -> list[Mention]:
    """Cut a run of capitalised words after each possessive and read the parts."""
    pieces = [piece.span() for piece in _PIECE.finditer(text, start, end)]
    texts = [text[a:b] for a, b in pieces]
    while texts and _opens(text, pieces[0][0], texts, index, lower):
        pieces, texts = pieces[1:], texts[1:]
        while texts and texts[0].islower():  # Farmers | of Herat
            pieces, texts = pieces[1:], texts[1:]
    while texts and (_DATE.match(texts[-1]) or _MONTH.match(text, pieces[-1][0])):
        pieces, texts = pieces[:-1], texts[:-1]  # Ana Ruiz | Tuesday, | July 3
    found: list[Mention] = []
    first = 0
    for i, word in enumerate(texts):
        if word.endswith(("'s", "’s")) or i == len(texts) - 1:
            found.extend(_read_part(pieces[first : i + 1], texts[first : i + 1], index))
            first = i + 1
    return found


def _opens(text: str, start: int, texts: list[str], index: ActorIndex, lower: frozenset[str]) -> bool:
    """Say whether the first word has its capital from the sentence and not from a name."""
    word = texts[0]
    if word in index.words.openers or (len(texts) == 1 and _COMPOUND.fullmatch(word)):
        return not (len(texts) > 1 and find_alias(index, texts, 0)[0] > 1)  # The Guardian, United Nations
    before = text[max(0, start - 4) : start].strip(" \"“”‘’'()")
    if (before and before[-1] not in ".!?:\n") or find_alias(index, texts, 0)[1]:
        return False
    small = word.lower()
    if small.endswith("ing") and (len(texts) > 1 or text.count(word) == 1):
        return True  # Quoting | Ana Ruiz
    if small.endswith("s") and small[:-1] in index.words.roles:
        return True  # Farmers | of Herat
    if len(texts) == 1:
        return small in lower or small in index.words.roles or small in index.words.speaking
    return small in lower and small not in index.words.titles and small not in index.words.org_words


def _read_part(  # noqa: C901, PLR0911 - one return a kind of name
    pieces: list[tuple[int, int]], texts: list[str], index: ActorIndex
) -> list[Mention]:
    """Read one part of a run: a known actor, titles with or without a name, an organisation, or a name."""
    start, end = pieces[0][0], pieces[-1][1] - (2 if texts[-1].endswith(("'s", "’s")) else 0)
    words = keys(" ".join(texts))
    whole, rows = find_alias(index, texts, 0)
    heads = [fold(t) for t in texts]
    if rows and whole == len(texts):
        # no part of a person's name
        apart = index.words.titles - index.words.name_titles if rows[0].kind == "person" else frozenset()
        titles = next((i for i, head in enumerate(heads[:-1]) if head not in apart), len(heads) - 1)
        shown = pieces[titles - _is_shown(heads[:titles], len(words) - titles, index)][0]
        start, name = pieces[titles][0], words[titles:]
        return [Mention(start, end, name, rows[0].kind, words[:titles], country_of(rows), rows, shown=shown)]
    if rows and texts[whole] == "of" and texts[whole + 1 :]:
        places = find_alias(index, texts, whole + 1)[1]
        if places and places[0].kind == "state":
            return [Mention(start, end, words, rows[0].kind, (), country_of(places), rows)]
    if "of" in texts[1:-1]:
        # Ana Ruiz of Harvard: a person and a place of work. Ministry of Defence: one name
        at = texts.index("of")
        if at > 1 and not set(heads[:at]) & (index.words.org_words | index.words.titles - {"general"}):
            return [*_read_part(pieces[:at], texts[:at], index), *_read_part(pieces[at + 1 :], texts[at + 1 :], index)]
    last = _last_title(texts, heads, index)
    if last >= 0:
        return _titled(pieces, texts, last, index)
    first, org = index.words.first_names, index.words.org_words
    names = (i for i in range(1, len(heads) - 1) if heads[i] in first or heads[i] in index.words.honorifics)
    fields = index.words.fields if "of" in heads else ()
    cut = next(
        (i for i in names if heads[i - 1] in org or heads[i - 1] in fields or _LETTERS.fullmatch(texts[i - 1])), 0
    )
    after = find_alias(index, texts, whole)[1][:1] if rows and rows[0].kind in SIDE_BY_SIDE else ()
    if (after and after[0].kind in SIDE_BY_SIDE) or (
        rows and rows[0].kind == "demonym" and heads[whole] in first and whole < len(heads) - 1
    ):
        cut = whole  # Iran | Russia agree; the Spaniard | Ana Ruiz
    if cut:  # head of the Supreme Court | Ana Ruiz, envoy to the UN | Ana Ruiz
        return [*_read_part(pieces[:cut], texts[:cut], index), *_read_part(pieces[cut:], texts[cut:], index)]
    if not org.isdisjoint(heads):
        # Russian Foreign Ministry: a country and a kind of institution
        stop, inner = find_alias(index, texts, whole)
        country = country_of(rows) if rows and rows[0].kind in STATES else ""
        inner = tuple(r for r in inner if r.country in {"", country}) if stop == len(texts) else ()
        return [Mention(start, end, words, inner[0].kind if inner else "organisation", (), country, inner)]
    paired = len(texts) == 1 and "-" in texts[0] and find_alias(index, texts[0].split("-"), 0)[1]
    if _NO_NAME.fullmatch("".join(texts)) or (paired and paired[0].kind in STATES):  # S, F-35, American-Iranian
        return []
    return [Mention(start, end, words, "person" if len(texts) > 1 and heads[0] in first else "name")]


def _last_title(texts: list[str], heads: list[str], index: ActorIndex) -> int:
    """Return where the titles before a name end, -1 without titles: Deputy Interior Minister | Ivan Petrov."""
    last = max((i for i, h in enumerate(heads) if h in index.words.titles), default=-1)
    if len(texts) == 1 or (last == 1 and len(texts) == 2 and heads[0] in index.words.first_names):  # noqa: PLR2004
        return -1 if len(texts) > 1 else last  # Stephen King has no title
    if last >= 0 and texts[last + 1 : last + 2] == ["of"]:
        # President of Argentina | Alberto Ramos; Secretary of State | Ana Ruiz; Mayor of Paris
        stop, _ = find_alias(index, texts, min(last + 2, len(texts) - 1))
        stop = max(stop, _name_start(heads, last + 3, index) or last + 3)
        # Chief of Army Staff, Chairman of Iran-Iraq Chamber of Commerce
        whole = stop >= len(texts) or not index.words.org_words.isdisjoint(heads[max(stop, len(heads) - 3) :])
        last = len(texts) - 1 if whole else stop - 1
    if last == len(texts) - 2 and heads[last] in index.words.name_titles:
        return last - 1 if last else -1
    return last


def _titled(pieces: list[tuple[int, int]], texts: list[str], last: int, index: ActorIndex) -> list[Mention]:
    """Read titles and the name after them."""
    end = pieces[-1][1] - (2 if texts[-1].endswith(("'s", "’s")) else 0)
    words = keys(" ".join(texts))
    while texts[last + 3 :] and fold(texts[last + 1]) in index.words.org_words | index.words.fields:
        last += 1  # Chief of General | Staff | Ana Ruiz
    rest = texts[last + 1 :]
    roles = keys(" ".join(texts[: last + 1]))
    country = country_in(texts[: last + 1], index)
    if not rest or rest[0] == "of":  # Chairman of Chamber | of Industry of Damascus
        return [Mention(pieces[0][0], end, words, "role", roles, country)]
    name = keys(" ".join(rest))
    stop, _ = find_alias(index, texts, 0)
    titles = [fold(t) for t in texts[stop : last + 1]]
    shown = pieces[last + 1 - _is_shown(titles, len(name), index)][0]
    start = pieces[last + 1][0]
    stop, rows = find_alias(index, rest, 0)
    if rows and stop == len(rest):
        return [Mention(start, end, name, rows[0].kind, roles, country_of(rows) or country, rows, shown=shown)]
    if "of" in rest[1:-1]:
        # President Ana Ruiz | of Iran
        cut = rest.index("of")
        place = country_in(rest[cut + 1 :], index)
        name, end = keys(" ".join(rest[:cut])), pieces[last + cut][1]
        after = _read_part(pieces[last + cut + 2 :], rest[cut + 1 :], index)
        return [Mention(start, end, name, "person", roles, country or place, shown=shown), *after]
    return [Mention(start, end, name, "person", roles, country, shown=shown)]


def _is_shown(titles: Sequence[str], words: int, index: ActorIndex) -> bool:
    """Say whether the last title is shown with a name: Ayatollah | Karim Noor; the one title of a surname."""
    if words == len(titles) == 1:
        return titles[0] in index.words.roles
    return bool(titles) and titles[-1] in index.words.shown


def _join(text: str, found: list[Mention], index: ActorIndex, lower: frozenset[str]) -> list[Mention]:
    """Join what the first pass cut: Committee to | Protect Journalists, President of the | United States."""
    out: list[Mention] = []
    for mention in found:
        last = out[-1] if out else Mention(0, 0, (), "")
        if mention.kind in NAMED | {"organisation"}:
            _skip_office(text, last, mention, index, lower)
        name = text[mention.start : mention.end].partition(" ")[2]
        first, *rest = mention.words
        state = first not in index.words.first_names and index.words.first_names.intersection(rest[:1])
        before = first in index.words.fields or (state and (first,) in index.aliases)
        if mention.kind in NAMED and before and " " in name and name[0].isupper():
            mention.start, mention.words = mention.end - len(name), mention.words[1:]  # Minister of Trade | Ana Ruiz
            mention.shown = -1
        gap = text[last.end : mention.start] if mention.start - last.end < len(" without the ") else ""
        listed, named = text.startswith((" and ", ", and "), mention.end), mention.kind == "name"
        joined = _join_state(last, mention) if gap in {"'s ", "’s "} else _joined(text, last, mention, gap, index)
        if joined:
            out[-1] = joined
        elif last.kind == "role" and (listed or named if gap in _OF_GAPS else gap == ", " and listed and named):
            last.end = mention.end  # Leader of the | Islamic Revolution; Minister of Ports, | Fishing | and Trade
        else:
            out.append(mention)
    return out


def initials(name: str) -> str:
    """Return the capitals that begin the words of a name."""
    return "".join(w[0] for w in re.findall(r"\w+", name) if w[0].isupper())


def _skip_office(text: str, last: Mention, holder: Mention, index: ActorIndex, lower: frozenset[str]) -> None:
    """Read what an office is for before its holder's name: US Ambassador to | Germany | Ana Ruiz."""
    office = _OFFICE.search(text, max(0, holder.start - 40), holder.start)
    beside = office and last.end == office.end(1) and last.kind in {"role", "organisation"}
    if not office or not (beside or office[1].lower() in index.words.roles):
        return
    texts = text[holder.start : holder.end].split()
    heads = [fold(t) for t in texts]
    stop, rows = find_alias(index, texts, 0)
    if (beside and last.kind == "organisation") or not rows or rows[0].kind not in STATES | {"place"}:
        stop = _name_start(heads, 1, index)
        while holder.kind == "name" and last.kind == "role" and stop < len(texts) - 2 and heads[stop] in lower:
            stop += 1  # High Commissioner for | Refugees | Ana Ruiz
    if not 0 < stop < len(texts) - 1 or not index.words.org_words.isdisjoint(heads[stop:]):
        return
    name = holder.start + text[holder.start : holder.end].index(texts[stop], len(" ".join(texts[:stop])))
    if beside and last.kind == "organisation":  # head of the Council for | Ports | Ana Ruiz
        last.end, last.words = name - 1, last.words + keys(" ".join(texts[:stop]))
    else:
        holder.roles, holder.country = (office[1].lower(),), ""
    if beside and last.kind == "role":
        holder.roles, holder.country = last.roles, last.country
    holder.start, holder.kind = name, "person"
    holder.words = keys(" ".join(texts[stop:]))


def _name_start(heads: list[str], low: int, index: ActorIndex) -> int:
    """Return where a first name follows what an office is for, 0 for nowhere: for Political Affairs | Ana Ruiz."""
    first = [head in index.words.first_names or head in index.words.honorifics for head in heads]
    return next((i for i in range(low, len(heads) - 1) if first[i] and not first[i - 1]), 0)


def _joined(text: str, left: Mention, right: Mention, gap: str, index: ActorIndex) -> Mention | None:
    if not _JOINT.fullmatch(gap):
        return None
    texts = text[left.start : right.end].split()
    words = keys(" ".join(texts))
    stop, rows = find_alias(index, texts, 0)
    if rows and stop == len(texts):
        return Mention(left.start, right.end, words, rows[0].kind, left.roles, country_of(rows), rows)
    org = index.words.org_words
    field = left.kind == "name" and left.words[-1] in index.words.fields  # Food | and | Farming Agency
    if gap == " and " and field and right.kind == "organisation" and text[left.start - 2] != ",":
        return Mention(left.start, right.end, words, "organisation", (), right.country)
    if left.kind in NAMED | {"role"} | STATES or left.actors or right.kind == "person" or org.isdisjoint(left.words):
        return None
    both = gap == " and " and right.kind == "name" and left.words[-1] not in org
    place = right.country if right.kind in STATES | {"place"} else ""
    whole = Mention(left.start, right.end, words, "organisation", (), left.country or place)
    return whole if both or gap in _OF_GAPS else None


def _join_state(left: Mention, right: Mention) -> Mention | None:
    """Join a State and a body of it: Iran's | Foreign Ministry."""
    other = right.kind in NAMED | STATES | {"role", "place", "media", "armed_group"}
    if left.kind not in {"state", "demonym"} or other or right.country not in {"", left.country}:
        return None
    actors = tuple(a for a in right.actors if a.country in {"", left.country})
    words = left.words + right.words
    return replace(right, start=left.start, words=words, country=left.country, actors=actors, shown=-1)


def _is_subject(text: str, mention: Mention, words: NameWords, *, first: bool) -> bool:
    """Guess whether a name is a subject: the first of its sentence, or before a verb, and not after a preposition."""
    if text.startswith(", who ", mention.end):  # by Ana Ruiz, who …: told of next, whatever stands before
        return True
    following = text[mention.end : mention.end + 20].split(maxsplit=1)
    if not (first or (following and (following[0] in words.finite or following[0].endswith("ed")))):
        return False
    before = _CLAUSE_END.split(text[max(0, mention.start - 40) : mention.start])[-1]
    return words.prepositions.isdisjoint(before.lower().split()[-4:])


def _look_around(text: str, mention: Mention, index: ActorIndex) -> None:
    """Read the role that stands beside a name: fire officer Ana Ruiz; Ana Ruiz, an officer of the brigade."""
    paper = _PAPER.match(text, mention.end)
    if paper and paper[1] in index.words.media_nouns:
        mention.kind = "media"  # the Sharq | newspaper
        return
    roles = list(mention.roles)
    before = _BREAK.split(text[max(0, mention.start - 80) : mention.start])[-1]
    comma = before.endswith(", ") and not _APPOSED.search(before)
    tail: list[str] = []
    for word in reversed(before[:-2].split() if comma else before.split()):
        if word.lower() in index.words.stoppers or word.endswith(","):
            break
        tail.insert(0, word)
    if tail[-1:] in (["named"], ["called"]):
        tail.pop()
    folded = [k for w in tail for k in keys(w)]
    if folded and folded[-1] in index.words.roles:
        roles = folded + roles
        mention.country = mention.country or country_in(tail, index)
        mention.kind = "person"
    elif folded and folded[-1] in index.words.bodies and tail[-1].islower() and not comma:
        # the press freedom group | Harbours Without Borders
        mention.kind = "organisation"
    after = _AFTER.match(text, mention.end, mention.end + 110) if text.startswith(",", mention.end) else None
    shown = after.group(1).split() if after else ["whose"]
    if not index.words.finite.intersection(shown) and shown[0] != "whose":
        folded = [k for w in shown[:9] for k in keys(w)]
        body = not all(known.isdisjoint(folded) for known in (index.words.org_words, index.words.place_words))
        person = len(mention.words) > 1 and shown[0] in {"a", "an"} and not body
        title = max((i for i, w in enumerate(shown) if w[0].isupper() and fold(w) in index.words.roles), default=-1)
        # Ana Ruiz, Minister Peter Holm, …: of another name
        other = title >= 0 and shown[title + 1 : title + 2] and shown[title + 1][0].isupper()
        if (person or any(w in index.words.roles for w in folded[:7])) and "by" not in folded and not other:
            roles += folded
            mention.kind = "person"
            mention.country = mention.country or country_in(shown[:5], index)
    of = _OF.match(text, mention.end)  # Ana Ruiz | of the Russian Foreign Ministry
    mention.country = mention.country or (country_in(of[1].split(), index) if of else "")
    mention.roles = tuple(roles)
    written = mention.words[-1] in index.words.speaking and mention.words[-1] not in index.words.people
    if mention.kind == "name" and len(mention.words) > 1 and (written or before.lower().endswith("the ")):
        mention.kind = "organisation"  # persons take no article
