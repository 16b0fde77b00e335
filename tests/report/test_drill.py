"""Fault drill: whatever breaks while a report is made, nothing is lost and a sentence says what to do."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers import code_frames, code_stance, extract_statements, locate
from helpers.report import files as report_files
from helpers.report.collect import Analysis, analyse
from helpers.report.files import save_report
from helpers.report.page import mark, render_page
from helpers.statements import extract
from tests.conftest import ROOT

SAID = "Talks resume in {}\n\nHERAT: “We want talks, not another war,” said envoy Parwin Zhwandai on {}.\n"


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("articles")
    for day in ("Sunday", "Monday"):
        (folder / f"{day}.txt").write_text(SAID.format("Herat", day), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def analysis(articles: Path) -> Analysis:
    return analyse(articles)


def command(*words: str | Path) -> list[str]:
    return [sys.executable, "-m", "helpers", "report", *map(str, words)]


def surroundings(**more: str) -> dict[str, str]:
    fixed = {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MPLBACKEND": "Agg"}
    return {**os.environ, **fixed, **more}


def changed(code: str, articles: Path, out: str | Path) -> list[str]:
    """Return a command that makes a report after some code has run."""
    words = ["helpers", "report", str(articles), "--out", str(out)]
    return [sys.executable, "-c", f"import sys; sys.argv = {words!r}\n{code}from helpers.__main__ import main; main()"]


def start(command: list[str], **options: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(command, env=surroundings(), text=True, **options)  # noqa: S603 - this project's own commands


def report(*words: str | Path, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - this project's own commands
        command(*words),
        cwd=cwd,
        env=surroundings(**more),
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )


def whole(folder: Path) -> bool:
    """Tell whether a folder holds a report whose every file is as its record says."""
    return (folder / "report.html").is_file() and not report_files.foreign_files(folder)


def test_a_run_killed_before_its_end_leaves_the_earlier_report_and_no_half_page(
    articles: Path, analysis: Analysis, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    save_report(analysis, out)
    before = (out / "run.json").read_bytes()
    # The page is written last but for the record: a run that hangs there has all tables written and is not done.
    stall = "import time, helpers.report.files as f; f.render_page = lambda *a, **k: (print('here', flush=True), time.sleep(600))\n"
    process = start(changed(stall, articles, out), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdout is not None
    assert process.stdout.readline() == "here\n"
    process.kill()
    process.communicate()
    assert whole(out)
    assert (out / "run.json").read_bytes() == before
    left = list(tmp_path.glob("out-unfinished-*"))
    assert len(left) == 1
    assert (left[0] / "new" / "statements.csv").is_file()
    assert not list(tmp_path.glob("*/report.html")) or [path.parent for path in tmp_path.glob("*/report.html")] == [out]
    save_report(analysis, out)
    assert whole(out)


def test_a_full_disk_ends_in_a_sentence_and_the_earlier_report_stays(
    analysis: Analysis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    save_report(analysis, out)
    real, written = report_files.pd.DataFrame.to_csv, []

    def full(table: pd.DataFrame, path: Path, **options: object) -> None:
        real(table, path, **options)
        written.append(path)
        if len(written) == 3:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(report_files.pd.DataFrame, "to_csv", full)
    with pytest.raises(OSError, match=r"No space left on device.*Make room.*not touched"):
        save_report(analysis, out)
    assert whole(out)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.skipif(sys.platform != "linux", reason="limits the size of files as Linux does")
def test_a_disk_that_takes_no_more_is_a_sentence_from_the_command_line_too(articles: Path, tmp_path: Path) -> None:
    limited = "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000))\n"
    process = start(changed(limited, articles, "out"), cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    told = process.communicate()[1]
    assert process.returncode == 1
    assert "File too large. Make room" in told
    assert "Traceback" not in told
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_to_is_told_before_the_work(
    articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "mkdir", lambda *_, **__: (_ for _ in ()).throw(PermissionError(13, "Permission denied")))
    with pytest.raises(OSError, match=r"Permission denied.*--out a folder of your own"):
        report_files.check_target(tmp_path / "out", articles)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the administrator may write everywhere")
def test_a_read_only_folder_is_told_from_the_command_line(articles: Path, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    done = report(articles, "--out", tmp_path / "out", cwd=articles)
    tmp_path.chmod(0o700)
    assert done.returncode == 1
    assert "Permission denied" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_page_of_yours_is_not_overwritten(analysis: Analysis, tmp_path: Path) -> None:
    page = tmp_path / "index.html"
    page.write_text("my own page", encoding="utf-8")
    with pytest.raises(FileExistsError, match=r"index.html is a file, and it was not touched: give --out a folder"):
        save_report(analysis, page)
    assert page.read_text(encoding="utf-8") == "my own page"
    assert list(tmp_path.iterdir()) == [page]
    with pytest.raises(NotADirectoryError, match=r"other.html is the name of a page: give --out a folder"):
        save_report(analysis, tmp_path / "other.html")


@pytest.mark.skipif(os.name == "nt", reason="links need a right of their own there")
def test_a_link_as_target_stays_a_link(analysis: Analysis, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    folder = tmp_path / "folder"
    folder.symlink_to(tmp_path / "elsewhere" / "report", target_is_directory=True)
    for _ in range(2):
        assert save_report(analysis, folder) == folder / "report.html"
    assert folder.is_symlink()
    assert whole(folder)
    assert [path.name for path in (tmp_path / "elsewhere").iterdir()] == ["report"]


def test_nothing_of_yours_in_the_folder_is_touched(analysis: Analysis, tmp_path: Path) -> None:
    out = tmp_path / "out"
    save_report(analysis, out)
    (out / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(FileExistsError, match=r"'notes.txt'.*Nothing was touched"):
        save_report(analysis, out)
    (out / "notes.txt").unlink()
    (out / "statements.csv").write_text("my own codes", encoding="utf-8")
    with pytest.raises(FileExistsError, match=r"'statements.csv'"):
        save_report(analysis, out)
    assert (out / "statements.csv").read_text(encoding="utf-8") == "my own codes"


def test_a_report_is_not_written_among_the_articles(articles: Path, tmp_path: Path) -> None:
    done = report(".", cwd=articles)
    assert done.returncode == 1
    assert "among the articles" in done.stderr
    assert sorted(path.name for path in articles.iterdir()) == ["Monday.txt", "Sunday.txt"]
    assert not list(tmp_path.iterdir())


def test_broken_files_among_many_are_listed_and_the_rest_is_read(tmp_path: Path) -> None:
    broken = {
        "a.docx": b"PK\x03\x04 cut",
        "b.txt": b"",
        "c.jsonl": b'{"text": "half',
        "d.pdf": b"%PDF-1.7 no more",
        "e.zip": b"PK\x03\x04",
    }
    for i in range(95):
        (tmp_path / f"{i:03}.txt").write_text(SAID.format(f"town {i}", f"day {i}"), encoding="utf-8")
    for name, content in broken.items():
        (tmp_path / name).write_bytes(content)
    tables = analyse(tmp_path).tables
    assert len(tables["articles"]) == 95
    assert set(tables["rejects"]["path"]) == set(broken)
    assert tables["rejects"]["reason"].str.len().gt(10).all()
    assert tables["statements"]["doc_id"].nunique() == 95


def test_an_article_in_which_reading_fails_is_listed_and_the_rest_is_read(
    articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = extract.find_attributions

    def fails_on_monday(text: str, *given: Any) -> Any:
        if "Monday" in text:
            raise RecursionError("too deep")
        return found(text, *given)

    monkeypatch.setattr(extract, "find_attributions", fails_on_monday)
    tables = analyse(articles).tables
    assert tables["articles"]["path"].tolist() == ["Sunday.txt"]
    assert tables["rejects"]["path"].tolist() == ["Monday.txt"]
    assert "article 'Monday.txt' cannot be read (RecursionError: too deep)" in tables["rejects"]["reason"].iloc[0]
    assert set(tables["statements"]["doc_id"]) == {"Sunday.txt"}


def test_two_runs_at_once_leave_one_whole_report(articles: Path, tmp_path: Path) -> None:
    runs = [
        start(command(articles, "--out", "out"), cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    told = [run.communicate()[1] for run in runs]
    assert [run.returncode for run in runs] == [0, 0], told
    assert whole(tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_run_that_meets_another_at_the_last_step_comes_after_it(
    analysis: Analysis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, real, met = tmp_path / "out", Path.rename, []

    def rename(path: Path, target: Path) -> Path:
        if target == out and not met:
            met.append(path)
            save_report(analysis, out)
        return real(path, target)

    monkeypatch.setattr(Path, "rename", rename)
    save_report(analysis, out)
    assert met
    assert whole(out)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_damaged_record_is_not_trusted(analysis: Analysis, tmp_path: Path) -> None:
    out = tmp_path / "out"
    save_report(analysis, out)
    for damage in ("", "{", '{"files": 3}', json.dumps({"files": {"report.html": None}})):
        (out / "run.json").write_text(damage, encoding="utf-8")
        with pytest.raises(FileExistsError, match="no earlier report wrote"):
            save_report(analysis, out)
    assert (out / "report.html").is_file()


def test_a_wrong_clock_changes_nothing(articles: Path, analysis: Analysis, monkeypatch: pytest.MonkeyPatch) -> None:
    page = render_page(analysis)
    for now in (0.0, 4e9):
        monkeypatch.setattr(time, "time", lambda now=now: now)
        again = analyse(articles)
        assert again.record == analysis.record
        assert render_page(again) == page


def test_names_with_blanks_and_other_letters_in_a_plain_locale(tmp_path: Path) -> None:
    folder = tmp_path / "مقاله ها و سخنان"
    folder.mkdir()
    (folder / "گزارش نخست.txt").write_text(SAID.format("Herat", "Sunday"), encoding="utf-8")
    out = tmp_path / "отчёт 1"
    done = report(
        folder,
        "--out",
        out,
        cwd=tmp_path,
        LC_ALL="C",
        LANG="C",
        PYTHONUTF8="0",
        PYTHONCOERCECLOCALE="0",
        PYTHONIOENCODING="ascii",
    )
    assert done.returncode == 0, done.stderr
    assert whole(out)
    assert "گزارش نخست.txt" in (out / "report.html").read_text(encoding="utf-8")
    assert pd.read_parquet(out / "articles.parquet")["path"].tolist() == ["گزارش نخست.txt"]


def test_a_codebook_that_cannot_be_read_is_a_sentence(articles: Path, tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "stance.toml").write_text("[targets.rebels\n", encoding="utf-8")
    done = report(articles, "--codebook", tmp_path / "own", "--out", tmp_path / "out", cwd=tmp_path)
    assert done.returncode == 1
    assert re.search(r"stance\.toml.*cannot be read.*check_codebook", done.stderr, re.DOTALL)
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_report_asks_no_network(articles: Path, analysis: Analysis, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*words: object, **_: object) -> None:
        raise AssertionError(f"a report went to the network: {words}")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert render_page(analyse(articles)) == render_page(analysis)


MARKS = ["''", *"“”‘’«»…[)—:.İ中😀\u0301\u2028\u202e\x00"]
WORDS = " said| according to| added that| he| Minister Noor Wali| the Taliban| a threat to| condemns| peace talks|\n\n"
PIECES = st.sampled_from([*MARKS, *WORDS.split("|")])


@given(st.lists(st.lists(st.one_of(PIECES, st.text(max_size=6)), max_size=40).map("".join), min_size=1, max_size=2))
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_odd_text_breaks_no_offset_and_no_page(texts: list[str]) -> None:
    articles = pd.DataFrame({"doc_id": [f"d{i}" for i in range(len(texts))], "text": texts})
    statements = extract_statements(articles)
    content = dict(zip(statements["statement_id"], statements["content"], strict=True))
    for row in statements.to_dict("records"):
        text = texts[int(row["doc_id"][1:])]
        assert " ".join(text[a:b] for a, b in row["spans"]) == row["content"]
        for part in ("speaker", "cue"):
            if pd.notna(row[part]):
                assert text[row[f"{part}_start"] : row[f"{part}_end"]] == row[part]
    stance, frames = code_stance(statements), code_frames(statements)
    for table, column in ((stance, "target_text"), (frames, "text")):
        for row in table.dropna(subset=["content_start"]).to_dict("records"):
            assert content[row["statement_id"]][row["content_start"] : row["content_end"]] == row[column]
            assert mark(content[row["statement_id"]], [(row["content_start"], row["content_end"], "word")])
        located = locate(table, statements).dropna(subset=["start"])
        assert (located["start"] < located["end"]).all()


@pytest.mark.skipif(os.name == "nt", reason="sends the signal of Ctrl + C as Unix does")
def test_a_run_stopped_by_hand_is_a_sentence(articles: Path, tmp_path: Path) -> None:
    stall = "import time, helpers.report.collect as r; r.load_articles = lambda *a, **k: (print('here', flush=True), time.sleep(600))\n"
    # A shell that starts the tests in the background lets its children ignore Ctrl + C: here it counts again.
    stall = f"import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n{stall}"
    process = start(changed(stall, articles, "out"), cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == "here\n"
    process.send_signal(signal.SIGINT)
    assert "Stopped" in process.communicate()[1]
    assert list(tmp_path.iterdir()) == []
