"""Threat frames: who endangers whom, by what harm, how gravely, what is to be done, and who is to blame."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from helpers.codebook import load_codebook
from helpers.hits import Hit, find_hits
from helpers.patterns import compile_patterns, entries_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from helpers.codebook import Codebook
    from helpers.patterns import Patterns

LISTS = ("agents", "types", "referents", "measures", "blame")
_COLUMNS = ("statement_id", "slot", "value", "text", "content_start", "content_end", "negated", "rule")
# Up to three words, none of them across a comma or an end, between a negation and what it negates.
_NEGATES = re.compile(r"(?:[^\w.,;:!?]{1,4}\w+){0,3}[^\w.,;:!?]{1,4}")


class Mention(NamedTuple):
    """Words that speak for one value of one slot."""

    slot: str
    value: str
    start: int
    end: int
    negated: bool
    rule: str


def threat_patterns(codebook: Codebook) -> Patterns:
    """Compile ``threat.toml``: its entries, and each country as an entry of the layer ``countries``."""
    entries: dict[str, Mapping[str, Any]] = dict(entries_of(codebook.threat))
    for code, names in codebook.threat.get("countries", {}).items():
        entries[f"countries.{code}"] = {"patterns": names}
    return compile_patterns(entries)


def frame_mentions(hits: Iterable[Hit], content: str, country: str | None) -> list[Mention]:
    """Read the hits of one statement as mentions of slots and values.

    Parameters
    ----------
    hits : iterable of Hit
        What `helpers.hits.find_hits` found with `threat_patterns`.
    content : str
    country : str or None
        ISO 3166-1 alpha-3 code of the speaker's country, which alone can be ``own_state`` by name.

    Returns
    -------
    list of Mention
        All candidates, whether or not the statement makes a threat claim.
    """
    found = list(hits)
    negations = [hit for hit in found if hit.entry.startswith("negation.")]
    mentions = []
    for hit in found:
        layer, _, value = hit.entry.rpartition(".")
        if layer in {"negation", "causes"}:
            continue
        start, end, slot = hit.start, hit.end, layer
        if layer == "countries":
            slot, value = "referents", "own_state" if value == country else "other_state"
        elif hit.filler is not None:
            kind, _, filler = hit.filler.rpartition(".")
            start, end = hit.filler_start, hit.filler_end
            if kind == "countries":
                # The speaker does not blame itself: its own name beside such a verb is a victim or a report.
                if filler == country:
                    continue
                filler = "state"
            value = filler
        negated = slot not in {"denial", "blame"} and any(
            no.end <= start and _NEGATES.fullmatch(content, no.end, start) for no in negations
        )
        mentions.append(Mention(slot, value, start, end, negated, hit.rule))
    return mentions


def code_frames(statements: pd.DataFrame, *, codebook: Codebook | None = None) -> pd.DataFrame:
    """Code threat frames by the rules of the codebook; no training is needed.

    Parameters
    ----------
    statements : DataFrame
        ``statement_id`` and ``content``; ``speaker_country`` (ISO 3166-1 alpha-3) is used where present, to tell the
        speaker's own country from others.
    codebook : Codebook, optional
        Default: `helpers.codebook.load_codebook()`.

    Returns
    -------
    DataFrame
        One row a mention, in the order of the statements, then of the words: ``statement_id`` string; ``slot`` string
        (``threat, severity, agents, types, referents, measures, blame, denial``); ``value`` string, an id of the
        codebook, ``1`` for threat and denial, ``1`` to ``3`` for severity; ``text`` string, the words as they stand;
        ``content_start``, ``content_end`` Int64, half-open code points in ``content`` (NA for severity, which is the
        strongest of the words of harm); ``negated`` boolean; ``rule`` string, the pattern as written.
        Agents, types, referents and severity are coded only where the statement makes a threat claim.

    Raises
    ------
    ValueError
        If a column is missing or a pattern cannot be read.

    See Also
    --------
    frames_wide : one row a statement.

    Notes
    -----
    Slots and values follow the project's coding manual for threat framing. A statement makes a threat claim when words
    of harm (entries ``severity.*``) stand in it that are not negated.

    Examples
    --------
    >>> said = pd.DataFrame({"statement_id": ["s1"], "content": ["Terrorism is a threat to the whole region."]})
    >>> code_frames(said)[["slot", "value", "text"]].values.tolist()
    [['agents', 'terrorism', 'Terrorism'], ['types', 'terrorism', 'Terrorism'], ['threat', '1', 'threat'], \
['referents', 'region', 'whole region'], ['severity', '2', <NA>]]
    """
    check_columns(statements, "statement_id", "content")
    patterns = threat_patterns(load_codebook() if codebook is None else codebook)
    starting: dict[str, tuple[int, ...]] = {}
    rows: list[tuple[object, ...]] = []
    for statement, content, country in zip(
        statements["statement_id"], statements["content"], countries_of(statements), strict=True
    ):
        if not isinstance(content, str):
            continue
        mentions = frame_mentions(find_hits(content, patterns, starting=starting), content, country)
        harms = [mention for mention in mentions if mention.slot == "severity" and not mention.negated]
        for mention in mentions:
            slot, value = mention.slot, mention.value
            if slot == "severity":
                slot, value = "threat", "1"
            elif slot in {"agents", "types", "referents"} and not harms:
                continue
            words = content[mention.start : mention.end]
            rows.append((statement, slot, value, words, mention.start, mention.end, mention.negated, mention.rule))
        if harms:
            gravest = max(harms, key=lambda harm: (harm.value, -harm.start))
            rows.append((statement, "severity", gravest.value, None, None, None, False, gravest.rule))
    return frame_table(rows)


def frames_wide(frames: pd.DataFrame, statements: pd.DataFrame) -> pd.DataFrame:
    """Put the frames of each statement on one row.

    Parameters
    ----------
    frames : DataFrame
        From `code_frames`; negated rows do not count.
    statements : DataFrame
        ``statement_id``: each gives one row, in this order, with frames or without.

    Returns
    -------
    DataFrame
        ``statement_id`` string; ``threat, severity, denial`` Int8 (severity 0 to 3); ``agents, types, referents,
        measures, blame`` sorted tuples of distinct ids.

    Raises
    ------
    ValueError
        If a column is missing, or a frame belongs to no statement.

    Examples
    --------
    >>> said = pd.DataFrame({"statement_id": ["s1"], "content": ["Terrorism is a threat to the whole region."]})
    >>> frames_wide(code_frames(said), said)[["threat", "severity", "agents", "referents"]].values.tolist()
    [[1, 2, ('terrorism',), ('region',)]]
    """
    check_columns(statements, "statement_id")
    if missing := [name for name in ("statement_id", "slot", "value", "negated") if name not in frames]:
        message = f"frames lack {missing}: give what code_frames returned"
        raise ValueError(message)
    ids = statements["statement_id"].astype("string")
    unknown = sorted(set(frames["statement_id"]) - set(ids))
    if unknown:
        message = f"{len(unknown)} statement ids of the frames are not among the statements, first {unknown[0]!r}"
        raise ValueError(message)
    values: dict[tuple[str, str], set[str]] = {}
    counted = frames[~frames["negated"].astype(bool)]
    for statement, slot, value in zip(counted["statement_id"], counted["slot"], counted["value"], strict=True):
        values.setdefault((statement, slot), set()).add(value)
    wide: dict[str, object] = {"statement_id": ids.reset_index(drop=True)}
    for slot in ("threat", "severity", "denial"):
        levels = [max((int(value) for value in values.get((statement, slot), ())), default=0) for statement in ids]
        wide[slot] = pd.Series(levels, dtype="Int8")
    for slot in LISTS:
        wide[slot] = pd.Series([tuple(sorted(values.get((statement, slot), ()))) for statement in ids], dtype=object)
    return pd.DataFrame(wide)


def check_columns(statements: pd.DataFrame, *names: str) -> None:
    """Raise a plain error when columns are missing."""
    if missing := [name for name in names if name not in statements]:
        message = f"statements lack {missing}: give a table with {list(names)}, as extract_statements makes"
        raise ValueError(message)


def countries_of(statements: pd.DataFrame) -> list[str | None]:
    """Return the speakers' countries, None where unknown."""
    if "speaker_country" not in statements:
        return [None] * len(statements)
    return [code if isinstance(code, str) else None for code in statements["speaker_country"]]


def frame_table(rows: Iterable[tuple[object, ...]]) -> pd.DataFrame:
    """Make the table of frames with its types from rows in the order of its columns."""
    table = pd.DataFrame(list(rows), columns=list(_COLUMNS))
    types = dict.fromkeys(_COLUMNS, "string") | {"content_start": "Int64", "content_end": "Int64", "negated": "boolean"}
    return table.astype(types)
