"""Codebooks: the tables and word lists that a researcher edits instead of code."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping

CODEBOOKS = Path(__file__).resolve().parent.parent / "data" / "codebooks"


@dataclass(frozen=True)
class Codebook:
    """What the coders look for, as read from a folder.

    Attributes
    ----------
    cues : mapping
        ``cues.toml``: speech verbs and nouns with their frames.
    actors : DataFrame
        ``actors.csv``: ``actor_id, alias, type, country, start, end``.
    stance : mapping
        ``stance.toml``: targets, their names, and the words that support or oppose.
    threat : mapping
        ``threat.toml``: slots, values, patterns and guards.
    digest : str
        SHA-256 over the files read, 12 hexadecimal digits; named by every saved result.
    """

    cues: Mapping[str, Any]
    actors: pd.DataFrame
    stance: Mapping[str, Any]
    threat: Mapping[str, Any]
    digest: str


def load_codebook(folder: str | Path | None = None) -> Codebook:
    """Read the codebook of the project, with the files of one's own folder in place of ours.

    Parameters
    ----------
    folder : path, optional
        A folder that holds only the files that change.

    Returns
    -------
    Codebook

    Raises
    ------
    FileNotFoundError
        If `folder` does not exist.

    Examples
    --------
    >>> load_codebook().actors.columns[:2].tolist()
    ['actor_id', 'alias']
    """
    own = None if folder is None else Path(folder)
    if own is not None and not own.is_dir():
        message = f"no codebook folder at {str(own)!r}: give a folder with the files you change, such as cues.toml"
        raise FileNotFoundError(message)
    digest = hashlib.sha256()

    def path_of(name: str) -> Path:
        path = own / name if own is not None and (own / name).is_file() else CODEBOOKS / name
        digest.update(name.encode() + b"\0" + path.read_bytes())
        return path

    def read_toml(name: str) -> dict[str, Any]:
        return tomllib.loads(path_of(name).read_text(encoding="utf-8"))

    actors = pd.read_csv(path_of("actors.csv"), dtype="string", keep_default_na=False, na_values=[""])
    cues, stance, threat = read_toml("cues.toml"), read_toml("stance.toml"), read_toml("threat.toml")
    return Codebook(cues, actors, stance, threat, digest.hexdigest()[:12])
