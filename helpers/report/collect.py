"""From articles to every table of a report: what `python -m helpers report` and lesson 09 call."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from helpers.articles import find_near_duplicates, find_repeated_lines, load_articles
from helpers.codebook import load_codebook
from helpers.codebook.load import Codebook
from helpers.coding import code_frames, code_stance, frames_wide, load_reader, stance_edges
from helpers.coding.frames import SLOTS
from helpers.inputs import check_columns, sha256
from helpers.report.compare import check_groupings, compare_groups, draw_sample
from helpers.report.handover import read_citation
from helpers.report.topics import find_topics
from helpers.statements import apply_identities, extract_statements, propose_identities

PACKAGES = ("pandas", "numpy", "scipy", "onnxruntime", "nltk", "simplemma", "trafilatura", "pyarrow")
COUNTS = {"statements": ("doc_id", "size"), "articles": ("doc_id", "nunique"), "in_copies": ("copy", "sum")}
BATCH = 25  # articles between two steps of the progress bar


class Analysis(NamedTuple):
    """What came of a folder of articles.

    Attributes
    ----------
    tables : mapping of str to DataFrame
        As `analyse` lists them.
    record : mapping
        The run record: ``software``, ``version``, ``codebook`` (digest), ``python``, ``system``, ``packages``,
        ``input`` (name, number of articles, SHA-256 over ids and texts), ``coders`` (of ``stance`` and ``frames``: the
        name of the reader), ``by`` and ``breaks`` (what is compared), ``lost_names`` (given to topics of an earlier
        report, taken by none of this one), ``random_seeds``.
    """

    tables: Mapping[str, pd.DataFrame]
    record: Mapping[str, Any]


def analyse(  # noqa: PLR0913 - the choices of a report
    path: str | Path,
    *,
    codebook: str | Path | None = None,
    by: Sequence[str] | None = None,
    breaks: Sequence[str] = (),
    identities: str | Path | None = None,
    topics: str | Path | None = None,
    progress: bool = False,
) -> Analysis:
    """Take articles through the whole path and return every table.

    Parameters
    ----------
    path : path
        A file, a folder or an archive, as for `load_articles`.
    codebook : path, optional
        A folder with the codebook files that you changed.
    by : sequence of str, optional
        What to compare: ``year``, ``month``, ``country``, ``kind`` or ``speaker`` (of the statement), or any column of
        the articles. Default: ``source`` and ``year``, each where there are at least two.
    breaks : sequence of str
        Dates (2021-08-15, 2021-08 or 2021) that part periods to compare.
    identities : path, optional
        A CSV file with ``name`` and ``actor``: ``identities.csv`` of an earlier report, corrected by hand. Default:
        what `propose_identities` proposes.
    topics : path, optional
        A CSV file with ``words`` and ``name``: ``topics.csv`` of an earlier report, with names filled in.
    progress : bool
        Show a progress bar on standard error; in a file, a line a minute.

    Returns
    -------
    Analysis
        Its tables are ``articles`` (of `load_articles`, and ``text_sha256`` string; ``copy`` bool: a near duplicate of
        an article before it), ``rejects``, ``removed``; ``near_duplicates`` and ``repeated_lines`` of the functions
        ``find_...``; ``identities`` (`propose_identities`), which names are one actor; ``statements`` of
        `extract_statements`, and ``actor`` string: the ``speaker_id`` if the codebook's ``actors.csv`` knows it, else
        the name of the identity; ``stance`` of `code_stance`; ``frames`` of
        `code_frames`; ``frames_wide``; the counts ``speakers`` (`count_speakers`), ``stance_edges``,
        ``frame_counts`` (`count_frames`); ``topics`` and ``statement_topics`` (`find_topics`);
        ``groups``, ``shares``, ``differences``, ``crossed`` (`compare_groups`);
        ``coding_sample`` (`draw_sample`); and ``codes`` (`list_codes`), what the ids mean.

    Raises
    ------
    FileNotFoundError
        If `path` or `codebook` does not exist.
    ChoiceError
        If a column to compare by is not there, or a break is no date.
    MissingColumnError
        If a corrected table lacks a column.

    Examples
    --------
    >>> len(analyse("data/articles").tables["rejects"])  # doctest: +SKIP
    1
    """
    book = load_codebook(codebook)
    same, named = read_corrected(identities, "name", "actor"), read_corrected(topics, "words", "name")
    articles, rejects, removed = load_articles(path)
    columns = check_groupings(articles, by, breaks)
    copies = find_near_duplicates(articles)
    articles = articles.assign(
        text_sha256=articles["text"].map(sha256).astype("str"),
        copy=articles["doc_id"].isin(copies.loc[~copies["first"], "doc_id"]),
    )
    statements, stance, frames, unread = _code(articles, book, progress=progress)
    articles = articles[~articles["doc_id"].isin(unread["doc_id"])].reset_index(drop=True)
    rejects = pd.concat([rejects, unread.reindex(columns=rejects.columns).astype(rejects.dtypes)], ignore_index=True)
    same = propose_identities(statements, codebook=book) if same is None else same
    # The actor is the id that the codebook knows, else the name of the identity.
    joined = apply_identities(statements, same)
    local = joined["speaker_id"].str.contains(":", na=True).astype(bool)
    statements = statements.assign(actor=joined["speaker_id"].mask(local, joined["speaker_name"]))
    actors = statements.set_index("statement_id")["actor"]
    stance = stance.assign(speaker_id=stance["statement_id"].map(actors).astype("string"))
    tables = {
        "articles": articles,
        "rejects": rejects,
        "removed": removed,
        "near_duplicates": copies,
        "repeated_lines": find_repeated_lines(articles),
        "identities": same,
        "statements": statements,
        "stance": stance,
        "frames": frames,
        "frames_wide": frames_wide(frames, statements),
        "speakers": count_speakers(statements),
        "stance_edges": stance_edges(stance).rename(columns={"speaker_id": "actor", "for_": "for"}),
        "frame_counts": count_frames(frames, statements),
        "codes": list_codes(book),
    }
    tables |= find_topics(statements, named)
    lost = set() if named is None else {*named["name"].str.strip()} - {"", *tables["topics"]["name"]}
    tables |= compare_groups(tables, columns, breaks)
    tables["coding_sample"] = draw_sample(tables, columns)
    record = make_record(Path(path), articles, book)
    record |= {"coders": dict.fromkeys(("stance", "frames"), load_reader().name), "by": columns}
    return Analysis(tables, {**record, "breaks": list(breaks), "lost_names": sorted(lost)})


def read_corrected(path: str | Path | None, *columns: str) -> pd.DataFrame | None:
    """Read a table of an earlier report that a researcher corrected."""
    if path is None:
        return None
    table = pd.read_csv(path, dtype="string", keep_default_na=False)
    check_columns(table, *columns, name=str(path))
    return table


def _code(articles: pd.DataFrame, book: Codebook, *, progress: bool) -> tuple[pd.DataFrame, ...]:
    """Extract and code batch by batch, so that the bar moves, and list articles in which nothing can be read."""
    from tqdm import tqdm

    parts: list[tuple[pd.DataFrame, ...]] = []
    batches = [articles.iloc[first : first + BATCH] for first in range(0, max(len(articles), 1), BATCH)]
    pause = 0.1 if sys.stderr.isatty() else 60.0  # seconds: a bar that a log keeps must not fill it
    with tqdm(total=len(articles), desc="coding", unit=" articles", mininterval=pause, disable=not progress) as bar:
        while batches:
            batch, unread = batches.pop(0), articles.iloc[:0].assign(reason="")
            try:
                found = extract_statements(batch, codebook=book)
            except RuntimeError as error:
                if len(batch) > 1:  # each alone, to find the one that cannot be read
                    batches = [*(batch.iloc[[i]] for i in range(len(batch))), *batches]
                    continue
                batch, unread = batch.iloc[:0], batch.assign(reason=str(error))
                found = extract_statements(batch, codebook=book)
            about = batch.set_index("doc_id").loc[found["doc_id"]]
            # Some names mean somebody else after a date.
            found = found.assign(date=about["date"].to_numpy(), copy=about["copy"].to_numpy())
            parts.append((found, code_stance(found, codebook=book), code_frames(found, codebook=book), unread))
            bar.update(len(batch))
    return tuple(pd.concat(tables, ignore_index=True) for tables in zip(*parts, strict=True))


def count_speakers(statements: pd.DataFrame) -> pd.DataFrame:
    """Count the statements of each speaker.

    Parameters
    ----------
    statements : DataFrame
        ``actor, speaker_name, speaker_country, speaker_type, kind, doc_id, copy``, as in `analyse`.

    Returns
    -------
    DataFrame
        One row for each speaker who is named, those with most statements first, then by ``actor`` string; ``name``
        string, the commonest of the fullest names; ``country``, ``type`` string; ``statements``, ``direct``,
        ``mixed``, ``indirect``, ``articles``, ``in_copies`` int64 (how many of the statements stand in near
        duplicates of earlier articles).

    Examples
    --------
    >>> row = {"actor": "noor", "speaker_name": "Ana Noor", "speaker_country": "AFG", "speaker_type": "person"}
    >>> rows = pd.DataFrame([{**row, "kind": "direct", "doc_id": "a", "copy": False}])
    >>> count_speakers(rows)[["name", "statements", "direct"]].values.tolist()
    [['Ana Noor', 1, 1]]
    """
    kinds = {kind: (kind, "sum") for kind in ("direct", "mixed", "indirect")}
    names = {name: (f"speaker_{name}", _commonest) for name in ("name", "country", "type")}
    counts = {"statements": COUNTS["statements"], **kinds, **COUNTS}
    spoken = statements.assign(**{kind: statements["kind"].eq(kind) for kind in kinds}).groupby("actor")
    table = spoken.agg(**names, **counts).astype(dict.fromkeys(names, "string") | dict.fromkeys(counts, "int64"))
    return table.reset_index().sort_values(["statements", "actor"], ascending=[False, True], ignore_index=True)


def _commonest(values: pd.Series[Any]) -> Any:  # noqa: ANN401 - a cell, or nothing
    return min(values.mode().tolist(), default=pd.NA)


def count_frames(frames: pd.DataFrame, statements: pd.DataFrame) -> pd.DataFrame:
    """Count in how many statements each value of each slot stands; negated rows do not count.

    Parameters
    ----------
    frames : DataFrame
        Of `code_frames`.
    statements : DataFrame
        ``statement_id, doc_id, copy``.

    Returns
    -------
    DataFrame
        ``slot``, ``value`` string; ``statements``, ``articles``, ``in_copies`` int64; by slot, most frequent first.

    Examples
    --------
    >>> frames = pd.DataFrame({"statement_id": ["s"], "slot": ["agents"], "value": ["war"], "negated": [False]})
    >>> count_frames(frames, pd.DataFrame({"statement_id": ["s"], "doc_id": ["d"], "copy": [False]})).values.tolist()
    [['agents', 'war', 1, 1, 0]]
    """
    told = frames[~frames["negated"].astype(bool)].drop_duplicates(["statement_id", "slot", "value"])
    rows = told.merge(statements[["statement_id", "doc_id", "copy"]], on="statement_id")
    counts = rows.groupby(["slot", "value"]).agg(**COUNTS).astype("int64").reset_index()
    counts = counts.sort_values("statements", ascending=False, kind="stable")
    order = ["threat", *SLOTS].index
    return counts.sort_values("slot", key=lambda slots: slots.map(order), kind="stable", ignore_index=True)


def list_codes(book: Codebook) -> pd.DataFrame:
    """List what the codes of a codebook mean.

    Parameters
    ----------
    book : Codebook

    Returns
    -------
    DataFrame
        ``kind`` string (``target``, or the slot of a threat frame), ``code``, ``name``, ``meaning`` string.

    Examples
    --------
    >>> list_codes(load_codebook()).query("code == 'peace_process'")["name"].tolist()
    ['Peace process']
    """
    labels = {code: str(one.get("label", code)) for code, one in book.stance["targets"].items()}
    rows = [("target", code, label, "") for code, label in labels.items()]
    for slot in SLOTS:
        unnamed = {"severity": "Gravity {} of 3", "denial": "Danger denied or played down"}.get(slot, "{}")
        for code, one in book.threat.get(slot, {}).items():
            name = one.get("label") or labels.get(code) or unnamed.format(code.replace("_", " ").capitalize())
            rows.append((slot, code, str(name), str(one.get("definition", ""))))
    return pd.DataFrame(rows, columns=["kind", "code", "name", "meaning"], dtype="string")


def make_record(path: Path, articles: pd.DataFrame, book: Codebook) -> dict[str, Any]:
    """Say what a run rests on: input, software, codebook. No clock, no path: the same run gives the same record."""
    texts = zip(articles["doc_id"], articles["text_sha256"], strict=True)
    return {
        "software": read_citation()["title"],
        "version": read_citation()["version"],
        "codebook": book.digest,
        "python": platform.python_version(),
        "system": platform.system(),
        "packages": {package: version(package) for package in PACKAGES},
        "input": {
            "name": os.fsencode(path.resolve().name).decode("utf-8", "replace"),
            "articles": len(articles),
            "sha256": sha256("".join(f"{doc_id}\0{digest}\n" for doc_id, digest in texts)),
        },
        "random_seeds": "0: for the draws of the intervals and of the coding sheet",
    }
