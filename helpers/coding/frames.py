"""Threat frames: who endangers whom, by what harm, how gravely, what is to be done, and who is to blame."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from helpers.codebook.load import load_codebook
from helpers.codebook.match import Hit, find_hits
from helpers.codebook.patterns import compile_patterns, entries_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Set

    from helpers.codebook.load import Codebook
    from helpers.codebook.patterns import Patterns
    from helpers.coding.coders import Coder

LISTS = ("agents", "types", "referents", "measures", "blame")
SLOTS = ("severity", "denial", *LISTS)
IF_THREAT = ("agents", "types", "referents")  # slots that say nothing without a threat claim
_COLUMNS = ("statement_id", "slot", "value", "text", "content_start", "content_end", "negated", "rule")
# Up to three words, none of them across a comma or an end, between a negation and what it negates.
_NEGATES = re.compile(r"(?:[^\w.,;:!?]{1,4}\w+){0,3}[^\w.,;:!?]{1,4}")


class Mention(NamedTuple):
    """Words that speak for one value of one slot; offsets of -1 where the whole statement does."""

    slot: str
    value: str
    start: int
    end: int
    negated: bool
    rule: str


def threat_patterns(codebook: Codebook) -> Patterns:
    """Compile what the rules need of ``threat.toml``; each country is an entry of the layer ``countries``."""
    entries = _threat_entries(codebook)
    # A vague word counts where a phrase of harm points to it, so only the hints of referents are needed.
    needed = {name: entry for name, entry in entries.items() if not name.startswith(("voice.", "hints."))}
    needed |= {name: entry for name, entry in entries.items() if name.startswith("hints.referents.")}
    return compile_patterns(needed)


def coder_patterns(codebook: Codebook) -> Patterns:
    """Compile all of ``threat.toml``, with the hints and voices that only a fitted coder weighs."""
    return compile_patterns(_threat_entries(codebook))


def _threat_entries(codebook: Codebook) -> dict[str, Mapping[str, Any]]:
    entries: dict[str, Mapping[str, Any]] = dict(entries_of(codebook.threat))
    entries |= {f"hints.{name}": {"patterns": entry["hints"]} for name, entry in entries.items() if "hints" in entry}
    for code, names in codebook.threat.get("countries", {}).items():
        entries[f"countries.{code}"] = {"patterns": names}
    return entries


def frame_mentions(hits: Iterable[Hit], content: str, country: str | None) -> list[Mention]:
    """Read the hits of one statement as mentions of slots and values.

    Parameters
    ----------
    hits : iterable of Hit
        What `helpers.codebook.match.find_hits` found with `threat_patterns`.
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
        start, end, slot = hit.start, hit.end, layer
        if hit.filler is not None:
            kind, _, value = hit.filler.rpartition(".")
            start, end = hit.filler_start, hit.filler_end
            slot = "referents" if layer == "harms" else layer
            if kind == "countries" and slot == "referents":
                value = "own_state" if value == country else "other_state"
            elif kind == "countries":
                # The speaker does not blame itself: its own name beside such a verb is a victim or a report.
                if value == country:
                    continue
                value = "state"
        if slot not in SLOTS:
            continue
        negated = slot not in {"denial", "blame"} and any(
            no.end <= start and _NEGATES.fullmatch(content, no.end, start) for no in negations
        )
        mentions.append(Mention(slot, value, start, end, negated, hit.rule))
    return mentions


def code_frames(
    statements: pd.DataFrame, *, codebook: Codebook | None = None, coder: Coder | None = None
) -> pd.DataFrame:
    """Code threat frames, by the rules of the codebook or by a fitted coder.

    Parameters
    ----------
    statements : DataFrame
        ``statement_id`` and ``content``; ``speaker_country`` (ISO 3166-1 alpha-3) is used where present, to tell the
        speaker's own country from others, and by a fitted coder ``kind``, to tell speeches from reported statements.
    codebook : Codebook, optional
        Default: `helpers.codebook.load.load_codebook()`.
    coder : Coder, optional
        From `helpers.coding.coders.load_coder` or `fit_coder`. Without one the rules decide, which need no training.

    Returns
    -------
    DataFrame
        One row a mention, in the order of the statements: ``statement_id`` string; ``slot`` string (``threat,
        severity, agents, types, referents, measures, blame, denial``); ``value`` string, an id of the codebook, ``1``
        for threat and denial, ``1`` to ``3`` for severity; ``text`` string, the words as they stand;
        ``content_start``, ``content_end`` Int64, half-open code points in ``content`` (NA for severity, which is the
        strongest claim of the whole, and where a fitted coder finds no words); ``negated`` boolean; ``rule`` string,
        the pattern as written, after the coder's name and a colon where a coder decided; where the codebook has no
        words for what a coder with an encoder decided, they are the ``words that told the encoder most``.
        Agents, types, referents and severity are coded only where the statement makes a threat claim. A fitted coder
        gives one row a value, with the words that speak most for it, and leaves to the rules what it does not
        know: denial, and values that the codebook did not have when it was fitted.

    Raises
    ------
    ValueError
        If a column is missing or a pattern cannot be read.

    See Also
    --------
    frames_wide : one row a statement.

    Notes
    -----
    Slots and values follow the project's coding manual for threat framing. By the rules, a statement makes a threat
    claim when words of harm (entries ``severity.*``) stand in it that are not negated.

    Examples
    --------
    >>> said = pd.DataFrame({"statement_id": ["s1"], "content": ["Terrorism is a threat to the whole region."]})
    >>> code_frames(said)[["slot", "value", "text"]].values.tolist()
    [['agents', 'terrorism', 'Terrorism'], ['types', 'terrorism', 'Terrorism'], ['threat', '1', 'threat'], \
['referents', 'region', 'region'], ['severity', '2', <NA>]]
    """
    check_columns(statements, "statement_id", "content")
    book = load_codebook() if codebook is None else codebook
    rows: list[tuple[object, ...]] = []
    if coder is not None:
        from helpers.coding.coders import decide, read_all  # a coder is built on this module

        name, known = coder.name, coder.known_values
        decided = decide(coder, read_all(statements, book, coder.vectors))
        for statement, (reading, found) in zip(statements["statement_id"], decided, strict=True):
            rows += [_row(statement, reading.content, words, by=name) for words in found]
            claimed = any(words.slot == "threat" for words in found)
            left = [one for one in reading.mentions if _left_to_rules(one, known, claimed=claimed)]
            rows += [_row(statement, reading.content, words) for words in left]
        return _frame_table(rows)
    patterns = threat_patterns(book)
    for statement, content, country in zip(
        statements["statement_id"].tolist(), statements["content"].tolist(), countries_of(statements), strict=True
    ):
        if isinstance(content, str):
            mentions = frame_mentions(find_hits(content, patterns), content, country)
            rows += [_row(statement, content, mention) for mention in _by_rules(mentions)]
    return _frame_table(rows)


def _left_to_rules(mention: Mention, known: Set[str], *, claimed: bool) -> bool:
    """Tell what a coder does not decide: denial, and values that the codebook did not have when it was fitted."""
    if mention.slot in LISTS:
        return mention.value not in known and (claimed or mention.slot not in IF_THREAT)
    return mention.slot == "denial"


def _by_rules(mentions: list[Mention]) -> list[Mention]:
    """Keep what counts: agents, types and referents only beside words of harm that are not negated."""
    harms = harms_among(mentions)
    kept = []
    for mention in mentions:
        if mention.slot == "severity":
            kept.append(mention._replace(slot="threat", value="1"))
        elif harms or mention.slot not in IF_THREAT:
            kept.append(mention)
    if harms:
        gravest = max(harms, key=lambda harm: (harm.value, -harm.start))
        kept.append(gravest._replace(start=-1, end=-1))
    # The same words may be found by name and by a phrase of harm around them: one row is enough.
    return list({mention[:4]: mention for mention in reversed(kept)}.values())[::-1]


def harms_among(mentions: Iterable[Mention]) -> list[Mention]:
    """Return the words of harm that count: those that are not negated."""
    return [mention for mention in mentions if mention.slot == "severity" and not mention.negated]


def _row(statement: object, content: str, words: Mention, *, by: str = "") -> tuple[object, ...]:
    """Make one row; words of no length stand for a decision that no words back."""
    start, end = (None, None) if words.end < 0 else (words.start, words.end)
    text = None if end is None else content[start:end]
    rule = f"{by}: {words.rule}" if by and words.rule else by or words.rule
    return (statement, words.slot, words.value, text, start, end, words.negated, rule)


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
    return [code if isinstance(code, str) else None for code in statements["speaker_country"].tolist()]


def _frame_table(rows: Iterable[tuple[object, ...]]) -> pd.DataFrame:
    """Make the table of frames with its types from rows in the order of its columns."""
    table = pd.DataFrame(list(rows), columns=list(_COLUMNS))
    types = dict.fromkeys(_COLUMNS, "string") | {"content_start": "Int64", "content_end": "Int64", "negated": "boolean"}
    return table.astype(types)
