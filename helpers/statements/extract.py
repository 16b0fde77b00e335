"""Statements: who said what, in articles and in speeches."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from helpers.codebook.load import Codebook, load_codebook
from helpers.inputs import read_ids
from helpers.statements.grammar.attributions import find_attributions
from helpers.statements.grammar.claims import Found
from helpers.statements.grammar.cues import QUOTING
from helpers.statements.grammar.quotations import find_quotes
from helpers.statements.grammar.sentences import part_headings, restore_marks, split_sentences
from helpers.statements.grammar.tokens import Lexicon, make_lexicon
from helpers.statements.table import check_articles, make_table

_NEIGHBOURS = 8  # statements before and after one that may report it
_BATCH = 64  # articles a worker takes at a time: enough to outweigh the cost of sending them


def extract_statements(
    articles: pd.DataFrame,
    *,
    codebook: Codebook | None = None,
    resolve: bool = True,
    n_jobs: int = 1,
    progress: bool = False,
) -> pd.DataFrame:
    """Find what articles report that somebody said: source, cue and content of each statement.

    Tokens are classed from short word lists, endings and shape; noun phrases, verb groups and quotations are found
    among them; then rules look, for each cue of the codebook, where its source and its content stand. No model is
    fitted and no parser is needed. `articles` is not changed.

    Parameters
    ----------
    articles : DataFrame
        ``doc_id`` (string, unique) and ``text`` (string; missing is empty).
    codebook : Codebook, optional
        By default the project's own (`load_codebook`); its ``cues`` say which words report speech.
    resolve : bool
        Also say who each speaker is (`resolve_speakers`).
    n_jobs : int
        Worker processes, through joblib.
    progress : bool
        Show a progress bar on standard error.

    Returns
    -------
    DataFrame
        One row per statement, in the order of the text:

        - ``statement_id`` string: document and running number, ``report-07#3``
        - ``doc_id`` string
        - ``kind`` string: ``direct`` (all content stands in quotation marks), ``mixed`` (part of it), ``indirect``
        - ``speaker`` string, ``speaker_start``, ``speaker_end`` Int64: the source as it stands in the text;
          NA where the text names none ("It was reported that")
        - ``cue`` string, ``cue_start``, ``cue_end`` Int64: the words that mark the statement; NA for a quotation
          that goes on without one
        - ``content`` string: what was said, its pieces joined by one space
        - ``start``, ``end`` Int64: from the first piece to the end of the last
        - ``spans`` object: tuple of (start, end), one a piece
        - ``rule`` string: the rule that found it
        - ``reported_by`` string: the ``statement_id`` of the statement that reports this one ("TASS reported that
          Noor had said …": of the agency's); NA where the article itself reports it. To count what was said once,
          leave out the statements that others name here.

        and, unless `resolve` is false, the columns of `resolve_speakers`. Offsets are half-open, in Unicode code
        points of ``text``.

    Raises
    ------
    ValueError
        If a column is missing, ``doc_id`` is not unique, or a date or a text cannot be read.
    RuntimeError
        If an article cannot be read; the message names it. None is known.

    Notes
    -----
    The measure is that of Newell et al. (2018), "An Attribution Relations Corpus for Political News".

    Examples
    --------
    >>> articles = pd.DataFrame({"doc_id": ["a"], "text": ["Talks will go on, Minister Noor said on Monday."]})
    >>> extract_statements(articles, resolve=False)[["kind", "speaker", "cue", "content"]].values.tolist()
    [['indirect', 'Minister Noor', 'said', 'Talks will go on']]
    """
    from joblib import Parallel, delayed
    from tqdm import tqdm

    articles = check_articles(articles)
    book = load_codebook() if codebook is None else codebook
    lexicon = make_lexicon(book.cues)
    texts = list(zip(articles["doc_id"], articles["text"], strict=True))
    batches = [texts[i : i + _BATCH] for i in range(0, len(texts), _BATCH)]
    shown = tqdm(batches, desc="statements", unit=f"x{_BATCH} articles", disable=not progress)
    read = Parallel(n_jobs=n_jobs)(delayed(_rows)(batch, lexicon) for batch in shown)
    statements = make_table([row for batch in read for row in batch])
    if not resolve:
        return statements
    from helpers.statements.people.resolve import resolve_speakers

    return resolve_speakers(statements, articles, codebook=book)


def _rows(texts: Iterable[tuple[str, str]], lexicon: Lexicon) -> list[dict[str, Any]]:
    rows = []
    for doc_id, text in texts:
        read = restore_marks(text)
        quotes = find_quotes(read)
        try:
            sentences = part_headings(read, split_sentences(read, quotes=quotes), quotes)
            found = find_attributions(read, sentences, quotes, lexicon)
        except Exception as error:
            message = (
                f"article {doc_id!r} cannot be read ({type(error).__name__}: {error}): leave it out, and report it"
            )
            raise RuntimeError(message) from error
        ordered = sorted(found, key=lambda one: (one.spans[0], one.cue or (0, 0)))
        for n, (one, outer) in enumerate(zip(ordered, _find_outer(text, ordered), strict=True)):
            row = _row(f"{doc_id}#{n}", doc_id, text, one, quotes)
            rows.append(row | {"reported_by": None if outer is None else f"{doc_id}#{outer}"})
    return rows


def _find_outer(text: str, found: Sequence[Found]) -> list[int | None]:
    """Return for each statement the shortest one near it that reports it."""
    outer: list[int | None] = []
    for n, one in enumerate(found):
        near = range(max(0, n - _NEIGHBOURS), min(len(found), n + _NEIGHBOURS + 1))
        around = [k for k in near if k != n and _reports(text, found[k], one)]
        outer.append(min(around, key=lambda k: sum(end - start for start, end in found[k].spans), default=None))
    return outer


def _reports(text: str, one: Found, inner: Found) -> bool:
    """Tell whether the cue of a statement lies in another's content, or both quote: …, TASS quoted Noor as saying."""
    if inner.cue is None:
        return False
    at = inner.cue[0]
    within = one.spans[0][0] <= at < one.spans[-1][1] and any(start <= at < end for start, end in one.spans)
    quoting = one.spans == inner.spans and one.cue is not None and text[slice(*one.cue)].lower() in QUOTING
    return within or (quoting and text[slice(*inner.cue)].endswith("ing"))


def _row(statement_id: str, doc_id: str, text: str, one: Found, quotes: Sequence[tuple[int, int]]) -> dict[str, Any]:
    row: dict[str, Any] = {"statement_id": statement_id, "doc_id": doc_id, "kind": _kind(text, one.spans, quotes)}
    for part, span in (("speaker", one.source), ("cue", one.cue)):
        start, end = span or (None, None)
        row |= {part: text[start:end] if span else None, f"{part}_start": start, f"{part}_end": end}
    content = " ".join(text[start:end] for start, end in one.spans)
    places = {"start": one.spans[0][0], "end": one.spans[-1][1], "spans": one.spans}
    return row | {"content": content, **places, "rule": one.rule}


def _kind(text: str, spans: Sequence[tuple[int, int]], quotes: Sequence[tuple[int, int]]) -> str:
    """Compare the letters of a content with those of it that stand in quotation marks."""
    inside = 0
    for start, end in spans:
        near = quotes[max(0, bisect_left(quotes, (start, start)) - 1) : bisect_left(quotes, (end, end))]
        inside += sum(sum(map(str.isalnum, text[max(start, first) : min(end, last)])) for first, last in near)
    letters = sum(sum(map(str.isalnum, text[start:end])) for start, end in spans) if inside else 0
    # "And “…”": a word of one or two letters before the mark does not make a quotation mixed
    return "indirect" if not inside else "direct" if letters - inside <= 3 else "mixed"  # noqa: PLR2004


def locate(rows: pd.DataFrame, statements: pd.DataFrame) -> pd.DataFrame:
    """Carry offsets within the content of statements back to their article.

    Parameters
    ----------
    rows : DataFrame
        Anything coded on statements: ``statement_id``, ``content_start``, ``content_end`` (half-open, in code points
        of ``content``; NA where the row points at no words).
    statements : DataFrame
        ``statement_id``, ``doc_id``, ``spans`` (of `extract_statements` or `speech_statements`).

    Returns
    -------
    DataFrame
        `rows` and, at its end, ``doc_id`` string, ``start``, ``end`` Int64 (offsets in the article's text; NA where
        there was nothing to carry). Words that reach over two pieces span what stands between the pieces too.

    Raises
    ------
    ValueError
        If a row names a statement that is not there or an offset outside its content.

    Examples
    --------
    >>> statements = pd.DataFrame({"statement_id": ["a#0"], "doc_id": ["a"], "spans": [((0, 5), (12, 18))]})
    >>> rows = pd.DataFrame({"statement_id": ["a#0"], "content_start": [6], "content_end": [9]})
    >>> locate(rows, statements)[["doc_id", "start", "end"]].values.tolist()
    [['a', 12, 15]]
    """
    known = read_ids(statements, "statement_id", name="statements")
    named = rows["statement_id"].astype("string")
    spans = dict(zip(known, statements["spans"], strict=True))
    documents = dict(zip(known, statements["doc_id"], strict=True))
    unknown = [name for name in named if name not in spans]
    if unknown:
        message = f"statement {unknown[0]!r} is not among the statements: give the table the rows were coded from"
        raise ValueError(message)
    offsets = {name: _offsets(spans[name]) for name in named.unique()}
    places: list[tuple[int | None, int | None]] = []
    for name, first, last in zip(named, rows["content_start"], rows["content_end"], strict=True):
        starts, ends = offsets[name]
        if pd.isna(first) or pd.isna(last):
            places.append((None, None))
        elif 0 <= first <= last < len(ends):
            places.append((starts[int(first)], ends[int(last)]))
        else:
            message = (
                f"offsets {first} to {last} lie outside the content of statement {name!r}, "
                f"which has {len(ends) - 1} characters"
            )
            raise ValueError(message)
    return rows.assign(
        doc_id=pd.Series([documents[name] for name in named], index=rows.index, dtype="string"),
        start=pd.Series([start for start, _ in places], index=rows.index, dtype="Int64"),
        end=pd.Series([end for _, end in places], index=rows.index, dtype="Int64"),
    )


def _offsets(spans: Sequence[tuple[int, int]]) -> tuple[list[int], list[int]]:
    """Return where each offset of a content stands in the article, as a start and as an end.

    On the space that joins two pieces the second one starts, or the first one ends.
    """
    ends = [at for start, end in spans for at in range(start, end + 1)]
    starts = [at for start, end in spans for at in (start, *range(start, end))][1:]
    return [*starts, ends[-1]], ends
