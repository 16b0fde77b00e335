"""Features by name as sparse matrices, and how much each of them tells: what both fitted coders learn from."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy.typing as npt
    from scipy.sparse import csr_matrix

    Floats = npt.NDArray[np.float64]

_FLOOR = 0.05  # no feature is silenced


def vocabulary(rows: Iterable[Iterable[str]], *, least: int) -> dict[str, int]:
    """Give each feature that stands in at least so many rows a column, in the order of their names."""
    counts = Counter(name for row in rows for name in row)
    return {name: at for at, name in enumerate(sorted(name for name, count in counts.items() if count >= least))}


def matrix(rows: Sequence[Mapping[str, float]], names: Mapping[str, int]) -> csr_matrix:
    """Put features with their sizes in a sparse matrix, one column a known name; others are left out."""
    # Sorted: the last digit of a sum depends on the order, and a row may come from a set.
    known = [sorted((names[name], size) for name, size in row.items() if name in names) for row in rows]
    return sparse_rows([[at for at, _ in row] for row in known], [size for row in known for _, size in row], len(names))


def sparse_rows(columns: Sequence[Sequence[int]], sizes: float | Sequence[float], width: int) -> csr_matrix:
    """Make a sparse matrix from the columns of each row, all of one size or of the sizes given in one list."""
    from scipy.sparse import csr_matrix

    ends = np.cumsum([0, *map(len, columns)])
    at = np.fromiter((column for row in columns for column in row), dtype=np.int64, count=int(ends[-1]))
    data = np.full(len(at), sizes) if isinstance(sizes, float) else np.array(sizes, dtype=float)
    return csr_matrix((data, at, ends), shape=(len(columns), width))


def scaled(features: csr_matrix, sizes: Floats) -> csr_matrix:
    """Multiply each column by its size."""
    from scipy import sparse

    return sparse.csr_matrix(features @ sparse.diags(sizes))


def beside(*blocks: csr_matrix | Floats) -> csr_matrix:
    """Put the columns of some matrices side by side."""
    from scipy import sparse

    return sparse.csr_matrix(sparse.hstack([sparse.csr_matrix(block) for block in blocks]))


def telling(features: csr_matrix, answers: npt.NDArray[Any]) -> Floats:
    """Return how much better than others each feature tells one answer from the rest by itself.

    Parameters
    ----------
    features : csr_matrix
        One row an example; a feature is there where it is not zero.
    answers : array
        One answer a row, of at least two.

    Returns
    -------
    array
        One number a feature, about 1: the root of its largest log-count ratio over the answers.
    """
    there = features.astype(bool).astype(float)
    ratio = np.full(features.shape[1], _FLOOR)
    for answer in np.unique(answers):
        yes, no = (np.asarray(there[some].sum(axis=0)).ravel() + 1.0 for some in (answers == answer, answers != answer))
        ratio = np.maximum(ratio, np.abs(np.log(yes / yes.sum()) - np.log(no / no.sum())))
    told: Floats = np.sqrt(ratio / np.sqrt(np.mean(ratio**2)))
    return told
