"""Paths: where the folders of the project lie, in one place."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
PLAIN = DATA / "plain"  # the plain constructed news; DATA / "articles" is the hard set
CODEBOOKS = DATA / "codebooks"
MODELS = DATA / "models"
DEBATE = DATA / "un_general_debate"
NOTEBOOKS = ROOT / "notebooks"  # the lessons as a student opens them, made from the solved copies
SOLUTIONS = NOTEBOOKS / "solutions"
