"""Analysis: all tables of a report and the record of how they were made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd


@dataclass(frozen=True)
class Analysis:
    """What came of a folder of articles.

    Attributes
    ----------
    tables : mapping of str to DataFrame
        As `analyse` lists them.
    record : mapping
        The run record: ``software``, ``version``, ``codebook`` (digest), ``python``, ``system``, ``packages``,
        ``input`` (name, number of articles, SHA-256 over ids and texts), ``coders`` (of ``stance`` and ``frames``: the
        name of the reader, or ``rules``), ``by`` and ``breaks`` (what is compared), ``random_seeds``.
    """

    tables: Mapping[str, pd.DataFrame]
    record: Mapping[str, Any]
