"""Frames: code in statements who endangers whom, by what harm, how gravely, what is to be done, who is to blame."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import pandas as pd

from helpers.codebook.load import Codebook, added_names, load_codebook, reader_ids
from helpers.codebook.patterns import Hit, compile_patterns, find_hits, threat_entries
from helpers.coding.reader import Reader, Said, choose_reader, read_statements
from helpers.coding.reading import NO_PLACE, WITH_ROLES, Code, Reading, names_in, read, touches
from helpers.coding.variables import Coder, apply_coder
from helpers.inputs import check_columns, read_ids

LISTS = ("agents", "types", "referents", "measures", "blame")
SLOTS = ("severity", *LISTS, "denial")
_IF_THREAT = ("agents", "types", "referents")  # slots that say nothing without a threat claim
# Up to three words, none of them across a comma or an end, between a negation and what it negates.
_NEGATES = re.compile(r"(?:[^\w.,;:!?]{1,4}\w+){0,3}[^\w.,;:!?]{1,4}")

_COLUMNS = dict.fromkeys(("statement_id", "slot", "value", "text"), "string")
_COLUMNS |= {"content_start": "Int64", "content_end": "Int64", "negated": "boolean", "score": "float64"}
_COLUMNS |= {"rule": "string"}


def code_frames(
    statements: pd.DataFrame, *, codebook: Codebook | None = None, coder: str | Reader | Coder = "reader"
) -> pd.DataFrame:
    """Code threat frames: by the reader, by the rules of the codebook, or a variable of one's own.

    Parameters
    ----------
    statements : DataFrame
        ``statement_id`` and ``content``. Used where present: ``kind`` (``speech`` tells a speech from news),
        ``speaker``, ``speaker_name``, ``speaker_country`` (ISO 3166-1 alpha-3) and ``cue``: the reader is told who
        speaks, and whether harm to a State is harm to the speaker's own.
    codebook : Codebook, optional
        Default: the project's, `load_codebook()`. Names that it adds are coded under their own ids.
    coder : {"reader", "rules"}, Reader or Coder
        ``"reader"``: the shipped language model, see ``data/models/reader.json``. ``"rules"``: the patterns of
        ``threat.toml`` alone, a baseline that can be taken apart. Or what `load_reader`, `fit_coder` or `load_coder`
        returned; a Coder gives rows of its own variable only.

    Returns
    -------
    DataFrame
        One row per mention, in the order of the statements: ``statement_id`` string; ``slot`` string (``threat,
        severity, agents, types, referents, measures, blame, denial``); ``value`` string, an id of the codebook, ``1``
        for threat and denial, ``1`` to ``3`` for severity; ``text`` string, the words as they stand;
        ``content_start``, ``content_end`` Int64, half-open code points in ``content`` (NA for severity, which is coded
        for the whole statement); ``negated`` boolean, by the rules;
        ``score`` float64 in [0, 1], how probable the code is (NA by the rules); ``rule`` string, the entry of
        ``threat.toml`` that was found, or the name of the reader or coder. Agents, types, referents and severity are
        coded only beside a threat claim.

    Raises
    ------
    ValueError
        If a column is missing, ids repeat, a pattern cannot be read, or `coder` is none of the above.

    See Also
    --------
    frames_wide : one row per statement.

    Notes
    -----
    Slots and values follow the project's coding manual for threat framing. By the rules, a statement makes a threat
    claim when words of harm (entries ``severity.*``) stand in it that are not negated.

    Examples
    --------
    >>> said = pd.DataFrame({"statement_id": ["s1"], "content": ["Terrorism is a threat to the whole region."]})
    >>> code_frames(said)[["slot", "value", "text"]].head(1).values.tolist()
    [['threat', '1', 'threat']]
    >>> code_frames(said, coder="rules")[["slot", "value", "text"]].head(1).values.tolist()
    [['agents', 'terrorism', 'Terrorism']]
    """
    said, book = read_statements(statements), codebook or load_codebook()
    if isinstance(coder, Coder):
        coded = apply_coder(coder, said)
    elif reader := choose_reader(coder):
        coded = _by_reader(said, reader, book)
    else:
        coded = _by_rules(said, book)
    rows = [
        (one.statement, code.slot, code.value, *_words(one.text, code), code.negated, code.score, code.rule)
        for one, code in coded
    ]
    return pd.DataFrame(rows, columns=list(_COLUMNS)).astype(_COLUMNS)


def _by_reader(said: Iterable[Said], reader: Reader, book: Codebook) -> Iterator[tuple[Said, Code]]:
    added, ids = added_names(book), reader_ids(book)
    free = [keys.get("reads_as", kind) for kind, keys in book.threat["types"].items() if keys.get("without_threat")]
    for one in said:
        reading, names = read(reader, one.text, one.told), names_in(one.text, added)
        for code in decide_frames(reading, names=names, without_threat=free):
            value = ids.get((code.slot, code.value), code.value)
            yield one, code._replace(value=value, score=round(code.score, 3), rule=f"reader {reader.name}")


def decide_frames(reading: Reading, *, names: Sequence[Code] = (), without_threat: Collection[str] = ()) -> list[Code]:
    """Decide which frames follow from a reading.

    Parameters
    ----------
    reading : Reading
    names : sequence of Code
        Names of the researcher's own codebook: where such a name has a role, the code has its id.
    without_threat : collection of str
        Kinds of harm that are coded without a threat claim too.

    Returns
    -------
    list of Code
        Threat and severity first; agents, types, referents only beside a threat claim.
    """
    codes = _whole("threat", reading)
    claimed = bool(codes)
    if claimed:
        second, third = reading.chance("severity.2"), reading.chance("severity.3")
        severity = 1 + sum(chance >= reading.limits["severity"] for chance in (second, min(second, third)))
        sure = (1 - second, max(0.0, second - third), third)[severity - 1]
        codes.append(Code("severity", str(severity), *NO_PLACE, sure))
    codes += _whole("denial", reading)
    codes += [code for code in _whole("types", reading) if claimed or code.value in without_threat]
    codes += _whole("measures", reading)
    # What an added kind of harm or measure means only its patterns tell.
    codes += [name for name in names if name.slot == "measures" or (name.slot == "types" and claimed)]
    for slot in WITH_ROLES:
        if claimed or slot not in _IF_THREAT:
            codes += _with_roles(slot, reading, [name for name in names if name.slot == slot])
    return codes


def _whole(slot: str, reading: Reading) -> list[Code]:
    """Code the values of a slot that the whole statement decides, unless no word of it speaks for one."""
    return [
        Code(slot, output.partition(".")[2], *reading.words[output][:2], chance)
        for output, chance in zip(reading.outputs, reading.says.tolist(), strict=True)
        if output.startswith(f"{slot}.") and chance >= reading.limits[slot] and output in reading.words
    ]


def _with_roles(slot: str, reading: Reading, names: Sequence[Code]) -> list[Code]:
    """Code the values of a slot whose words have a role; a name that was added has its own id there."""
    sure = [role for role in reading.roles if role.slot == slot and role.score >= reading.limits[slot]]
    under = [(name, [role.score for role in sure if touches(role, name)]) for name in names]
    named = [name._replace(score=max(scores)) for name, scores in under if scores]
    return named + [role for role in sure if not any(touches(role, name) for name in names)]


def _by_rules(said: Iterable[Said], codebook: Codebook) -> Iterator[tuple[Said, Code]]:
    """Code the frames of statements by ``threat.toml``: each statement with its codes.

    Agents, types and referents count only beside words of harm that are not negated.
    """
    patterns = compile_patterns(threat_entries(codebook.threat))
    # What the name of a country is in a slot, whether it is the speaker's own or another.
    countries = {
        (slot, keys["names_country"] == "own"): value
        for slot in ("agents", "referents")
        for value, keys in codebook.threat.get(slot, {}).items()
        if "names_country" in keys
    }
    for one in said:
        hits = find_hits(one.text, patterns)
        negations = [hit for hit in hits if hit.entry.startswith("negation.")]
        found = [_code(hit, countries, one.told.country) for hit in hits]
        codes = [_negated(code, one.text, negations) for code in found if code.slot in SLOTS and code.value]
        for code in _counted(codes):
            yield one, code


def _code(hit: Hit, countries: Mapping[tuple[str, bool], str], own: str) -> Code:
    """Turn a hit into a code of its slot; without a value where it says nothing of the country that it names."""
    slot, _, value = hit.entry.rpartition(".")
    if hit.filler is None:
        return Code(slot, value, hit.start, hit.end, rule=hit.entry)
    slot = "referents" if slot == "harms" else slot
    kind, _, value = hit.filler.rpartition(".")
    if kind == "countries":
        # The speaker does not blame itself: its own name beside such a verb is a victim or a report.
        value = countries.get(("agents" if slot == "blame" else slot, value == own), "")
    return Code(slot, value, hit.filler_start, hit.filler_end, rule=hit.entry)


def _negated(code: Code, content: str, negations: Iterable[Hit]) -> Code:
    """Mark what a negation before it turns; none turns a denial or blame."""
    turned = any(_NEGATES.fullmatch(content, hit.end, code.start) for hit in negations)
    return code._replace(negated=turned and code.slot not in {"denial", "blame"})


def _counted(codes: list[Code]) -> list[Code]:
    """Keep what counts beside the words of harm, and say that there is a threat, and how grave."""
    harms = [code for code in codes if code.slot == "severity" and not code.negated]
    kept = [
        code._replace(slot="threat", value="1") if code.slot == "severity" else code
        for code in codes
        if harms or code.slot not in _IF_THREAT
    ]
    if harms:
        gravest = max(harms, key=lambda harm: (harm.value, -harm.start))
        kept.append(Code(gravest.slot, gravest.value, *NO_PLACE, rule=gravest.rule))
    # The same words may be found by name and by a phrase of harm around them: one row is enough.
    return list({code[:4]: code for code in reversed(kept)}.values())[::-1]


def _words(content: str, code: Code) -> tuple[str | None, int | None, int | None]:
    """Quote the words of a code; those of the whole statement have none."""
    return (None, None, None) if code.end < 0 else (content[code.start : code.end], code.start, code.end)


def frames_wide(frames: pd.DataFrame, statements: pd.DataFrame) -> pd.DataFrame:
    """Put the frames of each statement on one row.

    Parameters
    ----------
    frames : DataFrame
        From `code_frames`; negated rows do not count.
    statements : DataFrame
        ``statement_id``: each gives one row, in this order, with frames or without.

    Returns
    -------
    DataFrame
        ``statement_id`` string; ``threat, severity, denial`` Int8 (severity 0 to 3); ``agents, types, referents,
        measures, blame`` sorted tuples of distinct ids.

    Raises
    ------
    ValueError
        If a column is missing, ids repeat, or a frame belongs to no statement.

    Examples
    --------
    >>> said = pd.DataFrame({"statement_id": ["s1"], "content": ["Terrorism is a threat to the whole region."]})
    >>> frames_wide(code_frames(said), said)[["threat", "severity", "agents", "referents"]].values.tolist()
    [[1, 2, ('terrorism',), ('region',)]]
    """
    check_columns(frames, "statement_id", "slot", "value", "negated", name="frames")
    ids = read_ids(statements, "statement_id", name="statements")
    if unknown := sorted(set(frames["statement_id"]) - set(ids)):
        raise ValueError(f"frames name {len(unknown)} statements that are not in the table, first {unknown[0]!r}")
    counted = frames[~frames["negated"].astype(bool)]
    values = counted.groupby(["statement_id", "slot"])["value"].agg(set).to_dict()
    wide: dict[str, object] = {"statement_id": ids.reset_index(drop=True)}
    for slot in ("threat", "severity", "denial"):
        levels = [max((int(value) for value in values.get((statement, slot), ())), default=0) for statement in ids]
        wide[slot] = pd.Series(levels, dtype="Int8")
    for slot in LISTS:
        wide[slot] = pd.Series([tuple(sorted(values.get((statement, slot), ()))) for statement in ids], dtype=object)
    return pd.DataFrame(wide)
