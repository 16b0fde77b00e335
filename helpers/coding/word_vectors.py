"""Word vectors of one's own corpus: words that keep the same company get similar numbers, so a coder can tell kin."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

_WORD = re.compile(r"[a-z]+(?:['’][a-z]+)*")
_PLACED = re.compile(_WORD.pattern, re.IGNORECASE)
_LEAST = 15  # a word seen less often has no company to speak of
_WINDOW = 5
_FLATTEN = 0.75  # usual smoothing of how common the neighbours are


@dataclass(frozen=True)
class WordVectors:
    """Vectors of unit length.

    Attributes
    ----------
    rows : mapping
        Word in lower case to its row.
    table : array
        One row a word.
    """

    rows: Mapping[str, int]
    table: Floats

    def mean(self, words: Sequence[str], weights: Sequence[float] | None = None) -> Floats:
        """Return the mean direction of some words, zeros where none is known."""
        known = [(self.rows[w], 1.0 if weights is None else weights[i]) for i, w in enumerate(words) if w in self.rows]
        if not known:
            return np.zeros(self.table.shape[1])
        at, size = zip(*known, strict=True)
        total: Floats = np.array(size) @ self.table[list(at)]
        length = float(np.linalg.norm(total))
        return total / length if length else total

    def placed(self, text: str) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return where each word of a text starts, and its row, -1 where it has no vector."""
        found = [(word.start(), self.rows.get(word.group().lower(), -1)) for word in _PLACED.finditer(text)]
        starts, rows = np.array(found, dtype=np.int64).reshape(-1, 2).T
        return starts, rows

    def rarity(self, words: Sequence[str]) -> list[float]:
        """Return a weight a word, larger the rarer it is; rows stand in the order of frequency."""
        return [math.log(2 + self.rows.get(word, 0)) for word in words]


def words_in(text: str) -> list[str]:
    """Return the words of a text as the vectors know them: lower case, hyphens apart.

    Examples
    --------
    >>> words_in("Counter-terrorism in 2001")
    ['counter', 'terrorism', 'in']
    """
    return _WORD.findall(text.lower())


def fit_word_vectors(texts: Iterable[str], *, size: int = 50, most: int = 12_000, seed: int = 0) -> WordVectors:
    """Learn vectors from raw text: positive pointwise mutual information in a window, reduced to a few numbers.

    The reduction is a singular value decomposition (Levy and Goldberg, 2014, "Neural word embedding as implicit matrix
    factorization").

    Parameters
    ----------
    texts : iterable of str
    size : int
        Numbers a word.
    most : int
        At most so many words, the most frequent; words seen fewer than 15 times have no vector.
    seed : int

    Returns
    -------
    WordVectors

    Raises
    ------
    ValueError
        If there are too few words for the size.
    """
    from scipy.sparse import coo_matrix, csr_matrix
    from sklearn.utils.extmath import randomized_svd

    documents = [words_in(text) for text in texts]
    counts = Counter(word for words in documents for word in words)
    kept = sorted((w for w, n in counts.items() if n >= _LEAST), key=lambda w: (-counts[w], w))[:most]
    if len(kept) <= size:
        message = f"only {len(kept)} words are seen {_LEAST} times or more: too few for vectors of {size} numbers"
        raise ValueError(message)
    rows = {word: i for i, word in enumerate(kept)}
    apart = [-1] * _WINDOW
    ids = np.array([i for words in documents for i in [*(rows.get(w, -1) for w in words), *apart]])
    shape = (len(kept), len(kept))
    near = csr_matrix(shape)
    for step in range(1, _WINDOW + 1):
        left, right = ids[:-step], ids[step:]
        both = (left >= 0) & (right >= 0)
        pairs = coo_matrix((np.full(int(both.sum()), 1.0 / step), (left[both], right[both])), shape=shape).tocsr()
        near = near + pairs + pairs.T
    total = np.asarray(near.sum(axis=1)).ravel()
    common = total**_FLATTEN
    common /= common.sum()
    cells = near.tocoo()
    value = np.log(cells.data / total[cells.row] / common[cells.col])
    told = value > 0
    table = csr_matrix((value[told], (cells.row[told], cells.col[told])), shape=shape)
    left_vectors, strength, _ = randomized_svd(table, size, n_iter=3, random_state=seed)
    vectors = left_vectors * np.sqrt(strength)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return WordVectors(rows, vectors)
