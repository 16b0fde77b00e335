"""What a fitted frame coder looks at: words, codebook hits, and the words around each candidate."""

from __future__ import annotations

import math
import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from helpers.framing import LISTS, Mention, frame_mentions
from helpers.hits import find_hits
from helpers.word_vectors import words_in

if TYPE_CHECKING:
    import numpy.typing as npt

    from helpers.hits import Hit
    from helpers.patterns import Patterns
    from helpers.word_vectors import WordVectors

Features = dict[str, float]
_TOKEN = re.compile(r"\w+")
_AROUND = re.compile(r"\w+(?:['’]s)?|[^\w\s]")
_STOP = re.compile(r"[.!?;][\"”’)]*\s")
# Hits are many and words are thousands: these keep one kind from drowning the other under one penalty.
_HITS, _WORDS, _NEAR, _WHOLE = 0.35, 3.0, 0.5, 1.5
_SIGHT, _BESIDE, _FIRST = 80, 7, 4  # characters and words on each side, and mentions, that word vectors look at


class Reading(NamedTuple):
    """One statement as a coder reads it."""

    content: str
    mentions: list[Mention]
    voices: list[Hit]
    candidates: dict[tuple[str, str], list[Mention]]
    unit: Features
    company: dict[tuple[int, int], npt.NDArray[np.float64]]


def read_statement(content: str, country: str | None, patterns: Patterns, vectors: WordVectors | None) -> Reading:
    """Find mentions, candidates and the features of the whole statement."""
    hits = find_hits(content, patterns)
    mentions = frame_mentions(hits, content, country)
    voices = [hit for hit in hits if hit.entry.startswith("voice.")]
    candidates = _candidates(mentions, hits, country)
    unit = _unit_features(content, mentions, voices, candidates)
    if vectors is not None:
        words = words_in(content)
        unit |= _numbered("x", vectors.mean(words, vectors.rarity(words)), _WHOLE)
    # Many slots look at the same words, so their company is looked up once.
    spans = {(one.start, one.end) for some in candidates.values() for one in some} if vectors else set()
    company = {span: _company(content, *span, vectors) for span in sorted(spans)} if vectors else {}
    return Reading(content, mentions, voices, candidates, unit, company)


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
        return [(layer.removeprefix("hints."), value, "hint " + hit.rule)]
    if layer in {"agents", "causes"}:
        return [("blame", value, hit.rule)]
    taken_up = {
        "voice.world": [("blame", "international_community", hit.rule)],
        "voice.that_evil": [("agents", "terrorism", "that evil")],
    }
    return taken_up.get(hit.entry, [])


def _unit_features(
    content: str,
    mentions: list[Mention],
    voices: list[Hit],
    candidates: dict[tuple[str, str], list[Mention]],
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
    harms = [mention for mention in mentions if mention.slot == "severity" and not mention.negated]
    found[f"gravest:{max((harm.value for harm in harms), default='0')}"] = _HITS
    found[f"harms:{min(len(harms), 4)}"] = _HITS
    stops = [stop.end() for stop in _STOP.finditer(content)]
    for mention in mentions:
        if mention.slot in {"agents", "types", "referents"}:
            at = sum(stop <= mention.start for stop in stops)
            near = max((h.value for h in harms if sum(stop <= h.start for stop in stops) == at), default="0")
            found[f"s:{mention.slot}.{mention.value}:{near}"] = _HITS
    return found


def candidate_features(reading: Reading, slot: str, value: str, mentions: list[Mention]) -> Features:
    """Describe the mentions that speak for one value: their words, neighbours, harms and voices near by."""
    names = {"given", "value=" + value}
    if not mentions:
        return dict.fromkeys((*names, "none", f"{value}|none"), _NEAR)
    names |= {f"n={min(len(mentions), 3)}", f"{value}|n={min(len(mentions), 2)}"}
    # Vague words speak only where there is nothing better, or they would blur what stands around the good ones.
    named = [mention for mention in mentions if not mention.rule.startswith("hint ")]
    names.add(f"{value}|named={bool(named)}")
    for mention in named or mentions:
        near = _near_features(reading, mention)
        names |= near
        names |= {f"{value}|{name}" for name in near if name[:2] in {"V:", "VN", "k="}}
    for other, seen in reading.candidates:
        if other in {slot, "agents"} or (other == "types" and slot in {"referents", "blame"}):
            names.add(f"{value}|with {other}.{seen}")
    for voice in reading.voices:
        names |= {voice.entry, f"{value}|{voice.entry}"}
    harms = [mention for mention in reading.mentions if mention.slot == "severity" and not mention.negated]
    gravest = max((harm.value for harm in harms), default="0")
    names |= {f"harms={min(len(harms), 4)}", f"gravest={gravest}", f"{value}|gravest={gravest}"}
    found = dict.fromkeys(names, _NEAR)
    if reading.company:
        rows = [reading.company[one.start, one.end] for one in (named or mentions)[:_FIRST]]
        found |= _numbered("y", np.mean(rows, axis=0), 1.0)
    return found


def _company(content: str, start: int, end: int, vectors: WordVectors) -> npt.NDArray[np.float64]:
    """Describe by word vectors what stands before some words, after them, and the words themselves."""
    before = words_in(content[max(0, start - _SIGHT) : start])[-_BESIDE:]
    after = words_in(content[end : end + _SIGHT])[:_BESIDE]
    return np.concatenate([vectors.mean(words) for words in (before, after, words_in(content[start:end]))])


def _numbered(name: str, vector: npt.NDArray[np.float64], size: float) -> Features:
    return {f"{name}{at}": value for at, value in enumerate((size * vector).tolist())}


def _near_features(reading: Reading, mention: Mention) -> set[str]:
    content, start, end = reading.content, mention.start, mention.end
    before = [token.lower() for token in _AROUND.findall(content[max(0, start - 70) : start])][-6:]
    after = [token.lower() for token in _AROUND.findall(content[end : end + 70])][:6]
    kind = mention.rule.partition(" ")[0] if mention.rule.startswith(("hint ", "country", "own ", "that ")) else "rule"
    names = {f"k={kind}{' not' if mention.negated else ''}", "r=" + mention.rule}
    names |= {f"p{at}={word}" for at, word in enumerate(reversed(before[-3:]))} | {"p=" + word for word in before}
    names |= {f"q{at}={word}" for at, word in enumerate(after[:3])} | {"q=" + word for word in after}
    names |= {"pp=" + " ".join(before[-2:]), "qq=" + " ".join(after[:2])}
    words = content[start:end].lower()
    names |= {"words=" + words, "last=" + words.rpartition(" ")[2]}
    left = max((stop.end() for stop in _STOP.finditer(content, 0, start)), default=0)
    stop = _STOP.search(content, end)
    right = stop.start() if stop else len(content)
    names |= {f"first={left == 0}", f"opens={start - left < 15}"}  # noqa: PLR2004 - about two words into the sentence
    count = 0
    for harm in reading.mentions:
        if harm.slot != "severity" or harm.negated or not left <= harm.start < right:
            continue
        count += 1
        side, distance = _where(harm.start, harm.end, start, end)
        far = sum(distance >= limit for limit in (8, 25, 60))
        names |= {f"h{side}{far}", f"h{side}{far}:{harm.value}"}
        if far < 3:  # noqa: PLR2004 - the farthest step tells nothing of the word itself
            names.add(f"h{side}={content[harm.start : harm.end].lower()}")
        if far < 2:  # noqa: PLR2004
            names.add(f"h{side}{far}={content[harm.start : harm.end].lower()}")
    names.add(f"near={min(count, 2)}")
    for voice in reading.voices:
        if left <= voice.start < right:
            side, distance = _where(voice.start, voice.end, start, end)
            names.add(f"V:{side}={voice.entry}")
            if distance < 30:  # noqa: PLR2004 - about five words
                names.add(f"VN:{side}={voice.entry}")
    return names


def _where(start: int, end: int, of_start: int, of_end: int) -> tuple[str, int]:
    if end <= of_start:
        return "L", of_start - end
    if start >= of_end:
        return "R", start - of_end
    return "I", 0
