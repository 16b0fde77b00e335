"""Measure the study of the UN General Debate, and coding on one and two cores: ``python -m tests.benchmarks.scale``.

Prints one line a measure. Needs the archive (the folder named by THREAT_TALK_SHARED, or ``shared`` beside the checkout);
Dask is measured where it is installed (``pip install .[scale]``). Every measure runs in a process of its own, because the
peak of memory is that of a process.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from tempfile import TemporaryDirectory

import joblib
import pandas as pd

from data.un_general_debate.compute import MATCH, compute_study
from helpers import code_frames, code_stance, load_articles, open_articles, save_articles, speech_statements
from helpers.articles.streams import map_rows
from tests.benchmarks.material import SHARED

ARCHIVE = SHARED / "data" / "UNGDC_1996-2024.tgz"


def usage() -> tuple[float, float, float]:
    """CPU seconds of this process and its workers, and the peak of memory of it and of its largest worker, in MB."""
    own, workers = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    seconds = own.ru_utime + own.ru_stime + workers.ru_utime + workers.ru_stime
    return seconds, own.ru_maxrss / 1e3, workers.ru_maxrss / 1e3


def path_once() -> None:
    """Load, cut into statements, code stance and frames."""
    statements = speech_statements(load_articles(ARCHIVE).articles, match=MATCH)
    rows = len(code_stance(statements)) + len(code_frames(statements))
    seconds, peak, _ = usage()
    print(
        f"load, statements, stance and frames: {len(statements)} statements, {rows} rows, {seconds:.0f} CPU s, peak {peak:.0f} MB"
    )


def study() -> None:
    """All figures of the study: reader, rules and eight other choices."""
    statements = compute_study(ARCHIVE)["statements"]
    seconds, peak, _ = usage()
    print(f"all figures of the study: {len(statements)} statements, {seconds:.0f} CPU s, peak {peak:.0f} MB")


def coding(n_jobs: int) -> None:
    """Code frames by the reader on one or two cores, as joblib or Dask runs it; the rows must be the same."""
    table = pd.read_parquet(os.environ["SCALE_STATEMENTS"])
    whole = pd.read_parquet(os.environ["SCALE_FRAMES"])
    map_rows(code_frames, table.head(200), n_jobs=n_jobs)  # workers start once
    start = time.perf_counter()
    same = map_rows(code_frames, table, n_jobs=n_jobs).equals(whole)
    wall = time.perf_counter() - start
    joblib.externals.loky.get_reusable_executor().shutdown(wait=True)
    _, peak, worker = usage()
    told = f", largest worker {worker:.0f} MB" if n_jobs > 1 else ""
    print(f"frames by the reader, {n_jobs} processes: {wall:.0f} s, peak {peak:.0f} MB{told}, same rows {same}")


def dask(n_jobs: int) -> None:
    """Do the same on a local Dask cluster."""
    from distributed import Client, LocalCluster

    table, whole = (pd.read_parquet(os.environ[name]) for name in ("SCALE_STATEMENTS", "SCALE_FRAMES"))
    with (
        LocalCluster(n_workers=n_jobs, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster),
        joblib.parallel_config("dask"),
    ):
        map_rows(code_frames, table.head(200))
        start = time.perf_counter()
        same = map_rows(code_frames, table).equals(whole)
        wall = time.perf_counter() - start
    print(f"the same on a local Dask cluster, {n_jobs} workers: {wall:.0f} s, same rows {same}")


def streaming() -> None:
    """Go through Parquet: one part in memory at a time."""
    with TemporaryDirectory() as folder:
        saved = save_articles(ARCHIVE, folder)
        rows = sum(len(speech_statements(part.articles, match=MATCH)) for part in open_articles(folder))
    seconds, peak, _ = usage()
    print(f"through Parquet: {saved['articles']} speeches, {rows} statements, {seconds:.0f} CPU s, peak {peak:.0f} MB")


def alone(call: str, **variables: str) -> None:
    """Run one measure in a process of its own."""
    command = [sys.executable, "-c", f"from tests.benchmarks import scale; scale.{call}"]
    done = subprocess.run(  # noqa: S603 - our own code
        command, env={**os.environ, **variables}, check=True, capture_output=True, text=True
    )
    print(done.stdout, end="", flush=True)


def main() -> None:
    """Run every measure."""
    if not ARCHIVE.is_file():
        sys.exit(f"no archive at {ARCHIVE}")
    busy = os.getloadavg()[0]
    for call in ("path_once()", "study()", "streaming()"):
        alone(call)
    with TemporaryDirectory() as folder:
        files = {"SCALE_STATEMENTS": f"{folder}/statements.parquet", "SCALE_FRAMES": f"{folder}/frames.parquet"}
        statements = speech_statements(load_articles(ARCHIVE).articles, match=MATCH)
        table = statements[["statement_id", "content", "speaker_country"]]
        table.to_parquet(files["SCALE_STATEMENTS"])
        table = pd.read_parquet(files["SCALE_STATEMENTS"])
        code_frames(table).to_parquet(files["SCALE_FRAMES"])
        for call in ("coding(1)", "coding(2)"):
            alone(call, **files)
        try:
            import distributed  # noqa: F401 - is it there?
        except ImportError:
            print("Dask is not installed here")
        else:
            alone("dask(2)", **files)
    print(f"{os.cpu_count()} cores; other processes kept {busy:.1f} of them busy when this began")


if __name__ == "__main__":
    main()
