"""Where the real material lies, and how it is read; shared by all scripts that measure."""

from __future__ import annotations

import functools
import gzip
import importlib.util
import json
import os
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from helpers.inputs import sha256

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


def coded(part: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the coded statements of a part with their text, and their codes.

    Parts: ``un_dev``, ``un_train``, ``un_extra`` (speeches), ``wikinews``, ``news_train``, ``news_dev``, ``news_more``,
    ``contrast_teach``, ``contrast_test``. Statements have the columns that `code_frames` uses, ``doc_id``, and for
    contrasts ``pair``, ``contrast``, ``slot``, ``value``; codes are ``statement_id, coder, slot, value, polarity,
    content_start, content_end``.
    """
    corpus, _, kind = part.partition("_")
    if corpus == "contrast":
        statements = pd.read_csv(GOLD / "contrasts.csv", dtype="string").query("part == @kind")
        codes = pd.read_csv(GOLD / "contrast_codes.csv").assign(coder=1)
    else:
        units, codes = (pd.read_parquet(GOLD / f"{corpus}_{name}.parquet") for name in ("units", "codes"))
        units = units[units["part"] == kind] if kind else units
        statements = with_text(units.assign(content=list(_contents(corpus, units))))
    statements = _told(corpus, statements)
    codes = codes[codes["unit_id"].isin(statements["unit_id"])]
    names = {"unit_id": "statement_id", "variable": "slot"}
    return statements.rename(columns=names).reset_index(drop=True), codes.rename(columns=names)


def _told(corpus: str, statements: pd.DataFrame) -> pd.DataFrame:
    """Name what the reader is told as the library names it."""
    if corpus == "un":
        return statements.rename(columns={"country": "speaker_country"}).assign(kind="speech")
    if corpus == "wikinews":
        return statements.assign(kind="reported")
    if corpus == "contrast":
        return statements.assign(doc_id=statements["pair"])
    texts = news_texts()
    cues = zip(statements["doc_id"], statements["cue_start"], statements["cue_end"], strict=True)
    return statements.assign(cue=[None if pd.isna(start) else texts[doc][start:end] for doc, start, end in cues])


def _contents(corpus: str, units: pd.DataFrame) -> Iterator[str]:
    """Cut the text of statements out of their documents, by their offsets."""
    if corpus == "un":
        texts = dict(debate())
        for doc, start, end in zip(units["doc_id"], units["start"], units["end"], strict=True):
            yield " ".join(texts[doc][start:end].split())
        return
    texts = news_texts() if corpus == "news" else wikinews_texts()
    for doc, spans in zip(units["doc_id"], units["spans"], strict=True):
        joined = " ".join(texts[doc][start:end] for start, end in read_spans(spans))
        yield joined if corpus == "news" else " ".join(joined.split())


def read_spans(spans: str) -> tuple[tuple[int, int], ...]:
    """Read the offsets of a content as the tables of codes hold them: 3-20;31-40."""
    edges = (piece.split("-") for piece in spans.split(";"))
    return tuple((int(start), int(end)) for start, end in edges)


@functools.cache
def news_texts() -> dict[str, str]:
    """Return the real news articles by id."""
    return {row["id"]: row["text"] for row in read_lines(SHARED / "data" / "news" / "articles.jsonl.gz")}


def wikinews_texts() -> dict[str, str]:
    """Return the Wikinews articles by id."""
    rows = read_lines(SHARED / "benchmarks" / "attribution" / "wikinews-train.jsonl.gz")
    return {row["id"]: row["text"] for row in rows}
