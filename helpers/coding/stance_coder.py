"""A fitted stance coder: weights over readable features, applied with numpy; saved without anything that can run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from helpers.codebook.match import find_hits
from helpers.coding.encoder import name_with
from helpers.coding.learning import beside, matrix, scaled, telling, vocabulary
from helpers.coding.model_files import LEAST, read_model, write_model
from helpers.coding.stance_features import candidates_of, company, kind_of, stance_features
from helpers.coding.stance_rules import read_mentions
from helpers.coding.stance_weighing import Reading
from helpers.coding.targets import mentions_among
from helpers.paths import MODELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from helpers.codebook.match import Hit
    from helpers.coding.encoder import Answer, Encoder
    from helpers.coding.stance_features import Candidate
    from helpers.coding.targets import Mention, StanceBook
    from helpers.coding.word_vectors import WordVectors

    Floats = npt.NDArray[np.float64]

ABSENT = 9
OUTPUTS = (-1, 0, 1, ABSENT)
_STRENGTH = 0.5  # inverse of the L2 penalty; these three were chosen in five folds of the training documents
_KEEP = 0.45  # a target is coded unless the chance that it is not reaches this
_WEIGHT = 1.3  # "no readable stance" is rarer than its share of the score: counts a little more
_NEVER = -100.0  # bias of an output that the codes do not hold
_TINY = 1e-9  # a chance that is rounded to nothing has a logarithm too
_SEEN = 2  # a feature seen in one candidate only teaches nothing of the next


@dataclass(frozen=True)
class StanceCoder:
    """A fitted stance coder.

    Attributes
    ----------
    card : mapping
        Name, what it was fitted on, licence, codebook digest, numbers of statements and codes, settings.
    columns : mapping
        Feature to its row in `weights`.
    weights : array
        One row a feature, one column an output (against, no stance, for, not coded); the last row is the bias.
    company : mapping
        Kind of target (and ``""``, every kind) to weights of the word vectors around it, one column an output.
    vectors : WordVectors
    encoder : Encoder or None
        Reads each statement as a whole beside the weights above: slower, and closer to hand codes.
    """

    card: Mapping[str, Any]
    columns: Mapping[str, int]
    weights: Floats
    company: Mapping[str, Floats]
    vectors: WordVectors
    encoder: Encoder | None = None

    @property
    def name(self) -> str:
        """What stands on every row that it codes."""
        return name_with(self.card, self.encoder)


class _Described(NamedTuple):
    """A candidate with what a coder sees of it."""

    candidate: Candidate
    kind: str
    features: dict[str, float]
    company: Floats


def fit_stance_coder(
    statements: Iterable[tuple[str, str, str, str]],
    codes: Mapping[str, Mapping[str, int]],
    book: StanceBook,
    vectors: WordVectors,
    *,
    card: Mapping[str, Any],
) -> StanceCoder:
    """Fit a coder on one's own codes: multinomial logistic regression over what the rules and the words show.

    Features count the more the better they tell by themselves, as in `helpers.coding.fitting.fit_coder`.

    Parameters
    ----------
    statements : iterable of tuple
        ``(statement_id, content, speaker_country, date)``, the last two ``""`` where unknown.
    codes : mapping
        Statement to target (ids of the coding manual) to polarity; every statement has a key, an empty one where
        nothing was coded: a target that is named and not coded teaches the coder to leave it out.
    book : StanceBook
        ``helpers.coding.targets.stance_book(load_codebook().stance)``.
    vectors : WordVectors
        Of one's own corpus, `helpers.coding.word_vectors.fit_word_vectors`, or those of the shipped coder.
    card : mapping
        What will be said of the coder: at least ``name``, ``fitted_on`` and ``licence``.

    Returns
    -------
    StanceCoder

    Raises
    ------
    ValueError
        If the card lacks a key, a statement has no entry in `codes`, or the codes hold one answer only.
    """
    from sklearn.linear_model import LogisticRegression

    lacking = [key for key in ("name", "fitted_on", "licence") if key not in card]
    if lacking:
        message = f"the card lacks {lacking}: who reads a result must know what the coder was fitted on"
        raise ValueError(message)
    seen: list[_Described] = []
    wanted: list[int] = []
    for name, text, country, date in statements:
        if name not in codes:
            message = f"statement {name!r} has no entry in codes: give an empty one where nothing was coded"
            raise ValueError(message)
        hits = find_hits(text, book.patterns)
        mentions = mentions_among(hits, book, country=country, date=date)
        pairs = list(zip(mentions, read_mentions(text, mentions, hits, book), strict=True))
        described = _describe(text, hits, pairs, book, vectors)
        seen += described
        wanted += [codes[name].get(one.candidate.target, ABSENT) for one in described]
    if len(set(wanted)) < 2:  # noqa: PLR2004
        message = f"{len(wanted)} targets were found and coded alike: a coder needs two answers to tell apart"
        raise ValueError(message)
    columns = vocabulary((one.features for one in seen), least=_SEEN)
    words = matrix([one.features for one in seen], columns)
    kinds = ["", *sorted({one.kind for one in seen})]
    blocks = [np.array([one.company * (kind in {"", one.kind}) for one in seen]) for kind in kinds]
    share = telling(words, np.array(wanted))
    fitted = LogisticRegression(C=_STRENGTH, max_iter=500).fit(beside(scaled(words, share), *blocks), wanted)
    table = np.zeros((fitted.coef_.shape[1] + 1, len(OUTPUTS)))
    table[-1] = _NEVER
    answers = np.column_stack([fitted.coef_, fitted.intercept_])
    if len(answers) == 1:  # of two answers only the second is stored
        answers = np.vstack([np.zeros_like(answers), answers])
    for value, row in zip(fitted.classes_, answers, strict=True):
        table[:, OUTPUTS.index(value)] = row
    table[: len(columns)] *= share[:, None]
    parts = np.split(table[len(columns) : -1], len(kinds))
    settings = {"keep": _KEEP, "weight_of_no_stance": _WEIGHT, "strength": _STRENGTH}
    return StanceCoder(
        {**settings, **card, "candidates": len(seen)},
        columns,
        np.vstack([table[: len(columns)], table[-1:]]),
        dict(zip(kinds, parts, strict=True)),
        vectors,
    )


def _describe(
    text: str,
    hits: Sequence[Hit],
    pairs: Sequence[tuple[Mention, Reading]],
    book: StanceBook,
    vectors: WordVectors,
) -> list[_Described]:
    found = candidates_of(pairs, hits, book)
    names = [one.target for one in found]
    described = []
    for one in found:
        others = [name for name in names if name != one.target]
        features = stance_features(text, one, others, hits, book)
        described.append(_Described(one, kind_of(one.target, book), features, company(text, one, vectors)))
    return described


def apply_stance_coder(  # noqa: PLR0913 - a statement as the rules read it, and as the encoder did
    coder: StanceCoder,
    text: str,
    hits: Sequence[Hit],
    pairs: Sequence[tuple[Mention, Reading]],
    book: StanceBook,
    *,
    answer: Answer | None = None,
) -> list[tuple[Mention, Reading]]:
    """Return what the coder codes in one statement: the mentions of each target it keeps, by start.

    All mentions of a target get the polarity the coder gives the target; the words shown are the rules'. `answer` is
    what the coder's encoder says of the statement.
    """
    coded, rule = [], f"coder {coder.name}"
    for one in _describe(text, hits, pairs, book, coder.vectors):
        chances = _chances(coder, one)
        if coder.encoder is not None and answer is not None:
            chances = with_answer(chances, coder.encoder, answer, one.candidate.target)
        if chances[3] >= coder.card["keep"]:
            continue
        leaning = chances[:3] * np.array([1.0, coder.card["weight_of_no_stance"], 1.0])
        polarity = OUTPUTS[int(np.argmax(leaning))]
        score = float((chances[2] - chances[0]) / (1.0 - chances[3]))
        for mention, reading in one.candidate.items:
            evidence = reading.evidence if reading else ()
            coded.append((mention, Reading(score, rule, evidence, polarity)))
    return sorted(coded, key=lambda pair: (pair[0].start, pair[0].end, pair[0].target))


def _chances(coder: StanceCoder, one: _Described) -> Floats:
    known = [(coder.columns[name], size) for name, size in one.features.items() if name in coder.columns]
    scores: Floats = coder.weights[-1] + one.company @ coder.company[""]
    if one.kind in coder.company:
        scores += one.company @ coder.company[one.kind]
    if known:
        at, size = zip(*known, strict=True)
        scores += np.array(size) @ coder.weights[list(at)]
    chances: Floats = np.exp(scores - scores.max())
    chances /= chances.sum()
    return chances


def with_answer(own: Floats, encoder: Encoder, answer: Answer, target: str) -> Floats:
    """Mix what an encoder says of one target into a coder's chances of it.

    Parameters
    ----------
    own : array
        Chances of -1, 0, 1 and of not being coded.
    encoder : Encoder
        Each of its logits is the log-odds of one polarity against its absence. A polarity that it does not answer,
        because the codes hardly hold it, keeps the coder's own odds.
    answer : Answer
        Of the statement.
    target : str
        An id of the coding manual.

    Returns
    -------
    array
        Chances, in the same order.
    """
    odds = np.log(np.maximum(own, _TINY)) - np.log(max(own[-1], _TINY))
    told = odds.copy()
    for at, sign in enumerate(OUTPUTS[:-1]):
        name = f"stance.{target}.{sign}"
        if name in encoder.outputs:
            told[at] = answer.logits[encoder.outputs.index(name)]
    share = encoder.card["share"]
    both = (1 - share) * odds + share * told
    result: Floats = np.exp(both - both.max())
    result /= result.sum()
    return result


def save_stance_coder(coder: StanceCoder, path: str | Path) -> None:
    """Write a coder to one ``.npz`` file of numbers and text; nothing in it can run.

    Parameters
    ----------
    coder : StanceCoder
        Its encoder is a file of its own and not written.
    path : path
        Ends in ``.npz``.

    Raises
    ------
    ValueError
        If the path does not end in ``.npz``.
    """
    used = np.abs(coder.weights[:-1]).max(axis=1, initial=0.0) >= LEAST
    kinds = sorted(coder.company)
    arrays = {
        "columns": [name for name, keep in zip(coder.columns, used, strict=True) if keep],
        "weights": np.vstack([coder.weights[:-1][used], coder.weights[-1:]]).astype(np.float16),
        "kinds": kinds,
        "company": np.stack([coder.company[kind] for kind in kinds]).astype(np.float16),
    }
    write_model(path, coder.card, arrays, vectors=coder.vectors)


def load_stance_coder(path: str | Path | None = None, *, encoder: Encoder | None = None) -> StanceCoder:
    """Read a saved coder.

    Parameters
    ----------
    path : path, optional
        Default: the coder shipped with the project, fitted on coded statements of the UN General Debate and of
        Wikinews.
    encoder : Encoder, optional
        `helpers.coding.encoder.load_encoder()`: read each statement with it as well. Closer to hand codes, and slower
        (figures in tests/benchmarks.md).

    Returns
    -------
    StanceCoder

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the file is not a saved stance coder, or the encoder was tuned with another coder.

    Examples
    --------
    >>> load_stance_coder().card["name"]
    'un-news-stance-2'
    """
    source = MODELS / "stance.npz" if path is None else path
    card, arrays, vectors = read_model(source, ("columns", "company", "vectors"), kind="stance coder")
    name_with(card, encoder)  # refuses an encoder that was tuned with another coder
    columns = {name: at for at, name in enumerate(arrays["columns"])}
    company = dict(zip(arrays["kinds"] or [""], arrays["company"], strict=True))
    if vectors is None:
        message = f"{str(source)!r} holds no word vectors, which a stance coder needs"
        raise ValueError(message)
    return StanceCoder(card, columns, arrays["weights"], company, vectors, encoder)
