"""Frames: code in statements who endangers whom, by what harm, how gravely, what is to be done, who is to blame."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from helpers.codebook.added import added_names, reader_ids
from helpers.codebook.load import load_codebook
from helpers.coding.decisions import decide_frames, names_in
from helpers.coding.frame_rules import by_rules
from helpers.coding.reader import Reader, choose_reader, limits_of, read_statements
from helpers.coding.reading import read
from helpers.coding.variables import Coder, apply_coder
from helpers.inputs import check_columns, read_ids

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from helpers.codebook.load import Codebook
    from helpers.coding.reader import Said
    from helpers.coding.reading import Code

LISTS = ("agents", "types", "referents", "measures", "blame")
_COLUMNS = {
    "statement_id": "string",
    "slot": "string",
    "value": "string",
    "text": "string",
    "content_start": "Int64",
    "content_end": "Int64",
    "negated": "boolean",
    "score": "float64",
    "rule": "string",
}


def code_frames(
    statements: pd.DataFrame, *, codebook: Codebook | None = None, coder: str | Reader | Coder = "reader"
) -> pd.DataFrame:
    """Code threat frames: by the reader, by the rules of the codebook, or a variable of one's own.

    Parameters
    ----------
    statements : DataFrame
        ``statement_id`` and ``content``. Used where present: ``kind`` (``speech`` tells a speech from news),
        ``speaker``, ``speaker_name``, ``speaker_country`` (ISO 3166-1 alpha-3) and ``cue``: the reader is told who
        speaks, and whether harm to a State is harm to the speaker's own.
    codebook : Codebook, optional
        Default: the project's, `load_codebook()`. Names that it adds are coded under their own ids.
    coder : {"reader", "rules"}, Reader or Coder
        ``"reader"``: the shipped language model, see ``data/models/reader.json``. ``"rules"``: the patterns of
        ``threat.toml`` alone, a baseline that can be taken apart. Or what `load_reader`, `fit_coder` or `load_coder`
        returned; a Coder gives rows of its own variable only.

    Returns
    -------
    DataFrame
        One row per mention, in the order of the statements: ``statement_id`` string; ``slot`` string (``threat,
        severity, agents, types, referents, measures, blame, denial``); ``value`` string, an id of the codebook, ``1``
        for threat and denial, ``1`` to ``3`` for severity; ``text`` string, the words as they stand;
        ``content_start``, ``content_end`` Int64, half-open code points in ``content`` (NA for severity, which is coded
        for the whole statement); ``negated`` boolean, by the rules;
        ``score`` float64 in [0, 1], how probable the code is (NA by the rules); ``rule`` string, the entry of
        ``threat.toml`` that was found, or the name of the reader or coder. Agents, types, referents and severity are
        coded only beside a threat claim.

    Raises
    ------
    ValueError
        If a column is missing, ids repeat, a pattern cannot be read, or `coder` is none of the above.

    Warns
    -----
    UserWarning
        If onnxruntime is not installed: the rules code instead.

    See Also
    --------
    frames_wide : one row per statement.

    Notes
    -----
    Slots and values follow the project's coding manual for threat framing. By the rules, a statement makes a threat
    claim when words of harm (entries ``severity.*``) stand in it that are not negated.

    Examples
    --------
    >>> said = pd.DataFrame({"statement_id": ["s1"], "content": ["Terrorism is a threat to the whole region."]})
    >>> code_frames(said)[["slot", "value", "text"]].head(1).values.tolist()
    [['threat', '1', 'threat']]
    >>> code_frames(said, coder="rules")[["slot", "value", "text"]].head(1).values.tolist()
    [['agents', 'terrorism', 'Terrorism']]
    """
    said, book = read_statements(statements), codebook or load_codebook()
    if isinstance(coder, Coder):
        coded = apply_coder(coder, said)
    elif reader := choose_reader(coder):
        coded = _by_reader(said, reader, book)
    else:
        coded = by_rules(said, book)
    rows = [
        (one.statement, code.slot, code.value, *_words(one.text, code), code.negated, code.score, code.rule)
        for one, code in coded
    ]
    return pd.DataFrame(rows, columns=list(_COLUMNS)).astype(_COLUMNS)


def _by_reader(said: Iterable[Said], reader: Reader, book: Codebook) -> Iterator[tuple[Said, Code]]:
    added, ids = added_names(book), reader_ids(book)
    free = [keys.get("reads_as", kind) for kind, keys in book.threat["types"].items() if keys.get("without_threat")]
    for one in said:
        reading, names = read(reader, one.text, one.told), names_in(one.text, added)
        for code in decide_frames(reading, limits_of(reader, one.told), names=names, without_threat=free):
            value = ids.get((code.slot, code.value), code.value)
            yield one, code._replace(value=value, score=round(code.score, 3), rule=f"reader {reader.name}")


def _words(content: str, code: Code) -> tuple[str | None, int | None, int | None]:
    """Quote the words of a code; those of the whole statement have none."""
    return (None, None, None) if code.end < 0 else (content[code.start : code.end], code.start, code.end)


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
        If a column is missing, ids repeat, or a frame belongs to no statement.

    Examples
    --------
    >>> said = pd.DataFrame({"statement_id": ["s1"], "content": ["Terrorism is a threat to the whole region."]})
    >>> frames_wide(code_frames(said), said)[["threat", "severity", "agents", "referents"]].values.tolist()
    [[1, 2, ('terrorism',), ('region',)]]
    """
    check_columns(frames, "statement_id", "slot", "value", "negated", name="frames")
    ids = read_ids(statements, "statement_id", name="statements")
    if unknown := sorted(set(frames["statement_id"]) - set(ids)):
        raise ValueError(
            f"{len(unknown)} statement ids of the frames are not among the statements, first {unknown[0]!r}"
        )
    counted = frames[~frames["negated"].astype(bool)]
    values = counted.groupby(["statement_id", "slot"])["value"].agg(set).to_dict()
    wide: dict[str, object] = {"statement_id": ids.reset_index(drop=True)}
    for slot in ("threat", "severity", "denial"):
        levels = [max((int(value) for value in values.get((statement, slot), ())), default=0) for statement in ids]
        wide[slot] = pd.Series(levels, dtype="Int8")
    for slot in LISTS:
        wide[slot] = pd.Series([tuple(sorted(values.get((statement, slot), ()))) for statement in ids], dtype=object)
    return pd.DataFrame(wide)
