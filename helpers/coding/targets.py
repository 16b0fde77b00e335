"""Find whom a statement is about: the targets of stance, as spans in its content."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from helpers.codebook.patterns import compile_patterns
from helpers.codebook.verbs import inflect
from helpers.coding.decisions import touches
from helpers.inputs import check_columns

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from helpers.codebook.match import Hit
    from helpers.codebook.patterns import Patterns


class Mention(NamedTuple):
    """A span that names a target: half-open offsets in the content, the target's id, and whose stance is asked.

    `country` is the code of the State that is named, if one is. `source_start` and `source_end` mark the one whose
    stance it is, where that is not the speaker of the statement.
    """

    start: int
    end: int
    target: str
    country: str = ""
    source_start: int = -1
    source_end: int = -1


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
    reach: float = 0


@dataclass(frozen=True, eq=False)
class StanceBook:
    """``stance.toml`` made ready for matching: holds nothing that changes.

    `targets` is what the codebook says of each; `named` has the entries of `patterns` that name somebody as keys, the
    target and the country of the name as values; `frames` has the entries that are words of stance.
    """

    settings: Mapping[str, float]
    targets: Mapping[str, Mapping[str, Any]]
    named: Mapping[str, tuple[str, str]]
    frames: Mapping[str, Frame]
    patterns: Patterns

    def fold(self, target: str) -> str:
        """Return the id under which a target is counted."""
        return str(self.targets[target].get("fold", target))

    def is_proper(self, mention: Mention) -> bool:
        """Tell whether a mention is a proper name."""
        return bool(self.targets[mention.target].get("proper"))

    def meant(self, target: str, date: str) -> str:
        """Return who a name means on an ISO date: some mean somebody else after a day."""
        keys = self.targets[target]
        return str(keys["then"]) if "until" in keys and date > str(keys["until"]) else target


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
    forms = inflect(head, [form.split(" ")[0] for form in irregular])
    return f"({'|'.join(form for form, _ in forms)})" + blank + tail


def stance_book(table: Mapping[str, Any]) -> StanceBook:
    """Make a codebook's stance table ready for matching.

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
    entries: dict[str, Mapping[str, Any]] = {}
    named, frames = dict[str, tuple[str, str]](), dict[str, Frame]()
    targets = table.get("targets", {})
    for name, keys in targets.items():
        entries[f"target:{name}.name"], named[f"target:{name}.name"] = keys, (name, keys.get("country", ""))
        for code, names in table.get("states", {}).items() if keys.get("any_state") else ():
            entries[f"target:{name}.{code}"] = {"patterns": names.split("|")}
            named[f"target:{name}.{code}"] = (name, code)
    for kind in ("verbs", "phrases", "attributes", "shifters"):
        for name, keys in table.get(kind, {}).items():
            entry = f"{'shift' if kind == 'shifters' else 'cue'}.{kind}:{name}"
            words = [forms_of(word) if kind == "verbs" else word for word in keys.get("words", ())]
            entries[entry] = {"patterns": [*keys.get("patterns", ()), *words]}
            known = {key: value for key, value in keys.items() if key in Frame.__dataclass_fields__}
            frames[entry] = Frame(f"{kind}.{name}", kind, **known)
    return StanceBook(table.get("settings", {}), targets, named, frames, compile_patterns(entries))


def mentions_among(hits: Iterable[Hit], book: StanceBook) -> list[Mention]:
    """Pick the mentions of targets from what the codebook found in one statement, the longest where they overlap.

    Parameters
    ----------
    hits : iterable of Hit
        As `helpers.codebook.match.find_hits` gives them.
    book : StanceBook

    Returns
    -------
    list of Mention
        By start; those inside a longer name are left out, unless they are proper names and it is not.
    """
    kept: list[Mention] = []
    named = [Mention(hit.start, hit.end, *book.named[hit.entry]) for hit in hits if hit.entry in book.named]
    for one in sorted(named, key=lambda one: (one.start - one.end, *one)):
        over = [other for other in kept if touches(one, other)]
        # "Peace in Afghanistan" names two; "Islamic State in Iraq" names one.
        if not over or (book.is_proper(one) and not any(map(book.is_proper, over))):
            kept.append(one)
    return sorted(kept)


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
    check_columns(targets, "statement_id", "target", "start", "end", name="targets")
    found: defaultdict[str, list[Mention]] = defaultdict(list)
    wanted = targets.reindex(columns=["statement_id", "target", "start", "end", "source_start", "source_end"])
    for statement, target, *offsets in wanted.astype(object).itertuples(index=False):
        start, end, from_, to = (-1 if pd.isna(offset) else int(offset) for offset in offsets)
        length = lengths.get(str(statement))
        if length is None:
            raise ValueError(f"targets name the statement {statement!r}, which is not among the statements")
        if not (0 <= start < end <= length and (from_ < 0 or from_ < to <= length)):
            raise ValueError(
                f"targets mark {(start, end)} in statement {statement!r} of {length} characters: "
                "a span is half-open and lies inside the content"
            )
        found[str(statement)].append(Mention(start, end, str(target), source_start=from_, source_end=to))
    return found
