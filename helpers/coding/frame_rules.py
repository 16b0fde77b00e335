"""Frame rules: turn the codebook's hits in a statement into the frames that they indicate, without any model."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from helpers.codebook.match import find_hits
from helpers.codebook.patterns import compile_patterns, threat_entries
from helpers.coding.decisions import IF_THREAT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from helpers.codebook.load import Codebook
    from helpers.codebook.patterns import Patterns

_SLOTS = ("severity", "denial", "agents", "types", "referents", "measures", "blame")
# Up to three words, none of them across a comma or an end, between a negation and what it negates.
_NEGATES = re.compile(r"(?:[^\w.,;:!?]{1,4}\w+){0,3}[^\w.,;:!?]{1,4}")


class Finding(NamedTuple):
    """Words that speak for one value of one slot; offsets of -1 where the whole statement does."""

    slot: str
    value: str
    start: int
    end: int
    negated: bool
    rule: str


class ThreatBook(NamedTuple):
    """``threat.toml`` made ready for matching, and what the name of a country is in each slot.

    `countries` has a slot and whether the country is the speaker's own as a key, and an id as a value.
    """

    patterns: Patterns
    countries: Mapping[tuple[str, bool], str]


def threat_book(codebook: Codebook) -> ThreatBook:
    """Compile ``threat.toml``."""
    countries = {
        (slot, keys["names_country"] == "own"): value
        for slot in ("agents", "referents")
        for value, keys in codebook.threat.get(slot, {}).items()
        if "names_country" in keys
    }
    return ThreatBook(compile_patterns(threat_entries(codebook.threat)), countries)


def find_frames(content: str, book: ThreatBook, country: str | None) -> list[Finding]:
    """Find what speaks for the values of slots in one statement.

    Parameters
    ----------
    content : str
    book : ThreatBook
    country : str or None
        ISO 3166-1 alpha-3 code of the speaker's country, whose name is never to blame.

    Returns
    -------
    list of Finding
        All candidates, whether or not the statement makes a threat claim.
    """
    found = find_hits(content, book.patterns)
    negations = [hit for hit in found if hit.entry.startswith("negation.")]
    findings = []
    for hit in found:
        layer, _, value = hit.entry.rpartition(".")
        start, end, slot = hit.start, hit.end, layer
        if hit.filler is not None:
            kind, _, value = hit.filler.rpartition(".")
            start, end = hit.filler_start, hit.filler_end
            slot = "referents" if layer == "harms" else layer
            if kind == "countries":
                # The speaker does not blame itself: its own name beside such a verb is a victim or a report.
                named = book.countries.get(("agents" if slot == "blame" else slot, value == country))
                if named is None:
                    continue
                value = named
        if slot not in _SLOTS:
            continue
        negated = slot not in {"denial", "blame"} and any(
            no.end <= start and _NEGATES.fullmatch(content, no.end, start) for no in negations
        )
        findings.append(Finding(slot, value, start, end, negated, hit.entry))
    return findings


def by_rules(findings: list[Finding]) -> list[Finding]:
    """Keep what counts: agents, types and referents only beside words of harm that are not negated."""
    harms = [one for one in findings if one.slot == "severity" and not one.negated]
    kept = []
    for one in findings:
        if one.slot == "severity":
            kept.append(one._replace(slot="threat", value="1"))
        elif harms or one.slot not in IF_THREAT:
            kept.append(one)
    if harms:
        gravest = max(harms, key=lambda harm: (harm.value, -harm.start))
        kept.append(gravest._replace(start=-1, end=-1))
    # The same words may be found by name and by a phrase of harm around them: one row is enough.
    return list({one[:4]: one for one in reversed(kept)}.values())[::-1]
