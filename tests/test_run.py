"""run.py says in plain sentences what is wrong, and does not install twice."""

from __future__ import annotations

import inspect
import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import run
from helpers.__main__ import read_commands

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that looks like a fresh checkout; nothing is really installed from it."""
    (tmp_path / "requirements.lock").write_text("pandas==3\n", encoding="utf-8")
    for name, value in {
        "ROOT": tmp_path,
        "LOCK": tmp_path / "requirements.lock",
        "ENVIRONMENT": tmp_path / ".venv",
        "STAMP": tmp_path / ".venv" / "installed.txt",
        "WHEELS": tmp_path / "wheels",
    }.items():
        monkeypatch.setattr(run, name, value)
    return tmp_path


@pytest.mark.parametrize("version", [(3, 8, 1), (3, 10, 9), (3, 14, 0)])
def test_a_python_out_of_range_is_told_what_to_install(
    version: tuple[int, int, int], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", version)
    with pytest.raises(SystemExit) as stopped:
        run.main([])
    assert stopped.value.code == 1
    told = capsys.readouterr().err
    assert f"this is Python {version[0]}.{version[1]}" in told
    assert "3.11, 3.12 or 3.13" in told


def test_an_unknown_word_is_answered_with_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run.main(["tset"])
    assert "'tset'" in (told := capsys.readouterr().err)
    assert "report FOLDER" in told


def test_the_second_start_installs_nothing(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[list[str]] = []
    monkeypatch.setattr(subprocess, "call", lambda command, **_: commands.append(command) or 0)
    python = bare / ".venv" / ("Scripts/python.exe" if run.os.name == "nt" else "bin/python")
    python.parent.mkdir(parents=True)
    python.touch()
    run.install()
    assert len(commands) == 3
    assert {"--require-hashes", "--no-deps"} <= set(commands[1])
    run.install()
    assert len(commands) == 3


def test_a_folder_of_wheels_replaces_the_internet(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[list[str]] = []
    monkeypatch.setattr(subprocess, "call", lambda command, **_: commands.append(command) or 0)
    (bare / ".venv").mkdir()
    run.install()
    assert not any("--no-index" in command for command in commands)
    (bare / ".venv" / "installed.txt").unlink()
    (bare / "wheels").mkdir()
    commands.clear()
    run.install()
    installing = [command for command in commands if "pip" in command]
    assert len(installing) == 2
    for command in installing:
        assert "--no-index" in command
        assert command[command.index("--find-links") + 1] == str(bare / "wheels")
    assert run.installed() == run.wanted()


def test_wheels_that_do_not_fit_are_explained(
    bare: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (bare / "wheels").mkdir()
    monkeypatch.setattr(subprocess, "call", lambda command, **_: int("pip" in command))
    with pytest.raises(SystemExit):
        run.install()
    assert str(bare / "wheels") in capsys.readouterr().err
    assert run.installed() == ""


def test_the_help_names_every_option_of_the_report(capsys: pytest.CaptureFixture[str]) -> None:
    assert run.main(["--help"]) == 0
    told = capsys.readouterr().out
    source = inspect.getsource(read_commands).partition("validating =")[0]
    options = re.findall(r'"(--[a-z]+)"', source)
    assert len(options) > 5
    assert [option for option in options if option not in told] == []


def test_a_changed_lock_is_installed_again(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "call", lambda *_, **__: 0)
    (bare / ".venv").mkdir()
    run.install()
    assert run.installed() == run.wanted()
    (bare / "requirements.lock").write_text("pandas==3.1\n", encoding="utf-8")
    assert run.installed() != run.wanted()


@pytest.mark.usefixtures("bare")
def test_a_failed_download_is_explained_and_leaves_no_stamp(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(subprocess, "call", lambda command, **_: int("pip" in command))
    with pytest.raises(SystemExit):
        run.install()
    assert "internet connection" in capsys.readouterr().err
    assert run.installed() == ""


@pytest.mark.usefixtures("bare")
def test_a_folder_without_write_access_is_explained(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run.os, "access", lambda *_: False)
    with pytest.raises(SystemExit):
        run.install()
    assert "cannot be written to" in capsys.readouterr().err


@pytest.mark.usefixtures("bare")
def test_a_missing_venv_module_is_explained(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(subprocess, "call", lambda *_, **__: 1)
    with pytest.raises(SystemExit):
        run.install()
    assert "python3-venv" in capsys.readouterr().err


def test_the_lab_asks_nobody_for_news_and_wraps_long_lines(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[tuple[str, ...]] = []
    monkeypatch.setattr(run, "call", lambda *arguments: called.append(arguments) or 0)
    assert run.lab() == 0
    assert called[0][:2] == ("-m", "jupyterlab")
    (settings,) = (bare / ".venv").rglob("overrides.json")
    told = json.loads(settings.read_text(encoding="utf-8"))
    assert told["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"
    assert told["@jupyterlab/notebook-extension:tracker"]["codeCellConfig"]["lineWrap"] is True
