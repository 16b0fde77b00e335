"""Find whom a statement is about: the targets of stance, as spans in its content."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from helpers.codebook.patterns import compile_patterns

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from helpers.codebook.match import Hit
    from helpers.codebook.patterns import Patterns


class Mention(NamedTuple):
    """A span that names a target: half-open offsets in the content, the target's id, and whose stance is asked.

    `source_start` and `source_end` mark the one whose stance it is, where that is not the speaker of the statement.
    """

    start: int
    end: int
    target: str
    source_start: int = -1
    source_end: int = -1


@dataclass(frozen=True)
class Target:
    """What the codebook says of one target: see the head of ``stance.toml`` for the keys."""

    country: str = ""
    fold: str = ""
    until: str = ""
    then: str = ""
    only_with_words: bool = False
    proper: bool = False


@dataclass(frozen=True)
class Frame:
    """How a group of words gives polarity to who stands beside it: see ``stance.toml`` for the keys."""

    name: str
    kind: str
    object: float = 0.0
    subject: float = 0.0
    polarity: float = 0.0
    after: bool = False
    holds_negation: bool = False
    negates: bool = False
    verdict: bool = False
    reach: int = 0


@dataclass(frozen=True, eq=False)
class StanceBook:
    """``stance.toml`` made ready for matching: holds nothing that changes."""

    settings: Mapping[str, float]
    targets: Mapping[str, Target]
    states: Mapping[str, str]
    frames: Mapping[str, Frame]
    patterns: Patterns


def forms_of(verb: str) -> str:
    """Write a verb's pattern from its base form; irregular forms follow with a bar.

    Examples
    --------
    >>> forms_of("root out")
    '(root|roots|rooted|rooting) out'
    >>> forms_of("fight|fought")
    '(fight|fights|fought|fighting)'
    """
    base, *irregular = verb.split("|")
    head, blank, tail = base.partition(" ")
    given = [form.split(" ")[0] for form in irregular]
    stem = head[:-1] if head.endswith("e") and not head.endswith(("ee", "oe", "ye")) else head
    soft = head.endswith("y") and head[-2:-1] not in "aeiou"
    third = head[:-1] + "ies" if soft else head + ("es" if head.endswith(("s", "x", "z", "ch", "sh", "o")) else "s")
    past = given or [head[:-1] + "ied" if soft else stem + "ed"]
    ing = [] if any(form.endswith("ing") for form in given) else [stem + "ing"]
    return f"({'|'.join(dict.fromkeys([head, third, *past, *ing]))})" + blank + tail


def _unfolded(pattern: str) -> list[str]:
    """Write a pattern that begins with an optional bracket as two: each is then looked up by its own first words."""
    close = pattern.find(")?")
    if not pattern.startswith("(") or close < 0 or "(" in pattern[1:close] or not pattern[close + 2 :].strip():
        return [pattern]
    return [pattern[: close + 1] + pattern[close + 2 :], *_unfolded(pattern[close + 2 :].strip())]


def stance_book(table: Mapping[str, Any]) -> StanceBook:
    """Make a codebook's stance table ready for matching; the same table gives the same object in a session.

    Parameters
    ----------
    table : mapping
        ``load_codebook().stance``.

    Returns
    -------
    StanceBook

    Raises
    ------
    ValueError
        If a pattern cannot be read; the message names the entry.
    """
    # The text of the table is the key under which it is kept: tables are dicts and cannot be one.
    return _stance_book(json.dumps(table, default=str))


@functools.lru_cache(maxsize=8)
def _stance_book(text: str) -> StanceBook:
    table = json.loads(text)
    entries: dict[str, dict[str, Any]] = {}
    targets: dict[str, Target] = {}
    for name, keys in table.get("targets", {}).items():
        unfolded = [shorter for pattern in keys.get("patterns", ()) for shorter in _unfolded(pattern)]
        entries[f"target:{name}.name"] = {"patterns": unfolded, "guards": keys.get("guards", ())}
        targets[name] = Target(
            country=str(keys.get("country", "")),
            fold=str(keys.get("fold", name)),
            until=str(keys.get("until", "")),
            then=str(keys.get("then", "")),
            only_with_words=bool(keys.get("only_with_words", False)),
            proper=bool(keys.get("proper", False)),
        )
    states = {}
    any_state = next((name for name, keys in table.get("targets", {}).items() if keys.get("any_state")), "")
    for code, names in table.get("states", {}).items() if any_state else ():
        entries[f"target:{any_state}.{code}"] = {"patterns": names.split("|")}
        states[f"target:{any_state}.{code}"] = code
    frames: dict[str, Frame] = {}
    for kind in ("verbs", "phrases", "attributes", "shifters"):
        for name, keys in table.get(kind, {}).items():
            layer = "shift." if kind == "shifters" else "cue."
            patterns = list(keys.get("patterns", ())) + [
                forms_of(word) if kind == "verbs" else word for word in keys.get("words", ())
            ]
            entries[f"{layer}{kind}:{name}"] = {"patterns": patterns}
            wanted = {key: keys[key] for key in Frame.__dataclass_fields__ if key in keys}
            frames[f"{layer}{kind}:{name}"] = Frame(f"{kind}.{name}", kind, **wanted)
    return StanceBook(table.get("settings", {}), targets, states, frames, compile_patterns(entries))


def mentions_among(hits: Iterable[Hit], book: StanceBook, *, country: str, date: str) -> list[Mention]:
    """Pick the mentions of targets from what the codebook found in one statement, the longest where they overlap.

    Parameters
    ----------
    hits : iterable of Hit
        As `helpers.codebook.match.find_hits` gives them.
    book : StanceBook
    country : str
        ISO code of the speaker's State, or ``""``: one's own State is no target.
    date : str
        ISO date of the statement, or ``""``: some names mean somebody else after a date.

    Returns
    -------
    list of Mention
        By start; those inside a longer name are left out, unless they are proper names and it is not.
    """
    kept: list[tuple[int, int, str, str]] = []
    named = [hit for hit in hits if hit.entry.startswith("target:")]
    for hit in sorted(named, key=lambda hit: (hit.start - hit.end, hit.start, hit.entry)):
        name = hit.entry.rpartition(".")[0].removeprefix("target:")
        over = [other for start, end, _, other in kept if hit.start < end and start < hit.end]
        # "Peace in Afghanistan" names two; "Islamic State in Iraq" names one.
        if not over or (book.targets[name].proper and not any(book.targets[other].proper for other in over)):
            kept.append((hit.start, hit.end, hit.entry, name))
    found = []
    for start, end, entry, name in sorted(kept):
        target = book.targets[name]
        if country and country in {target.country, book.states.get(entry)}:
            continue
        later = bool(target.until) and bool(date) and date > target.until
        found.append(Mention(start, end, target.then if later else name))
    return found


def own_state(hits: Iterable[Hit], book: StanceBook, country: str) -> list[tuple[int, int]]:
    """Return where the codebook finds the speaker's own State, which is no target."""
    found = []
    for hit in hits:
        target = book.targets.get(hit.entry.rpartition(".")[0].removeprefix("target:"))
        if country and target is not None and country in {target.country, book.states.get(hit.entry)}:
            found.append((hit.start, hit.end))
    return found


def marked_mentions(targets: pd.DataFrame, lengths: Mapping[str, int]) -> dict[str, list[Mention]]:
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
    missing = [name for name in ("statement_id", "target", "start", "end") if name not in targets]
    if missing:
        message = f"targets lack {missing}: give a table with 'statement_id', 'target', 'start' and 'end'"
        raise ValueError(message)
    found: dict[str, list[Mention]] = {}
    ids = targets["statement_id"].astype("string").tolist()
    columns = [ids, *(targets[name].tolist() for name in ("target", "start", "end"))]
    sources = [
        targets[name].astype("Int64").fillna(-1).tolist() if name in targets else [-1] * len(targets)
        for name in ("source_start", "source_end")
    ]
    for statement, target, start, end, from_, to in zip(*columns, *sources, strict=True):
        if statement not in lengths:
            message = f"targets name the statement {statement!r}, which is not among the statements"
            raise ValueError(message)
        if not (0 <= start < end <= lengths[statement] and (from_ < 0 or from_ < to <= lengths[statement])):
            message = (
                f"targets mark {(start, end)} in statement {statement!r} of {lengths[statement]} characters: "
                "a span is half-open and lies inside the content"
            )
            raise ValueError(message)
        mention = Mention(int(start), int(end), str(target), int(from_), int(to))
        found.setdefault(str(statement), []).append(mention)
    return found
