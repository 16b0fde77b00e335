"""The arithmetic of a small language model of the BERT kind, in numpy."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Sequence

Floats = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int64]

_TINY = np.float32(1e-12)  # as the model was trained
_MASKED = np.float32(-1e4)  # before a softmax: no weight


class Layer(NamedTuple):
    """The weights of one layer; each matrix has one row an output and its bias in the last column.

    Attributes
    ----------
    attention : array
        Queries, keys and values of the attention, below one another.
    attended : array
        What is made of the attention's result.
    inner, outer : array
        The two matrices of the feed-forward part.
    scales : array
        Factor and shift of the normalisation after the attention, then of that after the feed-forward part.
    """

    attention: Floats
    attended: Floats
    inner: Floats
    outer: Floats
    scales: Floats


class Network(NamedTuple):
    """The weights of a model.

    Attributes
    ----------
    table, places : array
        One row a piece of the vocabulary, and one row a place in the text.
    scales : array
        Factor and shift of the normalisation of what is read.
    layers : tuple of Layer
    heads : int
        Parts of each layer's attention.
    queries, values : array
        One row an output: which pieces it looks at, and what it makes of them.
    opening : array
        One row an output: what it makes of the mark before the first piece, with its bias in the last column.
    """

    table: Floats
    places: Floats
    scales: Floats
    layers: tuple[Layer, ...]
    heads: int
    queries: Floats
    values: Floats
    opening: Floats


def run(network: Network, texts: Sequence[Numbers]) -> tuple[Floats, Floats]:
    """Read texts, best of like length, together.

    Parameters
    ----------
    network : Network
    texts : sequence of array
        Numbers of pieces, at least one and no more than the network has places.

    Returns
    -------
    tuple of array
        Logits, one row a text and one column an output; and what each piece adds to each logit, texts x pieces x
        outputs, zeros after the end of a text. The rest of a logit comes from the mark before the first piece.

    Notes
    -----
    Devlin et al. (2019), "BERT: pre-training of deep bidirectional transformers"; an attention for each output:
    Mullenbach et al. (2018), "Explainable prediction of medical codes from clinical text".
    """
    lengths = np.array([len(text) for text in texts])
    longest = int(lengths.max())
    rows = np.zeros((len(texts), longest), dtype=np.int64)
    for at, text in enumerate(texts):
        rows[at, : len(text)] = text
    mask = np.where(np.arange(longest)[None, :] < lengths[:, None], np.float32(0), _MASKED)
    state = _normal(network.table[rows] + network.places[:longest], network.scales)
    for layer in network.layers:
        state = _normal(state + _attend(state, layer, network.heads, mask), layer.scales[:2])
        state = _normal(state + _affine(_gelu(_affine(state, layer.inner)), layer.outer), layer.scales[2:])
    adds = _softmax(state @ network.queries.T + mask[:, :, None], axis=1) * (state @ network.values.T)
    return adds.sum(axis=1) + _affine(state[:, 0], network.opening), adds


def _affine(state: Floats, matrix: Floats) -> Floats:
    """Multiply by a matrix that has its bias in the last column."""
    rows = state.reshape(-1, state.shape[-1])  # one product of large matrices is faster than many of small ones
    result: Floats = (rows @ matrix[:, :-1].T).reshape(*state.shape[:-1], len(matrix))
    result += matrix[:, -1]
    return result


def _attend(state: Floats, layer: Layer, heads: int, mask: Floats) -> Floats:
    """Let each piece look at the others, in several ways at once."""
    texts, longest, size = state.shape
    split = (texts, longest, 3, heads, size // heads)
    queries, keys, values = _affine(state, layer.attention).reshape(split).transpose(2, 0, 3, 1, 4)
    alike = queries @ keys.swapaxes(-1, -2) / np.float32(np.sqrt(size // heads))
    seen = _softmax(alike + mask[:, None, None, :], axis=-1) @ values
    return _affine(seen.transpose(0, 2, 1, 3).reshape(texts, longest, size), layer.attended)


def _normal(state: Floats, scales: Floats) -> Floats:
    """Bring each piece to mean nought and spread one, then to the factor and shift that were learnt."""
    centred = state - state.mean(axis=-1, keepdims=True)
    spread = np.sqrt(np.mean(centred * centred, axis=-1, keepdims=True) + _TINY)
    result: Floats = centred / spread * scales[0] + scales[1]
    return result


def _softmax(state: Floats, axis: int) -> Floats:
    raised = np.exp(state - state.max(axis=axis, keepdims=True))
    result: Floats = raised / raised.sum(axis=axis, keepdims=True)
    return result


def _gelu(state: Floats) -> Floats:
    """Apply the Gaussian error linear unit."""
    from scipy.special import erf

    result: Floats = erf(state * np.float32(np.sqrt(0.5)))
    result += np.float32(1)
    result *= state
    result *= np.float32(0.5)
    return result
