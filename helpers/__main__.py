"""The commands of a user: python -m helpers report | validate | check | fetch."""

import argparse
import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

COUNTED = ("articles", "rejects", "statements", "speakers", "stance", "frames")


def report(path: Path, *, out: Path, codebook: Path | None, **choices: Any) -> None:  # noqa: ANN401 - of `analyse`
    """Analyse articles, write page and tables, and say what was found and where it is."""
    from helpers.codebook.load import find_faults
    from helpers.inputs import MissingColumnError
    from helpers.report.collect import analyse
    from helpers.report.compare import ChoiceError
    from helpers.report.files import check_target, save_report

    try:
        check_target(out, path)
        for fault in [] if codebook is None else find_faults(codebook):
            print(fault, file=sys.stderr)
        analysis = analyse(path, codebook=codebook, **choices, progress=True)
        page = save_report(analysis, out)
    except (OSError, ChoiceError, MissingColumnError) as error:
        sys.exit(str(error))
    except ValueError as error:
        if codebook is None:
            raise
        sys.exit(f"The codebook in {codebook} cannot be used: {error}. check_codebook lists every fault, as above.")
    except KeyboardInterrupt:
        sys.exit("Stopped. Nothing was written, and an earlier report is as it was.")
    print(", ".join(f"{name}: {len(analysis.tables[name]):,}" for name in COUNTED))
    print(f"Open {page.resolve()} in a browser. All tables are in {out.resolve()} as XLSX, CSV and Parquet.")


def validate(folder: Path, sheets: list[Path]) -> None:
    """Check a report by filled coding sheets, add what they say to its page, and print it."""
    from helpers.report.by_hand import validate as check_by_hand
    from helpers.report.files import load_report, save_report

    try:
        analysis = check_by_hand(load_report(folder), sheets)
        page = save_report(analysis, folder, keep=sheets)
    except (OSError, ValueError) as error:
        sys.exit(str(error))
    print(analysis.tables["agreement"].round(2).to_string(index=False))
    print(f"\n{analysis.record['validation']}\n")
    print(f"Open {page.resolve()} in a browser: it shows the corrected shares beside those counted.")


def check() -> None:
    """Print what `check_setup` found; end with an error where something is missing."""
    from helpers.check import check_setup

    checks = check_setup()
    print(checks.to_string(index=False))
    if not checks["ok"].all():
        sys.exit("\nSome checks failed: the column mend says what to do.")


def fetch(name: str | None) -> None:
    """Fetch a corpus, or list those that can be fetched."""
    from helpers.articles.corpora import fetch_corpus, list_corpora

    if name is None:
        print(list_corpora()[["name", "bytes", "licence", "address"]].to_string(index=False))
        return
    try:
        print(fetch_corpus(name))
    except (OSError, ValueError) as error:
        sys.exit(str(error))


def read_commands() -> argparse.ArgumentParser:
    """Return the reader of the command line; its names are those of the functions above, and of `analyse`."""
    parser = argparse.ArgumentParser(prog="python -m helpers", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    reporting = commands.add_parser("report", help="read your own articles and write a report")
    reporting.add_argument("path", type=Path, help="a file, a folder or an archive of articles")
    reporting.add_argument("--codebook", type=Path, help="a folder with the codebook files that you changed")
    reporting.add_argument(
        "--by",
        action="append",
        metavar="COLUMN",
        help="compare by source, year, month, country or any column of the articles; can be given several times",
    )
    reporting.add_argument(
        "--break",
        action="append",
        default=[],
        dest="breaks",
        metavar="DATE",
        help="compare before and after a date, such as 2021-08-15 or 2021; can be given several times",
    )
    reporting.add_argument("--identities", type=Path, help="identities.csv of an earlier report, corrected by hand")
    reporting.add_argument("--topics", type=Path, help="topics.csv of an earlier report, with names filled in")
    reporting.add_argument("--out", type=Path, default=Path("build/report"), help="a folder (build/report)")
    validating = commands.add_parser("validate", help="check a report by coding sheets that were filled in by hand")
    validating.add_argument("folder", type=Path, help="the folder of the report")
    validating.add_argument("sheets", type=Path, nargs="+", help="one or two filled coding sheets (XLSX)")
    commands.add_parser("check", help="is this machine ready?")
    fetching = commands.add_parser("fetch", help="fetch a corpus from its repository")
    fetching.add_argument("name", nargs="?", help="leave it out to list what there is")
    return parser


def main() -> None:
    """Read the command line and do what it asks for."""
    given = vars(read_commands().parse_args())
    for stream in (sys.stdout, sys.stderr):  # a name in other letters is no reason to stop in a plain locale
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    commands: dict[str, Callable[..., None]] = {"report": report, "validate": validate, "check": check, "fetch": fetch}
    commands[given.pop("command")](**given)


if __name__ == "__main__":
    main()
