"""Reader: statements in, and out what one small language model says of each: roles of words, kinds of harm, signs."""

from __future__ import annotations

import functools
import hashlib
import json
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from helpers.codebook.load import load_stopwords
from helpers.coding.word_pieces import CLOSES, OPENS, cut
from helpers.paths import MODELS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd

    from helpers.coding.word_pieces import Piece

Floats = np.ndarray[Any, np.dtype[np.float32]]

SHIPPED = MODELS / "reader.onnx"
LONGEST = 192  # pieces read at once, with who speaks: longer than all but two of the coded statements
_STEP = 120  # a longer statement is read again from so many pieces further on
_FAINT = 0.1  # what is tagged with less is forgotten
_KEPT = 30_000  # statements remembered, so that stance and frames of a corpus take one reading
_ON_CARD = {"name", "outputs", "tags", "thresholds", "states", "tagged_share"}
NO_PLACE = (-1, -1)


@dataclass(frozen=True, eq=False)
class Reader:
    """A fitted reader, loaded: about 60 MB of memory.

    Attributes
    ----------
    card : mapping
        Name, data, licence; ``outputs``, what it says of a whole statement (``threat.1``, ``types.terrorism``,
        ``stance.iran.for``); ``tags``, what it says of each word (``agents.taliban``, ``stance.iran``);
        ``thresholds`` by kind of text and slot; ``tagged_share``, the share of the tags in a decision that both
        make; ``states``, names of States by ISO 3166-1 alpha-3 code.
    session : onnxruntime.InferenceSession
    pieces : mapping
        Piece of a word to its number.
    """

    card: Mapping[str, Any]
    session: Any
    pieces: Mapping[str, int]

    @property
    def name(self) -> str:
        """The name on the card."""
        return str(self.card["name"])


class Told(NamedTuple):
    """What the reader is told before a statement.

    Attributes
    ----------
    reported : bool
        Whether news report the statement, or it is part of a speech.
    who, country, cue : str
        Who speaks, the ISO 3166-1 alpha-3 code of the speaker's State, the words of the cue; empty where not known.
    """

    reported: bool
    who: str = ""
    country: str = ""
    cue: str = ""


class Role(NamedTuple):
    """Words with a role: slot and value, half-open offsets in the content, and how sure the tag is."""

    slot: str
    value: str
    start: int
    end: int
    score: float


class Sign(NamedTuple):
    """The stance toward what a word names: half-open offsets in the content, and three probabilities."""

    start: int
    end: int
    against: float
    neither: float
    for_: float


class Reading(NamedTuple):
    """What the reader says of one statement.

    Attributes
    ----------
    says : dict
        Each output of the whole statement to its probability.
    roles : tuple of Role
        Tagged words, in order.
    signs : tuple of Sign
        One per word of the content.
    words : dict
        Output to the words that told most for it, ``(start, end, what they add)``; offsets of -1 stand for the cue.
    """

    says: dict[str, float]
    roles: tuple[Role, ...]
    signs: tuple[Sign, ...]
    words: dict[str, tuple[int, int, float]]


def load_reader(path: str | Path | None = None) -> Reader:
    """Load a reader; the shipped one is loaded once while Python runs.

    Parameters
    ----------
    path : path, optional
        An ``.onnx`` file with its card and vocabulary inside. Default: the shipped one, whose SHA-256 is compared
        with the one in ``data/models/reader.json``.

    Returns
    -------
    Reader

    Raises
    ------
    ImportError
        If onnxruntime is not installed.
    FileNotFoundError
        If there is no such file.
    ValueError
        If the file is no reader, or the shipped one was changed.

    Examples
    --------
    >>> load_reader().card["base"].partition(" ")[0]
    'all-MiniLM-L6-v2'
    """
    return _load(SHIPPED if path is None else Path(path))


@functools.lru_cache(maxsize=2)
def _load(path: Path) -> Reader:
    import onnxruntime

    if not path.is_file():
        message = f"no reader at {path.name!r}: give an .onnx file, or nothing for the shipped one"
        raise FileNotFoundError(message)
    content = path.read_bytes()
    if path == SHIPPED:
        expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))["sha256"]
        if hashlib.sha256(content).hexdigest() != expected:
            message = f"{path.name} is not the file that its card names: get it again with the project"
            raise ValueError(message)
    options = onnxruntime.SessionOptions()
    # One thread: workers run side by side, and sums come out the same on every machine.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    try:
        session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        inside = session.get_modelmeta().custom_metadata_map
        card, pieces = json.loads(inside["card"]), inside["pieces"].split("\n")
    except Exception as error:  # onnxruntime has a class of its own for each way a file can be wrong
        message = f"{path.name!r} is not a reader ({str(error)[:80]}): give an .onnx file with its card inside"
        raise ValueError(message) from error
    if lacking := sorted(_ON_CARD - card.keys()):
        message = f"the card in {path.name!r} lacks {lacking}: it was not made by tests/benchmarks/reader.py"
        raise ValueError(message)
    return Reader(card, session, {piece: number for number, piece in enumerate(pieces)})


def tell(statements: pd.DataFrame) -> list[Told]:
    """Gather what a reader is told of each statement from the columns that are there.

    Parameters
    ----------
    statements : DataFrame
        Used where present: ``kind`` (``speech`` for speeches), ``speaker`` and ``speaker_name`` (the longer one says
        more), ``speaker_country``, ``cue``. Without ``kind`` a table with ``speaker_country`` is taken for speeches.

    Returns
    -------
    list of Told
        One per row.
    """
    kinds = _strings(statements, "kind")
    names = zip(_strings(statements, "speaker"), _strings(statements, "speaker_name"), strict=True)
    who = [max(pair, key=len) for pair in names]
    default = "speech" if "speaker_country" in statements and "kind" not in statements else "reported"
    rows = zip(kinds, who, _strings(statements, "speaker_country"), _strings(statements, "cue"), strict=True)
    return [Told((kind or default) != "speech", *words) for kind, *words in rows]


def _strings(table: pd.DataFrame, name: str) -> list[str]:
    if name not in table:
        return [""] * len(table)
    return [value if isinstance(value, str) else "" for value in table[name].tolist()]


def read(reader: Reader, content: str, told: Told) -> Reading:
    """Read one statement; a statement that was read before is remembered.

    Parameters
    ----------
    reader : Reader
    content : str
    told : Told

    Returns
    -------
    Reading
        Each statement is read by itself, so what is said of it does not depend on its neighbours in a table.

    Raises
    ------
    ValueError
        If the model gives numbers that are no probabilities: its file is damaged.

    Examples
    --------
    >>> reading = read(load_reader(), "Terrorism is a threat to the whole region.", Told(reported=False))
    >>> [(role.slot, role.value) for role in reading.roles if role.score > 0.5 and role.slot == "referents"]
    [('referents', 'region')]
    """
    return _read(reader, content, told)


@functools.lru_cache(maxsize=_KEPT)
def _read(reader: Reader, content: str, told: Told) -> Reading:
    lead, cue = _lead(reader, told)
    pieces = cut(content, reader.pieces)
    parts = [_run(reader, content, lead, cue, some) for some in _windows(pieces, LONGEST - 3 - len(lead))]
    return parts[0] if len(parts) == 1 else _joined(parts)


def _lead(reader: Reader, told: Told) -> tuple[list[int], range]:
    """Say who speaks, in pieces, and which of them are the cue."""
    state = reader.card["states"].get(told.country, "")
    before = f"news | {told.who} | {state} | " if told.reported else f"speech | {state} |"
    after = f"{told.cue} |" if told.reported else ""
    first, rest = ([piece.number for piece in cut(text, reader.pieces)] for text in (before, after))
    first = first[: LONGEST // 2]  # a speaker of a hundred words leaves room for what is said
    return [*first, *rest], range(len(first), len(first) + max(len(rest) - 1, 0))


def _windows(pieces: Sequence[Piece], room: int) -> Iterator[Sequence[Piece]]:
    for start in range(0, max(1, len(pieces) - room + _STEP), _STEP):
        yield pieces[start : start + room]


def _run(reader: Reader, content: str, lead: Sequence[int], cue: range, pieces: Sequence[Piece]) -> Reading:
    says, tags, signs, adds = reader.session.run(["says", "tags", "signs", "adds"], _numbers(reader, lead, pieces))
    if not np.isfinite(says).all():
        message = "the reader gives numbers that are no probabilities: its file is damaged, get it again"
        raise ValueError(message)
    first, words = 2 + len(lead), _words(pieces)
    outputs, inside = reader.card["outputs"], slice(first, first + len(pieces))
    places = [(pieces[at].start, pieces[at].end) for at in words]
    if places:
        each = np.diff([*words, len(pieces)])[:, None]
        tags = np.maximum.reduceat(tags[inside], words)
        signs = np.add.reduceat(signs[inside], words) / each
        told_by = np.add.reduceat(adds[inside], words)
    else:
        tags, signs, told_by = tags[:0], signs[:0], adds[:0]
    roles = tuple(_roles(reader.card["tags"], places, tags)) if places else ()
    able = [at for at, (start, end) in enumerate(places) if not is_function_word(content[start:end])]
    shares = np.vstack([told_by[able], adds[[at + 1 for at in cue]].sum(axis=0)])
    return Reading(
        dict(zip(outputs, map(float, says), strict=True)),
        tuple(role for role in roles if any(role.start <= places[at][0] < role.end for at in able)),
        tuple(Sign(*place, *row) for place, row in zip(places, signs.tolist(), strict=True)),
        _telling(outputs, says, [*(places[at] for at in able), NO_PLACE], shares),
    )


def _numbers(reader: Reader, lead: Sequence[int], pieces: Sequence[Piece]) -> dict[str, Any]:
    """Put who speaks and what is said in the form that the model takes."""
    opens, closes = reader.pieces[OPENS], reader.pieces[CLOSES]
    numbers = [opens, *lead, closes, *(piece.number for piece in pieces), closes]
    return {"pieces": np.array([numbers], dtype=np.int64)}


def _words(pieces: Sequence[Piece]) -> list[int]:
    """Return where each word begins among the pieces."""
    return [at for at, piece in enumerate(pieces) if not at or piece.start != pieces[at - 1].start]


def is_function_word(word: str) -> bool:
    """Tell words that mean nothing alone, and marks: "the", "who", "," - but not "US"."""
    shouted = len(word) > 1 and word.isupper()
    return not any(letter.isalnum() for letter in word) or (word.lower() in _function_words() and not shouted)


@functools.cache
def _function_words() -> frozenset[str]:
    return load_stopwords()


def _roles(names: Sequence[str], places: Sequence[tuple[int, int]], tags: Floats) -> Iterator[Role]:
    """Join neighbouring words with the same tag; words less than half as sure as the surest are left out."""
    most = tags.max(axis=0)
    for column in map(int, np.flatnonzero(most > _FAINT)):
        slot, _, value = names[column].partition(".")
        limit = max(_FAINT, float(most[column]) / 2)
        held: list[int] = []
        for at in [*np.flatnonzero(tags[:, column] >= limit), len(places)]:
            if held and (at == len(places) or places[at][0] - places[held[-1]][1] > 1):
                yield Role(slot, value, places[held[0]][0], places[held[-1]][1], float(tags[held, column].max()))
                held = []
            held.append(int(at))


def _telling(
    outputs: Sequence[str], says: Floats, places: Sequence[tuple[int, int]], shares: Floats
) -> dict[str, tuple[int, int, float]]:
    """Find the word that tells most for each output that is not improbable; the last place is that of the cue.

    Only a stance may rest on the cue ("denounced"): what is a threat and what is to be done is in the content.
    """
    found = {}
    for column in map(int, np.flatnonzero(says > _FAINT)):
        adds = shares[:, column] if outputs[column].startswith("stance.") else shares[:-1, column]
        if len(adds):
            best = int(adds.argmax())
            found[outputs[column]] = (*places[best], round(float(adds[best]), 2))
    return found


def _joined(parts: Sequence[Reading]) -> Reading:
    """Take each output of a long statement from the part that says it most."""
    chosen = {name: max(parts, key=lambda part: part.says[name]) for name in parts[0].says}
    roles = {role[:4]: role for part in parts for role in sorted(part.roles, key=lambda role: role.score)}
    signs = {sign[:2]: sign for part in parts for sign in part.signs}
    return Reading(
        {name: part.says[name] for name, part in chosen.items()},
        tuple(sorted(roles.values(), key=lambda role: (role.start, role.end, role.slot, role.value))),
        tuple(sorted(signs.values())),
        {name: part.words[name] for name, part in chosen.items() if name in part.words},
    )


def limits_of(reader: Reader, told: Told) -> Mapping[str, float]:
    """Return the thresholds of a reader for the kind of text that a statement is from."""
    limits: Mapping[str, float] = reader.card["thresholds"]["news" if told.reported else "speech"]
    return limits


def states_of(reader: Reader, content: str, told: Told) -> tuple[list[tuple[int, int]], Floats]:
    """Return what the reader makes of each word: its vector in the last layer, from which own variables are learned.

    Parameters
    ----------
    reader : Reader
    content : str
    told : Told

    Returns
    -------
    places : list of tuple of int
        Half-open offsets of the words; those beyond the first part of a very long statement are left out.
    states : array of float32, shape (words, 384)
    """
    lead, _ = _lead(reader, told)
    pieces = cut(content, reader.pieces)[: LONGEST - 3 - len(lead)]
    (states,) = reader.session.run(["states"], _numbers(reader, lead, pieces))
    words, first = _words(pieces), 2 + len(lead)
    inside: Floats = states[first : first + len(pieces)]
    if not words:
        return [], inside
    each = np.diff([*words, len(pieces)])[:, None]
    return [(pieces[at].start, pieces[at].end) for at in words], np.add.reduceat(inside, words) / each


def choose_reader(coder: object) -> Reader | None:
    """Return the reader that an argument `coder` stands for, or nothing where the rules shall code.

    Raises
    ------
    ValueError
        If `coder` is neither ``"reader"`` nor ``"rules"`` nor a Reader.
    """
    if isinstance(coder, Reader):
        return coder
    if coder not in ("reader", "rules"):
        message = f"coder is {coder!r}: give 'reader', 'rules', or what load_reader, fit_coder or load_coder returned"
        raise ValueError(message)
    if coder == "reader":
        try:
            return load_reader()
        except ImportError:
            message = "onnxruntime is not installed: the rules of the codebook code instead (pip install onnxruntime)"
            warnings.warn(message, UserWarning, stacklevel=3)
    return None
