"""Is this machine ready? Versions against the lock, data, fonts, memory and write access, each with its mend."""

from __future__ import annotations

import os
import re
import shutil
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
AGAIN = "start `python3 run.py` once more: it installs what the lock names"


def check_setup(root: Path = ROOT) -> pd.DataFrame:
    """List what the lessons need and whether this machine has it.

    Parameters
    ----------
    root : Path
        The checkout.

    Returns
    -------
    DataFrame
        One row a check: ``check`` string, ``found`` string, ``ok`` bool, ``mend`` string (what to do, empty when ok).

    Examples
    --------
    >>> check_setup().columns.tolist()
    ['check', 'found', 'ok', 'mend']
    """
    rows = [
        check_python(),
        *check_packages(root),
        check_data(root),
        check_font(),
        check_disk(root),
        check_writable(root),
    ]
    return pd.DataFrame(rows, columns=["check", "found", "ok", "mend"])


def row(check: str, found: str, mend: str, *, ok: bool) -> tuple[str, str, bool, str]:
    """Make one row; the mend is shown only where something is wrong."""
    return check, found, ok, "" if ok else mend


def check_python() -> tuple[str, str, bool, str]:
    """Check this Python against the range that the packages support."""
    found = ".".join(map(str, sys.version_info[:3]))
    mend = "install Python 3.11, 3.12 or 3.13 from python.org and start run.py with it"
    return row("Python 3.11 to 3.13", found, mend, ok=(3, 11) <= sys.version_info[:2] <= (3, 13))


def check_packages(root: Path) -> list[tuple[str, str, bool, str]]:
    """Check the packages that decide results against the lock, which may name one version for each Python."""
    lock = (root / "requirements.lock").read_text(encoding="utf-8")
    rows = []
    for name in ("pandas", "numpy", "scipy", "scikit-learn", "nltk", "simplemma", "matplotlib", "jupyterlab"):
        wanted = re.findall(rf"^{re.escape(name)}==([\w.]+)", lock, re.MULTILINE)
        try:
            found = version(name)
        except PackageNotFoundError:
            found = "not installed"
        rows.append(row(f"{name} {' or '.join(wanted)}", found, AGAIN, ok=found in wanted))
    return rows


def check_data(root: Path) -> tuple[str, str, bool, str]:
    """Check that the teaching articles and the codebooks are there."""
    wanted = [
        root / "data" / "articles",
        *(root / "data" / "codebooks" / name for name in ("cues.toml", "threat.toml")),
    ]
    missing = [path.relative_to(root).as_posix() for path in wanted if not path.exists()]
    mend = "get a fresh copy of the project: a part of it was deleted or moved"
    return row(
        "data beside the helpers", "missing: " + ", ".join(missing) if missing else "complete", mend, ok=not missing
    )


def check_font() -> tuple[str, str, bool, str]:
    """Check that the font of our figures, which ships with matplotlib, is found."""
    from matplotlib import font_manager

    try:
        found = Path(font_manager.findfont("DejaVu Sans", fallback_to_default=False)).name
    except ValueError:
        found = "not found"
    return row("font DejaVu Sans", found, AGAIN, ok=found != "not found")


def check_disk(root: Path) -> tuple[str, str, bool, str]:
    """Check that results can be saved: at least half a gigabyte is free."""
    free = shutil.disk_usage(root).free / 1e9
    return row("disk, 0.5 GB free", f"{free:.1f} GB free", "delete files you no longer need", ok=free > 0.5)  # noqa: PLR2004


def check_writable(root: Path) -> tuple[str, str, bool, str]:
    """Check that the folder may be written to."""
    writable = os.access(root, os.W_OK)
    mend = "copy the project to a folder of your own"
    return row("folder can be written to", "yes" if writable else "no", mend, ok=writable)
