"""What readers know by name, from ``labels.toml``: labels of fields, languages, months, furniture of pages."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

WORDS: dict[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def fields_by_label(table: str) -> dict[str, str]:
    """Return what each label of a table stands for; empty for one that is ignored."""
    return {label: "" if field == "ignored" else field for field, labels in WORDS[table].items() for label in labels}
