"""One list of packages: pyproject.toml, environment.yml and requirements.lock say the same."""

from __future__ import annotations

import re
import tomllib
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, distribution
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version
from rattler import MatchSpec

from tests.conftest import ROOT

# Names that differ between PyPI and conda-forge; the -base/-core variants leave out what a library does not need.
CONDA_NAME = {"matplotlib": "matplotlib-base", "seaborn": "seaborn-base", "nbconvert": "nbconvert-core"}


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture(scope="module")
def conda() -> dict[str, MatchSpec]:
    listed = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    specs = [MatchSpec(line) for line in listed if isinstance(line, str)]
    return {spec.name.normalized: spec for spec in specs}


@pytest.fixture(scope="module")
def locked() -> dict[str, set[Version]]:
    found: dict[str, set[Version]] = {}
    for name, version in re.findall(r"^([\w.-]+)==([\w.]+)", (ROOT / "requirements.lock").read_text(), re.MULTILINE):
        found.setdefault(name.lower(), set()).add(Version(version))
    return found


def requirements(project: dict[str, Any]) -> dict[str, Requirement]:
    lines = project["dependencies"] + project["optional-dependencies"]["formats"]
    return {requirement.name: requirement for requirement in map(Requirement, lines)}


def test_both_lists_name_the_same_packages(project: dict[str, Any], conda: dict[str, MatchSpec]) -> None:
    expected = {CONDA_NAME.get(name, name) for name in requirements(project)} | {"python", "pip"}
    assert set(conda) == expected


def test_both_lists_give_the_same_ranges(project: dict[str, Any], conda: dict[str, MatchSpec]) -> None:
    for name, requirement in requirements(project).items():
        spec = conda[CONDA_NAME.get(name, name)]
        assert str(spec.version) == str(requirement.specifier), name
    ours = {str(part) for part in Requirement("python" + project["requires-python"]).specifier}
    assert set(str(conda["python"].version).split(",")) == ours


def test_the_lock_satisfies_every_range(project: dict[str, Any], locked: dict[str, set[Version]]) -> None:
    lines = project["dependencies"] + [
        line for extra in ("formats", "test") for line in project["optional-dependencies"][extra]
    ]
    for requirement in map(Requirement, lines):
        versions = locked[requirement.name.lower()]
        assert all(version in requirement.specifier for version in versions), requirement


def test_the_lock_names_all_that_its_packages_need(locked: dict[str, set[Version]]) -> None:
    # It is installed without a resolver: that of an older pip warns of the extra that justext asks of lxml.
    names = {canonicalize_name(name) for name in locked}
    for name in names:
        with suppress(PackageNotFoundError):
            lines = distribution(name).requires or []
            needed = [one for one in map(Requirement, lines) if not one.marker or one.marker.evaluate({"extra": ""})]
            assert [one for one in needed if canonicalize_name(one.name) not in names] == [], name


def test_every_locked_package_has_hashes_and_no_address() -> None:
    text = (ROOT / "requirements.lock").read_text()
    entries = re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)[1:]
    assert len(entries) > 100
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in text


def test_python_range_agrees_with_run_py(project: dict[str, Any]) -> None:
    source = (ROOT / "run.py").read_text(encoding="utf-8")
    assert "OLDEST, NEWEST = (3, 11), (3, 13)" in source
    assert project["requires-python"] == ">=3.11,<3.14"
