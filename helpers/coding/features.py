"""What a fitted frame coder looks at: words, codebook hits, and what stands around each candidate."""

from __future__ import annotations

import math
import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from helpers.codebook.match import find_hits
from helpers.coding.frames import IF_THREAT, LISTS, Mention, frame_mentions, harms_among
from helpers.coding.word_vectors import words_in

if TYPE_CHECKING:
    from helpers.codebook.match import Hit
    from helpers.codebook.patterns import Patterns
    from helpers.coding.word_vectors import WordVectors

Features = dict[str, float]
Floats = npt.NDArray[np.float64]
_TOKEN = re.compile(r"\w+")
_AROUND = re.compile(r"\w+(?:['’]s)?|[^\w\s]")
_STOP = re.compile(r"[.!?;][\"”’)]*\s")
# Hits are many and words are thousands: these keep one kind from drowning the other under one penalty.
_HITS, _WORDS, NEAR, _WHOLE = 0.35, 3.0, 0.5, 1.5
_BESIDE, _FIRST = 7, 4  # words on each side, and mentions, that word vectors look at
_PLACES = 3  # words on each side that count with their place


class Reading(NamedTuple):
    """One statement as a coder reads it: `direction` and `company` are empty without word vectors."""

    content: str
    reported: bool
    country: str | None
    mentions: list[Mention]
    harms: list[Mention]
    voices: list[Hit]
    candidates: dict[tuple[str, str], list[Mention]]
    unit: Features
    direction: Floats
    around: dict[Mention, frozenset[str]]
    company: dict[tuple[int, int], Floats]


def read_statement(
    content: str, country: str | None, patterns: Patterns, vectors: WordVectors | None, *, reported: bool
) -> Reading:
    """Find mentions, candidates and the features of the whole statement.

    Every feature of a statement that is reported (in news) stands there twice, the second time under a name of its
    own: what words say in general and what they say in news are then learnt side by side (Daumé III, 2007,
    "Frustratingly easy domain adaptation").
    """
    hits = find_hits(content, patterns)
    mentions = frame_mentions(hits, content, country)
    voices = [hit for hit in hits if hit.entry.startswith("voice.")]
    candidates = _candidates(mentions, hits, country)
    harms = harms_among(mentions)
    stops = [0, *(stop.end() for stop in _STOP.finditer(content)), len(content)]
    unit = _unit_features(content, mentions, harms, voices, candidates, stops)
    if reported:
        unit |= {f"news {name}": size for name, size in unit.items()} | {"news": 1.0}
    direction = np.zeros(0)
    company: dict[tuple[int, int], Floats] = {}
    if vectors is not None:
        words = words_in(content)
        direction = _WHOLE * vectors.mean(words, vectors.rarity(words))
        company = _company(
            content, sorted({(one.start, one.end) for some in candidates.values() for one in some}), vectors
        )
    around = {
        one: _near_features(content, one, harms, voices, stops)
        for one in {one._replace(slot="", value="") for some in candidates.values() for one in some}
    }
    return Reading(content, reported, country, mentions, harms, voices, candidates, unit, direction, around, company)


def _candidates(mentions: list[Mention], hits: list[Hit], country: str | None) -> dict[tuple[str, str], list[Mention]]:
    """Gather all words that could speak for a value: what the rules count, hints, countries, causes."""
    found: dict[tuple[str, str], list[Mention]] = {}
    for mention in mentions:
        if mention.slot in LISTS:
            found.setdefault((mention.slot, mention.value), []).append(mention)
    for hit in hits:
        for slot, value, rule in _could_be(hit, country):
            found.setdefault((slot, value), []).append(
                Mention(slot, value, hit.start, hit.end, negated=False, rule=rule)
            )
    return found


def _could_be(hit: Hit, country: str | None) -> list[tuple[str, str, str]]:
    layer, _, value = hit.entry.rpartition(".")
    if layer == "countries" and value == country:
        return [("referents", "own_state", "country"), ("measures", "own_effort", "own country")]
    if layer == "countries":
        return [("referents", "other_state", "country"), ("agents", "state", "country"), ("blame", "state", "country")]
    if layer.startswith("hints."):
        slots = ["agents", "blame"] if layer == "hints.agents" else [layer.removeprefix("hints.")]
        return [(slot, value, "hint " + hit.rule) for slot in slots]
    if layer in {"agents", "causes"}:
        return [("blame", value, hit.rule)]
    taken_up = {
        "voice.world": [("blame", "international_community", hit.rule)],
        "voice.that_evil": [("agents", "terrorism", "that evil")],
    }
    return taken_up.get(hit.entry, [])


def _unit_features(  # noqa: PLR0913, PLR0917 - all that was read of a statement
    content: str,
    mentions: list[Mention],
    harms: list[Mention],
    voices: list[Hit],
    candidates: dict[tuple[str, str], list[Mention]],
    stops: list[int],
) -> Features:
    words = [token.lower() for token in _TOKEN.findall(content)]
    grams = set(words) | {f"{a} {b}" for a, b in pairwise(words)}
    share = _WORDS / math.sqrt(len(grams) or 1)
    found: Features = {"w:" + gram: share for gram in grams}
    counts: dict[str, int] = {}
    for mention in mentions:
        turned = "not " if mention.negated else ""
        name = f"{turned}{mention.slot}.{mention.value}"
        counts[name] = counts.get(name, 0) + 1
        found[f"r:{name}:{mention.rule}"] = _HITS
    for name, count in counts.items():
        found["v:" + name] = _HITS * math.log1p(count)
    for slot, value in candidates:
        found[f"c:{slot}.{value}"] = _HITS
    for voice in voices:
        found["u:" + voice.entry] = _HITS
    found[f"gravest:{max((harm.value for harm in harms), default='0')}"] = _HITS
    found[f"harms:{min(len(harms), 4)}"] = _HITS
    for mention in mentions:
        if mention.slot in IF_THREAT:
            at = sum(stop <= mention.start for stop in stops)
            near = max((h.value for h in harms if sum(stop <= h.start for stop in stops) == at), default="0")
            found[f"s:{mention.slot}.{mention.value}:{near}"] = _HITS
    return found


def candidate_features(reading: Reading, slot: str, value: str) -> set[str]:
    """Describe the mentions that speak for one value: their words, neighbours, harms and voices near by."""
    mentions = reading.candidates.get((slot, value), [])
    names = {"given", "value=" + value}
    if not mentions:
        return names | {"none", f"{value}|none"}
    names |= {f"n={min(len(mentions), 3)}", f"{value}|n={min(len(mentions), 2)}"}
    names.add(f"{value}|named={not all(is_hint(mention) for mention in mentions)}")
    for mention in named_first(mentions):
        near = near_features(reading, mention)
        names |= near
        names |= {f"{value}|{name}" for name in near if name[:2] in {"V:", "VN", "k="}}
    for other, seen in reading.candidates:
        if other in {slot, "agents"} or (other == "types" and slot in {"referents", "blame"}):
            names.add(f"{value}|with {other}.{seen}")
    for voice in reading.voices:
        names |= {voice.entry, f"{value}|{voice.entry}"}
    gravest = max((harm.value for harm in reading.harms), default="0")
    return names | {f"harms={min(len(reading.harms), 4)}", f"gravest={gravest}", f"{value}|gravest={gravest}"}


def candidate_company(reading: Reading, slot: str, value: str) -> Floats | None:
    """Return the mean word vectors around the first mentions that speak for a value; nothing where there are none."""
    mentions = named_first(reading.candidates.get((slot, value), []))[:_FIRST]
    if not mentions or not reading.company:
        return None
    mean: Floats = np.mean([reading.company[one.start, one.end] for one in mentions], axis=0)
    return mean


def named_first(mentions: list[Mention]) -> list[Mention]:
    """Leave hints such as "we" out where something better is named: they blur what stands around the good ones."""
    return [mention for mention in mentions if not is_hint(mention)] or mentions


def is_hint(mention: Mention) -> bool:
    """Tell whether a mention is a vague word, which speaks only where there is nothing better."""
    return mention.rule.startswith("hint ")


def near_features(reading: Reading, mention: Mention) -> frozenset[str]:
    """Describe what stands around one mention, whatever it speaks for."""
    return reading.around[mention._replace(slot="", value="")]


def _company(content: str, spans: list[tuple[int, int]], vectors: WordVectors) -> dict[tuple[int, int], Floats]:
    """Describe by word vectors what stands before each span, after it, and its own words, side by side."""
    starts, rows = vectors.placed(content)
    sums = np.vstack([np.zeros(vectors.table.shape[1]), np.cumsum(vectors.table[rows] * (rows >= 0)[:, None], axis=0)])
    known = np.concatenate([[0], np.cumsum(rows >= 0)])
    first, last = np.searchsorted(starts, np.array(spans, dtype=np.int64).reshape(-1, 2).T)
    edges = [(np.maximum(first - _BESIDE, 0), first), (last, np.minimum(last + _BESIDE, len(starts))), (first, last)]
    parts = []
    for low, high in edges:
        total = (sums[high] - sums[low]) * (known[high] > known[low])[:, None]
        length = np.linalg.norm(total, axis=1, keepdims=True)
        parts.append(total / np.where(length > 0, length, 1.0))
    return dict(zip(spans, np.hstack(parts), strict=True))


def _near_features(
    content: str, mention: Mention, harms: list[Mention], voices: list[Hit], stops: list[int]
) -> frozenset[str]:
    start, end = mention.start, mention.end
    before = [token.lower() for token in _AROUND.findall(content[max(0, start - 40) : start])][-_PLACES:]
    after = [token.lower() for token in _AROUND.findall(content[end : end + 40])][:_PLACES]
    kind = mention.rule.partition(" ")[0] if mention.rule.startswith(("hint ", "country", "own ", "that ")) else "rule"
    names = {f"k={kind}{' not' if mention.negated else ''}", "r=" + mention.rule}
    names |= {f"p{at}={word}" for at, word in enumerate(reversed(before))}
    names |= {f"q{at}={word}" for at, word in enumerate(after)}
    words = " ".join(content[start:end].lower().split())
    names |= {"words=" + words, "last=" + words.rpartition(" ")[2]}
    left = max(stop for stop in stops if stop <= start)
    right = min((stop for stop in stops if stop >= end), default=len(content))
    names |= {f"first={left == 0}", f"opens={start - left < 15}"}  # noqa: PLR2004 - about two words into the sentence
    count = 0
    for harm in harms:
        if not left <= harm.start < right:
            continue
        count += 1
        side, distance = _where(harm.start, harm.end, start, end)
        far = sum(distance >= limit for limit in (8, 25, 60))
        names |= {f"h{side}{far}", f"h{side}{far}:{harm.value}"}
        if far < 3:  # noqa: PLR2004 - the farthest step tells nothing of the word itself
            names.add(f"h{side}={' '.join(content[harm.start : harm.end].lower().split())}")
    names.add(f"near={min(count, 2)}")
    for voice in voices:
        if left <= voice.start < right:
            side, distance = _where(voice.start, voice.end, start, end)
            names.add(f"V:{side}={voice.entry}")
            if distance < 30:  # noqa: PLR2004 - about five words
                names.add(f"VN:{side}={voice.entry}")
    return frozenset(names)


def _where(start: int, end: int, of_start: int, of_end: int) -> tuple[str, int]:
    if end <= of_start:
        return "L", of_start - end
    if start >= of_end:
        return "R", start - of_end
    return "I", 0
