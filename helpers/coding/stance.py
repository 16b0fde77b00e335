"""Say who is for or against whom: directed stance toward targets, each row with the words it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from helpers.codebook.load import load_codebook
from helpers.codebook.match import find_hits
from helpers.coding.batches import batched
from helpers.coding.encoder import read_with
from helpers.coding.stance_coder import apply_stance_coder
from helpers.coding.stance_rules import read_mentions
from helpers.coding.stance_weighing import SILENT, USUAL
from helpers.coding.targets import marked_mentions, mentions_among, stance_book
from helpers.coding.verdicts import REPORTED, Said
from helpers.statements.table import is_reported

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from helpers.codebook.load import Codebook
    from helpers.codebook.match import Hit
    from helpers.coding.encoder import Answer
    from helpers.coding.stance_coder import StanceCoder
    from helpers.coding.stance_weighing import Evidence, Reading
    from helpers.coding.targets import Mention, StanceBook


def code_stance(
    statements: pd.DataFrame,
    *,
    codebook: Codebook | None = None,
    targets: pd.DataFrame | None = None,
    coder: StanceCoder | None = None,
) -> pd.DataFrame:
    """Code the stance of each statement's speaker toward each target it mentions.

    Parameters
    ----------
    statements : DataFrame
        ``statement_id`` (unique) and ``content``; if present ``speaker_id``, ``speaker_country`` (ISO 3166-1 alpha-3:
        the speaker's own State is no target), ``date`` (some names mean somebody else after a date), ``cue`` (a verdict
        in it counts: "he denounced the talks") and ``kind`` (unless ``direct``, "he" may be the speaker).
    codebook : Codebook, optional
        Default: the project's, `load_codebook()`.
    targets : DataFrame, optional
        Marked spans ``statement_id, target, start, end`` (half-open code points in ``content``) that replace the
        search; with ``source_start, source_end`` the stance asked for is that of the marked source, not the speaker's.
    coder : StanceCoder, optional
        A fitted coder that decides instead of the rules which targets are coded and how, such as the shipped one,
        ``helpers.coding.stance_coder.load_stance_coder()``; its card says what it was fitted on. With an encoder it
        uses ``kind``, to tell speeches from news. Not with `targets`.

    Returns
    -------
    DataFrame
        One row a mention, in the order of the statements and of the words (of the table, where spans are marked):
        ``statement_id`` string; ``speaker_id`` string; ``target`` string; ``target_text`` string, the words as they
        stand; ``content_start``, ``content_end`` Int64; ``polarity`` Int8: 1 for, -1 against, 0 no readable stance;
        ``score`` float64 in [-1, 1]; ``evidence`` string, words with their offsets and what each adds, as
        ``condemn[3:10] -1.00`` or, of the cue, ``denounced[cue] -1.00``, joined by "; "; ``rule`` string: the group of
        words that decided, ``usual polarity`` where only the target's usual polarity speaks, ``no words of stance``
        where nothing does, ``coder NAME`` where a fitted coder decided (``score`` is then the probability for minus
        that against, ``evidence`` the rules').

    Raises
    ------
    ValueError
        If a column is missing, ids repeat, a pattern cannot be read, a marked span lies outside its content, or a coder
        is given with marked spans.

    Notes
    -----
    Stance is directed and is not the tone of the words (Mohammad, Sobhani and Kiritchenko, 2017, "Stance and sentiment
    in tweets"): "X murdered the envoys" is against X and not against the envoys.

    Examples
    --------
    >>> words = "We condemn the Taliban and stand with the Afghan people."
    >>> stance = code_stance(pd.DataFrame({"statement_id": ["s1"], "content": [words]}))
    >>> stance[["target", "polarity", "rule"]].values.tolist()
    [['taliban', -1, 'verbs.condemn to it'], ['afghan_people', 1, 'verbs.support to it']]
    """
    ids, texts = _checked(statements)
    if coder is not None and targets is not None:
        message = "a coder finds its own targets: give `coder` or `targets`, not both"
        raise ValueError(message)
    book = stance_book((codebook or load_codebook()).stance)
    marked = None if targets is None else marked_mentions(targets, dict(zip(ids, map(len, texts), strict=True)))
    found = _find(statements, ids, texts, book, marked)
    coded: Iterable[tuple[_Found, list[tuple[Mention, Reading]]]]
    if coder is not None:
        coded = _by_coder(found, coder, book)
    elif marked is not None:
        coded = ((one, one.pairs) for one in found)
    else:
        coded = ((one, _with_words(one.pairs, book)) for one in found)
    # Not the whole `one`: its hits would stay in memory.
    return _table([(one.shown, mention, reading) for one, pairs in coded for mention, reading in pairs])


class _Shown(NamedTuple):
    """What the rows show of a statement."""

    statement: str
    speaker: str | None
    text: str
    cue: str


class _Found(NamedTuple):
    """A statement that names targets, with the rules' reading of each mention."""

    shown: _Shown
    country: str | None
    reported: bool
    hits: Sequence[Hit]
    pairs: list[tuple[Mention, Reading]]


def _find(
    statements: pd.DataFrame,
    ids: Sequence[str],
    texts: Sequence[str],
    book: StanceBook,
    marked: Mapping[str, Sequence[Mention]] | None,
) -> Iterator[_Found]:
    names = ("speaker_id", "speaker_country", "date", "cue", "kind")
    for name, text, speaker, country, date, cue, kind in zip(
        ids, texts, *(_column(statements, column) for column in names), strict=True
    ):
        if marked is not None and name not in marked:
            continue
        hits = find_hits(text, book.patterns)
        mentions = (
            mentions_among(hits, book, country=country or "", date=date or "") if marked is None else marked[name]
        )
        if mentions:
            said = Said(cue or "", reported=kind in REPORTED)
            pairs = list(zip(mentions, read_mentions(text, mentions, hits, book, said=said), strict=True))
            yield _Found(_Shown(name, speaker, text, cue or ""), country, is_reported(kind), hits, pairs)


def _with_words(pairs: list[tuple[Mention, Reading]], book: StanceBook) -> list[tuple[Mention, Reading]]:
    """Leave out targets that count only with words of stance where there are none."""
    return [(m, r) for m, r in pairs if r.evidence or not book.targets[m.target].only_with_words]


def _by_coder(
    found: Iterable[_Found], coder: StanceCoder, book: StanceBook
) -> Iterator[tuple[_Found, list[tuple[Mention, Reading]]]]:
    """Let a coder decide, with its encoder where it has one: that reads only statements that name targets."""
    for some in batched(found):
        answers: Sequence[Answer | None] = [None] * len(some)
        if coder.encoder is not None:
            told = [one.shown.text for one in some], [one.country for one in some], [one.reported for one in some]
            answers = read_with(coder.encoder, *told)
        for one, answer in zip(some, answers, strict=True):
            yield one, apply_stance_coder(coder, one.shown.text, one.hits, one.pairs, book, answer=answer)


def _checked(statements: pd.DataFrame) -> tuple[list[str], list[str]]:
    missing = [name for name in ("statement_id", "content") if name not in statements]
    if missing:
        message = f"statements lack {missing}: give 'statement_id' and 'content', as extract_statements makes them"
        raise ValueError(message)
    ids = statements["statement_id"].astype("string").tolist()
    if len(set(ids)) < len(ids):
        message = "statement_id repeats: one row a statement, so that each mention belongs to one"
        raise ValueError(message)
    return ids, statements["content"].astype("string").fillna("").tolist()


def _column(statements: pd.DataFrame, name: str) -> list[str | None]:
    if name not in statements:
        return [None] * len(statements)
    column = statements[name]
    if pd.api.types.is_datetime64_any_dtype(column):
        column = column.dt.strftime("%Y-%m-%d")
    return [None if pd.isna(value) else str(value) for value in column.tolist()]


def _words(text: str, cue: str, evidence: Evidence) -> str:
    if evidence.start < 0:
        return f"{cue}[cue] {evidence.adds:+.2f}"
    return f"{text[evidence.start : evidence.end]}[{evidence.start}:{evidence.end}] {evidence.adds:+.2f}"


def _table(rows: Sequence[tuple[_Shown, Mention, Reading]]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "statement_id": pd.array([one.statement for one, _, _ in rows], dtype="string"),
            "speaker_id": pd.array([one.speaker for one, _, _ in rows], dtype="string"),
            "target": pd.array([mention.target for _, mention, _ in rows], dtype="string"),
            "target_text": pd.array([one.text[m.start : m.end] for one, m, _ in rows], dtype="string"),
            "content_start": pd.array([mention.start for _, mention, _ in rows], dtype="Int64"),
            "content_end": pd.array([mention.end for _, mention, _ in rows], dtype="Int64"),
            "polarity": pd.array([reading.polarity for *_, reading in rows], dtype="Int8"),
            "score": np.array([reading.score for *_, reading in rows], dtype=np.float64),
            "evidence": pd.array(
                ["; ".join(_words(one.text, one.cue, word) for word in reading.evidence) for one, _, reading in rows],
                dtype="string",
            ),
            "rule": pd.array([reading.rule for *_, reading in rows], dtype="string"),
        }
    )


def stance_by_target(stance: pd.DataFrame, *, fold: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Make one polarity of the mentions of a target in a statement.

    The mention whose words say most decides: rows that rest on words before rows that rest on the usual polarity alone,
    then the largest absolute score, then the earlier one. A statement that both praises and blames a target is `mixed`.

    Parameters
    ----------
    stance : DataFrame
        As `code_stance` makes it.
    fold : mapping, optional
        Target to the coarser id under which it is counted, such as `coarse_targets()`.

    Returns
    -------
    DataFrame
        One row a statement and target, in the order of first mention: ``statement_id``, ``speaker_id``, ``target``
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
    rows["_silent"] = rows["rule"].isin([USUAL, SILENT])
    rows["_size"] = -rows["score"].abs()
    keys = ["statement_id", "target"]
    grouped = rows.groupby(keys, sort=False)["polarity"]
    rows["mentions"] = grouped.transform("size").astype("Int64")
    rows["mixed"] = ((grouped.transform("max") > 0) & (grouped.transform("min") < 0)).astype("boolean")
    rows["_first"] = rows.groupby(keys, sort=False)["_order"].transform("min")
    best = rows.sort_values(["_first", "_silent", "_size", "_order"], kind="stable").drop_duplicates(keys)
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
    """Count who is for and against whom: one row an actor and target.

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
        ``statements``, ``for_``, ``against``, ``neutral``, ``usual`` Int64: how many of them rest on the target's usual
        polarity alone; ``mean`` float64, mean polarity in [-1, 1].

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
        usual=rows["rule"] == USUAL,
    )
    counts = ["statements", "for_", "against", "neutral", "usual"]
    edges = flags.groupby(["speaker_id", "target"], sort=True)[counts].sum().astype("Int64").reset_index()
    edges["mean"] = ((edges["for_"] - edges["against"]) / edges["statements"]).astype("float64")
    return edges
