"""Is this machine ready? Python, packages against the lock, data, memory, disk and write access, with mends."""

import re
import shutil
import sys
import tempfile
import tomllib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pandas as pd

from helpers.paths import ROOT

DATA = ("articles", "codebooks", "gold", "mali", "models", "plain", "un_general_debate", "wikinews")
AGAIN = "start `python3 run.py` once more: it installs what the lock names"
OTHER_PYTHON = "install Python 3.11, 3.12 or 3.13 from python.org and start run.py with it"
OTHER_MACHINE = "close other programs, or take a machine with more memory"
MEMORY, DISK = 1.0, 0.5  # GB that the largest lesson needs, with room
Row = tuple[str, str, bool, str]  # check, found, ok, and the mend where it is not ok


def check_setup(root: Path = ROOT) -> pd.DataFrame:
    """List what the lessons need and whether this machine has it.

    Parameters
    ----------
    root : Path
        The checkout.

    Returns
    -------
    DataFrame
        One row per check: ``check`` string, ``found`` string, ``ok`` bool, ``mend`` string (what to do, empty when ok).
        Packages may be newer or older than in the lock, within the ranges of ``pyproject.toml``: ``found`` names them.

    Examples
    --------
    >>> check_setup().columns.tolist()
    ['check', 'found', 'ok', 'mend']
    """
    python, memory, disk = sys.version_info[:3], free_memory(), shutil.disk_usage(root).free / 1e9
    missing = [f"data/{name}" for name in DATA if not (root / "data" / name).exists()]
    complete = f"missing: {', '.join(missing)}" if missing else "complete"
    told = "not told by this system" if memory is None else f"{memory:.1f} GB"
    refused = try_writing(root)
    rows = [
        ("Python 3.11 to 3.13", ".".join(map(str, python)), (3, 11) <= python[:2] <= (3, 13), OTHER_PYTHON),
        check_packages(root),
        ("data beside the helpers", complete, not missing, "get a fresh copy: a part was deleted or moved"),
        (f"memory, {MEMORY:.0f} GB", told, memory is None or memory >= MEMORY, OTHER_MACHINE),
        (f"disk, {DISK} GB", f"{disk:.1f} GB free", disk > DISK, "delete files you no longer need"),
        ("folder can be written to", refused or "yes", not refused, "copy the project to a folder of your own"),
    ]
    checks = pd.DataFrame(rows, columns=["check", "found", "ok", "mend"])
    return checks.assign(mend=checks["mend"].mask(checks["ok"], ""))


def check_packages(root: Path) -> Row:
    """Check every package of ``pyproject.toml`` against its range and the lock, which may name one for each Python."""
    try:
        needed = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
        lock = (root / "requirements.lock").read_text(encoding="utf-8")
    except (OSError, LookupError, ValueError) as error:
        mend = "get a fresh copy of the project: pyproject.toml or requirements.lock is missing or damaged"
        return "packages", str(error), False, mend
    wrong, other = [], []
    for name, _, least in (str(line).partition(">=") for line in needed):
        locked = re.findall(rf"^{re.escape(name)}==([\w.]+)", lock, re.MULTILINE)
        try:
            found = version(name)
        except PackageNotFoundError:
            wrong.append(f"{name} is not installed")
            continue
        if numbers(found) < numbers(least):
            wrong.append(f"{name} {found} is older than {least}")
        elif found not in locked:
            other.append(f"{name} {found} instead of {' or '.join(locked)}")
    told = "; ".join(wrong + other) + (" (allowed; last digits may differ)" if other else "")
    return f"{len(needed)} packages", told or "as in the lock", not wrong, AGAIN


def numbers(version: str) -> tuple[int, ...]:
    """Read a version as numbers that can be compared.

    Examples
    --------
    >>> numbers("3.10.1") > numbers("3.9")
    True
    """
    return tuple(map(int, re.findall(r"\d+", version)))


def free_memory() -> float | None:
    """Return the memory that programs can have, in GB; None where the system is not Linux."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii")
        return int(re.findall(r"MemAvailable:\s+(\d+)", lines)[0]) / 1e6
    except (OSError, LookupError):
        return None


def try_writing(root: Path) -> str:
    """Say why the folder cannot be written to, by trying: what the system promises is not always so."""
    try:
        with tempfile.TemporaryFile(dir=root):
            return ""
    except OSError as error:
        return f"no: {error.strerror}"
