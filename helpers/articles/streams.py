"""Corpora larger than memory or one processor: to Parquet in parts and back, and coded in parts side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from os import PathLike
from pathlib import Path

import pandas as pd

from helpers.articles.load import LIMIT_BYTES, PART, Loaded, Paths, read_parts


def save_articles(
    path: Paths,
    folder: str | PathLike[str],
    *,
    columns: Mapping[str, str] | None = None,
    limit_bytes: int = LIMIT_BYTES,
    progress: bool = False,
) -> pd.Series[int]:
    r"""Read articles as :func:`load_articles` does, and write them to Parquet in parts of 5,000 records.

    Memory holds one part at a time, whatever the size of the corpus; CSV and JSON lines are read line by line.

    Parameters
    ----------
    path, columns, limit_bytes
        As for :func:`load_articles`.
    folder : path
        Where to write; made if need be. Part n is ``articles-n.parquet``, ``rejects-n.parquet``, ``removed-n.parquet``.
    progress : bool
        Show a progress bar (on the error stream).

    Returns
    -------
    Series
        Rows written, int64: ``articles``, ``rejects``, ``removed``.

    Raises
    ------
    FileExistsError
        If `folder` holds parts already: they would be mixed.
    FileNotFoundError, ValueError
        As for :func:`load_articles`.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as name:
    ...     folder = Path(name)
    ...     _ = (folder / "rows.csv").write_text("id,text\n1,The road is open.\n2,The road is shut.\n")
    ...     saved = save_articles(folder / "rows.csv", folder / "parts")
    ...     ids = [part.articles["doc_id"].tolist() for part in open_articles(folder / "parts")]
    >>> int(saved["articles"]), ids
    (2, [['1', '2']])
    """
    target = Path(folder)
    if any(target.glob("articles-*.parquet")):
        raise FileExistsError(f"{str(target)!r} holds saved articles already: give an empty folder")
    counts = pd.Series(0, index=list(Loaded._fields), dtype="int64")
    parts = read_parts(path, columns=columns, limit_bytes=limit_bytes, size=PART, progress=progress)
    for part, loaded in enumerate(parts):
        target.mkdir(parents=True, exist_ok=True)
        for name, table in zip(Loaded._fields, loaded, strict=True):
            # A column of the source may hold numbers in one row and words in the next; Parquet wants one kind.
            mixed = [column for column in table if table[column].dtype == object]
            plain = table.assign(**{str(column): table[column].map(str, na_action="ignore") for column in mixed})
            plain.to_parquet(target / f"{name}-{part:05d}.parquet", index=False)
            counts[name] += len(table)
    return counts


def open_articles(folder: str | PathLike[str]) -> Iterator[Loaded]:
    """Yield the parts that :func:`save_articles` wrote, each with the three tables of :func:`load_articles`.

    Parameters
    ----------
    folder : path
        The folder given to :func:`save_articles`.

    Yields
    ------
    Loaded
        The tables of one part; ids are unique over all parts.

    Raises
    ------
    FileNotFoundError
        If `folder` holds no part.
    """
    parts = sorted(Path(folder).glob("articles-*.parquet"))
    if not parts:
        raise FileNotFoundError(f"no saved articles in {str(folder)!r}: write them with save_articles")
    for part in parts:
        names = [part.with_name(part.name.replace("articles", table, 1)) for table in Loaded._fields]
        yield Loaded(*(pd.read_parquet(name) for name in names))


def map_rows(
    function: Callable[[pd.DataFrame], pd.DataFrame], table: pd.DataFrame, *, size: int = 500, n_jobs: int | None = None
) -> pd.DataFrame:
    """Apply a verb to a table in parts, side by side where joblib has workers, with the rows of one call.

    It is for verbs that look at one article or one statement at a time: `extract_statements`, `speech_statements`,
    `code_stance`, `code_frames`. Counting terms and fitting topics look at the whole collection, so not for them.

    Parameters
    ----------
    function : callable
        Takes a table and gives a table. Choices go in with ``functools.partial(code_frames, coder=...)``.
    table : DataFrame
    size : int
        Rows in a part.
    n_jobs : int, optional
        Worker processes; -1 for one a core. By default what ``joblib.parallel_config`` says, such as an existing Dask
        cluster, and one process where it says nothing.

    Returns
    -------
    DataFrame
        The rows of ``function(table)``, in that order, numbered from 0.

    Raises
    ------
    ValueError
        If `size` is below 1.

    Examples
    --------
    >>> from helpers.coding.frames import code_frames
    >>> said = pd.DataFrame({"statement_id": ["a", "b"], "content": ["A grave threat.", "War threatens us all."]})
    >>> map_rows(code_frames, said, size=1).equals(code_frames(said))
    True
    """
    from joblib import Parallel, delayed

    if size < 1:
        raise ValueError(f"size is {size}: a part has 1 row or more")
    parts = [table.iloc[start : start + size] for start in range(0, len(table), size)] or [table]
    done: list[pd.DataFrame] = Parallel(n_jobs=n_jobs)(delayed(function)(part) for part in parts)
    return pd.concat(done, ignore_index=True)
