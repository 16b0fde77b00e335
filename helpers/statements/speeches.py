"""Speeches: statements of a few whole sentences, said by who gives the speech."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from helpers.codebook.load import Codebook, load_codebook
from helpers.statements.grammar.quotations import LINE
from helpers.statements.grammar.sentences import split_sentences
from helpers.statements.table import check_articles, make_table


def speech_statements(
    articles: pd.DataFrame,
    *,
    max_sentences: int = 3,
    max_words: int = 75,
    match: str | Sequence[str] | None = None,
    codebook: Codebook | None = None,
) -> pd.DataFrame:
    """Cut speeches into statements of a few whole sentences, said by who gives the speech.

    Parameters
    ----------
    articles : DataFrame
        ``doc_id``, ``text``; ``country`` (ISO 3166-1 alpha-3), where present, says who speaks.
    max_sentences, max_words : int
        A statement takes sentences until one more would pass either; a longer sentence stands alone.
        It never runs over the end of a paragraph (a line end).
    match : str or list of str, optional
        Keep only statements that contain this regular expression, or one of these terms as whole words;
        case does not matter. By default all are kept.
    codebook : Codebook, optional
        By default the project's own; its ``actors`` of type ``state`` name the speakers.

    Returns
    -------
    DataFrame
        The columns of `extract_statements`: ``kind`` and ``rule`` are ``speech``, ``statement_id`` is the document
        and the offset at which the statement starts, ``speaker`` is the country's name, and cue and offsets of
        speaker and cue are NA. Beside them ``speaker_id``, ``speaker_name``, ``speaker_country``, ``speaker_type``
        string; a country that the codebook does not know keeps its code in ``speaker_country`` and is NA else.

    Raises
    ------
    ValueError
        If a column is missing, ``doc_id`` is not unique, a limit is below one, or `match` is no regular expression.

    Examples
    --------
    >>> import pandas as pd
    >>> text = "We thank the host. We grieve with Kabul. Trade is growing."
    >>> speeches = pd.DataFrame({"doc_id": ["s"], "text": [text], "country": ["NOR"]})
    >>> speech_statements(speeches, max_sentences=1, match=["Kabul"])[["speaker_country", "content"]].values.tolist()
    [['NOR', 'We grieve with Kabul.']]
    """
    articles = check_articles(articles)
    if max_sentences < 1 or max_words < 1:
        message = f"max_sentences={max_sentences} and max_words={max_words} must be 1 or more"
        raise ValueError(message)
    pattern = _pattern(match)
    rows: list[dict[str, Any]] = []
    for doc_id, text in zip(articles["doc_id"], articles["text"], strict=True):
        for start, end in _packed(text, pattern, max_sentences, max_words):
            row = {"statement_id": f"{doc_id}#{start}", "doc_id": doc_id, "kind": "speech", "rule": "speech"}
            rows.append(row | {"content": text[start:end], "start": start, "end": end, "spans": ((start, end),)})
    table = make_table(rows)
    actors = (codebook or load_codebook()).actors
    states = actors[actors["type"].eq("state") & actors["country"].notna()]
    states = states.drop_duplicates("country").set_index("country")  # the first entry of a state counts
    code = table["doc_id"].map(articles.set_index("doc_id").get("country", {})).astype("string")
    table["speaker"] = code.map(states["alias"]).astype("string")
    table["speaker_id"] = code.map(states["actor_id"]).astype("string")
    table["speaker_name"] = table["speaker"]
    table["speaker_country"] = code
    table["speaker_type"] = code.map(states["type"]).astype("string")
    return table


def _pattern(match: str | Sequence[str] | None) -> re.Pattern[str] | None:
    if match is None:
        return None
    if not isinstance(match, str):
        return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, match)) + r")(?!\w)", re.IGNORECASE)
    try:
        return re.compile(match, re.IGNORECASE)
    except re.error as error:
        message = f"match={match!r} is no regular expression ({error}); give one, or a list of terms"
        raise ValueError(message) from error


def _packed(
    text: str, pattern: re.Pattern[str] | None, max_sentences: int, max_words: int
) -> Iterator[tuple[int, int]]:
    """Yield the statements of a text that match; paragraphs without a match are not even split into sentences."""
    for line in LINE.finditer(text):
        if pattern is not None and not pattern.search(line.group()):
            continue
        packed: list[tuple[int, int]] = []
        held = words = 0
        for first, last in split_sentences(line.group()):
            start, end = line.start() + first, line.start() + last
            count = len(text[start:end].split())
            if packed and held < max_sentences and words + count <= max_words:
                packed[-1] = (packed[-1][0], end)
                held, words = held + 1, words + count
            else:
                packed.append((start, end))
                held, words = 1, count
        yield from (span for span in packed if pattern is None or pattern.search(text[slice(*span)]))
