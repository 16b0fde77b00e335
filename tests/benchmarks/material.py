"""Where the real material lies, and how it is read; shared by all scripts that measure."""

from __future__ import annotations

import gzip
import importlib.util
import json
import os
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from helpers.lessons.study import sha256

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
GOLD = ROOT / "data" / "gold"
SHARED = Path(os.environ.get("THREAT_TALK_SHARED", ROOT.parent / "shared"))


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Read JSON lines, packed or not."""
    packed = path.read_bytes()
    text = (gzip.decompress(packed) if path.suffix == ".gz" else packed).decode("utf-8")
    return [json.loads(line) for line in text.split("\n") if line.strip()]


def load_scorer(path: Path) -> ModuleType:
    """Load a scorer that lies beside its data."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        message = f"{path} is not a Python file"
        raise ImportError(message)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def debate() -> Iterator[tuple[str, str]]:
    """Yield the documents of the General Debate as they stand in its archive, by name."""
    with tarfile.open(SHARED / "data" / "UNGDC_1996-2024.tgz") as archive:
        for member in archive:
            packed = archive.extractfile(member) if member.name.endswith(".txt") else None
            if packed is not None:
                yield Path(member.name).stem, packed.read().decode("utf-8", "replace")


def with_text(statements: pd.DataFrame) -> pd.DataFrame:
    """Check that the text of coded statements is the one that was coded, and leave the hash out."""
    if [sha256(text) for text in statements["content"]] != statements["sha256"].tolist():
        message = "a coded statement has another text than when it was coded"
        raise ValueError(message)
    return statements.drop(columns="sha256")


def un_extra() -> pd.DataFrame:
    """Return the coded statements of the General Debate beyond those of the benchmark, with their text."""
    units = pd.read_parquet(GOLD / "un_units.parquet").query("part == 'extra'")
    texts = dict(debate())
    spans = zip(units["doc_id"], units["start"], units["end"], strict=True)
    said = units.assign(content=[" ".join(texts[doc][start:end].split()) for doc, start, end in spans])
    columns = ["unit_id", "doc_id", "content", "country", "year", "sha256"]
    return with_text(said[columns].rename(columns={"unit_id": "statement_id", "country": "speaker_country"}))


def wikinews() -> pd.DataFrame:
    """Return the coded statements of Wikinews with their text."""
    units = pd.read_parquet(GOLD / "wikinews_units.parquet")
    articles = read_lines(SHARED / "benchmarks" / "attribution" / "wikinews-train.jsonl.gz")
    texts = {article["id"]: article["text"] for article in articles}
    pieces = [[tuple(map(int, piece.split("-"))) for piece in spans.split(";")] for spans in units["spans"]]
    said = [
        " ".join(" ".join(texts[doc][start:end] for start, end in spans).split())
        for doc, spans in zip(units["doc_id"], pieces, strict=True)
    ]
    columns = ["unit_id", "doc_id", "content", "kind", "sha256"]
    return with_text(units.assign(content=said, kind="reported")[columns].rename(columns={"unit_id": "statement_id"}))


def gold_codes(part: str) -> pd.DataFrame:
    """Return the codes of a part as data/gold has them, with offsets, all coders."""
    corpus = "wikinews" if part == "wikinews" else "un"
    units, codes = (pd.read_parquet(GOLD / f"{corpus}_{name}.parquet") for name in ("units", "codes"))
    if corpus == "un":
        codes = codes[codes["unit_id"].isin(units.loc[units["part"] == part, "unit_id"])]
    return codes.rename(columns={"unit_id": "statement_id", "variable": "slot"})
