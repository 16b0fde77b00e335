"""Paths: where the folders of the project lie, in one place."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CODEBOOKS = ROOT / "data" / "codebooks"
MODELS = ROOT / "data" / "models"
DEBATE = ROOT / "data" / "un_general_debate"
NOTEBOOKS = ROOT / "notebooks"
