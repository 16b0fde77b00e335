#!/usr/bin/env python3
"""Threat Talk from a bare machine: make the environment, run the lessons, run the checks.

python3 run.py                 make the environment, run every notebook, write build/index.html
python3 run.py test            run all checks: ruff, mypy, pytest, and the notebooks against their committed outputs
python3 run.py lab             open the notebooks in JupyterLab
python3 run.py report FOLDER   read your own articles and write a report
                               [--by COLUMN] [--break DATE] [--codebook FOLDER] [--out FOLDER]
                               [--identities FILE] [--topics FILE]
python3 run.py validate REPORT SHEET   check a report by a coding sheet that you filled in  [SECOND_SHEET]

Needs nothing but Python 3.11, 3.12 or 3.13. The first start needs the internet, or the packages in the folder wheels
(see notebooks/teaching/offline.md); later ones do not.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
LOCK = ROOT / "requirements.lock"
ENVIRONMENT = ROOT / ".venv"
STAMP = ENVIRONMENT / "installed.txt"
WHEELS = ROOT / "wheels"
OLDEST, NEWEST = (3, 11), (3, 13)
LAB = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/notebook-extension:tracker": {"codeCellConfig": {"lineWrap": True}},
}


def stop(sentence):
    """End with a plain sentence instead of a traceback."""
    print("\n" + sentence, file=sys.stderr)
    sys.exit(1)


def version():
    """Return this Python's version in two numbers."""
    return ".".join(map(str, sys.version_info[:2]))


def check_python():
    """Stop where this Python is too old or too new for the pinned packages."""
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        stop(
            f"Threat Talk needs Python 3.11, 3.12 or 3.13; this is Python {version()} ({sys.executable}).\n"
            "Install one of them from python.org and start again with it, for example: python3.13 run.py"
        )


def environment_python():
    """Return the path of the environment's Python on this system."""
    folder, name = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    return str(ENVIRONMENT / folder / name)


def wanted():
    """Describe what must be installed: the lock, for this Python, with the package from this folder."""
    return f"{hashlib.sha256(LOCK.read_bytes()).hexdigest()} python {version()} in {ROOT}\n"


def installed():
    """Return what the environment says was installed, or nothing."""
    return STAMP.read_text(encoding="utf-8") if STAMP.is_file() else ""


def install():
    """Make the pinned environment, or say in a sentence why that failed and what to do."""
    if installed() == wanted() and Path(environment_python()).exists():
        return
    if not os.access(ROOT, os.W_OK):
        stop(f"The folder {ROOT} cannot be written to. Copy it to a folder of your own and start again.")
    if shutil.disk_usage(ROOT).free < 2 * 10**9:
        stop(f"Less than 2 GB are free on the disk of {ROOT}, and the packages need about 1.2 GB. Free some space.")
    print("Making the environment in .venv (once; two to five minutes, about 1.2 GB) ...", flush=True)
    step(
        [sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)],
        "Python could not make an environment. On Debian or Ubuntu: sudo apt install python3-venv. Then start again.",
    )
    pip = [environment_python(), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    offline = (
        "The packages could not be installed. Is there an internet connection, and does a firewall let pip through?\n"
        "The lines above name the package. Nothing outside .venv was changed; start again to try once more.\n"
        "Without internet, see 'A classroom without internet' in the README."
    )
    if WHEELS.is_dir():  # a classroom without internet
        pip += ["--no-index", "--find-links", str(WHEELS)]
        offline = (
            f"The packages could not be installed from {WHEELS}. Fill this folder again on the same system\n"
            "and with the same Python (see notebooks/teaching/offline.md), or delete it to install from the internet."
        )
    # The lock names every package, so nothing is left to resolve, and pip has nothing to warn of.
    step([*pip, "--no-deps", "--require-hashes", "--requirement", str(LOCK)], offline)
    step([*pip, "--no-deps", "--editable", str(ROOT)], offline)
    STAMP.write_text(wanted(), encoding="utf-8")


def step(command, failure):
    """Run one command of the installation; stop with `failure` where it does not end well."""
    try:
        if subprocess.call(command, cwd=ROOT) != 0:
            stop(failure)
    except OSError as error:
        stop(f"{failure}\n({error})")


def call(*arguments, folder=None):
    """Run the environment's Python, in the folder where the user is or in another one, and return its exit code."""
    # One BLAS thread and the Agg canvas: recomputed outputs agree between machines.
    fixed = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MPLBACKEND": "Agg", "PYTHONUTF8": "1"}
    return subprocess.call([environment_python(), *arguments], env={**os.environ, **fixed}, cwd=folder)


def build():
    """Run all notebooks and say where their pages are."""
    code = call("-m", "notebooks.building", "build", str(ROOT / "build"), folder=ROOT)
    if code == 0:
        print(f"\nOpen {ROOT / 'build' / 'index.html'} in a browser.")
        print("To change and rerun the notebooks yourself: python3 run.py lab")
    return code


def lab():
    """Open JupyterLab on the lessons: long lines are wrapped, and nobody is asked for news or updates."""
    settings = ENVIRONMENT / "share" / "jupyter" / "lab" / "settings"
    settings.mkdir(parents=True, exist_ok=True)
    (settings / "overrides.json").write_text(json.dumps(LAB), encoding="utf-8")
    silent = ["--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate", "--LabApp.news_url=None"]
    hidden = "--ContentsManager.hide_globs=['building', '__pycache__']"  # students need not see how lessons are made
    return call("-m", "jupyterlab", f"--notebook-dir={ROOT / 'notebooks'}", hidden, *silent)


def test():
    """Run every check, also after one has failed, and say at the end which did."""
    os.chdir(ROOT)
    checks = {
        "ruff (lint)": ("-m", "ruff", "check", "."),
        "ruff (format)": ("-m", "ruff", "format", "--check", "."),
        "mypy": ("-m", "mypy"),
        "pytest": ("-m", "pytest"),
    }
    failed = []
    for name, arguments in checks.items():
        print(f"\n--- {name}", flush=True)
        if call(*arguments) != 0:
            failed.append(name)
    print("\nAll checks passed." if not failed else f"\nFailed: {', '.join(failed)}. The lines above say where.")
    return 1 if failed else 0


def main(arguments):
    """Do what the first word asks for."""
    check_python()
    command = arguments[0] if arguments else "build"
    if command in ("-h", "--help"):
        print(__doc__)
        return 0
    if command not in ("build", "test", "lab", "report", "validate"):
        stop(
            f"run.py does not know {command!r}. It knows: build (the default), test, lab, report FOLDER,\n"
            "validate REPORT SHEET."
        )
    install()
    if command == "build":
        return build()
    if command == "test":
        return test()
    if command == "lab":
        return lab()
    return call("-m", "helpers", *arguments)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        stop("Stopped. Start again at any time: what is finished is kept.")
