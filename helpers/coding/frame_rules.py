"""Frame rules: turn the codebook's hits in a statement into the frames that they indicate, without any model."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from helpers.codebook.patterns import compile_patterns, entries_of
from helpers.coding.decisions import IF_THREAT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from helpers.codebook.load import Codebook
    from helpers.codebook.match import Hit
    from helpers.codebook.patterns import Patterns

_SLOTS = ("severity", "denial", "agents", "types", "referents", "measures", "blame")
# Up to three words, none of them across a comma or an end, between a negation and what it negates.
_NEGATES = re.compile(r"(?:[^\w.,;:!?]{1,4}\w+){0,3}[^\w.,;:!?]{1,4}")


class Mention(NamedTuple):
    """Words that speak for one value of one slot; offsets of -1 where the whole statement does."""

    slot: str
    value: str
    start: int
    end: int
    negated: bool
    rule: str


def threat_patterns(codebook: Codebook) -> Patterns:
    """Compile ``threat.toml``; each country is an entry of the layer ``countries``."""
    entries: dict[str, Mapping[str, Any]] = dict(entries_of(codebook.threat))
    entries |= {f"hints.{name}": {"patterns": entry["hints"]} for name, entry in entries.items() if "hints" in entry}
    countries = codebook.threat.get("countries", {}).items()
    return compile_patterns(entries | {f"countries.{code}": {"patterns": names} for code, names in countries})


def frame_mentions(hits: Iterable[Hit], content: str, country: str | None) -> list[Mention]:
    """Read the hits of one statement as mentions of slots and values.

    Parameters
    ----------
    hits : iterable of Hit
        What `helpers.codebook.match.find_hits` found with `threat_patterns`.
    content : str
    country : str or None
        ISO 3166-1 alpha-3 code of the speaker's country, which alone can be ``own_state`` by name.

    Returns
    -------
    list of Mention
        All candidates, whether or not the statement makes a threat claim.
    """
    found = list(hits)
    negations = [hit for hit in found if hit.entry.startswith("negation.")]
    mentions = []
    for hit in found:
        layer, _, value = hit.entry.rpartition(".")
        start, end, slot = hit.start, hit.end, layer
        if hit.filler is not None:
            kind, _, value = hit.filler.rpartition(".")
            start, end = hit.filler_start, hit.filler_end
            slot = "referents" if layer == "harms" else layer
            if kind == "countries" and slot == "referents":
                value = "own_state" if value == country else "other_state"
            elif kind == "countries":
                # The speaker does not blame itself: its own name beside such a verb is a victim or a report.
                if value == country:
                    continue
                value = "state"
        if slot not in _SLOTS:
            continue
        negated = slot not in {"denial", "blame"} and any(
            no.end <= start and _NEGATES.fullmatch(content, no.end, start) for no in negations
        )
        mentions.append(Mention(slot, value, start, end, negated, hit.entry))
    return mentions


def by_rules(mentions: list[Mention]) -> list[Mention]:
    """Keep what counts: agents, types and referents only beside words of harm that are not negated."""
    harms = [mention for mention in mentions if mention.slot == "severity" and not mention.negated]
    kept = []
    for mention in mentions:
        if mention.slot == "severity":
            kept.append(mention._replace(slot="threat", value="1"))
        elif harms or mention.slot not in IF_THREAT:
            kept.append(mention)
    if harms:
        gravest = max(harms, key=lambda harm: (harm.value, -harm.start))
        kept.append(gravest._replace(start=-1, end=-1))
    # The same words may be found by name and by a phrase of harm around them: one row is enough.
    return list({mention[:4]: mention for mention in reversed(kept)}.values())[::-1]
