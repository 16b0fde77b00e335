"""What readers know by name, from ``labels.toml``: labels of fields, languages, months, furniture of pages."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

WORDS: dict[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_LONGEST = 60  # no label, with the space before it, is longer
_LABEL = re.compile(r"([^\W\d_][\w/() -]{1,40}?) ?: ?(.*)", re.DOTALL)


def fields_by_label(table: str) -> dict[str, str]:
    """Return what each label of a table stands for; empty for one that is ignored."""
    fields = {label: field for field, labels in WORDS[table].items() for label in labels}
    return {label.replace(" ", "-"): "" if field == "ignored" else field for label, field in fields.items()}


def label_of(line: str, fields: Mapping[str, str]) -> tuple[str, str] | None:
    """Return the field and the value of a line that begins with one of the labels, or None."""
    match = _LABEL.match(line.strip()) if ":" in line[:_LONGEST] else None
    field = fields.get(match[1].lower().replace(" ", "-")) if match else None
    return None if match is None or field is None else (field, " ".join(match[2].split()))


def line_pattern(*names: str) -> re.Pattern[str]:
    """Return a pattern for a line that is one of the words under the names, perhaps with a colon, and no more."""
    words = "|".join(word for name in names for word in WORDS[name])
    return re.compile(rf"\s*(?:{words})\s*:?\s*", re.IGNORECASE)
