"""Where the real material lies, and how it is read; shared by all scripts that measure."""

from __future__ import annotations

import gzip
import importlib.util
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
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
