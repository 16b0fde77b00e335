"""Stance: code in statements who is for or against whom, each row with the words it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from helpers.codebook.added import added_names, reader_ids
from helpers.codebook.load import load_codebook
from helpers.codebook.match import find_hits
from helpers.coding.decisions import attitude_at, decide_stance, names_in
from helpers.coding.reader import Told, choose_reader, limits_of, tell
from helpers.coding.reading import read
from helpers.coding.stance_rules import read_mentions
from helpers.coding.targets import marked_mentions, mentions_among, own_state, stance_book

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from helpers.codebook.load import Codebook
    from helpers.codebook.patterns import Patterns
    from helpers.coding.decisions import Attitude
    from helpers.coding.reader import Reader
    from helpers.coding.targets import Mention, StanceBook

_LEAN = 0.5  # weight of the reader beside the rules where a marked source has no words of stance


def code_stance(
    statements: pd.DataFrame,
    *,
    codebook: Codebook | None = None,
    coder: str | Reader = "reader",
    targets: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Code the stance of each statement's speaker toward each target it mentions.

    Parameters
    ----------
    statements : DataFrame
        ``statement_id`` (unique) and ``content``. Used where present: ``kind`` (``speech`` tells a speech from news),
        ``speaker``, ``speaker_name``, ``speaker_id``, ``speaker_country`` (ISO 3166-1 alpha-3: the speaker's own State
        is no target), ``date`` (some names mean somebody else after a date), ``cue`` (a verdict in it counts: "he
        denounced the talks").
    codebook : Codebook, optional
        Default: the project's, `load_codebook()`. Targets that it adds are coded under their own ids.
    coder : {"reader", "rules"} or Reader
        ``"reader"``: the shipped language model, see ``data/models/reader.json``. ``"rules"``: the patterns of
        ``stance.toml`` alone, a baseline that can be taken apart. Or what `load_reader` returned.
    targets : DataFrame, optional
        Marked spans ``statement_id, target, start, end`` (half-open code points in ``content``) that replace the
        search; with ``source_start, source_end`` the stance asked for is that of the marked source, not the speaker's:
        there the rules decide, and the reader leans the score of neutral ones.

    Returns
    -------
    DataFrame
        One row per mention, in the order of the statements and of the words (of the table, where spans are marked):
        ``statement_id`` string; ``speaker_id`` string; ``target`` string; ``target_text`` string, the words as they
        stand; ``content_start``, ``content_end`` Int64; ``polarity`` Int8: 1 for, -1 against, 0 no readable stance;
        ``score`` float64 in [-1, 1], by the reader the probability of "for" minus that of "against"; ``evidence``
        string, the word that contributes most by the reader, all words of stance by the rules, with offsets and what
        each adds, as ``condemn[3:10] -1.00`` or, of the cue, ``denounced[cue] -1.00``, joined by "; "; ``rule`` string:
        the name of the reader, or the group of words that decided by the rules (``no words of stance`` where nothing
        does).

    Raises
    ------
    ValueError
        If a column is missing, ids repeat, a pattern cannot be read, a marked span lies outside its content, or
        `coder` is none of the above.

    Warns
    -----
    UserWarning
        If onnxruntime is not installed: the rules code instead.

    Notes
    -----
    Stance is directed and is not the tone of the words (Mohammad, Sobhani and Kiritchenko, 2017, "Stance and sentiment
    in tweets"): "X murdered the envoys" is against X and not against the envoys.

    Examples
    --------
    >>> words = "We condemn the Taliban and stand with the Afghan people."
    >>> stance = code_stance(pd.DataFrame({"statement_id": ["s1"], "content": [words]}))
    >>> stance[["target", "polarity"]].values.tolist()
    [['taliban', -1], ['afghan_people', 1]]
    """
    ids, texts = _checked(statements)
    book = codebook or load_codebook()
    names = stance_book(book.stance)
    marked = None if targets is None else marked_mentions(targets, dict(zip(ids, map(len, texts), strict=True)))
    columns = {name: _column(statements, name) for name in ("speaker_id", "speaker_country", "date", "cue")}
    shown = [_Said(*row) for row in zip(ids, texts, *columns.values(), tell(statements), strict=True)]
    reader = choose_reader(coder)
    if reader is None:
        return _table([row for said in shown for row in _by_rules(said, names, marked)])
    if marked is not None:
        return _table([row for said in shown for row in _at_marks(said, reader, names, marked)])
    added, renamed = added_names(book), reader_ids(book)
    return _table([row for said in shown for row in _by_reader(said, reader, names, added, renamed)])


class _Said(NamedTuple):
    """One statement, as far as stance needs it; what is not known is empty."""

    statement: str
    text: str
    speaker: str
    country: str
    date: str
    cue: str
    told: Told


class _Row(NamedTuple):
    """One row of the table of stance."""

    said: _Said
    target: str
    start: int
    end: int
    polarity: int
    score: float
    evidence: str
    rule: str


def _by_rules(said: _Said, book: StanceBook, marked: Mapping[str, Sequence[Mention]] | None) -> Iterator[_Row]:
    if marked is not None and said.statement not in marked:
        return
    hits = find_hits(said.text, book.patterns)
    found = mentions_among(hits, book, country=said.country, date=said.date)
    mentions = found if marked is None else marked[said.statement]
    for mention, reading in zip(mentions, read_mentions(said.text, mentions, hits, book, cue=said.cue), strict=True):
        if marked is not None or reading.evidence or not book.targets[mention.target].only_with_words:
            words = "; ".join(_told(said, (one.start, one.end, one.adds)) for one in reading.evidence)
            yield _Row(said, *mention[2:3], *mention[:2], reading.polarity, reading.score, words, reading.rule)


def _by_reader(
    said: _Said, reader: Reader, book: StanceBook, added: Patterns, renamed: Mapping[tuple[str, str], str]
) -> Iterator[_Row]:
    """Code what the reader finds; the codebook gives finer ids, and names that only it knows."""
    reading, limits = read(reader, said.text, said.told), limits_of(reader, said.told)
    names = names_in(said.text, added)
    found = decide_stance(reading, limits, tagged_share=reader.card["tagged_share"], names=names)
    if not found:
        return
    hits = find_hits(said.text, book.patterns)
    home = own_state(hits, book, said.country)
    named = [mentions_among(hits, book, country="", date=date) for date in ("", said.date)]
    for one in found:
        if not any(start < one.end and one.start < end for start, end in home):
            known = one._replace(target=renamed.get(("stance", one.target), one.target))
            yield _row(said, known._replace(target=_finer(known, named, book)), reader)


def _finer(attitude: Attitude, named: Sequence[Sequence[Mention]], book: StanceBook) -> str:
    """Return the id by which the codebook names a mention, where it is a finer or a later one of the same target."""
    for mention, dated in zip(*named, strict=True):
        over = mention.start < attitude.end and attitude.start < mention.end
        if over and attitude.target in {book.targets[mention.target].fold, mention.target}:
            later: str = dated.target
            return later
    return attitude.target


def _at_marks(said: _Said, reader: Reader, book: StanceBook, marked: Mapping[str, Sequence[Mention]]) -> Iterator[_Row]:
    """Read the stance toward marked words.

    Where a source is marked the rules decide, and the reader only leans the score below their threshold: it learned
    what speakers say, not what a narrator tells of others (tests/benchmarks/notes.md has both alone).
    """
    limit = book.settings["threshold"] - 0.01
    for mention, row in zip(marked.get(said.statement, ()), _by_rules(said, book, marked), strict=True):
        if mention.source_end < 0:
            one = attitude_at(read(reader, said.text, said.told), mention.target, mention.start, mention.end)
            yield _row(said, one, reader)
        elif row.polarity:
            yield row
        else:
            told = Told(reported=True, who=said.text[mention.source_start : mention.source_end])
            one = attitude_at(read(reader, said.text, told), mention.target, mention.start, mention.end)
            yield row._replace(score=max(-limit, min(limit, row.score + _LEAN * one.score)))


def _row(said: _Said, one: Attitude, reader: Reader) -> _Row:
    words = _told(said, one.told) if one.told else ""
    place = one.start, one.end
    return _Row(said, one.target, *place, one.polarity, one.score, words, f"reader {reader.name}")


def _told(said: _Said, words: tuple[int, int, float]) -> str:
    start, end, adds = words
    where = f"{said.cue}[cue]" if start < 0 else f"{said.text[start:end]}[{start}:{end}]"
    return f"{where} {adds:+.2f}"


def _checked(statements: pd.DataFrame) -> tuple[list[str], list[str]]:
    missing = [name for name in ("statement_id", "content") if name not in statements]
    if missing:
        message = f"statements lack {missing}: give 'statement_id' and 'content', as extract_statements makes them"
        raise ValueError(message)
    ids = statements["statement_id"].astype("string").tolist()
    if len(set(ids)) < len(ids):
        message = "statement_id repeats: give one row per statement, so that each mention belongs to one"
        raise ValueError(message)
    return ids, statements["content"].astype("string").fillna("").tolist()


def _column(statements: pd.DataFrame, name: str) -> list[str]:
    if name not in statements:
        return [""] * len(statements)
    column = statements[name]
    if pd.api.types.is_datetime64_any_dtype(column):
        column = column.dt.strftime("%Y-%m-%d")
    return ["" if pd.isna(value) else str(value) for value in column.tolist()]


def _table(rows: Sequence[_Row]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "statement_id": pd.array([row.said.statement for row in rows], dtype="string"),
            "speaker_id": pd.array([row.said.speaker or None for row in rows], dtype="string"),
            "target": pd.array([row.target for row in rows], dtype="string"),
            "target_text": pd.array([row.said.text[row.start : row.end] for row in rows], dtype="string"),
            "content_start": pd.array([row.start for row in rows], dtype="Int64"),
            "content_end": pd.array([row.end for row in rows], dtype="Int64"),
            "polarity": pd.array([row.polarity for row in rows], dtype="Int8"),
            "score": np.array([row.score for row in rows], dtype=np.float64),
            "evidence": pd.array([row.evidence for row in rows], dtype="string"),
            "rule": pd.array([row.rule for row in rows], dtype="string"),
        }
    )


def stance_by_target(stance: pd.DataFrame, *, fold: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Combine the mentions of a target in a statement into one polarity.

    The mention with the largest absolute score decides, then the earlier one. A statement that both praises and blames
    a target is `mixed`.

    Parameters
    ----------
    stance : DataFrame
        As `code_stance` makes it.
    fold : mapping, optional
        Target to the coarser id under which it is counted, such as `coarse_targets()`.

    Returns
    -------
    DataFrame
        One row per statement and target, in the order of first mention: ``statement_id``, ``speaker_id``, ``target``
        string; ``polarity`` Int8; ``score`` float64; ``mentions`` Int64; ``mixed`` boolean: mentions of both
        polarities; ``target_text``, ``evidence``, ``rule`` string, of the mention that decided.

    Examples
    --------
    >>> said = pd.DataFrame({"statement_id": ["s1"], "content": ["Norway helps. We thank Norway."]})
    >>> stance_by_target(code_stance(said))[["target", "polarity", "mentions"]].values.tolist()
    [['other_state', 1, 2]]
    """
    rows = stance.copy()
    if fold:
        rows["target"] = rows["target"].map(lambda name: fold.get(name, name)).astype("string")
    rows["_order"] = range(len(rows))
    rows["_size"] = -rows["score"].abs()
    keys = ["statement_id", "target"]
    grouped = rows.groupby(keys, sort=False)["polarity"]
    rows["mentions"] = grouped.transform("size").astype("Int64")
    rows["mixed"] = ((grouped.transform("max") > 0) & (grouped.transform("min") < 0)).astype("boolean")
    rows["_first"] = rows.groupby(keys, sort=False)["_order"].transform("min")
    best = rows.sort_values(["_first", "_size", "_order"], kind="stable").drop_duplicates(keys)
    columns = ["statement_id", "speaker_id", "target", "polarity", "score", "mentions", "mixed"]
    return best[[*columns, "target_text", "evidence", "rule"]].reset_index(drop=True)


def coarse_targets(codebook: Codebook | None = None) -> dict[str, str]:
    """Map each target of the codebook to the id of the coding manual under which it is counted.

    Parameters
    ----------
    codebook : Codebook, optional

    Returns
    -------
    dict

    Examples
    --------
    >>> coarse_targets()["afghan_people"]
    'afghan_government'
    """
    book = stance_book((codebook or load_codebook()).stance)
    return {name: target.fold for name, target in book.targets.items()}


def stance_edges(stance: pd.DataFrame, *, fold: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Count who is for and against whom: one row per actor and target.

    Parameters
    ----------
    stance : DataFrame
        As `code_stance` makes it. Counts are of statements: mentions are made one by `stance_by_target` first.
    fold : mapping, optional
        As in `stance_by_target`.

    Returns
    -------
    DataFrame
        Sorted by actor and target: ``speaker_id`` (``"unknown"`` where there is none), ``target`` string;
        ``statements``, ``for_``, ``against``, ``neutral`` Int64; ``mean`` float64, mean polarity in [-1, 1].

    Examples
    --------
    >>> said = pd.DataFrame({"statement_id": ["s1"], "content": ["We thank the Afghan people."], "speaker_id": "NOR"})
    >>> stance_edges(code_stance(said))[["speaker_id", "target", "for_", "mean"]].values.tolist()
    [['NOR', 'afghan_people', 1, 1.0]]
    """
    rows = stance_by_target(stance, fold=fold)
    rows["speaker_id"] = rows["speaker_id"].fillna("unknown")
    flags = rows.assign(
        statements=1,
        for_=rows["polarity"] == 1,
        against=rows["polarity"] == -1,
        neutral=rows["polarity"] == 0,
    )
    counts = ["statements", "for_", "against", "neutral"]
    edges = flags.groupby(["speaker_id", "target"], sort=True)[counts].sum().astype("Int64").reset_index()
    edges["mean"] = ((edges["for_"] - edges["against"]) / edges["statements"]).astype("float64")
    return edges
