"""A small language model that reads whole statements beside the fitted coders: slower, and closer to hand codes."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from helpers.coding.frames import IF_THREAT
from helpers.coding.layers import Layer, Network, run
from helpers.coding.model_files import read_arrays, to_bytes, write_model
from helpers.coding.word_pieces import CLOSES, OPENS, cut
from helpers.paths import MODELS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from helpers.coding.layers import Floats, Numbers
    from helpers.coding.word_pieces import Piece

LONGEST = 160  # pieces read at once with all marks: more than all but two of the coded statements have
_STEP = 100  # a longer statement is read again from so many pieces further on
_AT_ONCE = 8  # texts that go through the layers together: with more the numbers leave the cache of the processor
_TABLES = ("table", "places", "queries", "values", "opening")
_MATRICES = ("attention", "attended", "inner", "outer")
_WITH_BIAS = ("opening", *_MATRICES)
_IN_FILE = (
    *("outputs", "pieces", "heads", "scales", "layer_scales"),
    *(name + end for name in (*_TABLES, *_MATRICES) for end in ("", "_steps")),
    *(f"{name}_bias" for name in _WITH_BIAS),
)
_ON_CARD = {"name", "share", "thresholds", "states", "beside"}


@dataclass(frozen=True)
class Encoder:
    """A fitted encoder; the shipped one takes some 90 MB of memory.

    Attributes
    ----------
    card : mapping
        Name, base, what it was fitted on, licence; ``beside``, the names of the coders that it was tuned with, its
        ``share`` in their scores and their ``thresholds`` with it; ``states``, the names of States by ISO 3166-1
        alpha-3 code, as it was told who speaks.
    outputs : tuple of str
        What it answers: ``threat.1``, ``severity.2``, each ``slot.value``, and ``stance.target.polarity``.
    pieces : mapping
        Piece of a word to its row in the network's table.
    network : Network
    """

    card: Mapping[str, Any]
    outputs: tuple[str, ...]
    pieces: Mapping[str, int]
    network: Network


class Part(NamedTuple):
    """As much of a statement as is read at once: its pieces, and what each of them adds to each logit."""

    pieces: Sequence[Piece]
    adds: Floats


class Answer(NamedTuple):
    """What an encoder says of one statement.

    Attributes
    ----------
    logits : array
        One number an output.
    parts : sequence of Part
        One, or several for a long statement.
    chosen : array of int
        For each output the part that its logit is of.
    """

    logits: Floats
    parts: Sequence[Part]
    chosen: Numbers


def read_with(
    encoder: Encoder, contents: Sequence[str], countries: Sequence[str | None], reported: Sequence[bool]
) -> list[Answer]:
    """Let an encoder read statements; some hundred at a time, for what they answer takes memory.

    Parameters
    ----------
    encoder : Encoder
    contents : sequence of str
    countries : sequence of str or None
        ISO 3166-1 alpha-3 code of each speaker's State, where known.
    reported : sequence of bool
        Whether news report it, or it is from a speech.

    Returns
    -------
    list of Answer
        One a statement, in order. A statement of more than some 110 words, longer than all but two that it was fitted
        and measured on, is read in parts that overlap: what belongs to a threat claim is taken from the part that
        claims it most, a stance from the part that has most of the target, another value from the part that has most.

    Examples
    --------
    >>> shipped = load_encoder()
    >>> answer = read_with(shipped, ["Terrorism is a threat to the whole region."], [None], [False])[0]
    >>> bool(answer.logits[shipped.outputs.index("threat.1")] > 0)
    True
    """
    texts = _texts(encoder, contents, countries, reported)
    # Texts of like length together: little is read in vain.
    order = sorted(range(len(texts)), key=lambda at: len(texts[at].numbers))
    read: dict[int, tuple[Floats, Part]] = {}
    for low in range(0, len(order), _AT_ONCE):
        together = order[low : low + _AT_ONCE]
        for at, logits, adds in zip(
            together, *run(encoder.network, [texts[at].numbers for at in together]), strict=True
        ):
            pieces, first = texts[at].pieces, len(texts[at].numbers) - 1 - len(texts[at].pieces)
            read[at] = logits, Part(pieces, adds[first : first + len(pieces)])
    of_statements = groupby(range(len(texts)), key=lambda at: texts[at].statement)
    return [_joined(encoder.outputs, [read[at] for at in some]) for _, some in of_statements]


class _Text(NamedTuple):
    """What the network reads at once: the statement that it is of, its pieces, and their numbers with all marks."""

    statement: int
    pieces: Sequence[Piece]
    numbers: Numbers


def _texts(
    encoder: Encoder, contents: Sequence[str], countries: Sequence[str | None], reported: Sequence[bool]
) -> list[_Text]:
    """Cut statements into pieces, and long ones into parts that overlap."""
    texts = []
    for at, (content, country, in_news) in enumerate(zip(contents, countries, reported, strict=True)):
        lead = cut(who_speaks(encoder.card["states"], country, reported=in_news), encoder.pieces)
        pieces = cut(content, encoder.pieces)
        room = LONGEST - 2 - len(lead)
        for start in range(0, max(1, len(pieces) - room + _STEP), _STEP):
            some = pieces[start : start + room]
            texts.append(_Text(at, some, marked(lead, some, encoder.pieces)))
    return texts


def who_speaks(states: Mapping[str, str], country: str | None, *, reported: bool) -> str:
    """Say who speaks, as the encoder is told in front of a statement: a State, or that it stands in news."""
    return "news |" if reported else f"{states.get(country or '', 'state')} |"


def marked(lead: Sequence[Piece], pieces: Sequence[Piece], vocabulary: Mapping[str, int]) -> Numbers:
    """Return the numbers of a text as the encoder reads it: a mark, who speaks, the statement, a mark."""
    numbers = [piece.number for piece in (*lead, *pieces)]
    return np.array([vocabulary[OPENS], *numbers, vocabulary[CLOSES]])


def _joined(outputs: Sequence[str], read: Sequence[tuple[Floats, Part]]) -> Answer:
    """Take each output from the part that says it strongest, and what belongs together from the same part."""
    logits, parts = np.array([row for row, _ in read]), [part for _, part in read]
    chosen = np.zeros(len(outputs), dtype=np.int64)
    if len(parts) > 1:
        groups = [_group(output) for output in outputs]
        for group in dict.fromkeys(groups):
            columns = [at for at, one in enumerate(groups) if one == group]
            deciding = [at for at in columns if outputs[at] == "threat.1"] or columns
            chosen[columns] = logits[:, deciding].max(axis=1).argmax()
    return Answer(logits[chosen, np.arange(len(outputs))], parts, chosen)


def _group(output: str) -> str:
    """Name what an output belongs to: a claim of threat, the stance toward one target, or itself alone."""
    slot, _, value = output.partition(".")
    if slot in {"threat", "severity", *IF_THREAT}:
        return "threat"
    return f"{slot}.{value.rpartition('.')[0]}" if slot == "stance" else output


def words_that_tell(answer: Answer, column: int, content: str) -> tuple[int, int] | None:
    """Return the half-open place of what tells most of an output: the best word, and neighbours at least half as good.

    Parameters
    ----------
    answer : Answer
        Of the content.
    column : int
        Of the output.
    content : str

    Returns
    -------
    tuple of int or None
        Nothing where no word speaks for the output.

    Examples
    --------
    >>> from helpers.coding.word_pieces import Piece
    >>> pieces = [Piece(7, 0, 3), Piece(8, 4, 8), Piece(9, 9, 13)]
    >>> told = Answer(np.ones(1), [Part(pieces, np.array([[0.1], [1.5], [2.0]]))], np.zeros(1, dtype=int))
    >>> words_that_tell(told, 0, "The bomb fell")
    (4, 13)
    """
    part = answer.parts[answer.chosen[column]]
    adds: dict[tuple[int, int], float] = {}
    for piece, size in zip(part.pieces, part.adds[:, column].tolist(), strict=True):
        if content[piece.start].isalnum():
            adds[piece.start, piece.end] = adds.get((piece.start, piece.end), 0.0) + size
    words, sizes = list(adds), list(adds.values())
    best = max(sizes, default=0.0)
    if best <= 0:
        return None
    first = last = sizes.index(best)
    while first > 0 and sizes[first - 1] >= best / 2:
        first -= 1
    while last + 1 < len(sizes) and sizes[last + 1] >= best / 2:
        last += 1
    return words[first][0], words[last][1]


def name_with(card: Mapping[str, Any], encoder: Encoder | None) -> str:
    """Name a coder, with the encoder that reads beside it.

    Raises
    ------
    ValueError
        If the encoder was not tuned with this coder: its share and its thresholds would be of another one.
    """
    own = str(card["name"])
    if encoder is None:
        return own
    if own not in encoder.card["beside"]:
        message = (
            f"the encoder {encoder.card['name']!r} was tuned beside {encoder.card['beside']}, not beside {own!r}: "
            "use it with one of those, or your coder without it"
        )
        raise ValueError(message)
    return f"{own} with {encoder.card['name']}"


def save_encoder(encoder: Encoder, path: str | Path) -> None:
    """Write an encoder to one ``.npz`` file, its matrices rounded to bytes; nothing in it can run.

    Parameters
    ----------
    encoder : Encoder
    path : path
        Ends in ``.npz``.

    Raises
    ------
    ValueError
        If the path does not end in ``.npz``, or the pieces are not numbered as the rows of the table.
    """
    network = encoder.network
    pieces = sorted(encoder.pieces, key=encoder.pieces.__getitem__)
    if [encoder.pieces[piece] for piece in pieces] != list(range(len(network.table))):
        message = f"{len(pieces)} pieces for {len(network.table)} rows: number them 0, 1, … as the rows of the table"
        raise ValueError(message)
    matrices = {name: getattr(network, name) for name in _TABLES}
    matrices |= {name: np.array([getattr(layer, name) for layer in network.layers]) for name in _MATRICES}
    arrays: dict[str, Any] = {
        "outputs": list(encoder.outputs),
        "pieces": pieces,
        "heads": np.array(network.heads),
        "scales": network.scales,
        "layer_scales": np.array([layer.scales for layer in network.layers]),
    }
    for name, matrix in matrices.items():
        weights = matrix
        if name in _WITH_BIAS:  # a bias may be large: it would make the steps of its row coarse
            weights, arrays[f"{name}_bias"] = matrix[..., :-1], matrix[..., -1]
        arrays[name], arrays[f"{name}_steps"] = to_bytes(weights)
    write_model(path, encoder.card, arrays, vectors=None)


def load_encoder(path: str | Path | None = None) -> Encoder:
    """Read a saved encoder.

    Parameters
    ----------
    path : path, optional
        Default: the encoder shipped with the project, fitted on coded statements of the UN General Debate and of
        Wikinews.

    Returns
    -------
    Encoder

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the file is not a saved encoder, or its card lacks what is needed to use it.

    Examples
    --------
    >>> load_encoder().card["name"]
    'un-news-encoder-1'
    """
    source = MODELS / "encoder.npz" if path is None else path
    card, arrays = read_arrays(source, _IN_FILE, kind="statement encoder")
    if lacking := sorted(_ON_CARD - card.keys()):
        message = f"the card in {str(source)!r} lacks {lacking}: it was not made for reading beside a coder"
        raise ValueError(message)
    matrices: dict[str, Floats] = {}
    for name in (*_TABLES, *_MATRICES):
        weights = arrays[name].astype(np.float32) * arrays[f"{name}_steps"][..., None]
        bias = [arrays[f"{name}_bias"][..., None]] if name in _WITH_BIAS else []
        matrices[name] = np.concatenate([weights, *bias], axis=-1)
    layers = tuple(map(Layer, *(matrices[name] for name in _MATRICES), arrays["layer_scales"]))
    tables = {name: matrices[name] for name in _TABLES}
    network = Network(scales=arrays["scales"], layers=layers, heads=int(arrays["heads"]), **tables)
    return Encoder(card, tuple(arrays["outputs"]), {piece: at for at, piece in enumerate(arrays["pieces"])}, network)
