"""Speakers: who the words before "said" stand for, in the article and among the known actors."""

import re
from bisect import bisect_left
from collections.abc import Sequence, Set
from typing import Any

import pandas as pd

from helpers.codebook.load import Codebook, load_codebook
from helpers.inputs import check_columns
from helpers.statements.grammar.sentences import restore_marks
from helpers.statements.people.actors import BODIES_OF_STATE, STATES, fold, index_actors
from helpers.statements.people.antecedents import read_source
from helpers.statements.people.descriptions import find_several, find_unnamed
from helpers.statements.people.entities import is_plural, is_role, link_entities
from helpers.statements.people.leads import headline_end, name_leads
from helpers.statements.people.mentions import NAMED, read_page
from helpers.statements.people.names import make_words
from helpers.statements.people.scene import I_WE, NOBODY_KNOWN, SOME, Scene, Speaker, is_pronoun
from helpers.statements.table import check_articles

# The first letter is looked for, then whether a line or a sentence begins there.
_ACTING = re.compile(
    r"(?P<who>[TOA](?:(?<!..)|(?<=[.!?”’'\")] .))(?:(?<=T)(?:he|hat|his) (?:[a-z][\w’'-]+ ){0,3}?(?P<role>[a-z][\w-]+)"
    r"|(?:(?<=O)ne|(?<=A)nother) of (?:[a-z-]+ ){1,2}[a-z]+))"
    r"(?=,? (?:who|had|has|was|is|from|of|in|at|could|would|did|[a-z]+ed)\b)"
)
# by the ministry's engineer, | who has spent years on it: told of next
_TOLD_OF = re.compile(r"(?P<who>\b(?:[Tt]he|[A-Z]\w+['’]s?) (?:[\w’'-]+ ){0,6}?(?P<role>[a-z][\w-]+))(?=, who )")
# The following is the full text of | Ruiz’s speech: We agree.
_IN_FULL = re.compile(
    r"\b(?:(?:[Tt]ext|[Tt]ranscript) of|[Ff]ollowing is(?! (?:the )?(?:full )?t(?:ext|ranscript)\b)) "
    r"(?P<whose>(?:[\w’'.-]+ ){1,6}?(?:address|letter|message|remarks|speech|statements?))\b(?=[^\n]{0,150}:(?:\s|$))"
)
_LEANING = re.compile(r"\w+ing\b")
_EDGES = ("speaker_start", "speaker_end", "cue_start", "cue_end")  # where no name goes on, in a headline
_WANTED = ["speaker", "cue", "kind", "start", "spans", *_EDGES]
COLUMNS = ["speaker_id", "speaker_name", "speaker_country", "speaker_type", "antecedent_start", "antecedent_end"]


def resolve_speakers(
    statements: pd.DataFrame, articles: pd.DataFrame, *, codebook: Codebook | None = None
) -> pd.DataFrame:
    """Say who each speaker is: a known actor, somebody of the article, or nobody known.

    Names are read from capitals, titles and the aliases of ``actors.csv``; short forms, roles, pronouns, places and
    bodies that speak are resolved within the article: by number and gender, by who was the subject, by who spoke last
    and by distance, never to a name that stands only inside a quotation. What the article does not tell stays missing.
    The inputs are not changed.

    Parameters
    ----------
    statements : DataFrame
        ``doc_id`` and ``speaker`` (string), ``speaker_start`` and ``speaker_end`` (Int64, missing where no speaker is
        expressed). Used where present: ``start`` (Int64), ``spans`` (tuples of offsets), ``kind`` and ``cue`` (string):
        a quotation without source and cue goes on with the speaker before it; "I" is the speaker of the quotation
        around it; ``cue_start`` and ``cue_end`` (Int64): no name of a headline goes over a cue.
    articles : DataFrame
        ``doc_id`` (string, unique), ``text`` (string); ``date`` (datetime64) decides between office holders.
    codebook : Codebook, optional
        Where ``actors.csv`` comes from; `load_codebook()` by default.

    Returns
    -------
    DataFrame
        `statements` with these columns added (or replaced), rows and index as given:

        speaker_id : string
            An ``actor_id`` of ``actors.csv`` (of a kind of ministry or force with its State before it:
            ``russia_foreign_ministry``), or ``doc_id:name`` for somebody only this article knows; missing if unknown.
        speaker_name : string
            The fullest name or description in the article.
        speaker_country : string
            ISO 3166-1 alpha-3, where the actor or the words beside the name tell it.
        speaker_type : string
            ``person``, ``government``, ``ministry``, ``security_force``, ``parliament``, ``court``, ``armed_group``,
            ``party``, ``people``, ``international_organisation``, ``organisation``, ``media``, ``place``, ``group``
            (several people), ``description`` or ``unknown``.
        antecedent_start, antecedent_end : Int64
            The words of ``articles.text`` that resolved a pronoun, a role or a short name; missing where the speaker's
            own words are enough. Half-open code points.

    Raises
    ------
    ValueError
        If a column is missing, or a statement names an article that is not given.

    Notes
    -----
    Salience by recency, subjecthood and agreement follows S. Lappin and H. Leass, "An algorithm for pronominal
    anaphora resolution", Computational Linguistics 20 (1994).

    Examples
    --------
    >>> text = "Interior Minister Ana Ruiz met reporters. “We agree,” she said."
    >>> articles = pd.DataFrame({"doc_id": ["a"], "text": [text]})
    >>> row = {"doc_id": "a", "speaker": "she", "speaker_start": 54, "speaker_end": 57}
    >>> resolve_speakers(pd.DataFrame([row]), articles)[["speaker_id", "speaker_name"]].iloc[0].tolist()
    ['a:ana-ruiz', 'Ana Ruiz']
    """
    check_columns(statements, "doc_id", "speaker", "speaker_start", "speaker_end", name="statements")
    articles = check_articles(articles)
    book = codebook or load_codebook()
    index = index_actors(book.actors, make_words(book.people))
    days = pd.to_datetime(articles.get("date", pd.Series(index=articles.index))).dt.strftime("%Y-%m-%d").fillna("")
    known = dict(zip(articles["doc_id"], zip(articles["text"].fillna(""), days, strict=True), strict=True))
    values = statements.reindex(columns=_WANTED).astype(object)
    records: list[Any] = values.where(values.notna(), None).to_dict("records")
    by_doc: dict[Any, Any] = values.groupby(statements["doc_id"].astype("string").to_numpy(), sort=False).indices
    unknown = sorted(set(by_doc) - set(known))
    if unknown:
        raise ValueError(f"statements of unknown articles: {', '.join(unknown[:3])}; pass their articles too")
    out: list[tuple[Any, ...]] = [()] * len(statements)
    for doc, rows in by_doc.items():
        text, day = restore_marks(known[doc][0]), known[doc][1]
        mine = [records[i] for i in rows]
        top = headline_end(text)
        edges = sorted({int(row[edge] or 0) for row in mine for edge in _EDGES})
        cues = {int(row["cue_start"] or top) for row in mine}
        page = read_page(text, index, edges[: bisect_left(edges, top)], {cue for cue in cues if cue < top})
        named = link_entities(page, day)
        scene = Scene(doc, page, [*named, *find_unnamed(page), *find_several(page)], index)
        for i, speaker in zip(rows, _resolve(scene, mine, top), strict=True):
            out[i] = _describe_answer(scene, speaker)
    answers = pd.DataFrame(out, columns=COLUMNS, index=statements.index)
    kinds = dict.fromkeys(COLUMNS[:4], "string") | dict.fromkeys(COLUMNS[4:], "Int64")
    return pd.concat([statements.drop(columns=COLUMNS, errors="ignore"), answers.astype(kinds)], axis=1)


def _position(scene: Scene, row: dict[str, Any]) -> int:
    """Return where a statement is read: one that opens a sentence by a participle after whoever speaks in it."""
    cue = row["cue"] or ""
    if row["speaker_start"] is None and cue[:1].isupper() and _LEANING.match(cue):
        return scene.bounds(int(row["start"] or 0))[1] - 1
    return int(row["speaker_start"] if row["speaker_start"] is not None else row["start"] or 0)


def _resolve(scene: Scene, rows: Sequence[dict[str, Any]], top: int) -> list[Speaker]:
    """Resolve the statements of one article: its body in the order of the text, then its headline."""
    places = [_position(scene, row) for row in rows]
    inner = [i for i, row in enumerate(rows) if is_pronoun(row["speaker"] or "", I_WE)]
    order = sorted(set(range(len(rows))) - set(inner), key=lambda i: (places[i], i))
    answers = [NOBODY_KNOWN] * len(rows)
    around = _find_outer(rows, places)
    _read(scene, rows, [i for i in order if places[i] >= top], around, answers)
    spoken, scene.spoken = scene.spoken, []  # nobody has spoken before a headline
    _read(scene, rows, [i for i in order if places[i] < top], around, answers)
    scene.spoken = sorted([*scene.spoken, *spoken])
    begin, author = _find_author(scene) if inner else (0, -1)
    for i in inner:
        # “I” and “we” inside a quotation are its speaker, in a speech that is printed whoever held it
        quoted = next((answers[j].entity for j in around[i] if answers[j].entity >= 0), -1)
        who = quoted if quoted >= 0 or places[i] < begin else author
        answers[i] = Speaker(who, scene.latest(who, places[i])) if who >= 0 else NOBODY_KNOWN
    names = name_leads(scene, rows, answers, top)
    return [scene.shown(names[one.entity]) if one.entity in names else one for one in answers]


def _find_author(scene: Scene) -> tuple[int, int]:
    """Find where a speech or a letter is printed, and whose it is: The following is the text of Ruiz’s speech: | …."""
    told = _IN_FULL.search(scene.page.text)
    if not told:
        return 0, -1
    spoken, scene.spoken = scene.spoken, scene.spoken[: bisect_left(scene.spoken, (told.start(),))]
    author = read_source(scene, *told.span("whose"), 1).entity
    scene.spoken = spoken
    return told.end(), author


def _read(
    scene: Scene,
    rows: Sequence[dict[str, Any]],
    order: Sequence[int],
    around: Sequence[Sequence[int]],
    answers: list[Speaker],
) -> None:
    """Fill in who said each statement."""
    acting = _find_acting(scene, {row["speaker_start"] for row in rows}) if order else []
    told_of = _find_told_of(scene, rows) if order else {}
    holding = {j for outer in around for j in outer}
    for i in order:
        row, at = rows[i], _position(scene, rows[i])
        while acting and acting[0][0] < at:
            _read_acting(scene, *acting.pop(0))
        if row["speaker"] is None:
            answers[i] = _continue(scene, row, at)
        else:
            scene.told_of = told_of[at]
            answers[i] = read_source(scene, at, int(row["speaker_end"]), 0)
            scene.told_of = set()
        who = answers[i].entity
        if who >= 0:
            # Ruiz said so, the agency Noor reported: Ruiz has the floor
            passed_on = i in holding and _is_agency(scene, row)
            reported = passed_on or not all(_is_agency(scene, rows[j]) for j in around[i])
            _note(scene, row, at, who, reported=reported)


def _is_agency(scene: Scene, row: dict[str, Any]) -> bool:
    """Say whether a source is a medium, which passes on what another says: Ruiz said so, | the agency Noor reported."""
    return any(m.kind == "media" for m in scene.within(int(row["speaker_start"] or 0), int(row["speaker_end"] or 0)))


def _find_told_of(scene: Scene, rows: Sequence[dict[str, Any]]) -> dict[int, set[int]]:
    """Find which persons are named in what each source says, less those who speak within it."""
    sources = [(int(row["speaker_start"]), int(row["speaker_end"])) for row in rows if row["speaker"] is not None]
    speak = {m.start for source in sources for m in scene.within(*source)}
    told: dict[int, set[int]] = {start: set() for start, _ in sources}
    for row in rows:
        if row["speaker"] is not None:
            start, comma = row["speaker_start"], len(", ")  # the mayor of Paris, | Ana Ruiz, | the mayor of Paris
            beside = int(row["speaker_end"]) + comma, start - comma
            named = [m for span in row["spans"] or () for m in scene.within(*span) if m.start not in speak]
            told[start] |= {m.entity for m in named if m.kind in NAMED and not {m.start, m.end} & {*beside}}
    return told


def _note(scene: Scene, row: dict[str, Any], at: int, who: int, *, reported: bool) -> None:
    """Note that somebody spoke; who speaks only in what another says does not go on."""
    acts = scene.text(max(0, at - 3), at) != "by "
    if not reported and acts:
        scene.spoken.append((at, who))
    if row["speaker"] is not None:
        end = int(row["speaker_end"])
        named = [(m.start, m.end) for m in scene.page.within(at, end) if m.entity == who]
        scene.place(who, *(named or [(at, end)])[0], acts=acts)


def _find_outer(rows: Sequence[dict[str, Any]], places: Sequence[int]) -> list[list[int]]:
    """Return for each statement those in whose content its speaker stands."""
    spans = sorted((start, end, i) for i, row in enumerate(rows) for start, end in row["spans"] or ())
    outer: list[list[int]] = [[] for _ in rows]
    opened: list[tuple[int, int, int]] = []
    first = 0
    for at, i in sorted(zip(places, range(len(rows)), strict=True)):
        while first < len(spans) and spans[first][0] <= at:
            opened.append(spans[first])
            first += 1
        opened = [span for span in opened if span[1] > at]
        outer[i] = sorted({span[2] for span in opened} - {i})
    return outer


def _find_acting(scene: Scene, sources: Set[int | None]) -> list[tuple[int, int]]:
    """Find who opens a sentence by a role and acts in it without being a source: That officer opened a drawer."""
    found = [
        m.span("who")
        for pattern in ((_ACTING, _TOLD_OF) if ", who " in scene.page.text else (_ACTING,))
        for m in pattern.finditer(scene.page.text)
        if m["role"] is None
        or m["role"] in scene.words.bodies
        or (is_role(fold(m["role"]), scene.words) and not is_plural(m["role"]))
    ]
    return [(start, end) for start, end in sorted(found) if start not in sources]


def _read_acting(scene: Scene, start: int, end: int) -> None:
    """Let a role that acts be who is present, and whom a pronoun after it may stand for."""
    who = read_source(scene, start, end, 0).entity
    if who >= 0:
        scene.place(who, start, end, acts=True)


def _continue(scene: Scene, row: dict[str, Any], at: int) -> Speaker:
    """Let a quotation without a source go on with whoever spoke last, if that is close by."""
    if not scene.spoken:
        return NOBODY_KNOWN
    last, who = scene.spoken[-1]
    leaning = _LEANING.match(row["cue"] or "") and scene.page.sentence(last) == scene.page.sentence(at)
    if not leaning and row["cue"] is not None:
        return NOBODY_KNOWN
    return Speaker(who, scene.latest(who, at))


def _describe_answer(scene: Scene, speaker: Speaker) -> tuple[Any, ...]:
    if speaker.entity < 0:
        return (None,) * 6
    e = scene.entities[speaker.entity]
    name = _name(scene, speaker.entity)
    actor = e.actors[0] if e.actors else None
    kind = actor.kind if actor else e.kind
    local = f"{scene.doc_id}:{'-'.join(re.findall('[a-z0-9]+', ' '.join(fold(w) for w in name.split()))) or 'unnamed'}"
    if actor is None or kind == "place":
        identity = local
    elif actor.country or kind not in BODIES_OF_STATE | {"government", "organisation"}:
        identity = actor.actor_id
    else:
        identity = f"{scene.index.states.get(e.country, e.country.lower())}_{actor.actor_id}" if e.country else local
    if kind == "name":
        kind = "person" if len(e.fullest.words) > 1 else "unknown"
    start, end = speaker.antecedent or (None, None)
    return identity, name, e.country or None, "government" if kind in STATES else kind, start, end


def _name(scene: Scene, at: int) -> str:
    e = scene.entities[at]
    if e.parts:
        *others, last = (_name(scene, p) for p in e.parts)
        return f"{', '.join(others)} and {last}"
    name = scene.text(e.fullest.start, e.fullest.end)
    if e.owner >= 0:
        whose = _name(scene, e.owner)
        if SOME.issuperset(e.described):
            return f"{name} of the {whose}"
        return whose if whose.endswith(name) else f"{whose}{'’' if whose.endswith('s') else '’s'} {name}"
    return name
