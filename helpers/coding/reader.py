"""Reader: the small language model in its file, the pieces of words that it gets, and its answers as numbers."""

from __future__ import annotations

import functools
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from helpers.codebook.load import load_stopwords
from helpers.inputs import check_columns, read_ids, read_texts, sha256
from helpers.paths import MODELS

Floats = np.ndarray[Any, np.dtype[np.float32]]

SHIPPED = MODELS / "reader.onnx"
LONGEST = 192  # pieces read at once, with who speaks: longer than all but two of the coded statements
_WHO, _CUE = 64, 24  # pieces of the speaker and of the cue that the reader is told at most
# Letters may have accents of their own behind them, and invisible characters (soft hyphens, joiners) among them.
_LETTER = r"[^\W_][\u0300-\u036f\xad\u200b-\u200f\u2060\ufeff]*"
# One word are "U.S.", "A.U." and "Da'esh"; "they're" is two.
_WORD = re.compile(rf"[A-Z](?:\.[A-Z])+\b\.?|(?:{_LETTER})+(?:['’](?!(?:ll|re|ve)\b)(?:{_LETTER}){{2,}})*|[^\w\s]|_")
_TOKEN = re.compile(r"[^\W_]+|[^\w\s]|_")  # what the encoder cuts a word into before it looks for pieces
_DROPPED = {"Mn", "Cf", "Cc"}  # accents, invisible and control characters
_LONGEST_WORD = 100  # letters: longer "words" are no words
UNKNOWN, OPENS, CLOSES = "[UNK]", "[CLS]", "[SEP]"
_FUNCTIONAL_NAMES = frozenset({"US", "WHO"})  # names that are spelled like function words
_KNOWN = ["kind", "speaker", "speaker_name", "speaker_id", "speaker_country", "cue"]


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


class Said(NamedTuple):
    """One statement as the coders get it: its id and words, what is known of it; the date as YYYY-MM-DD."""

    statement: str
    text: str
    told: Told
    speaker: str = ""
    date: str = ""


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
        raise FileNotFoundError(f"no reader at {path.name!r}: give an .onnx file, or nothing for the shipped one")
    content = path.read_bytes()
    digest = sha256(content)
    if path == SHIPPED:
        expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))["sha256"]
        if digest != expected:
            raise ValueError(f"{path.name} is not the file that its card names: get it again with the project")
    options = onnxruntime.SessionOptions()
    # One thread: workers run side by side, and sums do not depend on the number of cores.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    try:
        session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        inside = session.get_modelmeta().custom_metadata_map
        card, pieces = json.loads(inside["card"]), inside["pieces"].split("\n")
        reader = Reader(card, session, {piece: number for number, piece in enumerate(pieces)}, path, digest)
        answers(reader, None, [], cut("Terrorism is a threat.", reader.pieces))  # what is damaged shows here
    except Exception as error:  # onnxruntime has a class of its own for each way a file can be wrong
        raise ValueError(
            f"{path.name!r} is not a reader ({str(error)[:80]}): give an .onnx file with its card inside"
        ) from error
    return reader


def read_statements(statements: pd.DataFrame) -> list[Said]:
    """Check statements, and gather what the coders get of each from the columns that are there.

    Parameters
    ----------
    statements : DataFrame
        ``statement_id`` and ``content``. Used where present: ``kind`` (``speech`` for speeches), ``speaker`` and
        ``speaker_name`` (the longer one says more), ``speaker_id``, ``speaker_country``, ``cue``. Without ``kind`` a
        table with ``speaker_country`` is taken for speeches.

    Returns
    -------
    list of Said
        One per row.

    Raises
    ------
    ValueError
        If a column is missing, or ids repeat.
    """
    check_columns(statements, "statement_id", "content", name="statements")
    ids = read_ids(statements, "statement_id", name="statements")
    texts = read_texts(statements, "content", ids=ids)
    known = statements.reindex(columns=_KNOWN).map(lambda value: "" if pd.isna(value) else str(value))
    default = "speech" if "speaker_country" in statements and "kind" not in statements else "reported"
    return [
        Said(name, text, Told((kind or default) != "speech", max(short, full, key=len), *words), speaker)
        for name, text, (kind, short, full, speaker, *words) in zip(ids, texts, known.to_numpy().tolist(), strict=True)
    ]


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


def answers(reader: Reader, names: list[str] | None, lead: Sequence[int], pieces: Sequence[Piece]) -> list[Floats]:
    """Let the model answer for who speaks and what is said, in numbers of these names or of all.

    Raises
    ------
    ValueError
        If some are no numbers: the file, which is named, is damaged.
    """
    opens, closes = reader.pieces[OPENS], reader.pieces[CLOSES]
    numbers = [opens, *lead, closes, *(piece.number for piece in pieces), closes]
    found: list[Floats] = reader.session.run(names, {"pieces": np.array([numbers], dtype=np.int64)})
    if not all(np.isfinite(array).all() for array in found):
        raise ValueError(f"{reader.path.name!r} gives numbers that are no probabilities: it is damaged, get it again")
    return found


def choose_reader(coder: object) -> Reader | None:
    """Return the reader that an argument `coder` stands for, or None if the rules code.

    Raises
    ------
    ValueError
        If `coder` is neither ``"reader"`` nor ``"rules"`` nor a Reader.
    """
    if coder == "rules":
        return None
    reader = load_reader() if coder == "reader" else coder
    if not isinstance(reader, Reader):
        raise ValueError(f"coder is {coder!r}: give 'reader', 'rules', or a reader or coder that was loaded or fitted")
    return reader


class Piece(NamedTuple):
    """A piece of a text: its number in the vocabulary, and the half-open place of its word, in code points."""

    number: int
    start: int
    end: int


def cut(text: str, vocabulary: Mapping[str, int]) -> list[Piece]:
    """Cut a text into pieces: the longest known piece first, from the left; accents and capitals do not count.

    Parameters
    ----------
    text : str
    vocabulary : mapping
        Piece to its number; a piece that goes on within a word starts with ``##``, and ``[UNK]`` stands for a word
        that cannot be cut.

    Returns
    -------
    list of Piece
        In the order of the text. All pieces of a word have the place of the word: an encoder's answer is about words.

    Notes
    -----
    Wu et al. (2016), "Google's neural machine translation system", section 4.1. Other than in BERT, letters of Chinese
    are not cut apart beforehand.

    Examples
    --------
    >>> cut("Zealots!", {"[UNK]": 0, "zeal": 1, "##ots": 2, "!": 3})
    [Piece(number=1, start=0, end=7), Piece(number=2, start=0, end=7), Piece(number=3, start=7, end=8)]
    """
    found = []
    for word in _WORD.finditer(text):
        plain = unicodedata.normalize("NFD", word.group().lower())
        letters = "".join(letter for letter in plain if unicodedata.category(letter) not in _DROPPED)
        if not is_function_word(letters.replace(".", "")):  # "A.U." is known as "AU"; "U.S." would be "us"
            letters = letters.replace(".", "")
        for token in _TOKEN.findall(letters):
            found += [Piece(number, *word.span()) for number in _numbers(token, vocabulary)]
    return found


def is_function_word(word: str) -> bool:
    """Return whether a word is a function word, a single small letter or a mark; "US" and "WHO" are names."""
    if word in _FUNCTIONAL_NAMES:
        return False
    letter = len(word) == 1 and not word.isupper()
    return letter or word.lower() in _function_words() or not any(map(str.isalnum, word))


@functools.cache
def _function_words() -> frozenset[str]:
    words = load_stopwords()
    return words | {part for word in words for part in word.split("'")}  # "isn't" comes as three words


def _numbers(word: str, vocabulary: Mapping[str, int]) -> list[int]:
    numbers, start = [], 0
    while start < len(word):
        lead = "##" if start else ""
        known = (end for end in range(len(word), start, -1) if lead + word[start:end] in vocabulary)
        end = next(known, None)
        if end is None or len(word) > _LONGEST_WORD:
            return [vocabulary[UNKNOWN]]
        numbers.append(vocabulary[lead + word[start:end]])
        start = end
    return numbers
