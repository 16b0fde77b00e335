"""Frame rules: turn the codebook's hits in a statement into the frames that they indicate, without any model."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from helpers.codebook.match import find_hits
from helpers.codebook.patterns import compile_patterns, threat_entries
from helpers.coding.decisions import IF_THREAT
from helpers.coding.reading import NO_PLACE, Code

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from helpers.codebook.load import Codebook
    from helpers.codebook.match import Hit
    from helpers.coding.reader import Said

_SLOTS = ("severity", "denial", "agents", "types", "referents", "measures", "blame")
# Up to three words, none of them across a comma or an end, between a negation and what it negates.
_NEGATES = re.compile(r"(?:[^\w.,;:!?]{1,4}\w+){0,3}[^\w.,;:!?]{1,4}")


def by_rules(said: Iterable[Said], codebook: Codebook) -> Iterator[tuple[Said, Code]]:
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
        codes = [_negated(code, one.text, negations) for code in found if code.slot in _SLOTS and code.value]
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
    gaps = [(hit.end, code.start) for hit in negations if hit.end <= code.start]
    turned = code.slot not in {"denial", "blame"} and any(_NEGATES.fullmatch(content, *gap) for gap in gaps)
    return code._replace(negated=turned)


def _counted(codes: list[Code]) -> list[Code]:
    """Keep what counts beside the words of harm, and say that there is a threat, and how grave."""
    harms = [code for code in codes if code.slot == "severity" and not code.negated]
    kept = [
        code._replace(slot="threat", value="1") if code.slot == "severity" else code
        for code in codes
        if harms or code.slot not in IF_THREAT
    ]
    if harms:
        gravest = max(harms, key=lambda harm: (harm.value, -harm.start))
        kept.append(Code(gravest.slot, gravest.value, *NO_PLACE, rule=gravest.rule))
    # The same words may be found by name and by a phrase of harm around them: one row is enough.
    return list({code[:4]: code for code in reversed(kept)}.values())[::-1]
