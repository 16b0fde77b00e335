"""The language of a text, told by its script and its commonest words; None where they do not tell."""

from __future__ import annotations

import re
from collections import Counter

from helpers.articles.readers.labels import WORDS

_LANGUAGES: dict[str, tuple[str, ...]] = {}
for _language, _common in WORDS["common"].items():
    for _word in dict.fromkeys(_common):
        _LANGUAGES[_word] = (*_LANGUAGES.get(_word, ()), _language)
# Letters that only one of the languages of a script has.
_SCRIPTS = (
    ("ru", re.compile("[\u0400-\u04ff]")),
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("hi", re.compile("[\u0900-\u097f]")),
    ("ko", re.compile("[\uac00-\ud7af]")),
)
_NOT_LATIN = re.compile("[\u0370-\u1dff\u2e80-\ud7ff]")
_ARABIC = (("ps", re.compile("[ټډړښږځڅڼۍ]")), ("ur", re.compile("[ٹڈڑےں]")), ("fa", re.compile("[پچژگکی]")))
_SAMPLE, _FEWEST, _SHARE = 1000, 4, 0.12


def detect_language(text: str) -> str | None:
    """Return the ISO 639-1 code of a text from its first 1,000 characters."""
    sample = text[:_SAMPLE].lower()
    if _NOT_LATIN.search(sample):
        letters = sum(map(str.isalpha, sample))
        for language, script in _SCRIPTS:
            if len(script.findall(sample)) > letters / 2:
                return _refine(language, sample)
    words = sample.split()
    scores: Counter[str] = Counter()
    for languages, count in Counter(map(_LANGUAGES.get, words)).items():
        for language in languages or ():
            scores[language] += count
    (best, most), (_, second) = [*scores.most_common(2), ("", 0), ("", 0)][:2]
    return best if most >= max(_FEWEST, _SHARE * len(words)) and most > second else None


def _refine(language: str, sample: str) -> str:
    if language == "ar":
        return next((code for code, letters in _ARABIC if len(letters.findall(sample)) > len(sample) / 200), "ar")
    if language == "ru" and re.search("[іїєґ]", sample):
        return "uk"
    return "ja" if language == "zh" and re.search("[\u3040-\u30ff]", sample) else language
