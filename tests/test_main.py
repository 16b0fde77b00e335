"""The command line: plain words in, plain sentences out."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

from helpers.__main__ import main

if TYPE_CHECKING:
    from pathlib import Path


def call(monkeypatch: pytest.MonkeyPatch, *words: str) -> None:
    monkeypatch.setattr(sys, "argv", ["helpers", *words])
    main()


def test_report_writes_a_page_and_says_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "talks.txt").write_text(
        "Talks resume in Herat\n\n“We want talks,” said envoy Parwin Zhwandai.\n", encoding="utf-8"
    )
    call(monkeypatch, "report", str(tmp_path / "talks.txt"), "--out", str(tmp_path / "out"))
    printed = capsys.readouterr().out
    assert "articles: 1, rejects: 0, statements: 1, speakers: 1" in printed
    assert (tmp_path / "out" / "report.html").is_file()


def test_a_column_that_is_not_there_is_a_sentence_with_those_there_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "talks.txt").write_text("Talks resume\n\n“We condemn the Taliban,” the envoy said.\n", encoding="utf-8")
    with pytest.raises(SystemExit, match=r"'outlet'.*source"):
        call(monkeypatch, "report", str(tmp_path / "talks.txt"), "--by", "outlet", "--out", str(tmp_path / "out"))
    call(
        monkeypatch,
        "report",
        str(tmp_path / "talks.txt"),
        "--by",
        "country",
        "--break",
        "2021",
        "--out",
        str(tmp_path / "out"),
    )
    record = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    assert (record["by"], record["breaks"]) == (["country", "period"], ["2021"])


def test_a_missing_folder_is_a_sentence_not_a_traceback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SystemExit, match="nowhere"):
        call(monkeypatch, "report", str(tmp_path / "nowhere"))


def test_fetch_without_a_name_lists_the_corpora(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    call(monkeypatch, "fetch")
    assert "un_general_debate" in capsys.readouterr().out


def test_an_unknown_corpus_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SystemExit, match="nonsense"):
        call(monkeypatch, "fetch", "nonsense")


def test_check_prints_every_check(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    call(monkeypatch, "check")
    printed = capsys.readouterr().out
    assert all(check in printed for check in ("Python", "packages", "data", "disk", "written to"))
