"""What the studies in this folder share: code statements, drop the words, compare with what is shipped, and save."""

from __future__ import annotations

import json
import platform
import re
import sys
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from helpers.articles.corpora import find_corpus
from helpers.coding.frames import code_frames
from helpers.coding.stance import code_stance
from helpers.inputs import sha256
from helpers.lessons.study import Study, load_study
from helpers.paths import MODELS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from helpers.codebook.load import Codebook
    from helpers.topics.counts import TermCounts

DIGITS = 4  # of shares and scores
CODERS = ("rules", "reader")
PART = 500  # statements that a worker codes at once
WITH_WORDS = ["speaker_id", "target_text", "text"]  # columns that hold words of the text
OFFSETS = re.compile(r"\[\d+:\d+\] [+-]\d+\.\d+")
TOLERANCE = {"topics": 1e-3}  # else 2e-3: scores are rounded to four digits
PACKAGES = ("numpy", "onnxruntime", "pandas", "scikit-learn", "scipy", "nltk", "simplemma")


def code_both(
    statements: pd.DataFrame, book: Codebook, *, coder: str, n_jobs: int | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Code frames and stance of each part in one worker, so that the reader reads a statement once."""
    from joblib import Parallel, delayed

    parts = [statements.iloc[low : low + PART] for low in range(0, len(statements), PART)]
    done = Parallel(n_jobs=n_jobs)(delayed(code_part)(part, book, coder) for part in parts)
    frames, stance = (pd.concat(tables, ignore_index=True) for tables in zip(*done, strict=True))
    return frames, stance


def code_part(part: pd.DataFrame, book: Codebook, coder: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Code frames and stance of some statements."""
    return code_frames(part, codebook=book, coder=coder), code_stance(part, codebook=book, coder=coder)


def stack_codes(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Stack the codes of several coders, with the column ``coder``; words of the text go, offsets and weights stay."""
    stacked = pd.concat([table.assign(coder=name) for name, table in tables.items()], ignore_index=True)
    if "evidence" in stacked:
        offsets = ["; ".join(OFFSETS.findall(shown)) for shown in stacked["evidence"]]
        stacked = stacked.assign(evidence=pd.array(offsets, dtype="string"), score=stacked["score"].round(DIGITS))
    return stacked.astype({"coder": "string"}).drop(columns=WITH_WORDS, errors="ignore")


def list_terms(counts: TermCounts, *, id: str = "statement_id") -> pd.DataFrame:
    """Return term counts as rows of an id, ``term``, ``n``; `helpers.lessons.term_counts` reads them."""
    matrix = counts.counts.tocoo()
    rows = {
        id: counts.docs["id"].to_numpy()[matrix.row],
        "term": counts.terms["term"].to_numpy()[matrix.col],
    }
    table = pd.DataFrame({**rows, "n": matrix.data}).astype({id: "string", "term": "string", "n": "Int64"})
    return table.sort_values([id, "term"], kind="stable", ignore_index=True)


def describe_texts(articles: pd.DataFrame, *, columns: list[str]) -> pd.DataFrame:
    """Return some columns of the articles, with ``words`` (runs between white space) and ``text_sha256``."""
    words = pd.array([len(text.split()) for text in articles["text"]], dtype="Int64")
    hashes = pd.array([sha256(text) for text in articles["text"]], dtype="string")
    return articles[["doc_id", *columns]].assign(words=words, text_sha256=hashes)


def record_run(
    texts: pd.DataFrame, book: Codebook, *, source: Mapping[str, Any], choices: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the run record: where the texts are from and their hash, the codebook, the reader, choices, versions.

    Parameters
    ----------
    texts : DataFrame
        From `describe_texts`.
    book : Codebook
    source : mapping
        ``corpus`` (as `helpers.articles.corpora.fetch_corpus` names it) and whatever else says which texts these are.
    choices : mapping
        What another researcher could have chosen otherwise.
    """
    lines = "\n".join(texts["doc_id"] + " " + texts["text_sha256"])
    return {
        "input": {**source, "sha256": sha256(lines)},
        "codebook": book.digest,
        "coders": {"reader.onnx": sha256((MODELS / "reader.onnx").read_bytes())},
        "choices": dict(choices),
        "versions": {"python": platform.python_version()} | {name: version(name) for name in PACKAGES},
    }


def compare_studies(shipped: Study, computed: Study) -> pd.DataFrame:
    """List what differs between two studies.

    Parameters
    ----------
    shipped, computed : Study

    Returns
    -------
    DataFrame
        One row per column that differs: ``table``, ``column`` string; ``rows`` Int64, how many differ (NA where a table
        is missing or has another length); ``first`` string: document, statement or entry where it begins. Empty when
        all agree: words and whole numbers exactly, scores to .002, topic shares to .001; versions are not compared.
    """
    found: list[tuple[str, str, int | None, str]] = []
    for name in sorted(shipped.tables.keys() | computed.tables.keys()):
        before, after = (study.tables.get(name, pd.DataFrame()) for study in (shipped, computed))
        if len(before) != len(after):
            found.append((name, "rows", None, f"{len(before)} and {len(after)} rows"))
            continue
        key = "statement_id" if "statement_id" in before else "doc_id"
        for column in before:
            differs = unequal(before[column], after[column], TOLERANCE.get(name, 2e-3))
            if differs.any():
                found.append((name, str(column), int(differs.sum()), str(before[key].iloc[int(differs.argmax())])))
    entries = sorted((shipped.run.keys() | computed.run.keys()) - {"versions"})
    records = [(entry, shipped.run.get(entry), computed.run.get(entry)) for entry in entries]
    found += [("run", entry, 1, f"{before} and {after}") for entry, before, after in records if before != after]
    return pd.DataFrame(found, columns=["table", "column", "rows", "first"]).astype({"rows": "Int64"})


def unequal(before: pd.Series[Any], after: pd.Series[Any], tolerance: float) -> Any:  # noqa: ANN401 - array of bool
    """Tell for each row whether two columns differ; decimal numbers may differ by the tolerance."""
    if pd.api.types.is_float_dtype(before):
        return (before - after).abs().fillna(0).to_numpy() > tolerance
    one, other = before.astype("string").fillna(""), after.astype("string").fillna("")
    return (one.to_numpy() != other.to_numpy()).astype(bool)


def save_study(study: Study, folder: str | Path) -> None:
    """Write the tables as Parquet and the run record as JSON; files of an earlier run are replaced."""
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    for name, table in study.tables.items():
        table.to_parquet(target / f"{name}.parquet", index=False, compression="zstd", compression_level=19)
    record = json.dumps(study.run, indent=2, ensure_ascii=False, sort_keys=True)
    (target / "run.json").write_text(f"{record}\n", encoding="utf-8")


def recompute_study(corpus: str, compute: Callable[[Path], Study], folder: Path) -> None:
    """Compute a study from the text on this machine, say what changed, and write it."""
    archive = find_corpus(corpus)
    if archive is None:
        sys.exit(f"The text is not on this machine: python -m helpers fetch {corpus}")
    computed = compute(archive)
    if (folder / "run.json").is_file():
        differences = compare_studies(load_study(folder), computed)
        print("No figure changed." if differences.empty else differences.to_string(index=False))
    save_study(computed, folder)
