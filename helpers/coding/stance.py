"""Stance: code in statements who is for or against whom, each row with the words it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from helpers.codebook.added import added_names, reader_ids
from helpers.codebook.load import load_codebook
from helpers.codebook.match import find_hits
from helpers.coding.decisions import attitude_at, decide_stance, names_in
from helpers.coding.reader import Told, checked, choose_reader, limits_of, tell
from helpers.coding.reading import read
from helpers.coding.stance_rules import read_mentions
from helpers.coding.targets import marked_mentions, mentions_among, stance_book
from helpers.inputs import read_dates

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from helpers.codebook.load import Codebook
    from helpers.codebook.patterns import Patterns
    from helpers.coding.decisions import Attitude
    from helpers.coding.reader import Reader
    from helpers.coding.stance_rules import Verdict
    from helpers.coding.targets import Mention, StanceBook

_LEAN = 0.5  # weight of the reader beside the rules where a marked source has no words of stance
_COLUMNS = {
    "statement_id": "string",
    "speaker_id": "string",
    "target": "string",
    "target_text": "string",
    "content_start": "Int64",
    "content_end": "Int64",
    "polarity": "Int8",
    "score": "float64",
    "evidence": "string",
    "rule": "string",
}


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
    statements = checked(statements)
    ids, texts = statements["statement_id"].tolist(), statements["content"].tolist()
    book = codebook or load_codebook()
    names = stance_book(book.stance)
    marked = None if targets is None else marked_mentions(targets, dict(zip(ids, map(len, texts), strict=True)))
    columns = [_column(statements, name) for name in ("speaker_id", "date")]
    shown = [_Said(*row) for row in zip(ids, texts, *columns, tell(statements), strict=True)]
    reader = choose_reader(coder)
    if marked is not None:
        rows = [row for said in shown for row in _at_marks(said, names, marked.get(said.statement, ()), reader)]
    elif reader is None:
        rows = [row for said in shown for row in _by_rules(said, names)]
    else:
        added, renamed = added_names(book), reader_ids(book)
        rows = [row for said in shown for row in _by_reader(said, reader, names, added, renamed)]
    return pd.DataFrame(rows, columns=list(_COLUMNS)).astype(_COLUMNS)


class _Said(NamedTuple):
    """One statement, as far as stance needs it; what is not known is empty."""

    statement: str
    text: str
    speaker: str
    date: str
    told: Told

    def row(
        self, one: Attitude | Mention, polarity: int, score: float, words: Iterable[tuple[int, int, float]], rule: str
    ) -> tuple[object, ...]:
        """Make a row of a mention, its polarity and score, and the words these rest on (offsets of -1: the cue)."""
        evidence = "; ".join(
            f"{f'{self.told.cue}[cue]' if start < 0 else f'{self.text[start:end]}[{start}:{end}]'} {adds:+.2f}"
            for start, end, adds in words
        )
        place = self.text[one.start : one.end], one.start, one.end
        return (self.statement, self.speaker or None, one.target, *place, polarity, score, evidence, rule)

    def is_own(self, mention: Mention) -> bool:
        """Tell whether a mention names the speaker's own State, which is no target."""
        return self.told.country != "" and mention.country == self.told.country


def _by_rules(said: _Said, book: StanceBook) -> Iterator[tuple[object, ...]]:
    hits = find_hits(said.text, book.patterns)
    mentions = [
        one._replace(target=book.meant(one.target, said.date))
        for one in mentions_among(hits, book)
        if not said.is_own(one)
    ]
    verdicts = read_mentions(said.text, mentions, hits, book, cue=said.told.cue)
    for mention, verdict in zip(mentions, verdicts, strict=True):
        if verdict.evidence or not book.targets[mention.target].only_with_words:
            yield _rule_row(said, mention, verdict)


def _rule_row(said: _Said, mention: Mention, verdict: Verdict) -> tuple[object, ...]:
    return said.row(mention, verdict.polarity, verdict.score, [one[:3] for one in verdict.evidence], verdict.rule)


def _by_reader(
    said: _Said, reader: Reader, book: StanceBook, added: Patterns, renamed: Mapping[tuple[str, str], str]
) -> Iterator[tuple[object, ...]]:
    """Code what the reader finds; the codebook gives finer ids, and names that only it knows."""
    reading, limits = read(reader, said.text, said.told), limits_of(reader, said.told)
    names = names_in(said.text, added)
    found = decide_stance(reading, limits, tagged_share=reader.card["tagged_share"], names=names)
    mentions = mentions_among(find_hits(said.text, book.patterns), book) if found else []
    for one in found:
        over = [mention for mention in mentions if mention.start < one.end and one.start < mention.end]
        if not any(map(said.is_own, over)):
            target = renamed.get(("stance", one.target), one.target)
            # The codebook may name the same target more finely, or know who the name meant on that day.
            same = (mention.target for mention in over if target in {book.targets[mention.target].fold, mention.target})
            finer = next((book.meant(name, said.date) for name in same), target)
            yield _read_row(said, one._replace(target=finer), reader)


def _at_marks(
    said: _Said, book: StanceBook, mentions: Sequence[Mention], reader: Reader | None
) -> Iterator[tuple[object, ...]]:
    """Read the stance toward marked words.

    Where a source is marked the rules decide, and the reader only leans the score below their threshold: it learned
    what speakers say, not what a narrator tells of others (tests/benchmarks/notes.md has both alone). So it reads the
    sentence as what the source says, as what nobody says and as part of a speech, and the mean counts.
    """
    limit = book.settings["threshold"] - 0.01
    verdicts = read_mentions(said.text, mentions, find_hits(said.text, book.patterns), book, cue=said.told.cue)
    for mention, verdict in zip(mentions, verdicts, strict=True):
        if reader is None or (mention.source_end > 0 and verdict.polarity):
            yield _rule_row(said, mention, verdict)
        elif mention.source_end < 0:
            yield _read_row(said, _attitude(said, mention, reader, said.told), reader)
        else:
            source = said.text[mention.source_start : mention.source_end]
            ways = Told(reported=True, who=source), Told(reported=True), Told(reported=False)
            lean = _LEAN * sum(_attitude(said, mention, reader, told).score for told in ways) / len(ways)
            yield _rule_row(said, mention, verdict._replace(score=max(-limit, min(limit, verdict.score + lean))))


def _attitude(said: _Said, mention: Mention, reader: Reader, told: Told) -> Attitude:
    return attitude_at(read(reader, said.text, told), mention.target, mention.start, mention.end)


def _read_row(said: _Said, one: Attitude, reader: Reader) -> tuple[object, ...]:
    return said.row(one, one.polarity, one.score, [one.told] if one.told else [], f"reader {reader.name}")


def _column(statements: pd.DataFrame, name: str) -> list[str]:
    if name not in statements:
        return [""] * len(statements)
    column = read_dates(statements, name).dt.strftime("%Y-%m-%d") if name == "date" else statements[name]
    return ["" if pd.isna(value) else str(value) for value in column.tolist()]


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
    rows = stance.reset_index(drop=True)
    rows = rows.assign(target=rows["target"].replace(dict(fold or {})))
    keys = [rows["statement_id"], rows["target"]]
    signs = rows["polarity"].groupby(keys)
    rows["mentions"] = signs.transform("size").astype("Int64")
    rows["mixed"] = ((signs.transform("max") > 0) & (signs.transform("min") < 0)).astype("boolean")
    decided = rows["score"].abs().groupby(keys, sort=False).idxmax()
    columns = ["statement_id", "speaker_id", "target", "polarity", "score", "mentions", "mixed"]
    return rows.loc[decided, [*columns, "target_text", "evidence", "rule"]].reset_index(drop=True)


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
