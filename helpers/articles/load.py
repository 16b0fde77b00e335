"""Articles from whatever a researcher has: one table of articles, one of what was refused, one of what was cut."""

import os
import sys
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from numbers import Integral
from os import PathLike, fspath
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
from tqdm import tqdm

from helpers.articles.readers import read_blob
from helpers.articles.readers.archive import Blob, walk
from helpers.articles.readers.language import detect_language
from helpers.articles.readers.records import Record, Reject, number_repeated
from helpers.articles.readers.table import NAMES

Paths = str | PathLike[str] | Iterable[str | PathLike[str]]

_Found = tuple[Blob, int | None, Record | Reject]  # the file or member it came from, and its number among several there

ARTICLE_COLUMNS = ["doc_id", "source", "title", "byline", "place", "date", "date_precision", "language", "text"]
ARTICLE_COLUMNS += ["body_start", "constructed", "path", "format", "encoding"]
_ARTICLES = dict.fromkeys(ARTICLE_COLUMNS, "str")
_ARTICLES |= {"date": "datetime64[us]", "body_start": "Int64", "constructed": "boolean"}
_REJECTS = {"path": "str", "member": "str", "line": "Int64", "reason": "str"}
_REMOVED = {"doc_id": "str", "reason": "str", "text": "str"}
LIMIT_BYTES = 100_000_000
PART = 5000  # records
_LARGEST = sys.maxsize // 2  # bytes; no computer holds more


class Loaded(NamedTuple):
    """What came of loading: three tables, unpackable as ``articles, rejects, removed``.

    Attributes
    ----------
    articles : DataFrame
        One row per article; columns as :func:`load_articles` lists them.
    rejects : DataFrame
        One row per file, member or row that could not be read: ``path``, ``member`` (within an archive), ``reason``
        str, ``line`` Int64 (the line of a text file, the row of a table).
    removed : DataFrame
        One row per piece that cleaning took out: ``doc_id``, ``reason``, ``text`` str.
    """

    articles: pd.DataFrame
    rejects: pd.DataFrame
    removed: pd.DataFrame


def load_articles(path: Paths, *, columns: Mapping[str, str] | None = None, limit_bytes: int = LIMIT_BYTES) -> Loaded:
    r"""Read articles from a file, a folder, an archive, or a list of them; the content tells which reader fits.

    Everything that comes in is an article or a reject, and what cleaning takes out of a text is in ``removed``.
    Quotation marks, ellipses and brackets stay as they are.

    Parameters
    ----------
    path : path or list of paths
        Files, told apart by what is in them: pasted text; web pages (.html, .mhtml); tables as CSV, TSV, JSON, JSON
        lines, Parquet and Excel (.xlsx, the first sheet); exports of Nexis Uni and Lexis Advance (.docx, HTML, PDF,
        text), older Lexis (text, HTML), Factiva (HTML) and ProQuest (text); Word documents (.docx); PDF with a text
        layer; saved mail (.eml, .mbox); speeches named as in the UN General Debate archive. Folders, zip, tar, tgz,
        gzip and bzip2 of any of these.
    columns : mapping, optional
        For tables with unusual column names: our name to theirs, such as ``{"text": "story", "date": "day"}``.
    limit_bytes : int
        The most bytes one file, archive member or line may have; larger ones become rejects. An archive may unpack
        to 20 times as much, and to no more than 10 MB and 100 times its own size.

    Returns
    -------
    Loaded
        `articles` has the columns ``doc_id`` (the source's own id, or the relative path and, where a file holds
        several, the record's number; unique), ``source``, ``title``, ``byline``, ``place``, all str;
        ``date`` datetime64 (missing where no field gives one: "January 20" in a sentence has no year),
        ``date_precision`` (second, minute, day, month, year), ``language`` (ISO 639-1), ``text`` (title, subtitles,
        body; paragraphs apart by a blank line) str; ``body_start`` Int64 (where in ``text`` the body begins);
        ``constructed`` boolean (the source says it was constructed for teaching);
        ``path``, ``format``, ``encoding`` str;
        then whatever else the sources give, where any gives it: ``date_text`` (the date as it stood), ``section``,
        ``length``, ``url``, ``subject``; of databases also ``page``, ``edition``, ``publisher``, ``publication_type``,
        ``publication_info``, ``place_of_publication``, ``load_date``, ``abstract``, ``credit``, ``graphic``,
        ``organization``, ``person``, ``industry``, ``geographic``, ``country``, ``accession_number``,
        ``proquest_id``, all str; of speeches ``country``, ``year``, ``session``; of tables every column that is none of
        ours, in the type it has there (``_in_file`` is added to a name that we use for something else).

    Raises
    ------
    FileNotFoundError
        If a path does not exist.
    ValueError
        If `path` is no path, `columns` names a column that is not ours, or `limit_bytes` is not positive.

    Warns
    -----
    UserWarning
        If records give the same id: all are kept, the later ones as ``id (2)`` and so on. One warning counts them.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "bridge.txt"
    ...     _ = file.write_text("The Herat Lantern\n\nBridge reopens to traffic after spring floods\n\n"
    ...                         "HERAT: The governor said the bridge was safe again.\n\nExit mobile version")
    ...     articles, rejects, removed = load_articles(file)
    >>> articles.loc[0, ["source", "place"]].tolist()
    ['The Herat Lantern', 'Herat']
    >>> removed["text"].tolist()
    ['Exit mobile version', 'The Herat Lantern']
    """
    parts = list(read_parts(path, columns=columns, limit_bytes=limit_bytes, size=PART))
    return Loaded(*(pd.concat(tables, ignore_index=True) for tables in zip(*parts, strict=True)))


def read_parts(
    path: Paths, *, columns: Mapping[str, str] | None, limit_bytes: int, size: int, progress: bool = False
) -> Iterator[Loaded]:
    """Yield tables of `size` records: rows of Python objects, as they are gathered, take several times their room."""
    found = _iterate(path, columns=columns, limit_bytes=limit_bytes)
    bar = iter(tqdm(found, unit=" records", disable=not progress))
    given: Counter[str] = Counter()  # how often each id has been given, over all tables
    yield _tables(islice(bar, size), given)
    for one in bar:
        yield _tables(chain([one], islice(bar, size - 1)), given)
    repeated = {doc_id: times - 1 for doc_id, times in given.items() if times > 1}
    if repeated:
        first, *others = repeated
        more = f", and so are {len(others):,} other ids" if others else ""
        told = f"{sum(repeated.values()):,} under a number, such as {f'{first} (2)'!r}"
        warnings.warn(f"the id {first!r} is given more than once{more}: all are kept, {told}", stacklevel=3)


def _iterate(path: Paths, *, columns: Mapping[str, str] | None, limit_bytes: int) -> Iterator[_Found]:
    """Yield each record and each reject with the file or member it came from, and its number among several there."""
    if not isinstance(columns or {}, Mapping):
        raise ValueError(f"columns is {columns!r}: give our names and theirs, such as {{'text': 'story'}}")
    unknown = sorted(set(columns or {}) - set(NAMES))
    if unknown:
        raise ValueError(f"columns names {unknown}, which are not columns of ours: allowed are {sorted(NAMES)}")
    if not isinstance(limit_bytes, Integral) or limit_bytes < 1:
        raise ValueError(f"limit_bytes is {limit_bytes!r}: give a whole number of bytes, 1 or more")
    roots = [*map(_root, [path] if isinstance(path, str | bytes | PathLike) or path is None else path)]
    if not roots:
        raise ValueError("the list of paths is empty: give a file, a folder or an archive")
    for root in roots:
        for blob in walk(root, limit=min(int(limit_bytes), _LARGEST)):
            for number, found in _numbered(read_blob(blob, columns=columns)):
                yield blob, number, found


def _numbered(found: Iterator[Record | Reject]) -> Iterator[tuple[int | None, Record | Reject]]:
    """Count what a file holds from 1 on; one thing alone has no number."""
    first, second = next(found), next(found, None)
    if second is None:
        yield None, first
    else:
        yield from enumerate(chain([first, second], found), 1)


def _root(path: Any) -> Path:  # noqa: ANN401  (this is where it is found out)
    """Return a path that exists."""
    if not isinstance(path, str | PathLike) or not fspath(path):
        raise ValueError(f"path is {path!r}: give the name of a file, a folder or an archive, or a list of such names")
    root = Path(fspath(path)).expanduser()
    if not os.path.exists(root):  # noqa: PTH110  (Path.exists raises an error where a name is too long)
        shown = repr(str(root)[:200])  # an article given in place of its path is not repeated
        raise FileNotFoundError(f"nothing at {shown}: give a file, a folder or an archive that exists")
    return root


def _tables(found: Iterable[_Found], given: Counter[str]) -> Loaded:
    """Return the three tables of what has been found."""
    articles, rejects, removed = [], [], []
    for blob, number, one in found:
        if isinstance(one, Reject):
            rejects.append({"path": blob.path, "member": blob.member, "line": one.line, "reason": one.reason})
        else:
            name = blob.name.as_posix() if number is None else f"{blob.name.as_posix()}#{number}"
            doc_id = number_repeated(_writable(one.own_id or name), given)
            articles.append(_row(doc_id, blob, one))
            removed += [{"doc_id": doc_id, "reason": cut.reason, "text": cut.text} for cut in one.cuts]
    return Loaded(_table(articles, _ARTICLES), _table(rejects, _REJECTS), _table(removed, _REMOVED))


def _table(rows: list[dict[str, Any]], types: dict[str, str]) -> pd.DataFrame:
    """Return a table of rows, with columns of these types and whatever else the rows hold."""
    written = [{name: _writable(value) for name, value in row.items()} for row in rows]
    return pd.DataFrame(written, columns=None if written else list(types)).astype(types)


def _row(doc_id: str, blob: Blob, record: Record) -> dict[str, Any]:
    """Return the row of an article."""
    head = [part for part in (record.title, *record.subtitles) if part]
    text = "\n\n".join([*head, *record.body])
    own = {name: getattr(record, name, None) for name in ARTICLE_COLUMNS}
    made = {
        "doc_id": doc_id,
        "date": record.when and record.when.date,
        "date_precision": record.when and record.when.precision,
        "language": record.language or detect_language(text),
        "text": text,
        "body_start": len(_writable("\n\n".join([*head, ""] if record.body else head))),
        "path": blob.path,
        "encoding": blob.encoding,
    }
    return own | made | {_writable(name): value for name, value in record.extras.items()}


def _writable(value: Any) -> Any:  # noqa: ANN401  (extras hold whatever their table holds)
    """Spell out what no file can hold: halves of surrogate pairs, from names in old encodings and from broken JSON."""
    if not isinstance(value, str) or value.isascii():
        return value
    return value.encode("utf-8", "backslashreplace").decode("utf-8")
