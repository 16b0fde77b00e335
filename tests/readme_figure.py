"""The README's figure is the one that lesson 06 shows: python -m tests.readme_figure writes it anew."""

from __future__ import annotations

import base64
import re

import nbformat

from helpers.paths import SOLUTIONS
from tests.conftest import ROOT

FIGURE = ROOT / "figure.png"
LESSON, CELL = SOLUTIONS / "06_threat_frames.ipynb", "06-09"


def shown() -> bytes:
    """Return the picture in the committed lesson."""
    cells = {cell.id: cell for cell in nbformat.read(LESSON, as_version=4).cells}
    page = cells[CELL].outputs[0].data["text/html"]
    return base64.b64decode(re.search(r"base64,([^\"]+)", page)[1])


if __name__ == "__main__":
    FIGURE.write_bytes(shown())
