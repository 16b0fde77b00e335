"""Fitted coders as files: numbers and text in one ``.npz``, with their card; nothing in them can run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from helpers.coding.word_vectors import WordVectors

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.floating[Any]]

LEAST = 0.01  # a weight of a hundredth cannot turn a decision
_STEPS = 127  # vectors are stored as whole numbers of a byte


def write_model(
    path: str | Path, card: Mapping[str, Any], arrays: Mapping[str, Any], *, vectors: WordVectors | None
) -> None:
    """Write a coder's card, arrays and word vectors to one file.

    Parameters
    ----------
    path : path
        Ends in ``.npz``.
    card : mapping
        What JSON can hold.
    arrays : mapping
        Name to array, or to a list of text, which is joined by line ends.
    vectors : WordVectors or None

    Raises
    ------
    ValueError
        If the path does not end in ``.npz``, or a text holds a line end.
    """
    target = Path(path)
    if target.suffix != ".npz":
        message = f"a coder is saved as .npz, not {target.name!r}"
        raise ValueError(message)
    if any("\n" in text for one in arrays.values() if isinstance(one, list) for text in one):
        message = "a text that is saved in a coder holds a line end: texts are kept one a line"
        raise ValueError(message)
    packed: dict[str, Any] = {
        name: np.array("\n".join(one)) if isinstance(one, list) else one for name, one in arrays.items()
    }
    if vectors is not None:
        packed["words"] = np.array("\n".join(vectors.rows))
        packed["vectors"] = np.round(vectors.table * _STEPS).astype(np.int8)
    packed["card"] = np.array(json.dumps(dict(card), ensure_ascii=False))
    np.savez_compressed(target, **packed)


def read_model(
    path: str | Path, needed: Sequence[str], *, kind: str
) -> tuple[dict[str, Any], dict[str, Any], WordVectors | None]:
    """Read what `write_model` wrote: card, arrays (text as lists, numbers as floats) and word vectors.

    Parameters
    ----------
    path : path
    needed : sequence of str
        Arrays that tell this kind of coder from others.
    kind : str
        Its name in an error.

    Returns
    -------
    tuple
        ``card, arrays, vectors``.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the file is not a coder of this kind.
    """
    card, stored = read_arrays(path, needed, kind=kind)
    arrays: dict[str, Any] = {name: one if isinstance(one, list) else one.astype(float) for name, one in stored.items()}
    vectors = None
    if "vectors" in arrays:
        rows = {word: at for at, word in enumerate(arrays.pop("words"))}
        vectors = WordVectors(rows, arrays.pop("vectors") / _STEPS)
    return card, arrays, vectors


def read_arrays(path: str | Path, needed: Sequence[str], *, kind: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Read the card and the arrays of a file as they were stored, text as lists.

    Parameters
    ----------
    path : path
    needed : sequence of str
        Arrays that tell this kind of model from others.
    kind : str
        Its name in an error.

    Returns
    -------
    tuple
        ``card, arrays``.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the file is not of this kind.
    """
    source = Path(path)
    if not source.is_file():
        message = f"no coder at {str(source)!r}: give the .npz file in which a {kind} was saved"
        raise FileNotFoundError(message)
    with np.load(source, allow_pickle=False) as stored:
        if not {"card", *needed} <= set(stored):
            message = f"{source.name!r} is not a {kind}: it holds {sorted(stored)[:5]}"
            raise ValueError(message)
        arrays: dict[str, Any] = {
            name: (str(one).split("\n") if str(one) else []) if one.dtype.kind == "U" else one
            for name, one in stored.items()
        }
    card: dict[str, Any] = json.loads("\n".join(arrays.pop("card")))
    return card, arrays


def to_bytes(matrix: Floats) -> tuple[npt.NDArray[np.int8], Floats]:
    """Round a matrix to whole numbers of a byte, each row (of the last axis) by a step of its own.

    Parameters
    ----------
    matrix : array

    Returns
    -------
    tuple
        Whole numbers from -127 to 127 in the shape of the matrix, and the steps, one a row.

    Examples
    --------
    >>> numbers, steps = to_bytes(np.array([[1.0, -0.5]]))
    >>> numbers.tolist(), (numbers * steps[..., None]).round(2).tolist()
    ([[127, -64]], [[1.0, -0.5]])
    """
    steps = np.maximum(np.abs(matrix).max(axis=-1), 1e-12) / _STEPS
    return np.round(matrix / steps[..., None]).astype(np.int8), steps.astype(np.float32)
