"""Stance: code in statements who is for or against whom, each row with the words it rests on."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import attrgetter

import pandas as pd

from helpers.codebook.load import Codebook, added_names, load_codebook, reader_ids
from helpers.coding.reader import Reader, Said, Told, choose_reader, read_statements
from helpers.coding.reading import Attitude, Code, Reading, names_in, read, touches
from helpers.coding.stance_rules import Mention, StanceBook, mentions_in, read_mentions, stance_book
from helpers.inputs import check_columns, read_dates

Coded = Iterator[tuple[Said, Attitude]]

_LEAN = 0.5  # weight of the reader beside the rules where a marked source has no words of stance
_SIGNS = {"for_": 1, "against": -1, "neutral": 0}
_COLUMNS = dict.fromkeys(("statement_id", "speaker_id", "target", "target_text"), "string")
_COLUMNS |= {"content_start": "Int64", "content_end": "Int64", "polarity": "Int8", "score": "float64"}
_COLUMNS |= {"evidence": "string", "rule": "string"}


def code_stance(
    statements: pd.DataFrame,
    *,
    codebook: Codebook | None = None,
    coder: str | Reader = "reader",
    targets: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Code the stance of each statement's speaker toward each target it mentions.

    Parameters
    ----------
    statements : DataFrame
        ``statement_id`` (unique) and ``content``. Used where present: ``kind`` (``speech`` tells a speech from news),
        ``speaker``, ``speaker_name``, ``speaker_id``, ``speaker_country`` (ISO 3166-1 alpha-3: the speaker's own State
        is no target), ``date`` (some names mean somebody else after a date), ``cue`` (a verdict in it counts: "he
        denounced the talks").
    codebook : Codebook, optional
        Default: the project's, `load_codebook()`. Targets that it adds are coded under their own ids.
    coder : {"reader", "rules"} or Reader
        ``"reader"``: the shipped language model, see ``data/models/reader.json``. ``"rules"``: the patterns of
        ``stance.toml`` alone, a baseline that can be taken apart. Or what `load_reader` returned.
    targets : DataFrame, optional
        Marked spans ``statement_id, target, start, end`` (half-open code points in ``content``) that replace the
        search; with ``source_start, source_end`` the stance asked for is that of the marked source, not the speaker's:
        there the rules decide, and the reader leans the score of neutral ones.

    Returns
    -------
    DataFrame
        One row per mention, in the order of the statements and of the words (of the table, where spans are marked):
        ``statement_id`` string; ``speaker_id`` string; ``target`` string; ``target_text`` string, the words as they
        stand; ``content_start``, ``content_end`` Int64; ``polarity`` Int8: 1 for, -1 against, 0 no readable stance;
        ``score`` float64 in [-1, 1], by the reader the probability of "for" minus that of "against"; ``evidence``
        string, the word that contributes most by the reader, all words of stance by the rules, with offsets and what
        each adds, as ``condemn[3:10] -1.00`` or, of the cue, ``denounced[cue] -1.00``, joined by "; "; ``rule`` string:
        the name of the reader, or the group of words that decided by the rules (``no words of stance`` where nothing
        does).

    Raises
    ------
    ValueError
        If a column is missing, ids repeat, a pattern cannot be read, a marked span lies outside its content, or
        `coder` is none of the above.

    Notes
    -----
    Stance is directed and is not the tone of the words (Mohammad, Sobhani and Kiritchenko, 2017, "Stance and sentiment
    in tweets"): "X murdered the envoys" is against X and not against the envoys.

    Examples
    --------
    >>> words = "We condemn the Taliban and stand with the Afghan people."
    >>> stance = code_stance(pd.DataFrame({"statement_id": ["s1"], "content": [words]}))
    >>> stance[["target", "polarity"]].values.tolist()
    [['taliban', -1], ['afghan_people', 1]]
    """
    said, book, reader = read_statements(statements), codebook or load_codebook(), choose_reader(coder)
    if "date" in statements:
        days = read_dates(statements, "date").dt.strftime("%Y-%m-%d").fillna("")
        said = [one._replace(date=day) for one, day in zip(said, days, strict=True)]
    names = stance_book(book.stance)
    if targets is not None:
        marked = _marked_mentions(targets, {one.statement: len(one.text) for one in said})
        coded = _at_marks(said, names, marked, reader)
    elif reader is not None:
        coded = _by_reader(said, names, reader, book)
    else:
        coded = _by_rules(said, names)
    rows = [_row(one, attitude) for one, attitude in coded]
    return pd.DataFrame(rows, columns=list(_COLUMNS)).astype(_COLUMNS)


def _row(said: Said, one: Attitude) -> tuple[object, ...]:
    evidence = "; ".join(
        f"{said.told.cue + '[cue]' if start < 0 else f'{said.text[start:end]}[{start}:{end}]'} {adds:+.2f}"
        for start, end, adds, _ in one.evidence
    )
    mention = one.target, said.text[one.start : one.end], one.start, one.end
    return (said.statement, said.speaker or None, *mention, one.polarity, one.score, evidence, one.rule)


def _is_own(said: Said, mention: Mention) -> bool:
    """Tell whether a mention names the speaker's own State, which is no target."""
    return said.told.country != "" and mention.country == said.told.country


def _by_rules(said: Iterable[Said], book: StanceBook) -> Coded:
    for one in said:
        mentions = [
            mention._replace(target=book.meant(mention.target, one.date))
            for mention in mentions_in(one.text, book)
            if not _is_own(one, mention)
        ]
        for attitude in read_mentions(one.text, mentions, book, cue=one.told.cue):
            if attitude.evidence or not book.targets[attitude.target].get("only_with_words"):
                yield one, attitude


def _by_reader(said: Iterable[Said], book: StanceBook, reader: Reader, codebook: Codebook) -> Coded:
    """Code what the reader finds; the codebook gives finer ids, and names that only it knows."""
    added, renamed, folds = added_names(codebook), reader_ids(codebook), coarse_targets(codebook)
    for one in said:
        reading, names = read(reader, one.text, one.told), names_in(one.text, added)
        found = decide_stance(reading, names=names)
        mentions = mentions_in(one.text, book) if found else []
        for attitude in found:
            over = [mention for mention in mentions if touches(mention, attitude)]
            if any(_is_own(one, mention) for mention in over):
                continue
            target = renamed.get(("stance", attitude.target), attitude.target)
            # The codebook may name the same target more finely, or know who the name meant on that day.
            same = (mention.target for mention in over if target in {folds[mention.target], mention.target})
            finer = next((book.meant(name, one.date) for name in same), target)
            yield one, attitude._replace(target=finer, rule=f"reader {reader.name}")


def decide_stance(reading: Reading, *, names: Sequence[Code] = ()) -> list[Attitude]:
    """Decide toward whom a reading has a stance, and which.

    Parameters
    ----------
    reading : Reading
    names : sequence of Code
        Targets of the researcher's own codebook: each of their mentions is read.

    Returns
    -------
    list of Attitude
        In the order of the words.
    """
    own = [name for name in names if name.slot == "stance"]
    sure = [role for role in reading.roles if role.slot == "stance" and role.score >= reading.limits["target"]]
    targets = own + [role for role in sure if not any(touches(role, name) for name in own)]
    found = [attitude_at(reading, target.value, target.start, target.end) for target in targets]
    return sorted(found, key=attrgetter("start", "end", "target"))


def attitude_at(reading: Reading, target: str, start: int, end: int) -> Attitude:
    """Read the stance toward a mention: by its words, and where the target is known also by the whole statement.

    Parameters
    ----------
    reading : Reading
    target : str
    start, end : int
        Half-open offsets in the content.

    Returns
    -------
    Attitude
        Its score is the probability of "for" minus that of "against".
    """
    signs = reading.signs[(reading.signs[:, 0] < end) & (start < reading.signs[:, 1]), 2:]
    against, neither, for_ = signs.mean(axis=0).tolist() if len(signs) else (0.0, 1.0, 0.0)
    if f"stance.{target}" in reading.outputs:
        whole = reading.chance(f"stance.{target}.against"), reading.chance(f"stance.{target}.for")
        total = max(1.0, sum(whole))
        against, for_ = (against + whole[0] / total) / 2, (for_ + whole[1] / total) / 2
        neither = 1 - against - for_
    chances = {-1: against, 0: neither, 1: for_}
    polarity = max(chances, key=chances.__getitem__)
    told = reading.words.get(f"stance.{target}.{'for' if polarity > 0 else 'against'}") if polarity else None
    evidence = (told._replace(adds=polarity * told.adds),) if told else ()
    return Attitude(target, start, end, polarity, round(for_ - against, 3), evidence)


def _marked_mentions(targets: pd.DataFrame, lengths: Mapping[str, int]) -> dict[str, list[Mention]]:
    """Check a table of marked spans and sort it by statement.

    Parameters
    ----------
    targets : DataFrame
        ``statement_id, target, start, end``, offsets in the content; if present ``source_start, source_end``.
    lengths : mapping
        Length of each statement's content.

    Returns
    -------
    dict
        Statement to its mentions, in the order of the table.

    Raises
    ------
    ValueError
        If a column is missing, a statement is unknown, or a span does not lie in its content.
    """
    check_columns(targets, "statement_id", "target", "start", "end", name="targets")
    found: defaultdict[str, list[Mention]] = defaultdict(list)
    wanted = targets.reindex(columns=["statement_id", "target", "start", "end", "source_start", "source_end"])
    for statement, target, *offsets in wanted.astype(object).itertuples(index=False):
        if str(statement) not in lengths:
            raise ValueError(f"targets name the statement {statement!r}, which is not among the statements")
        start, end, from_, to = (-1 if pd.isna(offset) else int(offset) for offset in offsets)
        length = lengths[str(statement)]
        if not (0 <= start < end <= length and (from_ < 0 or from_ < to <= length)):
            raise ValueError(
                f"targets: {(start, end)} is no half-open span in the {length} characters of {statement!r}"
            )
        found[str(statement)].append(Mention(start, end, str(target), source=(from_, to) if to > 0 else None))
    return found


def _at_marks(
    said: Iterable[Said], book: StanceBook, marked: Mapping[str, Sequence[Mention]], reader: Reader | None
) -> Coded:
    """Read the stance toward marked words.

    Where a source is marked the rules decide, and the reader only leans the score below their threshold: it learned
    what speakers say, not what a narrator tells of others (tests/benchmarks/notes.md has both alone). So it reads the
    sentence as what the source says, as what nobody says and as part of a speech, and the mean counts.
    """
    limit = book.settings["threshold"] - 0.01
    for one in said:
        mentions = marked.get(one.statement, ())
        by_rules = read_mentions(one.text, mentions, book, cue=one.told.cue)
        for mention, attitude in zip(mentions, by_rules, strict=True):
            place = mention.target, mention.start, mention.end
            if reader is None or (mention.source and attitude.polarity):
                yield one, attitude
            elif mention.source is None:
                yield one, attitude_at(read(reader, one.text, one.told), *place)._replace(rule=f"reader {reader.name}")
            else:
                by_source = Told(reported=True, who=one.text[slice(*mention.source)])
                ways = by_source, Told(reported=True), Told(reported=False)
                scores = [attitude_at(read(reader, one.text, told), *place).score for told in ways]
                score = attitude.score + _LEAN * sum(scores) / len(scores)
                yield one, attitude._replace(score=max(-limit, min(limit, score)))


def stance_by_target(stance: pd.DataFrame, *, fold: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Combine the mentions of a target in a statement into one polarity.

    The mention with the largest absolute score decides, then the earlier one. A statement that both praises and blames
    a target is `mixed`.

    Parameters
    ----------
    stance : DataFrame
        As `code_stance` makes it.
    fold : mapping, optional
        Target to the coarser id under which it is counted, such as `coarse_targets()`.

    Returns
    -------
    DataFrame
        One row per statement and target, in the order of first mention: ``statement_id``, ``speaker_id``, ``target``
        string; ``polarity`` Int8; ``score`` float64; ``mentions`` Int64; ``mixed`` boolean: mentions of both
        polarities; ``target_text``, ``evidence``, ``rule`` string, of the mention that decided.

    Examples
    --------
    >>> said = pd.DataFrame({"statement_id": ["s1"], "content": ["Norway helps. We thank Norway."]})
    >>> stance_by_target(code_stance(said))[["target", "polarity", "mentions"]].values.tolist()
    [['other_state', 1, 2]]
    """
    rows = stance.assign(target=stance["target"].replace(dict(fold or {}))).reset_index(drop=True)
    keys = [rows["statement_id"], rows["target"]]
    signs = rows["polarity"].groupby(keys)
    rows["mentions"] = signs.transform("size").astype("Int64")
    rows["mixed"] = ((signs.transform("max") > 0) & (signs.transform("min") < 0)).astype("boolean")
    decided = rows["score"].abs().groupby(keys, sort=False).idxmax()
    columns = ["statement_id", "speaker_id", "target", "polarity", "score", "mentions", "mixed"]
    return rows.loc[decided, [*columns, "target_text", "evidence", "rule"]].reset_index(drop=True)


def coarse_targets(codebook: Codebook | None = None) -> dict[str, str]:
    """Map each target of the codebook to the id of the coding manual under which it is counted.

    Parameters
    ----------
    codebook : Codebook, optional

    Returns
    -------
    dict

    Examples
    --------
    >>> coarse_targets()["afghan_people"]
    'afghan_government'
    """
    targets = (codebook or load_codebook()).stance.get("targets", {})
    return {name: keys.get("fold", name) for name, keys in targets.items()}


def stance_edges(stance: pd.DataFrame, *, fold: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Count who is for and against whom: one row per actor and target.

    Parameters
    ----------
    stance : DataFrame
        As `code_stance` makes it. Counts are of statements: mentions are made one by `stance_by_target` first.
    fold : mapping, optional
        As in `stance_by_target`.

    Returns
    -------
    DataFrame
        Sorted by actor and target: ``speaker_id`` (``"unknown"`` where there is none), ``target`` string;
        ``statements``, ``for_``, ``against``, ``neutral`` Int64; ``mean`` float64, mean polarity in [-1, 1].

    Examples
    --------
    >>> said = pd.DataFrame({"statement_id": ["s1"], "content": ["We thank the Afghan people."], "speaker_id": "NOR"})
    >>> stance_edges(code_stance(said))[["speaker_id", "target", "for_", "mean"]].values.tolist()
    [['NOR', 'afghan_people', 1, 1.0]]
    """
    rows = stance_by_target(stance, fold=fold).fillna({"speaker_id": "unknown"})
    rows = rows.assign(statements=1, **{name: rows["polarity"] == sign for name, sign in _SIGNS.items()})
    edges = rows.groupby(["speaker_id", "target"])[["statements", *_SIGNS]].sum().astype("Int64").reset_index()
    edges["mean"] = ((edges["for_"] - edges["against"]) / edges["statements"]).astype("float64")
    return edges
