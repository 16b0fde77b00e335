"""Codebooks: the tables and word lists that a researcher edits instead of code."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.codebook.faults import Fault, find_file_faults, find_shape_faults
from helpers.codebook.patterns import Patterns, compile_patterns, entries_of, find_hits
from helpers.codebook.tables import COLUMNS, FILES, load_words, overlay, read_actors, read_toml
from helpers.inputs import check_columns, sha256
from helpers.paths import CODEBOOKS

_FOUND = {"statement_id": "string", "entry": "string", "text": "string", "content_start": "Int64"}
_FOUND |= {"content_end": "Int64", "rule": "string", "filler": "string", "filler_start": "Int64", "filler_end": "Int64"}


@dataclass(frozen=True)
class Codebook:
    """What the coders look for, as read from a folder.

    Attributes
    ----------
    cues : mapping
        ``cues.toml``: speech verbs and nouns with their frames.
    people : mapping
        ``people.toml``: titles, roles, first names, kinds of bodies: what tells who speaks.
    actors : DataFrame
        ``actors.csv``: ``actor_id, alias, type, country, start, end``.
    stance : mapping
        ``stance.toml``: targets, their names, and the words that support or oppose.
    threat : mapping
        ``threat.toml``: slots, values, patterns and guards.
    digest : str
        SHA-256 over the files read, 12 hexadecimal digits; named by every saved result.
    """

    cues: Mapping[str, Any]
    people: Mapping[str, Any]
    actors: pd.DataFrame
    stance: Mapping[str, Any]
    threat: Mapping[str, Any]
    digest: str


def load_codebook(folder: str | Path | None = None) -> Codebook:
    """Read the codebook of the project, with one's own folder laid over it.

    Parameters
    ----------
    folder : path, optional
        A folder that holds only what changes. In a TOML file a verb or a list stands in place of ours, and a key that
        ends in ``_add`` adds to our list (``patterns_add = ["hill men"]``). The rows of an ``actors.csv`` stand in
        place of ours with the same ``actor_id``; those of an ``actors_add.csv`` are added.

    Returns
    -------
    Codebook

    Raises
    ------
    FileNotFoundError
        If `folder` does not exist.
    ValueError
        If a file cannot be used, with file, line and key.

    Examples
    --------
    >>> load_codebook().actors.columns[:2].tolist()
    ['actor_id', 'alias']
    """
    own = [] if folder is None else _files_of(folder)
    if faults := [fault for path in own for fault in find_shape_faults(path)]:
        more = f" (and {len(faults) - 1} more: check_codebook lists all)" if len(faults) > 1 else ""
        raise ValueError(f"{faults[0]}{more}")
    files = _files_of(CODEBOOKS) + own
    tables: dict[str, dict[str, Any]] = {}
    actors = pd.DataFrame(columns=list(COLUMNS), dtype="string")
    for path in files:
        if path.suffix == ".csv":
            rows = read_actors(path)
            kept = actors if path.stem.endswith("_add") else actors[~actors["actor_id"].isin(rows["actor_id"])]
            actors = pd.concat([kept, rows], ignore_index=True)
        else:
            tables[path.stem] = overlay(tables.get(path.stem, {}), read_toml(path))
    digest = sha256(b"".join(path.name.encode() + b"\0" + path.read_bytes() for path in files))[:12]
    return Codebook(actors=actors, digest=digest, **tables)


def _files_of(folder: str | Path) -> list[Path]:
    """Return the files of a codebook that a folder holds."""
    if not Path(folder).is_dir():
        raise FileNotFoundError(
            f"no codebook folder at {str(folder)!r}: give a folder with the files you change, such as cues.toml"
        )
    return [path for name in FILES if (path := Path(folder) / name).is_file()]


def load_stopwords(path: str | Path | None = None) -> frozenset[str]:
    """Read a list of stopwords: words apart by white space, ``#`` opens a comment.

    Parameters
    ----------
    path : path, optional
        A file of one's own in place of ``data/codebooks/stopwords.txt``.

    Returns
    -------
    frozenset of str

    Raises
    ------
    FileNotFoundError
        If there is no such file.

    Examples
    --------
    >>> "the" in load_stopwords(), "taliban" in load_stopwords()
    (True, False)
    """
    words = load_words(Path(path or CODEBOOKS / "stopwords.txt"))
    return frozenset(word.lower().replace("’", "'") for word in words)


def find_terms(statements: pd.DataFrame, terms: Mapping[str, Any] | Patterns) -> pd.DataFrame:
    """Find the entries of a codebook in statements: phrases, wildcards, gaps, slots, guards, longest match.

    Parameters
    ----------
    statements : DataFrame
        ``statement_id`` and ``content``.
    terms : mapping or Patterns
        A codebook table such as ``load_codebook().threat``: every nested table with ``patterns`` is an entry, its id
        the dotted path of its keys (``agents.terrorism``), its layer what stands before the last dot. ``guards`` are
        longer patterns: a hit inside a guard's match does not count. Or what `compile_patterns` made of it, which also
        tells the language of patterns. Compiled once a call, and once a codebook while Python runs.

    Returns
    -------
    DataFrame
        One row per hit, in the order of the statements, then of the words:
        ``statement_id`` string; ``entry`` string; ``text`` string, the words as they stand; ``content_start``,
        ``content_end`` Int64, half-open code points in ``content``; ``rule`` string, the pattern as written;
        for patterns with a slot ``filler`` string (the entry that fills it), ``filler_start``, ``filler_end`` Int64,
        else NA. Overlapping hits within one layer are resolved to the longest. A slot pattern gives a row for each
        filler in reach, with all of a list ("a threat to peace, security and development"), and none without a filler.

    Raises
    ------
    ValueError
        If a pattern cannot be read, or `statements` lacks a column.

    See Also
    --------
    helpers.codebook.patterns.find_hits : the same for one text, without tables, for coders that look around hits.

    Examples
    --------
    >>> book = {
    ...     "who": {"militia": {"patterns": ["militia*"]}, "village": {"patterns": ["village*"]}},
    ...     "harm": {"threat": {"patterns": ["{who} threaten*", "threat to {who}"]}},
    ... }
    >>> said = pd.DataFrame({"statement_id": ["s1"], "content": ["The militia threatens us: a threat to the village."]})
    >>> find_terms(said, book)[["entry", "text", "content_start", "filler"]].values.tolist()[1:3]
    [['harm.threat', 'threatens', 12, 'who.militia'], ['harm.threat', 'threat to', 28, 'who.village']]
    """
    check_columns(statements, "statement_id", "content", name="statements")
    patterns = terms if isinstance(terms, Patterns) else compile_patterns(entries_of(terms))
    rows = []
    for statement, content in zip(statements["statement_id"], statements["content"], strict=True):
        for hit in find_hits(content, patterns) if isinstance(content, str) else ():
            filled = (hit.filler, hit.filler_start, hit.filler_end) if hit.filler else (None, None, None)
            words = content[hit.start : hit.end]
            rows.append((str(statement), hit.entry, words, hit.start, hit.end, hit.rule, *filled))
    return pd.DataFrame(rows, columns=list(_FOUND)).astype(_FOUND)


def check_codebook(folder: str | Path | None = None) -> pd.DataFrame:
    """List every fault of a codebook at once, each with its file and key.

    Parameters
    ----------
    folder : path, optional
        One's own folder, laid over the codebook of the project; default: the project's alone.

    Returns
    -------
    DataFrame
        ``file`` string; ``line`` Int64; ``key`` string, the dotted path of the entry, or the row of a table as a
        spreadsheet counts; ``problem`` string, in plain words. Empty when all is well. Found are: files that cannot be
        read; texts, lists and names that are none or empty; missing version, source or licence; patterns that cannot
        be read or ask for an unknown slot; tables of ``threat.toml`` that are no slot; missing definitions, examples
        and counter-examples; in ``threat.toml`` an example that its entry does not match and a counter-example that it
        does; codes that are not ISO 3166-1 alpha-3; actors without an id or alias, twice the same alias of one actor at
        one time, and dates that are no dates or run backwards.

    Raises
    ------
    FileNotFoundError
        If `folder` does not exist.

    Examples
    --------
    >>> len(check_codebook())
    0
    """
    columns = {"file": "string", "line": "Int64", "key": "string", "problem": "string"}
    return pd.DataFrame(find_faults(folder), columns=list(Fault._fields))[list(columns)].astype(columns)


def find_faults(folder: str | Path | None = None) -> list[Fault]:
    """List what `check_codebook` puts into a table; each fault reads as one sentence."""
    own = CODEBOOKS if folder is None else Path(folder)
    faults = [fault for path in _files_of(own) for fault in find_file_faults(path)]
    strangers = {path.name for path in own.iterdir() if path.suffix in {".toml", ".csv"}} - {*FILES}
    reason = f"is not read; the files of a codebook are {', '.join(FILES)}"
    return faults + [Fault(name, "", reason) for name in sorted(strangers)]


def added_names(codebook: Codebook) -> Patterns:
    """Compile the names that a codebook has beyond those of the project.

    The reader learned the project's own names; a name that a researcher adds is found by its patterns, and the reader
    says which role it has.

    Parameters
    ----------
    codebook : Codebook

    Returns
    -------
    Patterns
        Entries ``agents.ID``, ``referents.ID``, ``types.ID``, ``measures.ID`` from ``threat.toml``, ``stance.ID`` from
        the targets of ``stance.toml``, and ``actors.ID`` from ``actors.csv``; none for the project's own codebook.

    Raises
    ------
    ValueError
        If a pattern cannot be read.

    Examples
    --------
    >>> added_names(load_codebook()).patterns
    ()
    """
    ours = _tables(_shipped())
    entries: dict[str, dict[str, Any]] = {}
    for layer, table in _tables(codebook).items():
        for value, keys in table.items():
            known = ours[layer].get(keys.get("reads_as", value), {}).get("patterns", ())
            if new := [pattern for pattern in keys.get("patterns", ()) if pattern not in known]:
                entries[f"{layer}.{value}"] = {"patterns": new, "guards": keys.get("guards", ())}
    new_actors = codebook.actors[~codebook.actors["alias"].isin(_shipped().actors["alias"])].dropna(subset=["alias"])
    for actor, rows in new_actors.groupby("actor_id"):
        entries[f"actors.{actor}"] = {"patterns": rows["alias"].tolist()}
    return compile_patterns(entries)


def reader_ids(codebook: Codebook) -> dict[tuple[str, str], str]:
    """Map the ids that the reader learned to those of a codebook that gives them other names.

    The reader can only say the ids that stand on its card. A codebook that renames one says so with ``reads_as``; all
    others have the same id in both, and are not in the mapping.

    Parameters
    ----------
    codebook : Codebook

    Returns
    -------
    dict
        Slot (``stance`` for targets) and id of the reader to id of the codebook. Blame takes the ids of agents too.

    Examples
    --------
    >>> reader_ids(load_codebook())
    {}
    """
    tables = _tables(codebook)
    tables["blame"] = {**tables["agents"], **codebook.threat.get("blame", {})}
    named = [(slot, value, keys) for slot, table in tables.items() for value, keys in table.items()]
    return {(slot, keys["reads_as"]): value for slot, value, keys in named if "reads_as" in keys}


def _tables(codebook: Codebook) -> dict[str, Mapping[str, Any]]:
    """Return what the reader learned to tell apart: targets of stance, and the values of the slots."""
    slots = {slot: codebook.threat.get(slot, {}) for slot in ("agents", "referents", "types", "measures")}
    return {"stance": codebook.stance.get("targets", {}), **slots}


_shipped = functools.cache(load_codebook)  # the codebook that the reader has learned
