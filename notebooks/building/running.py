"""Run the lessons, and compare them with their committed outputs."""

from __future__ import annotations

import copy
import os
import re
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from pathlib import Path

    from nbformat import NotebookNode

# One BLAS thread and a canvas without a screen: recomputed outputs agree between machines.
ENVIRONMENT = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "MPLBACKEND": "Agg"}
TOLERANCE = {"topics": 1e-3}
PICTURE = re.compile(r"data:image/png;base64,[A-Za-z0-9+/=\s]+")
NUMBER = re.compile(r"(?<![\w.])[-−]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?(?![\w])")


def execute(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Run a notebook in a fresh kernel and return the executed copy; the notebook stays as it is.

    Parameters
    ----------
    notebook : NotebookNode
    folder : Path
        The working directory; in JupyterLab it is the notebook's own folder.

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
    >>> execute(notebook, SOLUTIONS)  # doctest: +SKIP
    """
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
        One row per difference: ``cell`` int64 (position in the notebook), ``committed`` and ``recomputed`` string
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
    parts: list[str] = []
    last = None
    for output in cell.outputs:
        if output.output_type == "stream" and output.name == last:
            parts[-1] += output.text  # one print can come in two pieces, as the kernel happens to flush
        elif output.output_type == "stream":
            parts.append(output.text)
        elif output.output_type == "error":
            parts.append(f"{output.ename}: {output.evalue}")
        else:
            shown = output.data
            parts.append(shown.get("text/html") or shown.get("text/markdown") or shown.get("text/plain") or "")
        last = output.get("name")
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
