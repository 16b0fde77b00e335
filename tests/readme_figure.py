"""The README's figure is the one that lesson 08 shows: python -m tests.readme_figure writes it anew."""

from __future__ import annotations

import base64
import re

import nbformat

from helpers.paths import SOLUTIONS
from tests.conftest import ROOT

FIGURE = ROOT / "figure.png"
LESSON, TITLE = SOLUTIONS / "08_un_general_debate.ipynb", "Talk of radicalisation"


def shown() -> bytes:
    """Return the picture in the committed lesson whose description opens with the title."""
    pages = [
        output.data["text/html"]
        for cell in nbformat.read(LESSON, as_version=4).cells
        for output in cell.get("outputs", [])
        if f'alt="{TITLE}' in output.get("data", {}).get("text/html", "")
    ]
    return base64.b64decode(re.search(r"base64,([^\"]+)", pages[0])[1])


if __name__ == "__main__":
    FIGURE.write_bytes(shown())
