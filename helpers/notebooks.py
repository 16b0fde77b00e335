"""Run the lessons, compare them with their committed outputs, and turn them into pages without a network."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbformat import NotebookNode

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"
# One BLAS thread and a canvas without a screen: recomputed outputs agree between machines.
ENVIRONMENT = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "MPLBACKEND": "Agg"}
TOLERANCE = {"topics": 1e-3}
PICTURE = re.compile(r"data:image/png;base64,[A-Za-z0-9+/=\s]+")
NUMBER = re.compile(r"(?<![\w.])[-−]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?(?![\w])")


def run_notebook(path: Path) -> NotebookNode:
    """Run a notebook in a fresh kernel and return the executed copy; the file stays as it is.

    Parameters
    ----------
    path : Path
        The notebook. Its own folder is the working directory, as in JupyterLab.

    Returns
    -------
    NotebookNode
        With outputs and without times, paths and versions in its metadata.

    Raises
    ------
    nbclient.exceptions.CellExecutionError
        If a cell raises; the message holds the cell and the error.

    Examples
    --------
    >>> executed = run_notebook(NOTEBOOKS / "00_start_here.ipynb")  # doctest: +SKIP
    """
    import nbformat

    return execute(nbformat.read(path, as_version=4), path.parent)


def execute(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Run a notebook in a fresh kernel with `folder` as its working directory and return it with its outputs.

    Raises
    ------
    nbclient.exceptions.CellExecutionError
        If a cell raises; the message holds the cell and the error.

    Examples
    --------
    >>> execute(notebook, NOTEBOOKS)  # doctest: +SKIP
    """
    import copy

    import nbformat
    from nbclient import NotebookClient

    notebook = copy.deepcopy(notebook)
    place = {"metadata": {"path": str(folder)}}
    client = NotebookClient(
        notebook,
        kernel_name="python3",
        timeout=900,
        record_timing=False,
        resources=place,
        extra_arguments=["--log-level=ERROR"],
    )
    client.execute(env={**os.environ, **ENVIRONMENT})
    python = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook.metadata = nbformat.from_dict({"kernelspec": python, "language_info": {"name": "python"}})
    return notebook


def compare_outputs(committed: NotebookNode, recomputed: NotebookNode) -> pd.DataFrame:
    """List the outputs of two runs of a notebook that differ.

    Numbers may differ by 1e-6, relative or absolute (1e-3 in cells tagged ``topics``); all other characters are
    compared exactly. A figure is compared by its alt text and the table beside it, not by its pixels, and cells
    tagged ``volatile`` (times, paths, versions) are left out.

    Parameters
    ----------
    committed, recomputed : NotebookNode
        The same notebook twice.

    Returns
    -------
    DataFrame
        One row a difference: ``cell`` int64 (position in the notebook), ``committed`` and ``recomputed`` string
        (the first stretch that differs, with some characters before it). Empty when the outputs agree.

    Raises
    ------
    ValueError
        If the notebooks have different cells.

    Examples
    --------
    >>> import nbformat.v4 as v4
    >>> one, two = (v4.new_notebook(cells=[v4.new_code_cell("x", outputs=[v4.new_output("stream", text=t)])])
    ...             for t in ("share 0.5000001", "share 0.7"))
    >>> compare_outputs(one, two)[["committed", "recomputed"]].values.tolist()
    [['share 0.5000001', 'share 0.7']]
    """
    if [cell.source for cell in committed.cells] != [cell.source for cell in recomputed.cells]:
        message = "the two notebooks do not have the same cells: compare a notebook with a run of itself"
        raise ValueError(message)
    rows = []
    for position, (before, after) in enumerate(zip(committed.cells, recomputed.cells, strict=True)):
        tags = before.metadata.get("tags", [])
        if before.cell_type != "code" or "volatile" in tags:
            continue
        tolerance = next((TOLERANCE[tag] for tag in tags if tag in TOLERANCE), 1e-6)
        difference = first_difference(output_text(before), output_text(after), tolerance)
        if difference is not None:
            rows.append((position, *difference))
    return pd.DataFrame(rows, columns=["cell", "committed", "recomputed"])


def output_text(cell: NotebookNode) -> str:
    """Return what a reader sees under a cell, without pixels: streams, tables, text and alt text.

    Examples
    --------
    >>> import nbformat.v4 as v4
    >>> output_text(v4.new_code_cell("x", outputs=[v4.new_output("stream", text="three rows")]))
    'three rows'
    """
    parts = []
    for output in cell.outputs:
        if output.output_type == "stream":
            parts.append(output.text)
        elif output.output_type == "error":
            parts.append(f"{output.ename}: {output.evalue}")
        else:
            shown = output.data
            parts.append(shown.get("text/html") or shown.get("text/markdown") or shown.get("text/plain") or "")
    return PICTURE.sub("data:image/png", "\n".join(parts))


def first_difference(before: str, after: str, tolerance: float) -> tuple[str, str] | None:
    """Return the first stretch where two outputs differ by more than `tolerance` in a number or at all in a word.

    Examples
    --------
    >>> first_difference("weight 0.1230", "weight 0.1231", 1e-3) is None
    True
    """
    a, b = split_numbers(before), split_numbers(after)
    for position in range(max(len(a), len(b))):
        x, y = (parts[position] if position < len(parts) else "" for parts in (a, b))
        if x != y and not (position % 2 and close(x, y, tolerance)):
            start = max(0, position - 4)
            return "".join(a[start : position + 2])[-300:], "".join(b[start : position + 2])[-300:]
    return None


def split_numbers(text: str) -> list[str]:
    """Cut a text into words and numbers in turn: even positions hold words, odd ones a number."""
    parts, last = [], 0
    for match in NUMBER.finditer(text):
        parts += [text[last : match.start()], match.group()]
        last = match.end()
    return [*parts, text[last:]]


def close(x: str, y: str, tolerance: float) -> bool:
    """Tell whether two numbers, as written, agree within `tolerance`, relative or absolute."""
    if not x or not y:
        return False
    a, b = (float(number.replace("−", "-")) for number in (x, y))
    return abs(a - b) <= tolerance * max(1.0, abs(a), abs(b))


def write_pages(notebooks: Mapping[str, NotebookNode], folder: Path) -> Path:
    """Write executed notebooks as pages that need no network, and an index of them.

    Parameters
    ----------
    notebooks : mapping of str to NotebookNode
        Executed notebooks by name, in reading order.
    folder : Path
        Where the pages go; made where it is missing.

    Returns
    -------
    Path
        The index, ``folder/index.html``.

    Examples
    --------
    >>> write_pages({"00_start_here": notebook}, Path("build"))  # doctest: +SKIP
    """
    from html import escape

    from nbconvert import HTMLExporter
    from pygments.formatters import HtmlFormatter

    folder.mkdir(parents=True, exist_ok=True)
    colours = HtmlFormatter(style="friendly").get_style_defs(".highlight")
    exporter = HTMLExporter(template_name="basic", exclude_anchor_links=True)
    entries = []
    for name, notebook in notebooks.items():
        lines = (line for cell in notebook.cells for line in cell.source.splitlines())
        title = next((line[2:] for line in lines if line.startswith("# ")), name)
        body, _ = exporter.from_notebook_node(notebook)
        back = '<p><a href="index.html">All lessons</a></p>'
        page = PAGE.format(title=escape(title), style=STYLE + colours, body=f"{back}\n{body}\n{back}")
        (folder / f"{name}.html").write_text(page, encoding="utf-8")
        entries.append(f'<li><a href="{escape(name)}.html">{escape(title)}</a></li>')
    body = f"<h1>Threat Talk</h1>\n<p>{INTRODUCTION}</p>\n<ul>{''.join(entries)}</ul>"
    index = folder / "index.html"
    index.write_text(PAGE.format(title="Threat Talk", style=STYLE, body=body), encoding="utf-8")
    return index


INTRODUCTION = (
    "Who said what, about which topics, taking which stance toward whom, and framing whom as a threat: "
    "lessons on news articles and speeches about Afghanistan and terrorism, run on this machine just now."
)
PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><style>{style}</style></head>
<body><main>
{body}
</main></body></html>
"""
STYLE = """
body { font: 1.05rem/1.55 system-ui, sans-serif; color: #1a1a1a; background: #fff; margin: 0 }
main { max-width: 56rem; margin: 0 auto; padding: 1.5rem }
pre, code { font: .92rem/1.45 ui-monospace, monospace }
.highlight { background: #f6f6f4; border-left: 3px solid #999; padding: .2rem .8rem; overflow-x: auto }
.jp-OutputPrompt, .jp-InputPrompt, .prompt { display: none }
.output_area { overflow-x: auto } .output_area pre { white-space: pre-wrap }
table { border-collapse: collapse; font-size: .92rem }
th, td { padding: .25rem .6rem; text-align: left; vertical-align: top; border-bottom: 1px solid #ddd }
img { max-width: 100%; height: auto } figure { margin: 1rem 0 } a { color: #0b4f9e }
blockquote { border-left: 3px solid #0b4f9e; margin-left: 0; padding-left: 1rem }
"""
