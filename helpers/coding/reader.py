"""Reader: read statements with one small language model: roles of words, kinds of harm, signs of stance."""

from __future__ import annotations

import functools
import hashlib
import json
import re
import warnings
from dataclasses import dataclass
from itertools import groupby
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
_OVERLAP = 60  # pieces that two parts of a longer statement share
_WHO, _CUE = 64, 24  # pieces of the speaker and of the cue that the reader is told at most
_FAINT = 0.1  # tags and outputs with a lower probability are dropped
_KEPT = 20_000  # statements remembered, so that stance and frames of a corpus take one reading
_NEAR = 0.6  # of the surest tag of a value: words with less are no mention of it
_INNER = frozenset("-‐‑–'’.&/")  # marks that stand inside names
_INITIAL = re.compile(r"[A-Z]")
_SHORTENED = frozenset(  # pieces of words such as "isn't"
    {"isn", "aren", "wasn", "weren", "don", "didn", "doesn", "hasn", "haven", "hadn", "won", "wouldn", "couldn"}
    | {"ll", "re", "ve"}
)
_NAMES = frozenset({"US", "WHO"})  # names that are spelled like function words
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
    path : path
        The file it was loaded from.
    digest : str
        SHA-256 of that file.
    """

    card: Mapping[str, Any]
    session: Any
    pieces: Mapping[str, int]
    path: Path
    digest: str

    def __reduce__(self) -> tuple[Any, ...]:
        """Send the path to a worker, not the session: the worker loads the file once."""
        return load_reader, (self.path,)

    @property
    def name(self) -> str:
        """The name on the card."""
        return str(self.card["name"])


class Told(NamedTuple):
    """What the reader knows about a statement besides its words.

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
        Output to the word that contributes most to it, ``(start, end, its contribution to the logit)``; offsets of -1
        stand for the cue.
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
        If the file is no reader or a damaged one, or the shipped one was changed.

    Examples
    --------
    >>> load_reader().card["base"].partition(" ")[0]
    'all-MiniLM-L6-v2'
    """
    return _load(SHIPPED if path is None else Path(path).resolve())


@functools.lru_cache(maxsize=2)
def _load(path: Path) -> Reader:
    import onnxruntime

    if not path.is_file():
        message = f"no reader at {path.name!r}: give an .onnx file, or nothing for the shipped one"
        raise FileNotFoundError(message)
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    if path == SHIPPED:
        expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))["sha256"]
        if digest != expected:
            message = f"{path.name} is not the file that its card names: get it again with the project"
            raise ValueError(message)
    options = onnxruntime.SessionOptions()
    # One thread: workers run side by side, and sums do not depend on the number of cores.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    try:
        session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        inside = session.get_modelmeta().custom_metadata_map
        card, pieces = json.loads(inside["card"]), inside["pieces"].split("\n")
        if lacking := sorted(_ON_CARD - card.keys()):
            raise KeyError(f"its card lacks {lacking}")
        reader = Reader(card, session, {piece: number for number, piece in enumerate(pieces)}, path, digest)
        read(reader, "Terrorism is a threat.", Told(reported=True))  # what is damaged shows here
    except Exception as error:  # onnxruntime has a class of its own for each way a file can be wrong
        message = f"{path.name!r} is not a reader ({str(error)[:80]}): give an .onnx file with its card inside"
        raise ValueError(message) from error
    return reader


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
    kinds = strings(statements, "kind")
    names = zip(strings(statements, "speaker"), strings(statements, "speaker_name"), strict=True)
    who = [max(pair, key=len) for pair in names]
    default = "speech" if "speaker_country" in statements and "kind" not in statements else "reported"
    rows = zip(kinds, who, strings(statements, "speaker_country"), strings(statements, "cue"), strict=True)
    return [Told((kind or default) != "speech", *words) for kind, *words in rows]


def strings(table: pd.DataFrame, name: str) -> list[str]:
    """Return a column as strings, empty where it has no string or where there is no such column."""
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
        If the model gives numbers that are no probabilities: the file, which is named, is damaged.

    Examples
    --------
    >>> reading = read(load_reader(), "Terrorism is a threat to the whole region.", Told(reported=False))
    >>> [(role.slot, role.value) for role in reading.roles if role.score > 0.5 and role.slot == "referents"]
    [('referents', 'region')]
    """
    says, roles, signs, words = _read(reader, content, told)
    places = signs[:, :2].astype(int).tolist()
    return Reading(
        dict(zip(reader.card["outputs"], says.tolist(), strict=True)),
        roles,
        tuple(Sign(*place, *row) for place, row in zip(places, signs[:, 2:].tolist(), strict=True)),
        dict(words),
    )


class _Packed(NamedTuple):
    """A reading as it is remembered: a few kilobytes."""

    says: Floats
    roles: tuple[Role, ...]
    signs: Floats
    words: tuple[tuple[str, tuple[int, int, float]], ...]


@functools.lru_cache(maxsize=_KEPT)
def _read(reader: Reader, content: str, told: Told) -> _Packed:
    lead, cue = lead_of(reader, told)
    pieces = cut(content, reader.pieces)
    room = LONGEST - 3 - len(lead)
    starts = range(0, max(1, len(pieces) - _OVERLAP), room - _OVERLAP)
    parts = [_run(reader, content, lead, cue, pieces[start : start + room]) for start in starts]
    return parts[0] if len(parts) == 1 else _joined(parts)


def lead_of(reader: Reader, told: Told) -> tuple[list[int], range]:
    """Return in pieces who speaks, as the reader is told it before the statement, and which of them are the cue."""

    def numbers(text: str, most: int = LONGEST) -> list[int]:
        return [piece.number for piece in cut(text, reader.pieces)[:most]]

    state = reader.card["states"].get(told.country, "")
    if not told.reported:
        return numbers(f"speech | {state} |"), range(0)
    first = [*numbers("news |"), *numbers(told.who, _WHO), *numbers(f"| {state} |")]
    cue = numbers(told.cue, _CUE)
    return [*first, *cue, *numbers("|")], range(len(first), len(first) + len(cue))


def _answers(reader: Reader, names: list[str], lead: Sequence[int], pieces: Sequence[Piece]) -> list[Floats]:
    """Let the model answer for who speaks and what is said."""
    opens, closes = reader.pieces[OPENS], reader.pieces[CLOSES]
    numbers = [opens, *lead, closes, *(piece.number for piece in pieces), closes]
    answers: list[Floats] = reader.session.run(names, {"pieces": np.array([numbers], dtype=np.int64)})
    if not all(np.isfinite(array).all() for array in answers):
        message = f"{reader.path.name!r} gives numbers that are no probabilities: it is damaged, get it again"
        raise ValueError(message)
    return answers


def _run(reader: Reader, content: str, lead: Sequence[int], cue: range, pieces: Sequence[Piece]) -> _Packed:
    says, tags, signs, adds = _answers(reader, ["says", "tags", "signs", "adds"], lead, pieces)
    outputs, words = reader.card["outputs"], _words(pieces)
    if not words:
        return _Packed(says, (), np.zeros((0, 5), dtype=np.float32), ())
    inside = slice(2 + len(lead), 2 + len(lead) + len(pieces))
    places = [(pieces[at].start, pieces[at].end) for at in words]
    able = [at for at, (start, end) in enumerate(places) if not is_function_word(content[start:end])]
    roles = _roles(reader.card["tags"], content, places, np.maximum.reduceat(tags[inside], words))
    shares = np.add.reduceat(adds[inside], words)[able]
    in_cue = adds[[at + 1 for at in cue]].sum(axis=0)
    told = _telling(outputs, says, [*(places[at] for at in able), NO_PLACE], np.vstack([shares, in_cue]))
    return _Packed(
        says,
        tuple(roles),
        np.hstack([np.array(places, dtype=np.float32), _means(signs[inside], words)]),
        tuple(told.items()),
    )


def _means(rows: Floats, words: Sequence[int]) -> Floats:
    """Return the mean over the pieces of each word."""
    means: Floats = np.add.reduceat(rows, words) / np.diff([*words, len(rows)])[:, None]
    return means.astype(np.float32)


def _words(pieces: Sequence[Piece]) -> list[int]:
    """Return where each word begins among the pieces."""
    return [at for at, piece in enumerate(pieces) if not at or piece.start != pieces[at - 1].start]


def is_function_word(word: str) -> bool:
    """Return whether a word is a function word, a single small letter or a mark; "US" and "WHO" are names."""
    if word in _NAMES:
        return False
    letter = len(word) == 1 and (not word.isupper() or word in "AI")  # the letters of "U.S." are a name
    return letter or word.lower() in _function_words() or not any(map(str.isalnum, word))


@functools.cache
def _function_words() -> frozenset[str]:
    return load_stopwords() | _SHORTENED


def _roles(names: Sequence[str], content: str, places: Sequence[tuple[int, int]], tags: Floats) -> Iterator[Role]:
    """Join neighbouring words with the same tag; words much less sure than the surest are left out.

    A role ends at a comma or a bracket, and has no function word or mark at its edges.
    """
    words = [content[start:end] for start, end in places]
    able = [not is_function_word(word) for word in words]
    inner = [word[0].isalnum() or word in _INNER for word in words]
    most = tags.max(axis=0)
    for column in map(int, np.flatnonzero(most > _FAINT)):
        slot, _, value = names[column].partition(".")
        sure = tags[:, column] >= max(_FAINT, _NEAR * float(most[column]))
        for run in _runs([at for at in map(int, np.flatnonzero(sure)) if inner[at]]):
            whole = [at for at in run if able[at]]
            if whole:
                start, end = places[whole[0]][0], places[whole[-1]][1]
                if _INITIAL.fullmatch(words[whole[-1]]) and content[end : end + 1] == ".":  # of "U.S."
                    end += 1
                yield Role(slot, value, start, end, float(tags[run, column].max()))


def _runs(numbers: Sequence[int]) -> Iterator[list[int]]:
    """Group numbers that follow one another."""
    for _, group in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        yield [number for _, number in group]


def _telling(
    outputs: Sequence[str], says: Floats, places: Sequence[tuple[int, int]], shares: Floats
) -> dict[str, tuple[int, int, float]]:
    """Find the word that tells most for each output that is not improbable; the last place is that of the cue.

    Only a stance may rest on the cue ("denounced"): what is a threat and what is to be done is in the content.
    """
    found = {}
    for column in map(int, np.flatnonzero(says > _FAINT)):
        adds = shares[:, column] if outputs[column].startswith("stance.") else shares[:-1, column]
        if len(adds) and adds.max() > 0:
            best = int(adds.argmax())
            found[outputs[column]] = (*places[best], round(float(adds[best]), 2))
    return found


def _joined(parts: Sequence[_Packed]) -> _Packed:
    """Take each output of a long statement from the part that says it most, each role from the surest."""
    says = np.array([part.says for part in parts])
    chosen = dict(enumerate(says.argmax(axis=0).tolist()))
    roles = {role[:4]: role for role in sorted((role for part in parts for role in part.roles), key=_sureness)}
    # The first word of a later part may be cut in two, and has nothing before it.
    signs = {(row[0], row[1]): row for at, part in enumerate(parts) for row in part.signs[at > 0 :].tolist()}
    words = sorted((pair for part in parts for pair in part.words), key=lambda pair: (pair[1][2], pair[1]))
    return _Packed(
        says[list(chosen.values()), list(chosen)],
        tuple(sorted(roles.values(), key=lambda role: (role.start, role.end, role.slot, role.value))),
        np.array(sorted(signs.values()), dtype=np.float32),
        tuple(dict(words).items()),  # the last of a name says most
    )


def _sureness(role: Role) -> float:
    return role.score


def limits_of(reader: Reader, told: Told) -> Mapping[str, float]:
    """Return the thresholds of a reader for the kind of text that a statement is from."""
    limits: Mapping[str, float] = reader.card["thresholds"]["news" if told.reported else "speech"]
    return limits


def states_of(reader: Reader, content: str, told: Told) -> tuple[list[tuple[int, int]], Floats]:
    """Return the vector of each word in the last layer, from which variables of one's own are learned.

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
    lead, _ = lead_of(reader, told)
    pieces = cut(content, reader.pieces)[: LONGEST - 3 - len(lead)]
    (states,) = _answers(reader, ["states"], lead, pieces)
    words, first = _words(pieces), 2 + len(lead)
    inside: Floats = states[first : first + len(pieces)]
    return [(pieces[at].start, pieces[at].end) for at in words], _means(inside, words) if words else inside


def choose_reader(coder: object) -> Reader | None:
    """Return the reader that an argument `coder` stands for, or None if the rules code.

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
            message = "onnxruntime is not installed: the codebook's rules are used instead (pip install onnxruntime)"
            warnings.warn(message, UserWarning, stacklevel=3)
    return None
