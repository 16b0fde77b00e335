"""The language of a text, told by its script and its commonest words; None where they do not tell."""

import re

from helpers.articles.readers.labels import WORDS

_COMMON = {language: frozenset(words) for language, words in WORDS["common"].items()}
_KNOWN = frozenset().union(*_COMMON.values())
_NOT_LATIN = re.compile("[\u0370-\u1dff\u2e80-\ud7ff]")
_SAMPLE, _FEWEST, _SHARE = 1000, 4, 0.12
_SOME = 0.005  # of the letters


def detect_language(text: str) -> str | None:
    """Return the ISO 639-1 code of a text from its first 1,000 characters."""
    sample = text[:_SAMPLE].lower()
    if _NOT_LATIN.search(sample) and (script := _most_of(WORDS["scripts"], sample, sum(map(str.isalpha, sample)) / 2)):
        return _most_of(WORDS["letters"].get(script, {}), sample, _SOME * len(sample)) or script
    words = sample.split()
    known = list(filter(_KNOWN.__contains__, words))
    scores = [(sum(map(common.__contains__, known)), language) for language, common in _COMMON.items()]
    (second, _), (most, best) = sorted(scores)[-2:]
    return best if most >= max(_FEWEST, _SHARE * len(words)) and most > second else None


def _most_of(letters: dict[str, str], sample: str, fewest: float) -> str | None:
    """Return the first language of which a sample has more letters than the fewest."""
    return next((name for name, some in letters.items() if len(re.findall(f"[{some}]", sample)) > fewest), None)
